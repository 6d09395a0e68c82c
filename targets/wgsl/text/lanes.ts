// Functions in WGSL that join threads by subgroup operations, right whatever the size of a subgroup and wherever its threads lie: a kernel
// finds out first how many neighbours find each other, and joins those; workgroup memory joins the rest, which may be all.
import type { FunctionText } from './functions.js';

/** The most neighbours that are joined: masks are constants, which drivers turn into moves between lanes. */
export const MOST_LANES = 32;

/** Subgroups of fewer than four lanes there are not. */
export const FEWEST_LANES = 4;

/** Bytes of workgroup memory in which threads agree on what they found. */
export const LANE_BYTES = 32;

const joining = (join: (one: string, other: string) => string): FunctionText => ({
  text: ({ F }, name) => {
    const step = (mask: number): string => `total = ${join('total', `subgroupShuffleXor(total, ${mask}u)`)};`;
    const lines: string[] = [];
    for (let lanes = FEWEST_LANES; lanes <= MOST_LANES; lanes *= 2) {
      const masks = lanes === FEWEST_LANES ? [1, 2] : [lanes / 2];
      lines.push(`  if (lanes >= ${lanes}) { ${masks.map(step).join(' ')} }`);
    }
    return [`fn ${name}(x: ${F}, lanes: i32) -> ${F} {`, '  var total = x;', ...lines, '  return total;', '}'].join(
      '\n',
    );
  },
});

export const laneFunctions = {
  // What is promised of a subgroup is its size alone: which threads it has, and in which order, is looked at. Threads whose number
  // differs by a mask find each other where a shuffle by the mask brings the number that is expected, in every thread of the workgroup.
  lanes_found: {
    text: (_, name) => `var<workgroup> ${name}_not: atomic<u32>;
var<workgroup> ${name}_by_all: i32;

fn ${name}(thread: u32, size: u32, most: u32) -> i32 {
  for (var mask = 1u; mask < most; mask *= 2u) {
    let other = subgroupShuffleXor(thread, mask);
    if (mask >= size || other != (thread ^ mask)) {
      atomicOr(&${name}_not, mask);
    }
  }
  workgroupBarrier();
  if (thread == 0u) {
    let first = firstTrailingBit(atomicLoad(&${name}_not) | most);
    ${name}_by_all = select(1, 1 << first, first >= ${Math.log2(FEWEST_LANES)}u);
  }
  return workgroupUniformLoad(&${name}_by_all);
}`,
  },
  joined_maximum: joining((one, other) => `max(${one}, ${other})`),
  joined_sum: joining((one, other) => `${one} + ${other}`),
} as const satisfies Record<string, FunctionText>;
