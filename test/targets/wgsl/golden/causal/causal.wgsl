// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4, causal_split_decode 1 × 32, causal_combine_decode 4 × 8, causal_split_decode2 1 × 32, causal_combine_decode2 4 × 8, causal_online2 8 × 8.
// heads=2 headDim=8
// Hash cc45cf5f43056dae of all below. Made by a compiler: change the spec, not this file.

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
  causal_maxima_offset: i32,
  causal_maxima_stride_0: i32,
  causal_maxima_stride_1: i32,
  causal_maxima_stride_2: i32,
  causal_sums_offset: i32,
  causal_sums_stride_0: i32,
  causal_sums_stride_1: i32,
  causal_sums_stride_2: i32,
  causal_shares_of_8_offset: i32,
  causal_shares_of_8_stride_0: i32,
  causal_shares_of_8_stride_1: i32,
  causal_shares_of_8_stride_2: i32,
  causal_shares_of_8_stride_3: i32,
  causal_maxima2_offset: i32,
  causal_maxima2_stride_0: i32,
  causal_maxima2_stride_1: i32,
  causal_maxima2_stride_2: i32,
  causal_sums2_offset: i32,
  causal_sums2_stride_0: i32,
  causal_sums2_stride_1: i32,
  causal_sums2_stride_2: i32,
  causal_shares_of_8_2_offset: i32,
  causal_shares_of_8_2_stride_0: i32,
  causal_shares_of_8_2_stride_1: i32,
  causal_shares_of_8_2_stride_2: i32,
  causal_shares_of_8_2_stride_3: i32,
}
@group(0) @binding(0) var<uniform> launch: Launch;

@group(0) @binding(1) var<storage, read> q_data: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k_data: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v_data: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> lse_data: array<f32>;
@group(0) @binding(6) var<storage, read_write> causal_maxima_data: array<f32>;
@group(0) @binding(7) var<storage, read_write> causal_sums_data: array<f32>;
@group(0) @binding(8) var<storage, read_write> causal_shares_of_8_data: array<vec4<f32>>;
@group(0) @binding(9) var<storage, read_write> causal_maxima2_data: array<f32>;
@group(0) @binding(10) var<storage, read_write> causal_sums2_data: array<f32>;
@group(0) @binding(11) var<storage, read_write> causal_shares_of_8_2_data: array<vec4<f32>>;

fn saturated(x: i32, size: f32) -> i32 {
  let is_above = (size > f32(2.5e9)) | ((size > f32(1e9)) & (x < i32(0)));
  let is_below = (size < f32(-2.5e9)) | ((size < f32(-1e9)) & (x > i32(0)));
  return select(select(x, i32(2147483647), is_above), i32(-2147483647), is_below);
}

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

fn floor_divide(x: i32, y: i32) -> i32 {
  let is_below = select(i32(0), i32(1), x < i32(0));
  return (x + is_below) / y - is_below;
}

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), bitcast<u32>(x) == u32(0xff800000u));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), bitcast<vec4u>(x) == vec4u(0xff800000u));
}

fn store_out(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: vec4f) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if ((u32(at_2) < u32(launch.rows)) & (u32(x_3) < 2u)) {
    out_data[launch.out_offset + x_0 * launch.out_stride_0 + x_1 * launch.out_stride_1 + at_2 * launch.out_stride_2 + x_3] = value;
  }
}

fn store_lse(x_0: i32, x_1: i32, x_2: i32, value: f32) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows)) {
    lse_data[launch.lse_offset + x_0 * launch.lse_stride_0 + x_1 * launch.lse_stride_1 + at_2] = value;
  }
}

fn load_q(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> vec4f {
  let at_2 = x_2 - (launch.keys - launch.queries);
  var loaded = vec4f();
  if ((u32(at_2) < u32(launch.queries)) & (u32(x_3) < 2u)) {
    loaded = q_data[launch.q_offset + x_0 * launch.q_stride_0 + x_1 * launch.q_stride_1 + at_2 * launch.q_stride_2 + x_3];
  }
  return loaded;
}

fn store_causal_maxima(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    causal_maxima_data[launch.causal_maxima_offset + x_0 * launch.causal_maxima_stride_0 + x_1 * launch.causal_maxima_stride_1 + x_2 * launch.causal_maxima_stride_2 + at_3] = value;
  }
}

fn store_causal_sums(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    causal_sums_data[launch.causal_sums_offset + x_0 * launch.causal_sums_stride_0 + x_1 * launch.causal_sums_stride_1 + x_2 * launch.causal_sums_stride_2 + at_3] = value;
  }
}

fn store_causal_shares_of_8(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32, value: vec4f) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 2u)) {
    causal_shares_of_8_data[launch.causal_shares_of_8_offset + x_0 * launch.causal_shares_of_8_stride_0 + x_1 * launch.causal_shares_of_8_stride_1 + x_2 * launch.causal_shares_of_8_stride_2 + at_3 * launch.causal_shares_of_8_stride_3 + x_4] = value;
  }
}

fn load_causal_maxima(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = causal_maxima_data[launch.causal_maxima_offset + x_0 * launch.causal_maxima_stride_0 + x_1 * launch.causal_maxima_stride_1 + x_2 * launch.causal_maxima_stride_2 + at_3];
  }
  return loaded;
}

fn load_causal_sums(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = causal_sums_data[launch.causal_sums_offset + x_0 * launch.causal_sums_stride_0 + x_1 * launch.causal_sums_stride_1 + x_2 * launch.causal_sums_stride_2 + at_3];
  }
  return loaded;
}

fn load_causal_shares_of_8(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32) -> vec4f {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = vec4f();
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 2u)) {
    loaded = causal_shares_of_8_data[launch.causal_shares_of_8_offset + x_0 * launch.causal_shares_of_8_stride_0 + x_1 * launch.causal_shares_of_8_stride_1 + x_2 * launch.causal_shares_of_8_stride_2 + at_3 * launch.causal_shares_of_8_stride_3 + x_4];
  }
  return loaded;
}

fn store_causal_maxima2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    causal_maxima2_data[launch.causal_maxima2_offset + x_0 * launch.causal_maxima2_stride_0 + x_1 * launch.causal_maxima2_stride_1 + x_2 * launch.causal_maxima2_stride_2 + at_3] = value;
  }
}

fn store_causal_sums2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    causal_sums2_data[launch.causal_sums2_offset + x_0 * launch.causal_sums2_stride_0 + x_1 * launch.causal_sums2_stride_1 + x_2 * launch.causal_sums2_stride_2 + at_3] = value;
  }
}

fn store_causal_shares_of_8_2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32, value: vec4f) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 2u)) {
    causal_shares_of_8_2_data[launch.causal_shares_of_8_2_offset + x_0 * launch.causal_shares_of_8_2_stride_0 + x_1 * launch.causal_shares_of_8_2_stride_1 + x_2 * launch.causal_shares_of_8_2_stride_2 + at_3 * launch.causal_shares_of_8_2_stride_3 + x_4] = value;
  }
}

fn load_causal_maxima2(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = causal_maxima2_data[launch.causal_maxima2_offset + x_0 * launch.causal_maxima2_stride_0 + x_1 * launch.causal_maxima2_stride_1 + x_2 * launch.causal_maxima2_stride_2 + at_3];
  }
  return loaded;
}

fn load_causal_sums2(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = causal_sums2_data[launch.causal_sums2_offset + x_0 * launch.causal_sums2_stride_0 + x_1 * launch.causal_sums2_stride_1 + x_2 * launch.causal_sums2_stride_2 + at_3];
  }
  return loaded;
}

