// slidingWindow, compiled by heddle golden to WGSL: f32, subgroups of 4, threads slidingWindow 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 1de3208022d58d2f of all below. Made by a compiler: change the spec, not this file.

export const wgsl = `// slidingWindow, compiled by heddle golden to WGSL: f32, subgroups of 4, threads slidingWindow 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 9c788f0dc66c615d of all below. Made by a compiler: change the spec, not this file.

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

fn floor_divide(x: i32, y: i32) -> i32 {
  return select(x, x - (y - 1), x < i32(0)) / y;
}

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), x <= f32(-1.7e+38));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), x <= vec4f(-1.7e+38));
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
  let I_4 = block_2 * 32 + launch.keys - launch.rows;
  let block_5 = block_3 % 2;
  let block_6 = block_3 / 2;
  if (block_6 >= launch.batch) {
    return;
  }
  let constant_7 = vec4f(0.0);
  let constant_8 = vec4f(0.0);
  let constant_9 = vec4f(0.0);
  let constant_10 = vec4f(0.0);
  let constant_11 = -3.4e+38;
  let constant_12 = -3.4e+38;
  let constant_13 = -3.4e+38;
  let constant_14 = -3.4e+38;
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
      loaded_36 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + (block_5) * launch.q_stride_1 + place_35 * launch.q_stride_2 + vector_33];
    }
    slidingWindow_arena[n_31] = loaded_36;
  }
  let end_37 = min(launch.keys, I_4 + 32);
  for (var J_38 = 32 * floor_divide(max(0, max(0, I_4 - 4)), 32); J_38 < end_37; J_38 += 32) {
    let is_full_39 = ((J_38 + 31 - I_4 <= 0) && (I_4 + 31 - J_38 - 5 < 0)) && (J_38 + 31 - launch.keys < 0);
    let is_empty_40 = ((J_38 - (I_4 + 31) > 0) || (I_4 - (J_38 + 31) - 5 >= 0)) || (J_38 - launch.keys >= 0);
    var chosen_41 = 0.0;
    var chosen_42 = 0.0;
    var chosen_43 = 0.0;
    var chosen_44 = 0.0;
    var chosen_45 = 0.0;
    var chosen_46 = 0.0;
    var chosen_47 = 0.0;
    var chosen_48 = 0.0;
    var chosen_49 = vec4f();
    var chosen_50 = vec4f();
    var chosen_51 = vec4f();
    var chosen_52 = vec4f();
    if (is_full_39) {
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
          loaded_67 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_65 * launch.k_stride_1 + at_66 * launch.k_stride_2 + vector_64];
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
      let partial_93 = max(map_85, map_86);
      let partial_94 = max(max(partial_93.x, partial_93.y), max(partial_93.z, partial_93.w));
      let partial_95 = max(map_87, map_88);
      let partial_96 = max(max(partial_95.x, partial_95.y), max(partial_95.z, partial_95.w));
      let partial_97 = max(map_89, map_90);
      let partial_98 = max(max(partial_97.x, partial_97.y), max(partial_97.z, partial_97.w));
      let partial_99 = max(map_91, map_92);
      let partial_100 = max(max(partial_99.x, partial_99.y), max(partial_99.z, partial_99.w));
      let partial_101 = vec4f(partial_94, partial_96, partial_98, partial_100);
      let partial_102 = max(partial_101, subgroupShuffleXor(partial_101, 1u));
      let partial_103 = max(partial_102, subgroupShuffleXor(partial_102, 2u));
      let map_104 = max(carried_19, partial_103.x);
      let map_105 = max(carried_20, partial_103.y);
      let map_106 = max(carried_21, partial_103.z);
      let map_107 = max(carried_22, partial_103.w);
      let map_108 = exponential_difference(carried_19, map_104);
      let map_109 = exponential_difference(carried_20, map_105);
      let map_110 = exponential_difference(carried_21, map_106);
      let map_111 = exponential_difference(carried_22, map_107);
      let map_112 = exponential_difference_wide(map_85, vec4f(map_104));
      let map_113 = exponential_difference_wide(map_86, vec4f(map_104));
      let map_114 = exponential_difference_wide(map_87, vec4f(map_105));
      let map_115 = exponential_difference_wide(map_88, vec4f(map_105));
      let map_116 = exponential_difference_wide(map_89, vec4f(map_106));
      let map_117 = exponential_difference_wide(map_90, vec4f(map_106));
      let map_118 = exponential_difference_wide(map_91, vec4f(map_107));
      let map_119 = exponential_difference_wide(map_92, vec4f(map_107));
      let map_120 = carried_23 * map_108;
      let map_121 = carried_24 * map_109;
      let map_122 = carried_25 * map_110;
      let map_123 = carried_26 * map_111;
      let partial_124 = map_112 + map_113;
      let partial_125 = partial_124.x + partial_124.y + (partial_124.z + partial_124.w);
      let partial_126 = map_114 + map_115;
      let partial_127 = partial_126.x + partial_126.y + (partial_126.z + partial_126.w);
      let partial_128 = map_116 + map_117;
      let partial_129 = partial_128.x + partial_128.y + (partial_128.z + partial_128.w);
      let partial_130 = map_118 + map_119;
      let partial_131 = partial_130.x + partial_130.y + (partial_130.z + partial_130.w);
      let map_132 = map_120 + partial_125;
      let map_133 = map_121 + partial_127;
      let map_134 = map_122 + partial_129;
      let map_135 = map_123 + partial_131;
      let map_136 = carried_27 * map_108;
      let map_137 = carried_28 * map_109;
      let map_138 = carried_29 * map_110;
      let map_139 = carried_30 * map_111;
      workgroupBarrier();
      let line_140 = row_69 * 8;
      slidingWindow_arena[line_140 + thread_column + 64] = map_112;
      slidingWindow_arena[line_140 + (thread_column + 4) + 64] = map_113;
      slidingWindow_arena[line_140 + 8 + thread_column + 64] = map_114;
      slidingWindow_arena[line_140 + 8 + (thread_column + 4) + 64] = map_115;
      slidingWindow_arena[line_140 + 16 + thread_column + 64] = map_116;
      slidingWindow_arena[line_140 + 16 + (thread_column + 4) + 64] = map_117;
      slidingWindow_arena[line_140 + 24 + thread_column + 64] = map_118;
      slidingWindow_arena[line_140 + 24 + (thread_column + 4) + 64] = map_119;
      var product_141 = map_136;
      var product_142 = map_137;
      var product_143 = map_138;
      var product_144 = map_139;
      for (var n_146 = thread; n_146 < 64; n_146 += 32) {
        let line_147 = n_146 / 2;
        let vector_148 = n_146 % 2;
        let place_149 = floor_divide(block_5, 2);
        let at_150 = J_38 + line_147;
        var loaded_151 = vec4f();
        if (u32(at_150) < u32(launch.keys) && u32(vector_148) < 2u) {
          loaded_151 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_149 * launch.v_stride_1 + at_150 * launch.v_stride_2 + vector_148];
        }
        slidingWindow_arena[n_146 + 320] = loaded_151;
      }
      workgroupBarrier();
      for (var k_152 = 0; k_152 < 8; k_152++) {
        let chunk_153 = k_152 * 8;
        let right_154 = slidingWindow_arena[thread_column + chunk_153 + 320];
        let right_155 = slidingWindow_arena[thread_column + chunk_153 + 322];
        let right_156 = slidingWindow_arena[thread_column + chunk_153 + 324];
        let right_157 = slidingWindow_arena[thread_column + chunk_153 + 326];
        let left_158 = slidingWindow_arena[line_140 + k_152 + 64];
        product_141 += left_158.x * right_154;
        product_141 += left_158.y * right_155;
        product_141 += left_158.z * right_156;
        product_141 += left_158.w * right_157;
        let left_159 = slidingWindow_arena[line_140 + k_152 + 72];
        product_142 += left_159.x * right_154;
        product_142 += left_159.y * right_155;
        product_142 += left_159.z * right_156;
        product_142 += left_159.w * right_157;
        let left_160 = slidingWindow_arena[line_140 + k_152 + 80];
        product_143 += left_160.x * right_154;
        product_143 += left_160.y * right_155;
        product_143 += left_160.z * right_156;
        product_143 += left_160.w * right_157;
        let left_161 = slidingWindow_arena[line_140 + k_152 + 88];
        product_144 += left_161.x * right_154;
        product_144 += left_161.y * right_155;
        product_144 += left_161.z * right_156;
        product_144 += left_161.w * right_157;
      }
      chosen_41 = map_104;
      chosen_42 = map_105;
      chosen_43 = map_106;
      chosen_44 = map_107;
      chosen_45 = map_132;
      chosen_46 = map_133;
      chosen_47 = map_134;
      chosen_48 = map_135;
      chosen_49 = product_141;
      chosen_50 = product_142;
      chosen_51 = product_143;
      chosen_52 = product_144;
    }
    else if (is_empty_40) {
      chosen_41 = carried_19;
      chosen_42 = carried_20;
      chosen_43 = carried_21;
      chosen_44 = carried_22;
      chosen_45 = carried_23;
      chosen_46 = carried_24;
      chosen_47 = carried_25;
      chosen_48 = carried_26;
      chosen_49 = carried_27;
      chosen_50 = carried_28;
      chosen_51 = carried_29;
      chosen_52 = carried_30;
    }
    else {
      var product_162 = vec4f(0.0);
      var product_163 = vec4f(0.0);
      var product_164 = vec4f(0.0);
      var product_165 = vec4f(0.0);
      var product_166 = vec4f(0.0);
      var product_167 = vec4f(0.0);
      var product_168 = vec4f(0.0);
      var product_169 = vec4f(0.0);
      workgroupBarrier();
      for (var n_171 = thread; n_171 < 64; n_171 += 32) {
        let line_172 = n_171 / 2;
        let vector_173 = n_171 % 2;
        let place_174 = floor_divide(block_5, 2);
        let at_175 = J_38 + line_172;
        var loaded_176 = vec4f();
        if (u32(at_175) < u32(launch.keys) && u32(vector_173) < 2u) {
          loaded_176 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_174 * launch.k_stride_1 + at_175 * launch.k_stride_2 + vector_173];
        }
        slidingWindow_arena[n_171 + (line_172 >> 2u) + 64] = loaded_176;
      }
      workgroupBarrier();
      let row_178 = thread_row * 4;
      let left_179 = row_178 * 2;
      let right_180 = thread_column * 9;
      for (var k_177 = 0; k_177 < 2; k_177++) {
        let right_181 = slidingWindow_arena[right_180 + k_177 + 64];
        let right_182 = slidingWindow_arena[right_180 + k_177 + 66];
        let right_183 = slidingWindow_arena[right_180 + k_177 + 68];
        let right_184 = slidingWindow_arena[right_180 + k_177 + 70];
        let right_185 = slidingWindow_arena[right_180 + k_177 + 100];
        let right_186 = slidingWindow_arena[right_180 + k_177 + 102];
        let right_187 = slidingWindow_arena[right_180 + k_177 + 104];
        let right_188 = slidingWindow_arena[right_180 + k_177 + 106];
        let left_189 = slidingWindow_arena[left_179 + k_177];
        product_162 += vec4f(dot(left_189, right_181), dot(left_189, right_182), dot(left_189, right_183), dot(left_189, right_184));
        product_163 += vec4f(dot(left_189, right_185), dot(left_189, right_186), dot(left_189, right_187), dot(left_189, right_188));
        let left_190 = slidingWindow_arena[left_179 + k_177 + 2];
        product_164 += vec4f(dot(left_190, right_181), dot(left_190, right_182), dot(left_190, right_183), dot(left_190, right_184));
        product_165 += vec4f(dot(left_190, right_185), dot(left_190, right_186), dot(left_190, right_187), dot(left_190, right_188));
        let left_191 = slidingWindow_arena[left_179 + k_177 + 4];
        product_166 += vec4f(dot(left_191, right_181), dot(left_191, right_182), dot(left_191, right_183), dot(left_191, right_184));
        product_167 += vec4f(dot(left_191, right_185), dot(left_191, right_186), dot(left_191, right_187), dot(left_191, right_188));
        let left_192 = slidingWindow_arena[left_179 + k_177 + 6];
        product_168 += vec4f(dot(left_192, right_181), dot(left_192, right_182), dot(left_192, right_183), dot(left_192, right_184));
        product_169 += vec4f(dot(left_192, right_185), dot(left_192, right_186), dot(left_192, right_187), dot(left_192, right_188));
      }
      let column_193 = thread_column * 4;
      let map_194 = product_162 / 2.828427;
      let map_195 = product_163 / 2.828427;
      let map_196 = product_164 / 2.828427;
      let map_197 = product_165 / 2.828427;
      let map_198 = product_166 / 2.828427;
      let map_199 = product_167 / 2.828427;
      let map_200 = product_168 / 2.828427;
      let map_201 = product_169 / 2.828427;
      let j_202 = J_38 + column_193;
      let j_203 = j_202 + vec4i(0, 1, 2, 3);
      let i_204 = I_4 + row_178;
      let map_205 = select(vec4f(-3.4e+38), map_194, ((j_203 <= vec4i(i_204)) & (i_204 - j_203 < vec4i(5))) & (j_203 < vec4i(launch.keys)));
      let j_206 = j_202 + 16 + vec4i(0, 1, 2, 3);
      let map_207 = select(vec4f(-3.4e+38), map_195, ((j_206 <= vec4i(i_204)) & (i_204 - j_206 < vec4i(5))) & (j_206 < vec4i(launch.keys)));
      let map_208 = select(vec4f(-3.4e+38), map_196, ((j_203 <= vec4i(i_204 + 1)) & (i_204 + 1 - j_203 < vec4i(5))) & (j_203 < vec4i(launch.keys)));
      let map_209 = select(vec4f(-3.4e+38), map_197, ((j_206 <= vec4i(i_204 + 1)) & (i_204 + 1 - j_206 < vec4i(5))) & (j_206 < vec4i(launch.keys)));
      let map_210 = select(vec4f(-3.4e+38), map_198, ((j_203 <= vec4i(i_204 + 2)) & (i_204 + 2 - j_203 < vec4i(5))) & (j_203 < vec4i(launch.keys)));
      let map_211 = select(vec4f(-3.4e+38), map_199, ((j_206 <= vec4i(i_204 + 2)) & (i_204 + 2 - j_206 < vec4i(5))) & (j_206 < vec4i(launch.keys)));
      let map_212 = select(vec4f(-3.4e+38), map_200, ((j_203 <= vec4i(i_204 + 3)) & (i_204 + 3 - j_203 < vec4i(5))) & (j_203 < vec4i(launch.keys)));
      let map_213 = select(vec4f(-3.4e+38), map_201, ((j_206 <= vec4i(i_204 + 3)) & (i_204 + 3 - j_206 < vec4i(5))) & (j_206 < vec4i(launch.keys)));
      let partial_214 = max(map_205, map_207);
      let partial_215 = max(max(partial_214.x, partial_214.y), max(partial_214.z, partial_214.w));
      let partial_216 = max(map_208, map_209);
      let partial_217 = max(max(partial_216.x, partial_216.y), max(partial_216.z, partial_216.w));
      let partial_218 = max(map_210, map_211);
      let partial_219 = max(max(partial_218.x, partial_218.y), max(partial_218.z, partial_218.w));
      let partial_220 = max(map_212, map_213);
      let partial_221 = max(max(partial_220.x, partial_220.y), max(partial_220.z, partial_220.w));
      let partial_222 = vec4f(partial_215, partial_217, partial_219, partial_221);
      let partial_223 = max(partial_222, subgroupShuffleXor(partial_222, 1u));
      let partial_224 = max(partial_223, subgroupShuffleXor(partial_223, 2u));
      let map_225 = max(carried_19, partial_224.x);
      let map_226 = max(carried_20, partial_224.y);
      let map_227 = max(carried_21, partial_224.z);
      let map_228 = max(carried_22, partial_224.w);
      let map_229 = exponential_difference(carried_19, map_225);
      let map_230 = exponential_difference(carried_20, map_226);
      let map_231 = exponential_difference(carried_21, map_227);
      let map_232 = exponential_difference(carried_22, map_228);
      let map_233 = exponential_difference_wide(map_205, vec4f(map_225));
      let map_234 = exponential_difference_wide(map_207, vec4f(map_225));
      let map_235 = exponential_difference_wide(map_208, vec4f(map_226));
      let map_236 = exponential_difference_wide(map_209, vec4f(map_226));
      let map_237 = exponential_difference_wide(map_210, vec4f(map_227));
      let map_238 = exponential_difference_wide(map_211, vec4f(map_227));
      let map_239 = exponential_difference_wide(map_212, vec4f(map_228));
      let map_240 = exponential_difference_wide(map_213, vec4f(map_228));
      let map_241 = carried_23 * map_229;
      let map_242 = carried_24 * map_230;
      let map_243 = carried_25 * map_231;
      let map_244 = carried_26 * map_232;
      let partial_245 = map_233 + map_234;
      let partial_246 = partial_245.x + partial_245.y + (partial_245.z + partial_245.w);
      let partial_247 = map_235 + map_236;
      let partial_248 = partial_247.x + partial_247.y + (partial_247.z + partial_247.w);
      let partial_249 = map_237 + map_238;
      let partial_250 = partial_249.x + partial_249.y + (partial_249.z + partial_249.w);
      let partial_251 = map_239 + map_240;
      let partial_252 = partial_251.x + partial_251.y + (partial_251.z + partial_251.w);
      let map_253 = map_241 + partial_246;
      let map_254 = map_242 + partial_248;
      let map_255 = map_243 + partial_250;
      let map_256 = map_244 + partial_252;
      let map_257 = carried_27 * map_229;
      let map_258 = carried_28 * map_230;
      let map_259 = carried_29 * map_231;
      let map_260 = carried_30 * map_232;
      workgroupBarrier();
      let line_261 = row_178 * 8;
      slidingWindow_arena[line_261 + thread_column + 64] = map_233;
      slidingWindow_arena[line_261 + (thread_column + 4) + 64] = map_234;
      slidingWindow_arena[line_261 + 8 + thread_column + 64] = map_235;
      slidingWindow_arena[line_261 + 8 + (thread_column + 4) + 64] = map_236;
      slidingWindow_arena[line_261 + 16 + thread_column + 64] = map_237;
      slidingWindow_arena[line_261 + 16 + (thread_column + 4) + 64] = map_238;
      slidingWindow_arena[line_261 + 24 + thread_column + 64] = map_239;
      slidingWindow_arena[line_261 + 24 + (thread_column + 4) + 64] = map_240;
      var product_262 = map_257;
      var product_263 = map_258;
      var product_264 = map_259;
      var product_265 = map_260;
      for (var n_267 = thread; n_267 < 64; n_267 += 32) {
        let line_268 = n_267 / 2;
        let vector_269 = n_267 % 2;
        let place_270 = floor_divide(block_5, 2);
        let at_271 = J_38 + line_268;
        var loaded_272 = vec4f();
        if (u32(at_271) < u32(launch.keys) && u32(vector_269) < 2u) {
          loaded_272 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_270 * launch.v_stride_1 + at_271 * launch.v_stride_2 + vector_269];
        }
        slidingWindow_arena[n_267 + 320] = loaded_272;
      }
      workgroupBarrier();
      for (var k_273 = 0; k_273 < 8; k_273++) {
        let chunk_274 = k_273 * 8;
        let right_275 = slidingWindow_arena[thread_column + chunk_274 + 320];
        let right_276 = slidingWindow_arena[thread_column + chunk_274 + 322];
        let right_277 = slidingWindow_arena[thread_column + chunk_274 + 324];
        let right_278 = slidingWindow_arena[thread_column + chunk_274 + 326];
        let left_279 = slidingWindow_arena[line_261 + k_273 + 64];
        product_262 += left_279.x * right_275;
        product_262 += left_279.y * right_276;
        product_262 += left_279.z * right_277;
        product_262 += left_279.w * right_278;
        let left_280 = slidingWindow_arena[line_261 + k_273 + 72];
        product_263 += left_280.x * right_275;
        product_263 += left_280.y * right_276;
        product_263 += left_280.z * right_277;
        product_263 += left_280.w * right_278;
        let left_281 = slidingWindow_arena[line_261 + k_273 + 80];
        product_264 += left_281.x * right_275;
        product_264 += left_281.y * right_276;
        product_264 += left_281.z * right_277;
        product_264 += left_281.w * right_278;
        let left_282 = slidingWindow_arena[line_261 + k_273 + 88];
        product_265 += left_282.x * right_275;
        product_265 += left_282.y * right_276;
        product_265 += left_282.z * right_277;
        product_265 += left_282.w * right_278;
      }
      chosen_41 = map_225;
      chosen_42 = map_226;
      chosen_43 = map_227;
      chosen_44 = map_228;
      chosen_45 = map_253;
      chosen_46 = map_254;
      chosen_47 = map_255;
      chosen_48 = map_256;
      chosen_49 = product_262;
      chosen_50 = product_263;
      chosen_51 = product_264;
      chosen_52 = product_265;
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
  let partial_283 = vec4f(carried_23, carried_24, carried_25, carried_26);
  let partial_284 = partial_283 + subgroupShuffleXor(partial_283, 1u);
  let partial_285 = partial_284 + subgroupShuffleXor(partial_284, 2u);
  let row_286 = thread_row * 4;
  let column_287 = thread_column * 4;
  let map_288 = select(vec4f(0.0), carried_27 / partial_285.x, partial_285.x > 0.0);
  let map_289 = select(vec4f(0.0), carried_28 / partial_285.y, partial_285.y > 0.0);
  let map_290 = select(vec4f(0.0), carried_29 / partial_285.z, partial_285.z > 0.0);
  let map_291 = select(vec4f(0.0), carried_30 / partial_285.w, partial_285.w > 0.0);
  let stored_292 = select(map_288, vec4f(bitcast<f32>(launch.minus_infinity)), map_288 <= vec4f(-1.7e+38));
  let i_293 = I_4 + row_286;
  let place_294 = i_293 - (launch.keys - launch.rows);
  if (column_287 < 8 && u32(place_294) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_294 * launch.out_stride_2 + thread_column] = stored_292;
  }
  let stored_295 = select(map_289, vec4f(bitcast<f32>(launch.minus_infinity)), map_289 <= vec4f(-1.7e+38));
  let place_296 = i_293 + 1 - (launch.keys - launch.rows);
  if (column_287 < 8 && u32(place_296) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_296 * launch.out_stride_2 + thread_column] = stored_295;
  }
  let stored_297 = select(map_290, vec4f(bitcast<f32>(launch.minus_infinity)), map_290 <= vec4f(-1.7e+38));
  let place_298 = i_293 + 2 - (launch.keys - launch.rows);
  if (column_287 < 8 && u32(place_298) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_298 * launch.out_stride_2 + thread_column] = stored_297;
  }
  let stored_299 = select(map_291, vec4f(bitcast<f32>(launch.minus_infinity)), map_291 <= vec4f(-1.7e+38));
  let place_300 = i_293 + 3 - (launch.keys - launch.rows);
  if (column_287 < 8 && u32(place_300) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_300 * launch.out_stride_2 + thread_column] = stored_299;
  }
  let map_301 = select(-3.4e+38, carried_19 + log(partial_285.x), partial_285.x > 0.0);
  let map_302 = select(-3.4e+38, carried_20 + log(partial_285.y), partial_285.y > 0.0);
  let map_303 = select(-3.4e+38, carried_21 + log(partial_285.z), partial_285.z > 0.0);
  let map_304 = select(-3.4e+38, carried_22 + log(partial_285.w), partial_285.w > 0.0);
  let stored_305 = select(map_301, bitcast<f32>(launch.minus_infinity), map_301 <= -1.7e+38);
  if (thread_column == 0 && u32(place_294) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_294] = stored_305;
  }
  let stored_306 = select(map_302, bitcast<f32>(launch.minus_infinity), map_302 <= -1.7e+38);
  if (thread_column == 0 && u32(place_296) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_296] = stored_306;
  }
  let stored_307 = select(map_303, bitcast<f32>(launch.minus_infinity), map_303 <= -1.7e+38);
  if (thread_column == 0 && u32(place_298) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_298] = stored_307;
  }
  let stored_308 = select(map_304, bitcast<f32>(launch.minus_infinity), map_304 <= -1.7e+38);
  if (thread_column == 0 && u32(place_300) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_300] = stored_308;
  }
}
`;

