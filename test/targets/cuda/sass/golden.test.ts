// The counts of six kernels are under version control, so that a change which adds instructions to an inner loop is seen in its review
// (`UPDATE_GOLDEN=1` refreshes them): per warp and step of the steady-state loop, as `npm run sass` prints them.
import { expect, test } from 'vitest';
import { trainingPair } from '../../../../src/autodiff/index.js';
import { compileCuda } from '../../../../targets/cuda/compile.js';
import { nvccRelease } from '../../../../targets/cuda/device/nvcc.js';
import { assembledKernels, missingForCounts } from '../../../../targets/cuda/device/nvdisasm.js';
import { instructionClasses } from '../../../../targets/cuda/sass/classes.js';
import type { AssembledKernel } from '../../../../targets/cuda/sass/counts.js';
import { expectCommitted } from '../../../support/committed.js';
import { exampleGraph } from '../../../support/example-graphs.js';

/** The release that the table was made with; others order and allocate otherwise. */
const TABLE_RELEASE = '13.0';

const missing = await missingForCounts();
const withTools = missing !== undefined && process.env['CI'] !== 'true' ? test.skip : test;
const suffix = missing === undefined ? '' : ` (${missing})`;

interface Counted {
  readonly title: string;
  readonly example: string;
  readonly headDim: number;
  readonly architecture: 'sm_80' | 'sm_90a';
  readonly schedule?: 'online' | 'decode';
  readonly isBackward?: true;
}

/** The convolution is that of the decode example, 6 × 11. */
const counted: readonly Counted[] = [
  { title: 'causal 64', example: 'causal', headDim: 64, architecture: 'sm_90a', schedule: 'online' },
  { title: 'causal 128', example: 'causal', headDim: 128, architecture: 'sm_90a', schedule: 'online' },
  { title: 'causal 128', example: 'causal', headDim: 128, architecture: 'sm_80', schedule: 'online' },
  { title: 'convolution 128', example: 'decode', headDim: 128, architecture: 'sm_90a', schedule: 'online' },
  { title: 'causal 64, backward', example: 'causal', headDim: 64, architecture: 'sm_90a', isBackward: true },
  { title: 'causal 128, decode', example: 'causal', headDim: 128, architecture: 'sm_80', schedule: 'decode' },
];

/** The kernels of one of them that have a loop of products. */
async function kernelsOf({ example, headDim, architecture, schedule, isBackward }: Counted) {
  const graph = await exampleGraph(example, { headDim });
  const { emitted } = compileCuda(isBackward ? trainingPair(graph).backward : graph, {
    dtype: 'bf16',
    architecture,
    schedule,
  });
  const assembled = await assembledKernels(emitted, architecture);
  return assembled.filter(({ counts }) => counts.loop !== undefined);
}

type Row = readonly [name: string, cells: readonly (number | string)[]];

function tableText(all: readonly { readonly title: string; readonly kernel: AssembledKernel }[]): string {
  const loops = all.map(({ kernel }) => kernel.counts.loop!);
  const rows: readonly Row[] = [
    ...instructionClasses.map((each): Row => [each, loops.map(({ step }) => step.classes[each])]),
    ['all', loops.map(({ step }) => step.instructions)],
    ['slots per 1000 FLOP', loops.map(({ slotsPerUseful }) => slotsPerUseful.toFixed(3))],
    ['steps of a turn', loops.map(({ steps }) => steps)],
    ['beside the loop', loops.map(({ outside }) => outside)],
    ['whole function', all.map(({ kernel }) => kernel.counts.whole)],
    ['registers', all.map(({ kernel }) => kernel.resources.registers)],
    ['bytes spilled', all.map(({ kernel }) => kernel.resources.spills)],
    ['shared memory', all.map(({ kernel }) => kernel.sharedBytes)],
  ];
  const shown = rows.filter(([, cells]) => cells.some((each) => each !== 0) || cells.length === 0);
  const lines = [
    ['', ...all.map(({ title }) => title)],
    ['---', ...all.map(() => '---:')],
  ];
  const table = [...lines, ...shown.map(([name, cells]) => [name, ...cells])].map((cells) => cells.join(' | '));
  return `Instructions of a warp and step in bf16, by nvcc ${TABLE_RELEASE}; sizes in bytes.\n\n${table.join('\n')}\n`;
}

withTools(`the counts of six kernels are those of the table${suffix}`, { timeout: 600_000 }, async () => {
  const kernels: { title: string; kernel: AssembledKernel }[] = [];
  // Two at a time, as there are two processors where this runs.
  for (let first = 0; first < counted.length; first += 2) {
    const both = counted.slice(first, first + 2);
    const found = await Promise.all(both.map(kernelsOf));
    for (const [n, { title, architecture }] of both.entries()) {
      for (const kernel of found[n]!) {
        const part = found[n]!.length > 1 ? `, ${kernel.counts.name.replace(/^.*_backward_/, '')}` : '';
        kernels.push({ title: `${title}${part}, ${architecture}`, kernel });
      }
    }
  }
  expect(kernels).toHaveLength(7);
  if ((await nvccRelease()) !== TABLE_RELEASE) return;
  expectCommitted(new URL('../golden/sass.md', import.meta.url), tableText(kernels));
});