fn load_causal_shares_of_8_2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32) -> vec4f {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = vec4f();
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 2u)) {
    loaded = causal_shares_of_8_2_data[launch.causal_shares_of_8_2_offset + x_0 * launch.causal_shares_of_8_2_stride_0 + x_1 * launch.causal_shares_of_8_2_stride_1 + x_2 * launch.causal_shares_of_8_2_stride_2 + at_3 * launch.causal_shares_of_8_2_stride_3 + x_4];
  }
  return loaded;
}

fn update_product(first: i32, product: ptr<function, vec4f>, inside: vec4<bool>, product2: ptr<function, vec4f>, inside2: vec4<bool>) {
  let inside3 = u32(first) < u32(launch.queries);
  *product = select(vec4f(), (*product), inside & vec4<bool>(inside3));
  *product2 = select(vec4f(), (*product2), inside2 & vec4<bool>(inside3));
}

fn carried_of(carried: f32, map: f32, map2: vec4f, map3: vec4f) -> f32 {
  let map4 = carried * map;
  let partial2 = map2 + map3;
  let partial3 = partial2.x + partial2.y + (partial2.z + partial2.w);
  return map4 + partial3;
}

fn update_product2(product: ptr<function, vec4f>, left: vec4f, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  *product += vec4f(dot(left, right), dot(left, right2), dot(left, right3), dot(left, right4));
}

fn partial_of(chosen: vec4f, chosen2: vec4f) -> f32 {
  let partial2 = max(chosen, chosen2);
  return max(max(partial2.x, partial2.y), max(partial2.z, partial2.w));
}

fn chosen_of(minus_infinity: f32, chosen: vec4f, j: vec4i, i: i32) -> vec4f {
  return select(vec4f(minus_infinity), chosen, (j <= vec4i(i)) & (j < vec4i(launch.keys)));
}

fn update_chosen(line: i32, chosen: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  let left = causal_arena[line];
  *chosen += left.x * right;
  *chosen += left.y * right2;
  *chosen += left.z * right3;
  *chosen += left.w * right4;
}

fn store_out_each(sum: f32, carried: vec4f, column: i32, block: i32, block2: i32, i: i32, thread_column: i32) {
  let map = select(1.0 / sum, 0.0, sum == 0.0);
  let map2 = carried * map;
  if (column < 8) {
    store_out(block, block2, i, thread_column, map2);
  }
}

var<workgroup> causal_arena: array<vec4f, 288>;

