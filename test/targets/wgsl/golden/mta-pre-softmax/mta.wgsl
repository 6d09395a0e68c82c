// mta, compiled by heddle golden to WGSL: f32, no subgroups, threads mta 8 × 4.
// heads=2 kvHeads=0 headDim=8 preQueryKernel=2 preKeyKernel=3 preMix=2 postQueryKernel=0 postKeyKernel=0 postMix=0 padKey="both" norm="none" depthScale=false layer=0 gate="none"
// Hash 2c9172e24d5d0e4b of all below. Made by a compiler: change the spec, not this file.

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
@group(0) @binding(4) var<storage, read> theta_pre_data: array<f32>;
@group(0) @binding(5) var<storage, read> mix_pre_data: array<f32>;
@group(0) @binding(6) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> lse_data: array<f32>;

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), x <= f32(-1.7e+38));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), x <= vec4f(-1.7e+38));
}

fn read_theta_pre(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), max(theta_pre_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], -3.4e+38), inside);
}

fn read_mix_pre(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(1)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(2));
  return select(f32(0), max(mix_pre_data[select(0, x_0 * 4 + x_1 * 2 + x_2, inside)], -3.4e+38), inside);
}

var<workgroup> mta_arena: array<vec4f, 996>;

@compute @workgroup_size(32)
fn mta(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks_1 = (launch.keys - (launch.keys - launch.rows) + 30) / 31;
  let block_2 = block % blocks_1;
  let block_3 = block / blocks_1;
  let I_4 = block_2 * 31 + launch.keys - launch.rows;
  let block_5 = block_3 % 1;
  let block_6 = block_3 / 1;
  if (block_6 >= launch.batch) {
    return;
  }
  for (var tap_7 = thread; tap_7 < 2; tap_7 += 32) {
    let counter_8 = tap_7 % 2;
    let entry_9 = read_theta_pre(2 * (block_5), counter_8, 0);
    let entry_10 = read_theta_pre(2 * (block_5), counter_8, 1);
    let entry_11 = read_theta_pre(2 * (block_5), counter_8, 2);
    mta_arena[tap_7] = vec4f(entry_9, entry_10, entry_11, 0.0);
  }
  for (var tap_12 = thread; tap_12 < 2; tap_12 += 32) {
    let counter_13 = tap_12 % 2;
    let entry_14 = read_theta_pre(2 * (block_5) + 1, counter_13, 0);
    let entry_15 = read_theta_pre(2 * (block_5) + 1, counter_13, 1);
    let entry_16 = read_theta_pre(2 * (block_5) + 1, counter_13, 2);
    mta_arena[tap_12 + 2] = vec4f(entry_14, entry_15, entry_16, 0.0);
  }
  for (var n_17 = thread; n_17 < 288; n_17 += 32) {
    mta_arena[n_17 + 4] = vec4f(0.0);
  }
  for (var n_18 = thread; n_18 < 288; n_18 += 32) {
    mta_arena[n_18 + 292] = vec4f(0.0);
  }
  let constant_19 = vec4f(0.0);
  let constant_20 = vec4f(0.0);
  let constant_21 = vec4f(0.0);
  let constant_22 = vec4f(0.0);
  let constant_23 = -3.4e+38;
  let constant_24 = -3.4e+38;
  let constant_25 = -3.4e+38;
  let constant_26 = -3.4e+38;
  let constant_27 = 0.0;
  let constant_28 = 0.0;
  let constant_29 = 0.0;
  let constant_30 = 0.0;
  let constant_31 = vec4f(0.0);
  let constant_32 = vec4f(0.0);
  let constant_33 = vec4f(0.0);
  let constant_34 = vec4f(0.0);
  let constant_35 = -3.4e+38;
  let constant_36 = -3.4e+38;
  let constant_37 = -3.4e+38;
  let constant_38 = -3.4e+38;
  let constant_39 = 0.0;
  let constant_40 = 0.0;
  let constant_41 = 0.0;
  let constant_42 = 0.0;
  var carried_43 = constant_23;
  var carried_44 = constant_24;
  var carried_45 = constant_25;
  var carried_46 = constant_26;
  var carried_47 = constant_27;
  var carried_48 = constant_28;
  var carried_49 = constant_29;
  var carried_50 = constant_30;
  var carried_51 = constant_19;
  var carried_52 = constant_20;
  var carried_53 = constant_21;
  var carried_54 = constant_22;
  var carried_55 = constant_35;
  var carried_56 = constant_36;
  var carried_57 = constant_37;
  var carried_58 = constant_38;
  var carried_59 = constant_39;
  var carried_60 = constant_40;
  var carried_61 = constant_41;
  var carried_62 = constant_42;
  var carried_63 = constant_31;
  var carried_64 = constant_32;
  var carried_65 = constant_33;
  var carried_66 = constant_34;
  for (var n_67 = thread; n_67 < 64; n_67 += 32) {
    let line_68 = n_67 / 2;
    let vector_69 = n_67 % 2;
    let place_70 = 2 * (block_5);
    let at_71 = I_4 - 1 + line_68;
    let place_72 = at_71 - (launch.keys - launch.queries);
    var loaded_73 = vec4f();
    if (u32(place_72) < u32(launch.queries) && u32(vector_69) < 2u) {
      loaded_73 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + place_70 * launch.q_stride_1 + place_72 * launch.q_stride_2 + vector_69];
    }
    mta_arena[n_67 + 580] = loaded_73;
  }
  for (var n_74 = thread; n_74 < 64; n_74 += 32) {
    let line_75 = n_74 / 2;
    let vector_76 = n_74 % 2;
    let place_77 = 2 * (block_5) + 1;
    let at_78 = I_4 - 1 + line_75;
    let place_79 = at_78 - (launch.keys - launch.queries);
    var loaded_80 = vec4f();
    if (u32(place_79) < u32(launch.queries) && u32(vector_76) < 2u) {
      loaded_80 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + place_77 * launch.q_stride_1 + place_79 * launch.q_stride_2 + vector_76];
    }
    mta_arena[n_74 + 644] = loaded_80;
  }
  let end_81 = min(launch.keys, I_4 + 31) + 1;
  for (var J_82 = 0; J_82 < end_81; J_82 += 32) {
    let from_83 = I_4 - 1;
    let is_full_84 = (J_82 + 31 - from_83 <= 0) && ((-from_83 <= 0) && (J_82 + 31 - launch.keys < 0));
    let is_empty_85 = (J_82 - (from_83 + 31) > 0) || ((-(from_83 + 31) > 0) || (J_82 - launch.keys >= 0));
    var chosen_86 = vec4f();
    var chosen_87 = vec4f();
    var chosen_88 = vec4f();
    var chosen_89 = vec4f();
    var chosen_90 = vec4f();
    var chosen_91 = vec4f();
    var chosen_92 = vec4f();
    var chosen_93 = vec4f();
    if (is_empty_85) {
      let constant_94 = vec4f(0.0);
      let constant_95 = vec4f(0.0);
      let constant_96 = vec4f(0.0);
      let constant_97 = vec4f(0.0);
      let constant_98 = vec4f(0.0);
      let constant_99 = vec4f(0.0);
      let constant_100 = vec4f(0.0);
      let constant_101 = vec4f(0.0);
      chosen_86 = constant_94;
      chosen_87 = constant_95;
      chosen_88 = constant_96;
      chosen_89 = constant_97;
      chosen_90 = constant_98;
      chosen_91 = constant_99;
      chosen_92 = constant_100;
      chosen_93 = constant_101;
    }
    else {
      var product_102 = vec4f(0.0);
      var product_103 = vec4f(0.0);
      var product_104 = vec4f(0.0);
      var product_105 = vec4f(0.0);
      var product_106 = vec4f(0.0);
      var product_107 = vec4f(0.0);
      var product_108 = vec4f(0.0);
      var product_109 = vec4f(0.0);
      workgroupBarrier();
      for (var n_111 = thread; n_111 < 64; n_111 += 32) {
        let line_112 = n_111 / 2;
        let vector_113 = n_111 % 2;
        let place_114 = 2 * (block_5);
        let at_115 = J_82 + line_112;
        var loaded_116 = vec4f();
        if (u32(at_115) < u32(launch.keys) && u32(vector_113) < 2u) {
          loaded_116 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_114 * launch.k_stride_1 + at_115 * launch.k_stride_2 + vector_113];
        }
        mta_arena[n_111 + (line_112 >> 2u) + 708] = loaded_116;
      }
      workgroupBarrier();
      let row_118 = thread_row * 4;
      let left_119 = row_118 * 2;
      let right_120 = thread_column * 9;
      for (var k_117 = 0; k_117 < 2; k_117++) {
        let right_121 = mta_arena[right_120 + k_117 + 708];
        let right_122 = mta_arena[right_120 + k_117 + 710];
        let right_123 = mta_arena[right_120 + k_117 + 712];
        let right_124 = mta_arena[right_120 + k_117 + 714];
        let right_125 = mta_arena[right_120 + k_117 + 744];
        let right_126 = mta_arena[right_120 + k_117 + 746];
        let right_127 = mta_arena[right_120 + k_117 + 748];
        let right_128 = mta_arena[right_120 + k_117 + 750];
        let left_129 = mta_arena[left_119 + k_117 + 580];
        product_102 += vec4f(dot(left_129, right_121), dot(left_129, right_122), dot(left_129, right_123), dot(left_129, right_124));
        product_103 += vec4f(dot(left_129, right_125), dot(left_129, right_126), dot(left_129, right_127), dot(left_129, right_128));
        let left_130 = mta_arena[left_119 + k_117 + 582];
        product_104 += vec4f(dot(left_130, right_121), dot(left_130, right_122), dot(left_130, right_123), dot(left_130, right_124));
        product_105 += vec4f(dot(left_130, right_125), dot(left_130, right_126), dot(left_130, right_127), dot(left_130, right_128));
        let left_131 = mta_arena[left_119 + k_117 + 584];
        product_106 += vec4f(dot(left_131, right_121), dot(left_131, right_122), dot(left_131, right_123), dot(left_131, right_124));
        product_107 += vec4f(dot(left_131, right_125), dot(left_131, right_126), dot(left_131, right_127), dot(left_131, right_128));
        let left_132 = mta_arena[left_119 + k_117 + 586];
        product_108 += vec4f(dot(left_132, right_121), dot(left_132, right_122), dot(left_132, right_123), dot(left_132, right_124));
        product_109 += vec4f(dot(left_132, right_125), dot(left_132, right_126), dot(left_132, right_127), dot(left_132, right_128));
      }
      let column_133 = thread_column * 4;
      let map_134 = product_102 / 2.828427;
      let map_135 = product_103 / 2.828427;
      let map_136 = product_104 / 2.828427;
      let map_137 = product_105 / 2.828427;
      let map_138 = product_106 / 2.828427;
      let map_139 = product_107 / 2.828427;
      let map_140 = product_108 / 2.828427;
      let map_141 = product_109 / 2.828427;
      var chosen_142 = map_134;
      var chosen_143 = map_135;
      var chosen_144 = map_136;
      var chosen_145 = map_137;
      var chosen_146 = map_138;
      var chosen_147 = map_139;
      var chosen_148 = map_140;
      var chosen_149 = map_141;
      if (!is_full_84) {
        let j_150 = J_82 + column_133;
        let j_151 = j_150 + vec4i(0, 1, 2, 3);
        let i_152 = I_4 - 1 + row_118;
        let map_153 = select(vec4f(0.0), map_134, (j_151 <= vec4i(i_152)) & (vec4<bool>(0 <= i_152) & (j_151 < vec4i(launch.keys))));
        let j_154 = j_150 + 16 + vec4i(0, 1, 2, 3);
        let map_155 = select(vec4f(0.0), map_135, (j_154 <= vec4i(i_152)) & (vec4<bool>(0 <= i_152) & (j_154 < vec4i(launch.keys))));
        let map_156 = select(vec4f(0.0), map_136, (j_151 <= vec4i(i_152 + 1)) & (vec4<bool>(0 <= i_152 + 1) & (j_151 < vec4i(launch.keys))));
        let map_157 = select(vec4f(0.0), map_137, (j_154 <= vec4i(i_152 + 1)) & (vec4<bool>(0 <= i_152 + 1) & (j_154 < vec4i(launch.keys))));
        let map_158 = select(vec4f(0.0), map_138, (j_151 <= vec4i(i_152 + 2)) & (vec4<bool>(0 <= i_152 + 2) & (j_151 < vec4i(launch.keys))));
        let map_159 = select(vec4f(0.0), map_139, (j_154 <= vec4i(i_152 + 2)) & (vec4<bool>(0 <= i_152 + 2) & (j_154 < vec4i(launch.keys))));
        let map_160 = select(vec4f(0.0), map_140, (j_151 <= vec4i(i_152 + 3)) & (vec4<bool>(0 <= i_152 + 3) & (j_151 < vec4i(launch.keys))));
        let map_161 = select(vec4f(0.0), map_141, (j_154 <= vec4i(i_152 + 3)) & (vec4<bool>(0 <= i_152 + 3) & (j_154 < vec4i(launch.keys))));
        chosen_142 = map_153;
        chosen_143 = map_155;
        chosen_144 = map_156;
        chosen_145 = map_157;
        chosen_146 = map_158;
        chosen_147 = map_159;
        chosen_148 = map_160;
        chosen_149 = map_161;
      }
      chosen_86 = chosen_142;
      chosen_87 = chosen_143;
      chosen_88 = chosen_144;
      chosen_89 = chosen_145;
      chosen_90 = chosen_146;
      chosen_91 = chosen_147;
      chosen_92 = chosen_148;
      chosen_93 = chosen_149;
    }
    workgroupBarrier();
    let to_162 = thread * 9;
    let kept_163 = mta_arena[to_162 + 8 + 4];
    workgroupBarrier();
    mta_arena[to_162 + 4] = kept_163;
    let row_164 = thread_row * 4;
    let line_165 = row_164 * 9;
    mta_arena[line_165 + thread_column + 1 + 4] = chosen_86;
    mta_arena[line_165 + thread_column + 5 + 4] = chosen_87;
    mta_arena[line_165 + thread_column + 10 + 4] = chosen_88;
    mta_arena[line_165 + thread_column + 14 + 4] = chosen_89;
    mta_arena[line_165 + thread_column + 19 + 4] = chosen_90;
    mta_arena[line_165 + thread_column + 23 + 4] = chosen_91;
    mta_arena[line_165 + thread_column + 28 + 4] = chosen_92;
    mta_arena[line_165 + thread_column + 32 + 4] = chosen_93;
    var chosen_166 = vec4f();
    var chosen_167 = vec4f();
    var chosen_168 = vec4f();
    var chosen_169 = vec4f();
    var chosen_170 = vec4f();
    var chosen_171 = vec4f();
    var chosen_172 = vec4f();
    var chosen_173 = vec4f();
    if (is_empty_85) {
      let constant_174 = vec4f(0.0);
      let constant_175 = vec4f(0.0);
      let constant_176 = vec4f(0.0);
      let constant_177 = vec4f(0.0);
      let constant_178 = vec4f(0.0);
      let constant_179 = vec4f(0.0);
      let constant_180 = vec4f(0.0);
      let constant_181 = vec4f(0.0);
      chosen_166 = constant_174;
      chosen_167 = constant_175;
      chosen_168 = constant_176;
      chosen_169 = constant_177;
      chosen_170 = constant_178;
      chosen_171 = constant_179;
      chosen_172 = constant_180;
      chosen_173 = constant_181;
    }
    else {
      var product_182 = vec4f(0.0);
      var product_183 = vec4f(0.0);
      var product_184 = vec4f(0.0);
      var product_185 = vec4f(0.0);
      var product_186 = vec4f(0.0);
      var product_187 = vec4f(0.0);
      var product_188 = vec4f(0.0);
      var product_189 = vec4f(0.0);
      for (var n_191 = thread; n_191 < 64; n_191 += 32) {
        let line_192 = n_191 / 2;
        let vector_193 = n_191 % 2;
        let place_194 = 2 * (block_5) + 1;
        let at_195 = J_82 + line_192;
        var loaded_196 = vec4f();
        if (u32(at_195) < u32(launch.keys) && u32(vector_193) < 2u) {
          loaded_196 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_194 * launch.k_stride_1 + at_195 * launch.k_stride_2 + vector_193];
        }
        mta_arena[n_191 + (line_192 >> 2u) + 708] = loaded_196;
      }
      workgroupBarrier();
      let left_198 = row_164 * 2;
      let right_199 = thread_column * 9;
      for (var k_197 = 0; k_197 < 2; k_197++) {
        let right_200 = mta_arena[right_199 + k_197 + 708];
        let right_201 = mta_arena[right_199 + k_197 + 710];
        let right_202 = mta_arena[right_199 + k_197 + 712];
        let right_203 = mta_arena[right_199 + k_197 + 714];
        let right_204 = mta_arena[right_199 + k_197 + 744];
        let right_205 = mta_arena[right_199 + k_197 + 746];
        let right_206 = mta_arena[right_199 + k_197 + 748];
        let right_207 = mta_arena[right_199 + k_197 + 750];
        let left_208 = mta_arena[left_198 + k_197 + 644];
        product_182 += vec4f(dot(left_208, right_200), dot(left_208, right_201), dot(left_208, right_202), dot(left_208, right_203));
        product_183 += vec4f(dot(left_208, right_204), dot(left_208, right_205), dot(left_208, right_206), dot(left_208, right_207));
        let left_209 = mta_arena[left_198 + k_197 + 646];
        product_184 += vec4f(dot(left_209, right_200), dot(left_209, right_201), dot(left_209, right_202), dot(left_209, right_203));
        product_185 += vec4f(dot(left_209, right_204), dot(left_209, right_205), dot(left_209, right_206), dot(left_209, right_207));
        let left_210 = mta_arena[left_198 + k_197 + 648];
        product_186 += vec4f(dot(left_210, right_200), dot(left_210, right_201), dot(left_210, right_202), dot(left_210, right_203));
        product_187 += vec4f(dot(left_210, right_204), dot(left_210, right_205), dot(left_210, right_206), dot(left_210, right_207));
        let left_211 = mta_arena[left_198 + k_197 + 650];
        product_188 += vec4f(dot(left_211, right_200), dot(left_211, right_201), dot(left_211, right_202), dot(left_211, right_203));
        product_189 += vec4f(dot(left_211, right_204), dot(left_211, right_205), dot(left_211, right_206), dot(left_211, right_207));
      }
      let column_212 = thread_column * 4;
      let map_213 = product_182 / 2.828427;
      let map_214 = product_183 / 2.828427;
      let map_215 = product_184 / 2.828427;
      let map_216 = product_185 / 2.828427;
      let map_217 = product_186 / 2.828427;
      let map_218 = product_187 / 2.828427;
      let map_219 = product_188 / 2.828427;
      let map_220 = product_189 / 2.828427;
      var chosen_221 = map_213;
      var chosen_222 = map_214;
      var chosen_223 = map_215;
      var chosen_224 = map_216;
      var chosen_225 = map_217;
      var chosen_226 = map_218;
      var chosen_227 = map_219;
      var chosen_228 = map_220;
      if (!is_full_84) {
        let j_229 = J_82 + column_212;
        let j_230 = j_229 + vec4i(0, 1, 2, 3);
        let i_231 = I_4 - 1 + row_164;
        let map_232 = select(vec4f(0.0), map_213, (j_230 <= vec4i(i_231)) & (vec4<bool>(0 <= i_231) & (j_230 < vec4i(launch.keys))));
        let j_233 = j_229 + 16 + vec4i(0, 1, 2, 3);
        let map_234 = select(vec4f(0.0), map_214, (j_233 <= vec4i(i_231)) & (vec4<bool>(0 <= i_231) & (j_233 < vec4i(launch.keys))));
        let map_235 = select(vec4f(0.0), map_215, (j_230 <= vec4i(i_231 + 1)) & (vec4<bool>(0 <= i_231 + 1) & (j_230 < vec4i(launch.keys))));
        let map_236 = select(vec4f(0.0), map_216, (j_233 <= vec4i(i_231 + 1)) & (vec4<bool>(0 <= i_231 + 1) & (j_233 < vec4i(launch.keys))));
        let map_237 = select(vec4f(0.0), map_217, (j_230 <= vec4i(i_231 + 2)) & (vec4<bool>(0 <= i_231 + 2) & (j_230 < vec4i(launch.keys))));
        let map_238 = select(vec4f(0.0), map_218, (j_233 <= vec4i(i_231 + 2)) & (vec4<bool>(0 <= i_231 + 2) & (j_233 < vec4i(launch.keys))));
        let map_239 = select(vec4f(0.0), map_219, (j_230 <= vec4i(i_231 + 3)) & (vec4<bool>(0 <= i_231 + 3) & (j_230 < vec4i(launch.keys))));
        let map_240 = select(vec4f(0.0), map_220, (j_233 <= vec4i(i_231 + 3)) & (vec4<bool>(0 <= i_231 + 3) & (j_233 < vec4i(launch.keys))));
        chosen_221 = map_232;
        chosen_222 = map_234;
        chosen_223 = map_235;
        chosen_224 = map_236;
        chosen_225 = map_237;
        chosen_226 = map_238;
        chosen_227 = map_239;
        chosen_228 = map_240;
      }
      chosen_166 = chosen_221;
      chosen_167 = chosen_222;
      chosen_168 = chosen_223;
      chosen_169 = chosen_224;
      chosen_170 = chosen_225;
      chosen_171 = chosen_226;
      chosen_172 = chosen_227;
      chosen_173 = chosen_228;
    }
    let kept_241 = mta_arena[to_162 + 8 + 292];
    workgroupBarrier();
    mta_arena[to_162 + 292] = kept_241;
    mta_arena[line_165 + thread_column + 1 + 292] = chosen_166;
    mta_arena[line_165 + thread_column + 5 + 292] = chosen_167;
    mta_arena[line_165 + thread_column + 10 + 292] = chosen_168;
    mta_arena[line_165 + thread_column + 14 + 292] = chosen_169;
    mta_arena[line_165 + thread_column + 19 + 292] = chosen_170;
    mta_arena[line_165 + thread_column + 23 + 292] = chosen_171;
    mta_arena[line_165 + thread_column + 28 + 292] = chosen_172;
    mta_arena[line_165 + thread_column + 32 + 292] = chosen_173;
    let from_242 = J_82 - 1;
    let is_full_243 = (from_242 + 31 - from_83 <= 0) && ((-from_242 <= 0) && (from_242 + 31 - launch.keys < 0));
    let is_empty_244 = (from_242 - (from_83 + 31) > 0) || ((-(from_242 + 31) > 0) || (from_242 - launch.keys >= 0));
    var chosen_245 = carried_43;
    var chosen_246 = carried_44;
    var chosen_247 = carried_45;
    var chosen_248 = carried_46;
    var chosen_249 = carried_47;
    var chosen_250 = carried_48;
    var chosen_251 = carried_49;
    var chosen_252 = carried_50;
    var chosen_253 = carried_51;
    var chosen_254 = carried_52;
    var chosen_255 = carried_53;
    var chosen_256 = carried_54;
    var chosen_257 = carried_55;
    var chosen_258 = carried_56;
    var chosen_259 = carried_57;
    var chosen_260 = carried_58;
    var chosen_261 = carried_59;
    var chosen_262 = carried_60;
    var chosen_263 = carried_61;
    var chosen_264 = carried_62;
    var chosen_265 = carried_63;
    var chosen_266 = carried_64;
    var chosen_267 = carried_65;
    var chosen_268 = carried_66;
    if (!is_empty_244) {
      var convolved_269 = vec4f(0.0);
      var convolved_270 = vec4f(0.0);
      var convolved_271 = vec4f(0.0);
      var convolved_272 = vec4f(0.0);
      var convolved_273 = vec4f(0.0);
      var convolved_274 = vec4f(0.0);
      var convolved_275 = vec4f(0.0);
      var convolved_276 = vec4f(0.0);
      let weights_277 = mta_arena[0];
      let neighbourhood_279 = row_164 * 9 + thread_column;
      let ring_278 = mta_arena[neighbourhood_279 - 9 + 4];
      let ring_280 = mta_arena[neighbourhood_279 - 8 + 4];
      let window_281 = vec4f(ring_278.z, ring_278.w, ring_280.x, ring_280.y);
      convolved_269 += weights_277.x * window_281;
      let window_282 = vec4f(ring_278.w, ring_280.x, ring_280.y, ring_280.z);
      convolved_269 += weights_277.y * window_282;
      convolved_269 += weights_277.z * ring_280;
      let weights_283 = mta_arena[1];
      let ring_284 = mta_arena[neighbourhood_279 + 4];
      let ring_285 = mta_arena[neighbourhood_279 + 1 + 4];
      let window_286 = vec4f(ring_284.z, ring_284.w, ring_285.x, ring_285.y);
      convolved_269 += weights_283.x * window_286;
      let window_287 = vec4f(ring_284.w, ring_285.x, ring_285.y, ring_285.z);
      convolved_269 += weights_283.y * window_287;
      convolved_269 += weights_283.z * ring_285;
      convolved_271 += weights_277.x * window_286;
      convolved_271 += weights_277.y * window_287;
      convolved_271 += weights_277.z * ring_285;
      let ring_288 = mta_arena[neighbourhood_279 + 9 + 4];
      let ring_289 = mta_arena[neighbourhood_279 + 10 + 4];
      let window_290 = vec4f(ring_288.z, ring_288.w, ring_289.x, ring_289.y);
      convolved_271 += weights_283.x * window_290;
      let window_291 = vec4f(ring_288.w, ring_289.x, ring_289.y, ring_289.z);
      convolved_271 += weights_283.y * window_291;
      convolved_271 += weights_283.z * ring_289;
      convolved_273 += weights_277.x * window_290;
      convolved_273 += weights_277.y * window_291;
      convolved_273 += weights_277.z * ring_289;
      let ring_292 = mta_arena[neighbourhood_279 + 18 + 4];
      let ring_293 = mta_arena[neighbourhood_279 + 19 + 4];
      let window_294 = vec4f(ring_292.z, ring_292.w, ring_293.x, ring_293.y);
      convolved_273 += weights_283.x * window_294;
      let window_295 = vec4f(ring_292.w, ring_293.x, ring_293.y, ring_293.z);
      convolved_273 += weights_283.y * window_295;
      convolved_273 += weights_283.z * ring_293;
      convolved_275 += weights_277.x * window_294;
      convolved_275 += weights_277.y * window_295;
      convolved_275 += weights_277.z * ring_293;
      let ring_296 = mta_arena[neighbourhood_279 + 27 + 4];
      let ring_297 = mta_arena[neighbourhood_279 + 28 + 4];
      let window_298 = vec4f(ring_296.z, ring_296.w, ring_297.x, ring_297.y);
      convolved_275 += weights_283.x * window_298;
      let window_299 = vec4f(ring_296.w, ring_297.x, ring_297.y, ring_297.z);
      convolved_275 += weights_283.y * window_299;
      convolved_275 += weights_283.z * ring_297;
      let ring_300 = mta_arena[neighbourhood_279 - 5 + 4];
      let ring_301 = mta_arena[neighbourhood_279 - 4 + 4];
      let window_302 = vec4f(ring_300.z, ring_300.w, ring_301.x, ring_301.y);
      convolved_270 += weights_277.x * window_302;
      let window_303 = vec4f(ring_300.w, ring_301.x, ring_301.y, ring_301.z);
      convolved_270 += weights_277.y * window_303;
      convolved_270 += weights_277.z * ring_301;
      let ring_304 = mta_arena[neighbourhood_279 + 4 + 4];
      let ring_305 = mta_arena[neighbourhood_279 + 5 + 4];
      let window_306 = vec4f(ring_304.z, ring_304.w, ring_305.x, ring_305.y);
      convolved_270 += weights_283.x * window_306;
      let window_307 = vec4f(ring_304.w, ring_305.x, ring_305.y, ring_305.z);
      convolved_270 += weights_283.y * window_307;
      convolved_270 += weights_283.z * ring_305;
      convolved_272 += weights_277.x * window_306;
      convolved_272 += weights_277.y * window_307;
      convolved_272 += weights_277.z * ring_305;
      let ring_308 = mta_arena[neighbourhood_279 + 13 + 4];
      let ring_309 = mta_arena[neighbourhood_279 + 14 + 4];
      let window_310 = vec4f(ring_308.z, ring_308.w, ring_309.x, ring_309.y);
      convolved_272 += weights_283.x * window_310;
      let window_311 = vec4f(ring_308.w, ring_309.x, ring_309.y, ring_309.z);
      convolved_272 += weights_283.y * window_311;
      convolved_272 += weights_283.z * ring_309;
      convolved_274 += weights_277.x * window_310;
      convolved_274 += weights_277.y * window_311;
      convolved_274 += weights_277.z * ring_309;
      let ring_312 = mta_arena[neighbourhood_279 + 22 + 4];
      let ring_313 = mta_arena[neighbourhood_279 + 23 + 4];
      let window_314 = vec4f(ring_312.z, ring_312.w, ring_313.x, ring_313.y);
      convolved_274 += weights_283.x * window_314;
      let window_315 = vec4f(ring_312.w, ring_313.x, ring_313.y, ring_313.z);
      convolved_274 += weights_283.y * window_315;
      convolved_274 += weights_283.z * ring_313;
      convolved_276 += weights_277.x * window_314;
      convolved_276 += weights_277.y * window_315;
      convolved_276 += weights_277.z * ring_313;
      let ring_316 = mta_arena[neighbourhood_279 + 31 + 4];
      let ring_317 = mta_arena[neighbourhood_279 + 32 + 4];
      let window_318 = vec4f(ring_316.z, ring_316.w, ring_317.x, ring_317.y);
      convolved_276 += weights_283.x * window_318;
      let window_319 = vec4f(ring_316.w, ring_317.x, ring_317.y, ring_317.z);
      convolved_276 += weights_283.y * window_319;
      convolved_276 += weights_283.z * ring_317;
      workgroupBarrier();
      var convolved_320 = vec4f(0.0);
      var convolved_321 = vec4f(0.0);
      var convolved_322 = vec4f(0.0);
      var convolved_323 = vec4f(0.0);
      var convolved_324 = vec4f(0.0);
      var convolved_325 = vec4f(0.0);
      var convolved_326 = vec4f(0.0);
      var convolved_327 = vec4f(0.0);
      let weights_328 = mta_arena[2];
      let ring_329 = mta_arena[neighbourhood_279 - 9 + 292];
      let ring_330 = mta_arena[neighbourhood_279 - 8 + 292];
      let window_331 = vec4f(ring_329.z, ring_329.w, ring_330.x, ring_330.y);
      convolved_320 += weights_328.x * window_331;
      let window_332 = vec4f(ring_329.w, ring_330.x, ring_330.y, ring_330.z);
      convolved_320 += weights_328.y * window_332;
      convolved_320 += weights_328.z * ring_330;
      let weights_333 = mta_arena[3];
      let ring_334 = mta_arena[neighbourhood_279 + 292];
      let ring_335 = mta_arena[neighbourhood_279 + 1 + 292];
      let window_336 = vec4f(ring_334.z, ring_334.w, ring_335.x, ring_335.y);
      convolved_320 += weights_333.x * window_336;
      let window_337 = vec4f(ring_334.w, ring_335.x, ring_335.y, ring_335.z);
      convolved_320 += weights_333.y * window_337;
      convolved_320 += weights_333.z * ring_335;
      convolved_322 += weights_328.x * window_336;
      convolved_322 += weights_328.y * window_337;
      convolved_322 += weights_328.z * ring_335;
      let ring_338 = mta_arena[neighbourhood_279 + 9 + 292];
      let ring_339 = mta_arena[neighbourhood_279 + 10 + 292];
      let window_340 = vec4f(ring_338.z, ring_338.w, ring_339.x, ring_339.y);
      convolved_322 += weights_333.x * window_340;
      let window_341 = vec4f(ring_338.w, ring_339.x, ring_339.y, ring_339.z);
      convolved_322 += weights_333.y * window_341;
      convolved_322 += weights_333.z * ring_339;
      convolved_324 += weights_328.x * window_340;
      convolved_324 += weights_328.y * window_341;
      convolved_324 += weights_328.z * ring_339;
      let ring_342 = mta_arena[neighbourhood_279 + 18 + 292];
      let ring_343 = mta_arena[neighbourhood_279 + 19 + 292];
      let window_344 = vec4f(ring_342.z, ring_342.w, ring_343.x, ring_343.y);
      convolved_324 += weights_333.x * window_344;
      let window_345 = vec4f(ring_342.w, ring_343.x, ring_343.y, ring_343.z);
      convolved_324 += weights_333.y * window_345;
      convolved_324 += weights_333.z * ring_343;
      convolved_326 += weights_328.x * window_344;
      convolved_326 += weights_328.y * window_345;
      convolved_326 += weights_328.z * ring_343;
      let ring_346 = mta_arena[neighbourhood_279 + 27 + 292];
      let ring_347 = mta_arena[neighbourhood_279 + 28 + 292];
      let window_348 = vec4f(ring_346.z, ring_346.w, ring_347.x, ring_347.y);
      convolved_326 += weights_333.x * window_348;
      let window_349 = vec4f(ring_346.w, ring_347.x, ring_347.y, ring_347.z);
      convolved_326 += weights_333.y * window_349;
      convolved_326 += weights_333.z * ring_347;
      let ring_350 = mta_arena[neighbourhood_279 - 5 + 292];
      let ring_351 = mta_arena[neighbourhood_279 - 4 + 292];
      let window_352 = vec4f(ring_350.z, ring_350.w, ring_351.x, ring_351.y);
      convolved_321 += weights_328.x * window_352;
      let window_353 = vec4f(ring_350.w, ring_351.x, ring_351.y, ring_351.z);
      convolved_321 += weights_328.y * window_353;
      convolved_321 += weights_328.z * ring_351;
      let ring_354 = mta_arena[neighbourhood_279 + 4 + 292];
      let ring_355 = mta_arena[neighbourhood_279 + 5 + 292];
      let window_356 = vec4f(ring_354.z, ring_354.w, ring_355.x, ring_355.y);
      convolved_321 += weights_333.x * window_356;
      let window_357 = vec4f(ring_354.w, ring_355.x, ring_355.y, ring_355.z);
      convolved_321 += weights_333.y * window_357;
      convolved_321 += weights_333.z * ring_355;
      convolved_323 += weights_328.x * window_356;
      convolved_323 += weights_328.y * window_357;
      convolved_323 += weights_328.z * ring_355;
      let ring_358 = mta_arena[neighbourhood_279 + 13 + 292];
      let ring_359 = mta_arena[neighbourhood_279 + 14 + 292];
      let window_360 = vec4f(ring_358.z, ring_358.w, ring_359.x, ring_359.y);
      convolved_323 += weights_333.x * window_360;
      let window_361 = vec4f(ring_358.w, ring_359.x, ring_359.y, ring_359.z);
      convolved_323 += weights_333.y * window_361;
      convolved_323 += weights_333.z * ring_359;
      convolved_325 += weights_328.x * window_360;
      convolved_325 += weights_328.y * window_361;
      convolved_325 += weights_328.z * ring_359;
      let ring_362 = mta_arena[neighbourhood_279 + 22 + 292];
      let ring_363 = mta_arena[neighbourhood_279 + 23 + 292];
      let window_364 = vec4f(ring_362.z, ring_362.w, ring_363.x, ring_363.y);
      convolved_325 += weights_333.x * window_364;
      let window_365 = vec4f(ring_362.w, ring_363.x, ring_363.y, ring_363.z);
      convolved_325 += weights_333.y * window_365;
      convolved_325 += weights_333.z * ring_363;
      convolved_327 += weights_328.x * window_364;
      convolved_327 += weights_328.y * window_365;
      convolved_327 += weights_328.z * ring_363;
      let ring_366 = mta_arena[neighbourhood_279 + 31 + 292];
      let ring_367 = mta_arena[neighbourhood_279 + 32 + 292];
      let window_368 = vec4f(ring_366.z, ring_366.w, ring_367.x, ring_367.y);
      convolved_327 += weights_333.x * window_368;
      let window_369 = vec4f(ring_366.w, ring_367.x, ring_367.y, ring_367.z);
      convolved_327 += weights_333.y * window_369;
      convolved_327 += weights_333.z * ring_367;
      let column_370 = thread_column * 4;
      let shared_371 = 2 * (block_5);
      let entry_372 = read_mix_pre(0, shared_371, 0);
      let entry_373 = read_mix_pre(0, shared_371, 1);
      let map_374 = entry_372 * convolved_269 + entry_373 * convolved_320;
      let shared_375 = 2 * (block_5);
      let entry_376 = read_mix_pre(0, shared_375, 0);
      let entry_377 = read_mix_pre(0, shared_375, 1);
      let map_378 = entry_376 * convolved_270 + entry_377 * convolved_321;
      let shared_379 = 2 * (block_5);
      let entry_380 = read_mix_pre(0, shared_379, 0);
      let entry_381 = read_mix_pre(0, shared_379, 1);
      let map_382 = entry_380 * convolved_271 + entry_381 * convolved_322;
      let shared_383 = 2 * (block_5);
      let entry_384 = read_mix_pre(0, shared_383, 0);
      let entry_385 = read_mix_pre(0, shared_383, 1);
      let map_386 = entry_384 * convolved_272 + entry_385 * convolved_323;
      let shared_387 = 2 * (block_5);
      let entry_388 = read_mix_pre(0, shared_387, 0);
      let entry_389 = read_mix_pre(0, shared_387, 1);
      let map_390 = entry_388 * convolved_273 + entry_389 * convolved_324;
      let shared_391 = 2 * (block_5);
      let entry_392 = read_mix_pre(0, shared_391, 0);
      let entry_393 = read_mix_pre(0, shared_391, 1);
      let map_394 = entry_392 * convolved_274 + entry_393 * convolved_325;
      let shared_395 = 2 * (block_5);
      let entry_396 = read_mix_pre(0, shared_395, 0);
      let entry_397 = read_mix_pre(0, shared_395, 1);
      let map_398 = entry_396 * convolved_275 + entry_397 * convolved_326;
      let shared_399 = 2 * (block_5);
      let entry_400 = read_mix_pre(0, shared_399, 0);
      let entry_401 = read_mix_pre(0, shared_399, 1);
      let map_402 = entry_400 * convolved_276 + entry_401 * convolved_327;
      var chosen_403 = map_374;
      var chosen_404 = map_378;
      var chosen_405 = map_382;
      var chosen_406 = map_386;
      var chosen_407 = map_390;
      var chosen_408 = map_394;
      var chosen_409 = map_398;
      var chosen_410 = map_402;
      if (!is_full_243) {
        let j_411 = J_82 - 1 + column_370;
        let j_412 = j_411 + vec4i(0, 1, 2, 3);
        let i_413 = I_4 - 1 + row_164;
        let map_414 = select(vec4f(-3.4e+38), map_374, (j_412 <= vec4i(i_413)) & ((vec4i(0) <= j_412) & (j_412 < vec4i(launch.keys))));
        let j_415 = j_411 + 16 + vec4i(0, 1, 2, 3);
        let map_416 = select(vec4f(-3.4e+38), map_378, (j_415 <= vec4i(i_413)) & ((vec4i(0) <= j_415) & (j_415 < vec4i(launch.keys))));
        let map_417 = select(vec4f(-3.4e+38), map_382, (j_412 <= vec4i(i_413 + 1)) & ((vec4i(0) <= j_412) & (j_412 < vec4i(launch.keys))));
        let map_418 = select(vec4f(-3.4e+38), map_386, (j_415 <= vec4i(i_413 + 1)) & ((vec4i(0) <= j_415) & (j_415 < vec4i(launch.keys))));
        let map_419 = select(vec4f(-3.4e+38), map_390, (j_412 <= vec4i(i_413 + 2)) & ((vec4i(0) <= j_412) & (j_412 < vec4i(launch.keys))));
        let map_420 = select(vec4f(-3.4e+38), map_394, (j_415 <= vec4i(i_413 + 2)) & ((vec4i(0) <= j_415) & (j_415 < vec4i(launch.keys))));
        let map_421 = select(vec4f(-3.4e+38), map_398, (j_412 <= vec4i(i_413 + 3)) & ((vec4i(0) <= j_412) & (j_412 < vec4i(launch.keys))));
        let map_422 = select(vec4f(-3.4e+38), map_402, (j_415 <= vec4i(i_413 + 3)) & ((vec4i(0) <= j_415) & (j_415 < vec4i(launch.keys))));
        chosen_403 = map_414;
        chosen_404 = map_416;
        chosen_405 = map_417;
        chosen_406 = map_418;
        chosen_407 = map_419;
        chosen_408 = map_420;
        chosen_409 = map_421;
        chosen_410 = map_422;
      }
      let partial_423 = max(chosen_403, chosen_404);
      let partial_424 = max(max(partial_423.x, partial_423.y), max(partial_423.z, partial_423.w));
      let partial_425 = max(chosen_405, chosen_406);
      let partial_426 = max(max(partial_425.x, partial_425.y), max(partial_425.z, partial_425.w));
      let partial_427 = max(chosen_407, chosen_408);
      let partial_428 = max(max(partial_427.x, partial_427.y), max(partial_427.z, partial_427.w));
      let partial_429 = max(chosen_409, chosen_410);
      let partial_430 = max(max(partial_429.x, partial_429.y), max(partial_429.z, partial_429.w));
      mta_arena[row_164 + thread_column + 708] = vec4f(partial_424, partial_426, partial_428, partial_430);
      workgroupBarrier();
      let max_431 = max(max(max(mta_arena[row_164 + 708], mta_arena[row_164 + 1 + 708]), mta_arena[row_164 + 2 + 708]), mta_arena[row_164 + 3 + 708]);
      let map_432 = max(carried_43, max_431.x);
      let map_433 = max(carried_44, max_431.y);
      let map_434 = max(carried_45, max_431.z);
      let map_435 = max(carried_46, max_431.w);
      let map_436 = exponential_difference(carried_43, map_432);
      let map_437 = exponential_difference(carried_44, map_433);
      let map_438 = exponential_difference(carried_45, map_434);
      let map_439 = exponential_difference(carried_46, map_435);
      let map_440 = exponential_difference_wide(chosen_403, vec4f(map_432));
      let map_441 = exponential_difference_wide(chosen_404, vec4f(map_432));
      let map_442 = exponential_difference_wide(chosen_405, vec4f(map_433));
      let map_443 = exponential_difference_wide(chosen_406, vec4f(map_433));
      let map_444 = exponential_difference_wide(chosen_407, vec4f(map_434));
      let map_445 = exponential_difference_wide(chosen_408, vec4f(map_434));
      let map_446 = exponential_difference_wide(chosen_409, vec4f(map_435));
      let map_447 = exponential_difference_wide(chosen_410, vec4f(map_435));
      let map_448 = carried_47 * map_436;
      let map_449 = carried_48 * map_437;
      let map_450 = carried_49 * map_438;
      let map_451 = carried_50 * map_439;
      let partial_452 = map_440 + map_441;
      let partial_453 = partial_452.x + partial_452.y + (partial_452.z + partial_452.w);
      let partial_454 = map_442 + map_443;
      let partial_455 = partial_454.x + partial_454.y + (partial_454.z + partial_454.w);
      let partial_456 = map_444 + map_445;
      let partial_457 = partial_456.x + partial_456.y + (partial_456.z + partial_456.w);
      let partial_458 = map_446 + map_447;
      let partial_459 = partial_458.x + partial_458.y + (partial_458.z + partial_458.w);
      let map_460 = map_448 + partial_453;
      let map_461 = map_449 + partial_455;
      let map_462 = map_450 + partial_457;
      let map_463 = map_451 + partial_459;
      let map_464 = carried_51 * map_436;
      let map_465 = carried_52 * map_437;
      let map_466 = carried_53 * map_438;
      let map_467 = carried_54 * map_439;
      workgroupBarrier();
      let line_468 = row_164 * 8;
      mta_arena[line_468 + thread_column + 708] = map_440;
      mta_arena[line_468 + (thread_column + 4) + 708] = map_441;
      mta_arena[line_468 + 8 + thread_column + 708] = map_442;
      mta_arena[line_468 + 8 + (thread_column + 4) + 708] = map_443;
      mta_arena[line_468 + 16 + thread_column + 708] = map_444;
      mta_arena[line_468 + 16 + (thread_column + 4) + 708] = map_445;
      mta_arena[line_468 + 24 + thread_column + 708] = map_446;
      mta_arena[line_468 + 24 + (thread_column + 4) + 708] = map_447;
      var product_469 = map_464;
      var product_470 = map_465;
      var product_471 = map_466;
      var product_472 = map_467;
      for (var slice_473 = 0; slice_473 < 2; slice_473++) {
        workgroupBarrier();
        for (var n_474 = thread; n_474 < 32; n_474 += 32) {
          let line_475 = n_474 / 2;
          let vector_476 = n_474 % 2;
          let place_477 = 2 * (block_5);
          let at_478 = J_82 - 1 + (line_475 + slice_473 * 16);
          var loaded_479 = vec4f();
          if (u32(at_478) < u32(launch.keys) && u32(vector_476) < 2u) {
            loaded_479 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_477 * launch.v_stride_1 + at_478 * launch.v_stride_2 + vector_476];
          }
          mta_arena[n_474 + 964] = loaded_479;
        }
        workgroupBarrier();
        let left_481 = row_164 * 8 + slice_473 * 4;
        for (var k_480 = 0; k_480 < 4; k_480++) {
          let chunk_482 = k_480 * 8;
          let right_483 = mta_arena[thread_column + chunk_482 + 964];
          let right_484 = mta_arena[thread_column + chunk_482 + 966];
          let right_485 = mta_arena[thread_column + chunk_482 + 968];
          let right_486 = mta_arena[thread_column + chunk_482 + 970];
          let left_487 = mta_arena[left_481 + k_480 + 708];
          product_469 += left_487.x * right_483;
          product_469 += left_487.y * right_484;
          product_469 += left_487.z * right_485;
          product_469 += left_487.w * right_486;
          let left_488 = mta_arena[left_481 + k_480 + 716];
          product_470 += left_488.x * right_483;
          product_470 += left_488.y * right_484;
          product_470 += left_488.z * right_485;
          product_470 += left_488.w * right_486;
          let left_489 = mta_arena[left_481 + k_480 + 724];
          product_471 += left_489.x * right_483;
          product_471 += left_489.y * right_484;
          product_471 += left_489.z * right_485;
          product_471 += left_489.w * right_486;
          let left_490 = mta_arena[left_481 + k_480 + 732];
          product_472 += left_490.x * right_483;
          product_472 += left_490.y * right_484;
          product_472 += left_490.z * right_485;
          product_472 += left_490.w * right_486;
        }
      }
      let shared_491 = 2 * (block_5) + 1;
      let entry_492 = read_mix_pre(0, shared_491, 0);
      let entry_493 = read_mix_pre(0, shared_491, 1);
      let map_494 = entry_492 * convolved_269 + entry_493 * convolved_320;
      let shared_495 = 2 * (block_5) + 1;
      let entry_496 = read_mix_pre(0, shared_495, 0);
      let entry_497 = read_mix_pre(0, shared_495, 1);
      let map_498 = entry_496 * convolved_270 + entry_497 * convolved_321;
      let shared_499 = 2 * (block_5) + 1;
      let entry_500 = read_mix_pre(0, shared_499, 0);
      let entry_501 = read_mix_pre(0, shared_499, 1);
      let map_502 = entry_500 * convolved_271 + entry_501 * convolved_322;
      let shared_503 = 2 * (block_5) + 1;
      let entry_504 = read_mix_pre(0, shared_503, 0);
      let entry_505 = read_mix_pre(0, shared_503, 1);
      let map_506 = entry_504 * convolved_272 + entry_505 * convolved_323;
      let shared_507 = 2 * (block_5) + 1;
      let entry_508 = read_mix_pre(0, shared_507, 0);
      let entry_509 = read_mix_pre(0, shared_507, 1);
      let map_510 = entry_508 * convolved_273 + entry_509 * convolved_324;
      let shared_511 = 2 * (block_5) + 1;
      let entry_512 = read_mix_pre(0, shared_511, 0);
      let entry_513 = read_mix_pre(0, shared_511, 1);
      let map_514 = entry_512 * convolved_274 + entry_513 * convolved_325;
      let shared_515 = 2 * (block_5) + 1;
      let entry_516 = read_mix_pre(0, shared_515, 0);
      let entry_517 = read_mix_pre(0, shared_515, 1);
      let map_518 = entry_516 * convolved_275 + entry_517 * convolved_326;
      let shared_519 = 2 * (block_5) + 1;
      let entry_520 = read_mix_pre(0, shared_519, 0);
      let entry_521 = read_mix_pre(0, shared_519, 1);
      let map_522 = entry_520 * convolved_276 + entry_521 * convolved_327;
      var chosen_523 = map_494;
      var chosen_524 = map_498;
      var chosen_525 = map_502;
      var chosen_526 = map_506;
      var chosen_527 = map_510;
      var chosen_528 = map_514;
      var chosen_529 = map_518;
      var chosen_530 = map_522;
      if (!is_full_243) {
        let j_531 = J_82 - 1 + column_370;
        let j_532 = j_531 + vec4i(0, 1, 2, 3);
        let i_533 = I_4 - 1 + row_164;
        let map_534 = select(vec4f(-3.4e+38), map_494, (j_532 <= vec4i(i_533)) & ((vec4i(0) <= j_532) & (j_532 < vec4i(launch.keys))));
        let j_535 = j_531 + 16 + vec4i(0, 1, 2, 3);
        let map_536 = select(vec4f(-3.4e+38), map_498, (j_535 <= vec4i(i_533)) & ((vec4i(0) <= j_535) & (j_535 < vec4i(launch.keys))));
        let map_537 = select(vec4f(-3.4e+38), map_502, (j_532 <= vec4i(i_533 + 1)) & ((vec4i(0) <= j_532) & (j_532 < vec4i(launch.keys))));
        let map_538 = select(vec4f(-3.4e+38), map_506, (j_535 <= vec4i(i_533 + 1)) & ((vec4i(0) <= j_535) & (j_535 < vec4i(launch.keys))));
        let map_539 = select(vec4f(-3.4e+38), map_510, (j_532 <= vec4i(i_533 + 2)) & ((vec4i(0) <= j_532) & (j_532 < vec4i(launch.keys))));
        let map_540 = select(vec4f(-3.4e+38), map_514, (j_535 <= vec4i(i_533 + 2)) & ((vec4i(0) <= j_535) & (j_535 < vec4i(launch.keys))));
        let map_541 = select(vec4f(-3.4e+38), map_518, (j_532 <= vec4i(i_533 + 3)) & ((vec4i(0) <= j_532) & (j_532 < vec4i(launch.keys))));
        let map_542 = select(vec4f(-3.4e+38), map_522, (j_535 <= vec4i(i_533 + 3)) & ((vec4i(0) <= j_535) & (j_535 < vec4i(launch.keys))));
        chosen_523 = map_534;
        chosen_524 = map_536;
        chosen_525 = map_537;
        chosen_526 = map_538;
        chosen_527 = map_539;
        chosen_528 = map_540;
        chosen_529 = map_541;
        chosen_530 = map_542;
      }
      let partial_543 = max(chosen_523, chosen_524);
      let partial_544 = max(max(partial_543.x, partial_543.y), max(partial_543.z, partial_543.w));
      let partial_545 = max(chosen_525, chosen_526);
      let partial_546 = max(max(partial_545.x, partial_545.y), max(partial_545.z, partial_545.w));
      let partial_547 = max(chosen_527, chosen_528);
      let partial_548 = max(max(partial_547.x, partial_547.y), max(partial_547.z, partial_547.w));
      let partial_549 = max(chosen_529, chosen_530);
      let partial_550 = max(max(partial_549.x, partial_549.y), max(partial_549.z, partial_549.w));
      mta_arena[row_164 + thread_column + 708] = vec4f(partial_544, partial_546, partial_548, partial_550);
      workgroupBarrier();
      let max_551 = max(max(max(mta_arena[row_164 + 708], mta_arena[row_164 + 1 + 708]), mta_arena[row_164 + 2 + 708]), mta_arena[row_164 + 3 + 708]);
      let map_552 = max(carried_55, max_551.x);
      let map_553 = max(carried_56, max_551.y);
      let map_554 = max(carried_57, max_551.z);
      let map_555 = max(carried_58, max_551.w);
      let map_556 = exponential_difference(carried_55, map_552);
      let map_557 = exponential_difference(carried_56, map_553);
      let map_558 = exponential_difference(carried_57, map_554);
      let map_559 = exponential_difference(carried_58, map_555);
      let map_560 = exponential_difference_wide(chosen_523, vec4f(map_552));
      let map_561 = exponential_difference_wide(chosen_524, vec4f(map_552));
      let map_562 = exponential_difference_wide(chosen_525, vec4f(map_553));
      let map_563 = exponential_difference_wide(chosen_526, vec4f(map_553));
      let map_564 = exponential_difference_wide(chosen_527, vec4f(map_554));
      let map_565 = exponential_difference_wide(chosen_528, vec4f(map_554));
      let map_566 = exponential_difference_wide(chosen_529, vec4f(map_555));
      let map_567 = exponential_difference_wide(chosen_530, vec4f(map_555));
      let map_568 = carried_59 * map_556;
      let map_569 = carried_60 * map_557;
      let map_570 = carried_61 * map_558;
      let map_571 = carried_62 * map_559;
      let partial_572 = map_560 + map_561;
      let partial_573 = partial_572.x + partial_572.y + (partial_572.z + partial_572.w);
      let partial_574 = map_562 + map_563;
      let partial_575 = partial_574.x + partial_574.y + (partial_574.z + partial_574.w);
      let partial_576 = map_564 + map_565;
      let partial_577 = partial_576.x + partial_576.y + (partial_576.z + partial_576.w);
      let partial_578 = map_566 + map_567;
      let partial_579 = partial_578.x + partial_578.y + (partial_578.z + partial_578.w);
      let map_580 = map_568 + partial_573;
      let map_581 = map_569 + partial_575;
      let map_582 = map_570 + partial_577;
      let map_583 = map_571 + partial_579;
      let map_584 = carried_63 * map_556;
      let map_585 = carried_64 * map_557;
      let map_586 = carried_65 * map_558;
      let map_587 = carried_66 * map_559;
      workgroupBarrier();
      mta_arena[line_468 + thread_column + 708] = map_560;
      mta_arena[line_468 + (thread_column + 4) + 708] = map_561;
      mta_arena[line_468 + 8 + thread_column + 708] = map_562;
      mta_arena[line_468 + 8 + (thread_column + 4) + 708] = map_563;
      mta_arena[line_468 + 16 + thread_column + 708] = map_564;
      mta_arena[line_468 + 16 + (thread_column + 4) + 708] = map_565;
      mta_arena[line_468 + 24 + thread_column + 708] = map_566;
      mta_arena[line_468 + 24 + (thread_column + 4) + 708] = map_567;
      var product_588 = map_584;
      var product_589 = map_585;
      var product_590 = map_586;
      var product_591 = map_587;
      for (var slice_592 = 0; slice_592 < 2; slice_592++) {
        workgroupBarrier();
        for (var n_593 = thread; n_593 < 32; n_593 += 32) {
          let line_594 = n_593 / 2;
          let vector_595 = n_593 % 2;
          let place_596 = 2 * (block_5) + 1;
          let at_597 = J_82 - 1 + (line_594 + slice_592 * 16);
          var loaded_598 = vec4f();
          if (u32(at_597) < u32(launch.keys) && u32(vector_595) < 2u) {
            loaded_598 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_596 * launch.v_stride_1 + at_597 * launch.v_stride_2 + vector_595];
          }
          mta_arena[n_593 + 964] = loaded_598;
        }
        workgroupBarrier();
        let left_600 = row_164 * 8 + slice_592 * 4;
        for (var k_599 = 0; k_599 < 4; k_599++) {
          let chunk_601 = k_599 * 8;
          let right_602 = mta_arena[thread_column + chunk_601 + 964];
          let right_603 = mta_arena[thread_column + chunk_601 + 966];
          let right_604 = mta_arena[thread_column + chunk_601 + 968];
          let right_605 = mta_arena[thread_column + chunk_601 + 970];
          let left_606 = mta_arena[left_600 + k_599 + 708];
          product_588 += left_606.x * right_602;
          product_588 += left_606.y * right_603;
          product_588 += left_606.z * right_604;
          product_588 += left_606.w * right_605;
          let left_607 = mta_arena[left_600 + k_599 + 716];
          product_589 += left_607.x * right_602;
          product_589 += left_607.y * right_603;
          product_589 += left_607.z * right_604;
          product_589 += left_607.w * right_605;
          let left_608 = mta_arena[left_600 + k_599 + 724];
          product_590 += left_608.x * right_602;
          product_590 += left_608.y * right_603;
          product_590 += left_608.z * right_604;
          product_590 += left_608.w * right_605;
          let left_609 = mta_arena[left_600 + k_599 + 732];
          product_591 += left_609.x * right_602;
          product_591 += left_609.y * right_603;
          product_591 += left_609.z * right_604;
          product_591 += left_609.w * right_605;
        }
      }
      chosen_245 = map_432;
      chosen_246 = map_433;
      chosen_247 = map_434;
      chosen_248 = map_435;
      chosen_249 = map_460;
      chosen_250 = map_461;
      chosen_251 = map_462;
      chosen_252 = map_463;
      chosen_253 = product_469;
      chosen_254 = product_470;
      chosen_255 = product_471;
      chosen_256 = product_472;
      chosen_257 = map_552;
      chosen_258 = map_553;
      chosen_259 = map_554;
      chosen_260 = map_555;
      chosen_261 = map_580;
      chosen_262 = map_581;
      chosen_263 = map_582;
      chosen_264 = map_583;
      chosen_265 = product_588;
      chosen_266 = product_589;
      chosen_267 = product_590;
      chosen_268 = product_591;
    }
    carried_43 = chosen_245;
    carried_44 = chosen_246;
    carried_45 = chosen_247;
    carried_46 = chosen_248;
    carried_47 = chosen_249;
    carried_48 = chosen_250;
    carried_49 = chosen_251;
    carried_50 = chosen_252;
    carried_51 = chosen_253;
    carried_52 = chosen_254;
    carried_53 = chosen_255;
    carried_54 = chosen_256;
    carried_55 = chosen_257;
    carried_56 = chosen_258;
    carried_57 = chosen_259;
    carried_58 = chosen_260;
    carried_59 = chosen_261;
    carried_60 = chosen_262;
    carried_61 = chosen_263;
    carried_62 = chosen_264;
    carried_63 = chosen_265;
    carried_64 = chosen_266;
    carried_65 = chosen_267;
    carried_66 = chosen_268;
  }
  let line_610 = thread_row * 4;
  mta_arena[line_610 + thread_column + 708] = vec4f(carried_47, carried_48, carried_49, carried_50);
  workgroupBarrier();
  let sum_611 = mta_arena[line_610 + 708] + mta_arena[line_610 + 1 + 708] + mta_arena[line_610 + 2 + 708] + mta_arena[line_610 + 3 + 708];
  workgroupBarrier();
  mta_arena[line_610 + thread_column + 708] = vec4f(carried_59, carried_60, carried_61, carried_62);
  workgroupBarrier();
  let sum_612 = mta_arena[line_610 + 708] + mta_arena[line_610 + 1 + 708] + mta_arena[line_610 + 2 + 708] + mta_arena[line_610 + 3 + 708];
  let column_613 = thread_column * 4;
  let map_614 = select(vec4f(0.0), carried_51 / sum_611.x, sum_611.x > 0.0);
  let map_615 = select(vec4f(0.0), carried_52 / sum_611.y, sum_611.y > 0.0);
  let map_616 = select(vec4f(0.0), carried_53 / sum_611.z, sum_611.z > 0.0);
  let map_617 = select(vec4f(0.0), carried_54 / sum_611.w, sum_611.w > 0.0);
  let map_618 = select(vec4f(0.0), carried_63 / sum_612.x, sum_612.x > 0.0);
  let map_619 = select(vec4f(0.0), carried_64 / sum_612.y, sum_612.y > 0.0);
  let map_620 = select(vec4f(0.0), carried_65 / sum_612.z, sum_612.z > 0.0);
  let map_621 = select(vec4f(0.0), carried_66 / sum_612.w, sum_612.w > 0.0);
  let stored_622 = select(map_614, vec4f(bitcast<f32>(launch.minus_infinity)), map_614 <= vec4f(-1.7e+38));
  let place_623 = 2 * (block_5);
  let i_624 = I_4 - 1 + line_610;
  let place_625 = i_624 - (launch.keys - launch.rows);
  if (line_610 >= 1 && column_613 < 8 && u32(place_625) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_623 * launch.out_stride_1 + place_625 * launch.out_stride_2 + thread_column] = stored_622;
  }
  let stored_626 = select(map_615, vec4f(bitcast<f32>(launch.minus_infinity)), map_615 <= vec4f(-1.7e+38));
  let place_627 = i_624 + 1 - (launch.keys - launch.rows);
  if (line_610 + 1 >= 1 && column_613 < 8 && u32(place_627) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_623 * launch.out_stride_1 + place_627 * launch.out_stride_2 + thread_column] = stored_626;
  }
  let stored_628 = select(map_616, vec4f(bitcast<f32>(launch.minus_infinity)), map_616 <= vec4f(-1.7e+38));
  let place_629 = i_624 + 2 - (launch.keys - launch.rows);
  if (line_610 + 2 >= 1 && column_613 < 8 && u32(place_629) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_623 * launch.out_stride_1 + place_629 * launch.out_stride_2 + thread_column] = stored_628;
  }
  let stored_630 = select(map_617, vec4f(bitcast<f32>(launch.minus_infinity)), map_617 <= vec4f(-1.7e+38));
  let place_631 = i_624 + 3 - (launch.keys - launch.rows);
  if (line_610 + 3 >= 1 && column_613 < 8 && u32(place_631) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_623 * launch.out_stride_1 + place_631 * launch.out_stride_2 + thread_column] = stored_630;
  }
  let stored_632 = select(map_618, vec4f(bitcast<f32>(launch.minus_infinity)), map_618 <= vec4f(-1.7e+38));
  let place_633 = 2 * (block_5) + 1;
  if (line_610 >= 1 && column_613 < 8 && u32(place_625) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_633 * launch.out_stride_1 + place_625 * launch.out_stride_2 + thread_column] = stored_632;
  }
  let stored_634 = select(map_619, vec4f(bitcast<f32>(launch.minus_infinity)), map_619 <= vec4f(-1.7e+38));
  if (line_610 + 1 >= 1 && column_613 < 8 && u32(place_627) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_633 * launch.out_stride_1 + place_627 * launch.out_stride_2 + thread_column] = stored_634;
  }
  let stored_635 = select(map_620, vec4f(bitcast<f32>(launch.minus_infinity)), map_620 <= vec4f(-1.7e+38));
  if (line_610 + 2 >= 1 && column_613 < 8 && u32(place_629) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_633 * launch.out_stride_1 + place_629 * launch.out_stride_2 + thread_column] = stored_635;
  }
  let stored_636 = select(map_621, vec4f(bitcast<f32>(launch.minus_infinity)), map_621 <= vec4f(-1.7e+38));
  if (line_610 + 3 >= 1 && column_613 < 8 && u32(place_631) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_633 * launch.out_stride_1 + place_631 * launch.out_stride_2 + thread_column] = stored_636;
  }
  let map_637 = select(-3.4e+38, carried_43 + log(sum_611.x), sum_611.x > 0.0);
  let map_638 = select(-3.4e+38, carried_44 + log(sum_611.y), sum_611.y > 0.0);
  let map_639 = select(-3.4e+38, carried_45 + log(sum_611.z), sum_611.z > 0.0);
  let map_640 = select(-3.4e+38, carried_46 + log(sum_611.w), sum_611.w > 0.0);
  let stored_641 = select(map_637, bitcast<f32>(launch.minus_infinity), map_637 <= -1.7e+38);
  if (thread_column == 0 && line_610 >= 1 && u32(place_625) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_623 * launch.lse_stride_1 + place_625] = stored_641;
  }
  let stored_642 = select(map_638, bitcast<f32>(launch.minus_infinity), map_638 <= -1.7e+38);
  if (thread_column == 0 && line_610 + 1 >= 1 && u32(place_627) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_623 * launch.lse_stride_1 + place_627] = stored_642;
  }
  let stored_643 = select(map_639, bitcast<f32>(launch.minus_infinity), map_639 <= -1.7e+38);
  if (thread_column == 0 && line_610 + 2 >= 1 && u32(place_629) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_623 * launch.lse_stride_1 + place_629] = stored_643;
  }
  let stored_644 = select(map_640, bitcast<f32>(launch.minus_infinity), map_640 <= -1.7e+38);
  if (thread_column == 0 && line_610 + 3 >= 1 && u32(place_631) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_623 * launch.lse_stride_1 + place_631] = stored_644;
  }
  let map_645 = select(-3.4e+38, carried_55 + log(sum_612.x), sum_612.x > 0.0);
  let map_646 = select(-3.4e+38, carried_56 + log(sum_612.y), sum_612.y > 0.0);
  let map_647 = select(-3.4e+38, carried_57 + log(sum_612.z), sum_612.z > 0.0);
  let map_648 = select(-3.4e+38, carried_58 + log(sum_612.w), sum_612.w > 0.0);
  let stored_649 = select(map_645, bitcast<f32>(launch.minus_infinity), map_645 <= -1.7e+38);
  if (thread_column == 0 && line_610 >= 1 && u32(place_625) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_633 * launch.lse_stride_1 + place_625] = stored_649;
  }
  let stored_650 = select(map_646, bitcast<f32>(launch.minus_infinity), map_646 <= -1.7e+38);
  if (thread_column == 0 && line_610 + 1 >= 1 && u32(place_627) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_633 * launch.lse_stride_1 + place_627] = stored_650;
  }
  let stored_651 = select(map_647, bitcast<f32>(launch.minus_infinity), map_647 <= -1.7e+38);
  if (thread_column == 0 && line_610 + 2 >= 1 && u32(place_629) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_633 * launch.lse_stride_1 + place_629] = stored_651;
  }
  let stored_652 = select(map_648, bitcast<f32>(launch.minus_infinity), map_648 <= -1.7e+38);
  if (thread_column == 0 && line_610 + 3 >= 1 && u32(place_631) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_633 * launch.lse_stride_1 + place_631] = stored_652;
  }
}
