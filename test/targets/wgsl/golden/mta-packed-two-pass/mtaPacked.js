// mtaPacked, compiled by heddle golden to WGSL: f32, no subgroups, threads mtaPacked_statistics 8 × 4, mtaPacked 8 × 4.
// heads=2 headDim=8 queryKernel=2 keyKernel=3
// Hash 4d0c767346887c05 of all below. Made by a compiler: change the spec, not this file.

const name = "mtaPacked";
export const wgsl = `// mtaPacked, compiled by heddle golden to WGSL: f32, no subgroups, threads mtaPacked_statistics 8 × 4, mtaPacked 8 × 4.
// heads=2 headDim=8 queryKernel=2 keyKernel=3
// Hash 476ef1faacb79b22 of all below. Made by a compiler: change the spec, not this file.

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
  document_offset: i32,
  document_stride_0: i32,
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
  statistics_offset: i32,
  statistics_stride_0: i32,
  statistics_stride_1: i32,
}
@group(0) @binding(0) var<uniform> launch: Launch;

@group(0) @binding(1) var<storage, read> q_data: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k_data: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> document_data: array<i32>;
@group(0) @binding(4) var<storage, read> theta_pre_data: array<f32>;
@group(0) @binding(5) var<storage, read> v_data: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> theta_post_data: array<f32>;
@group(0) @binding(7) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> lse_data: array<f32>;
@group(0) @binding(9) var<storage, read_write> statistics_data: array<f32>;

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

fn read_document(x_0: i32, x_1: i32) -> i32 {
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(launch.keys));
  return select(i32(0), document_data[select(0, launch.document_offset + x_0 * launch.document_stride_0 + x_1, inside)], inside);
}

fn read_theta_post(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), theta_post_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], inside);
}

fn read_statistics(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let at_2 = x_2 - (launch.keys - launch.queries);
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(2)) & (u32(x_2 - (launch.keys - launch.queries)) < u32(launch.queries));
  return select(f32(0), statistics_data[select(0, launch.statistics_offset + x_0 * launch.statistics_stride_0 + x_1 * launch.statistics_stride_1 + at_2, inside)], inside);
}

var<workgroup> range_below: atomic<u32>;
var<workgroup> range_above: atomic<u32>;
var<workgroup> range_found: vec2i;

fn widen_range(entry: i32) {
  let is_large = entry <= -268435456 || entry >= 268435456;
  atomicMax(&range_below, u32(select(536870912 - entry, 1073741824, is_large)));
  atomicMax(&range_above, u32(select(536870912 + entry, 1073741824, is_large)));
}

fn agreed_range(thread: i32) -> vec2i {
  workgroupBarrier();
  if (thread == 0) {
    range_found = vec2i(536870912 - i32(atomicLoad(&range_below)), i32(atomicLoad(&range_above)) - 536870912);
    atomicStore(&range_below, 0u);
    atomicStore(&range_above, 0u);
  }
  return workgroupUniformLoad(&range_found);
}

fn range_document_1(x_0: i32, low_1: i32, high_1: i32, thread: i32, threads: i32) -> vec2i {
  var count = 1;
  let size_1 = i32(min(u32(high_1) - u32(low_1) + 1u, 4097u));
  count = min(count * size_1, 4097);
  let last = select(count, 0, count > 4096);
  if (last < count && thread == 0) {
    widen_range(268435456);
  }
  for (var entry = thread; entry < last; entry += threads) {
    var rest = entry;
    let at_1 = low_1 + rest % size_1;
    rest /= size_1;
    widen_range(read_document(x_0, at_1));
  }
  return agreed_range(thread);
}

var<workgroup> mtaPacked_statistics_arena: array<vec4f, 415>;

@compute @workgroup_size(32)
fn mtaPacked_statistics(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks_1 = (launch.keys - (max(launch.keys - launch.queries, launch.keys - launch.rows - 2)) + 29) / 30;
  let block_2 = block % blocks_1;
  let block_3 = block / blocks_1;
  let I_4 = block_2 * 30 + max(launch.keys - launch.queries, launch.keys - launch.rows - 2);
  let block_5 = block_3 % 2;
  let block_6 = block_3 / 2;
  if (block_6 >= launch.batch) {
    return;
  }
  for (var tap_7 = thread; tap_7 < 2; tap_7 += 32) {
    let counter_8 = tap_7 % 2;
    let entry_9 = read_theta_pre(block_5, counter_8, 0);
    let entry_10 = read_theta_pre(block_5, counter_8, 1);
    let entry_11 = read_theta_pre(block_5, counter_8, 2);
    mtaPacked_statistics_arena[tap_7] = vec4f(entry_9, entry_10, entry_11, 0.0);
  }
  for (var n_12 = thread; n_12 < 279; n_12 += 32) {
    mtaPacked_statistics_arena[n_12 + 2] = vec4f(0.0);
  }
  let constant_13 = bitcast<f32>(launch.minus_infinity);
  let constant_14 = bitcast<f32>(launch.minus_infinity);
  let constant_15 = bitcast<f32>(launch.minus_infinity);
  let constant_16 = bitcast<f32>(launch.minus_infinity);
  let constant_17 = 0.0;
  let constant_18 = 0.0;
  let constant_19 = 0.0;
  let constant_20 = 0.0;
  var carried_21 = constant_13;
  var carried_22 = constant_14;
  var carried_23 = constant_15;
  var carried_24 = constant_16;
  var carried_25 = constant_17;
  var carried_26 = constant_18;
  var carried_27 = constant_19;
  var carried_28 = constant_20;
  for (var n_29 = thread; n_29 < 62; n_29 += 32) {
    let line_30 = n_29 / 2;
    let vector_31 = n_29 % 2;
    let at_32 = I_4 - 1 + line_30;
    let place_33 = at_32 - (launch.keys - launch.queries);
    var loaded_34 = vec4f();
    if (u32(place_33) < u32(launch.queries) && u32(vector_31) < 2u) {
      loaded_34 = q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_33 * launch.q_stride_2 + vector_31];
    }
    mtaPacked_statistics_arena[n_29 + 281] = loaded_34;
  }
  let from_35 = I_4 - 1;
  let own_36 = max(from_35, 0);
  let own_37 = min(from_35 + 30, launch.keys - 1);
  let range_38 = range_document_1(block_6, own_36, own_37, thread, 32);
  let end_39 = min(launch.keys, I_4 + 30) + 1;
  for (var J_40 = 0; J_40 < end_39; J_40 += 32) {
    let bound_41 = J_40 + 31;
    let range_42 = range_document_1(block_6, J_40, bound_41, thread, 32);
    let is_full_43 = ((J_40 + 31 - from_35 <= 0) && ((range_38.x - range_42.y == 0) && (range_38.y - range_42.x == 0))) && ((-from_35 <= 0) && (J_40 + 31 - launch.keys < 0));
    let is_empty_44 = ((J_40 - (from_35 + 30) > 0) || ((range_38.x - range_42.y > 0) || (range_38.y - range_42.x < 0))) || ((-(from_35 + 30) > 0) || (J_40 - launch.keys >= 0));
    var chosen_45 = vec4f();
    var chosen_46 = vec4f();
    var chosen_47 = vec4f();
    var chosen_48 = vec4f();
    var chosen_49 = vec4f();
    var chosen_50 = vec4f();
    var chosen_51 = vec4f();
    var chosen_52 = vec4f();
    if (is_empty_44) {
      let constant_53 = vec4f(0.0);
      let constant_54 = vec4f(0.0);
      let constant_55 = vec4f(0.0);
      let constant_56 = vec4f(0.0);
      let constant_57 = vec4f(0.0);
      let constant_58 = vec4f(0.0);
      let constant_59 = vec4f(0.0);
      let constant_60 = vec4f(0.0);
      chosen_45 = constant_53;
      chosen_46 = constant_54;
      chosen_47 = constant_55;
      chosen_48 = constant_56;
      chosen_49 = constant_57;
      chosen_50 = constant_58;
      chosen_51 = constant_59;
      chosen_52 = constant_60;
    }
    else {
      var product_61 = vec4f(0.0);
      var product_62 = vec4f(0.0);
      var product_63 = vec4f(0.0);
      var product_64 = vec4f(0.0);
      var product_65 = vec4f(0.0);
      var product_66 = vec4f(0.0);
      var product_67 = vec4f(0.0);
      var product_68 = vec4f(0.0);
      workgroupBarrier();
      for (var n_70 = thread; n_70 < 64; n_70 += 32) {
        let line_71 = n_70 / 2;
        let vector_72 = n_70 % 2;
        let at_73 = J_40 + line_71;
        var loaded_74 = vec4f();
        if (u32(at_73) < u32(launch.keys) && u32(vector_72) < 2u) {
          loaded_74 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + block_5 * launch.k_stride_1 + at_73 * launch.k_stride_2 + vector_72];
        }
        mtaPacked_statistics_arena[n_70 + (line_71 >> 2u) + 343] = loaded_74;
      }
      workgroupBarrier();
      let row_76 = thread_row * 4;
      let left_77 = row_76 * 2;
      let right_78 = thread_column * 9;
      for (var k_75 = 0; k_75 < 2; k_75++) {
        let right_79 = mtaPacked_statistics_arena[right_78 + k_75 + 343];
        let right_80 = mtaPacked_statistics_arena[right_78 + k_75 + 345];
        let right_81 = mtaPacked_statistics_arena[right_78 + k_75 + 347];
        let right_82 = mtaPacked_statistics_arena[right_78 + k_75 + 349];
        let right_83 = mtaPacked_statistics_arena[right_78 + k_75 + 379];
        let right_84 = mtaPacked_statistics_arena[right_78 + k_75 + 381];
        let right_85 = mtaPacked_statistics_arena[right_78 + k_75 + 383];
        let right_86 = mtaPacked_statistics_arena[right_78 + k_75 + 385];
        let left_87 = mtaPacked_statistics_arena[left_77 + k_75 + 281];
        product_61 += vec4f(dot(left_87, right_79), dot(left_87, right_80), dot(left_87, right_81), dot(left_87, right_82));
        product_62 += vec4f(dot(left_87, right_83), dot(left_87, right_84), dot(left_87, right_85), dot(left_87, right_86));
        let left_88 = mtaPacked_statistics_arena[left_77 + k_75 + 283];
        product_63 += vec4f(dot(left_88, right_79), dot(left_88, right_80), dot(left_88, right_81), dot(left_88, right_82));
        product_64 += vec4f(dot(left_88, right_83), dot(left_88, right_84), dot(left_88, right_85), dot(left_88, right_86));
        let left_89 = mtaPacked_statistics_arena[left_77 + k_75 + 285];
        product_65 += vec4f(dot(left_89, right_79), dot(left_89, right_80), dot(left_89, right_81), dot(left_89, right_82));
        product_66 += vec4f(dot(left_89, right_83), dot(left_89, right_84), dot(left_89, right_85), dot(left_89, right_86));
        let left_90 = mtaPacked_statistics_arena[left_77 + k_75 + 287];
        product_67 += vec4f(dot(left_90, right_79), dot(left_90, right_80), dot(left_90, right_81), dot(left_90, right_82));
        product_68 += vec4f(dot(left_90, right_83), dot(left_90, right_84), dot(left_90, right_85), dot(left_90, right_86));
      }
      let column_91 = thread_column * 4;
      let map_92 = product_61 / 2.828427;
      let map_93 = product_62 / 2.828427;
      let map_94 = product_63 / 2.828427;
      let map_95 = product_64 / 2.828427;
      let map_96 = product_65 / 2.828427;
      let map_97 = product_66 / 2.828427;
      let map_98 = product_67 / 2.828427;
      let map_99 = product_68 / 2.828427;
      var chosen_100 = map_92;
      var chosen_101 = map_93;
      var chosen_102 = map_94;
      var chosen_103 = map_95;
      var chosen_104 = map_96;
      var chosen_105 = map_97;
      var chosen_106 = map_98;
      var chosen_107 = map_99;
      if (!is_full_43) {
        let j_108 = J_40 + column_91;
        let j_109 = j_108 + vec4i(0, 1, 2, 3);
        let i_110 = I_4 - 1 + row_76;
        let entry_111 = read_document(block_6, i_110);
        let entries_112 = vec4i(read_document(block_6, j_109.x), read_document(block_6, j_109.y), read_document(block_6, j_109.z), read_document(block_6, j_109.w));
        let map_113 = select(vec4f(0.0), map_92, ((j_109 <= vec4i(i_110)) & (vec4i(entry_111) == entries_112)) & (vec4<bool>(0 <= i_110) & (j_109 < vec4i(launch.keys))));
        let j_114 = j_108 + 16 + vec4i(0, 1, 2, 3);
        let entries_115 = vec4i(read_document(block_6, j_114.x), read_document(block_6, j_114.y), read_document(block_6, j_114.z), read_document(block_6, j_114.w));
        let map_116 = select(vec4f(0.0), map_93, ((j_114 <= vec4i(i_110)) & (vec4i(entry_111) == entries_115)) & (vec4<bool>(0 <= i_110) & (j_114 < vec4i(launch.keys))));
        let entry_117 = read_document(block_6, i_110 + 1);
        let map_118 = select(vec4f(0.0), map_94, ((j_109 <= vec4i(i_110 + 1)) & (vec4i(entry_117) == entries_112)) & (vec4<bool>(0 <= i_110 + 1) & (j_109 < vec4i(launch.keys))));
        let map_119 = select(vec4f(0.0), map_95, ((j_114 <= vec4i(i_110 + 1)) & (vec4i(entry_117) == entries_115)) & (vec4<bool>(0 <= i_110 + 1) & (j_114 < vec4i(launch.keys))));
        let entry_120 = read_document(block_6, i_110 + 2);
        let map_121 = select(vec4f(0.0), map_96, ((j_109 <= vec4i(i_110 + 2)) & (vec4i(entry_120) == entries_112)) & (vec4<bool>(0 <= i_110 + 2) & (j_109 < vec4i(launch.keys))));
        let map_122 = select(vec4f(0.0), map_97, ((j_114 <= vec4i(i_110 + 2)) & (vec4i(entry_120) == entries_115)) & (vec4<bool>(0 <= i_110 + 2) & (j_114 < vec4i(launch.keys))));
        let entry_123 = read_document(block_6, i_110 + 3);
        let map_124 = select(vec4f(0.0), map_98, ((j_109 <= vec4i(i_110 + 3)) & (vec4i(entry_123) == entries_112)) & (vec4<bool>(0 <= i_110 + 3) & (j_109 < vec4i(launch.keys))));
        let map_125 = select(vec4f(0.0), map_99, ((j_114 <= vec4i(i_110 + 3)) & (vec4i(entry_123) == entries_115)) & (vec4<bool>(0 <= i_110 + 3) & (j_114 < vec4i(launch.keys))));
        chosen_100 = map_113;
        chosen_101 = map_116;
        chosen_102 = map_118;
        chosen_103 = map_119;
        chosen_104 = map_121;
        chosen_105 = map_122;
        chosen_106 = map_124;
        chosen_107 = map_125;
      }
      chosen_45 = chosen_100;
      chosen_46 = chosen_101;
      chosen_47 = chosen_102;
      chosen_48 = chosen_103;
      chosen_49 = chosen_104;
      chosen_50 = chosen_105;
      chosen_51 = chosen_106;
      chosen_52 = chosen_107;
    }
    workgroupBarrier();
    let to_126 = thread * 9;
    let kept_127 = mtaPacked_statistics_arena[to_126 + 8 + 2];
    workgroupBarrier();
    if (thread < 31) {
      mtaPacked_statistics_arena[to_126 + 2] = kept_127;
    }
    let row_128 = thread_row * 4;
    let line_129 = row_128 * 9;
    if (row_128 < 31) {
      mtaPacked_statistics_arena[line_129 + thread_column + 1 + 2] = chosen_45;
      mtaPacked_statistics_arena[line_129 + thread_column + 5 + 2] = chosen_46;
    }
    if (row_128 + 1 < 31) {
      mtaPacked_statistics_arena[line_129 + thread_column + 10 + 2] = chosen_47;
      mtaPacked_statistics_arena[line_129 + thread_column + 14 + 2] = chosen_48;
    }
    if (row_128 + 2 < 31) {
      mtaPacked_statistics_arena[line_129 + thread_column + 19 + 2] = chosen_49;
      mtaPacked_statistics_arena[line_129 + thread_column + 23 + 2] = chosen_50;
    }
    if (row_128 + 3 < 31) {
      mtaPacked_statistics_arena[line_129 + thread_column + 28 + 2] = chosen_51;
      mtaPacked_statistics_arena[line_129 + thread_column + 32 + 2] = chosen_52;
    }
    let from_130 = J_40 - 1;
    let bound_131 = from_130 + 31;
    let range_132 = range_document_1(block_6, from_130, bound_131, thread, 32);
    let is_full_133 = ((from_130 + 31 - from_35 <= 0) && ((range_38.x - range_132.y == 0) && (range_38.y - range_132.x == 0))) && ((-from_130 <= 0) && (from_130 + 31 - launch.keys < 0));
    let is_empty_134 = ((from_130 - (from_35 + 30) > 0) || ((range_38.x - range_132.y > 0) || (range_38.y - range_132.x < 0))) || ((-(from_130 + 31) > 0) || (from_130 - launch.keys >= 0));
    var chosen_135 = carried_21;
    var chosen_136 = carried_22;
    var chosen_137 = carried_23;
    var chosen_138 = carried_24;
    var chosen_139 = carried_25;
    var chosen_140 = carried_26;
    var chosen_141 = carried_27;
    var chosen_142 = carried_28;
    if (!is_empty_134) {
      workgroupBarrier();
      var convolved_143 = vec4f(0.0);
      var convolved_144 = vec4f(0.0);
      var convolved_145 = vec4f(0.0);
      var convolved_146 = vec4f(0.0);
      var convolved_147 = vec4f(0.0);
      var convolved_148 = vec4f(0.0);
      var convolved_149 = vec4f(0.0);
      var convolved_150 = vec4f(0.0);
      var part_151 = vec4f(0.0);
      let weights_152 = mtaPacked_statistics_arena[0];
      let row_154 = thread_row * 4 + 1;
      let neighbourhood_155 = row_154 * 9 + thread_column;
      let ring_153 = mtaPacked_statistics_arena[neighbourhood_155 - 9 + 2];
      let ring_156 = mtaPacked_statistics_arena[neighbourhood_155 - 8 + 2];
      let window_157 = vec4f(ring_153.z, ring_153.w, ring_156.x, ring_156.y);
      part_151 += weights_152.x * window_157;
      let window_158 = vec4f(ring_153.w, ring_156.x, ring_156.y, ring_156.z);
      part_151 += weights_152.y * window_158;
      part_151 += weights_152.z * ring_156;
      let column_159 = thread_column * 4;
      let i_160 = I_4 - 1 + row_154;
      let entry_161 = read_document(block_6, i_160 + 0 - 1);
      let entry_162 = read_document(block_6, i_160);
      let guard_163 = entry_161 == entry_162;
      convolved_143 += select(vec4f(), part_151, guard_163);
      var part_164 = vec4f(0.0);
      let weights_165 = mtaPacked_statistics_arena[1];
      let ring_166 = mtaPacked_statistics_arena[neighbourhood_155 + 2];
      let ring_167 = mtaPacked_statistics_arena[neighbourhood_155 + 1 + 2];
      let window_168 = vec4f(ring_166.z, ring_166.w, ring_167.x, ring_167.y);
      part_164 += weights_165.x * window_168;
      let window_169 = vec4f(ring_166.w, ring_167.x, ring_167.y, ring_167.z);
      part_164 += weights_165.y * window_169;
      part_164 += weights_165.z * ring_167;
      let entry_170 = read_document(block_6, i_160 + 1 - 1);
      let guard_171 = entry_170 == entry_162;
      convolved_143 += select(vec4f(), part_164, guard_171);
      var part_172 = vec4f(0.0);
      part_172 += weights_152.x * window_168;
      part_172 += weights_152.y * window_169;
      part_172 += weights_152.z * ring_167;
      let entry_173 = read_document(block_6, i_160 + 1 + 0 - 1);
      let entry_174 = read_document(block_6, i_160 + 1);
      let guard_175 = entry_173 == entry_174;
      convolved_145 += select(vec4f(), part_172, guard_175);
      var part_176 = vec4f(0.0);
      let ring_177 = mtaPacked_statistics_arena[neighbourhood_155 + 9 + 2];
      let ring_178 = mtaPacked_statistics_arena[neighbourhood_155 + 10 + 2];
      let window_179 = vec4f(ring_177.z, ring_177.w, ring_178.x, ring_178.y);
      part_176 += weights_165.x * window_179;
      let window_180 = vec4f(ring_177.w, ring_178.x, ring_178.y, ring_178.z);
      part_176 += weights_165.y * window_180;
      part_176 += weights_165.z * ring_178;
      let entry_181 = read_document(block_6, i_160 + 1 + 1 - 1);
      let guard_182 = entry_181 == entry_174;
      convolved_145 += select(vec4f(), part_176, guard_182);
      var part_183 = vec4f(0.0);
      part_183 += weights_152.x * window_179;
      part_183 += weights_152.y * window_180;
      part_183 += weights_152.z * ring_178;
      let entry_184 = read_document(block_6, i_160 + 2 + 0 - 1);
      let entry_185 = read_document(block_6, i_160 + 2);
      let guard_186 = entry_184 == entry_185;
      convolved_147 += select(vec4f(), part_183, guard_186);
      var part_187 = vec4f(0.0);
      let ring_188 = mtaPacked_statistics_arena[neighbourhood_155 + 18 + 2];
      let ring_189 = mtaPacked_statistics_arena[neighbourhood_155 + 19 + 2];
      let window_190 = vec4f(ring_188.z, ring_188.w, ring_189.x, ring_189.y);
      part_187 += weights_165.x * window_190;
      let window_191 = vec4f(ring_188.w, ring_189.x, ring_189.y, ring_189.z);
      part_187 += weights_165.y * window_191;
      part_187 += weights_165.z * ring_189;
      let entry_192 = read_document(block_6, i_160 + 2 + 1 - 1);
      let guard_193 = entry_192 == entry_185;
      convolved_147 += select(vec4f(), part_187, guard_193);
      var part_194 = vec4f(0.0);
      part_194 += weights_152.x * window_190;
      part_194 += weights_152.y * window_191;
      part_194 += weights_152.z * ring_189;
      let entry_195 = read_document(block_6, i_160 + 3 + 0 - 1);
      let entry_196 = read_document(block_6, i_160 + 3);
      let guard_197 = entry_195 == entry_196;
      convolved_149 += select(vec4f(), part_194, guard_197);
      var part_198 = vec4f(0.0);
      let ring_199 = mtaPacked_statistics_arena[neighbourhood_155 + 27 + 2];
      let ring_200 = mtaPacked_statistics_arena[neighbourhood_155 + 28 + 2];
      let window_201 = vec4f(ring_199.z, ring_199.w, ring_200.x, ring_200.y);
      part_198 += weights_165.x * window_201;
      let window_202 = vec4f(ring_199.w, ring_200.x, ring_200.y, ring_200.z);
      part_198 += weights_165.y * window_202;
      part_198 += weights_165.z * ring_200;
      let entry_203 = read_document(block_6, i_160 + 3 + 1 - 1);
      let guard_204 = entry_203 == entry_196;
      convolved_149 += select(vec4f(), part_198, guard_204);
      var part_205 = vec4f(0.0);
      let ring_206 = mtaPacked_statistics_arena[neighbourhood_155 - 5 + 2];
      let ring_207 = mtaPacked_statistics_arena[neighbourhood_155 - 4 + 2];
      let window_208 = vec4f(ring_206.z, ring_206.w, ring_207.x, ring_207.y);
      part_205 += weights_152.x * window_208;
      let window_209 = vec4f(ring_206.w, ring_207.x, ring_207.y, ring_207.z);
      part_205 += weights_152.y * window_209;
      part_205 += weights_152.z * ring_207;
      convolved_144 += select(vec4f(), part_205, guard_163);
      var part_210 = vec4f(0.0);
      let ring_211 = mtaPacked_statistics_arena[neighbourhood_155 + 4 + 2];
      let ring_212 = mtaPacked_statistics_arena[neighbourhood_155 + 5 + 2];
      let window_213 = vec4f(ring_211.z, ring_211.w, ring_212.x, ring_212.y);
      part_210 += weights_165.x * window_213;
      let window_214 = vec4f(ring_211.w, ring_212.x, ring_212.y, ring_212.z);
      part_210 += weights_165.y * window_214;
      part_210 += weights_165.z * ring_212;
      convolved_144 += select(vec4f(), part_210, guard_171);
      var part_215 = vec4f(0.0);
      part_215 += weights_152.x * window_213;
      part_215 += weights_152.y * window_214;
      part_215 += weights_152.z * ring_212;
      convolved_146 += select(vec4f(), part_215, guard_175);
      var part_216 = vec4f(0.0);
      let ring_217 = mtaPacked_statistics_arena[neighbourhood_155 + 13 + 2];
      let ring_218 = mtaPacked_statistics_arena[neighbourhood_155 + 14 + 2];
      let window_219 = vec4f(ring_217.z, ring_217.w, ring_218.x, ring_218.y);
      part_216 += weights_165.x * window_219;
      let window_220 = vec4f(ring_217.w, ring_218.x, ring_218.y, ring_218.z);
      part_216 += weights_165.y * window_220;
      part_216 += weights_165.z * ring_218;
      convolved_146 += select(vec4f(), part_216, guard_182);
      var part_221 = vec4f(0.0);
      part_221 += weights_152.x * window_219;
      part_221 += weights_152.y * window_220;
      part_221 += weights_152.z * ring_218;
      convolved_148 += select(vec4f(), part_221, guard_186);
      var part_222 = vec4f(0.0);
      let ring_223 = mtaPacked_statistics_arena[neighbourhood_155 + 22 + 2];
      let ring_224 = mtaPacked_statistics_arena[neighbourhood_155 + 23 + 2];
      let window_225 = vec4f(ring_223.z, ring_223.w, ring_224.x, ring_224.y);
      part_222 += weights_165.x * window_225;
      let window_226 = vec4f(ring_223.w, ring_224.x, ring_224.y, ring_224.z);
      part_222 += weights_165.y * window_226;
      part_222 += weights_165.z * ring_224;
      convolved_148 += select(vec4f(), part_222, guard_193);
      var part_227 = vec4f(0.0);
      part_227 += weights_152.x * window_225;
      part_227 += weights_152.y * window_226;
      part_227 += weights_152.z * ring_224;
      convolved_150 += select(vec4f(), part_227, guard_197);
      var part_228 = vec4f(0.0);
      let ring_229 = mtaPacked_statistics_arena[neighbourhood_155 + 31 + 2];
      let ring_230 = mtaPacked_statistics_arena[neighbourhood_155 + 32 + 2];
      let window_231 = vec4f(ring_229.z, ring_229.w, ring_230.x, ring_230.y);
      part_228 += weights_165.x * window_231;
      let window_232 = vec4f(ring_229.w, ring_230.x, ring_230.y, ring_230.z);
      part_228 += weights_165.y * window_232;
      part_228 += weights_165.z * ring_230;
      convolved_150 += select(vec4f(), part_228, guard_204);
      var chosen_233 = convolved_143;
      var chosen_234 = convolved_144;
      var chosen_235 = convolved_145;
      var chosen_236 = convolved_146;
      var chosen_237 = convolved_147;
      var chosen_238 = convolved_148;
      var chosen_239 = convolved_149;
      var chosen_240 = convolved_150;
      if (!is_full_133) {
        let j_241 = J_40 - 1 + column_159;
        let j_242 = j_241 + vec4i(0, 1, 2, 3);
        let entries_243 = vec4i(read_document(block_6, j_242.x), read_document(block_6, j_242.y), read_document(block_6, j_242.z), read_document(block_6, j_242.w));
        let map_244 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_143, ((j_242 <= vec4i(i_160)) & (vec4i(entry_162) == entries_243)) & ((vec4i(0) <= j_242) & (j_242 < vec4i(launch.keys))));
        let j_245 = j_241 + 16 + vec4i(0, 1, 2, 3);
        let entries_246 = vec4i(read_document(block_6, j_245.x), read_document(block_6, j_245.y), read_document(block_6, j_245.z), read_document(block_6, j_245.w));
        let map_247 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_144, ((j_245 <= vec4i(i_160)) & (vec4i(entry_162) == entries_246)) & ((vec4i(0) <= j_245) & (j_245 < vec4i(launch.keys))));
        let map_248 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_145, ((j_242 <= vec4i(i_160 + 1)) & (vec4i(entry_174) == entries_243)) & ((vec4i(0) <= j_242) & (j_242 < vec4i(launch.keys))));
        let map_249 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_146, ((j_245 <= vec4i(i_160 + 1)) & (vec4i(entry_174) == entries_246)) & ((vec4i(0) <= j_245) & (j_245 < vec4i(launch.keys))));
        let map_250 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_147, ((j_242 <= vec4i(i_160 + 2)) & (vec4i(entry_185) == entries_243)) & ((vec4i(0) <= j_242) & (j_242 < vec4i(launch.keys))));
        let map_251 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_148, ((j_245 <= vec4i(i_160 + 2)) & (vec4i(entry_185) == entries_246)) & ((vec4i(0) <= j_245) & (j_245 < vec4i(launch.keys))));
        let map_252 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_149, ((j_242 <= vec4i(i_160 + 3)) & (vec4i(entry_196) == entries_243)) & ((vec4i(0) <= j_242) & (j_242 < vec4i(launch.keys))));
        let map_253 = select(vec4f(bitcast<f32>(launch.minus_infinity)), convolved_150, ((j_245 <= vec4i(i_160 + 3)) & (vec4i(entry_196) == entries_246)) & ((vec4i(0) <= j_245) & (j_245 < vec4i(launch.keys))));
        chosen_233 = map_244;
        chosen_234 = map_247;
        chosen_235 = map_248;
        chosen_236 = map_249;
        chosen_237 = map_250;
        chosen_238 = map_251;
        chosen_239 = map_252;
        chosen_240 = map_253;
      }
      let partial_254 = max(chosen_233, chosen_234);
      let partial_255 = max(max(partial_254.x, partial_254.y), max(partial_254.z, partial_254.w));
      let partial_256 = max(chosen_235, chosen_236);
      let partial_257 = max(max(partial_256.x, partial_256.y), max(partial_256.z, partial_256.w));
      let partial_258 = max(chosen_237, chosen_238);
      let partial_259 = max(max(partial_258.x, partial_258.y), max(partial_258.z, partial_258.w));
      let partial_260 = max(chosen_239, chosen_240);
      let partial_261 = max(max(partial_260.x, partial_260.y), max(partial_260.z, partial_260.w));
      mtaPacked_statistics_arena[row_128 + thread_column + 343] = vec4f(partial_255, partial_257, partial_259, partial_261);
      workgroupBarrier();
      let max_262 = max(max(max(mtaPacked_statistics_arena[row_128 + 343], mtaPacked_statistics_arena[row_128 + 1 + 343]), mtaPacked_statistics_arena[row_128 + 2 + 343]), mtaPacked_statistics_arena[row_128 + 3 + 343]);
      let map_263 = maximum(carried_21, max_262.x);
      let map_264 = maximum(carried_22, max_262.y);
      let map_265 = maximum(carried_23, max_262.z);
      let map_266 = maximum(carried_24, max_262.w);
      let map_267 = exponential_difference(carried_21, map_263);
      let map_268 = exponential_difference(carried_22, map_264);
      let map_269 = exponential_difference(carried_23, map_265);
      let map_270 = exponential_difference(carried_24, map_266);
      let map_271 = exponential_difference_wide(chosen_233, vec4f(map_263));
      let map_272 = exponential_difference_wide(chosen_234, vec4f(map_263));
      let map_273 = exponential_difference_wide(chosen_235, vec4f(map_264));
      let map_274 = exponential_difference_wide(chosen_236, vec4f(map_264));
      let map_275 = exponential_difference_wide(chosen_237, vec4f(map_265));
      let map_276 = exponential_difference_wide(chosen_238, vec4f(map_265));
      let map_277 = exponential_difference_wide(chosen_239, vec4f(map_266));
      let map_278 = exponential_difference_wide(chosen_240, vec4f(map_266));
      let map_279 = carried_25 * map_267;
      let map_280 = carried_26 * map_268;
      let map_281 = carried_27 * map_269;
      let map_282 = carried_28 * map_270;
      let partial_283 = map_271 + map_272;
      let partial_284 = partial_283.x + partial_283.y + (partial_283.z + partial_283.w);
      let partial_285 = map_273 + map_274;
      let partial_286 = partial_285.x + partial_285.y + (partial_285.z + partial_285.w);
      let partial_287 = map_275 + map_276;
      let partial_288 = partial_287.x + partial_287.y + (partial_287.z + partial_287.w);
      let partial_289 = map_277 + map_278;
      let partial_290 = partial_289.x + partial_289.y + (partial_289.z + partial_289.w);
      let map_291 = map_279 + partial_284;
      let map_292 = map_280 + partial_286;
      let map_293 = map_281 + partial_288;
      let map_294 = map_282 + partial_290;
      chosen_135 = map_263;
      chosen_136 = map_264;
      chosen_137 = map_265;
      chosen_138 = map_266;
      chosen_139 = map_291;
      chosen_140 = map_292;
      chosen_141 = map_293;
      chosen_142 = map_294;
    }
    carried_21 = chosen_135;
    carried_22 = chosen_136;
    carried_23 = chosen_137;
    carried_24 = chosen_138;
    carried_25 = chosen_139;
    carried_26 = chosen_140;
    carried_27 = chosen_141;
    carried_28 = chosen_142;
  }
  workgroupBarrier();
  let line_295 = thread_row * 4;
  mtaPacked_statistics_arena[line_295 + thread_column + 343] = vec4f(carried_25, carried_26, carried_27, carried_28);
  workgroupBarrier();
  let sum_296 = mtaPacked_statistics_arena[line_295 + 343] + mtaPacked_statistics_arena[line_295 + 1 + 343] + mtaPacked_statistics_arena[line_295 + 2 + 343] + mtaPacked_statistics_arena[line_295 + 3 + 343];
  let row_297 = thread_row * 4 + 1;
  let map_298 = select(bitcast<f32>(launch.minus_infinity), carried_21 + logarithm(sum_296.x), sum_296.x > 0.0);
  let map_299 = select(bitcast<f32>(launch.minus_infinity), carried_22 + logarithm(sum_296.y), sum_296.y > 0.0);
  let map_300 = select(bitcast<f32>(launch.minus_infinity), carried_23 + logarithm(sum_296.z), sum_296.z > 0.0);
  let map_301 = select(bitcast<f32>(launch.minus_infinity), carried_24 + logarithm(sum_296.w), sum_296.w > 0.0);
  let i_302 = I_4 - 1 + row_297;
  let place_303 = i_302 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 < 31 && u32(place_303) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_303] = map_298;
  }
  let place_304 = i_302 + 1 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 + 1 < 31 && u32(place_304) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_304] = map_299;
  }
  let place_305 = i_302 + 2 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 + 2 < 31 && u32(place_305) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_305] = map_300;
  }
  let place_306 = i_302 + 3 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 + 3 < 31 && u32(place_306) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_306] = map_301;
  }
  let place_307 = i_302 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 < 31 && u32(place_307) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_307] = map_298;
  }
  let place_308 = i_302 + 1 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 + 1 < 31 && u32(place_308) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_308] = map_299;
  }
  let place_309 = i_302 + 2 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 + 2 < 31 && u32(place_309) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_309] = map_300;
  }
  let place_310 = i_302 + 3 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 + 3 < 31 && u32(place_310) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_310] = map_301;
  }
}

var<workgroup> mtaPacked_arena: array<vec4f, 964>;

@compute @workgroup_size(32)
fn mtaPacked(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks_1 = (launch.keys - (launch.keys - launch.rows) + 29) / 30;
  let block_2 = block % blocks_1;
  let block_3 = block / blocks_1;
  let I_4 = block_2 * 30 + (launch.keys - launch.rows);
  let block_5 = block_3 % 2;
  let block_6 = block_3 / 2;
  if (block_6 >= launch.batch) {
    return;
  }
  for (var tap_7 = thread; tap_7 < 2; tap_7 += 32) {
    let counter_8 = tap_7 % 2;
    let entry_9 = read_theta_pre(block_5, counter_8, 0);
    let entry_10 = read_theta_pre(block_5, counter_8, 1);
    let entry_11 = read_theta_pre(block_5, counter_8, 2);
    mtaPacked_arena[tap_7] = vec4f(entry_9, entry_10, entry_11, 0.0);
  }
  for (var tap_12 = thread; tap_12 < 2; tap_12 += 32) {
    let counter_13 = tap_12 % 2;
    let entry_14 = read_theta_post(block_5, counter_13, 0);
    let entry_15 = read_theta_post(block_5, counter_13, 1);
    let entry_16 = read_theta_post(block_5, counter_13, 2);
    mtaPacked_arena[tap_12 + 2] = vec4f(entry_14, entry_15, entry_16, 0.0);
  }
  let row_17 = thread_row * 4 + 1;
  let i_18 = I_4 - 2 + row_17;
  let entry_19 = read_statistics(block_6, block_5, i_18);
  let map_20 = entry_19;
  let entry_21 = read_statistics(block_6, block_5, i_18 + 1);
  let map_22 = entry_21;
  let entry_23 = read_statistics(block_6, block_5, i_18 + 2);
  let map_24 = entry_23;
  let entry_25 = read_statistics(block_6, block_5, i_18 + 3);
  let map_26 = entry_25;
  for (var n_27 = thread; n_27 < 288; n_27 += 32) {
    mtaPacked_arena[n_27 + 4] = vec4f(0.0);
  }
  for (var n_28 = thread; n_28 < 288; n_28 += 32) {
    mtaPacked_arena[n_28 + 292] = vec4f(0.0);
  }
  let constant_29 = vec4f(0.0);
  let constant_30 = vec4f(0.0);
  let constant_31 = vec4f(0.0);
  let constant_32 = vec4f(0.0);
  var carried_33 = constant_29;
  var carried_34 = constant_30;
  var carried_35 = constant_31;
  var carried_36 = constant_32;
  for (var n_37 = thread; n_37 < 64; n_37 += 32) {
    let line_38 = n_37 / 2;
    let vector_39 = n_37 % 2;
    let at_40 = I_4 - 2 + line_38;
    let place_41 = at_40 - (launch.keys - launch.queries);
    var loaded_42 = vec4f();
    if (u32(place_41) < u32(launch.queries) && u32(vector_39) < 2u) {
      loaded_42 = q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_41 * launch.q_stride_2 + vector_39];
    }
    mtaPacked_arena[n_37 + 580] = loaded_42;
  }
  let from_43 = I_4 - 2;
  let own_44 = max(from_43, 0);
  let own_45 = min(from_43 + 31, launch.keys - 1);
  let range_46 = range_document_1(block_6, own_44, own_45, thread, 32);
  let end_47 = min(launch.keys, I_4 + 30) + 2;
  for (var J_48 = 0; J_48 < end_47; J_48 += 32) {
    let bound_49 = J_48 + 31;
    let range_50 = range_document_1(block_6, J_48, bound_49, thread, 32);
    let is_full_51 = ((J_48 + 31 - from_43 <= 0) && ((range_46.x - range_50.y == 0) && (range_46.y - range_50.x == 0))) && ((-from_43 <= 0) && (J_48 + 31 - launch.keys < 0));
    let is_empty_52 = ((J_48 - (from_43 + 31) > 0) || ((range_46.x - range_50.y > 0) || (range_46.y - range_50.x < 0))) || ((-(from_43 + 31) > 0) || (J_48 - launch.keys >= 0));
    var chosen_53 = vec4f();
    var chosen_54 = vec4f();
    var chosen_55 = vec4f();
    var chosen_56 = vec4f();
    var chosen_57 = vec4f();
    var chosen_58 = vec4f();
    var chosen_59 = vec4f();
    var chosen_60 = vec4f();
    if (is_empty_52) {
      let constant_61 = vec4f(0.0);
      let constant_62 = vec4f(0.0);
      let constant_63 = vec4f(0.0);
      let constant_64 = vec4f(0.0);
      let constant_65 = vec4f(0.0);
      let constant_66 = vec4f(0.0);
      let constant_67 = vec4f(0.0);
      let constant_68 = vec4f(0.0);
      chosen_53 = constant_61;
      chosen_54 = constant_62;
      chosen_55 = constant_63;
      chosen_56 = constant_64;
      chosen_57 = constant_65;
      chosen_58 = constant_66;
      chosen_59 = constant_67;
      chosen_60 = constant_68;
    }
    else {
      var product_69 = vec4f(0.0);
      var product_70 = vec4f(0.0);
      var product_71 = vec4f(0.0);
      var product_72 = vec4f(0.0);
      var product_73 = vec4f(0.0);
      var product_74 = vec4f(0.0);
      var product_75 = vec4f(0.0);
      var product_76 = vec4f(0.0);
      workgroupBarrier();
      for (var n_78 = thread; n_78 < 64; n_78 += 32) {
        let line_79 = n_78 / 2;
        let vector_80 = n_78 % 2;
        let at_81 = J_48 + line_79;
        var loaded_82 = vec4f();
        if (u32(at_81) < u32(launch.keys) && u32(vector_80) < 2u) {
          loaded_82 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + block_5 * launch.k_stride_1 + at_81 * launch.k_stride_2 + vector_80];
        }
        mtaPacked_arena[n_78 + (line_79 >> 2u) + 644] = loaded_82;
      }
      workgroupBarrier();
      let row_84 = thread_row * 4;
      let left_85 = row_84 * 2;
      let right_86 = thread_column * 9;
      for (var k_83 = 0; k_83 < 2; k_83++) {
        let right_87 = mtaPacked_arena[right_86 + k_83 + 644];
        let right_88 = mtaPacked_arena[right_86 + k_83 + 646];
        let right_89 = mtaPacked_arena[right_86 + k_83 + 648];
        let right_90 = mtaPacked_arena[right_86 + k_83 + 650];
        let right_91 = mtaPacked_arena[right_86 + k_83 + 680];
        let right_92 = mtaPacked_arena[right_86 + k_83 + 682];
        let right_93 = mtaPacked_arena[right_86 + k_83 + 684];
        let right_94 = mtaPacked_arena[right_86 + k_83 + 686];
        let left_95 = mtaPacked_arena[left_85 + k_83 + 580];
        product_69 += vec4f(dot(left_95, right_87), dot(left_95, right_88), dot(left_95, right_89), dot(left_95, right_90));
        product_70 += vec4f(dot(left_95, right_91), dot(left_95, right_92), dot(left_95, right_93), dot(left_95, right_94));
        let left_96 = mtaPacked_arena[left_85 + k_83 + 582];
        product_71 += vec4f(dot(left_96, right_87), dot(left_96, right_88), dot(left_96, right_89), dot(left_96, right_90));
        product_72 += vec4f(dot(left_96, right_91), dot(left_96, right_92), dot(left_96, right_93), dot(left_96, right_94));
        let left_97 = mtaPacked_arena[left_85 + k_83 + 584];
        product_73 += vec4f(dot(left_97, right_87), dot(left_97, right_88), dot(left_97, right_89), dot(left_97, right_90));
        product_74 += vec4f(dot(left_97, right_91), dot(left_97, right_92), dot(left_97, right_93), dot(left_97, right_94));
        let left_98 = mtaPacked_arena[left_85 + k_83 + 586];
        product_75 += vec4f(dot(left_98, right_87), dot(left_98, right_88), dot(left_98, right_89), dot(left_98, right_90));
        product_76 += vec4f(dot(left_98, right_91), dot(left_98, right_92), dot(left_98, right_93), dot(left_98, right_94));
      }
      let column_99 = thread_column * 4;
      let map_100 = product_69 / 2.828427;
      let map_101 = product_70 / 2.828427;
      let map_102 = product_71 / 2.828427;
      let map_103 = product_72 / 2.828427;
      let map_104 = product_73 / 2.828427;
      let map_105 = product_74 / 2.828427;
      let map_106 = product_75 / 2.828427;
      let map_107 = product_76 / 2.828427;
      var chosen_108 = map_100;
      var chosen_109 = map_101;
      var chosen_110 = map_102;
      var chosen_111 = map_103;
      var chosen_112 = map_104;
      var chosen_113 = map_105;
      var chosen_114 = map_106;
      var chosen_115 = map_107;
      if (!is_full_51) {
        let j_116 = J_48 + column_99;
        let j_117 = j_116 + vec4i(0, 1, 2, 3);
        let i_118 = I_4 - 2 + row_84;
        let entry_119 = read_document(block_6, i_118);
        let entries_120 = vec4i(read_document(block_6, j_117.x), read_document(block_6, j_117.y), read_document(block_6, j_117.z), read_document(block_6, j_117.w));
        let map_121 = select(vec4f(0.0), map_100, ((j_117 <= vec4i(i_118)) & (vec4i(entry_119) == entries_120)) & (vec4<bool>(0 <= i_118) & (j_117 < vec4i(launch.keys))));
        let j_122 = j_116 + 16 + vec4i(0, 1, 2, 3);
        let entries_123 = vec4i(read_document(block_6, j_122.x), read_document(block_6, j_122.y), read_document(block_6, j_122.z), read_document(block_6, j_122.w));
        let map_124 = select(vec4f(0.0), map_101, ((j_122 <= vec4i(i_118)) & (vec4i(entry_119) == entries_123)) & (vec4<bool>(0 <= i_118) & (j_122 < vec4i(launch.keys))));
        let entry_125 = read_document(block_6, i_118 + 1);
        let map_126 = select(vec4f(0.0), map_102, ((j_117 <= vec4i(i_118 + 1)) & (vec4i(entry_125) == entries_120)) & (vec4<bool>(0 <= i_118 + 1) & (j_117 < vec4i(launch.keys))));
        let map_127 = select(vec4f(0.0), map_103, ((j_122 <= vec4i(i_118 + 1)) & (vec4i(entry_125) == entries_123)) & (vec4<bool>(0 <= i_118 + 1) & (j_122 < vec4i(launch.keys))));
        let entry_128 = read_document(block_6, i_118 + 2);
        let map_129 = select(vec4f(0.0), map_104, ((j_117 <= vec4i(i_118 + 2)) & (vec4i(entry_128) == entries_120)) & (vec4<bool>(0 <= i_118 + 2) & (j_117 < vec4i(launch.keys))));
        let map_130 = select(vec4f(0.0), map_105, ((j_122 <= vec4i(i_118 + 2)) & (vec4i(entry_128) == entries_123)) & (vec4<bool>(0 <= i_118 + 2) & (j_122 < vec4i(launch.keys))));
        let entry_131 = read_document(block_6, i_118 + 3);
        let map_132 = select(vec4f(0.0), map_106, ((j_117 <= vec4i(i_118 + 3)) & (vec4i(entry_131) == entries_120)) & (vec4<bool>(0 <= i_118 + 3) & (j_117 < vec4i(launch.keys))));
        let map_133 = select(vec4f(0.0), map_107, ((j_122 <= vec4i(i_118 + 3)) & (vec4i(entry_131) == entries_123)) & (vec4<bool>(0 <= i_118 + 3) & (j_122 < vec4i(launch.keys))));
        chosen_108 = map_121;
        chosen_109 = map_124;
        chosen_110 = map_126;
        chosen_111 = map_127;
        chosen_112 = map_129;
        chosen_113 = map_130;
        chosen_114 = map_132;
        chosen_115 = map_133;
      }
      chosen_53 = chosen_108;
      chosen_54 = chosen_109;
      chosen_55 = chosen_110;
      chosen_56 = chosen_111;
      chosen_57 = chosen_112;
      chosen_58 = chosen_113;
      chosen_59 = chosen_114;
      chosen_60 = chosen_115;
    }
    workgroupBarrier();
    let to_134 = thread * 9;
    let kept_135 = mtaPacked_arena[to_134 + 8 + 4];
    workgroupBarrier();
    mtaPacked_arena[to_134 + 4] = kept_135;
    let row_136 = thread_row * 4;
    let line_137 = row_136 * 9;
    mtaPacked_arena[line_137 + thread_column + 1 + 4] = chosen_53;
    mtaPacked_arena[line_137 + thread_column + 5 + 4] = chosen_54;
    mtaPacked_arena[line_137 + thread_column + 10 + 4] = chosen_55;
    mtaPacked_arena[line_137 + thread_column + 14 + 4] = chosen_56;
    mtaPacked_arena[line_137 + thread_column + 19 + 4] = chosen_57;
    mtaPacked_arena[line_137 + thread_column + 23 + 4] = chosen_58;
    mtaPacked_arena[line_137 + thread_column + 28 + 4] = chosen_59;
    mtaPacked_arena[line_137 + thread_column + 32 + 4] = chosen_60;
    let from_138 = J_48 - 1;
    let bound_139 = from_138 + 31;
    let range_140 = range_document_1(block_6, from_138, bound_139, thread, 32);
    let is_full_141 = ((from_138 + 31 - from_43 <= 0) && ((range_46.x - range_140.y == 0) && (range_46.y - range_140.x == 0))) && ((-from_43 <= 0) && ((-from_138 <= 0) && (from_138 + 31 - launch.keys < 0)));
    let is_empty_142 = ((from_138 - (from_43 + 31) > 0) || ((range_46.x - range_140.y > 0) || (range_46.y - range_140.x < 0))) || ((-(from_43 + 31) > 0) || ((-(from_138 + 31) > 0) || (from_138 - launch.keys >= 0)));
    var chosen_143 = vec4f();
    var chosen_144 = vec4f();
    var chosen_145 = vec4f();
    var chosen_146 = vec4f();
    var chosen_147 = vec4f();
    var chosen_148 = vec4f();
    var chosen_149 = vec4f();
    var chosen_150 = vec4f();
    if (is_empty_142) {
      let constant_151 = vec4f(0.0);
      let constant_152 = vec4f(0.0);
      let constant_153 = vec4f(0.0);
      let constant_154 = vec4f(0.0);
      let constant_155 = vec4f(0.0);
      let constant_156 = vec4f(0.0);
      let constant_157 = vec4f(0.0);
      let constant_158 = vec4f(0.0);
      chosen_143 = constant_151;
      chosen_144 = constant_152;
      chosen_145 = constant_153;
      chosen_146 = constant_154;
      chosen_147 = constant_155;
      chosen_148 = constant_156;
      chosen_149 = constant_157;
      chosen_150 = constant_158;
    }
    else {
      workgroupBarrier();
      var convolved_159 = vec4f(0.0);
      var convolved_160 = vec4f(0.0);
      var convolved_161 = vec4f(0.0);
      var convolved_162 = vec4f(0.0);
      var convolved_163 = vec4f(0.0);
      var convolved_164 = vec4f(0.0);
      var convolved_165 = vec4f(0.0);
      var convolved_166 = vec4f(0.0);
      var part_167 = vec4f(0.0);
      let weights_168 = mtaPacked_arena[0];
      let neighbourhood_170 = row_17 * 9 + thread_column;
      let ring_169 = mtaPacked_arena[neighbourhood_170 - 9 + 4];
      let ring_171 = mtaPacked_arena[neighbourhood_170 - 8 + 4];
      let window_172 = vec4f(ring_169.z, ring_169.w, ring_171.x, ring_171.y);
      part_167 += weights_168.x * window_172;
      let window_173 = vec4f(ring_169.w, ring_171.x, ring_171.y, ring_171.z);
      part_167 += weights_168.y * window_173;
      part_167 += weights_168.z * ring_171;
      let column_174 = thread_column * 4;
      let entry_175 = read_document(block_6, i_18 + 0 - 1);
      let entry_176 = read_document(block_6, i_18);
      let guard_177 = entry_175 == entry_176;
      convolved_159 += select(vec4f(), part_167, guard_177);
      var part_178 = vec4f(0.0);
      let weights_179 = mtaPacked_arena[1];
      let ring_180 = mtaPacked_arena[neighbourhood_170 + 4];
      let ring_181 = mtaPacked_arena[neighbourhood_170 + 1 + 4];
      let window_182 = vec4f(ring_180.z, ring_180.w, ring_181.x, ring_181.y);
      part_178 += weights_179.x * window_182;
      let window_183 = vec4f(ring_180.w, ring_181.x, ring_181.y, ring_181.z);
      part_178 += weights_179.y * window_183;
      part_178 += weights_179.z * ring_181;
      let entry_184 = read_document(block_6, i_18 + 1 - 1);
      let guard_185 = entry_184 == entry_176;
      convolved_159 += select(vec4f(), part_178, guard_185);
      var part_186 = vec4f(0.0);
      part_186 += weights_168.x * window_182;
      part_186 += weights_168.y * window_183;
      part_186 += weights_168.z * ring_181;
      let entry_187 = read_document(block_6, i_18 + 1 + 0 - 1);
      let entry_188 = read_document(block_6, i_18 + 1);
      let guard_189 = entry_187 == entry_188;
      convolved_161 += select(vec4f(), part_186, guard_189);
      var part_190 = vec4f(0.0);
      let ring_191 = mtaPacked_arena[neighbourhood_170 + 9 + 4];
      let ring_192 = mtaPacked_arena[neighbourhood_170 + 10 + 4];
      let window_193 = vec4f(ring_191.z, ring_191.w, ring_192.x, ring_192.y);
      part_190 += weights_179.x * window_193;
      let window_194 = vec4f(ring_191.w, ring_192.x, ring_192.y, ring_192.z);
      part_190 += weights_179.y * window_194;
      part_190 += weights_179.z * ring_192;
      let entry_195 = read_document(block_6, i_18 + 1 + 1 - 1);
      let guard_196 = entry_195 == entry_188;
      convolved_161 += select(vec4f(), part_190, guard_196);
      var part_197 = vec4f(0.0);
      part_197 += weights_168.x * window_193;
      part_197 += weights_168.y * window_194;
      part_197 += weights_168.z * ring_192;
      let entry_198 = read_document(block_6, i_18 + 2 + 0 - 1);
      let entry_199 = read_document(block_6, i_18 + 2);
      let guard_200 = entry_198 == entry_199;
      convolved_163 += select(vec4f(), part_197, guard_200);
      var part_201 = vec4f(0.0);
      let ring_202 = mtaPacked_arena[neighbourhood_170 + 18 + 4];
      let ring_203 = mtaPacked_arena[neighbourhood_170 + 19 + 4];
      let window_204 = vec4f(ring_202.z, ring_202.w, ring_203.x, ring_203.y);
      part_201 += weights_179.x * window_204;
      let window_205 = vec4f(ring_202.w, ring_203.x, ring_203.y, ring_203.z);
      part_201 += weights_179.y * window_205;
      part_201 += weights_179.z * ring_203;
      let entry_206 = read_document(block_6, i_18 + 2 + 1 - 1);
      let guard_207 = entry_206 == entry_199;
      convolved_163 += select(vec4f(), part_201, guard_207);
      var part_208 = vec4f(0.0);
      part_208 += weights_168.x * window_204;
      part_208 += weights_168.y * window_205;
      part_208 += weights_168.z * ring_203;
      let entry_209 = read_document(block_6, i_18 + 3 + 0 - 1);
      let entry_210 = read_document(block_6, i_18 + 3);
      let guard_211 = entry_209 == entry_210;
      convolved_165 += select(vec4f(), part_208, guard_211);
      var part_212 = vec4f(0.0);
      let ring_213 = mtaPacked_arena[neighbourhood_170 + 27 + 4];
      let ring_214 = mtaPacked_arena[neighbourhood_170 + 28 + 4];
      let window_215 = vec4f(ring_213.z, ring_213.w, ring_214.x, ring_214.y);
      part_212 += weights_179.x * window_215;
      let window_216 = vec4f(ring_213.w, ring_214.x, ring_214.y, ring_214.z);
      part_212 += weights_179.y * window_216;
      part_212 += weights_179.z * ring_214;
      let entry_217 = read_document(block_6, i_18 + 3 + 1 - 1);
      let guard_218 = entry_217 == entry_210;
      convolved_165 += select(vec4f(), part_212, guard_218);
      var part_219 = vec4f(0.0);
      let ring_220 = mtaPacked_arena[neighbourhood_170 - 5 + 4];
      let ring_221 = mtaPacked_arena[neighbourhood_170 - 4 + 4];
      let window_222 = vec4f(ring_220.z, ring_220.w, ring_221.x, ring_221.y);
      part_219 += weights_168.x * window_222;
      let window_223 = vec4f(ring_220.w, ring_221.x, ring_221.y, ring_221.z);
      part_219 += weights_168.y * window_223;
      part_219 += weights_168.z * ring_221;
      convolved_160 += select(vec4f(), part_219, guard_177);
      var part_224 = vec4f(0.0);
      let ring_225 = mtaPacked_arena[neighbourhood_170 + 4 + 4];
      let ring_226 = mtaPacked_arena[neighbourhood_170 + 5 + 4];
      let window_227 = vec4f(ring_225.z, ring_225.w, ring_226.x, ring_226.y);
      part_224 += weights_179.x * window_227;
      let window_228 = vec4f(ring_225.w, ring_226.x, ring_226.y, ring_226.z);
      part_224 += weights_179.y * window_228;
      part_224 += weights_179.z * ring_226;
      convolved_160 += select(vec4f(), part_224, guard_185);
      var part_229 = vec4f(0.0);
      part_229 += weights_168.x * window_227;
      part_229 += weights_168.y * window_228;
      part_229 += weights_168.z * ring_226;
      convolved_162 += select(vec4f(), part_229, guard_189);
      var part_230 = vec4f(0.0);
      let ring_231 = mtaPacked_arena[neighbourhood_170 + 13 + 4];
      let ring_232 = mtaPacked_arena[neighbourhood_170 + 14 + 4];
      let window_233 = vec4f(ring_231.z, ring_231.w, ring_232.x, ring_232.y);
      part_230 += weights_179.x * window_233;
      let window_234 = vec4f(ring_231.w, ring_232.x, ring_232.y, ring_232.z);
      part_230 += weights_179.y * window_234;
      part_230 += weights_179.z * ring_232;
      convolved_162 += select(vec4f(), part_230, guard_196);
      var part_235 = vec4f(0.0);
      part_235 += weights_168.x * window_233;
      part_235 += weights_168.y * window_234;
      part_235 += weights_168.z * ring_232;
      convolved_164 += select(vec4f(), part_235, guard_200);
      var part_236 = vec4f(0.0);
      let ring_237 = mtaPacked_arena[neighbourhood_170 + 22 + 4];
      let ring_238 = mtaPacked_arena[neighbourhood_170 + 23 + 4];
      let window_239 = vec4f(ring_237.z, ring_237.w, ring_238.x, ring_238.y);
      part_236 += weights_179.x * window_239;
      let window_240 = vec4f(ring_237.w, ring_238.x, ring_238.y, ring_238.z);
      part_236 += weights_179.y * window_240;
      part_236 += weights_179.z * ring_238;
      convolved_164 += select(vec4f(), part_236, guard_207);
      var part_241 = vec4f(0.0);
      part_241 += weights_168.x * window_239;
      part_241 += weights_168.y * window_240;
      part_241 += weights_168.z * ring_238;
      convolved_166 += select(vec4f(), part_241, guard_211);
      var part_242 = vec4f(0.0);
      let ring_243 = mtaPacked_arena[neighbourhood_170 + 31 + 4];
      let ring_244 = mtaPacked_arena[neighbourhood_170 + 32 + 4];
      let window_245 = vec4f(ring_243.z, ring_243.w, ring_244.x, ring_244.y);
      part_242 += weights_179.x * window_245;
      let window_246 = vec4f(ring_243.w, ring_244.x, ring_244.y, ring_244.z);
      part_242 += weights_179.y * window_246;
      part_242 += weights_179.z * ring_244;
      convolved_166 += select(vec4f(), part_242, guard_218);
      let map_247 = exponential_difference_wide(convolved_159, vec4f(map_20));
      let map_248 = exponential_difference_wide(convolved_160, vec4f(map_20));
      let map_249 = exponential_difference_wide(convolved_161, vec4f(map_22));
      let map_250 = exponential_difference_wide(convolved_162, vec4f(map_22));
      let map_251 = exponential_difference_wide(convolved_163, vec4f(map_24));
      let map_252 = exponential_difference_wide(convolved_164, vec4f(map_24));
      let map_253 = exponential_difference_wide(convolved_165, vec4f(map_26));
      let map_254 = exponential_difference_wide(convolved_166, vec4f(map_26));
      var chosen_255 = map_247;
      var chosen_256 = map_248;
      var chosen_257 = map_249;
      var chosen_258 = map_250;
      var chosen_259 = map_251;
      var chosen_260 = map_252;
      var chosen_261 = map_253;
      var chosen_262 = map_254;
      if (!is_full_141) {
        let j_263 = J_48 - 1 + column_174;
        let j_264 = j_263 + vec4i(0, 1, 2, 3);
        let entries_265 = vec4i(read_document(block_6, j_264.x), read_document(block_6, j_264.y), read_document(block_6, j_264.z), read_document(block_6, j_264.w));
        let map_266 = select(vec4f(0.0), map_247, ((j_264 <= vec4i(i_18)) & (vec4i(entry_176) == entries_265)) & (vec4<bool>(0 <= i_18) & ((vec4i(0) <= j_264) & (j_264 < vec4i(launch.keys)))));
        let j_267 = j_263 + 16 + vec4i(0, 1, 2, 3);
        let entries_268 = vec4i(read_document(block_6, j_267.x), read_document(block_6, j_267.y), read_document(block_6, j_267.z), read_document(block_6, j_267.w));
        let map_269 = select(vec4f(0.0), map_248, ((j_267 <= vec4i(i_18)) & (vec4i(entry_176) == entries_268)) & (vec4<bool>(0 <= i_18) & ((vec4i(0) <= j_267) & (j_267 < vec4i(launch.keys)))));
        let map_270 = select(vec4f(0.0), map_249, ((j_264 <= vec4i(i_18 + 1)) & (vec4i(entry_188) == entries_265)) & (vec4<bool>(0 <= i_18 + 1) & ((vec4i(0) <= j_264) & (j_264 < vec4i(launch.keys)))));
        let map_271 = select(vec4f(0.0), map_250, ((j_267 <= vec4i(i_18 + 1)) & (vec4i(entry_188) == entries_268)) & (vec4<bool>(0 <= i_18 + 1) & ((vec4i(0) <= j_267) & (j_267 < vec4i(launch.keys)))));
        let map_272 = select(vec4f(0.0), map_251, ((j_264 <= vec4i(i_18 + 2)) & (vec4i(entry_199) == entries_265)) & (vec4<bool>(0 <= i_18 + 2) & ((vec4i(0) <= j_264) & (j_264 < vec4i(launch.keys)))));
        let map_273 = select(vec4f(0.0), map_252, ((j_267 <= vec4i(i_18 + 2)) & (vec4i(entry_199) == entries_268)) & (vec4<bool>(0 <= i_18 + 2) & ((vec4i(0) <= j_267) & (j_267 < vec4i(launch.keys)))));
        let map_274 = select(vec4f(0.0), map_253, ((j_264 <= vec4i(i_18 + 3)) & (vec4i(entry_210) == entries_265)) & (vec4<bool>(0 <= i_18 + 3) & ((vec4i(0) <= j_264) & (j_264 < vec4i(launch.keys)))));
        let map_275 = select(vec4f(0.0), map_254, ((j_267 <= vec4i(i_18 + 3)) & (vec4i(entry_210) == entries_268)) & (vec4<bool>(0 <= i_18 + 3) & ((vec4i(0) <= j_267) & (j_267 < vec4i(launch.keys)))));
        chosen_255 = map_266;
        chosen_256 = map_269;
        chosen_257 = map_270;
        chosen_258 = map_271;
        chosen_259 = map_272;
        chosen_260 = map_273;
        chosen_261 = map_274;
        chosen_262 = map_275;
      }
      chosen_143 = chosen_255;
      chosen_144 = chosen_256;
      chosen_145 = chosen_257;
      chosen_146 = chosen_258;
      chosen_147 = chosen_259;
      chosen_148 = chosen_260;
      chosen_149 = chosen_261;
      chosen_150 = chosen_262;
    }
    let kept_276 = mtaPacked_arena[to_134 + 8 + 292];
    workgroupBarrier();
    mtaPacked_arena[to_134 + 292] = kept_276;
    let line_277 = row_17 * 9;
    if (row_17 < 32) {
      mtaPacked_arena[line_277 + thread_column + 1 + 292] = chosen_143;
      mtaPacked_arena[line_277 + thread_column + 5 + 292] = chosen_144;
    }
    if (row_17 + 1 < 32) {
      mtaPacked_arena[line_277 + thread_column + 10 + 292] = chosen_145;
      mtaPacked_arena[line_277 + thread_column + 14 + 292] = chosen_146;
    }
    if (row_17 + 2 < 32) {
      mtaPacked_arena[line_277 + thread_column + 19 + 292] = chosen_147;
      mtaPacked_arena[line_277 + thread_column + 23 + 292] = chosen_148;
    }
    if (row_17 + 3 < 32) {
      mtaPacked_arena[line_277 + thread_column + 28 + 292] = chosen_149;
      mtaPacked_arena[line_277 + thread_column + 32 + 292] = chosen_150;
    }
    let from_278 = J_48 - 2;
    let bound_279 = from_278 + 31;
    let range_280 = range_document_1(block_6, from_278, bound_279, thread, 32);
    let is_full_281 = ((from_278 + 31 - from_43 <= 0) && ((range_46.x - range_280.y == 0) && (range_46.y - range_280.x == 0))) && ((-from_278 <= 0) && (from_278 + 31 - launch.keys < 0));
    let is_empty_282 = ((from_278 - (from_43 + 31) > 0) || ((range_46.x - range_280.y > 0) || (range_46.y - range_280.x < 0))) || ((-(from_278 + 31) > 0) || (from_278 - launch.keys >= 0));
    var chosen_283 = carried_33;
    var chosen_284 = carried_34;
    var chosen_285 = carried_35;
    var chosen_286 = carried_36;
    if (!is_empty_282) {
      workgroupBarrier();
      var convolved_287 = vec4f(0.0);
      var convolved_288 = vec4f(0.0);
      var convolved_289 = vec4f(0.0);
      var convolved_290 = vec4f(0.0);
      var convolved_291 = vec4f(0.0);
      var convolved_292 = vec4f(0.0);
      var convolved_293 = vec4f(0.0);
      var convolved_294 = vec4f(0.0);
      var part_295 = vec4f(0.0);
      let weights_296 = mtaPacked_arena[2];
      let row_298 = thread_row * 4 + 2;
      let neighbourhood_299 = row_298 * 9 + thread_column;
      let ring_297 = mtaPacked_arena[neighbourhood_299 - 9 + 292];
      let ring_300 = mtaPacked_arena[neighbourhood_299 - 8 + 292];
      let window_301 = vec4f(ring_297.z, ring_297.w, ring_300.x, ring_300.y);
      part_295 += weights_296.x * window_301;
      let window_302 = vec4f(ring_297.w, ring_300.x, ring_300.y, ring_300.z);
      part_295 += weights_296.y * window_302;
      part_295 += weights_296.z * ring_300;
      let column_303 = thread_column * 4;
      let i_304 = I_4 - 2 + row_298;
      let entry_305 = read_document(block_6, i_304 + 0 - 1);
      let entry_306 = read_document(block_6, i_304);
      let guard_307 = entry_305 == entry_306;
      convolved_287 += select(vec4f(), part_295, guard_307);
      var part_308 = vec4f(0.0);
      let weights_309 = mtaPacked_arena[3];
      let ring_310 = mtaPacked_arena[neighbourhood_299 + 292];
      let ring_311 = mtaPacked_arena[neighbourhood_299 + 1 + 292];
      let window_312 = vec4f(ring_310.z, ring_310.w, ring_311.x, ring_311.y);
      part_308 += weights_309.x * window_312;
      let window_313 = vec4f(ring_310.w, ring_311.x, ring_311.y, ring_311.z);
      part_308 += weights_309.y * window_313;
      part_308 += weights_309.z * ring_311;
      let entry_314 = read_document(block_6, i_304 + 1 - 1);
      let guard_315 = entry_314 == entry_306;
      convolved_287 += select(vec4f(), part_308, guard_315);
      var part_316 = vec4f(0.0);
      part_316 += weights_296.x * window_312;
      part_316 += weights_296.y * window_313;
      part_316 += weights_296.z * ring_311;
      let entry_317 = read_document(block_6, i_304 + 1 + 0 - 1);
      let entry_318 = read_document(block_6, i_304 + 1);
      let guard_319 = entry_317 == entry_318;
      convolved_289 += select(vec4f(), part_316, guard_319);
      var part_320 = vec4f(0.0);
      let ring_321 = mtaPacked_arena[neighbourhood_299 + 9 + 292];
      let ring_322 = mtaPacked_arena[neighbourhood_299 + 10 + 292];
      let window_323 = vec4f(ring_321.z, ring_321.w, ring_322.x, ring_322.y);
      part_320 += weights_309.x * window_323;
      let window_324 = vec4f(ring_321.w, ring_322.x, ring_322.y, ring_322.z);
      part_320 += weights_309.y * window_324;
      part_320 += weights_309.z * ring_322;
      let entry_325 = read_document(block_6, i_304 + 1 + 1 - 1);
      let guard_326 = entry_325 == entry_318;
      convolved_289 += select(vec4f(), part_320, guard_326);
      var part_327 = vec4f(0.0);
      part_327 += weights_296.x * window_323;
      part_327 += weights_296.y * window_324;
      part_327 += weights_296.z * ring_322;
      let entry_328 = read_document(block_6, i_304 + 2 + 0 - 1);
      let entry_329 = read_document(block_6, i_304 + 2);
      let guard_330 = entry_328 == entry_329;
      convolved_291 += select(vec4f(), part_327, guard_330);
      var part_331 = vec4f(0.0);
      let ring_332 = mtaPacked_arena[neighbourhood_299 + 18 + 292];
      let ring_333 = mtaPacked_arena[neighbourhood_299 + 19 + 292];
      let window_334 = vec4f(ring_332.z, ring_332.w, ring_333.x, ring_333.y);
      part_331 += weights_309.x * window_334;
      let window_335 = vec4f(ring_332.w, ring_333.x, ring_333.y, ring_333.z);
      part_331 += weights_309.y * window_335;
      part_331 += weights_309.z * ring_333;
      let entry_336 = read_document(block_6, i_304 + 2 + 1 - 1);
      let guard_337 = entry_336 == entry_329;
      convolved_291 += select(vec4f(), part_331, guard_337);
      var part_338 = vec4f(0.0);
      part_338 += weights_296.x * window_334;
      part_338 += weights_296.y * window_335;
      part_338 += weights_296.z * ring_333;
      let entry_339 = read_document(block_6, i_304 + 3 + 0 - 1);
      let entry_340 = read_document(block_6, i_304 + 3);
      let guard_341 = entry_339 == entry_340;
      convolved_293 += select(vec4f(), part_338, guard_341);
      var part_342 = vec4f(0.0);
      let ring_343 = mtaPacked_arena[neighbourhood_299 + 27 + 292];
      let ring_344 = mtaPacked_arena[neighbourhood_299 + 28 + 292];
      let window_345 = vec4f(ring_343.z, ring_343.w, ring_344.x, ring_344.y);
      part_342 += weights_309.x * window_345;
      let window_346 = vec4f(ring_343.w, ring_344.x, ring_344.y, ring_344.z);
      part_342 += weights_309.y * window_346;
      part_342 += weights_309.z * ring_344;
      let entry_347 = read_document(block_6, i_304 + 3 + 1 - 1);
      let guard_348 = entry_347 == entry_340;
      convolved_293 += select(vec4f(), part_342, guard_348);
      var part_349 = vec4f(0.0);
      let ring_350 = mtaPacked_arena[neighbourhood_299 - 5 + 292];
      let ring_351 = mtaPacked_arena[neighbourhood_299 - 4 + 292];
      let window_352 = vec4f(ring_350.z, ring_350.w, ring_351.x, ring_351.y);
      part_349 += weights_296.x * window_352;
      let window_353 = vec4f(ring_350.w, ring_351.x, ring_351.y, ring_351.z);
      part_349 += weights_296.y * window_353;
      part_349 += weights_296.z * ring_351;
      convolved_288 += select(vec4f(), part_349, guard_307);
      var part_354 = vec4f(0.0);
      let ring_355 = mtaPacked_arena[neighbourhood_299 + 4 + 292];
      let ring_356 = mtaPacked_arena[neighbourhood_299 + 5 + 292];
      let window_357 = vec4f(ring_355.z, ring_355.w, ring_356.x, ring_356.y);
      part_354 += weights_309.x * window_357;
      let window_358 = vec4f(ring_355.w, ring_356.x, ring_356.y, ring_356.z);
      part_354 += weights_309.y * window_358;
      part_354 += weights_309.z * ring_356;
      convolved_288 += select(vec4f(), part_354, guard_315);
      var part_359 = vec4f(0.0);
      part_359 += weights_296.x * window_357;
      part_359 += weights_296.y * window_358;
      part_359 += weights_296.z * ring_356;
      convolved_290 += select(vec4f(), part_359, guard_319);
      var part_360 = vec4f(0.0);
      let ring_361 = mtaPacked_arena[neighbourhood_299 + 13 + 292];
      let ring_362 = mtaPacked_arena[neighbourhood_299 + 14 + 292];
      let window_363 = vec4f(ring_361.z, ring_361.w, ring_362.x, ring_362.y);
      part_360 += weights_309.x * window_363;
      let window_364 = vec4f(ring_361.w, ring_362.x, ring_362.y, ring_362.z);
      part_360 += weights_309.y * window_364;
      part_360 += weights_309.z * ring_362;
      convolved_290 += select(vec4f(), part_360, guard_326);
      var part_365 = vec4f(0.0);
      part_365 += weights_296.x * window_363;
      part_365 += weights_296.y * window_364;
      part_365 += weights_296.z * ring_362;
      convolved_292 += select(vec4f(), part_365, guard_330);
      var part_366 = vec4f(0.0);
      let ring_367 = mtaPacked_arena[neighbourhood_299 + 22 + 292];
      let ring_368 = mtaPacked_arena[neighbourhood_299 + 23 + 292];
      let window_369 = vec4f(ring_367.z, ring_367.w, ring_368.x, ring_368.y);
      part_366 += weights_309.x * window_369;
      let window_370 = vec4f(ring_367.w, ring_368.x, ring_368.y, ring_368.z);
      part_366 += weights_309.y * window_370;
      part_366 += weights_309.z * ring_368;
      convolved_292 += select(vec4f(), part_366, guard_337);
      var part_371 = vec4f(0.0);
      part_371 += weights_296.x * window_369;
      part_371 += weights_296.y * window_370;
      part_371 += weights_296.z * ring_368;
      convolved_294 += select(vec4f(), part_371, guard_341);
      var part_372 = vec4f(0.0);
      let ring_373 = mtaPacked_arena[neighbourhood_299 + 31 + 292];
      let ring_374 = mtaPacked_arena[neighbourhood_299 + 32 + 292];
      let window_375 = vec4f(ring_373.z, ring_373.w, ring_374.x, ring_374.y);
      part_372 += weights_309.x * window_375;
      let window_376 = vec4f(ring_373.w, ring_374.x, ring_374.y, ring_374.z);
      part_372 += weights_309.y * window_376;
      part_372 += weights_309.z * ring_374;
      convolved_294 += select(vec4f(), part_372, guard_348);
      var chosen_377 = convolved_287;
      var chosen_378 = convolved_288;
      var chosen_379 = convolved_289;
      var chosen_380 = convolved_290;
      var chosen_381 = convolved_291;
      var chosen_382 = convolved_292;
      var chosen_383 = convolved_293;
      var chosen_384 = convolved_294;
      if (!is_full_281) {
        let j_385 = J_48 - 2 + column_303;
        let j_386 = j_385 + vec4i(0, 1, 2, 3);
        let entries_387 = vec4i(read_document(block_6, j_386.x), read_document(block_6, j_386.y), read_document(block_6, j_386.z), read_document(block_6, j_386.w));
        let map_388 = select(vec4f(0.0), convolved_287, ((j_386 <= vec4i(i_304)) & (vec4i(entry_306) == entries_387)) & ((vec4i(0) <= j_386) & (j_386 < vec4i(launch.keys))));
        let j_389 = j_385 + 16 + vec4i(0, 1, 2, 3);
        let entries_390 = vec4i(read_document(block_6, j_389.x), read_document(block_6, j_389.y), read_document(block_6, j_389.z), read_document(block_6, j_389.w));
        let map_391 = select(vec4f(0.0), convolved_288, ((j_389 <= vec4i(i_304)) & (vec4i(entry_306) == entries_390)) & ((vec4i(0) <= j_389) & (j_389 < vec4i(launch.keys))));
        let map_392 = select(vec4f(0.0), convolved_289, ((j_386 <= vec4i(i_304 + 1)) & (vec4i(entry_318) == entries_387)) & ((vec4i(0) <= j_386) & (j_386 < vec4i(launch.keys))));
        let map_393 = select(vec4f(0.0), convolved_290, ((j_389 <= vec4i(i_304 + 1)) & (vec4i(entry_318) == entries_390)) & ((vec4i(0) <= j_389) & (j_389 < vec4i(launch.keys))));
        let map_394 = select(vec4f(0.0), convolved_291, ((j_386 <= vec4i(i_304 + 2)) & (vec4i(entry_329) == entries_387)) & ((vec4i(0) <= j_386) & (j_386 < vec4i(launch.keys))));
        let map_395 = select(vec4f(0.0), convolved_292, ((j_389 <= vec4i(i_304 + 2)) & (vec4i(entry_329) == entries_390)) & ((vec4i(0) <= j_389) & (j_389 < vec4i(launch.keys))));
        let map_396 = select(vec4f(0.0), convolved_293, ((j_386 <= vec4i(i_304 + 3)) & (vec4i(entry_340) == entries_387)) & ((vec4i(0) <= j_386) & (j_386 < vec4i(launch.keys))));
        let map_397 = select(vec4f(0.0), convolved_294, ((j_389 <= vec4i(i_304 + 3)) & (vec4i(entry_340) == entries_390)) & ((vec4i(0) <= j_389) & (j_389 < vec4i(launch.keys))));
        chosen_377 = map_388;
        chosen_378 = map_391;
        chosen_379 = map_392;
        chosen_380 = map_393;
        chosen_381 = map_394;
        chosen_382 = map_395;
        chosen_383 = map_396;
        chosen_384 = map_397;
      }
      let line_398 = row_298 * 8;
      if (row_298 < 32) {
        mtaPacked_arena[line_398 - 16 + thread_column + 644] = chosen_377;
        mtaPacked_arena[line_398 - 16 + (thread_column + 4) + 644] = chosen_378;
      }
      if (row_298 + 1 < 32) {
        mtaPacked_arena[line_398 - 8 + thread_column + 644] = chosen_379;
        mtaPacked_arena[line_398 - 8 + (thread_column + 4) + 644] = chosen_380;
      }
      if (row_298 + 2 < 32) {
        mtaPacked_arena[line_398 + thread_column + 644] = chosen_381;
        mtaPacked_arena[line_398 + (thread_column + 4) + 644] = chosen_382;
      }
      if (row_298 + 3 < 32) {
        mtaPacked_arena[line_398 + 8 + thread_column + 644] = chosen_383;
        mtaPacked_arena[line_398 + 8 + (thread_column + 4) + 644] = chosen_384;
      }
      var product_399 = carried_33;
      var product_400 = carried_34;
      var product_401 = carried_35;
      var product_402 = carried_36;
      for (var n_404 = thread; n_404 < 64; n_404 += 32) {
        let line_405 = n_404 / 2;
        let vector_406 = n_404 % 2;
        let at_407 = J_48 - 2 + line_405;
        var loaded_408 = vec4f();
        if (u32(at_407) < u32(launch.keys) && u32(vector_406) < 2u) {
          loaded_408 = v_data[launch.v_offset + block_6 * launch.v_stride_0 + block_5 * launch.v_stride_1 + at_407 * launch.v_stride_2 + vector_406];
        }
        mtaPacked_arena[n_404 + 900] = loaded_408;
      }
      workgroupBarrier();
      for (var k_409 = 0; k_409 < 8; k_409++) {
        let chunk_410 = k_409 * 8;
        let right_411 = mtaPacked_arena[thread_column + chunk_410 + 900];
        let right_412 = mtaPacked_arena[thread_column + chunk_410 + 902];
        let right_413 = mtaPacked_arena[thread_column + chunk_410 + 904];
        let right_414 = mtaPacked_arena[thread_column + chunk_410 + 906];
        let left_415 = mtaPacked_arena[line_398 + k_409 + 628];
        product_399 += left_415.x * right_411;
        product_399 += left_415.y * right_412;
        product_399 += left_415.z * right_413;
        product_399 += left_415.w * right_414;
        let left_416 = mtaPacked_arena[line_398 + k_409 + 636];
        product_400 += left_416.x * right_411;
        product_400 += left_416.y * right_412;
        product_400 += left_416.z * right_413;
        product_400 += left_416.w * right_414;
        let left_417 = mtaPacked_arena[line_398 + k_409 + 644];
        product_401 += left_417.x * right_411;
        product_401 += left_417.y * right_412;
        product_401 += left_417.z * right_413;
        product_401 += left_417.w * right_414;
        let left_418 = mtaPacked_arena[line_398 + k_409 + 652];
        product_402 += left_418.x * right_411;
        product_402 += left_418.y * right_412;
        product_402 += left_418.z * right_413;
        product_402 += left_418.w * right_414;
      }
      chosen_283 = product_399;
      chosen_284 = product_400;
      chosen_285 = product_401;
      chosen_286 = product_402;
    }
    carried_33 = chosen_283;
    carried_34 = chosen_284;
    carried_35 = chosen_285;
    carried_36 = chosen_286;
  }
  let row_419 = thread_row * 4 + 2;
  let column_420 = thread_column * 4;
  let i_421 = I_4 - 2 + row_419;
  let place_422 = i_421 - (launch.keys - launch.rows);
  if (row_419 < 32 && column_420 < 8 && u32(place_422) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_422 * launch.out_stride_2 + thread_column] = carried_33;
  }
  let place_423 = i_421 + 1 - (launch.keys - launch.rows);
  if (row_419 + 1 < 32 && column_420 < 8 && u32(place_423) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_423 * launch.out_stride_2 + thread_column] = carried_34;
  }
  let place_424 = i_421 + 2 - (launch.keys - launch.rows);
  if (row_419 + 2 < 32 && column_420 < 8 && u32(place_424) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_424 * launch.out_stride_2 + thread_column] = carried_35;
  }
  let place_425 = i_421 + 3 - (launch.keys - launch.rows);
  if (row_419 + 3 < 32 && column_420 < 8 && u32(place_425) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_425 * launch.out_stride_2 + thread_column] = carried_36;
  }
}
`;

