// sinks, compiled by heddle golden to WGSL: f16, subgroups of 4, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=4 window=5
// Hash ce8ffb4d8538cd8f of all below. Made by a compiler: change the spec, not this file.

enable f16;
enable subgroups;

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

@group(0) @binding(1) var<storage, read> q_data: array<vec4<f16>>;
@group(0) @binding(2) var<storage, read> k_data: array<vec4<f16>>;
@group(0) @binding(3) var<storage, read> v_data: array<vec4<f16>>;
@group(0) @binding(4) var<storage, read> sink_data: array<f32>;
@group(0) @binding(5) var<storage, read_write> out_data: array<vec4<f16>>;
@group(0) @binding(6) var<storage, read_write> lse_data: array<f32>;

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

fn floor_divide(x: i32, y: i32) -> i32 {
  let is_below = select(i32(0), i32(1), x < i32(0));
  return (x + is_below) / y - is_below;
}

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), bitcast<u32>(x) == u32(0xff800000u));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), bitcast<vec4u>(x) == vec4u(0xff800000u));
}

fn read_sink(x_0: i32) -> f32 {
  let inside = (u32(x_0) < u32(2));
  return select(f32(0), sink_data[select(0, x_0, inside)], inside);
}

fn load_q(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  let at_2 = x_2 - (launch.keys - launch.queries);
  var loaded = vec4f();
  if (u32(at_2) < u32(launch.queries) && u32(x_3) < 1u) {
    loaded = vec4f(q_data[launch.q_offset + x_0 * launch.q_stride_0 + x_1 * launch.q_stride_1 + at_2 * launch.q_stride_2 + x_3]);
  }
  return loaded;
}

fn load_k(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  var loaded = vec4f();
  if (u32(x_2) < u32(launch.keys) && u32(x_3) < 1u) {
    loaded = vec4f(k_data[launch.k_offset + x_0 * launch.k_stride_0 + x_1 * launch.k_stride_1 + x_2 * launch.k_stride_2 + x_3]);
  }
  return loaded;
}

fn load_v(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  var loaded = vec4f();
  if (u32(x_2) < u32(launch.keys) && u32(x_3) < 1u) {
    loaded = vec4f(v_data[launch.v_offset + x_0 * launch.v_stride_0 + x_1 * launch.v_stride_1 + x_2 * launch.v_stride_2 + x_3]);
  }
  return loaded;
}

fn store_out(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: vec4f) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows) && u32(x_3) < 1u) {
    out_data[launch.out_offset + x_0 * launch.out_stride_0 + x_1 * launch.out_stride_1 + at_2 * launch.out_stride_2 + x_3] = vec4<f16>(value);
  }
}

fn store_lse(x_0: i32, x_1: i32, x_2: i32, value: f32) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows)) {
    lse_data[launch.lse_offset + x_0 * launch.lse_stride_0 + x_1 * launch.lse_stride_1 + at_2] = value;
  }
}

var<workgroup> sinks_arena: array<vec4f, 320>;

