// mta, compiled by heddle golden to WGSL: f32, no subgroups, threads mta 8 × 4.
// heads=2 kvHeads=0 headDim=8 preQueryKernel=2 preKeyKernel=3 preMix=2 postQueryKernel=0 postKeyKernel=0 postMix=0 padKey="both" start="identity" norm="none" depthScale=false layer=0 gate="none"
// Hash 6bb2eed5049dc6f1 of all below. Made by a compiler: change the spec, not this file.

const name = "mta";
export const wgsl = `// mta, compiled by heddle golden to WGSL: f32, no subgroups, threads mta 8 × 4.
// heads=2 kvHeads=0 headDim=8 preQueryKernel=2 preKeyKernel=3 preMix=2 postQueryKernel=0 postKeyKernel=0 postMix=0 padKey="both" start="identity" norm="none" depthScale=false layer=0 gate="none"
// Hash 9667cf70fbaa416f of all below. Made by a compiler: change the spec, not this file.

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

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), bitcast<u32>(x) == u32(0xff800000u));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), bitcast<vec4u>(x) == vec4u(0xff800000u));
}

fn read_theta_pre(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), theta_pre_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], inside);
}

fn read_mix_pre(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(1)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(2));
  return select(f32(0), mix_pre_data[select(0, x_0 * 4 + x_1 * 2 + x_2, inside)], inside);
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
  let constant_21 = bitcast<f32>(launch.minus_infinity);
  let constant_22 = bitcast<f32>(launch.minus_infinity);
  let constant_23 = bitcast<f32>(launch.minus_infinity);
  let constant_24 = bitcast<f32>(launch.minus_infinity);
  let constant_25 = 0.0;
  let constant_26 = 0.0;
  let constant_27 = 0.0;
  let constant_28 = 0.0;
  let constant_29 = vec4f(0.0);
  let constant_30 = vec4f(0.0);
  let constant_31 = vec4f(0.0);
  let constant_32 = vec4f(0.0);
  let constant_33 = bitcast<f32>(launch.minus_infinity);
  let constant_34 = bitcast<f32>(launch.minus_infinity);
  let constant_35 = bitcast<f32>(launch.minus_infinity);
  let constant_36 = bitcast<f32>(launch.minus_infinity);
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
    let is_full_80 = (J_78 + 31 - from_79 <= 0) && ((launch.keys - launch.queries - from_79 <= 0) && (J_78 + 31 - launch.keys < 0));
    let is_empty_81 = (J_78 - (from_79 + 31) > 0) || ((launch.keys - launch.queries - (from_79 + 31) > 0) || (J_78 - launch.keys >= 0));
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
        let map_148 = select(vec4f(0.0), map_129, (j_146 <= vec4i(i_147)) & (vec4<bool>(launch.keys - launch.queries <= i_147) & (j_146 < vec4i(launch.keys))));
        let j_149 = j_145 + 16 + vec4i(0, 1, 2, 3);
        let map_150 = select(vec4f(0.0), map_130, (j_149 <= vec4i(i_147)) & (vec4<bool>(launch.keys - launch.queries <= i_147) & (j_149 < vec4i(launch.keys))));
        let map_151 = select(vec4f(0.0), map_131, (j_146 <= vec4i(i_147 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_147 + 1) & (j_146 < vec4i(launch.keys))));
        let map_152 = select(vec4f(0.0), map_132, (j_149 <= vec4i(i_147 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_147 + 1) & (j_149 < vec4i(launch.keys))));
        let map_153 = select(vec4f(0.0), map_133, (j_146 <= vec4i(i_147 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_147 + 2) & (j_146 < vec4i(launch.keys))));
        let map_154 = select(vec4f(0.0), map_134, (j_149 <= vec4i(i_147 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_147 + 2) & (j_149 < vec4i(launch.keys))));
        let map_155 = select(vec4f(0.0), map_135, (j_146 <= vec4i(i_147 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_147 + 3) & (j_146 < vec4i(launch.keys))));
        let map_156 = select(vec4f(0.0), map_136, (j_149 <= vec4i(i_147 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_147 + 3) & (j_149 < vec4i(launch.keys))));
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
        let map_226 = select(vec4f(0.0), map_207, (j_224 <= vec4i(i_225)) & (vec4<bool>(launch.keys - launch.queries <= i_225) & (j_224 < vec4i(launch.keys))));
        let j_227 = j_223 + 16 + vec4i(0, 1, 2, 3);
        let map_228 = select(vec4f(0.0), map_208, (j_227 <= vec4i(i_225)) & (vec4<bool>(launch.keys - launch.queries <= i_225) & (j_227 < vec4i(launch.keys))));
        let map_229 = select(vec4f(0.0), map_209, (j_224 <= vec4i(i_225 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_225 + 1) & (j_224 < vec4i(launch.keys))));
        let map_230 = select(vec4f(0.0), map_210, (j_227 <= vec4i(i_225 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_225 + 1) & (j_227 < vec4i(launch.keys))));
        let map_231 = select(vec4f(0.0), map_211, (j_224 <= vec4i(i_225 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_225 + 2) & (j_224 < vec4i(launch.keys))));
        let map_232 = select(vec4f(0.0), map_212, (j_227 <= vec4i(i_225 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_225 + 2) & (j_227 < vec4i(launch.keys))));
        let map_233 = select(vec4f(0.0), map_213, (j_224 <= vec4i(i_225 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_225 + 3) & (j_224 < vec4i(launch.keys))));
        let map_234 = select(vec4f(0.0), map_214, (j_227 <= vec4i(i_225 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_225 + 3) & (j_227 < vec4i(launch.keys))));
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
      let row_273 = thread_row * 4 + 1;
      let neighbourhood_274 = row_273 * 9 + thread_column;
      let ring_272 = mta_arena[neighbourhood_274 - 9 + 4];
      let ring_275 = mta_arena[neighbourhood_274 - 8 + 4];
      let window_276 = vec4f(ring_272.z, ring_272.w, ring_275.x, ring_275.y);
      convolved_263 += weights_271.x * window_276;
      let window_277 = vec4f(ring_272.w, ring_275.x, ring_275.y, ring_275.z);
      convolved_263 += weights_271.y * window_277;
      convolved_263 += weights_271.z * ring_275;
      let weights_278 = mta_arena[1];
      let ring_279 = mta_arena[neighbourhood_274 + 4];
      let ring_280 = mta_arena[neighbourhood_274 + 1 + 4];
      let window_281 = vec4f(ring_279.z, ring_279.w, ring_280.x, ring_280.y);
      convolved_263 += weights_278.x * window_281;
      let window_282 = vec4f(ring_279.w, ring_280.x, ring_280.y, ring_280.z);
      convolved_263 += weights_278.y * window_282;
      convolved_263 += weights_278.z * ring_280;
      convolved_265 += weights_271.x * window_281;
      convolved_265 += weights_271.y * window_282;
      convolved_265 += weights_271.z * ring_280;
      let ring_283 = mta_arena[neighbourhood_274 + 9 + 4];
      let ring_284 = mta_arena[neighbourhood_274 + 10 + 4];
      let window_285 = vec4f(ring_283.z, ring_283.w, ring_284.x, ring_284.y);
      convolved_265 += weights_278.x * window_285;
      let window_286 = vec4f(ring_283.w, ring_284.x, ring_284.y, ring_284.z);
      convolved_265 += weights_278.y * window_286;
      convolved_265 += weights_278.z * ring_284;
      convolved_267 += weights_271.x * window_285;
      convolved_267 += weights_271.y * window_286;
      convolved_267 += weights_271.z * ring_284;
      let ring_287 = mta_arena[neighbourhood_274 + 18 + 4];
      let ring_288 = mta_arena[neighbourhood_274 + 19 + 4];
      let window_289 = vec4f(ring_287.z, ring_287.w, ring_288.x, ring_288.y);
      convolved_267 += weights_278.x * window_289;
      let window_290 = vec4f(ring_287.w, ring_288.x, ring_288.y, ring_288.z);
      convolved_267 += weights_278.y * window_290;
      convolved_267 += weights_278.z * ring_288;
      convolved_269 += weights_271.x * window_289;
      convolved_269 += weights_271.y * window_290;
      convolved_269 += weights_271.z * ring_288;
      let ring_291 = mta_arena[neighbourhood_274 + 27 + 4];
      let ring_292 = mta_arena[neighbourhood_274 + 28 + 4];
      let window_293 = vec4f(ring_291.z, ring_291.w, ring_292.x, ring_292.y);
      convolved_269 += weights_278.x * window_293;
      let window_294 = vec4f(ring_291.w, ring_292.x, ring_292.y, ring_292.z);
      convolved_269 += weights_278.y * window_294;
      convolved_269 += weights_278.z * ring_292;
      let ring_295 = mta_arena[neighbourhood_274 - 5 + 4];
      let ring_296 = mta_arena[neighbourhood_274 - 4 + 4];
      let window_297 = vec4f(ring_295.z, ring_295.w, ring_296.x, ring_296.y);
      convolved_264 += weights_271.x * window_297;
      let window_298 = vec4f(ring_295.w, ring_296.x, ring_296.y, ring_296.z);
      convolved_264 += weights_271.y * window_298;
      convolved_264 += weights_271.z * ring_296;
      let ring_299 = mta_arena[neighbourhood_274 + 4 + 4];
      let ring_300 = mta_arena[neighbourhood_274 + 5 + 4];
      let window_301 = vec4f(ring_299.z, ring_299.w, ring_300.x, ring_300.y);
      convolved_264 += weights_278.x * window_301;
      let window_302 = vec4f(ring_299.w, ring_300.x, ring_300.y, ring_300.z);
      convolved_264 += weights_278.y * window_302;
      convolved_264 += weights_278.z * ring_300;
      convolved_266 += weights_271.x * window_301;
      convolved_266 += weights_271.y * window_302;
      convolved_266 += weights_271.z * ring_300;
      let ring_303 = mta_arena[neighbourhood_274 + 13 + 4];
      let ring_304 = mta_arena[neighbourhood_274 + 14 + 4];
      let window_305 = vec4f(ring_303.z, ring_303.w, ring_304.x, ring_304.y);
      convolved_266 += weights_278.x * window_305;
      let window_306 = vec4f(ring_303.w, ring_304.x, ring_304.y, ring_304.z);
      convolved_266 += weights_278.y * window_306;
      convolved_266 += weights_278.z * ring_304;
      convolved_268 += weights_271.x * window_305;
      convolved_268 += weights_271.y * window_306;
      convolved_268 += weights_271.z * ring_304;
      let ring_307 = mta_arena[neighbourhood_274 + 22 + 4];
      let ring_308 = mta_arena[neighbourhood_274 + 23 + 4];
      let window_309 = vec4f(ring_307.z, ring_307.w, ring_308.x, ring_308.y);
      convolved_268 += weights_278.x * window_309;
      let window_310 = vec4f(ring_307.w, ring_308.x, ring_308.y, ring_308.z);
      convolved_268 += weights_278.y * window_310;
      convolved_268 += weights_278.z * ring_308;
      convolved_270 += weights_271.x * window_309;
      convolved_270 += weights_271.y * window_310;
      convolved_270 += weights_271.z * ring_308;
      let ring_311 = mta_arena[neighbourhood_274 + 31 + 4];
      let ring_312 = mta_arena[neighbourhood_274 + 32 + 4];
      let window_313 = vec4f(ring_311.z, ring_311.w, ring_312.x, ring_312.y);
      convolved_270 += weights_278.x * window_313;
      let window_314 = vec4f(ring_311.w, ring_312.x, ring_312.y, ring_312.z);
      convolved_270 += weights_278.y * window_314;
      convolved_270 += weights_278.z * ring_312;
      workgroupBarrier();
      var convolved_315 = vec4f(0.0);
      var convolved_316 = vec4f(0.0);
      var convolved_317 = vec4f(0.0);
      var convolved_318 = vec4f(0.0);
      var convolved_319 = vec4f(0.0);
      var convolved_320 = vec4f(0.0);
      var convolved_321 = vec4f(0.0);
      var convolved_322 = vec4f(0.0);
      let weights_323 = mta_arena[2];
      let ring_324 = mta_arena[neighbourhood_274 - 9 + 292];
      let ring_325 = mta_arena[neighbourhood_274 - 8 + 292];
      let window_326 = vec4f(ring_324.z, ring_324.w, ring_325.x, ring_325.y);
      convolved_315 += weights_323.x * window_326;
      let window_327 = vec4f(ring_324.w, ring_325.x, ring_325.y, ring_325.z);
      convolved_315 += weights_323.y * window_327;
      convolved_315 += weights_323.z * ring_325;
      let weights_328 = mta_arena[3];
      let ring_329 = mta_arena[neighbourhood_274 + 292];
      let ring_330 = mta_arena[neighbourhood_274 + 1 + 292];
      let window_331 = vec4f(ring_329.z, ring_329.w, ring_330.x, ring_330.y);
      convolved_315 += weights_328.x * window_331;
      let window_332 = vec4f(ring_329.w, ring_330.x, ring_330.y, ring_330.z);
      convolved_315 += weights_328.y * window_332;
      convolved_315 += weights_328.z * ring_330;
      convolved_317 += weights_323.x * window_331;
      convolved_317 += weights_323.y * window_332;
      convolved_317 += weights_323.z * ring_330;
      let ring_333 = mta_arena[neighbourhood_274 + 9 + 292];
      let ring_334 = mta_arena[neighbourhood_274 + 10 + 292];
      let window_335 = vec4f(ring_333.z, ring_333.w, ring_334.x, ring_334.y);
      convolved_317 += weights_328.x * window_335;
      let window_336 = vec4f(ring_333.w, ring_334.x, ring_334.y, ring_334.z);
      convolved_317 += weights_328.y * window_336;
      convolved_317 += weights_328.z * ring_334;
      convolved_319 += weights_323.x * window_335;
      convolved_319 += weights_323.y * window_336;
      convolved_319 += weights_323.z * ring_334;
      let ring_337 = mta_arena[neighbourhood_274 + 18 + 292];
      let ring_338 = mta_arena[neighbourhood_274 + 19 + 292];
      let window_339 = vec4f(ring_337.z, ring_337.w, ring_338.x, ring_338.y);
      convolved_319 += weights_328.x * window_339;
      let window_340 = vec4f(ring_337.w, ring_338.x, ring_338.y, ring_338.z);
      convolved_319 += weights_328.y * window_340;
      convolved_319 += weights_328.z * ring_338;
      convolved_321 += weights_323.x * window_339;
      convolved_321 += weights_323.y * window_340;
      convolved_321 += weights_323.z * ring_338;
      let ring_341 = mta_arena[neighbourhood_274 + 27 + 292];
      let ring_342 = mta_arena[neighbourhood_274 + 28 + 292];
      let window_343 = vec4f(ring_341.z, ring_341.w, ring_342.x, ring_342.y);
      convolved_321 += weights_328.x * window_343;
      let window_344 = vec4f(ring_341.w, ring_342.x, ring_342.y, ring_342.z);
      convolved_321 += weights_328.y * window_344;
      convolved_321 += weights_328.z * ring_342;
      let ring_345 = mta_arena[neighbourhood_274 - 5 + 292];
      let ring_346 = mta_arena[neighbourhood_274 - 4 + 292];
      let window_347 = vec4f(ring_345.z, ring_345.w, ring_346.x, ring_346.y);
      convolved_316 += weights_323.x * window_347;
      let window_348 = vec4f(ring_345.w, ring_346.x, ring_346.y, ring_346.z);
      convolved_316 += weights_323.y * window_348;
      convolved_316 += weights_323.z * ring_346;
      let ring_349 = mta_arena[neighbourhood_274 + 4 + 292];
      let ring_350 = mta_arena[neighbourhood_274 + 5 + 292];
      let window_351 = vec4f(ring_349.z, ring_349.w, ring_350.x, ring_350.y);
      convolved_316 += weights_328.x * window_351;
      let window_352 = vec4f(ring_349.w, ring_350.x, ring_350.y, ring_350.z);
      convolved_316 += weights_328.y * window_352;
      convolved_316 += weights_328.z * ring_350;
      convolved_318 += weights_323.x * window_351;
      convolved_318 += weights_323.y * window_352;
      convolved_318 += weights_323.z * ring_350;
      let ring_353 = mta_arena[neighbourhood_274 + 13 + 292];
      let ring_354 = mta_arena[neighbourhood_274 + 14 + 292];
      let window_355 = vec4f(ring_353.z, ring_353.w, ring_354.x, ring_354.y);
      convolved_318 += weights_328.x * window_355;
      let window_356 = vec4f(ring_353.w, ring_354.x, ring_354.y, ring_354.z);
      convolved_318 += weights_328.y * window_356;
      convolved_318 += weights_328.z * ring_354;
      convolved_320 += weights_323.x * window_355;
      convolved_320 += weights_323.y * window_356;
      convolved_320 += weights_323.z * ring_354;
      let ring_357 = mta_arena[neighbourhood_274 + 22 + 292];
      let ring_358 = mta_arena[neighbourhood_274 + 23 + 292];
      let window_359 = vec4f(ring_357.z, ring_357.w, ring_358.x, ring_358.y);
      convolved_320 += weights_328.x * window_359;
      let window_360 = vec4f(ring_357.w, ring_358.x, ring_358.y, ring_358.z);
      convolved_320 += weights_328.y * window_360;
      convolved_320 += weights_328.z * ring_358;
      convolved_322 += weights_323.x * window_359;
      convolved_322 += weights_323.y * window_360;
      convolved_322 += weights_323.z * ring_358;
      let ring_361 = mta_arena[neighbourhood_274 + 31 + 292];
      let ring_362 = mta_arena[neighbourhood_274 + 32 + 292];
      let window_363 = vec4f(ring_361.z, ring_361.w, ring_362.x, ring_362.y);
      convolved_322 += weights_328.x * window_363;
      let window_364 = vec4f(ring_361.w, ring_362.x, ring_362.y, ring_362.z);
      convolved_322 += weights_328.y * window_364;
      convolved_322 += weights_328.z * ring_362;
      let column_365 = thread_column * 4;
      let entry_366 = read_mix_pre(0, 0, 0);
      let entry_367 = read_mix_pre(0, 0, 1);
      let map_368 = entry_366 * convolved_263 + entry_367 * convolved_315;
      let map_369 = entry_366 * convolved_264 + entry_367 * convolved_316;
      let map_370 = entry_366 * convolved_265 + entry_367 * convolved_317;
      let map_371 = entry_366 * convolved_266 + entry_367 * convolved_318;
      let map_372 = entry_366 * convolved_267 + entry_367 * convolved_319;
      let map_373 = entry_366 * convolved_268 + entry_367 * convolved_320;
      let map_374 = entry_366 * convolved_269 + entry_367 * convolved_321;
      let map_375 = entry_366 * convolved_270 + entry_367 * convolved_322;
      var chosen_376 = map_368;
      var chosen_377 = map_369;
      var chosen_378 = map_370;
      var chosen_379 = map_371;
      var chosen_380 = map_372;
      var chosen_381 = map_373;
      var chosen_382 = map_374;
      var chosen_383 = map_375;
      if (!is_full_237) {
        let j_384 = J_78 - 1 + column_365;
        let j_385 = j_384 + vec4i(0, 1, 2, 3);
        let i_386 = I_4 - 1 + row_273;
        let map_387 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_368, (j_385 <= vec4i(i_386)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let j_388 = j_384 + 16 + vec4i(0, 1, 2, 3);
        let map_389 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_369, (j_388 <= vec4i(i_386)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        let map_390 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_370, (j_385 <= vec4i(i_386 + 1)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let map_391 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_371, (j_388 <= vec4i(i_386 + 1)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        let map_392 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_372, (j_385 <= vec4i(i_386 + 2)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let map_393 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_373, (j_388 <= vec4i(i_386 + 2)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        let map_394 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_374, (j_385 <= vec4i(i_386 + 3)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let map_395 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_375, (j_388 <= vec4i(i_386 + 3)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        chosen_376 = map_387;
        chosen_377 = map_389;
        chosen_378 = map_390;
        chosen_379 = map_391;
        chosen_380 = map_392;
        chosen_381 = map_393;
        chosen_382 = map_394;
        chosen_383 = map_395;
      }
      let partial_396 = max(chosen_376, chosen_377);
      let partial_397 = max(max(partial_396.x, partial_396.y), max(partial_396.z, partial_396.w));
      let partial_398 = max(chosen_378, chosen_379);
      let partial_399 = max(max(partial_398.x, partial_398.y), max(partial_398.z, partial_398.w));
      let partial_400 = max(chosen_380, chosen_381);
      let partial_401 = max(max(partial_400.x, partial_400.y), max(partial_400.z, partial_400.w));
      let partial_402 = max(chosen_382, chosen_383);
      let partial_403 = max(max(partial_402.x, partial_402.y), max(partial_402.z, partial_402.w));
      mta_arena[row_159 + thread_column + 708] = vec4f(partial_397, partial_399, partial_401, partial_403);
      workgroupBarrier();
      let max_404 = max(max(max(mta_arena[row_159 + 708], mta_arena[row_159 + 1 + 708]), mta_arena[row_159 + 2 + 708]), mta_arena[row_159 + 3 + 708]);
      let map_405 = maximum(carried_41, max_404.x);
      let map_406 = maximum(carried_42, max_404.y);
      let map_407 = maximum(carried_43, max_404.z);
      let map_408 = maximum(carried_44, max_404.w);
      let map_409 = exponential_difference(carried_41, map_405);
      let map_410 = exponential_difference(carried_42, map_406);
      let map_411 = exponential_difference(carried_43, map_407);
      let map_412 = exponential_difference(carried_44, map_408);
      let map_413 = exponential_difference_wide(chosen_376, vec4f(map_405));
      let map_414 = exponential_difference_wide(chosen_377, vec4f(map_405));
      let map_415 = exponential_difference_wide(chosen_378, vec4f(map_406));
      let map_416 = exponential_difference_wide(chosen_379, vec4f(map_406));
      let map_417 = exponential_difference_wide(chosen_380, vec4f(map_407));
      let map_418 = exponential_difference_wide(chosen_381, vec4f(map_407));
      let map_419 = exponential_difference_wide(chosen_382, vec4f(map_408));
      let map_420 = exponential_difference_wide(chosen_383, vec4f(map_408));
      let map_421 = carried_45 * map_409;
      let map_422 = carried_46 * map_410;
      let map_423 = carried_47 * map_411;
      let map_424 = carried_48 * map_412;
      let partial_425 = map_413 + map_414;
      let partial_426 = partial_425.x + partial_425.y + (partial_425.z + partial_425.w);
      let partial_427 = map_415 + map_416;
      let partial_428 = partial_427.x + partial_427.y + (partial_427.z + partial_427.w);
      let partial_429 = map_417 + map_418;
      let partial_430 = partial_429.x + partial_429.y + (partial_429.z + partial_429.w);
      let partial_431 = map_419 + map_420;
      let partial_432 = partial_431.x + partial_431.y + (partial_431.z + partial_431.w);
      let map_433 = map_421 + partial_426;
      let map_434 = map_422 + partial_428;
      let map_435 = map_423 + partial_430;
      let map_436 = map_424 + partial_432;
      let map_437 = carried_49 * map_409;
      let map_438 = carried_50 * map_410;
      let map_439 = carried_51 * map_411;
      let map_440 = carried_52 * map_412;
      workgroupBarrier();
      let line_441 = row_273 * 8;
      if (row_273 < 32) {
        mta_arena[line_441 - 8 + thread_column + 708] = map_413;
        mta_arena[line_441 - 8 + (thread_column + 4) + 708] = map_414;
      }
      if (row_273 + 1 < 32) {
        mta_arena[line_441 + thread_column + 708] = map_415;
        mta_arena[line_441 + (thread_column + 4) + 708] = map_416;
      }
      if (row_273 + 2 < 32) {
        mta_arena[line_441 + 8 + thread_column + 708] = map_417;
        mta_arena[line_441 + 8 + (thread_column + 4) + 708] = map_418;
      }
      if (row_273 + 3 < 32) {
        mta_arena[line_441 + 16 + thread_column + 708] = map_419;
        mta_arena[line_441 + 16 + (thread_column + 4) + 708] = map_420;
      }
      var product_442 = map_437;
      var product_443 = map_438;
      var product_444 = map_439;
      var product_445 = map_440;
      for (var slice_446 = 0; slice_446 < 2; slice_446++) {
        workgroupBarrier();
        for (var n_447 = thread; n_447 < 32; n_447 += 32) {
          let line_448 = n_447 / 2;
          let vector_449 = n_447 % 2;
          let at_450 = J_78 - 1 + (line_448 + slice_446 * 16);
          var loaded_451 = vec4f();
          if (u32(at_450) < u32(launch.keys) && u32(vector_449) < 2u) {
            loaded_451 = v_data[launch.v_offset + block_3 * launch.v_stride_0 + at_450 * launch.v_stride_2 + vector_449];
          }
          mta_arena[n_447 + 964] = loaded_451;
        }
        workgroupBarrier();
        let left_453 = row_273 * 8 + slice_446 * 4;
        for (var k_452 = 0; k_452 < 4; k_452++) {
          let chunk_454 = k_452 * 8;
          let right_455 = mta_arena[thread_column + chunk_454 + 964];
          let right_456 = mta_arena[thread_column + chunk_454 + 966];
          let right_457 = mta_arena[thread_column + chunk_454 + 968];
          let right_458 = mta_arena[thread_column + chunk_454 + 970];
          let left_459 = mta_arena[left_453 + k_452 + 700];
          product_442 += left_459.x * right_455;
          product_442 += left_459.y * right_456;
          product_442 += left_459.z * right_457;
          product_442 += left_459.w * right_458;
          let left_460 = mta_arena[left_453 + k_452 + 708];
          product_443 += left_460.x * right_455;
          product_443 += left_460.y * right_456;
          product_443 += left_460.z * right_457;
          product_443 += left_460.w * right_458;
          let left_461 = mta_arena[left_453 + k_452 + 716];
          product_444 += left_461.x * right_455;
          product_444 += left_461.y * right_456;
          product_444 += left_461.z * right_457;
          product_444 += left_461.w * right_458;
          let left_462 = mta_arena[left_453 + k_452 + 724];
          product_445 += left_462.x * right_455;
          product_445 += left_462.y * right_456;
          product_445 += left_462.z * right_457;
          product_445 += left_462.w * right_458;
        }
      }
      let entry_463 = read_mix_pre(0, 1, 0);
      let entry_464 = read_mix_pre(0, 1, 1);
      let map_465 = entry_463 * convolved_263 + entry_464 * convolved_315;
      let map_466 = entry_463 * convolved_264 + entry_464 * convolved_316;
      let map_467 = entry_463 * convolved_265 + entry_464 * convolved_317;
      let map_468 = entry_463 * convolved_266 + entry_464 * convolved_318;
      let map_469 = entry_463 * convolved_267 + entry_464 * convolved_319;
      let map_470 = entry_463 * convolved_268 + entry_464 * convolved_320;
      let map_471 = entry_463 * convolved_269 + entry_464 * convolved_321;
      let map_472 = entry_463 * convolved_270 + entry_464 * convolved_322;
      var chosen_473 = map_465;
      var chosen_474 = map_466;
      var chosen_475 = map_467;
      var chosen_476 = map_468;
      var chosen_477 = map_469;
      var chosen_478 = map_470;
      var chosen_479 = map_471;
      var chosen_480 = map_472;
      if (!is_full_237) {
        let j_481 = J_78 - 1 + column_365;
        let j_482 = j_481 + vec4i(0, 1, 2, 3);
        let i_483 = I_4 - 1 + row_273;
        let map_484 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_465, (j_482 <= vec4i(i_483)) & ((vec4i(0) <= j_482) & (j_482 < vec4i(launch.keys))));
        let j_485 = j_481 + 16 + vec4i(0, 1, 2, 3);
        let map_486 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_466, (j_485 <= vec4i(i_483)) & ((vec4i(0) <= j_485) & (j_485 < vec4i(launch.keys))));
        let map_487 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_467, (j_482 <= vec4i(i_483 + 1)) & ((vec4i(0) <= j_482) & (j_482 < vec4i(launch.keys))));
        let map_488 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_468, (j_485 <= vec4i(i_483 + 1)) & ((vec4i(0) <= j_485) & (j_485 < vec4i(launch.keys))));
        let map_489 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_469, (j_482 <= vec4i(i_483 + 2)) & ((vec4i(0) <= j_482) & (j_482 < vec4i(launch.keys))));
        let map_490 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_470, (j_485 <= vec4i(i_483 + 2)) & ((vec4i(0) <= j_485) & (j_485 < vec4i(launch.keys))));
        let map_491 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_471, (j_482 <= vec4i(i_483 + 3)) & ((vec4i(0) <= j_482) & (j_482 < vec4i(launch.keys))));
        let map_492 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_472, (j_485 <= vec4i(i_483 + 3)) & ((vec4i(0) <= j_485) & (j_485 < vec4i(launch.keys))));
        chosen_473 = map_484;
        chosen_474 = map_486;
        chosen_475 = map_487;
        chosen_476 = map_488;
        chosen_477 = map_489;
        chosen_478 = map_490;
        chosen_479 = map_491;
        chosen_480 = map_492;
      }
      let partial_493 = max(chosen_473, chosen_474);
      let partial_494 = max(max(partial_493.x, partial_493.y), max(partial_493.z, partial_493.w));
      let partial_495 = max(chosen_475, chosen_476);
      let partial_496 = max(max(partial_495.x, partial_495.y), max(partial_495.z, partial_495.w));
      let partial_497 = max(chosen_477, chosen_478);
      let partial_498 = max(max(partial_497.x, partial_497.y), max(partial_497.z, partial_497.w));
      let partial_499 = max(chosen_479, chosen_480);
      let partial_500 = max(max(partial_499.x, partial_499.y), max(partial_499.z, partial_499.w));
      workgroupBarrier();
      mta_arena[row_159 + thread_column + 708] = vec4f(partial_494, partial_496, partial_498, partial_500);
      workgroupBarrier();
      let max_501 = max(max(max(mta_arena[row_159 + 708], mta_arena[row_159 + 1 + 708]), mta_arena[row_159 + 2 + 708]), mta_arena[row_159 + 3 + 708]);
      let map_502 = maximum(carried_53, max_501.x);
      let map_503 = maximum(carried_54, max_501.y);
      let map_504 = maximum(carried_55, max_501.z);
      let map_505 = maximum(carried_56, max_501.w);
      let map_506 = exponential_difference(carried_53, map_502);
      let map_507 = exponential_difference(carried_54, map_503);
      let map_508 = exponential_difference(carried_55, map_504);
      let map_509 = exponential_difference(carried_56, map_505);
      let map_510 = exponential_difference_wide(chosen_473, vec4f(map_502));
      let map_511 = exponential_difference_wide(chosen_474, vec4f(map_502));
      let map_512 = exponential_difference_wide(chosen_475, vec4f(map_503));
      let map_513 = exponential_difference_wide(chosen_476, vec4f(map_503));
      let map_514 = exponential_difference_wide(chosen_477, vec4f(map_504));
      let map_515 = exponential_difference_wide(chosen_478, vec4f(map_504));
      let map_516 = exponential_difference_wide(chosen_479, vec4f(map_505));
      let map_517 = exponential_difference_wide(chosen_480, vec4f(map_505));
      let map_518 = carried_57 * map_506;
      let map_519 = carried_58 * map_507;
      let map_520 = carried_59 * map_508;
      let map_521 = carried_60 * map_509;
      let partial_522 = map_510 + map_511;
      let partial_523 = partial_522.x + partial_522.y + (partial_522.z + partial_522.w);
      let partial_524 = map_512 + map_513;
      let partial_525 = partial_524.x + partial_524.y + (partial_524.z + partial_524.w);
      let partial_526 = map_514 + map_515;
      let partial_527 = partial_526.x + partial_526.y + (partial_526.z + partial_526.w);
      let partial_528 = map_516 + map_517;
      let partial_529 = partial_528.x + partial_528.y + (partial_528.z + partial_528.w);
      let map_530 = map_518 + partial_523;
      let map_531 = map_519 + partial_525;
      let map_532 = map_520 + partial_527;
      let map_533 = map_521 + partial_529;
      let map_534 = carried_61 * map_506;
      let map_535 = carried_62 * map_507;
      let map_536 = carried_63 * map_508;
      let map_537 = carried_64 * map_509;
      workgroupBarrier();
      if (row_273 < 32) {
        mta_arena[line_441 - 8 + thread_column + 708] = map_510;
        mta_arena[line_441 - 8 + (thread_column + 4) + 708] = map_511;
      }
      if (row_273 + 1 < 32) {
        mta_arena[line_441 + thread_column + 708] = map_512;
        mta_arena[line_441 + (thread_column + 4) + 708] = map_513;
      }
      if (row_273 + 2 < 32) {
        mta_arena[line_441 + 8 + thread_column + 708] = map_514;
        mta_arena[line_441 + 8 + (thread_column + 4) + 708] = map_515;
      }
      if (row_273 + 3 < 32) {
        mta_arena[line_441 + 16 + thread_column + 708] = map_516;
        mta_arena[line_441 + 16 + (thread_column + 4) + 708] = map_517;
      }
      var product_538 = map_534;
      var product_539 = map_535;
      var product_540 = map_536;
      var product_541 = map_537;
      for (var slice_542 = 0; slice_542 < 2; slice_542++) {
        workgroupBarrier();
        for (var n_543 = thread; n_543 < 32; n_543 += 32) {
          let line_544 = n_543 / 2;
          let vector_545 = n_543 % 2;
          let at_546 = J_78 - 1 + (line_544 + slice_542 * 16);
          var loaded_547 = vec4f();
          if (u32(at_546) < u32(launch.keys) && u32(vector_545) < 2u) {
            loaded_547 = v_data[launch.v_offset + block_3 * launch.v_stride_0 + 1 * launch.v_stride_1 + at_546 * launch.v_stride_2 + vector_545];
          }
          mta_arena[n_543 + 964] = loaded_547;
        }
        workgroupBarrier();
        let left_549 = row_273 * 8 + slice_542 * 4;
        for (var k_548 = 0; k_548 < 4; k_548++) {
          let chunk_550 = k_548 * 8;
          let right_551 = mta_arena[thread_column + chunk_550 + 964];
          let right_552 = mta_arena[thread_column + chunk_550 + 966];
          let right_553 = mta_arena[thread_column + chunk_550 + 968];
          let right_554 = mta_arena[thread_column + chunk_550 + 970];
          let left_555 = mta_arena[left_549 + k_548 + 700];
          product_538 += left_555.x * right_551;
          product_538 += left_555.y * right_552;
          product_538 += left_555.z * right_553;
          product_538 += left_555.w * right_554;
          let left_556 = mta_arena[left_549 + k_548 + 708];
          product_539 += left_556.x * right_551;
          product_539 += left_556.y * right_552;
          product_539 += left_556.z * right_553;
          product_539 += left_556.w * right_554;
          let left_557 = mta_arena[left_549 + k_548 + 716];
          product_540 += left_557.x * right_551;
          product_540 += left_557.y * right_552;
          product_540 += left_557.z * right_553;
          product_540 += left_557.w * right_554;
          let left_558 = mta_arena[left_549 + k_548 + 724];
          product_541 += left_558.x * right_551;
          product_541 += left_558.y * right_552;
          product_541 += left_558.z * right_553;
          product_541 += left_558.w * right_554;
        }
      }
      chosen_239 = map_405;
      chosen_240 = map_406;
      chosen_241 = map_407;
      chosen_242 = map_408;
      chosen_243 = map_433;
      chosen_244 = map_434;
      chosen_245 = map_435;
      chosen_246 = map_436;
      chosen_247 = product_442;
      chosen_248 = product_443;
      chosen_249 = product_444;
      chosen_250 = product_445;
      chosen_251 = map_502;
      chosen_252 = map_503;
      chosen_253 = map_504;
      chosen_254 = map_505;
      chosen_255 = map_530;
      chosen_256 = map_531;
      chosen_257 = map_532;
      chosen_258 = map_533;
      chosen_259 = product_538;
      chosen_260 = product_539;
      chosen_261 = product_540;
      chosen_262 = product_541;
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
  workgroupBarrier();
  let line_559 = thread_row * 4;
  mta_arena[line_559 + thread_column + 708] = vec4f(carried_45, carried_46, carried_47, carried_48);
  workgroupBarrier();
  let sum_560 = mta_arena[line_559 + 708] + mta_arena[line_559 + 1 + 708] + mta_arena[line_559 + 2 + 708] + mta_arena[line_559 + 3 + 708];
  workgroupBarrier();
  mta_arena[line_559 + thread_column + 708] = vec4f(carried_57, carried_58, carried_59, carried_60);
  workgroupBarrier();
  let sum_561 = mta_arena[line_559 + 708] + mta_arena[line_559 + 1 + 708] + mta_arena[line_559 + 2 + 708] + mta_arena[line_559 + 3 + 708];
  let row_562 = thread_row * 4 + 1;
  let map_563 = select(1.0 / sum_560.x, 0.0, sum_560.x == 0.0);
  let map_564 = select(1.0 / sum_560.y, 0.0, sum_560.y == 0.0);
  let map_565 = select(1.0 / sum_560.z, 0.0, sum_560.z == 0.0);
  let map_566 = select(1.0 / sum_560.w, 0.0, sum_560.w == 0.0);
  let column_567 = thread_column * 4;
  let map_568 = carried_49 * map_563;
  let map_569 = carried_50 * map_564;
  let map_570 = carried_51 * map_565;
  let map_571 = carried_52 * map_566;
  let map_572 = select(1.0 / sum_561.x, 0.0, sum_561.x == 0.0);
  let map_573 = select(1.0 / sum_561.y, 0.0, sum_561.y == 0.0);
  let map_574 = select(1.0 / sum_561.z, 0.0, sum_561.z == 0.0);
  let map_575 = select(1.0 / sum_561.w, 0.0, sum_561.w == 0.0);
  let map_576 = carried_61 * map_572;
  let map_577 = carried_62 * map_573;
  let map_578 = carried_63 * map_574;
  let map_579 = carried_64 * map_575;
  let i_580 = I_4 - 1 + row_562;
  let place_581 = i_580 - (launch.keys - launch.rows);
  if (row_562 < 32 && column_567 < 8 && u32(place_581) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_581 * launch.out_stride_2 + thread_column] = map_568;
  }
  let place_582 = i_580 + 1 - (launch.keys - launch.rows);
  if (row_562 + 1 < 32 && column_567 < 8 && u32(place_582) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_582 * launch.out_stride_2 + thread_column] = map_569;
  }
  let place_583 = i_580 + 2 - (launch.keys - launch.rows);
  if (row_562 + 2 < 32 && column_567 < 8 && u32(place_583) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_583 * launch.out_stride_2 + thread_column] = map_570;
  }
  let place_584 = i_580 + 3 - (launch.keys - launch.rows);
  if (row_562 + 3 < 32 && column_567 < 8 && u32(place_584) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_584 * launch.out_stride_2 + thread_column] = map_571;
  }
  if (row_562 < 32 && column_567 < 8 && u32(place_581) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_581 * launch.out_stride_2 + thread_column] = map_576;
  }
  if (row_562 + 1 < 32 && column_567 < 8 && u32(place_582) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_582 * launch.out_stride_2 + thread_column] = map_577;
  }
  if (row_562 + 2 < 32 && column_567 < 8 && u32(place_583) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_583 * launch.out_stride_2 + thread_column] = map_578;
  }
  if (row_562 + 3 < 32 && column_567 < 8 && u32(place_584) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + 1 * launch.out_stride_1 + place_584 * launch.out_stride_2 + thread_column] = map_579;
  }
  let map_585 = carried_41 + logarithm(select(-1.0, sum_560.x, sum_560.x <= 1e+30));
  let map_586 = carried_42 + logarithm(select(-1.0, sum_560.y, sum_560.y <= 1e+30));
  let map_587 = carried_43 + logarithm(select(-1.0, sum_560.z, sum_560.z <= 1e+30));
  let map_588 = carried_44 + logarithm(select(-1.0, sum_560.w, sum_560.w <= 1e+30));
  if (thread_column == 0 && row_562 < 32 && u32(place_581) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_581] = map_585;
  }
  if (thread_column == 0 && row_562 + 1 < 32 && u32(place_582) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_582] = map_586;
  }
  if (thread_column == 0 && row_562 + 2 < 32 && u32(place_583) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_583] = map_587;
  }
  if (thread_column == 0 && row_562 + 3 < 32 && u32(place_584) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_584] = map_588;
  }
  let map_589 = carried_53 + logarithm(select(-1.0, sum_561.x, sum_561.x <= 1e+30));
  let map_590 = carried_54 + logarithm(select(-1.0, sum_561.y, sum_561.y <= 1e+30));
  let map_591 = carried_55 + logarithm(select(-1.0, sum_561.z, sum_561.z <= 1e+30));
  let map_592 = carried_56 + logarithm(select(-1.0, sum_561.w, sum_561.w <= 1e+30));
  if (thread_column == 0 && row_562 < 32 && u32(place_581) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_581] = map_589;
  }
  if (thread_column == 0 && row_562 + 1 < 32 && u32(place_582) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_582] = map_590;
  }
  if (thread_column == 0 && row_562 + 2 < 32 && u32(place_583) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_583] = map_591;
  }
  if (thread_column == 0 && row_562 + 3 < 32 && u32(place_584) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + 1 * launch.lse_stride_1 + place_584] = map_592;
  }
}
`;

