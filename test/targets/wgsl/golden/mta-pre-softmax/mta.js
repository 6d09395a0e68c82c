// mta, compiled by heddle golden to WGSL: f32, no subgroups, threads mta 8 × 4.
// heads=2 kvHeads=0 headDim=8 preQueryKernel=2 preKeyKernel=3 preMix=2 postQueryKernel=0 postKeyKernel=0 postMix=0 padKey="both" norm="none" depthScale=false layer=0 gate="none"
// Hash 08e9e03913befea8 of all below. Made by a compiler: change the spec, not this file.

export const wgsl = `// mta, compiled by heddle golden to WGSL: f32, no subgroups, threads mta 8 × 4.
// heads=2 kvHeads=0 headDim=8 preQueryKernel=2 preKeyKernel=3 preMix=2 postQueryKernel=0 postKeyKernel=0 postMix=0 padKey="both" norm="none" depthScale=false layer=0 gate="none"
// Hash 4f1dc173a3580393 of all below. Made by a compiler: change the spec, not this file.

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
  let I_4 = block_2 * 31 + (launch.keys - launch.rows);
  if (block_3 >= launch.batch) {
    return;
  }
  for (var tap_5 = thread; tap_5 < 2; tap_5 += 32) {
    let counter_6 = tap_5 % 2;
    let entry_7 = read_theta_pre(0, counter_6, 0);
    let entry_8 = read_theta_pre(0, counter_6, 1);
    let entry_9 = read_theta_pre(0, counter_6, 2);
    mta_arena[tap_5] = vec4f(entry_7, entry_8, entry_9, 0.0);
  }
  for (var tap_10 = thread; tap_10 < 2; tap_10 += 32) {
    let counter_11 = tap_10 % 2;
    let entry_12 = read_theta_pre(1, counter_11, 0);
    let entry_13 = read_theta_pre(1, counter_11, 1);
    let entry_14 = read_theta_pre(1, counter_11, 2);
    mta_arena[tap_10 + 2] = vec4f(entry_12, entry_13, entry_14, 0.0);
  }
  for (var n_15 = thread; n_15 < 288; n_15 += 32) {
    mta_arena[n_15 + 4] = vec4f(0.0);
  }
  for (var n_16 = thread; n_16 < 288; n_16 += 32) {
    mta_arena[n_16 + 292] = vec4f(0.0);
  }
  let constant_17 = vec4f(0.0);
  let constant_18 = vec4f(0.0);
  let constant_19 = vec4f(0.0);
  let constant_20 = vec4f(0.0);
  let constant_21 = -3.4e+38;
  let constant_22 = -3.4e+38;
  let constant_23 = -3.4e+38;
  let constant_24 = -3.4e+38;
  let constant_25 = 0.0;
  let constant_26 = 0.0;
  let constant_27 = 0.0;
  let constant_28 = 0.0;
  let constant_29 = vec4f(0.0);
  let constant_30 = vec4f(0.0);
  let constant_31 = vec4f(0.0);
  let constant_32 = vec4f(0.0);
  let constant_33 = -3.4e+38;
  let constant_34 = -3.4e+38;
  let constant_35 = -3.4e+38;
  let constant_36 = -3.4e+38;
  let constant_37 = 0.0;
  let constant_38 = 0.0;
  let constant_39 = 0.0;
  let constant_40 = 0.0;
  var carried_41 = constant_21;
  var carried_42 = constant_22;
  var carried_43 = constant_23;
  var carried_44 = constant_24;
  var carried_45 = constant_25;
  var carried_46 = constant_26;
  var carried_47 = constant_27;
  var carried_48 = constant_28;
  var carried_49 = constant_17;
  var carried_50 = constant_18;
  var carried_51 = constant_19;
  var carried_52 = constant_20;
  var carried_53 = constant_33;
  var carried_54 = constant_34;
  var carried_55 = constant_35;
  var carried_56 = constant_36;
  var carried_57 = constant_37;
  var carried_58 = constant_38;
  var carried_59 = constant_39;
  var carried_60 = constant_40;
  var carried_61 = constant_29;
  var carried_62 = constant_30;
  var carried_63 = constant_31;
  var carried_64 = constant_32;
  for (var n_65 = thread; n_65 < 64; n_65 += 32) {
    let line_66 = n_65 / 2;
    let vector_67 = n_65 % 2;
    let at_68 = I_4 - 1 + line_66;
    let place_69 = at_68 - (launch.keys - launch.queries);
    var loaded_70 = vec4f();
    if (u32(place_69) < u32(launch.queries) && u32(vector_67) < 2u) {
      loaded_70 = q_data[launch.q_offset + block_3 * launch.q_stride_0 + place_69 * launch.q_stride_2 + vector_67];
    }
    mta_arena[n_65 + 580] = loaded_70;
  }
  for (var n_71 = thread; n_71 < 64; n_71 += 32) {
    let line_72 = n_71 / 2;
    let vector_73 = n_71 % 2;
    let at_74 = I_4 - 1 + line_72;
    let place_75 = at_74 - (launch.keys - launch.queries);
    var loaded_76 = vec4f();
    if (u32(place_75) < u32(launch.queries) && u32(vector_73) < 2u) {
      loaded_76 = q_data[launch.q_offset + block_3 * launch.q_stride_0 + 1 * launch.q_stride_1 + place_75 * launch.q_stride_2 + vector_73];
    }
    mta_arena[n_71 + 644] = loaded_76;
  }
  let end_77 = min(launch.keys, I_4 + 31) + 1;
  for (var J_78 = 0; J_78 < end_77; J_78 += 32) {
    let from_79 = I_4 - 1;
    let is_full_80 = (J_78 + 31 - from_79 <= 0) && ((-from_79 <= 0) && (J_78 + 31 - launch.keys < 0));
    let is_empty_81 = (J_78 - (from_79 + 31) > 0) || ((-(from_79 + 31) > 0) || (J_78 - launch.keys >= 0));
    var chosen_82 = vec4f();
    var chosen_83 = vec4f();
    var chosen_84 = vec4f();
    var chosen_85 = vec4f();
    var chosen_86 = vec4f();
    var chosen_87 = vec4f();
    var chosen_88 = vec4f();
    var chosen_89 = vec4f();
    if (is_empty_81) {
      let constant_90 = vec4f(0.0);
      let constant_91 = vec4f(0.0);
      let constant_92 = vec4f(0.0);
      let constant_93 = vec4f(0.0);
      let constant_94 = vec4f(0.0);
      let constant_95 = vec4f(0.0);
      let constant_96 = vec4f(0.0);
      let constant_97 = vec4f(0.0);
      chosen_82 = constant_90;
      chosen_83 = constant_91;
      chosen_84 = constant_92;
      chosen_85 = constant_93;
      chosen_86 = constant_94;
      chosen_87 = constant_95;
      chosen_88 = constant_96;
      chosen_89 = constant_97;
    }
    else {
      var product_98 = vec4f(0.0);
      var product_99 = vec4f(0.0);
      var product_100 = vec4f(0.0);
      var product_101 = vec4f(0.0);
      var product_102 = vec4f(0.0);
      var product_103 = vec4f(0.0);
      var product_104 = vec4f(0.0);
      var product_105 = vec4f(0.0);
      workgroupBarrier();
      for (var n_107 = thread; n_107 < 64; n_107 += 32) {
        let line_108 = n_107 / 2;
        let vector_109 = n_107 % 2;
        let at_110 = J_78 + line_108;
        var loaded_111 = vec4f();
        if (u32(at_110) < u32(launch.keys) && u32(vector_109) < 2u) {
          loaded_111 = k_data[launch.k_offset + block_3 * launch.k_stride_0 + at_110 * launch.k_stride_2 + vector_109];
        }
        mta_arena[n_107 + (line_108 >> 2u) + 708] = loaded_111;
      }
      workgroupBarrier();
      let row_113 = thread_row * 4;
      let left_114 = row_113 * 2;
      let right_115 = thread_column * 9;
      for (var k_112 = 0; k_112 < 2; k_112++) {
        let right_116 = mta_arena[right_115 + k_112 + 708];
        let right_117 = mta_arena[right_115 + k_112 + 710];
        let right_118 = mta_arena[right_115 + k_112 + 712];
        let right_119 = mta_arena[right_115 + k_112 + 714];
        let right_120 = mta_arena[right_115 + k_112 + 744];
        let right_121 = mta_arena[right_115 + k_112 + 746];
        let right_122 = mta_arena[right_115 + k_112 + 748];
        let right_123 = mta_arena[right_115 + k_112 + 750];
        let left_124 = mta_arena[left_114 + k_112 + 580];
        product_98 += vec4f(dot(left_124, right_116), dot(left_124, right_117), dot(left_124, right_118), dot(left_124, right_119));
        product_99 += vec4f(dot(left_124, right_120), dot(left_124, right_121), dot(left_124, right_122), dot(left_124, right_123));
        let left_125 = mta_arena[left_114 + k_112 + 582];
        product_100 += vec4f(dot(left_125, right_116), dot(left_125, right_117), dot(left_125, right_118), dot(left_125, right_119));
        product_101 += vec4f(dot(left_125, right_120), dot(left_125, right_121), dot(left_125, right_122), dot(left_125, right_123));
        let left_126 = mta_arena[left_114 + k_112 + 584];
        product_102 += vec4f(dot(left_126, right_116), dot(left_126, right_117), dot(left_126, right_118), dot(left_126, right_119));
        product_103 += vec4f(dot(left_126, right_120), dot(left_126, right_121), dot(left_126, right_122), dot(left_126, right_123));
        let left_127 = mta_arena[left_114 + k_112 + 586];
        product_104 += vec4f(dot(left_127, right_116), dot(left_127, right_117), dot(left_127, right_118), dot(left_127, right_119));
        product_105 += vec4f(dot(left_127, right_120), dot(left_127, right_121), dot(left_127, right_122), dot(left_127, right_123));
      }
      let column_128 = thread_column * 4;
      let map_129 = product_98 / 2.828427;
      let map_130 = product_99 / 2.828427;
      let map_131 = product_100 / 2.828427;
      let map_132 = product_101 / 2.828427;
      let map_133 = product_102 / 2.828427;
      let map_134 = product_103 / 2.828427;
      let map_135 = product_104 / 2.828427;
      let map_136 = product_105 / 2.828427;
      var chosen_137 = map_129;
      var chosen_138 = map_130;
      var chosen_139 = map_131;
      var chosen_140 = map_132;
      var chosen_141 = map_133;
      var chosen_142 = map_134;
      var chosen_143 = map_135;
      var chosen_144 = map_136;
      if (!is_full_80) {
        let j_145 = J_78 + column_128;
        let j_146 = j_145 + vec4i(0, 1, 2, 3);
        let i_147 = I_4 - 1 + row_113;
        let map_148 = select(vec4f(0.0), map_129, (j_146 <= vec4i(i_147)) & (vec4<bool>(0 <= i_147) & (j_146 < vec4i(launch.keys))));
        let j_149 = j_145 + 16 + vec4i(0, 1, 2, 3);
        let map_150 = select(vec4f(0.0), map_130, (j_149 <= vec4i(i_147)) & (vec4<bool>(0 <= i_147) & (j_149 < vec4i(launch.keys))));
        let map_151 = select(vec4f(0.0), map_131, (j_146 <= vec4i(i_147 + 1)) & (vec4<bool>(0 <= i_147 + 1) & (j_146 < vec4i(launch.keys))));
        let map_152 = select(vec4f(0.0), map_132, (j_149 <= vec4i(i_147 + 1)) & (vec4<bool>(0 <= i_147 + 1) & (j_149 < vec4i(launch.keys))));
        let map_153 = select(vec4f(0.0), map_133, (j_146 <= vec4i(i_147 + 2)) & (vec4<bool>(0 <= i_147 + 2) & (j_146 < vec4i(launch.keys))));
        let map_154 = select(vec4f(0.0), map_134, (j_149 <= vec4i(i_147 + 2)) & (vec4<bool>(0 <= i_147 + 2) & (j_149 < vec4i(launch.keys))));
        let map_155 = select(vec4f(0.0), map_135, (j_146 <= vec4i(i_147 + 3)) & (vec4<bool>(0 <= i_147 + 3) & (j_146 < vec4i(launch.keys))));
        let map_156 = select(vec4f(0.0), map_136, (j_149 <= vec4i(i_147 + 3)) & (vec4<bool>(0 <= i_147 + 3) & (j_149 < vec4i(launch.keys))));
        chosen_137 = map_148;
        chosen_138 = map_150;
        chosen_139 = map_151;
        chosen_140 = map_152;
        chosen_141 = map_153;
        chosen_142 = map_154;
        chosen_143 = map_155;
        chosen_144 = map_156;
      }
      chosen_82 = chosen_137;
      chosen_83 = chosen_138;
      chosen_84 = chosen_139;
      chosen_85 = chosen_140;
      chosen_86 = chosen_141;
      chosen_87 = chosen_142;
      chosen_88 = chosen_143;
      chosen_89 = chosen_144;
    }
    workgroupBarrier();
    let to_157 = thread * 9;
    let kept_158 = mta_arena[to_157 + 8 + 4];
    workgroupBarrier();
    mta_arena[to_157 + 4] = kept_158;
    let row_159 = thread_row * 4;
    let line_160 = row_159 * 9;
    mta_arena[line_160 + thread_column + 1 + 4] = chosen_82;
    mta_arena[line_160 + thread_column + 5 + 4] = chosen_83;
    mta_arena[line_160 + thread_column + 10 + 4] = chosen_84;
    mta_arena[line_160 + thread_column + 14 + 4] = chosen_85;
    mta_arena[line_160 + thread_column + 19 + 4] = chosen_86;
    mta_arena[line_160 + thread_column + 23 + 4] = chosen_87;
    mta_arena[line_160 + thread_column + 28 + 4] = chosen_88;
    mta_arena[line_160 + thread_column + 32 + 4] = chosen_89;
    var chosen_161 = vec4f();
    var chosen_162 = vec4f();
    var chosen_163 = vec4f();
    var chosen_164 = vec4f();
    var chosen_165 = vec4f();
    var chosen_166 = vec4f();
    var chosen_167 = vec4f();
    var chosen_168 = vec4f();
    if (is_empty_81) {
      let constant_169 = vec4f(0.0);
      let constant_170 = vec4f(0.0);
      let constant_171 = vec4f(0.0);
      let constant_172 = vec4f(0.0);
      let constant_173 = vec4f(0.0);
      let constant_174 = vec4f(0.0);
      let constant_175 = vec4f(0.0);
      let constant_176 = vec4f(0.0);
      chosen_161 = constant_169;
      chosen_162 = constant_170;
      chosen_163 = constant_171;
      chosen_164 = constant_172;
      chosen_165 = constant_173;
      chosen_166 = constant_174;
      chosen_167 = constant_175;
      chosen_168 = constant_176;
    }
    else {
      var product_177 = vec4f(0.0);
      var product_178 = vec4f(0.0);
      var product_179 = vec4f(0.0);
      var product_180 = vec4f(0.0);
      var product_181 = vec4f(0.0);
      var product_182 = vec4f(0.0);
      var product_183 = vec4f(0.0);
      var product_184 = vec4f(0.0);
      for (var n_186 = thread; n_186 < 64; n_186 += 32) {
        let line_187 = n_186 / 2;
        let vector_188 = n_186 % 2;
        let at_189 = J_78 + line_187;
        var loaded_190 = vec4f();
        if (u32(at_189) < u32(launch.keys) && u32(vector_188) < 2u) {
          loaded_190 = k_data[launch.k_offset + block_3 * launch.k_stride_0 + 1 * launch.k_stride_1 + at_189 * launch.k_stride_2 + vector_188];
        }
        mta_arena[n_186 + (line_187 >> 2u) + 708] = loaded_190;
      }
      workgroupBarrier();
      let left_192 = row_159 * 2;
      let right_193 = thread_column * 9;
      for (var k_191 = 0; k_191 < 2; k_191++) {
        let right_194 = mta_arena[right_193 + k_191 + 708];
        let right_195 = mta_arena[right_193 + k_191 + 710];
        let right_196 = mta_arena[right_193 + k_191 + 712];
        let right_197 = mta_arena[right_193 + k_191 + 714];
        let right_198 = mta_arena[right_193 + k_191 + 744];
        let right_199 = mta_arena[right_193 + k_191 + 746];
        let right_200 = mta_arena[right_193 + k_191 + 748];
        let right_201 = mta_arena[right_193 + k_191 + 750];
        let left_202 = mta_arena[left_192 + k_191 + 644];
        product_177 += vec4f(dot(left_202, right_194), dot(left_202, right_195), dot(left_202, right_196), dot(left_202, right_197));
        product_178 += vec4f(dot(left_202, right_198), dot(left_202, right_199), dot(left_202, right_200), dot(left_202, right_201));
        let left_203 = mta_arena[left_192 + k_191 + 646];
        product_179 += vec4f(dot(left_203, right_194), dot(left_203, right_195), dot(left_203, right_196), dot(left_203, right_197));
        product_180 += vec4f(dot(left_203, right_198), dot(left_203, right_199), dot(left_203, right_200), dot(left_203, right_201));
        let left_204 = mta_arena[left_192 + k_191 + 648];
        product_181 += vec4f(dot(left_204, right_194), dot(left_204, right_195), dot(left_204, right_196), dot(left_204, right_197));
        product_182 += vec4f(dot(left_204, right_198), dot(left_204, right_199), dot(left_204, right_200), dot(left_204, right_201));
        let left_205 = mta_arena[left_192 + k_191 + 650];
        product_183 += vec4f(dot(left_205, right_194), dot(left_205, right_195), dot(left_205, right_196), dot(left_205, right_197));
        product_184 += vec4f(dot(left_205, right_198), dot(left_205, right_199), dot(left_205, right_200), dot(left_205, right_201));
      }
      let column_206 = thread_column * 4;
      let map_207 = product_177 / 2.828427;
      let map_208 = product_178 / 2.828427;
      let map_209 = product_179 / 2.828427;
      let map_210 = product_180 / 2.828427;
      let map_211 = product_181 / 2.828427;
      let map_212 = product_182 / 2.828427;
      let map_213 = product_183 / 2.828427;
      let map_214 = product_184 / 2.828427;
      var chosen_215 = map_207;
      var chosen_216 = map_208;
      var chosen_217 = map_209;
      var chosen_218 = map_210;
      var chosen_219 = map_211;
      var chosen_220 = map_212;
      var chosen_221 = map_213;
      var chosen_222 = map_214;
      if (!is_full_80) {
        let j_223 = J_78 + column_206;
        let j_224 = j_223 + vec4i(0, 1, 2, 3);
        let i_225 = I_4 - 1 + row_159;
        let map_226 = select(vec4f(0.0), map_207, (j_224 <= vec4i(i_225)) & (vec4<bool>(0 <= i_225) & (j_224 < vec4i(launch.keys))));
        let j_227 = j_223 + 16 + vec4i(0, 1, 2, 3);
        let map_228 = select(vec4f(0.0), map_208, (j_227 <= vec4i(i_225)) & (vec4<bool>(0 <= i_225) & (j_227 < vec4i(launch.keys))));
        let map_229 = select(vec4f(0.0), map_209, (j_224 <= vec4i(i_225 + 1)) & (vec4<bool>(0 <= i_225 + 1) & (j_224 < vec4i(launch.keys))));
        let map_230 = select(vec4f(0.0), map_210, (j_227 <= vec4i(i_225 + 1)) & (vec4<bool>(0 <= i_225 + 1) & (j_227 < vec4i(launch.keys))));
        let map_231 = select(vec4f(0.0), map_211, (j_224 <= vec4i(i_225 + 2)) & (vec4<bool>(0 <= i_225 + 2) & (j_224 < vec4i(launch.keys))));
        let map_232 = select(vec4f(0.0), map_212, (j_227 <= vec4i(i_225 + 2)) & (vec4<bool>(0 <= i_225 + 2) & (j_227 < vec4i(launch.keys))));
        let map_233 = select(vec4f(0.0), map_213, (j_224 <= vec4i(i_225 + 3)) & (vec4<bool>(0 <= i_225 + 3) & (j_224 < vec4i(launch.keys))));
        let map_234 = select(vec4f(0.0), map_214, (j_227 <= vec4i(i_225 + 3)) & (vec4<bool>(0 <= i_225 + 3) & (j_227 < vec4i(launch.keys))));
        chosen_215 = map_226;
        chosen_216 = map_228;
        chosen_217 = map_229;
        chosen_218 = map_230;
        chosen_219 = map_231;
        chosen_220 = map_232;
        chosen_221 = map_233;
        chosen_222 = map_234;
      }
      chosen_161 = chosen_215;
      chosen_162 = chosen_216;
      chosen_163 = chosen_217;
      chosen_164 = chosen_218;
      chosen_165 = chosen_219;
      chosen_166 = chosen_220;
      chosen_167 = chosen_221;
      chosen_168 = chosen_222;
    }
    let kept_235 = mta_arena[to_157 + 8 + 292];
    workgroupBarrier();
    mta_arena[to_157 + 292] = kept_235;
    mta_arena[line_160 + thread_column + 1 + 292] = chosen_161;
    mta_arena[line_160 + thread_column + 5 + 292] = chosen_162;
    mta_arena[line_160 + thread_column + 10 + 292] = chosen_163;
    mta_arena[line_160 + thread_column + 14 + 292] = chosen_164;
    mta_arena[line_160 + thread_column + 19 + 292] = chosen_165;
    mta_arena[line_160 + thread_column + 23 + 292] = chosen_166;
    mta_arena[line_160 + thread_column + 28 + 292] = chosen_167;
    mta_arena[line_160 + thread_column + 32 + 292] = chosen_168;
    let from_236 = J_78 - 1;
    let is_full_237 = (from_236 + 31 - from_79 <= 0) && ((-from_236 <= 0) && (from_236 + 31 - launch.keys < 0));
    let is_empty_238 = (from_236 - (from_79 + 31) > 0) || ((-(from_236 + 31) > 0) || (from_236 - launch.keys >= 0));
    var chosen_239 = carried_41;
    var chosen_240 = carried_42;
    var chosen_241 = carried_43;
    var chosen_242 = carried_44;
    var chosen_243 = carried_45;
    var chosen_244 = carried_46;
    var chosen_245 = carried_47;
    var chosen_246 = carried_48;
    var chosen_247 = carried_49;
    var chosen_248 = carried_50;
    var chosen_249 = carried_51;
    var chosen_250 = carried_52;
    var chosen_251 = carried_53;
    var chosen_252 = carried_54;
    var chosen_253 = carried_55;
    var chosen_254 = carried_56;
    var chosen_255 = carried_57;
    var chosen_256 = carried_58;
    var chosen_257 = carried_59;
    var chosen_258 = carried_60;
    var chosen_259 = carried_61;
    var chosen_260 = carried_62;
    var chosen_261 = carried_63;
    var chosen_262 = carried_64;
    if (!is_empty_238) {
      var convolved_263 = vec4f(0.0);
      var convolved_264 = vec4f(0.0);
      var convolved_265 = vec4f(0.0);
      var convolved_266 = vec4f(0.0);
      var convolved_267 = vec4f(0.0);
      var convolved_268 = vec4f(0.0);
      var convolved_269 = vec4f(0.0);
      var convolved_270 = vec4f(0.0);
      let weights_271 = mta_arena[0];
      let neighbourhood_273 = row_159 * 9 + thread_column;
      let ring_272 = mta_arena[neighbourhood_273 - 9 + 4];
      let ring_274 = mta_arena[neighbourhood_273 - 8 + 4];
      let window_275 = vec4f(ring_272.z, ring_272.w, ring_274.x, ring_274.y);
      convolved_263 += weights_271.x * window_275;
      let window_276 = vec4f(ring_272.w, ring_274.x, ring_274.y, ring_274.z);
      convolved_263 += weights_271.y * window_276;
      convolved_263 += weights_271.z * ring_274;
      let weights_277 = mta_arena[1];
      let ring_278 = mta_arena[neighbourhood_273 + 4];
      let ring_279 = mta_arena[neighbourhood_273 + 1 + 4];
      let window_280 = vec4f(ring_278.z, ring_278.w, ring_279.x, ring_279.y);
      convolved_263 += weights_277.x * window_280;
      let window_281 = vec4f(ring_278.w, ring_279.x, ring_279.y, ring_279.z);
      convolved_263 += weights_277.y * window_281;
      convolved_263 += weights_277.z * ring_279;
      convolved_265 += weights_271.x * window_280;
      convolved_265 += weights_271.y * window_281;
      convolved_265 += weights_271.z * ring_279;
      let ring_282 = mta_arena[neighbourhood_273 + 9 + 4];
      let ring_283 = mta_arena[neighbourhood_273 + 10 + 4];
      let window_284 = vec4f(ring_282.z, ring_282.w, ring_283.x, ring_283.y);
      convolved_265 += weights_277.x * window_284;
      let window_285 = vec4f(ring_282.w, ring_283.x, ring_283.y, ring_283.z);
      convolved_265 += weights_277.y * window_285;
      convolved_265 += weights_277.z * ring_283;
      convolved_267 += weights_271.x * window_284;
      convolved_267 += weights_271.y * window_285;
      convolved_267 += weights_271.z * ring_283;
      let ring_286 = mta_arena[neighbourhood_273 + 18 + 4];
      let ring_287 = mta_arena[neighbourhood_273 + 19 + 4];
      let window_288 = vec4f(ring_286.z, ring_286.w, ring_287.x, ring_287.y);
      convolved_267 += weights_277.x * window_288;
      let window_289 = vec4f(ring_286.w, ring_287.x, ring_287.y, ring_287.z);
      convolved_267 += weights_277.y * window_289;
      convolved_267 += weights_277.z * ring_287;
      convolved_269 += weights_271.x * window_288;
      convolved_269 += weights_271.y * window_289;
      convolved_269 += weights_271.z * ring_287;
      let ring_290 = mta_arena[neighbourhood_273 + 27 + 4];
      let ring_291 = mta_arena[neighbourhood_273 + 28 + 4];
      let window_292 = vec4f(ring_290.z, ring_290.w, ring_291.x, ring_291.y);
      convolved_269 += weights_277.x * window_292;
      let window_293 = vec4f(ring_290.w, ring_291.x, ring_291.y, ring_291.z);
      convolved_269 += weights_277.y * window_293;
      convolved_269 += weights_277.z * ring_291;
      let ring_294 = mta_arena[neighbourhood_273 - 5 + 4];
      let ring_295 = mta_arena[neighbourhood_273 - 4 + 4];
      let window_296 = vec4f(ring_294.z, ring_294.w, ring_295.x, ring_295.y);
      convolved_264 += weights_271.x * window_296;
      let window_297 = vec4f(ring_294.w, ring_295.x, ring_295.y, ring_295.z);
      convolved_264 += weights_271.y * window_297;
      convolved_264 += weights_271.z * ring_295;
      let ring_298 = mta_arena[neighbourhood_273 + 4 + 4];
      let ring_299 = mta_arena[neighbourhood_273 + 5 + 4];
      let window_300 = vec4f(ring_298.z, ring_298.w, ring_299.x, ring_299.y);
      convolved_264 += weights_277.x * window_300;
      let window_301 = vec4f(ring_298.w, ring_299.x, ring_299.y, ring_299.z);
      convolved_264 += weights_277.y * window_301;
      convolved_264 += weights_277.z * ring_299;
      convolved_266 += weights_271.x * window_300;
      convolved_266 += weights_271.y * window_301;
      convolved_266 += weights_271.z * ring_299;
      let ring_302 = mta_arena[neighbourhood_273 + 13 + 4];
      let ring_303 = mta_arena[neighbourhood_273 + 14 + 4];
      let window_304 = vec4f(ring_302.z, ring_302.w, ring_303.x, ring_303.y);
      convolved_266 += weights_277.x * window_304;
      let window_305 = vec4f(ring_302.w, ring_303.x, ring_303.y, ring_303.z);
      convolved_266 += weights_277.y * window_305;
      convolved_266 += weights_277.z * ring_303;
      convolved_268 += weights_271.x * window_304;
      convolved_268 += weights_271.y * window_305;
      convolved_268 += weights_271.z * ring_303;
      let ring_306 = mta_arena[neighbourhood_273 + 22 + 4];
      let ring_307 = mta_arena[neighbourhood_273 + 23 + 4];
      let window_308 = vec4f(ring_306.z, ring_306.w, ring_307.x, ring_307.y);
      convolved_268 += weights_277.x * window_308;
      let window_309 = vec4f(ring_306.w, ring_307.x, ring_307.y, ring_307.z);
      convolved_268 += weights_277.y * window_309;
      convolved_268 += weights_277.z * ring_307;
      convolved_270 += weights_271.x * window_308;
      convolved_270 += weights_271.y * window_309;
      convolved_270 += weights_271.z * ring_307;
      let ring_310 = mta_arena[neighbourhood_273 + 31 + 4];
      let ring_311 = mta_arena[neighbourhood_273 + 32 + 4];
      let window_312 = vec4f(ring_310.z, ring_310.w, ring_311.x, ring_311.y);
      convolved_270 += weights_277.x * window_312;
      let window_313 = vec4f(ring_310.w, ring_311.x, ring_311.y, ring_311.z);
      convolved_270 += weights_277.y * window_313;
      convolved_270 += weights_277.z * ring_311;
      workgroupBarrier();
      var convolved_314 = vec4f(0.0);
      var convolved_315 = vec4f(0.0);
      var convolved_316 = vec4f(0.0);
      var convolved_317 = vec4f(0.0);
      var convolved_318 = vec4f(0.0);
      var convolved_319 = vec4f(0.0);
      var convolved_320 = vec4f(0.0);
      var convolved_321 = vec4f(0.0);
      let weights_322 = mta_arena[2];
      let ring_323 = mta_arena[neighbourhood_273 - 9 + 292];
      let ring_324 = mta_arena[neighbourhood_273 - 8 + 292];
      let window_325 = vec4f(ring_323.z, ring_323.w, ring_324.x, ring_324.y);
      convolved_314 += weights_322.x * window_325;
      let window_326 = vec4f(ring_323.w, ring_324.x, ring_324.y, ring_324.z);
      convolved_314 += weights_322.y * window_326;
      convolved_314 += weights_322.z * ring_324;
      let weights_327 = mta_arena[3];
      let ring_328 = mta_arena[neighbourhood_273 + 292];
      let ring_329 = mta_arena[neighbourhood_273 + 1 + 292];
      let window_330 = vec4f(ring_328.z, ring_328.w, ring_329.x, ring_329.y);
      convolved_314 += weights_327.x * window_330;
      let window_331 = vec4f(ring_328.w, ring_329.x, ring_329.y, ring_329.z);
      convolved_314 += weights_327.y * window_331;
      convolved_314 += weights_327.z * ring_329;
      convolved_316 += weights_322.x * window_330;
      convolved_316 += weights_322.y * window_331;
      convolved_316 += weights_322.z * ring_329;
      let ring_332 = mta_arena[neighbourhood_273 + 9 + 292];
      let ring_333 = mta_arena[neighbourhood_273 + 10 + 292];
      let window_334 = vec4f(ring_332.z, ring_332.w, ring_333.x, ring_333.y);
      convolved_316 += weights_327.x * window_334;
      let window_335 = vec4f(ring_332.w, ring_333.x, ring_333.y, ring_333.z);
      convolved_316 += weights_327.y * window_335;
      convolved_316 += weights_327.z * ring_333;
      convolved_318 += weights_322.x * window_334;
      convolved_318 += weights_322.y * window_335;
      convolved_318 += weights_322.z * ring_333;
      let ring_336 = mta_arena[neighbourhood_273 + 18 + 292];
      let ring_337 = mta_arena[neighbourhood_273 + 19 + 292];
      let window_338 = vec4f(ring_336.z, ring_336.w, ring_337.x, ring_337.y);
      convolved_318 += weights_327.x * window_338;
      let window_339 = vec4f(ring_336.w, ring_337.x, ring_337.y, ring_337.z);
      convolved_318 += weights_327.y * window_339;
      convolved_318 += weights_327.z * ring_337;
      convolved_320 += weights_322.x * window_338;
      convolved_320 += weights_322.y * window_339;
      convolved_320 += weights_322.z * ring_337;
      let ring_340 = mta_arena[neighbourhood_273 + 27 + 292];
      let ring_341 = mta_arena[neighbourhood_273 + 28 + 292];
      let window_342 = vec4f(ring_340.z, ring_340.w, ring_341.x, ring_341.y);
      convolved_320 += weights_327.x * window_342;
      let window_343 = vec4f(ring_340.w, ring_341.x, ring_341.y, ring_341.z);
      convolved_320 += weights_327.y * window_343;
      convolved_320 += weights_327.z * ring_341;
      let ring_344 = mta_arena[neighbourhood_273 - 5 + 292];
      let ring_345 = mta_arena[neighbourhood_273 - 4 + 292];
      let window_346 = vec4f(ring_344.z, ring_344.w, ring_345.x, ring_345.y);
      convolved_315 += weights_322.x * window_346;
      let window_347 = vec4f(ring_344.w, ring_345.x, ring_345.y, ring_345.z);
      convolved_315 += weights_322.y * window_347;
      convolved_315 += weights_322.z * ring_345;
      let ring_348 = mta_arena[neighbourhood_273 + 4 + 292];
      let ring_349 = mta_arena[neighbourhood_273 + 5 + 292];
      let window_350 = vec4f(ring_348.z, ring_348.w, ring_349.x, ring_349.y);
      convolved_315 += weights_327.x * window_350;
      let window_351 = vec4f(ring_348.w, ring_349.x, ring_349.y, ring_349.z);
      convolved_315 += weights_327.y * window_351;
      convolved_315 += weights_327.z * ring_349;
      convolved_317 += weights_322.x * window_350;
      convolved_317 += weights_322.y * window_351;
      convolved_317 += weights_322.z * ring_349;
      let ring_352 = mta_arena[neighbourhood_273 + 13 + 292];
      let ring_353 = mta_arena[neighbourhood_273 + 14 + 292];
      let window_354 = vec4f(ring_352.z, ring_352.w, ring_353.x, ring_353.y);
      convolved_317 += weights_327.x * window_354;
      let window_355 = vec4f(ring_352.w, ring_353.x, ring_353.y, ring_353.z);
      convolved_317 += weights_327.y * window_355;
      convolved_317 += weights_327.z * ring_353;
      convolved_319 += weights_322.x * window_354;
      convolved_319 += weights_322.y * window_355;
      convolved_319 += weights_322.z * ring_353;
      let ring_356 = mta_arena[neighbourhood_273 + 22 + 292];
      let ring_357 = mta_arena[neighbourhood_273 + 23 + 292];
      let window_358 = vec4f(ring_356.z, ring_356.w, ring_357.x, ring_357.y);
      convolved_319 += weights_327.x * window_358;
      let window_359 = vec4f(ring_356.w, ring_357.x, ring_357.y, ring_357.z);
      convolved_319 += weights_327.y * window_359;
      convolved_319 += weights_327.z * ring_357;
      convolved_321 += weights_322.x * window_358;
      convolved_321 += weights_322.y * window_359;
      convolved_321 += weights_322.z * ring_357;
      let ring_360 = mta_arena[neighbourhood_273 + 31 + 292];
      let ring_361 = mta_arena[neighbourhood_273 + 32 + 292];
      let window_362 = vec4f(ring_360.z, ring_360.w, ring_361.x, ring_361.y);
      convolved_321 += weights_327.x * window_362;
      let window_363 = vec4f(ring_360.w, ring_361.x, ring_361.y, ring_361.z);
      convolved_321 += weights_327.y * window_363;
      convolved_321 += weights_327.z * ring_361;
      let column_364 = thread_column * 4;
      let entry_365 = read_mix_pre(0, 0, 0);
      let entry_366 = read_mix_pre(0, 0, 1);
      let map_367 = entry_365 * convolved_263 + entry_366 * convolved_314;
      let map_368 = entry_365 * convolved_264 + entry_366 * convolved_315;
      let map_369 = entry_365 * convolved_265 + entry_366 * convolved_316;
      let map_370 = entry_365 * convolved_266 + entry_366 * convolved_317;
      let map_371 = entry_365 * convolved_267 + entry_366 * convolved_318;
      let map_372 = entry_365 * convolved_268 + entry_366 * convolved_319;
      let map_373 = entry_365 * convolved_269 + entry_366 * convolved_320;
      let map_374 = entry_365 * convolved_270 + entry_366 * convolved_321;
      var chosen_375 = map_367;
      var chosen_376 = map_368;
      var chosen_377 = map_369;
      var chosen_378 = map_370;
      var chosen_379 = map_371;
      var chosen_380 = map_372;
      var chosen_381 = map_373;
      var chosen_382 = map_374;
      if (!is_full_237) {
        let j_383 = J_78 - 1 + column_364;
        let j_384 = j_383 + vec4i(0, 1, 2, 3);
        let i_385 = I_4 - 1 + row_159;
        let map_386 = select(vec4f(-3.4e+38), map_367, (j_384 <= vec4i(i_385)) & ((vec4i(0) <= j_384) & (j_384 < vec4i(launch.keys))));
        let j_387 = j_383 + 16 + vec4i(0, 1, 2, 3);
        let map_388 = select(vec4f(-3.4e+38), map_368, (j_387 <= vec4i(i_385)) & ((vec4i(0) <= j_387) & (j_387 < vec4i(launch.keys))));
        let map_389 = select(vec4f(-3.4e+38), map_369, (j_384 <= vec4i(i_385 + 1)) & ((vec4i(0) <= j_384) & (j_384 < vec4i(launch.keys))));
        let map_390 = select(vec4f(-3.4e+38), map_370, (j_387 <= vec4i(i_385 + 1)) & ((vec4i(0) <= j_387) & (j_387 < vec4i(launch.keys))));
        let map_391 = select(vec4f(-3.4e+38), map_371, (j_384 <= vec4i(i_385 + 2)) & ((vec4i(0) <= j_384) & (j_384 < vec4i(launch.keys))));
        let map_392 = select(vec4f(-3.4e+38), map_372, (j_387 <= vec4i(i_385 + 2)) & ((vec4i(0) <= j_387) & (j_387 < vec4i(launch.keys))));
        let map_393 = select(vec4f(-3.4e+38), map_373, (j_384 <= vec4i(i_385 + 3)) & ((vec4i(0) <= j_384) & (j_384 < vec4i(launch.keys))));
        let map_394 = select(vec4f(-3.4e+38), map_374, (j_387 <= vec4i(i_385 + 3)) & ((vec4i(0) <= j_387) & (j_387 < vec4i(launch.keys))));
        chosen_375 = map_386;
        chosen_376 = map_388;
        chosen_377 = map_389;
        chosen_378 = map_390;
        chosen_379 = map_391;
        chosen_380 = map_392;
        chosen_381 = map_393;
        chosen_382 = map_394;
      }
      let partial_395 = max(chosen_375, chosen_376);
      let partial_396 = max(max(partial_395.x, partial_395.y), max(partial_395.z, partial_395.w));
      let partial_397 = max(chosen_377, chosen_378);
      let partial_398 = max(max(partial_397.x, partial_397.y), max(partial_397.z, partial_397.w));
      let partial_399 = max(chosen_379, chosen_380);
      let partial_400 = max(max(partial_399.x, partial_399.y), max(partial_399.z, partial_399.w));
      let partial_401 = max(chosen_381, chosen_382);
      let partial_402 = max(max(partial_401.x, partial_401.y), max(partial_401.z, partial_401.w));
      mta_arena[row_159 + thread_column + 708] = vec4f(partial_396, partial_398, partial_400, partial_402);
      workgroupBarrier();
      let max_403 = max(max(max(mta_arena[row_159 + 708], mta_arena[row_159 + 1 + 708]), mta_arena[row_159 + 2 + 708]), mta_arena[row_159 + 3 + 708]);
      let map_404 = max(carried_41, max_403.x);
      let map_405 = max(carried_42, max_403.y);
      let map_406 = max(carried_43, max_403.z);
      let map_407 = max(carried_44, max_403.w);
      let map_408 = exponential_difference(carried_41, map_404);
      let map_409 = exponential_difference(carried_42, map_405);
      let map_410 = exponential_difference(carried_43, map_406);
      let map_411 = exponential_difference(carried_44, map_407);
      let map_412 = exponential_difference_wide(chosen_375, vec4f(map_404));
      let map_413 = exponential_difference_wide(chosen_376, vec4f(map_404));
      let map_414 = exponential_difference_wide(chosen_377, vec4f(map_405));
      let map_415 = exponential_difference_wide(chosen_378, vec4f(map_405));
      let map_416 = exponential_difference_wide(chosen_379, vec4f(map_406));
      let map_417 = exponential_difference_wide(chosen_380, vec4f(map_406));
      let map_418 = exponential_difference_wide(chosen_381, vec4f(map_407));
      let map_419 = exponential_difference_wide(chosen_382, vec4f(map_407));
      let map_420 = carried_45 * map_408;
      let map_421 = carried_46 * map_409;
      let map_422 = carried_47 * map_410;
      let map_423 = carried_48 * map_411;
      let partial_424 = map_412 + map_413;
      let partial_425 = partial_424.x + partial_424.y + (partial_424.z + partial_424.w);
      let partial_426 = map_414 + map_415;
      let partial_427 = partial_426.x + partial_426.y + (partial_426.z + partial_426.w);
      let partial_428 = map_416 + map_417;
      let partial_429 = partial_428.x + partial_428.y + (partial_428.z + partial_428.w);
      let partial_430 = map_418 + map_419;
      let partial_431 = partial_430.x + partial_430.y + (partial_430.z + partial_430.w);
      let map_432 = map_420 + partial_425;
      let map_433 = map_421 + partial_427;
      let map_434 = map_422 + partial_429;
      let map_435 = map_423 + partial_431;
      let map_436 = carried_49 * map_408;
      let map_437 = carried_50 * map_409;
      let map_438 = carried_51 * map_410;
      let map_439 = carried_52 * map_411;
      workgroupBarrier();
      let line_440 = row_159 * 8;
      mta_arena[line_440 + thread_column + 708] = map_412;
      mta_arena[line_440 + (thread_column + 4) + 708] = map_413;
      mta_arena[line_440 + 8 + thread_column + 708] = map_414;
      mta_arena[line_440 + 8 + (thread_column + 4) + 708] = map_415;
      mta_arena[line_440 + 16 + thread_column + 708] = map_416;
      mta_arena[line_440 + 16 + (thread_column + 4) + 708] = map_417;
      mta_arena[line_440 + 24 + thread_column + 708] = map_418;
      mta_arena[line_440 + 24 + (thread_column + 4) + 708] = map_419;
      var product_441 = map_436;
      var product_442 = map_437;
      var product_443 = map_438;
      var product_444 = map_439;
      for (var slice_445 = 0; slice_445 < 2; slice_445++) {
        workgroupBarrier();
        for (var n_446 = thread; n_446 < 32; n_446 += 32) {
          let line_447 = n_446 / 2;
          let vector_448 = n_446 % 2;
          let at_449 = J_78 - 1 + (line_447 + slice_445 * 16);
          var loaded_450 = vec4f();
          if (u32(at_449) < u32(launch.keys) && u32(vector_448) < 2u) {
            loaded_450 = v_data[launch.v_offset + block_3 * launch.v_stride_0 + at_449 * launch.v_stride_2 + vector_448];
          }
          mta_arena[n_446 + 964] = loaded_450;
        }
        workgroupBarrier();
        let left_452 = row_159 * 8 + slice_445 * 4;
        for (var k_451 = 0; k_451 < 4; k_451++) {
          let chunk_453 = k_451 * 8;
          let right_454 = mta_arena[thread_column + chunk_453 + 964];
          let right_455 = mta_arena[thread_column + chunk_453 + 966];
          let right_456 = mta_arena[thread_column + chunk_453 + 968];
          let right_457 = mta_arena[thread_column + chunk_453 + 970];
          let left_458 = mta_arena[left_452 + k_451 + 708];
          product_441 += left_458.x * right_454;
          product_441 += left_458.y * right_455;
          product_441 += left_458.z * right_456;
          product_441 += left_458.w * right_457;
          let left_459 = mta_arena[left_452 + k_451 + 716];
          product_442 += left_459.x * right_454;
          product_442 += left_459.y * right_455;
          product_442 += left_459.z * right_456;
          product_442 += left_459.w * right_457;
          let left_460 = mta_arena[left_452 + k_451 + 724];
          product_443 += left_460.x * right_454;
          product_443 += left_460.y * right_455;
          product_443 += left_460.z * right_456;
          product_443 += left_460.w * right_457;
          let left_461 = mta_arena[left_452 + k_451 + 732];
          product_444 += left_461.x * right_454;
          product_444 += left_461.y * right_455;
          product_444 += left_461.z * right_456;
          product_444 += left_461.w * right_457;
        }
      }
      let entry_462 = read_mix_pre(0, 1, 0);
      let entry_463 = read_mix_pre(0, 1, 1);
      let map_464 = entry_462 * convolved_263 + entry_463 * convolved_314;
      let map_465 = entry_462 * convolved_264 + entry_463 * convolved_315;
      let map_466 = entry_462 * convolved_265 + entry_463 * convolved_316;
      let map_467 = entry_462 * convolved_266 + entry_463 * convolved_317;
      let map_468 = entry_462 * convolved_267 + entry_463 * convolved_318;
      let map_469 = entry_462 * convolved_268 + entry_463 * convolved_319;
      let map_470 = entry_462 * convolved_269 + entry_463 * convolved_320;
      let map_471 = entry_462 * convolved_270 + entry_463 * convolved_321;
      var chosen_472 = map_464;
      var chosen_473 = map_465;
      var chosen_474 = map_466;
      var chosen_475 = map_467;
      var chosen_476 = map_468;
      var chosen_477 = map_469;
      var chosen_478 = map_470;
      var chosen_479 = map_471;
      if (!is_full_237) {
        let j_480 = J_78 - 1 + column_364;
        let j_481 = j_480 + vec4i(0, 1, 2, 3);
        let i_482 = I_4 - 1 + row_159;
        let map_483 = select(vec4f(-3.4e+38), map_464, (j_481 <= vec4i(i_482)) & ((vec4i(0) <= j_481) & (j_481 < vec4i(launch.keys))));
        let j_484 = j_480 + 16 + vec4i(0, 1, 2, 3);
        let map_485 = select(vec4f(-3.4e+38), map_465, (j_484 <= vec4i(i_482)) & ((vec4i(0) <= j_484) & (j_484 < vec4i(launch.keys))));
        let map_486 = select(vec4f(-3.4e+38), map_466, (j_481 <= vec4i(i_482 + 1)) & ((vec4i(0) <= j_481) & (j_481 < vec4i(launch.keys))));
        let map_487 = select(vec4f(-3.4e+38), map_467, (j_484 <= vec4i(i_482 + 1)) & ((vec4i(0) <= j_484) & (j_484 < vec4i(launch.keys))));
        let map_488 = select(vec4f(-3.4e+38), map_468, (j_481 <= vec4i(i_482 + 2)) & ((vec4i(0) <= j_481) & (j_481 < vec4i(launch.keys))));
        let map_489 = select(vec4f(-3.4e+38), map_469, (j_484 <= vec4i(i_482 + 2)) & ((vec4i(0) <= j_484) & (j_484 < vec4i(launch.keys))));
        let map_490 = select(vec4f(-3.4e+38), map_470, (j_481 <= vec4i(i_482 + 3)) & ((vec4i(0) <= j_481) & (j_481 < vec4i(launch.keys))));
        let map_491 = select(vec4f(-3.4e+38), map_471, (j_484 <= vec4i(i_482 + 3)) & ((vec4i(0) <= j_484) & (j_484 < vec4i(launch.keys))));
        chosen_472 = map_483;
        chosen_473 = map_485;
        chosen_474 = map_486;
        chosen_475 = map_487;
        chosen_476 = map_488;
        chosen_477 = map_489;
        chosen_478 = map_490;
        chosen_479 = map_491;
      }
      let partial_492 = max(chosen_472, chosen_473);
      let partial_493 = max(max(partial_492.x, partial_492.y), max(partial_492.z, partial_492.w));
      let partial_494 = max(chosen_474, chosen_475);
      let partial_495 = max(max(partial_494.x, partial_494.y), max(partial_494.z, partial_494.w));
      let partial_496 = max(chosen_476, chosen_477);
      let partial_497 = max(max(partial_496.x, partial_496.y), max(partial_496.z, partial_496.w));
      let partial_498 = max(chosen_478, chosen_479);
      let partial_499 = max(max(partial_498.x, partial_498.y), max(partial_498.z, partial_498.w));
      mta_arena[row_159 + thread_column + 708] = vec4f(partial_493, partial_495, partial_497, partial_499);
      workgroupBarrier();
      let max_500 = max(max(max(mta_arena[row_159 + 708], mta_arena[row_159 + 1 + 708]), mta_arena[row_159 + 2 + 708]), mta_arena[row_159 + 3 + 708]);
      let map_501 = max(carried_53, max_500.x);
      let map_502 = max(carried_54, max_500.y);
      let map_503 = max(carried_55, max_500.z);
      let map_504 = max(carried_56, max_500.w);
      let map_505 = exponential_difference(carried_53, map_501);
      let map_506 = exponential_difference(carried_54, map_502);
      let map_507 = exponential_difference(carried_55, map_503);
      let map_508 = exponential_difference(carried_56, map_504);
      let map_509 = exponential_difference_wide(chosen_472, vec4f(map_501));
      let map_510 = exponential_difference_wide(chosen_473, vec4f(map_501));
      let map_511 = exponential_difference_wide(chosen_474, vec4f(map_502));
      let map_512 = exponential_difference_wide(chosen_475, vec4f(map_502));
      let map_513 = exponential_difference_wide(chosen_476, vec4f(map_503));
      let map_514 = exponential_difference_wide(chosen_477, vec4f(map_503));
      let map_515 = exponential_difference_wide(chosen_478, vec4f(map_504));
      let map_516 = exponential_difference_wide(chosen_479, vec4f(map_504));
      let map_517 = carried_57 * map_505;
      let map_518 = carried_58 * map_506;
      let map_519 = carried_59 * map_507;
      let map_520 = carried_60 * map_508;
      let partial_521 = map_509 + map_510;
      let partial_522 = partial_521.x + partial_521.y + (partial_521.z + partial_521.w);
      let partial_523 = map_511 + map_512;
      let partial_524 = partial_523.x + partial_523.y + (partial_523.z + partial_523.w);
      let partial_525 = map_513 + map_514;
      let partial_526 = partial_525.x + partial_525.y + (partial_525.z + partial_525.w);
      let partial_527 = map_515 + map_516;
      let partial_528 = partial_527.x + partial_527.y + (partial_527.z + partial_527.w);
      let map_529 = map_517 + partial_522;
      let map_530 = map_518 + partial_524;
      let map_531 = map_519 + partial_526;
      let map_532 = map_520 + partial_528;
      let map_533 = carried_61 * map_505;
      let map_534 = carried_62 * map_506;
      let map_535 = carried_63 * map_507;
      let map_536 = carried_64 * map_508;
      workgroupBarrier();
      mta_arena[line_440 + thread_column + 708] = map_509;
      mta_arena[line_440 + (thread_column + 4) + 708] = map_510;
      mta_arena[line_440 + 8 + thread_column + 708] = map_511;
      mta_arena[line_440 + 8 + (thread_column + 4) + 708] = map_512;
      mta_arena[line_440 + 16 + thread_column + 708] = map_513;
      mta_arena[line_440 + 16 + (thread_column + 4) + 708] = map_514;
      mta_arena[line_440 + 24 + thread_column + 708] = map_515;
      mta_arena[line_440 + 24 + (thread_column + 4) + 708] = map_516;
      var product_537 = map_533;
      var product_538 = map_534;
      var product_539 = map_535;
      var product_540 = map_536;
      for (var slice_541 = 0; slice_541 < 2; slice_541++) {
        workgroupBarrier();
        for (var n_542 = thread; n_542 < 32; n_542 += 32) {
          let line_543 = n_542 / 2;
          let vector_544 = n_542 % 2;
          let at_545 = J_78 - 1 + (line_543 + slice_541 * 16);
          var loaded_546 = vec4f();
          if (u32(at_545) < u32(launch.keys) && u32(vector_544) < 2u) {
            loaded_546 = v_data[launch.v_offset + block_3 * launch.v_stride_0 + 1 * launch.v_stride_1 + at_545 * launch.v_stride_2 + vector_544];
          }
          mta_arena[n_542 + 964] = loaded_546;
        }
        workgroupBarrier();
        let left_548 = row_159 * 8 + slice_541 * 4;
        for (var k_547 = 0; k_547 < 4; k_547++) {
          let chunk_549 = k_547 * 8;
          let right_550 = mta_arena[thread_column + chunk_549 + 964];
          let right_551 = mta_arena[thread_column + chunk_549 + 966];
          let right_552 = mta_arena[thread_column + chunk_549 + 968];
          let right_553 = mta_arena[thread_column + chunk_549 + 970];
          let left_554 = mta_arena[left_548 + k_547 + 708];
          product_537 += left_554.x * right_550;
          product_537 += left_554.y * right_551;
          product_537 += left_554.z * right_552;
          product_537 += left_554.w * right_553;
          let left_555 = mta_arena[left_548 + k_547 + 716];
          product_538 += left_555.x * right_550;
          product_538 += left_555.y * right_551;
          product_538 += left_555.z * right_552;
          product_538 += left_555.w * right_553;
          let left_556 = mta_arena[left_548 + k_547 + 724];
          product_539 += left_556.x * right_550;
          product_539 += left_556.y * right_551;
          product_539 += left_556.z * right_552;
          product_539 += left_556.w * right_553;
          let left_557 = mta_arena[left_548 + k_547 + 732];
          product_540 += left_557.x * right_550;
          product_540 += left_557.y * right_551;
          product_540 += left_557.z * right_552;
          product_540 += left_557.w * right_553;
        }
      }
      chosen_239 = map_404;
      chosen_240 = map_405;
      chosen_241 = map_406;
      chosen_242 = map_407;
      chosen_243 = map_432;
      chosen_244 = map_433;
      chosen_245 = map_434;
      chosen_246 = map_435;
      chosen_247 = product_441;
      chosen_248 = product_442;
      chosen_249 = product_443;
      chosen_250 = product_444;
      chosen_251 = map_501;
      chosen_252 = map_502;
      chosen_253 = map_503;
      chosen_254 = map_504;
      chosen_255 = map_529;
      chosen_256 = map_530;
      chosen_257 = map_531;
      chosen_258 = map_532;
      chosen_259 = product_537;
      chosen_260 = product_538;
      chosen_261 = product_539;
      chosen_262 = product_540;
    }
    carried_41 = chosen_239;
    carried_42 = chosen_240;
    carried_43 = chosen_241;
    carried_44 = chosen_242;
    carried_45 = chosen_243;
    carried_46 = chosen_244;
    carried_47 = chosen_245;
    carried_48 = chosen_246;
    carried_49 = chosen_247;
    carried_50 = chosen_248;
    carried_51 = chosen_249;
    carried_52 = chosen_250;
    carried_53 = chosen_251;
    carried_54 = chosen_252;
    carried_55 = chosen_253;
    carried_56 = chosen_254;
    carried_57 = chosen_255;
    carried_58 = chosen_256;
    carried_59 = chosen_257;
    carried_60 = chosen_258;
    carried_61 = chosen_259;
    carried_62 = chosen_260;
    carried_63 = chosen_261;
    carried_64 = chosen_262;
  }
  let line_558 = thread_row * 4;
  mta_arena[line_558 + thread_column + 708] = vec4f(carried_45, carried_46, carried_47, carried_48);
  workgroupBarrier();
  let sum_559 = mta_arena[line_558 + 708] + mta_arena[line_558 + 1 + 708] + mta_arena[line_558 + 2 + 708] + mta_arena[line_558 + 3 + 708];
  workgroupBarrier();
  mta_arena[line_558 + thread_column + 708] = vec4f(carried_57, carried_58, carried_59, carried_60);
  workgroupBarrier();
  let sum_560 = mta_arena[line_558 + 708] + mta_arena[line_558 + 1 + 708] + mta_arena[line_558 + 2 + 708] + mta_arena[line_558 + 3 + 708];
  let column_561 = thread_column * 4;
  let map_562 = select(vec4f(0.0), carried_49 / sum_559.x, sum_559.x > 0.0);
  let map_563 = select(vec4f(0.0), carried_50 / sum_559.y, sum_559.y > 0.0);
  let map_564 = select(vec4f(0.0), carried_51 / sum_559.z, sum_559.z > 0.0);
  let map_565 = select(vec4f(0.0), carried_52 / sum_559.w, sum_559.w > 0.0);
  let map_566 = select(vec4f(0.0), carried_61 / sum_560.x, sum_560.x > 0.0);
  let map_567 = select(vec4f(0.0), carried_62 / sum_560.y, sum_560.y > 0.0);
  let map_568 = select(vec4f(0.0), carried_63 / sum_560.z, sum_560.z > 0.0);
  let map_569 = select(vec4f(0.0), carried_64 / sum_560.w, sum_560.w > 0.0);
  let stored_570 = select(map_562, vec4f(bitcast<f32>(launch.minus_infinity)), map_562 <= vec4f(-1.7e+38));
  let i_571 = I_4 - 1 + line_558;
  let place_572 = i_571 - (launch.keys - launch.rows);
  if (line_558 >= 1 && column_561 < 8 && u32(place_572) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_572 * launch.out_stride_2 + thread_column] = stored_570;
  }
  let stored_573 = select(map_563, vec4f(bitcast<f32>(launch.minus_infinity)), map_563 <= vec4f(-1.7e+38));
  let place_574 = i_571 + 1 - (launch.keys - launch.rows);
  if (line_558 + 1 >= 1 && column_561 < 8 && u32(place_574) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_574 * launch.out_stride_2 + thread_column] = stored_573;
  }
  let stored_575 = select(map_564, vec4f(bitcast<f32>(launch.minus_infinity)), map_564 <= vec4f(-1.7e+38));
  let place_576 = i_571 + 2 - (launch.keys - launch.rows);
  if (line_558 + 2 >= 1 && column_561 < 8 && u32(place_576) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_576 * launch.out_stride_2 + thread_column] = stored_575;
  }
  let stored_577 = select(map_565, vec4f(bitcast<f32>(launch.minus_infinity)), map_565 <= vec4f(-1.7e+38));
  let place_578 = i_571 + 3 - (launch.keys - launch.rows);
  if (line_558 + 3 >= 1 && column_561 < 8 && u32(place_578) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_578 * launch.out_stride_2 + thread_column] = stored_577;
  }
  let stored_579 = select(map_566, vec4f(bitcast<f32>(launch.minus_infinity)), map_566 <= vec4f(-1.7e+38));
  if (line_558 >= 1 && column_561 < 8 && u32(place_572) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_572 * launch.out_stride_2 + thread_column] = stored_579;
  }
  let stored_580 = select(map_567, vec4f(bitcast<f32>(launch.minus_infinity)), map_567 <= vec4f(-1.7e+38));
  if (line_558 + 1 >= 1 && column_561 < 8 && u32(place_574) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_574 * launch.out_stride_2 + thread_column] = stored_580;
  }
  let stored_581 = select(map_568, vec4f(bitcast<f32>(launch.minus_infinity)), map_568 <= vec4f(-1.7e+38));
  if (line_558 + 2 >= 1 && column_561 < 8 && u32(place_576) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_576 * launch.out_stride_2 + thread_column] = stored_581;
  }
  let stored_582 = select(map_569, vec4f(bitcast<f32>(launch.minus_infinity)), map_569 <= vec4f(-1.7e+38));
  if (line_558 + 3 >= 1 && column_561 < 8 && u32(place_578) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_578 * launch.out_stride_2 + thread_column] = stored_582;
  }
  let map_583 = select(-3.4e+38, carried_41 + log(sum_559.x), sum_559.x > 0.0);
  let map_584 = select(-3.4e+38, carried_42 + log(sum_559.y), sum_559.y > 0.0);
  let map_585 = select(-3.4e+38, carried_43 + log(sum_559.z), sum_559.z > 0.0);
  let map_586 = select(-3.4e+38, carried_44 + log(sum_559.w), sum_559.w > 0.0);
  let stored_587 = select(map_583, bitcast<f32>(launch.minus_infinity), map_583 <= -1.7e+38);
  if (thread_column == 0 && line_558 >= 1 && u32(place_572) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_572] = stored_587;
  }
  let stored_588 = select(map_584, bitcast<f32>(launch.minus_infinity), map_584 <= -1.7e+38);
  if (thread_column == 0 && line_558 + 1 >= 1 && u32(place_574) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_574] = stored_588;
  }
  let stored_589 = select(map_585, bitcast<f32>(launch.minus_infinity), map_585 <= -1.7e+38);
  if (thread_column == 0 && line_558 + 2 >= 1 && u32(place_576) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_576] = stored_589;
  }
  let stored_590 = select(map_586, bitcast<f32>(launch.minus_infinity), map_586 <= -1.7e+38);
  if (thread_column == 0 && line_558 + 3 >= 1 && u32(place_578) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_578] = stored_590;
  }
  let map_591 = select(-3.4e+38, carried_53 + log(sum_560.x), sum_560.x > 0.0);
  let map_592 = select(-3.4e+38, carried_54 + log(sum_560.y), sum_560.y > 0.0);
  let map_593 = select(-3.4e+38, carried_55 + log(sum_560.z), sum_560.z > 0.0);
  let map_594 = select(-3.4e+38, carried_56 + log(sum_560.w), sum_560.w > 0.0);
  let stored_595 = select(map_591, bitcast<f32>(launch.minus_infinity), map_591 <= -1.7e+38);
  if (thread_column == 0 && line_558 >= 1 && u32(place_572) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_572] = stored_595;
  }
  let stored_596 = select(map_592, bitcast<f32>(launch.minus_infinity), map_592 <= -1.7e+38);
  if (thread_column == 0 && line_558 + 1 >= 1 && u32(place_574) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_574] = stored_596;
  }
  let stored_597 = select(map_593, bitcast<f32>(launch.minus_infinity), map_593 <= -1.7e+38);
  if (thread_column == 0 && line_558 + 2 >= 1 && u32(place_576) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_576] = stored_597;
  }
  let stored_598 = select(map_594, bitcast<f32>(launch.minus_infinity), map_594 <= -1.7e+38);
  if (thread_column == 0 && line_558 + 3 >= 1 && u32(place_578) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_578] = stored_598;
  }
}
`;