const features = [];
const limits = {"maxComputeWorkgroupStorageSize":15440,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":8};
const entryPoints = ["mtaPacked_statistics","mtaPacked"];
const uniformBytes = 116;
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",2,"keys",8],"document":["batch","keys"],"theta_pre":[2,2,3],"v":["batch",2,"keys",8],"theta_post":[2,2,3]};

/** Entries by name, and nothing else: an object has a constructor, and more, that nobody put there. */
const table = (entries) => Object.assign(Object.create(null), entries);

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows: wanted }, given = {}) {
  const strides = table(given.strides);
  const offsets = table(given.offsets);
  const rows = wanted ?? (queries < keys ? Math.max(1, queries - 2) : queries);
  for (const [name, size] of Object.entries({ batch, queries, keys, rows })) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`${name} is ${size}, not a positive integer`);
  }
  if (queries > keys) throw new RangeError(`there are ${queries} queries and only ${keys} keys`);
  if (rows > queries) throw new RangeError(`${rows} rows of output are wanted, and there are ${queries} queries`);
  if (keys > 4194304) throw new RangeError(`${keys} keys are more than 4194304`);
  const needed = Math.min(keys, rows + 2);
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
  reserve("statistics", 4 * batch * 2 * queries);

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
  place("document", [batch, keys], 1);
  place("v", [batch, 2, keys, 8], 4);
  place("out", [batch, 2, rows, 8], 4);
  place("lse", [batch, 2, rows], 1);
  place("statistics", [batch, 2, queries], 1);
  const launch = (variables) => Int32Array.of(batch, queries, keys, rows, -8388608, ...variables, ...fields);
  const widest = 65535;
  const folded = (blocks) => (blocks <= widest ? [blocks, 1, 1] : [widest, Math.ceil(blocks / widest), 1]);
  const dispatches = [];
  const dispatch = (entryPoint, bindings, variables, blocks) => {
    if (blocks > 0) dispatches.push({ entryPoint, bindings, workgroups: folded(blocks), launch: launch(variables) });
  };
  dispatch('mtaPacked_statistics', [[1,"q"],[2,"k"],[3,"document"],[4,"theta_pre"],[8,"lse"],[9,"statistics"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - Math.max((keys - queries), ((keys - rows) - 2))) / 30)));
  dispatch('mtaPacked', [[1,"q"],[2,"k"],[3,"document"],[4,"theta_pre"],[5,"v"],[6,"theta_post"],[7,"out"],[9,"statistics"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 30)));
  const tensors = {
    "q": { role: 'input', dtype: 'f32', shape: [batch, 2, queries, 8] },
    "k": { role: 'input', dtype: 'f32', shape: [batch, 2, keys, 8] },
    "document": { role: 'input', dtype: 'i32', shape: [batch, keys] },
    "theta_pre": { role: 'input', dtype: 'f32', shape: [2, 2, 3] },
    "v": { role: 'input', dtype: 'f32', shape: [batch, 2, keys, 8] },
    "theta_post": { role: 'input', dtype: 'f32', shape: [2, 2, 3] },
    "out": { role: 'output', dtype: 'f32', shape: [batch, 2, rows, 8] },
    "lse": { role: 'output', dtype: 'f32', shape: [batch, 2, rows] },
  };
  const bytes = { '(packed)': packedElements * 4, '(workspace)': workspaceBytes };
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
export async function createMtaPacked(source) {
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
  const kept = { workspace: keeperOf(device, STORAGE), packed: keeperOf(device, STORAGE | COPY), uniforms: keeperOf(device, UNIFORM) };
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
    else if (plan.workspaceBytes > 0) workspace = kept.workspace.get(plan.workspaceBytes, !isOwn);
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
      if (each === '(workspace)') return { buffer: workspace, size };
      const part = plan.workspace.find((one) => one.name === each);
      return part ? { buffer: workspace, offset: part.offset, size } : { buffer: buffers[each], size };
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
    for (const keeper of Object.values(kept)) keeper.destroy();
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
