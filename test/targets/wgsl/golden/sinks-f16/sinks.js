// sinks, compiled by heddle golden to WGSL: f16, no subgroups, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 8e1cb821a500512f of all below. Made by a compiler: change the spec, not this file.

const name = "sinks";
export const wgsl = `// sinks, compiled by heddle golden to WGSL: f16, no subgroups, threads sinks 8 × 4.
// heads=2 kvHeads=1 headDim=8 window=5
// Hash 2de3c99243b024b6 of all below. Made by a compiler: change the spec, not this file.

enable f16;

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

fn read_sink(x_0: i32) -> f32 {
  let inside = (u32(x_0) < u32(2));
  return select(f32(0), sink_data[select(0, x_0, inside)], inside);
}

var<workgroup> sinks_arena: array<vec4f, 384>;

@compute @workgroup_size(32)
fn sinks(
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
      loaded_36 = vec4f(q_data[launch.q_offset + block_6 * launch.q_stride_0 + block_5 * launch.q_stride_1 + place_35 * launch.q_stride_2 + vector_33]);
    }
    sinks_arena[n_31] = loaded_36;
  }
  let end_37 = min(launch.keys, I_4 + 32);
  for (var J_38 = 32 * floor_divide(max(0, max(0, I_4 - 4)), 32); J_38 < end_37; J_38 += 32) {
    let is_full_39 = ((J_38 + 31 - I_4 <= 0) && (I_4 + 31 - J_38 - 5 < 0)) && (J_38 + 31 - launch.keys < 0);
    let is_empty_40 = ((J_38 - (I_4 + 31) > 0) || (I_4 - (J_38 + 31) - 5 >= 0)) || (J_38 - launch.keys >= 0);
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
        let place_65 = floor_divide(block_5, 2);
        let at_66 = J_38 + line_63;
        var loaded_67 = vec4f();
        if (u32(at_66) < u32(launch.keys) && u32(vector_64) < 2u) {
          loaded_67 = vec4f(k_data[launch.k_offset + block_6 * launch.k_stride_0 + place_65 * launch.k_stride_1 + at_66 * launch.k_stride_2 + vector_64]);
        }
        sinks_arena[n_62 + (line_63 >> 2u) + 64] = loaded_67;
      }
      workgroupBarrier();
      let row_69 = thread_row * 4;
      let left_70 = row_69 * 2;
      let right_71 = thread_column * 9;
      for (var k_68 = 0; k_68 < 2; k_68++) {
        let right_72 = sinks_arena[right_71 + k_68 + 64];
        let right_73 = sinks_arena[right_71 + k_68 + 66];
        let right_74 = sinks_arena[right_71 + k_68 + 68];
        let right_75 = sinks_arena[right_71 + k_68 + 70];
        let right_76 = sinks_arena[right_71 + k_68 + 100];
        let right_77 = sinks_arena[right_71 + k_68 + 102];
        let right_78 = sinks_arena[right_71 + k_68 + 104];
        let right_79 = sinks_arena[right_71 + k_68 + 106];
        let left_80 = sinks_arena[left_70 + k_68];
        product_53 += vec4f(dot(left_80, right_72), dot(left_80, right_73), dot(left_80, right_74), dot(left_80, right_75));
        product_54 += vec4f(dot(left_80, right_76), dot(left_80, right_77), dot(left_80, right_78), dot(left_80, right_79));
        let left_81 = sinks_arena[left_70 + k_68 + 2];
        product_55 += vec4f(dot(left_81, right_72), dot(left_81, right_73), dot(left_81, right_74), dot(left_81, right_75));
        product_56 += vec4f(dot(left_81, right_76), dot(left_81, right_77), dot(left_81, right_78), dot(left_81, right_79));
        let left_82 = sinks_arena[left_70 + k_68 + 4];
        product_57 += vec4f(dot(left_82, right_72), dot(left_82, right_73), dot(left_82, right_74), dot(left_82, right_75));
        product_58 += vec4f(dot(left_82, right_76), dot(left_82, right_77), dot(left_82, right_78), dot(left_82, right_79));
        let left_83 = sinks_arena[left_70 + k_68 + 6];
        product_59 += vec4f(dot(left_83, right_72), dot(left_83, right_73), dot(left_83, right_74), dot(left_83, right_75));
        product_60 += vec4f(dot(left_83, right_76), dot(left_83, right_77), dot(left_83, right_78), dot(left_83, right_79));
      }
      let column_84 = thread_column * 4;
      let map_85 = product_53 / 2.828427;
      let map_86 = product_54 / 2.828427;
      let map_87 = product_55 / 2.828427;
      let map_88 = product_56 / 2.828427;
      let map_89 = product_57 / 2.828427;
      let map_90 = product_58 / 2.828427;
      let map_91 = product_59 / 2.828427;
      let map_92 = product_60 / 2.828427;
      var chosen_93 = map_85;
      var chosen_94 = map_86;
      var chosen_95 = map_87;
      var chosen_96 = map_88;
      var chosen_97 = map_89;
      var chosen_98 = map_90;
      var chosen_99 = map_91;
      var chosen_100 = map_92;
      if (!is_full_39) {
        let j_101 = J_38 + column_84;
        let j_102 = j_101 + vec4i(0, 1, 2, 3);
        let i_103 = I_4 + row_69;
        let map_104 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_85, ((j_102 <= vec4i(i_103)) & (i_103 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let j_105 = j_101 + 16 + vec4i(0, 1, 2, 3);
        let map_106 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_86, ((j_105 <= vec4i(i_103)) & (i_103 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        let map_107 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_87, ((j_102 <= vec4i(i_103 + 1)) & (i_103 + 1 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let map_108 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_88, ((j_105 <= vec4i(i_103 + 1)) & (i_103 + 1 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        let map_109 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_89, ((j_102 <= vec4i(i_103 + 2)) & (i_103 + 2 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let map_110 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_90, ((j_105 <= vec4i(i_103 + 2)) & (i_103 + 2 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        let map_111 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_91, ((j_102 <= vec4i(i_103 + 3)) & (i_103 + 3 - j_102 < vec4i(5))) & (j_102 < vec4i(launch.keys)));
        let map_112 = select(vec4f(bitcast<f32>(launch.minus_infinity)), map_92, ((j_105 <= vec4i(i_103 + 3)) & (i_103 + 3 - j_105 < vec4i(5))) & (j_105 < vec4i(launch.keys)));
        chosen_93 = map_104;
        chosen_94 = map_106;
        chosen_95 = map_107;
        chosen_96 = map_108;
        chosen_97 = map_109;
        chosen_98 = map_110;
        chosen_99 = map_111;
        chosen_100 = map_112;
      }
      let partial_113 = max(chosen_93, chosen_94);
      let partial_114 = max(max(partial_113.x, partial_113.y), max(partial_113.z, partial_113.w));
      let partial_115 = max(chosen_95, chosen_96);
      let partial_116 = max(max(partial_115.x, partial_115.y), max(partial_115.z, partial_115.w));
      let partial_117 = max(chosen_97, chosen_98);
      let partial_118 = max(max(partial_117.x, partial_117.y), max(partial_117.z, partial_117.w));
      let partial_119 = max(chosen_99, chosen_100);
      let partial_120 = max(max(partial_119.x, partial_119.y), max(partial_119.z, partial_119.w));
      workgroupBarrier();
      sinks_arena[row_69 + thread_column + 64] = vec4f(partial_114, partial_116, partial_118, partial_120);
      workgroupBarrier();
      let max_121 = max(max(max(sinks_arena[row_69 + 64], sinks_arena[row_69 + 1 + 64]), sinks_arena[row_69 + 2 + 64]), sinks_arena[row_69 + 3 + 64]);
      let map_122 = maximum(carried_19, max_121.x);
      let map_123 = maximum(carried_20, max_121.y);
      let map_124 = maximum(carried_21, max_121.z);
      let map_125 = maximum(carried_22, max_121.w);
      let map_126 = exponential_difference(carried_19, map_122);
      let map_127 = exponential_difference(carried_20, map_123);
      let map_128 = exponential_difference(carried_21, map_124);
      let map_129 = exponential_difference(carried_22, map_125);
      let map_130 = exponential_difference_wide(chosen_93, vec4f(map_122));
      let map_131 = exponential_difference_wide(chosen_94, vec4f(map_122));
      let map_132 = exponential_difference_wide(chosen_95, vec4f(map_123));
      let map_133 = exponential_difference_wide(chosen_96, vec4f(map_123));
      let map_134 = exponential_difference_wide(chosen_97, vec4f(map_124));
      let map_135 = exponential_difference_wide(chosen_98, vec4f(map_124));
      let map_136 = exponential_difference_wide(chosen_99, vec4f(map_125));
      let map_137 = exponential_difference_wide(chosen_100, vec4f(map_125));
      let map_138 = carried_23 * map_126;
      let map_139 = carried_24 * map_127;
      let map_140 = carried_25 * map_128;
      let map_141 = carried_26 * map_129;
      let partial_142 = map_130 + map_131;
      let partial_143 = partial_142.x + partial_142.y + (partial_142.z + partial_142.w);
      let partial_144 = map_132 + map_133;
      let partial_145 = partial_144.x + partial_144.y + (partial_144.z + partial_144.w);
      let partial_146 = map_134 + map_135;
      let partial_147 = partial_146.x + partial_146.y + (partial_146.z + partial_146.w);
      let partial_148 = map_136 + map_137;
      let partial_149 = partial_148.x + partial_148.y + (partial_148.z + partial_148.w);
      let map_150 = map_138 + partial_143;
      let map_151 = map_139 + partial_145;
      let map_152 = map_140 + partial_147;
      let map_153 = map_141 + partial_149;
      let map_154 = carried_27 * map_126;
      let map_155 = carried_28 * map_127;
      let map_156 = carried_29 * map_128;
      let map_157 = carried_30 * map_129;
      workgroupBarrier();
      let line_158 = row_69 * 8;
      sinks_arena[line_158 + thread_column + 64] = map_130;
      sinks_arena[line_158 + (thread_column + 4) + 64] = map_131;
      sinks_arena[line_158 + 8 + thread_column + 64] = map_132;
      sinks_arena[line_158 + 8 + (thread_column + 4) + 64] = map_133;
      sinks_arena[line_158 + 16 + thread_column + 64] = map_134;
      sinks_arena[line_158 + 16 + (thread_column + 4) + 64] = map_135;
      sinks_arena[line_158 + 24 + thread_column + 64] = map_136;
      sinks_arena[line_158 + 24 + (thread_column + 4) + 64] = map_137;
      var product_159 = map_154;
      var product_160 = map_155;
      var product_161 = map_156;
      var product_162 = map_157;
      for (var n_164 = thread; n_164 < 64; n_164 += 32) {
        let line_165 = n_164 / 2;
        let vector_166 = n_164 % 2;
        let place_167 = floor_divide(block_5, 2);
        let at_168 = J_38 + line_165;
        var loaded_169 = vec4f();
        if (u32(at_168) < u32(launch.keys) && u32(vector_166) < 2u) {
          loaded_169 = vec4f(v_data[launch.v_offset + block_6 * launch.v_stride_0 + place_167 * launch.v_stride_1 + at_168 * launch.v_stride_2 + vector_166]);
        }
        sinks_arena[n_164 + 320] = loaded_169;
      }
      workgroupBarrier();
      for (var k_170 = 0; k_170 < 8; k_170++) {
        let chunk_171 = k_170 * 8;
        let right_172 = sinks_arena[thread_column + chunk_171 + 320];
        let right_173 = sinks_arena[thread_column + chunk_171 + 322];
        let right_174 = sinks_arena[thread_column + chunk_171 + 324];
        let right_175 = sinks_arena[thread_column + chunk_171 + 326];
        let left_176 = sinks_arena[line_158 + k_170 + 64];
        product_159 += left_176.x * right_172;
        product_159 += left_176.y * right_173;
        product_159 += left_176.z * right_174;
        product_159 += left_176.w * right_175;
        let left_177 = sinks_arena[line_158 + k_170 + 72];
        product_160 += left_177.x * right_172;
        product_160 += left_177.y * right_173;
        product_160 += left_177.z * right_174;
        product_160 += left_177.w * right_175;
        let left_178 = sinks_arena[line_158 + k_170 + 80];
        product_161 += left_178.x * right_172;
        product_161 += left_178.y * right_173;
        product_161 += left_178.z * right_174;
        product_161 += left_178.w * right_175;
        let left_179 = sinks_arena[line_158 + k_170 + 88];
        product_162 += left_179.x * right_172;
        product_162 += left_179.y * right_173;
        product_162 += left_179.z * right_174;
        product_162 += left_179.w * right_175;
      }
      chosen_41 = map_122;
      chosen_42 = map_123;
      chosen_43 = map_124;
      chosen_44 = map_125;
      chosen_45 = map_150;
      chosen_46 = map_151;
      chosen_47 = map_152;
      chosen_48 = map_153;
      chosen_49 = product_159;
      chosen_50 = product_160;
      chosen_51 = product_161;
      chosen_52 = product_162;
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
  let line_180 = thread_row * 4;
  sinks_arena[line_180 + thread_column + 64] = vec4f(carried_23, carried_24, carried_25, carried_26);
  workgroupBarrier();
  let sum_181 = sinks_arena[line_180 + 64] + sinks_arena[line_180 + 1 + 64] + sinks_arena[line_180 + 2 + 64] + sinks_arena[line_180 + 3 + 64];
  let entry_182 = read_sink(block_5);
  let map_183 = maximum(carried_19, entry_182);
  let map_184 = maximum(carried_20, entry_182);
  let map_185 = maximum(carried_21, entry_182);
  let map_186 = maximum(carried_22, entry_182);
  let map_187 = exponential_difference(carried_19, map_183);
  let map_188 = exponential_difference(carried_20, map_184);
  let map_189 = exponential_difference(carried_21, map_185);
  let map_190 = exponential_difference(carried_22, map_186);
  let map_191 = sum_181.x * map_187;
  let map_192 = sum_181.y * map_188;
  let map_193 = sum_181.z * map_189;
  let map_194 = sum_181.w * map_190;
  let map_195 = map_191 + exponential_difference(entry_182, map_183);
  let map_196 = map_192 + exponential_difference(entry_182, map_184);
  let map_197 = map_193 + exponential_difference(entry_182, map_185);
  let map_198 = map_194 + exponential_difference(entry_182, map_186);
  let map_199 = select(1.0 / map_195, 0.0, map_195 == 0.0);
  let map_200 = select(1.0 / map_196, 0.0, map_196 == 0.0);
  let map_201 = select(1.0 / map_197, 0.0, map_197 == 0.0);
  let map_202 = select(1.0 / map_198, 0.0, map_198 == 0.0);
  let map_203 = map_187 * map_199;
  let map_204 = map_188 * map_200;
  let map_205 = map_189 * map_201;
  let map_206 = map_190 * map_202;
  let column_207 = thread_column * 4;
  let map_208 = carried_27 * map_203;
  let map_209 = carried_28 * map_204;
  let map_210 = carried_29 * map_205;
  let map_211 = carried_30 * map_206;
  let i_212 = I_4 + line_180;
  let place_213 = i_212 - (launch.keys - launch.rows);
  if (column_207 < 8 && u32(place_213) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_213 * launch.out_stride_2 + thread_column] = vec4<f16>(map_208);
  }
  let place_214 = i_212 + 1 - (launch.keys - launch.rows);
  if (column_207 < 8 && u32(place_214) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_214 * launch.out_stride_2 + thread_column] = vec4<f16>(map_209);
  }
  let place_215 = i_212 + 2 - (launch.keys - launch.rows);
  if (column_207 < 8 && u32(place_215) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_215 * launch.out_stride_2 + thread_column] = vec4<f16>(map_210);
  }
  let place_216 = i_212 + 3 - (launch.keys - launch.rows);
  if (column_207 < 8 && u32(place_216) < u32(launch.rows) && u32(thread_column) < 2u) {
    out_data[launch.out_offset + block_6 * launch.out_stride_0 + block_5 * launch.out_stride_1 + place_216 * launch.out_stride_2 + thread_column] = vec4<f16>(map_211);
  }
  let map_217 = map_183 + logarithm(select(-1.0, map_195, map_195 <= 1e+30));
  let map_218 = map_184 + logarithm(select(-1.0, map_196, map_196 <= 1e+30));
  let map_219 = map_185 + logarithm(select(-1.0, map_197, map_197 <= 1e+30));
  let map_220 = map_186 + logarithm(select(-1.0, map_198, map_198 <= 1e+30));
  if (thread_column == 0 && u32(place_213) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_213] = map_217;
  }
  if (thread_column == 0 && u32(place_214) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_214] = map_218;
  }
  if (thread_column == 0 && u32(place_215) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_215] = map_219;
  }
  if (thread_column == 0 && u32(place_216) < u32(launch.rows)) {
    lse_data[launch.lse_offset + block_6 * launch.lse_stride_0 + block_5 * launch.lse_stride_1 + place_216] = map_220;
  }
}
`;