@compute @workgroup_size(32)
fn causal(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row = thread_row * 4;
  let column = thread_column * 4;
  let line = row * 8;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = (launch.keys - (launch.keys - launch.rows) + 31) / 32;
  let block2 = block % blocks;
  let block3 = block / blocks;
  let I = block2 * 32 + (launch.keys - launch.rows);
  let block4 = block3 % 2;
  let block5 = block3 / 2;
  if (block5 >= launch.batch) {
    return;
  }
  var carried = minus_infinity;
  var carried2 = minus_infinity;
  var carried3 = minus_infinity;
  var carried4 = minus_infinity;
  var carried5 = 0.0;
  var carried6 = 0.0;
  var carried7 = 0.0;
  var carried8 = 0.0;
  var carried9 = vec4f();
  var carried10 = vec4f();
  var carried11 = vec4f();
  var carried12 = vec4f();
  let end = min(launch.keys, I + 32);
  for (var J = 0; J < end; J += 32) {
    let is_full = (J + 31 - I <= 0) && (J + 31 - launch.keys < 0);
    let is_empty = (J - (I + 31) > 0) || (J - launch.keys >= 0);
    var chosen = carried;
    var chosen2 = carried2;
    var chosen3 = carried3;
    var chosen4 = carried4;
    var chosen5 = carried9;
    var chosen6 = carried10;
    var chosen7 = carried11;
    var chosen8 = carried12;
    if (!is_empty) {
      var product = vec4f();
      var product2 = vec4f();
      var product3 = vec4f();
      var product4 = vec4f();
      var product5 = vec4f();
      var product6 = vec4f();
      var product7 = vec4f();
      var product8 = vec4f();
      let i = I + row;
      let first = i - (launch.keys - launch.queries);
      let place = launch.q_offset + block5 * launch.q_stride_0 + block4 * launch.q_stride_1 + first * launch.q_stride_2;
      let place2 = place + launch.q_stride_2;
      let place3 = place2 + launch.q_stride_2;
      let place4 = place3 + launch.q_stride_2;
      let j = J + column;
      let place5 = launch.k_offset + block5 * launch.k_stride_0 + block4 * launch.k_stride_1 + j * launch.k_stride_2;
      let place6 = place5 + launch.k_stride_2;
      let place7 = place6 + launch.k_stride_2;
      let place8 = place7 + launch.k_stride_2;
      let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      let place9 = place5 + 16 * launch.k_stride_2;
      let place10 = place9 + launch.k_stride_2;
      let place11 = place10 + launch.k_stride_2;
      let place12 = place11 + launch.k_stride_2;
      let inside2 = vec4u(j + 16 + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      for (var k = 0; k < 2; k++) {
        let right = k_data[place5 + k];
        let right2 = k_data[place6 + k];
        let right3 = k_data[place7 + k];
        let right4 = k_data[place8 + k];
        let right5 = k_data[place9 + k];
        let right6 = k_data[place10 + k];
        let right7 = k_data[place11 + k];
        let right8 = k_data[place12 + k];
        let left = q_data[place + k];
        update_product2(&product, left, right, right2, right3, right4);
        update_product2(&product2, left, right5, right6, right7, right8);
        let left2 = q_data[place2 + k];
        update_product2(&product3, left2, right, right2, right3, right4);
        update_product2(&product4, left2, right5, right6, right7, right8);
        let left3 = q_data[place3 + k];
        update_product2(&product5, left3, right, right2, right3, right4);
        update_product2(&product6, left3, right5, right6, right7, right8);
        let left4 = q_data[place4 + k];
        update_product2(&product7, left4, right, right2, right3, right4);
        update_product2(&product8, left4, right5, right6, right7, right8);
      }
      update_product(first, &product, inside, &product2, inside2);
      update_product(first + 1, &product3, inside, &product4, inside2);
      update_product(first + 2, &product5, inside, &product6, inside2);
      update_product(first + 3, &product7, inside, &product8, inside2);
      var chosen9 = product / 2.828427;
      var chosen10 = product2 / 2.828427;
      var chosen11 = product3 / 2.828427;
      var chosen12 = product4 / 2.828427;
      var chosen13 = product5 / 2.828427;
      var chosen14 = product6 / 2.828427;
      var chosen15 = product7 / 2.828427;
      var chosen16 = product8 / 2.828427;
      if (!is_full) {
        let j2 = j + vec4i(0, 1, 2, 3);
        chosen9 = chosen_of(minus_infinity, chosen9, j2, i);
        let j3 = j + 16 + vec4i(0, 1, 2, 3);
        chosen10 = chosen_of(minus_infinity, chosen10, j3, i);
        chosen11 = chosen_of(minus_infinity, chosen11, j2, i + 1);
        chosen12 = chosen_of(minus_infinity, chosen12, j3, i + 1);
        chosen13 = chosen_of(minus_infinity, chosen13, j2, i + 2);
        chosen14 = chosen_of(minus_infinity, chosen14, j3, i + 2);
        chosen15 = chosen_of(minus_infinity, chosen15, j2, i + 3);
        chosen16 = chosen_of(minus_infinity, chosen16, j3, i + 3);
      }
      let partial2 = partial_of(chosen9, chosen10);
      let partial3 = partial_of(chosen11, chosen12);
      let partial4 = partial_of(chosen13, chosen14);
      let partial5 = partial_of(chosen15, chosen16);
      causal_arena[row + thread_column] = vec4f(partial2, partial3, partial4, partial5);
      workgroupBarrier();
      let max2 = max(max(max(causal_arena[row], causal_arena[row + 1]), causal_arena[row + 2]), causal_arena[row + 3]);
      chosen = maximum(carried, max2.x);
      chosen2 = maximum(carried2, max2.y);
      chosen3 = maximum(carried3, max2.z);
      chosen4 = maximum(carried4, max2.w);
      let map = exponential_difference(carried, chosen);
      let map2 = exponential_difference(carried2, chosen2);
      let map3 = exponential_difference(carried3, chosen3);
      let map4 = exponential_difference(carried4, chosen4);
      let map5 = exponential_difference_wide(chosen9, vec4f(chosen));
      let map6 = exponential_difference_wide(chosen10, vec4f(chosen));
      let map7 = exponential_difference_wide(chosen11, vec4f(chosen2));
      let map8 = exponential_difference_wide(chosen12, vec4f(chosen2));
      let map9 = exponential_difference_wide(chosen13, vec4f(chosen3));
      let map10 = exponential_difference_wide(chosen14, vec4f(chosen3));
      let map11 = exponential_difference_wide(chosen15, vec4f(chosen4));
      let map12 = exponential_difference_wide(chosen16, vec4f(chosen4));
      carried5 = carried_of(carried5, map, map5, map6);
      carried6 = carried_of(carried6, map2, map7, map8);
      carried7 = carried_of(carried7, map3, map9, map10);
      carried8 = carried_of(carried8, map4, map11, map12);
      chosen5 = carried9 * map;
      chosen6 = carried10 * map2;
      chosen7 = carried11 * map3;
      chosen8 = carried12 * map4;
      causal_arena[line + thread_column + 32] = map5;
      causal_arena[line + (thread_column + 4) + 32] = map6;
      causal_arena[line + 8 + thread_column + 32] = map7;
      causal_arena[line + 8 + (thread_column + 4) + 32] = map8;
      causal_arena[line + 16 + thread_column + 32] = map9;
      causal_arena[line + 16 + (thread_column + 4) + 32] = map10;
      causal_arena[line + 24 + thread_column + 32] = map11;
      causal_arena[line + 24 + (thread_column + 4) + 32] = map12;
      workgroupBarrier();
      let place13 = launch.v_offset + block5 * launch.v_stride_0 + block4 * launch.v_stride_1 + J * launch.v_stride_2 + thread_column;
      if (thread_column < 2) {
        for (var k2 = 0; k2 < 8; k2++) {
          let entry = k2 * 4;
          let place14 = place13 + entry * launch.v_stride_2;
          let at = J + entry;
          let right9 = select(vec4f(), v_data[place14], u32(at) < u32(launch.keys));
          let place15 = place14 + launch.v_stride_2;
          let right10 = select(vec4f(), v_data[place15], u32(at + 1) < u32(launch.keys));
          let place16 = place15 + launch.v_stride_2;
          let right11 = select(vec4f(), v_data[place16], u32(at + 2) < u32(launch.keys));
          let place17 = place16 + launch.v_stride_2;
          let right12 = select(vec4f(), v_data[place17], u32(at + 3) < u32(launch.keys));
          update_chosen(line + k2 + 32, &chosen5, right9, right10, right11, right12);
          update_chosen(line + k2 + 40, &chosen6, right9, right10, right11, right12);
          update_chosen(line + k2 + 48, &chosen7, right9, right10, right11, right12);
          update_chosen(line + k2 + 56, &chosen8, right9, right10, right11, right12);
        }
      }
    }
    carried = chosen;
    carried2 = chosen2;
    carried3 = chosen3;
    carried4 = chosen4;
    carried9 = chosen5;
    carried10 = chosen6;
    carried11 = chosen7;
    carried12 = chosen8;
  }
  workgroupBarrier();
  causal_arena[row + thread_column] = vec4f(carried5, carried6, carried7, carried8);
  workgroupBarrier();
  let sum = causal_arena[row] + causal_arena[row + 1] + causal_arena[row + 2] + causal_arena[row + 3];
  let i2 = I + row;
  store_out_each(sum.x, carried9, column, block5, block4, i2, thread_column);
  store_out_each(sum.y, carried10, column, block5, block4, i2 + 1, thread_column);
  store_out_each(sum.z, carried11, column, block5, block4, i2 + 2, thread_column);
  store_out_each(sum.w, carried12, column, block5, block4, i2 + 3, thread_column);
  let map13 = carried + logarithm(select(-1.0, sum.x, sum.x <= 1e+30));
  let map14 = carried2 + logarithm(select(-1.0, sum.y, sum.y <= 1e+30));
  let map15 = carried3 + logarithm(select(-1.0, sum.z, sum.z <= 1e+30));
  let map16 = carried4 + logarithm(select(-1.0, sum.w, sum.w <= 1e+30));
  if (thread_column == 0) {
    store_lse(block5, block4, i2, map13);
  }
  if (thread_column == 0) {
    store_lse(block5, block4, i2 + 1, map14);
  }
  if (thread_column == 0) {
    store_lse(block5, block4, i2 + 2, map15);
  }
  if (thread_column == 0) {
    store_lse(block5, block4, i2 + 3, map16);
  }
}

var<workgroup> causal_split_decode_arena: array<vec4f, 290>;

@compute @workgroup_size(32)
fn causal_split_decode(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 32;
  let thread_column = thread % 32;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let left = thread_row * 2;
  let column = thread_column * 4;
  let line = thread_row * 32;
  let line2 = thread_row * 64;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = max(1, min(floor_divide(floor_divide(32, launch.rows), launch.batch), floor_divide(launch.keys, 256)));
  let block2 = block % blocks;
  let block3 = block / blocks;
  let blocks2 = launch.keys - (launch.keys - launch.rows);
  let block4 = block3 % blocks2;
  let block5 = block3 / blocks2;
  let I = block4 + (launch.keys - launch.rows);
  let block6 = block5 % 2;
  let block7 = block5 / 2;
  if (block7 >= launch.batch) {
    return;
  }
  var carried = minus_infinity;
  var carried2 = 0.0;
  var carried3 = vec4f();
  for (var n = thread; n < 2; n += 32) {
    let line3 = n / 2;
    let vector = n % 2;
    let at = I + line3;
    causal_split_decode_arena[n] = load_q(block7, block6, at, vector);
  }
  let shared2 = min(launch.keys, I + 1);
  let shared3 = floor_divide(floor_divide(shared2 + 255, 256) + blocks - 1, blocks);
  let end = min(shared2, saturated(256 * shared3 * block2 + 256 * shared3, 256.0 * f32(shared3) * f32(block2) + 256.0 * f32(shared3)));
  workgroupBarrier();
  for (var J = saturated(256 * floor_divide(floor_divide(min(launch.keys, I + 1) + 255, 256) + blocks - 1, blocks) * block2, 256.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 1) + 255, 256) + blocks - 1, blocks)) * f32(block2)); J < end; J += 256) {
    let is_full = (J + 255 - I <= 0) && (J + 255 - launch.keys < 0);
    let is_empty = (J - I > 0) || (J - launch.keys >= 0);
    var chosen = carried;
    var chosen2 = carried3;
    if (!is_empty) {
      var product = vec4f();
      var product2 = vec4f();
      let j = J + column;
      let place = launch.k_offset + block7 * launch.k_stride_0 + block6 * launch.k_stride_1 + j * launch.k_stride_2;
      let place2 = place + launch.k_stride_2;
      let place3 = place2 + launch.k_stride_2;
      let place4 = place3 + launch.k_stride_2;
      let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      let place5 = place + 128 * launch.k_stride_2;
      let place6 = place5 + launch.k_stride_2;
      let place7 = place6 + launch.k_stride_2;
      let place8 = place7 + launch.k_stride_2;
      let inside2 = vec4u(j + 128 + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      for (var k = 0; k < 2; k++) {
        let right = k_data[place + k];
        let right2 = k_data[place2 + k];
        let right3 = k_data[place3 + k];
        let right4 = k_data[place4 + k];
        let right5 = k_data[place5 + k];
        let right6 = k_data[place6 + k];
        let right7 = k_data[place7 + k];
        let right8 = k_data[place8 + k];
        let left2 = causal_split_decode_arena[left + k];
        product += vec4f(dot(left2, right), dot(left2, right2), dot(left2, right3), dot(left2, right4));
        product2 += vec4f(dot(left2, right5), dot(left2, right6), dot(left2, right7), dot(left2, right8));
      }
      product = select(vec4f(), product, inside);
      product2 = select(vec4f(), product2, inside2);
      var chosen3 = product / 2.828427;
      var chosen4 = product2 / 2.828427;
      if (!is_full) {
        let j2 = j + vec4i(0, 1, 2, 3);
        let i = I + thread_row;
        chosen3 = select(vec4f(minus_infinity), chosen3, (j2 <= vec4i(i)) & (j2 < vec4i(launch.keys)));
        let j3 = j + 128 + vec4i(0, 1, 2, 3);
        chosen4 = select(vec4f(minus_infinity), chosen4, (j3 <= vec4i(i)) & (j3 < vec4i(launch.keys)));
      }
      let partial2 = max(chosen3, chosen4);
      let partial3 = max(max(partial2.x, partial2.y), max(partial2.z, partial2.w));
      causal_split_decode_arena[line + thread_column + 2] = vec4f(partial3);
      workgroupBarrier();
      var max2 = causal_split_decode_arena[line + 2].x;
      for (var other = 1; other < 32; other += 1) {
        max2 = max(max2, causal_split_decode_arena[line + other + 2].x);
      }
      chosen = maximum(carried, max2);
      let map = exponential_difference(carried, chosen);
      let map2 = exponential_difference_wide(chosen3, vec4f(chosen));
      let map3 = exponential_difference_wide(chosen4, vec4f(chosen));
      let map4 = carried2 * map;
      let partial4 = map2 + map3;
      let partial5 = partial4.x + partial4.y + (partial4.z + partial4.w);
      carried2 = map4 + partial5;
      chosen2 = carried3 * map;
      causal_split_decode_arena[line2 + thread_column + 34] = map2;
      causal_split_decode_arena[line2 + (thread_column + 32) + 34] = map3;
      workgroupBarrier();
      let place9 = launch.v_offset + block7 * launch.v_stride_0 + block6 * launch.v_stride_1 + J * launch.v_stride_2 + thread_column;
      if (thread_column < 2) {
        for (var k2 = 0; k2 < 64; k2++) {
          let entry = k2 * 4;
          let place10 = place9 + entry * launch.v_stride_2;
          let at2 = J + entry;
          let right9 = select(vec4f(), v_data[place10], u32(at2) < u32(launch.keys));
          let place11 = place10 + launch.v_stride_2;
          let right10 = select(vec4f(), v_data[place11], u32(at2 + 1) < u32(launch.keys));
          let place12 = place11 + launch.v_stride_2;
          let right11 = select(vec4f(), v_data[place12], u32(at2 + 2) < u32(launch.keys));
          let place13 = place12 + launch.v_stride_2;
          let right12 = select(vec4f(), v_data[place13], u32(at2 + 3) < u32(launch.keys));
          let left3 = causal_split_decode_arena[line2 + k2 + 34];
          chosen2 += left3.x * right9;
          chosen2 += left3.y * right10;
          chosen2 += left3.z * right11;
          chosen2 += left3.w * right12;
        }
      }
    }
    carried = chosen;
    carried3 = chosen2;
  }
  workgroupBarrier();
  causal_split_decode_arena[line + thread_column + 2] = vec4f(carried2);
  workgroupBarrier();
  var sum = causal_split_decode_arena[line + 2].x;
  for (var other2 = 1; other2 < 32; other2 += 1) {
    sum = sum + causal_split_decode_arena[line + other2 + 2].x;
  }
  let i2 = I + thread_row;
  if (thread_column == 0) {
    store_causal_maxima(block7, block6, block2, i2, carried);
  }
  if (thread_column == 0) {
    store_causal_sums(block7, block6, block2, i2, sum);
  }
  if (column < 8) {
    store_causal_shares_of_8(block7, block6, block2, i2, thread_column, carried3);
  }
}

