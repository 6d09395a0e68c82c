// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4.
// heads=2 headDim=8
// Hash 50fa2eef59098431 of all below. Made by a compiler: change the spec, not this file.

struct Launch {
  batch: i32,
  queries: i32,
  keys: i32,
  rows: i32,
  minus_infinity: u32,
  q_offset: i32,
  q_stride_0: i32,
  q_stride_1: i32,
  q_stride_2: i32,
  k_offset: i32,
  k_stride_0: i32,
  k_stride_1: i32,
  k_stride_2: i32,
  v_offset: i32,
  v_stride_0: i32,
  v_stride_1: i32,
  v_stride_2: i32,
  out_offset: i32,
  out_stride_0: i32,
  out_stride_1: i32,
  out_stride_2: i32,
  lse_offset: i32,
  lse_stride_0: i32,
  lse_stride_1: i32,
}
@group(0) @binding(0) var<uniform> launch: Launch;

@group(0) @binding(1) var<storage, read> q_data: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k_data: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v_data: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> lse_data: array<f32>;

fn infinity() -> f32 {
  return f32(-bitcast<f32>(launch.minus_infinity));
}

fn not_a_number() -> f32 {
  return f32(bitcast<f32>(launch.minus_infinity | 0x7fc00000u));
}

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & u32(0x7fffffffu)) > u32(0x7f800000u);
}

fn maximum(x: f32, y: f32) -> f32 {
  let equal = bitcast<f32>(bitcast<u32>(x) & bitcast<u32>(y));
  return select(select(select(x, y, x < y), equal, x == y), y, is_nan(y));
}

fn logarithm_near_one(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let t = s * s;
  let tail = t * (0.14285715 + t * (0.11111111 + t * 0.09090909));
  let series = 2.0 * s * (1.0 + t * (0.33333334 + t * (0.2 + tail)));
  return select(series, x, abs(x) < f32(1e-8));
}

fn logarithm(x: f32) -> f32 {
  let is_tiny = abs(x) < f32(1.1754944e-38);
  let scaled = select(x, x * 16777216.0, is_tiny);
  let bits = bitcast<u32>(scaled);
  let far = log(scaled) - select(f32(0.0), f32(16.635532), is_tiny);
  let near = logarithm_near_one(x - 1.0);
  let value = select(far, near, abs(x - 1.0) < f32(0.25));
  let positive = select(value, x, bits >= u32(0x7f800000u));
  let real = select(positive, not_a_number(), bits > u32(0x7f800000u));
  return select(real, -infinity(), (bits & u32(0x7fffffffu)) == u32(0u));
}

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), bitcast<u32>(x) == u32(0xff800000u));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), bitcast<vec4u>(x) == vec4u(0xff800000u));
}

fn load_q(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  let at_2 = x_2 - (launch.keys - launch.queries);
  var loaded = vec4f();
  if (u32(at_2) < u32(launch.queries) && u32(x_3) < 2u) {
    loaded = q_data[launch.q_offset + x_0 * launch.q_stride_0 + x_1 * launch.q_stride_1 + at_2 * launch.q_stride_2 + x_3];
  }
  return loaded;
}

fn load_k(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  var loaded = vec4f();
  if (u32(x_2) < u32(launch.keys) && u32(x_3) < 2u) {
    loaded = k_data[launch.k_offset + x_0 * launch.k_stride_0 + x_1 * launch.k_stride_1 + x_2 * launch.k_stride_2 + x_3];
  }
  return loaded;
}

fn load_v(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  var loaded = vec4f();
  if (u32(x_2) < u32(launch.keys) && u32(x_3) < 2u) {
    loaded = v_data[launch.v_offset + x_0 * launch.v_stride_0 + x_1 * launch.v_stride_1 + x_2 * launch.v_stride_2 + x_3];
  }
  return loaded;
}

