// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4.
// heads=2 headDim=8
// Hash d973eb962509022e of all below. Made by a compiler: change the spec, not this file.

const name = "causal";
export const wgsl = `// causal, compiled by heddle golden to WGSL: f32, no subgroups, threads causal 8 × 4.
// heads=2 headDim=8
// Hash 84043dee8f05abd8 of all below. Made by a compiler: change the spec, not this file.

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
@group(0) @binding(4) var<storage, read_write> out_data: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> lse_data: array<f32>;

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

var<workgroup> causal_arena: array<vec4f, 384>;

@compute @workgroup_size(32)
fn causal(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  let thread = i32(invocation);
  let thread_row = thread / 4;
  let thread_column = thread % 4;
  let block = i32(workgroup.x + workgroup.y * workgroups.x);
  let blocks_1 = (launch.keys - (launch.keys - launch.rows) + 31) / 32;
  let block_2 = block % blocks_1;
  let block_3 = block / blocks_1;
  let I_4 = block_2 * 32 + (launch.keys - launch.rows);
  let block_5 = block_3 % 2;
  let block_6 = block_3 / 2;
  if (block_6 >= launch.batch) {
    return;
  }
  let constant_7 = vec4f(0.0);
  let constant_8 = vec4f(0.0);
  let constant_9 = vec4f(0.0);
  let constant_10 = vec4f(0.0);
  let constant_11 = bitcast<f32>(launch.minus_infinity);
  let constant_12 = bitcast<f32>(launch.minus_infinity);
  let constant_13 = bitcast<f32>(launch.minus_infinity);
  let constant_14 = bitcast<f32>(launch.minus_infinity);
  let constant_15 = 0.0;
  let constant_16 = 0.0;
  let constant_17 = 0.0;
  let constant_18 = 0.0;
  var carried_19 = constant_11;
  var carried_20 = constant_12;
  var carried_21 = constant_13;
  var carried_22 = constant_14;
  var carried_23 = constant_15;
  var carried_24 = constant_16;
  var carried_25 = constant_17;
  var carried_26 = constant_18;
  var carried_27 = constant_7;
  var carried_28 = constant_8;
  var carried_29 = constant_9;
  var carried_30 = constant_10;
  for (var n_31 = thread; n_31 < 64; n_31 += 32) {
    let line_32 = n_31 / 2;
    let vector_33 = n_31 % 2;
    let at_34 = I_4 + line_32;
    let place_35 = at_34 - (launch.keys - launch.queries);
    var loaded_36 = vec4f();
    if (u32(place_35) < u32(launch.queries) && u32(vector_33) < 2u) {
      loaded_36 = q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_35 * launch.q_stride_2 + vector_33];
    }
    causal_arena[n_31] = loaded_36;
  }
  let end_37 = min(launch.keys, I_4 + 32);
  for (var J_38 = 0; J_38 < end_37; J_38 += 32) {
    let is_full_39 = (J_38 + 31 - I_4 <= 0) && (J_38 + 31 - launch.keys < 0);
    let is_empty_40 = (J_38 - (I_4 + 31) > 0) || (J_38 - launch.keys >= 0);
    var chosen_41 = carried_19;
    var chosen_42 = carried_20;
    var chosen_43 = carried_21;
    var chosen_44 = carried_22;
    var chosen_45 = carried_23;
    var chosen_46 = carried_24;
    var chosen_47 = carried_25;
    var chosen_48 = carried_26;
    var chosen_49 = carried_27;
    var chosen_50 = carried_28;
    var chosen_51 = carried_29;
    var chosen_52 = carried_30;
    if (!is_empty_40) {
      var product_53 = vec4f(0.0);
      var product_54 = vec4f(0.0);
      var product_55 = vec4f(0.0);
      var product_56 = vec4f(0.0);
      var product_57 = vec4f(0.0);
      var product_58 = vec4f(0.0);
      var product_59 = vec4f(0.0);
      var product_60 = vec4f(0.0);
      workgroupBarrier();
      for (var n_62 = thread; n_62 < 64; n_62 += 32) {
        let line_63 = n_62 / 2;
        let vector_64 = n_62 % 2;
        let at_65 = J_38 + line_63;
        var loaded_66 = vec4f();
        if (u32(at_65) < u32(launch.keys) && u32(vector_64) < 2u) {
          loaded_66 = k_data[launch.k_offset + block_6 * launch.k_stride_0 + block_5 * launch.k_stride_1 + at_65 * launch.k_stride_2 + vector_64];
        }
        causal_arena[n_62 + (line_63 >> 2u) + 64] = loaded_66;
      }
      workgroupBarrier();
      let row_68 = thread_row * 4;
      let left_69 = row_68 * 2;
      let right_70 = thread_column * 9;
      for (var k_67 = 0; k_67 < 2; k_67++) {
        let right_71 = causal_arena[right_70 + k_67 + 64];
        let right_72 = causal_arena[right_70 + k_67 + 66];
        let right_73 = causal_arena[right_70 + k_67 + 68];
        let right_74 = causal_arena[right_70 + k_67 + 70];
        let right_75 = causal_arena[right_70 + k_67 + 100];
        let right_76 = causal_arena[right_70 + k_67 + 102];
        let right_77 = causal_arena[right_70 + k_67 + 104];
        let right_78 = causal_arena[right_70 + k_67 + 106];
        let left_79 = causal_arena[left_69 + k_67];
        product_53 += vec4f(dot(left_79, right_71), dot(left_79, right_72), dot(left_79, right_73), dot(left_79, right_74));
        product_54 += vec4f(dot(left_79, right_75), dot(left_79, right_76), dot(left_79, right_77), dot(left_79, right_78));
        let left_80 = causal_arena[left_69 + k_67 + 2];
        product_55 += vec4f(dot(left_80, right_71), dot(left_80, right_72), dot(left_80, right_73), dot(left_80, right_74));
        product_56 += vec4f(dot(left_80, right_75), dot(left_80, right_76), dot(left_80, right_77), dot(left_80, right_78));
        let left_81 = causal_arena[left_69 + k_67 + 4];
        product_57 += vec4f(dot(left_81, right_71), dot(left_81, right_72), dot(left_81, right_73), dot(left_81, right_74));
        product_58 += vec4f(dot(left_81, right_75), dot(left_81, right_76), dot(left_81, right_77), dot(left_81, right_78));
        let left_82 = causal_arena[left_69 + k_67 + 6];
        product_59 += vec4f(dot(left_82, right_71), dot(left_82, right_72), dot(left_82, right_73), dot(left_82, right_74));
        product_60 += vec4f(dot(left_82, right_75), dot(left_82, right_76), dot(left_82, right_77), dot(left_82, right_78));
      }
      let column_83 = thread_column * 4;
      let map_84 = product_53 / 2.828427;
      let map_85 = product_54 / 2.828427;
      let map_86 = product_55 / 2.828427;
      let map_87 = product_56 / 2.828427;
      let map_88 = product_57 / 2.828427;
      let map_89 = product_58 / 2.828427;
      let map_90 = product_59 / 2.828427;
      let map_91 = product_60 / 2.828427;
      var chosen_92 = map_84;
      var chosen_93 = map_85;
      var chosen_94 = map_86;
      var chosen_95 = map_87;
      var chosen_96 = map_88;
      var chosen_97 = map_89;
      var chosen_98 = map_90;
      var chosen_99 = map_91;
      if (!is_full_39) {
        let j_100 = J_38 + column_83;
        let j_101 = j_100 + vec4i(0, 1, 2, 3);
        let i_102 = I_4 + row_68;
        let map_103 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_84, (j_101 <= vec4i(i_102)) & (j_101 < vec4i(launch.keys)));
        let j_104 = j_100 + 16 + vec4i(0, 1, 2, 3);
        let map_105 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_85, (j_104 <= vec4i(i_102)) & (j_104 < vec4i(launch.keys)));
        let map_106 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_86, (j_101 <= vec4i(i_102 + 1)) & (j_101 < vec4i(launch.keys)));
        let map_107 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_87, (j_104 <= vec4i(i_102 + 1)) & (j_104 < vec4i(launch.keys)));
        let map_108 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_88, (j_101 <= vec4i(i_102 + 2)) & (j_101 < vec4i(launch.keys)));
        let map_109 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_89, (j_104 <= vec4i(i_102 + 2)) & (j_104 < vec4i(launch.keys)));
        let map_110 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_90, (j_101 <= vec4i(i_102 + 3)) & (j_101 < vec4i(launch.keys)));
        let map_111 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_91, (j_104 <= vec4i(i_102 + 3)) & (j_104 < vec4i(launch.keys)));
        chosen_92 = map_103;
        chosen_93 = map_105;
        chosen_94 = map_106;
        chosen_95 = map_107;
        chosen_96 = map_108;
        chosen_97 = map_109;
        chosen_98 = map_110;
        chosen_99 = map_111;
      }
      let partial_112 = max(chosen_92, chosen_93);
      let partial_113 = max(max(partial_112.x, partial_112.y), max(partial_112.z, partial_112.w));
      let partial_114 = max(chosen_94, chosen_95);
      let partial_115 = max(max(partial_114.x, partial_114.y), max(partial_114.z, partial_114.w));
      let partial_116 = max(chosen_96, chosen_97);
      let partial_117 = max(max(partial_116.x, partial_116.y), max(partial_116.z, partial_116.w));
      let partial_118 = max(chosen_98, chosen_99);
      let partial_119 = max(max(partial_118.x, partial_118.y), max(partial_118.z, partial_118.w));
      workgroupBarrier();
      causal_arena[row_68 + thread_column + 64] = vec4f(partial_113, partial_115, partial_117, partial_119);
      workgroupBarrier();
      let max_120 = max(max(max(causal_arena[row_68 + 64], causal_arena[row_68 + 1 + 64]), causal_arena[row_68 + 2 + 64]), causal_arena[row_68 + 3 + 64]);
      let map_121 = maximum(carried_19, max_120.x);
      let map_122 = maximum(carried_20, max_120.y);
      let map_123 = maximum(carried_21, max_120.z);
      let map_124 = maximum(carried_22, max_120.w);
      let map_125 = exponential_difference(carried_19, map_121);
      let map_126 = exponential_difference(carried_20, map_122);
      let map_127 = exponential_difference(carried_21, map_123);
      let map_128 = exponential_difference(carried_22, map_124);
      let map_129 = exponential_difference_wide(chosen_92, vec4f(map_121));
      let map_130 = exponential_difference_wide(chosen_93, vec4f(map_121));
      let map_131 = exponential_difference_wide(chosen_94, vec4f(map_122));
      let map_132 = exponential_difference_wide(chosen_95, vec4f(map_122));
      let map_133 = exponential_difference_wide(chosen_96, vec4f(map_123));
      let map_134 = exponential_difference_wide(chosen_97, vec4f(map_123));
      let map_135 = exponential_difference_wide(chosen_98, vec4f(map_124));
      let map_136 = exponential_difference_wide(chosen_99, vec4f(map_124));
      let map_137 = carried_23 * map_125;
      let map_138 = carried_24 * map_126;
      let map_139 = carried_25 * map_127;
      let map_140 = carried_26 * map_128;
      let partial_141 = map_129 + map_130;
      let partial_142 = partial_141.x + partial_141.y + (partial_141.z + partial_141.w);
      let partial_143 = map_131 + map_132;
      let partial_144 = partial_143.x + partial_143.y + (partial_143.z + partial_143.w);
      let partial_145 = map_133 + map_134;
      let partial_146 = partial_145.x + partial_145.y + (partial_145.z + partial_145.w);
      let partial_147 = map_135 + map_136;
      let partial_148 = partial_147.x + partial_147.y + (partial_147.z + partial_147.w);
      let map_149 = map_137 + partial_142;
      let map_150 = map_138 + partial_144;
      let map_151 = map_139 + partial_146;
      let map_152 = map_140 + partial_148;
      let map_153 = carried_27 * map_125;
      let map_154 = carried_28 * map_126;
      let map_155 = carried_29 * map_127;
      let map_156 = carried_30 * map_128;
      workgroupBarrier();
      let line_157 = row_68 * 8;
      causal_arena[line_157 + thread_column + 64] = map_129;
      causal_arena[line_157 + (thread_column + 4) + 64] = map_130;
      causal_arena[line_157 + 8 + thread_column + 64] = map_131;
      causal_arena[line_157 + 8 + (thread_column + 4) + 64] = map_132;
      causal_arena[line_157 + 16 + thread_column + 64] = map_133;
      causal_arena[line_157 + 16 + (thread_column + 4) + 64] = map_134;
      causal_arena[line_157 + 24 + thread_column + 64] = map_135;
      causal_arena[line_157 + 24 + (thread_column + 4) + 64] = map_136;
      var product_158 = map_153;
      var product_159 = map_154;
      var product_160 = map_155;
      var product_161 = map_156;
      for (var n_163 = thread; n_163 < 64; n_163 += 32) {
        let line_164 = n_163 / 2;
        let vector_165 = n_163 % 2;
        let at_166 = J_38 + line_164;
        var loaded_167 = vec4f();
        if (u32(at_166) < u32(launch.keys) && u32(vector_165) < 2u) {
          loaded_167 = v_data[launch.v_offset + block_6 * launch.v_stride_0 + block_5 * launch.v_stride_1 + at_166 * launch.v_stride_2 + vector_165];
        }
        causal_arena[n_163 + 320] = loaded_167;
      }
      workgroupBarrier();
      for (var k_168 = 0; k_168 < 8; k_168++) {
        let chunk_169 = k_168 * 8;
        let right_170 = causal_arena[thread_column + chunk_169 + 320];
        let right_171 = causal_arena[thread_column + chunk_169 + 322];
        let right_172 = causal_arena[thread_column + chunk_169 + 324];
        let right_173 = causal_arena[thread_column + chunk_169 + 326];
        let left_174 = causal_arena[line_157 + k_168 + 64];
        product_158 += left_174.x * right_170;
        product_158 += left_174.y * right_171;
        product_158 += left_174.z * right_172;
        product_158 += left_174.w * right_173;
        let left_175 = causal_arena[line_157 + k_168 + 72];
        product_159 += left_175.x * right_170;
        product_159 += left_175.y * right_171;
        product_159 += left_175.z * right_172;
        product_159 += left_175.w * right_173;
        let left_176 = causal_arena[line_157 + k_168 + 80];
        product_160 += left_176.x * right_170;
        product_160 += left_176.y * right_171;
        product_160 += left_176.z * right_172;
        product_160 += left_176.w * right_173;
        let left_177 = causal_arena[line_157 + k_168 + 88];
        product_161 += left_177.x * right_170;
        product_161 += left_177.y * right_171;
        product_161 += left_177.z * right_172;
        product_161 += left_177.w * right_173;
      }
      chosen_41 = map_121;
      chosen_42 = map_122;
      chosen_43 = map_123;
      chosen_44 = map_124;
      chosen_45 = map_149;
      chosen_46 = map_150;
      chosen_47 = map_151;
      chosen_48 = map_152;
      chosen_49 = product_158;
      chosen_50 = product_159;
      chosen_51 = product_160;
      chosen_52 = product_161;
    }
    carried_19 = chosen_41;
    carried_20 = chosen_42;
    carried_21 = chosen_43;
    carried_22 = chosen_44;
    carried_23 = chosen_45;
    carried_24 = chosen_46;
    carried_25 = chosen_47;
    carried_26 = chosen_48;
    carried_27 = chosen_49;
    carried_28 = chosen_50;
    carried_29 = chosen_51;
    carried_30 = chosen_52;
  }
  workgroupBarrier();
  let line_178 = thread_row * 4;
  causal_arena[line_178 + thread_column + 64] = vec4f(carried_23, carried_24, carried_25, carried_26);
  workgroupBarrier();
  let sum_179 = causal_arena[line_178 + 64] + causal_arena[line_178 + 1 + 64] + causal_arena[line_178 + 2 + 64] + causal_arena[line_178 + 3 + 64];
  let map_180 = select(1.0 / sum_179.x, 0.0, sum_179.x == 0.0);
  let map_181 = select(1.0 / sum_179.y, 0.0, sum_179.y == 0.0);
  let map_182 = select(1.0 / sum_179.z, 0.0, sum_179.z == 0.0);
  let map_183 = select(1.0 / sum_179.w, 0.0, sum_179.w == 0.0);
  let column_184 = thread_column * 4;
  let map_185 = carried_27 * map_180;
  let map_186 = carried_28 * map_181;
  let map_187 = carried_29 * map_182;
  let map_188 = carried_30 * map_183;
  let i_189 = I_4 + line_178;
  let place_190 = i_189 - (launch.keys - launch.rows);
  if (column_184 < 8 && u32(place_190) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_190 * launch.out_stride_2 + thread_column] = map_185;
  }
  let place_191 = i_189 + 1 - (launch.keys - launch.rows);
  if (column_184 < 8 && u32(place_191) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_191 * launch.out_stride_2 + thread_column] = map_186;
  }
  let place_192 = i_189 + 2 - (launch.keys - launch.rows);
  if (column_184 < 8 && u32(place_192) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_192 * launch.out_stride_2 + thread_column] = map_187;
  }
  let place_193 = i_189 + 3 - (launch.keys - launch.rows);
  if (column_184 < 8 && u32(place_193) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_193 * launch.out_stride_2 + thread_column] = map_188;
  }
  let map_194 = carried_19 + logarithm(select(-1.0, sum_179.x, sum_179.x <= 1e+30));
  let map_195 = carried_20 + logarithm(select(-1.0, sum_179.y, sum_179.y <= 1e+30));
  let map_196 = carried_21 + logarithm(select(-1.0, sum_179.z, sum_179.z <= 1e+30));
  let map_197 = carried_22 + logarithm(select(-1.0, sum_179.w, sum_179.w <= 1e+30));
  if (thread_column == 0 && u32(place_190) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_190] = map_194;
  }
  if (thread_column == 0 && u32(place_191) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_191] = map_195;
  }
  if (thread_column == 0 && u32(place_192) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_192] = map_196;
  }
  if (thread_column == 0 && u32(place_193) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_193] = map_197;
  }
}
`;

const features = [];
const limits = {"maxComputeWorkgroupStorageSize":6144,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":5};
const entryPoints = ["causal"];
const uniformBytes = 96;
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",2,"keys",8],"v":["batch",2,"keys",8]};

/** Entries by name, and nothing else: an object has a constructor, and more, that nobody put there. */
const table = (entries) => Object.assign(Object.create(null), entries);

/** Everything that a launch at these sizes needs; throws a RangeError where they are impossible. */
export function planLaunch({ batch, queries, keys, rows: wanted }, given = {}) {
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
  dispatch('causal', [[1,"q"],[2,"k"],[3,"v"],[4,"out"],[5,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 32)));
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
  return { dispatches, workspace, workspaceBytes, packed, packedElements, tensors, bytes, limits };
}

/**
 * Builds the pipelines on a GPUDevice, or on one that a GPUAdapter grants when it is asked for what is needed; without
 * either on one of the adapter that the browser prefers.
 */
export async function createCausal(source) {
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
    for (const keeper of [...Object.values(kept), ...Object.values(parts)]) keeper.destroy();
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
