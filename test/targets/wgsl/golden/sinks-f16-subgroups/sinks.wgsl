// sinks, compiled by heddle golden to WGSL: f16, subgroups, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=4 window=5
// Hash d8be2a814a9dd20f of all below. Made by a compiler: change the spec, not this file.

enable f16;
enable subgroups;

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

var<workgroup> lanes_found_not: atomic<u32>;
var<workgroup> lanes_found_by_all: i32;

fn lanes_found(thread: u32, size: u32, most: u32) -> i32 {
  for (var mask = 1u; mask < most; mask *= 2u) {
    let other = subgroupShuffleXor(thread, mask);
    if (mask >= size || other != (thread ^ mask)) {
      atomicOr(&lanes_found_not, mask);
    }
  }
  workgroupBarrier();
  if (thread == 0u) {
    let first = firstTrailingBit(atomicLoad(&lanes_found_not) | most);
    lanes_found_by_all = select(1, 1 << first, first >= 2u);
  }
  return workgroupUniformLoad(&lanes_found_by_all);
}

fn joined_maximum_wide(x: vec4f, lanes: i32) -> vec4f {
  var total = x;
  if (lanes >= 4) { total = max(total, subgroupShuffleXor(total, 1u)); total = max(total, subgroupShuffleXor(total, 2u)); }
  if (lanes >= 8) { total = max(total, subgroupShuffleXor(total, 4u)); }
  if (lanes >= 16) { total = max(total, subgroupShuffleXor(total, 8u)); }
  if (lanes >= 32) { total = max(total, subgroupShuffleXor(total, 16u)); }
  return total;
}

fn joined_sum_wide(x: vec4f, lanes: i32) -> vec4f {
  var total = x;
  if (lanes >= 4) { total = total + subgroupShuffleXor(total, 1u); total = total + subgroupShuffleXor(total, 2u); }
  if (lanes >= 8) { total = total + subgroupShuffleXor(total, 4u); }
  if (lanes >= 16) { total = total + subgroupShuffleXor(total, 8u); }
  if (lanes >= 32) { total = total + subgroupShuffleXor(total, 16u); }
  return total;
}

fn read_sink(x_0: i32) -> f32 {
  let inside = u32(x_0) < 2u;
  return select(f32(0), sink_data[select(0, x_0, inside)], inside);
}

fn store_out(x_0: i32, x_1: i32, x_2: i32, x_3: i32, value: vec4f) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if ((u32(at_2) < u32(launch.rows)) & (u32(x_3) < 1u)) {
    out_data[launch.out_offset + x_0 * launch.out_stride_0 + x_1 * launch.out_stride_1 + at_2 * launch.out_stride_2 + x_3] = vec4<f16>(value);
  }
}

