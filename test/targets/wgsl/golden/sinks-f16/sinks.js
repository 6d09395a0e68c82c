// sinks, compiled by heddle golden to WGSL: f16, no subgroups, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 066010a107de8a2c of all below. Made by a compiler: change the spec, not this file.

export const wgsl = `// sinks, compiled by heddle golden to WGSL: f16, no subgroups, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 7a19ecf56535a63a of all below. Made by a compiler: change the spec, not this file.

enable f16;

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

fn floor_divide(x: i32, y: i32) -> i32 {
  return select(x, x - (y - 1), x < i32(0)) / y;
}

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), x <= f32(-1.7e+38));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), x <= vec4f(-1.7e+38));
}

fn read_sink(x_0: i32) -> f32 {
  let inside = (u32(x_0) < u32(2));
  return select(f32(0), max(sink_data[select(0, x_0, inside)], -3.4e+38), inside);
}

var<workgroup> sinks_arena: array<vec4f, 384>;

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
      loaded_36 = vec4f(q_data[launch.q_offset + (block_6) * launch.q_stride_0 + (block_5) * launch.q_stride_1 + place_35 * launch.q_stride_2 + vector_33]);
    }
    sinks_arena[n_31] = loaded_36;
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
          loaded_67 = vec4f(k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_65 * launch.k_stride_1 + at_66 * launch.k_stride_2 + vector_64]);
        }
        sinks_arena[n_62 + (line_63 >> 2u) + 64] = loaded_67;
      }
      workgroupBarrier();
      let row_69 = thread_row * 4;
      let left_70 = row_69 * 2;
      let right_71 = thread_column * 9;
      for (var k_68 = 0; k_68 < 2; k_68++) {
        let right_72 = sinks_arena[right_71 + k_68 + 64];
        let right_73 = sinks_arena[right_71 + k_68 + 66];
        let right_74 = sinks_arena[right_71 + k_68 + 68];
        let right_75 = sinks_arena[right_71 + k_68 + 70];
        let right_76 = sinks_arena[right_71 + k_68 + 100];
        let right_77 = sinks_arena[right_71 + k_68 + 102];
        let right_78 = sinks_arena[right_71 + k_68 + 104];
        let right_79 = sinks_arena[right_71 + k_68 + 106];
        let left_80 = sinks_arena[left_70 + k_68];
        product_53 += vec4f(dot(left_80, right_72), dot(left_80, right_73), dot(left_80, right_74), dot(left_80, right_75));
        product_54 += vec4f(dot(left_80, right_76), dot(left_80, right_77), dot(left_80, right_78), dot(left_80, right_79));
        let left_81 = sinks_arena[left_70 + k_68 + 2];
        product_55 += vec4f(dot(left_81, right_72), dot(left_81, right_73), dot(left_81, right_74), dot(left_81, right_75));
        product_56 += vec4f(dot(left_81, right_76), dot(left_81, right_77), dot(left_81, right_78), dot(left_81, right_79));
        let left_82 = sinks_arena[left_70 + k_68 + 4];
        product_57 += vec4f(dot(left_82, right_72), dot(left_82, right_73), dot(left_82, right_74), dot(left_82, right_75));
        product_58 += vec4f(dot(left_82, right_76), dot(left_82, right_77), dot(left_82, right_78), dot(left_82, right_79));
        let left_83 = sinks_arena[left_70 + k_68 + 6];
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
      workgroupBarrier();
      sinks_arena[row_69 + thread_column + 64] = vec4f(partial_94, partial_96, partial_98, partial_100);
      workgroupBarrier();
      let max_101 = max(max(max(sinks_arena[row_69 + 64], sinks_arena[row_69 + 1 + 64]), sinks_arena[row_69 + 2 + 64]), sinks_arena[row_69 + 3 + 64]);
      let map_102 = max(carried_19, max_101.x);
      let map_103 = max(carried_20, max_101.y);
      let map_104 = max(carried_21, max_101.z);
      let map_105 = max(carried_22, max_101.w);
      let map_106 = exponential_difference(carried_19, map_102);
      let map_107 = exponential_difference(carried_20, map_103);
      let map_108 = exponential_difference(carried_21, map_104);
      let map_109 = exponential_difference(carried_22, map_105);
      let map_110 = exponential_difference_wide(map_85, vec4f(map_102));
      let map_111 = exponential_difference_wide(map_86, vec4f(map_102));
      let map_112 = exponential_difference_wide(map_87, vec4f(map_103));
      let map_113 = exponential_difference_wide(map_88, vec4f(map_103));
      let map_114 = exponential_difference_wide(map_89, vec4f(map_104));
      let map_115 = exponential_difference_wide(map_90, vec4f(map_104));
      let map_116 = exponential_difference_wide(map_91, vec4f(map_105));
      let map_117 = exponential_difference_wide(map_92, vec4f(map_105));
      let map_118 = carried_23 * map_106;
      let map_119 = carried_24 * map_107;
      let map_120 = carried_25 * map_108;
      let map_121 = carried_26 * map_109;
      let partial_122 = map_110 + map_111;
      let partial_123 = partial_122.x + partial_122.y + (partial_122.z + partial_122.w);
      let partial_124 = map_112 + map_113;
      let partial_125 = partial_124.x + partial_124.y + (partial_124.z + partial_124.w);
      let partial_126 = map_114 + map_115;
      let partial_127 = partial_126.x + partial_126.y + (partial_126.z + partial_126.w);
      let partial_128 = map_116 + map_117;
      let partial_129 = partial_128.x + partial_128.y + (partial_128.z + partial_128.w);
      let map_130 = map_118 + partial_123;
      let map_131 = map_119 + partial_125;
      let map_132 = map_120 + partial_127;
      let map_133 = map_121 + partial_129;
      let map_134 = carried_27 * map_106;
      let map_135 = carried_28 * map_107;
      let map_136 = carried_29 * map_108;
      let map_137 = carried_30 * map_109;
      workgroupBarrier();
      let line_138 = row_69 * 8;
      sinks_arena[line_138 + thread_column + 64] = map_110;
      sinks_arena[line_138 + (thread_column + 4) + 64] = map_111;
      sinks_arena[line_138 + 8 + thread_column + 64] = map_112;
      sinks_arena[line_138 + 8 + (thread_column + 4) + 64] = map_113;
      sinks_arena[line_138 + 16 + thread_column + 64] = map_114;
      sinks_arena[line_138 + 16 + (thread_column + 4) + 64] = map_115;
      sinks_arena[line_138 + 24 + thread_column + 64] = map_116;
      sinks_arena[line_138 + 24 + (thread_column + 4) + 64] = map_117;
      var product_139 = map_134;
      var product_140 = map_135;
      var product_141 = map_136;
      var product_142 = map_137;
      for (var n_144 = thread; n_144 < 64; n_144 += 32) {
        let line_145 = n_144 / 2;
        let vector_146 = n_144 % 2;
        let place_147 = floor_divide(block_5, 2);
        let at_148 = J_38 + line_145;
        var loaded_149 = vec4f();
        if (u32(at_148) < u32(launch.keys) && u32(vector_146) < 2u) {
          loaded_149 = vec4f(v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_147 * launch.v_stride_1 + at_148 * launch.v_stride_2 + vector_146]);
        }
        sinks_arena[n_144 + 320] = loaded_149;
      }
      workgroupBarrier();
      for (var k_150 = 0; k_150 < 8; k_150++) {
        let chunk_151 = k_150 * 8;
        let right_152 = sinks_arena[thread_column + chunk_151 + 320];
        let right_153 = sinks_arena[thread_column + chunk_151 + 322];
        let right_154 = sinks_arena[thread_column + chunk_151 + 324];
        let right_155 = sinks_arena[thread_column + chunk_151 + 326];
        let left_156 = sinks_arena[line_138 + k_150 + 64];
        product_139 += left_156.x * right_152;
        product_139 += left_156.y * right_153;
        product_139 += left_156.z * right_154;
        product_139 += left_156.w * right_155;
        let left_157 = sinks_arena[line_138 + k_150 + 72];
        product_140 += left_157.x * right_152;
        product_140 += left_157.y * right_153;
        product_140 += left_157.z * right_154;
        product_140 += left_157.w * right_155;
        let left_158 = sinks_arena[line_138 + k_150 + 80];
        product_141 += left_158.x * right_152;
        product_141 += left_158.y * right_153;
        product_141 += left_158.z * right_154;
        product_141 += left_158.w * right_155;
        let left_159 = sinks_arena[line_138 + k_150 + 88];
        product_142 += left_159.x * right_152;
        product_142 += left_159.y * right_153;
        product_142 += left_159.z * right_154;
        product_142 += left_159.w * right_155;
      }
      chosen_41 = map_102;
      chosen_42 = map_103;
      chosen_43 = map_104;
      chosen_44 = map_105;
      chosen_45 = map_130;
      chosen_46 = map_131;
      chosen_47 = map_132;
      chosen_48 = map_133;
      chosen_49 = product_139;
      chosen_50 = product_140;
      chosen_51 = product_141;
      chosen_52 = product_142;
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
      var product_160 = vec4f(0.0);
      var product_161 = vec4f(0.0);
      var product_162 = vec4f(0.0);
      var product_163 = vec4f(0.0);
      var product_164 = vec4f(0.0);
      var product_165 = vec4f(0.0);
      var product_166 = vec4f(0.0);
      var product_167 = vec4f(0.0);
      workgroupBarrier();
      for (var n_169 = thread; n_169 < 64; n_169 += 32) {
        let line_170 = n_169 / 2;
        let vector_171 = n_169 % 2;
        let place_172 = floor_divide(block_5, 2);
        let at_173 = J_38 + line_170;
        var loaded_174 = vec4f();
        if (u32(at_173) < u32(launch.keys) && u32(vector_171) < 2u) {
          loaded_174 = vec4f(k_data[launch.k_offset + (block_6) * launch.k_stride_0 + place_172 * launch.k_stride_1 + at_173 * launch.k_stride_2 + vector_171]);
        }
        sinks_arena[n_169 + (line_170 >> 2u) + 64] = loaded_174;
      }
      workgroupBarrier();
      let row_176 = thread_row * 4;
      let left_177 = row_176 * 2;
      let right_178 = thread_column * 9;
      for (var k_175 = 0; k_175 < 2; k_175++) {
        let right_179 = sinks_arena[right_178 + k_175 + 64];
        let right_180 = sinks_arena[right_178 + k_175 + 66];
        let right_181 = sinks_arena[right_178 + k_175 + 68];
        let right_182 = sinks_arena[right_178 + k_175 + 70];
        let right_183 = sinks_arena[right_178 + k_175 + 100];
        let right_184 = sinks_arena[right_178 + k_175 + 102];
        let right_185 = sinks_arena[right_178 + k_175 + 104];
        let right_186 = sinks_arena[right_178 + k_175 + 106];
        let left_187 = sinks_arena[left_177 + k_175];
        product_160 += vec4f(dot(left_187, right_179), dot(left_187, right_180), dot(left_187, right_181), dot(left_187, right_182));
        product_161 += vec4f(dot(left_187, right_183), dot(left_187, right_184), dot(left_187, right_185), dot(left_187, right_186));
        let left_188 = sinks_arena[left_177 + k_175 + 2];
        product_162 += vec4f(dot(left_188, right_179), dot(left_188, right_180), dot(left_188, right_181), dot(left_188, right_182));
        product_163 += vec4f(dot(left_188, right_183), dot(left_188, right_184), dot(left_188, right_185), dot(left_188, right_186));
        let left_189 = sinks_arena[left_177 + k_175 + 4];
        product_164 += vec4f(dot(left_189, right_179), dot(left_189, right_180), dot(left_189, right_181), dot(left_189, right_182));
        product_165 += vec4f(dot(left_189, right_183), dot(left_189, right_184), dot(left_189, right_185), dot(left_189, right_186));
        let left_190 = sinks_arena[left_177 + k_175 + 6];
        product_166 += vec4f(dot(left_190, right_179), dot(left_190, right_180), dot(left_190, right_181), dot(left_190, right_182));
        product_167 += vec4f(dot(left_190, right_183), dot(left_190, right_184), dot(left_190, right_185), dot(left_190, right_186));
      }
      let column_191 = thread_column * 4;
      let map_192 = product_160 / 2.828427;
      let map_193 = product_161 / 2.828427;
      let map_194 = product_162 / 2.828427;
      let map_195 = product_163 / 2.828427;
      let map_196 = product_164 / 2.828427;
      let map_197 = product_165 / 2.828427;
      let map_198 = product_166 / 2.828427;
      let map_199 = product_167 / 2.828427;
      let j_200 = J_38 + column_191;
      let j_201 = j_200 + vec4i(0, 1, 2, 3);
      let i_202 = I_4 + row_176;
      let map_203 = select(vec4f(-3.4e+38), map_192, ((j_201 <= vec4i(i_202)) & (i_202 - j_201 < vec4i(5))) & (j_201 < vec4i(launch.keys)));
      let j_204 = j_200 + 16 + vec4i(0, 1, 2, 3);
      let map_205 = select(vec4f(-3.4e+38), map_193, ((j_204 <= vec4i(i_202)) & (i_202 - j_204 < vec4i(5))) & (j_204 < vec4i(launch.keys)));
      let map_206 = select(vec4f(-3.4e+38), map_194, ((j_201 <= vec4i(i_202 + 1)) & (i_202 + 1 - j_201 < vec4i(5))) & (j_201 < vec4i(launch.keys)));
      let map_207 = select(vec4f(-3.4e+38), map_195, ((j_204 <= vec4i(i_202 + 1)) & (i_202 + 1 - j_204 < vec4i(5))) & (j_204 < vec4i(launch.keys)));
      let map_208 = select(vec4f(-3.4e+38), map_196, ((j_201 <= vec4i(i_202 + 2)) & (i_202 + 2 - j_201 < vec4i(5))) & (j_201 < vec4i(launch.keys)));
      let map_209 = select(vec4f(-3.4e+38), map_197, ((j_204 <= vec4i(i_202 + 2)) & (i_202 + 2 - j_204 < vec4i(5))) & (j_204 < vec4i(launch.keys)));
      let map_210 = select(vec4f(-3.4e+38), map_198, ((j_201 <= vec4i(i_202 + 3)) & (i_202 + 3 - j_201 < vec4i(5))) & (j_201 < vec4i(launch.keys)));
      let map_211 = select(vec4f(-3.4e+38), map_199, ((j_204 <= vec4i(i_202 + 3)) & (i_202 + 3 - j_204 < vec4i(5))) & (j_204 < vec4i(launch.keys)));
      let partial_212 = max(map_203, map_205);
      let partial_213 = max(max(partial_212.x, partial_212.y), max(partial_212.z, partial_212.w));
      let partial_214 = max(map_206, map_207);
      let partial_215 = max(max(partial_214.x, partial_214.y), max(partial_214.z, partial_214.w));
      let partial_216 = max(map_208, map_209);
      let partial_217 = max(max(partial_216.x, partial_216.y), max(partial_216.z, partial_216.w));
      let partial_218 = max(map_210, map_211);
      let partial_219 = max(max(partial_218.x, partial_218.y), max(partial_218.z, partial_218.w));
      workgroupBarrier();
      sinks_arena[row_176 + thread_column + 64] = vec4f(partial_213, partial_215, partial_217, partial_219);
      workgroupBarrier();
      let max_220 = max(max(max(sinks_arena[row_176 + 64], sinks_arena[row_176 + 1 + 64]), sinks_arena[row_176 + 2 + 64]), sinks_arena[row_176 + 3 + 64]);
      let map_221 = max(carried_19, max_220.x);
      let map_222 = max(carried_20, max_220.y);
      let map_223 = max(carried_21, max_220.z);
      let map_224 = max(carried_22, max_220.w);
      let map_225 = exponential_difference(carried_19, map_221);
      let map_226 = exponential_difference(carried_20, map_222);
      let map_227 = exponential_difference(carried_21, map_223);
      let map_228 = exponential_difference(carried_22, map_224);
      let map_229 = exponential_difference_wide(map_203, vec4f(map_221));
      let map_230 = exponential_difference_wide(map_205, vec4f(map_221));
      let map_231 = exponential_difference_wide(map_206, vec4f(map_222));
      let map_232 = exponential_difference_wide(map_207, vec4f(map_222));
      let map_233 = exponential_difference_wide(map_208, vec4f(map_223));
      let map_234 = exponential_difference_wide(map_209, vec4f(map_223));
      let map_235 = exponential_difference_wide(map_210, vec4f(map_224));
      let map_236 = exponential_difference_wide(map_211, vec4f(map_224));
      let map_237 = carried_23 * map_225;
      let map_238 = carried_24 * map_226;
      let map_239 = carried_25 * map_227;
      let map_240 = carried_26 * map_228;
      let partial_241 = map_229 + map_230;
      let partial_242 = partial_241.x + partial_241.y + (partial_241.z + partial_241.w);
      let partial_243 = map_231 + map_232;
      let partial_244 = partial_243.x + partial_243.y + (partial_243.z + partial_243.w);
      let partial_245 = map_233 + map_234;
      let partial_246 = partial_245.x + partial_245.y + (partial_245.z + partial_245.w);
      let partial_247 = map_235 + map_236;
      let partial_248 = partial_247.x + partial_247.y + (partial_247.z + partial_247.w);
      let map_249 = map_237 + partial_242;
      let map_250 = map_238 + partial_244;
      let map_251 = map_239 + partial_246;
      let map_252 = map_240 + partial_248;
      let map_253 = carried_27 * map_225;
      let map_254 = carried_28 * map_226;
      let map_255 = carried_29 * map_227;
      let map_256 = carried_30 * map_228;
      workgroupBarrier();
      let line_257 = row_176 * 8;
      sinks_arena[line_257 + thread_column + 64] = map_229;
      sinks_arena[line_257 + (thread_column + 4) + 64] = map_230;
      sinks_arena[line_257 + 8 + thread_column + 64] = map_231;
      sinks_arena[line_257 + 8 + (thread_column + 4) + 64] = map_232;
      sinks_arena[line_257 + 16 + thread_column + 64] = map_233;
      sinks_arena[line_257 + 16 + (thread_column + 4) + 64] = map_234;
      sinks_arena[line_257 + 24 + thread_column + 64] = map_235;
      sinks_arena[line_257 + 24 + (thread_column + 4) + 64] = map_236;
      var product_258 = map_253;
      var product_259 = map_254;
      var product_260 = map_255;
      var product_261 = map_256;
      for (var n_263 = thread; n_263 < 64; n_263 += 32) {
        let line_264 = n_263 / 2;
        let vector_265 = n_263 % 2;
        let place_266 = floor_divide(block_5, 2);
        let at_267 = J_38 + line_264;
        var loaded_268 = vec4f();
        if (u32(at_267) < u32(launch.keys) && u32(vector_265) < 2u) {
          loaded_268 = vec4f(v_data[launch.v_offset + (block_6) * launch.v_stride_0 + place_266 * launch.v_stride_1 + at_267 * launch.v_stride_2 + vector_265]);
        }
        sinks_arena[n_263 + 320] = loaded_268;
      }
      workgroupBarrier();
      for (var k_269 = 0; k_269 < 8; k_269++) {
        let chunk_270 = k_269 * 8;
        let right_271 = sinks_arena[thread_column + chunk_270 + 320];
        let right_272 = sinks_arena[thread_column + chunk_270 + 322];
        let right_273 = sinks_arena[thread_column + chunk_270 + 324];
        let right_274 = sinks_arena[thread_column + chunk_270 + 326];
        let left_275 = sinks_arena[line_257 + k_269 + 64];
        product_258 += left_275.x * right_271;
        product_258 += left_275.y * right_272;
        product_258 += left_275.z * right_273;
        product_258 += left_275.w * right_274;
        let left_276 = sinks_arena[line_257 + k_269 + 72];
        product_259 += left_276.x * right_271;
        product_259 += left_276.y * right_272;
        product_259 += left_276.z * right_273;
        product_259 += left_276.w * right_274;
        let left_277 = sinks_arena[line_257 + k_269 + 80];
        product_260 += left_277.x * right_271;
        product_260 += left_277.y * right_272;
        product_260 += left_277.z * right_273;
        product_260 += left_277.w * right_274;
        let left_278 = sinks_arena[line_257 + k_269 + 88];
        product_261 += left_278.x * right_271;
        product_261 += left_278.y * right_272;
        product_261 += left_278.z * right_273;
        product_261 += left_278.w * right_274;
      }
      chosen_41 = map_221;
      chosen_42 = map_222;
      chosen_43 = map_223;
      chosen_44 = map_224;
      chosen_45 = map_249;
      chosen_46 = map_250;
      chosen_47 = map_251;
      chosen_48 = map_252;
      chosen_49 = product_258;
      chosen_50 = product_259;
      chosen_51 = product_260;
      chosen_52 = product_261;
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
  let line_279 = thread_row * 4;
  sinks_arena[line_279 + thread_column + 64] = vec4f(carried_23, carried_24, carried_25, carried_26);
  workgroupBarrier();
  let sum_280 = sinks_arena[line_279 + 64] + sinks_arena[line_279 + 1 + 64] + sinks_arena[line_279 + 2 + 64] + sinks_arena[line_279 + 3 + 64];
  let entry_281 = read_sink(block_5);
  let map_282 = entry_281;
  let map_283 = entry_281;
  let map_284 = entry_281;
  let map_285 = entry_281;
  let map_286 = max(carried_19, map_282);
  let map_287 = max(carried_20, map_283);
  let map_288 = max(carried_21, map_284);
  let map_289 = max(carried_22, map_285);
  let map_290 = exponential_difference(carried_19, map_286);
  let map_291 = exponential_difference(carried_20, map_287);
  let map_292 = exponential_difference(carried_21, map_288);
  let map_293 = exponential_difference(carried_22, map_289);
  let map_294 = sum_280.x * map_290 + exponential_difference(map_282, map_286);
  let map_295 = sum_280.y * map_291 + exponential_difference(map_283, map_287);
  let map_296 = sum_280.z * map_292 + exponential_difference(map_284, map_288);
  let map_297 = sum_280.w * map_293 + exponential_difference(map_285, map_289);
  let column_298 = thread_column * 4;
  let map_299 = carried_27 * map_290;
  let map_300 = carried_28 * map_291;
  let map_301 = carried_29 * map_292;
  let map_302 = carried_30 * map_293;
  let map_303 = select(vec4f(0.0), map_299 / map_294, map_294 > 0.0);
  let map_304 = select(vec4f(0.0), map_300 / map_295, map_295 > 0.0);
  let map_305 = select(vec4f(0.0), map_301 / map_296, map_296 > 0.0);
  let map_306 = select(vec4f(0.0), map_302 / map_297, map_297 > 0.0);
  let stored_307 = select(map_303, vec4f(bitcast<f32>(launch.minus_infinity)), map_303 <= vec4f(-1.7e+38));
  let i_308 = I_4 + line_279;
  let place_309 = i_308 - (launch.keys - launch.rows);
  if (column_298 < 8 && u32(place_309) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_309 * launch.out_stride_2 + thread_column] = vec4<f16>(stored_307);
  }
  let stored_310 = select(map_304, vec4f(bitcast<f32>(launch.minus_infinity)), map_304 <= vec4f(-1.7e+38));
  let place_311 = i_308 + 1 - (launch.keys - launch.rows);
  if (column_298 < 8 && u32(place_311) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_311 * launch.out_stride_2 + thread_column] = vec4<f16>(stored_310);
  }
  let stored_312 = select(map_305, vec4f(bitcast<f32>(launch.minus_infinity)), map_305 <= vec4f(-1.7e+38));
  let place_313 = i_308 + 2 - (launch.keys - launch.rows);
  if (column_298 < 8 && u32(place_313) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_313 * launch.out_stride_2 + thread_column] = vec4<f16>(stored_312);
  }
  let stored_314 = select(map_306, vec4f(bitcast<f32>(launch.minus_infinity)), map_306 <= vec4f(-1.7e+38));
  let place_315 = i_308 + 3 - (launch.keys - launch.rows);
  if (column_298 < 8 && u32(place_315) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_315 * launch.out_stride_2 + thread_column] = vec4<f16>(stored_314);
  }
  let map_316 = entry_281;
  let map_317 = entry_281;
  let map_318 = entry_281;
  let map_319 = entry_281;
  let map_320 = max(carried_19, map_316);
  let map_321 = max(carried_20, map_317);
  let map_322 = max(carried_21, map_318);
  let map_323 = max(carried_22, map_319);
  let map_324 = exponential_difference(carried_19, map_320);
  let map_325 = exponential_difference(carried_20, map_321);
  let map_326 = exponential_difference(carried_21, map_322);
  let map_327 = exponential_difference(carried_22, map_323);
  let map_328 = sum_280.x * map_324 + exponential_difference(map_316, map_320);
  let map_329 = sum_280.y * map_325 + exponential_difference(map_317, map_321);
  let map_330 = sum_280.z * map_326 + exponential_difference(map_318, map_322);
  let map_331 = sum_280.w * map_327 + exponential_difference(map_319, map_323);
  let map_332 = select(-3.4e+38, map_320 + log(map_328), map_328 > 0.0);
  let map_333 = select(-3.4e+38, map_321 + log(map_329), map_329 > 0.0);
  let map_334 = select(-3.4e+38, map_322 + log(map_330), map_330 > 0.0);
  let map_335 = select(-3.4e+38, map_323 + log(map_331), map_331 > 0.0);
  let stored_336 = select(map_332, bitcast<f32>(launch.minus_infinity), map_332 <= -1.7e+38);
  if (thread_column == 0 && u32(place_309) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_309] = stored_336;
  }
  let stored_337 = select(map_333, bitcast<f32>(launch.minus_infinity), map_333 <= -1.7e+38);
  if (thread_column == 0 && u32(place_311) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_311] = stored_337;
  }
  let stored_338 = select(map_334, bitcast<f32>(launch.minus_infinity), map_334 <= -1.7e+38);
  if (thread_column == 0 && u32(place_313) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_313] = stored_338;
  }
  let stored_339 = select(map_335, bitcast<f32>(launch.minus_infinity), map_335 <= -1.7e+38);
  if (thread_column == 0 && u32(place_315) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_315] = stored_339;
  }
}
`;

const features = ["shader-f16"];
const limits = {"maxComputeWorkgroupStorageSize":6144,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":6};
const entryPoints = ["sinks"];
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",1,"keys",8],"v":["batch",1,"keys",8],"sink":[2]};

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
  dispatch('sinks', [[1,"q"],[2,"k"],[3,"v"],[4,"sink"],[5,"out"],[6,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 32)));
  const tensors = {
    "q": { role: 'input', dtype: 'f16', shape: [batch, 2, queries, 8] },
    "k": { role: 'input', dtype: 'f16', shape: [batch, 1, keys, 8] },
    "v": { role: 'input', dtype: 'f16', shape: [batch, 1, keys, 8] },
    "sink": { role: 'input', dtype: 'f32', shape: [2] },
    "out": { role: 'output', dtype: 'f16', shape: [batch, 2, rows, 8] },
    "lse": { role: 'output', dtype: 'f32', shape: [batch, 2, rows] },
  };
  return { dispatches, workspace, workspaceBytes, packed, packedElements, tensors };
}

/** Checks the device and builds the pipelines. */
export async function createSinks(device) {
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
