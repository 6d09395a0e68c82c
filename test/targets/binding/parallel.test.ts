// The context-parallel form of emitted packages: two and four processes of torch.distributed against one, on the CPU, by eager PyTorch
// and by kernels on the emulation; forward and gradients.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect } from 'vitest';
import { type Graph, parse } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { compileTraining } from '../../../targets/binding/index.js';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { findPython } from '../../../targets/torch/device/python.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph, openExample, smallSettings } from '../../support/example-graphs.js';
import { inLongTests, TAKES_ALL } from '../../support/share.js';
import { onTorch } from '../torch/support.js';
import { buildEmulated, cleanUp, type Written, writePackage } from './bound.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const python = await findPython();
afterAll(cleanUp);

const script = fileURLToPath(new URL('parallel.py', import.meta.url));

/** What the script says of a package, with so many positions, in each number of processes. */
async function said({ folder, bound }: Written, positions: number, worlds: string, library?: string): Promise<string> {
  if ('why' in python) throw new Error(python.why);
  const given = [folder, bound.package, worlds, String(positions), ...(library === undefined ? [] : [library])];
  const { stdout } = await promisify(execFile)(python.python, ['-I', script, ...given]);
  return stdout.trim();
}

/** A bias over queries and keys, which is a shard along queries, in rows of a history. */
const biased = (): Graph =>
  optimise(
    parse(`
    graph biased
    tensor q[b, h:2, i, d:8]: queries
    tensor k[b, h:2, j, d:8]: keys
    tensor v[b, h:2, j, d:8]: values
    tensor bias[h:2, i, j]: tensor
    tensor slope[h:2]: parameter
    dot %1[b, h:2, i, j] = q · k
    map %2[b, h:2, i, j] = %1[b, h, i, j] * slope[h] + bias[h, i - 1, j]
    fill %3[b, h:2, i, j] = %2 where j <= i else -Infinity
    reduce %4[b, h:2, i] = max(j) %3[b, h, i, j]
    map %5[b, h:2, i] = stopGradient(%4[b, h, i])
    reduce %6[b, h:2, i] = sum(j) expdiff(%3[b, h, i, j], %5[b, h, i])
    map %7[b, h:2, i] = {
      let t0 = %6[b, h, i];
      t0 == 0.0 ? 0.0 : 1.0 / t0
    }
    map %8[b, h:2, i, j] = expdiff(%3[b, h, i, j], %5[b, h, i]) * %7[b, h, i]
    contract %9[b, h:2, i, d:8] = %8 · v over j
    output out = %9
  `),
  );

describe('as eager PyTorch', () => {
  for (const [name, positions, worlds] of [
    // Convolutions before and behind, with more rows of history than spans have; lengths that spans do not divide.
    ['mta', 13, '2,4'],
    ...inLongTests(
      ['mtaPacked', 16, '4'] as const,
      ['dcmha', 11, '2'] as const,
      ['forgettingTransformer', 9, '4'] as const,
    ),
  ] as const) {
    onTorch(`${name} at ${positions} positions in ${worlds} processes`, async () => {
      const written = writePackage(await exampleGraph(name, smallSettings(name)), 'bf16');
      expect(await said(written, positions, worlds)).toBe('all is well');
    });
  }

  onTorch('a bias over queries and keys', async () => {
    expect(await said(writePackage(biased(), 'f32'), 12, '2')).toBe('all is well');
  });

  onTorch('says what it does not take', async () => {
    const written = writePackage(await exampleGraph('prefixLm', smallSettings('prefixLm')), 'f32');
    expect(await said(written, 8, '2')).toBe('all is well');
  });
});

const group = (rank: number, port: number): Readonly<Record<string, string>> => ({
  RANK: String(rank),
  WORLD_SIZE: '2',
  MASTER_ADDR: '127.0.0.1',
  MASTER_PORT: String(port),
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

onTorch('the example of docs/torch.md runs', async () => {
  const page = readFileSync(new URL('../../../docs/torch.md', import.meta.url), 'utf8');
  const { folder } = writePackage(await exampleGraph('decode'), 'f32');
  writeFileSync(join(folder, 'example.py'), /```python\n(.*?)```/s.exec(page)![1]!);
  if ('why' in python) throw new Error(python.why);
  const { python: file } = python;
  // What torch.distributed.run sets; that of PyTorch 1.13 does not start with Python 3.11.
  const port = await freePort();
  const run = (rank: number): Promise<{ readonly stdout: string }> =>
    promisify(execFile)(file, ['example.py'], {
      cwd: folder,
      env: { ...process.env, ...group(rank, port), OMP_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' },
    });
  const [{ stdout }] = await Promise.all([run(0), run(1)]);
  const [, apart, norm] = /apart by (\S+) gradient of theta (\S+)/.exec(stdout)!.map(Number);
  expect(apart).toBeLessThan(1e-5);
  expect(norm).toBeGreaterThan(0);
});

if (TAKES_ALL)
  describe('by kernels on the host', () => {
    const small = { heads: 2, headDim: 8, queryKernel: 3, keyKernel: 5, kvHeads: 1 };

    onEmulator('mta in bf16, forward', async () => {
      const written = writePackage(await exampleGraph('mta', smallSettings('mta')), 'bf16');
      expect(await said(written, 40, '2', await buildEmulated(written))).toBe('all is well');
    });

    onEmulator('a convolution in f32, forward and gradients', async () => {
      const training = compileTraining((await openExample('decode')).compile(undefined, small), { dtype: 'f32' });
      expect(training).not.toHaveProperty('why');
      const written = writePackage(await exampleGraph('decode', small), 'f32', training);
      expect(await said(written, 22, '2', await buildEmulated(written))).toBe('all is well');
    });
  });
