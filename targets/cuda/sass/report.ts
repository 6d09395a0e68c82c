// The counts of a kernel as text for people: one line of what it takes, and a table of its steady-state loop by class.
// Classes that neither it nor what it is compared with has are left out.
import type { AssembledKernel } from '../device/nvdisasm.js';
import { instructionClasses } from './classes.js';

export function countsText({ counts, resources, sharedBytes }: AssembledKernel, architecture: string): string {
  const { name, computing, warps, products, whole, loop } = counts;
  const takes = `${resources.registers} registers, ${resources.spills} bytes spilled, ${sharedBytes} bytes of shared memory`;
  const head = `${name} on ${architecture} (${products}, ${computing} of ${warps} warps compute): ${takes}, ${whole} instructions in all`;
  if (!loop) return `${head}; no loop with products on tensor cores`;
  const rows = instructionClasses.flatMap((each) => {
    const count = loop.step.classes[each];
    return count === 0 ? [] : [`  ${each.padEnd(20)}${String(count).padStart(7)}`];
  });
  return [
    head,
    `  a step is ${loop.work.rows} × ${loop.work.columns} scores; a turn of the loop is ${loop.steps} ${loop.steps === 1 ? 'step' : 'steps'}; ${loop.slotsPerUseful.toFixed(3)} issue slots per 1000 useful FLOP`,
    ...rows,
    `  ${'all'.padEnd(20)}${String(loop.step.instructions).padStart(7)}`,
  ].join('\n');
}
