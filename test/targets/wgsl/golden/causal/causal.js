// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4, causal_split_decode 1 × 32, causal_combine_decode 4 × 8, causal_split_decode2 1 × 32, causal_combine_decode2 4 × 8, causal_online2 8 × 8.
// heads=2 headDim=8
// Hash 98e2afbeb8714345 of all below. Made by a compiler: change the spec, not this file.

const name = "causal";
export const wgsl = `… causal.wgsl …
`;

/** What kernels whose threads are joined by subgroups have in place of some lines: from which on, how many, and what. */
const subgroupLines = [
  [0,1,"// causal, compiled by heddle golden to WGSL: f32, subgroups, threads causal 8 × 4, causal_split_decode 1 × 32, causal_combine_decode 4 × 8, causal_split_decode2 1 × 32, causal_combine_decode2 4 × 8, causal_online2 8 × 8."],
  [2,1,"// Hash c5ec014f202a4517 of all below. Made by a compiler: change the spec, not this file.","","enable subgroups;"],
  [126,0,"var<workgroup> lanes_found_not: atomic<u32>;","var<workgroup> lanes_found_by_all: i32;","","fn lanes_found(thread: u32, size: u32, most: u32) -> i32 {","  for (var mask = 1u; mask < most; mask *= 2u) {","    let other = subgroupShuffleXor(thread, mask);","    if (mask >= size || other != (thread ^ mask)) {","      atomicOr(&lanes_found_not, mask);","    }","  }","  workgroupBarrier();","  if (thread == 0u) {","    let first = firstTrailingBit(atomicLoad(&lanes_found_not) | most);","    lanes_found_by_all = select(1, 1 << first, first >= 2u);","  }","  return workgroupUniformLoad(&lanes_found_by_all);","}","","fn joined_maximum(x: f32, lanes: i32) -> f32 {","  var total = x;","  if (lanes >= 4) { total = max(total, subgroupShuffleXor(total, 1u)); total = max(total, subgroupShuffleXor(total, 2u)); }","  if (lanes >= 8) { total = max(total, subgroupShuffleXor(total, 4u)); }","  if (lanes >= 16) { total = max(total, subgroupShuffleXor(total, 8u)); }","  if (lanes >= 32) { total = max(total, subgroupShuffleXor(total, 16u)); }","  return total;","}","","fn joined_maximum_wide(x: vec4f, lanes: i32) -> vec4f {","  var total = x;","  if (lanes >= 4) { total = max(total, subgroupShuffleXor(total, 1u)); total = max(total, subgroupShuffleXor(total, 2u)); }","  if (lanes >= 8) { total = max(total, subgroupShuffleXor(total, 4u)); }","  if (lanes >= 16) { total = max(total, subgroupShuffleXor(total, 8u)); }","  if (lanes >= 32) { total = max(total, subgroupShuffleXor(total, 16u)); }","  return total;","}","","fn joined_sum(x: f32, lanes: i32) -> f32 {","  var total = x;","  if (lanes >= 4) { total = total + subgroupShuffleXor(total, 1u); total = total + subgroupShuffleXor(total, 2u); }","  if (lanes >= 8) { total = total + subgroupShuffleXor(total, 4u); }","  if (lanes >= 16) { total = total + subgroupShuffleXor(total, 8u); }","  if (lanes >= 32) { total = total + subgroupShuffleXor(total, 16u); }","  return total;","}","","fn joined_sum_wide(x: vec4f, lanes: i32) -> vec4f {","  var total = x;","  if (lanes >= 4) { total = total + subgroupShuffleXor(total, 1u); total = total + subgroupShuffleXor(total, 2u); }","  if (lanes >= 8) { total = total + subgroupShuffleXor(total, 4u); }","  if (lanes >= 16) { total = total + subgroupShuffleXor(total, 8u); }","  if (lanes >= 32) { total = total + subgroupShuffleXor(total, 16u); }","  return total;","}",""],
  [294,0,"  @builtin(subgroup_size) lanes_of_subgroup: u32,"],
  [296,0,"  let lanes = lanes_found(invocation, lanes_of_subgroup, 4u);"],
  [412,1,"      causal_arena[row + thread_column] = joined_maximum_wide(vec4f(partial2, partial3, partial4, partial5), lanes);"],
  [414,1,"      var max2 = causal_arena[row];","      for (var other = lanes; other < 4; other += lanes) {","        max2 = max(max2, causal_arena[row + other]);","      }"],
  [478,1,"  causal_arena[row + thread_column] = joined_sum_wide(vec4f(carried5, carried6, carried7, carried8), lanes);"],
  [480,1,"  var sum = causal_arena[row];","  for (var other2 = lanes; other2 < 4; other2 += lanes) {","    sum = sum + causal_arena[row + other2];","  }"],
  [511,0,"  @builtin(subgroup_size) lanes_of_subgroup: u32,"],
  [513,0,"  let lanes = lanes_found(invocation, lanes_of_subgroup, 32u);"],
  [591,1,"      causal_split_decode_arena[line + thread_column + 2] = vec4f(joined_maximum(partial3, lanes));"],
  [594,1,"      for (var other = lanes; other < 32; other += lanes) {"],
  [634,1,"  causal_split_decode_arena[line + thread_column + 2] = vec4f(joined_sum(carried2, lanes));"],
  [637,1,"  for (var other2 = lanes; other2 < 32; other2 += lanes) {"],
  [715,0,"  @builtin(subgroup_size) lanes_of_subgroup: u32,"],
  [717,0,"  let lanes = lanes_found(invocation, lanes_of_subgroup, 32u);"],
  [846,1,"      causal_split_decode2_arena[line + thread_column + 8] = joined_maximum_wide(vec4f(partial2, partial3, partial4, partial5), lanes);"],
  [849,1,"      for (var other = lanes; other < 32; other += lanes) {"],
  [915,1,"  causal_split_decode2_arena[line + thread_column + 8] = joined_sum_wide(vec4f(carried5, carried6, carried7, carried8), lanes);"],
  [918,1,"  for (var other2 = lanes; other2 < 32; other2 += lanes) {"],
  [1036,8],
  [1075,0,"  @builtin(subgroup_size) lanes_of_subgroup: u32,"],
  [1077,0,"  let lanes = lanes_found(invocation, lanes_of_subgroup, 8u);"],
  [1231,2,"      causal_online2_arena[row + thread_column] = joined_maximum_wide(vec4f(partial2, partial3, partial4, partial5), lanes);","      causal_online2_arena[row + thread_column + 64] = joined_maximum_wide(vec4f(partial6, partial7, partial8, partial9), lanes);"],
  [1234,2,"      var max2 = causal_online2_arena[row];","      for (var other = lanes; other < 8; other += lanes) {","        max2 = max(max2, causal_online2_arena[row + other]);","      }","      var max3 = causal_online2_arena[row + 64];","      for (var other2 = lanes; other2 < 8; other2 += lanes) {","        max3 = max(max3, causal_online2_arena[row + other2 + 64]);","      }"],
  [1339,2,"  causal_online2_arena[row + thread_column] = joined_sum_wide(vec4f(carried9, carried10, carried11, carried12), lanes);","  causal_online2_arena[row + thread_column + 64] = joined_sum_wide(vec4f(carried13, carried14, carried15, carried16), lanes);"],
  [1342,2,"  var sum = causal_online2_arena[row];","  for (var other3 = lanes; other3 < 8; other3 += lanes) {","    sum = sum + causal_online2_arena[row + other3];","  }","  var sum2 = causal_online2_arena[row + 64];","  for (var other4 = lanes; other4 < 8; other4 += lanes) {","    sum2 = sum2 + causal_online2_arena[row + other4 + 64];","  }"],
];