@compute @workgroup_size(32)
fn causal_combine_decode(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 8;
  let thread_column = thread % 8;
  var carried = bitcast<f32>(launch.minus_infinity);
  let column = thread_column * 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = launch.keys - (launch.keys - launch.rows);
  let block2 = block % blocks;
  let block3 = block / blocks;
  let I = block2 + (launch.keys - launch.rows);
  let block4 = block3 % 2;
  let block5 = block3 / 2;
  if (block5 >= launch.batch) {
    return;
  }
  var carried2 = 0.0;
  var carried3 = vec4f();
  let end = max(1, min(floor_divide(floor_divide(32, launch.rows), launch.batch), floor_divide(launch.keys, 256)));
  for (var split = 0; split < end; split += 1) {
    let i = I + thread_row;
    let load = load_causal_maxima(block5, block4, split, i);
    let load2 = load_causal_sums(block5, block4, split, i);
    let load3 = load_causal_shares_of_8(block5, block4, split, i, thread_column);
    let map = maximum(carried, load);
    let map2 = exponential_difference(carried, map);
    let map3 = exponential_difference(load, map);
    carried2 = carried2 * map2 + load2 * map3;
    carried3 = carried3 * map2 + load3 * map3;
    carried = map;
  }
  let map4 = select(1.0 / carried2, 0.0, carried2 == 0.0);
  let map5 = carried3 * map4;
  let i2 = I + thread_row;
  if (thread_row < 1 && column < 8) {
    store_out(block5, block4, i2, thread_column, map5);
  }
  let map6 = carried + logarithm(select(-1.0, carried2, carried2 <= 1e+30));
  if (thread_column == 0 && thread_row < 1) {
    store_lse(block5, block4, i2, map6);
  }
}

fn update_chosen2(line: i32, chosen: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  let left = causal_split_decode2_arena[line];
  *chosen += left.x * right;
  *chosen += left.y * right2;
  *chosen += left.z * right3;
  *chosen += left.w * right4;
}

var<workgroup> causal_split_decode2_arena: array<vec4f, 296>;

