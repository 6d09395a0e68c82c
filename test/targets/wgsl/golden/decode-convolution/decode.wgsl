// decode, compiled by heddle golden to WGSL: f32, no subgroups, threads decode 8 × 4.
// heads=1 kvHeads=1 headDim=4 queryKernel=2 keyKernel=3
// Hash 324fafb37d64305d of all below. Made by a compiler: change the spec, not this file.

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

fn load_q(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  let at_2 = x_2 - (launch.keys - launch.queries);
  var loaded = vec4f();
  if (u32(at_2) < u32(launch.queries) && u32(x_3) < 1u) {
    loaded = q_data[launch.q_offset + x_0 * launch.q_stride_0 + x_1 * launch.q_stride_1 + at_2 * launch.q_stride_2 + x_3];
  }
  return loaded;
}

fn load_k(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  var loaded = vec4f();
  if (u32(x_2) < u32(launch.keys) && u32(x_3) < 1u) {
    loaded = k_data[launch.k_offset + x_0 * launch.k_stride_0 + x_1 * launch.k_stride_1 + x_2 * launch.k_stride_2 + x_3];
  }
  return loaded;
}

fn load_v(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  var loaded = vec4f();
  if (u32(x_2) < u32(launch.keys) && u32(x_3) < 1u) {
    loaded = v_data[launch.v_offset + x_0 * launch.v_stride_0 + x_1 * launch.v_stride_1 + x_2 * launch.v_stride_2 + x_3];
  }
  return loaded;
}

fn store_out(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: vec4f) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows) && u32(x_3) < 1u) {
    out_data[launch.out_offset + x_0 * launch.out_stride_0 + x_1 * launch.out_stride_1 + at_2 * launch.out_stride_2 + x_3] = value;
  }
}

