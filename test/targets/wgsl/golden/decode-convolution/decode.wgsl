// decode, compiled by heddle golden to WGSL: f32, no subgroups, threads decode 8 × 4.
// heads=1 kvHeads=1 headDim=4 queryKernel=2 keyKernel=3
// Hash 222bf4e6f5dc966a of all below. Made by a compiler: change the spec, not this file.

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
  var carried_31 = vec4f(0.0);
  var carried_32 = vec4f(0.0);
  var carried_33 = vec4f(0.0);
  var carried_34 = vec4f(0.0);
  var carried_23 = bitcast<f32>(launch.minus_infinity);
  var carried_24 = bitcast<f32>(launch.minus_infinity);
  var carried_25 = bitcast<f32>(launch.minus_infinity);
  var carried_26 = bitcast<f32>(launch.minus_infinity);
  var carried_27 = 0.0;
  var carried_28 = 0.0;
  var carried_29 = 0.0;
  var carried_30 = 0.0;
  for (var n_35 = thread; n_35 < 32; n_35 += 32) {
    let at_36 = I_4 - 1 + n_35;
    decode_arena[n_35 + 290] = load_q(block_3, 0, at_36, 0);
  }
  let end_37 = min(launch.keys, I_4 + 31) + 1;
  for (var J_38 = 0; J_38 < end_37; J_38 += 32) {
    let from_39 = I_4 - 1;
    let is_full_40 = (J_38 + 31 - from_39 <= 0) && ((launch.keys - launch.queries - from_39 <= 0) && (J_38 + 31 - launch.keys < 0));
    let is_empty_41 = (J_38 - (from_39 + 31) > 0) || ((launch.keys - launch.queries - (from_39 + 31) > 0) || (J_38 - launch.keys >= 0));
    var chosen_42 = vec4f();
    var chosen_43 = vec4f();
    var chosen_44 = vec4f();
    var chosen_45 = vec4f();
    var chosen_46 = vec4f();
    var chosen_47 = vec4f();
    var chosen_48 = vec4f();
    var chosen_49 = vec4f();
    if (is_empty_41) {
      chosen_42 = vec4f(0.0);
      chosen_43 = vec4f(0.0);
      chosen_44 = vec4f(0.0);
      chosen_45 = vec4f(0.0);
      chosen_46 = vec4f(0.0);
      chosen_47 = vec4f(0.0);
      chosen_48 = vec4f(0.0);
      chosen_49 = vec4f(0.0);
    }
    else {
      var product_58 = vec4f(0.0);
      var product_59 = vec4f(0.0);
      var product_60 = vec4f(0.0);
      var product_61 = vec4f(0.0);
      var product_62 = vec4f(0.0);
      var product_63 = vec4f(0.0);
      var product_64 = vec4f(0.0);
      var product_65 = vec4f(0.0);
      workgroupBarrier();
      for (var n_67 = thread; n_67 < 32; n_67 += 32) {
        let at_68 = J_38 + n_67;
        decode_arena[n_67 + (n_67 >> 2u) + 322] = load_k(block_3, 0, at_68, 0);
      }
      workgroupBarrier();
      let row_70 = thread_row * 4;
      let right_71 = thread_column * 5;
      for (var k_69 = 0; k_69 < 1; k_69++) {
        let right_72 = decode_arena[right_71 + k_69 + 322];
        let right_73 = decode_arena[right_71 + k_69 + 323];
        let right_74 = decode_arena[right_71 + k_69 + 324];
        let right_75 = decode_arena[right_71 + k_69 + 325];
        let right_76 = decode_arena[right_71 + k_69 + 342];
        let right_77 = decode_arena[right_71 + k_69 + 343];
        let right_78 = decode_arena[right_71 + k_69 + 344];
        let right_79 = decode_arena[right_71 + k_69 + 345];
        let left_80 = decode_arena[row_70 + k_69 + 290];
        product_58 += vec4f(dot(left_80, right_72), dot(left_80, right_73), dot(left_80, right_74), dot(left_80, right_75));
        product_59 += vec4f(dot(left_80, right_76), dot(left_80, right_77), dot(left_80, right_78), dot(left_80, right_79));
        let left_81 = decode_arena[row_70 + k_69 + 291];
        product_60 += vec4f(dot(left_81, right_72), dot(left_81, right_73), dot(left_81, right_74), dot(left_81, right_75));
        product_61 += vec4f(dot(left_81, right_76), dot(left_81, right_77), dot(left_81, right_78), dot(left_81, right_79));
        let left_82 = decode_arena[row_70 + k_69 + 292];
        product_62 += vec4f(dot(left_82, right_72), dot(left_82, right_73), dot(left_82, right_74), dot(left_82, right_75));
        product_63 += vec4f(dot(left_82, right_76), dot(left_82, right_77), dot(left_82, right_78), dot(left_82, right_79));
        let left_83 = decode_arena[row_70 + k_69 + 293];
        product_64 += vec4f(dot(left_83, right_72), dot(left_83, right_73), dot(left_83, right_74), dot(left_83, right_75));
        product_65 += vec4f(dot(left_83, right_76), dot(left_83, right_77), dot(left_83, right_78), dot(left_83, right_79));
      }
      let column_84 = thread_column * 4;
      chosen_42 = product_58 / 2.0;
      chosen_43 = product_59 / 2.0;
      chosen_44 = product_60 / 2.0;
      chosen_45 = product_61 / 2.0;
      chosen_46 = product_62 / 2.0;
      chosen_47 = product_63 / 2.0;
      chosen_48 = product_64 / 2.0;
      chosen_49 = product_65 / 2.0;
      if (!is_full_40) {
        let j_101 = J_38 + column_84;
        let j_102 = j_101 + vec4i(0, 1, 2, 3);
        let i_103 = I_4 - 1 + row_70;
        chosen_42 = select(vec4f(0.0), chosen_42, (j_102 <= vec4i(i_103)) & (vec4<bool>(launch.keys - launch.queries <= i_103) & (j_102 < vec4i(launch.keys))));
        let j_105 = j_101 + 16 + vec4i(0, 1, 2, 3);
        chosen_43 = select(vec4f(0.0), chosen_43, (j_105 <= vec4i(i_103)) & (vec4<bool>(launch.keys - launch.queries <= i_103) & (j_105 < vec4i(launch.keys))));
        chosen_44 = select(vec4f(0.0), chosen_44, (j_102 <= vec4i(i_103 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_103 + 1) & (j_102 < vec4i(launch.keys))));
        chosen_45 = select(vec4f(0.0), chosen_45, (j_105 <= vec4i(i_103 + 1)) & (vec4<bool>(launch.keys - launch.queries <= i_103 + 1) & (j_105 < vec4i(launch.keys))));
        chosen_46 = select(vec4f(0.0), chosen_46, (j_102 <= vec4i(i_103 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_103 + 2) & (j_102 < vec4i(launch.keys))));
        chosen_47 = select(vec4f(0.0), chosen_47, (j_105 <= vec4i(i_103 + 2)) & (vec4<bool>(launch.keys - launch.queries <= i_103 + 2) & (j_105 < vec4i(launch.keys))));
        chosen_48 = select(vec4f(0.0), chosen_48, (j_102 <= vec4i(i_103 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_103 + 3) & (j_102 < vec4i(launch.keys))));
        chosen_49 = select(vec4f(0.0), chosen_49, (j_105 <= vec4i(i_103 + 3)) & (vec4<bool>(launch.keys - launch.queries <= i_103 + 3) & (j_105 < vec4i(launch.keys))));
      }
    }
    workgroupBarrier();
    let to_113 = thread * 9;
    let kept_114 = decode_arena[to_113 + 8 + 2];
    workgroupBarrier();
    decode_arena[to_113 + 2] = kept_114;
    let row_115 = thread_row * 4;
    let line_116 = row_115 * 9;
    decode_arena[line_116 + thread_column + 1 + 2] = chosen_42;
    decode_arena[line_116 + thread_column + 5 + 2] = chosen_43;
    decode_arena[line_116 + thread_column + 10 + 2] = chosen_44;
    decode_arena[line_116 + thread_column + 14 + 2] = chosen_45;
    decode_arena[line_116 + thread_column + 19 + 2] = chosen_46;
    decode_arena[line_116 + thread_column + 23 + 2] = chosen_47;
    decode_arena[line_116 + thread_column + 28 + 2] = chosen_48;
    decode_arena[line_116 + thread_column + 32 + 2] = chosen_49;
    let from_117 = J_38 - 1;
    let is_full_118 = (from_117 + 31 - from_39 <= 0) && ((-from_117 <= 0) && (from_117 + 31 - launch.keys < 0));
    let is_empty_119 = (from_117 - (from_39 + 31) > 0) || ((-(from_117 + 31) > 0) || (from_117 - launch.keys >= 0));
    var chosen_120 = carried_23;
    var chosen_121 = carried_24;
    var chosen_122 = carried_25;
    var chosen_123 = carried_26;
    var chosen_128 = carried_31;
    var chosen_129 = carried_32;
    var chosen_130 = carried_33;
    var chosen_131 = carried_34;
    if (!is_empty_119) {
      workgroupBarrier();
      var chosen_184 = vec4f(0.0);
      var chosen_185 = vec4f(0.0);
      var chosen_186 = vec4f(0.0);
      var chosen_187 = vec4f(0.0);
      var chosen_188 = vec4f(0.0);
      var chosen_189 = vec4f(0.0);
      var chosen_190 = vec4f(0.0);
      var chosen_191 = vec4f(0.0);
      let weights_140 = decode_arena[0];
      let row_142 = thread_row * 4 + 1;
      let neighbourhood_143 = row_142 * 9 + thread_column;
      let ring_141 = decode_arena[neighbourhood_143 - 9 + 2];
      let ring_144 = decode_arena[neighbourhood_143 - 8 + 2];
      let window_145 = vec4f(ring_141.z, ring_141.w, ring_144.x, ring_144.y);
      chosen_184 += weights_140.x * window_145;
      let window_146 = vec4f(ring_141.w, ring_144.x, ring_144.y, ring_144.z);
      chosen_184 += weights_140.y * window_146;
      chosen_184 += weights_140.z * ring_144;
      let weights_147 = decode_arena[1];
      let ring_148 = decode_arena[neighbourhood_143 + 2];
      let ring_149 = decode_arena[neighbourhood_143 + 1 + 2];
      let window_150 = vec4f(ring_148.z, ring_148.w, ring_149.x, ring_149.y);
      chosen_184 += weights_147.x * window_150;
      let window_151 = vec4f(ring_148.w, ring_149.x, ring_149.y, ring_149.z);
      chosen_184 += weights_147.y * window_151;
      chosen_184 += weights_147.z * ring_149;
      chosen_186 += weights_140.x * window_150;
      chosen_186 += weights_140.y * window_151;
      chosen_186 += weights_140.z * ring_149;
      let ring_152 = decode_arena[neighbourhood_143 + 9 + 2];
      let ring_153 = decode_arena[neighbourhood_143 + 10 + 2];
      let window_154 = vec4f(ring_152.z, ring_152.w, ring_153.x, ring_153.y);
      chosen_186 += weights_147.x * window_154;
      let window_155 = vec4f(ring_152.w, ring_153.x, ring_153.y, ring_153.z);
      chosen_186 += weights_147.y * window_155;
      chosen_186 += weights_147.z * ring_153;
      chosen_188 += weights_140.x * window_154;
      chosen_188 += weights_140.y * window_155;
      chosen_188 += weights_140.z * ring_153;
      let ring_156 = decode_arena[neighbourhood_143 + 18 + 2];
      let ring_157 = decode_arena[neighbourhood_143 + 19 + 2];
      let window_158 = vec4f(ring_156.z, ring_156.w, ring_157.x, ring_157.y);
      chosen_188 += weights_147.x * window_158;
      let window_159 = vec4f(ring_156.w, ring_157.x, ring_157.y, ring_157.z);
      chosen_188 += weights_147.y * window_159;
      chosen_188 += weights_147.z * ring_157;
      chosen_190 += weights_140.x * window_158;
      chosen_190 += weights_140.y * window_159;
      chosen_190 += weights_140.z * ring_157;
      let ring_160 = decode_arena[neighbourhood_143 + 27 + 2];
      let ring_161 = decode_arena[neighbourhood_143 + 28 + 2];
      let window_162 = vec4f(ring_160.z, ring_160.w, ring_161.x, ring_161.y);
      chosen_190 += weights_147.x * window_162;
      let window_163 = vec4f(ring_160.w, ring_161.x, ring_161.y, ring_161.z);
      chosen_190 += weights_147.y * window_163;
      chosen_190 += weights_147.z * ring_161;
      let ring_164 = decode_arena[neighbourhood_143 - 5 + 2];
      let ring_165 = decode_arena[neighbourhood_143 - 4 + 2];
      let window_166 = vec4f(ring_164.z, ring_164.w, ring_165.x, ring_165.y);
      chosen_185 += weights_140.x * window_166;
      let window_167 = vec4f(ring_164.w, ring_165.x, ring_165.y, ring_165.z);
      chosen_185 += weights_140.y * window_167;
      chosen_185 += weights_140.z * ring_165;
      let ring_168 = decode_arena[neighbourhood_143 + 4 + 2];
      let ring_169 = decode_arena[neighbourhood_143 + 5 + 2];
      let window_170 = vec4f(ring_168.z, ring_168.w, ring_169.x, ring_169.y);
      chosen_185 += weights_147.x * window_170;
      let window_171 = vec4f(ring_168.w, ring_169.x, ring_169.y, ring_169.z);
      chosen_185 += weights_147.y * window_171;
      chosen_185 += weights_147.z * ring_169;
      chosen_187 += weights_140.x * window_170;
      chosen_187 += weights_140.y * window_171;
      chosen_187 += weights_140.z * ring_169;
      let ring_172 = decode_arena[neighbourhood_143 + 13 + 2];
      let ring_173 = decode_arena[neighbourhood_143 + 14 + 2];
      let window_174 = vec4f(ring_172.z, ring_172.w, ring_173.x, ring_173.y);
      chosen_187 += weights_147.x * window_174;
      let window_175 = vec4f(ring_172.w, ring_173.x, ring_173.y, ring_173.z);
      chosen_187 += weights_147.y * window_175;
      chosen_187 += weights_147.z * ring_173;
      chosen_189 += weights_140.x * window_174;
      chosen_189 += weights_140.y * window_175;
      chosen_189 += weights_140.z * ring_173;
      let ring_176 = decode_arena[neighbourhood_143 + 22 + 2];
      let ring_177 = decode_arena[neighbourhood_143 + 23 + 2];
      let window_178 = vec4f(ring_176.z, ring_176.w, ring_177.x, ring_177.y);
      chosen_189 += weights_147.x * window_178;
      let window_179 = vec4f(ring_176.w, ring_177.x, ring_177.y, ring_177.z);
      chosen_189 += weights_147.y * window_179;
      chosen_189 += weights_147.z * ring_177;
      chosen_191 += weights_140.x * window_178;
      chosen_191 += weights_140.y * window_179;
      chosen_191 += weights_140.z * ring_177;
      let ring_180 = decode_arena[neighbourhood_143 + 31 + 2];
      let ring_181 = decode_arena[neighbourhood_143 + 32 + 2];
      let window_182 = vec4f(ring_180.z, ring_180.w, ring_181.x, ring_181.y);
      chosen_191 += weights_147.x * window_182;
      let window_183 = vec4f(ring_180.w, ring_181.x, ring_181.y, ring_181.z);
      chosen_191 += weights_147.y * window_183;
      chosen_191 += weights_147.z * ring_181;
      if (!is_full_118) {
        let column_192 = thread_column * 4;
        let j_193 = J_38 - 1 + column_192;
        let j_194 = j_193 + vec4i(0, 1, 2, 3);
        let i_195 = I_4 - 1 + row_142;
        chosen_184 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_184, (j_194 <= vec4i(i_195)) & ((vec4i(0) <= j_194) & (j_194 < vec4i(launch.keys))));
        let j_197 = j_193 + 16 + vec4i(0, 1, 2, 3);
        chosen_185 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_185, (j_197 <= vec4i(i_195)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        chosen_186 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_186, (j_194 <= vec4i(i_195 + 1)) & ((vec4i(0) <= j_194) & (j_194 < vec4i(launch.keys))));
        chosen_187 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_187, (j_197 <= vec4i(i_195 + 1)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        chosen_188 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_188, (j_194 <= vec4i(i_195 + 2)) & ((vec4i(0) <= j_194) & (j_194 < vec4i(launch.keys))));
        chosen_189 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_189, (j_197 <= vec4i(i_195 + 2)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
        chosen_190 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_190, (j_194 <= vec4i(i_195 + 3)) & ((vec4i(0) <= j_194) & (j_194 < vec4i(launch.keys))));
        chosen_191 = select(vec4f(bitcast<f32>(launch.minus_infinity)), chosen_191, (j_197 <= vec4i(i_195 + 3)) & ((vec4i(0) <= j_197) & (j_197 < vec4i(launch.keys))));
      }
      let partial_205 = max(chosen_184, chosen_185);
      let partial_206 = max(max(partial_205.x, partial_205.y), max(partial_205.z, partial_205.w));
      let partial_207 = max(chosen_186, chosen_187);
      let partial_208 = max(max(partial_207.x, partial_207.y), max(partial_207.z, partial_207.w));
      let partial_209 = max(chosen_188, chosen_189);
      let partial_210 = max(max(partial_209.x, partial_209.y), max(partial_209.z, partial_209.w));
      let partial_211 = max(chosen_190, chosen_191);
      let partial_212 = max(max(partial_211.x, partial_211.y), max(partial_211.z, partial_211.w));
      decode_arena[row_115 + thread_column + 322] = vec4f(partial_206, partial_208, partial_210, partial_212);
      workgroupBarrier();
      let max_213 = max(max(max(decode_arena[row_115 + 322], decode_arena[row_115 + 1 + 322]), decode_arena[row_115 + 2 + 322]), decode_arena[row_115 + 3 + 322]);
      chosen_120 = maximum(carried_23, max_213.x);
      chosen_121 = maximum(carried_24, max_213.y);
      chosen_122 = maximum(carried_25, max_213.z);
      chosen_123 = maximum(carried_26, max_213.w);
      let map_218 = exponential_difference(carried_23, chosen_120);
      let map_219 = exponential_difference(carried_24, chosen_121);
      let map_220 = exponential_difference(carried_25, chosen_122);
      let map_221 = exponential_difference(carried_26, chosen_123);
      let map_223 = exponential_difference_wide(chosen_184, vec4f(chosen_120));
      let map_224 = exponential_difference_wide(chosen_185, vec4f(chosen_120));
      let map_225 = exponential_difference_wide(chosen_186, vec4f(chosen_121));
      let map_226 = exponential_difference_wide(chosen_187, vec4f(chosen_121));
      let map_227 = exponential_difference_wide(chosen_188, vec4f(chosen_122));
      let map_228 = exponential_difference_wide(chosen_189, vec4f(chosen_122));
      let map_229 = exponential_difference_wide(chosen_190, vec4f(chosen_123));
      let map_230 = exponential_difference_wide(chosen_191, vec4f(chosen_123));
      let map_231 = carried_27 * map_218;
      let map_232 = carried_28 * map_219;
      let map_233 = carried_29 * map_220;
      let map_234 = carried_30 * map_221;
      let partial_235 = map_223 + map_224;
      let partial_236 = partial_235.x + partial_235.y + (partial_235.z + partial_235.w);
      let partial_237 = map_225 + map_226;
      let partial_238 = partial_237.x + partial_237.y + (partial_237.z + partial_237.w);
      let partial_239 = map_227 + map_228;
      let partial_240 = partial_239.x + partial_239.y + (partial_239.z + partial_239.w);
      let partial_241 = map_229 + map_230;
      let partial_242 = partial_241.x + partial_241.y + (partial_241.z + partial_241.w);
      carried_27 = map_231 + partial_236;
      carried_28 = map_232 + partial_238;
      carried_29 = map_233 + partial_240;
      carried_30 = map_234 + partial_242;
      chosen_128 = carried_31 * map_218;
      chosen_129 = carried_32 * map_219;
      chosen_130 = carried_33 * map_220;
      chosen_131 = carried_34 * map_221;
      workgroupBarrier();
      let line_251 = row_142 * 8;
      if (row_142 < 32) {
        decode_arena[line_251 - 8 + thread_column + 322] = map_223;
        decode_arena[line_251 - 8 + (thread_column + 4) + 322] = map_224;
      }
      if (row_142 + 1 < 32) {
        decode_arena[line_251 + thread_column + 322] = map_225;
        decode_arena[line_251 + (thread_column + 4) + 322] = map_226;
      }
      if (row_142 + 2 < 32) {
        decode_arena[line_251 + 8 + thread_column + 322] = map_227;
        decode_arena[line_251 + 8 + (thread_column + 4) + 322] = map_228;
      }
      if (row_142 + 3 < 32) {
        decode_arena[line_251 + 16 + thread_column + 322] = map_229;
        decode_arena[line_251 + 16 + (thread_column + 4) + 322] = map_230;
      }
      for (var n_257 = thread; n_257 < 32; n_257 += 32) {
        let at_258 = J_38 - 1 + n_257;
        decode_arena[n_257 + 578] = load_v(block_3, 0, at_258, 0);
      }
      workgroupBarrier();
      for (var k_259 = 0; k_259 < 8; k_259++) {
        let chunk_260 = k_259 * 4;
        let right_261 = decode_arena[thread_column + chunk_260 + 578];
        let right_262 = decode_arena[thread_column + chunk_260 + 579];
        let right_263 = decode_arena[thread_column + chunk_260 + 580];
        let right_264 = decode_arena[thread_column + chunk_260 + 581];
        let left_265 = decode_arena[line_251 + k_259 + 314];
        chosen_128 += left_265.x * right_261;
        chosen_128 += left_265.y * right_262;
        chosen_128 += left_265.z * right_263;
        chosen_128 += left_265.w * right_264;
        let left_266 = decode_arena[line_251 + k_259 + 322];
        chosen_129 += left_266.x * right_261;
        chosen_129 += left_266.y * right_262;
        chosen_129 += left_266.z * right_263;
        chosen_129 += left_266.w * right_264;
        let left_267 = decode_arena[line_251 + k_259 + 330];
        chosen_130 += left_267.x * right_261;
        chosen_130 += left_267.y * right_262;
        chosen_130 += left_267.z * right_263;
        chosen_130 += left_267.w * right_264;
        let left_268 = decode_arena[line_251 + k_259 + 338];
        chosen_131 += left_268.x * right_261;
        chosen_131 += left_268.y * right_262;
        chosen_131 += left_268.z * right_263;
        chosen_131 += left_268.w * right_264;
      }
    }
    carried_23 = chosen_120;
    carried_24 = chosen_121;
    carried_25 = chosen_122;
    carried_26 = chosen_123;
    carried_31 = chosen_128;
    carried_32 = chosen_129;
    carried_33 = chosen_130;
    carried_34 = chosen_131;
  }
  workgroupBarrier();
  let line_269 = thread_row * 4;
  decode_arena[line_269 + thread_column + 322] = vec4f(carried_27, carried_28, carried_29, carried_30);
  workgroupBarrier();
  let sum_270 = decode_arena[line_269 + 322] + decode_arena[line_269 + 1 + 322] + decode_arena[line_269 + 2 + 322] + decode_arena[line_269 + 3 + 322];
  let row_271 = thread_row * 4 + 1;
  let map_272 = select(1.0 / sum_270.x, 0.0, sum_270.x == 0.0);
  let map_273 = select(1.0 / sum_270.y, 0.0, sum_270.y == 0.0);
  let map_274 = select(1.0 / sum_270.z, 0.0, sum_270.z == 0.0);
  let map_275 = select(1.0 / sum_270.w, 0.0, sum_270.w == 0.0);
  let column_276 = thread_column * 4;
  let map_277 = carried_31 * map_272;
  let map_278 = carried_32 * map_273;
  let map_279 = carried_33 * map_274;
  let map_280 = carried_34 * map_275;
  let i_281 = I_4 - 1 + row_271;
  if (row_271 < 32 && column_276 < 4) {
    store_out(block_3, 0, i_281, thread_column, map_277);
  }
  if (row_271 + 1 < 32 && column_276 < 4) {
    store_out(block_3, 0, i_281 + 1, thread_column, map_278);
  }
  if (row_271 + 2 < 32 && column_276 < 4) {
    store_out(block_3, 0, i_281 + 2, thread_column, map_279);
  }
  if (row_271 + 3 < 32 && column_276 < 4) {
    store_out(block_3, 0, i_281 + 3, thread_column, map_280);
  }
  let map_282 = carried_23 + logarithm(select(-1.0, sum_270.x, sum_270.x <= 1e+30));
  let map_283 = carried_24 + logarithm(select(-1.0, sum_270.y, sum_270.y <= 1e+30));
  let map_284 = carried_25 + logarithm(select(-1.0, sum_270.z, sum_270.z <= 1e+30));
  let map_285 = carried_26 + logarithm(select(-1.0, sum_270.w, sum_270.w <= 1e+30));
  if (thread_column == 0 && row_271 < 32) {
    store_lse(block_3, 0, i_281, map_282);
  }
  if (thread_column == 0 && row_271 + 1 < 32) {
    store_lse(block_3, 0, i_281 + 1, map_283);
  }
  if (thread_column == 0 && row_271 + 2 < 32) {
    store_lse(block_3, 0, i_281 + 2, map_284);
  }
  if (thread_column == 0 && row_271 + 3 < 32) {
    store_lse(block_3, 0, i_281 + 3, map_285);
  }
}