@compute @workgroup_size(32)
fn causal_split_decode2(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 32;
  let thread_column = thread % 32;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row = thread_row * 4;
  let left = row * 2;
  let column = thread_column * 4;
  let line = thread_row * 32;
  let line2 = row * 64;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = max(1, min(floor_divide(floor_divide(32, floor_divide(launch.rows + 3, 4)), launch.batch), floor_divide(launch.keys, 256)));
  let block2 = block % blocks;
  let block3 = block / blocks;
  let blocks2 = (launch.keys - (launch.keys - launch.rows) + 3) / 4;
  let block4 = block3 % blocks2;
  let block5 = block3 / blocks2;
  let I = block4 * 4 + (launch.keys - launch.rows);
  let block6 = block5 % 2;
  let block7 = block5 / 2;
  if (block7 >= launch.batch) {
    return;
  }
  var carried = minus_infinity;
  var carried2 = minus_infinity;
  var carried3 = minus_infinity;
  var carried4 = minus_infinity;
  var carried5 = 0.0;
  var carried6 = 0.0;
  var carried7 = 0.0;
  var carried8 = 0.0;
  var carried9 = vec4f();
  var carried10 = vec4f();
  var carried11 = vec4f();
  var carried12 = vec4f();
  for (var n = thread; n < 8; n += 32) {
    let line3 = n / 2;
    let vector = n % 2;
    let at = I + line3;
    causal_split_decode2_arena[n] = load_q(block7, block6, at, vector);
  }
  let shared2 = min(launch.keys, I + 4);
  let shared3 = floor_divide(floor_divide(shared2 + 255, 256) + blocks - 1, blocks);
  let end = min(shared2, saturated(256 * shared3 * block2 + 256 * shared3, 256.0 * f32(shared3) * f32(block2) + 256.0 * f32(shared3)));
  workgroupBarrier();
  for (var J = saturated(256 * floor_divide(floor_divide(min(launch.keys, I + 4) + 255, 256) + blocks - 1, blocks) * block2, 256.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 4) + 255, 256) + blocks - 1, blocks)) * f32(block2)); J < end; J += 256) {
    let is_full = (J + 255 - I <= 0) && (J + 255 - launch.keys < 0);
    let is_empty = (J - (I + 3) > 0) || (J - launch.keys >= 0);
    var chosen = carried;
    var chosen2 = carried2;
    var chosen3 = carried3;
    var chosen4 = carried4;
    var chosen5 = carried9;
    var chosen6 = carried10;
    var chosen7 = carried11;
    var chosen8 = carried12;
    if (!is_empty) {
      var product = vec4f();
      var product2 = vec4f();
      var product3 = vec4f();
      var product4 = vec4f();
      var product5 = vec4f();
      var product6 = vec4f();
      var product7 = vec4f();
      var product8 = vec4f();
      let j = J + column;
      let place = launch.k_offset + block7 * launch.k_stride_0 + block6 * launch.k_stride_1 + j * launch.k_stride_2;
      let place2 = place + launch.k_stride_2;
      let place3 = place2 + launch.k_stride_2;
      let place4 = place3 + launch.k_stride_2;
      let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      let place5 = place + 128 * launch.k_stride_2;
      let place6 = place5 + launch.k_stride_2;
      let place7 = place6 + launch.k_stride_2;
      let place8 = place7 + launch.k_stride_2;
      let inside2 = vec4u(j + 128 + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      for (var k = 0; k < 2; k++) {
        let right = k_data[place + k];
        let right2 = k_data[place2 + k];
        let right3 = k_data[place3 + k];
        let right4 = k_data[place4 + k];
        let right5 = k_data[place5 + k];
        let right6 = k_data[place6 + k];
        let right7 = k_data[place7 + k];
        let right8 = k_data[place8 + k];
        let left2 = causal_split_decode2_arena[left + k];
        update_product2(&product, left2, right, right2, right3, right4);
        update_product2(&product2, left2, right5, right6, right7, right8);
        let left3 = causal_split_decode2_arena[left + k + 2];
        update_product2(&product3, left3, right, right2, right3, right4);
        update_product2(&product4, left3, right5, right6, right7, right8);
        let left4 = causal_split_decode2_arena[left + k + 4];
        update_product2(&product5, left4, right, right2, right3, right4);
        update_product2(&product6, left4, right5, right6, right7, right8);
        let left5 = causal_split_decode2_arena[left + k + 6];
        update_product2(&product7, left5, right, right2, right3, right4);
        update_product2(&product8, left5, right5, right6, right7, right8);
      }
      product = select(vec4f(), product, inside);
      product2 = select(vec4f(), product2, inside2);
      product3 = select(vec4f(), product3, inside);
      product4 = select(vec4f(), product4, inside2);
      product5 = select(vec4f(), product5, inside);
      product6 = select(vec4f(), product6, inside2);
      product7 = select(vec4f(), product7, inside);
      product8 = select(vec4f(), product8, inside2);
      var chosen9 = product / 2.828427;
      var chosen10 = product2 / 2.828427;
      var chosen11 = product3 / 2.828427;
      var chosen12 = product4 / 2.828427;
      var chosen13 = product5 / 2.828427;
      var chosen14 = product6 / 2.828427;
      var chosen15 = product7 / 2.828427;
      var chosen16 = product8 / 2.828427;
      if (!is_full) {
        let j2 = j + vec4i(0, 1, 2, 3);
        let i = I + row;
        chosen9 = chosen_of(minus_infinity, chosen9, j2, i);
        let j3 = j + 128 + vec4i(0, 1, 2, 3);
        chosen10 = chosen_of(minus_infinity, chosen10, j3, i);
        chosen11 = chosen_of(minus_infinity, chosen11, j2, i + 1);
        chosen12 = chosen_of(minus_infinity, chosen12, j3, i + 1);
        chosen13 = chosen_of(minus_infinity, chosen13, j2, i + 2);
        chosen14 = chosen_of(minus_infinity, chosen14, j3, i + 2);
        chosen15 = chosen_of(minus_infinity, chosen15, j2, i + 3);
        chosen16 = chosen_of(minus_infinity, chosen16, j3, i + 3);
      }
      let partial2 = partial_of(chosen9, chosen10);
      let partial3 = partial_of(chosen11, chosen12);
      let partial4 = partial_of(chosen13, chosen14);
      let partial5 = partial_of(chosen15, chosen16);
      causal_split_decode2_arena[line + thread_column + 8] = vec4f(partial2, partial3, partial4, partial5);
      workgroupBarrier();
      var max2 = causal_split_decode2_arena[line + 8];
      for (var other = 1; other < 32; other += 1) {
        max2 = max(max2, causal_split_decode2_arena[line + other + 8]);
      }
      chosen = maximum(carried, max2.x);
      chosen2 = maximum(carried2, max2.y);
      chosen3 = maximum(carried3, max2.z);
      chosen4 = maximum(carried4, max2.w);
      let map = exponential_difference(carried, chosen);
      let map2 = exponential_difference(carried2, chosen2);
      let map3 = exponential_difference(carried3, chosen3);
      let map4 = exponential_difference(carried4, chosen4);
      let map5 = exponential_difference_wide(chosen9, vec4f(chosen));
      let map6 = exponential_difference_wide(chosen10, vec4f(chosen));
      let map7 = exponential_difference_wide(chosen11, vec4f(chosen2));
      let map8 = exponential_difference_wide(chosen12, vec4f(chosen2));
      let map9 = exponential_difference_wide(chosen13, vec4f(chosen3));
      let map10 = exponential_difference_wide(chosen14, vec4f(chosen3));
      let map11 = exponential_difference_wide(chosen15, vec4f(chosen4));
      let map12 = exponential_difference_wide(chosen16, vec4f(chosen4));
      carried5 = carried_of(carried5, map, map5, map6);
      carried6 = carried_of(carried6, map2, map7, map8);
      carried7 = carried_of(carried7, map3, map9, map10);
      carried8 = carried_of(carried8, map4, map11, map12);
      chosen5 = carried9 * map;
      chosen6 = carried10 * map2;
      chosen7 = carried11 * map3;
      chosen8 = carried12 * map4;
      causal_split_decode2_arena[line2 + thread_column + 40] = map5;
      causal_split_decode2_arena[line2 + (thread_column + 32) + 40] = map6;
      causal_split_decode2_arena[line2 + 64 + thread_column + 40] = map7;
      causal_split_decode2_arena[line2 + 64 + (thread_column + 32) + 40] = map8;
      causal_split_decode2_arena[line2 + 128 + thread_column + 40] = map9;
      causal_split_decode2_arena[line2 + 128 + (thread_column + 32) + 40] = map10;
      causal_split_decode2_arena[line2 + 192 + thread_column + 40] = map11;
      causal_split_decode2_arena[line2 + 192 + (thread_column + 32) + 40] = map12;
      workgroupBarrier();
      let place9 = launch.v_offset + block7 * launch.v_stride_0 + block6 * launch.v_stride_1 + J * launch.v_stride_2 + thread_column;
      if (thread_column < 2) {
        for (var k2 = 0; k2 < 64; k2++) {
          let entry = k2 * 4;
          let place10 = place9 + entry * launch.v_stride_2;
          let at2 = J + entry;
          let right9 = select(vec4f(), v_data[place10], u32(at2) < u32(launch.keys));
          let place11 = place10 + launch.v_stride_2;
          let right10 = select(vec4f(), v_data[place11], u32(at2 + 1) < u32(launch.keys));
          let place12 = place11 + launch.v_stride_2;
          let right11 = select(vec4f(), v_data[place12], u32(at2 + 2) < u32(launch.keys));
          let place13 = place12 + launch.v_stride_2;
          let right12 = select(vec4f(), v_data[place13], u32(at2 + 3) < u32(launch.keys));
          update_chosen2(line2 + k2 + 40, &chosen5, right9, right10, right11, right12);
          update_chosen2(line2 + k2 + 104, &chosen6, right9, right10, right11, right12);
          update_chosen2(line2 + k2 + 168, &chosen7, right9, right10, right11, right12);
          update_chosen2(line2 + k2 + 232, &chosen8, right9, right10, right11, right12);
        }
      }
    }
    carried = chosen;
    carried2 = chosen2;
    carried3 = chosen3;
    carried4 = chosen4;
    carried9 = chosen5;
    carried10 = chosen6;
    carried11 = chosen7;
    carried12 = chosen8;
  }
  workgroupBarrier();
  causal_split_decode2_arena[line + thread_column + 8] = vec4f(carried5, carried6, carried7, carried8);
  workgroupBarrier();
  var sum = causal_split_decode2_arena[line + 8];
  for (var other2 = 1; other2 < 32; other2 += 1) {
    sum = sum + causal_split_decode2_arena[line + other2 + 8];
  }
  let i2 = I + row;
  if (thread_column == 0) {
    store_causal_maxima2(block7, block6, block2, i2, carried);
  }
  if (thread_column == 0) {
    store_causal_maxima2(block7, block6, block2, i2 + 1, carried2);
  }
  if (thread_column == 0) {
    store_causal_maxima2(block7, block6, block2, i2 + 2, carried3);
  }
  if (thread_column == 0) {
    store_causal_maxima2(block7, block6, block2, i2 + 3, carried4);
  }
  if (thread_column == 0) {
    store_causal_sums2(block7, block6, block2, i2, sum.x);
  }
  if (thread_column == 0) {
    store_causal_sums2(block7, block6, block2, i2 + 1, sum.y);
  }
  if (thread_column == 0) {
    store_causal_sums2(block7, block6, block2, i2 + 2, sum.z);
  }
  if (thread_column == 0) {
    store_causal_sums2(block7, block6, block2, i2 + 3, sum.w);
  }
  if (column < 8) {
    store_causal_shares_of_8_2(block7, block6, block2, i2, thread_column, carried9);
  }
  if (column < 8) {
    store_causal_shares_of_8_2(block7, block6, block2, i2 + 1, thread_column, carried10);
  }
  if (column < 8) {
    store_causal_shares_of_8_2(block7, block6, block2, i2 + 2, thread_column, carried11);
  }
  if (column < 8) {
    store_causal_shares_of_8_2(block7, block6, block2, i2 + 3, thread_column, carried12);
  }
}

