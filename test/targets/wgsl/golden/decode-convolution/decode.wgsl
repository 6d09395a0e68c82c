// decode, compiled by heddle golden to WGSL: f32, no subgroups, threads decode 8 × 4, decode_split_decode 1 × 32, decode_combine_decode 4 × 8, decode_split_decode2 1 × 32, decode_combine_decode2 4 × 8.
// heads=1 kvHeads=1 headDim=4 queryKernel=2 keyKernel=3
// Hash c6b1ad46eb65c697 of all below. Made by a compiler: change the spec, not this file.

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
  decode_maxima_offset: i32,
  decode_maxima_stride_0: i32,
  decode_maxima_stride_1: i32,
  decode_maxima_stride_2: i32,
  decode_sums_offset: i32,
  decode_sums_stride_0: i32,
  decode_sums_stride_1: i32,
  decode_sums_stride_2: i32,
  decode_shares_of_4_offset: i32,
  decode_shares_of_4_stride_0: i32,
  decode_shares_of_4_stride_1: i32,
  decode_shares_of_4_stride_2: i32,
  decode_shares_of_4_stride_3: i32,
  decode_maxima2_offset: i32,
  decode_maxima2_stride_0: i32,
  decode_maxima2_stride_1: i32,
  decode_maxima2_stride_2: i32,
  decode_sums2_offset: i32,
  decode_sums2_stride_0: i32,
  decode_sums2_stride_1: i32,
  decode_sums2_stride_2: i32,
  decode_shares_of_4_2_offset: i32,
  decode_shares_of_4_2_stride_0: i32,
  decode_shares_of_4_2_stride_1: i32,
  decode_shares_of_4_2_stride_2: i32,
  decode_shares_of_4_2_stride_3: i32,
}
@group(0) @binding(0) var<uniform> launch: Launch;

@group(0) @binding(1) var<storage, read> q_data: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k_data: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v_data: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> theta_data: array<f32>;
@group(0) @binding(5) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> lse_data: array<f32>;
@group(0) @binding(7) var<storage, read_write> decode_maxima_data: array<f32>;
@group(0) @binding(8) var<storage, read_write> decode_sums_data: array<f32>;
@group(0) @binding(9) var<storage, read_write> decode_shares_of_4_data: array<vec4<f32>>;
@group(0) @binding(10) var<storage, read_write> decode_maxima2_data: array<f32>;
@group(0) @binding(11) var<storage, read_write> decode_sums2_data: array<f32>;
@group(0) @binding(12) var<storage, read_write> decode_shares_of_4_2_data: array<vec4<f32>>;

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

fn read_theta(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < 1u) & (u32(x_1) < 2u) & (u32(x_2) < 3u);
  return select(f32(0), theta_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], inside);
}

fn store_out(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: vec4f) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if ((u32(at_2) < u32(launch.rows)) & (u32(x_3) < 1u)) {
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
  if ((u32(at_2) < u32(launch.queries)) & (u32(x_3) < 1u)) {
    loaded = q_data[launch.q_offset + x_0 * launch.q_stride_0 + x_1 * launch.q_stride_1 + at_2 * launch.q_stride_2 + x_3];
  }
  return loaded;
}

fn store_decode_maxima(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    decode_maxima_data[launch.decode_maxima_offset + x_0 * launch.decode_maxima_stride_0 + x_1 * launch.decode_maxima_stride_1 + x_2 * launch.decode_maxima_stride_2 + at_3] = value;
  }
}

fn store_decode_sums(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    decode_sums_data[launch.decode_sums_offset + x_0 * launch.decode_sums_stride_0 + x_1 * launch.decode_sums_stride_1 + x_2 * launch.decode_sums_stride_2 + at_3] = value;
  }
}

fn store_decode_shares_of_4(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32, value: vec4f) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 1u)) {
    decode_shares_of_4_data[launch.decode_shares_of_4_offset + x_0 * launch.decode_shares_of_4_stride_0 + x_1 * launch.decode_shares_of_4_stride_1 + x_2 * launch.decode_shares_of_4_stride_2 + at_3 * launch.decode_shares_of_4_stride_3 + x_4] = value;
  }
}

fn load_decode_maxima(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = decode_maxima_data[launch.decode_maxima_offset + x_0 * launch.decode_maxima_stride_0 + x_1 * launch.decode_maxima_stride_1 + x_2 * launch.decode_maxima_stride_2 + at_3];
  }
  return loaded;
}

fn load_decode_sums(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = decode_sums_data[launch.decode_sums_offset + x_0 * launch.decode_sums_stride_0 + x_1 * launch.decode_sums_stride_1 + x_2 * launch.decode_sums_stride_2 + at_3];
  }
  return loaded;
}

fn load_decode_shares_of_4(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32) -> vec4f {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = vec4f();
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 1u)) {
    loaded = decode_shares_of_4_data[launch.decode_shares_of_4_offset + x_0 * launch.decode_shares_of_4_stride_0 + x_1 * launch.decode_shares_of_4_stride_1 + x_2 * launch.decode_shares_of_4_stride_2 + at_3 * launch.decode_shares_of_4_stride_3 + x_4];
  }
  return loaded;
}

fn store_decode_maxima2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    decode_maxima2_data[launch.decode_maxima2_offset + x_0 * launch.decode_maxima2_stride_0 + x_1 * launch.decode_maxima2_stride_1 + x_2 * launch.decode_maxima2_stride_2 + at_3] = value;
  }
}

fn store_decode_sums2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: f32) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if (u32(at_3) < u32(launch.rows)) {
    decode_sums2_data[launch.decode_sums2_offset + x_0 * launch.decode_sums2_stride_0 + x_1 * launch.decode_sums2_stride_1 + x_2 * launch.decode_sums2_stride_2 + at_3] = value;
  }
}

fn store_decode_shares_of_4_2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32, value: vec4f) {
  let at_3 = x_3 - (launch.keys - launch.rows);
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 1u)) {
    decode_shares_of_4_2_data[launch.decode_shares_of_4_2_offset + x_0 * launch.decode_shares_of_4_2_stride_0 + x_1 * launch.decode_shares_of_4_2_stride_1 + x_2 * launch.decode_shares_of_4_2_stride_2 + at_3 * launch.decode_shares_of_4_2_stride_3 + x_4] = value;
  }
}

