// mtaPacked, compiled by heddle golden to WGSL: f32, no subgroups, threads mtaPacked_maxima 8 × 4, mtaPacked 8 × 4.
// heads=2 headDim=8 queryKernel=2 keyKernel=3
// Hash 4b8320e89bc73ce1 of all below. Made by a compiler: change the spec, not this file.

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
  maxima_offset: i32,
  maxima_stride_0: i32,
  maxima_stride_1: i32,
  scales_offset: i32,
  scales_stride_0: i32,
  scales_stride_1: i32,
}
@group(0) @binding(0) var<uniform> launch: Launch;

@group(0) @binding(1) var<storage, read_write> workspace_data: array<f32>;
@group(0) @binding(2) var<storage, read> q_data: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> k_data: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> document_data: array<i32>;
@group(0) @binding(5) var<storage, read> theta_pre_data: array<f32>;
@group(0) @binding(6) var<storage, read> v_data: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read> theta_post_data: array<f32>;
@group(0) @binding(8) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(9) var<storage, read_write> lse_data: array<f32>;

fn infinity() -> f32 {
  return f32(-bitcast<f32>(launch.minus_infinity));
}

fn not_a_number() -> f32 {
  return f32(bitcast<f32>(launch.minus_infinity | 0x7fc00000u));
}

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & u32(0x7fffffffu)) > u32(0x7f800000u);
}