@compute @workgroup_size(32)
fn causal_combine_decode2(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 8;
  let thread_column = thread % 8;
  var carried = bitcast<f32>(launch.minus_infinity);
  let column = thread_column * 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = (launch.keys - (launch.keys - launch.rows) + 3) / 4;
  let block2 = block % blocks;
  let block3 = block / blocks;
  let I = block2 * 4 + (launch.keys - launch.rows);
  let block4 = block3 % 2;
  let block5 = block3 / 2;
  if (block5 >= launch.batch) {
    return;
  }
  var carried2 = 0.0;
  var carried3 = vec4f();
  let end = max(1, min(floor_divide(floor_divide(32, floor_divide(launch.rows + 3, 4)), launch.batch), floor_divide(launch.keys, 256)));
  for (var split = 0; split < end; split += 1) {
    let i = I + thread_row;
    let load = load_causal_maxima2(block5, block4, split, i);
    let load2 = load_causal_sums2(block5, block4, split, i);
    let load3 = load_causal_shares_of_8_2(block5, block4, split, i, thread_column);
    let map = maximum(carried, load);
    let map2 = exponential_difference(carried, map);
    let map3 = exponential_difference(load, map);
    carried2 = carried2 * map2 + load2 * map3;
    carried3 = carried3 * map2 + load3 * map3;
    carried = map;
  }
  let map4 = select(1.0 / carried2, 0.0, carried2 == 0.0);
  let map5 = carried3 * map4;
  let i2 = I + thread_row;
  if (column < 8) {
    store_out(block5, block4, i2, thread_column, map5);
  }
  let map6 = carried + logarithm(select(-1.0, carried2, carried2 <= 1e+30));
  if (thread_column == 0) {
    store_lse(block5, block4, i2, map6);
  }
}

fn update_product3(place: i32, product: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f, product2: ptr<function, vec4f>, right5: vec4f, right6: vec4f, right7: vec4f, right8: vec4f, place2: i32, product3: ptr<function, vec4f>, product4: ptr<function, vec4f>) {
  let left = q_data[place];
  *product += vec4f(dot(left, right), dot(left, right2), dot(left, right3), dot(left, right4));
  *product2 += vec4f(dot(left, right5), dot(left, right6), dot(left, right7), dot(left, right8));
  let left2 = q_data[place2];
  *product3 += vec4f(dot(left2, right), dot(left2, right2), dot(left2, right3), dot(left2, right4));
  *product4 += vec4f(dot(left2, right5), dot(left2, right6), dot(left2, right7), dot(left2, right8));
}

fn update_chosen3(chosen: ptr<function, vec4f>, minus_infinity: f32, j: vec4i, i: i32, chosen2: ptr<function, vec4f>, j2: vec4i, i2: i32, chosen3: ptr<function, vec4f>) {
  *chosen = select(vec4f(minus_infinity), (*chosen), (j <= vec4i(i)) & (j < vec4i(launch.keys)));
  *chosen2 = select(vec4f(minus_infinity), (*chosen2), (j2 <= vec4i(i2)) & (j2 < vec4i(launch.keys)));
  *chosen3 = select(vec4f(minus_infinity), (*chosen3), (j <= vec4i(i + 1)) & (j < vec4i(launch.keys)));
}

fn update_chosen4(line: i32, chosen: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f, chosen2: ptr<function, vec4f>) {
  let left = causal_online2_arena[line];
  *chosen += left.x * right;
  *chosen += left.y * right2;
  *chosen += left.z * right3;
  *chosen += left.w * right4;
  let left2 = causal_online2_arena[line + 16];
  *chosen2 += left2.x * right;
  *chosen2 += left2.y * right2;
  *chosen2 += left2.z * right3;
  *chosen2 += left2.w * right4;
}

fn max_of(row: i32) -> vec4f {
  return max(max(max(max(max(max(max(causal_online2_arena[row], causal_online2_arena[row + 1]), causal_online2_arena[row + 2]), causal_online2_arena[row + 3]), causal_online2_arena[row + 4]), causal_online2_arena[row + 5]), causal_online2_arena[row + 6]), causal_online2_arena[row + 7]);
}

fn sum_of(row: i32) -> vec4f {
  return causal_online2_arena[row] + causal_online2_arena[row + 1] + causal_online2_arena[row + 2] + causal_online2_arena[row + 3] + causal_online2_arena[row + 4] + causal_online2_arena[row + 5] + causal_online2_arena[row + 6] + causal_online2_arena[row + 7];
}

fn store_out_each2(sum: f32, sum2: f32, carried: vec4f, carried2: vec4f, column: i32, block: i32, block2: i32, i: i32, thread_column: i32) {
  let map = select(1.0 / sum, 0.0, sum == 0.0);
  let map2 = select(1.0 / sum2, 0.0, sum2 == 0.0);
  let map3 = carried * map;
  let map4 = carried2 * map2;
  if (column < 8) {
    store_out(block, block2, i, thread_column, map3);
  }
  if (column < 8) {
    store_out(block, block2, i + 1, thread_column, map4);
  }
}

