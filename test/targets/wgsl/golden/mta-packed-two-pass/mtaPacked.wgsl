// mtaPacked, compiled by heddle golden to WGSL: f32, no subgroups, threads mtaPacked_statistics 8 × 4, mtaPacked 8 × 4.
// heads=2 headDim=8 queryKernel=2 keyKernel=3
// Hash f815a3d0ef7b2e23 of all below. Made by a compiler: change the spec, not this file.

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

@group(0) @binding(1) var<storage, read> packed_data: array<f32>;
@group(0) @binding(2) var<storage, read_write> workspace_data: array<f32>;
@group(0) @binding(3) var<storage, read> q_data: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> k_data: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> document_data: array<i32>;
@group(0) @binding(6) var<storage, read> v_data: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> lse_data: array<f32>;

fn exponential_difference(x: f32, m: f32) -> f32 {
  return select(exp(x - m), f32(0.0), x <= f32(-1.7e+38));
}

fn exponential_difference_wide(x: vec4f, m: vec4f) -> vec4f {
  return select(exp(x - m), vec4f(0.0), x <= vec4f(-1.7e+38));
}

fn read_theta_pre(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), max(packed_data[select(0, x_0 * 6 + x_1 * 3 + x_2, inside)], -3.4e+38), inside);
}

fn read_document(x_0: i32, x_1: i32) -> i32 {
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(launch.keys));
  return select(i32(0), document_data[select(0, launch.document_offset + x_0 * launch.document_stride_0 + x_1, inside)], inside);
}

fn read_theta_post(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let inside = (u32(x_0) < u32(2)) & (u32(x_1) < u32(2)) & (u32(x_2) < u32(3));
  return select(f32(0), max(packed_data[select(0, 12 + x_0 * 6 + x_1 * 3 + x_2, inside)], -3.4e+38), inside);
}

fn read_statistics(x_0: i32, x_1: i32, x_2: i32) -> f32 {
  let at_2 = x_2 - (launch.keys - launch.queries);
  let inside = (u32(x_0) < u32(launch.batch)) & (u32(x_1) < u32(2)) & (u32(x_2 - (launch.keys - launch.queries)) < u32(launch.queries));
  return select(f32(0), max(workspace_data[select(0, launch.statistics_offset + x_0 * launch.statistics_stride_0 + x_1 * launch.statistics_stride_1 + at_2, inside)], -3.4e+38), inside);
}