fn is_nan_wide(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

fn minimum_wide(x: vec4f, y: vec4f) -> vec4f {
  let equal = bitcast<vec4f>(bitcast<vec4u>(x) | bitcast<vec4u>(y));
  return select(select(select(x, y, x > y), equal, x == y), y, is_nan_wide(y));
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

fn read_maxima(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let at_2 = x_2 - (launch.keys - launch.queries);
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(2)) & (u32(x_2 - (launch.keys - launch.queries)) < u32(launch.queries));
  return select(f32(0), workspace_data[select(0, launch.maxima_offset + x_0 * launch.maxima_stride_0 + x_1 * launch.maxima_stride_1 + at_2, inside)], inside);
}

fn read_scales(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let at_2 = x_2 - (launch.keys - launch.queries);
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(2)) & (u32(x_2 - (launch.keys - launch.queries)) < u32(launch.queries));
  return select(f32(0), workspace_data[select(0, launch.scales_offset + x_0 * launch.scales_stride_0 + x_1 * launch.scales_stride_1 + at_2, inside)], inside);
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

var<workgroup> mtaPacked_maxima_arena: array<vec4f, 415>;

@compute @workgroup_size(32)
fn mtaPacked_maxima(
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
    mtaPacked_maxima_arena[tap_7] = vec4f(entry_9, entry_10, entry_11, 0.0);
  }
  for (var n_12 = thread; n_12 < 279; n_12 += 32) {
    mtaPacked_maxima_arena[n_12 + 2] = vec4f(0.0);
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
    mtaPacked_maxima_arena[n_29 + 281] = loaded_34;
  }
  let from_35 = I_4 - 1;
  let own_36 = max(from_35, launch.keys - launch.queries);
  let own_37 = min(from_35 + 30, launch.keys - 1);
  let range_38 = range_document_1(block_6, own_36, own_37, thread, 32);
  let end_39 = min(launch.keys, I_4 + 30) + 1;
  for (var J_40 = 0; J_40 < end_39; J_40 += 32) {
    let bound_41 = J_40 + 31;
    let range_42 = range_document_1(block_6, J_40, bound_41, thread, 32);
    let is_full_43 = ((J_40 + 31 - from_35 <= 0) && ((range_38.x - range_42.y == 0) && (range_38.y - range_42.x == 0))) && ((launch.keys - launch.queries - from_35 <= 0) && (J_40 + 31 - launch.keys < 0));
    let is_empty_44 = ((J_40 - (from_35 + 30) > 0) || ((range_38.x - range_42.y > 0) || (range_38.y - range_42.x < 0))) || ((launch.keys - launch.queries - (from_35 + 30) > 0) || (J_40 - launch.keys >= 0));
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
        mtaPacked_maxima_arena[n_70 + (line_71 >> 2u) + 343] = loaded_74;
      }
      workgroupBarrier();
      let row_76 = thread_row * 4;
      let left_77 = row_76 * 2;
      let right_78 = thread_column * 9;
      for (var k_75 = 0; k_75 < 2; k_75++) {
        let right_79 = mtaPacked_maxima_arena[right_78 + k_75 + 343];
        let right_80 = mtaPacked_maxima_arena[right_78 + k_75 + 345];
        let right_81 = mtaPacked_maxima_arena[right_78 + k_75 + 347];
        let right_82 = mtaPacked_maxima_arena[right_78 + k_75 + 349];
        let right_83 = mtaPacked_maxima_arena[right_78 + k_75 + 379];
        let right_84 = mtaPacked_maxima_arena[right_78 + k_75 + 381];
        let right_85 = mtaPacked_maxima_arena[right_78 + k_75 + 383];
        let right_86 = mtaPacked_maxima_arena[right_78 + k_75 + 385];
        let left_87 = mtaPacked_maxima_arena[left_77 + k_75 + 281];
        product_61 += vec4f(dot(left_87, right_79), dot(left_87, right_80), dot(left_87, right_81), dot(left_87, right_82));
        product_62 += vec4f(dot(left_87, right_83), dot(left_87, right_84), dot(left_87, right_85), dot(left_87, right_86));
        let left_88 = mtaPacked_maxima_arena[left_77 + k_75 + 283];
        product_63 += vec4f(dot(left_88, right_79), dot(left_88, right_80), dot(left_88, right_81), dot(left_88, right_82));
        product_64 += vec4f(dot(left_88, right_83), dot(left_88, right_84), dot(left_88, right_85), dot(left_88, right_86));
        let left_89 = mtaPacked_maxima_arena[left_77 + k_75 + 285];
        product_65 += vec4f(dot(left_89, right_79), dot(left_89, right_80), dot(left_89, right_81), dot(left_89, right_82));
        product_66 += vec4f(dot(left_89, right_83), dot(left_89, right_84), dot(left_89, right_85), dot(left_89, right_86));
        let left_90 = mtaPacked_maxima_arena[left_77 + k_75 + 287];
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
        let map_113 = select(vec4f(0.0), map_92, ((j_109 <= vec4i(i_110)) & (vec4i(entry_111) == entries_112)) & (vec4<bool>(launch.keys - launch.queries <= i_110) & (j_109 < vec4i(launch.keys))));
        let j_114 = j_108 + 16 + vec4i(0, 1, 2, 3);
        let entries_115 = vec4i(read_document(block_6, j_114.x), read_document(block_6, j_114.y), read_document(block_6, j_114.z), read_document(block_6, j_114.w));
        let map_116 = select(vec4f(0.0), map_93, ((j_114 <= vec4i(i_110)) & (vec4i(entry_111) == entries_115)) & (vec4<bool>(launch.keys - launch.queries <= i_110) & (j_114 < vec4i(launch.keys))));
        let entry_117 = read_document(block_6, i_110 + 1);
        let map_118 = select(vec4f(0.0), map_94, ((j_109 <= vec4i(i_110 + 1)) & (vec4i(entry_117) == entries_112)) & (vec4<bool>(launch.keys - launch.queries <= i_110 + 1) & (j_109 < vec4i(launch.keys))));
        let map_119 = select(vec4f(0.0), map_95, ((j_114 <= vec4i(i_110 + 1)) & (vec4i(entry_117) == entries_115)) & (vec4<bool>(launch.keys - launch.queries <= i_110 + 1) & (j_114 < vec4i(launch.keys))));
        let entry_120 = read_document(block_6, i_110 + 2);
        let map_121 = select(vec4f(0.0), map_96, ((j_109 <= vec4i(i_110 + 2)) & (vec4i(entry_120) == entries_112)) & (vec4<bool>(launch.keys - launch.queries <= i_110 + 2) & (j_109 < vec4i(launch.keys))));
        let map_122 = select(vec4f(0.0), map_97, ((j_114 <= vec4i(i_110 + 2)) & (vec4i(entry_120) == entries_115)) & (vec4<bool>(launch.keys - launch.queries <= i_110 + 2) & (j_114 < vec4i(launch.keys))));
        let entry_123 = read_document(block_6, i_110 + 3);
        let map_124 = select(vec4f(0.0), map_98, ((j_109 <= vec4i(i_110 + 3)) & (vec4i(entry_123) == entries_112)) & (vec4<bool>(launch.keys - launch.queries <= i_110 + 3) & (j_109 < vec4i(launch.keys))));
        let map_125 = select(vec4f(0.0), map_99, ((j_114 <= vec4i(i_110 + 3)) & (vec4i(entry_123) == entries_115)) & (vec4<bool>(launch.keys - launch.queries <= i_110 + 3) & (j_114 < vec4i(launch.keys))));
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
    let kept_127 = mtaPacked_maxima_arena[to_126 + 8 + 2];
    workgroupBarrier();
    if (thread < 31) {
      mtaPacked_maxima_arena[to_126 + 2] = kept_127;
    }
    let row_128 = thread_row * 4;
    let line_129 = row_128 * 9;
    if (row_128 < 31) {
      mtaPacked_maxima_arena[line_129 + thread_column + 1 + 2] = chosen_45;
      mtaPacked_maxima_arena[line_129 + thread_column + 5 + 2] = chosen_46;
    }
    if (row_128 + 1 < 31) {
      mtaPacked_maxima_arena[line_129 + thread_column + 10 + 2] = chosen_47;
      mtaPacked_maxima_arena[line_129 + thread_column + 14 + 2] = chosen_48;
    }
    if (row_128 + 2 < 31) {
      mtaPacked_maxima_arena[line_129 + thread_column + 19 + 2] = chosen_49;
      mtaPacked_maxima_arena[line_129 + thread_column + 23 + 2] = chosen_50;
    }
    if (row_128 + 3 < 31) {
      mtaPacked_maxima_arena[line_129 + thread_column + 28 + 2] = chosen_51;
      mtaPacked_maxima_arena[line_129 + thread_column + 32 + 2] = chosen_52;
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
      let weights_152 = mtaPacked_maxima_arena[0];
      let row_154 = thread_row * 4 + 1;
      let neighbourhood_155 = row_154 * 9 + thread_column;
      let ring_153 = mtaPacked_maxima_arena[neighbourhood_155 - 9 + 2];
      let ring_156 = mtaPacked_maxima_arena[neighbourhood_155 - 8 + 2];
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
      let weights_165 = mtaPacked_maxima_arena[1];
      let ring_166 = mtaPacked_maxima_arena[neighbourhood_155 + 2];
      let ring_167 = mtaPacked_maxima_arena[neighbourhood_155 + 1 + 2];
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
      let ring_177 = mtaPacked_maxima_arena[neighbourhood_155 + 9 + 2];
      let ring_178 = mtaPacked_maxima_arena[neighbourhood_155 + 10 + 2];
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
      let ring_188 = mtaPacked_maxima_arena[neighbourhood_155 + 18 + 2];
      let ring_189 = mtaPacked_maxima_arena[neighbourhood_155 + 19 + 2];
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
      let ring_199 = mtaPacked_maxima_arena[neighbourhood_155 + 27 + 2];
      let ring_200 = mtaPacked_maxima_arena[neighbourhood_155 + 28 + 2];
      let window_201 = vec4f(ring_199.z, ring_199.w, ring_200.x, ring_200.y);
      part_198 += weights_165.x * window_201;
      let window_202 = vec4f(ring_199.w, ring_200.x, ring_200.y, ring_200.z);
      part_198 += weights_165.y * window_202;
      part_198 += weights_165.z * ring_200;
      let entry_203 = read_document(block_6, i_160 + 3 + 1 - 1);
      let guard_204 = entry_203 == entry_196;
      convolved_149 += select(vec4f(), part_198, guard_204);
      var part_205 = vec4f(0.0);
      let ring_206 = mtaPacked_maxima_arena[neighbourhood_155 - 5 + 2];
      let ring_207 = mtaPacked_maxima_arena[neighbourhood_155 - 4 + 2];
      let window_208 = vec4f(ring_206.z, ring_206.w, ring_207.x, ring_207.y);
      part_205 += weights_152.x * window_208;
      let window_209 = vec4f(ring_206.w, ring_207.x, ring_207.y, ring_207.z);
      part_205 += weights_152.y * window_209;
      part_205 += weights_152.z * ring_207;
      convolved_144 += select(vec4f(), part_205, guard_163);
      var part_210 = vec4f(0.0);
      let ring_211 = mtaPacked_maxima_arena[neighbourhood_155 + 4 + 2];
      let ring_212 = mtaPacked_maxima_arena[neighbourhood_155 + 5 + 2];
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
      let ring_217 = mtaPacked_maxima_arena[neighbourhood_155 + 13 + 2];
      let ring_218 = mtaPacked_maxima_arena[neighbourhood_155 + 14 + 2];
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
      let ring_223 = mtaPacked_maxima_arena[neighbourhood_155 + 22 + 2];
      let ring_224 = mtaPacked_maxima_arena[neighbourhood_155 + 23 + 2];
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
      let ring_229 = mtaPacked_maxima_arena[neighbourhood_155 + 31 + 2];
      let ring_230 = mtaPacked_maxima_arena[neighbourhood_155 + 32 + 2];
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
      mtaPacked_maxima_arena[row_128 + thread_column + 343] = vec4f(partial_255, partial_257, partial_259, partial_261);
      workgroupBarrier();
      let max_262 = max(max(max(mtaPacked_maxima_arena[row_128 + 343], mtaPacked_maxima_arena[row_128 + 1 + 343]), mtaPacked_maxima_arena[row_128 + 2 + 343]), mtaPacked_maxima_arena[row_128 + 3 + 343]);
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
  mtaPacked_maxima_arena[line_295 + thread_column + 343] = vec4f(carried_25, carried_26, carried_27, carried_28);
  workgroupBarrier();
  let sum_296 = mtaPacked_maxima_arena[line_295 + 343] + mtaPacked_maxima_arena[line_295 + 1 + 343] + mtaPacked_maxima_arena[line_295 + 2 + 343] + mtaPacked_maxima_arena[line_295 + 3 + 343];
  let row_297 = thread_row * 4 + 1;
  let i_298 = I_4 - 1 + row_297;
  let place_299 = i_298 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 < 31 && u32(place_299) < u32(launch.queries)) {
    workspace_data[launch.maxima_offset + block_6 * launch.maxima_stride_0 + block_5 * launch.maxima_stride_1 + place_299] = carried_21;
  }
  let place_300 = i_298 + 1 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 + 1 < 31 && u32(place_300) < u32(launch.queries)) {
    workspace_data[launch.maxima_offset + block_6 * launch.maxima_stride_0 + block_5 * launch.maxima_stride_1 + place_300] = carried_22;
  }
  let place_301 = i_298 + 2 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 + 2 < 31 && u32(place_301) < u32(launch.queries)) {
    workspace_data[launch.maxima_offset + block_6 * launch.maxima_stride_0 + block_5 * launch.maxima_stride_1 + place_301] = carried_23;
  }
  let place_302 = i_298 + 3 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_297 + 3 < 31 && u32(place_302) < u32(launch.queries)) {
    workspace_data[launch.maxima_offset + block_6 * launch.maxima_stride_0 + block_5 * launch.maxima_stride_1 + place_302] = carried_24;
  }
  let map_303 = select(1.0 / sum_296.x, 0.0, sum_296.x == 0.0);
  let map_304 = select(1.0 / sum_296.y, 0.0, sum_296.y == 0.0);
  let map_305 = select(1.0 / sum_296.z, 0.0, sum_296.z == 0.0);
  let map_306 = select(1.0 / sum_296.w, 0.0, sum_296.w == 0.0);
  if (thread_column == 0 && row_297 < 31 && u32(place_299) < u32(launch.queries)) {
    workspace_data[launch.scales_offset + block_6 * launch.scales_stride_0 + block_5 * launch.scales_stride_1 + place_299] = map_303;
  }
  if (thread_column == 0 && row_297 + 1 < 31 && u32(place_300) < u32(launch.queries)) {
    workspace_data[launch.scales_offset + block_6 * launch.scales_stride_0 + block_5 * launch.scales_stride_1 + place_300] = map_304;
  }
  if (thread_column == 0 && row_297 + 2 < 31 && u32(place_301) < u32(launch.queries)) {
    workspace_data[launch.scales_offset + block_6 * launch.scales_stride_0 + block_5 * launch.scales_stride_1 + place_301] = map_305;
  }
  if (thread_column == 0 && row_297 + 3 < 31 && u32(place_302) < u32(launch.queries)) {
    workspace_data[launch.scales_offset + block_6 * launch.scales_stride_0 + block_5 * launch.scales_stride_1 + place_302] = map_306;
  }
  let map_307 = carried_21 + logarithm(select(-1.0, sum_296.x, sum_296.x <= 1e+30));
  let map_308 = carried_22 + logarithm(select(-1.0, sum_296.y, sum_296.y <= 1e+30));
  let map_309 = carried_23 + logarithm(select(-1.0, sum_296.z, sum_296.z <= 1e+30));
  let map_310 = carried_24 + logarithm(select(-1.0, sum_296.w, sum_296.w <= 1e+30));
  let place_311 = i_298 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 < 31 && u32(place_311) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_311] = map_307;
  }
  let place_312 = i_298 + 1 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 + 1 < 31 && u32(place_312) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_312] = map_308;
  }
  let place_313 = i_298 + 2 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 + 2 < 31 && u32(place_313) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_313] = map_309;
  }
  let place_314 = i_298 + 3 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_297 + 3 < 31 && u32(place_314) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_314] = map_310;
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
  let entry_19 = read_maxima(block_6, block_5, i_18);
  let map_20 = entry_19;
  let entry_21 = read_maxima(block_6, block_5, i_18 + 1);
  let map_22 = entry_21;
  let entry_23 = read_maxima(block_6, block_5, i_18 + 2);
  let map_24 = entry_23;
  let entry_25 = read_maxima(block_6, block_5, i_18 + 3);
  let map_26 = entry_25;
  let entry_27 = read_scales(block_6, block_5, i_18);
  let map_28 = entry_27;
  let entry_29 = read_scales(block_6, block_5, i_18 + 1);
  let map_30 = entry_29;
  let entry_31 = read_scales(block_6, block_5, i_18 + 2);
  let map_32 = entry_31;
  let entry_33 = read_scales(block_6, block_5, i_18 + 3);
  let map_34 = entry_33;
  for (var n_35 = thread; n_35 < 288; n_35 += 32) {
    mtaPacked_arena[n_35 + 4] = vec4f(0.0);
  }
  for (var n_36 = thread; n_36 < 288; n_36 += 32) {
    mtaPacked_arena[n_36 + 292] = vec4f(0.0);
  }
  let constant_37 = vec4f(0.0);
  let constant_38 = vec4f(0.0);
  let constant_39 = vec4f(0.0);
  let constant_40 = vec4f(0.0);
  var carried_41 = constant_37;
  var carried_42 = constant_38;
  var carried_43 = constant_39;
  var carried_44 = constant_40;
  for (var n_45 = thread; n_45 < 64; n_45 += 32) {
    let line_46 = n_45 / 2;
    let vector_47 = n_45 % 2;
    let at_48 = I_4 - 2 + line_46;
    let place_49 = at_48 - (launch.keys - launch.queries);
    var loaded_50 = vec4f();
    if (u32(place_49) < u32(launch.queries) && u32(vector_47) < 2u) {
      loaded_50 = q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_49 * launch.q_stride_2 + vector_47];
    }
    mtaPacked_arena[n_45 + 580] = loaded_50;
  }
  let from_51 = I_4 - 2;
  let own_52 = max(from_51, launch.keys - launch.queries);
  let own_53 = min(from_51 + 31, launch.keys - 1);
  let range_54 = range_document_1(block_6, own_52, own_53, thread, 32);
  let end_55 = min(launch.keys, I_4 + 30) + 2;
  for (var J_56 = 0; J_56 < end_55; J_56 += 32) {
    let bound_57 = J_56 + 31;
    let range_58 = range_document_1(block_6, J_56, bound_57, thread, 32);
    let is_full_59 = ((J_56 + 31 - from_51 <= 0) && ((range_54.x - range_58.y == 0) && (range_54.y - range_58.x == 0))) && ((launch.keys - launch.queries - from_51 <= 0) && (J_56 + 31 - launch.keys < 0));
    let is_empty_60 = ((J_56 - (from_51 + 31) > 0) || ((range_54.x - range_58.y > 0) || (range_54.y - range_58.x < 0))) || ((launch.keys - launch.queries - (from_51 + 31) > 0) || (J_56 - launch.keys >= 0));
    var chosen_61 = vec4f();
    var chosen_62 = vec4f();
    var chosen_63 = vec4f();
    var chosen_64 = vec4f();
    var chosen_65 = vec4f();
    var chosen_66 = vec4f();
    var chosen_67 = vec4f();
    var chosen_68 = vec4f();
    if (is_empty_60) {
      let constant_69 = vec4f(0.0);
      let constant_70 = vec4f(0.0);
      let constant_71 = vec4f(0.0);
      let constant_72 = vec4f(0.0);
      let constant_73 = vec4f(0.0);
      let constant_74 = vec4f(0.0);
      let constant_75 = vec4f(0.0);
      let constant_76 = vec4f(0.0);
      chosen_61 = constant_69;
      chosen_62 = constant_70;
      chosen_63 = constant_71;
      chosen_64 = constant_72;
      chosen_65 = constant_73;
      chosen_66 = constant_74;
      chosen_67 = constant_75;
      chosen_68 = constant_76;
    }
    else {
      var product_77 = vec4f(0.0);
      var product_78 = vec4f(0.0);
      var product_79 = vec4f(0.0);
      var product_80 = vec4f(0.0);
      var product_81 = vec4f(0.0);
      var product_82 = vec4f(0.0);
      var product_83 = vec4f(0.0);
      var product_84 = vec4f(0.0);
      workgroupBarrier();
      for (var n_86 = thread; n_86 < 64; n_86 += 32) {
        let line_87 = n_86 / 2;
        let vector_88 = n_86 % 2;
        let at_89 = J_56 + line_87;
        var loaded_90 = vec4f();
        if (u32(at_89) < u32(launch.keys) && u32(vector_88) < 2u) {
          loaded_90 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + block_5 * launch.k_stride_1 + at_89 * launch.k_stride_2 + vector_88];
        }
        mtaPacked_arena[n_86 + (line_87 >> 2u) + 644] = loaded_90;
      }
      workgroupBarrier();
      let row_92 = thread_row * 4;
      let left_93 = row_92 * 2;
      let right_94 = thread_column * 9;
      for (var k_91 = 0; k_91 < 2; k_91++) {
        let right_95 = mtaPacked_arena[right_94 + k_91 + 644];
        let right_96 = mtaPacked_arena[right_94 + k_91 + 646];
        let right_97 = mtaPacked_arena[right_94 + k_91 + 648];
        let right_98 = mtaPacked_arena[right_94 + k_91 + 650];
        let right_99 = mtaPacked_arena[right_94 + k_91 + 680];
        let right_100 = mtaPacked_arena[right_94 + k_91 + 682];
        let right_101 = mtaPacked_arena[right_94 + k_91 + 684];
        let right_102 = mtaPacked_arena[right_94 + k_91 + 686];
        let left_103 = mtaPacked_arena[left_93 + k_91 + 580];
        product_77 += vec4f(dot(left_103, right_95), dot(left_103, right_96), dot(left_103, right_97), dot(left_103, right_98));
        product_78 += vec4f(dot(left_103, right_99), dot(left_103, right_100), dot(left_103, right_101), dot(left_103, right_102));
        let left_104 = mtaPacked_arena[left_93 + k_91 + 582];
        product_79 += vec4f(dot(left_104, right_95), dot(left_104, right_96), dot(left_104, right_97), dot(left_104, right_98));
        product_80 += vec4f(dot(left_104, right_99), dot(left_104, right_100), dot(left_104, right_101), dot(left_104, right_102));
        let left_105 = mtaPacked_arena[left_93 + k_91 + 584];
        product_81 += vec4f(dot(left_105, right_95), dot(left_105, right_96), dot(left_105, right_97), dot(left_105, right_98));
        product_82 += vec4f(dot(left_105, right_99), dot(left_105, right_100), dot(left_105, right_101), dot(left_105, right_102));
        let left_106 = mtaPacked_arena[left_93 + k_91 + 586];
        product_83 += vec4f(dot(left_106, right_95), dot(left_106, right_96), dot(left_106, right_97), dot(left_106, right_98));
        product_84 += vec4f(dot(left_106, right_99), dot(left_106, right_100), dot(left_106, right_101), dot(left_106, right_102));
      }
      let column_107 = thread_column * 4;
      let map_108 = product_77 / 2.828427;
      let map_109 = product_78 / 2.828427;
      let map_110 = product_79 / 2.828427;
      let map_111 = product_80 / 2.828427;
      let map_112 = product_81 / 2.828427;
      let map_113 = product_82 / 2.828427;
      let map_114 = product_83 / 2.828427;
      let map_115 = product_84 / 2.828427;
      var chosen_116 = map_108;
      var chosen_117 = map_109;
      var chosen_118 = map_110;
      var chosen_119 = map_111;
      var chosen_120 = map_112;
      var chosen_121 = map_113;
      var chosen_122 = map_114;
      var chosen_123 = map_115;
      if (!is_full_59) {
        let j_124 = J_56 + column_107;
        let j_125 = j_124 + vec4i(0, 1, 2, 3);
        let i_126 = I_4 - 2 + row_92;
        let entry_127 = read_document(block_6, i_126);
        let entries_128 = vec4i(read_document(block_6, j_125.x), read_document(block_6, j_125.y), read_document(block_6, j_125.z), read_document(block_6, j_125.w));
        let map_129 = select(vec4f(0.0), map_108, ((j_125 <= vec4i(i_126)) & (vec4i(entry_127) == entries_128)) & (vec4<bool>(launch.keys - launch.queries <= i_126) & (j_125 < vec4i(launch.keys))));
        let j_130 = j_124 + 16 + vec4i(0, 1, 2, 3);
        let entries_131 = vec4i(read_document(block_6, j_130.x), read_document(block_6, j_130.y), read_document(block_6, j_130.z), read_document(block_6, j_130.w));
        let map_132 = select(vec4f(0.0), map_109, ((j_130 <= vec4i(i_126)) & (vec4i(entry_127) == entries_131)) & (vec4<bool>(launch.keys - launch.queries <= i_126) & (j_130 < vec4i(launch.keys))));
        let entry_133 = read_document(block_6, i_126 + 1);
        let map_134 = select(vec4f(0.0), map_110, ((j_125 <= vec4i(i_126 + 1)) & (vec4i(entry_133) == entries_128)) & (vec4<bool>(launch.keys - launch.queries <= i_126 + 1) & (j_125 < vec4i(launch.keys))));
        let map_135 = select(vec4f(0.0), map_111, ((j_130 <= vec4i(i_126 + 1)) & (vec4i(entry_133) == entries_131)) & (vec4<bool>(launch.keys - launch.queries <= i_126 + 1) & (j_130 < vec4i(launch.keys))));
        let entry_136 = read_document(block_6, i_126 + 2);
        let map_137 = select(vec4f(0.0), map_112, ((j_125 <= vec4i(i_126 + 2)) & (vec4i(entry_136) == entries_128)) & (vec4<bool>(launch.keys - launch.queries <= i_126 + 2) & (j_125 < vec4i(launch.keys))));
        let map_138 = select(vec4f(0.0), map_113, ((j_130 <= vec4i(i_126 + 2)) & (vec4i(entry_136) == entries_131)) & (vec4<bool>(launch.keys - launch.queries <= i_126 + 2) & (j_130 < vec4i(launch.keys))));
        let entry_139 = read_document(block_6, i_126 + 3);
        let map_140 = select(vec4f(0.0), map_114, ((j_125 <= vec4i(i_126 + 3)) & (vec4i(entry_139) == entries_128)) & (vec4<bool>(launch.keys - launch.queries <= i_126 + 3) & (j_125 < vec4i(launch.keys))));
        let map_141 = select(vec4f(0.0), map_115, ((j_130 <= vec4i(i_126 + 3)) & (vec4i(entry_139) == entries_131)) & (vec4<bool>(launch.keys - launch.queries <= i_126 + 3) & (j_130 < vec4i(launch.keys))));
        chosen_116 = map_129;
        chosen_117 = map_132;
        chosen_118 = map_134;
        chosen_119 = map_135;
        chosen_120 = map_137;
        chosen_121 = map_138;
        chosen_122 = map_140;
        chosen_123 = map_141;
      }
      chosen_61 = chosen_116;
      chosen_62 = chosen_117;
      chosen_63 = chosen_118;
      chosen_64 = chosen_119;
      chosen_65 = chosen_120;
      chosen_66 = chosen_121;
      chosen_67 = chosen_122;
      chosen_68 = chosen_123;
    }
    workgroupBarrier();
    let to_142 = thread * 9;
    let kept_143 = mtaPacked_arena[to_142 + 8 + 4];
    workgroupBarrier();
    mtaPacked_arena[to_142 + 4] = kept_143;
    let row_144 = thread_row * 4;
    let line_145 = row_144 * 9;
    mtaPacked_arena[line_145 + thread_column + 1 + 4] = chosen_61;
    mtaPacked_arena[line_145 + thread_column + 5 + 4] = chosen_62;
    mtaPacked_arena[line_145 + thread_column + 10 + 4] = chosen_63;
    mtaPacked_arena[line_145 + thread_column + 14 + 4] = chosen_64;
    mtaPacked_arena[line_145 + thread_column + 19 + 4] = chosen_65;
    mtaPacked_arena[line_145 + thread_column + 23 + 4] = chosen_66;
    mtaPacked_arena[line_145 + thread_column + 28 + 4] = chosen_67;
    mtaPacked_arena[line_145 + thread_column + 32 + 4] = chosen_68;
    let from_146 = J_56 - 1;
    let bound_147 = from_146 + 31;
    let range_148 = range_document_1(block_6, from_146, bound_147, thread, 32);
    let is_full_149 = ((from_146 + 31 - from_51 <= 0) && ((range_54.x - range_148.y == 0) && (range_54.y - range_148.x == 0))) && ((launch.keys - launch.queries - from_51 <= 0) && ((-from_146 <= 0) && (from_146 + 31 - launch.keys < 0)));
    let is_empty_150 = ((from_146 - (from_51 + 31) > 0) || ((range_54.x - range_148.y > 0) || (range_54.y - range_148.x < 0))) || ((launch.keys - launch.queries - (from_51 + 31) > 0) || ((-(from_146 + 31) > 0) || (from_146 - launch.keys >= 0)));
    var chosen_151 = vec4f();
    var chosen_152 = vec4f();
    var chosen_153 = vec4f();
    var chosen_154 = vec4f();
    var chosen_155 = vec4f();
    var chosen_156 = vec4f();
    var chosen_157 = vec4f();
    var chosen_158 = vec4f();
    if (is_empty_150) {
      let constant_159 = vec4f(0.0);
      let constant_160 = vec4f(0.0);
      let constant_161 = vec4f(0.0);
      let constant_162 = vec4f(0.0);
      let constant_163 = vec4f(0.0);
      let constant_164 = vec4f(0.0);
      let constant_165 = vec4f(0.0);
      let constant_166 = vec4f(0.0);
      chosen_151 = constant_159;
      chosen_152 = constant_160;
      chosen_153 = constant_161;
      chosen_154 = constant_162;
      chosen_155 = constant_163;
      chosen_156 = constant_164;
      chosen_157 = constant_165;
      chosen_158 = constant_166;
    }
    else {
      workgroupBarrier();
      var convolved_167 = vec4f(0.0);
      var convolved_168 = vec4f(0.0);
      var convolved_169 = vec4f(0.0);
      var convolved_170 = vec4f(0.0);
      var convolved_171 = vec4f(0.0);
      var convolved_172 = vec4f(0.0);
      var convolved_173 = vec4f(0.0);
      var convolved_174 = vec4f(0.0);
      var part_175 = vec4f(0.0);
      let weights_176 = mtaPacked_arena[0];
      let neighbourhood_178 = row_17 * 9 + thread_column;
      let ring_177 = mtaPacked_arena[neighbourhood_178 - 9 + 4];
      let ring_179 = mtaPacked_arena[neighbourhood_178 - 8 + 4];
      let window_180 = vec4f(ring_177.z, ring_177.w, ring_179.x, ring_179.y);
      part_175 += weights_176.x * window_180;
      let window_181 = vec4f(ring_177.w, ring_179.x, ring_179.y, ring_179.z);
      part_175 += weights_176.y * window_181;
      part_175 += weights_176.z * ring_179;
      let column_182 = thread_column * 4;
      let entry_183 = read_document(block_6, i_18 + 0 - 1);
      let entry_184 = read_document(block_6, i_18);
      let guard_185 = entry_183 == entry_184;
      convolved_167 += select(vec4f(), part_175, guard_185);
      var part_186 = vec4f(0.0);
      let weights_187 = mtaPacked_arena[1];
      let ring_188 = mtaPacked_arena[neighbourhood_178 + 4];
      let ring_189 = mtaPacked_arena[neighbourhood_178 + 1 + 4];
      let window_190 = vec4f(ring_188.z, ring_188.w, ring_189.x, ring_189.y);
      part_186 += weights_187.x * window_190;
      let window_191 = vec4f(ring_188.w, ring_189.x, ring_189.y, ring_189.z);
      part_186 += weights_187.y * window_191;
      part_186 += weights_187.z * ring_189;
      let entry_192 = read_document(block_6, i_18 + 1 - 1);
      let guard_193 = entry_192 == entry_184;
      convolved_167 += select(vec4f(), part_186, guard_193);
      var part_194 = vec4f(0.0);
      part_194 += weights_176.x * window_190;
      part_194 += weights_176.y * window_191;
      part_194 += weights_176.z * ring_189;
      let entry_195 = read_document(block_6, i_18 + 1 + 0 - 1);
      let entry_196 = read_document(block_6, i_18 + 1);
      let guard_197 = entry_195 == entry_196;
      convolved_169 += select(vec4f(), part_194, guard_197);
      var part_198 = vec4f(0.0);
      let ring_199 = mtaPacked_arena[neighbourhood_178 + 9 + 4];
      let ring_200 = mtaPacked_arena[neighbourhood_178 + 10 + 4];
      let window_201 = vec4f(ring_199.z, ring_199.w, ring_200.x, ring_200.y);
      part_198 += weights_187.x * window_201;
      let window_202 = vec4f(ring_199.w, ring_200.x, ring_200.y, ring_200.z);
      part_198 += weights_187.y * window_202;
      part_198 += weights_187.z * ring_200;
      let entry_203 = read_document(block_6, i_18 + 1 + 1 - 1);
      let guard_204 = entry_203 == entry_196;
      convolved_169 += select(vec4f(), part_198, guard_204);
      var part_205 = vec4f(0.0);
      part_205 += weights_176.x * window_201;
      part_205 += weights_176.y * window_202;
      part_205 += weights_176.z * ring_200;
      let entry_206 = read_document(block_6, i_18 + 2 + 0 - 1);
      let entry_207 = read_document(block_6, i_18 + 2);
      let guard_208 = entry_206 == entry_207;
      convolved_171 += select(vec4f(), part_205, guard_208);
      var part_209 = vec4f(0.0);
      let ring_210 = mtaPacked_arena[neighbourhood_178 + 18 + 4];
      let ring_211 = mtaPacked_arena[neighbourhood_178 + 19 + 4];
      let window_212 = vec4f(ring_210.z, ring_210.w, ring_211.x, ring_211.y);
      part_209 += weights_187.x * window_212;
      let window_213 = vec4f(ring_210.w, ring_211.x, ring_211.y, ring_211.z);
      part_209 += weights_187.y * window_213;
      part_209 += weights_187.z * ring_211;
      let entry_214 = read_document(block_6, i_18 + 2 + 1 - 1);
      let guard_215 = entry_214 == entry_207;
      convolved_171 += select(vec4f(), part_209, guard_215);
      var part_216 = vec4f(0.0);
      part_216 += weights_176.x * window_212;
      part_216 += weights_176.y * window_213;
      part_216 += weights_176.z * ring_211;
      let entry_217 = read_document(block_6, i_18 + 3 + 0 - 1);
      let entry_218 = read_document(block_6, i_18 + 3);
      let guard_219 = entry_217 == entry_218;
      convolved_173 += select(vec4f(), part_216, guard_219);
      var part_220 = vec4f(0.0);
      let ring_221 = mtaPacked_arena[neighbourhood_178 + 27 + 4];
      let ring_222 = mtaPacked_arena[neighbourhood_178 + 28 + 4];
      let window_223 = vec4f(ring_221.z, ring_221.w, ring_222.x, ring_222.y);
      part_220 += weights_187.x * window_223;
      let window_224 = vec4f(ring_221.w, ring_222.x, ring_222.y, ring_222.z);
      part_220 += weights_187.y * window_224;
      part_220 += weights_187.z * ring_222;
      let entry_225 = read_document(block_6, i_18 + 3 + 1 - 1);
      let guard_226 = entry_225 == entry_218;
      convolved_173 += select(vec4f(), part_220, guard_226);
      var part_227 = vec4f(0.0);
      let ring_228 = mtaPacked_arena[neighbourhood_178 - 5 + 4];
      let ring_229 = mtaPacked_arena[neighbourhood_178 - 4 + 4];
      let window_230 = vec4f(ring_228.z, ring_228.w, ring_229.x, ring_229.y);
      part_227 += weights_176.x * window_230;
      let window_231 = vec4f(ring_228.w, ring_229.x, ring_229.y, ring_229.z);
      part_227 += weights_176.y * window_231;
      part_227 += weights_176.z * ring_229;
      convolved_168 += select(vec4f(), part_227, guard_185);
      var part_232 = vec4f(0.0);
      let ring_233 = mtaPacked_arena[neighbourhood_178 + 4 + 4];
      let ring_234 = mtaPacked_arena[neighbourhood_178 + 5 + 4];
      let window_235 = vec4f(ring_233.z, ring_233.w, ring_234.x, ring_234.y);
      part_232 += weights_187.x * window_235;
      let window_236 = vec4f(ring_233.w, ring_234.x, ring_234.y, ring_234.z);
      part_232 += weights_187.y * window_236;
      part_232 += weights_187.z * ring_234;
      convolved_168 += select(vec4f(), part_232, guard_193);
      var part_237 = vec4f(0.0);
      part_237 += weights_176.x * window_235;
      part_237 += weights_176.y * window_236;
      part_237 += weights_176.z * ring_234;
      convolved_170 += select(vec4f(), part_237, guard_197);
      var part_238 = vec4f(0.0);
      let ring_239 = mtaPacked_arena[neighbourhood_178 + 13 + 4];
      let ring_240 = mtaPacked_arena[neighbourhood_178 + 14 + 4];
      let window_241 = vec4f(ring_239.z, ring_239.w, ring_240.x, ring_240.y);
      part_238 += weights_187.x * window_241;
      let window_242 = vec4f(ring_239.w, ring_240.x, ring_240.y, ring_240.z);
      part_238 += weights_187.y * window_242;
      part_238 += weights_187.z * ring_240;
      convolved_170 += select(vec4f(), part_238, guard_204);
      var part_243 = vec4f(0.0);
      part_243 += weights_176.x * window_241;
      part_243 += weights_176.y * window_242;
      part_243 += weights_176.z * ring_240;
      convolved_172 += select(vec4f(), part_243, guard_208);
      var part_244 = vec4f(0.0);
      let ring_245 = mtaPacked_arena[neighbourhood_178 + 22 + 4];
      let ring_246 = mtaPacked_arena[neighbourhood_178 + 23 + 4];
      let window_247 = vec4f(ring_245.z, ring_245.w, ring_246.x, ring_246.y);
      part_244 += weights_187.x * window_247;
      let window_248 = vec4f(ring_245.w, ring_246.x, ring_246.y, ring_246.z);
      part_244 += weights_187.y * window_248;
      part_244 += weights_187.z * ring_246;
      convolved_172 += select(vec4f(), part_244, guard_215);
      var part_249 = vec4f(0.0);
      part_249 += weights_176.x * window_247;
      part_249 += weights_176.y * window_248;
      part_249 += weights_176.z * ring_246;
      convolved_174 += select(vec4f(), part_249, guard_219);
      var part_250 = vec4f(0.0);
      let ring_251 = mtaPacked_arena[neighbourhood_178 + 31 + 4];
      let ring_252 = mtaPacked_arena[neighbourhood_178 + 32 + 4];
      let window_253 = vec4f(ring_251.z, ring_251.w, ring_252.x, ring_252.y);
      part_250 += weights_187.x * window_253;
      let window_254 = vec4f(ring_251.w, ring_252.x, ring_252.y, ring_252.z);
      part_250 += weights_187.y * window_254;
      part_250 += weights_187.z * ring_252;
      convolved_174 += select(vec4f(), part_250, guard_226);
      let map_255 = exponential_difference_wide(minimum_wide(convolved_167, vec4f(map_20)), vec4f(map_20)) * map_28;
      let map_256 = exponential_difference_wide(minimum_wide(convolved_168, vec4f(map_20)), vec4f(map_20)) * map_28;
      let map_257 = exponential_difference_wide(minimum_wide(convolved_169, vec4f(map_22)), vec4f(map_22)) * map_30;
      let map_258 = exponential_difference_wide(minimum_wide(convolved_170, vec4f(map_22)), vec4f(map_22)) * map_30;
      let map_259 = exponential_difference_wide(minimum_wide(convolved_171, vec4f(map_24)), vec4f(map_24)) * map_32;
      let map_260 = exponential_difference_wide(minimum_wide(convolved_172, vec4f(map_24)), vec4f(map_24)) * map_32;
      let map_261 = exponential_difference_wide(minimum_wide(convolved_173, vec4f(map_26)), vec4f(map_26)) * map_34;
      let map_262 = exponential_difference_wide(minimum_wide(convolved_174, vec4f(map_26)), vec4f(map_26)) * map_34;
      var chosen_263 = map_255;
      var chosen_264 = map_256;
      var chosen_265 = map_257;
      var chosen_266 = map_258;
      var chosen_267 = map_259;
      var chosen_268 = map_260;
      var chosen_269 = map_261;
      var chosen_270 = map_262;
      if (!is_full_149) {
        let j_271 = J_56 - 1 + column_182;
        let j_272 = j_271 + vec4i(0, 1, 2, 3);
        let entries_273 = vec4i(read_document(block_6, j_272.x), read_document(block_6, j_272.y), read_document(block_6, j_272.z), read_document(block_6, j_272.w));
        let map_274 = select(vec4f(0.0), map_255, ((j_272 <= vec4i(i_18)) & (vec4i(entry_184) == entries_273)) & (vec4<bool>(launch.keys - launch.queries <= i_18) & ((vec4i(0) <= j_272) & (j_272 < vec4i(launch.keys)))));
        let j_275 = j_271 + 16 + vec4i(0, 1, 2, 3);
        let entries_276 = vec4i(read_document(block_6, j_275.x), read_document(block_6, j_275.y), read_document(block_6, j_275.z), read_document(block_6, j_275.w));
        let map_277 = select(vec4f(0.0), map_256, ((j_275 <= vec4i(i_18)) & (vec4i(entry_184) == entries_276)) & (vec4<bool>(launch.keys - launch.queries <= i_18) & ((vec4i(0) <= j_275) & (j_275 < vec4i(launch.keys)))));
        let map_278 = select(vec4f(0.0), map_257, ((j_272 <= vec4i(i_18 + 1)) & (vec4i(entry_196) == entries_273)) & (vec4<bool>(launch.keys - launch.queries <= i_18 + 1) & ((vec4i(0) <= j_272) & (j_272 < vec4i(launch.keys)))));
        let map_279 = select(vec4f(0.0), map_258, ((j_275 <= vec4i(i_18 + 1)) & (vec4i(entry_196) == entries_276)) & (vec4<bool>(launch.keys - launch.queries <= i_18 + 1) & ((vec4i(0) <= j_275) & (j_275 < vec4i(launch.keys)))));
        let map_280 = select(vec4f(0.0), map_259, ((j_272 <= vec4i(i_18 + 2)) & (vec4i(entry_207) == entries_273)) & (vec4<bool>(launch.keys - launch.queries <= i_18 + 2) & ((vec4i(0) <= j_272) & (j_272 < vec4i(launch.keys)))));
        let map_281 = select(vec4f(0.0), map_260, ((j_275 <= vec4i(i_18 + 2)) & (vec4i(entry_207) == entries_276)) & (vec4<bool>(launch.keys - launch.queries <= i_18 + 2) & ((vec4i(0) <= j_275) & (j_275 < vec4i(launch.keys)))));
        let map_282 = select(vec4f(0.0), map_261, ((j_272 <= vec4i(i_18 + 3)) & (vec4i(entry_218) == entries_273)) & (vec4<bool>(launch.keys - launch.queries <= i_18 + 3) & ((vec4i(0) <= j_272) & (j_272 < vec4i(launch.keys)))));
        let map_283 = select(vec4f(0.0), map_262, ((j_275 <= vec4i(i_18 + 3)) & (vec4i(entry_218) == entries_276)) & (vec4<bool>(launch.keys - launch.queries <= i_18 + 3) & ((vec4i(0) <= j_275) & (j_275 < vec4i(launch.keys)))));
        chosen_263 = map_274;
        chosen_264 = map_277;
        chosen_265 = map_278;
        chosen_266 = map_279;
        chosen_267 = map_280;
        chosen_268 = map_281;
        chosen_269 = map_282;
        chosen_270 = map_283;
      }
      chosen_151 = chosen_263;
      chosen_152 = chosen_264;
      chosen_153 = chosen_265;
      chosen_154 = chosen_266;
      chosen_155 = chosen_267;
      chosen_156 = chosen_268;
      chosen_157 = chosen_269;
      chosen_158 = chosen_270;
    }
    let kept_284 = mtaPacked_arena[to_142 + 8 + 292];
    workgroupBarrier();
    mtaPacked_arena[to_142 + 292] = kept_284;
    let line_285 = row_17 * 9;
    if (row_17 < 32) {
      mtaPacked_arena[line_285 + thread_column + 1 + 292] = chosen_151;
      mtaPacked_arena[line_285 + thread_column + 5 + 292] = chosen_152;
    }
    if (row_17 + 1 < 32) {
      mtaPacked_arena[line_285 + thread_column + 10 + 292] = chosen_153;
      mtaPacked_arena[line_285 + thread_column + 14 + 292] = chosen_154;
    }
    if (row_17 + 2 < 32) {
      mtaPacked_arena[line_285 + thread_column + 19 + 292] = chosen_155;
      mtaPacked_arena[line_285 + thread_column + 23 + 292] = chosen_156;
    }
    if (row_17 + 3 < 32) {
      mtaPacked_arena[line_285 + thread_column + 28 + 292] = chosen_157;
      mtaPacked_arena[line_285 + thread_column + 32 + 292] = chosen_158;
    }
    let from_286 = J_56 - 2;
    let bound_287 = from_286 + 31;
    let range_288 = range_document_1(block_6, from_286, bound_287, thread, 32);
    let is_full_289 = ((from_286 + 31 - from_51 <= 0) && ((range_54.x - range_288.y == 0) && (range_54.y - range_288.x == 0))) && ((-from_286 <= 0) && (from_286 + 31 - launch.keys < 0));
    let is_empty_290 = ((from_286 - (from_51 + 31) > 0) || ((range_54.x - range_288.y > 0) || (range_54.y - range_288.x < 0))) || ((-(from_286 + 31) > 0) || (from_286 - launch.keys >= 0));
    var chosen_291 = carried_41;
    var chosen_292 = carried_42;
    var chosen_293 = carried_43;
    var chosen_294 = carried_44;
    if (!is_empty_290) {
      workgroupBarrier();
      var convolved_295 = vec4f(0.0);
      var convolved_296 = vec4f(0.0);
      var convolved_297 = vec4f(0.0);
      var convolved_298 = vec4f(0.0);
      var convolved_299 = vec4f(0.0);
      var convolved_300 = vec4f(0.0);
      var convolved_301 = vec4f(0.0);
      var convolved_302 = vec4f(0.0);
      var part_303 = vec4f(0.0);
      let weights_304 = mtaPacked_arena[2];
      let row_306 = thread_row * 4 + 2;
      let neighbourhood_307 = row_306 * 9 + thread_column;
      let ring_305 = mtaPacked_arena[neighbourhood_307 - 9 + 292];
      let ring_308 = mtaPacked_arena[neighbourhood_307 - 8 + 292];
      let window_309 = vec4f(ring_305.z, ring_305.w, ring_308.x, ring_308.y);
      part_303 += weights_304.x * window_309;
      let window_310 = vec4f(ring_305.w, ring_308.x, ring_308.y, ring_308.z);
      part_303 += weights_304.y * window_310;
      part_303 += weights_304.z * ring_308;
      let column_311 = thread_column * 4;
      let i_312 = I_4 - 2 + row_306;
      let entry_313 = read_document(block_6, i_312 + 0 - 1);
      let entry_314 = read_document(block_6, i_312);
      let guard_315 = entry_313 == entry_314;
      convolved_295 += select(vec4f(), part_303, guard_315);
      var part_316 = vec4f(0.0);
      let weights_317 = mtaPacked_arena[3];
      let ring_318 = mtaPacked_arena[neighbourhood_307 + 292];
      let ring_319 = mtaPacked_arena[neighbourhood_307 + 1 + 292];
      let window_320 = vec4f(ring_318.z, ring_318.w, ring_319.x, ring_319.y);
      part_316 += weights_317.x * window_320;
      let window_321 = vec4f(ring_318.w, ring_319.x, ring_319.y, ring_319.z);
      part_316 += weights_317.y * window_321;
      part_316 += weights_317.z * ring_319;
      let entry_322 = read_document(block_6, i_312 + 1 - 1);
      let guard_323 = entry_322 == entry_314;
      convolved_295 += select(vec4f(), part_316, guard_323);
      var part_324 = vec4f(0.0);
      part_324 += weights_304.x * window_320;
      part_324 += weights_304.y * window_321;
      part_324 += weights_304.z * ring_319;
      let entry_325 = read_document(block_6, i_312 + 1 + 0 - 1);
      let entry_326 = read_document(block_6, i_312 + 1);
      let guard_327 = entry_325 == entry_326;
      convolved_297 += select(vec4f(), part_324, guard_327);
      var part_328 = vec4f(0.0);
      let ring_329 = mtaPacked_arena[neighbourhood_307 + 9 + 292];
      let ring_330 = mtaPacked_arena[neighbourhood_307 + 10 + 292];
      let window_331 = vec4f(ring_329.z, ring_329.w, ring_330.x, ring_330.y);
      part_328 += weights_317.x * window_331;
      let window_332 = vec4f(ring_329.w, ring_330.x, ring_330.y, ring_330.z);
      part_328 += weights_317.y * window_332;
      part_328 += weights_317.z * ring_330;
      let entry_333 = read_document(block_6, i_312 + 1 + 1 - 1);
      let guard_334 = entry_333 == entry_326;
      convolved_297 += select(vec4f(), part_328, guard_334);
      var part_335 = vec4f(0.0);
      part_335 += weights_304.x * window_331;
      part_335 += weights_304.y * window_332;
      part_335 += weights_304.z * ring_330;
      let entry_336 = read_document(block_6, i_312 + 2 + 0 - 1);
      let entry_337 = read_document(block_6, i_312 + 2);
      let guard_338 = entry_336 == entry_337;
      convolved_299 += select(vec4f(), part_335, guard_338);
      var part_339 = vec4f(0.0);
      let ring_340 = mtaPacked_arena[neighbourhood_307 + 18 + 292];
      let ring_341 = mtaPacked_arena[neighbourhood_307 + 19 + 292];
      let window_342 = vec4f(ring_340.z, ring_340.w, ring_341.x, ring_341.y);
      part_339 += weights_317.x * window_342;
      let window_343 = vec4f(ring_340.w, ring_341.x, ring_341.y, ring_341.z);
      part_339 += weights_317.y * window_343;
      part_339 += weights_317.z * ring_341;
      let entry_344 = read_document(block_6, i_312 + 2 + 1 - 1);
      let guard_345 = entry_344 == entry_337;
      convolved_299 += select(vec4f(), part_339, guard_345);
      var part_346 = vec4f(0.0);
      part_346 += weights_304.x * window_342;
      part_346 += weights_304.y * window_343;
      part_346 += weights_304.z * ring_341;
      let entry_347 = read_document(block_6, i_312 + 3 + 0 - 1);
      let entry_348 = read_document(block_6, i_312 + 3);
      let guard_349 = entry_347 == entry_348;
      convolved_301 += select(vec4f(), part_346, guard_349);
      var part_350 = vec4f(0.0);
      let ring_351 = mtaPacked_arena[neighbourhood_307 + 27 + 292];
      let ring_352 = mtaPacked_arena[neighbourhood_307 + 28 + 292];
      let window_353 = vec4f(ring_351.z, ring_351.w, ring_352.x, ring_352.y);
      part_350 += weights_317.x * window_353;
      let window_354 = vec4f(ring_351.w, ring_352.x, ring_352.y, ring_352.z);
      part_350 += weights_317.y * window_354;
      part_350 += weights_317.z * ring_352;
      let entry_355 = read_document(block_6, i_312 + 3 + 1 - 1);
      let guard_356 = entry_355 == entry_348;
      convolved_301 += select(vec4f(), part_350, guard_356);
      var part_357 = vec4f(0.0);
      let ring_358 = mtaPacked_arena[neighbourhood_307 - 5 + 292];
      let ring_359 = mtaPacked_arena[neighbourhood_307 - 4 + 292];
      let window_360 = vec4f(ring_358.z, ring_358.w, ring_359.x, ring_359.y);
      part_357 += weights_304.x * window_360;
      let window_361 = vec4f(ring_358.w, ring_359.x, ring_359.y, ring_359.z);
      part_357 += weights_304.y * window_361;
      part_357 += weights_304.z * ring_359;
      convolved_296 += select(vec4f(), part_357, guard_315);
      var part_362 = vec4f(0.0);
      let ring_363 = mtaPacked_arena[neighbourhood_307 + 4 + 292];
      let ring_364 = mtaPacked_arena[neighbourhood_307 + 5 + 292];
      let window_365 = vec4f(ring_363.z, ring_363.w, ring_364.x, ring_364.y);
      part_362 += weights_317.x * window_365;
      let window_366 = vec4f(ring_363.w, ring_364.x, ring_364.y, ring_364.z);
      part_362 += weights_317.y * window_366;
      part_362 += weights_317.z * ring_364;
      convolved_296 += select(vec4f(), part_362, guard_323);
      var part_367 = vec4f(0.0);
      part_367 += weights_304.x * window_365;
      part_367 += weights_304.y * window_366;
      part_367 += weights_304.z * ring_364;
      convolved_298 += select(vec4f(), part_367, guard_327);
      var part_368 = vec4f(0.0);
      let ring_369 = mtaPacked_arena[neighbourhood_307 + 13 + 292];
      let ring_370 = mtaPacked_arena[neighbourhood_307 + 14 + 292];
      let window_371 = vec4f(ring_369.z, ring_369.w, ring_370.x, ring_370.y);
      part_368 += weights_317.x * window_371;
      let window_372 = vec4f(ring_369.w, ring_370.x, ring_370.y, ring_370.z);
      part_368 += weights_317.y * window_372;
      part_368 += weights_317.z * ring_370;
      convolved_298 += select(vec4f(), part_368, guard_334);
      var part_373 = vec4f(0.0);
      part_373 += weights_304.x * window_371;
      part_373 += weights_304.y * window_372;
      part_373 += weights_304.z * ring_370;
      convolved_300 += select(vec4f(), part_373, guard_338);
      var part_374 = vec4f(0.0);
      let ring_375 = mtaPacked_arena[neighbourhood_307 + 22 + 292];
      let ring_376 = mtaPacked_arena[neighbourhood_307 + 23 + 292];
      let window_377 = vec4f(ring_375.z, ring_375.w, ring_376.x, ring_376.y);
      part_374 += weights_317.x * window_377;
      let window_378 = vec4f(ring_375.w, ring_376.x, ring_376.y, ring_376.z);
      part_374 += weights_317.y * window_378;
      part_374 += weights_317.z * ring_376;
      convolved_300 += select(vec4f(), part_374, guard_345);
      var part_379 = vec4f(0.0);
      part_379 += weights_304.x * window_377;
      part_379 += weights_304.y * window_378;
      part_379 += weights_304.z * ring_376;
      convolved_302 += select(vec4f(), part_379, guard_349);
      var part_380 = vec4f(0.0);
      let ring_381 = mtaPacked_arena[neighbourhood_307 + 31 + 292];
      let ring_382 = mtaPacked_arena[neighbourhood_307 + 32 + 292];
      let window_383 = vec4f(ring_381.z, ring_381.w, ring_382.x, ring_382.y);
      part_380 += weights_317.x * window_383;
      let window_384 = vec4f(ring_381.w, ring_382.x, ring_382.y, ring_382.z);
      part_380 += weights_317.y * window_384;
      part_380 += weights_317.z * ring_382;
      convolved_302 += select(vec4f(), part_380, guard_356);
      var chosen_385 = convolved_295;
      var chosen_386 = convolved_296;
      var chosen_387 = convolved_297;
      var chosen_388 = convolved_298;
      var chosen_389 = convolved_299;
      var chosen_390 = convolved_300;
      var chosen_391 = convolved_301;
      var chosen_392 = convolved_302;
      if (!is_full_289) {
        let j_393 = J_56 - 2 + column_311;
        let j_394 = j_393 + vec4i(0, 1, 2, 3);
        let entries_395 = vec4i(read_document(block_6, j_394.x), read_document(block_6, j_394.y), read_document(block_6, j_394.z), read_document(block_6, j_394.w));
        let map_396 = select(vec4f(0.0), convolved_295, ((j_394 <= vec4i(i_312)) & (vec4i(entry_314) == entries_395)) & ((vec4i(0) <= j_394) & (j_394 < vec4i(launch.keys))));
        let j_397 = j_393 + 16 + vec4i(0, 1, 2, 3);
        let entries_398 = vec4i(read_document(block_6, j_397.x), read_document(block_6, j_397.y), read_document(block_6, j_397.z), read_document(block_6, j_397.w));
        let map_399 = select(vec4f(0.0), convolved_296, ((j_397 <= vec4i(i_312)) & (vec4i(entry_314) == entries_398)) & ((vec4i(0) <= j_397) & (j_397 < vec4i(launch.keys))));
        let map_400 = select(vec4f(0.0), convolved_297, ((j_394 <= vec4i(i_312 + 1)) & (vec4i(entry_326) == entries_395)) & ((vec4i(0) <= j_394) & (j_394 < vec4i(launch.keys))));
        let map_401 = select(vec4f(0.0), convolved_298, ((j_397 <= vec4i(i_312 + 1)) & (vec4i(entry_326) == entries_398)) & ((vec4i(0) <= j_397) & (j_397 < vec4i(launch.keys))));
        let map_402 = select(vec4f(0.0), convolved_299, ((j_394 <= vec4i(i_312 + 2)) & (vec4i(entry_337) == entries_395)) & ((vec4i(0) <= j_394) & (j_394 < vec4i(launch.keys))));
        let map_403 = select(vec4f(0.0), convolved_300, ((j_397 <= vec4i(i_312 + 2)) & (vec4i(entry_337) == entries_398)) & ((vec4i(0) <= j_397) & (j_397 < vec4i(launch.keys))));
        let map_404 = select(vec4f(0.0), convolved_301, ((j_394 <= vec4i(i_312 + 3)) & (vec4i(entry_348) == entries_395)) & ((vec4i(0) <= j_394) & (j_394 < vec4i(launch.keys))));
        let map_405 = select(vec4f(0.0), convolved_302, ((j_397 <= vec4i(i_312 + 3)) & (vec4i(entry_348) == entries_398)) & ((vec4i(0) <= j_397) & (j_397 < vec4i(launch.keys))));
        chosen_385 = map_396;
        chosen_386 = map_399;
        chosen_387 = map_400;
        chosen_388 = map_401;
        chosen_389 = map_402;
        chosen_390 = map_403;
        chosen_391 = map_404;
        chosen_392 = map_405;
      }
      let line_406 = row_306 * 8;
      if (row_306 < 32) {
        mtaPacked_arena[line_406 - 16 + thread_column + 644] = chosen_385;
        mtaPacked_arena[line_406 - 16 + (thread_column + 4) + 644] = chosen_386;
      }
      if (row_306 + 1 < 32) {
        mtaPacked_arena[line_406 - 8 + thread_column + 644] = chosen_387;
        mtaPacked_arena[line_406 - 8 + (thread_column + 4) + 644] = chosen_388;
      }
      if (row_306 + 2 < 32) {
        mtaPacked_arena[line_406 + thread_column + 644] = chosen_389;
        mtaPacked_arena[line_406 + (thread_column + 4) + 644] = chosen_390;
      }
      if (row_306 + 3 < 32) {
        mtaPacked_arena[line_406 + 8 + thread_column + 644] = chosen_391;
        mtaPacked_arena[line_406 + 8 + (thread_column + 4) + 644] = chosen_392;
      }
      var product_407 = carried_41;
      var product_408 = carried_42;
      var product_409 = carried_43;
      var product_410 = carried_44;
      for (var n_412 = thread; n_412 < 64; n_412 += 32) {
        let line_413 = n_412 / 2;
        let vector_414 = n_412 % 2;
        let at_415 = J_56 - 2 + line_413;
        var loaded_416 = vec4f();
        if (u32(at_415) < u32(launch.keys) && u32(vector_414) < 2u) {
          loaded_416 = v_data[launch.v_offset + block_6 * launch.v_stride_0 + block_5 * launch.v_stride_1 + at_415 * launch.v_stride_2 + vector_414];
        }
        mtaPacked_arena[n_412 + 900] = loaded_416;
      }
      workgroupBarrier();
      for (var k_417 = 0; k_417 < 8; k_417++) {
        let chunk_418 = k_417 * 8;
        let right_419 = mtaPacked_arena[thread_column + chunk_418 + 900];
        let right_420 = mtaPacked_arena[thread_column + chunk_418 + 902];
        let right_421 = mtaPacked_arena[thread_column + chunk_418 + 904];
        let right_422 = mtaPacked_arena[thread_column + chunk_418 + 906];
        let left_423 = mtaPacked_arena[line_406 + k_417 + 628];
        product_407 += left_423.x * right_419;
        product_407 += left_423.y * right_420;
        product_407 += left_423.z * right_421;
        product_407 += left_423.w * right_422;
        let left_424 = mtaPacked_arena[line_406 + k_417 + 636];
        product_408 += left_424.x * right_419;
        product_408 += left_424.y * right_420;
        product_408 += left_424.z * right_421;
        product_408 += left_424.w * right_422;
        let left_425 = mtaPacked_arena[line_406 + k_417 + 644];
        product_409 += left_425.x * right_419;
        product_409 += left_425.y * right_420;
        product_409 += left_425.z * right_421;
        product_409 += left_425.w * right_422;
        let left_426 = mtaPacked_arena[line_406 + k_417 + 652];
        product_410 += left_426.x * right_419;
        product_410 += left_426.y * right_420;
        product_410 += left_426.z * right_421;
        product_410 += left_426.w * right_422;
      }
      chosen_291 = product_407;
      chosen_292 = product_408;
      chosen_293 = product_409;
      chosen_294 = product_410;
    }
    carried_41 = chosen_291;
    carried_42 = chosen_292;
    carried_43 = chosen_293;
    carried_44 = chosen_294;
  }
  let row_427 = thread_row * 4 + 2;
  let column_428 = thread_column * 4;
  let i_429 = I_4 - 2 + row_427;
  let place_430 = i_429 - (launch.keys - launch.rows);
  if (row_427 < 32 && column_428 < 8 && u32(place_430) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_430 * launch.out_stride_2 + thread_column] = carried_41;
  }
  let place_431 = i_429 + 1 - (launch.keys - launch.rows);
  if (row_427 + 1 < 32 && column_428 < 8 && u32(place_431) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_431 * launch.out_stride_2 + thread_column] = carried_42;
  }
  let place_432 = i_429 + 2 - (launch.keys - launch.rows);
  if (row_427 + 2 < 32 && column_428 < 8 && u32(place_432) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_432 * launch.out_stride_2 + thread_column] = carried_43;
  }
  let place_433 = i_429 + 3 - (launch.keys - launch.rows);
  if (row_427 + 3 < 32 && column_428 < 8 && u32(place_433) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_433 * launch.out_stride_2 + thread_column] = carried_44;
  }
}