fn load_decode_maxima2(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = decode_maxima2_data[launch.decode_maxima2_offset + x_0 * launch.decode_maxima2_stride_0 + x_1 * launch.decode_maxima2_stride_1 + x_2 * launch.decode_maxima2_stride_2 + at_3];
  }
  return loaded;
}

fn load_decode_sums2(x_0: i32, x_1: i32, x_2: i32, x_3: i32) -> f32 {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = 0.0;
  if (u32(at_3) < u32(launch.rows)) {
    loaded = decode_sums2_data[launch.decode_sums2_offset + x_0 * launch.decode_sums2_stride_0 + x_1 * launch.decode_sums2_stride_1 + x_2 * launch.decode_sums2_stride_2 + at_3];
  }
  return loaded;
}

fn load_decode_shares_of_4_2(x_0: i32, x_1: i32, x_2: i32, x_3: i32, x_4: i32) -> vec4f {
  let at_3 = x_3 - (launch.keys - launch.rows);
  var loaded = vec4f();
  if ((u32(at_3) < u32(launch.rows)) & (u32(x_4) < 1u)) {
    loaded = decode_shares_of_4_2_data[launch.decode_shares_of_4_2_offset + x_0 * launch.decode_shares_of_4_2_stride_0 + x_1 * launch.decode_shares_of_4_2_stride_1 + x_2 * launch.decode_shares_of_4_2_stride_2 + at_3 * launch.decode_shares_of_4_2_stride_3 + x_4];
  }
  return loaded;
}

fn update_chosen(neighbourhood: i32, chosen: ptr<function, vec4f>, weights: vec4f, chosen2: ptr<function, vec4f>, weights2: vec4f) {
  let ring = decode_arena[neighbourhood];
  let ring2 = decode_arena[neighbourhood + 1];
  let window = vec4f(ring.z, ring.w, ring2.x, ring2.y);
  *chosen += weights.x * window;
  let window2 = vec4f(ring.w, ring2.x, ring2.y, ring2.z);
  *chosen += weights.y * window2;
  *chosen += weights.z * ring2;
  *chosen2 += weights2.x * window;
  *chosen2 += weights2.y * window2;
  *chosen2 += weights2.z * ring2;
}

fn chosen_of(chosen: vec4f, j: vec4i, i: i32) -> vec4f {
  return select(vec4f(), chosen, (j <= vec4i(i)) & (vec4<bool>(launch.keys - launch.queries <= i) & (j < vec4i(launch.keys))));
}

