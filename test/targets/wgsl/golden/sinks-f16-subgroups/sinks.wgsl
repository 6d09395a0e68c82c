// sinks, compiled by heddle golden to WGSL: f16, subgroups of 4, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=4 window=5
// Hash 1edef5ef6f1b95eb of all below. Made by a compiler: change the spec, not this file.

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
  let constant_7 = vec4f(0.0);
  let constant_8 = vec4f(0.0);
  let constant_9 = vec4f(0.0);
  let constant_10 = vec4f(0.0);
  let constant_11 = bitcast<f32>(launch.minus_infinity);
  let constant_12 = bitcast<f32>(launch.minus_infinity);
  let constant_13 = bitcast<f32>(launch.minus_infinity);
  let constant_14 = bitcast<f32>(launch.minus_infinity);
  let constant_15 = 0.0;
  let constant_16 = 0.0;
  let constant_17 = 0.0;
  let constant_18 = 0.0;
  var carried_19 = constant_11;
  var carried_20 = constant_12;
  var carried_21 = constant_13;
  var carried_22 = constant_14;
  var carried_23 = constant_15;
  var carried_24 = constant_16;
  var carried_25 = constant_17;
  var carried_26 = constant_18;
  var carried_27 = constant_7;
  var carried_28 = constant_8;
  var carried_29 = constant_9;
  var carried_30 = constant_10;
  for (var n_31 = thread; n_31 < 32; n_31 += 32) {
    let at_32 = I_4 + n_31;
    let place_33 = at_32 - (launch.keys - launch.queries);
    var loaded_34 = vec4f();
    if (u32(place_33) < u32(launch.queries) && u32(0) < 1u) {
      loaded_34 = vec4f(q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_33 * launch.q_stride_2]);
    }
    sinks_arena[n_31] = loaded_34;
  }
  let end_35 = min(launch.keys, I_4 + 32);
  for (var J_36 = 32 * floor_divide(max(0, max(0, I_4 - 4)), 32); J_36 < end_35; J_36 += 32) {
    let is_full_37 = ((J_36 + 31 - I_4 <= 0) && (I_4 + 31 - J_36 - 5 < 0)) && (J_36 + 31 - launch.keys < 0);
    let is_empty_38 = ((J_36 - (I_4 + 31) > 0) || (I_4 - (J_36 + 31) - 5 >= 0)) || (J_36 - launch.keys >= 0);
    var chosen_39 = carried_19;
    var chosen_40 = carried_20;
    var chosen_41 = carried_21;
    var chosen_42 = carried_22;
    var chosen_43 = carried_23;
    var chosen_44 = carried_24;
    var chosen_45 = carried_25;
    var chosen_46 = carried_26;
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
      for (var n_60 = thread; n_60 < 32; n_60 += 32) {
        let place_61 = floor_divide(block_5, 2);
        let at_62 = J_36 + n_60;
        var loaded_63 = vec4f();
        if (u32(at_62) < u32(launch.keys) && u32(0) < 1u) {
          loaded_63 = vec4f(k_data[launch.k_offset + block_6 * launch.k_stride_0 + place_61 * launch.k_stride_1 + at_62 * launch.k_stride_2]);
        }
        sinks_arena[n_60 + (n_60 >> 2u) + 32] = loaded_63;
      }
      workgroupBarrier();
      let row_65 = thread_row * 4;
      let right_66 = thread_column * 5;
      for (var k_64 = 0; k_64 < 1; k_64++) {
        let right_67 = sinks_arena[right_66 + k_64 + 32];
        let right_68 = sinks_arena[right_66 + k_64 + 33];
        let right_69 = sinks_arena[right_66 + k_64 + 34];
        let right_70 = sinks_arena[right_66 + k_64 + 35];
        let right_71 = sinks_arena[right_66 + k_64 + 52];
        let right_72 = sinks_arena[right_66 + k_64 + 53];
        let right_73 = sinks_arena[right_66 + k_64 + 54];
        let right_74 = sinks_arena[right_66 + k_64 + 55];
        let left_75 = sinks_arena[row_65 + k_64];
        product_51 += vec4f(dot(left_75, right_67), dot(left_75, right_68), dot(left_75, right_69), dot(left_75, right_70));
        product_52 += vec4f(dot(left_75, right_71), dot(left_75, right_72), dot(left_75, right_73), dot(left_75, right_74));
        let left_76 = sinks_arena[row_65 + k_64 + 1];
        product_53 += vec4f(dot(left_76, right_67), dot(left_76, right_68), dot(left_76, right_69), dot(left_76, right_70));
        product_54 += vec4f(dot(left_76, right_71), dot(left_76, right_72), dot(left_76, right_73), dot(left_76, right_74));
        let left_77 = sinks_arena[row_65 + k_64 + 2];
        product_55 += vec4f(dot(left_77, right_67), dot(left_77, right_68), dot(left_77, right_69), dot(left_77, right_70));
        product_56 += vec4f(dot(left_77, right_71), dot(left_77, right_72), dot(left_77, right_73), dot(left_77, right_74));
        let left_78 = sinks_arena[row_65 + k_64 + 3];
        product_57 += vec4f(dot(left_78, right_67), dot(left_78, right_68), dot(left_78, right_69), dot(left_78, right_70));
        product_58 += vec4f(dot(left_78, right_71), dot(left_78, right_72), dot(left_78, right_73), dot(left_78, right_74));
      }
      let column_79 = thread_column * 4;
      let map_80 = product_51 / 2.0;
      let map_81 = product_52 / 2.0;
      let map_82 = product_53 / 2.0;
      let map_83 = product_54 / 2.0;
      let map_84 = product_55 / 2.0;
      let map_85 = product_56 / 2.0;
      let map_86 = product_57 / 2.0;
      let map_87 = product_58 / 2.0;
      var chosen_88 = map_80;
      var chosen_89 = map_81;
      var chosen_90 = map_82;
      var chosen_91 = map_83;
      var chosen_92 = map_84;
      var chosen_93 = map_85;
      var chosen_94 = map_86;
      var chosen_95 = map_87;
      if (!is_full_37) {
        let j_96 = J_36 + column_79;
        let j_97 = j_96 + vec4i(0, 1, 2, 3);
        let i_98 = I_4 + row_65;
        let map_99 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_80, ((j_97 <= vec4i(i_98)) & (i_98 - j_97 < vec4i(5))) & (j_97 < vec4i(launch.keys)));
        let j_100 = j_96 + 16 + vec4i(0, 1, 2, 3);
        let map_101 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_81, ((j_100 <= vec4i(i_98)) & (i_98 - j_100 < vec4i(5))) & (j_100 < vec4i(launch.keys)));
        let map_102 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_82, ((j_97 <= vec4i(i_98 + 1)) & (i_98 + 1 - j_97 < vec4i(5))) & (j_97 < vec4i(launch.keys)));
        let map_103 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_83, ((j_100 <= vec4i(i_98 + 1)) & (i_98 + 1 - j_100 < vec4i(5))) & (j_100 < vec4i(launch.keys)));
        let map_104 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_84, ((j_97 <= vec4i(i_98 + 2)) & (i_98 + 2 - j_97 < vec4i(5))) & (j_97 < vec4i(launch.keys)));
        let map_105 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_85, ((j_100 <= vec4i(i_98 + 2)) & (i_98 + 2 - j_100 < vec4i(5))) & (j_100 < vec4i(launch.keys)));
        let map_106 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_86, ((j_97 <= vec4i(i_98 + 3)) & (i_98 + 3 - j_97 < vec4i(5))) & (j_97 < vec4i(launch.keys)));
        let map_107 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_87, ((j_100 <= vec4i(i_98 + 3)) & (i_98 + 3 - j_100 < vec4i(5))) & (j_100 < vec4i(launch.keys)));
        chosen_88 = map_99;
        chosen_89 = map_101;
        chosen_90 = map_102;
        chosen_91 = map_103;
        chosen_92 = map_104;
        chosen_93 = map_105;
        chosen_94 = map_106;
        chosen_95 = map_107;
      }
      let partial_108 = max(chosen_88, chosen_89);
      let partial_109 = max(max(partial_108.x, partial_108.y), max(partial_108.z, partial_108.w));
      let partial_110 = max(chosen_90, chosen_91);
      let partial_111 = max(max(partial_110.x, partial_110.y), max(partial_110.z, partial_110.w));
      let partial_112 = max(chosen_92, chosen_93);
      let partial_113 = max(max(partial_112.x, partial_112.y), max(partial_112.z, partial_112.w));
      let partial_114 = max(chosen_94, chosen_95);
      let partial_115 = max(max(partial_114.x, partial_114.y), max(partial_114.z, partial_114.w));
      let partial_116 = vec4f(partial_109, partial_111, partial_113, partial_115);
      let partial_117 = max(partial_116, subgroupShuffleXor(partial_116, 1u));
      let partial_118 = max(partial_117, subgroupShuffleXor(partial_117, 2u));
      let map_119 = maximum(carried_19, partial_118.x);
      let map_120 = maximum(carried_20, partial_118.y);
      let map_121 = maximum(carried_21, partial_118.z);
      let map_122 = maximum(carried_22, partial_118.w);
      let map_123 = exponential_difference(carried_19, map_119);
      let map_124 = exponential_difference(carried_20, map_120);
      let map_125 = exponential_difference(carried_21, map_121);
      let map_126 = exponential_difference(carried_22, map_122);
      let map_127 = exponential_difference_wide(chosen_88, vec4f(map_119));
      let map_128 = exponential_difference_wide(chosen_89, vec4f(map_119));
      let map_129 = exponential_difference_wide(chosen_90, vec4f(map_120));
      let map_130 = exponential_difference_wide(chosen_91, vec4f(map_120));
      let map_131 = exponential_difference_wide(chosen_92, vec4f(map_121));
      let map_132 = exponential_difference_wide(chosen_93, vec4f(map_121));
      let map_133 = exponential_difference_wide(chosen_94, vec4f(map_122));
      let map_134 = exponential_difference_wide(chosen_95, vec4f(map_122));
      let map_135 = carried_23 * map_123;
      let map_136 = carried_24 * map_124;
      let map_137 = carried_25 * map_125;
      let map_138 = carried_26 * map_126;
      let partial_139 = map_127 + map_128;
      let partial_140 = partial_139.x + partial_139.y + (partial_139.z + partial_139.w);
      let partial_141 = map_129 + map_130;
      let partial_142 = partial_141.x + partial_141.y + (partial_141.z + partial_141.w);
      let partial_143 = map_131 + map_132;
      let partial_144 = partial_143.x + partial_143.y + (partial_143.z + partial_143.w);
      let partial_145 = map_133 + map_134;
      let partial_146 = partial_145.x + partial_145.y + (partial_145.z + partial_145.w);
      let map_147 = map_135 + partial_140;
      let map_148 = map_136 + partial_142;
      let map_149 = map_137 + partial_144;
      let map_150 = map_138 + partial_146;
      let map_151 = carried_27 * map_123;
      let map_152 = carried_28 * map_124;
      let map_153 = carried_29 * map_125;
      let map_154 = carried_30 * map_126;
      workgroupBarrier();
      let line_155 = row_65 * 8;
      sinks_arena[line_155 + thread_column + 32] = map_127;
      sinks_arena[line_155 + (thread_column + 4) + 32] = map_128;
      sinks_arena[line_155 + 8 + thread_column + 32] = map_129;
      sinks_arena[line_155 + 8 + (thread_column + 4) + 32] = map_130;
      sinks_arena[line_155 + 16 + thread_column + 32] = map_131;
      sinks_arena[line_155 + 16 + (thread_column + 4) + 32] = map_132;
      sinks_arena[line_155 + 24 + thread_column + 32] = map_133;
      sinks_arena[line_155 + 24 + (thread_column + 4) + 32] = map_134;
      var product_156 = map_151;
      var product_157 = map_152;
      var product_158 = map_153;
      var product_159 = map_154;
      for (var n_161 = thread; n_161 < 32; n_161 += 32) {
        let place_162 = floor_divide(block_5, 2);
        let at_163 = J_36 + n_161;
        var loaded_164 = vec4f();
        if (u32(at_163) < u32(launch.keys) && u32(0) < 1u) {
          loaded_164 = vec4f(v_data[launch.v_offset + block_6 * launch.v_stride_0 + place_162 * launch.v_stride_1 + at_163 * launch.v_stride_2]);
        }
        sinks_arena[n_161 + 288] = loaded_164;
      }
      workgroupBarrier();
      for (var k_165 = 0; k_165 < 8; k_165++) {
        let chunk_166 = k_165 * 4;
        let right_167 = sinks_arena[thread_column + chunk_166 + 288];
        let right_168 = sinks_arena[thread_column + chunk_166 + 289];
        let right_169 = sinks_arena[thread_column + chunk_166 + 290];
        let right_170 = sinks_arena[thread_column + chunk_166 + 291];
        let left_171 = sinks_arena[line_155 + k_165 + 32];
        product_156 += left_171.x * right_167;
        product_156 += left_171.y * right_168;
        product_156 += left_171.z * right_169;
        product_156 += left_171.w * right_170;
        let left_172 = sinks_arena[line_155 + k_165 + 40];
        product_157 += left_172.x * right_167;
        product_157 += left_172.y * right_168;
        product_157 += left_172.z * right_169;
        product_157 += left_172.w * right_170;
        let left_173 = sinks_arena[line_155 + k_165 + 48];
        product_158 += left_173.x * right_167;
        product_158 += left_173.y * right_168;
        product_158 += left_173.z * right_169;
        product_158 += left_173.w * right_170;
        let left_174 = sinks_arena[line_155 + k_165 + 56];
        product_159 += left_174.x * right_167;
        product_159 += left_174.y * right_168;
        product_159 += left_174.z * right_169;
        product_159 += left_174.w * right_170;
      }
      chosen_39 = map_119;
      chosen_40 = map_120;
      chosen_41 = map_121;
      chosen_42 = map_122;
      chosen_43 = map_147;
      chosen_44 = map_148;
      chosen_45 = map_149;
      chosen_46 = map_150;
      chosen_47 = product_156;
      chosen_48 = product_157;
      chosen_49 = product_158;
      chosen_50 = product_159;
    }
    carried_19 = chosen_39;
    carried_20 = chosen_40;
    carried_21 = chosen_41;
    carried_22 = chosen_42;
    carried_23 = chosen_43;
    carried_24 = chosen_44;
    carried_25 = chosen_45;
    carried_26 = chosen_46;
    carried_27 = chosen_47;
    carried_28 = chosen_48;
    carried_29 = chosen_49;
    carried_30 = chosen_50;
  }
  let partial_175 = vec4f(carried_23, carried_24, carried_25, carried_26);
  let partial_176 = partial_175 + subgroupShuffleXor(partial_175, 1u);
  let partial_177 = partial_176 + subgroupShuffleXor(partial_176, 2u);
  let row_178 = thread_row * 4;
  let entry_179 = read_sink(block_5);
  let map_180 = maximum(carried_19, entry_179);
  let map_181 = maximum(carried_20, entry_179);
  let map_182 = maximum(carried_21, entry_179);
  let map_183 = maximum(carried_22, entry_179);
  let map_184 = exponential_difference(carried_19, map_180);
  let map_185 = exponential_difference(carried_20, map_181);
  let map_186 = exponential_difference(carried_21, map_182);
  let map_187 = exponential_difference(carried_22, map_183);
  let map_188 = partial_177.x * map_184;
  let map_189 = partial_177.y * map_185;
  let map_190 = partial_177.z * map_186;
  let map_191 = partial_177.w * map_187;
  let map_192 = map_188 + exponential_difference(entry_179, map_180);
  let map_193 = map_189 + exponential_difference(entry_179, map_181);
  let map_194 = map_190 + exponential_difference(entry_179, map_182);
  let map_195 = map_191 + exponential_difference(entry_179, map_183);
  let map_196 = select(1.0 / map_192, 0.0, map_192 == 0.0);
  let map_197 = select(1.0 / map_193, 0.0, map_193 == 0.0);
  let map_198 = select(1.0 / map_194, 0.0, map_194 == 0.0);
  let map_199 = select(1.0 / map_195, 0.0, map_195 == 0.0);
  let map_200 = map_184 * map_196;
  let map_201 = map_185 * map_197;
  let map_202 = map_186 * map_198;
  let map_203 = map_187 * map_199;
  let column_204 = thread_column * 4;
  let map_205 = carried_27 * map_200;
  let map_206 = carried_28 * map_201;
  let map_207 = carried_29 * map_202;
  let map_208 = carried_30 * map_203;
  let i_209 = I_4 + row_178;
  let place_210 = i_209 - (launch.keys - launch.rows);
  if (column_204 < 4 && u32(place_210) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_210 * launch.out_stride_2 + thread_column] = vec4<f16>(map_205);
  }
  let place_211 = i_209 + 1 - (launch.keys - launch.rows);
  if (column_204 < 4 && u32(place_211) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_211 * launch.out_stride_2 + thread_column] = vec4<f16>(map_206);
  }
  let place_212 = i_209 + 2 - (launch.keys - launch.rows);
  if (column_204 < 4 && u32(place_212) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_212 * launch.out_stride_2 + thread_column] = vec4<f16>(map_207);
  }
  let place_213 = i_209 + 3 - (launch.keys - launch.rows);
  if (column_204 < 4 && u32(place_213) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_213 * launch.out_stride_2 + thread_column] = vec4<f16>(map_208);
  }
  let map_214 = map_180 + logarithm(select(-1.0, map_192, map_192 <= 1e+30));
  let map_215 = map_181 + logarithm(select(-1.0, map_193, map_193 <= 1e+30));
  let map_216 = map_182 + logarithm(select(-1.0, map_194, map_194 <= 1e+30));
  let map_217 = map_183 + logarithm(select(-1.0, map_195, map_195 <= 1e+30));
  if (thread_column == 0 && u32(place_210) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_210] = map_214;
  }
  if (thread_column == 0 && u32(place_211) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_211] = map_215;
  }
  if (thread_column == 0 && u32(place_212) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_212] = map_216;
  }
  if (thread_column == 0 && u32(place_213) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_213] = map_217;
  }
}