/** The kernels of alternatives that need subgroups, under the same names. */
export function wgslWithSubgroups() {
  const lines = wgsl.split('\n');
  for (const [at, count, ...others] of subgroupLines.toReversed()) lines.splice(at, count, ...others);
  return lines.join('\n');
}

const fingerprint = "12e94dcbf373d1a3";
const features = [];
const limits = {"maxComputeWorkgroupStorageSize":4736,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":6};
const uniformBytes = 200;
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",2,"keys",8],"v":["batch",2,"keys",8]};

/** Kernels that give the same: a launch takes one of them. */
export const alternatives = [
  {"name":"online-32x32","schedule":"online","tiles":[32,32],"limits":{},"features":[]},
  {"name":"decode-1x256","schedule":"decode","tiles":[1,256],"limits":{},"features":[]},
  {"name":"decode-4x256","schedule":"decode","tiles":[4,256],"limits":{},"features":[]},
  {"name":"online-64x64","schedule":"online","tiles":[64,64],"limits":{"maxComputeWorkgroupStorageSize":18432},"features":[]},
  {"name":"online-32x32-subgroups","schedule":"online","tiles":[32,32],"limits":{},"features":["subgroups"]},
  {"name":"decode-1x256-subgroups","schedule":"decode","tiles":[1,256],"limits":{},"features":["subgroups"]},
  {"name":"decode-4x256-subgroups","schedule":"decode","tiles":[4,256],"limits":{},"features":["subgroups"]},
  {"name":"online-64x64-subgroups","schedule":"online","tiles":[64,64],"limits":{"maxComputeWorkgroupStorageSize":18432},"features":["subgroups"]},
];

/**
 * Rows and keys at which calls are estimated, and what each alternative does there, by rows and then keys: operations and bytes of all
 * workgroups, the part of it that the longest workgroup of each launch does, and the launches.
 */
const grid = { rows: [1,2,4,8,16,32,64,256,1024,4096], keys: [64,256,1024,4096,16384] };
const costs = {
  "online-32x32": {
    operations: [[223000, 892000, 3.56e6, 1.43e7, 5.7e7], [223000, 892000, 3.56e6, 1.43e7, 5.7e7], [223000, 892000, 3.56e6, 1.43e7, 5.7e7], [223000, 892000, 3.56e6, 1.43e7, 5.7e7], [223000, 892000, 3.56e6, 1.43e7, 5.7e7], [223000, 892000, 3.56e6, 1.43e7, 5.7e7], [335000, 1.67e6, 7.02e6, 2.84e7, 1.14e8], [451000, 4.16e6, 2.55e7, 1.11e8, 4.53e8], [22500, 4.18e6, 5.94e7, 4.02e8, 1.77e9], [90100, 90100, 5.47e7, 9.22e8, 6.4e9]],
    bytes: [[12500, 37100, 135000, 529000, 2.1e6], [12500, 37100, 135000, 529000, 2.1e6], [12500, 37100, 135000, 529000, 2.1e6], [12500, 37100, 135000, 529000, 2.1e6], [12500, 37100, 135000, 529000, 2.1e6], [12500, 37100, 135000, 529000, 2.1e6], [21000, 70100, 267000, 1.05e6, 4.2e6], [51200, 188000, 974000, 4.12e6, 1.67e7], [139000, 292000, 2.32e6, 1.49e7, 6.52e7], [557000, 557000, 2.57e6, 3.45e7, 2.36e8]],
    longest: [[0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.316, 0.266, 0.254, 0.251, 0.25], [0.167, 0.104, 0.0697, 0.0642, 0.0629], [0.0156, 0.0639, 0.0278, 0.0175, 0.016], [0.00391, 0.00391, 0.0207, 0.00711, 0.00437]],
    launches: [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]],
  },
  "decode-1x256": {
    operations: [[37000, 37000, 148000, 591000, 2.36e6], [73900, 73900, 296000, 1.18e6, 4.72e6], [148000, 148000, 591000, 2.36e6, 9.45e6], [296000, 296000, 1.18e6, 4.72e6, 1.89e7], [592000, 592000, 2.36e6, 9.45e6, 3.78e7], [1.18e6, 1.18e6, 4.72e6, 1.89e7, 7.55e7], [2.37e6, 2.37e6, 9.45e6, 3.78e7, 1.51e8], [3.17e6, 9.46e6, 3.78e7, 1.51e8, 6.04e8], [84000, 1.27e7, 1.01e8, 5.54e8, 2.37e9], [336000, 336000, 1.01e8, 1.31e9, 8.56e9]],
    bytes: [[33100, 33100, 132000, 528000, 2.1e6], [66100, 66100, 264000, 1.06e6, 4.2e6], [132000, 132000, 528000, 2.1e6, 8.4e6], [265000, 265000, 1.06e6, 4.2e6, 1.68e7], [529000, 529000, 2.11e6, 8.4e6, 3.36e7], [1.06e6, 1.06e6, 4.2e6, 1.68e7, 6.71e7], [2.12e6, 2.12e6, 8.41e6, 3.36e7, 1.34e8], [2.87e6, 8.46e6, 3.36e7, 1.34e8, 5.37e8], [303000, 1.15e7, 8.98e7, 4.92e8, 2.1e9], [1.21e6, 1.21e6, 9.07e7, 1.16e9, 7.61e9]],
    longest: [[0.5, 0.5, 0.126, 0.0324, 0.0162], [0.25, 0.25, 0.063, 0.0162, 0.0158], [0.125, 0.125, 0.0315, 0.0158, 0.0157], [0.0625, 0.0625, 0.0158, 0.0157, 0.0156], [0.0313, 0.0313, 0.0157, 0.0156, 0.0156], [0.0156, 0.0156, 0.0156, 0.0156, 0.0156], [0.00781, 0.00781, 0.00781, 0.00781, 0.00781], [0.00576, 0.00195, 0.00195, 0.00195, 0.00195], [4.88e-4, 0.00144, 7.32e-4, 5.33e-4, 4.99e-4], [1.22e-4, 1.22e-4, 5.44e-4, 2.11e-4, 1.36e-4]],
    launches: [[2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2]],
  },
  "decode-4x256": {
    operations: [[136000, 136000, 542000, 2.17e6, 8.66e6], [136000, 136000, 542000, 2.17e6, 8.66e6], [136000, 136000, 542000, 2.17e6, 8.66e6], [271000, 271000, 1.08e6, 4.34e6, 1.73e7], [542000, 542000, 2.17e6, 8.66e6, 3.46e7], [1.08e6, 1.08e6, 4.34e6, 1.73e7, 6.93e7], [2.17e6, 2.17e6, 8.67e6, 3.46e7, 1.39e8], [2.91e6, 8.68e6, 3.46e7, 1.39e8, 5.54e8], [84000, 1.16e7, 9.24e7, 5.08e8, 2.17e9], [336000, 336000, 9.27e7, 1.2e9, 7.85e9]],
    bytes: [[34000, 34000, 135000, 539000, 2.13e6], [34000, 34000, 135000, 539000, 2.13e6], [34000, 34000, 135000, 539000, 2.13e6], [67900, 67900, 2.7e5, 1.08e6, 4.22e6], [136000, 136000, 5.4e5, 2.13e6, 8.42e6], [272000, 272000, 1.08e6, 4.23e6, 1.68e7], [543000, 543000, 2.13e6, 8.42e6, 3.36e7], [775000, 2.17e6, 8.46e6, 3.36e7, 1.34e8], [303000, 3.1e6, 2.27e7, 1.23e8, 5.26e8], [1.21e6, 1.21e6, 2.36e7, 2.92e8, 1.9e9]],
    longest: [[0.5, 0.5, 0.129, 0.0352, 0.0176], [0.5, 0.5, 0.129, 0.0352, 0.0176], [0.5, 0.5, 0.129, 0.0352, 0.0176], [0.25, 0.25, 0.0643, 0.0176, 0.0161], [0.125, 0.125, 0.0322, 0.0161, 0.0157], [0.0625, 0.0625, 0.0161, 0.0157, 0.0157], [0.0313, 0.0313, 0.0157, 0.0156, 0.0156], [0.0222, 0.00781, 0.00781, 0.00781, 0.00781], [0.00195, 0.00554, 0.00292, 0.00213, 0.00199], [4.88e-4, 4.88e-4, 0.00213, 8.44e-4, 5.43e-4]],
    launches: [[2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2]],
  },
  "online-64x64": {
    operations: [[392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [392000, 1.56e6, 6.25e6, 2.5e7, 1e8], [396000, 3.91e6, 2.27e7, 9.76e7, 3.98e8], [22500, 4.19e6, 5.42e7, 3.54e8, 1.55e9], [90100, 90100, 5.01e7, 8.17e8, 5.62e9]],
    bytes: [[16900, 41500, 1.4e5, 533000, 2.11e6], [16900, 41500, 1.4e5, 533000, 2.11e6], [16900, 41500, 1.4e5, 533000, 2.11e6], [16900, 41500, 1.4e5, 533000, 2.11e6], [16900, 41500, 1.4e5, 533000, 2.11e6], [16900, 41500, 1.4e5, 533000, 2.11e6], [16900, 41500, 1.4e5, 533000, 2.11e6], [43000, 117000, 5.1e5, 2.08e6, 8.37e6], [139000, 227000, 1.28e6, 7.57e6, 3.27e7], [557000, 557000, 1.61e6, 1.77e7, 1.18e8]],
    longest: [[0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5, 0.5], [0.305, 0.193, 0.138, 0.128, 0.126], [0.0312, 0.109, 0.0534, 0.0347, 0.032], [0.00781, 0.00781, 0.0388, 0.0141, 0.00873]],
    launches: [[1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]],
  },
};

/** An entry of a table, interpolated between the logarithms of three neighbours: those of the triangle in which it lies. */
function costAt(table, rows, keys) {
  const placeOn = (places, size) => {
    const at = Math.max(0, places.findLastIndex((place, n) => place <= size && n + 1 < places.length));
    return [at, Math.log(size / places[at]) / Math.log(places[at + 1] / places[at])];
  };
  const [row, ofRow] = placeOn(grid.rows, rows);
  const [key, ofKey] = placeOn(grid.keys, keys);
  const at = (r, k) => Math.log(table[r][k]);
  const [low, high] = [at(row, key), at(row + 1, key + 1)];
  const between = ofRow > ofKey ? at(row + 1, key) : at(row, key + 1);
  return Math.exp(low + Math.max(ofRow, ofKey) * (between - low) + Math.min(ofRow, ofKey) * (high - between));
}

/** Workgroups that a device is taken to run at once, and operations of one in the time that a byte takes, and that a launch takes to begin. */
const devices = {"hardware":{"parallel":128,"perByte":16,"perLaunch":800000},"software":{"parallel":4,"perByte":2,"perLaunch":200000}};

/** The alternative whose kernels are written for subgroups in another. */
const withoutSubgroups = (alternative) => alternative.replace(/-subgroups$/, '');

/** What an alternative is estimated to take, in operations of one workgroup. */
export function estimate(alternative, { batch, keys, rows }, { parallel, perByte, perLaunch = 0 } = devices.hardware) {
  const own = costs[withoutSubgroups(alternative)];
  const at = (each) => costAt(own[each], rows, keys);
  const work = at('operations') + perByte * at('bytes');
  return perLaunch * at('launches') + work * Math.max(batch / parallel, at('longest'));
}

/** Alternatives that a device has the limits and features for; those that need no more than the least of all where nothing is known of it. */
const grantedBy = (granted = {}, has) =>
  alternatives.filter(
    ({ limits: own, features: wanted }) =>
      Object.entries(own).every(([limit, least]) => granted[limit] >= least) && wanted.every((feature) => has?.has(feature)),
  );

/** The names of the alternatives, the one that is estimated to take least time first. */
function alternativesFor(sizes, on, granted, has) {
  const estimates = table(Object.fromEntries(grantedBy(granted, has).map(({ name: each }) => [each, estimate(each, sizes, on)])));
  return Object.keys(estimates).sort((one, other) => estimates[one] - estimates[other]);
}

/** What a device is taken to be. */
function kindOf({ adapterInfo: { isFallbackAdapter, architecture, description } = {} }) {
  const isSoftware = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(`${architecture} ${description}`);
  return isSoftware ? devices.software : devices.hardware;
}

/** Entries by name, and nothing else: an object has a constructor, and more, that nobody put there. */
const table = (entries) => Object.assign(Object.create(null), entries);

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows: wanted }, given = {}, { alternative, on, granted, has, tuned } = {}) {
  const strides = table(given.strides);
  const offsets = table(given.offsets);
  const rows = wanted ?? queries;
  for (const [name, size] of Object.entries({ batch, queries, keys, rows })) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name} is ${size}, not a positive integer`);
  }
  if (rows > queries) throw new RangeError(`${rows} rows of output are wanted, and there are ${queries} queries`);
  if (keys > 4194304) throw new RangeError(`${keys} keys are more than 4194304`);
  if (queries > 4194304) throw new RangeError(`${queries} queries are more than 4194304`);
  const needed = Math.min(keys, rows + 0);
  if (queries < needed) {
    throw new RangeError(`${rows} rows of output need the last ${needed} rows of queries, not ${queries}`);
  }
  if (alternative !== undefined && !alternatives.some((each) => each.name === alternative)) {
    throw new RangeError(`${name} has no alternative ${alternative}: ${alternatives.map((each) => each.name).join(', ')}`);
  }
  const taken = alternative ?? tuned?.get(classOf({ batch, keys, rows })) ?? alternativesFor({ batch, keys, rows }, on, granted, has)[0];
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
  const planned = table({
  "online-32x32"() {
    for (let n = 0; n < 26; n += 1) fields.push(0);
    dispatch('causal', [[1,"q"],[2,"k"],[3,"v"],[4,"out"],[5,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 32)));
  },
  "decode-1x256"() {
    const shares = Math.max(1, Math.min(Math.floor(Math.floor(32 / rows) / batch), Math.floor(keys / 256)));
    reserve("causal_maxima", 4 * batch * 2 * shares * rows);
    reserve("causal_sums", 4 * batch * 2 * shares * rows);
    reserve("causal_shares_of_8", 4 * batch * 2 * shares * rows * 8);
    place("causal_maxima", [batch, 2, shares, rows], 1);
    place("causal_sums", [batch, 2, shares, rows], 1);
    place("causal_shares_of_8", [batch, 2, shares, rows, 8], 4);
    for (let n = 0; n < 13; n += 1) fields.push(0);
    dispatch('causal_split_decode', [[1,"q"],[2,"k"],[3,"v"],[6,"causal_maxima"],[7,"causal_sums"],[8,"causal_shares_of_8"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 1)) * Math.max(0, Math.ceil((shares - 0) / 1)));
    dispatch('causal_combine_decode', [[4,"out"],[5,"lse"],[6,"causal_maxima"],[7,"causal_sums"],[8,"causal_shares_of_8"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 1)));
  },
  "decode-4x256"() {
    const shares = Math.max(1, Math.min(Math.floor(Math.floor(32 / Math.floor((rows + 3) / 4)) / batch), Math.floor(keys / 256)));
    reserve("causal_maxima", 4 * batch * 2 * shares * rows);
    reserve("causal_sums", 4 * batch * 2 * shares * rows);
    reserve("causal_shares_of_8", 4 * batch * 2 * shares * rows * 8);
    for (let n = 0; n < 13; n += 1) fields.push(0);
    place("causal_maxima", [batch, 2, shares, rows], 1);
    place("causal_sums", [batch, 2, shares, rows], 1);
    place("causal_shares_of_8", [batch, 2, shares, rows, 8], 4);
    dispatch('causal_split_decode2', [[1,"q"],[2,"k"],[3,"v"],[9,"causal_maxima"],[10,"causal_sums"],[11,"causal_shares_of_8"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 4)) * Math.max(0, Math.ceil((shares - 0) / 1)));
    dispatch('causal_combine_decode2', [[4,"out"],[5,"lse"],[9,"causal_maxima"],[10,"causal_sums"],[11,"causal_shares_of_8"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 4)));
  },
  "online-64x64"() {
    for (let n = 0; n < 26; n += 1) fields.push(0);
    dispatch('causal_online2', [[1,"q"],[2,"k"],[3,"v"],[4,"out"],[5,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 64)));
  },
  });
  planned[withoutSubgroups(taken)]();
  const tensors = {
    "q": { role: 'input', dtype: 'f32', shape: [batch, 2, queries, 8] },
    "k": { role: 'input', dtype: 'f32', shape: [batch, 2, keys, 8] },
    "v": { role: 'input', dtype: 'f32', shape: [batch, 2, keys, 8] },
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
  return { alternative: taken, rows, dispatches, workspace, workspaceBytes, packed, packedElements, tensors, bytes, limits };
}

/**
 * Readies the kernels on a GPUDevice, or on one that a GPUAdapter grants when it is asked for what is needed; without either
 * on one of the adapter that the browser prefers. Pipelines are built when a launch first needs them.
 */
export async function createCausal(source, options) {
  const device = await deviceFor(source);
  const isOwnDevice = device !== source;
  const granted = device.limits;
  const guard = guardOf(device);
  const module = await guard(() => device.createShaderModule({ code: wgsl }));
  const pipelines = new Map();
  let others;
  const othersModule = () => (others ??= device.createShaderModule({ code: wgslWithSubgroups() }));
  /** What a pipeline is kept as: kernels for subgroups have the names of others. */
  const keyOf = ({ alternative }, entryPoint) => (alternative === withoutSubgroups(alternative) ? entryPoint : `${entryPoint} other`);
  const descriptorOf = (key) => {
    const [entryPoint, isOther] = key.split(' ');
    return { layout: 'auto', compute: { module: isOther ? othersModule() : module, entryPoint } };
  };
  const keepPipeline = (key, pipeline) => {
    const kept = { pipeline, layout: pipeline.getBindGroupLayout(0) };
    pipelines.set(key, kept);
    return kept;
  };
  const pipelineOf = (key) => pipelines.get(key) ?? keepPipeline(key, device.createComputePipeline(descriptorOf(key)));
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

  const lackOf = (plan) => {
    for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize', 'maxComputeWorkgroupsPerDimension']) {
      if (!(plan.limits[limit] > granted[limit])) continue;
      const largest = Object.keys(plan.bytes).find((each) => plan.bytes[each] === plan.limits[limit]);
      return lackText(limit.endsWith('Size') ? largest : 'the grid', limit, plan.limits[limit], granted);
    }
    return undefined;
  };
  const on = kindOf(device);
  const found = tunedFrom(options?.tuned, device);
  /** The plan of the alternative that is asked for, or else of the best that the device has room for. */
  const planFor = (sizes, places, asked, tuned = found.taken) => {
    if (isDestroyed) throw new Error(`${name} was destroyed`);
    let problem;
    const planned = (options) => {
      try {
        const plan = planLaunch(sizes, places, options);
        const { limits: own, features: wanted } = alternatives.find((each) => each.name === plan.alternative);
        for (const feature of wanted) if (!device.features.has(feature)) throw new RangeError(lackingFeature(plan.alternative, feature));
        const lacking = Object.keys(own).find((limit) => granted[limit] < own[limit]);
        const lack = lacking === undefined ? lackOf(plan) : lackText(plan.alternative, lacking, own[lacking], granted);
        if (lack === undefined) return plan;
        problem ??= new RangeError(lack);
      } catch (error) {
        problem ??= error;
      }
      return undefined;
    };
    const best = planned({ alternative: asked, on, granted, has: device.features, tuned });
    if (best) return best;
    const rows = sizes.rows ?? sizes.queries;
    for (const alternative of asked === undefined ? alternativesFor({ ...sizes, rows }, on, granted, device.features) : []) {
      const plan = planned({ alternative });
      if (plan) return plan;
    }
    throw problem;
  };

  /** Builds the pipelines that a launch at these sizes needs, beside what the device is doing. */
  async function prepare(sizes, { alternative } = {}) {
    const plan = planFor(sizes, undefined, alternative);
    const wanted = new Set(plan.dispatches.map(({ entryPoint }) => keyOf(plan, entryPoint)).filter((each) => !pipelines.has(each)));
    await Promise.all(
      [...wanted].map(async (key) => {
        keepPipeline(key, await device.createComputePipelineAsync(descriptorOf(key)));
      }),
    );
  }

  function encode(plan, buffers, offsets, { encoder, pass, workspace, isOwn, timestampWrites }) {
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
    const commands = pass ?? encoder.beginComputePass(timestampWrites && { timestampWrites });
    for (const [n, { entryPoint, bindings, workgroups }] of plan.dispatches.entries()) {
      const { pipeline, layout } = pipelineOf(keyOf(plan, entryPoint));
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
  function dispatch(tensors, sizes, { encoder, pass, workspace, alternative } = {}) {
    const buffers = table();
    const places = { strides: table(), offsets: table() };
    for (const [each, given] of Object.entries(tensors)) {
      buffers[each] = given.buffer ?? given;
      if (given.strides) places.strides[each] = given.strides;
      if (given.offset) places.offsets[each] = given.offset;
    }
    const plan = planFor(sizes, places, alternative);
    if (encoder || pass) return guard(() => encode(plan, buffers, places.offsets, { encoder, pass, workspace }));
    const submitted = () => {
      const own = device.createCommandEncoder();
      encode(plan, buffers, places.offsets, { encoder: own, workspace, isOwn: true });
      device.queue.submit([own.finish()]);
    };
    return guard(submitted, () => device.queue.onSubmittedWorkDone());
  }

  /** Runs once on { shape, data } by name: uploads, dispatches, reads back. */
  async function run(tensors, { rows, alternative } = {}) {
    const sizes = sizesOf(tensors, rows);
    const plan = planFor(sizes, undefined, alternative);
    const data = hostData(plan, tensors);
    await prepare(sizes, plan);
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

  return {
    device,
    alternatives,
    dispatch,
    run,
    prepare,
    tune: (calls, options) => tuneOn({ device, planFor, prepare, encode, guard }, calls, options),
    tuned: found.said,
    planLaunch,
    chosen: (sizes) => planFor(sizes).alternative,
    workspaceBytes: (sizes, { alternative } = {}) => planFor(sizes, undefined, alternative).workspaceBytes,
    destroy,
  };
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
  // What only some alternatives need is asked for where it is there.
  for (const [limit, least] of alternatives.flatMap(({ limits: own }) => Object.entries(own))) {
    if (adapter.limits[limit] >= least) most[limit] = Math.max(most[limit] ?? 0, least);
  }
  return adapter.requestDevice({ requiredFeatures: [...features, ...['subgroups', 'timestamp-query'].filter((each) => adapter.features.has(each))], requiredLimits: { ...limits, ...most } });
}

function refuseLack({ features: has, limits: granted }, isAdapter) {
  for (const feature of features) {
    if (has.has(feature)) continue;
    throw new Error(lackingFeature(name, feature, isAdapter));
  }
  for (const [limit, least] of Object.entries(limits)) {
    if (granted[limit] < least) throw new RangeError(lackText('a kernel', limit, least, granted, isAdapter));
  }
}

function lackingFeature(what, feature, isAdapter) {
  const remedy = isAdapter ? 'no device of it has' : `request it: requiredFeatures: ['${feature}']`;
  return `${what} needs ${feature}, which the ${isAdapter ? 'adapter' : 'device'} has not: ${remedy}`;
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

// ── Tuning ───────────────────────────────────────────────────────────────────────────────────────────

/** Calls whose sizes have the same nearest powers of two take the same alternative. */
const classOf = ({ batch, rows, keys }) => [batch, rows, keys].map((size) => Math.round(Math.log2(size))).join();

const adapterOf = ({ adapterInfo: { vendor, architecture, device, description } = {} }) =>
  [vendor, architecture, device, description].filter(Boolean).join(', ');

/** A value as it is when it was stored and parsed; undefined where JSON has no such value, or reading it throws. */
function asJson(given) {
  try {
    return JSON.parse(JSON.stringify(given));
  } catch {
    return undefined;
  }
}

/** The alternatives that were found by class of calls, and why what is given is of no use. */
function tunedFrom(given, device) {
  const taken = new Map();
  const names = grantedBy(device.limits, device.features).map((each) => each.name);
  const isCall = (call) => [call?.batch, call?.rows, call?.keys].every((size) => Number.isInteger(size) && size >= 1);
  const isTuned = (tuned) => [tuned?.name, tuned?.kernels, tuned?.adapter].every((each) => typeof each === 'string') && Array.isArray(tuned.calls) && tuned.calls.every(isCall);
  const found = asJson(given);
  let reason;
  if (given === undefined || given === null) reason = 'nothing was given';
  else if (!isTuned(found)) reason = 'it is not what tune() gives';
  else if (found.kernels !== fingerprint) reason = `it was found for other kernels: ${found.name} ${found.kernels}, not ${name} ${fingerprint}`;
  else if (found.adapter !== adapterOf(device)) reason = `it was found on another adapter: ${found.adapter}, not ${adapterOf(device)}`;
  else if (!found.calls.every(({ alternative }) => names.includes(alternative))) reason = 'it names alternatives that there are not, or that the device has not the limits or features for';
  else for (const call of found.calls) taken.set(classOf(call), call.alternative);
  return { taken, said: reason === undefined ? { isUsed: true } : { isUsed: false, reason } };
}

const medianOf = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Times the alternatives at each call, in turns, and checks each against the first. */
async function tuneOn(instance, calls, { milliseconds = 2000, onProgress } = {}) {
  if (!Array.isArray(calls)) throw new TypeError('tune takes a list of calls: [{ batch, queries, keys, rows }]');
  const { device } = instance;
  const querySet = device.features.has('timestamp-query') ? device.createQuerySet({ type: 'timestamp', count: 2 }) : undefined;
  const started = performance.now();
  const found = [];
  try {
    for (const [n, call] of calls.entries()) {
      const left = (milliseconds - (performance.now() - started)) / (calls.length - n);
      found.push(await tuneCall(instance, call, { querySet, left }));
      onProgress?.({ done: n + 1, total: calls.length, call: found.at(-1) });
    }
  } finally {
    querySet?.destroy();
  }
  return { name, kernels: fingerprint, adapter: adapterOf(device), calls: found };
}

async function tuneCall({ device, planFor, prepare, encode, guard }, { tensors: given = {}, ...sizes }, { querySet, left }) {
  const estimated = planFor(sizes, undefined, undefined, new Map()).alternative;
  const refused = table();
  const plans = [];
  for (const { name: each } of alternatives) {
    try {
      plans.push(planFor(sizes, undefined, each));
    } catch (error) {
      refused[each] = error.message;
    }
  }
  const owned = [];
  const created = (size, usage) => {
    owned.push(device.createBuffer({ size: Math.ceil(size / 4) * 4, usage }));
    return owned.at(-1);
  };
  const buffers = table(given);
  try {
    for (const [each, { role, dtype, shape }] of Object.entries(plans[0].tensors)) {
      if (buffers[each]) continue;
      buffers[each] = created(plans[0].bytes[each], 0x80 | 0x04 | 0x08);
      const count = shape.reduce((product, size) => product * size, 1);
      if (role === 'input' && dtype !== 'i32') device.queue.writeBuffer(buffers[each], 0, drawn(count, dtype, owned.length));
    }
    /** Runs a plan so many times: milliseconds each, by the device's clock where it has one. */
    const timed = async (plan, launches) => {
      const encoder = device.createCommandEncoder();
      for (let n = 0; n < launches; n += 1) {
        const ends = { ...(n === 0 ? { beginningOfPassWriteIndex: 0 } : {}), ...(n + 1 === launches ? { endOfPassWriteIndex: 1 } : {}) };
        const timestampWrites = querySet && Object.keys(ends).length > 0 ? { querySet, ...ends } : undefined;
        encode(plan, buffers, table(), { encoder, isOwn: true, timestampWrites });
      }
      const staging = querySet && device.createBuffer({ size: 16, usage: 0x01 | 0x08 });
      if (querySet) {
        const resolved = created(16, 0x200 | 0x04);
        encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
      }
      const before = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      let taken = performance.now() - before;
      if (staging) {
        await staging.mapAsync(1);
        const [begin, end] = new BigUint64Array(staging.getMappedRange());
        if (end > begin) taken = Number(end - begin) / 1e6;
        staging.destroy();
      }
      return taken / launches;
    };
    const outputs = Object.entries(plans[0].tensors).filter(([, { role }]) => role === 'output');
    const results = async (plan) => {
      const encoder = device.createCommandEncoder();
      encode(plan, buffers, table(), { encoder, isOwn: true });
      const copies = outputs.map(([each, { dtype, shape }]) => {
        const staging = created(plan.bytes[each], 0x01 | 0x08);
        encoder.copyBufferToBuffer(buffers[each], 0, staging, 0, staging.size);
        return { staging, dtype, shape };
      });
      device.queue.submit([encoder.finish()]);
      await Promise.all(copies.map(({ staging }) => staging.mapAsync(1)));
      return copies.map(({ staging, dtype, shape }) => ({ dtype, data: numbersOf(staging, dtype, shape) }));
    };
    const awaited = async (work) => {
      let done;
      await guard(() => {
        done = work();
        // Guard may wait for the device's word longer than this takes to fail.
        done.catch(() => {});
      });
      return done;
    };
    const candidates = [];
    let expected;
    for (const plan of plans) {
      await prepare(sizes, plan);
      const got = await awaited(() => results(plan));
      expected ??= got;
      const share = Math.max(...got.map((each, n) => differenceOf(each.data, expected[n].data)));
      const most = got.some(({ dtype }) => dtype === 'f16') ? 0.01 : 0.0001;
      if (share <= most) candidates.push({ plan, times: [], launches: 1 });
      else refused[plan.alternative] = `its outputs differ by ${share.toExponential(1)} of their norm`;
    }
    for (const each of candidates) {
      const once = await awaited(() => timed(each.plan, 1));
      each.launches = Math.min(50, Math.max(1, Math.ceil(2 / once)));
      each.times.push(once);
    }
    // What takes much longer is not timed again.
    const least = Math.min(...candidates.map(({ times }) => times[0]));
    const close = candidates.filter(({ times }) => times[0] <= 4 * least);
    for (const each of close) each.times.pop();
    const until = performance.now() + left;
    for (let round = 0; round < 3 || (round < 31 && performance.now() < until); round += 1) {
      for (const { plan, times, launches } of close) times.push(await awaited(() => timed(plan, launches)));
    }
    const medians = table(Object.fromEntries(candidates.map(({ plan, times }) => [plan.alternative, medianOf(times)])));
    const fastest = Object.keys(medians).reduce((one, other) => (medians[other] < medians[one] ? other : one));
    const alternative = medians[fastest] < 0.97 * (medians[estimated] ?? Infinity) ? fastest : estimated;
    const { batch, queries, keys } = sizes;
    const rows = plans[0].rows;
    return { batch, queries, keys, rows, alternative, estimated, milliseconds: { ...medians }, refused: { ...refused } };
  } finally {
    for (const each of owned) each.destroy();
  }
}

/** The norm of a difference for that of what is expected; entries that are not finite must be the same. */
function differenceOf(data, expected) {
  let [apart, whole] = [0, 0];
  for (const [n, each] of expected.entries()) {
    if (Object.is(data[n], each)) whole += Number.isFinite(each) ? each * each : 0;
    else if (!Number.isFinite(each) || !Number.isFinite(data[n])) return Infinity;
    else {
      apart += (data[n] - each) ** 2;
      whole += each * each;
    }
  }
  return apart === 0 ? 0 : Math.sqrt(apart / whole);
}

/** So many numbers between -1 and 1, the same for each seed. */
function drawn(count, dtype, seed) {
  const numbers = new Float32Array(count);
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  for (let n = 0; n < count; n += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    numbers[n] = state / 2 ** 31;
  }
  return dtype === 'f16' ? toHalf(numbers) : numbers;
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