const features = [];
const limits = {"maxComputeWorkgroupStorageSize":15936,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":7};
const entryPoints = ["mta"];
const uniformBytes = 96;
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",2,"keys",8],"v":["batch",2,"keys",8],"theta_pre":[2,2,3],"mix_pre":[1,2,2]};

/** Entries by name, and nothing else: an object has a constructor, and more, that nobody put there. */
const table = (entries) => Object.assign(Object.create(null), entries);

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows: wanted }, given = {}) {
  const strides = table(given.strides);
  const offsets = table(given.offsets);
  const rows = wanted ?? (queries < keys ? Math.max(1, queries - 1) : queries);
  for (const [name, size] of Object.entries({ batch, queries, keys, rows })) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name} is ${size}, not a positive integer`);
  }
  if (rows > queries) throw new RangeError(`${rows} rows of output are wanted, and there are ${queries} queries`);
  if (keys > 4194304) throw new RangeError(`${keys} keys are more than 4194304`);
  if (queries > 4194304) throw new RangeError(`${queries} queries are more than 4194304`);
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
  const reserve = (name, size) => {
    const bytes = Math.ceil(size / 4) * 4;
    workspace.push({ name, bytes, offset: workspaceBytes });
    workspaceBytes += Math.ceil(bytes / 256) * 256;
  };

  const fields = [];
  const ends = table();
  const places = table();
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
    const end = shape.reduce((last, size, axis) => last + (size - 1) * own[axis], start) + 1;
    if (end / unit > 2147483647) throw new RangeError(`${name} ends at element ${end}, and kernels count to ${2147483647 * unit}`);
    if (places[name] === undefined) ends[name] = end;
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
  const bytes = { '(packed)': packedElements * 4 };
  for (const each of workspace) bytes[each.name] = each.bytes;
  for (const [name, { dtype, shape }] of Object.entries(tensors)) {
    const end = ends[name] ?? (offsets[name] ?? 0) + shape.reduce((product, size) => product * size, 1);
    bytes[name] = Math.ceil((end * (dtype === 'f16' ? 2 : 4)) / 4) * 4;
  }
  const most = (numbers) => numbers.reduce((largest, number) => Math.max(largest, number), 0);
  const limits = {
    maxStorageBufferBindingSize: most(dispatches.map(({ bindings }) => most(bindings.map(([, name]) => bytes[name])))),
    maxBufferSize: most(Object.values(bytes)),
    maxComputeWorkgroupsPerDimension: most(dispatches.map(({ workgroups }) => most(workgroups))),
  };
  return { dispatches, workspace, workspaceBytes, packed, packedElements, tensors, bytes, limits };
}

/**
 * Builds the pipelines on a GPUDevice, or on one that a GPUAdapter grants when it is asked for what is needed; without
 * either on one of the adapter that the browser prefers.
 */
export async function createMta(source) {
  const device = await deviceFor(source);
  const isOwnDevice = device !== source;
  const granted = device.limits;
  const guard = guardOf(device);
  const module = await guard(() => device.createShaderModule({ code: wgsl }));
  const pipelines = new Map();
  for (const entryPoint of entryPoints) {
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint } });
    pipelines.set(entryPoint, { pipeline, layout: pipeline.getBindGroupLayout(0) });
  }
  const STORAGE = 0x80;
  const COPY = 0x04 | 0x08;
  const UNIFORM = 0x40 | 0x08;
  const alignment = granted.minUniformBufferOffsetAlignment ?? 256;
  const slot = Math.ceil(uniformBytes / alignment) * alignment;
  const kept = { packed: keeperOf(device, STORAGE | COPY), uniforms: keeperOf(device, UNIFORM) };
  // Each part of the workspace that has a binding of its own is a buffer of its own: none need be as large as all of them.
  const parts = table();
  let pages = [];
  let isDestroyed = false;

  /** Uniforms of a launch that is submitted at once: the queue writes them when those before it are done with theirs. */
  const ownUniforms = (dispatches) => {
    const words = new Int32Array((dispatches.length * slot) / 4);
    for (const [n, { launch }] of dispatches.entries()) words.set(launch, (n * slot) / 4);
    const buffer = kept.uniforms.get(words.byteLength, false);
    device.queue.writeBuffer(buffer, 0, words);
    return dispatches.map((_, n) => ({ buffer, offset: n * slot, size: slot }));
  };
  /** Uniforms of a launch that its caller submits: none is written again, and the oldest buffer gives way. */
  const lastingUniforms = (dispatches) =>
    dispatches.map(({ launch }) => {
      const key = launch.join();
      const known = pages.find(({ slots }) => slots.has(key));
      if (known) return { buffer: known.buffer, offset: known.slots.get(key), size: slot };
      if (!pages[0] || pages[0].slots.size === 64) {
        pages.unshift({ buffer: device.createBuffer({ size: 64 * slot, usage: UNIFORM }), slots: new Map() });
        for (const { buffer } of pages.splice(8)) buffer.destroy();
      }
      const [{ buffer, slots }] = pages;
      const offset = slots.size * slot;
      slots.set(key, offset);
      device.queue.writeBuffer(buffer, offset, launch);
      return { buffer, offset, size: slot };
    });

  const planFor = (sizes, places) => {
    if (isDestroyed) throw new Error(`${name} was destroyed`);
    const plan = planLaunch(sizes, places);
    for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize', 'maxComputeWorkgroupsPerDimension']) {
      if (!(plan.limits[limit] > granted[limit])) continue;
      const largest = Object.keys(plan.bytes).find((each) => plan.bytes[each] === plan.limits[limit]);
      throw new RangeError(lackText(limit.endsWith('Size') ? largest : 'the grid', limit, plan.limits[limit], granted));
    }
    return plan;
  };

  function encode(plan, buffers, offsets, { encoder, pass, workspace, isOwn }) {
    for (const each of Object.keys(plan.tensors)) {
      if (!buffers[each]) throw new TypeError(`${each} is missing`);
      refuseSmall(each, buffers[each], plan.bytes[each]);
    }
    if (workspace) refuseSmall('the workspace', workspace, plan.workspaceBytes);
    let packed;
    if (plan.packed.length > 0) {
      if (!encoder) throw new TypeError('small inputs are packed by copies, which need an encoder rather than a pass');
      packed = kept.packed.get(plan.packedElements * 4, !isOwn);
      for (const { name: each, offset, elements } of plan.packed) {
        encoder.copyBufferToBuffer(buffers[each], (offsets[each] ?? 0) * 4, packed, offset * 4, elements * 4);
      }
    }
    const resourceOf = (each) => {
      const size = plan.bytes[each];
      if (each === '(packed)') return { buffer: packed, size };
      const part = plan.workspace.find((one) => one.name === each);
      if (!part && each !== '(workspace)') return { buffer: buffers[each], size };
      if (workspace) return { buffer: workspace, offset: part?.offset ?? 0, size };
      parts[each] ??= keeperOf(device, STORAGE);
      return { buffer: parts[each].get(size, !isOwn), size };
    };
    const uniforms = isOwn ? ownUniforms(plan.dispatches) : lastingUniforms(plan.dispatches);
    const commands = pass ?? encoder.beginComputePass();
    for (const [n, { entryPoint, bindings, workgroups }] of plan.dispatches.entries()) {
      const { pipeline, layout } = pipelines.get(entryPoint);
      const entries = [
        { binding: 0, resource: uniforms[n] },
        ...bindings.map(([binding, each]) => ({ binding, resource: resourceOf(each) })),
      ];
      commands.setPipeline(pipeline);
      commands.setBindGroup(0, device.createBindGroup({ layout, entries }));
      commands.dispatchWorkgroups(...workgroups);
    }
    if (!pass) commands.end();
  }

  /**
   * Dispatches into `encoder`, or into `pass`, or submits. `tensors` are GPUBuffers, or { buffer, offset, strides } in elements.
   */
  function dispatch(tensors, sizes, { encoder, pass, workspace } = {}) {
    const buffers = table();
    const places = { strides: table(), offsets: table() };
    for (const [each, given] of Object.entries(tensors)) {
      buffers[each] = given.buffer ?? given;
      if (given.strides) places.strides[each] = given.strides;
      if (given.offset) places.offsets[each] = given.offset;
    }
    const plan = planFor(sizes, places);
    if (encoder || pass) return guard(() => encode(plan, buffers, places.offsets, { encoder, pass, workspace }));
    const submitted = () => {
      const own = device.createCommandEncoder();
      encode(plan, buffers, places.offsets, { encoder: own, workspace, isOwn: true });
      device.queue.submit([own.finish()]);
    };
    return guard(submitted, () => device.queue.onSubmittedWorkDone());
  }

  /** Runs once on { shape, data } by name: uploads, dispatches, reads back. */
  async function run(tensors, { rows } = {}) {
    const sizes = sizesOf(tensors, rows);
    const plan = planFor(sizes);
    const data = hostData(plan, tensors);
    const owned = [];
    const created = (size, usage) => {
      owned.push(device.createBuffer({ size, usage }));
      return owned.at(-1);
    };
    const submitted = () => {
      const buffers = table();
      for (const each of Object.keys(plan.tensors)) {
        buffers[each] = created(plan.bytes[each], STORAGE | COPY);
        if (data[each]) device.queue.writeBuffer(buffers[each], 0, data[each]);
      }
      const encoder = device.createCommandEncoder();
      encode(plan, buffers, table(), { encoder, isOwn: true });
      const results = [];
      for (const [each, { role, dtype, shape }] of Object.entries(plan.tensors)) {
        if (role !== 'output') continue;
        const staging = created(plan.bytes[each], 0x01 | 0x08);
        encoder.copyBufferToBuffer(buffers[each], 0, staging, 0, plan.bytes[each]);
        results.push({ each, dtype, shape, staging });
      }
      device.queue.submit([encoder.finish()]);
      return results;
    };
    try {
      const results = await guard(submitted, (made) => Promise.all(made.map(({ staging }) => staging.mapAsync(1))));
      return Object.fromEntries(results.map(({ each, dtype, shape, staging }) => [each, { shape, data: numbersOf(staging, dtype, shape) }]));
    } finally {
      for (const buffer of owned) buffer.destroy();
    }
  }

  /** Lets go of everything that this instance has made; work that is submitted is done all the same. */
  function destroy() {
    isDestroyed = true;
    for (const keeper of [...Object.values(kept), ...Object.values(parts)]) keeper.destroy();
    for (const { buffer } of pages) buffer.destroy();
    pages = [];
    if (isOwnDevice) device.destroy();
  }

  return { device, dispatch, run, planLaunch, workspaceBytes: (sizes) => planLaunch(sizes).workspaceBytes, destroy };
}

// ── The device ───────────────────────────────────────────────────────────────────────────────────────

/** What grows with the sizes of a call, of which an adapter is asked for all that it has. */
const growing = ['maxStorageBufferBindingSize', 'maxBufferSize'];

async function deviceFor(source) {
  if (source && typeof source.requestDevice !== 'function') {
    refuseLack(source);
    return source;
  }
  const adapter = source ?? (await globalThis.navigator?.gpu?.requestAdapter());
  if (!adapter) throw new Error(`${name} finds no WebGPU adapter here: give it a GPUDevice or a GPUAdapter`);
  refuseLack(adapter, true);
  const most = Object.fromEntries(growing.map((limit) => [limit, adapter.limits[limit]]));
  return adapter.requestDevice({ requiredFeatures: features, requiredLimits: { ...limits, ...most } });
}

function refuseLack({ features: has, limits: granted }, isAdapter) {
  for (const feature of features) {
    if (has.has(feature)) continue;
    const remedy = isAdapter ? 'no device of it has' : `request it: requiredFeatures: ['${feature}']`;
    throw new Error(`${name} needs ${feature}, which the ${isAdapter ? 'adapter' : 'device'} has not: ${remedy}`);
  }
  for (const [limit, least] of Object.entries(limits)) {
    if (granted[limit] < least) throw new RangeError(lackText('a kernel', limit, least, granted, isAdapter));
  }
}

function lackText(what, limit, needed, granted, isAdapter) {
  const remedy = isAdapter ? 'no device of it grants more' : `request it of the adapter: requiredLimits: { ${limit}: ${needed} }`;
  return `${name}: ${what} needs ${needed} of ${limit}, and the ${isAdapter ? 'adapter' : 'device'} grants ${granted[limit]}: ${remedy}`;
}

function refuseSmall(what, { size }, needed) {
  if (size < needed) throw new RangeError(`${what} has ${size} bytes on the device, not ${needed}`);
}

/**
 * Does work on a device: a promise of what it gives, once `later` has been awaited, or of what the device says against it.
 * Scopes are opened and closed in one turn, so that each call gets its own errors.
 */
function guardOf(device) {
  const waiting = new Set();
  let lost;
  device.lost?.then(({ reason, message }) => {
    lost = new Error(`${name}: the device was lost (${reason || 'unknown'}): ${message}`);
    for (const { promise, reject } of waiting) {
      // Whoever destroys a device wants no word of what it did not do.
      if (reason === 'destroyed') promise.catch(() => {});
      reject(lost);
    }
    waiting.clear();
  });
  const scopes = ['validation', 'out-of-memory', 'internal'];
  return (work, later) => {
    if (lost) return Promise.reject(lost);
    for (const scope of scopes) device.pushErrorScope(scope);
    let value;
    let after;
    let said;
    try {
      value = work();
      after = later?.(value);
    } finally {
      said = Promise.all(scopes.map(() => device.popErrorScope()));
      said.catch(() => {});
    }
    // What the device says comes first: it is why what comes later fails.
    after?.catch(() => {});
    const done = said.then((errors) => {
      const error = errors.find(Boolean);
      if (error) throw new Error(`${name}: the device refuses: ${error.message}`);
      return after;
    });
    const entry = {};
    entry.promise = new Promise((resolve, reject) => {
      entry.reject = reject;
      waiting.add(entry);
      done.then(() => resolve(value), (error) => reject(lost ?? error)).finally(() => waiting.delete(entry));
    });
    return entry.promise;
  };
}

/** A buffer that grows with what is asked for. One that is outgrown goes, unless a caller may still submit work on it. */
function keeperOf(device, usage) {
  let current;
  let isLent = false;
  const lent = [];
  return {
    get(size, isForCaller) {
      if (!current || current.size < size) {
        // Half as much again, so that what is lent is never more than twice what is there.
        const roomy = Math.min(Math.ceil((current?.size ?? 0) * 0.375) * 4, device.limits.maxBufferSize ?? 0);
        if (isLent) lent.push(current);
        else current?.destroy();
        current = device.createBuffer({ size: Math.max(size, roomy, 256), usage });
        isLent = false;
      }
      isLent ||= isForCaller;
      return current;
    },
    destroy() {
      for (const buffer of [...lent.splice(0), current]) buffer?.destroy();
      current = undefined;
    },
  };
}

// ── Tensors ──────────────────────────────────────────────────────────────────────────────────────────

/** The sizes of a call, from the shapes of its tensors. */
function sizesOf(tensors, rows) {
  for (const each of Object.keys(symbolic)) if (!tensors?.[each]?.shape || !tensors[each].data) throw new TypeError(`${each} is missing: give { shape, data }`);
  const sizeOf = (axis) => {
    const giver = Object.keys(symbolic).find((each) => symbolic[each].includes(axis));
    return giver && tensors[giver].shape[symbolic[giver].indexOf(axis)];
  };
  const keys = sizeOf('keys') ?? sizeOf('queries') ?? rows;
  return { batch: sizeOf('batch') ?? 1, queries: sizeOf('queries') ?? keys, keys, rows: rows ?? sizeOf('rows') };
}

/** What is uploaded, by name, in whole words. */
function hostData(plan, tensors) {
  const data = table();
  for (const [each, { role, dtype, shape }] of Object.entries(plan.tensors)) {
    if (role === 'output') continue;
    const given = tensors[each];
    const elements = shape.reduce((product, size) => product * size, 1);
    if (String(given.shape) !== String(shape)) throw new RangeError(`${each} has shape [${given.shape}], not [${shape}]`);
    if (given.data.length !== elements) throw new RangeError(`${each} holds ${given.data.length} numbers, not ${elements}`);
    data[each] = dtype === 'f16' ? toHalf(given.data) : dtype === 'i32' ? words(Int32Array, given.data) : words(Float32Array, given.data);
  }
  return data;
}

const words = (type, data) => (data instanceof type ? data : type.from(data));

function numbersOf(staging, dtype, shape) {
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = staging.getMappedRange().slice(0);
  return dtype === 'f16' ? fromHalf(new Uint16Array(bytes, 0, elements)) : new Float32Array(bytes, 0, elements);
}

const word = new DataView(new ArrayBuffer(4));

/** The bits of numbers rounded to f16, ties to even; one more where that makes whole words. */
function toHalf(numbers) {
  const halves = new Uint16Array(Math.ceil(numbers.length / 2) * 2);
  for (let n = 0; n < numbers.length; n += 1) halves[n] = half(numbers[n]);
  return halves;
}

function half(number) {
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
}

function fromHalf(halves) {
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