fn store_lse(x_0: i32, x_1: i32, x_2: i32, value: f32) {
  let at_2 = x_2 - (launch.keys - launch.rows);
  if (u32(at_2) < u32(launch.rows)) {
    lse_data[launch.lse_offset + x_0 * launch.lse_stride_0 + x_1 * launch.lse_stride_1 + at_2] = value;
  }
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

fn update_product2(place: i32, product: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f, product2: ptr<function, vec4f>, right5: vec4f, right6: vec4f, right7: vec4f, right8: vec4f) {
  let left = vec4f(q_data[place]);
  *product += vec4f(dot(left, right), dot(left, right2), dot(left, right3), dot(left, right4));
  *product2 += vec4f(dot(left, right5), dot(left, right6), dot(left, right7), dot(left, right8));
}

fn update_chosen(chosen: ptr<function, vec4f>, minus_infinity: f32, j: vec4i, i: i32, i2: i32, number: i32, chosen2: ptr<function, vec4f>, j2: vec4i) {
  *chosen = select(vec4f(minus_infinity), (*chosen), ((j <= vec4i(i)) & (i2 + number - j < vec4i(5))) & (j < vec4i(launch.keys)));
  *chosen2 = select(vec4f(minus_infinity), (*chosen2), ((j2 <= vec4i(i)) & (i2 + number - j2 < vec4i(5))) & (j2 < vec4i(launch.keys)));
}

fn partial_of(chosen: vec4f, chosen2: vec4f) -> f32 {
  let partial2 = max(chosen, chosen2);
  return max(max(partial2.x, partial2.y), max(partial2.z, partial2.w));
}

fn store_out_each(map: f32, map2: f32, carried: vec4f, column: i32, block: i32, block2: i32, i: i32, thread_column: i32) {
  let map3 = select(1.0 / map, 0.0, map == 0.0);
  let map4 = map2 * map3;
  let map5 = carried * map4;
  if (column < 4) {
    store_out(block, block2, i, thread_column, map5);
  }
}

fn update_chosen2(line: i32, chosen: ptr<function, vec4f>, right: vec4f, right2: vec4f, right3: vec4f, right4: vec4f) {
  let left = sinks_arena[line];
  *chosen += left.x * right;
  *chosen += left.y * right2;
  *chosen += left.z * right3;
  *chosen += left.w * right4;
}

var<workgroup> sinks_arena: array<vec4f, 288>;

@compute @workgroup_size(32)
fn sinks(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
  @builtin(subgroup_size) lanes_of_subgroup: u32,
) {
  let thread = i32(invocation);
  let lanes = lanes_found(invocation, lanes_of_subgroup, 4u);
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
  for (var J = 32 * floor_divide(max(0, max(0, I - 4)), 32); J < end; J += 32) {
    let is_full = ((J + 31 - I <= 0) && (I + 31 - J - 5 < 0)) && (J + 31 - launch.keys < 0);
    let is_empty = ((J - (I + 31) > 0) || (I - (J + 31) - 5 >= 0)) || (J - launch.keys >= 0);
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
      let place5 = launch.k_offset + block5 * launch.k_stride_0 + floor_divide(block4, 2) * launch.k_stride_1 + j * launch.k_stride_2;
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
        let right = vec4f(k_data[place5 + k]);
        let right2 = vec4f(k_data[place6 + k]);
        let right3 = vec4f(k_data[place7 + k]);
        let right4 = vec4f(k_data[place8 + k]);
        let right5 = vec4f(k_data[place9 + k]);
        let right6 = vec4f(k_data[place10 + k]);
        let right7 = vec4f(k_data[place11 + k]);
        let right8 = vec4f(k_data[place12 + k]);
        update_product2(place + k, &product, right, right2, right3, right4, &product2, right5, right6, right7, right8);
        update_product2(place2 + k, &product3, right, right2, right3, right4, &product4, right5, right6, right7, right8);
        update_product2(place3 + k, &product5, right, right2, right3, right4, &product6, right5, right6, right7, right8);
        update_product2(place4 + k, &product7, right, right2, right3, right4, &product8, right5, right6, right7, right8);
      }
      update_product(first, &product, inside, &product2, inside2);
      update_product(first + 1, &product3, inside, &product4, inside2);
      update_product(first + 2, &product5, inside, &product6, inside2);
      update_product(first + 3, &product7, inside, &product8, inside2);
      var chosen9 = product / 2.0;
      var chosen10 = product2 / 2.0;
      var chosen11 = product3 / 2.0;
      var chosen12 = product4 / 2.0;
      var chosen13 = product5 / 2.0;
      var chosen14 = product6 / 2.0;
      var chosen15 = product7 / 2.0;
      var chosen16 = product8 / 2.0;
      if (!is_full) {
        let j2 = j + vec4i(0, 1, 2, 3);
        chosen9 = select(vec4f(minus_infinity), chosen9, ((j2 <= vec4i(i)) & (i - j2 < vec4i(5))) & (j2 < vec4i(launch.keys)));
        let j3 = j + 16 + vec4i(0, 1, 2, 3);
        chosen10 = select(vec4f(minus_infinity), chosen10, ((j3 <= vec4i(i)) & (i - j3 < vec4i(5))) & (j3 < vec4i(launch.keys)));
        update_chosen(&chosen11, minus_infinity, j2, i + 1, i, 1, &chosen12, j3);
        update_chosen(&chosen13, minus_infinity, j2, i + 2, i, 2, &chosen14, j3);
        update_chosen(&chosen15, minus_infinity, j2, i + 3, i, 3, &chosen16, j3);
      }
      let partial2 = partial_of(chosen9, chosen10);
      let partial3 = partial_of(chosen11, chosen12);
      let partial4 = partial_of(chosen13, chosen14);
      let partial5 = partial_of(chosen15, chosen16);
      sinks_arena[row + thread_column] = joined_maximum_wide(vec4f(partial2, partial3, partial4, partial5), lanes);
      workgroupBarrier();
      var max2 = sinks_arena[row];
      for (var other = lanes; other < 4; other += lanes) {
        max2 = max(max2, sinks_arena[row + other]);
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
      sinks_arena[line + thread_column + 32] = map5;
      sinks_arena[line + (thread_column + 4) + 32] = map6;
      sinks_arena[line + 8 + thread_column + 32] = map7;
      sinks_arena[line + 8 + (thread_column + 4) + 32] = map8;
      sinks_arena[line + 16 + thread_column + 32] = map9;
      sinks_arena[line + 16 + (thread_column + 4) + 32] = map10;
      sinks_arena[line + 24 + thread_column + 32] = map11;
      sinks_arena[line + 24 + (thread_column + 4) + 32] = map12;
      workgroupBarrier();
      let place13 = launch.v_offset + block5 * launch.v_stride_0 + floor_divide(block4, 2) * launch.v_stride_1 + J * launch.v_stride_2 + thread_column;
      if (thread_column < 1) {
        for (var k2 = 0; k2 < 8; k2++) {
          let entry = k2 * 4;
          let place14 = place13 + entry * launch.v_stride_2;
          let at = J + entry;
          let right9 = select(vec4f(), vec4f(v_data[place14]), u32(at) < u32(launch.keys));
          let place15 = place14 + launch.v_stride_2;
          let right10 = select(vec4f(), vec4f(v_data[place15]), u32(at + 1) < u32(launch.keys));
          let place16 = place15 + launch.v_stride_2;
          let right11 = select(vec4f(), vec4f(v_data[place16]), u32(at + 2) < u32(launch.keys));
          let place17 = place16 + launch.v_stride_2;
          let right12 = select(vec4f(), vec4f(v_data[place17]), u32(at + 3) < u32(launch.keys));
          update_chosen2(line + k2 + 32, &chosen5, right9, right10, right11, right12);
          update_chosen2(line + k2 + 40, &chosen6, right9, right10, right11, right12);
          update_chosen2(line + k2 + 48, &chosen7, right9, right10, right11, right12);
          update_chosen2(line + k2 + 56, &chosen8, right9, right10, right11, right12);
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
  sinks_arena[row + thread_column] = joined_sum_wide(vec4f(carried5, carried6, carried7, carried8), lanes);
  workgroupBarrier();
  var sum = sinks_arena[row];
  for (var other2 = lanes; other2 < 4; other2 += lanes) {
    sum = sum + sinks_arena[row + other2];
  }
  let entry2 = read_sink(block4);
  let map13 = maximum(carried, entry2);
  let map14 = maximum(carried2, entry2);
  let map15 = maximum(carried3, entry2);
  let map16 = maximum(carried4, entry2);
  let map17 = exponential_difference(carried, map13);
  let map18 = exponential_difference(carried2, map14);
  let map19 = exponential_difference(carried3, map15);
  let map20 = exponential_difference(carried4, map16);
  let map21 = sum.x * map17;
  let map22 = sum.y * map18;
  let map23 = sum.z * map19;
  let map24 = sum.w * map20;
  let map25 = map21 + exponential_difference(entry2, map13);
  let map26 = map22 + exponential_difference(entry2, map14);
  let map27 = map23 + exponential_difference(entry2, map15);
  let map28 = map24 + exponential_difference(entry2, map16);
  let i2 = I + row;
  store_out_each(map25, map17, carried9, column, block5, block4, i2, thread_column);
  store_out_each(map26, map18, carried10, column, block5, block4, i2 + 1, thread_column);
  store_out_each(map27, map19, carried11, column, block5, block4, i2 + 2, thread_column);
  store_out_each(map28, map20, carried12, column, block5, block4, i2 + 3, thread_column);
  let map29 = map13 + logarithm(select(-1.0, map25, map25 <= 1e+30));
  let map30 = map14 + logarithm(select(-1.0, map26, map26 <= 1e+30));
  let map31 = map15 + logarithm(select(-1.0, map27, map27 <= 1e+30));
  let map32 = map16 + logarithm(select(-1.0, map28, map28 <= 1e+30));
  if (thread_column == 0) {
    store_lse(block5, block4, i2, map29);
  }
  if (thread_column == 0) {
    store_lse(block5, block4, i2 + 1, map30);
  }
  if (thread_column == 0) {
    store_lse(block5, block4, i2 + 2, map31);
  }
  if (thread_column == 0) {
    store_lse(block5, block4, i2 + 3, map32);
  }
}
