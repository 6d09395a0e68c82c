// Subgroups of any size, whose threads lie anywhere, on a device that has none: kernels that join threads by subgroup operations,
// written so that these go through workgroup memory. What WGSL leaves open of a subgroup is what is chosen here.

export interface EmulatedSubgroups {
  /** Lanes of a subgroup, a power of two; as WGSL where it is not always the same. */
  readonly size: number | string;
  /** Where an invocation `i` lies among the lanes of all subgroups, one behind another, as WGSL: below 256, and no two in one place. */
  readonly place: string;
}

/** What a lane gets that asks beyond its subgroup, and who asks a lane without an invocation. */
const NOBODY = '7.0';

/** The text of a module without its subgroup operations, its kernels to be run anywhere. */
export function withEmulatedSubgroups(wgsl: string, { size, place }: EmulatedSubgroups): string {
  const shuffles = Object.entries({ u32: 'vec4f(f32(x))', f32: 'vec4f(x)', vec4f: 'x' }).map(
    ([type, given]) => `fn shuffled_${type}(x: ${type}, mask: u32) -> ${type} {
  return ${type}(shuffled(${given}, mask)${type === 'vec4f' ? '' : '.x'});
}`,
  );
  const lanes = typeof size === 'number' ? `${size}u` : size;
  const emulation = `
var<private> emulated_place: u32;
var<workgroup> emulated_lanes: array<vec4f, 256>;
fn place_of(i: u32) -> u32 { return ${place}; }
fn shuffled(x: vec4f, mask: u32) -> vec4f {
  workgroupBarrier();
  emulated_lanes[emulated_place] = x;
  workgroupBarrier();
  let lane = emulated_place % ${lanes};
  let other = lane ^ mask;
  let value = emulated_lanes[min(emulated_place - lane + other, 255u)];
  return select(vec4f(${NOBODY}), value, other < ${lanes});
}
${shuffles.join('\n')}
`;
  let type = '';
  const lines = wgsl.split('\n').flatMap((line): readonly string[] => {
    const [, first] = /^fn \w+\(\w+: (\w+)/.exec(line) ?? [];
    type = first ?? type;
    if (line === 'enable subgroups;' || line.includes('@builtin(subgroup_size)')) return [];
    const written = line.replaceAll('subgroupShuffleXor(', `shuffled_${type}(`).replace('lanes_of_subgroup', lanes);
    return written.includes('lanes_found(invocation')
      ? ['  emulated_place = place_of(invocation);', written]
      : [written];
  });
  // Directives come first.
  const at = lines.findLastIndex((line) => line.startsWith('enable ')) + 1;
  return [...lines.slice(0, at), emulation, ...lines.slice(at)].join('\n');
}
