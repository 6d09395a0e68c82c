// mtaPacked, compiled by heddle golden to WGSL: f32, no subgroups, threads mtaPacked_statistics 8 × 4, mtaPacked 8 × 4.
// heads=2 headDim=8 queryKernel=2 keyKernel=3
// Hash 15717662d84f81d2 of all below. Made by a compiler: change the spec, not this file.

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

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), x <= f32(-1.7e+38));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), x <= vec4f(-1.7e+38));
}

fn read_theta_pre(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), max(theta_pre_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], -3.4e+38), inside);
}

fn read_document(x_0: i32, x_1: i32) -> i32 {
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(launch.keys));
  return select(i32(0), document_data[select(0, launch.document_offset + x_0 * launch.document_stride_0 + x_1, inside)], inside);
}

fn read_theta_post(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), max(theta_post_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], -3.4e+38), inside);
}

fn read_statistics(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let at_2 = x_2 - (launch.keys - launch.queries);
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(2)) & (u32(x_2 - (launch.keys - launch.queries)) < u32(launch.queries));
  return select(f32(0), max(statistics_data[select(0, launch.statistics_offset + x_0 * launch.statistics_stride_0 + x_1 * launch.statistics_stride_1 + at_2, inside)], -3.4e+38), inside);
}

var<workgroup> range_below: atomic<u32>;
var<workgroup> range_above: atomic<u32>;
var<workgroup> range_found: vec2i;

