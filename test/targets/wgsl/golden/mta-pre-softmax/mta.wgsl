// mta, compiled by heddle golden to WGSL: f32, no subgroups, threads mta 8 × 4.
// heads=2 kvHeads=0 headDim=8 preQueryKernel=2 preKeyKernel=3 preMix=2 postQueryKernel=0 postKeyKernel=0 postMix=0 padKey="both" norm="none" depthScale=false layer=0 gate="none"
// Hash 8b5eeb0c73fbb041 of all below. Made by a compiler: change the spec, not this file.

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

var<workgroup> mta_arena: array<vec4f, 1008>;

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
  for (var tap_17 = thread; tap_17 < 2; tap_17 += 32) {
    let counter_18 = tap_17 % 2;
    let entry_19 = read_theta_pre(2 * (block_5), counter_18, 0);
    let entry_20 = read_theta_pre(2 * (block_5), counter_18, 1);
    let entry_21 = read_theta_pre(2 * (block_5), counter_18, 2);
    mta_arena[tap_17 + 4] = vec4f(entry_19, entry_20, entry_21, 0.0);
  }
  for (var tap_22 = thread; tap_22 < 2; tap_22 += 32) {
    let counter_23 = tap_22 % 2;
    let entry_24 = read_theta_pre(2 * (block_5) + 1, counter_23, 0);
    let entry_25 = read_theta_pre(2 * (block_5) + 1, counter_23, 1);
    let entry_26 = read_theta_pre(2 * (block_5) + 1, counter_23, 2);
    mta_arena[tap_22 + 6] = vec4f(entry_24, entry_25, entry_26, 0.0);
  }
  for (var tap_27 = thread; tap_27 < 2; tap_27 += 32) {
    let counter_28 = tap_27 % 2;
    let entry_29 = read_theta_pre(2 * (block_5), counter_28, 0);
    let entry_30 = read_theta_pre(2 * (block_5), counter_28, 1);
    let entry_31 = read_theta_pre(2 * (block_5), counter_28, 2);
    mta_arena[tap_27 + 8] = vec4f(entry_29, entry_30, entry_31, 0.0);
  }
  for (var tap_32 = thread; tap_32 < 2; tap_32 += 32) {
    let counter_33 = tap_32 % 2;
    let entry_34 = read_theta_pre(2 * (block_5) + 1, counter_33, 0);
    let entry_35 = read_theta_pre(2 * (block_5) + 1, counter_33, 1);
    let entry_36 = read_theta_pre(2 * (block_5) + 1, counter_33, 2);
    mta_arena[tap_32 + 10] = vec4f(entry_34, entry_35, entry_36, 0.0);
  }
  for (var tap_37 = thread; tap_37 < 2; tap_37 += 32) {
    let counter_38 = tap_37 % 2;
    let entry_39 = read_theta_pre(2 * (block_5), counter_38, 0);
    let entry_40 = read_theta_pre(2 * (block_5), counter_38, 1);
    let entry_41 = read_theta_pre(2 * (block_5), counter_38, 2);
    mta_arena[tap_37 + 12] = vec4f(entry_39, entry_40, entry_41, 0.0);
  }
  for (var tap_42 = thread; tap_42 < 2; tap_42 += 32) {
    let counter_43 = tap_42 % 2;
    let entry_44 = read_theta_pre(2 * (block_5) + 1, counter_43, 0);
    let entry_45 = read_theta_pre(2 * (block_5) + 1, counter_43, 1);
    let entry_46 = read_theta_pre(2 * (block_5) + 1, counter_43, 2);
    mta_arena[tap_42 + 14] = vec4f(entry_44, entry_45, entry_46, 0.0);
  }
  for (var n_47 = thread; n_47 < 288; n_47 += 32) {
    mta_arena[n_47 + 16] = vec4f(0.0);
  }
  for (var n_48 = thread; n_48 < 288; n_48 += 32) {
    mta_arena[n_48 + 304] = vec4f(0.0);
  }
  let constant_49 = vec4f(0.0);
  let constant_50 = vec4f(0.0);
  let constant_51 = vec4f(0.0);
  let constant_52 = vec4f(0.0);
  let constant_53 = -3.4e+38;
  let constant_54 = -3.4e+38;
  let constant_55 = -3.4e+38;
  let constant_56 = -3.4e+38;
  let constant_57 = 0.0;
  let constant_58 = 0.0;
  let constant_59 = 0.0;
  let constant_60 = 0.0;
  let constant_61 = vec4f(0.0);
  let constant_62 = vec4f(0.0);
  let constant_63 = vec4f(0.0);
  let constant_64 = vec4f(0.0);
  let constant_65 = -3.4e+38;
  let constant_66 = -3.4e+38;
  let constant_67 = -3.4e+38;
  let constant_68 = -3.4e+38;
  let constant_69 = 0.0;
  let constant_70 = 0.0;
  let constant_71 = 0.0;
  let constant_72 = 0.0;
  var carried_73 = constant_53;
  var carried_74 = constant_54;
  var carried_75 = constant_55;
  var carried_76 = constant_56;
  var carried_77 = constant_57;
  var carried_78 = constant_58;
  var carried_79 = constant_59;
  var carried_80 = constant_60;
  var carried_81 = constant_49;
  var carried_82 = constant_50;
  var carried_83 = constant_51;
  var carried_84 = constant_52;
  var carried_85 = constant_65;
  var carried_86 = constant_66;
  var carried_87 = constant_67;
  var carried_88 = constant_68;
  var carried_89 = constant_69;
  var carried_90 = constant_70;
  var carried_91 = constant_71;
  var carried_92 = constant_72;
  var carried_93 = constant_61;
  var carried_94 = constant_62;
  var carried_95 = constant_63;
  var carried_96 = constant_64;
  for (var n_97 = thread; n_97 < 64; n_97 += 32) {
    let line_98 = n_97 / 2;
    let vector_99 = n_97 % 2;
    let place_100 = 2 * (block_5);
    let at_101 = I_4 - 1 + line_98;
    let place_102 = at_101 - (launch.keys - launch.queries);
    var loaded_103 = vec4f();
    if (u32(place_102) < u32(launch.queries) && u32(vector_99) < 2u) {
      loaded_103 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + place_100 * launch.q_stride_1 + place_102 * launch.q_stride_2 + vector_99];
    }
    mta_arena[n_97 + 592] = loaded_103;
  }
  for (var n_104 = thread; n_104 < 64; n_104 += 32) {
    let line_105 = n_104 / 2;
    let vector_106 = n_104 % 2;
    let place_107 = 2 * (block_5) + 1;
    let at_108 = I_4 - 1 + line_105;
    let place_109 = at_108 - (launch.keys - launch.queries);
    var loaded_110 = vec4f();
    if (u32(place_109) < u32(launch.queries) && u32(vector_106) < 2u) {
      loaded_110 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + place_107 * launch.q_stride_1 + place_109 * launch.q_stride_2 + vector_106];
    }
    mta_arena[n_104 + 656] = loaded_110;
  }
  let end_111 = min(launch.keys, I_4 + 31) + 1;
  for (var J_112 = 0; J_112 < end_111; J_112 += 32) {
    let from_113 = I_4 - 1;
    let is_full_114 = (J_112 + 31 - from_113 <= 0) && ((-from_113 <= 0) && (J_112 + 31 - launch.keys < 0));
    let is_empty_115 = (J_112 - (from_113 + 31) > 0) || ((-(from_113 + 31) > 0) || (J_112 - launch.keys >= 0));
    var chosen_116 = vec4f();
    var chosen_117 = vec4f();
    var chosen_118 = vec4f();
    var chosen_119 = vec4f();
    var chosen_120 = vec4f();
    var chosen_121 = vec4f();
    var chosen_122 = vec4f();
    var chosen_123 = vec4f();
    if (is_empty_115) {
      let constant_124 = vec4f(0.0);
      let constant_125 = vec4f(0.0);
      let constant_126 = vec4f(0.0);
      let constant_127 = vec4f(0.0);
      let constant_128 = vec4f(0.0);
      let constant_129 = vec4f(0.0);
      let constant_130 = vec4f(0.0);
      let constant_131 = vec4f(0.0);
      chosen_116 = constant_124;
      chosen_117 = constant_125;
      chosen_118 = constant_126;
      chosen_119 = constant_127;
      chosen_120 = constant_128;
      chosen_121 = constant_129;
      chosen_122 = constant_130;
      chosen_123 = constant_131;
    }
    else {
      var product_132 = vec4f(0.0);
      var product_133 = vec4f(0.0);
      var product_134 = vec4f(0.0);
      var product_135 = vec4f(0.0);
      var product_136 = vec4f(0.0);
      var product_137 = vec4f(0.0);
      var product_138 = vec4f(0.0);
      var product_139 = vec4f(0.0);
      workgroupBarrier();
      for (var n_141 = thread; n_141 < 64; n_141 += 32) {
        let line_142 = n_141 / 2;
        let vector_143 = n_141 % 2;
        let place_144 = 2 * (block_5);
        let at_145 = J_112 + line_142;
        var loaded_146 = vec4f();
        if (u32(at_145) < u32(launch.keys) && u32(vector_143) < 2u) {
          loaded_146 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_144 * launch.k_stride_1 + at_145 * launch.k_stride_2 + vector_143];
        }
        mta_arena[n_141 + (line_142 >> 2u) + 720] = loaded_146;
      }
      workgroupBarrier();
      let row_148 = thread_row * 4;
      let left_149 = row_148 * 2;
      let right_150 = thread_column * 9;
      for (var k_147 = 0; k_147 < 2; k_147++) {
        let right_151 = mta_arena[right_150 + k_147 + 720];
        let right_152 = mta_arena[right_150 + k_147 + 722];
        let right_153 = mta_arena[right_150 + k_147 + 724];
        let right_154 = mta_arena[right_150 + k_147 + 726];
        let right_155 = mta_arena[right_150 + k_147 + 756];
        let right_156 = mta_arena[right_150 + k_147 + 758];
        let right_157 = mta_arena[right_150 + k_147 + 760];
        let right_158 = mta_arena[right_150 + k_147 + 762];
        let left_159 = mta_arena[left_149 + k_147 + 592];
        product_132 += vec4f(dot(left_159, right_151), dot(left_159, right_152), dot(left_159, right_153), dot(left_159, right_154));
        product_133 += vec4f(dot(left_159, right_155), dot(left_159, right_156), dot(left_159, right_157), dot(left_159, right_158));
        let left_160 = mta_arena[left_149 + k_147 + 594];
        product_134 += vec4f(dot(left_160, right_151), dot(left_160, right_152), dot(left_160, right_153), dot(left_160, right_154));
        product_135 += vec4f(dot(left_160, right_155), dot(left_160, right_156), dot(left_160, right_157), dot(left_160, right_158));
        let left_161 = mta_arena[left_149 + k_147 + 596];
        product_136 += vec4f(dot(left_161, right_151), dot(left_161, right_152), dot(left_161, right_153), dot(left_161, right_154));
        product_137 += vec4f(dot(left_161, right_155), dot(left_161, right_156), dot(left_161, right_157), dot(left_161, right_158));
        let left_162 = mta_arena[left_149 + k_147 + 598];
        product_138 += vec4f(dot(left_162, right_151), dot(left_162, right_152), dot(left_162, right_153), dot(left_162, right_154));
        product_139 += vec4f(dot(left_162, right_155), dot(left_162, right_156), dot(left_162, right_157), dot(left_162, right_158));
      }
      let column_163 = thread_column * 4;
      let map_164 = product_132 / 2.828427;
      let map_165 = product_133 / 2.828427;
      let map_166 = product_134 / 2.828427;
      let map_167 = product_135 / 2.828427;
      let map_168 = product_136 / 2.828427;
      let map_169 = product_137 / 2.828427;
      let map_170 = product_138 / 2.828427;
      let map_171 = product_139 / 2.828427;
      let j_172 = J_112 + column_163;
      let j_173 = j_172 + vec4i(0, 1, 2, 3);
      let i_174 = I_4 - 1 + row_148;
      let map_175 = select(vec4f(0.0), map_164, (j_173 <= vec4i(i_174)) & (vec4<bool>(0 <= i_174) & (j_173 < vec4i(launch.keys))));
      let j_176 = j_172 + 16 + vec4i(0, 1, 2, 3);
      let map_177 = select(vec4f(0.0), map_165, (j_176 <= vec4i(i_174)) & (vec4<bool>(0 <= i_174) & (j_176 < vec4i(launch.keys))));
      let map_178 = select(vec4f(0.0), map_166, (j_173 <= vec4i(i_174 + 1)) & (vec4<bool>(0 <= i_174 + 1) & (j_173 < vec4i(launch.keys))));
      let map_179 = select(vec4f(0.0), map_167, (j_176 <= vec4i(i_174 + 1)) & (vec4<bool>(0 <= i_174 + 1) & (j_176 < vec4i(launch.keys))));
      let map_180 = select(vec4f(0.0), map_168, (j_173 <= vec4i(i_174 + 2)) & (vec4<bool>(0 <= i_174 + 2) & (j_173 < vec4i(launch.keys))));
      let map_181 = select(vec4f(0.0), map_169, (j_176 <= vec4i(i_174 + 2)) & (vec4<bool>(0 <= i_174 + 2) & (j_176 < vec4i(launch.keys))));
      let map_182 = select(vec4f(0.0), map_170, (j_173 <= vec4i(i_174 + 3)) & (vec4<bool>(0 <= i_174 + 3) & (j_173 < vec4i(launch.keys))));
      let map_183 = select(vec4f(0.0), map_171, (j_176 <= vec4i(i_174 + 3)) & (vec4<bool>(0 <= i_174 + 3) & (j_176 < vec4i(launch.keys))));
      chosen_116 = map_175;
      chosen_117 = map_177;
      chosen_118 = map_178;
      chosen_119 = map_179;
      chosen_120 = map_180;
      chosen_121 = map_181;
      chosen_122 = map_182;
      chosen_123 = map_183;
    }
    workgroupBarrier();
    let to_184 = thread * 9;
    let kept_185 = mta_arena[to_184 + 8 + 16];
    workgroupBarrier();
    mta_arena[to_184 + 16] = kept_185;
    let row_186 = thread_row * 4;
    let line_187 = row_186 * 9;
    mta_arena[line_187 + thread_column + 1 + 16] = chosen_116;
    mta_arena[line_187 + thread_column + 5 + 16] = chosen_117;
    mta_arena[line_187 + thread_column + 10 + 16] = chosen_118;
    mta_arena[line_187 + thread_column + 14 + 16] = chosen_119;
    mta_arena[line_187 + thread_column + 19 + 16] = chosen_120;
    mta_arena[line_187 + thread_column + 23 + 16] = chosen_121;
    mta_arena[line_187 + thread_column + 28 + 16] = chosen_122;
    mta_arena[line_187 + thread_column + 32 + 16] = chosen_123;
    var chosen_188 = vec4f();
    var chosen_189 = vec4f();
    var chosen_190 = vec4f();
    var chosen_191 = vec4f();
    var chosen_192 = vec4f();
    var chosen_193 = vec4f();
    var chosen_194 = vec4f();
    var chosen_195 = vec4f();
    if (is_empty_115) {
      let constant_196 = vec4f(0.0);
      let constant_197 = vec4f(0.0);
      let constant_198 = vec4f(0.0);
      let constant_199 = vec4f(0.0);
      let constant_200 = vec4f(0.0);
      let constant_201 = vec4f(0.0);
      let constant_202 = vec4f(0.0);
      let constant_203 = vec4f(0.0);
      chosen_188 = constant_196;
      chosen_189 = constant_197;
      chosen_190 = constant_198;
      chosen_191 = constant_199;
      chosen_192 = constant_200;
      chosen_193 = constant_201;
      chosen_194 = constant_202;
      chosen_195 = constant_203;
    }
    else {
      var product_204 = vec4f(0.0);
      var product_205 = vec4f(0.0);
      var product_206 = vec4f(0.0);
      var product_207 = vec4f(0.0);
      var product_208 = vec4f(0.0);
      var product_209 = vec4f(0.0);
      var product_210 = vec4f(0.0);
      var product_211 = vec4f(0.0);
      for (var n_213 = thread; n_213 < 64; n_213 += 32) {
        let line_214 = n_213 / 2;
        let vector_215 = n_213 % 2;
        let place_216 = 2 * (block_5) + 1;
        let at_217 = J_112 + line_214;
        var loaded_218 = vec4f();
        if (u32(at_217) < u32(launch.keys) && u32(vector_215) < 2u) {
          loaded_218 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_216 * launch.k_stride_1 + at_217 * launch.k_stride_2 + vector_215];
        }
        mta_arena[n_213 + (line_214 >> 2u) + 720] = loaded_218;
      }
      workgroupBarrier();
      let left_220 = row_186 * 2;
      let right_221 = thread_column * 9;
      for (var k_219 = 0; k_219 < 2; k_219++) {
        let right_222 = mta_arena[right_221 + k_219 + 720];
        let right_223 = mta_arena[right_221 + k_219 + 722];
        let right_224 = mta_arena[right_221 + k_219 + 724];
        let right_225 = mta_arena[right_221 + k_219 + 726];
        let right_226 = mta_arena[right_221 + k_219 + 756];
        let right_227 = mta_arena[right_221 + k_219 + 758];
        let right_228 = mta_arena[right_221 + k_219 + 760];
        let right_229 = mta_arena[right_221 + k_219 + 762];
        let left_230 = mta_arena[left_220 + k_219 + 656];
        product_204 += vec4f(dot(left_230, right_222), dot(left_230, right_223), dot(left_230, right_224), dot(left_230, right_225));
        product_205 += vec4f(dot(left_230, right_226), dot(left_230, right_227), dot(left_230, right_228), dot(left_230, right_229));
        let left_231 = mta_arena[left_220 + k_219 + 658];
        product_206 += vec4f(dot(left_231, right_222), dot(left_231, right_223), dot(left_231, right_224), dot(left_231, right_225));
        product_207 += vec4f(dot(left_231, right_226), dot(left_231, right_227), dot(left_231, right_228), dot(left_231, right_229));
        let left_232 = mta_arena[left_220 + k_219 + 660];
        product_208 += vec4f(dot(left_232, right_222), dot(left_232, right_223), dot(left_232, right_224), dot(left_232, right_225));
        product_209 += vec4f(dot(left_232, right_226), dot(left_232, right_227), dot(left_232, right_228), dot(left_232, right_229));
        let left_233 = mta_arena[left_220 + k_219 + 662];
        product_210 += vec4f(dot(left_233, right_222), dot(left_233, right_223), dot(left_233, right_224), dot(left_233, right_225));
        product_211 += vec4f(dot(left_233, right_226), dot(left_233, right_227), dot(left_233, right_228), dot(left_233, right_229));
      }
      let column_234 = thread_column * 4;
      let map_235 = product_204 / 2.828427;
      let map_236 = product_205 / 2.828427;
      let map_237 = product_206 / 2.828427;
      let map_238 = product_207 / 2.828427;
      let map_239 = product_208 / 2.828427;
      let map_240 = product_209 / 2.828427;
      let map_241 = product_210 / 2.828427;
      let map_242 = product_211 / 2.828427;
      let j_243 = J_112 + column_234;
      let j_244 = j_243 + vec4i(0, 1, 2, 3);
      let i_245 = I_4 - 1 + row_186;
      let map_246 = select(vec4f(0.0), map_235, (j_244 <= vec4i(i_245)) & (vec4<bool>(0 <= i_245) & (j_244 < vec4i(launch.keys))));
      let j_247 = j_243 + 16 + vec4i(0, 1, 2, 3);
      let map_248 = select(vec4f(0.0), map_236, (j_247 <= vec4i(i_245)) & (vec4<bool>(0 <= i_245) & (j_247 < vec4i(launch.keys))));
      let map_249 = select(vec4f(0.0), map_237, (j_244 <= vec4i(i_245 + 1)) & (vec4<bool>(0 <= i_245 + 1) & (j_244 < vec4i(launch.keys))));
      let map_250 = select(vec4f(0.0), map_238, (j_247 <= vec4i(i_245 + 1)) & (vec4<bool>(0 <= i_245 + 1) & (j_247 < vec4i(launch.keys))));
      let map_251 = select(vec4f(0.0), map_239, (j_244 <= vec4i(i_245 + 2)) & (vec4<bool>(0 <= i_245 + 2) & (j_244 < vec4i(launch.keys))));
      let map_252 = select(vec4f(0.0), map_240, (j_247 <= vec4i(i_245 + 2)) & (vec4<bool>(0 <= i_245 + 2) & (j_247 < vec4i(launch.keys))));
      let map_253 = select(vec4f(0.0), map_241, (j_244 <= vec4i(i_245 + 3)) & (vec4<bool>(0 <= i_245 + 3) & (j_244 < vec4i(launch.keys))));
      let map_254 = select(vec4f(0.0), map_242, (j_247 <= vec4i(i_245 + 3)) & (vec4<bool>(0 <= i_245 + 3) & (j_247 < vec4i(launch.keys))));
      chosen_188 = map_246;
      chosen_189 = map_248;
      chosen_190 = map_249;
      chosen_191 = map_250;
      chosen_192 = map_251;
      chosen_193 = map_252;
      chosen_194 = map_253;
      chosen_195 = map_254;
    }
    let kept_255 = mta_arena[to_184 + 8 + 304];
    workgroupBarrier();
    mta_arena[to_184 + 304] = kept_255;
    mta_arena[line_187 + thread_column + 1 + 304] = chosen_188;
    mta_arena[line_187 + thread_column + 5 + 304] = chosen_189;
    mta_arena[line_187 + thread_column + 10 + 304] = chosen_190;
    mta_arena[line_187 + thread_column + 14 + 304] = chosen_191;
    mta_arena[line_187 + thread_column + 19 + 304] = chosen_192;
    mta_arena[line_187 + thread_column + 23 + 304] = chosen_193;
    mta_arena[line_187 + thread_column + 28 + 304] = chosen_194;
    mta_arena[line_187 + thread_column + 32 + 304] = chosen_195;
    let from_256 = J_112 - 1;
    let is_full_257 = (from_256 + 31 - from_113 <= 0) && ((-from_256 <= 0) && (from_256 + 31 - launch.keys < 0));
    let is_empty_258 = (from_256 - (from_113 + 31) > 0) || ((-(from_256 + 31) > 0) || (from_256 - launch.keys >= 0));
    var chosen_259 = 0.0;
    var chosen_260 = 0.0;
    var chosen_261 = 0.0;
    var chosen_262 = 0.0;
    var chosen_263 = 0.0;
    var chosen_264 = 0.0;
    var chosen_265 = 0.0;
    var chosen_266 = 0.0;
    var chosen_267 = vec4f();
    var chosen_268 = vec4f();
    var chosen_269 = vec4f();
    var chosen_270 = vec4f();
    if (is_empty_258) {
      chosen_259 = carried_73;
      chosen_260 = carried_74;
      chosen_261 = carried_75;
      chosen_262 = carried_76;
      chosen_263 = carried_77;
      chosen_264 = carried_78;
      chosen_265 = carried_79;
      chosen_266 = carried_80;
      chosen_267 = carried_81;
      chosen_268 = carried_82;
      chosen_269 = carried_83;
      chosen_270 = carried_84;
    }
    else {
      var convolved_271 = vec4f(0.0);
      var convolved_272 = vec4f(0.0);
      var convolved_273 = vec4f(0.0);
      var convolved_274 = vec4f(0.0);
      var convolved_275 = vec4f(0.0);
      var convolved_276 = vec4f(0.0);
      var convolved_277 = vec4f(0.0);
      var convolved_278 = vec4f(0.0);
      let weights_279 = mta_arena[4];
      let neighbourhood_281 = row_186 * 9 + thread_column;
      let ring_280 = mta_arena[neighbourhood_281 - 9 + 16];
      let ring_282 = mta_arena[neighbourhood_281 - 8 + 16];
      let window_283 = vec4f(ring_280.z, ring_280.w, ring_282.x, ring_282.y);
      convolved_271 += weights_279.x * window_283;
      let window_284 = vec4f(ring_280.w, ring_282.x, ring_282.y, ring_282.z);
      convolved_271 += weights_279.y * window_284;
      convolved_271 += weights_279.z * ring_282;
      let weights_285 = mta_arena[5];
      let ring_286 = mta_arena[neighbourhood_281 + 16];
      let ring_287 = mta_arena[neighbourhood_281 + 1 + 16];
      let window_288 = vec4f(ring_286.z, ring_286.w, ring_287.x, ring_287.y);
      convolved_271 += weights_285.x * window_288;
      let window_289 = vec4f(ring_286.w, ring_287.x, ring_287.y, ring_287.z);
      convolved_271 += weights_285.y * window_289;
      convolved_271 += weights_285.z * ring_287;
      convolved_273 += weights_279.x * window_288;
      convolved_273 += weights_279.y * window_289;
      convolved_273 += weights_279.z * ring_287;
      let ring_290 = mta_arena[neighbourhood_281 + 9 + 16];
      let ring_291 = mta_arena[neighbourhood_281 + 10 + 16];
      let window_292 = vec4f(ring_290.z, ring_290.w, ring_291.x, ring_291.y);
      convolved_273 += weights_285.x * window_292;
      let window_293 = vec4f(ring_290.w, ring_291.x, ring_291.y, ring_291.z);
      convolved_273 += weights_285.y * window_293;
      convolved_273 += weights_285.z * ring_291;
      convolved_275 += weights_279.x * window_292;
      convolved_275 += weights_279.y * window_293;
      convolved_275 += weights_279.z * ring_291;
      let ring_294 = mta_arena[neighbourhood_281 + 18 + 16];
      let ring_295 = mta_arena[neighbourhood_281 + 19 + 16];
      let window_296 = vec4f(ring_294.z, ring_294.w, ring_295.x, ring_295.y);
      convolved_275 += weights_285.x * window_296;
      let window_297 = vec4f(ring_294.w, ring_295.x, ring_295.y, ring_295.z);
      convolved_275 += weights_285.y * window_297;
      convolved_275 += weights_285.z * ring_295;
      convolved_277 += weights_279.x * window_296;
      convolved_277 += weights_279.y * window_297;
      convolved_277 += weights_279.z * ring_295;
      let ring_298 = mta_arena[neighbourhood_281 + 27 + 16];
      let ring_299 = mta_arena[neighbourhood_281 + 28 + 16];
      let window_300 = vec4f(ring_298.z, ring_298.w, ring_299.x, ring_299.y);
      convolved_277 += weights_285.x * window_300;
      let window_301 = vec4f(ring_298.w, ring_299.x, ring_299.y, ring_299.z);
      convolved_277 += weights_285.y * window_301;
      convolved_277 += weights_285.z * ring_299;
      let ring_302 = mta_arena[neighbourhood_281 - 5 + 16];
      let ring_303 = mta_arena[neighbourhood_281 - 4 + 16];
      let window_304 = vec4f(ring_302.z, ring_302.w, ring_303.x, ring_303.y);
      convolved_272 += weights_279.x * window_304;
      let window_305 = vec4f(ring_302.w, ring_303.x, ring_303.y, ring_303.z);
      convolved_272 += weights_279.y * window_305;
      convolved_272 += weights_279.z * ring_303;
      let ring_306 = mta_arena[neighbourhood_281 + 4 + 16];
      let ring_307 = mta_arena[neighbourhood_281 + 5 + 16];
      let window_308 = vec4f(ring_306.z, ring_306.w, ring_307.x, ring_307.y);
      convolved_272 += weights_285.x * window_308;
      let window_309 = vec4f(ring_306.w, ring_307.x, ring_307.y, ring_307.z);
      convolved_272 += weights_285.y * window_309;
      convolved_272 += weights_285.z * ring_307;
      convolved_274 += weights_279.x * window_308;
      convolved_274 += weights_279.y * window_309;
      convolved_274 += weights_279.z * ring_307;
      let ring_310 = mta_arena[neighbourhood_281 + 13 + 16];
      let ring_311 = mta_arena[neighbourhood_281 + 14 + 16];
      let window_312 = vec4f(ring_310.z, ring_310.w, ring_311.x, ring_311.y);
      convolved_274 += weights_285.x * window_312;
      let window_313 = vec4f(ring_310.w, ring_311.x, ring_311.y, ring_311.z);
      convolved_274 += weights_285.y * window_313;
      convolved_274 += weights_285.z * ring_311;
      convolved_276 += weights_279.x * window_312;
      convolved_276 += weights_279.y * window_313;
      convolved_276 += weights_279.z * ring_311;
      let ring_314 = mta_arena[neighbourhood_281 + 22 + 16];
      let ring_315 = mta_arena[neighbourhood_281 + 23 + 16];
      let window_316 = vec4f(ring_314.z, ring_314.w, ring_315.x, ring_315.y);
      convolved_276 += weights_285.x * window_316;
      let window_317 = vec4f(ring_314.w, ring_315.x, ring_315.y, ring_315.z);
      convolved_276 += weights_285.y * window_317;
      convolved_276 += weights_285.z * ring_315;
      convolved_278 += weights_279.x * window_316;
      convolved_278 += weights_279.y * window_317;
      convolved_278 += weights_279.z * ring_315;
      let ring_318 = mta_arena[neighbourhood_281 + 31 + 16];
      let ring_319 = mta_arena[neighbourhood_281 + 32 + 16];
      let window_320 = vec4f(ring_318.z, ring_318.w, ring_319.x, ring_319.y);
      convolved_278 += weights_285.x * window_320;
      let window_321 = vec4f(ring_318.w, ring_319.x, ring_319.y, ring_319.z);
      convolved_278 += weights_285.y * window_321;
      convolved_278 += weights_285.z * ring_319;
      workgroupBarrier();
      var convolved_322 = vec4f(0.0);
      var convolved_323 = vec4f(0.0);
      var convolved_324 = vec4f(0.0);
      var convolved_325 = vec4f(0.0);
      var convolved_326 = vec4f(0.0);
      var convolved_327 = vec4f(0.0);
      var convolved_328 = vec4f(0.0);
      var convolved_329 = vec4f(0.0);
      let weights_330 = mta_arena[6];
      let ring_331 = mta_arena[neighbourhood_281 - 9 + 304];
      let ring_332 = mta_arena[neighbourhood_281 - 8 + 304];
      let window_333 = vec4f(ring_331.z, ring_331.w, ring_332.x, ring_332.y);
      convolved_322 += weights_330.x * window_333;
      let window_334 = vec4f(ring_331.w, ring_332.x, ring_332.y, ring_332.z);
      convolved_322 += weights_330.y * window_334;
      convolved_322 += weights_330.z * ring_332;
      let weights_335 = mta_arena[7];
      let ring_336 = mta_arena[neighbourhood_281 + 304];
      let ring_337 = mta_arena[neighbourhood_281 + 1 + 304];
      let window_338 = vec4f(ring_336.z, ring_336.w, ring_337.x, ring_337.y);
      convolved_322 += weights_335.x * window_338;
      let window_339 = vec4f(ring_336.w, ring_337.x, ring_337.y, ring_337.z);
      convolved_322 += weights_335.y * window_339;
      convolved_322 += weights_335.z * ring_337;
      convolved_324 += weights_330.x * window_338;
      convolved_324 += weights_330.y * window_339;
      convolved_324 += weights_330.z * ring_337;
      let ring_340 = mta_arena[neighbourhood_281 + 9 + 304];
      let ring_341 = mta_arena[neighbourhood_281 + 10 + 304];
      let window_342 = vec4f(ring_340.z, ring_340.w, ring_341.x, ring_341.y);
      convolved_324 += weights_335.x * window_342;
      let window_343 = vec4f(ring_340.w, ring_341.x, ring_341.y, ring_341.z);
      convolved_324 += weights_335.y * window_343;
      convolved_324 += weights_335.z * ring_341;
      convolved_326 += weights_330.x * window_342;
      convolved_326 += weights_330.y * window_343;
      convolved_326 += weights_330.z * ring_341;
      let ring_344 = mta_arena[neighbourhood_281 + 18 + 304];
      let ring_345 = mta_arena[neighbourhood_281 + 19 + 304];
      let window_346 = vec4f(ring_344.z, ring_344.w, ring_345.x, ring_345.y);
      convolved_326 += weights_335.x * window_346;
      let window_347 = vec4f(ring_344.w, ring_345.x, ring_345.y, ring_345.z);
      convolved_326 += weights_335.y * window_347;
      convolved_326 += weights_335.z * ring_345;
      convolved_328 += weights_330.x * window_346;
      convolved_328 += weights_330.y * window_347;
      convolved_328 += weights_330.z * ring_345;
      let ring_348 = mta_arena[neighbourhood_281 + 27 + 304];
      let ring_349 = mta_arena[neighbourhood_281 + 28 + 304];
      let window_350 = vec4f(ring_348.z, ring_348.w, ring_349.x, ring_349.y);
      convolved_328 += weights_335.x * window_350;
      let window_351 = vec4f(ring_348.w, ring_349.x, ring_349.y, ring_349.z);
      convolved_328 += weights_335.y * window_351;
      convolved_328 += weights_335.z * ring_349;
      let ring_352 = mta_arena[neighbourhood_281 - 5 + 304];
      let ring_353 = mta_arena[neighbourhood_281 - 4 + 304];
      let window_354 = vec4f(ring_352.z, ring_352.w, ring_353.x, ring_353.y);
      convolved_323 += weights_330.x * window_354;
      let window_355 = vec4f(ring_352.w, ring_353.x, ring_353.y, ring_353.z);
      convolved_323 += weights_330.y * window_355;
      convolved_323 += weights_330.z * ring_353;
      let ring_356 = mta_arena[neighbourhood_281 + 4 + 304];
      let ring_357 = mta_arena[neighbourhood_281 + 5 + 304];
      let window_358 = vec4f(ring_356.z, ring_356.w, ring_357.x, ring_357.y);
      convolved_323 += weights_335.x * window_358;
      let window_359 = vec4f(ring_356.w, ring_357.x, ring_357.y, ring_357.z);
      convolved_323 += weights_335.y * window_359;
      convolved_323 += weights_335.z * ring_357;
      convolved_325 += weights_330.x * window_358;
      convolved_325 += weights_330.y * window_359;
      convolved_325 += weights_330.z * ring_357;
      let ring_360 = mta_arena[neighbourhood_281 + 13 + 304];
      let ring_361 = mta_arena[neighbourhood_281 + 14 + 304];
      let window_362 = vec4f(ring_360.z, ring_360.w, ring_361.x, ring_361.y);
      convolved_325 += weights_335.x * window_362;
      let window_363 = vec4f(ring_360.w, ring_361.x, ring_361.y, ring_361.z);
      convolved_325 += weights_335.y * window_363;
      convolved_325 += weights_335.z * ring_361;
      convolved_327 += weights_330.x * window_362;
      convolved_327 += weights_330.y * window_363;
      convolved_327 += weights_330.z * ring_361;
      let ring_364 = mta_arena[neighbourhood_281 + 22 + 304];
      let ring_365 = mta_arena[neighbourhood_281 + 23 + 304];
      let window_366 = vec4f(ring_364.z, ring_364.w, ring_365.x, ring_365.y);
      convolved_327 += weights_335.x * window_366;
      let window_367 = vec4f(ring_364.w, ring_365.x, ring_365.y, ring_365.z);
      convolved_327 += weights_335.y * window_367;
      convolved_327 += weights_335.z * ring_365;
      convolved_329 += weights_330.x * window_366;
      convolved_329 += weights_330.y * window_367;
      convolved_329 += weights_330.z * ring_365;
      let ring_368 = mta_arena[neighbourhood_281 + 31 + 304];
      let ring_369 = mta_arena[neighbourhood_281 + 32 + 304];
      let window_370 = vec4f(ring_368.z, ring_368.w, ring_369.x, ring_369.y);
      convolved_329 += weights_335.x * window_370;
      let window_371 = vec4f(ring_368.w, ring_369.x, ring_369.y, ring_369.z);
      convolved_329 += weights_335.y * window_371;
      convolved_329 += weights_335.z * ring_369;
      let column_372 = thread_column * 4;
      let shared_373 = 2 * (block_5);
      let entry_374 = read_mix_pre(0, shared_373, 0);
      let entry_375 = read_mix_pre(0, shared_373, 1);
      let map_376 = entry_374 * convolved_271 + entry_375 * convolved_322;
      let shared_377 = 2 * (block_5);
      let entry_378 = read_mix_pre(0, shared_377, 0);
      let entry_379 = read_mix_pre(0, shared_377, 1);
      let map_380 = entry_378 * convolved_272 + entry_379 * convolved_323;
      let shared_381 = 2 * (block_5);
      let entry_382 = read_mix_pre(0, shared_381, 0);
      let entry_383 = read_mix_pre(0, shared_381, 1);
      let map_384 = entry_382 * convolved_273 + entry_383 * convolved_324;
      let shared_385 = 2 * (block_5);
      let entry_386 = read_mix_pre(0, shared_385, 0);
      let entry_387 = read_mix_pre(0, shared_385, 1);
      let map_388 = entry_386 * convolved_274 + entry_387 * convolved_325;
      let shared_389 = 2 * (block_5);
      let entry_390 = read_mix_pre(0, shared_389, 0);
      let entry_391 = read_mix_pre(0, shared_389, 1);
      let map_392 = entry_390 * convolved_275 + entry_391 * convolved_326;
      let shared_393 = 2 * (block_5);
      let entry_394 = read_mix_pre(0, shared_393, 0);
      let entry_395 = read_mix_pre(0, shared_393, 1);
      let map_396 = entry_394 * convolved_276 + entry_395 * convolved_327;
      let shared_397 = 2 * (block_5);
      let entry_398 = read_mix_pre(0, shared_397, 0);
      let entry_399 = read_mix_pre(0, shared_397, 1);
      let map_400 = entry_398 * convolved_277 + entry_399 * convolved_328;
      let shared_401 = 2 * (block_5);
      let entry_402 = read_mix_pre(0, shared_401, 0);
      let entry_403 = read_mix_pre(0, shared_401, 1);
      let map_404 = entry_402 * convolved_278 + entry_403 * convolved_329;
      let j_405 = J_112 - 1 + column_372;
      let j_406 = j_405 + vec4i(0, 1, 2, 3);
      let i_407 = I_4 - 1 + row_186;
      let map_408 = select(vec4f(-3.4e+38), map_376, (j_406 <= vec4i(i_407)) & ((vec4i(0) <= j_406) & (j_406 < vec4i(launch.keys))));
      let j_409 = j_405 + 16 + vec4i(0, 1, 2, 3);
      let map_410 = select(vec4f(-3.4e+38), map_380, (j_409 <= vec4i(i_407)) & ((vec4i(0) <= j_409) & (j_409 < vec4i(launch.keys))));
      let map_411 = select(vec4f(-3.4e+38), map_384, (j_406 <= vec4i(i_407 + 1)) & ((vec4i(0) <= j_406) & (j_406 < vec4i(launch.keys))));
      let map_412 = select(vec4f(-3.4e+38), map_388, (j_409 <= vec4i(i_407 + 1)) & ((vec4i(0) <= j_409) & (j_409 < vec4i(launch.keys))));
      let map_413 = select(vec4f(-3.4e+38), map_392, (j_406 <= vec4i(i_407 + 2)) & ((vec4i(0) <= j_406) & (j_406 < vec4i(launch.keys))));
      let map_414 = select(vec4f(-3.4e+38), map_396, (j_409 <= vec4i(i_407 + 2)) & ((vec4i(0) <= j_409) & (j_409 < vec4i(launch.keys))));
      let map_415 = select(vec4f(-3.4e+38), map_400, (j_406 <= vec4i(i_407 + 3)) & ((vec4i(0) <= j_406) & (j_406 < vec4i(launch.keys))));
      let map_416 = select(vec4f(-3.4e+38), map_404, (j_409 <= vec4i(i_407 + 3)) & ((vec4i(0) <= j_409) & (j_409 < vec4i(launch.keys))));
      let partial_417 = max(map_408, map_410);
      let partial_418 = max(max(partial_417.x, partial_417.y), max(partial_417.z, partial_417.w));
      let partial_419 = max(map_411, map_412);
      let partial_420 = max(max(partial_419.x, partial_419.y), max(partial_419.z, partial_419.w));
      let partial_421 = max(map_413, map_414);
      let partial_422 = max(max(partial_421.x, partial_421.y), max(partial_421.z, partial_421.w));
      let partial_423 = max(map_415, map_416);
      let partial_424 = max(max(partial_423.x, partial_423.y), max(partial_423.z, partial_423.w));
      mta_arena[row_186 + thread_column + 720] = vec4f(partial_418, partial_420, partial_422, partial_424);
      workgroupBarrier();
      let max_425 = max(max(max(mta_arena[row_186 + 720], mta_arena[row_186 + 1 + 720]), mta_arena[row_186 + 2 + 720]), mta_arena[row_186 + 3 + 720]);
      let map_426 = max(carried_73, max_425.x);
      let map_427 = max(carried_74, max_425.y);
      let map_428 = max(carried_75, max_425.z);
      let map_429 = max(carried_76, max_425.w);
      let map_430 = exponential_difference(carried_73, map_426);
      let map_431 = exponential_difference(carried_74, map_427);
      let map_432 = exponential_difference(carried_75, map_428);
      let map_433 = exponential_difference(carried_76, map_429);
      let map_434 = exponential_difference_wide(map_408, vec4f(map_426));
      let map_435 = exponential_difference_wide(map_410, vec4f(map_426));
      let map_436 = exponential_difference_wide(map_411, vec4f(map_427));
      let map_437 = exponential_difference_wide(map_412, vec4f(map_427));
      let map_438 = exponential_difference_wide(map_413, vec4f(map_428));
      let map_439 = exponential_difference_wide(map_414, vec4f(map_428));
      let map_440 = exponential_difference_wide(map_415, vec4f(map_429));
      let map_441 = exponential_difference_wide(map_416, vec4f(map_429));
      let map_442 = carried_77 * map_430;
      let map_443 = carried_78 * map_431;
      let map_444 = carried_79 * map_432;
      let map_445 = carried_80 * map_433;
      let partial_446 = map_434 + map_435;
      let partial_447 = partial_446.x + partial_446.y + (partial_446.z + partial_446.w);
      let partial_448 = map_436 + map_437;
      let partial_449 = partial_448.x + partial_448.y + (partial_448.z + partial_448.w);
      let partial_450 = map_438 + map_439;
      let partial_451 = partial_450.x + partial_450.y + (partial_450.z + partial_450.w);
      let partial_452 = map_440 + map_441;
      let partial_453 = partial_452.x + partial_452.y + (partial_452.z + partial_452.w);
      let map_454 = map_442 + partial_447;
      let map_455 = map_443 + partial_449;
      let map_456 = map_444 + partial_451;
      let map_457 = map_445 + partial_453;
      let map_458 = carried_81 * map_430;
      let map_459 = carried_82 * map_431;
      let map_460 = carried_83 * map_432;
      let map_461 = carried_84 * map_433;
      workgroupBarrier();
      let line_462 = row_186 * 8;
      mta_arena[line_462 + thread_column + 720] = map_434;
      mta_arena[line_462 + (thread_column + 4) + 720] = map_435;
      mta_arena[line_462 + 8 + thread_column + 720] = map_436;
      mta_arena[line_462 + 8 + (thread_column + 4) + 720] = map_437;
      mta_arena[line_462 + 16 + thread_column + 720] = map_438;
      mta_arena[line_462 + 16 + (thread_column + 4) + 720] = map_439;
      mta_arena[line_462 + 24 + thread_column + 720] = map_440;
      mta_arena[line_462 + 24 + (thread_column + 4) + 720] = map_441;
      var product_463 = map_458;
      var product_464 = map_459;
      var product_465 = map_460;
      var product_466 = map_461;
      for (var slice_467 = 0; slice_467 < 2; slice_467++) {
        workgroupBarrier();
        for (var n_468 = thread; n_468 < 32; n_468 += 32) {
          let line_469 = n_468 / 2;
          let vector_470 = n_468 % 2;
          let place_471 = 2 * (block_5);
          let at_472 = J_112 - 1 + (line_469 + slice_467 * 16);
          var loaded_473 = vec4f();
          if (u32(at_472) < u32(launch.keys) && u32(vector_470) < 2u) {
            loaded_473 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_471 * launch.v_stride_1 + at_472 * launch.v_stride_2 + vector_470];
          }
          mta_arena[n_468 + 976] = loaded_473;
        }
        workgroupBarrier();
        let left_475 = row_186 * 8 + slice_467 * 4;
        for (var k_474 = 0; k_474 < 4; k_474++) {
          let chunk_476 = k_474 * 8;
          let right_477 = mta_arena[thread_column + chunk_476 + 976];
          let right_478 = mta_arena[thread_column + chunk_476 + 978];
          let right_479 = mta_arena[thread_column + chunk_476 + 980];
          let right_480 = mta_arena[thread_column + chunk_476 + 982];
          let left_481 = mta_arena[left_475 + k_474 + 720];
          product_463 += left_481.x * right_477;
          product_463 += left_481.y * right_478;
          product_463 += left_481.z * right_479;
          product_463 += left_481.w * right_480;
          let left_482 = mta_arena[left_475 + k_474 + 728];
          product_464 += left_482.x * right_477;
          product_464 += left_482.y * right_478;
          product_464 += left_482.z * right_479;
          product_464 += left_482.w * right_480;
          let left_483 = mta_arena[left_475 + k_474 + 736];
          product_465 += left_483.x * right_477;
          product_465 += left_483.y * right_478;
          product_465 += left_483.z * right_479;
          product_465 += left_483.w * right_480;
          let left_484 = mta_arena[left_475 + k_474 + 744];
          product_466 += left_484.x * right_477;
          product_466 += left_484.y * right_478;
          product_466 += left_484.z * right_479;
          product_466 += left_484.w * right_480;
        }
      }
      chosen_259 = map_426;
      chosen_260 = map_427;
      chosen_261 = map_428;
      chosen_262 = map_429;
      chosen_263 = map_454;
      chosen_264 = map_455;
      chosen_265 = map_456;
      chosen_266 = map_457;
      chosen_267 = product_463;
      chosen_268 = product_464;
      chosen_269 = product_465;
      chosen_270 = product_466;
    }
    var chosen_485 = 0.0;
    var chosen_486 = 0.0;
    var chosen_487 = 0.0;
    var chosen_488 = 0.0;
    var chosen_489 = 0.0;
    var chosen_490 = 0.0;
    var chosen_491 = 0.0;
    var chosen_492 = 0.0;
    var chosen_493 = vec4f();
    var chosen_494 = vec4f();
    var chosen_495 = vec4f();
    var chosen_496 = vec4f();
    if (is_empty_258) {
      chosen_485 = carried_85;
      chosen_486 = carried_86;
      chosen_487 = carried_87;
      chosen_488 = carried_88;
      chosen_489 = carried_89;
      chosen_490 = carried_90;
      chosen_491 = carried_91;
      chosen_492 = carried_92;
      chosen_493 = carried_93;
      chosen_494 = carried_94;
      chosen_495 = carried_95;
      chosen_496 = carried_96;
    }
    else {
      var convolved_497 = vec4f(0.0);
      var convolved_498 = vec4f(0.0);
      var convolved_499 = vec4f(0.0);
      var convolved_500 = vec4f(0.0);
      var convolved_501 = vec4f(0.0);
      var convolved_502 = vec4f(0.0);
      var convolved_503 = vec4f(0.0);
      var convolved_504 = vec4f(0.0);
      let weights_505 = mta_arena[12];
      let neighbourhood_507 = row_186 * 9 + thread_column;
      let ring_506 = mta_arena[neighbourhood_507 - 9 + 16];
      let ring_508 = mta_arena[neighbourhood_507 - 8 + 16];
      let window_509 = vec4f(ring_506.z, ring_506.w, ring_508.x, ring_508.y);
      convolved_497 += weights_505.x * window_509;
      let window_510 = vec4f(ring_506.w, ring_508.x, ring_508.y, ring_508.z);
      convolved_497 += weights_505.y * window_510;
      convolved_497 += weights_505.z * ring_508;
      let weights_511 = mta_arena[13];
      let ring_512 = mta_arena[neighbourhood_507 + 16];
      let ring_513 = mta_arena[neighbourhood_507 + 1 + 16];
      let window_514 = vec4f(ring_512.z, ring_512.w, ring_513.x, ring_513.y);
      convolved_497 += weights_511.x * window_514;
      let window_515 = vec4f(ring_512.w, ring_513.x, ring_513.y, ring_513.z);
      convolved_497 += weights_511.y * window_515;
      convolved_497 += weights_511.z * ring_513;
      convolved_499 += weights_505.x * window_514;
      convolved_499 += weights_505.y * window_515;
      convolved_499 += weights_505.z * ring_513;
      let ring_516 = mta_arena[neighbourhood_507 + 9 + 16];
      let ring_517 = mta_arena[neighbourhood_507 + 10 + 16];
      let window_518 = vec4f(ring_516.z, ring_516.w, ring_517.x, ring_517.y);
      convolved_499 += weights_511.x * window_518;
      let window_519 = vec4f(ring_516.w, ring_517.x, ring_517.y, ring_517.z);
      convolved_499 += weights_511.y * window_519;
      convolved_499 += weights_511.z * ring_517;
      convolved_501 += weights_505.x * window_518;
      convolved_501 += weights_505.y * window_519;
      convolved_501 += weights_505.z * ring_517;
      let ring_520 = mta_arena[neighbourhood_507 + 18 + 16];
      let ring_521 = mta_arena[neighbourhood_507 + 19 + 16];
      let window_522 = vec4f(ring_520.z, ring_520.w, ring_521.x, ring_521.y);
      convolved_501 += weights_511.x * window_522;
      let window_523 = vec4f(ring_520.w, ring_521.x, ring_521.y, ring_521.z);
      convolved_501 += weights_511.y * window_523;
      convolved_501 += weights_511.z * ring_521;
      convolved_503 += weights_505.x * window_522;
      convolved_503 += weights_505.y * window_523;
      convolved_503 += weights_505.z * ring_521;
      let ring_524 = mta_arena[neighbourhood_507 + 27 + 16];
      let ring_525 = mta_arena[neighbourhood_507 + 28 + 16];
      let window_526 = vec4f(ring_524.z, ring_524.w, ring_525.x, ring_525.y);
      convolved_503 += weights_511.x * window_526;
      let window_527 = vec4f(ring_524.w, ring_525.x, ring_525.y, ring_525.z);
      convolved_503 += weights_511.y * window_527;
      convolved_503 += weights_511.z * ring_525;
      let ring_528 = mta_arena[neighbourhood_507 - 5 + 16];
      let ring_529 = mta_arena[neighbourhood_507 - 4 + 16];
      let window_530 = vec4f(ring_528.z, ring_528.w, ring_529.x, ring_529.y);
      convolved_498 += weights_505.x * window_530;
      let window_531 = vec4f(ring_528.w, ring_529.x, ring_529.y, ring_529.z);
      convolved_498 += weights_505.y * window_531;
      convolved_498 += weights_505.z * ring_529;
      let ring_532 = mta_arena[neighbourhood_507 + 4 + 16];
      let ring_533 = mta_arena[neighbourhood_507 + 5 + 16];
      let window_534 = vec4f(ring_532.z, ring_532.w, ring_533.x, ring_533.y);
      convolved_498 += weights_511.x * window_534;
      let window_535 = vec4f(ring_532.w, ring_533.x, ring_533.y, ring_533.z);
      convolved_498 += weights_511.y * window_535;
      convolved_498 += weights_511.z * ring_533;
      convolved_500 += weights_505.x * window_534;
      convolved_500 += weights_505.y * window_535;
      convolved_500 += weights_505.z * ring_533;
      let ring_536 = mta_arena[neighbourhood_507 + 13 + 16];
      let ring_537 = mta_arena[neighbourhood_507 + 14 + 16];
      let window_538 = vec4f(ring_536.z, ring_536.w, ring_537.x, ring_537.y);
      convolved_500 += weights_511.x * window_538;
      let window_539 = vec4f(ring_536.w, ring_537.x, ring_537.y, ring_537.z);
      convolved_500 += weights_511.y * window_539;
      convolved_500 += weights_511.z * ring_537;
      convolved_502 += weights_505.x * window_538;
      convolved_502 += weights_505.y * window_539;
      convolved_502 += weights_505.z * ring_537;
      let ring_540 = mta_arena[neighbourhood_507 + 22 + 16];
      let ring_541 = mta_arena[neighbourhood_507 + 23 + 16];
      let window_542 = vec4f(ring_540.z, ring_540.w, ring_541.x, ring_541.y);
      convolved_502 += weights_511.x * window_542;
      let window_543 = vec4f(ring_540.w, ring_541.x, ring_541.y, ring_541.z);
      convolved_502 += weights_511.y * window_543;
      convolved_502 += weights_511.z * ring_541;
      convolved_504 += weights_505.x * window_542;
      convolved_504 += weights_505.y * window_543;
      convolved_504 += weights_505.z * ring_541;
      let ring_544 = mta_arena[neighbourhood_507 + 31 + 16];
      let ring_545 = mta_arena[neighbourhood_507 + 32 + 16];
      let window_546 = vec4f(ring_544.z, ring_544.w, ring_545.x, ring_545.y);
      convolved_504 += weights_511.x * window_546;
      let window_547 = vec4f(ring_544.w, ring_545.x, ring_545.y, ring_545.z);
      convolved_504 += weights_511.y * window_547;
      convolved_504 += weights_511.z * ring_545;
      workgroupBarrier();
      var convolved_548 = vec4f(0.0);
      var convolved_549 = vec4f(0.0);
      var convolved_550 = vec4f(0.0);
      var convolved_551 = vec4f(0.0);
      var convolved_552 = vec4f(0.0);
      var convolved_553 = vec4f(0.0);
      var convolved_554 = vec4f(0.0);
      var convolved_555 = vec4f(0.0);
      let weights_556 = mta_arena[14];
      let ring_557 = mta_arena[neighbourhood_507 - 9 + 304];
      let ring_558 = mta_arena[neighbourhood_507 - 8 + 304];
      let window_559 = vec4f(ring_557.z, ring_557.w, ring_558.x, ring_558.y);
      convolved_548 += weights_556.x * window_559;
      let window_560 = vec4f(ring_557.w, ring_558.x, ring_558.y, ring_558.z);
      convolved_548 += weights_556.y * window_560;
      convolved_548 += weights_556.z * ring_558;
      let weights_561 = mta_arena[15];
      let ring_562 = mta_arena[neighbourhood_507 + 304];
      let ring_563 = mta_arena[neighbourhood_507 + 1 + 304];
      let window_564 = vec4f(ring_562.z, ring_562.w, ring_563.x, ring_563.y);
      convolved_548 += weights_561.x * window_564;
      let window_565 = vec4f(ring_562.w, ring_563.x, ring_563.y, ring_563.z);
      convolved_548 += weights_561.y * window_565;
      convolved_548 += weights_561.z * ring_563;
      convolved_550 += weights_556.x * window_564;
      convolved_550 += weights_556.y * window_565;
      convolved_550 += weights_556.z * ring_563;
      let ring_566 = mta_arena[neighbourhood_507 + 9 + 304];
      let ring_567 = mta_arena[neighbourhood_507 + 10 + 304];
      let window_568 = vec4f(ring_566.z, ring_566.w, ring_567.x, ring_567.y);
      convolved_550 += weights_561.x * window_568;
      let window_569 = vec4f(ring_566.w, ring_567.x, ring_567.y, ring_567.z);
      convolved_550 += weights_561.y * window_569;
      convolved_550 += weights_561.z * ring_567;
      convolved_552 += weights_556.x * window_568;
      convolved_552 += weights_556.y * window_569;
      convolved_552 += weights_556.z * ring_567;
      let ring_570 = mta_arena[neighbourhood_507 + 18 + 304];
      let ring_571 = mta_arena[neighbourhood_507 + 19 + 304];
      let window_572 = vec4f(ring_570.z, ring_570.w, ring_571.x, ring_571.y);
      convolved_552 += weights_561.x * window_572;
      let window_573 = vec4f(ring_570.w, ring_571.x, ring_571.y, ring_571.z);
      convolved_552 += weights_561.y * window_573;
      convolved_552 += weights_561.z * ring_571;
      convolved_554 += weights_556.x * window_572;
      convolved_554 += weights_556.y * window_573;
      convolved_554 += weights_556.z * ring_571;
      let ring_574 = mta_arena[neighbourhood_507 + 27 + 304];
      let ring_575 = mta_arena[neighbourhood_507 + 28 + 304];
      let window_576 = vec4f(ring_574.z, ring_574.w, ring_575.x, ring_575.y);
      convolved_554 += weights_561.x * window_576;
      let window_577 = vec4f(ring_574.w, ring_575.x, ring_575.y, ring_575.z);
      convolved_554 += weights_561.y * window_577;
      convolved_554 += weights_561.z * ring_575;
      let ring_578 = mta_arena[neighbourhood_507 - 5 + 304];
      let ring_579 = mta_arena[neighbourhood_507 - 4 + 304];
      let window_580 = vec4f(ring_578.z, ring_578.w, ring_579.x, ring_579.y);
      convolved_549 += weights_556.x * window_580;
      let window_581 = vec4f(ring_578.w, ring_579.x, ring_579.y, ring_579.z);
      convolved_549 += weights_556.y * window_581;
      convolved_549 += weights_556.z * ring_579;
      let ring_582 = mta_arena[neighbourhood_507 + 4 + 304];
      let ring_583 = mta_arena[neighbourhood_507 + 5 + 304];
      let window_584 = vec4f(ring_582.z, ring_582.w, ring_583.x, ring_583.y);
      convolved_549 += weights_561.x * window_584;
      let window_585 = vec4f(ring_582.w, ring_583.x, ring_583.y, ring_583.z);
      convolved_549 += weights_561.y * window_585;
      convolved_549 += weights_561.z * ring_583;
      convolved_551 += weights_556.x * window_584;
      convolved_551 += weights_556.y * window_585;
      convolved_551 += weights_556.z * ring_583;
      let ring_586 = mta_arena[neighbourhood_507 + 13 + 304];
      let ring_587 = mta_arena[neighbourhood_507 + 14 + 304];
      let window_588 = vec4f(ring_586.z, ring_586.w, ring_587.x, ring_587.y);
      convolved_551 += weights_561.x * window_588;
      let window_589 = vec4f(ring_586.w, ring_587.x, ring_587.y, ring_587.z);
      convolved_551 += weights_561.y * window_589;
      convolved_551 += weights_561.z * ring_587;
      convolved_553 += weights_556.x * window_588;
      convolved_553 += weights_556.y * window_589;
      convolved_553 += weights_556.z * ring_587;
      let ring_590 = mta_arena[neighbourhood_507 + 22 + 304];
      let ring_591 = mta_arena[neighbourhood_507 + 23 + 304];
      let window_592 = vec4f(ring_590.z, ring_590.w, ring_591.x, ring_591.y);
      convolved_553 += weights_561.x * window_592;
      let window_593 = vec4f(ring_590.w, ring_591.x, ring_591.y, ring_591.z);
      convolved_553 += weights_561.y * window_593;
      convolved_553 += weights_561.z * ring_591;
      convolved_555 += weights_556.x * window_592;
      convolved_555 += weights_556.y * window_593;
      convolved_555 += weights_556.z * ring_591;
      let ring_594 = mta_arena[neighbourhood_507 + 31 + 304];
      let ring_595 = mta_arena[neighbourhood_507 + 32 + 304];
      let window_596 = vec4f(ring_594.z, ring_594.w, ring_595.x, ring_595.y);
      convolved_555 += weights_561.x * window_596;
      let window_597 = vec4f(ring_594.w, ring_595.x, ring_595.y, ring_595.z);
      convolved_555 += weights_561.y * window_597;
      convolved_555 += weights_561.z * ring_595;
      let column_598 = thread_column * 4;
      let shared_599 = 2 * (block_5) + 1;
      let entry_600 = read_mix_pre(0, shared_599, 0);
      let entry_601 = read_mix_pre(0, shared_599, 1);
      let map_602 = entry_600 * convolved_497 + entry_601 * convolved_548;
      let shared_603 = 2 * (block_5) + 1;
      let entry_604 = read_mix_pre(0, shared_603, 0);
      let entry_605 = read_mix_pre(0, shared_603, 1);
      let map_606 = entry_604 * convolved_498 + entry_605 * convolved_549;
      let shared_607 = 2 * (block_5) + 1;
      let entry_608 = read_mix_pre(0, shared_607, 0);
      let entry_609 = read_mix_pre(0, shared_607, 1);
      let map_610 = entry_608 * convolved_499 + entry_609 * convolved_550;
      let shared_611 = 2 * (block_5) + 1;
      let entry_612 = read_mix_pre(0, shared_611, 0);
      let entry_613 = read_mix_pre(0, shared_611, 1);
      let map_614 = entry_612 * convolved_500 + entry_613 * convolved_551;
      let shared_615 = 2 * (block_5) + 1;
      let entry_616 = read_mix_pre(0, shared_615, 0);
      let entry_617 = read_mix_pre(0, shared_615, 1);
      let map_618 = entry_616 * convolved_501 + entry_617 * convolved_552;
      let shared_619 = 2 * (block_5) + 1;
      let entry_620 = read_mix_pre(0, shared_619, 0);
      let entry_621 = read_mix_pre(0, shared_619, 1);
      let map_622 = entry_620 * convolved_502 + entry_621 * convolved_553;
      let shared_623 = 2 * (block_5) + 1;
      let entry_624 = read_mix_pre(0, shared_623, 0);
      let entry_625 = read_mix_pre(0, shared_623, 1);
      let map_626 = entry_624 * convolved_503 + entry_625 * convolved_554;
      let shared_627 = 2 * (block_5) + 1;
      let entry_628 = read_mix_pre(0, shared_627, 0);
      let entry_629 = read_mix_pre(0, shared_627, 1);
      let map_630 = entry_628 * convolved_504 + entry_629 * convolved_555;
      let j_631 = J_112 - 1 + column_598;
      let j_632 = j_631 + vec4i(0, 1, 2, 3);
      let i_633 = I_4 - 1 + row_186;
      let map_634 = select(vec4f(-3.4e+38), map_602, (j_632 <= vec4i(i_633)) & ((vec4i(0) <= j_632) & (j_632 < vec4i(launch.keys))));
      let j_635 = j_631 + 16 + vec4i(0, 1, 2, 3);
      let map_636 = select(vec4f(-3.4e+38), map_606, (j_635 <= vec4i(i_633)) & ((vec4i(0) <= j_635) & (j_635 < vec4i(launch.keys))));
      let map_637 = select(vec4f(-3.4e+38), map_610, (j_632 <= vec4i(i_633 + 1)) & ((vec4i(0) <= j_632) & (j_632 < vec4i(launch.keys))));
      let map_638 = select(vec4f(-3.4e+38), map_614, (j_635 <= vec4i(i_633 + 1)) & ((vec4i(0) <= j_635) & (j_635 < vec4i(launch.keys))));
      let map_639 = select(vec4f(-3.4e+38), map_618, (j_632 <= vec4i(i_633 + 2)) & ((vec4i(0) <= j_632) & (j_632 < vec4i(launch.keys))));
      let map_640 = select(vec4f(-3.4e+38), map_622, (j_635 <= vec4i(i_633 + 2)) & ((vec4i(0) <= j_635) & (j_635 < vec4i(launch.keys))));
      let map_641 = select(vec4f(-3.4e+38), map_626, (j_632 <= vec4i(i_633 + 3)) & ((vec4i(0) <= j_632) & (j_632 < vec4i(launch.keys))));
      let map_642 = select(vec4f(-3.4e+38), map_630, (j_635 <= vec4i(i_633 + 3)) & ((vec4i(0) <= j_635) & (j_635 < vec4i(launch.keys))));
      let partial_643 = max(map_634, map_636);
      let partial_644 = max(max(partial_643.x, partial_643.y), max(partial_643.z, partial_643.w));
      let partial_645 = max(map_637, map_638);
      let partial_646 = max(max(partial_645.x, partial_645.y), max(partial_645.z, partial_645.w));
      let partial_647 = max(map_639, map_640);
      let partial_648 = max(max(partial_647.x, partial_647.y), max(partial_647.z, partial_647.w));
      let partial_649 = max(map_641, map_642);
      let partial_650 = max(max(partial_649.x, partial_649.y), max(partial_649.z, partial_649.w));
      mta_arena[row_186 + thread_column + 720] = vec4f(partial_644, partial_646, partial_648, partial_650);
      workgroupBarrier();
      let max_651 = max(max(max(mta_arena[row_186 + 720], mta_arena[row_186 + 1 + 720]), mta_arena[row_186 + 2 + 720]), mta_arena[row_186 + 3 + 720]);
      let map_652 = max(carried_85, max_651.x);
      let map_653 = max(carried_86, max_651.y);
      let map_654 = max(carried_87, max_651.z);
      let map_655 = max(carried_88, max_651.w);
      let map_656 = exponential_difference(carried_85, map_652);
      let map_657 = exponential_difference(carried_86, map_653);
      let map_658 = exponential_difference(carried_87, map_654);
      let map_659 = exponential_difference(carried_88, map_655);
      let map_660 = exponential_difference_wide(map_634, vec4f(map_652));
      let map_661 = exponential_difference_wide(map_636, vec4f(map_652));
      let map_662 = exponential_difference_wide(map_637, vec4f(map_653));
      let map_663 = exponential_difference_wide(map_638, vec4f(map_653));
      let map_664 = exponential_difference_wide(map_639, vec4f(map_654));
      let map_665 = exponential_difference_wide(map_640, vec4f(map_654));
      let map_666 = exponential_difference_wide(map_641, vec4f(map_655));
      let map_667 = exponential_difference_wide(map_642, vec4f(map_655));
      let map_668 = carried_89 * map_656;
      let map_669 = carried_90 * map_657;
      let map_670 = carried_91 * map_658;
      let map_671 = carried_92 * map_659;
      let partial_672 = map_660 + map_661;
      let partial_673 = partial_672.x + partial_672.y + (partial_672.z + partial_672.w);
      let partial_674 = map_662 + map_663;
      let partial_675 = partial_674.x + partial_674.y + (partial_674.z + partial_674.w);
      let partial_676 = map_664 + map_665;
      let partial_677 = partial_676.x + partial_676.y + (partial_676.z + partial_676.w);
      let partial_678 = map_666 + map_667;
      let partial_679 = partial_678.x + partial_678.y + (partial_678.z + partial_678.w);
      let map_680 = map_668 + partial_673;
      let map_681 = map_669 + partial_675;
      let map_682 = map_670 + partial_677;
      let map_683 = map_671 + partial_679;
      let map_684 = carried_93 * map_656;
      let map_685 = carried_94 * map_657;
      let map_686 = carried_95 * map_658;
      let map_687 = carried_96 * map_659;
      workgroupBarrier();
      let line_688 = row_186 * 8;
      mta_arena[line_688 + thread_column + 720] = map_660;
      mta_arena[line_688 + (thread_column + 4) + 720] = map_661;
      mta_arena[line_688 + 8 + thread_column + 720] = map_662;
      mta_arena[line_688 + 8 + (thread_column + 4) + 720] = map_663;
      mta_arena[line_688 + 16 + thread_column + 720] = map_664;
      mta_arena[line_688 + 16 + (thread_column + 4) + 720] = map_665;
      mta_arena[line_688 + 24 + thread_column + 720] = map_666;
      mta_arena[line_688 + 24 + (thread_column + 4) + 720] = map_667;
      var product_689 = map_684;
      var product_690 = map_685;
      var product_691 = map_686;
      var product_692 = map_687;
      for (var slice_693 = 0; slice_693 < 2; slice_693++) {
        workgroupBarrier();
        for (var n_694 = thread; n_694 < 32; n_694 += 32) {
          let line_695 = n_694 / 2;
          let vector_696 = n_694 % 2;
          let place_697 = 2 * (block_5) + 1;
          let at_698 = J_112 - 1 + (line_695 + slice_693 * 16);
          var loaded_699 = vec4f();
          if (u32(at_698) < u32(launch.keys) && u32(vector_696) < 2u) {
            loaded_699 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_697 * launch.v_stride_1 + at_698 * launch.v_stride_2 + vector_696];
          }
          mta_arena[n_694 + 976] = loaded_699;
        }
        workgroupBarrier();
        let left_701 = row_186 * 8 + slice_693 * 4;
        for (var k_700 = 0; k_700 < 4; k_700++) {
          let chunk_702 = k_700 * 8;
          let right_703 = mta_arena[thread_column + chunk_702 + 976];
          let right_704 = mta_arena[thread_column + chunk_702 + 978];
          let right_705 = mta_arena[thread_column + chunk_702 + 980];
          let right_706 = mta_arena[thread_column + chunk_702 + 982];
          let left_707 = mta_arena[left_701 + k_700 + 720];
          product_689 += left_707.x * right_703;
          product_689 += left_707.y * right_704;
          product_689 += left_707.z * right_705;
          product_689 += left_707.w * right_706;
          let left_708 = mta_arena[left_701 + k_700 + 728];
          product_690 += left_708.x * right_703;
          product_690 += left_708.y * right_704;
          product_690 += left_708.z * right_705;
          product_690 += left_708.w * right_706;
          let left_709 = mta_arena[left_701 + k_700 + 736];
          product_691 += left_709.x * right_703;
          product_691 += left_709.y * right_704;
          product_691 += left_709.z * right_705;
          product_691 += left_709.w * right_706;
          let left_710 = mta_arena[left_701 + k_700 + 744];
          product_692 += left_710.x * right_703;
          product_692 += left_710.y * right_704;
          product_692 += left_710.z * right_705;
          product_692 += left_710.w * right_706;
        }
      }
      chosen_485 = map_652;
      chosen_486 = map_653;
      chosen_487 = map_654;
      chosen_488 = map_655;
      chosen_489 = map_680;
      chosen_490 = map_681;
      chosen_491 = map_682;
      chosen_492 = map_683;
      chosen_493 = product_689;
      chosen_494 = product_690;
      chosen_495 = product_691;
      chosen_496 = product_692;
    }
    carried_73 = chosen_259;
    carried_74 = chosen_260;
    carried_75 = chosen_261;
    carried_76 = chosen_262;
    carried_77 = chosen_263;
    carried_78 = chosen_264;
    carried_79 = chosen_265;
    carried_80 = chosen_266;
    carried_81 = chosen_267;
    carried_82 = chosen_268;
    carried_83 = chosen_269;
    carried_84 = chosen_270;
    carried_85 = chosen_485;
    carried_86 = chosen_486;
    carried_87 = chosen_487;
    carried_88 = chosen_488;
    carried_89 = chosen_489;
    carried_90 = chosen_490;
    carried_91 = chosen_491;
    carried_92 = chosen_492;
    carried_93 = chosen_493;
    carried_94 = chosen_494;
    carried_95 = chosen_495;
    carried_96 = chosen_496;
  }
  let line_711 = thread_row * 4;
  mta_arena[line_711 + thread_column + 720] = vec4f(carried_77, carried_78, carried_79, carried_80);
  workgroupBarrier();
  let sum_712 = mta_arena[line_711 + 720] + mta_arena[line_711 + 1 + 720] + mta_arena[line_711 + 2 + 720] + mta_arena[line_711 + 3 + 720];
  workgroupBarrier();
  mta_arena[line_711 + thread_column + 720] = vec4f(carried_89, carried_90, carried_91, carried_92);
  workgroupBarrier();
  let sum_713 = mta_arena[line_711 + 720] + mta_arena[line_711 + 1 + 720] + mta_arena[line_711 + 2 + 720] + mta_arena[line_711 + 3 + 720];
  let column_714 = thread_column * 4;
  let map_715 = select(vec4f(0.0), carried_81 / sum_712.x, sum_712.x > 0.0);
  let map_716 = select(vec4f(0.0), carried_82 / sum_712.y, sum_712.y > 0.0);
  let map_717 = select(vec4f(0.0), carried_83 / sum_712.z, sum_712.z > 0.0);
  let map_718 = select(vec4f(0.0), carried_84 / sum_712.w, sum_712.w > 0.0);
  let map_719 = select(vec4f(0.0), carried_93 / sum_713.x, sum_713.x > 0.0);
  let map_720 = select(vec4f(0.0), carried_94 / sum_713.y, sum_713.y > 0.0);
  let map_721 = select(vec4f(0.0), carried_95 / sum_713.z, sum_713.z > 0.0);
  let map_722 = select(vec4f(0.0), carried_96 / sum_713.w, sum_713.w > 0.0);
  let stored_723 = select(map_715, vec4f(bitcast<f32>(launch.minus_infinity)), map_715 <= vec4f(-1.7e+38));
  let place_724 = 2 * (block_5);
  let i_725 = I_4 - 1 + line_711;
  let place_726 = i_725 - (launch.keys - launch.rows);
  if (line_711 >= 1 && column_714 < 8 && u32(place_726) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_724 * launch.out_stride_1 + place_726 * launch.out_stride_2 + thread_column] = stored_723;
  }
  let stored_727 = select(map_716, vec4f(bitcast<f32>(launch.minus_infinity)), map_716 <= vec4f(-1.7e+38));
  let place_728 = i_725 + 1 - (launch.keys - launch.rows);
  if (line_711 + 1 >= 1 && column_714 < 8 && u32(place_728) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_724 * launch.out_stride_1 + place_728 * launch.out_stride_2 + thread_column] = stored_727;
  }
  let stored_729 = select(map_717, vec4f(bitcast<f32>(launch.minus_infinity)), map_717 <= vec4f(-1.7e+38));
  let place_730 = i_725 + 2 - (launch.keys - launch.rows);
  if (line_711 + 2 >= 1 && column_714 < 8 && u32(place_730) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_724 * launch.out_stride_1 + place_730 * launch.out_stride_2 + thread_column] = stored_729;
  }
  let stored_731 = select(map_718, vec4f(bitcast<f32>(launch.minus_infinity)), map_718 <= vec4f(-1.7e+38));
  let place_732 = i_725 + 3 - (launch.keys - launch.rows);
  if (line_711 + 3 >= 1 && column_714 < 8 && u32(place_732) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_724 * launch.out_stride_1 + place_732 * launch.out_stride_2 + thread_column] = stored_731;
  }
  let stored_733 = select(map_719, vec4f(bitcast<f32>(launch.minus_infinity)), map_719 <= vec4f(-1.7e+38));
  let place_734 = 2 * (block_5) + 1;
  if (line_711 >= 1 && column_714 < 8 && u32(place_726) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_734 * launch.out_stride_1 + place_726 * launch.out_stride_2 + thread_column] = stored_733;
  }
  let stored_735 = select(map_720, vec4f(bitcast<f32>(launch.minus_infinity)), map_720 <= vec4f(-1.7e+38));
  if (line_711 + 1 >= 1 && column_714 < 8 && u32(place_728) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_734 * launch.out_stride_1 + place_728 * launch.out_stride_2 + thread_column] = stored_735;
  }
  let stored_736 = select(map_721, vec4f(bitcast<f32>(launch.minus_infinity)), map_721 <= vec4f(-1.7e+38));
  if (line_711 + 2 >= 1 && column_714 < 8 && u32(place_730) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_734 * launch.out_stride_1 + place_730 * launch.out_stride_2 + thread_column] = stored_736;
  }
  let stored_737 = select(map_722, vec4f(bitcast<f32>(launch.minus_infinity)), map_722 <= vec4f(-1.7e+38));
  if (line_711 + 3 >= 1 && column_714 < 8 && u32(place_732) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + place_734 * launch.out_stride_1 + place_732 * launch.out_stride_2 + thread_column] = stored_737;
  }
  let map_738 = select(-3.4e+38, carried_73 + log(sum_712.x), sum_712.x > 0.0);
  let map_739 = select(-3.4e+38, carried_74 + log(sum_712.y), sum_712.y > 0.0);
  let map_740 = select(-3.4e+38, carried_75 + log(sum_712.z), sum_712.z > 0.0);
  let map_741 = select(-3.4e+38, carried_76 + log(sum_712.w), sum_712.w > 0.0);
  let stored_742 = select(map_738, bitcast<f32>(launch.minus_infinity), map_738 <= -1.7e+38);
  if (thread_column == 0 && line_711 >= 1 && u32(place_726) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_724 * launch.lse_stride_1 + place_726] = stored_742;
  }
  let stored_743 = select(map_739, bitcast<f32>(launch.minus_infinity), map_739 <= -1.7e+38);
  if (thread_column == 0 && line_711 + 1 >= 1 && u32(place_728) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_724 * launch.lse_stride_1 + place_728] = stored_743;
  }
  let stored_744 = select(map_740, bitcast<f32>(launch.minus_infinity), map_740 <= -1.7e+38);
  if (thread_column == 0 && line_711 + 2 >= 1 && u32(place_730) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_724 * launch.lse_stride_1 + place_730] = stored_744;
  }
  let stored_745 = select(map_741, bitcast<f32>(launch.minus_infinity), map_741 <= -1.7e+38);
  if (thread_column == 0 && line_711 + 3 >= 1 && u32(place_732) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_724 * launch.lse_stride_1 + place_732] = stored_745;
  }
  let map_746 = select(-3.4e+38, carried_85 + log(sum_713.x), sum_713.x > 0.0);
  let map_747 = select(-3.4e+38, carried_86 + log(sum_713.y), sum_713.y > 0.0);
  let map_748 = select(-3.4e+38, carried_87 + log(sum_713.z), sum_713.z > 0.0);
  let map_749 = select(-3.4e+38, carried_88 + log(sum_713.w), sum_713.w > 0.0);
  let stored_750 = select(map_746, bitcast<f32>(launch.minus_infinity), map_746 <= -1.7e+38);
  if (thread_column == 0 && line_711 >= 1 && u32(place_726) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_734 * launch.lse_stride_1 + place_726] = stored_750;
  }
  let stored_751 = select(map_747, bitcast<f32>(launch.minus_infinity), map_747 <= -1.7e+38);
  if (thread_column == 0 && line_711 + 1 >= 1 && u32(place_728) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_734 * launch.lse_stride_1 + place_728] = stored_751;
  }
  let stored_752 = select(map_748, bitcast<f32>(launch.minus_infinity), map_748 <= -1.7e+38);
  if (thread_column == 0 && line_711 + 2 >= 1 && u32(place_730) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_734 * launch.lse_stride_1 + place_730] = stored_752;
  }
  let stored_753 = select(map_749, bitcast<f32>(launch.minus_infinity), map_749 <= -1.7e+38);
  if (thread_column == 0 && line_711 + 3 >= 1 && u32(place_732) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + place_734 * launch.lse_stride_1 + place_732] = stored_753;
  }
}
