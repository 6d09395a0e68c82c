// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4.
// heads=2 headDim=8
// Hash e9b74de369b21b3f of all below. Made by a compiler: change the spec, not this file.

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
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row_53 = thread_row * 4;
  let left_54 = row_53 * 2;
  let right_55 = thread_column * 9;
  let column_68 = thread_column * 4;
  let line_142 = row_53 * 8;
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
  var carried_7 = minus_infinity;
  var carried_8 = minus_infinity;
  var carried_9 = minus_infinity;
  var carried_10 = minus_infinity;
  var carried_11 = 0.0;
  var carried_12 = 0.0;
  var carried_13 = 0.0;
  var carried_14 = 0.0;
  var carried_15 = vec4f(0.0);
  var carried_16 = vec4f(0.0);
  var carried_17 = vec4f(0.0);
  var carried_18 = vec4f(0.0);
  for (var n_19 = thread; n_19 < 64; n_19 += 32) {
    let line_20 = n_19 / 2;
    let vector_21 = n_19 % 2;
    let at_22 = I_4 + line_20;
    causal_arena[n_19] = load_q(block_6, block_5, at_22, vector_21);
  }
  let end_23 = min(launch.keys, I_4 + 32);
  for (var J_24 = 0; J_24 < end_23; J_24 += 32) {
    let is_full_25 = (J_24 + 31 - I_4 <= 0) && (J_24 + 31 - launch.keys < 0);
    let is_empty_26 = (J_24 - (I_4 + 31) > 0) || (J_24 - launch.keys >= 0);
    var chosen_27 = carried_7;
    var chosen_28 = carried_8;
    var chosen_29 = carried_9;
    var chosen_30 = carried_10;
    var chosen_35 = carried_15;
    var chosen_36 = carried_16;
    var chosen_37 = carried_17;
    var chosen_38 = carried_18;
    if (!is_empty_26) {
      var product_39 = vec4f(0.0);
      var product_40 = vec4f(0.0);
      var product_41 = vec4f(0.0);
      var product_42 = vec4f(0.0);
      var product_43 = vec4f(0.0);
      var product_44 = vec4f(0.0);
      var product_45 = vec4f(0.0);
      var product_46 = vec4f(0.0);
      workgroupBarrier();
      for (var n_48 = thread; n_48 < 64; n_48 += 32) {
        let line_49 = n_48 / 2;
        let vector_50 = n_48 % 2;
        let at_51 = J_24 + line_49;
        causal_arena[n_48 + (line_49 >> 2u) + 64] = load_k(block_6, block_5, at_51, vector_50);
      }
      workgroupBarrier();
      for (var k_52 = 0; k_52 < 2; k_52++) {
        let right_56 = causal_arena[right_55 + k_52 + 64];
        let right_57 = causal_arena[right_55 + k_52 + 66];
        let right_58 = causal_arena[right_55 + k_52 + 68];
        let right_59 = causal_arena[right_55 + k_52 + 70];
        let right_60 = causal_arena[right_55 + k_52 + 100];
        let right_61 = causal_arena[right_55 + k_52 + 102];
        let right_62 = causal_arena[right_55 + k_52 + 104];
        let right_63 = causal_arena[right_55 + k_52 + 106];
        let left_64 = causal_arena[left_54 + k_52];
        product_39 += vec4f(dot(left_64, right_56), dot(left_64, right_57), dot(left_64, right_58), dot(left_64, right_59));
        product_40 += vec4f(dot(left_64, right_60), dot(left_64, right_61), dot(left_64, right_62), dot(left_64, right_63));
        let left_65 = causal_arena[left_54 + k_52 + 2];
        product_41 += vec4f(dot(left_65, right_56), dot(left_65, right_57), dot(left_65, right_58), dot(left_65, right_59));
        product_42 += vec4f(dot(left_65, right_60), dot(left_65, right_61), dot(left_65, right_62), dot(left_65, right_63));
        let left_66 = causal_arena[left_54 + k_52 + 4];
        product_43 += vec4f(dot(left_66, right_56), dot(left_66, right_57), dot(left_66, right_58), dot(left_66, right_59));
        product_44 += vec4f(dot(left_66, right_60), dot(left_66, right_61), dot(left_66, right_62), dot(left_66, right_63));
        let left_67 = causal_arena[left_54 + k_52 + 6];
        product_45 += vec4f(dot(left_67, right_56), dot(left_67, right_57), dot(left_67, right_58), dot(left_67, right_59));
        product_46 += vec4f(dot(left_67, right_60), dot(left_67, right_61), dot(left_67, right_62), dot(left_67, right_63));
      }
      var chosen_77 = product_39 / 2.828427;
      var chosen_78 = product_40 / 2.828427;
      var chosen_79 = product_41 / 2.828427;
      var chosen_80 = product_42 / 2.828427;
      var chosen_81 = product_43 / 2.828427;
      var chosen_82 = product_44 / 2.828427;
      var chosen_83 = product_45 / 2.828427;
      var chosen_84 = product_46 / 2.828427;
      if (!is_full_25) {
        let j_85 = J_24 + column_68;
        let j_86 = j_85 + vec4i(0, 1, 2, 3);
        let i_87 = I_4 + row_53;
        chosen_77 = select(vec4f(minus_infinity), chosen_77, (j_86 <= vec4i(i_87)) & (j_86 < vec4i(launch.keys)));
        let j_89 = j_85 + 16 + vec4i(0, 1, 2, 3);
        chosen_78 = select(vec4f(minus_infinity), chosen_78, (j_89 <= vec4i(i_87)) & (j_89 < vec4i(launch.keys)));
        chosen_79 = select(vec4f(minus_infinity), chosen_79, (j_86 <= vec4i(i_87 + 1)) & (j_86 < vec4i(launch.keys)));
        chosen_80 = select(vec4f(minus_infinity), chosen_80, (j_89 <= vec4i(i_87 + 1)) & (j_89 < vec4i(launch.keys)));
        chosen_81 = select(vec4f(minus_infinity), chosen_81, (j_86 <= vec4i(i_87 + 2)) & (j_86 < vec4i(launch.keys)));
        chosen_82 = select(vec4f(minus_infinity), chosen_82, (j_89 <= vec4i(i_87 + 2)) & (j_89 < vec4i(launch.keys)));
        chosen_83 = select(vec4f(minus_infinity), chosen_83, (j_86 <= vec4i(i_87 + 3)) & (j_86 < vec4i(launch.keys)));
        chosen_84 = select(vec4f(minus_infinity), chosen_84, (j_89 <= vec4i(i_87 + 3)) & (j_89 < vec4i(launch.keys)));
      }
      let partial_97 = max(chosen_77, chosen_78);
      let partial_98 = max(max(partial_97.x, partial_97.y), max(partial_97.z, partial_97.w));
      let partial_99 = max(chosen_79, chosen_80);
      let partial_100 = max(max(partial_99.x, partial_99.y), max(partial_99.z, partial_99.w));
      let partial_101 = max(chosen_81, chosen_82);
      let partial_102 = max(max(partial_101.x, partial_101.y), max(partial_101.z, partial_101.w));
      let partial_103 = max(chosen_83, chosen_84);
      let partial_104 = max(max(partial_103.x, partial_103.y), max(partial_103.z, partial_103.w));
      workgroupBarrier();
      causal_arena[row_53 + thread_column + 64] = vec4f(partial_98, partial_100, partial_102, partial_104);
      workgroupBarrier();
      let max_105 = max(max(max(causal_arena[row_53 + 64], causal_arena[row_53 + 1 + 64]), causal_arena[row_53 + 2 + 64]), causal_arena[row_53 + 3 + 64]);
      chosen_27 = maximum(carried_7, max_105.x);
      chosen_28 = maximum(carried_8, max_105.y);
      chosen_29 = maximum(carried_9, max_105.z);
      chosen_30 = maximum(carried_10, max_105.w);
      let map_110 = exponential_difference(carried_7, chosen_27);
      let map_111 = exponential_difference(carried_8, chosen_28);
      let map_112 = exponential_difference(carried_9, chosen_29);
      let map_113 = exponential_difference(carried_10, chosen_30);
      let map_114 = exponential_difference_wide(chosen_77, vec4f(chosen_27));
      let map_115 = exponential_difference_wide(chosen_78, vec4f(chosen_27));
      let map_116 = exponential_difference_wide(chosen_79, vec4f(chosen_28));
      let map_117 = exponential_difference_wide(chosen_80, vec4f(chosen_28));
      let map_118 = exponential_difference_wide(chosen_81, vec4f(chosen_29));
      let map_119 = exponential_difference_wide(chosen_82, vec4f(chosen_29));
      let map_120 = exponential_difference_wide(chosen_83, vec4f(chosen_30));
      let map_121 = exponential_difference_wide(chosen_84, vec4f(chosen_30));
      let map_122 = carried_11 * map_110;
      let map_123 = carried_12 * map_111;
      let map_124 = carried_13 * map_112;
      let map_125 = carried_14 * map_113;
      let partial_126 = map_114 + map_115;
      let partial_127 = partial_126.x + partial_126.y + (partial_126.z + partial_126.w);
      let partial_128 = map_116 + map_117;
      let partial_129 = partial_128.x + partial_128.y + (partial_128.z + partial_128.w);
      let partial_130 = map_118 + map_119;
      let partial_131 = partial_130.x + partial_130.y + (partial_130.z + partial_130.w);
      let partial_132 = map_120 + map_121;
      let partial_133 = partial_132.x + partial_132.y + (partial_132.z + partial_132.w);
      carried_11 = map_122 + partial_127;
      carried_12 = map_123 + partial_129;
      carried_13 = map_124 + partial_131;
      carried_14 = map_125 + partial_133;
      chosen_35 = carried_15 * map_110;
      chosen_36 = carried_16 * map_111;
      chosen_37 = carried_17 * map_112;
      chosen_38 = carried_18 * map_113;
      workgroupBarrier();
      causal_arena[line_142 + thread_column + 64] = map_114;
      causal_arena[line_142 + (thread_column + 4) + 64] = map_115;
      causal_arena[line_142 + 8 + thread_column + 64] = map_116;
      causal_arena[line_142 + 8 + (thread_column + 4) + 64] = map_117;
      causal_arena[line_142 + 16 + thread_column + 64] = map_118;
      causal_arena[line_142 + 16 + (thread_column + 4) + 64] = map_119;
      causal_arena[line_142 + 24 + thread_column + 64] = map_120;
      causal_arena[line_142 + 24 + (thread_column + 4) + 64] = map_121;
      for (var n_148 = thread; n_148 < 64; n_148 += 32) {
        let line_149 = n_148 / 2;
        let vector_150 = n_148 % 2;
        let at_151 = J_24 + line_149;
        causal_arena[n_148 + 320] = load_v(block_6, block_5, at_151, vector_150);
      }
      workgroupBarrier();
      for (var k_152 = 0; k_152 < 8; k_152++) {
        let chunk_153 = k_152 * 8;
        let right_154 = causal_arena[thread_column + chunk_153 + 320];
        let right_155 = causal_arena[thread_column + chunk_153 + 322];
        let right_156 = causal_arena[thread_column + chunk_153 + 324];
        let right_157 = causal_arena[thread_column + chunk_153 + 326];
        let left_158 = causal_arena[line_142 + k_152 + 64];
        chosen_35 += left_158.x * right_154;
        chosen_35 += left_158.y * right_155;
        chosen_35 += left_158.z * right_156;
        chosen_35 += left_158.w * right_157;
        let left_159 = causal_arena[line_142 + k_152 + 72];
        chosen_36 += left_159.x * right_154;
        chosen_36 += left_159.y * right_155;
        chosen_36 += left_159.z * right_156;
        chosen_36 += left_159.w * right_157;
        let left_160 = causal_arena[line_142 + k_152 + 80];
        chosen_37 += left_160.x * right_154;
        chosen_37 += left_160.y * right_155;
        chosen_37 += left_160.z * right_156;
        chosen_37 += left_160.w * right_157;
        let left_161 = causal_arena[line_142 + k_152 + 88];
        chosen_38 += left_161.x * right_154;
        chosen_38 += left_161.y * right_155;
        chosen_38 += left_161.z * right_156;
        chosen_38 += left_161.w * right_157;
      }
    }
    carried_7 = chosen_27;
    carried_8 = chosen_28;
    carried_9 = chosen_29;
    carried_10 = chosen_30;
    carried_15 = chosen_35;
    carried_16 = chosen_36;
    carried_17 = chosen_37;
    carried_18 = chosen_38;
  }
  workgroupBarrier();
  causal_arena[row_53 + thread_column + 64] = vec4f(carried_11, carried_12, carried_13, carried_14);
  workgroupBarrier();
  let sum_162 = causal_arena[row_53 + 64] + causal_arena[row_53 + 1 + 64] + causal_arena[row_53 + 2 + 64] + causal_arena[row_53 + 3 + 64];
  let map_163 = select(1.0 / sum_162.x, 0.0, sum_162.x == 0.0);
  let map_164 = select(1.0 / sum_162.y, 0.0, sum_162.y == 0.0);
  let map_165 = select(1.0 / sum_162.z, 0.0, sum_162.z == 0.0);
  let map_166 = select(1.0 / sum_162.w, 0.0, sum_162.w == 0.0);
  let map_167 = carried_15 * map_163;
  let map_168 = carried_16 * map_164;
  let map_169 = carried_17 * map_165;
  let map_170 = carried_18 * map_166;
  let i_171 = I_4 + row_53;
  if (column_68 < 8) {
    store_out(block_6, block_5, i_171, thread_column, map_167);
  }
  if (column_68 < 8) {
    store_out(block_6, block_5, i_171 + 1, thread_column, map_168);
  }
  if (column_68 < 8) {
    store_out(block_6, block_5, i_171 + 2, thread_column, map_169);
  }
  if (column_68 < 8) {
    store_out(block_6, block_5, i_171 + 3, thread_column, map_170);
  }
  let map_172 = carried_7 + logarithm(select(-1.0, sum_162.x, sum_162.x <= 1e+30));
  let map_173 = carried_8 + logarithm(select(-1.0, sum_162.y, sum_162.y <= 1e+30));
  let map_174 = carried_9 + logarithm(select(-1.0, sum_162.z, sum_162.z <= 1e+30));
  let map_175 = carried_10 + logarithm(select(-1.0, sum_162.w, sum_162.w <= 1e+30));
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_171, map_172);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_171 + 1, map_173);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_171 + 2, map_174);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_171 + 3, map_175);
  }
}
