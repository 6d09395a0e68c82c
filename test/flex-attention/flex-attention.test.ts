// The specs of examples/flex-attention/ against the FlexAttention functions beside them, evaluated eagerly by PyTorch in float64, and
// against what the compiler makes of them for PyTorch. Where PyTorch has FlexAttention itself, that is asked as well.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSpec, type SpecFile } from '../../dsl/frontend/index.js';
import { exportsIn, flexFiles, functionsIn, snakeCase } from '../../scripts/flex-attention-page.js';
import { randomInputs } from '../../src/checking/index.js';
import { interpret } from '../../src/interpreter/index.js';
import type { Graph } from '../../src/ir/index.js';
import type { HostTensor } from '../../src/tensors/index.js';
import { torchDevice } from '../../targets/torch/device/index.js';
import { findPython } from '../../targets/torch/device/python.js';
import { emitTorch } from '../../targets/torch/index.js';
import { distance, onTorch } from '../targets/torch/support.js';

interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}
type Settings = Readonly<Record<string, number | readonly number[]>>;

const square: Sizes = { batch: 2, queries: 13, keys: 13 };
const shapes: readonly Sizes[] = [square, { batch: 2, queries: 5, keys: 9 }, { batch: 1, queries: 1, keys: 7 }];
/** As in cross attention: rows above the first key stand at negative positions. */
const moreQueries: Sizes = { batch: 2, queries: 7, keys: 4 };
const across = ['plain', 'softCap', 'headBias', 'causal', 'padding', 'tableMask', 'imageBefore', 'groupedQuery'];

/** Settings at which thirteen positions show what a spec does. */
const small: Readonly<Record<string, Settings>> = {
  relative1d: { farthest: 3 },
  relative2d: { height: 4, width: 4 },
  t5: { buckets: 8, farthest: 10 },
  graphormer: { distances: 4 },
  slidingWindow: { window: 3 },
  dilatedWindow: { window: 3, step: 2 },
  windowByHead: { window: [1, 4, 2, 20] },
  chunked: { chunk: 4 },
  streaming: { window: 3, first: 2 },
  globalLocal: { reach: 2, globals: 2 },
  bigBird: { blocks: 7, block: 2, drawn: 2 },
  selectedBlocks: { block: 3, count: 2 },
  neighbourhood: { height: 4, width: 4, window: 3 },
  tiledNeighbourhood: { height: 4, width: 4, window: 3, tile: 2 },
  slidingTile: { rows: 3, columns: 3, tile: 2, window: 1 },
  blockDiffusion: { length: 6, block: 2 },
  combined: { window: 3, globals: 2 },
  groupedQuery: { kvHeads: 2 },
  latent: { latentDim: 4, ropeDim: 4, nopeDim: 8 },
};

const files = new Map<string, SpecFile>();
beforeAll(async () => {
  for (const name of flexFiles) files.set(name, await openSpec(pathOf(`${name}.ts`)));
});

const pathOf = (file: string): string =>
  fileURLToPath(new URL(`../../examples/flex-attention/${file}`, import.meta.url));
const textOf = (file: string): string => readFileSync(pathOf(file), 'utf8');
const eager = readFileSync(new URL('eager.py', import.meta.url), 'utf8');

const variants = flexFiles.flatMap((file) => exportsIn(textOf(`${file}.ts`)).map(({ name }) => ({ file, name })));

const graphOf = (file: string, name: string): Graph => {
  const settings = name === 'latent' ? { heads: 4 } : { heads: 4, headDim: 8 };
  return files.get(file)!.compile(name, { ...settings, ...small[name] });
};

const ownFunctions =
  'from torch.nn.attention.flex_attention import and_masks, create_block_mask, flex_attention, or_masks';

/** PyTorch with a FlexAttention function in place of what the compiler writes; `own` has FlexAttention itself evaluated. */
const flexDevice = (file: string, name: string, own = false) =>
  torchDevice({
    dtype: 'f64',
    emit: (graph) => {
      // Another name than that of the function which it calls.
      const emitted = emitTorch(graph, { name: `flex_${snakeCase(name)}` });
      const { inputs, entry } = emitted.manifest;
      const names = inputs.map(({ argument }) => argument);
      const axes = Object.fromEntries(
        inputs
          .filter(({ role, dtype }) => role === 'tensor' || dtype === 'int')
          .map((each) => [each.argument, each.axes.map(({ kind }) => kind)]),
      );
      const settings = Object.fromEntries(
        Object.entries(graph.settings).map(([setting, value]) => [snakeCase(setting), value]),
      );
      const text = [
        eager,
        own ? ownFunctions : '',
        textOf(`${file}.py`).replace(/^from torch\.nn\.attention.*$/m, ''),
        `def ${entry}(${names.join(', ')}, rows=None):`,
        `    tensors = {${names.map((each) => `'${each}': ${each}`).join(', ')}}`,
        `    return attend(${snakeCase(name)}, tensors, ${JSON.stringify(axes)}, ${JSON.stringify(settings)})`,
        '',
      ].join('\n');
      return { ...emitted, files: new Map([...emitted.files, [emitted.module, own ? imported(text, entry) : text]]) };
    },
  });

/** A module from a file: FlexAttention imports that of a function which names a global. */
function imported(text: string, entry: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'heddle-flex-'));
  writeFileSync(join(folder, `${entry}.py`), text);
  return [
    'import sys',
    `sys.path.insert(0, ${JSON.stringify(folder)})`,
    `from ${entry} import ${entry}`,
    'del sys.path[0]',
    '',
  ].join('\n');
}

let folder: string | undefined;
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const torch64 = torchDevice({ dtype: 'f64' });
const out = (results: ReadonlyMap<string, HostTensor>): HostTensor => results.get('out')!;

test('there is a function for each spec, and a spec for each function', () => {
  expect(variants.length).toBeGreaterThanOrEqual(30);
  for (const file of flexFiles) {
    const functions = functionsIn(textOf(`${file}.py`)).map(({ name }) => name);
    expect(functions).toEqual(variants.filter((each) => each.file === file).map(({ name }) => snakeCase(name)));
  }
});

const python = await findPython();
const hasOwn = !('why' in python) && Number.parseFloat(python.torch.replace(/^(\d+)\.(\d+)(?!\d)/, '$1.0$2')) >= 2.06;

describe.each(variants)('$name', ({ file, name }) => {
  onTorch('is what FlexAttention says, in float64', async () => {
    const graph = graphOf(file, name);
    const flex = flexDevice(file, name);
    for (const [seed, sizes] of [...shapes, ...(across.includes(name) ? [moreQueries] : [])].entries()) {
      const inputs = randomInputs(graph, sizes, seed + 1, 'f64');
      const expected = out(await flex.run(graph, inputs));
      expect(distance(out(interpret(graph, inputs)), expected), `${JSON.stringify(sizes)}, interpreter`).toBeLessThan(
        1e-12,
      );
      if (sizes !== square) continue;
      expect(distance(out(await torch64.run(graph, inputs)), expected), 'emitted PyTorch').toBeLessThan(1e-12);
      if (hasOwn) {
        const own = out(await flexDevice(file, name, true).run(graph, inputs));
        expect(distance(own, expected), 'FlexAttention of PyTorch').toBeLessThan(1e-12);
      }
    }
  });
});