fn widen_range(entry: i32) {
  let is_large = entry <= -536870912 || entry >= 536870912;
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

fn range_document_1(x_0: i32, low: i32, high: i32, thread: i32, threads: i32) -> vec2i {
  let last = select(high, low - 1, high - low >= 4096);
  if (last < low && thread == 0) {
    widen_range(536870912);
  }
  for (var at = low + thread; at <= last; at += threads) {
    widen_range(read_document(x_0, at));
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
  let constant_13 = -3.4e+38;
  let constant_14 = -3.4e+38;
  let constant_15 = -3.4e+38;
  let constant_16 = -3.4e+38;
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
  let bound_36 = from_35 + 30;
  let range_37 = range_document_1(block_6, from_35, bound_36, thread, 32);
  let end_38 = min(launch.keys, I_4 + 30) + 1;
  for (var J_39 = 0; J_39 < end_38; J_39 += 32) {
    let bound_40 = J_39 + 31;
    let range_41 = range_document_1(block_6, J_39, bound_40, thread, 32);
    let is_full_42 = ((J_39 + 31 - from_35 <= 0) && ((range_37.x - range_41.y == 0) && (range_37.y - range_41.x == 0))) && ((-from_35 <= 0) && (J_39 + 31 - launch.keys < 0));
    let is_empty_43 = ((J_39 - (from_35 + 30) > 0) || ((range_37.x - range_41.y > 0) || (range_37.y - range_41.x < 0))) || ((-(from_35 + 30) > 0) || (J_39 - launch.keys >= 0));
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
      for (var n_69 = thread; n_69 < 64; n_69 += 32) {
        let line_70 = n_69 / 2;
        let vector_71 = n_69 % 2;
        let at_72 = J_39 + line_70;
        var loaded_73 = vec4f();
        if (u32(at_72) < u32(launch.keys) && u32(vector_71) < 2u) {
          loaded_73 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + block_5 * launch.k_stride_1 + at_72 * launch.k_stride_2 + vector_71];
        }
        mtaPacked_statistics_arena[n_69 + (line_70 >> 2u) + 343] = loaded_73;
      }
      workgroupBarrier();
      let row_75 = thread_row * 4;
      let left_76 = row_75 * 2;
      let right_77 = thread_column * 9;
      for (var k_74 = 0; k_74 < 2; k_74++) {
        let right_78 = mtaPacked_statistics_arena[right_77 + k_74 + 343];
        let right_79 = mtaPacked_statistics_arena[right_77 + k_74 + 345];
        let right_80 = mtaPacked_statistics_arena[right_77 + k_74 + 347];
        let right_81 = mtaPacked_statistics_arena[right_77 + k_74 + 349];
        let right_82 = mtaPacked_statistics_arena[right_77 + k_74 + 379];
        let right_83 = mtaPacked_statistics_arena[right_77 + k_74 + 381];
        let right_84 = mtaPacked_statistics_arena[right_77 + k_74 + 383];
        let right_85 = mtaPacked_statistics_arena[right_77 + k_74 + 385];
        let left_86 = mtaPacked_statistics_arena[left_76 + k_74 + 281];
        product_60 += vec4f(dot(left_86, right_78), dot(left_86, right_79), dot(left_86, right_80), dot(left_86, right_81));
        product_61 += vec4f(dot(left_86, right_82), dot(left_86, right_83), dot(left_86, right_84), dot(left_86, right_85));
        let left_87 = mtaPacked_statistics_arena[left_76 + k_74 + 283];
        product_62 += vec4f(dot(left_87, right_78), dot(left_87, right_79), dot(left_87, right_80), dot(left_87, right_81));
        product_63 += vec4f(dot(left_87, right_82), dot(left_87, right_83), dot(left_87, right_84), dot(left_87, right_85));
        let left_88 = mtaPacked_statistics_arena[left_76 + k_74 + 285];
        product_64 += vec4f(dot(left_88, right_78), dot(left_88, right_79), dot(left_88, right_80), dot(left_88, right_81));
        product_65 += vec4f(dot(left_88, right_82), dot(left_88, right_83), dot(left_88, right_84), dot(left_88, right_85));
        let left_89 = mtaPacked_statistics_arena[left_76 + k_74 + 287];
        product_66 += vec4f(dot(left_89, right_78), dot(left_89, right_79), dot(left_89, right_80), dot(left_89, right_81));
        product_67 += vec4f(dot(left_89, right_82), dot(left_89, right_83), dot(left_89, right_84), dot(left_89, right_85));
      }
      let column_90 = thread_column * 4;
      let map_91 = product_60 / 2.828427;
      let map_92 = product_61 / 2.828427;
      let map_93 = product_62 / 2.828427;
      let map_94 = product_63 / 2.828427;
      let map_95 = product_64 / 2.828427;
      let map_96 = product_65 / 2.828427;
      let map_97 = product_66 / 2.828427;
      let map_98 = product_67 / 2.828427;
      var chosen_99 = map_91;
      var chosen_100 = map_92;
      var chosen_101 = map_93;
      var chosen_102 = map_94;
      var chosen_103 = map_95;
      var chosen_104 = map_96;
      var chosen_105 = map_97;
      var chosen_106 = map_98;
      if (!is_full_42) {
        let j_107 = J_39 + column_90;
        let j_108 = j_107 + vec4i(0, 1, 2, 3);
        let i_109 = I_4 - 1 + row_75;
        let entry_110 = read_document(block_6, i_109);
        let entries_111 = vec4i(read_document(block_6, j_108.x), read_document(block_6, j_108.y), read_document(block_6, j_108.z), read_document(block_6, j_108.w));
        let map_112 = select(vec4f(0.0), map_91, ((j_108 <= vec4i(i_109)) & (vec4i(entry_110) == entries_111)) & (vec4<bool>(0 <= i_109) & (j_108 < vec4i(launch.keys))));
        let j_113 = j_107 + 16 + vec4i(0, 1, 2, 3);
        let entries_114 = vec4i(read_document(block_6, j_113.x), read_document(block_6, j_113.y), read_document(block_6, j_113.z), read_document(block_6, j_113.w));
        let map_115 = select(vec4f(0.0), map_92, ((j_113 <= vec4i(i_109)) & (vec4i(entry_110) == entries_114)) & (vec4<bool>(0 <= i_109) & (j_113 < vec4i(launch.keys))));
        let entry_116 = read_document(block_6, i_109 + 1);
        let map_117 = select(vec4f(0.0), map_93, ((j_108 <= vec4i(i_109 + 1)) & (vec4i(entry_116) == entries_111)) & (vec4<bool>(0 <= i_109 + 1) & (j_108 < vec4i(launch.keys))));
        let map_118 = select(vec4f(0.0), map_94, ((j_113 <= vec4i(i_109 + 1)) & (vec4i(entry_116) == entries_114)) & (vec4<bool>(0 <= i_109 + 1) & (j_113 < vec4i(launch.keys))));
        let entry_119 = read_document(block_6, i_109 + 2);
        let map_120 = select(vec4f(0.0), map_95, ((j_108 <= vec4i(i_109 + 2)) & (vec4i(entry_119) == entries_111)) & (vec4<bool>(0 <= i_109 + 2) & (j_108 < vec4i(launch.keys))));
        let map_121 = select(vec4f(0.0), map_96, ((j_113 <= vec4i(i_109 + 2)) & (vec4i(entry_119) == entries_114)) & (vec4<bool>(0 <= i_109 + 2) & (j_113 < vec4i(launch.keys))));
        let entry_122 = read_document(block_6, i_109 + 3);
        let map_123 = select(vec4f(0.0), map_97, ((j_108 <= vec4i(i_109 + 3)) & (vec4i(entry_122) == entries_111)) & (vec4<bool>(0 <= i_109 + 3) & (j_108 < vec4i(launch.keys))));
        let map_124 = select(vec4f(0.0), map_98, ((j_113 <= vec4i(i_109 + 3)) & (vec4i(entry_122) == entries_114)) & (vec4<bool>(0 <= i_109 + 3) & (j_113 < vec4i(launch.keys))));
        chosen_99 = map_112;
        chosen_100 = map_115;
        chosen_101 = map_117;
        chosen_102 = map_118;
        chosen_103 = map_120;
        chosen_104 = map_121;
        chosen_105 = map_123;
        chosen_106 = map_124;
      }
      chosen_44 = chosen_99;
      chosen_45 = chosen_100;
      chosen_46 = chosen_101;
      chosen_47 = chosen_102;
      chosen_48 = chosen_103;
      chosen_49 = chosen_104;
      chosen_50 = chosen_105;
      chosen_51 = chosen_106;
    }
    workgroupBarrier();
    let to_125 = thread * 9;
    let kept_126 = mtaPacked_statistics_arena[to_125 + 8 + 2];
    workgroupBarrier();
    if (thread < 31) {
      mtaPacked_statistics_arena[to_125 + 2] = kept_126;
    }
    let row_127 = thread_row * 4;
    let line_128 = row_127 * 9;
    if (row_127 < 31) {
      mtaPacked_statistics_arena[line_128 + thread_column + 1 + 2] = chosen_44;
      mtaPacked_statistics_arena[line_128 + thread_column + 5 + 2] = chosen_45;
    }
    if (row_127 + 1 < 31) {
      mtaPacked_statistics_arena[line_128 + thread_column + 10 + 2] = chosen_46;
      mtaPacked_statistics_arena[line_128 + thread_column + 14 + 2] = chosen_47;
    }
    if (row_127 + 2 < 31) {
      mtaPacked_statistics_arena[line_128 + thread_column + 19 + 2] = chosen_48;
      mtaPacked_statistics_arena[line_128 + thread_column + 23 + 2] = chosen_49;
    }
    if (row_127 + 3 < 31) {
      mtaPacked_statistics_arena[line_128 + thread_column + 28 + 2] = chosen_50;
      mtaPacked_statistics_arena[line_128 + thread_column + 32 + 2] = chosen_51;
    }
    let from_129 = J_39 - 1;
    let bound_130 = from_129 + 31;
    let range_131 = range_document_1(block_6, from_129, bound_130, thread, 32);
    let is_full_132 = ((from_129 + 31 - from_35 <= 0) && ((range_37.x - range_131.y == 0) && (range_37.y - range_131.x == 0))) && ((-from_129 <= 0) && (from_129 + 31 - launch.keys < 0));
    let is_empty_133 = ((from_129 - (from_35 + 30) > 0) || ((range_37.x - range_131.y > 0) || (range_37.y - range_131.x < 0))) || ((-(from_129 + 31) > 0) || (from_129 - launch.keys >= 0));
    var chosen_134 = carried_21;
    var chosen_135 = carried_22;
    var chosen_136 = carried_23;
    var chosen_137 = carried_24;
    var chosen_138 = carried_25;
    var chosen_139 = carried_26;
    var chosen_140 = carried_27;
    var chosen_141 = carried_28;
    if (!is_empty_133) {
      workgroupBarrier();
      var convolved_142 = vec4f(0.0);
      var convolved_143 = vec4f(0.0);
      var convolved_144 = vec4f(0.0);
      var convolved_145 = vec4f(0.0);
      var convolved_146 = vec4f(0.0);
      var convolved_147 = vec4f(0.0);
      var convolved_148 = vec4f(0.0);
      var convolved_149 = vec4f(0.0);
      var part_150 = vec4f(0.0);
      let weights_151 = mtaPacked_statistics_arena[0];
      let row_153 = thread_row * 4 + 1;
      let neighbourhood_154 = row_153 * 9 + thread_column;
      let ring_152 = mtaPacked_statistics_arena[neighbourhood_154 - 9 + 2];
      let ring_155 = mtaPacked_statistics_arena[neighbourhood_154 - 8 + 2];
      let window_156 = vec4f(ring_152.z, ring_152.w, ring_155.x, ring_155.y);
      part_150 += weights_151.x * window_156;
      let window_157 = vec4f(ring_152.w, ring_155.x, ring_155.y, ring_155.z);
      part_150 += weights_151.y * window_157;
      part_150 += weights_151.z * ring_155;
      let column_158 = thread_column * 4;
      let i_159 = I_4 - 1 + row_153;
      let entry_160 = read_document(block_6, i_159 + 0 - 1);
      let entry_161 = read_document(block_6, i_159);
      let guard_162 = entry_160 == entry_161;
      convolved_142 += select(vec4f(), part_150, guard_162);
      var part_163 = vec4f(0.0);
      let weights_164 = mtaPacked_statistics_arena[1];
      let ring_165 = mtaPacked_statistics_arena[neighbourhood_154 + 2];
      let ring_166 = mtaPacked_statistics_arena[neighbourhood_154 + 1 + 2];
      let window_167 = vec4f(ring_165.z, ring_165.w, ring_166.x, ring_166.y);
      part_163 += weights_164.x * window_167;
      let window_168 = vec4f(ring_165.w, ring_166.x, ring_166.y, ring_166.z);
      part_163 += weights_164.y * window_168;
      part_163 += weights_164.z * ring_166;
      let entry_169 = read_document(block_6, i_159 + 1 - 1);
      let guard_170 = entry_169 == entry_161;
      convolved_142 += select(vec4f(), part_163, guard_170);
      var part_171 = vec4f(0.0);
      part_171 += weights_151.x * window_167;
      part_171 += weights_151.y * window_168;
      part_171 += weights_151.z * ring_166;
      let entry_172 = read_document(block_6, i_159 + 1 + 0 - 1);
      let entry_173 = read_document(block_6, i_159 + 1);
      let guard_174 = entry_172 == entry_173;
      convolved_144 += select(vec4f(), part_171, guard_174);
      var part_175 = vec4f(0.0);
      let ring_176 = mtaPacked_statistics_arena[neighbourhood_154 + 9 + 2];
      let ring_177 = mtaPacked_statistics_arena[neighbourhood_154 + 10 + 2];
      let window_178 = vec4f(ring_176.z, ring_176.w, ring_177.x, ring_177.y);
      part_175 += weights_164.x * window_178;
      let window_179 = vec4f(ring_176.w, ring_177.x, ring_177.y, ring_177.z);
      part_175 += weights_164.y * window_179;
      part_175 += weights_164.z * ring_177;
      let entry_180 = read_document(block_6, i_159 + 1 + 1 - 1);
      let guard_181 = entry_180 == entry_173;
      convolved_144 += select(vec4f(), part_175, guard_181);
      var part_182 = vec4f(0.0);
      part_182 += weights_151.x * window_178;
      part_182 += weights_151.y * window_179;
      part_182 += weights_151.z * ring_177;
      let entry_183 = read_document(block_6, i_159 + 2 + 0 - 1);
      let entry_184 = read_document(block_6, i_159 + 2);
      let guard_185 = entry_183 == entry_184;
      convolved_146 += select(vec4f(), part_182, guard_185);
      var part_186 = vec4f(0.0);
      let ring_187 = mtaPacked_statistics_arena[neighbourhood_154 + 18 + 2];
      let ring_188 = mtaPacked_statistics_arena[neighbourhood_154 + 19 + 2];
      let window_189 = vec4f(ring_187.z, ring_187.w, ring_188.x, ring_188.y);
      part_186 += weights_164.x * window_189;
      let window_190 = vec4f(ring_187.w, ring_188.x, ring_188.y, ring_188.z);
      part_186 += weights_164.y * window_190;
      part_186 += weights_164.z * ring_188;
      let entry_191 = read_document(block_6, i_159 + 2 + 1 - 1);
      let guard_192 = entry_191 == entry_184;
      convolved_146 += select(vec4f(), part_186, guard_192);
      var part_193 = vec4f(0.0);
      part_193 += weights_151.x * window_189;
      part_193 += weights_151.y * window_190;
      part_193 += weights_151.z * ring_188;
      let entry_194 = read_document(block_6, i_159 + 3 + 0 - 1);
      let entry_195 = read_document(block_6, i_159 + 3);
      let guard_196 = entry_194 == entry_195;
      convolved_148 += select(vec4f(), part_193, guard_196);
      var part_197 = vec4f(0.0);
      let ring_198 = mtaPacked_statistics_arena[neighbourhood_154 + 27 + 2];
      let ring_199 = mtaPacked_statistics_arena[neighbourhood_154 + 28 + 2];
      let window_200 = vec4f(ring_198.z, ring_198.w, ring_199.x, ring_199.y);
      part_197 += weights_164.x * window_200;
      let window_201 = vec4f(ring_198.w, ring_199.x, ring_199.y, ring_199.z);
      part_197 += weights_164.y * window_201;
      part_197 += weights_164.z * ring_199;
      let entry_202 = read_document(block_6, i_159 + 3 + 1 - 1);
      let guard_203 = entry_202 == entry_195;
      convolved_148 += select(vec4f(), part_197, guard_203);
      var part_204 = vec4f(0.0);
      let ring_205 = mtaPacked_statistics_arena[neighbourhood_154 - 5 + 2];
      let ring_206 = mtaPacked_statistics_arena[neighbourhood_154 - 4 + 2];
      let window_207 = vec4f(ring_205.z, ring_205.w, ring_206.x, ring_206.y);
      part_204 += weights_151.x * window_207;
      let window_208 = vec4f(ring_205.w, ring_206.x, ring_206.y, ring_206.z);
      part_204 += weights_151.y * window_208;
      part_204 += weights_151.z * ring_206;
      convolved_143 += select(vec4f(), part_204, guard_162);
      var part_209 = vec4f(0.0);
      let ring_210 = mtaPacked_statistics_arena[neighbourhood_154 + 4 + 2];
      let ring_211 = mtaPacked_statistics_arena[neighbourhood_154 + 5 + 2];
      let window_212 = vec4f(ring_210.z, ring_210.w, ring_211.x, ring_211.y);
      part_209 += weights_164.x * window_212;
      let window_213 = vec4f(ring_210.w, ring_211.x, ring_211.y, ring_211.z);
      part_209 += weights_164.y * window_213;
      part_209 += weights_164.z * ring_211;
      convolved_143 += select(vec4f(), part_209, guard_170);
      var part_214 = vec4f(0.0);
      part_214 += weights_151.x * window_212;
      part_214 += weights_151.y * window_213;
      part_214 += weights_151.z * ring_211;
      convolved_145 += select(vec4f(), part_214, guard_174);
      var part_215 = vec4f(0.0);
      let ring_216 = mtaPacked_statistics_arena[neighbourhood_154 + 13 + 2];
      let ring_217 = mtaPacked_statistics_arena[neighbourhood_154 + 14 + 2];
      let window_218 = vec4f(ring_216.z, ring_216.w, ring_217.x, ring_217.y);
      part_215 += weights_164.x * window_218;
      let window_219 = vec4f(ring_216.w, ring_217.x, ring_217.y, ring_217.z);
      part_215 += weights_164.y * window_219;
      part_215 += weights_164.z * ring_217;
      convolved_145 += select(vec4f(), part_215, guard_181);
      var part_220 = vec4f(0.0);
      part_220 += weights_151.x * window_218;
      part_220 += weights_151.y * window_219;
      part_220 += weights_151.z * ring_217;
      convolved_147 += select(vec4f(), part_220, guard_185);
      var part_221 = vec4f(0.0);
      let ring_222 = mtaPacked_statistics_arena[neighbourhood_154 + 22 + 2];
      let ring_223 = mtaPacked_statistics_arena[neighbourhood_154 + 23 + 2];
      let window_224 = vec4f(ring_222.z, ring_222.w, ring_223.x, ring_223.y);
      part_221 += weights_164.x * window_224;
      let window_225 = vec4f(ring_222.w, ring_223.x, ring_223.y, ring_223.z);
      part_221 += weights_164.y * window_225;
      part_221 += weights_164.z * ring_223;
      convolved_147 += select(vec4f(), part_221, guard_192);
      var part_226 = vec4f(0.0);
      part_226 += weights_151.x * window_224;
      part_226 += weights_151.y * window_225;
      part_226 += weights_151.z * ring_223;
      convolved_149 += select(vec4f(), part_226, guard_196);
      var part_227 = vec4f(0.0);
      let ring_228 = mtaPacked_statistics_arena[neighbourhood_154 + 31 + 2];
      let ring_229 = mtaPacked_statistics_arena[neighbourhood_154 + 32 + 2];
      let window_230 = vec4f(ring_228.z, ring_228.w, ring_229.x, ring_229.y);
      part_227 += weights_164.x * window_230;
      let window_231 = vec4f(ring_228.w, ring_229.x, ring_229.y, ring_229.z);
      part_227 += weights_164.y * window_231;
      part_227 += weights_164.z * ring_229;
      convolved_149 += select(vec4f(), part_227, guard_203);
      var chosen_232 = convolved_142;
      var chosen_233 = convolved_143;
      var chosen_234 = convolved_144;
      var chosen_235 = convolved_145;
      var chosen_236 = convolved_146;
      var chosen_237 = convolved_147;
      var chosen_238 = convolved_148;
      var chosen_239 = convolved_149;
      if (!is_full_132) {
        let j_240 = J_39 - 1 + column_158;
        let j_241 = j_240 + vec4i(0, 1, 2, 3);
        let entries_242 = vec4i(read_document(block_6, j_241.x), read_document(block_6, j_241.y), read_document(block_6, j_241.z), read_document(block_6, j_241.w));
        let map_243 = select(vec4f(-3.4e+38), convolved_142, ((j_241 <= vec4i(i_159)) & (vec4i(entry_161) == entries_242)) & ((vec4i(0) <= j_241) & (j_241 < vec4i(launch.keys))));
        let j_244 = j_240 + 16 + vec4i(0, 1, 2, 3);
        let entries_245 = vec4i(read_document(block_6, j_244.x), read_document(block_6, j_244.y), read_document(block_6, j_244.z), read_document(block_6, j_244.w));
        let map_246 = select(vec4f(-3.4e+38), convolved_143, ((j_244 <= vec4i(i_159)) & (vec4i(entry_161) == entries_245)) & ((vec4i(0) <= j_244) & (j_244 < vec4i(launch.keys))));
        let map_247 = select(vec4f(-3.4e+38), convolved_144, ((j_241 <= vec4i(i_159 + 1)) & (vec4i(entry_173) == entries_242)) & ((vec4i(0) <= j_241) & (j_241 < vec4i(launch.keys))));
        let map_248 = select(vec4f(-3.4e+38), convolved_145, ((j_244 <= vec4i(i_159 + 1)) & (vec4i(entry_173) == entries_245)) & ((vec4i(0) <= j_244) & (j_244 < vec4i(launch.keys))));
        let map_249 = select(vec4f(-3.4e+38), convolved_146, ((j_241 <= vec4i(i_159 + 2)) & (vec4i(entry_184) == entries_242)) & ((vec4i(0) <= j_241) & (j_241 < vec4i(launch.keys))));
        let map_250 = select(vec4f(-3.4e+38), convolved_147, ((j_244 <= vec4i(i_159 + 2)) & (vec4i(entry_184) == entries_245)) & ((vec4i(0) <= j_244) & (j_244 < vec4i(launch.keys))));
        let map_251 = select(vec4f(-3.4e+38), convolved_148, ((j_241 <= vec4i(i_159 + 3)) & (vec4i(entry_195) == entries_242)) & ((vec4i(0) <= j_241) & (j_241 < vec4i(launch.keys))));
        let map_252 = select(vec4f(-3.4e+38), convolved_149, ((j_244 <= vec4i(i_159 + 3)) & (vec4i(entry_195) == entries_245)) & ((vec4i(0) <= j_244) & (j_244 < vec4i(launch.keys))));
        chosen_232 = map_243;
        chosen_233 = map_246;
        chosen_234 = map_247;
        chosen_235 = map_248;
        chosen_236 = map_249;
        chosen_237 = map_250;
        chosen_238 = map_251;
        chosen_239 = map_252;
      }
      let partial_253 = max(chosen_232, chosen_233);
      let partial_254 = max(max(partial_253.x, partial_253.y), max(partial_253.z, partial_253.w));
      let partial_255 = max(chosen_234, chosen_235);
      let partial_256 = max(max(partial_255.x, partial_255.y), max(partial_255.z, partial_255.w));
      let partial_257 = max(chosen_236, chosen_237);
      let partial_258 = max(max(partial_257.x, partial_257.y), max(partial_257.z, partial_257.w));
      let partial_259 = max(chosen_238, chosen_239);
      let partial_260 = max(max(partial_259.x, partial_259.y), max(partial_259.z, partial_259.w));
      mtaPacked_statistics_arena[row_127 + thread_column + 343] = vec4f(partial_254, partial_256, partial_258, partial_260);
      workgroupBarrier();
      let max_261 = max(max(max(mtaPacked_statistics_arena[row_127 + 343], mtaPacked_statistics_arena[row_127 + 1 + 343]), mtaPacked_statistics_arena[row_127 + 2 + 343]), mtaPacked_statistics_arena[row_127 + 3 + 343]);
      let map_262 = max(carried_21, max_261.x);
      let map_263 = max(carried_22, max_261.y);
      let map_264 = max(carried_23, max_261.z);
      let map_265 = max(carried_24, max_261.w);
      let map_266 = exponential_difference(carried_21, map_262);
      let map_267 = exponential_difference(carried_22, map_263);
      let map_268 = exponential_difference(carried_23, map_264);
      let map_269 = exponential_difference(carried_24, map_265);
      let map_270 = exponential_difference_wide(chosen_232, vec4f(map_262));
      let map_271 = exponential_difference_wide(chosen_233, vec4f(map_262));
      let map_272 = exponential_difference_wide(chosen_234, vec4f(map_263));
      let map_273 = exponential_difference_wide(chosen_235, vec4f(map_263));
      let map_274 = exponential_difference_wide(chosen_236, vec4f(map_264));
      let map_275 = exponential_difference_wide(chosen_237, vec4f(map_264));
      let map_276 = exponential_difference_wide(chosen_238, vec4f(map_265));
      let map_277 = exponential_difference_wide(chosen_239, vec4f(map_265));
      let map_278 = carried_25 * map_266;
      let map_279 = carried_26 * map_267;
      let map_280 = carried_27 * map_268;
      let map_281 = carried_28 * map_269;
      let partial_282 = map_270 + map_271;
      let partial_283 = partial_282.x + partial_282.y + (partial_282.z + partial_282.w);
      let partial_284 = map_272 + map_273;
      let partial_285 = partial_284.x + partial_284.y + (partial_284.z + partial_284.w);
      let partial_286 = map_274 + map_275;
      let partial_287 = partial_286.x + partial_286.y + (partial_286.z + partial_286.w);
      let partial_288 = map_276 + map_277;
      let partial_289 = partial_288.x + partial_288.y + (partial_288.z + partial_288.w);
      let map_290 = map_278 + partial_283;
      let map_291 = map_279 + partial_285;
      let map_292 = map_280 + partial_287;
      let map_293 = map_281 + partial_289;
      chosen_134 = map_262;
      chosen_135 = map_263;
      chosen_136 = map_264;
      chosen_137 = map_265;
      chosen_138 = map_290;
      chosen_139 = map_291;
      chosen_140 = map_292;
      chosen_141 = map_293;
    }
    carried_21 = chosen_134;
    carried_22 = chosen_135;
    carried_23 = chosen_136;
    carried_24 = chosen_137;
    carried_25 = chosen_138;
    carried_26 = chosen_139;
    carried_27 = chosen_140;
    carried_28 = chosen_141;
  }
  workgroupBarrier();
  let line_294 = thread_row * 4;
  mtaPacked_statistics_arena[line_294 + thread_column + 343] = vec4f(carried_25, carried_26, carried_27, carried_28);
  workgroupBarrier();
  let sum_295 = mtaPacked_statistics_arena[line_294 + 343] + mtaPacked_statistics_arena[line_294 + 1 + 343] + mtaPacked_statistics_arena[line_294 + 2 + 343] + mtaPacked_statistics_arena[line_294 + 3 + 343];
  let row_296 = thread_row * 4 + 1;
  let map_297 = select(-3.4e+38, carried_21 + log(sum_295.x), sum_295.x > 0.0);
  let map_298 = select(-3.4e+38, carried_22 + log(sum_295.y), sum_295.y > 0.0);
  let map_299 = select(-3.4e+38, carried_23 + log(sum_295.z), sum_295.z > 0.0);
  let map_300 = select(-3.4e+38, carried_24 + log(sum_295.w), sum_295.w > 0.0);
  let stored_301 = select(map_297, bitcast<f32>(launch.minus_infinity), map_297 <= -1.7e+38);
  let i_302 = I_4 - 1 + row_296;
  let place_303 = i_302 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_296 < 31 && u32(place_303) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_303] = stored_301;
  }
  let stored_304 = select(map_298, bitcast<f32>(launch.minus_infinity), map_298 <= -1.7e+38);
  let place_305 = i_302 + 1 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_296 + 1 < 31 && u32(place_305) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_305] = stored_304;
  }
  let stored_306 = select(map_299, bitcast<f32>(launch.minus_infinity), map_299 <= -1.7e+38);
  let place_307 = i_302 + 2 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_296 + 2 < 31 && u32(place_307) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_307] = stored_306;
  }
  let stored_308 = select(map_300, bitcast<f32>(launch.minus_infinity), map_300 <= -1.7e+38);
  let place_309 = i_302 + 3 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_296 + 3 < 31 && u32(place_309) < u32(launch.queries)) {
    statistics_data[launch.statistics_offset + block_6 * launch.statistics_stride_0 + block_5 * launch.statistics_stride_1 + place_309] = stored_308;
  }
  let place_310 = i_302 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_296 < 31 && u32(place_310) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_310] = stored_301;
  }
  let place_311 = i_302 + 1 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_296 + 1 < 31 && u32(place_311) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_311] = stored_304;
  }
  let place_312 = i_302 + 2 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_296 + 2 < 31 && u32(place_312) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_312] = stored_306;
  }
  let place_313 = i_302 + 3 - (launch.keys - launch.rows);
  if (thread_column == 0 && row_296 + 3 < 31 && u32(place_313) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_313] = stored_308;
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
  let bound_44 = from_43 + 31;
  let range_45 = range_document_1(block_6, from_43, bound_44, thread, 32);
  let end_46 = min(launch.keys, I_4 + 30) + 2;
  for (var J_47 = 0; J_47 < end_46; J_47 += 32) {
    let bound_48 = J_47 + 31;
    let range_49 = range_document_1(block_6, J_47, bound_48, thread, 32);
    let is_full_50 = ((J_47 + 31 - from_43 <= 0) && ((range_45.x - range_49.y == 0) && (range_45.y - range_49.x == 0))) && ((-from_43 <= 0) && (J_47 + 31 - launch.keys < 0));
    let is_empty_51 = ((J_47 - (from_43 + 31) > 0) || ((range_45.x - range_49.y > 0) || (range_45.y - range_49.x < 0))) || ((-(from_43 + 31) > 0) || (J_47 - launch.keys >= 0));
    var chosen_52 = vec4f();
    var chosen_53 = vec4f();
    var chosen_54 = vec4f();
    var chosen_55 = vec4f();
    var chosen_56 = vec4f();
    var chosen_57 = vec4f();
    var chosen_58 = vec4f();
    var chosen_59 = vec4f();
    if (is_empty_51) {
      let constant_60 = vec4f(0.0);
      let constant_61 = vec4f(0.0);
      let constant_62 = vec4f(0.0);
      let constant_63 = vec4f(0.0);
      let constant_64 = vec4f(0.0);
      let constant_65 = vec4f(0.0);
      let constant_66 = vec4f(0.0);
      let constant_67 = vec4f(0.0);
      chosen_52 = constant_60;
      chosen_53 = constant_61;
      chosen_54 = constant_62;
      chosen_55 = constant_63;
      chosen_56 = constant_64;
      chosen_57 = constant_65;
      chosen_58 = constant_66;
      chosen_59 = constant_67;
    }
    else {
      var product_68 = vec4f(0.0);
      var product_69 = vec4f(0.0);
      var product_70 = vec4f(0.0);
      var product_71 = vec4f(0.0);
      var product_72 = vec4f(0.0);
      var product_73 = vec4f(0.0);
      var product_74 = vec4f(0.0);
      var product_75 = vec4f(0.0);
      workgroupBarrier();
      for (var n_77 = thread; n_77 < 64; n_77 += 32) {
        let line_78 = n_77 / 2;
        let vector_79 = n_77 % 2;
        let at_80 = J_47 + line_78;
        var loaded_81 = vec4f();
        if (u32(at_80) < u32(launch.keys) && u32(vector_79) < 2u) {
          loaded_81 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + block_5 * launch.k_stride_1 + at_80 * launch.k_stride_2 + vector_79];
        }
        mtaPacked_arena[n_77 + (line_78 >> 2u) + 644] = loaded_81;
      }
      workgroupBarrier();
      let row_83 = thread_row * 4;
      let left_84 = row_83 * 2;
      let right_85 = thread_column * 9;
      for (var k_82 = 0; k_82 < 2; k_82++) {
        let right_86 = mtaPacked_arena[right_85 + k_82 + 644];
        let right_87 = mtaPacked_arena[right_85 + k_82 + 646];
        let right_88 = mtaPacked_arena[right_85 + k_82 + 648];
        let right_89 = mtaPacked_arena[right_85 + k_82 + 650];
        let right_90 = mtaPacked_arena[right_85 + k_82 + 680];
        let right_91 = mtaPacked_arena[right_85 + k_82 + 682];
        let right_92 = mtaPacked_arena[right_85 + k_82 + 684];
        let right_93 = mtaPacked_arena[right_85 + k_82 + 686];
        let left_94 = mtaPacked_arena[left_84 + k_82 + 580];
        product_68 += vec4f(dot(left_94, right_86), dot(left_94, right_87), dot(left_94, right_88), dot(left_94, right_89));
        product_69 += vec4f(dot(left_94, right_90), dot(left_94, right_91), dot(left_94, right_92), dot(left_94, right_93));
        let left_95 = mtaPacked_arena[left_84 + k_82 + 582];
        product_70 += vec4f(dot(left_95, right_86), dot(left_95, right_87), dot(left_95, right_88), dot(left_95, right_89));
        product_71 += vec4f(dot(left_95, right_90), dot(left_95, right_91), dot(left_95, right_92), dot(left_95, right_93));
        let left_96 = mtaPacked_arena[left_84 + k_82 + 584];
        product_72 += vec4f(dot(left_96, right_86), dot(left_96, right_87), dot(left_96, right_88), dot(left_96, right_89));
        product_73 += vec4f(dot(left_96, right_90), dot(left_96, right_91), dot(left_96, right_92), dot(left_96, right_93));
        let left_97 = mtaPacked_arena[left_84 + k_82 + 586];
        product_74 += vec4f(dot(left_97, right_86), dot(left_97, right_87), dot(left_97, right_88), dot(left_97, right_89));
        product_75 += vec4f(dot(left_97, right_90), dot(left_97, right_91), dot(left_97, right_92), dot(left_97, right_93));
      }
      let column_98 = thread_column * 4;
      let map_99 = product_68 / 2.828427;
      let map_100 = product_69 / 2.828427;
      let map_101 = product_70 / 2.828427;
      let map_102 = product_71 / 2.828427;
      let map_103 = product_72 / 2.828427;
      let map_104 = product_73 / 2.828427;
      let map_105 = product_74 / 2.828427;
      let map_106 = product_75 / 2.828427;
      var chosen_107 = map_99;
      var chosen_108 = map_100;
      var chosen_109 = map_101;
      var chosen_110 = map_102;
      var chosen_111 = map_103;
      var chosen_112 = map_104;
      var chosen_113 = map_105;
      var chosen_114 = map_106;
      if (!is_full_50) {
        let j_115 = J_47 + column_98;
        let j_116 = j_115 + vec4i(0, 1, 2, 3);
        let i_117 = I_4 - 2 + row_83;
        let entry_118 = read_document(block_6, i_117);
        let entries_119 = vec4i(read_document(block_6, j_116.x), read_document(block_6, j_116.y), read_document(block_6, j_116.z), read_document(block_6, j_116.w));
        let map_120 = select(vec4f(0.0), map_99, ((j_116 <= vec4i(i_117)) & (vec4i(entry_118) == entries_119)) & (vec4<bool>(0 <= i_117) & (j_116 < vec4i(launch.keys))));
        let j_121 = j_115 + 16 + vec4i(0, 1, 2, 3);
        let entries_122 = vec4i(read_document(block_6, j_121.x), read_document(block_6, j_121.y), read_document(block_6, j_121.z), read_document(block_6, j_121.w));
        let map_123 = select(vec4f(0.0), map_100, ((j_121 <= vec4i(i_117)) & (vec4i(entry_118) == entries_122)) & (vec4<bool>(0 <= i_117) & (j_121 < vec4i(launch.keys))));
        let entry_124 = read_document(block_6, i_117 + 1);
        let map_125 = select(vec4f(0.0), map_101, ((j_116 <= vec4i(i_117 + 1)) & (vec4i(entry_124) == entries_119)) & (vec4<bool>(0 <= i_117 + 1) & (j_116 < vec4i(launch.keys))));
        let map_126 = select(vec4f(0.0), map_102, ((j_121 <= vec4i(i_117 + 1)) & (vec4i(entry_124) == entries_122)) & (vec4<bool>(0 <= i_117 + 1) & (j_121 < vec4i(launch.keys))));
        let entry_127 = read_document(block_6, i_117 + 2);
        let map_128 = select(vec4f(0.0), map_103, ((j_116 <= vec4i(i_117 + 2)) & (vec4i(entry_127) == entries_119)) & (vec4<bool>(0 <= i_117 + 2) & (j_116 < vec4i(launch.keys))));
        let map_129 = select(vec4f(0.0), map_104, ((j_121 <= vec4i(i_117 + 2)) & (vec4i(entry_127) == entries_122)) & (vec4<bool>(0 <= i_117 + 2) & (j_121 < vec4i(launch.keys))));
        let entry_130 = read_document(block_6, i_117 + 3);
        let map_131 = select(vec4f(0.0), map_105, ((j_116 <= vec4i(i_117 + 3)) & (vec4i(entry_130) == entries_119)) & (vec4<bool>(0 <= i_117 + 3) & (j_116 < vec4i(launch.keys))));
        let map_132 = select(vec4f(0.0), map_106, ((j_121 <= vec4i(i_117 + 3)) & (vec4i(entry_130) == entries_122)) & (vec4<bool>(0 <= i_117 + 3) & (j_121 < vec4i(launch.keys))));
        chosen_107 = map_120;
        chosen_108 = map_123;
        chosen_109 = map_125;
        chosen_110 = map_126;
        chosen_111 = map_128;
        chosen_112 = map_129;
        chosen_113 = map_131;
        chosen_114 = map_132;
      }
      chosen_52 = chosen_107;
      chosen_53 = chosen_108;
      chosen_54 = chosen_109;
      chosen_55 = chosen_110;
      chosen_56 = chosen_111;
      chosen_57 = chosen_112;
      chosen_58 = chosen_113;
      chosen_59 = chosen_114;
    }
    workgroupBarrier();
    let to_133 = thread * 9;
    let kept_134 = mtaPacked_arena[to_133 + 8 + 4];
    workgroupBarrier();
    mtaPacked_arena[to_133 + 4] = kept_134;
    let row_135 = thread_row * 4;
    let line_136 = row_135 * 9;
    mtaPacked_arena[line_136 + thread_column + 1 + 4] = chosen_52;
    mtaPacked_arena[line_136 + thread_column + 5 + 4] = chosen_53;
    mtaPacked_arena[line_136 + thread_column + 10 + 4] = chosen_54;
    mtaPacked_arena[line_136 + thread_column + 14 + 4] = chosen_55;
    mtaPacked_arena[line_136 + thread_column + 19 + 4] = chosen_56;
    mtaPacked_arena[line_136 + thread_column + 23 + 4] = chosen_57;
    mtaPacked_arena[line_136 + thread_column + 28 + 4] = chosen_58;
    mtaPacked_arena[line_136 + thread_column + 32 + 4] = chosen_59;
    let from_137 = J_47 - 1;
    let bound_138 = from_137 + 31;
    let range_139 = range_document_1(block_6, from_137, bound_138, thread, 32);
    let is_full_140 = ((from_137 + 31 - from_43 <= 0) && ((range_45.x - range_139.y == 0) && (range_45.y - range_139.x == 0))) && ((-from_43 <= 0) && ((-from_137 <= 0) && (from_137 + 31 - launch.keys < 0)));
    let is_empty_141 = ((from_137 - (from_43 + 31) > 0) || ((range_45.x - range_139.y > 0) || (range_45.y - range_139.x < 0))) || ((-(from_43 + 31) > 0) || ((-(from_137 + 31) > 0) || (from_137 - launch.keys >= 0)));
    var chosen_142 = vec4f();
    var chosen_143 = vec4f();
    var chosen_144 = vec4f();
    var chosen_145 = vec4f();
    var chosen_146 = vec4f();
    var chosen_147 = vec4f();
    var chosen_148 = vec4f();
    var chosen_149 = vec4f();
    if (is_empty_141) {
      let constant_150 = vec4f(0.0);
      let constant_151 = vec4f(0.0);
      let constant_152 = vec4f(0.0);
      let constant_153 = vec4f(0.0);
      let constant_154 = vec4f(0.0);
      let constant_155 = vec4f(0.0);
      let constant_156 = vec4f(0.0);
      let constant_157 = vec4f(0.0);
      chosen_142 = constant_150;
      chosen_143 = constant_151;
      chosen_144 = constant_152;
      chosen_145 = constant_153;
      chosen_146 = constant_154;
      chosen_147 = constant_155;
      chosen_148 = constant_156;
      chosen_149 = constant_157;
    }
    else {
      workgroupBarrier();
      var convolved_158 = vec4f(0.0);
      var convolved_159 = vec4f(0.0);
      var convolved_160 = vec4f(0.0);
      var convolved_161 = vec4f(0.0);
      var convolved_162 = vec4f(0.0);
      var convolved_163 = vec4f(0.0);
      var convolved_164 = vec4f(0.0);
      var convolved_165 = vec4f(0.0);
      var part_166 = vec4f(0.0);
      let weights_167 = mtaPacked_arena[0];
      let neighbourhood_169 = row_17 * 9 + thread_column;
      let ring_168 = mtaPacked_arena[neighbourhood_169 - 9 + 4];
      let ring_170 = mtaPacked_arena[neighbourhood_169 - 8 + 4];
      let window_171 = vec4f(ring_168.z, ring_168.w, ring_170.x, ring_170.y);
      part_166 += weights_167.x * window_171;
      let window_172 = vec4f(ring_168.w, ring_170.x, ring_170.y, ring_170.z);
      part_166 += weights_167.y * window_172;
      part_166 += weights_167.z * ring_170;
      let column_173 = thread_column * 4;
      let entry_174 = read_document(block_6, i_18 + 0 - 1);
      let entry_175 = read_document(block_6, i_18);
      let guard_176 = entry_174 == entry_175;
      convolved_158 += select(vec4f(), part_166, guard_176);
      var part_177 = vec4f(0.0);
      let weights_178 = mtaPacked_arena[1];
      let ring_179 = mtaPacked_arena[neighbourhood_169 + 4];
      let ring_180 = mtaPacked_arena[neighbourhood_169 + 1 + 4];
      let window_181 = vec4f(ring_179.z, ring_179.w, ring_180.x, ring_180.y);
      part_177 += weights_178.x * window_181;
      let window_182 = vec4f(ring_179.w, ring_180.x, ring_180.y, ring_180.z);
      part_177 += weights_178.y * window_182;
      part_177 += weights_178.z * ring_180;
      let entry_183 = read_document(block_6, i_18 + 1 - 1);
      let guard_184 = entry_183 == entry_175;
      convolved_158 += select(vec4f(), part_177, guard_184);
      var part_185 = vec4f(0.0);
      part_185 += weights_167.x * window_181;
      part_185 += weights_167.y * window_182;
      part_185 += weights_167.z * ring_180;
      let entry_186 = read_document(block_6, i_18 + 1 + 0 - 1);
      let entry_187 = read_document(block_6, i_18 + 1);
      let guard_188 = entry_186 == entry_187;
      convolved_160 += select(vec4f(), part_185, guard_188);
      var part_189 = vec4f(0.0);
      let ring_190 = mtaPacked_arena[neighbourhood_169 + 9 + 4];
      let ring_191 = mtaPacked_arena[neighbourhood_169 + 10 + 4];
      let window_192 = vec4f(ring_190.z, ring_190.w, ring_191.x, ring_191.y);
      part_189 += weights_178.x * window_192;
      let window_193 = vec4f(ring_190.w, ring_191.x, ring_191.y, ring_191.z);
      part_189 += weights_178.y * window_193;
      part_189 += weights_178.z * ring_191;
      let entry_194 = read_document(block_6, i_18 + 1 + 1 - 1);
      let guard_195 = entry_194 == entry_187;
      convolved_160 += select(vec4f(), part_189, guard_195);
      var part_196 = vec4f(0.0);
      part_196 += weights_167.x * window_192;
      part_196 += weights_167.y * window_193;
      part_196 += weights_167.z * ring_191;
      let entry_197 = read_document(block_6, i_18 + 2 + 0 - 1);
      let entry_198 = read_document(block_6, i_18 + 2);
      let guard_199 = entry_197 == entry_198;
      convolved_162 += select(vec4f(), part_196, guard_199);
      var part_200 = vec4f(0.0);
      let ring_201 = mtaPacked_arena[neighbourhood_169 + 18 + 4];
      let ring_202 = mtaPacked_arena[neighbourhood_169 + 19 + 4];
      let window_203 = vec4f(ring_201.z, ring_201.w, ring_202.x, ring_202.y);
      part_200 += weights_178.x * window_203;
      let window_204 = vec4f(ring_201.w, ring_202.x, ring_202.y, ring_202.z);
      part_200 += weights_178.y * window_204;
      part_200 += weights_178.z * ring_202;
      let entry_205 = read_document(block_6, i_18 + 2 + 1 - 1);
      let guard_206 = entry_205 == entry_198;
      convolved_162 += select(vec4f(), part_200, guard_206);
      var part_207 = vec4f(0.0);
      part_207 += weights_167.x * window_203;
      part_207 += weights_167.y * window_204;
      part_207 += weights_167.z * ring_202;
      let entry_208 = read_document(block_6, i_18 + 3 + 0 - 1);
      let entry_209 = read_document(block_6, i_18 + 3);
      let guard_210 = entry_208 == entry_209;
      convolved_164 += select(vec4f(), part_207, guard_210);
      var part_211 = vec4f(0.0);
      let ring_212 = mtaPacked_arena[neighbourhood_169 + 27 + 4];
      let ring_213 = mtaPacked_arena[neighbourhood_169 + 28 + 4];
      let window_214 = vec4f(ring_212.z, ring_212.w, ring_213.x, ring_213.y);
      part_211 += weights_178.x * window_214;
      let window_215 = vec4f(ring_212.w, ring_213.x, ring_213.y, ring_213.z);
      part_211 += weights_178.y * window_215;
      part_211 += weights_178.z * ring_213;
      let entry_216 = read_document(block_6, i_18 + 3 + 1 - 1);
      let guard_217 = entry_216 == entry_209;
      convolved_164 += select(vec4f(), part_211, guard_217);
      var part_218 = vec4f(0.0);
      let ring_219 = mtaPacked_arena[neighbourhood_169 - 5 + 4];
      let ring_220 = mtaPacked_arena[neighbourhood_169 - 4 + 4];
      let window_221 = vec4f(ring_219.z, ring_219.w, ring_220.x, ring_220.y);
      part_218 += weights_167.x * window_221;
      let window_222 = vec4f(ring_219.w, ring_220.x, ring_220.y, ring_220.z);
      part_218 += weights_167.y * window_222;
      part_218 += weights_167.z * ring_220;
      convolved_159 += select(vec4f(), part_218, guard_176);
      var part_223 = vec4f(0.0);
      let ring_224 = mtaPacked_arena[neighbourhood_169 + 4 + 4];
      let ring_225 = mtaPacked_arena[neighbourhood_169 + 5 + 4];
      let window_226 = vec4f(ring_224.z, ring_224.w, ring_225.x, ring_225.y);
      part_223 += weights_178.x * window_226;
      let window_227 = vec4f(ring_224.w, ring_225.x, ring_225.y, ring_225.z);
      part_223 += weights_178.y * window_227;
      part_223 += weights_178.z * ring_225;
      convolved_159 += select(vec4f(), part_223, guard_184);
      var part_228 = vec4f(0.0);
      part_228 += weights_167.x * window_226;
      part_228 += weights_167.y * window_227;
      part_228 += weights_167.z * ring_225;
      convolved_161 += select(vec4f(), part_228, guard_188);
      var part_229 = vec4f(0.0);
      let ring_230 = mtaPacked_arena[neighbourhood_169 + 13 + 4];
      let ring_231 = mtaPacked_arena[neighbourhood_169 + 14 + 4];
      let window_232 = vec4f(ring_230.z, ring_230.w, ring_231.x, ring_231.y);
      part_229 += weights_178.x * window_232;
      let window_233 = vec4f(ring_230.w, ring_231.x, ring_231.y, ring_231.z);
      part_229 += weights_178.y * window_233;
      part_229 += weights_178.z * ring_231;
      convolved_161 += select(vec4f(), part_229, guard_195);
      var part_234 = vec4f(0.0);
      part_234 += weights_167.x * window_232;
      part_234 += weights_167.y * window_233;
      part_234 += weights_167.z * ring_231;
      convolved_163 += select(vec4f(), part_234, guard_199);
      var part_235 = vec4f(0.0);
      let ring_236 = mtaPacked_arena[neighbourhood_169 + 22 + 4];
      let ring_237 = mtaPacked_arena[neighbourhood_169 + 23 + 4];
      let window_238 = vec4f(ring_236.z, ring_236.w, ring_237.x, ring_237.y);
      part_235 += weights_178.x * window_238;
      let window_239 = vec4f(ring_236.w, ring_237.x, ring_237.y, ring_237.z);
      part_235 += weights_178.y * window_239;
      part_235 += weights_178.z * ring_237;
      convolved_163 += select(vec4f(), part_235, guard_206);
      var part_240 = vec4f(0.0);
      part_240 += weights_167.x * window_238;
      part_240 += weights_167.y * window_239;
      part_240 += weights_167.z * ring_237;
      convolved_165 += select(vec4f(), part_240, guard_210);
      var part_241 = vec4f(0.0);
      let ring_242 = mtaPacked_arena[neighbourhood_169 + 31 + 4];
      let ring_243 = mtaPacked_arena[neighbourhood_169 + 32 + 4];
      let window_244 = vec4f(ring_242.z, ring_242.w, ring_243.x, ring_243.y);
      part_241 += weights_178.x * window_244;
      let window_245 = vec4f(ring_242.w, ring_243.x, ring_243.y, ring_243.z);
      part_241 += weights_178.y * window_245;
      part_241 += weights_178.z * ring_243;
      convolved_165 += select(vec4f(), part_241, guard_217);
      let map_246 = exponential_difference_wide(convolved_158, vec4f(map_20));
      let map_247 = exponential_difference_wide(convolved_159, vec4f(map_20));
      let map_248 = exponential_difference_wide(convolved_160, vec4f(map_22));
      let map_249 = exponential_difference_wide(convolved_161, vec4f(map_22));
      let map_250 = exponential_difference_wide(convolved_162, vec4f(map_24));
      let map_251 = exponential_difference_wide(convolved_163, vec4f(map_24));
      let map_252 = exponential_difference_wide(convolved_164, vec4f(map_26));
      let map_253 = exponential_difference_wide(convolved_165, vec4f(map_26));
      var chosen_254 = map_246;
      var chosen_255 = map_247;
      var chosen_256 = map_248;
      var chosen_257 = map_249;
      var chosen_258 = map_250;
      var chosen_259 = map_251;
      var chosen_260 = map_252;
      var chosen_261 = map_253;
      if (!is_full_140) {
        let j_262 = J_47 - 1 + column_173;
        let j_263 = j_262 + vec4i(0, 1, 2, 3);
        let entries_264 = vec4i(read_document(block_6, j_263.x), read_document(block_6, j_263.y), read_document(block_6, j_263.z), read_document(block_6, j_263.w));
        let map_265 = select(vec4f(0.0), map_246, ((j_263 <= vec4i(i_18)) & (vec4i(entry_175) == entries_264)) & (vec4<bool>(0 <= i_18) & ((vec4i(0) <= j_263) & (j_263 < vec4i(launch.keys)))));
        let j_266 = j_262 + 16 + vec4i(0, 1, 2, 3);
        let entries_267 = vec4i(read_document(block_6, j_266.x), read_document(block_6, j_266.y), read_document(block_6, j_266.z), read_document(block_6, j_266.w));
        let map_268 = select(vec4f(0.0), map_247, ((j_266 <= vec4i(i_18)) & (vec4i(entry_175) == entries_267)) & (vec4<bool>(0 <= i_18) & ((vec4i(0) <= j_266) & (j_266 < vec4i(launch.keys)))));
        let map_269 = select(vec4f(0.0), map_248, ((j_263 <= vec4i(i_18 + 1)) & (vec4i(entry_187) == entries_264)) & (vec4<bool>(0 <= i_18 + 1) & ((vec4i(0) <= j_263) & (j_263 < vec4i(launch.keys)))));
        let map_270 = select(vec4f(0.0), map_249, ((j_266 <= vec4i(i_18 + 1)) & (vec4i(entry_187) == entries_267)) & (vec4<bool>(0 <= i_18 + 1) & ((vec4i(0) <= j_266) & (j_266 < vec4i(launch.keys)))));
        let map_271 = select(vec4f(0.0), map_250, ((j_263 <= vec4i(i_18 + 2)) & (vec4i(entry_198) == entries_264)) & (vec4<bool>(0 <= i_18 + 2) & ((vec4i(0) <= j_263) & (j_263 < vec4i(launch.keys)))));
        let map_272 = select(vec4f(0.0), map_251, ((j_266 <= vec4i(i_18 + 2)) & (vec4i(entry_198) == entries_267)) & (vec4<bool>(0 <= i_18 + 2) & ((vec4i(0) <= j_266) & (j_266 < vec4i(launch.keys)))));
        let map_273 = select(vec4f(0.0), map_252, ((j_263 <= vec4i(i_18 + 3)) & (vec4i(entry_209) == entries_264)) & (vec4<bool>(0 <= i_18 + 3) & ((vec4i(0) <= j_263) & (j_263 < vec4i(launch.keys)))));
        let map_274 = select(vec4f(0.0), map_253, ((j_266 <= vec4i(i_18 + 3)) & (vec4i(entry_209) == entries_267)) & (vec4<bool>(0 <= i_18 + 3) & ((vec4i(0) <= j_266) & (j_266 < vec4i(launch.keys)))));
        chosen_254 = map_265;
        chosen_255 = map_268;
        chosen_256 = map_269;
        chosen_257 = map_270;
        chosen_258 = map_271;
        chosen_259 = map_272;
        chosen_260 = map_273;
        chosen_261 = map_274;
      }
      chosen_142 = chosen_254;
      chosen_143 = chosen_255;
      chosen_144 = chosen_256;
      chosen_145 = chosen_257;
      chosen_146 = chosen_258;
      chosen_147 = chosen_259;
      chosen_148 = chosen_260;
      chosen_149 = chosen_261;
    }
    let kept_275 = mtaPacked_arena[to_133 + 8 + 292];
    workgroupBarrier();
    mtaPacked_arena[to_133 + 292] = kept_275;
    let line_276 = row_17 * 9;
    if (row_17 < 32) {
      mtaPacked_arena[line_276 + thread_column + 1 + 292] = chosen_142;
      mtaPacked_arena[line_276 + thread_column + 5 + 292] = chosen_143;
    }
    if (row_17 + 1 < 32) {
      mtaPacked_arena[line_276 + thread_column + 10 + 292] = chosen_144;
      mtaPacked_arena[line_276 + thread_column + 14 + 292] = chosen_145;
    }
    if (row_17 + 2 < 32) {
      mtaPacked_arena[line_276 + thread_column + 19 + 292] = chosen_146;
      mtaPacked_arena[line_276 + thread_column + 23 + 292] = chosen_147;
    }
    if (row_17 + 3 < 32) {
      mtaPacked_arena[line_276 + thread_column + 28 + 292] = chosen_148;
      mtaPacked_arena[line_276 + thread_column + 32 + 292] = chosen_149;
    }
    let from_277 = J_47 - 2;
    let bound_278 = from_277 + 31;
    let range_279 = range_document_1(block_6, from_277, bound_278, thread, 32);
    let is_full_280 = ((from_277 + 31 - from_43 <= 0) && ((range_45.x - range_279.y == 0) && (range_45.y - range_279.x == 0))) && ((-from_277 <= 0) && (from_277 + 31 - launch.keys < 0));
    let is_empty_281 = ((from_277 - (from_43 + 31) > 0) || ((range_45.x - range_279.y > 0) || (range_45.y - range_279.x < 0))) || ((-(from_277 + 31) > 0) || (from_277 - launch.keys >= 0));
    var chosen_282 = carried_33;
    var chosen_283 = carried_34;
    var chosen_284 = carried_35;
    var chosen_285 = carried_36;
    if (!is_empty_281) {
      workgroupBarrier();
      var convolved_286 = vec4f(0.0);
      var convolved_287 = vec4f(0.0);
      var convolved_288 = vec4f(0.0);
      var convolved_289 = vec4f(0.0);
      var convolved_290 = vec4f(0.0);
      var convolved_291 = vec4f(0.0);
      var convolved_292 = vec4f(0.0);
      var convolved_293 = vec4f(0.0);
      var part_294 = vec4f(0.0);
      let weights_295 = mtaPacked_arena[2];
      let row_297 = thread_row * 4 + 2;
      let neighbourhood_298 = row_297 * 9 + thread_column;
      let ring_296 = mtaPacked_arena[neighbourhood_298 - 9 + 292];
      let ring_299 = mtaPacked_arena[neighbourhood_298 - 8 + 292];
      let window_300 = vec4f(ring_296.z, ring_296.w, ring_299.x, ring_299.y);
      part_294 += weights_295.x * window_300;
      let window_301 = vec4f(ring_296.w, ring_299.x, ring_299.y, ring_299.z);
      part_294 += weights_295.y * window_301;
      part_294 += weights_295.z * ring_299;
      let column_302 = thread_column * 4;
      let i_303 = I_4 - 2 + row_297;
      let entry_304 = read_document(block_6, i_303 + 0 - 1);
      let entry_305 = read_document(block_6, i_303);
      let guard_306 = entry_304 == entry_305;
      convolved_286 += select(vec4f(), part_294, guard_306);
      var part_307 = vec4f(0.0);
      let weights_308 = mtaPacked_arena[3];
      let ring_309 = mtaPacked_arena[neighbourhood_298 + 292];
      let ring_310 = mtaPacked_arena[neighbourhood_298 + 1 + 292];
      let window_311 = vec4f(ring_309.z, ring_309.w, ring_310.x, ring_310.y);
      part_307 += weights_308.x * window_311;
      let window_312 = vec4f(ring_309.w, ring_310.x, ring_310.y, ring_310.z);
      part_307 += weights_308.y * window_312;
      part_307 += weights_308.z * ring_310;
      let entry_313 = read_document(block_6, i_303 + 1 - 1);
      let guard_314 = entry_313 == entry_305;
      convolved_286 += select(vec4f(), part_307, guard_314);
      var part_315 = vec4f(0.0);
      part_315 += weights_295.x * window_311;
      part_315 += weights_295.y * window_312;
      part_315 += weights_295.z * ring_310;
      let entry_316 = read_document(block_6, i_303 + 1 + 0 - 1);
      let entry_317 = read_document(block_6, i_303 + 1);
      let guard_318 = entry_316 == entry_317;
      convolved_288 += select(vec4f(), part_315, guard_318);
      var part_319 = vec4f(0.0);
      let ring_320 = mtaPacked_arena[neighbourhood_298 + 9 + 292];
      let ring_321 = mtaPacked_arena[neighbourhood_298 + 10 + 292];
      let window_322 = vec4f(ring_320.z, ring_320.w, ring_321.x, ring_321.y);
      part_319 += weights_308.x * window_322;
      let window_323 = vec4f(ring_320.w, ring_321.x, ring_321.y, ring_321.z);
      part_319 += weights_308.y * window_323;
      part_319 += weights_308.z * ring_321;
      let entry_324 = read_document(block_6, i_303 + 1 + 1 - 1);
      let guard_325 = entry_324 == entry_317;
      convolved_288 += select(vec4f(), part_319, guard_325);
      var part_326 = vec4f(0.0);
      part_326 += weights_295.x * window_322;
      part_326 += weights_295.y * window_323;
      part_326 += weights_295.z * ring_321;
      let entry_327 = read_document(block_6, i_303 + 2 + 0 - 1);
      let entry_328 = read_document(block_6, i_303 + 2);
      let guard_329 = entry_327 == entry_328;
      convolved_290 += select(vec4f(), part_326, guard_329);
      var part_330 = vec4f(0.0);
      let ring_331 = mtaPacked_arena[neighbourhood_298 + 18 + 292];
      let ring_332 = mtaPacked_arena[neighbourhood_298 + 19 + 292];
      let window_333 = vec4f(ring_331.z, ring_331.w, ring_332.x, ring_332.y);
      part_330 += weights_308.x * window_333;
      let window_334 = vec4f(ring_331.w, ring_332.x, ring_332.y, ring_332.z);
      part_330 += weights_308.y * window_334;
      part_330 += weights_308.z * ring_332;
      let entry_335 = read_document(block_6, i_303 + 2 + 1 - 1);
      let guard_336 = entry_335 == entry_328;
      convolved_290 += select(vec4f(), part_330, guard_336);
      var part_337 = vec4f(0.0);
      part_337 += weights_295.x * window_333;
      part_337 += weights_295.y * window_334;
      part_337 += weights_295.z * ring_332;
      let entry_338 = read_document(block_6, i_303 + 3 + 0 - 1);
      let entry_339 = read_document(block_6, i_303 + 3);
      let guard_340 = entry_338 == entry_339;
      convolved_292 += select(vec4f(), part_337, guard_340);
      var part_341 = vec4f(0.0);
      let ring_342 = mtaPacked_arena[neighbourhood_298 + 27 + 292];
      let ring_343 = mtaPacked_arena[neighbourhood_298 + 28 + 292];
      let window_344 = vec4f(ring_342.z, ring_342.w, ring_343.x, ring_343.y);
      part_341 += weights_308.x * window_344;
      let window_345 = vec4f(ring_342.w, ring_343.x, ring_343.y, ring_343.z);
      part_341 += weights_308.y * window_345;
      part_341 += weights_308.z * ring_343;
      let entry_346 = read_document(block_6, i_303 + 3 + 1 - 1);
      let guard_347 = entry_346 == entry_339;
      convolved_292 += select(vec4f(), part_341, guard_347);
      var part_348 = vec4f(0.0);
      let ring_349 = mtaPacked_arena[neighbourhood_298 - 5 + 292];
      let ring_350 = mtaPacked_arena[neighbourhood_298 - 4 + 292];
      let window_351 = vec4f(ring_349.z, ring_349.w, ring_350.x, ring_350.y);
      part_348 += weights_295.x * window_351;
      let window_352 = vec4f(ring_349.w, ring_350.x, ring_350.y, ring_350.z);
      part_348 += weights_295.y * window_352;
      part_348 += weights_295.z * ring_350;
      convolved_287 += select(vec4f(), part_348, guard_306);
      var part_353 = vec4f(0.0);
      let ring_354 = mtaPacked_arena[neighbourhood_298 + 4 + 292];
      let ring_355 = mtaPacked_arena[neighbourhood_298 + 5 + 292];
      let window_356 = vec4f(ring_354.z, ring_354.w, ring_355.x, ring_355.y);
      part_353 += weights_308.x * window_356;
      let window_357 = vec4f(ring_354.w, ring_355.x, ring_355.y, ring_355.z);
      part_353 += weights_308.y * window_357;
      part_353 += weights_308.z * ring_355;
      convolved_287 += select(vec4f(), part_353, guard_314);
      var part_358 = vec4f(0.0);
      part_358 += weights_295.x * window_356;
      part_358 += weights_295.y * window_357;
      part_358 += weights_295.z * ring_355;
      convolved_289 += select(vec4f(), part_358, guard_318);
      var part_359 = vec4f(0.0);
      let ring_360 = mtaPacked_arena[neighbourhood_298 + 13 + 292];
      let ring_361 = mtaPacked_arena[neighbourhood_298 + 14 + 292];
      let window_362 = vec4f(ring_360.z, ring_360.w, ring_361.x, ring_361.y);
      part_359 += weights_308.x * window_362;
      let window_363 = vec4f(ring_360.w, ring_361.x, ring_361.y, ring_361.z);
      part_359 += weights_308.y * window_363;
      part_359 += weights_308.z * ring_361;
      convolved_289 += select(vec4f(), part_359, guard_325);
      var part_364 = vec4f(0.0);
      part_364 += weights_295.x * window_362;
      part_364 += weights_295.y * window_363;
      part_364 += weights_295.z * ring_361;
      convolved_291 += select(vec4f(), part_364, guard_329);
      var part_365 = vec4f(0.0);
      let ring_366 = mtaPacked_arena[neighbourhood_298 + 22 + 292];
      let ring_367 = mtaPacked_arena[neighbourhood_298 + 23 + 292];
      let window_368 = vec4f(ring_366.z, ring_366.w, ring_367.x, ring_367.y);
      part_365 += weights_308.x * window_368;
      let window_369 = vec4f(ring_366.w, ring_367.x, ring_367.y, ring_367.z);
      part_365 += weights_308.y * window_369;
      part_365 += weights_308.z * ring_367;
      convolved_291 += select(vec4f(), part_365, guard_336);
      var part_370 = vec4f(0.0);
      part_370 += weights_295.x * window_368;
      part_370 += weights_295.y * window_369;
      part_370 += weights_295.z * ring_367;
      convolved_293 += select(vec4f(), part_370, guard_340);
      var part_371 = vec4f(0.0);
      let ring_372 = mtaPacked_arena[neighbourhood_298 + 31 + 292];
      let ring_373 = mtaPacked_arena[neighbourhood_298 + 32 + 292];
      let window_374 = vec4f(ring_372.z, ring_372.w, ring_373.x, ring_373.y);
      part_371 += weights_308.x * window_374;
      let window_375 = vec4f(ring_372.w, ring_373.x, ring_373.y, ring_373.z);
      part_371 += weights_308.y * window_375;
      part_371 += weights_308.z * ring_373;
      convolved_293 += select(vec4f(), part_371, guard_347);
      var chosen_376 = convolved_286;
      var chosen_377 = convolved_287;
      var chosen_378 = convolved_288;
      var chosen_379 = convolved_289;
      var chosen_380 = convolved_290;
      var chosen_381 = convolved_291;
      var chosen_382 = convolved_292;
      var chosen_383 = convolved_293;
      if (!is_full_280) {
        let j_384 = J_47 - 2 + column_302;
        let j_385 = j_384 + vec4i(0, 1, 2, 3);
        let entries_386 = vec4i(read_document(block_6, j_385.x), read_document(block_6, j_385.y), read_document(block_6, j_385.z), read_document(block_6, j_385.w));
        let map_387 = select(vec4f(0.0), convolved_286, ((j_385 <= vec4i(i_303)) & (vec4i(entry_305) == entries_386)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let j_388 = j_384 + 16 + vec4i(0, 1, 2, 3);
        let entries_389 = vec4i(read_document(block_6, j_388.x), read_document(block_6, j_388.y), read_document(block_6, j_388.z), read_document(block_6, j_388.w));
        let map_390 = select(vec4f(0.0), convolved_287, ((j_388 <= vec4i(i_303)) & (vec4i(entry_305) == entries_389)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        let map_391 = select(vec4f(0.0), convolved_288, ((j_385 <= vec4i(i_303 + 1)) & (vec4i(entry_317) == entries_386)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let map_392 = select(vec4f(0.0), convolved_289, ((j_388 <= vec4i(i_303 + 1)) & (vec4i(entry_317) == entries_389)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        let map_393 = select(vec4f(0.0), convolved_290, ((j_385 <= vec4i(i_303 + 2)) & (vec4i(entry_328) == entries_386)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let map_394 = select(vec4f(0.0), convolved_291, ((j_388 <= vec4i(i_303 + 2)) & (vec4i(entry_328) == entries_389)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        let map_395 = select(vec4f(0.0), convolved_292, ((j_385 <= vec4i(i_303 + 3)) & (vec4i(entry_339) == entries_386)) & ((vec4i(0) <= j_385) & (j_385 < vec4i(launch.keys))));
        let map_396 = select(vec4f(0.0), convolved_293, ((j_388 <= vec4i(i_303 + 3)) & (vec4i(entry_339) == entries_389)) & ((vec4i(0) <= j_388) & (j_388 < vec4i(launch.keys))));
        chosen_376 = map_387;
        chosen_377 = map_390;
        chosen_378 = map_391;
        chosen_379 = map_392;
        chosen_380 = map_393;
        chosen_381 = map_394;
        chosen_382 = map_395;
        chosen_383 = map_396;
      }
      let line_397 = row_297 * 8;
      if (row_297 < 32) {
        mtaPacked_arena[line_397 - 16 + thread_column + 644] = chosen_376;
        mtaPacked_arena[line_397 - 16 + (thread_column + 4) + 644] = chosen_377;
      }
      if (row_297 + 1 < 32) {
        mtaPacked_arena[line_397 - 8 + thread_column + 644] = chosen_378;
        mtaPacked_arena[line_397 - 8 + (thread_column + 4) + 644] = chosen_379;
      }
      if (row_297 + 2 < 32) {
        mtaPacked_arena[line_397 + thread_column + 644] = chosen_380;
        mtaPacked_arena[line_397 + (thread_column + 4) + 644] = chosen_381;
      }
      if (row_297 + 3 < 32) {
        mtaPacked_arena[line_397 + 8 + thread_column + 644] = chosen_382;
        mtaPacked_arena[line_397 + 8 + (thread_column + 4) + 644] = chosen_383;
      }
      var product_398 = carried_33;
      var product_399 = carried_34;
      var product_400 = carried_35;
      var product_401 = carried_36;
      for (var n_403 = thread; n_403 < 64; n_403 += 32) {
        let line_404 = n_403 / 2;
        let vector_405 = n_403 % 2;
        let at_406 = J_47 - 2 + line_404;
        var loaded_407 = vec4f();
        if (u32(at_406) < u32(launch.keys) && u32(vector_405) < 2u) {
          loaded_407 = v_data[launch.v_offset + block_6 * launch.v_stride_0 + block_5 * launch.v_stride_1 + at_406 * launch.v_stride_2 + vector_405];
        }
        mtaPacked_arena[n_403 + 900] = loaded_407;
      }
      workgroupBarrier();
      for (var k_408 = 0; k_408 < 8; k_408++) {
        let chunk_409 = k_408 * 8;
        let right_410 = mtaPacked_arena[thread_column + chunk_409 + 900];
        let right_411 = mtaPacked_arena[thread_column + chunk_409 + 902];
        let right_412 = mtaPacked_arena[thread_column + chunk_409 + 904];
        let right_413 = mtaPacked_arena[thread_column + chunk_409 + 906];
        let left_414 = mtaPacked_arena[line_397 + k_408 + 628];
        product_398 += left_414.x * right_410;
        product_398 += left_414.y * right_411;
        product_398 += left_414.z * right_412;
        product_398 += left_414.w * right_413;
        let left_415 = mtaPacked_arena[line_397 + k_408 + 636];
        product_399 += left_415.x * right_410;
        product_399 += left_415.y * right_411;
        product_399 += left_415.z * right_412;
        product_399 += left_415.w * right_413;
        let left_416 = mtaPacked_arena[line_397 + k_408 + 644];
        product_400 += left_416.x * right_410;
        product_400 += left_416.y * right_411;
        product_400 += left_416.z * right_412;
        product_400 += left_416.w * right_413;
        let left_417 = mtaPacked_arena[line_397 + k_408 + 652];
        product_401 += left_417.x * right_410;
        product_401 += left_417.y * right_411;
        product_401 += left_417.z * right_412;
        product_401 += left_417.w * right_413;
      }
      chosen_282 = product_398;
      chosen_283 = product_399;
      chosen_284 = product_400;
      chosen_285 = product_401;
    }
    carried_33 = chosen_282;
    carried_34 = chosen_283;
    carried_35 = chosen_284;
    carried_36 = chosen_285;
  }
  let row_418 = thread_row * 4 + 2;
  let column_419 = thread_column * 4;
  let i_420 = I_4 - 2 + row_418;
  let place_421 = i_420 - (launch.keys - launch.rows);
  if (row_418 < 32 && column_419 < 8 && u32(place_421) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_421 * launch.out_stride_2 + thread_column] = carried_33;
  }
  let place_422 = i_420 + 1 - (launch.keys - launch.rows);
  if (row_418 + 1 < 32 && column_419 < 8 && u32(place_422) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_422 * launch.out_stride_2 + thread_column] = carried_34;
  }
  let place_423 = i_420 + 2 - (launch.keys - launch.rows);
  if (row_418 + 2 < 32 && column_419 < 8 && u32(place_423) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_423 * launch.out_stride_2 + thread_column] = carried_35;
  }
  let place_424 = i_420 + 3 - (launch.keys - launch.rows);
  if (row_418 + 3 < 32 && column_419 < 8 && u32(place_424) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_424 * launch.out_stride_2 + thread_column] = carried_36;
  }
}
