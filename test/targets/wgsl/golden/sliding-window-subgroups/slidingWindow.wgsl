// slidingWindow, compiled by heddle golden to WGSL: f32, subgroups of 4, threads slidingWindow 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 6e2d4219da788a6c of all below. Made by a compiler: change the spec, not this file.

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

var<workgroup> slidingWindow_arena: array<vec4f, 384>;

@compute @workgroup_size(32)
fn slidingWindow(
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
  for (var n_31 = thread; n_31 < 64; n_31 += 32) {
    let line_32 = n_31 / 2;
    let vector_33 = n_31 % 2;
    let at_34 = I_4 + line_32;
    let place_35 = at_34 - (launch.keys - launch.queries);
    var loaded_36 = vec4f();
    if (u32(place_35) < u32(launch.queries) && u32(vector_33) < 2u) {
      loaded_36 = q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_35 * launch.q_stride_2 + vector_33];
    }
    slidingWindow_arena[n_31] = loaded_36;
  }
  let end_37 = min(launch.keys, I_4 + 32);
  for (var J_38 = 32 * floor_divide(max(0, max(0, I_4 - 4)), 32); J_38 < end_37; J_38 += 32) {
    let is_full_39 = ((J_38 + 31 - I_4 <= 0) && (I_4 + 31 - J_38 - 5 < 0)) && (J_38 + 31 - launch.keys < 0);
    let is_empty_40 = ((J_38 - (I_4 + 31) > 0) || (I_4 - (J_38 + 31) - 5 >= 0)) || (J_38 - launch.keys >= 0);
    var chosen_41 = carried_19;
    var chosen_42 = carried_20;
    var chosen_43 = carried_21;
    var chosen_44 = carried_22;
    var chosen_45 = carried_23;
    var chosen_46 = carried_24;
    var chosen_47 = carried_25;
    var chosen_48 = carried_26;
    var chosen_49 = carried_27;
    var chosen_50 = carried_28;
    var chosen_51 = carried_29;
    var chosen_52 = carried_30;
    if (!is_empty_40) {
      var product_53 = vec4f(0.0);
      var product_54 = vec4f(0.0);
      var product_55 = vec4f(0.0);
      var product_56 = vec4f(0.0);
      var product_57 = vec4f(0.0);
      var product_58 = vec4f(0.0);
      var product_59 = vec4f(0.0);
      var product_60 = vec4f(0.0);
      workgroupBarrier();
      for (var n_62 = thread; n_62 < 64; n_62 += 32) {
        let line_63 = n_62 / 2;
        let vector_64 = n_62 % 2;
        let place_65 = floor_divide(block_5, 2);
        let at_66 = J_38 + line_63;
        var loaded_67 = vec4f();
        if (u32(at_66) < u32(launch.keys) && u32(vector_64) < 2u) {
          loaded_67 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + place_65 * launch.k_stride_1 + at_66 * launch.k_stride_2 + vector_64];
        }
        slidingWindow_arena[n_62 + (line_63 >> 2u) + 64] = loaded_67;
      }
      workgroupBarrier();
      let row_69 = thread_row * 4;
      let left_70 = row_69 * 2;
      let right_71 = thread_column * 9;
      for (var k_68 = 0; k_68 < 2; k_68++) {
        let right_72 = slidingWindow_arena[right_71 + k_68 + 64];
        let right_73 = slidingWindow_arena[right_71 + k_68 + 66];
        let right_74 = slidingWindow_arena[right_71 + k_68 + 68];
        let right_75 = slidingWindow_arena[right_71 + k_68 + 70];
        let right_76 = slidingWindow_arena[right_71 + k_68 + 100];
        let right_77 = slidingWindow_arena[right_71 + k_68 + 102];
        let right_78 = slidingWindow_arena[right_71 + k_68 + 104];
        let right_79 = slidingWindow_arena[right_71 + k_68 + 106];
        let left_80 = slidingWindow_arena[left_70 + k_68];
        product_53 += vec4f(dot(left_80, right_72), dot(left_80, right_73), dot(left_80, right_74), dot(left_80, right_75));
        product_54 += vec4f(dot(left_80, right_76), dot(left_80, right_77), dot(left_80, right_78), dot(left_80, right_79));
        let left_81 = slidingWindow_arena[left_70 + k_68 + 2];
        product_55 += vec4f(dot(left_81, right_72), dot(left_81, right_73), dot(left_81, right_74), dot(left_81, right_75));
        product_56 += vec4f(dot(left_81, right_76), dot(left_81, right_77), dot(left_81, right_78), dot(left_81, right_79));
        let left_82 = slidingWindow_arena[left_70 + k_68 + 4];
        product_57 += vec4f(dot(left_82, right_72), dot(left_82, right_73), dot(left_82, right_74), dot(left_82, right_75));
        product_58 += vec4f(dot(left_82, right_76), dot(left_82, right_77), dot(left_82, right_78), dot(left_82, right_79));
        let left_83 = slidingWindow_arena[left_70 + k_68 + 6];
        product_59 += vec4f(dot(left_83, right_72), dot(left_83, right_73), dot(left_83, right_74), dot(left_83, right_75));
        product_60 += vec4f(dot(left_83, right_76), dot(left_83, right_77), dot(left_83, right_78), dot(left_83, right_79));
      }
      let column_84 = thread_column * 4;
      let map_85 = product_53 / 2.828427;
      let map_86 = product_54 / 2.828427;
      let map_87 = product_55 / 2.828427;
      let map_88 = product_56 / 2.828427;
      let map_89 = product_57 / 2.828427;
      let map_90 = product_58 / 2.828427;
      let map_91 = product_59 / 2.828427;
      let map_92 = product_60 / 2.828427;
      var chosen_93 = map_85;
      var chosen_94 = map_86;
      var chosen_95 = map_87;
      var chosen_96 = map_88;
      var chosen_97 = map_89;
      var chosen_98 = map_90;
      var chosen_99 = map_91;
      var chosen_100 = map_92;
      if (!is_full_39) {
        let j_101 = J_38 + column_84;
        let j_102 = j_101 + vec4i(0, 1, 2, 3);
        let i_103 = I_4 + row_69;
        let map_104 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_85, ((j_102 <= vec4i(i_103)) & (i_103 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let j_105 = j_101 + 16 + vec4i(0, 1, 2, 3);
        let map_106 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_86, ((j_105 <= vec4i(i_103)) & (i_103 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        let map_107 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_87, ((j_102 <= vec4i(i_103 + 1)) & (i_103 + 1 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let map_108 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_88, ((j_105 <= vec4i(i_103 + 1)) & (i_103 + 1 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        let map_109 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_89, ((j_102 <= vec4i(i_103 + 2)) & (i_103 + 2 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let map_110 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_90, ((j_105 <= vec4i(i_103 + 2)) & (i_103 + 2 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        let map_111 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_91, ((j_102 <= vec4i(i_103 + 3)) & (i_103 + 3 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let map_112 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_92, ((j_105 <= vec4i(i_103 + 3)) & (i_103 + 3 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        chosen_93 = map_104;
        chosen_94 = map_106;
        chosen_95 = map_107;
        chosen_96 = map_108;
        chosen_97 = map_109;
        chosen_98 = map_110;
        chosen_99 = map_111;
        chosen_100 = map_112;
      }
      let partial_113 = max(chosen_93, chosen_94);
      let partial_114 = max(max(partial_113.x, partial_113.y), max(partial_113.z, partial_113.w));
      let partial_115 = max(chosen_95, chosen_96);
      let partial_116 = max(max(partial_115.x, partial_115.y), max(partial_115.z, partial_115.w));
      let partial_117 = max(chosen_97, chosen_98);
      let partial_118 = max(max(partial_117.x, partial_117.y), max(partial_117.z, partial_117.w));
      let partial_119 = max(chosen_99, chosen_100);
      let partial_120 = max(max(partial_119.x, partial_119.y), max(partial_119.z, partial_119.w));
      let partial_121 = vec4f(partial_114, partial_116, partial_118, partial_120);
      let partial_122 = max(partial_121, subgroupShuffleXor(partial_121, 1u));
      let partial_123 = max(partial_122, subgroupShuffleXor(partial_122, 2u));
      let map_124 = maximum(carried_19, partial_123.x);
      let map_125 = maximum(carried_20, partial_123.y);
      let map_126 = maximum(carried_21, partial_123.z);
      let map_127 = maximum(carried_22, partial_123.w);
      let map_128 = exponential_difference(carried_19, map_124);
      let map_129 = exponential_difference(carried_20, map_125);
      let map_130 = exponential_difference(carried_21, map_126);
      let map_131 = exponential_difference(carried_22, map_127);
      let map_132 = exponential_difference_wide(chosen_93, vec4f(map_124));
      let map_133 = exponential_difference_wide(chosen_94, vec4f(map_124));
      let map_134 = exponential_difference_wide(chosen_95, vec4f(map_125));
      let map_135 = exponential_difference_wide(chosen_96, vec4f(map_125));
      let map_136 = exponential_difference_wide(chosen_97, vec4f(map_126));
      let map_137 = exponential_difference_wide(chosen_98, vec4f(map_126));
      let map_138 = exponential_difference_wide(chosen_99, vec4f(map_127));
      let map_139 = exponential_difference_wide(chosen_100, vec4f(map_127));
      let map_140 = carried_23 * map_128;
      let map_141 = carried_24 * map_129;
      let map_142 = carried_25 * map_130;
      let map_143 = carried_26 * map_131;
      let partial_144 = map_132 + map_133;
      let partial_145 = partial_144.x + partial_144.y + (partial_144.z + partial_144.w);
      let partial_146 = map_134 + map_135;
      let partial_147 = partial_146.x + partial_146.y + (partial_146.z + partial_146.w);
      let partial_148 = map_136 + map_137;
      let partial_149 = partial_148.x + partial_148.y + (partial_148.z + partial_148.w);
      let partial_150 = map_138 + map_139;
      let partial_151 = partial_150.x + partial_150.y + (partial_150.z + partial_150.w);
      let map_152 = map_140 + partial_145;
      let map_153 = map_141 + partial_147;
      let map_154 = map_142 + partial_149;
      let map_155 = map_143 + partial_151;
      let map_156 = carried_27 * map_128;
      let map_157 = carried_28 * map_129;
      let map_158 = carried_29 * map_130;
      let map_159 = carried_30 * map_131;
      workgroupBarrier();
      let line_160 = row_69 * 8;
      slidingWindow_arena[line_160 + thread_column + 64] = map_132;
      slidingWindow_arena[line_160 + (thread_column + 4) + 64] = map_133;
      slidingWindow_arena[line_160 + 8 + thread_column + 64] = map_134;
      slidingWindow_arena[line_160 + 8 + (thread_column + 4) + 64] = map_135;
      slidingWindow_arena[line_160 + 16 + thread_column + 64] = map_136;
      slidingWindow_arena[line_160 + 16 + (thread_column + 4) + 64] = map_137;
      slidingWindow_arena[line_160 + 24 + thread_column + 64] = map_138;
      slidingWindow_arena[line_160 + 24 + (thread_column + 4) + 64] = map_139;
      var product_161 = map_156;
      var product_162 = map_157;
      var product_163 = map_158;
      var product_164 = map_159;
      for (var n_166 = thread; n_166 < 64; n_166 += 32) {
        let line_167 = n_166 / 2;
        let vector_168 = n_166 % 2;
        let place_169 = floor_divide(block_5, 2);
        let at_170 = J_38 + line_167;
        var loaded_171 = vec4f();
        if (u32(at_170) < u32(launch.keys) && u32(vector_168) < 2u) {
          loaded_171 = v_data[launch.v_offset + block_6 * launch.v_stride_0 + place_169 * launch.v_stride_1 + at_170 * launch.v_stride_2 + vector_168];
        }
        slidingWindow_arena[n_166 + 320] = loaded_171;
      }
      workgroupBarrier();
      for (var k_172 = 0; k_172 < 8; k_172++) {
        let chunk_173 = k_172 * 8;
        let right_174 = slidingWindow_arena[thread_column + chunk_173 + 320];
        let right_175 = slidingWindow_arena[thread_column + chunk_173 + 322];
        let right_176 = slidingWindow_arena[thread_column + chunk_173 + 324];
        let right_177 = slidingWindow_arena[thread_column + chunk_173 + 326];
        let left_178 = slidingWindow_arena[line_160 + k_172 + 64];
        product_161 += left_178.x * right_174;
        product_161 += left_178.y * right_175;
        product_161 += left_178.z * right_176;
        product_161 += left_178.w * right_177;
        let left_179 = slidingWindow_arena[line_160 + k_172 + 72];
        product_162 += left_179.x * right_174;
        product_162 += left_179.y * right_175;
        product_162 += left_179.z * right_176;
        product_162 += left_179.w * right_177;
        let left_180 = slidingWindow_arena[line_160 + k_172 + 80];
        product_163 += left_180.x * right_174;
        product_163 += left_180.y * right_175;
        product_163 += left_180.z * right_176;
        product_163 += left_180.w * right_177;
        let left_181 = slidingWindow_arena[line_160 + k_172 + 88];
        product_164 += left_181.x * right_174;
        product_164 += left_181.y * right_175;
        product_164 += left_181.z * right_176;
        product_164 += left_181.w * right_177;
      }
      chosen_41 = map_124;
      chosen_42 = map_125;
      chosen_43 = map_126;
      chosen_44 = map_127;
      chosen_45 = map_152;
      chosen_46 = map_153;
      chosen_47 = map_154;
      chosen_48 = map_155;
      chosen_49 = product_161;
      chosen_50 = product_162;
      chosen_51 = product_163;
      chosen_52 = product_164;
    }
    carried_19 = chosen_41;
    carried_20 = chosen_42;
    carried_21 = chosen_43;
    carried_22 = chosen_44;
    carried_23 = chosen_45;
    carried_24 = chosen_46;
    carried_25 = chosen_47;
    carried_26 = chosen_48;
    carried_27 = chosen_49;
    carried_28 = chosen_50;
    carried_29 = chosen_51;
    carried_30 = chosen_52;
  }
  let partial_182 = vec4f(carried_23, carried_24, carried_25, carried_26);
  let partial_183 = partial_182 + subgroupShuffleXor(partial_182, 1u);
  let partial_184 = partial_183 + subgroupShuffleXor(partial_183, 2u);
  let row_185 = thread_row * 4;
  let map_186 = select(1.0 / partial_184.x, 0.0, partial_184.x == 0.0);
  let map_187 = select(1.0 / partial_184.y, 0.0, partial_184.y == 0.0);
  let map_188 = select(1.0 / partial_184.z, 0.0, partial_184.z == 0.0);
  let map_189 = select(1.0 / partial_184.w, 0.0, partial_184.w == 0.0);
  let column_190 = thread_column * 4;
  let map_191 = carried_27 * map_186;
  let map_192 = carried_28 * map_187;
  let map_193 = carried_29 * map_188;
  let map_194 = carried_30 * map_189;
  let i_195 = I_4 + row_185;
  let place_196 = i_195 - (launch.keys - launch.rows);
  if (column_190 < 8 && u32(place_196) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_196 * launch.out_stride_2 + thread_column] = map_191;
  }
  let place_197 = i_195 + 1 - (launch.keys - launch.rows);
  if (column_190 < 8 && u32(place_197) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_197 * launch.out_stride_2 + thread_column] = map_192;
  }
  let place_198 = i_195 + 2 - (launch.keys - launch.rows);
  if (column_190 < 8 && u32(place_198) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_198 * launch.out_stride_2 + thread_column] = map_193;
  }
  let place_199 = i_195 + 3 - (launch.keys - launch.rows);
  if (column_190 < 8 && u32(place_199) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_199 * launch.out_stride_2 + thread_column] = map_194;
  }
  let map_200 = carried_19 + logarithm(select(-1.0, partial_184.x, partial_184.x <= 1e+30));
  let map_201 = carried_20 + logarithm(select(-1.0, partial_184.y, partial_184.y <= 1e+30));
  let map_202 = carried_21 + logarithm(select(-1.0, partial_184.z, partial_184.z <= 1e+30));
  let map_203 = carried_22 + logarithm(select(-1.0, partial_184.w, partial_184.w <= 1e+30));
  if (thread_column == 0 && u32(place_196) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_196] = map_200;
  }
  if (thread_column == 0 && u32(place_197) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_197] = map_201;
  }
  if (thread_column == 0 && u32(place_198) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_198] = map_202;
  }
  if (thread_column == 0 && u32(place_199) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_199] = map_203;
  }
}