fn store_lse_each(carried: f32, sum: f32, carried2: f32, sum2: f32, thread_column: i32, block: i32, block2: i32, i: i32) {
  let map = carried + logarithm(select(-1.0, sum, sum <= 1e+30));
  let map2 = carried2 + logarithm(select(-1.0, sum2, sum2 <= 1e+30));
  if (thread_column == 0) {
    store_lse(block, block2, i, map);
  }
  if (thread_column == 0) {
    store_lse(block, block2, i + 1, map2);
  }
}

var<workgroup> causal_online2_arena: array<vec4f, 1152>;

@compute @workgroup_size(64)
fn causal_online2(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 8;
  let thread_column = thread % 8;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row = thread_row * 8;
  let column = thread_column * 4;
  let line = row * 16;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = (launch.keys - (launch.keys - launch.rows) + 63) / 64;
  let block2 = block % blocks;
  let block3 = block / blocks;
  let I = block2 * 64 + (launch.keys - launch.rows);
  let block4 = block3 % 2;
  let block5 = block3 / 2;
  if (block5 >= launch.batch) {
    return;
  }
  var carried = minus_infinity;
  var carried2 = minus_infinity;
  var carried3 = minus_infinity;
  var carried4 = minus_infinity;
  var carried5 = minus_infinity;
  var carried6 = minus_infinity;
  var carried7 = minus_infinity;
  var carried8 = minus_infinity;
  var carried9 = 0.0;
  var carried10 = 0.0;
  var carried11 = 0.0;
  var carried12 = 0.0;
  var carried13 = 0.0;
  var carried14 = 0.0;
  var carried15 = 0.0;
  var carried16 = 0.0;
  var carried17 = vec4f();
  var carried18 = vec4f();
  var carried19 = vec4f();
  var carried20 = vec4f();
  var carried21 = vec4f();
  var carried22 = vec4f();
  var carried23 = vec4f();
  var carried24 = vec4f();
  let end = min(launch.keys, I + 64);
  for (var J = 0; J < end; J += 64) {
    let is_full = (J + 63 - I <= 0) && (J + 63 - launch.keys < 0);
    let is_empty = (J - (I + 63) > 0) || (J - launch.keys >= 0);
    var chosen = carried;
    var chosen2 = carried2;
    var chosen3 = carried3;
    var chosen4 = carried4;
    var chosen5 = carried5;
    var chosen6 = carried6;
    var chosen7 = carried7;
    var chosen8 = carried8;
    var chosen9 = carried17;
    var chosen10 = carried18;
    var chosen11 = carried19;
    var chosen12 = carried20;
    var chosen13 = carried21;
    var chosen14 = carried22;
    var chosen15 = carried23;
    var chosen16 = carried24;
    if (!is_empty) {
      var product = vec4f();
      var product2 = vec4f();
      var product3 = vec4f();
      var product4 = vec4f();
      var product5 = vec4f();
      var product6 = vec4f();
      var product7 = vec4f();
      var product8 = vec4f();
      var product9 = vec4f();
      var product10 = vec4f();
      var product11 = vec4f();
      var product12 = vec4f();
      var product13 = vec4f();
      var product14 = vec4f();
      var product15 = vec4f();
      var product16 = vec4f();
      let i = I + row;
      let first = i - (launch.keys - launch.queries);
      let place = launch.q_offset + block5 * launch.q_stride_0 + block4 * launch.q_stride_1 + first * launch.q_stride_2;
      let place2 = place + launch.q_stride_2;
      let place3 = place2 + launch.q_stride_2;
      let place4 = place3 + launch.q_stride_2;
      let place5 = place4 + launch.q_stride_2;
      let place6 = place5 + launch.q_stride_2;
      let place7 = place6 + launch.q_stride_2;
      let place8 = place7 + launch.q_stride_2;
      let j = J + column;
      let place9 = launch.k_offset + block5 * launch.k_stride_0 + block4 * launch.k_stride_1 + j * launch.k_stride_2;
      let place10 = place9 + launch.k_stride_2;
      let place11 = place10 + launch.k_stride_2;
      let place12 = place11 + launch.k_stride_2;
      let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      let place13 = place9 + 32 * launch.k_stride_2;
      let place14 = place13 + launch.k_stride_2;
      let place15 = place14 + launch.k_stride_2;
      let place16 = place15 + launch.k_stride_2;
      let inside2 = vec4u(j + 32 + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      for (var k = 0; k < 2; k++) {
        let right = k_data[place9 + k];
        let right2 = k_data[place10 + k];
        let right3 = k_data[place11 + k];
        let right4 = k_data[place12 + k];
        let right5 = k_data[place13 + k];
        let right6 = k_data[place14 + k];
        let right7 = k_data[place15 + k];
        let right8 = k_data[place16 + k];
        update_product3(place + k, &product, right, right2, right3, right4, &product2, right5, right6, right7, right8, place2 + k, &product3, &product4);
        update_product3(place3 + k, &product5, right, right2, right3, right4, &product6, right5, right6, right7, right8, place4 + k, &product7, &product8);
        update_product3(place5 + k, &product9, right, right2, right3, right4, &product10, right5, right6, right7, right8, place6 + k, &product11, &product12);
        update_product3(place7 + k, &product13, right, right2, right3, right4, &product14, right5, right6, right7, right8, place8 + k, &product15, &product16);
      }
      update_product(first, &product, inside, &product2, inside2);
      update_product(first + 1, &product3, inside, &product4, inside2);
      update_product(first + 2, &product5, inside, &product6, inside2);
      update_product(first + 3, &product7, inside, &product8, inside2);
      update_product(first + 4, &product9, inside, &product10, inside2);
      update_product(first + 5, &product11, inside, &product12, inside2);
      update_product(first + 6, &product13, inside, &product14, inside2);
      update_product(first + 7, &product15, inside, &product16, inside2);
      var chosen17 = product / 2.828427;
      var chosen18 = product2 / 2.828427;
      var chosen19 = product3 / 2.828427;
      var chosen20 = product4 / 2.828427;
      var chosen21 = product5 / 2.828427;
      var chosen22 = product6 / 2.828427;
      var chosen23 = product7 / 2.828427;
      var chosen24 = product8 / 2.828427;
      var chosen25 = product9 / 2.828427;
      var chosen26 = product10 / 2.828427;
      var chosen27 = product11 / 2.828427;
      var chosen28 = product12 / 2.828427;
      var chosen29 = product13 / 2.828427;
      var chosen30 = product14 / 2.828427;
      var chosen31 = product15 / 2.828427;
      var chosen32 = product16 / 2.828427;
      if (!is_full) {
        let j2 = j + vec4i(0, 1, 2, 3);
        chosen17 = select(vec4f(minus_infinity), chosen17, (j2 <= vec4i(i)) & (j2 < vec4i(launch.keys)));
        let j3 = j + 32 + vec4i(0, 1, 2, 3);
        update_chosen3(&chosen18, minus_infinity, j3, i, &chosen19, j2, i + 1, &chosen20);
        update_chosen3(&chosen21, minus_infinity, j2, i + 2, &chosen22, j3, i + 2, &chosen23);
        update_chosen3(&chosen24, minus_infinity, j3, i + 3, &chosen25, j2, i + 4, &chosen26);
        update_chosen3(&chosen27, minus_infinity, j2, i + 5, &chosen28, j3, i + 5, &chosen29);
        update_chosen3(&chosen30, minus_infinity, j3, i + 6, &chosen31, j2, i + 7, &chosen32);
      }
      let partial2 = partial_of(chosen17, chosen18);
      let partial3 = partial_of(chosen19, chosen20);
      let partial4 = partial_of(chosen21, chosen22);
      let partial5 = partial_of(chosen23, chosen24);
      let partial6 = partial_of(chosen25, chosen26);
      let partial7 = partial_of(chosen27, chosen28);
      let partial8 = partial_of(chosen29, chosen30);
      let partial9 = partial_of(chosen31, chosen32);
      causal_online2_arena[row + thread_column] = vec4f(partial2, partial3, partial4, partial5);
      causal_online2_arena[row + thread_column + 64] = vec4f(partial6, partial7, partial8, partial9);
      workgroupBarrier();
      let max2 = max_of(row);
      let max3 = max_of(row + 64);
      chosen = maximum(carried, max2.x);
      chosen2 = maximum(carried2, max2.y);
      chosen3 = maximum(carried3, max2.z);
      chosen4 = maximum(carried4, max2.w);
      chosen5 = maximum(carried5, max3.x);
      chosen6 = maximum(carried6, max3.y);
      chosen7 = maximum(carried7, max3.z);
      chosen8 = maximum(carried8, max3.w);
      let map = exponential_difference(carried, chosen);
      let map2 = exponential_difference(carried2, chosen2);
      let map3 = exponential_difference(carried3, chosen3);
      let map4 = exponential_difference(carried4, chosen4);
      let map5 = exponential_difference(carried5, chosen5);
      let map6 = exponential_difference(carried6, chosen6);
      let map7 = exponential_difference(carried7, chosen7);
      let map8 = exponential_difference(carried8, chosen8);
      let map9 = exponential_difference_wide(chosen17, vec4f(chosen));
      let map10 = exponential_difference_wide(chosen18, vec4f(chosen));
      let map11 = exponential_difference_wide(chosen19, vec4f(chosen2));
      let map12 = exponential_difference_wide(chosen20, vec4f(chosen2));
      let map13 = exponential_difference_wide(chosen21, vec4f(chosen3));
      let map14 = exponential_difference_wide(chosen22, vec4f(chosen3));
      let map15 = exponential_difference_wide(chosen23, vec4f(chosen4));
      let map16 = exponential_difference_wide(chosen24, vec4f(chosen4));
      let map17 = exponential_difference_wide(chosen25, vec4f(chosen5));
      let map18 = exponential_difference_wide(chosen26, vec4f(chosen5));
      let map19 = exponential_difference_wide(chosen27, vec4f(chosen6));
      let map20 = exponential_difference_wide(chosen28, vec4f(chosen6));
      let map21 = exponential_difference_wide(chosen29, vec4f(chosen7));
      let map22 = exponential_difference_wide(chosen30, vec4f(chosen7));
      let map23 = exponential_difference_wide(chosen31, vec4f(chosen8));
      let map24 = exponential_difference_wide(chosen32, vec4f(chosen8));
      carried9 = carried_of(carried9, map, map9, map10);
      carried10 = carried_of(carried10, map2, map11, map12);
      carried11 = carried_of(carried11, map3, map13, map14);
      carried12 = carried_of(carried12, map4, map15, map16);
      carried13 = carried_of(carried13, map5, map17, map18);
      carried14 = carried_of(carried14, map6, map19, map20);
      carried15 = carried_of(carried15, map7, map21, map22);
      carried16 = carried_of(carried16, map8, map23, map24);
      chosen9 = carried17 * map;
      chosen10 = carried18 * map2;
      chosen11 = carried19 * map3;
      chosen12 = carried20 * map4;
      chosen13 = carried21 * map5;
      chosen14 = carried22 * map6;
      chosen15 = carried23 * map7;
      chosen16 = carried24 * map8;
      causal_online2_arena[line + thread_column + 128] = map9;
      causal_online2_arena[line + (thread_column + 8) + 128] = map10;
      causal_online2_arena[line + 16 + thread_column + 128] = map11;
      causal_online2_arena[line + 16 + (thread_column + 8) + 128] = map12;
      causal_online2_arena[line + 32 + thread_column + 128] = map13;
      causal_online2_arena[line + 32 + (thread_column + 8) + 128] = map14;
      causal_online2_arena[line + 48 + thread_column + 128] = map15;
      causal_online2_arena[line + 48 + (thread_column + 8) + 128] = map16;
      causal_online2_arena[line + 64 + thread_column + 128] = map17;
      causal_online2_arena[line + 64 + (thread_column + 8) + 128] = map18;
      causal_online2_arena[line + 80 + thread_column + 128] = map19;
      causal_online2_arena[line + 80 + (thread_column + 8) + 128] = map20;
      causal_online2_arena[line + 96 + thread_column + 128] = map21;
      causal_online2_arena[line + 96 + (thread_column + 8) + 128] = map22;
      causal_online2_arena[line + 112 + thread_column + 128] = map23;
      causal_online2_arena[line + 112 + (thread_column + 8) + 128] = map24;
      workgroupBarrier();
      let place17 = launch.v_offset + block5 * launch.v_stride_0 + block4 * launch.v_stride_1 + J * launch.v_stride_2 + thread_column;
      if (thread_column < 2) {
        for (var k2 = 0; k2 < 16; k2++) {
          let entry = k2 * 4;
          let place18 = place17 + entry * launch.v_stride_2;
          let at = J + entry;
          let right9 = select(vec4f(), v_data[place18], u32(at) < u32(launch.keys));
          let place19 = place18 + launch.v_stride_2;
          let right10 = select(vec4f(), v_data[place19], u32(at + 1) < u32(launch.keys));
          let place20 = place19 + launch.v_stride_2;
          let right11 = select(vec4f(), v_data[place20], u32(at + 2) < u32(launch.keys));
          let place21 = place20 + launch.v_stride_2;
          let right12 = select(vec4f(), v_data[place21], u32(at + 3) < u32(launch.keys));
          update_chosen4(line + k2 + 128, &chosen9, right9, right10, right11, right12, &chosen10);
          update_chosen4(line + k2 + 160, &chosen11, right9, right10, right11, right12, &chosen12);
          update_chosen4(line + k2 + 192, &chosen13, right9, right10, right11, right12, &chosen14);
          update_chosen4(line + k2 + 224, &chosen15, right9, right10, right11, right12, &chosen16);
        }
      }
    }
    carried = chosen;
    carried2 = chosen2;
    carried3 = chosen3;
    carried4 = chosen4;
    carried5 = chosen5;
    carried6 = chosen6;
    carried7 = chosen7;
    carried8 = chosen8;
    carried17 = chosen9;
    carried18 = chosen10;
    carried19 = chosen11;
    carried20 = chosen12;
    carried21 = chosen13;
    carried22 = chosen14;
    carried23 = chosen15;
    carried24 = chosen16;
  }
  workgroupBarrier();
  causal_online2_arena[row + thread_column] = vec4f(carried9, carried10, carried11, carried12);
  causal_online2_arena[row + thread_column + 64] = vec4f(carried13, carried14, carried15, carried16);
  workgroupBarrier();
  let sum = sum_of(row);
  let sum2 = sum_of(row + 64);
  let i2 = I + row;
  store_out_each2(sum.x, sum.y, carried17, carried18, column, block5, block4, i2, thread_column);
  store_out_each2(sum.z, sum.w, carried19, carried20, column, block5, block4, i2 + 2, thread_column);
  store_out_each2(sum2.x, sum2.y, carried21, carried22, column, block5, block4, i2 + 4, thread_column);
  store_out_each2(sum2.z, sum2.w, carried23, carried24, column, block5, block4, i2 + 6, thread_column);
  store_lse_each(carried, sum.x, carried2, sum.y, thread_column, block5, block4, i2);
  store_lse_each(carried3, sum.z, carried4, sum.w, thread_column, block5, block4, i2 + 2);
  store_lse_each(carried5, sum2.x, carried6, sum2.y, thread_column, block5, block4, i2 + 4);
  store_lse_each(carried7, sum2.z, carried8, sum2.w, thread_column, block5, block4, i2 + 6);
}