const features = ["subgroups"];
const limits = {"maxComputeWorkgroupStorageSize":6144,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":5};
const entryPoints = ["slidingWindow"];
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",1,"keys",8],"v":["batch",1,"keys",8]};

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows = queries }, { strides = {}, offsets = {} } = {}) {
  for (const [name, size] of Object.entries({ batch, queries, keys, rows })) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name} is ${size}, not a positive integer`);
  }
  if (queries > keys) throw new RangeError(`there are ${queries} queries and only ${keys} keys`);
  if (rows > queries) throw new RangeError(`${rows} rows of output are wanted, and there are ${queries} queries`);
  if (keys > 4194304) throw new RangeError(`${keys} keys are more than 4194304`);
  const needed = Math.min(keys, rows + 0);
  if (queries < needed) {
    throw new RangeError(`${rows} rows of output need the last ${needed} rows of queries, not ${queries}`);
  }
  const packed = [];
  let packedElements = 0;
  const pack = (name, shape) => {
    if (strides[name]) throw new RangeError(`${name} is packed with others and must be dense`);
    const elements = shape.reduce((product, size) => product * size, 1);
    packed.push({ name, offset: packedElements, elements });
    packedElements += elements;
  };

  const workspace = [];
  let workspaceBytes = 0;
  const reserve = (name, bytes) => {
    workspace.push({ name, bytes, offset: workspaceBytes });
    workspaceBytes += Math.ceil(bytes / 256) * 256;
  };

  const fields = [];
  const places = {};
  for (const each of packed) places[each.name] = each.offset;
  const place = (name, shape, unit) => {
    const dense = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    const own = strides[name] ?? dense;
    const start = places[name] ?? offsets[name] ?? 0;
    if (own.length !== shape.length) throw new RangeError(`${name} has ${shape.length} axes, not ${own.length} strides`);
    if (own.at(-1) !== 1) throw new RangeError(`the last axis of ${name} must be contiguous`);
    for (const number of [start, ...own.slice(0, -1)]) {
      if (number % unit !== 0) throw new RangeError(`strides and offset of ${name} must be multiples of ${unit}`);
      fields.push(number / unit);
    }
  };
  place("q", [batch, 2, queries, 8], 4);
  place("k", [batch, 1, keys, 8], 4);
  place("v", [batch, 1, keys, 8], 4);
  place("out", [batch, 2, rows, 8], 4);
  place("lse", [batch, 2, rows], 1);
  const launch = (variables) => Int32Array.of(batch, queries, keys, rows, -8388608, ...variables, ...fields);
  const widest = 65535;
  const folded = (blocks) => (blocks <= widest ? [blocks, 1, 1] : [widest, Math.ceil(blocks / widest), 1]);
  const dispatches = [];
  const dispatch = (entryPoint, bindings, variables, blocks) => {
    if (blocks > 0) dispatches.push({ entryPoint, bindings, workgroups: folded(blocks), launch: launch(variables) });
  };
  dispatch('slidingWindow', [[1,"q"],[2,"k"],[3,"v"],[4,"out"],[5,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 32)));
  const tensors = {
    "q": { role: 'input', dtype: 'f32', shape: [batch, 2, queries, 8] },
    "k": { role: 'input', dtype: 'f32', shape: [batch, 1, keys, 8] },
    "v": { role: 'input', dtype: 'f32', shape: [batch, 1, keys, 8] },
    "out": { role: 'output', dtype: 'f32', shape: [batch, 2, rows, 8] },
    "lse": { role: 'output', dtype: 'f32', shape: [batch, 2, rows] },
  };
  return { dispatches, workspace, workspaceBytes, packed, packedElements, tensors };
}

/** Checks the device and builds the pipelines. */
export async function createSlidingWindow(device) {
  for (const feature of features) {
    if (!device.features.has(feature)) throw new Error(`the device has no ${feature}`);
  }
  for (const [name, least] of Object.entries(limits)) {
    if (device.limits[name] < least) throw new Error(`the device grants ${device.limits[name]} of ${name}, not ${least}`);
  }
  const module = device.createShaderModule({ code: wgsl });
  const pipelines = new Map();
  for (const entryPoint of entryPoints) {
    const compute = { module, entryPoint };
    pipelines.set(entryPoint, await device.createComputePipelineAsync({ layout: 'auto', compute }));
  }
  const launches = new Map();
  let ownWorkspace;
  let ownPacked;
  const STORAGE = 0x80;
  const COPY = 0x04 | 0x08;

  /** The plan of a launch with its uniforms on the device; the same call finds it again. */
  const launchFor = (sizes, places) => {
    const key = JSON.stringify([sizes, places]);
    let known = launches.get(key);
    if (!known) {
      const plan = planLaunch(sizes, places);
      const stride = Math.ceil((plan.dispatches[0]?.launch.byteLength ?? 4) / 256) * 256;
      const uniforms = device.createBuffer({ size: Math.max(1, plan.dispatches.length) * stride, usage: 0x40, mappedAtCreation: true });
      for (const [n, { launch }] of plan.dispatches.entries()) {
        new Int32Array(uniforms.getMappedRange(n * stride, launch.byteLength)).set(launch);
      }
      uniforms.unmap();
      known = { plan, uniforms, stride };
      launches.set(key, known);
    }
    return known;
  };
  const grown = (buffer, size, usage) => {
    if (buffer && buffer.size >= size) return buffer;
    return device.createBuffer({ size: Math.max(size, 256), usage });
  };

  /**
   * Dispatches into `encoder`, or into `pass`, or submits. `tensors` are GPUBuffers, or { buffer, offset, strides } in elements.
   */
  function dispatch(tensors, sizes, { encoder, pass, workspace } = {}) {
    const buffers = {};
    const places = { strides: {}, offsets: {} };
    for (const [name, given] of Object.entries(tensors)) {
      buffers[name] = given.buffer ?? given;
      if (given.strides) places.strides[name] = given.strides;
      if (given.offset) places.offsets[name] = given.offset;
    }
    const { plan, uniforms, stride } = launchFor(sizes, places);
    for (const name of Object.keys(plan.tensors)) {
      if (!buffers[name]) throw new TypeError(`${name} is missing`);
    }
    if (plan.workspaceBytes > 0) {
      if (workspace && workspace.size < plan.workspaceBytes) {
        throw new RangeError(`the workspace has ${workspace.size} bytes, not ${plan.workspaceBytes}`);
      }
      if (!workspace) ownWorkspace = grown(ownWorkspace, plan.workspaceBytes, STORAGE);
    }
    const own = encoder || pass ? undefined : device.createCommandEncoder();
    const into = encoder ?? own;
    if (plan.packed.length > 0) {
      if (!into) throw new TypeError('small inputs are packed by copies, which need an encoder rather than a pass');
      ownPacked = grown(ownPacked, plan.packedElements * 4, STORAGE | COPY);
      for (const { name, offset, elements } of plan.packed) {
        into.copyBufferToBuffer(buffers[name], (places.offsets[name] ?? 0) * 4, ownPacked, offset * 4, elements * 4);
      }
    }
    const resourceOf = (name) => {
      if (name === '(packed)') return { buffer: ownPacked, size: plan.packedElements * 4 };
      if (name === '(workspace)') return { buffer: workspace ?? ownWorkspace, size: plan.workspaceBytes };
      const part = plan.workspace.find((each) => each.name === name);
      if (part) return { buffer: workspace ?? ownWorkspace, offset: part.offset, size: part.bytes };
      return { buffer: buffers[name] };
    };
    const commands = pass ?? into.beginComputePass();
    for (const [n, { entryPoint, bindings, workgroups, launch }] of plan.dispatches.entries()) {
      const pipeline = pipelines.get(entryPoint);
      const entries = [
        { binding: 0, resource: { buffer: uniforms, offset: n * stride, size: Math.ceil(launch.byteLength / 16) * 16 } },
        ...bindings.map(([binding, name]) => ({ binding, resource: resourceOf(name) })),
      ];
      commands.setPipeline(pipeline);
      commands.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      commands.dispatchWorkgroups(...workgroups);
    }
    if (!pass) commands.end();
    if (own) device.queue.submit([own.finish()]);
  }

  /** Runs once on { shape, data } by name: uploads, dispatches, reads back. */
  async function run(tensors, { rows } = {}) {
    const shapeOf = (axis) => {
      for (const [name, { shape }] of Object.entries(tensors)) {
        const at = (symbolic[name] ?? []).indexOf(axis);
        if (at >= 0) return shape[at];
      }
      return undefined;
    };
    const queries = shapeOf('queries') ?? rows;
    const sizes = { batch: shapeOf('batch') ?? 1, queries, keys: shapeOf('keys') ?? queries, rows: rows ?? queries };
    const { tensors: expected } = planLaunch(sizes);
    const buffers = {};
    const outputs = [];
    try {
      for (const [name, { role, dtype, shape }] of Object.entries(expected)) {
        const elements = shape.reduce((product, size) => product * size, 1);
        const bytes = Math.ceil((elements * (dtype === 'f16' ? 2 : 4)) / 4) * 4;
        buffers[name] = device.createBuffer({ size: bytes, usage: STORAGE | COPY });
        if (role === 'output') {
          outputs.push({ name, dtype, shape, bytes, elements });
          continue;
        }
        const given = tensors[name];
        if (!given) throw new TypeError(`${name} is missing`);
        if (String(given.shape) !== String(shape)) throw new RangeError(`${name} has shape [${given.shape}], not [${shape}]`);
        if (given.data.length !== elements) throw new RangeError(`${name} holds ${given.data.length} numbers, not ${elements}`);
        const data = dtype === 'f16' ? toHalf(given.data) : dtype === 'i32' ? Int32Array.from(given.data) : Float32Array.from(given.data);
        const padded = new Uint8Array(bytes);
        padded.set(new Uint8Array(data.buffer));
        device.queue.writeBuffer(buffers[name], 0, padded);
      }
      dispatch(buffers, sizes);
      const results = {};
      for (const { name, dtype, shape, bytes, elements } of outputs) {
        const staging = device.createBuffer({ size: bytes, usage: 0x01 | 0x08 });
        const encoder = device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffers[name], 0, staging, 0, bytes);
        device.queue.submit([encoder.finish()]);
        await staging.mapAsync(1);
        const copy = staging.getMappedRange().slice(0);
        staging.destroy();
        const data = dtype === 'f16' ? fromHalf(new Uint16Array(copy, 0, elements)) : new Float32Array(copy, 0, elements);
        results[name] = { shape, data };
      }
      return results;
    } finally {
      for (const buffer of Object.values(buffers)) buffer.destroy();
    }
  }

  /** Lets go of everything that this instance has made. */
  function destroy() {
    for (const { uniforms } of launches.values()) uniforms.destroy();
    launches.clear();
    ownWorkspace?.destroy();
    ownPacked?.destroy();
    ownWorkspace = ownPacked = undefined;
  }

  return { dispatch, run, planLaunch, workspaceBytes: (sizes) => planLaunch(sizes).workspaceBytes, destroy };
}

const word = new DataView(new ArrayBuffer(4));

/** The bits of numbers rounded to f16, ties to even. */
function toHalf(numbers) {
  return Uint16Array.from(numbers, (number) => {
    word.setFloat32(0, number);
    const bits = word.getUint32(0);
    const sign = (bits >>> 16) & 0x8000;
    const size = bits & 0x7fffffff;
    if (size >= 0x7f800000) return sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
    if (size >= 0x477ff000) return sign | 0x7c00;
    if (size >= 0x38800000) {
      const rounded = size + 0xfff + ((size >>> 13) & 1);
      return sign | ((rounded - 0x38000000) >>> 13);
    }
    const scaled = Math.abs(number) * 2 ** 24;
    const below = Math.floor(scaled);
    const rest = scaled - below;
    return sign | (below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0));
  });
}

function fromHalf(halves) {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