const features = [];
const limits = {"maxComputeWorkgroupStorageSize":15936,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":7};
const entryPoints = ["mta"];
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",2,"keys",8],"v":["batch",2,"keys",8],"theta_pre":[2,2,3],"mix_pre":[1,2,2]};

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows = queries }, { strides = {}, offsets = {} } = {}) {
  for (const [name, size] of Object.entries({ batch, queries, keys, rows })) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name} is ${size}, not a positive integer`);
  }
  if (queries > keys) throw new RangeError(`there are ${queries} queries and only ${keys} keys`);
  if (rows > queries) throw new RangeError(`${rows} rows of output are wanted, and there are ${queries} queries`);
  if (keys > 4194304) throw new RangeError(`${keys} keys are more than 4194304`);
  const needed = Math.min(keys, rows + 1);
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
  place("k", [batch, 2, keys, 8], 4);
  place("v", [batch, 2, keys, 8], 4);
  place("out", [batch, 2, rows, 8], 4);
  place("lse", [batch, 2, rows], 1);
  const launch = (variables) => Int32Array.of(batch, queries, keys, rows, -8388608, ...variables, ...fields);
  const widest = 65535;
  const folded = (blocks) => (blocks <= widest ? [blocks, 1, 1] : [widest, Math.ceil(blocks / widest), 1]);
  const dispatches = [];
  const dispatch = (entryPoint, bindings, variables, blocks) => {
    if (blocks > 0) dispatches.push({ entryPoint, bindings, workgroups: folded(blocks), launch: launch(variables) });
  };
  dispatch('mta', [[1,"q"],[2,"k"],[3,"v"],[4,"theta_pre"],[5,"mix_pre"],[6,"out"],[7,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((1 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 31)));
  const tensors = {
    "q": { role: 'input', dtype: 'f32', shape: [batch, 2, queries, 8] },
    "k": { role: 'input', dtype: 'f32', shape: [batch, 2, keys, 8] },
    "v": { role: 'input', dtype: 'f32', shape: [batch, 2, keys, 8] },
    "theta_pre": { role: 'input', dtype: 'f32', shape: [2, 2, 3] },
    "mix_pre": { role: 'input', dtype: 'f32', shape: [1, 2, 2] },
    "out": { role: 'output', dtype: 'f32', shape: [batch, 2, rows, 8] },
    "lse": { role: 'output', dtype: 'f32', shape: [batch, 2, rows] },
  };
  return { dispatches, workspace, workspaceBytes, packed, packedElements, tensors };
}

/** Checks the device and builds the pipelines. */
export async function createMta(device) {
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
