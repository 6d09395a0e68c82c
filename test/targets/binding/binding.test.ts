// The Python package of `--bind torch`: its operator against the interpreter, by eager PyTorch and by kernels on the emulation, what
// a user sees of it, the face that is committed, and that packages of all sorts are Python.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { awkwardShapes, checkGraph } from '../../../src/checking/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { findPython } from '../../../targets/torch/device/python.js';
import { expectCommitted } from '../../support/committed.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, smallSettings } from '../../support/example-graphs.js';
import { problemsOf, type Schema } from '../json-schema.js';
import { onTorch } from '../torch/support.js';
import { boundDevice, buildEmulated, cleanUp, temporary, writePackage } from './bound.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const python = await findPython();
afterAll(cleanUp);

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const graphOf = async (
  name: string,
  settings: Readonly<Record<string, number | string | boolean | readonly number[]>>,
): Promise<Graph> => exampleGraph(name, settings);
const settingsOf = smallSettings;

/** With tables of integers, names that Python keeps for itself, no parameters, several outputs, and odd axes. */
const various = [
  'blockDiffusion',
  'dcmha',
  'diffV2',
  'forgettingTransformer',
  'mlaAbsorbed',
  'mtaPacked',
  't5',
  'treeMask',
];

onTorch('packages are Python, and manifests name them', async () => {
  const schema = JSON.parse(readFileSync(here('../../../targets/manifest.schema.json'), 'utf8')) as Schema;
  for (const name of various) {
    const { bound } = writePackage(await graphOf(name, settingsOf(name)), 'bf16');
    expect(problemsOf(JSON.parse(bound.files.get('manifest.json')!), schema), name).toEqual([]);
    expect([...bound.files.keys()]).toContain(`${bound.package}/__init__.py`);
  }
  if ('why' in python) throw new Error(python.why);
  const { status, stderr, stdout } = spawnSync(python.python, ['-m', 'compileall', '-q', temporary], {
    encoding: 'utf8',
  });
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
});

test('the face of a package is as it was', async () => {
  const { bound } = writePackage(await graphOf('decode', settingsOf('decode')), 'bf16');
  for (const name of ['__init__', 'description']) {
    // The fingerprint of the kernels changes with them.
    const text = bound.files.get(`decode/${name}.py`)!.replace(/[0-9a-f]{16}/g, 'FINGERPRINT');
    expectCommitted(new URL(`golden/decode/${name}.py.txt`, import.meta.url), text);
  }
  expectCommitted(new URL('golden/decode/setup.py.txt', import.meta.url), bound.files.get('setup.py')!);
});

describe('as eager PyTorch', () => {
  for (const name of ['causal', 'decode', 'mta', 'packedDocuments', 'treeMask']) {
    onTorch(name, async () => {
      const graph = await graphOf(name, settingsOf(name));
      const cases = await checkGraph(graph, boundDevice('f32', new Map()), { shapes: awkwardShapes(graph) });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }
});

describe('by kernels on the host', () => {
  for (const [name, dtype] of [
    ['causal', 'f32'],
    ['decode', 'bf16'],
    ['mta', 'f16'],
    ['packedDocuments', 'f32'],
  ] as const) {
    onEmulator(`${name} in ${dtype}`, async () => {
      const graph = await graphOf(name, settingsOf(name));
      const written = writePackage(graph, dtype);
      const device = boundDevice(dtype, new Map([[graph, { ...written, library: await buildEmulated(written) }]]));
      const shapes = awkwardShapes(graph).filter((_, n) => n % 2 === 0);
      const cases = await checkGraph(graph, device, { shapes });
      expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
    });
  }
});

onTorch('says what is wrong, takes strides, warns once, and learns', async () => {
  const settings = { heads: 4, kvHeads: 2, headDim: 8, queryKernel: 3, keyKernel: 5 };
  const written = writePackage(await graphOf('decode', settings), 'bf16');
  const library = await buildEmulated(written);
  if ('why' in python) throw new Error(python.why);
  const script = here('behaviour.py');
  const { stdout } = await promisify(execFile)(python.python, ['-I', script, written.folder, library]);
  expect(stdout.trim()).toBe('all is well');
});

test('setup.py and the package name each other', async () => {
  const { bound } = writePackage(await graphOf('softmaxOffByOne', settingsOf('softmaxOffByOne')), 'bf16');
  expect(bound.package).toBe('softmaxOffByOne');
  const setup = bound.files.get('setup.py')!;
  expect(setup).toContain(`['${join(bound.package, 'softmaxOffByOne.cu')}']`);
  expect(bound.files.has(join(bound.package, 'softmaxOffByOne.cu'))).toBe(true);
});