fn chosen_of2(minus_infinity: f32, chosen: vec4f, j: vec4i, i: i32) -> vec4f {
  return select(vec4f(minus_infinity), chosen, (j <= vec4i(i)) & ((vec4i(0) <= j) & (j < vec4i(launch.keys))));
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

fn update_chosen2(neighbourhood: i32, chosen: ptr<function, vec4f>, weights: vec4f) {
  let ring = decode_arena[neighbourhood];
  let ring2 = decode_arena[neighbourhood + 1];
  let window = vec4f(ring.z, ring.w, ring2.x, ring2.y);
  *chosen += weights.x * window;
  let window2 = vec4f(ring.w, ring2.x, ring2.y, ring2.z);
  *chosen += weights.y * window2;
  *chosen += weights.z * ring2;
}

fn update_chosen3(line: i32, chosen: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  let left = decode_arena[line];
  *chosen += left.x * right;
  *chosen += left.y * right2;
  *chosen += left.z * right3;
  *chosen += left.w * right4;
}

fn store_out_each(sum: f32, carried: vec4f, row: i32, column: i32, block: i32, i: i32, thread_column: i32) {
  let map = select(1.0 / sum, 0.0, sum == 0.0);
  let map2 = carried * map;
  if (row < 32 && column < 4) {
    store_out(block, 0, i, thread_column, map2);
  }
}

fn store_lse_each(carried: f32, sum: f32, thread_column: i32, row: i32, block: i32, i: i32) {
  let map = carried + logarithm(select(-1.0, sum, sum <= 1e+30));
  if (thread_column == 0 && row < 32) {
    store_lse(block, 0, i, map);
  }
}

var<workgroup> decode_arena: array<vec4f, 578>;

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
  let row = thread_row * 4;
  let column = thread_column * 4;
  let to = thread * 9;
  let line = row * 9;
  let row2 = thread_row * 4 + 1;
  let neighbourhood = row2 * 9 + thread_column;
  let line2 = row2 * 8;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = (launch.keys - (launch.keys - launch.rows) + 30) / 31;
  let block2 = block % blocks;
  let block3 = block / blocks;
  let I = block2 * 31 + (launch.keys - launch.rows);
  if (block3 >= launch.batch) {
    return;
  }
  for (var tap = thread; tap < 2; tap += 32) {
    let c0 = tap % 2;
    let entry = read_theta(0, c0, 0);
    let entry2 = read_theta(0, c0, 1);
    let entry3 = read_theta(0, c0, 2);
    decode_arena[tap] = vec4f(entry, entry2, entry3, 0.0);
  }
  for (var n = thread; n < 288; n += 32) {
    decode_arena[n + 2] = vec4f(0.0);
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
  let end = min(launch.keys, I + 31) + 1;
  workgroupBarrier();
  for (var J = 0; J < end; J += 32) {
    let from2 = I - 1;
    let is_full = (J + 31 - from2 <= 0) && ((launch.keys - launch.queries - from2 <= 0) && (J + 31 - launch.keys < 0));
    let is_empty = (J - (from2 + 31) > 0) || ((launch.keys - launch.queries - (from2 + 31) > 0) || (J - launch.keys >= 0));
    var chosen = vec4f();
    var chosen2 = vec4f();
    var chosen3 = vec4f();
    var chosen4 = vec4f();
    var chosen5 = vec4f();
    var chosen6 = vec4f();
    var chosen7 = vec4f();
    var chosen8 = vec4f();
    if (!is_empty) {
      var product = vec4f();
      var product2 = vec4f();
      var product3 = vec4f();
      var product4 = vec4f();
      var product5 = vec4f();
      var product6 = vec4f();
      var product7 = vec4f();
      var product8 = vec4f();
      let i = I - 1 + row;
      let first = i - (launch.keys - launch.queries);
      let place = launch.q_offset + block3 * launch.q_stride_0 + first * launch.q_stride_2;
      let place2 = place + launch.q_stride_2;
      let place3 = place2 + launch.q_stride_2;
      let place4 = place3 + launch.q_stride_2;
      let j = J + column;
      let place5 = launch.k_offset + block3 * launch.k_stride_0 + j * launch.k_stride_2;
      let place6 = place5 + launch.k_stride_2;
      let place7 = place6 + launch.k_stride_2;
      let place8 = place7 + launch.k_stride_2;
      let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      let place9 = place5 + 16 * launch.k_stride_2;
      let place10 = place9 + launch.k_stride_2;
      let place11 = place10 + launch.k_stride_2;
      let place12 = place11 + launch.k_stride_2;
      let inside2 = vec4u(j + 16 + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
      for (var k = 0; k < 1; k++) {
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
      chosen = product / 2.0;
      chosen2 = product2 / 2.0;
      chosen3 = product3 / 2.0;
      chosen4 = product4 / 2.0;
      chosen5 = product5 / 2.0;
      chosen6 = product6 / 2.0;
      chosen7 = product7 / 2.0;
      chosen8 = product8 / 2.0;
      if (!is_full) {
        let j2 = j + vec4i(0, 1, 2, 3);
        chosen = chosen_of(chosen, j2, i);
        let j3 = j + 16 + vec4i(0, 1, 2, 3);
        chosen2 = chosen_of(chosen2, j3, i);
        chosen3 = chosen_of(chosen3, j2, i + 1);
        chosen4 = chosen_of(chosen4, j3, i + 1);
        chosen5 = chosen_of(chosen5, j2, i + 2);
        chosen6 = chosen_of(chosen6, j3, i + 2);
        chosen7 = chosen_of(chosen7, j2, i + 3);
        chosen8 = chosen_of(chosen8, j3, i + 3);
      }
    }
    let kept = decode_arena[to + 10];
    workgroupBarrier();
    decode_arena[to + 2] = kept;
    decode_arena[line + thread_column + 3] = chosen;
    decode_arena[line + thread_column + 7] = chosen2;
    decode_arena[line + thread_column + 12] = chosen3;
    decode_arena[line + thread_column + 16] = chosen4;
    decode_arena[line + thread_column + 21] = chosen5;
    decode_arena[line + thread_column + 25] = chosen6;
    decode_arena[line + thread_column + 30] = chosen7;
    decode_arena[line + thread_column + 34] = chosen8;
    let from3 = J - 1;
    let is_full2 = (from3 + 31 - from2 <= 0) && ((-from3 <= 0) && (from3 + 31 - launch.keys < 0));
    let is_empty2 = (from3 - (from2 + 31) > 0) || ((-(from3 + 31) > 0) || (from3 - launch.keys >= 0));
    var chosen9 = carried;
    var chosen10 = carried2;
    var chosen11 = carried3;
    var chosen12 = carried4;
    var chosen13 = carried9;
    var chosen14 = carried10;
    var chosen15 = carried11;
    var chosen16 = carried12;
    workgroupBarrier();
    if (!is_empty2) {
      var chosen17 = vec4f();
      var chosen18 = vec4f();
      var chosen19 = vec4f();
      var chosen20 = vec4f();
      var chosen21 = vec4f();
      var chosen22 = vec4f();
      var chosen23 = vec4f();
      var chosen24 = vec4f();
      let weights = decode_arena[0];
      update_chosen2(neighbourhood - 7, &chosen17, weights);
      let weights2 = decode_arena[1];
      update_chosen(neighbourhood + 2, &chosen17, weights2, &chosen19, weights);
      update_chosen(neighbourhood + 11, &chosen19, weights2, &chosen21, weights);
      update_chosen(neighbourhood + 20, &chosen21, weights2, &chosen23, weights);
      update_chosen2(neighbourhood + 29, &chosen23, weights2);
      update_chosen2(neighbourhood - 3, &chosen18, weights);
      update_chosen(neighbourhood + 6, &chosen18, weights2, &chosen20, weights);
      update_chosen(neighbourhood + 15, &chosen20, weights2, &chosen22, weights);
      update_chosen(neighbourhood + 24, &chosen22, weights2, &chosen24, weights);
      update_chosen2(neighbourhood + 33, &chosen24, weights2);
      if (!is_full2) {
        let j4 = J - 1 + column;
        let j5 = j4 + vec4i(0, 1, 2, 3);
        let i2 = I - 1 + row2;
        chosen17 = chosen_of2(minus_infinity, chosen17, j5, i2);
        let j6 = j4 + 16 + vec4i(0, 1, 2, 3);
        chosen18 = chosen_of2(minus_infinity, chosen18, j6, i2);
        chosen19 = chosen_of2(minus_infinity, chosen19, j5, i2 + 1);
        chosen20 = chosen_of2(minus_infinity, chosen20, j6, i2 + 1);
        chosen21 = chosen_of2(minus_infinity, chosen21, j5, i2 + 2);
        chosen22 = chosen_of2(minus_infinity, chosen22, j6, i2 + 2);
        chosen23 = chosen_of2(minus_infinity, chosen23, j5, i2 + 3);
        chosen24 = chosen_of2(minus_infinity, chosen24, j6, i2 + 3);
      }
      let partial2 = partial_of(chosen17, chosen18);
      let partial3 = partial_of(chosen19, chosen20);
      let partial4 = partial_of(chosen21, chosen22);
      let partial5 = partial_of(chosen23, chosen24);
      decode_arena[row + thread_column + 290] = vec4f(partial2, partial3, partial4, partial5);
      workgroupBarrier();
      let max2 = max(max(max(decode_arena[row + 290], decode_arena[row + 1 + 290]), decode_arena[row + 2 + 290]), decode_arena[row + 3 + 290]);
      chosen9 = maximum(carried, max2.x);
      chosen10 = maximum(carried2, max2.y);
      chosen11 = maximum(carried3, max2.z);
      chosen12 = maximum(carried4, max2.w);
      let map = exponential_difference(carried, chosen9);
      let map2 = exponential_difference(carried2, chosen10);
      let map3 = exponential_difference(carried3, chosen11);
      let map4 = exponential_difference(carried4, chosen12);
      let map5 = exponential_difference_wide(chosen17, vec4f(chosen9));
      let map6 = exponential_difference_wide(chosen18, vec4f(chosen9));
      let map7 = exponential_difference_wide(chosen19, vec4f(chosen10));
      let map8 = exponential_difference_wide(chosen20, vec4f(chosen10));
      let map9 = exponential_difference_wide(chosen21, vec4f(chosen11));
      let map10 = exponential_difference_wide(chosen22, vec4f(chosen11));
      let map11 = exponential_difference_wide(chosen23, vec4f(chosen12));
      let map12 = exponential_difference_wide(chosen24, vec4f(chosen12));
      carried5 = carried_of(carried5, map, map5, map6);
      carried6 = carried_of(carried6, map2, map7, map8);
      carried7 = carried_of(carried7, map3, map9, map10);
      carried8 = carried_of(carried8, map4, map11, map12);
      chosen13 = carried9 * map;
      chosen14 = carried10 * map2;
      chosen15 = carried11 * map3;
      chosen16 = carried12 * map4;
      if (row2 < 32) {
        decode_arena[line2 - 8 + thread_column + 322] = map5;
        decode_arena[line2 - 8 + (thread_column + 4) + 322] = map6;
      }
      if (row2 + 1 < 32) {
        decode_arena[line2 + thread_column + 322] = map7;
        decode_arena[line2 + (thread_column + 4) + 322] = map8;
      }
      if (row2 + 2 < 32) {
        decode_arena[line2 + 8 + thread_column + 322] = map9;
        decode_arena[line2 + 8 + (thread_column + 4) + 322] = map10;
      }
      if (row2 + 3 < 32) {
        decode_arena[line2 + 16 + thread_column + 322] = map11;
        decode_arena[line2 + 16 + (thread_column + 4) + 322] = map12;
      }
      workgroupBarrier();
      let place13 = launch.v_offset + block3 * launch.v_stride_0 + from3 * launch.v_stride_2 + thread_column;
      if (thread_column < 1) {
        for (var k2 = 0; k2 < 8; k2++) {
          let entry4 = k2 * 4;
          let place14 = place13 + entry4 * launch.v_stride_2;
          let at = from3 + entry4;
          let right9 = select(vec4f(), v_data[place14], u32(at) < u32(launch.keys));
          let place15 = place14 + launch.v_stride_2;
          let right10 = select(vec4f(), v_data[place15], u32(at + 1) < u32(launch.keys));
          let place16 = place15 + launch.v_stride_2;
          let right11 = select(vec4f(), v_data[place16], u32(at + 2) < u32(launch.keys));
          let place17 = place16 + launch.v_stride_2;
          let right12 = select(vec4f(), v_data[place17], u32(at + 3) < u32(launch.keys));
          update_chosen3(line2 + k2 + 314, &chosen13, right9, right10, right11, right12);
          update_chosen3(line2 + k2 + 322, &chosen14, right9, right10, right11, right12);
          update_chosen3(line2 + k2 + 330, &chosen15, right9, right10, right11, right12);
          update_chosen3(line2 + k2 + 338, &chosen16, right9, right10, right11, right12);
        }
      }
    }
    carried = chosen9;
    carried2 = chosen10;
    carried3 = chosen11;
    carried4 = chosen12;
    carried9 = chosen13;
    carried10 = chosen14;
    carried11 = chosen15;
    carried12 = chosen16;
  }
  workgroupBarrier();
  decode_arena[row + thread_column + 290] = vec4f(carried5, carried6, carried7, carried8);
  workgroupBarrier();
  let sum = decode_arena[row + 290] + decode_arena[row + 1 + 290] + decode_arena[row + 2 + 290] + decode_arena[row + 3 + 290];
  let i3 = I - 1 + row2;
  store_out_each(sum.x, carried9, row2, column, block3, i3, thread_column);
  store_out_each(sum.y, carried10, row2 + 1, column, block3, i3 + 1, thread_column);
  store_out_each(sum.z, carried11, row2 + 2, column, block3, i3 + 2, thread_column);
  store_out_each(sum.w, carried12, row2 + 3, column, block3, i3 + 3, thread_column);
  store_lse_each(carried, sum.x, thread_column, row2, block3, i3);
  store_lse_each(carried2, sum.y, thread_column, row2 + 1, block3, i3 + 1);
  store_lse_each(carried3, sum.z, thread_column, row2 + 2, block3, i3 + 2);
  store_lse_each(carried4, sum.w, thread_column, row2 + 3, block3, i3 + 3);
}

fn set_decode_split_decode_arena_each(J: i32, from2: i32, J2: i32, column: i32, block: i32, row: i32, I: i32, to: i32, thread: i32, line: i32, thread_column: i32) {
  let is_full = (J <= 0) && ((launch.keys - launch.queries - from2 <= 0) && (J2 + 127 - launch.keys < 0));
  let is_empty = (J2 - (from2 + 1) > 0) || ((launch.keys - launch.queries - (from2 + 1) > 0) || (J2 - launch.keys >= 0));
  var chosen = vec4f();
  var chosen2 = vec4f();
  if (!is_empty) {
    var product = vec4f();
    var product2 = vec4f();
    let j = J2 + column;
    let place = launch.k_offset + block * launch.k_stride_0 + j * launch.k_stride_2;
    let place2 = place + launch.k_stride_2;
    let place3 = place2 + launch.k_stride_2;
    let place4 = place3 + launch.k_stride_2;
    let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
    for (var k = 0; k < 1; k++) {
      let right = k_data[place + k];
      let right2 = k_data[place2 + k];
      let right3 = k_data[place3 + k];
      let right4 = k_data[place4 + k];
      let left = decode_split_decode_arena[row + k + 68];
      product += vec4f(dot(left, right), dot(left, right2), dot(left, right3), dot(left, right4));
      let left2 = decode_split_decode_arena[row + k + 69];
      product2 += vec4f(dot(left2, right), dot(left2, right2), dot(left2, right3), dot(left2, right4));
    }
    product = select(vec4f(), product, inside);
    product2 = select(vec4f(), product2, inside);
    chosen = product / 2.0;
    chosen2 = product2 / 2.0;
    if (!is_full) {
      let j2 = j + vec4i(0, 1, 2, 3);
      let i = I - 1 + row;
      chosen = select(vec4f(), chosen, (j2 <= vec4i(i)) & (vec4<bool>(launch.keys - launch.queries <= i) & (j2 < vec4i(launch.keys))));
      chosen2 = select(vec4f(), chosen2, (j2 <= vec4i(i + 1)) & (vec4<bool>(launch.keys - launch.queries <= i + 1) & (j2 < vec4i(launch.keys))));
    }
  }
  let kept = decode_split_decode_arena[to + 34];
  workgroupBarrier();
  if (thread < 2) {
    decode_split_decode_arena[to + 2] = kept;
  }
  decode_split_decode_arena[line + thread_column + 3] = chosen;
  decode_split_decode_arena[line + thread_column + 36] = chosen2;
}

fn update_chosen4(number: i32, neighbourhood: i32, chosen: ptr<function, vec4f>) {
  let weights = decode_split_decode_arena[number];
  let ring = decode_split_decode_arena[neighbourhood];
  let ring2 = decode_split_decode_arena[neighbourhood + 1];
  let window = vec4f(ring.z, ring.w, ring2.x, ring2.y);
  *chosen += weights.x * window;
  let window2 = vec4f(ring.w, ring2.x, ring2.y, ring2.z);
  *chosen += weights.y * window2;
  *chosen += weights.z * ring2;
}

var<workgroup> decode_split_decode_arena: array<vec4f, 230>;

@compute @workgroup_size(32)
fn decode_split_decode(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 32;
  let thread_column = thread % 32;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row = thread_row * 2;
  let column = thread_column * 4;
  let to = thread * 33;
  let line = row * 33;
  let row2 = thread_row + 1;
  let neighbourhood = row2 * 33 + thread_column;
  let line2 = thread_row * 32;
  let line3 = row2 * 32;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = max(1, min(floor_divide(floor_divide(32, launch.rows), launch.batch), floor_divide(launch.keys, 512)));
  let block2 = block % blocks;
  let block3 = block / blocks;
  let blocks2 = launch.keys - (launch.keys - launch.rows);
  let block4 = block3 % blocks2;
  let block5 = block3 / blocks2;
  let I = block4 + (launch.keys - launch.rows);
  if (block5 >= launch.batch) {
    return;
  }
  for (var tap = thread; tap < 2; tap += 32) {
    let c0 = tap % 2;
    let entry = read_theta(0, c0, 0);
    let entry2 = read_theta(0, c0, 1);
    let entry3 = read_theta(0, c0, 2);
    decode_split_decode_arena[tap] = vec4f(entry, entry2, entry3, 0.0);
  }
  for (var n = thread; n < 66; n += 32) {
    decode_split_decode_arena[n + 2] = vec4f(0.0);
  }
  for (var n2 = thread; n2 < 2; n2 += 32) {
    let at = I - 1 + n2;
    decode_split_decode_arena[n2 + 68] = load_q(block5, 0, at, 0);
  }
  let end = saturated(128 * floor_divide(floor_divide(min(launch.keys, I + 1) + 128, 128) + blocks - 1, blocks) * block2, 128.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 1) + 128, 128) + blocks - 1, blocks)) * f32(block2));
  for (var J = max(0, saturated(128 * floor_divide(floor_divide(min(launch.keys, I + 1) + 128, 128) + blocks - 1, blocks) * block2 - 128, 128.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 1) + 128, 128) + blocks - 1, blocks)) * f32(block2) - 128.0)); J < end; J += 128) {
    workgroupBarrier();
    let from2 = I - 1;
    set_decode_split_decode_arena_each(J + 127 - from2, from2, J, column, block5, row, I, to, thread, line, thread_column);
  }
  var carried = minus_infinity;
  var carried2 = 0.0;
  var carried3 = vec4f();
  workgroupBarrier();
  for (var n3 = thread; n3 < 2; n3 += 32) {
    let at2 = I - 1 + n3;
    decode_split_decode_arena[n3 + 68] = load_q(block5, 0, at2, 0);
  }
  let shared2 = min(launch.keys, I + 1);
  let shared3 = floor_divide(floor_divide(shared2 + 128, 128) + blocks - 1, blocks);
  let end2 = min(shared2 + 1, saturated(128 * shared3 * block2 + 128 * shared3, 128.0 * f32(shared3) * f32(block2) + 128.0 * f32(shared3)));
  workgroupBarrier();
  for (var J2 = saturated(128 * floor_divide(floor_divide(min(launch.keys, I + 1) + 128, 128) + blocks - 1, blocks) * block2, 128.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 1) + 128, 128) + blocks - 1, blocks)) * f32(block2)); J2 < end2; J2 += 128) {
    let from3 = I - 1;
    set_decode_split_decode_arena_each(J2 + 127 - from3, from3, J2, column, block5, row, I, to, thread, line, thread_column);
    let from4 = J2 - 1;
    let is_full = (from4 + 127 - from3 <= 0) && ((-from4 <= 0) && (from4 + 127 - launch.keys < 0));
    let is_empty = (from4 - (from3 + 1) > 0) || ((-(from4 + 127) > 0) || (from4 - launch.keys >= 0));
    var chosen = carried;
    var chosen2 = carried3;
    workgroupBarrier();
    if (!is_empty) {
      var chosen3 = vec4f();
      update_chosen4(0, neighbourhood - 31, &chosen3);
      update_chosen4(1, neighbourhood + 2, &chosen3);
      if (!is_full) {
        let j = J2 - 1 + column;
        let j2 = j + vec4i(0, 1, 2, 3);
        let i = I - 1 + row2;
        chosen3 = select(vec4f(minus_infinity), chosen3, (j2 <= vec4i(i)) & ((vec4i(0) <= j2) & (j2 < vec4i(launch.keys))));
      }
      let partial2 = max(max(chosen3.x, chosen3.y), max(chosen3.z, chosen3.w));
      decode_split_decode_arena[line2 + thread_column + 70] = vec4f(partial2);
      workgroupBarrier();
      var max2 = decode_split_decode_arena[line2 + 70].x;
      for (var other = 1; other < 32; other += 1) {
        max2 = max(max2, decode_split_decode_arena[line2 + other + 70].x);
      }
      chosen = maximum(carried, max2);
      let map = exponential_difference(carried, chosen);
      let map2 = exponential_difference_wide(chosen3, vec4f(chosen));
      let map3 = carried2 * map;
      let partial3 = map2.x + map2.y + (map2.z + map2.w);
      carried2 = map3 + partial3;
      chosen2 = carried3 * map;
      decode_split_decode_arena[line3 - 32 + thread_column + 102] = map2;
      workgroupBarrier();
      let place = launch.v_offset + block5 * launch.v_stride_0 + from4 * launch.v_stride_2 + thread_column;
      if (thread_column < 1) {
        for (var k = 0; k < 32; k++) {
          let entry4 = k * 4;
          let place2 = place + entry4 * launch.v_stride_2;
          let at3 = from4 + entry4;
          let right = select(vec4f(), v_data[place2], u32(at3) < u32(launch.keys));
          let place3 = place2 + launch.v_stride_2;
          let right2 = select(vec4f(), v_data[place3], u32(at3 + 1) < u32(launch.keys));
          let place4 = place3 + launch.v_stride_2;
          let right3 = select(vec4f(), v_data[place4], u32(at3 + 2) < u32(launch.keys));
          let place5 = place4 + launch.v_stride_2;
          let right4 = select(vec4f(), v_data[place5], u32(at3 + 3) < u32(launch.keys));
          let left = decode_split_decode_arena[line3 + k + 70];
          chosen2 += left.x * right;
          chosen2 += left.y * right2;
          chosen2 += left.z * right3;
          chosen2 += left.w * right4;
        }
      }
    }
    carried = chosen;
    carried3 = chosen2;
  }
  workgroupBarrier();
  decode_split_decode_arena[line2 + thread_column + 70] = vec4f(carried2);
  workgroupBarrier();
  var sum = decode_split_decode_arena[line2 + 70].x;
  for (var other2 = 1; other2 < 32; other2 += 1) {
    sum = sum + decode_split_decode_arena[line2 + other2 + 70].x;
  }
  let i2 = I - 1 + row2;
  if (thread_column == 0) {
    store_decode_maxima(block5, 0, block2, i2, carried);
  }
  if (thread_column == 0) {
    store_decode_sums(block5, 0, block2, i2, sum);
  }
  if (column < 4) {
    store_decode_shares_of_4(block5, 0, block2, i2, thread_column, carried3);
  }
}