var<workgroup> mtaPacked_statistics_arena: array<vec4f, 417>;

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
  for (var tap_12 = thread; tap_12 < 2; tap_12 += 32) {
    let counter_13 = tap_12 % 2;
    let entry_14 = read_theta_pre(block_5, counter_13, 0);
    let entry_15 = read_theta_pre(block_5, counter_13, 1);
    let entry_16 = read_theta_pre(block_5, counter_13, 2);
    mtaPacked_statistics_arena[tap_12 + 2] = vec4f(entry_14, entry_15, entry_16, 0.0);
  }
  for (var n_17 = thread; n_17 < 279; n_17 += 32) {
    mtaPacked_statistics_arena[n_17 + 4] = vec4f(0.0);
  }
  let constant_18 = -3.4e+38;
  let constant_19 = -3.4e+38;
  let constant_20 = -3.4e+38;
  let constant_21 = -3.4e+38;
  let constant_22 = 0.0;
  let constant_23 = 0.0;
  let constant_24 = 0.0;
  let constant_25 = 0.0;
  var carried_26 = constant_18;
  var carried_27 = constant_19;
  var carried_28 = constant_20;
  var carried_29 = constant_21;
  var carried_30 = constant_22;
  var carried_31 = constant_23;
  var carried_32 = constant_24;
  var carried_33 = constant_25;
  for (var n_34 = thread; n_34 < 62; n_34 += 32) {
    let line_35 = n_34 / 2;
    let vector_36 = n_34 % 2;
    let at_37 = I_4 - 1 + line_35;
    let place_38 = at_37 - (launch.keys - launch.queries);
    var loaded_39 = vec4f();
    if (u32(place_38) < u32(launch.queries) && u32(vector_36) < 2u) {
      loaded_39 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + (block_5) * launch.q_stride_1 + place_38 * launch.q_stride_2 + vector_36];
    }
    mtaPacked_statistics_arena[n_34 + 283] = loaded_39;
  }
  let end_40 = min(launch.keys, I_4 + 30) + 1;
  for (var J_41 = 0; J_41 < end_40; J_41 += 32) {
    let from_42 = I_4 - 1;
    let is_empty_43 = (J_41 - (from_42 + 30) > 0) || ((-(from_42 + 30) > 0) || (J_41 - launch.keys >= 0));
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
        let at_72 = J_41 + line_70;
        var loaded_73 = vec4f();
        if (u32(at_72) < u32(launch.keys) && u32(vector_71) < 2u) {
          loaded_73 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + (block_5) * launch.k_stride_1 + at_72 * launch.k_stride_2 + vector_71];
        }
        mtaPacked_statistics_arena[n_69 + (line_70 >> 2u) + 345] = loaded_73;
      }
      workgroupBarrier();
      let row_75 = thread_row * 4;
      let left_76 = row_75 * 2;
      let right_77 = thread_column * 9;
      for (var k_74 = 0; k_74 < 2; k_74++) {
        let right_78 = mtaPacked_statistics_arena[right_77 + k_74 + 345];
        let right_79 = mtaPacked_statistics_arena[right_77 + k_74 + 347];
        let right_80 = mtaPacked_statistics_arena[right_77 + k_74 + 349];
        let right_81 = mtaPacked_statistics_arena[right_77 + k_74 + 351];
        let right_82 = mtaPacked_statistics_arena[right_77 + k_74 + 381];
        let right_83 = mtaPacked_statistics_arena[right_77 + k_74 + 383];
        let right_84 = mtaPacked_statistics_arena[right_77 + k_74 + 385];
        let right_85 = mtaPacked_statistics_arena[right_77 + k_74 + 387];
        let left_86 = mtaPacked_statistics_arena[left_76 + k_74 + 283];
        product_60 += vec4f(dot(left_86, right_78), dot(left_86, right_79), dot(left_86, right_80), dot(left_86, right_81));
        product_61 += vec4f(dot(left_86, right_82), dot(left_86, right_83), dot(left_86, right_84), dot(left_86, right_85));
        let left_87 = mtaPacked_statistics_arena[left_76 + k_74 + 285];
        product_62 += vec4f(dot(left_87, right_78), dot(left_87, right_79), dot(left_87, right_80), dot(left_87, right_81));
        product_63 += vec4f(dot(left_87, right_82), dot(left_87, right_83), dot(left_87, right_84), dot(left_87, right_85));
        let left_88 = mtaPacked_statistics_arena[left_76 + k_74 + 287];
        product_64 += vec4f(dot(left_88, right_78), dot(left_88, right_79), dot(left_88, right_80), dot(left_88, right_81));
        product_65 += vec4f(dot(left_88, right_82), dot(left_88, right_83), dot(left_88, right_84), dot(left_88, right_85));
        let left_89 = mtaPacked_statistics_arena[left_76 + k_74 + 289];
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
      let j_99 = J_41 + column_90;
      let j_100 = j_99 + vec4i(0, 1, 2, 3);
      let i_101 = I_4 - 1 + row_75;
      let entry_102 = read_document(block_6, i_101);
      let entries_103 = vec4i(read_document(block_6, j_100.x), read_document(block_6, j_100.y), read_document(block_6, j_100.z), read_document(block_6, j_100.w));
      let map_104 = select(vec4f(0.0), map_91, ((j_100 <= vec4i(i_101)) & (vec4i(entry_102) == entries_103)) & (vec4<bool>(0 <= i_101) & (j_100 < vec4i(launch.keys))));
      let j_105 = j_99 + 16 + vec4i(0, 1, 2, 3);
      let entries_106 = vec4i(read_document(block_6, j_105.x), read_document(block_6, j_105.y), read_document(block_6, j_105.z), read_document(block_6, j_105.w));
      let map_107 = select(vec4f(0.0), map_92, ((j_105 <= vec4i(i_101)) & (vec4i(entry_102) == entries_106)) & (vec4<bool>(0 <= i_101) & (j_105 < vec4i(launch.keys))));
      let entry_108 = read_document(block_6, i_101 + 1);
      let map_109 = select(vec4f(0.0), map_93, ((j_100 <= vec4i(i_101 + 1)) & (vec4i(entry_108) == entries_103)) & (vec4<bool>(0 <= i_101 + 1) & (j_100 < vec4i(launch.keys))));
      let map_110 = select(vec4f(0.0), map_94, ((j_105 <= vec4i(i_101 + 1)) & (vec4i(entry_108) == entries_106)) & (vec4<bool>(0 <= i_101 + 1) & (j_105 < vec4i(launch.keys))));
      let entry_111 = read_document(block_6, i_101 + 2);
      let map_112 = select(vec4f(0.0), map_95, ((j_100 <= vec4i(i_101 + 2)) & (vec4i(entry_111) == entries_103)) & (vec4<bool>(0 <= i_101 + 2) & (j_100 < vec4i(launch.keys))));
      let map_113 = select(vec4f(0.0), map_96, ((j_105 <= vec4i(i_101 + 2)) & (vec4i(entry_111) == entries_106)) & (vec4<bool>(0 <= i_101 + 2) & (j_105 < vec4i(launch.keys))));
      let entry_114 = read_document(block_6, i_101 + 3);
      let map_115 = select(vec4f(0.0), map_97, ((j_100 <= vec4i(i_101 + 3)) & (vec4i(entry_114) == entries_103)) & (vec4<bool>(0 <= i_101 + 3) & (j_100 < vec4i(launch.keys))));
      let map_116 = select(vec4f(0.0), map_98, ((j_105 <= vec4i(i_101 + 3)) & (vec4i(entry_114) == entries_106)) & (vec4<bool>(0 <= i_101 + 3) & (j_105 < vec4i(launch.keys))));
      chosen_44 = map_104;
      chosen_45 = map_107;
      chosen_46 = map_109;
      chosen_47 = map_110;
      chosen_48 = map_112;
      chosen_49 = map_113;
      chosen_50 = map_115;
      chosen_51 = map_116;
    }
    workgroupBarrier();
    let to_117 = thread * 9;
    let kept_118 = mtaPacked_statistics_arena[to_117 + 8 + 4];
    workgroupBarrier();
    if (thread < 31) {
      mtaPacked_statistics_arena[to_117 + 4] = kept_118;
    }
    let row_119 = thread_row * 4;
    let line_120 = row_119 * 9;
    if (row_119 < 31) {
      mtaPacked_statistics_arena[line_120 + thread_column + 1 + 4] = chosen_44;
      mtaPacked_statistics_arena[line_120 + thread_column + 5 + 4] = chosen_45;
    }
    if (row_119 + 1 < 31) {
      mtaPacked_statistics_arena[line_120 + thread_column + 10 + 4] = chosen_46;
      mtaPacked_statistics_arena[line_120 + thread_column + 14 + 4] = chosen_47;
    }
    if (row_119 + 2 < 31) {
      mtaPacked_statistics_arena[line_120 + thread_column + 19 + 4] = chosen_48;
      mtaPacked_statistics_arena[line_120 + thread_column + 23 + 4] = chosen_49;
    }
    if (row_119 + 3 < 31) {
      mtaPacked_statistics_arena[line_120 + thread_column + 28 + 4] = chosen_50;
      mtaPacked_statistics_arena[line_120 + thread_column + 32 + 4] = chosen_51;
    }
    let from_121 = J_41 - 1;
    let is_empty_122 = (from_121 - (from_42 + 30) > 0) || ((-(from_121 + 31) > 0) || (from_121 - launch.keys >= 0));
    var chosen_123 = 0.0;
    var chosen_124 = 0.0;
    var chosen_125 = 0.0;
    var chosen_126 = 0.0;
    var chosen_127 = 0.0;
    var chosen_128 = 0.0;
    var chosen_129 = 0.0;
    var chosen_130 = 0.0;
    if (is_empty_122) {
      chosen_123 = carried_26;
      chosen_124 = carried_27;
      chosen_125 = carried_28;
      chosen_126 = carried_29;
      chosen_127 = carried_30;
      chosen_128 = carried_31;
      chosen_129 = carried_32;
      chosen_130 = carried_33;
    }
    else {
      workgroupBarrier();
      var convolved_131 = vec4f(0.0);
      var convolved_132 = vec4f(0.0);
      var convolved_133 = vec4f(0.0);
      var convolved_134 = vec4f(0.0);
      var convolved_135 = vec4f(0.0);
      var convolved_136 = vec4f(0.0);
      var convolved_137 = vec4f(0.0);
      var convolved_138 = vec4f(0.0);
      var part_139 = vec4f(0.0);
      let weights_140 = mtaPacked_statistics_arena[2];
      let row_142 = thread_row * 4 + 1;
      let neighbourhood_143 = row_142 * 9 + thread_column;
      let ring_141 = mtaPacked_statistics_arena[neighbourhood_143 - 9 + 4];
      let ring_144 = mtaPacked_statistics_arena[neighbourhood_143 - 8 + 4];
      let window_145 = vec4f(ring_141.z, ring_141.w, ring_144.x, ring_144.y);
      part_139 += weights_140.x * window_145;
      let window_146 = vec4f(ring_141.w, ring_144.x, ring_144.y, ring_144.z);
      part_139 += weights_140.y * window_146;
      part_139 += weights_140.z * ring_144;
      let column_147 = thread_column * 4;
      let i_148 = I_4 - 1 + row_142;
      let entry_149 = read_document(block_6, i_148 + 0 - 1);
      let entry_150 = read_document(block_6, i_148);
      let guard_151 = entry_149 == entry_150;
      convolved_131 += select(vec4f(), part_139, guard_151);
      var part_152 = vec4f(0.0);
      let weights_153 = mtaPacked_statistics_arena[3];
      let ring_154 = mtaPacked_statistics_arena[neighbourhood_143 + 4];
      let ring_155 = mtaPacked_statistics_arena[neighbourhood_143 + 1 + 4];
      let window_156 = vec4f(ring_154.z, ring_154.w, ring_155.x, ring_155.y);
      part_152 += weights_153.x * window_156;
      let window_157 = vec4f(ring_154.w, ring_155.x, ring_155.y, ring_155.z);
      part_152 += weights_153.y * window_157;
      part_152 += weights_153.z * ring_155;
      let entry_158 = read_document(block_6, i_148 + 1 - 1);
      let guard_159 = entry_158 == entry_150;
      convolved_131 += select(vec4f(), part_152, guard_159);
      var part_160 = vec4f(0.0);
      part_160 += weights_140.x * window_156;
      part_160 += weights_140.y * window_157;
      part_160 += weights_140.z * ring_155;
      let entry_161 = read_document(block_6, i_148 + 1 + 0 - 1);
      let entry_162 = read_document(block_6, i_148 + 1);
      let guard_163 = entry_161 == entry_162;
      convolved_133 += select(vec4f(), part_160, guard_163);
      var part_164 = vec4f(0.0);
      let ring_165 = mtaPacked_statistics_arena[neighbourhood_143 + 9 + 4];
      let ring_166 = mtaPacked_statistics_arena[neighbourhood_143 + 10 + 4];
      let window_167 = vec4f(ring_165.z, ring_165.w, ring_166.x, ring_166.y);
      part_164 += weights_153.x * window_167;
      let window_168 = vec4f(ring_165.w, ring_166.x, ring_166.y, ring_166.z);
      part_164 += weights_153.y * window_168;
      part_164 += weights_153.z * ring_166;
      let entry_169 = read_document(block_6, i_148 + 1 + 1 - 1);
      let guard_170 = entry_169 == entry_162;
      convolved_133 += select(vec4f(), part_164, guard_170);
      var part_171 = vec4f(0.0);
      part_171 += weights_140.x * window_167;
      part_171 += weights_140.y * window_168;
      part_171 += weights_140.z * ring_166;
      let entry_172 = read_document(block_6, i_148 + 2 + 0 - 1);
      let entry_173 = read_document(block_6, i_148 + 2);
      let guard_174 = entry_172 == entry_173;
      convolved_135 += select(vec4f(), part_171, guard_174);
      var part_175 = vec4f(0.0);
      let ring_176 = mtaPacked_statistics_arena[neighbourhood_143 + 18 + 4];
      let ring_177 = mtaPacked_statistics_arena[neighbourhood_143 + 19 + 4];
      let window_178 = vec4f(ring_176.z, ring_176.w, ring_177.x, ring_177.y);
      part_175 += weights_153.x * window_178;
      let window_179 = vec4f(ring_176.w, ring_177.x, ring_177.y, ring_177.z);
      part_175 += weights_153.y * window_179;
      part_175 += weights_153.z * ring_177;
      let entry_180 = read_document(block_6, i_148 + 2 + 1 - 1);
      let guard_181 = entry_180 == entry_173;
      convolved_135 += select(vec4f(), part_175, guard_181);
      var part_182 = vec4f(0.0);
      part_182 += weights_140.x * window_178;
      part_182 += weights_140.y * window_179;
      part_182 += weights_140.z * ring_177;
      let entry_183 = read_document(block_6, i_148 + 3 + 0 - 1);
      let entry_184 = read_document(block_6, i_148 + 3);
      let guard_185 = entry_183 == entry_184;
      convolved_137 += select(vec4f(), part_182, guard_185);
      var part_186 = vec4f(0.0);
      let ring_187 = mtaPacked_statistics_arena[neighbourhood_143 + 27 + 4];
      let ring_188 = mtaPacked_statistics_arena[neighbourhood_143 + 28 + 4];
      let window_189 = vec4f(ring_187.z, ring_187.w, ring_188.x, ring_188.y);
      part_186 += weights_153.x * window_189;
      let window_190 = vec4f(ring_187.w, ring_188.x, ring_188.y, ring_188.z);
      part_186 += weights_153.y * window_190;
      part_186 += weights_153.z * ring_188;
      let entry_191 = read_document(block_6, i_148 + 3 + 1 - 1);
      let guard_192 = entry_191 == entry_184;
      convolved_137 += select(vec4f(), part_186, guard_192);
      var part_193 = vec4f(0.0);
      let ring_194 = mtaPacked_statistics_arena[neighbourhood_143 - 5 + 4];
      let ring_195 = mtaPacked_statistics_arena[neighbourhood_143 - 4 + 4];
      let window_196 = vec4f(ring_194.z, ring_194.w, ring_195.x, ring_195.y);
      part_193 += weights_140.x * window_196;
      let window_197 = vec4f(ring_194.w, ring_195.x, ring_195.y, ring_195.z);
      part_193 += weights_140.y * window_197;
      part_193 += weights_140.z * ring_195;
      convolved_132 += select(vec4f(), part_193, guard_151);
      var part_198 = vec4f(0.0);
      let ring_199 = mtaPacked_statistics_arena[neighbourhood_143 + 4 + 4];
      let ring_200 = mtaPacked_statistics_arena[neighbourhood_143 + 5 + 4];
      let window_201 = vec4f(ring_199.z, ring_199.w, ring_200.x, ring_200.y);
      part_198 += weights_153.x * window_201;
      let window_202 = vec4f(ring_199.w, ring_200.x, ring_200.y, ring_200.z);
      part_198 += weights_153.y * window_202;
      part_198 += weights_153.z * ring_200;
      convolved_132 += select(vec4f(), part_198, guard_159);
      var part_203 = vec4f(0.0);
      part_203 += weights_140.x * window_201;
      part_203 += weights_140.y * window_202;
      part_203 += weights_140.z * ring_200;
      convolved_134 += select(vec4f(), part_203, guard_163);
      var part_204 = vec4f(0.0);
      let ring_205 = mtaPacked_statistics_arena[neighbourhood_143 + 13 + 4];
      let ring_206 = mtaPacked_statistics_arena[neighbourhood_143 + 14 + 4];
      let window_207 = vec4f(ring_205.z, ring_205.w, ring_206.x, ring_206.y);
      part_204 += weights_153.x * window_207;
      let window_208 = vec4f(ring_205.w, ring_206.x, ring_206.y, ring_206.z);
      part_204 += weights_153.y * window_208;
      part_204 += weights_153.z * ring_206;
      convolved_134 += select(vec4f(), part_204, guard_170);
      var part_209 = vec4f(0.0);
      part_209 += weights_140.x * window_207;
      part_209 += weights_140.y * window_208;
      part_209 += weights_140.z * ring_206;
      convolved_136 += select(vec4f(), part_209, guard_174);
      var part_210 = vec4f(0.0);
      let ring_211 = mtaPacked_statistics_arena[neighbourhood_143 + 22 + 4];
      let ring_212 = mtaPacked_statistics_arena[neighbourhood_143 + 23 + 4];
      let window_213 = vec4f(ring_211.z, ring_211.w, ring_212.x, ring_212.y);
      part_210 += weights_153.x * window_213;
      let window_214 = vec4f(ring_211.w, ring_212.x, ring_212.y, ring_212.z);
      part_210 += weights_153.y * window_214;
      part_210 += weights_153.z * ring_212;
      convolved_136 += select(vec4f(), part_210, guard_181);
      var part_215 = vec4f(0.0);
      part_215 += weights_140.x * window_213;
      part_215 += weights_140.y * window_214;
      part_215 += weights_140.z * ring_212;
      convolved_138 += select(vec4f(), part_215, guard_185);
      var part_216 = vec4f(0.0);
      let ring_217 = mtaPacked_statistics_arena[neighbourhood_143 + 31 + 4];
      let ring_218 = mtaPacked_statistics_arena[neighbourhood_143 + 32 + 4];
      let window_219 = vec4f(ring_217.z, ring_217.w, ring_218.x, ring_218.y);
      part_216 += weights_153.x * window_219;
      let window_220 = vec4f(ring_217.w, ring_218.x, ring_218.y, ring_218.z);
      part_216 += weights_153.y * window_220;
      part_216 += weights_153.z * ring_218;
      convolved_138 += select(vec4f(), part_216, guard_192);
      let j_221 = J_41 - 1 + column_147;
      let j_222 = j_221 + vec4i(0, 1, 2, 3);
      let entries_223 = vec4i(read_document(block_6, j_222.x), read_document(block_6, j_222.y), read_document(block_6, j_222.z), read_document(block_6, j_222.w));
      let map_224 = select(vec4f(-3.4e+38), convolved_131, ((j_222 <= vec4i(i_148)) & (vec4i(entry_150) == entries_223)) & ((vec4i(0) <= j_222) & (j_222 < vec4i(launch.keys))));
      let j_225 = j_221 + 16 + vec4i(0, 1, 2, 3);
      let entries_226 = vec4i(read_document(block_6, j_225.x), read_document(block_6, j_225.y), read_document(block_6, j_225.z), read_document(block_6, j_225.w));
      let map_227 = select(vec4f(-3.4e+38), convolved_132, ((j_225 <= vec4i(i_148)) & (vec4i(entry_150) == entries_226)) & ((vec4i(0) <= j_225) & (j_225 < vec4i(launch.keys))));
      let map_228 = select(vec4f(-3.4e+38), convolved_133, ((j_222 <= vec4i(i_148 + 1)) & (vec4i(entry_162) == entries_223)) & ((vec4i(0) <= j_222) & (j_222 < vec4i(launch.keys))));
      let map_229 = select(vec4f(-3.4e+38), convolved_134, ((j_225 <= vec4i(i_148 + 1)) & (vec4i(entry_162) == entries_226)) & ((vec4i(0) <= j_225) & (j_225 < vec4i(launch.keys))));
      let map_230 = select(vec4f(-3.4e+38), convolved_135, ((j_222 <= vec4i(i_148 + 2)) & (vec4i(entry_173) == entries_223)) & ((vec4i(0) <= j_222) & (j_222 < vec4i(launch.keys))));
      let map_231 = select(vec4f(-3.4e+38), convolved_136, ((j_225 <= vec4i(i_148 + 2)) & (vec4i(entry_173) == entries_226)) & ((vec4i(0) <= j_225) & (j_225 < vec4i(launch.keys))));
      let map_232 = select(vec4f(-3.4e+38), convolved_137, ((j_222 <= vec4i(i_148 + 3)) & (vec4i(entry_184) == entries_223)) & ((vec4i(0) <= j_222) & (j_222 < vec4i(launch.keys))));
      let map_233 = select(vec4f(-3.4e+38), convolved_138, ((j_225 <= vec4i(i_148 + 3)) & (vec4i(entry_184) == entries_226)) & ((vec4i(0) <= j_225) & (j_225 < vec4i(launch.keys))));
      let partial_234 = max(map_224, map_227);
      let partial_235 = max(max(partial_234.x, partial_234.y), max(partial_234.z, partial_234.w));
      let partial_236 = max(map_228, map_229);
      let partial_237 = max(max(partial_236.x, partial_236.y), max(partial_236.z, partial_236.w));
      let partial_238 = max(map_230, map_231);
      let partial_239 = max(max(partial_238.x, partial_238.y), max(partial_238.z, partial_238.w));
      let partial_240 = max(map_232, map_233);
      let partial_241 = max(max(partial_240.x, partial_240.y), max(partial_240.z, partial_240.w));
      mtaPacked_statistics_arena[row_119 + thread_column + 345] = vec4f(partial_235, partial_237, partial_239, partial_241);
      workgroupBarrier();
      let max_242 = max(max(max(mtaPacked_statistics_arena[row_119 + 345], mtaPacked_statistics_arena[row_119 + 1 + 345]), mtaPacked_statistics_arena[row_119 + 2 + 345]), mtaPacked_statistics_arena[row_119 + 3 + 345]);
      let map_243 = max(carried_26, max_242.x);
      let map_244 = max(carried_27, max_242.y);
      let map_245 = max(carried_28, max_242.z);
      let map_246 = max(carried_29, max_242.w);
      let map_247 = exponential_difference(carried_26, map_243);
      let map_248 = exponential_difference(carried_27, map_244);
      let map_249 = exponential_difference(carried_28, map_245);
      let map_250 = exponential_difference(carried_29, map_246);
      let map_251 = exponential_difference_wide(map_224, vec4f(map_243));
      let map_252 = exponential_difference_wide(map_227, vec4f(map_243));
      let map_253 = exponential_difference_wide(map_228, vec4f(map_244));
      let map_254 = exponential_difference_wide(map_229, vec4f(map_244));
      let map_255 = exponential_difference_wide(map_230, vec4f(map_245));
      let map_256 = exponential_difference_wide(map_231, vec4f(map_245));
      let map_257 = exponential_difference_wide(map_232, vec4f(map_246));
      let map_258 = exponential_difference_wide(map_233, vec4f(map_246));
      let map_259 = carried_30 * map_247;
      let map_260 = carried_31 * map_248;
      let map_261 = carried_32 * map_249;
      let map_262 = carried_33 * map_250;
      let partial_263 = map_251 + map_252;
      let partial_264 = partial_263.x + partial_263.y + (partial_263.z + partial_263.w);
      let partial_265 = map_253 + map_254;
      let partial_266 = partial_265.x + partial_265.y + (partial_265.z + partial_265.w);
      let partial_267 = map_255 + map_256;
      let partial_268 = partial_267.x + partial_267.y + (partial_267.z + partial_267.w);
      let partial_269 = map_257 + map_258;
      let partial_270 = partial_269.x + partial_269.y + (partial_269.z + partial_269.w);
      let map_271 = map_259 + partial_264;
      let map_272 = map_260 + partial_266;
      let map_273 = map_261 + partial_268;
      let map_274 = map_262 + partial_270;
      chosen_123 = map_243;
      chosen_124 = map_244;
      chosen_125 = map_245;
      chosen_126 = map_246;
      chosen_127 = map_271;
      chosen_128 = map_272;
      chosen_129 = map_273;
      chosen_130 = map_274;
    }
    carried_26 = chosen_123;
    carried_27 = chosen_124;
    carried_28 = chosen_125;
    carried_29 = chosen_126;
    carried_30 = chosen_127;
    carried_31 = chosen_128;
    carried_32 = chosen_129;
    carried_33 = chosen_130;
  }
  workgroupBarrier();
  let line_275 = thread_row * 4;
  mtaPacked_statistics_arena[line_275 + thread_column + 345] = vec4f(carried_30, carried_31, carried_32, carried_33);
  workgroupBarrier();
  let sum_276 = mtaPacked_statistics_arena[line_275 + 345] + mtaPacked_statistics_arena[line_275 + 1 + 345] + mtaPacked_statistics_arena[line_275 + 2 + 345] + mtaPacked_statistics_arena[line_275 + 3 + 345];
  let row_277 = thread_row * 4 + 1;
  let map_278 = select(-3.4e+38, carried_26 + log(sum_276.x), sum_276.x > 0.0);
  let map_279 = select(-3.4e+38, carried_27 + log(sum_276.y), sum_276.y > 0.0);
  let map_280 = select(-3.4e+38, carried_28 + log(sum_276.z), sum_276.z > 0.0);
  let map_281 = select(-3.4e+38, carried_29 + log(sum_276.w), sum_276.w > 0.0);
  let stored_282 = select(map_278, bitcast<f32>(launch.minus_infinity), map_278 <= -1.7e+38);
  let i_283 = I_4 - 1 + row_277;
  let place_284 = i_283 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_277 < 31 && u32(place_284) < u32(launch.queries)) {
    workspace_data[launch.statistics_offset + (block_6) * launch.statistics_stride_0 + (block_5) * launch.statistics_stride_1 + place_284] = stored_282;
  }
  let stored_285 = select(map_279, bitcast<f32>(launch.minus_infinity), map_279 <= -1.7e+38);
  let place_286 = i_283 + 1 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_277 + 1 < 31 && u32(place_286) < u32(launch.queries)) {
    workspace_data[launch.statistics_offset + (block_6) * launch.statistics_stride_0 + (block_5) * launch.statistics_stride_1 + place_286] = stored_285;
  }
  let stored_287 = select(map_280, bitcast<f32>(launch.minus_infinity), map_280 <= -1.7e+38);
  let place_288 = i_283 + 2 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_277 + 2 < 31 && u32(place_288) < u32(launch.queries)) {
    workspace_data[launch.statistics_offset + (block_6) * launch.statistics_stride_0 + (block_5) * launch.statistics_stride_1 + place_288] = stored_287;
  }
  let stored_289 = select(map_281, bitcast<f32>(launch.minus_infinity), map_281 <= -1.7e+38);
  let place_290 = i_283 + 3 - (launch.keys - launch.queries);
  if (thread_column == 0 && row_277 + 3 < 31 && u32(place_290) < u32(launch.queries)) {
    workspace_data[launch.statistics_offset + (block_6) * launch.statistics_stride_0 + (block_5) * launch.statistics_stride_1 + place_290] = stored_289;
  }
}