const features = ["shader-f16"];
const limits = {"maxComputeWorkgroupStorageSize":6144,"maxComputeInvocationsPerWorkgroup":32,"maxComputeWorkgroupSizeX":32,"maxStorageBuffersPerShaderStage":6};
const entryPoints = ["sinks"];
const uniformBytes = 96;
const symbolic = {"q":["batch",2,"queries",8],"k":["batch",1,"keys",8],"v":["batch",1,"keys",8],"sink":[2]};

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
  place("k", [batch, 1, keys, 8], 4);
  place("v", [batch, 1, keys, 8], 4);
  place("out", [batch, 2, rows, 8], 4);
  place("lse", [batch, 2, rows], 1);
  const launch = (variables) => Int32Array.of(batch, queries, keys, rows, -8388608, ...variables, ...fields);
  const widest = 65535;
  const folded = (blocks) => (blocks <= widest ? [blocks, 1, 1] : [widest, Math.ceil(blocks / widest), 1]);
  const dispatches = [];
  const dispatch = (entryPoint, bindings, variables, blocks) => {
    if (blocks > 0) dispatches.push({ entryPoint, bindings, workgroups: folded(blocks), launch: launch(variables) });
  };
  dispatch('sinks', [[1,"q"],[2,"k"],[3,"v"],[4,"sink"],[5,"out"],[6,"lse"]], [], Math.max(0, Math.ceil((batch - 0) / 1)) * Math.max(0, Math.ceil((2 - 0) / 1)) * Math.max(0, Math.ceil((keys - (keys - rows)) / 32)));
  const tensors = {
    "q": { role: 'input', dtype: 'f16', shape: [batch, 2, queries, 8] },
    "k": { role: 'input', dtype: 'f16', shape: [batch, 1, keys, 8] },
    "v": { role: 'input', dtype: 'f16', shape: [batch, 1, keys, 8] },
    "sink": { role: 'input', dtype: 'f32', shape: [2] },
    "out": { role: 'output', dtype: 'f16', shape: [batch, 2, rows, 8] },
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
export async function createSinks(source) {
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