fn store_lse(x_0: i32, x_1: i32, x_2: i32, value: f32) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows)) {
    lse_data[launch.lse_offset + x_0 * launch.lse_stride_0 + x_1 * launch.lse_stride_1 + at_2] = value;
  }
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
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row_50 = thread_row * 4;
  let right_51 = thread_column * 5;
  let column_64 = thread_column * 4;
  let to_93 = thread * 9;
  let line_95 = row_50 * 9;
  let row_121 = thread_row * 4 + 1;
  let neighbourhood_122 = row_121 * 9 + thread_column;
  let line_228 = row_121 * 8;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks_1 = (launch.keys - (launch.keys - launch.rows) + 30) / 31;
  let block_2 = block % blocks_1;
  let block_3 = block / blocks_1;
  let I_4 = block_2 * 31 + (launch.keys - launch.rows);
  if (block_3 >= launch.batch) {
    return;
  }
  for (var tap_5 = thread; tap_5 < 2; tap_5 += 32) {
    let c0_6 = tap_5 % 2;
    let entry_7 = read_theta(0, c0_6, 0);
    let entry_8 = read_theta(0, c0_6, 1);
    let entry_9 = read_theta(0, c0_6, 2);
    decode_arena[tap_5] = vec4f(entry_7, entry_8, entry_9, 0.0);
  }
  for (var n_10 = thread; n_10 < 288; n_10 += 32) {
    decode_arena[n_10 + 2] = vec4f(0.0);
  }
  var carried_11 = minus_infinity;
  var carried_12 = minus_infinity;
  var carried_13 = minus_infinity;
  var carried_14 = minus_infinity;
  var carried_15 = 0.0;
  var carried_16 = 0.0;
  var carried_17 = 0.0;
  var carried_18 = 0.0;
  var carried_19 = vec4f(0.0);
  var carried_20 = vec4f(0.0);
  var carried_21 = vec4f(0.0);
  var carried_22 = vec4f(0.0);
  for (var n_23 = thread; n_23 < 32; n_23 += 32) {
    let at_24 = I_4 - 1 + n_23;
    decode_arena[n_23 + 290] = load_q(block_3, 0, at_24, 0);
  }
  let end_25 = min(launch.keys, I_4 + 31) + 1;
  for (var J_26 = 0; J_26 < end_25; J_26 += 32) {
    let from_27 = I_4 - 1;
    let is_full_28 = (J_26 + 31 - from_27 <= 0) && ((launch.keys - launch.queries - from_27 <= 0) && (J_26 + 31 - launch.keys < 0));
    let is_empty_29 = (J_26 - (from_27 + 31) > 0) || ((launch.keys - launch.queries - (from_27 + 31) > 0) || (J_26 - launch.keys >= 0));
    var chosen_30 = vec4f(0.0);
    var chosen_31 = vec4f(0.0);
    var chosen_32 = vec4f(0.0);
    var chosen_33 = vec4f(0.0);
    var chosen_34 = vec4f(0.0);
    var chosen_35 = vec4f(0.0);
    var chosen_36 = vec4f(0.0);
    var chosen_37 = vec4f(0.0);
    if (!is_empty_29) {
      var product_38 = vec4f(0.0);
      var product_39 = vec4f(0.0);
      var product_40 = vec4f(0.0);
      var product_41 = vec4f(0.0);
      var product_42 = vec4f(0.0);
      var product_43 = vec4f(0.0);
      var product_44 = vec4f(0.0);
      var product_45 = vec4f(0.0);
      workgroupBarrier();
      for (var n_47 = thread; n_47 < 32; n_47 += 32) {
        let at_48 = J_26 + n_47;
        decode_arena[n_47 + (n_47 >> 2u) + 322] = load_k(block_3, 0, at_48, 0);
      }
      workgroupBarrier();
      for (var k_49 = 0; k_49 < 1; k_49++) {
        let right_52 = decode_arena[right_51 + k_49 + 322];
        let right_53 = decode_arena[right_51 + k_49 + 323];
        let right_54 = decode_arena[right_51 + k_49 + 324];
        let right_55 = decode_arena[right_51 + k_49 + 325];
        let right_56 = decode_arena[right_51 + k_49 + 342];
        let right_57 = decode_arena[right_51 + k_49 + 343];
        let right_58 = decode_arena[right_51 + k_49 + 344];
        let right_59 = decode_arena[right_51 + k_49 + 345];
        let left_60 = decode_arena[row_50 + k_49 + 290];
        product_38 += vec4f(dot(left_60, right_52), dot(left_60, right_53), dot(left_60, right_54), dot(left_60, right_55));
        product_39 += vec4f(dot(left_60, right_56), dot(left_60, right_57), dot(left_60, right_58), dot(left_60, right_59));
        let left_61 = decode_arena[row_50 + k_49 + 291];
        product_40 += vec4f(dot(left_61, right_52), dot(left_61, right_53), dot(left_61, right_54), dot(left_61, right_55));
        product_41 += vec4f(dot(left_61, right_56), dot(left_61, right_57), dot(left_61, right_58), dot(left_61, right_59));
        let left_62 = decode_arena[row_50 + k_49 + 292];
        product_42 += vec4f(dot(left_62, right_52), dot(left_62, right_53), dot(left_62, right_54), dot(left_62, right_55));
        product_43 += vec4f(dot(left_62, right_56), dot(left_62, right_57), dot(left_62, right_58), dot(left_62, right_59));
        let left_63 = decode_arena[row_50 + k_49 + 293];
        product_44 += vec4f(dot(left_63, right_52), dot(left_63, right_53), dot(left_63, right_54), dot(left_63, right_55));
        product_45 += vec4f(dot(left_63, right_56), dot(left_63, right_57), dot(left_63, right_58), dot(left_63, right_59));
      }
      chosen_30 = product_38 / 2.0;
      chosen_31 = product_39 / 2.0;
      chosen_32 = product_40 / 2.0;
      chosen_33 = product_41 / 2.0;
      chosen_34 = product_42 / 2.0;
      chosen_35 = product_43 / 2.0;
      chosen_36 = product_44 / 2.0;
      chosen_37 = product_45 / 2.0;
      if (!is_full_28) {
        let j_81 = J_26 + column_64;
        let j_82 = j_81 + vec4i(0, 1, 2, 3);
        let i_83 = I_4 - 1 + row_50;
        chosen_30 = select(vec4f(0.0), chosen_30, (j_82 <= vec4i(i_83)) & (vec4<bool>(launch.keys - launch.queries <= i_83) & (j_82 < vec4i(launch.keys))));
        let j_85 = j_81 + 16 + vec4i(0, 1, 2, 3);
        chosen_31 = select(vec4f(0.0), chosen_31, (j_85 <= vec4i(i_83)) & (vec4<bool>(launch.keys - launch.queries <= i_83) & (j_85 < vec4i(launch.keys))));
        chosen_32 = select(vec4f(0.0), chosen_32, (j_82 <= vec4i(i_83 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_83 + 1) & (j_82 < vec4i(launch.keys))));
        chosen_33 = select(vec4f(0.0), chosen_33, (j_85 <= vec4i(i_83 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_83 + 1) & (j_85 < vec4i(launch.keys))));
        chosen_34 = select(vec4f(0.0), chosen_34, (j_82 <= vec4i(i_83 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_83 + 2) & (j_82 < vec4i(launch.keys))));
        chosen_35 = select(vec4f(0.0), chosen_35, (j_85 <= vec4i(i_83 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_83 + 2) & (j_85 < vec4i(launch.keys))));
        chosen_36 = select(vec4f(0.0), chosen_36, (j_82 <= vec4i(i_83 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_83 + 3) & (j_82 < vec4i(launch.keys))));
        chosen_37 = select(vec4f(0.0), chosen_37, (j_85 <= vec4i(i_83 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_83 + 3) & (j_85 < vec4i(launch.keys))));
      }
    }
    workgroupBarrier();
    let kept_94 = decode_arena[to_93 + 8 + 2];
    workgroupBarrier();
    decode_arena[to_93 + 2] = kept_94;
    decode_arena[line_95 + thread_column + 1 + 2] = chosen_30;
    decode_arena[line_95 + thread_column + 5 + 2] = chosen_31;
    decode_arena[line_95 + thread_column + 10 + 2] = chosen_32;
    decode_arena[line_95 + thread_column + 14 + 2] = chosen_33;
    decode_arena[line_95 + thread_column + 19 + 2] = chosen_34;
    decode_arena[line_95 + thread_column + 23 + 2] = chosen_35;
    decode_arena[line_95 + thread_column + 28 + 2] = chosen_36;
    decode_arena[line_95 + thread_column + 32 + 2] = chosen_37;
    let from_96 = J_26 - 1;
    let is_full_97 = (from_96 + 31 - from_27 <= 0) && ((-from_96 <= 0) && (from_96 + 31 - launch.keys < 0));
    let is_empty_98 = (from_96 - (from_27 + 31) > 0) || ((-(from_96 + 31) > 0) || (from_96 - launch.keys >= 0));
    var chosen_99 = carried_11;
    var chosen_100 = carried_12;
    var chosen_101 = carried_13;
    var chosen_102 = carried_14;
    var chosen_107 = carried_19;
    var chosen_108 = carried_20;
    var chosen_109 = carried_21;
    var chosen_110 = carried_22;
    if (!is_empty_98) {
      workgroupBarrier();
      var chosen_163 = vec4f(0.0);
      var chosen_164 = vec4f(0.0);
      var chosen_165 = vec4f(0.0);
      var chosen_166 = vec4f(0.0);
      var chosen_167 = vec4f(0.0);
      var chosen_168 = vec4f(0.0);
      var chosen_169 = vec4f(0.0);
      var chosen_170 = vec4f(0.0);
      let weights_119 = decode_arena[0];
      let ring_120 = decode_arena[neighbourhood_122 - 9 + 2];
      let ring_123 = decode_arena[neighbourhood_122 - 8 + 2];
      let window_124 = vec4f(ring_120.z, ring_120.w, ring_123.x, ring_123.y);
      chosen_163 += weights_119.x * window_124;
      let window_125 = vec4f(ring_120.w, ring_123.x, ring_123.y, ring_123.z);
      chosen_163 += weights_119.y * window_125;
      chosen_163 += weights_119.z * ring_123;
      let weights_126 = decode_arena[1];
      let ring_127 = decode_arena[neighbourhood_122 + 2];
      let ring_128 = decode_arena[neighbourhood_122 + 1 + 2];
      let window_129 = vec4f(ring_127.z, ring_127.w, ring_128.x, ring_128.y);
      chosen_163 += weights_126.x * window_129;
      let window_130 = vec4f(ring_127.w, ring_128.x, ring_128.y, ring_128.z);
      chosen_163 += weights_126.y * window_130;
      chosen_163 += weights_126.z * ring_128;
      chosen_165 += weights_119.x * window_129;
      chosen_165 += weights_119.y * window_130;
      chosen_165 += weights_119.z * ring_128;
      let ring_131 = decode_arena[neighbourhood_122 + 9 + 2];
      let ring_132 = decode_arena[neighbourhood_122 + 10 + 2];
      let window_133 = vec4f(ring_131.z, ring_131.w, ring_132.x, ring_132.y);
      chosen_165 += weights_126.x * window_133;
      let window_134 = vec4f(ring_131.w, ring_132.x, ring_132.y, ring_132.z);
      chosen_165 += weights_126.y * window_134;
      chosen_165 += weights_126.z * ring_132;
      chosen_167 += weights_119.x * window_133;
      chosen_167 += weights_119.y * window_134;
      chosen_167 += weights_119.z * ring_132;
      let ring_135 = decode_arena[neighbourhood_122 + 18 + 2];
      let ring_136 = decode_arena[neighbourhood_122 + 19 + 2];
      let window_137 = vec4f(ring_135.z, ring_135.w, ring_136.x, ring_136.y);
      chosen_167 += weights_126.x * window_137;
      let window_138 = vec4f(ring_135.w, ring_136.x, ring_136.y, ring_136.z);
      chosen_167 += weights_126.y * window_138;
      chosen_167 += weights_126.z * ring_136;
      chosen_169 += weights_119.x * window_137;
      chosen_169 += weights_119.y * window_138;
      chosen_169 += weights_119.z * ring_136;
      let ring_139 = decode_arena[neighbourhood_122 + 27 + 2];
      let ring_140 = decode_arena[neighbourhood_122 + 28 + 2];
      let window_141 = vec4f(ring_139.z, ring_139.w, ring_140.x, ring_140.y);
      chosen_169 += weights_126.x * window_141;
      let window_142 = vec4f(ring_139.w, ring_140.x, ring_140.y, ring_140.z);
      chosen_169 += weights_126.y * window_142;
      chosen_169 += weights_126.z * ring_140;
      let ring_143 = decode_arena[neighbourhood_122 - 5 + 2];
      let ring_144 = decode_arena[neighbourhood_122 - 4 + 2];
      let window_145 = vec4f(ring_143.z, ring_143.w, ring_144.x, ring_144.y);
      chosen_164 += weights_119.x * window_145;
      let window_146 = vec4f(ring_143.w, ring_144.x, ring_144.y, ring_144.z);
      chosen_164 += weights_119.y * window_146;
      chosen_164 += weights_119.z * ring_144;
      let ring_147 = decode_arena[neighbourhood_122 + 4 + 2];
      let ring_148 = decode_arena[neighbourhood_122 + 5 + 2];
      let window_149 = vec4f(ring_147.z, ring_147.w, ring_148.x, ring_148.y);
      chosen_164 += weights_126.x * window_149;
      let window_150 = vec4f(ring_147.w, ring_148.x, ring_148.y, ring_148.z);
      chosen_164 += weights_126.y * window_150;
      chosen_164 += weights_126.z * ring_148;
      chosen_166 += weights_119.x * window_149;
      chosen_166 += weights_119.y * window_150;
      chosen_166 += weights_119.z * ring_148;
      let ring_151 = decode_arena[neighbourhood_122 + 13 + 2];
      let ring_152 = decode_arena[neighbourhood_122 + 14 + 2];
      let window_153 = vec4f(ring_151.z, ring_151.w, ring_152.x, ring_152.y);
      chosen_166 += weights_126.x * window_153;
      let window_154 = vec4f(ring_151.w, ring_152.x, ring_152.y, ring_152.z);
      chosen_166 += weights_126.y * window_154;
      chosen_166 += weights_126.z * ring_152;
      chosen_168 += weights_119.x * window_153;
      chosen_168 += weights_119.y * window_154;
      chosen_168 += weights_119.z * ring_152;
      let ring_155 = decode_arena[neighbourhood_122 + 22 + 2];
      let ring_156 = decode_arena[neighbourhood_122 + 23 + 2];
      let window_157 = vec4f(ring_155.z, ring_155.w, ring_156.x, ring_156.y);
      chosen_168 += weights_126.x * window_157;
      let window_158 = vec4f(ring_155.w, ring_156.x, ring_156.y, ring_156.z);
      chosen_168 += weights_126.y * window_158;
      chosen_168 += weights_126.z * ring_156;
      chosen_170 += weights_119.x * window_157;
      chosen_170 += weights_119.y * window_158;
      chosen_170 += weights_119.z * ring_156;
      let ring_159 = decode_arena[neighbourhood_122 + 31 + 2];
      let ring_160 = decode_arena[neighbourhood_122 + 32 + 2];
      let window_161 = vec4f(ring_159.z, ring_159.w, ring_160.x, ring_160.y);
      chosen_170 += weights_126.x * window_161;
      let window_162 = vec4f(ring_159.w, ring_160.x, ring_160.y, ring_160.z);
      chosen_170 += weights_126.y * window_162;
      chosen_170 += weights_126.z * ring_160;
      if (!is_full_97) {
        let j_171 = J_26 - 1 + column_64;
        let j_172 = j_171 + vec4i(0, 1, 2, 3);
        let i_173 = I_4 - 1 + row_121;
        chosen_163 = select(vec4f(minus_infinity), chosen_163, (j_172 <= vec4i(i_173)) & ((vec4i(0) <= j_172) & (j_172 < vec4i(launch.keys))));
        let j_175 = j_171 + 16 + vec4i(0, 1, 2, 3);
        chosen_164 = select(vec4f(minus_infinity), chosen_164, (j_175 <= vec4i(i_173)) & ((vec4i(0) <= j_175) & (j_175 < vec4i(launch.keys))));
        chosen_165 = select(vec4f(minus_infinity), chosen_165, (j_172 <= vec4i(i_173 + 1)) & ((vec4i(0) <= j_172) & (j_172 < vec4i(launch.keys))));
        chosen_166 = select(vec4f(minus_infinity), chosen_166, (j_175 <= vec4i(i_173 + 1)) & ((vec4i(0) <= j_175) & (j_175 < vec4i(launch.keys))));
        chosen_167 = select(vec4f(minus_infinity), chosen_167, (j_172 <= vec4i(i_173 + 2)) & ((vec4i(0) <= j_172) & (j_172 < vec4i(launch.keys))));
        chosen_168 = select(vec4f(minus_infinity), chosen_168, (j_175 <= vec4i(i_173 + 2)) & ((vec4i(0) <= j_175) & (j_175 < vec4i(launch.keys))));
        chosen_169 = select(vec4f(minus_infinity), chosen_169, (j_172 <= vec4i(i_173 + 3)) & ((vec4i(0) <= j_172) & (j_172 < vec4i(launch.keys))));
        chosen_170 = select(vec4f(minus_infinity), chosen_170, (j_175 <= vec4i(i_173 + 3)) & ((vec4i(0) <= j_175) & (j_175 < vec4i(launch.keys))));
      }
      let partial_183 = max(chosen_163, chosen_164);
      let partial_184 = max(max(partial_183.x, partial_183.y), max(partial_183.z, partial_183.w));
      let partial_185 = max(chosen_165, chosen_166);
      let partial_186 = max(max(partial_185.x, partial_185.y), max(partial_185.z, partial_185.w));
      let partial_187 = max(chosen_167, chosen_168);
      let partial_188 = max(max(partial_187.x, partial_187.y), max(partial_187.z, partial_187.w));
      let partial_189 = max(chosen_169, chosen_170);
      let partial_190 = max(max(partial_189.x, partial_189.y), max(partial_189.z, partial_189.w));
      decode_arena[row_50 + thread_column + 322] = vec4f(partial_184, partial_186, partial_188, partial_190);
      workgroupBarrier();
      let max_191 = max(max(max(decode_arena[row_50 + 322], decode_arena[row_50 + 1 + 322]), decode_arena[row_50 + 2 + 322]), decode_arena[row_50 + 3 + 322]);
      chosen_99 = maximum(carried_11, max_191.x);
      chosen_100 = maximum(carried_12, max_191.y);
      chosen_101 = maximum(carried_13, max_191.z);
      chosen_102 = maximum(carried_14, max_191.w);
      let map_196 = exponential_difference(carried_11, chosen_99);
      let map_197 = exponential_difference(carried_12, chosen_100);
      let map_198 = exponential_difference(carried_13, chosen_101);
      let map_199 = exponential_difference(carried_14, chosen_102);
      let map_200 = exponential_difference_wide(chosen_163, vec4f(chosen_99));
      let map_201 = exponential_difference_wide(chosen_164, vec4f(chosen_99));
      let map_202 = exponential_difference_wide(chosen_165, vec4f(chosen_100));
      let map_203 = exponential_difference_wide(chosen_166, vec4f(chosen_100));
      let map_204 = exponential_difference_wide(chosen_167, vec4f(chosen_101));
      let map_205 = exponential_difference_wide(chosen_168, vec4f(chosen_101));
      let map_206 = exponential_difference_wide(chosen_169, vec4f(chosen_102));
      let map_207 = exponential_difference_wide(chosen_170, vec4f(chosen_102));
      let map_208 = carried_15 * map_196;
      let map_209 = carried_16 * map_197;
      let map_210 = carried_17 * map_198;
      let map_211 = carried_18 * map_199;
      let partial_212 = map_200 + map_201;
      let partial_213 = partial_212.x + partial_212.y + (partial_212.z + partial_212.w);
      let partial_214 = map_202 + map_203;
      let partial_215 = partial_214.x + partial_214.y + (partial_214.z + partial_214.w);
      let partial_216 = map_204 + map_205;
      let partial_217 = partial_216.x + partial_216.y + (partial_216.z + partial_216.w);
      let partial_218 = map_206 + map_207;
      let partial_219 = partial_218.x + partial_218.y + (partial_218.z + partial_218.w);
      carried_15 = map_208 + partial_213;
      carried_16 = map_209 + partial_215;
      carried_17 = map_210 + partial_217;
      carried_18 = map_211 + partial_219;
      chosen_107 = carried_19 * map_196;
      chosen_108 = carried_20 * map_197;
      chosen_109 = carried_21 * map_198;
      chosen_110 = carried_22 * map_199;
      workgroupBarrier();
      if (row_121 < 32) {
        decode_arena[line_228 - 8 + thread_column + 322] = map_200;
        decode_arena[line_228 - 8 + (thread_column + 4) + 322] = map_201;
      }
      if (row_121 + 1 < 32) {
        decode_arena[line_228 + thread_column + 322] = map_202;
        decode_arena[line_228 + (thread_column + 4) + 322] = map_203;
      }
      if (row_121 + 2 < 32) {
        decode_arena[line_228 + 8 + thread_column + 322] = map_204;
        decode_arena[line_228 + 8 + (thread_column + 4) + 322] = map_205;
      }
      if (row_121 + 3 < 32) {
        decode_arena[line_228 + 16 + thread_column + 322] = map_206;
        decode_arena[line_228 + 16 + (thread_column + 4) + 322] = map_207;
      }
      for (var n_234 = thread; n_234 < 32; n_234 += 32) {
        let at_235 = J_26 - 1 + n_234;
        decode_arena[n_234 + 578] = load_v(block_3, 0, at_235, 0);
      }
      workgroupBarrier();
      for (var k_236 = 0; k_236 < 8; k_236++) {
        let chunk_237 = k_236 * 4;
        let right_238 = decode_arena[thread_column + chunk_237 + 578];
        let right_239 = decode_arena[thread_column + chunk_237 + 579];
        let right_240 = decode_arena[thread_column + chunk_237 + 580];
        let right_241 = decode_arena[thread_column + chunk_237 + 581];
        let left_242 = decode_arena[line_228 + k_236 + 314];
        chosen_107 += left_242.x * right_238;
        chosen_107 += left_242.y * right_239;
        chosen_107 += left_242.z * right_240;
        chosen_107 += left_242.w * right_241;
        let left_243 = decode_arena[line_228 + k_236 + 322];
        chosen_108 += left_243.x * right_238;
        chosen_108 += left_243.y * right_239;
        chosen_108 += left_243.z * right_240;
        chosen_108 += left_243.w * right_241;
        let left_244 = decode_arena[line_228 + k_236 + 330];
        chosen_109 += left_244.x * right_238;
        chosen_109 += left_244.y * right_239;
        chosen_109 += left_244.z * right_240;
        chosen_109 += left_244.w * right_241;
        let left_245 = decode_arena[line_228 + k_236 + 338];
        chosen_110 += left_245.x * right_238;
        chosen_110 += left_245.y * right_239;
        chosen_110 += left_245.z * right_240;
        chosen_110 += left_245.w * right_241;
      }
    }
    carried_11 = chosen_99;
    carried_12 = chosen_100;
    carried_13 = chosen_101;
    carried_14 = chosen_102;
    carried_19 = chosen_107;
    carried_20 = chosen_108;
    carried_21 = chosen_109;
    carried_22 = chosen_110;
  }
  workgroupBarrier();
  decode_arena[row_50 + thread_column + 322] = vec4f(carried_15, carried_16, carried_17, carried_18);
  workgroupBarrier();
  let sum_246 = decode_arena[row_50 + 322] + decode_arena[row_50 + 1 + 322] + decode_arena[row_50 + 2 + 322] + decode_arena[row_50 + 3 + 322];
  let map_247 = select(1.0 / sum_246.x, 0.0, sum_246.x == 0.0);
  let map_248 = select(1.0 / sum_246.y, 0.0, sum_246.y == 0.0);
  let map_249 = select(1.0 / sum_246.z, 0.0, sum_246.z == 0.0);
  let map_250 = select(1.0 / sum_246.w, 0.0, sum_246.w == 0.0);
  let map_251 = carried_19 * map_247;
  let map_252 = carried_20 * map_248;
  let map_253 = carried_21 * map_249;
  let map_254 = carried_22 * map_250;
  let i_255 = I_4 - 1 + row_121;
  if (row_121 < 32 && column_64 < 4) {
    store_out(block_3, 0, i_255, thread_column, map_251);
  }
  if (row_121 + 1 < 32 && column_64 < 4) {
    store_out(block_3, 0, i_255 + 1, thread_column, map_252);
  }
  if (row_121 + 2 < 32 && column_64 < 4) {
    store_out(block_3, 0, i_255 + 2, thread_column, map_253);
  }
  if (row_121 + 3 < 32 && column_64 < 4) {
    store_out(block_3, 0, i_255 + 3, thread_column, map_254);
  }
  let map_256 = carried_11 + logarithm(select(-1.0, sum_246.x, sum_246.x <= 1e+30));
  let map_257 = carried_12 + logarithm(select(-1.0, sum_246.y, sum_246.y <= 1e+30));
  let map_258 = carried_13 + logarithm(select(-1.0, sum_246.z, sum_246.z <= 1e+30));
  let map_259 = carried_14 + logarithm(select(-1.0, sum_246.w, sum_246.w <= 1e+30));
  if (thread_column == 0 && row_121 < 32) {
    store_lse(block_3, 0, i_255, map_256);
  }
  if (thread_column == 0 && row_121 + 1 < 32) {
    store_lse(block_3, 0, i_255 + 1, map_257);
  }
  if (thread_column == 0 && row_121 + 2 < 32) {
    store_lse(block_3, 0, i_255 + 2, map_258);
  }
  if (thread_column == 0 && row_121 + 3 < 32) {
    store_lse(block_3, 0, i_255 + 3, map_259);
  }
}