var<workgroup> mtaPacked_arena: array<vec4f, 968>;

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
  let I_4 = block_2 * 30 + launch.keys - launch.rows;
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
    let entry_14 = read_theta_pre(block_5, counter_13, 0);
    let entry_15 = read_theta_pre(block_5, counter_13, 1);
    let entry_16 = read_theta_pre(block_5, counter_13, 2);
    mtaPacked_arena[tap_12 + 2] = vec4f(entry_14, entry_15, entry_16, 0.0);
  }
  for (var tap_17 = thread; tap_17 < 2; tap_17 += 32) {
    let counter_18 = tap_17 % 2;
    let entry_19 = read_theta_post(block_5, counter_18, 0);
    let entry_20 = read_theta_post(block_5, counter_18, 1);
    let entry_21 = read_theta_post(block_5, counter_18, 2);
    mtaPacked_arena[tap_17 + 4] = vec4f(entry_19, entry_20, entry_21, 0.0);
  }
  for (var tap_22 = thread; tap_22 < 2; tap_22 += 32) {
    let counter_23 = tap_22 % 2;
    let entry_24 = read_theta_post(block_5, counter_23, 0);
    let entry_25 = read_theta_post(block_5, counter_23, 1);
    let entry_26 = read_theta_post(block_5, counter_23, 2);
    mtaPacked_arena[tap_22 + 6] = vec4f(entry_24, entry_25, entry_26, 0.0);
  }
  let row_27 = thread_row * 4 + 1;
  let i_28 = I_4 - 2 + row_27;
  let entry_29 = read_statistics(block_6, block_5, i_28);
  let map_30 = entry_29;
  let entry_31 = read_statistics(block_6, block_5, i_28 + 1);
  let map_32 = entry_31;
  let entry_33 = read_statistics(block_6, block_5, i_28 + 2);
  let map_34 = entry_33;
  let entry_35 = read_statistics(block_6, block_5, i_28 + 3);
  let map_36 = entry_35;
  for (var n_37 = thread; n_37 < 288; n_37 += 32) {
    mtaPacked_arena[n_37 + 8] = vec4f(0.0);
  }
  for (var n_38 = thread; n_38 < 288; n_38 += 32) {
    mtaPacked_arena[n_38 + 296] = vec4f(0.0);
  }
  let constant_39 = vec4f(0.0);
  let constant_40 = vec4f(0.0);
  let constant_41 = vec4f(0.0);
  let constant_42 = vec4f(0.0);
  var carried_43 = constant_39;
  var carried_44 = constant_40;
  var carried_45 = constant_41;
  var carried_46 = constant_42;
  for (var n_47 = thread; n_47 < 64; n_47 += 32) {
    let line_48 = n_47 / 2;
    let vector_49 = n_47 % 2;
    let at_50 = I_4 - 2 + line_48;
    let place_51 = at_50 - (launch.keys - launch.queries);
    var loaded_52 = vec4f();
    if (u32(place_51) < u32(launch.queries) && u32(vector_49) < 2u) {
      loaded_52 = q_data[launch.q_offset + (block_6) * launch.q_stride_0 + (block_5) * launch.q_stride_1 + place_51 * launch.q_stride_2 + vector_49];
    }
    mtaPacked_arena[n_47 + 584] = loaded_52;
  }
  let end_53 = min(launch.keys, I_4 + 30) + 2;
  for (var J_54 = 0; J_54 < end_53; J_54 += 32) {
    let from_55 = I_4 - 2;
    let is_empty_56 = (J_54 - (from_55 + 31) > 0) || ((-(from_55 + 31) > 0) || (J_54 - launch.keys >= 0));
    var chosen_57 = vec4f();
    var chosen_58 = vec4f();
    var chosen_59 = vec4f();
    var chosen_60 = vec4f();
    var chosen_61 = vec4f();
    var chosen_62 = vec4f();
    var chosen_63 = vec4f();
    var chosen_64 = vec4f();
    if (is_empty_56) {
      let constant_65 = vec4f(0.0);
      let constant_66 = vec4f(0.0);
      let constant_67 = vec4f(0.0);
      let constant_68 = vec4f(0.0);
      let constant_69 = vec4f(0.0);
      let constant_70 = vec4f(0.0);
      let constant_71 = vec4f(0.0);
      let constant_72 = vec4f(0.0);
      chosen_57 = constant_65;
      chosen_58 = constant_66;
      chosen_59 = constant_67;
      chosen_60 = constant_68;
      chosen_61 = constant_69;
      chosen_62 = constant_70;
      chosen_63 = constant_71;
      chosen_64 = constant_72;
    }
    else {
      var product_73 = vec4f(0.0);
      var product_74 = vec4f(0.0);
      var product_75 = vec4f(0.0);
      var product_76 = vec4f(0.0);
      var product_77 = vec4f(0.0);
      var product_78 = vec4f(0.0);
      var product_79 = vec4f(0.0);
      var product_80 = vec4f(0.0);
      workgroupBarrier();
      for (var n_82 = thread; n_82 < 64; n_82 += 32) {
        let line_83 = n_82 / 2;
        let vector_84 = n_82 % 2;
        let at_85 = J_54 + line_83;
        var loaded_86 = vec4f();
        if (u32(at_85) < u32(launch.keys) && u32(vector_84) < 2u) {
          loaded_86 = k_data[launch.k_offset + (block_6) * launch.k_stride_0 + (block_5) * launch.k_stride_1 + at_85 * launch.k_stride_2 + vector_84];
        }
        mtaPacked_arena[n_82 + (line_83 >> 2u) + 648] = loaded_86;
      }
      workgroupBarrier();
      let row_88 = thread_row * 4;
      let left_89 = row_88 * 2;
      let right_90 = thread_column * 9;
      for (var k_87 = 0; k_87 < 2; k_87++) {
        let right_91 = mtaPacked_arena[right_90 + k_87 + 648];
        let right_92 = mtaPacked_arena[right_90 + k_87 + 650];
        let right_93 = mtaPacked_arena[right_90 + k_87 + 652];
        let right_94 = mtaPacked_arena[right_90 + k_87 + 654];
        let right_95 = mtaPacked_arena[right_90 + k_87 + 684];
        let right_96 = mtaPacked_arena[right_90 + k_87 + 686];
        let right_97 = mtaPacked_arena[right_90 + k_87 + 688];
        let right_98 = mtaPacked_arena[right_90 + k_87 + 690];
        let left_99 = mtaPacked_arena[left_89 + k_87 + 584];
        product_73 += vec4f(dot(left_99, right_91), dot(left_99, right_92), dot(left_99, right_93), dot(left_99, right_94));
        product_74 += vec4f(dot(left_99, right_95), dot(left_99, right_96), dot(left_99, right_97), dot(left_99, right_98));
        let left_100 = mtaPacked_arena[left_89 + k_87 + 586];
        product_75 += vec4f(dot(left_100, right_91), dot(left_100, right_92), dot(left_100, right_93), dot(left_100, right_94));
        product_76 += vec4f(dot(left_100, right_95), dot(left_100, right_96), dot(left_100, right_97), dot(left_100, right_98));
        let left_101 = mtaPacked_arena[left_89 + k_87 + 588];
        product_77 += vec4f(dot(left_101, right_91), dot(left_101, right_92), dot(left_101, right_93), dot(left_101, right_94));
        product_78 += vec4f(dot(left_101, right_95), dot(left_101, right_96), dot(left_101, right_97), dot(left_101, right_98));
        let left_102 = mtaPacked_arena[left_89 + k_87 + 590];
        product_79 += vec4f(dot(left_102, right_91), dot(left_102, right_92), dot(left_102, right_93), dot(left_102, right_94));
        product_80 += vec4f(dot(left_102, right_95), dot(left_102, right_96), dot(left_102, right_97), dot(left_102, right_98));
      }
      let column_103 = thread_column * 4;
      let map_104 = product_73 / 2.828427;
      let map_105 = product_74 / 2.828427;
      let map_106 = product_75 / 2.828427;
      let map_107 = product_76 / 2.828427;
      let map_108 = product_77 / 2.828427;
      let map_109 = product_78 / 2.828427;
      let map_110 = product_79 / 2.828427;
      let map_111 = product_80 / 2.828427;
      let j_112 = J_54 + column_103;
      let j_113 = j_112 + vec4i(0, 1, 2, 3);
      let i_114 = I_4 - 2 + row_88;
      let entry_115 = read_document(block_6, i_114);
      let entries_116 = vec4i(read_document(block_6, j_113.x), read_document(block_6, j_113.y), read_document(block_6, j_113.z), read_document(block_6, j_113.w));
      let map_117 = select(vec4f(0.0), map_104, ((j_113 <= vec4i(i_114)) & (vec4i(entry_115) == entries_116)) & (vec4<bool>(0 <= i_114) & (j_113 < vec4i(launch.keys))));
      let j_118 = j_112 + 16 + vec4i(0, 1, 2, 3);
      let entries_119 = vec4i(read_document(block_6, j_118.x), read_document(block_6, j_118.y), read_document(block_6, j_118.z), read_document(block_6, j_118.w));
      let map_120 = select(vec4f(0.0), map_105, ((j_118 <= vec4i(i_114)) & (vec4i(entry_115) == entries_119)) & (vec4<bool>(0 <= i_114) & (j_118 < vec4i(launch.keys))));
      let entry_121 = read_document(block_6, i_114 + 1);
      let map_122 = select(vec4f(0.0), map_106, ((j_113 <= vec4i(i_114 + 1)) & (vec4i(entry_121) == entries_116)) & (vec4<bool>(0 <= i_114 + 1) & (j_113 < vec4i(launch.keys))));
      let map_123 = select(vec4f(0.0), map_107, ((j_118 <= vec4i(i_114 + 1)) & (vec4i(entry_121) == entries_119)) & (vec4<bool>(0 <= i_114 + 1) & (j_118 < vec4i(launch.keys))));
      let entry_124 = read_document(block_6, i_114 + 2);
      let map_125 = select(vec4f(0.0), map_108, ((j_113 <= vec4i(i_114 + 2)) & (vec4i(entry_124) == entries_116)) & (vec4<bool>(0 <= i_114 + 2) & (j_113 < vec4i(launch.keys))));
      let map_126 = select(vec4f(0.0), map_109, ((j_118 <= vec4i(i_114 + 2)) & (vec4i(entry_124) == entries_119)) & (vec4<bool>(0 <= i_114 + 2) & (j_118 < vec4i(launch.keys))));
      let entry_127 = read_document(block_6, i_114 + 3);
      let map_128 = select(vec4f(0.0), map_110, ((j_113 <= vec4i(i_114 + 3)) & (vec4i(entry_127) == entries_116)) & (vec4<bool>(0 <= i_114 + 3) & (j_113 < vec4i(launch.keys))));
      let map_129 = select(vec4f(0.0), map_111, ((j_118 <= vec4i(i_114 + 3)) & (vec4i(entry_127) == entries_119)) & (vec4<bool>(0 <= i_114 + 3) & (j_118 < vec4i(launch.keys))));
      chosen_57 = map_117;
      chosen_58 = map_120;
      chosen_59 = map_122;
      chosen_60 = map_123;
      chosen_61 = map_125;
      chosen_62 = map_126;
      chosen_63 = map_128;
      chosen_64 = map_129;
    }
    workgroupBarrier();
    let to_130 = thread * 9;
    let kept_131 = mtaPacked_arena[to_130 + 8 + 8];
    workgroupBarrier();
    mtaPacked_arena[to_130 + 8] = kept_131;
    let row_132 = thread_row * 4;
    let line_133 = row_132 * 9;
    mtaPacked_arena[line_133 + thread_column + 1 + 8] = chosen_57;
    mtaPacked_arena[line_133 + thread_column + 5 + 8] = chosen_58;
    mtaPacked_arena[line_133 + thread_column + 10 + 8] = chosen_59;
    mtaPacked_arena[line_133 + thread_column + 14 + 8] = chosen_60;
    mtaPacked_arena[line_133 + thread_column + 19 + 8] = chosen_61;
    mtaPacked_arena[line_133 + thread_column + 23 + 8] = chosen_62;
    mtaPacked_arena[line_133 + thread_column + 28 + 8] = chosen_63;
    mtaPacked_arena[line_133 + thread_column + 32 + 8] = chosen_64;
    let from_134 = J_54 - 1;
    let is_empty_135 = (from_134 - (from_55 + 31) > 0) || ((-(from_55 + 31) > 0) || ((-(from_134 + 31) > 0) || (from_134 - launch.keys >= 0)));
    var chosen_136 = vec4f();
    var chosen_137 = vec4f();
    var chosen_138 = vec4f();
    var chosen_139 = vec4f();
    var chosen_140 = vec4f();
    var chosen_141 = vec4f();
    var chosen_142 = vec4f();
    var chosen_143 = vec4f();
    if (is_empty_135) {
      let constant_144 = vec4f(0.0);
      let constant_145 = vec4f(0.0);
      let constant_146 = vec4f(0.0);
      let constant_147 = vec4f(0.0);
      let constant_148 = vec4f(0.0);
      let constant_149 = vec4f(0.0);
      let constant_150 = vec4f(0.0);
      let constant_151 = vec4f(0.0);
      chosen_136 = constant_144;
      chosen_137 = constant_145;
      chosen_138 = constant_146;
      chosen_139 = constant_147;
      chosen_140 = constant_148;
      chosen_141 = constant_149;
      chosen_142 = constant_150;
      chosen_143 = constant_151;
    }
    else {
      workgroupBarrier();
      var convolved_152 = vec4f(0.0);
      var convolved_153 = vec4f(0.0);
      var convolved_154 = vec4f(0.0);
      var convolved_155 = vec4f(0.0);
      var convolved_156 = vec4f(0.0);
      var convolved_157 = vec4f(0.0);
      var convolved_158 = vec4f(0.0);
      var convolved_159 = vec4f(0.0);
      var part_160 = vec4f(0.0);
      let weights_161 = mtaPacked_arena[2];
      let neighbourhood_163 = row_27 * 9 + thread_column;
      let ring_162 = mtaPacked_arena[neighbourhood_163 - 9 + 8];
      let ring_164 = mtaPacked_arena[neighbourhood_163 - 8 + 8];
      let window_165 = vec4f(ring_162.z, ring_162.w, ring_164.x, ring_164.y);
      part_160 += weights_161.x * window_165;
      let window_166 = vec4f(ring_162.w, ring_164.x, ring_164.y, ring_164.z);
      part_160 += weights_161.y * window_166;
      part_160 += weights_161.z * ring_164;
      let column_167 = thread_column * 4;
      let entry_168 = read_document(block_6, i_28 + 0 - 1);
      let entry_169 = read_document(block_6, i_28);
      let guard_170 = entry_168 == entry_169;
      convolved_152 += select(vec4f(), part_160, guard_170);
      var part_171 = vec4f(0.0);
      let weights_172 = mtaPacked_arena[3];
      let ring_173 = mtaPacked_arena[neighbourhood_163 + 8];
      let ring_174 = mtaPacked_arena[neighbourhood_163 + 1 + 8];
      let window_175 = vec4f(ring_173.z, ring_173.w, ring_174.x, ring_174.y);
      part_171 += weights_172.x * window_175;
      let window_176 = vec4f(ring_173.w, ring_174.x, ring_174.y, ring_174.z);
      part_171 += weights_172.y * window_176;
      part_171 += weights_172.z * ring_174;
      let entry_177 = read_document(block_6, i_28 + 1 - 1);
      let guard_178 = entry_177 == entry_169;
      convolved_152 += select(vec4f(), part_171, guard_178);
      var part_179 = vec4f(0.0);
      part_179 += weights_161.x * window_175;
      part_179 += weights_161.y * window_176;
      part_179 += weights_161.z * ring_174;
      let entry_180 = read_document(block_6, i_28 + 1 + 0 - 1);
      let entry_181 = read_document(block_6, i_28 + 1);
      let guard_182 = entry_180 == entry_181;
      convolved_154 += select(vec4f(), part_179, guard_182);
      var part_183 = vec4f(0.0);
      let ring_184 = mtaPacked_arena[neighbourhood_163 + 9 + 8];
      let ring_185 = mtaPacked_arena[neighbourhood_163 + 10 + 8];
      let window_186 = vec4f(ring_184.z, ring_184.w, ring_185.x, ring_185.y);
      part_183 += weights_172.x * window_186;
      let window_187 = vec4f(ring_184.w, ring_185.x, ring_185.y, ring_185.z);
      part_183 += weights_172.y * window_187;
      part_183 += weights_172.z * ring_185;
      let entry_188 = read_document(block_6, i_28 + 1 + 1 - 1);
      let guard_189 = entry_188 == entry_181;
      convolved_154 += select(vec4f(), part_183, guard_189);
      var part_190 = vec4f(0.0);
      part_190 += weights_161.x * window_186;
      part_190 += weights_161.y * window_187;
      part_190 += weights_161.z * ring_185;
      let entry_191 = read_document(block_6, i_28 + 2 + 0 - 1);
      let entry_192 = read_document(block_6, i_28 + 2);
      let guard_193 = entry_191 == entry_192;
      convolved_156 += select(vec4f(), part_190, guard_193);
      var part_194 = vec4f(0.0);
      let ring_195 = mtaPacked_arena[neighbourhood_163 + 18 + 8];
      let ring_196 = mtaPacked_arena[neighbourhood_163 + 19 + 8];
      let window_197 = vec4f(ring_195.z, ring_195.w, ring_196.x, ring_196.y);
      part_194 += weights_172.x * window_197;
      let window_198 = vec4f(ring_195.w, ring_196.x, ring_196.y, ring_196.z);
      part_194 += weights_172.y * window_198;
      part_194 += weights_172.z * ring_196;
      let entry_199 = read_document(block_6, i_28 + 2 + 1 - 1);
      let guard_200 = entry_199 == entry_192;
      convolved_156 += select(vec4f(), part_194, guard_200);
      var part_201 = vec4f(0.0);
      part_201 += weights_161.x * window_197;
      part_201 += weights_161.y * window_198;
      part_201 += weights_161.z * ring_196;
      let entry_202 = read_document(block_6, i_28 + 3 + 0 - 1);
      let entry_203 = read_document(block_6, i_28 + 3);
      let guard_204 = entry_202 == entry_203;
      convolved_158 += select(vec4f(), part_201, guard_204);
      var part_205 = vec4f(0.0);
      let ring_206 = mtaPacked_arena[neighbourhood_163 + 27 + 8];
      let ring_207 = mtaPacked_arena[neighbourhood_163 + 28 + 8];
      let window_208 = vec4f(ring_206.z, ring_206.w, ring_207.x, ring_207.y);
      part_205 += weights_172.x * window_208;
      let window_209 = vec4f(ring_206.w, ring_207.x, ring_207.y, ring_207.z);
      part_205 += weights_172.y * window_209;
      part_205 += weights_172.z * ring_207;
      let entry_210 = read_document(block_6, i_28 + 3 + 1 - 1);
      let guard_211 = entry_210 == entry_203;
      convolved_158 += select(vec4f(), part_205, guard_211);
      var part_212 = vec4f(0.0);
      let ring_213 = mtaPacked_arena[neighbourhood_163 - 5 + 8];
      let ring_214 = mtaPacked_arena[neighbourhood_163 - 4 + 8];
      let window_215 = vec4f(ring_213.z, ring_213.w, ring_214.x, ring_214.y);
      part_212 += weights_161.x * window_215;
      let window_216 = vec4f(ring_213.w, ring_214.x, ring_214.y, ring_214.z);
      part_212 += weights_161.y * window_216;
      part_212 += weights_161.z * ring_214;
      convolved_153 += select(vec4f(), part_212, guard_170);
      var part_217 = vec4f(0.0);
      let ring_218 = mtaPacked_arena[neighbourhood_163 + 4 + 8];
      let ring_219 = mtaPacked_arena[neighbourhood_163 + 5 + 8];
      let window_220 = vec4f(ring_218.z, ring_218.w, ring_219.x, ring_219.y);
      part_217 += weights_172.x * window_220;
      let window_221 = vec4f(ring_218.w, ring_219.x, ring_219.y, ring_219.z);
      part_217 += weights_172.y * window_221;
      part_217 += weights_172.z * ring_219;
      convolved_153 += select(vec4f(), part_217, guard_178);
      var part_222 = vec4f(0.0);
      part_222 += weights_161.x * window_220;
      part_222 += weights_161.y * window_221;
      part_222 += weights_161.z * ring_219;
      convolved_155 += select(vec4f(), part_222, guard_182);
      var part_223 = vec4f(0.0);
      let ring_224 = mtaPacked_arena[neighbourhood_163 + 13 + 8];
      let ring_225 = mtaPacked_arena[neighbourhood_163 + 14 + 8];
      let window_226 = vec4f(ring_224.z, ring_224.w, ring_225.x, ring_225.y);
      part_223 += weights_172.x * window_226;
      let window_227 = vec4f(ring_224.w, ring_225.x, ring_225.y, ring_225.z);
      part_223 += weights_172.y * window_227;
      part_223 += weights_172.z * ring_225;
      convolved_155 += select(vec4f(), part_223, guard_189);
      var part_228 = vec4f(0.0);
      part_228 += weights_161.x * window_226;
      part_228 += weights_161.y * window_227;
      part_228 += weights_161.z * ring_225;
      convolved_157 += select(vec4f(), part_228, guard_193);
      var part_229 = vec4f(0.0);
      let ring_230 = mtaPacked_arena[neighbourhood_163 + 22 + 8];
      let ring_231 = mtaPacked_arena[neighbourhood_163 + 23 + 8];
      let window_232 = vec4f(ring_230.z, ring_230.w, ring_231.x, ring_231.y);
      part_229 += weights_172.x * window_232;
      let window_233 = vec4f(ring_230.w, ring_231.x, ring_231.y, ring_231.z);
      part_229 += weights_172.y * window_233;
      part_229 += weights_172.z * ring_231;
      convolved_157 += select(vec4f(), part_229, guard_200);
      var part_234 = vec4f(0.0);
      part_234 += weights_161.x * window_232;
      part_234 += weights_161.y * window_233;
      part_234 += weights_161.z * ring_231;
      convolved_159 += select(vec4f(), part_234, guard_204);
      var part_235 = vec4f(0.0);
      let ring_236 = mtaPacked_arena[neighbourhood_163 + 31 + 8];
      let ring_237 = mtaPacked_arena[neighbourhood_163 + 32 + 8];
      let window_238 = vec4f(ring_236.z, ring_236.w, ring_237.x, ring_237.y);
      part_235 += weights_172.x * window_238;
      let window_239 = vec4f(ring_236.w, ring_237.x, ring_237.y, ring_237.z);
      part_235 += weights_172.y * window_239;
      part_235 += weights_172.z * ring_237;
      convolved_159 += select(vec4f(), part_235, guard_211);
      let map_240 = exponential_difference_wide(convolved_152, vec4f(map_30));
      let map_241 = exponential_difference_wide(convolved_153, vec4f(map_30));
      let map_242 = exponential_difference_wide(convolved_154, vec4f(map_32));
      let map_243 = exponential_difference_wide(convolved_155, vec4f(map_32));
      let map_244 = exponential_difference_wide(convolved_156, vec4f(map_34));
      let map_245 = exponential_difference_wide(convolved_157, vec4f(map_34));
      let map_246 = exponential_difference_wide(convolved_158, vec4f(map_36));
      let map_247 = exponential_difference_wide(convolved_159, vec4f(map_36));
      let j_248 = J_54 - 1 + column_167;
      let j_249 = j_248 + vec4i(0, 1, 2, 3);
      let entries_250 = vec4i(read_document(block_6, j_249.x), read_document(block_6, j_249.y), read_document(block_6, j_249.z), read_document(block_6, j_249.w));
      let map_251 = select(vec4f(0.0), map_240, ((j_249 <= vec4i(i_28)) & (vec4i(entry_169) == entries_250)) & (vec4<bool>(0 <= i_28) & ((vec4i(0) <= j_249) & (j_249 < vec4i(launch.keys)))));
      let j_252 = j_248 + 16 + vec4i(0, 1, 2, 3);
      let entries_253 = vec4i(read_document(block_6, j_252.x), read_document(block_6, j_252.y), read_document(block_6, j_252.z), read_document(block_6, j_252.w));
      let map_254 = select(vec4f(0.0), map_241, ((j_252 <= vec4i(i_28)) & (vec4i(entry_169) == entries_253)) & (vec4<bool>(0 <= i_28) & ((vec4i(0) <= j_252) & (j_252 < vec4i(launch.keys)))));
      let map_255 = select(vec4f(0.0), map_242, ((j_249 <= vec4i(i_28 + 1)) & (vec4i(entry_181) == entries_250)) & (vec4<bool>(0 <= i_28 + 1) & ((vec4i(0) <= j_249) & (j_249 < vec4i(launch.keys)))));
      let map_256 = select(vec4f(0.0), map_243, ((j_252 <= vec4i(i_28 + 1)) & (vec4i(entry_181) == entries_253)) & (vec4<bool>(0 <= i_28 + 1) & ((vec4i(0) <= j_252) & (j_252 < vec4i(launch.keys)))));
      let map_257 = select(vec4f(0.0), map_244, ((j_249 <= vec4i(i_28 + 2)) & (vec4i(entry_192) == entries_250)) & (vec4<bool>(0 <= i_28 + 2) & ((vec4i(0) <= j_249) & (j_249 < vec4i(launch.keys)))));
      let map_258 = select(vec4f(0.0), map_245, ((j_252 <= vec4i(i_28 + 2)) & (vec4i(entry_192) == entries_253)) & (vec4<bool>(0 <= i_28 + 2) & ((vec4i(0) <= j_252) & (j_252 < vec4i(launch.keys)))));
      let map_259 = select(vec4f(0.0), map_246, ((j_249 <= vec4i(i_28 + 3)) & (vec4i(entry_203) == entries_250)) & (vec4<bool>(0 <= i_28 + 3) & ((vec4i(0) <= j_249) & (j_249 < vec4i(launch.keys)))));
      let map_260 = select(vec4f(0.0), map_247, ((j_252 <= vec4i(i_28 + 3)) & (vec4i(entry_203) == entries_253)) & (vec4<bool>(0 <= i_28 + 3) & ((vec4i(0) <= j_252) & (j_252 < vec4i(launch.keys)))));
      chosen_136 = map_251;
      chosen_137 = map_254;
      chosen_138 = map_255;
      chosen_139 = map_256;
      chosen_140 = map_257;
      chosen_141 = map_258;
      chosen_142 = map_259;
      chosen_143 = map_260;
    }
    let kept_261 = mtaPacked_arena[to_130 + 8 + 296];
    workgroupBarrier();
    mtaPacked_arena[to_130 + 296] = kept_261;
    let line_262 = row_27 * 9;
    if (row_27 < 32) {
      mtaPacked_arena[line_262 + thread_column + 1 + 296] = chosen_136;
      mtaPacked_arena[line_262 + thread_column + 5 + 296] = chosen_137;
    }
    if (row_27 + 1 < 32) {
      mtaPacked_arena[line_262 + thread_column + 10 + 296] = chosen_138;
      mtaPacked_arena[line_262 + thread_column + 14 + 296] = chosen_139;
    }
    if (row_27 + 2 < 32) {
      mtaPacked_arena[line_262 + thread_column + 19 + 296] = chosen_140;
      mtaPacked_arena[line_262 + thread_column + 23 + 296] = chosen_141;
    }
    if (row_27 + 3 < 32) {
      mtaPacked_arena[line_262 + thread_column + 28 + 296] = chosen_142;
      mtaPacked_arena[line_262 + thread_column + 32 + 296] = chosen_143;
    }
    let from_263 = J_54 - 2;
    let is_empty_264 = (from_263 - (from_55 + 31) > 0) || ((-(from_263 + 31) > 0) || (from_263 - launch.keys >= 0));
    var chosen_265 = vec4f();
    var chosen_266 = vec4f();
    var chosen_267 = vec4f();
    var chosen_268 = vec4f();
    if (is_empty_264) {
      chosen_265 = carried_43;
      chosen_266 = carried_44;
      chosen_267 = carried_45;
      chosen_268 = carried_46;
    }
    else {
      workgroupBarrier();
      var convolved_269 = vec4f(0.0);
      var convolved_270 = vec4f(0.0);
      var convolved_271 = vec4f(0.0);
      var convolved_272 = vec4f(0.0);
      var convolved_273 = vec4f(0.0);
      var convolved_274 = vec4f(0.0);
      var convolved_275 = vec4f(0.0);
      var convolved_276 = vec4f(0.0);
      var part_277 = vec4f(0.0);
      let weights_278 = mtaPacked_arena[6];
      let neighbourhood_280 = row_132 * 9 + thread_column;
      let ring_279 = mtaPacked_arena[neighbourhood_280 - 9 + 296];
      let ring_281 = mtaPacked_arena[neighbourhood_280 - 8 + 296];
      let window_282 = vec4f(ring_279.z, ring_279.w, ring_281.x, ring_281.y);
      part_277 += weights_278.x * window_282;
      let window_283 = vec4f(ring_279.w, ring_281.x, ring_281.y, ring_281.z);
      part_277 += weights_278.y * window_283;
      part_277 += weights_278.z * ring_281;
      let column_284 = thread_column * 4;
      let i_285 = I_4 - 2 + row_132;
      let entry_286 = read_document(block_6, i_285 + 0 - 1);
      let entry_287 = read_document(block_6, i_285);
      let guard_288 = entry_286 == entry_287;
      convolved_269 += select(vec4f(), part_277, guard_288);
      var part_289 = vec4f(0.0);
      let weights_290 = mtaPacked_arena[7];
      let ring_291 = mtaPacked_arena[neighbourhood_280 + 296];
      let ring_292 = mtaPacked_arena[neighbourhood_280 + 1 + 296];
      let window_293 = vec4f(ring_291.z, ring_291.w, ring_292.x, ring_292.y);
      part_289 += weights_290.x * window_293;
      let window_294 = vec4f(ring_291.w, ring_292.x, ring_292.y, ring_292.z);
      part_289 += weights_290.y * window_294;
      part_289 += weights_290.z * ring_292;
      let entry_295 = read_document(block_6, i_285 + 1 - 1);
      let guard_296 = entry_295 == entry_287;
      convolved_269 += select(vec4f(), part_289, guard_296);
      var part_297 = vec4f(0.0);
      part_297 += weights_278.x * window_293;
      part_297 += weights_278.y * window_294;
      part_297 += weights_278.z * ring_292;
      let entry_298 = read_document(block_6, i_285 + 1 + 0 - 1);
      let entry_299 = read_document(block_6, i_285 + 1);
      let guard_300 = entry_298 == entry_299;
      convolved_271 += select(vec4f(), part_297, guard_300);
      var part_301 = vec4f(0.0);
      let ring_302 = mtaPacked_arena[neighbourhood_280 + 9 + 296];
      let ring_303 = mtaPacked_arena[neighbourhood_280 + 10 + 296];
      let window_304 = vec4f(ring_302.z, ring_302.w, ring_303.x, ring_303.y);
      part_301 += weights_290.x * window_304;
      let window_305 = vec4f(ring_302.w, ring_303.x, ring_303.y, ring_303.z);
      part_301 += weights_290.y * window_305;
      part_301 += weights_290.z * ring_303;
      let entry_306 = read_document(block_6, i_285 + 1 + 1 - 1);
      let guard_307 = entry_306 == entry_299;
      convolved_271 += select(vec4f(), part_301, guard_307);
      var part_308 = vec4f(0.0);
      part_308 += weights_278.x * window_304;
      part_308 += weights_278.y * window_305;
      part_308 += weights_278.z * ring_303;
      let entry_309 = read_document(block_6, i_285 + 2 + 0 - 1);
      let entry_310 = read_document(block_6, i_285 + 2);
      let guard_311 = entry_309 == entry_310;
      convolved_273 += select(vec4f(), part_308, guard_311);
      var part_312 = vec4f(0.0);
      let ring_313 = mtaPacked_arena[neighbourhood_280 + 18 + 296];
      let ring_314 = mtaPacked_arena[neighbourhood_280 + 19 + 296];
      let window_315 = vec4f(ring_313.z, ring_313.w, ring_314.x, ring_314.y);
      part_312 += weights_290.x * window_315;
      let window_316 = vec4f(ring_313.w, ring_314.x, ring_314.y, ring_314.z);
      part_312 += weights_290.y * window_316;
      part_312 += weights_290.z * ring_314;
      let entry_317 = read_document(block_6, i_285 + 2 + 1 - 1);
      let guard_318 = entry_317 == entry_310;
      convolved_273 += select(vec4f(), part_312, guard_318);
      var part_319 = vec4f(0.0);
      part_319 += weights_278.x * window_315;
      part_319 += weights_278.y * window_316;
      part_319 += weights_278.z * ring_314;
      let entry_320 = read_document(block_6, i_285 + 3 + 0 - 1);
      let entry_321 = read_document(block_6, i_285 + 3);
      let guard_322 = entry_320 == entry_321;
      convolved_275 += select(vec4f(), part_319, guard_322);
      var part_323 = vec4f(0.0);
      let ring_324 = mtaPacked_arena[neighbourhood_280 + 27 + 296];
      let ring_325 = mtaPacked_arena[neighbourhood_280 + 28 + 296];
      let window_326 = vec4f(ring_324.z, ring_324.w, ring_325.x, ring_325.y);
      part_323 += weights_290.x * window_326;
      let window_327 = vec4f(ring_324.w, ring_325.x, ring_325.y, ring_325.z);
      part_323 += weights_290.y * window_327;
      part_323 += weights_290.z * ring_325;
      let entry_328 = read_document(block_6, i_285 + 3 + 1 - 1);
      let guard_329 = entry_328 == entry_321;
      convolved_275 += select(vec4f(), part_323, guard_329);
      var part_330 = vec4f(0.0);
      let ring_331 = mtaPacked_arena[neighbourhood_280 - 5 + 296];
      let ring_332 = mtaPacked_arena[neighbourhood_280 - 4 + 296];
      let window_333 = vec4f(ring_331.z, ring_331.w, ring_332.x, ring_332.y);
      part_330 += weights_278.x * window_333;
      let window_334 = vec4f(ring_331.w, ring_332.x, ring_332.y, ring_332.z);
      part_330 += weights_278.y * window_334;
      part_330 += weights_278.z * ring_332;
      convolved_270 += select(vec4f(), part_330, guard_288);
      var part_335 = vec4f(0.0);
      let ring_336 = mtaPacked_arena[neighbourhood_280 + 4 + 296];
      let ring_337 = mtaPacked_arena[neighbourhood_280 + 5 + 296];
      let window_338 = vec4f(ring_336.z, ring_336.w, ring_337.x, ring_337.y);
      part_335 += weights_290.x * window_338;
      let window_339 = vec4f(ring_336.w, ring_337.x, ring_337.y, ring_337.z);
      part_335 += weights_290.y * window_339;
      part_335 += weights_290.z * ring_337;
      convolved_270 += select(vec4f(), part_335, guard_296);
      var part_340 = vec4f(0.0);
      part_340 += weights_278.x * window_338;
      part_340 += weights_278.y * window_339;
      part_340 += weights_278.z * ring_337;
      convolved_272 += select(vec4f(), part_340, guard_300);
      var part_341 = vec4f(0.0);
      let ring_342 = mtaPacked_arena[neighbourhood_280 + 13 + 296];
      let ring_343 = mtaPacked_arena[neighbourhood_280 + 14 + 296];
      let window_344 = vec4f(ring_342.z, ring_342.w, ring_343.x, ring_343.y);
      part_341 += weights_290.x * window_344;
      let window_345 = vec4f(ring_342.w, ring_343.x, ring_343.y, ring_343.z);
      part_341 += weights_290.y * window_345;
      part_341 += weights_290.z * ring_343;
      convolved_272 += select(vec4f(), part_341, guard_307);
      var part_346 = vec4f(0.0);
      part_346 += weights_278.x * window_344;
      part_346 += weights_278.y * window_345;
      part_346 += weights_278.z * ring_343;
      convolved_274 += select(vec4f(), part_346, guard_311);
      var part_347 = vec4f(0.0);
      let ring_348 = mtaPacked_arena[neighbourhood_280 + 22 + 296];
      let ring_349 = mtaPacked_arena[neighbourhood_280 + 23 + 296];
      let window_350 = vec4f(ring_348.z, ring_348.w, ring_349.x, ring_349.y);
      part_347 += weights_290.x * window_350;
      let window_351 = vec4f(ring_348.w, ring_349.x, ring_349.y, ring_349.z);
      part_347 += weights_290.y * window_351;
      part_347 += weights_290.z * ring_349;
      convolved_274 += select(vec4f(), part_347, guard_318);
      var part_352 = vec4f(0.0);
      part_352 += weights_278.x * window_350;
      part_352 += weights_278.y * window_351;
      part_352 += weights_278.z * ring_349;
      convolved_276 += select(vec4f(), part_352, guard_322);
      var part_353 = vec4f(0.0);
      let ring_354 = mtaPacked_arena[neighbourhood_280 + 31 + 296];
      let ring_355 = mtaPacked_arena[neighbourhood_280 + 32 + 296];
      let window_356 = vec4f(ring_354.z, ring_354.w, ring_355.x, ring_355.y);
      part_353 += weights_290.x * window_356;
      let window_357 = vec4f(ring_354.w, ring_355.x, ring_355.y, ring_355.z);
      part_353 += weights_290.y * window_357;
      part_353 += weights_290.z * ring_355;
      convolved_276 += select(vec4f(), part_353, guard_329);
      let j_358 = J_54 - 2 + column_284;
      let j_359 = j_358 + vec4i(0, 1, 2, 3);
      let entries_360 = vec4i(read_document(block_6, j_359.x), read_document(block_6, j_359.y), read_document(block_6, j_359.z), read_document(block_6, j_359.w));
      let map_361 = select(vec4f(0.0), convolved_269, ((j_359 <= vec4i(i_285)) & (vec4i(entry_287) == entries_360)) & ((vec4i(0) <= j_359) & (j_359 < vec4i(launch.keys))));
      let j_362 = j_358 + 16 + vec4i(0, 1, 2, 3);
      let entries_363 = vec4i(read_document(block_6, j_362.x), read_document(block_6, j_362.y), read_document(block_6, j_362.z), read_document(block_6, j_362.w));
      let map_364 = select(vec4f(0.0), convolved_270, ((j_362 <= vec4i(i_285)) & (vec4i(entry_287) == entries_363)) & ((vec4i(0) <= j_362) & (j_362 < vec4i(launch.keys))));
      let map_365 = select(vec4f(0.0), convolved_271, ((j_359 <= vec4i(i_285 + 1)) & (vec4i(entry_299) == entries_360)) & ((vec4i(0) <= j_359) & (j_359 < vec4i(launch.keys))));
      let map_366 = select(vec4f(0.0), convolved_272, ((j_362 <= vec4i(i_285 + 1)) & (vec4i(entry_299) == entries_363)) & ((vec4i(0) <= j_362) & (j_362 < vec4i(launch.keys))));
      let map_367 = select(vec4f(0.0), convolved_273, ((j_359 <= vec4i(i_285 + 2)) & (vec4i(entry_310) == entries_360)) & ((vec4i(0) <= j_359) & (j_359 < vec4i(launch.keys))));
      let map_368 = select(vec4f(0.0), convolved_274, ((j_362 <= vec4i(i_285 + 2)) & (vec4i(entry_310) == entries_363)) & ((vec4i(0) <= j_362) & (j_362 < vec4i(launch.keys))));
      let map_369 = select(vec4f(0.0), convolved_275, ((j_359 <= vec4i(i_285 + 3)) & (vec4i(entry_321) == entries_360)) & ((vec4i(0) <= j_359) & (j_359 < vec4i(launch.keys))));
      let map_370 = select(vec4f(0.0), convolved_276, ((j_362 <= vec4i(i_285 + 3)) & (vec4i(entry_321) == entries_363)) & ((vec4i(0) <= j_362) & (j_362 < vec4i(launch.keys))));
      let line_371 = row_132 * 8;
      mtaPacked_arena[line_371 + thread_column + 648] = map_361;
      mtaPacked_arena[line_371 + (thread_column + 4) + 648] = map_364;
      mtaPacked_arena[line_371 + 8 + thread_column + 648] = map_365;
      mtaPacked_arena[line_371 + 8 + (thread_column + 4) + 648] = map_366;
      mtaPacked_arena[line_371 + 16 + thread_column + 648] = map_367;
      mtaPacked_arena[line_371 + 16 + (thread_column + 4) + 648] = map_368;
      mtaPacked_arena[line_371 + 24 + thread_column + 648] = map_369;
      mtaPacked_arena[line_371 + 24 + (thread_column + 4) + 648] = map_370;
      var product_372 = carried_43;
      var product_373 = carried_44;
      var product_374 = carried_45;
      var product_375 = carried_46;
      for (var n_377 = thread; n_377 < 64; n_377 += 32) {
        let line_378 = n_377 / 2;
        let vector_379 = n_377 % 2;
        let at_380 = J_54 - 2 + line_378;
        var loaded_381 = vec4f();
        if (u32(at_380) < u32(launch.keys) && u32(vector_379) < 2u) {
          loaded_381 = v_data[launch.v_offset + (block_6) * launch.v_stride_0 + (block_5) * launch.v_stride_1 + at_380 * launch.v_stride_2 + vector_379];
        }
        mtaPacked_arena[n_377 + 904] = loaded_381;
      }
      workgroupBarrier();
      let row_383 = thread_row * 4 + 2;
      let left_384 = row_383 * 8;
      for (var k_382 = 0; k_382 < 8; k_382++) {
        let chunk_385 = k_382 * 8;
        let right_386 = mtaPacked_arena[thread_column + chunk_385 + 904];
        let right_387 = mtaPacked_arena[thread_column + chunk_385 + 906];
        let right_388 = mtaPacked_arena[thread_column + chunk_385 + 908];
        let right_389 = mtaPacked_arena[thread_column + chunk_385 + 910];
        let left_390 = mtaPacked_arena[left_384 + k_382 + 648];
        product_372 += left_390.x * right_386;
        product_372 += left_390.y * right_387;
        product_372 += left_390.z * right_388;
        product_372 += left_390.w * right_389;
        let left_391 = mtaPacked_arena[left_384 + k_382 + 656];
        product_373 += left_391.x * right_386;
        product_373 += left_391.y * right_387;
        product_373 += left_391.z * right_388;
        product_373 += left_391.w * right_389;
        let left_392 = mtaPacked_arena[left_384 + k_382 + 664];
        product_374 += left_392.x * right_386;
        product_374 += left_392.y * right_387;
        product_374 += left_392.z * right_388;
        product_374 += left_392.w * right_389;
        let left_393 = mtaPacked_arena[left_384 + k_382 + 672];
        product_375 += left_393.x * right_386;
        product_375 += left_393.y * right_387;
        product_375 += left_393.z * right_388;
        product_375 += left_393.w * right_389;
      }
      chosen_265 = product_372;
      chosen_266 = product_373;
      chosen_267 = product_374;
      chosen_268 = product_375;
    }
    carried_43 = chosen_265;
    carried_44 = chosen_266;
    carried_45 = chosen_267;
    carried_46 = chosen_268;
  }
  let row_394 = thread_row * 4 + 2;
  let column_395 = thread_column * 4;
  let i_396 = I_4 - 2 + row_394;
  let place_397 = i_396 - (launch.keys - launch.rows);
  if (row_394 < 32 && column_395 < 8 && u32(place_397) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_397 * launch.out_stride_2 + thread_column] = carried_43;
  }
  let place_398 = i_396 + 1 - (launch.keys - launch.rows);
  if (row_394 + 1 < 32 && column_395 < 8 && u32(place_398) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_398 * launch.out_stride_2 + thread_column] = carried_44;
  }
  let place_399 = i_396 + 2 - (launch.keys - launch.rows);
  if (row_394 + 2 < 32 && column_395 < 8 && u32(place_399) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_399 * launch.out_stride_2 + thread_column] = carried_45;
  }
  let place_400 = i_396 + 3 - (launch.keys - launch.rows);
  if (row_394 + 3 < 32 && column_395 < 8 && u32(place_400) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + (block_6) * launch.out_stride_0 + (block_5) * launch.out_stride_1 + place_400 * launch.out_stride_2 + thread_column] = carried_46;
  }
  let entry_401 = read_statistics(block_6, block_5, i_396);
  let map_402 = entry_401;
  let entry_403 = read_statistics(block_6, block_5, i_396 + 1);
  let map_404 = entry_403;
  let entry_405 = read_statistics(block_6, block_5, i_396 + 2);
  let map_406 = entry_405;
  let entry_407 = read_statistics(block_6, block_5, i_396 + 3);
  let map_408 = entry_407;
  let map_409 = map_402;
  let map_410 = map_404;
  let map_411 = map_406;
  let map_412 = map_408;
  let stored_413 = select(map_409, bitcast<f32>(launch.minus_infinity), map_409 <= -1.7e+38);
  if (thread_column == 0 && row_394 < 32 && u32(place_397) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_397] = stored_413;
  }
  let stored_414 = select(map_410, bitcast<f32>(launch.minus_infinity), map_410 <= -1.7e+38);
  if (thread_column == 0 && row_394 + 1 < 32 && u32(place_398) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_398] = stored_414;
  }
  let stored_415 = select(map_411, bitcast<f32>(launch.minus_infinity), map_411 <= -1.7e+38);
  if (thread_column == 0 && row_394 + 2 < 32 && u32(place_399) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_399] = stored_415;
  }
  let stored_416 = select(map_412, bitcast<f32>(launch.minus_infinity), map_412 <= -1.7e+38);
  if (thread_column == 0 && row_394 + 3 < 32 && u32(place_400) < u32(launch.rows)) {
    lse_data[launch.lse_offset + (block_6) * launch.lse_stride_0 + (block_5) * launch.lse_stride_1 + place_400] = stored_416;
  }
}
