// decode, compiled by heddle golden to WGSL: f32, no subgroups, threads decode 8 × 4.
// heads=1 kvHeads=1 headDim=4 queryKernel=2 keyKernel=3
// Hash 39c72355da0c1786 of all below. Made by a compiler: change the spec, not this file.

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
@group(0) @binding(4) var<storage, read> theta_data: array<f32>;
@group(0) @binding(5) var<storage, read_write> out_data: array<vec4<f32>>;
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

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), bitcast<u32>(x) == u32(0xff800000u));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), bitcast<vec4u>(x) == vec4u(0xff800000u));
}

fn read_theta(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(1)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), theta_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], inside);
}

var<workgroup> decode_arena: array<vec4f, 610>;

@compute @workgroup_size(32)
fn decode(
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
    let entry_7 = read_theta(0, counter_6, 0);
    let entry_8 = read_theta(0, counter_6, 1);
    let entry_9 = read_theta(0, counter_6, 2);
    decode_arena[tap_5] = vec4f(entry_7, entry_8, entry_9, 0.0);
  }
  for (var n_10 = thread; n_10 < 288; n_10 += 32) {
    decode_arena[n_10 + 2] = vec4f(0.0);
  }
  let constant_11 = vec4f(0.0);
  let constant_12 = vec4f(0.0);
  let constant_13 = vec4f(0.0);
  let constant_14 = vec4f(0.0);
  let constant_15 = bitcast<f32>(launch.minus_infinity);
  let constant_16 = bitcast<f32>(launch.minus_infinity);
  let constant_17 = bitcast<f32>(launch.minus_infinity);
  let constant_18 = bitcast<f32>(launch.minus_infinity);
  let constant_19 = 0.0;
  let constant_20 = 0.0;
  let constant_21 = 0.0;
  let constant_22 = 0.0;
  var carried_23 = constant_15;
  var carried_24 = constant_16;
  var carried_25 = constant_17;
  var carried_26 = constant_18;
  var carried_27 = constant_19;
  var carried_28 = constant_20;
  var carried_29 = constant_21;
  var carried_30 = constant_22;
  var carried_31 = constant_11;
  var carried_32 = constant_12;
  var carried_33 = constant_13;
  var carried_34 = constant_14;
  for (var n_35 = thread; n_35 < 32; n_35 += 32) {
    let at_36 = I_4 - 1 + n_35;
    let place_37 = at_36 - (launch.keys - launch.queries);
    var loaded_38 = vec4f();
    if (u32(place_37) < u32(launch.queries) && u32(0) < 1u) {
      loaded_38 = q_data[launch.q_offset + block_3 * launch.q_stride_0 + place_37 * launch.q_stride_2];
    }
    decode_arena[n_35 + 290] = loaded_38;
  }
  let end_39 = min(launch.keys, I_4 + 31) + 1;
  for (var J_40 = 0; J_40 < end_39; J_40 += 32) {
    let from_41 = I_4 - 1;
    let is_full_42 = (J_40 + 31 - from_41 <= 0) && ((launch.keys - launch.queries - from_41 <= 0) && (J_40 + 31 - launch.keys < 0));
    let is_empty_43 = (J_40 - (from_41 + 31) > 0) || ((launch.keys - launch.queries - (from_41 + 31) > 0) || (J_40 - launch.keys >= 0));
    var chosen_44 = vec4f();
    var chosen_45 = vec4f();
    var chosen_46 = vec4f();
    var chosen_47 = vec4f();
    var chosen_48 = vec4f();
    var chosen_49 = vec4f();
    var chosen_50 = vec4f();
    var chosen_51 = vec4f();
    if (is_empty_43) {
      let constant_52 = vec4f(0.0);
      let constant_53 = vec4f(0.0);
      let constant_54 = vec4f(0.0);
      let constant_55 = vec4f(0.0);
      let constant_56 = vec4f(0.0);
      let constant_57 = vec4f(0.0);
      let constant_58 = vec4f(0.0);
      let constant_59 = vec4f(0.0);
      chosen_44 = constant_52;
      chosen_45 = constant_53;
      chosen_46 = constant_54;
      chosen_47 = constant_55;
      chosen_48 = constant_56;
      chosen_49 = constant_57;
      chosen_50 = constant_58;
      chosen_51 = constant_59;
    }
    else {
      var product_60 = vec4f(0.0);
      var product_61 = vec4f(0.0);
      var product_62 = vec4f(0.0);
      var product_63 = vec4f(0.0);
      var product_64 = vec4f(0.0);
      var product_65 = vec4f(0.0);
      var product_66 = vec4f(0.0);
      var product_67 = vec4f(0.0);
      workgroupBarrier();
      for (var n_69 = thread; n_69 < 32; n_69 += 32) {
        let at_70 = J_40 + n_69;
        var loaded_71 = vec4f();
        if (u32(at_70) < u32(launch.keys) && u32(0) < 1u) {
          loaded_71 = k_data[launch.k_offset + block_3 * launch.k_stride_0 + at_70 * launch.k_stride_2];
        }
        decode_arena[n_69 + (n_69 >> 2u) + 322] = loaded_71;
      }
      workgroupBarrier();
      let row_73 = thread_row * 4;
      let right_74 = thread_column * 5;
      for (var k_72 = 0; k_72 < 1; k_72++) {
        let right_75 = decode_arena[right_74 + k_72 + 322];
        let right_76 = decode_arena[right_74 + k_72 + 323];
        let right_77 = decode_arena[right_74 + k_72 + 324];
        let right_78 = decode_arena[right_74 + k_72 + 325];
        let right_79 = decode_arena[right_74 + k_72 + 342];
        let right_80 = decode_arena[right_74 + k_72 + 343];
        let right_81 = decode_arena[right_74 + k_72 + 344];
        let right_82 = decode_arena[right_74 + k_72 + 345];
        let left_83 = decode_arena[row_73 + k_72 + 290];
        product_60 += vec4f(dot(left_83, right_75), dot(left_83, right_76), dot(left_83, right_77), dot(left_83, right_78));
        product_61 += vec4f(dot(left_83, right_79), dot(left_83, right_80), dot(left_83, right_81), dot(left_83, right_82));
        let left_84 = decode_arena[row_73 + k_72 + 291];
        product_62 += vec4f(dot(left_84, right_75), dot(left_84, right_76), dot(left_84, right_77), dot(left_84, right_78));
        product_63 += vec4f(dot(left_84, right_79), dot(left_84, right_80), dot(left_84, right_81), dot(left_84, right_82));
        let left_85 = decode_arena[row_73 + k_72 + 292];
        product_64 += vec4f(dot(left_85, right_75), dot(left_85, right_76), dot(left_85, right_77), dot(left_85, right_78));
        product_65 += vec4f(dot(left_85, right_79), dot(left_85, right_80), dot(left_85, right_81), dot(left_85, right_82));
        let left_86 = decode_arena[row_73 + k_72 + 293];
        product_66 += vec4f(dot(left_86, right_75), dot(left_86, right_76), dot(left_86, right_77), dot(left_86, right_78));
        product_67 += vec4f(dot(left_86, right_79), dot(left_86, right_80), dot(left_86, right_81), dot(left_86, right_82));
      }
      let column_87 = thread_column * 4;
      let map_88 = product_60 / 2.0;
      let map_89 = product_61 / 2.0;
      let map_90 = product_62 / 2.0;
      let map_91 = product_63 / 2.0;
      let map_92 = product_64 / 2.0;
      let map_93 = product_65 / 2.0;
      let map_94 = product_66 / 2.0;
      let map_95 = product_67 / 2.0;
      var chosen_96 = map_88;
      var chosen_97 = map_89;
      var chosen_98 = map_90;
      var chosen_99 = map_91;
      var chosen_100 = map_92;
      var chosen_101 = map_93;
      var chosen_102 = map_94;
      var chosen_103 = map_95;
      if (!is_full_42) {
        let j_104 = J_40 + column_87;
        let j_105 = j_104 + vec4i(0, 1, 2, 3);
        let i_106 = I_4 - 1 + row_73;
        let map_107 = select(vec4f(0.0), map_88, (j_105 <= vec4i(i_106)) & (vec4<bool>(launch.keys - launch.queries <= i_106) & (j_105 < vec4i(launch.keys))));
        let j_108 = j_104 + 16 + vec4i(0, 1, 2, 3);
        let map_109 = select(vec4f(0.0), map_89, (j_108 <= vec4i(i_106)) & (vec4<bool>(launch.keys - launch.queries <= i_106) & (j_108 < vec4i(launch.keys))));
        let map_110 = select(vec4f(0.0), map_90, (j_105 <= vec4i(i_106 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_106 + 1) & (j_105 < vec4i(launch.keys))));
        let map_111 = select(vec4f(0.0), map_91, (j_108 <= vec4i(i_106 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_106 + 1) & (j_108 < vec4i(launch.keys))));
        let map_112 = select(vec4f(0.0), map_92, (j_105 <= vec4i(i_106 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_106 + 2) & (j_105 < vec4i(launch.keys))));
        let map_113 = select(vec4f(0.0), map_93, (j_108 <= vec4i(i_106 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_106 + 2) & (j_108 < vec4i(launch.keys))));
        let map_114 = select(vec4f(0.0), map_94, (j_105 <= vec4i(i_106 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_106 + 3) & (j_105 < vec4i(launch.keys))));
        let map_115 = select(vec4f(0.0), map_95, (j_108 <= vec4i(i_106 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_106 + 3) & (j_108 < vec4i(launch.keys))));
        chosen_96 = map_107;
        chosen_97 = map_109;
        chosen_98 = map_110;
        chosen_99 = map_111;
        chosen_100 = map_112;
        chosen_101 = map_113;
        chosen_102 = map_114;
        chosen_103 = map_115;
      }
      chosen_44 = chosen_96;
      chosen_45 = chosen_97;
      chosen_46 = chosen_98;
      chosen_47 = chosen_99;
      chosen_48 = chosen_100;
      chosen_49 = chosen_101;
      chosen_50 = chosen_102;
      chosen_51 = chosen_103;
    }
    workgroupBarrier();
    let to_116 = thread * 9;
    let kept_117 = decode_arena[to_116 + 8 + 2];
    workgroupBarrier();
    decode_arena[to_116 + 2] = kept_117;
    let row_118 = thread_row * 4;
    let line_119 = row_118 * 9;
    decode_arena[line_119 + thread_column + 1 + 2] = chosen_44;
    decode_arena[line_119 + thread_column + 5 + 2] = chosen_45;
    decode_arena[line_119 + thread_column + 10 + 2] = chosen_46;
    decode_arena[line_119 + thread_column + 14 + 2] = chosen_47;
    decode_arena[line_119 + thread_column + 19 + 2] = chosen_48;
    decode_arena[line_119 + thread_column + 23 + 2] = chosen_49;
    decode_arena[line_119 + thread_column + 28 + 2] = chosen_50;
    decode_arena[line_119 + thread_column + 32 + 2] = chosen_51;
    let from_120 = J_40 - 1;
    let is_full_121 = (from_120 + 31 - from_41 <= 0) && ((-from_120 <= 0) && (from_120 + 31 - launch.keys < 0));
    let is_empty_122 = (from_120 - (from_41 + 31) > 0) || ((-(from_120 + 31) > 0) || (from_120 - launch.keys >= 0));
    var chosen_123 = carried_23;
    var chosen_124 = carried_24;
    var chosen_125 = carried_25;
    var chosen_126 = carried_26;
    var chosen_127 = carried_27;
    var chosen_128 = carried_28;
    var chosen_129 = carried_29;
    var chosen_130 = carried_30;
    var chosen_131 = carried_31;
    var chosen_132 = carried_32;
    var chosen_133 = carried_33;
    var chosen_134 = carried_34;
    if (!is_empty_122) {
      workgroupBarrier();
      var convolved_135 = vec4f(0.0);
      var convolved_136 = vec4f(0.0);
      var convolved_137 = vec4f(0.0);
      var convolved_138 = vec4f(0.0);
      var convolved_139 = vec4f(0.0);
      var convolved_140 = vec4f(0.0);
      var convolved_141 = vec4f(0.0);
      var convolved_142 = vec4f(0.0);
      let weights_143 = decode_arena[0];
      let row_145 = thread_row * 4 + 1;
      let neighbourhood_146 = row_145 * 9 + thread_column;
      let ring_144 = decode_arena[neighbourhood_146 - 9 + 2];
      let ring_147 = decode_arena[neighbourhood_146 - 8 + 2];
      let window_148 = vec4f(ring_144.z, ring_144.w, ring_147.x, ring_147.y);
      convolved_135 += weights_143.x * window_148;
      let window_149 = vec4f(ring_144.w, ring_147.x, ring_147.y, ring_147.z);
      convolved_135 += weights_143.y * window_149;
      convolved_135 += weights_143.z * ring_147;
      let weights_150 = decode_arena[1];
      let ring_151 = decode_arena[neighbourhood_146 + 2];
      let ring_152 = decode_arena[neighbourhood_146 + 1 + 2];
      let window_153 = vec4f(ring_151.z, ring_151.w, ring_152.x, ring_152.y);
      convolved_135 += weights_150.x * window_153;
      let window_154 = vec4f(ring_151.w, ring_152.x, ring_152.y, ring_152.z);
      convolved_135 += weights_150.y * window_154;
      convolved_135 += weights_150.z * ring_152;
      convolved_137 += weights_143.x * window_153;
      convolved_137 += weights_143.y * window_154;
      convolved_137 += weights_143.z * ring_152;
      let ring_155 = decode_arena[neighbourhood_146 + 9 + 2];
      let ring_156 = decode_arena[neighbourhood_146 + 10 + 2];
      let window_157 = vec4f(ring_155.z, ring_155.w, ring_156.x, ring_156.y);
      convolved_137 += weights_150.x * window_157;
      let window_158 = vec4f(ring_155.w, ring_156.x, ring_156.y, ring_156.z);
      convolved_137 += weights_150.y * window_158;
      convolved_137 += weights_150.z * ring_156;
      convolved_139 += weights_143.x * window_157;
      convolved_139 += weights_143.y * window_158;
      convolved_139 += weights_143.z * ring_156;
      let ring_159 = decode_arena[neighbourhood_146 + 18 + 2];
      let ring_160 = decode_arena[neighbourhood_146 + 19 + 2];
      let window_161 = vec4f(ring_159.z, ring_159.w, ring_160.x, ring_160.y);
      convolved_139 += weights_150.x * window_161;
      let window_162 = vec4f(ring_159.w, ring_160.x, ring_160.y, ring_160.z);
      convolved_139 += weights_150.y * window_162;
      convolved_139 += weights_150.z * ring_160;
      convolved_141 += weights_143.x * window_161;
      convolved_141 += weights_143.y * window_162;
      convolved_141 += weights_143.z * ring_160;
      let ring_163 = decode_arena[neighbourhood_146 + 27 + 2];
      let ring_164 = decode_arena[neighbourhood_146 + 28 + 2];
      let window_165 = vec4f(ring_163.z, ring_163.w, ring_164.x, ring_164.y);
      convolved_141 += weights_150.x * window_165;
      let window_166 = vec4f(ring_163.w, ring_164.x, ring_164.y, ring_164.z);
      convolved_141 += weights_150.y * window_166;
      convolved_141 += weights_150.z * ring_164;
      let ring_167 = decode_arena[neighbourhood_146 - 5 + 2];
      let ring_168 = decode_arena[neighbourhood_146 - 4 + 2];
      let window_169 = vec4f(ring_167.z, ring_167.w, ring_168.x, ring_168.y);
      convolved_136 += weights_143.x * window_169;
      let window_170 = vec4f(ring_167.w, ring_168.x, ring_168.y, ring_168.z);
      convolved_136 += weights_143.y * window_170;
      convolved_136 += weights_143.z * ring_168;
      let ring_171 = decode_arena[neighbourhood_146 + 4 + 2];
      let ring_172 = decode_arena[neighbourhood_146 + 5 + 2];
      let window_173 = vec4f(ring_171.z, ring_171.w, ring_172.x, ring_172.y);
      convolved_136 += weights_150.x * window_173;
      let window_174 = vec4f(ring_171.w, ring_172.x, ring_172.y, ring_172.z);
      convolved_136 += weights_150.y * window_174;
      convolved_136 += weights_150.z * ring_172;
      convolved_138 += weights_143.x * window_173;
      convolved_138 += weights_143.y * window_174;
      convolved_138 += weights_143.z * ring_172;
      let ring_175 = decode_arena[neighbourhood_146 + 13 + 2];
      let ring_176 = decode_arena[neighbourhood_146 + 14 + 2];
      let window_177 = vec4f(ring_175.z, ring_175.w, ring_176.x, ring_176.y);
      convolved_138 += weights_150.x * window_177;
      let window_178 = vec4f(ring_175.w, ring_176.x, ring_176.y, ring_176.z);
      convolved_138 += weights_150.y * window_178;
      convolved_138 += weights_150.z * ring_176;
      convolved_140 += weights_143.x * window_177;
      convolved_140 += weights_143.y * window_178;
      convolved_140 += weights_143.z * ring_176;
      let ring_179 = decode_arena[neighbourhood_146 + 22 + 2];
      let ring_180 = decode_arena[neighbourhood_146 + 23 + 2];
      let window_181 = vec4f(ring_179.z, ring_179.w, ring_180.x, ring_180.y);
      convolved_140 += weights_150.x * window_181;
      let window_182 = vec4f(ring_179.w, ring_180.x, ring_180.y, ring_180.z);
      convolved_140 += weights_150.y * window_182;
      convolved_140 += weights_150.z * ring_180;
      convolved_142 += weights_143.x * window_181;
      convolved_142 += weights_143.y * window_182;
      convolved_142 += weights_143.z * ring_180;
      let ring_183 = decode_arena[neighbourhood_146 + 31 + 2];
      let ring_184 = decode_arena[neighbourhood_146 + 32 + 2];
      let window_185 = vec4f(ring_183.z, ring_183.w, ring_184.x, ring_184.y);
      convolved_142 += weights_150.x * window_185;
      let window_186 = vec4f(ring_183.w, ring_184.x, ring_184.y, ring_184.z);
      convolved_142 += weights_150.y * window_186;
      convolved_142 += weights_150.z * ring_184;
      var chosen_187 = convolved_135;
      var chosen_188 = convolved_136;
      var chosen_189 = convolved_137;
      var chosen_190 = convolved_138;
      var chosen_191 = convolved_139;
      var chosen_192 = convolved_140;
      var chosen_193 = convolved_141;
      var chosen_194 = convolved_142;
      if (!is_full_121) {
        let column_195 = thread_column * 4;
        let j_196 = J_40 - 1 + column_195;
        let j_197 = j_196 + vec4i(0, 1, 2, 3);
        let i_198 = I_4 - 1 + row_145;
        let map_199 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_135, (j_197 <= vec4i(i_198)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        let j_200 = j_196 + 16 + vec4i(0, 1, 2, 3);
        let map_201 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_136, (j_200 <= vec4i(i_198)) & ((vec4i(0) <= j_200) & (j_200 < vec4i(launch.keys))));
        let map_202 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_137, (j_197 <= vec4i(i_198 + 1)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        let map_203 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_138, (j_200 <= vec4i(i_198 + 1)) & ((vec4i(0) <= j_200) & (j_200 < vec4i(launch.keys))));
        let map_204 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_139, (j_197 <= vec4i(i_198 + 2)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        let map_205 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_140, (j_200 <= vec4i(i_198 + 2)) & ((vec4i(0) <= j_200) & (j_200 < vec4i(launch.keys))));
        let map_206 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_141, (j_197 <= vec4i(i_198 + 3)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        let map_207 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_142, (j_200 <= vec4i(i_198 + 3)) & ((vec4i(0) <= j_200) & (j_200 < vec4i(launch.keys))));
        chosen_187 = map_199;
        chosen_188 = map_201;
        chosen_189 = map_202;
        chosen_190 = map_203;
        chosen_191 = map_204;
        chosen_192 = map_205;
        chosen_193 = map_206;
        chosen_194 = map_207;
      }
      let partial_208 = max(chosen_187, chosen_188);
      let partial_209 = max(max(partial_208.x, partial_208.y), max(partial_208.z, partial_208.w));
      let partial_210 = max(chosen_189, chosen_190);
      let partial_211 = max(max(partial_210.x, partial_210.y), max(partial_210.z, partial_210.w));
      let partial_212 = max(chosen_191, chosen_192);
      let partial_213 = max(max(partial_212.x, partial_212.y), max(partial_212.z, partial_212.w));
      let partial_214 = max(chosen_193, chosen_194);
      let partial_215 = max(max(partial_214.x, partial_214.y), max(partial_214.z, partial_214.w));
      decode_arena[row_118 + thread_column + 322] = vec4f(partial_209, partial_211, partial_213, partial_215);
      workgroupBarrier();
      let max_216 = max(max(max(decode_arena[row_118 + 322], decode_arena[row_118 + 1 + 322]), decode_arena[row_118 + 2 + 322]), decode_arena[row_118 + 3 + 322]);
      let map_217 = maximum(carried_23, max_216.x);
      let map_218 = maximum(carried_24, max_216.y);
      let map_219 = maximum(carried_25, max_216.z);
      let map_220 = maximum(carried_26, max_216.w);
      let map_221 = exponential_difference(carried_23, map_217);
      let map_222 = exponential_difference(carried_24, map_218);
      let map_223 = exponential_difference(carried_25, map_219);
      let map_224 = exponential_difference(carried_26, map_220);
      let column_225 = thread_column * 4;
      let map_226 = exponential_difference_wide(chosen_187, vec4f(map_217));
      let map_227 = exponential_difference_wide(chosen_188, vec4f(map_217));
      let map_228 = exponential_difference_wide(chosen_189, vec4f(map_218));
      let map_229 = exponential_difference_wide(chosen_190, vec4f(map_218));
      let map_230 = exponential_difference_wide(chosen_191, vec4f(map_219));
      let map_231 = exponential_difference_wide(chosen_192, vec4f(map_219));
      let map_232 = exponential_difference_wide(chosen_193, vec4f(map_220));
      let map_233 = exponential_difference_wide(chosen_194, vec4f(map_220));
      let map_234 = carried_27 * map_221;
      let map_235 = carried_28 * map_222;
      let map_236 = carried_29 * map_223;
      let map_237 = carried_30 * map_224;
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
      let map_250 = carried_31 * map_221;
      let map_251 = carried_32 * map_222;
      let map_252 = carried_33 * map_223;
      let map_253 = carried_34 * map_224;
      workgroupBarrier();
      let line_254 = row_145 * 8;
      if (row_145 < 32) {
        decode_arena[line_254 - 8 + thread_column + 322] = map_226;
        decode_arena[line_254 - 8 + (thread_column + 4) + 322] = map_227;
      }
      if (row_145 + 1 < 32) {
        decode_arena[line_254 + thread_column + 322] = map_228;
        decode_arena[line_254 + (thread_column + 4) + 322] = map_229;
      }
      if (row_145 + 2 < 32) {
        decode_arena[line_254 + 8 + thread_column + 322] = map_230;
        decode_arena[line_254 + 8 + (thread_column + 4) + 322] = map_231;
      }
      if (row_145 + 3 < 32) {
        decode_arena[line_254 + 16 + thread_column + 322] = map_232;
        decode_arena[line_254 + 16 + (thread_column + 4) + 322] = map_233;
      }
      var product_255 = map_250;
      var product_256 = map_251;
      var product_257 = map_252;
      var product_258 = map_253;
      for (var n_260 = thread; n_260 < 32; n_260 += 32) {
        let at_261 = J_40 - 1 + n_260;
        var loaded_262 = vec4f();
        if (u32(at_261) < u32(launch.keys) && u32(0) < 1u) {
          loaded_262 = v_data[launch.v_offset + block_3 * launch.v_stride_0 + at_261 * launch.v_stride_2];
        }
        decode_arena[n_260 + 578] = loaded_262;
      }
      workgroupBarrier();
      for (var k_263 = 0; k_263 < 8; k_263++) {
        let chunk_264 = k_263 * 4;
        let right_265 = decode_arena[thread_column + chunk_264 + 578];
        let right_266 = decode_arena[thread_column + chunk_264 + 579];
        let right_267 = decode_arena[thread_column + chunk_264 + 580];
        let right_268 = decode_arena[thread_column + chunk_264 + 581];
        let left_269 = decode_arena[line_254 + k_263 + 314];
        product_255 += left_269.x * right_265;
        product_255 += left_269.y * right_266;
        product_255 += left_269.z * right_267;
        product_255 += left_269.w * right_268;
        let left_270 = decode_arena[line_254 + k_263 + 322];
        product_256 += left_270.x * right_265;
        product_256 += left_270.y * right_266;
        product_256 += left_270.z * right_267;
        product_256 += left_270.w * right_268;
        let left_271 = decode_arena[line_254 + k_263 + 330];
        product_257 += left_271.x * right_265;
        product_257 += left_271.y * right_266;
        product_257 += left_271.z * right_267;
        product_257 += left_271.w * right_268;
        let left_272 = decode_arena[line_254 + k_263 + 338];
        product_258 += left_272.x * right_265;
        product_258 += left_272.y * right_266;
        product_258 += left_272.z * right_267;
        product_258 += left_272.w * right_268;
      }
      chosen_123 = map_217;
      chosen_124 = map_218;
      chosen_125 = map_219;
      chosen_126 = map_220;
      chosen_127 = map_246;
      chosen_128 = map_247;
      chosen_129 = map_248;
      chosen_130 = map_249;
      chosen_131 = product_255;
      chosen_132 = product_256;
      chosen_133 = product_257;
      chosen_134 = product_258;
    }
    carried_23 = chosen_123;
    carried_24 = chosen_124;
    carried_25 = chosen_125;
    carried_26 = chosen_126;
    carried_27 = chosen_127;
    carried_28 = chosen_128;
    carried_29 = chosen_129;
    carried_30 = chosen_130;
    carried_31 = chosen_131;
    carried_32 = chosen_132;
    carried_33 = chosen_133;
    carried_34 = chosen_134;
  }
  workgroupBarrier();
  let line_273 = thread_row * 4;
  decode_arena[line_273 + thread_column + 322] = vec4f(carried_27, carried_28, carried_29, carried_30);
  workgroupBarrier();
  let sum_274 = decode_arena[line_273 + 322] + decode_arena[line_273 + 1 + 322] + decode_arena[line_273 + 2 + 322] + decode_arena[line_273 + 3 + 322];
  let row_275 = thread_row * 4 + 1;
  let map_276 = select(1.0 / sum_274.x, 0.0, sum_274.x == 0.0);
  let map_277 = select(1.0 / sum_274.y, 0.0, sum_274.y == 0.0);
  let map_278 = select(1.0 / sum_274.z, 0.0, sum_274.z == 0.0);
  let map_279 = select(1.0 / sum_274.w, 0.0, sum_274.w == 0.0);
  let column_280 = thread_column * 4;
  let map_281 = carried_31 * map_276;
  let map_282 = carried_32 * map_277;
  let map_283 = carried_33 * map_278;
  let map_284 = carried_34 * map_279;
  let i_285 = I_4 - 1 + row_275;
  let place_286 = i_285 - (launch.keys - launch.rows);
  if (row_275 < 32 && column_280 < 4 && u32(place_286) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_286 * launch.out_stride_2 + thread_column] = map_281;
  }
  let place_287 = i_285 + 1 - (launch.keys - launch.rows);
  if (row_275 + 1 < 32 && column_280 < 4 && u32(place_287) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_287 * launch.out_stride_2 + thread_column] = map_282;
  }
  let place_288 = i_285 + 2 - (launch.keys - launch.rows);
  if (row_275 + 2 < 32 && column_280 < 4 && u32(place_288) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_288 * launch.out_stride_2 + thread_column] = map_283;
  }
  let place_289 = i_285 + 3 - (launch.keys - launch.rows);
  if (row_275 + 3 < 32 && column_280 < 4 && u32(place_289) < u32(launch.rows) && u32(thread_column) < 1u) {
    out_data[launch.out_offset + block_3 * launch.out_stride_0 + place_289 * launch.out_stride_2 + thread_column] = map_284;
  }
  let map_290 = carried_23 + logarithm(select(-1.0, sum_274.x, sum_274.x <= 1e+30));
  let map_291 = carried_24 + logarithm(select(-1.0, sum_274.y, sum_274.y <= 1e+30));
  let map_292 = carried_25 + logarithm(select(-1.0, sum_274.z, sum_274.z <= 1e+30));
  let map_293 = carried_26 + logarithm(select(-1.0, sum_274.w, sum_274.w <= 1e+30));
  if (thread_column == 0 && row_275 < 32 && u32(place_286) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_286] = map_290;
  }
  if (thread_column == 0 && row_275 + 1 < 32 && u32(place_287) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_287] = map_291;
  }
  if (thread_column == 0 && row_275 + 2 < 32 && u32(place_288) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_288] = map_292;
  }
  if (thread_column == 0 && row_275 + 3 < 32 && u32(place_289) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_3 * launch.lse_stride_0 + place_289] = map_293;
  }
}