@compute @workgroup_size(32)
fn sinks(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row_49 = thread_row * 4;
  let right_50 = thread_column * 5;
  let column_63 = thread_column * 4;
  let line_139 = row_49 * 8;
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
  for (var n_19 = thread; n_19 < 32; n_19 += 32) {
    let at_20 = I_4 + n_19;
    sinks_arena[n_19] = load_q(block_6, block_5, at_20, 0);
  }
  let end_21 = min(launch.keys, I_4 + 32);
  for (var J_22 = 32 * floor_divide(max(0, max(0, I_4 - 4)), 32); J_22 < end_21; J_22 += 32) {
    let is_full_23 = ((J_22 + 31 - I_4 <= 0) && (I_4 + 31 - J_22 - 5 < 0)) && (J_22 + 31 - launch.keys < 0);
    let is_empty_24 = ((J_22 - (I_4 + 31) > 0) || (I_4 - (J_22 + 31) - 5 >= 0)) || (J_22 - launch.keys >= 0);
    var chosen_25 = carried_7;
    var chosen_26 = carried_8;
    var chosen_27 = carried_9;
    var chosen_28 = carried_10;
    var chosen_33 = carried_15;
    var chosen_34 = carried_16;
    var chosen_35 = carried_17;
    var chosen_36 = carried_18;
    if (!is_empty_24) {
      var product_37 = vec4f(0.0);
      var product_38 = vec4f(0.0);
      var product_39 = vec4f(0.0);
      var product_40 = vec4f(0.0);
      var product_41 = vec4f(0.0);
      var product_42 = vec4f(0.0);
      var product_43 = vec4f(0.0);
      var product_44 = vec4f(0.0);
      workgroupBarrier();
      for (var n_46 = thread; n_46 < 32; n_46 += 32) {
        let at_47 = J_22 + n_46;
        sinks_arena[n_46 + (n_46 >> 2u) + 32] = load_k(block_6, floor_divide(block_5, 2), at_47, 0);
      }
      workgroupBarrier();
      for (var k_48 = 0; k_48 < 1; k_48++) {
        let right_51 = sinks_arena[right_50 + k_48 + 32];
        let right_52 = sinks_arena[right_50 + k_48 + 33];
        let right_53 = sinks_arena[right_50 + k_48 + 34];
        let right_54 = sinks_arena[right_50 + k_48 + 35];
        let right_55 = sinks_arena[right_50 + k_48 + 52];
        let right_56 = sinks_arena[right_50 + k_48 + 53];
        let right_57 = sinks_arena[right_50 + k_48 + 54];
        let right_58 = sinks_arena[right_50 + k_48 + 55];
        let left_59 = sinks_arena[row_49 + k_48];
        product_37 += vec4f(dot(left_59, right_51), dot(left_59, right_52), dot(left_59, right_53), dot(left_59, right_54));
        product_38 += vec4f(dot(left_59, right_55), dot(left_59, right_56), dot(left_59, right_57), dot(left_59, right_58));
        let left_60 = sinks_arena[row_49 + k_48 + 1];
        product_39 += vec4f(dot(left_60, right_51), dot(left_60, right_52), dot(left_60, right_53), dot(left_60, right_54));
        product_40 += vec4f(dot(left_60, right_55), dot(left_60, right_56), dot(left_60, right_57), dot(left_60, right_58));
        let left_61 = sinks_arena[row_49 + k_48 + 2];
        product_41 += vec4f(dot(left_61, right_51), dot(left_61, right_52), dot(left_61, right_53), dot(left_61, right_54));
        product_42 += vec4f(dot(left_61, right_55), dot(left_61, right_56), dot(left_61, right_57), dot(left_61, right_58));
        let left_62 = sinks_arena[row_49 + k_48 + 3];
        product_43 += vec4f(dot(left_62, right_51), dot(left_62, right_52), dot(left_62, right_53), dot(left_62, right_54));
        product_44 += vec4f(dot(left_62, right_55), dot(left_62, right_56), dot(left_62, right_57), dot(left_62, right_58));
      }
      var chosen_72 = product_37 / 2.0;
      var chosen_73 = product_38 / 2.0;
      var chosen_74 = product_39 / 2.0;
      var chosen_75 = product_40 / 2.0;
      var chosen_76 = product_41 / 2.0;
      var chosen_77 = product_42 / 2.0;
      var chosen_78 = product_43 / 2.0;
      var chosen_79 = product_44 / 2.0;
      if (!is_full_23) {
        let j_80 = J_22 + column_63;
        let j_81 = j_80 + vec4i(0, 1, 2, 3);
        let i_82 = I_4 + row_49;
        chosen_72 = select(vec4f(minus_infinity), chosen_72, ((j_81 <= vec4i(i_82)) & (i_82 - j_81 < vec4i(5))) & (j_81 < vec4i(launch.keys)));
        let j_84 = j_80 + 16 + vec4i(0, 1, 2, 3);
        chosen_73 = select(vec4f(minus_infinity), chosen_73, ((j_84 <= vec4i(i_82)) & (i_82 - j_84 < vec4i(5))) & (j_84 < vec4i(launch.keys)));
        chosen_74 = select(vec4f(minus_infinity), chosen_74, ((j_81 <= vec4i(i_82 + 1)) & (i_82 + 1 - j_81 < vec4i(5))) & (j_81 < vec4i(launch.keys)));
        chosen_75 = select(vec4f(minus_infinity), chosen_75, ((j_84 <= vec4i(i_82 + 1)) & (i_82 + 1 - j_84 < vec4i(5))) & (j_84 < vec4i(launch.keys)));
        chosen_76 = select(vec4f(minus_infinity), chosen_76, ((j_81 <= vec4i(i_82 + 2)) & (i_82 + 2 - j_81 < vec4i(5))) & (j_81 < vec4i(launch.keys)));
        chosen_77 = select(vec4f(minus_infinity), chosen_77, ((j_84 <= vec4i(i_82 + 2)) & (i_82 + 2 - j_84 < vec4i(5))) & (j_84 < vec4i(launch.keys)));
        chosen_78 = select(vec4f(minus_infinity), chosen_78, ((j_81 <= vec4i(i_82 + 3)) & (i_82 + 3 - j_81 < vec4i(5))) & (j_81 < vec4i(launch.keys)));
        chosen_79 = select(vec4f(minus_infinity), chosen_79, ((j_84 <= vec4i(i_82 + 3)) & (i_82 + 3 - j_84 < vec4i(5))) & (j_84 < vec4i(launch.keys)));
      }
      let partial_92 = max(chosen_72, chosen_73);
      let partial_93 = max(max(partial_92.x, partial_92.y), max(partial_92.z, partial_92.w));
      let partial_94 = max(chosen_74, chosen_75);
      let partial_95 = max(max(partial_94.x, partial_94.y), max(partial_94.z, partial_94.w));
      let partial_96 = max(chosen_76, chosen_77);
      let partial_97 = max(max(partial_96.x, partial_96.y), max(partial_96.z, partial_96.w));
      let partial_98 = max(chosen_78, chosen_79);
      let partial_99 = max(max(partial_98.x, partial_98.y), max(partial_98.z, partial_98.w));
      let partial_100 = vec4f(partial_93, partial_95, partial_97, partial_99);
      let partial_101 = max(partial_100, subgroupShuffleXor(partial_100, 1u));
      let partial_102 = max(partial_101, subgroupShuffleXor(partial_101, 2u));
      chosen_25 = maximum(carried_7, partial_102.x);
      chosen_26 = maximum(carried_8, partial_102.y);
      chosen_27 = maximum(carried_9, partial_102.z);
      chosen_28 = maximum(carried_10, partial_102.w);
      let map_107 = exponential_difference(carried_7, chosen_25);
      let map_108 = exponential_difference(carried_8, chosen_26);
      let map_109 = exponential_difference(carried_9, chosen_27);
      let map_110 = exponential_difference(carried_10, chosen_28);
      let map_111 = exponential_difference_wide(chosen_72, vec4f(chosen_25));
      let map_112 = exponential_difference_wide(chosen_73, vec4f(chosen_25));
      let map_113 = exponential_difference_wide(chosen_74, vec4f(chosen_26));
      let map_114 = exponential_difference_wide(chosen_75, vec4f(chosen_26));
      let map_115 = exponential_difference_wide(chosen_76, vec4f(chosen_27));
      let map_116 = exponential_difference_wide(chosen_77, vec4f(chosen_27));
      let map_117 = exponential_difference_wide(chosen_78, vec4f(chosen_28));
      let map_118 = exponential_difference_wide(chosen_79, vec4f(chosen_28));
      let map_119 = carried_11 * map_107;
      let map_120 = carried_12 * map_108;
      let map_121 = carried_13 * map_109;
      let map_122 = carried_14 * map_110;
      let partial_123 = map_111 + map_112;
      let partial_124 = partial_123.x + partial_123.y + (partial_123.z + partial_123.w);
      let partial_125 = map_113 + map_114;
      let partial_126 = partial_125.x + partial_125.y + (partial_125.z + partial_125.w);
      let partial_127 = map_115 + map_116;
      let partial_128 = partial_127.x + partial_127.y + (partial_127.z + partial_127.w);
      let partial_129 = map_117 + map_118;
      let partial_130 = partial_129.x + partial_129.y + (partial_129.z + partial_129.w);
      carried_11 = map_119 + partial_124;
      carried_12 = map_120 + partial_126;
      carried_13 = map_121 + partial_128;
      carried_14 = map_122 + partial_130;
      chosen_33 = carried_15 * map_107;
      chosen_34 = carried_16 * map_108;
      chosen_35 = carried_17 * map_109;
      chosen_36 = carried_18 * map_110;
      workgroupBarrier();
      sinks_arena[line_139 + thread_column + 32] = map_111;
      sinks_arena[line_139 + (thread_column + 4) + 32] = map_112;
      sinks_arena[line_139 + 8 + thread_column + 32] = map_113;
      sinks_arena[line_139 + 8 + (thread_column + 4) + 32] = map_114;
      sinks_arena[line_139 + 16 + thread_column + 32] = map_115;
      sinks_arena[line_139 + 16 + (thread_column + 4) + 32] = map_116;
      sinks_arena[line_139 + 24 + thread_column + 32] = map_117;
      sinks_arena[line_139 + 24 + (thread_column + 4) + 32] = map_118;
      for (var n_145 = thread; n_145 < 32; n_145 += 32) {
        let at_146 = J_22 + n_145;
        sinks_arena[n_145 + 288] = load_v(block_6, floor_divide(block_5, 2), at_146, 0);
      }
      workgroupBarrier();
      for (var k_147 = 0; k_147 < 8; k_147++) {
        let chunk_148 = k_147 * 4;
        let right_149 = sinks_arena[thread_column + chunk_148 + 288];
        let right_150 = sinks_arena[thread_column + chunk_148 + 289];
        let right_151 = sinks_arena[thread_column + chunk_148 + 290];
        let right_152 = sinks_arena[thread_column + chunk_148 + 291];
        let left_153 = sinks_arena[line_139 + k_147 + 32];
        chosen_33 += left_153.x * right_149;
        chosen_33 += left_153.y * right_150;
        chosen_33 += left_153.z * right_151;
        chosen_33 += left_153.w * right_152;
        let left_154 = sinks_arena[line_139 + k_147 + 40];
        chosen_34 += left_154.x * right_149;
        chosen_34 += left_154.y * right_150;
        chosen_34 += left_154.z * right_151;
        chosen_34 += left_154.w * right_152;
        let left_155 = sinks_arena[line_139 + k_147 + 48];
        chosen_35 += left_155.x * right_149;
        chosen_35 += left_155.y * right_150;
        chosen_35 += left_155.z * right_151;
        chosen_35 += left_155.w * right_152;
        let left_156 = sinks_arena[line_139 + k_147 + 56];
        chosen_36 += left_156.x * right_149;
        chosen_36 += left_156.y * right_150;
        chosen_36 += left_156.z * right_151;
        chosen_36 += left_156.w * right_152;
      }
    }
    carried_7 = chosen_25;
    carried_8 = chosen_26;
    carried_9 = chosen_27;
    carried_10 = chosen_28;
    carried_15 = chosen_33;
    carried_16 = chosen_34;
    carried_17 = chosen_35;
    carried_18 = chosen_36;
  }
  let partial_157 = vec4f(carried_11, carried_12, carried_13, carried_14);
  let partial_158 = partial_157 + subgroupShuffleXor(partial_157, 1u);
  let partial_159 = partial_158 + subgroupShuffleXor(partial_158, 2u);
  let entry_160 = read_sink(block_5);
  let map_161 = maximum(carried_7, entry_160);
  let map_162 = maximum(carried_8, entry_160);
  let map_163 = maximum(carried_9, entry_160);
  let map_164 = maximum(carried_10, entry_160);
  let map_165 = exponential_difference(carried_7, map_161);
  let map_166 = exponential_difference(carried_8, map_162);
  let map_167 = exponential_difference(carried_9, map_163);
  let map_168 = exponential_difference(carried_10, map_164);
  let map_169 = partial_159.x * map_165;
  let map_170 = partial_159.y * map_166;
  let map_171 = partial_159.z * map_167;
  let map_172 = partial_159.w * map_168;
  let map_173 = map_169 + exponential_difference(entry_160, map_161);
  let map_174 = map_170 + exponential_difference(entry_160, map_162);
  let map_175 = map_171 + exponential_difference(entry_160, map_163);
  let map_176 = map_172 + exponential_difference(entry_160, map_164);
  let map_177 = select(1.0 / map_173, 0.0, map_173 == 0.0);
  let map_178 = select(1.0 / map_174, 0.0, map_174 == 0.0);
  let map_179 = select(1.0 / map_175, 0.0, map_175 == 0.0);
  let map_180 = select(1.0 / map_176, 0.0, map_176 == 0.0);
  let map_181 = map_165 * map_177;
  let map_182 = map_166 * map_178;
  let map_183 = map_167 * map_179;
  let map_184 = map_168 * map_180;
  let map_185 = carried_15 * map_181;
  let map_186 = carried_16 * map_182;
  let map_187 = carried_17 * map_183;
  let map_188 = carried_18 * map_184;
  let i_189 = I_4 + row_49;
  if (column_63 < 4) {
    store_out(block_6, block_5, i_189, thread_column, map_185);
  }
  if (column_63 < 4) {
    store_out(block_6, block_5, i_189 + 1, thread_column, map_186);
  }
  if (column_63 < 4) {
    store_out(block_6, block_5, i_189 + 2, thread_column, map_187);
  }
  if (column_63 < 4) {
    store_out(block_6, block_5, i_189 + 3, thread_column, map_188);
  }
  let map_190 = map_161 + logarithm(select(-1.0, map_173, map_173 <= 1e+30));
  let map_191 = map_162 + logarithm(select(-1.0, map_174, map_174 <= 1e+30));
  let map_192 = map_163 + logarithm(select(-1.0, map_175, map_175 <= 1e+30));
  let map_193 = map_164 + logarithm(select(-1.0, map_176, map_176 <= 1e+30));
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_189, map_190);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_189 + 1, map_191);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_189 + 2, map_192);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_189 + 3, map_193);
  }
}
