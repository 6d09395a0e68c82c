// nvcc compiles what is emitted, for every architecture and without a warning. The kernels that matter most use no local
// memory; what all examples use of registers and shared memory is under version control (`UPDATE_GOLDEN=1` refreshes it).
import { expect, test } from 'vitest';
import { trainingPair } from '../../../src/autodiff/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import type { Architecture, EmittedCuda } from '../../../targets/cuda/index.js';
import { expectCommitted } from '../../support/committed.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { exampleFiles } from '../../support/examples.js';
import { inLongTests } from '../../support/share.js';
import { compileWithNvcc, nvccRelease } from './toolkit.js';

const release = nvccRelease();
const architectures = ['sm_80', 'sm_89', 'sm_90a', 'sm_120'];
/** The release that the table of resources was made with; others allocate registers otherwise. */
const TABLE_RELEASE = '13.0';

const withNvcc = release === undefined && process.env['CI'] !== 'true' ? test.skip : test;
const suffix = release === undefined ? ' (nvcc is not installed)' : '';

async function emitted(
  example: string,
  settings: Record<string, number>,
  dtype: 'f32' | 'f16' | 'bf16',
  name = example,
  architecture?: Architecture,
) {
  const graph = { ...(await exampleGraph(example, settings)), name };
  return compileCuda(graph, { dtype, architecture, single: true }).emitted;
}

/** The convolution before the softmax is that of the decode example. */
const named = ['causal', 'decode'].flatMap((example) =>
  [64, ...inLongTests(96, 128)].flatMap((headDim) =>
    (['bf16', ...inLongTests('f16' as const)] as const).map((dtype) => ({ example, headDim, dtype })),
  ),
);

withNvcc(
  `attention and convolutions before the softmax use no local memory${suffix}`,
  { timeout: 600_000 },
  async () => {
    const all = named.map(({ example, headDim, dtype }) =>
      emitted(example, { headDim }, dtype, `${example}_${headDim}_${dtype}`),
    );
    const usages = await compileWithNvcc(await Promise.all(all), architectures);
    expect([...usages.keys()]).toEqual(architectures);
    for (const [architecture, kernels] of usages) {
      expect(kernels, architecture).toHaveLength(named.length);
      for (const usage of kernels) expect(usage, architecture).toMatchObject({ stack: 0, spills: 0 });
    }
  },
);

withNvcc(
  `on sm_90a they take products of warpgroups, which run on while others are under way${suffix}`,
  { timeout: 600_000 },
  async () => {
    const all = await Promise.all(
      named.map(({ example, headDim, dtype }) =>
        emitted(example, { headDim }, dtype, `${example}_${headDim}_${dtype}`, 'sm_90a'),
      ),
    );
    for (const { name, module } of all) {
      expect(
        module.kernels.map(({ products }) => products.form),
        name,
      ).toEqual(['wgmma']);
    }
    const usages = (await compileWithNvcc(all, ['sm_90a'], 'compute_90a')).get('sm_90a')!;
    expect(usages).toHaveLength(named.length);
    for (const usage of usages) expect(usage).toMatchObject({ stack: 0, spills: 0 });
  },
);

withNvcc(
  `launchers of several programs have no warning, and kernels for few rows no local memory${suffix}`,
  {
    timeout: 600_000,
  },
  async () => {
    const all = await Promise.all(
      ['causal', 'decode'].map(async (example) => {
        const { emitted, alternatives } = compileCuda(await exampleGraph(example, { headDim: 64 }), { dtype: 'bf16' });
        expect(alternatives.map(({ schedule }) => schedule)).toEqual(['online', 'decode']);
        return emitted;
      }),
    );
    const usages = (await compileWithNvcc(all, ['sm_80'])).get('sm_80')!;
    expect(usages).toHaveLength(all.flatMap(({ module }) => module.kernels).length);
    for (const usage of usages) expect(usage).toMatchObject({ stack: 0, spills: 0 });
  },
);

const columns = ['kernel', 'threads', 'shared', 'registers', 'stack', 'spills'];

