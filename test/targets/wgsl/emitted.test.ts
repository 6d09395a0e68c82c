// What is emitted, byte for byte as committed, where its spelling is the point: all files of plain attention, kernels that are spelled in
// other ways, and a manifest with a workspace. What examples are scheduled as is in test/codegen/schedule/golden.
import { describe, expect, test } from 'vitest';
import { type CompileWgslOptions, compileWgsl } from '../../../targets/wgsl/compile.js';
import { expectCommittedFolder, expectOnly } from '../../support/committed.js';
import { exampleGraph } from '../../support/example-graphs.js';

const golden = new URL('./golden/', import.meta.url);

interface Committed {
  readonly spec: string;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly options?: CompileWgslOptions;
  /** The files that are committed: what others show too is left out. */
  readonly files: RegExp;
}

const committed: Readonly<Record<string, Committed>> = {
  // Loads, products, softmax and stores in 32 bits; the launcher, its types and the manifest.
  causal: { spec: 'causal', settings: { heads: 2, headDim: 8 }, files: /./ },
  // Two elements of 16 bits a word, and rows that threads of a subgroup join.
  'sinks-f16-subgroups': {
    spec: 'sinks',
    settings: { heads: 2, kvHeads: 1, headDim: 4, window: 5 },
    options: { dtype: 'f16', subgroups: true },
    files: /\.wgsl$/,
  },
  // A ring of scores and a stencil on it.
  'decode-convolution': {
    spec: 'decode',
    settings: { heads: 1, kvHeads: 1, headDim: 4, queryKernel: 2, keyKernel: 3 },
    files: /\.wgsl$/,
  },
  // Two kernels, and statistics that go through memory between them.
  'mta-packed-two-pass': {
    spec: 'mtaPacked',
    settings: { heads: 2, headDim: 8, queryKernel: 2, keyKernel: 3 },
    files: /manifest\.json$/,
  },
};

describe.each(Object.entries(committed))('%s', (name, { spec, settings, options, files }) => {
  // Software drivers take minutes to compile what has dozens of branches in a loop.
  test('branches for no condition of an element', async () => {
    const { wgsl } = compileWgsl(await exampleGraph(spec, settings), options).emitted;
    const ofBlocks = /^ *(?:if \((?!u32)|let is_)/;
    expect(wgsl.split('\n').filter((line) => /&&|\|\|/.test(line) && !ofBlocks.test(line))).toEqual([]);
  });

  test('is emitted as committed', async () => {
    const graph = await exampleGraph(spec, settings);
    const emitted = compileWgsl(graph, { ...options, version: 'golden' }).emitted;
    const launcher = emitted.files.get(`${spec}.js`)!;
    // The kernels stand in the launcher too, to the letter as they hold nothing that a template has to escape.
    expect(launcher.split(emitted.wgsl)).toHaveLength(2);
    const all = new Map(emitted.files).set(
      `${spec}.js`,
      launcher.replace(emitted.wgsl, () => `… ${spec}.wgsl …\n`),
    );
    expectCommittedFolder(new URL(`${name}/`, golden), new Map([...all].filter(([path]) => files.test(path))));
  });
});

test('nothing else is committed', () => expectOnly(golden, Object.keys(committed)));
