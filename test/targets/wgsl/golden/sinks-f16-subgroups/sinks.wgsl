// sinks, compiled by heddle golden to WGSL: f16, subgroups of 4, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=4 window=5
// Hash 72d1bfca14954e12 of all below. Made by a compiler: change the spec, not this file.

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
  for (var n_31 = thread; n_31 < 32; n_31 += 32) {
    let at_32 = I_4 + n_31;
    sinks_arena[n_31] = load_q(block_6, block_5, at_32, 0);
  }
  let end_33 = min(launch.keys, I_4 + 32);
  for (var J_34 = 32 * floor_divide(max(0, max(0, I_4 - 4)), 32); J_34 < end_33; J_34 += 32) {
    let is_full_35 = ((J_34 + 31 - I_4 <= 0) && (I_4 + 31 - J_34 - 5 < 0)) && (J_34 + 31 - launch.keys < 0);
    let is_empty_36 = ((J_34 - (I_4 + 31) > 0) || (I_4 - (J_34 + 31) - 5 >= 0)) || (J_34 - launch.keys >= 0);
    var chosen_37 = carried_19;
    var chosen_38 = carried_20;
    var chosen_39 = carried_21;
    var chosen_40 = carried_22;
    var chosen_45 = carried_27;
    var chosen_46 = carried_28;
    var chosen_47 = carried_29;
    var chosen_48 = carried_30;
    if (!is_empty_36) {
      var product_49 = vec4f(0.0);
      var product_50 = vec4f(0.0);
      var product_51 = vec4f(0.0);
      var product_52 = vec4f(0.0);
      var product_53 = vec4f(0.0);
      var product_54 = vec4f(0.0);
      var product_55 = vec4f(0.0);
      var product_56 = vec4f(0.0);
      workgroupBarrier();
      for (var n_58 = thread; n_58 < 32; n_58 += 32) {
        let at_59 = J_34 + n_58;
        sinks_arena[n_58 + (n_58 >> 2u) + 32] = load_k(block_6, floor_divide(block_5, 2), at_59, 0);
      }
      workgroupBarrier();
      let row_61 = thread_row * 4;
      let right_62 = thread_column * 5;
      for (var k_60 = 0; k_60 < 1; k_60++) {
        let right_63 = sinks_arena[right_62 + k_60 + 32];
        let right_64 = sinks_arena[right_62 + k_60 + 33];
        let right_65 = sinks_arena[right_62 + k_60 + 34];
        let right_66 = sinks_arena[right_62 + k_60 + 35];
        let right_67 = sinks_arena[right_62 + k_60 + 52];
        let right_68 = sinks_arena[right_62 + k_60 + 53];
        let right_69 = sinks_arena[right_62 + k_60 + 54];
        let right_70 = sinks_arena[right_62 + k_60 + 55];
        let left_71 = sinks_arena[row_61 + k_60];
        product_49 += vec4f(dot(left_71, right_63), dot(left_71, right_64), dot(left_71, right_65), dot(left_71, right_66));
        product_50 += vec4f(dot(left_71, right_67), dot(left_71, right_68), dot(left_71, right_69), dot(left_71, right_70));
        let left_72 = sinks_arena[row_61 + k_60 + 1];
        product_51 += vec4f(dot(left_72, right_63), dot(left_72, right_64), dot(left_72, right_65), dot(left_72, right_66));
        product_52 += vec4f(dot(left_72, right_67), dot(left_72, right_68), dot(left_72, right_69), dot(left_72, right_70));
        let left_73 = sinks_arena[row_61 + k_60 + 2];
        product_53 += vec4f(dot(left_73, right_63), dot(left_73, right_64), dot(left_73, right_65), dot(left_73, right_66));
        product_54 += vec4f(dot(left_73, right_67), dot(left_73, right_68), dot(left_73, right_69), dot(left_73, right_70));
        let left_74 = sinks_arena[row_61 + k_60 + 3];
        product_55 += vec4f(dot(left_74, right_63), dot(left_74, right_64), dot(left_74, right_65), dot(left_74, right_66));
        product_56 += vec4f(dot(left_74, right_67), dot(left_74, right_68), dot(left_74, right_69), dot(left_74, right_70));
      }
      let column_75 = thread_column * 4;
      var chosen_84 = product_49 / 2.0;
      var chosen_85 = product_50 / 2.0;
      var chosen_86 = product_51 / 2.0;
      var chosen_87 = product_52 / 2.0;
      var chosen_88 = product_53 / 2.0;
      var chosen_89 = product_54 / 2.0;
      var chosen_90 = product_55 / 2.0;
      var chosen_91 = product_56 / 2.0;
      if (!is_full_35) {
        let j_92 = J_34 + column_75;
        let j_93 = j_92 + vec4i(0, 1, 2, 3);
        let i_94 = I_4 + row_61;
        chosen_84 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_84, ((j_93 <= vec4i(i_94)) & (i_94 - j_93 < vec4i(5))) & (j_93 < vec4i(launch.keys)));
        let j_96 = j_92 + 16 + vec4i(0, 1, 2, 3);
        chosen_85 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_85, ((j_96 <= vec4i(i_94)) & (i_94 - j_96 < vec4i(5))) & (j_96 < vec4i(launch.keys)));
        chosen_86 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_86, ((j_93 <= vec4i(i_94 + 1)) & (i_94 + 1 - j_93 < vec4i(5))) & (j_93 < vec4i(launch.keys)));
        chosen_87 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_87, ((j_96 <= vec4i(i_94 + 1)) & (i_94 + 1 - j_96 < vec4i(5))) & (j_96 < vec4i(launch.keys)));
        chosen_88 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_88, ((j_93 <= vec4i(i_94 + 2)) & (i_94 + 2 - j_93 < vec4i(5))) & (j_93 < vec4i(launch.keys)));
        chosen_89 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_89, ((j_96 <= vec4i(i_94 + 2)) & (i_94 + 2 - j_96 < vec4i(5))) & (j_96 < vec4i(launch.keys)));
        chosen_90 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_90, ((j_93 <= vec4i(i_94 + 3)) & (i_94 + 3 - j_93 < vec4i(5))) & (j_93 < vec4i(launch.keys)));
        chosen_91 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_91, ((j_96 <= vec4i(i_94 + 3)) & (i_94 + 3 - j_96 < vec4i(5))) & (j_96 < vec4i(launch.keys)));
      }
      let partial_104 = max(chosen_84, chosen_85);
      let partial_105 = max(max(partial_104.x, partial_104.y), max(partial_104.z, partial_104.w));
      let partial_106 = max(chosen_86, chosen_87);
      let partial_107 = max(max(partial_106.x, partial_106.y), max(partial_106.z, partial_106.w));
      let partial_108 = max(chosen_88, chosen_89);
      let partial_109 = max(max(partial_108.x, partial_108.y), max(partial_108.z, partial_108.w));
      let partial_110 = max(chosen_90, chosen_91);
      let partial_111 = max(max(partial_110.x, partial_110.y), max(partial_110.z, partial_110.w));
      let partial_112 = vec4f(partial_105, partial_107, partial_109, partial_111);
      let partial_113 = max(partial_112, subgroupShuffleXor(partial_112, 1u));
      let partial_114 = max(partial_113, subgroupShuffleXor(partial_113, 2u));
      chosen_37 = maximum(carried_19, partial_114.x);
      chosen_38 = maximum(carried_20, partial_114.y);
      chosen_39 = maximum(carried_21, partial_114.z);
      chosen_40 = maximum(carried_22, partial_114.w);
      let map_119 = exponential_difference(carried_19, chosen_37);
      let map_120 = exponential_difference(carried_20, chosen_38);
      let map_121 = exponential_difference(carried_21, chosen_39);
      let map_122 = exponential_difference(carried_22, chosen_40);
      let map_123 = exponential_difference_wide(chosen_84, vec4f(chosen_37));
      let map_124 = exponential_difference_wide(chosen_85, vec4f(chosen_37));
      let map_125 = exponential_difference_wide(chosen_86, vec4f(chosen_38));
      let map_126 = exponential_difference_wide(chosen_87, vec4f(chosen_38));
      let map_127 = exponential_difference_wide(chosen_88, vec4f(chosen_39));
      let map_128 = exponential_difference_wide(chosen_89, vec4f(chosen_39));
      let map_129 = exponential_difference_wide(chosen_90, vec4f(chosen_40));
      let map_130 = exponential_difference_wide(chosen_91, vec4f(chosen_40));
      let map_131 = carried_23 * map_119;
      let map_132 = carried_24 * map_120;
      let map_133 = carried_25 * map_121;
      let map_134 = carried_26 * map_122;
      let partial_135 = map_123 + map_124;
      let partial_136 = partial_135.x + partial_135.y + (partial_135.z + partial_135.w);
      let partial_137 = map_125 + map_126;
      let partial_138 = partial_137.x + partial_137.y + (partial_137.z + partial_137.w);
      let partial_139 = map_127 + map_128;
      let partial_140 = partial_139.x + partial_139.y + (partial_139.z + partial_139.w);
      let partial_141 = map_129 + map_130;
      let partial_142 = partial_141.x + partial_141.y + (partial_141.z + partial_141.w);
      carried_23 = map_131 + partial_136;
      carried_24 = map_132 + partial_138;
      carried_25 = map_133 + partial_140;
      carried_26 = map_134 + partial_142;
      chosen_45 = carried_27 * map_119;
      chosen_46 = carried_28 * map_120;
      chosen_47 = carried_29 * map_121;
      chosen_48 = carried_30 * map_122;
      workgroupBarrier();
      let line_151 = row_61 * 8;
      sinks_arena[line_151 + thread_column + 32] = map_123;
      sinks_arena[line_151 + (thread_column + 4) + 32] = map_124;
      sinks_arena[line_151 + 8 + thread_column + 32] = map_125;
      sinks_arena[line_151 + 8 + (thread_column + 4) + 32] = map_126;
      sinks_arena[line_151 + 16 + thread_column + 32] = map_127;
      sinks_arena[line_151 + 16 + (thread_column + 4) + 32] = map_128;
      sinks_arena[line_151 + 24 + thread_column + 32] = map_129;
      sinks_arena[line_151 + 24 + (thread_column + 4) + 32] = map_130;
      for (var n_157 = thread; n_157 < 32; n_157 += 32) {
        let at_158 = J_34 + n_157;
        sinks_arena[n_157 + 288] = load_v(block_6, floor_divide(block_5, 2), at_158, 0);
      }
      workgroupBarrier();
      for (var k_159 = 0; k_159 < 8; k_159++) {
        let chunk_160 = k_159 * 4;
        let right_161 = sinks_arena[thread_column + chunk_160 + 288];
        let right_162 = sinks_arena[thread_column + chunk_160 + 289];
        let right_163 = sinks_arena[thread_column + chunk_160 + 290];
        let right_164 = sinks_arena[thread_column + chunk_160 + 291];
        let left_165 = sinks_arena[line_151 + k_159 + 32];
        chosen_45 += left_165.x * right_161;
        chosen_45 += left_165.y * right_162;
        chosen_45 += left_165.z * right_163;
        chosen_45 += left_165.w * right_164;
        let left_166 = sinks_arena[line_151 + k_159 + 40];
        chosen_46 += left_166.x * right_161;
        chosen_46 += left_166.y * right_162;
        chosen_46 += left_166.z * right_163;
        chosen_46 += left_166.w * right_164;
        let left_167 = sinks_arena[line_151 + k_159 + 48];
        chosen_47 += left_167.x * right_161;
        chosen_47 += left_167.y * right_162;
        chosen_47 += left_167.z * right_163;
        chosen_47 += left_167.w * right_164;
        let left_168 = sinks_arena[line_151 + k_159 + 56];
        chosen_48 += left_168.x * right_161;
        chosen_48 += left_168.y * right_162;
        chosen_48 += left_168.z * right_163;
        chosen_48 += left_168.w * right_164;
      }
    }
    carried_19 = chosen_37;
    carried_20 = chosen_38;
    carried_21 = chosen_39;
    carried_22 = chosen_40;
    carried_27 = chosen_45;
    carried_28 = chosen_46;
    carried_29 = chosen_47;
    carried_30 = chosen_48;
  }
  let partial_169 = vec4f(carried_23, carried_24, carried_25, carried_26);
  let partial_170 = partial_169 + subgroupShuffleXor(partial_169, 1u);
  let partial_171 = partial_170 + subgroupShuffleXor(partial_170, 2u);
  let row_172 = thread_row * 4;
  let entry_173 = read_sink(block_5);
  let map_174 = maximum(carried_19, entry_173);
  let map_175 = maximum(carried_20, entry_173);
  let map_176 = maximum(carried_21, entry_173);
  let map_177 = maximum(carried_22, entry_173);
  let map_178 = exponential_difference(carried_19, map_174);
  let map_179 = exponential_difference(carried_20, map_175);
  let map_180 = exponential_difference(carried_21, map_176);
  let map_181 = exponential_difference(carried_22, map_177);
  let map_182 = partial_171.x * map_178;
  let map_183 = partial_171.y * map_179;
  let map_184 = partial_171.z * map_180;
  let map_185 = partial_171.w * map_181;
  let map_186 = map_182 + exponential_difference(entry_173, map_174);
  let map_187 = map_183 + exponential_difference(entry_173, map_175);
  let map_188 = map_184 + exponential_difference(entry_173, map_176);
  let map_189 = map_185 + exponential_difference(entry_173, map_177);
  let map_190 = select(1.0 / map_186, 0.0, map_186 == 0.0);
  let map_191 = select(1.0 / map_187, 0.0, map_187 == 0.0);
  let map_192 = select(1.0 / map_188, 0.0, map_188 == 0.0);
  let map_193 = select(1.0 / map_189, 0.0, map_189 == 0.0);
  let map_194 = map_178 * map_190;
  let map_195 = map_179 * map_191;
  let map_196 = map_180 * map_192;
  let map_197 = map_181 * map_193;
  let column_198 = thread_column * 4;
  let map_199 = carried_27 * map_194;
  let map_200 = carried_28 * map_195;
  let map_201 = carried_29 * map_196;
  let map_202 = carried_30 * map_197;
  let i_203 = I_4 + row_172;
  if (column_198 < 4) {
    store_out(block_6, block_5, i_203, thread_column, map_199);
  }
  if (column_198 < 4) {
    store_out(block_6, block_5, i_203 + 1, thread_column, map_200);
  }
  if (column_198 < 4) {
    store_out(block_6, block_5, i_203 + 2, thread_column, map_201);
  }
  if (column_198 < 4) {
    store_out(block_6, block_5, i_203 + 3, thread_column, map_202);
  }
  let map_204 = map_174 + logarithm(select(-1.0, map_186, map_186 <= 1e+30));
  let map_205 = map_175 + logarithm(select(-1.0, map_187, map_187 <= 1e+30));
  let map_206 = map_176 + logarithm(select(-1.0, map_188, map_188 <= 1e+30));
  let map_207 = map_177 + logarithm(select(-1.0, map_189, map_189 <= 1e+30));
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_203, map_204);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_203 + 1, map_205);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_203 + 2, map_206);
  }
  if (thread_column == 0) {
    store_lse(block_6, block_5, i_203 + 3, map_207);
  }
}