/** The rows of a table: what the assembler says of every kernel of the files. */
async function resourcesOf(
  all: readonly EmittedCuda[],
  architecture: string,
  virtual: string,
): Promise<readonly string[]> {
  // Two at a time: one is put together while the other is assembled.
  const halves = [0, 1].map((half) => all.filter((_, n) => n % 2 === half));
  const found = await Promise.all(halves.map((each) => compileWithNvcc(each, [architecture], virtual)));
  const usages = found.flatMap((each) => [...each.get(architecture)!]);
  return all.flatMap(({ name, module }) =>
    module.kernels.map(({ kernel, threads, sharedBytes }) => {
      const usage = usages.find((each) => each.spec === name && each.kernel === kernel.name);
      expect(usage, kernel.name).toBeDefined();
      const { registers, stack, spills } = usage!;
      return [kernel.name, threads, sharedBytes, registers, stack, spills].join(' | ');
    }),
  );
}

const tableText = (head: string, rows: readonly string[]): string =>
  `${[head, columns.join(' | '), columns.map(() => '---').join(' | '), ...rows].join('\n')}\n`;

/** Examples whose products are those of warpgroups there, one of each kind. */
const onWarpgroups =
  'blockDiffusion decode diffV2 dilated groupedQuery mlaExpanded mtaPacked neighbourhood2d softCap t5';

/** Backward passes of plain attention and of a convolution before the softmax, each at one of two head sizes on either device. */
const backward = [
  { example: 'causal', headDim: 128, architecture: undefined },
  { example: 'causal', headDim: 64, architecture: 'sm_90a' },
  { example: 'decode', headDim: 128, architecture: undefined },
  { example: 'decode', headDim: 64, architecture: 'sm_90a' },
] as const;

for (const table of inLongTests('golden/resources-backward.md')) {
  withNvcc(`backward passes use no local memory${suffix}`, { timeout: 600_000 }, async () => {
    const found = await Promise.all(
      backward.map(async ({ example, headDim, architecture }) => {
        const pair = trainingPair(await exampleGraph(example, { headDim }));
        const device = architecture ?? 'sm_80';
        const name = `${example}_${headDim}_${device}`;
        const { emitted } = compileCuda({ ...pair.backward, name }, { dtype: 'bf16', architecture });
        return resourcesOf([emitted], device, architecture ? 'compute_90a' : 'compute_80');
      }),
    );
    const rows = found.flat();
    for (const row of rows) expect(row).toMatch(/ \| 0 \| 0$/);
    if (release !== TABLE_RELEASE) return;
    expectCommitted(
      new URL(table, import.meta.url),
      tableText(`Backward passes in bf16, by nvcc ${release}; sizes in bytes.\n`, rows),
    );
  });
}

interface ResourceTable {
  readonly file: string;
  readonly device: string;
  readonly virtual: string;
  readonly architecture: Architecture | undefined;
  readonly names: readonly string[];
}

const tables: readonly ResourceTable[] = [
  {
    file: 'golden/resources.md',
    device: 'sm_80',
    virtual: 'compute_80',
    architecture: undefined,
    names: [...exampleFiles.keys()].sort(),
  },
  {
    file: 'golden/resources-sm90a.md',
    device: 'sm_90a',
    virtual: 'compute_90a',
    architecture: 'sm_90a',
    names: onWarpgroups.split(' '),
  },
];

for (const { file, device, virtual, architecture, names } of inLongTests(...tables)) {
  withNvcc(`registers and shared memory of examples on ${device}${suffix}`, { timeout: 600_000 }, async () => {
    const all = await Promise.all(names.map((name) => emitted(name, {}, 'bf16', name, architecture)));
    const rows = await resourcesOf(all, device, virtual);
    if (release !== TABLE_RELEASE) return;
    const head = `Examples at their defaults in bf16 for ${device}, by nvcc ${release}; sizes in bytes.\n`;
    expectCommitted(new URL(file, import.meta.url), tableText(head, rows));
  });
}