@compute @workgroup_size(32)
fn decode_combine_decode(
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
  if (block3 >= launch.batch) {
    return;
  }
  var carried2 = 0.0;
  var carried3 = vec4f();
  let end = max(1, min(floor_divide(floor_divide(32, launch.rows), launch.batch), floor_divide(launch.keys, 512)));
  for (var split = 0; split < end; split += 1) {
    let i = I + thread_row;
    let load = load_decode_maxima(block3, 0, split, i);
    let load2 = load_decode_sums(block3, 0, split, i);
    let load3 = load_decode_shares_of_4(block3, 0, split, i, thread_column);
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
  if (thread_row < 1 && column < 4) {
    store_out(block3, 0, i2, thread_column, map5);
  }
  let map6 = carried + logarithm(select(-1.0, carried2, carried2 <= 1e+30));
  if (thread_column == 0 && thread_row < 1) {
    store_lse(block3, 0, i2, map6);
  }
}

fn update_product3(row: i32, product: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  let left = decode_split_decode2_arena[row];
  *product += vec4f(dot(left, right), dot(left, right2), dot(left, right3), dot(left, right4));
}

fn set_decode_split_decode2_arena_each(J: i32, from2: i32, J2: i32, column: i32, block: i32, row: i32, I: i32, to: i32, thread: i32, line: i32, thread_column: i32) {
  let is_full = (J <= 0) && ((launch.keys - launch.queries - from2 <= 0) && (J2 + 127 - launch.keys < 0));
  let is_empty = (J2 - (from2 + 4) > 0) || ((launch.keys - launch.queries - (from2 + 4) > 0) || (J2 - launch.keys >= 0));
  var chosen = vec4f();
  var chosen2 = vec4f();
  var chosen3 = vec4f();
  var chosen4 = vec4f();
  var chosen5 = vec4f();
  if (!is_empty) {
    var product = vec4f();
    var product2 = vec4f();
    var product3 = vec4f();
    var product4 = vec4f();
    var product5 = vec4f();
    let j = J2 + column;
    let place = launch.k_offset + block * launch.k_stride_0 + j * launch.k_stride_2;
    let place2 = place + launch.k_stride_2;
    let place3 = place2 + launch.k_stride_2;
    let place4 = place3 + launch.k_stride_2;
    let inside = vec4u(j + vec4i(0, 1, 2, 3)) < vec4u(u32(launch.keys));
    for (var k = 0; k < 1; k++) {
      let right = k_data[place + k];
      let right2 = k_data[place2 + k];
      let right3 = k_data[place3 + k];
      let right4 = k_data[place4 + k];
      update_product3(row + k + 167, &product, right, right2, right3, right4);
      update_product3(row + k + 168, &product2, right, right2, right3, right4);
      update_product3(row + k + 169, &product3, right, right2, right3, right4);
      update_product3(row + k + 170, &product4, right, right2, right3, right4);
      update_product3(row + k + 171, &product5, right, right2, right3, right4);
    }
    product = select(vec4f(), product, inside);
    product2 = select(vec4f(), product2, inside);
    product3 = select(vec4f(), product3, inside);
    product4 = select(vec4f(), product4, inside);
    product5 = select(vec4f(), product5, inside);
    chosen = product / 2.0;
    chosen2 = product2 / 2.0;
    chosen3 = product3 / 2.0;
    chosen4 = product4 / 2.0;
    chosen5 = product5 / 2.0;
    if (!is_full) {
      let j2 = j + vec4i(0, 1, 2, 3);
      let i = I - 1 + row;
      chosen = chosen_of(chosen, j2, i);
      chosen2 = chosen_of(chosen2, j2, i + 1);
      chosen3 = chosen_of(chosen3, j2, i + 2);
      chosen4 = chosen_of(chosen4, j2, i + 3);
      chosen5 = chosen_of(chosen5, j2, i + 4);
    }
  }
  let kept = decode_split_decode2_arena[to + 34];
  workgroupBarrier();
  if (thread < 5) {
    decode_split_decode2_arena[to + 2] = kept;
  }
  decode_split_decode2_arena[line + thread_column + 3] = chosen;
  decode_split_decode2_arena[line + thread_column + 36] = chosen2;
  decode_split_decode2_arena[line + thread_column + 69] = chosen3;
  decode_split_decode2_arena[line + thread_column + 102] = chosen4;
  decode_split_decode2_arena[line + thread_column + 135] = chosen5;
}

fn update_chosen5(neighbourhood: i32, chosen: ptr<function, vec4f>, weights: vec4f, chosen2: ptr<function, vec4f>, weights2: vec4f) {
  let ring = decode_split_decode2_arena[neighbourhood];
  let ring2 = decode_split_decode2_arena[neighbourhood + 1];
  let window = vec4f(ring.z, ring.w, ring2.x, ring2.y);
  *chosen += weights.x * window;
  let window2 = vec4f(ring.w, ring2.x, ring2.y, ring2.z);
  *chosen += weights.y * window2;
  *chosen += weights.z * ring2;
  *chosen2 += weights2.x * window;
  *chosen2 += weights2.y * window2;
  *chosen2 += weights2.z * ring2;
}

fn carried_of2(carried: f32, map: f32, map2: vec4f) -> f32 {
  let map3 = carried * map;
  let partial2 = map2.x + map2.y + (map2.z + map2.w);
  return map3 + partial2;
}

fn update_chosen6(neighbourhood: i32, chosen: ptr<function, vec4f>, weights: vec4f) {
  let ring = decode_split_decode2_arena[neighbourhood];
  let ring2 = decode_split_decode2_arena[neighbourhood + 1];
  let window = vec4f(ring.z, ring.w, ring2.x, ring2.y);
  *chosen += weights.x * window;
  let window2 = vec4f(ring.w, ring2.x, ring2.y, ring2.z);
  *chosen += weights.y * window2;
  *chosen += weights.z * ring2;
}

fn update_chosen7(line: i32, chosen: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  let left = decode_split_decode2_arena[line];
  *chosen += left.x * right;
  *chosen += left.y * right2;
  *chosen += left.z * right3;
  *chosen += left.w * right4;
}

var<workgroup> decode_split_decode2_arena: array<vec4f, 332>;

@compute @workgroup_size(32)
fn decode_split_decode2(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 32;
  let thread_column = thread % 32;
  let minus_infinity = bitcast<f32>(launch.minus_infinity);
  let row = thread_row * 5;
  let column = thread_column * 4;
  let to = thread * 33;
  let line = row * 33;
  let row2 = thread_row * 4 + 1;
  let neighbourhood = row2 * 33 + thread_column;
  let line2 = thread_row * 32;
  let line3 = row2 * 32;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks = max(1, min(floor_divide(floor_divide(32, floor_divide(launch.rows + 3, 4)), launch.batch), floor_divide(launch.keys, 512)));
  let block2 = block % blocks;
  let block3 = block / blocks;
  let blocks2 = (launch.keys - (launch.keys - launch.rows) + 3) / 4;
  let block4 = block3 % blocks2;
  let block5 = block3 / blocks2;
  let I = block4 * 4 + (launch.keys - launch.rows);
  if (block5 >= launch.batch) {
    return;
  }
  for (var tap = thread; tap < 2; tap += 32) {
    let c0 = tap % 2;
    let entry = read_theta(0, c0, 0);
    let entry2 = read_theta(0, c0, 1);
    let entry3 = read_theta(0, c0, 2);
    decode_split_decode2_arena[tap] = vec4f(entry, entry2, entry3, 0.0);
  }
  for (var n = thread; n < 165; n += 32) {
    decode_split_decode2_arena[n + 2] = vec4f(0.0);
  }
  for (var n2 = thread; n2 < 5; n2 += 32) {
    let at = I - 1 + n2;
    decode_split_decode2_arena[n2 + 167] = load_q(block5, 0, at, 0);
  }
  let end = saturated(128 * floor_divide(floor_divide(min(launch.keys, I + 4) + 128, 128) + blocks - 1, blocks) * block2, 128.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 4) + 128, 128) + blocks - 1, blocks)) * f32(block2));
  for (var J = max(0, saturated(128 * floor_divide(floor_divide(min(launch.keys, I + 4) + 128, 128) + blocks - 1, blocks) * block2 - 128, 128.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 4) + 128, 128) + blocks - 1, blocks)) * f32(block2) - 128.0)); J < end; J += 128) {
    workgroupBarrier();
    let from2 = I - 1;
    set_decode_split_decode2_arena_each(J + 127 - from2, from2, J, column, block5, row, I, to, thread, line, thread_column);
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
  workgroupBarrier();
  for (var n3 = thread; n3 < 5; n3 += 32) {
    let at2 = I - 1 + n3;
    decode_split_decode2_arena[n3 + 167] = load_q(block5, 0, at2, 0);
  }
  let shared2 = min(launch.keys, I + 4);
  let shared3 = floor_divide(floor_divide(shared2 + 128, 128) + blocks - 1, blocks);
  let end2 = min(shared2 + 1, saturated(128 * shared3 * block2 + 128 * shared3, 128.0 * f32(shared3) * f32(block2) + 128.0 * f32(shared3)));
  workgroupBarrier();
  for (var J2 = saturated(128 * floor_divide(floor_divide(min(launch.keys, I + 4) + 128, 128) + blocks - 1, blocks) * block2, 128.0 * f32(floor_divide(floor_divide(min(launch.keys, I + 4) + 128, 128) + blocks - 1, blocks)) * f32(block2)); J2 < end2; J2 += 128) {
    let from3 = I - 1;
    set_decode_split_decode2_arena_each(J2 + 127 - from3, from3, J2, column, block5, row, I, to, thread, line, thread_column);
    let from4 = J2 - 1;
    let is_full = (from4 + 127 - from3 <= 0) && ((-from4 <= 0) && (from4 + 127 - launch.keys < 0));
    let is_empty = (from4 - (from3 + 4) > 0) || ((-(from4 + 127) > 0) || (from4 - launch.keys >= 0));
    var chosen = carried;
    var chosen2 = carried2;
    var chosen3 = carried3;
    var chosen4 = carried4;
    var chosen5 = carried9;
    var chosen6 = carried10;
    var chosen7 = carried11;
    var chosen8 = carried12;
    workgroupBarrier();
    if (!is_empty) {
      var chosen9 = vec4f();
      var chosen10 = vec4f();
      var chosen11 = vec4f();
      var chosen12 = vec4f();
      let weights = decode_split_decode2_arena[0];
      update_chosen6(neighbourhood - 31, &chosen9, weights);
      let weights2 = decode_split_decode2_arena[1];
      update_chosen5(neighbourhood + 2, &chosen9, weights2, &chosen10, weights);
      update_chosen5(neighbourhood + 35, &chosen10, weights2, &chosen11, weights);
      update_chosen5(neighbourhood + 68, &chosen11, weights2, &chosen12, weights);
      update_chosen6(neighbourhood + 101, &chosen12, weights2);
      if (!is_full) {
        let j = J2 - 1 + column;
        let j2 = j + vec4i(0, 1, 2, 3);
        let i = I - 1 + row2;
        chosen9 = select(vec4f(minus_infinity), chosen9, (j2 <= vec4i(i)) & ((vec4i(0) <= j2) & (j2 < vec4i(launch.keys))));
        chosen10 = select(vec4f(minus_infinity), chosen10, (j2 <= vec4i(i + 1)) & ((vec4i(0) <= j2) & (j2 < vec4i(launch.keys))));
        chosen11 = select(vec4f(minus_infinity), chosen11, (j2 <= vec4i(i + 2)) & ((vec4i(0) <= j2) & (j2 < vec4i(launch.keys))));
        chosen12 = select(vec4f(minus_infinity), chosen12, (j2 <= vec4i(i + 3)) & ((vec4i(0) <= j2) & (j2 < vec4i(launch.keys))));
      }
      let partial2 = max(max(chosen9.x, chosen9.y), max(chosen9.z, chosen9.w));
      let partial3 = max(max(chosen10.x, chosen10.y), max(chosen10.z, chosen10.w));
      let partial4 = max(max(chosen11.x, chosen11.y), max(chosen11.z, chosen11.w));
      let partial5 = max(max(chosen12.x, chosen12.y), max(chosen12.z, chosen12.w));
      decode_split_decode2_arena[line2 + thread_column + 172] = vec4f(partial2, partial3, partial4, partial5);
      workgroupBarrier();
      var max2 = decode_split_decode2_arena[line2 + 172];
      for (var other = 1; other < 32; other += 1) {
        max2 = max(max2, decode_split_decode2_arena[line2 + other + 172]);
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
      let map6 = exponential_difference_wide(chosen10, vec4f(chosen2));
      let map7 = exponential_difference_wide(chosen11, vec4f(chosen3));
      let map8 = exponential_difference_wide(chosen12, vec4f(chosen4));
      carried5 = carried_of2(carried5, map, map5);
      carried6 = carried_of2(carried6, map2, map6);
      carried7 = carried_of2(carried7, map3, map7);
      carried8 = carried_of2(carried8, map4, map8);
      chosen5 = carried9 * map;
      chosen6 = carried10 * map2;
      chosen7 = carried11 * map3;
      chosen8 = carried12 * map4;
      decode_split_decode2_arena[line3 - 32 + thread_column + 204] = map5;
      decode_split_decode2_arena[line3 + thread_column + 204] = map6;
      decode_split_decode2_arena[line3 + 32 + thread_column + 204] = map7;
      decode_split_decode2_arena[line3 + 64 + thread_column + 204] = map8;
      workgroupBarrier();
      let place = launch.v_offset + block5 * launch.v_stride_0 + from4 * launch.v_stride_2 + thread_column;
      if (thread_column < 1) {
        for (var k = 0; k < 32; k++) {
          let entry4 = k * 4;
          let place2 = place + entry4 * launch.v_stride_2;
          let at3 = from4 + entry4;
          let right = select(vec4f(), v_data[place2], u32(at3) < u32(launch.keys));
          let place3 = place2 + launch.v_stride_2;
          let right2 = select(vec4f(), v_data[place3], u32(at3 + 1) < u32(launch.keys));
          let place4 = place3 + launch.v_stride_2;
          let right3 = select(vec4f(), v_data[place4], u32(at3 + 2) < u32(launch.keys));
          let place5 = place4 + launch.v_stride_2;
          let right4 = select(vec4f(), v_data[place5], u32(at3 + 3) < u32(launch.keys));
          update_chosen7(line3 + k + 172, &chosen5, right, right2, right3, right4);
          update_chosen7(line3 + k + 204, &chosen6, right, right2, right3, right4);
          update_chosen7(line3 + k + 236, &chosen7, right, right2, right3, right4);
          update_chosen7(line3 + k + 268, &chosen8, right, right2, right3, right4);
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
  decode_split_decode2_arena[line2 + thread_column + 172] = vec4f(carried5, carried6, carried7, carried8);
  workgroupBarrier();
  var sum = decode_split_decode2_arena[line2 + 172];
  for (var other2 = 1; other2 < 32; other2 += 1) {
    sum = sum + decode_split_decode2_arena[line2 + other2 + 172];
  }
  let i2 = I - 1 + row2;
  if (thread_column == 0) {
    store_decode_maxima2(block5, 0, block2, i2, carried);
  }
  if (thread_column == 0) {
    store_decode_maxima2(block5, 0, block2, i2 + 1, carried2);
  }
  if (thread_column == 0) {
    store_decode_maxima2(block5, 0, block2, i2 + 2, carried3);
  }
  if (thread_column == 0) {
    store_decode_maxima2(block5, 0, block2, i2 + 3, carried4);
  }
  if (thread_column == 0) {
    store_decode_sums2(block5, 0, block2, i2, sum.x);
  }
  if (thread_column == 0) {
    store_decode_sums2(block5, 0, block2, i2 + 1, sum.y);
  }
  if (thread_column == 0) {
    store_decode_sums2(block5, 0, block2, i2 + 2, sum.z);
  }
  if (thread_column == 0) {
    store_decode_sums2(block5, 0, block2, i2 + 3, sum.w);
  }
  if (column < 4) {
    store_decode_shares_of_4_2(block5, 0, block2, i2, thread_column, carried9);
  }
  if (column < 4) {
    store_decode_shares_of_4_2(block5, 0, block2, i2 + 1, thread_column, carried10);
  }
  if (column < 4) {
    store_decode_shares_of_4_2(block5, 0, block2, i2 + 2, thread_column, carried11);
  }
  if (column < 4) {
    store_decode_shares_of_4_2(block5, 0, block2, i2 + 3, thread_column, carried12);
  }
}

@compute @workgroup_size(32)
fn decode_combine_decode2(
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
  if (block3 >= launch.batch) {
    return;
  }
  var carried2 = 0.0;
  var carried3 = vec4f();
  let end = max(1, min(floor_divide(floor_divide(32, floor_divide(launch.rows + 3, 4)), launch.batch), floor_divide(launch.keys, 512)));
  for (var split = 0; split < end; split += 1) {
    let i = I + thread_row;
    let load = load_decode_maxima2(block3, 0, split, i);
    let load2 = load_decode_sums2(block3, 0, split, i);
    let load3 = load_decode_shares_of_4_2(block3, 0, split, i, thread_column);
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
  if (column < 4) {
    store_out(block3, 0, i2, thread_column, map5);
  }
  let map6 = carried + logarithm(select(-1.0, carried2, carried2 <= 1e+30));
  if (thread_column == 0) {
    store_lse(block3, 0, i2, map6);
  }
}