fn store_out(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: vec4f) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows) && u32(x_3) < 2u) {
    out_data[launch.out_offset + x_0 * launch.out_stride_0 + x_1 * launch.out_stride_1 + at_2 * launch.out_stride_2 + x_3] = value;
  }
}

fn store_lse(x_0: i32, x_1: i32, x_2: i32, value: f32) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows)) {
    lse_data[launch.lse_offset + x_0 * launch.lse_stride_0 + x_1 * launch.lse_stride_1 + at_2] = value;
  }
}

var<workgroup> causal_arena: array<vec4f, 384>;

@compute @workgroup_size(32)
fn causal(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks_1 = (launch.keys - (launch.keys - launch.rows) + 31) / 32;
  let block_2 = block % blocks_1;
  let block_3 = block / blocks_1;
  let I_4 = block_2 * 32 + (launch.keys - launch.rows);
  let block_5 = block_3 % 2;
  let block_6 = block_3 / 2;
  if (block_6 >= launch.batch) {
    return;
  }
  var carried_27 = vec4f(0.0);
  var carried_28 = vec4f(0.0);
  var carried_29 = vec4f(0.0);
  var carried_30 = vec4f(0.0);
  var carried_19 = bitcast<f32>(launch.minus_infinity);
  var carried_20 = bitcast<f32>(launch.minus_infinity);
  var carried_21 = bitcast<f32>(launch.minus_infinity);
  var carried_22 = bitcast<f32>(launch.minus_infinity);
  var carried_23 = 0.0;
  var carried_24 = 0.0;
  var carried_25 = 0.0;
  var carried_26 = 0.0;
  for (var n_31 = thread; n_31 < 64; n_31 += 32) {
    let line_32 = n_31 / 2;
    let vector_33 = n_31 % 2;
    let at_34 = I_4 + line_32;
    causal_arena[n_31] = load_q(block_6, block_5, at_34, vector_33);
  }
  let end_35 = min(launch.keys, I_4 + 32);
  for (var J_36 = 0; J_36 < end_35; J_36 += 32) {
    let is_full_37 = (J_36 + 31 - I_4 <= 0) && (J_36 + 31 - launch.keys < 0);
    let is_empty_38 = (J_36 - (I_4 + 31) > 0) || (J_36 - launch.keys >= 0);
    var chosen_39 = carried_19;
    var chosen_40 = carried_20;
    var chosen_41 = carried_21;
    var chosen_42 = carried_22;
    var chosen_47 = carried_27;
    var chosen_48 = carried_28;
    var chosen_49 = carried_29;
    var chosen_50 = carried_30;
    if (!is_empty_38) {
      var product_51 = vec4f(0.0);
      var product_52 = vec4f(0.0);
      var product_53 = vec4f(0.0);
      var product_54 = vec4f(0.0);
      var product_55 = vec4f(0.0);
      var product_56 = vec4f(0.0);
      var product_57 = vec4f(0.0);
      var product_58 = vec4f(0.0);
      workgroupBarrier();
      for (var n_60 = thread; n_60 < 64; n_60 += 32) {
        let line_61 = n_60 / 2;
        let vector_62 = n_60 % 2;
        let at_63 = J_36 + line_61;
        causal_arena[n_60 + (line_61 >> 2u) + 64] = load_k(block_6, block_5, at_63, vector_62);
      }
      workgroupBarrier();
      let row_65 = thread_row * 4;
      let left_66 = row_65 * 2;
      let right_67 = thread_column * 9;
      for (var k_64 = 0; k_64 < 2; k_64++) {
        let right_68 = causal_arena[right_67 + k_64 + 64];
        let right_69 = causal_arena[right_67 + k_64 + 66];
        let right_70 = causal_arena[right_67 + k_64 + 68];
        let right_71 = causal_arena[right_67 + k_64 + 70];
        let right_72 = causal_arena[right_67 + k_64 + 100];
        let right_73 = causal_arena[right_67 + k_64 + 102];
        let right_74 = causal_arena[right_67 + k_64 + 104];
        let right_75 = causal_arena[right_67 + k_64 + 106];
        let left_76 = causal_arena[left_66 + k_64];
        product_51 += vec4f(dot(left_76, right_68), dot(left_76, right_69), dot(left_76, right_70), dot(left_76, right_71));
        product_52 += vec4f(dot(left_76, right_72), dot(left_76, right_73), dot(left_76, right_74), dot(left_76, right_75));
        let left_77 = causal_arena[left_66 + k_64 + 2];
        product_53 += vec4f(dot(left_77, right_68), dot(left_77, right_69), dot(left_77, right_70), dot(left_77, right_71));
        product_54 += vec4f(dot(left_77, right_72), dot(left_77, right_73), dot(left_77, right_74), dot(left_77, right_75));
        let left_78 = causal_arena[left_66 + k_64 + 4];
        product_55 += vec4f(dot(left_78, right_68), dot(left_78, right_69), dot(left_78, right_70), dot(left_78, right_71));
        product_56 += vec4f(dot(left_78, right_72), dot(left_78, right_73), dot(left_78, right_74), dot(left_78, right_75));
        let left_79 = causal_arena[left_66 + k_64 + 6];
        product_57 += vec4f(dot(left_79, right_68), dot(left_79, right_69), dot(left_79, right_70), dot(left_79, right_71));
        product_58 += vec4f(dot(left_79, right_72), dot(left_79, right_73), dot(left_79, right_74), dot(left_79, right_75));
      }
      let column_80 = thread_column * 4;
      var chosen_89 = product_51 / 2.828427;
      var chosen_90 = product_52 / 2.828427;
      var chosen_91 = product_53 / 2.828427;
      var chosen_92 = product_54 / 2.828427;
      var chosen_93 = product_55 / 2.828427;
      var chosen_94 = product_56 / 2.828427;
      var chosen_95 = product_57 / 2.828427;
      var chosen_96 = product_58 / 2.828427;
      if (!is_full_37) {
        let j_97 = J_36 + column_80;
        let j_98 = j_97 + vec4i(0, 1, 2, 3);
        let i_99 = I_4 + row_65;
        chosen_89 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_89, (j_98 <= vec4i(i_99)) & (j_98 < vec4i(launch.keys)));
        let j_101 = j_97 + 16 + vec4i(0, 1, 2, 3);
        chosen_90 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_90, (j_101 <= vec4i(i_99)) & (j_101 < vec4i(launch.keys)));
        chosen_91 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_91, (j_98 <= vec4i(i_99 + 1)) & (j_98 < vec4i(launch.keys)));
        chosen_92 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_92, (j_101 <= vec4i(i_99 + 1)) & (j_101 < vec4i(launch.keys)));
        chosen_93 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_93, (j_98 <= vec4i(i_99 + 2)) & (j_98 < vec4i(launch.keys)));
        chosen_94 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_94, (j_101 <= vec4i(i_99 + 2)) & (j_101 < vec4i(launch.keys)));
        chosen_95 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_95, (j_98 <= vec4i(i_99 + 3)) & (j_98 < vec4i(launch.keys)));
        chosen_96 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_96, (j_101 <= vec4i(i_99 + 3)) & (j_101 < vec4i(launch.keys)));
      }
      let partial_109 = max(chosen_89, chosen_90);
      let partial_110 = max(max(partial_109.x, partial_109.y), max(partial_109.z, partial_109.w));
      let partial_111 = max(chosen_91, chosen_92);
      let partial_112 = max(max(partial_111.x, partial_111.y), max(partial_111.z, partial_111.w));
      let partial_113 = max(chosen_93, chosen_94);
      let partial_114 = max(max(partial_113.x, partial_113.y), max(partial_113.z, partial_113.w));
      let partial_115 = max(chosen_95, chosen_96);
      let partial_116 = max(max(partial_115.x, partial_115.y), max(partial_115.z, partial_115.w));
      workgroupBarrier();
      causal_arena[row_65 + thread_column + 64] = vec4f(partial_110, partial_112, partial_114, partial_116);
      workgroupBarrier();
      let max_117 = max(max(max(causal_arena[row_65 + 64], causal_arena[row_65 + 1 + 64]), causal_arena[row_65 + 2 + 64]), causal_arena[row_65 + 3 + 64]);
      chosen_39 = maximum(carried_19, max_117.x);
      chosen_40 = maximum(carried_20, max_117.y);
      chosen_41 = maximum(carried_21, max_117.z);
      chosen_42 = maximum(carried_22, max_117.w);
      let map_122 = exponential_difference(carried_19, chosen_39);
      let map_123 = exponential_difference(carried_20, chosen_40);
      let map_124 = exponential_difference(carried_21, chosen_41);
      let map_125 = exponential_difference(carried_22, chosen_42);
      let map_126 = exponential_difference_wide(chosen_89, vec4f(chosen_39));
      let map_127 = exponential_difference_wide(chosen_90, vec4f(chosen_39));
      let map_128 = exponential_difference_wide(chosen_91, vec4f(chosen_40));
      let map_129 = exponential_difference_wide(chosen_92, vec4f(chosen_40));
      let map_130 = exponential_difference_wide(chosen_93, vec4f(chosen_41));
      let map_131 = exponential_difference_wide(chosen_94, vec4f(chosen_41));
      let map_132 = exponential_difference_wide(chosen_95, vec4f(chosen_42));
      let map_133 = exponential_difference_wide(chosen_96, vec4f(chosen_42));
      let map_134 = carried_23 * map_122;
      let map_135 = carried_24 * map_123;
      let map_136 = carried_25 * map_124;
      let map_137 = carried_26 * map_125;
      let partial_138 = map_126 + map_127;
      let partial_139 = partial_138.x + partial_138.y + (partial_138.z + partial_138.w);
      let partial_140 = map_128 + map_129;
      let partial_141 = partial_140.x + partial_140.y + (partial_140.z + partial_140.w);
      let partial_142 = map_130 + map_131;
      let partial_143 = partial_142.x + partial_142.y + (partial_142.z + partial_142.w);
      let partial_144 = map_132 + map_133;
      let partial_145 = partial_144.x + partial_144.y + (partial_144.z + partial_144.w);
      carried_23 = map_134 + partial_139;
      carried_24 = map_135 + partial_141;
      carried_25 = map_136 + partial_143;
      carried_26 = map_137 + partial_145;
      chosen_47 = carried_27 * map_122;
      chosen_48 = carried_28 * map_123;
      chosen_49 = carried_29 * map_124;
      chosen_50 = carried_30 * map_125;
      workgroupBarrier();
      let line_154 = row_65 * 8;
      causal_arena[line_154 + thread_column + 64] = map_126;
      causal_arena[line_154 + (thread_column + 4) + 64] = map_127;
      causal_arena[line_154 + 8 + thread_column + 64] = map_128;
      causal_arena[line_154 + 8 + (thread_column + 4) + 64] = map_129;
      causal_arena[line_154 + 16 + thread_column + 64] = map_130;
      causal_arena[line_154 + 16 + (thread_column + 4) + 64] = map_131;
      causal_arena[line_154 + 24 + thread_column + 64] = map_132;
      causal_arena[line_154 + 24 + (thread_column + 4) + 64] = map_133;
      for (var n_160 = thread; n_160 < 64; n_160 += 32) {
        let line_161 = n_160 / 2;
        let vector_162 = n_160 % 2;
        let at_163 = J_36 + line_161;
        causal_arena[n_160 + 320] = load_v(block_6, block_5, at_163, vector_162);
      }
      workgroupBarrier();
      for (var k_164 = 0; k_164 < 8; k_164++) {
        let chunk_165 = k_164 * 8;
        let right_166 = causal_arena[thread_column + chunk_165 + 320];
        let right_167 = causal_arena[thread_column + chunk_165 + 322];
        let right_168 = causal_arena[thread_column + chunk_165 + 324];
        let right_169 = causal_arena[thread_column + chunk_165 + 326];
        let left_170 = causal_arena[line_154 + k_164 + 64];
        chosen_47 += left_170.x * right_166;
        chosen_47 += left_170.y * right_167;
        chosen_47 += left_170.z * right_168;
        chosen_47 += left_170.w * right_169;
        let left_171 = causal_arena[line_154 + k_164 + 72];
        chosen_48 += left_171.x * right_166;
        chosen_48 += left_171.y * right_167;
        chosen_48 += left_171.z * right_168;
        chosen_48 += left_171.w * right_169;
        let left_172 = causal_arena[line_154 + k_164 + 80];
        chosen_49 += left_172.x * right_166;
        chosen_49 += left_172.y * right_167;
        chosen_49 += left_172.z * right_168;
        chosen_49 += left_172.w * right_169;
        let left_173 = causal_arena[line_154 + k_164 + 88];
        chosen_50 += left_173.x * right_166;
        chosen_50 += left_173.y * right_167;
        chosen_50 += left_173.z * right_168;
        chosen_50 += left_173.w * right_169;
      }
    }
    carried_19 = chosen_39;
    carried_20 = chosen_40;
    carried_21 = chosen_41;
    carried_22 = chosen_42;
    carried_27 = chosen_47;
    carried_28 = chosen_48;
    carried_29 = chosen_49;
    carried_30 = chosen_50;
  }
  workgroupBarrier();
  let line_174 = thread_row * 4;
  causal_arena[line_174 + thread_column + 64] = vec4f(carried_23, carried_24, carried_25, carried_26);
  workgroupBarrier();
  let sum_175 = causal_arena[line_174 + 64] + causal_arena[line_174 + 1 + 64] + causal_arena[line_174 + 2 + 64] + causal_arena[line_174 + 3 + 64];
  let map_176 = select(1.0 / sum_175.x, 0.0, sum_175.x == 0.0);
  let map_177 = select(1.0 / sum_175.y, 0.0, sum_175.y == 0.0);
  let map_178 = select(1.0 / sum_175.z, 0.0, sum_175.z == 0.0);
  let map_179 = select(1.0 / sum_175.w, 0.0, sum_175.w == 0.0);
  let column_180 = thread_column * 4;
  let map_181 = carried_27 * map_176;
  let map_182 = carried_28 * map_177;
  let map_183 = carried_29 * map_178;
  let map_184 = carried_30 * map_179;
  let i_185 = I_4 + line_174;
  if (column_180 < 8) {
    store_out(block_6, block_5, i_185, thread_column, map_181);
  }
  if (column_180 < 8) {
    store_out(block_6, block_5, i_185 + 1, thread_column, map_182);
  }
  if (column_180 < 8) {
    store_out(block_6, block_5, i_185 + 2, thread_column, map_183);
  }
  if (column_180 < 8) {
    store_out(block_6, block_5, i_185 + 3, thread_column, map_184);
  }
  let map_186 = carried_19 + logarithm(select(-1.0, sum_175.x, sum_175.x <= 1e+30));
  let map_187 = carried_20 + logarithm(select(-1.0, sum_175.y, sum_175.y <= 1e+30));
  let map_188 = carried_21 + logarithm(select(-1.0, sum_175.z, sum_175.z <= 1e+30));
  let map_189 = carried_22 + logarithm(select(-1.0, sum_175.w, sum_175.w <= 1e+30));
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_185, map_186);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_185 + 1, map_187);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_185 + 2, map_188);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_185 + 3, map_189);
  }
}
