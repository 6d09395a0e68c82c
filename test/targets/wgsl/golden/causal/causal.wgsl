// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4.
// heads=2 headDim=8
// Hash 4cfd15fbb8b27a06 of all below. Made by a compiler: change the spec, not this file.

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

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), x <= f32(-1.7e+38));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), x <= vec4f(-1.7e+38));
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
    causal_arena[n_31] = loaded_36;
  }
  let end_37 = min(launch.keys, I_4 + 32);
  for (var J_38 = 0; J_38 < end_37; J_38 += 32) {
    let is_full_39 = (J_38 + 31 - I_4 <= 0) && (J_38 + 31 - launch.keys < 0);
    let is_empty_40 = (J_38 - (I_4 + 31) > 0) || (J_38 - launch.keys >= 0);
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
        let at_65 = J_38 + line_63;
        var loaded_66 = vec4f();
        if (u32(at_65) < u32(launch.keys) && u32(vector_64) < 2u) {
          loaded_66 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + (block_5) * launch.k_stride_1 + at_65 * launch.k_stride_2 + vector_64];
        }
        causal_arena[n_62 + (line_63 >> 2u) + 64] = loaded_66;
      }
      workgroupBarrier();
      let row_68 = thread_row * 4;
      let left_69 = row_68 * 2;
      let right_70 = thread_column * 9;
      for (var k_67 = 0; k_67 < 2; k_67++) {
        let right_71 = causal_arena[right_70 + k_67 + 64];
        let right_72 = causal_arena[right_70 + k_67 + 66];
        let right_73 = causal_arena[right_70 + k_67 + 68];
        let right_74 = causal_arena[right_70 + k_67 + 70];
        let right_75 = causal_arena[right_70 + k_67 + 100];
        let right_76 = causal_arena[right_70 + k_67 + 102];
        let right_77 = causal_arena[right_70 + k_67 + 104];
        let right_78 = causal_arena[right_70 + k_67 + 106];
        let left_79 = causal_arena[left_69 + k_67];
        product_53 += vec4f(dot(left_79, right_71), dot(left_79, right_72), dot(left_79, right_73), dot(left_79, right_74));
        product_54 += vec4f(dot(left_79, right_75), dot(left_79, right_76), dot(left_79, right_77), dot(left_79, right_78));
        let left_80 = causal_arena[left_69 + k_67 + 2];
        product_55 += vec4f(dot(left_80, right_71), dot(left_80, right_72), dot(left_80, right_73), dot(left_80, right_74));
        product_56 += vec4f(dot(left_80, right_75), dot(left_80, right_76), dot(left_80, right_77), dot(left_80, right_78));
        let left_81 = causal_arena[left_69 + k_67 + 4];
        product_57 += vec4f(dot(left_81, right_71), dot(left_81, right_72), dot(left_81, right_73), dot(left_81, right_74));
        product_58 += vec4f(dot(left_81, right_75), dot(left_81, right_76), dot(left_81, right_77), dot(left_81, right_78));
        let left_82 = causal_arena[left_69 + k_67 + 6];
        product_59 += vec4f(dot(left_82, right_71), dot(left_82, right_72), dot(left_82, right_73), dot(left_82, right_74));
        product_60 += vec4f(dot(left_82, right_75), dot(left_82, right_76), dot(left_82, right_77), dot(left_82, right_78));
      }
      let column_83 = thread_column * 4;
      let map_84 = product_53 / 2.828427;
      let map_85 = product_54 / 2.828427;
      let map_86 = product_55 / 2.828427;
      let map_87 = product_56 / 2.828427;
      let map_88 = product_57 / 2.828427;
      let map_89 = product_58 / 2.828427;
      let map_90 = product_59 / 2.828427;
      let map_91 = product_60 / 2.828427;
      let partial_92 = max(map_84, map_85);
      let partial_93 = max(max(partial_92.x, partial_92.y), max(partial_92.z, partial_92.w));
      let partial_94 = max(map_86, map_87);
      let partial_95 = max(max(partial_94.x, partial_94.y), max(partial_94.z, partial_94.w));
      let partial_96 = max(map_88, map_89);
      let partial_97 = max(max(partial_96.x, partial_96.y), max(partial_96.z, partial_96.w));
      let partial_98 = max(map_90, map_91);
      let partial_99 = max(max(partial_98.x, partial_98.y), max(partial_98.z, partial_98.w));
      workgroupBarrier();
      causal_arena[row_68 + thread_column + 64] = vec4f(partial_93, partial_95, partial_97, partial_99);
      workgroupBarrier();
      let max_100 = max(max(max(causal_arena[row_68 + 64], causal_arena[row_68 + 1 + 64]), causal_arena[row_68 + 2 + 64]), causal_arena[row_68 + 3 + 64]);
      let map_101 = max(carried_19, max_100.x);
      let map_102 = max(carried_20, max_100.y);
      let map_103 = max(carried_21, max_100.z);
      let map_104 = max(carried_22, max_100.w);
      let map_105 = exponential_difference(carried_19, map_101);
      let map_106 = exponential_difference(carried_20, map_102);
      let map_107 = exponential_difference(carried_21, map_103);
      let map_108 = exponential_difference(carried_22, map_104);
      let map_109 = exponential_difference_wide(map_84, vec4f(map_101));
      let map_110 = exponential_difference_wide(map_85, vec4f(map_101));
      let map_111 = exponential_difference_wide(map_86, vec4f(map_102));
      let map_112 = exponential_difference_wide(map_87, vec4f(map_102));
      let map_113 = exponential_difference_wide(map_88, vec4f(map_103));
      let map_114 = exponential_difference_wide(map_89, vec4f(map_103));
      let map_115 = exponential_difference_wide(map_90, vec4f(map_104));
      let map_116 = exponential_difference_wide(map_91, vec4f(map_104));
      let map_117 = carried_23 * map_105;
      let map_118 = carried_24 * map_106;
      let map_119 = carried_25 * map_107;
      let map_120 = carried_26 * map_108;
      let partial_121 = map_109 + map_110;
      let partial_122 = partial_121.x + partial_121.y + (partial_121.z + partial_121.w);
      let partial_123 = map_111 + map_112;
      let partial_124 = partial_123.x + partial_123.y + (partial_123.z + partial_123.w);
      let partial_125 = map_113 + map_114;
      let partial_126 = partial_125.x + partial_125.y + (partial_125.z + partial_125.w);
      let partial_127 = map_115 + map_116;
      let partial_128 = partial_127.x + partial_127.y + (partial_127.z + partial_127.w);
      let map_129 = map_117 + partial_122;
      let map_130 = map_118 + partial_124;
      let map_131 = map_119 + partial_126;
      let map_132 = map_120 + partial_128;
      let map_133 = carried_27 * map_105;
      let map_134 = carried_28 * map_106;
      let map_135 = carried_29 * map_107;
      let map_136 = carried_30 * map_108;
      workgroupBarrier();
      let line_137 = row_68 * 8;
      causal_arena[line_137 + thread_column + 64] = map_109;
      causal_arena[line_137 + (thread_column + 4) + 64] = map_110;
      causal_arena[line_137 + 8 + thread_column + 64] = map_111;
      causal_arena[line_137 + 8 + (thread_column + 4) + 64] = map_112;
      causal_arena[line_137 + 16 + thread_column + 64] = map_113;
      causal_arena[line_137 + 16 + (thread_column + 4) + 64] = map_114;
      causal_arena[line_137 + 24 + thread_column + 64] = map_115;
      causal_arena[line_137 + 24 + (thread_column + 4) + 64] = map_116;
      var product_138 = map_133;
      var product_139 = map_134;
      var product_140 = map_135;
      var product_141 = map_136;
      for (var n_143 = thread; n_143 < 64; n_143 += 32) {
        let line_144 = n_143 / 2;
        let vector_145 = n_143 % 2;
        let at_146 = J_38 + line_144;
        var loaded_147 = vec4f();
        if (u32(at_146) < u32(launch.keys) && u32(vector_145) < 2u) {
          loaded_147 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + (block_5) * launch.v_stride_1 + at_146 * launch.v_stride_2 + vector_145];
        }
        causal_arena[n_143 + 320] = loaded_147;
      }
      workgroupBarrier();
      for (var k_148 = 0; k_148 < 8; k_148++) {
        let chunk_149 = k_148 * 8;
        let right_150 = causal_arena[thread_column + chunk_149 + 320];
        let right_151 = causal_arena[thread_column + chunk_149 + 322];
        let right_152 = causal_arena[thread_column + chunk_149 + 324];
        let right_153 = causal_arena[thread_column + chunk_149 + 326];
        let left_154 = causal_arena[line_137 + k_148 + 64];
        product_138 += left_154.x * right_150;
        product_138 += left_154.y * right_151;
        product_138 += left_154.z * right_152;
        product_138 += left_154.w * right_153;
        let left_155 = causal_arena[line_137 + k_148 + 72];
        product_139 += left_155.x * right_150;
        product_139 += left_155.y * right_151;
        product_139 += left_155.z * right_152;
        product_139 += left_155.w * right_153;
        let left_156 = causal_arena[line_137 + k_148 + 80];
        product_140 += left_156.x * right_150;
        product_140 += left_156.y * right_151;
        product_140 += left_156.z * right_152;
        product_140 += left_156.w * right_153;
        let left_157 = causal_arena[line_137 + k_148 + 88];
        product_141 += left_157.x * right_150;
        product_141 += left_157.y * right_151;
        product_141 += left_157.z * right_152;
        product_141 += left_157.w * right_153;
      }
      chosen_41 = map_101;
      chosen_42 = map_102;
      chosen_43 = map_103;
      chosen_44 = map_104;
      chosen_45 = map_129;
      chosen_46 = map_130;
      chosen_47 = map_131;
      chosen_48 = map_132;
      chosen_49 = product_138;
      chosen_50 = product_139;
      chosen_51 = product_140;
      chosen_52 = product_141;
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
      var product_158 = vec4f(0.0);
      var product_159 = vec4f(0.0);
      var product_160 = vec4f(0.0);
      var product_161 = vec4f(0.0);
      var product_162 = vec4f(0.0);
      var product_163 = vec4f(0.0);
      var product_164 = vec4f(0.0);
      var product_165 = vec4f(0.0);
      workgroupBarrier();
      for (var n_167 = thread; n_167 < 64; n_167 += 32) {
        let line_168 = n_167 / 2;
        let vector_169 = n_167 % 2;
        let at_170 = J_38 + line_168;
        var loaded_171 = vec4f();
        if (u32(at_170) < u32(launch.keys) && u32(vector_169) < 2u) {
          loaded_171 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + (block_5) * launch.k_stride_1 + at_170 * launch.k_stride_2 + vector_169];
        }
        causal_arena[n_167 + (line_168 >> 2u) + 64] = loaded_171;
      }
      workgroupBarrier();
      let row_173 = thread_row * 4;
      let left_174 = row_173 * 2;
      let right_175 = thread_column * 9;
      for (var k_172 = 0; k_172 < 2; k_172++) {
        let right_176 = causal_arena[right_175 + k_172 + 64];
        let right_177 = causal_arena[right_175 + k_172 + 66];
        let right_178 = causal_arena[right_175 + k_172 + 68];
        let right_179 = causal_arena[right_175 + k_172 + 70];
        let right_180 = causal_arena[right_175 + k_172 + 100];
        let right_181 = causal_arena[right_175 + k_172 + 102];
        let right_182 = causal_arena[right_175 + k_172 + 104];
        let right_183 = causal_arena[right_175 + k_172 + 106];
        let left_184 = causal_arena[left_174 + k_172];
        product_158 += vec4f(dot(left_184, right_176), dot(left_184, right_177), dot(left_184, right_178), dot(left_184, right_179));
        product_159 += vec4f(dot(left_184, right_180), dot(left_184, right_181), dot(left_184, right_182), dot(left_184, right_183));
        let left_185 = causal_arena[left_174 + k_172 + 2];
        product_160 += vec4f(dot(left_185, right_176), dot(left_185, right_177), dot(left_185, right_178), dot(left_185, right_179));
        product_161 += vec4f(dot(left_185, right_180), dot(left_185, right_181), dot(left_185, right_182), dot(left_185, right_183));
        let left_186 = causal_arena[left_174 + k_172 + 4];
        product_162 += vec4f(dot(left_186, right_176), dot(left_186, right_177), dot(left_186, right_178), dot(left_186, right_179));
        product_163 += vec4f(dot(left_186, right_180), dot(left_186, right_181), dot(left_186, right_182), dot(left_186, right_183));
        let left_187 = causal_arena[left_174 + k_172 + 6];
        product_164 += vec4f(dot(left_187, right_176), dot(left_187, right_177), dot(left_187, right_178), dot(left_187, right_179));
        product_165 += vec4f(dot(left_187, right_180), dot(left_187, right_181), dot(left_187, right_182), dot(left_187, right_183));
      }
      let column_188 = thread_column * 4;
      let map_189 = product_158 / 2.828427;
      let map_190 = product_159 / 2.828427;
      let map_191 = product_160 / 2.828427;
      let map_192 = product_161 / 2.828427;
      let map_193 = product_162 / 2.828427;
      let map_194 = product_163 / 2.828427;
      let map_195 = product_164 / 2.828427;
      let map_196 = product_165 / 2.828427;
      let j_197 = J_38 + column_188;
      let j_198 = j_197 + vec4i(0, 1, 2, 3);
      let i_199 = I_4 + row_173;
      let map_200 = select(vec4f(-3.4e+38), map_189, (j_198 <= vec4i(i_199)) & (j_198 < vec4i(launch.keys)));
      let j_201 = j_197 + 16 + vec4i(0, 1, 2, 3);
      let map_202 = select(vec4f(-3.4e+38), map_190, (j_201 <= vec4i(i_199)) & (j_201 < vec4i(launch.keys)));
      let map_203 = select(vec4f(-3.4e+38), map_191, (j_198 <= vec4i(i_199 + 1)) & (j_198 < vec4i(launch.keys)));
      let map_204 = select(vec4f(-3.4e+38), map_192, (j_201 <= vec4i(i_199 + 1)) & (j_201 < vec4i(launch.keys)));
      let map_205 = select(vec4f(-3.4e+38), map_193, (j_198 <= vec4i(i_199 + 2)) & (j_198 < vec4i(launch.keys)));
      let map_206 = select(vec4f(-3.4e+38), map_194, (j_201 <= vec4i(i_199 + 2)) & (j_201 < vec4i(launch.keys)));
      let map_207 = select(vec4f(-3.4e+38), map_195, (j_198 <= vec4i(i_199 + 3)) & (j_198 < vec4i(launch.keys)));
      let map_208 = select(vec4f(-3.4e+38), map_196, (j_201 <= vec4i(i_199 + 3)) & (j_201 < vec4i(launch.keys)));
      let partial_209 = max(map_200, map_202);
      let partial_210 = max(max(partial_209.x, partial_209.y), max(partial_209.z, partial_209.w));
      let partial_211 = max(map_203, map_204);
      let partial_212 = max(max(partial_211.x, partial_211.y), max(partial_211.z, partial_211.w));
      let partial_213 = max(map_205, map_206);
      let partial_214 = max(max(partial_213.x, partial_213.y), max(partial_213.z, partial_213.w));
      let partial_215 = max(map_207, map_208);
      let partial_216 = max(max(partial_215.x, partial_215.y), max(partial_215.z, partial_215.w));
      workgroupBarrier();
      causal_arena[row_173 + thread_column + 64] = vec4f(partial_210, partial_212, partial_214, partial_216);
      workgroupBarrier();
      let max_217 = max(max(max(causal_arena[row_173 + 64], causal_arena[row_173 + 1 + 64]), causal_arena[row_173 + 2 + 64]), causal_arena[row_173 + 3 + 64]);
      let map_218 = max(carried_19, max_217.x);
      let map_219 = max(carried_20, max_217.y);
      let map_220 = max(carried_21, max_217.z);
      let map_221 = max(carried_22, max_217.w);
      let map_222 = exponential_difference(carried_19, map_218);
      let map_223 = exponential_difference(carried_20, map_219);
      let map_224 = exponential_difference(carried_21, map_220);
      let map_225 = exponential_difference(carried_22, map_221);
      let map_226 = exponential_difference_wide(map_200, vec4f(map_218));
      let map_227 = exponential_difference_wide(map_202, vec4f(map_218));
      let map_228 = exponential_difference_wide(map_203, vec4f(map_219));
      let map_229 = exponential_difference_wide(map_204, vec4f(map_219));
      let map_230 = exponential_difference_wide(map_205, vec4f(map_220));
      let map_231 = exponential_difference_wide(map_206, vec4f(map_220));
      let map_232 = exponential_difference_wide(map_207, vec4f(map_221));
      let map_233 = exponential_difference_wide(map_208, vec4f(map_221));
      let map_234 = carried_23 * map_222;
      let map_235 = carried_24 * map_223;
      let map_236 = carried_25 * map_224;
      let map_237 = carried_26 * map_225;
      let partial_238 = map_226 + map_227;
      let partial_239 = partial_238.x + partial_238.y + (partial_238.z + partial_238.w);
      let partial_240 = map_228 + map_229;
      let partial_241 = partial_240.x + partial_240.y + (partial_240.z + partial_240.w);
      let partial_242 = map_230 + map_231;
      let partial_243 = partial_242.x + partial_242.y + (partial_242.z + partial_242.w);
      let partial_244 = map_232 + map_233;
      let partial_245 = partial_244.x + partial_244.y + (partial_244.z + partial_244.w);
      let map_246 = map_234 + partial_239;
      let map_247 = map_235 + partial_241;
      let map_248 = map_236 + partial_243;
      let map_249 = map_237 + partial_245;
      let map_250 = carried_27 * map_222;
      let map_251 = carried_28 * map_223;
      let map_252 = carried_29 * map_224;
      let map_253 = carried_30 * map_225;
      workgroupBarrier();
      let line_254 = row_173 * 8;
      causal_arena[line_254 + thread_column + 64] = map_226;
      causal_arena[line_254 + (thread_column + 4) + 64] = map_227;
      causal_arena[line_254 + 8 + thread_column + 64] = map_228;
      causal_arena[line_254 + 8 + (thread_column + 4) + 64] = map_229;
      causal_arena[line_254 + 16 + thread_column + 64] = map_230;
      causal_arena[line_254 + 16 + (thread_column + 4) + 64] = map_231;
      causal_arena[line_254 + 24 + thread_column + 64] = map_232;
      causal_arena[line_254 + 24 + (thread_column + 4) + 64] = map_233;
      var product_255 = map_250;
      var product_256 = map_251;
      var product_257 = map_252;
      var product_258 = map_253;
      for (var n_260 = thread; n_260 < 64; n_260 += 32) {
        let line_261 = n_260 / 2;
        let vector_262 = n_260 % 2;
        let at_263 = J_38 + line_261;
        var loaded_264 = vec4f();
        if (u32(at_263) < u32(launch.keys) && u32(vector_262) < 2u) {
          loaded_264 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + (block_5) * launch.v_stride_1 + at_263 * launch.v_stride_2 + vector_262];
        }
        causal_arena[n_260 + 320] = loaded_264;
      }
      workgroupBarrier();
      for (var k_265 = 0; k_265 < 8; k_265++) {
        let chunk_266 = k_265 * 8;
        let right_267 = causal_arena[thread_column + chunk_266 + 320];
        let right_268 = causal_arena[thread_column + chunk_266 + 322];
        let right_269 = causal_arena[thread_column + chunk_266 + 324];
        let right_270 = causal_arena[thread_column + chunk_266 + 326];
        let left_271 = causal_arena[line_254 + k_265 + 64];
        product_255 += left_271.x * right_267;
        product_255 += left_271.y * right_268;
        product_255 += left_271.z * right_269;
        product_255 += left_271.w * right_270;
        let left_272 = causal_arena[line_254 + k_265 + 72];
        product_256 += left_272.x * right_267;
        product_256 += left_272.y * right_268;
        product_256 += left_272.z * right_269;
        product_256 += left_272.w * right_270;
        let left_273 = causal_arena[line_254 + k_265 + 80];
        product_257 += left_273.x * right_267;
        product_257 += left_273.y * right_268;
        product_257 += left_273.z * right_269;
        product_257 += left_273.w * right_270;
        let left_274 = causal_arena[line_254 + k_265 + 88];
        product_258 += left_274.x * right_267;
        product_258 += left_274.y * right_268;
        product_258 += left_274.z * right_269;
        product_258 += left_274.w * right_270;
      }
      chosen_41 = map_218;
      chosen_42 = map_219;
      chosen_43 = map_220;
      chosen_44 = map_221;
      chosen_45 = map_246;
      chosen_46 = map_247;
      chosen_47 = map_248;
      chosen_48 = map_249;
      chosen_49 = product_255;
      chosen_50 = product_256;
      chosen_51 = product_257;
      chosen_52 = product_258;
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
  workgroupBarrier();
  let line_275 = thread_row * 4;
  causal_arena[line_275 + thread_column + 64] = vec4f(carried_23, carried_24, carried_25, carried_26);
  workgroupBarrier();
  let sum_276 = causal_arena[line_275 + 64] + causal_arena[line_275 + 1 + 64] + causal_arena[line_275 + 2 + 64] + causal_arena[line_275 + 3 + 64];
  let column_277 = thread_column * 4;
  let map_278 = select(vec4f(0.0), carried_27 / sum_276.x, sum_276.x > 0.0);
  let map_279 = select(vec4f(0.0), carried_28 / sum_276.y, sum_276.y > 0.0);
  let map_280 = select(vec4f(0.0), carried_29 / sum_276.z, sum_276.z > 0.0);
  let map_281 = select(vec4f(0.0), carried_30 / sum_276.w, sum_276.w > 0.0);
  let stored_282 = select(map_278, vec4f(bitcast<f32>(launch.minus_infinity)), map_278 <= vec4f(-1.7e+38));
  let i_283 = I_4 + line_275;
  let place_284 = i_283 - (launch.keys - launch.rows);
  if (column_277 < 8 && u32(place_284) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_284 * launch.out_stride_2 + thread_column] = stored_282;
  }
  let stored_285 = select(map_279, vec4f(bitcast<f32>(launch.minus_infinity)), map_279 <= vec4f(-1.7e+38));
  let place_286 = i_283 + 1 - (launch.keys - launch.rows);
  if (column_277 < 8 && u32(place_286) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_286 * launch.out_stride_2 + thread_column] = stored_285;
  }
  let stored_287 = select(map_280, vec4f(bitcast<f32>(launch.minus_infinity)), map_280 <= vec4f(-1.7e+38));
  let place_288 = i_283 + 2 - (launch.keys - launch.rows);
  if (column_277 < 8 && u32(place_288) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_288 * launch.out_stride_2 + thread_column] = stored_287;
  }
  let stored_289 = select(map_281, vec4f(bitcast<f32>(launch.minus_infinity)), map_281 <= vec4f(-1.7e+38));
  let place_290 = i_283 + 3 - (launch.keys - launch.rows);
  if (column_277 < 8 && u32(place_290) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_290 * launch.out_stride_2 + thread_column] = stored_289;
  }
  let map_291 = select(-3.4e+38, carried_19 + log(sum_276.x), sum_276.x > 0.0);
  let map_292 = select(-3.4e+38, carried_20 + log(sum_276.y), sum_276.y > 0.0);
  let map_293 = select(-3.4e+38, carried_21 + log(sum_276.z), sum_276.z > 0.0);
  let map_294 = select(-3.4e+38, carried_22 + log(sum_276.w), sum_276.w > 0.0);
  let stored_295 = select(map_291, bitcast<f32>(launch.minus_infinity), map_291 <= -1.7e+38);
  if (thread_column == 0 && u32(place_284) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_284] = stored_295;
  }
  let stored_296 = select(map_292, bitcast<f32>(launch.minus_infinity), map_292 <= -1.7e+38);
  if (thread_column == 0 && u32(place_286) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_286] = stored_296;
  }
  let stored_297 = select(map_293, bitcast<f32>(launch.minus_infinity), map_293 <= -1.7e+38);
  if (thread_column == 0 && u32(place_288) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_288] = stored_297;
  }
  let stored_298 = select(map_294, bitcast<f32>(launch.minus_infinity), map_294 <= -1.7e+38);
  if (thread_column == 0 && u32(place_290) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_290] = stored_298;
  }
}
