// `heddle run` on the golden tensors: outputs and gradients against those of the paper authors' implementation.
// Every other way of calling it either works the same or says what is wrong and writes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type HostTensor, hostTensor, readSafetensors, writeSafetensors } from '../../src/tensors/index.js';
import { authorsCases, distance, type Settings } from '../support/authors-tensors.js';
import { expectBadInput, inRepository, runHeddle, snapshot, temporaryFolder } from './harness.js';

const mta = inRepository('examples/mta.ts');

const goldenPath = (name: string): string => inRepository(`test/golden/${name}.safetensors`);

const setOptions = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

const tensorsOf = (path: string): ReadonlyMap<string, HostTensor> =>
  readSafetensors(readFileSync(path), { name: path }).tensors;

describe.each(authorsCases)('the golden case %s', (name, settings) => {
  const golden = tensorsOf(goldenPath(name));
  const spec = [mta, ...setOptions(settings), '--inputs', goldenPath(name)];

  test.each(['interpreter', 'gpujs'])('gives its output on %s', async (device) => {
    const out = join(temporaryFolder(), 'out.safetensors');
    const ended = await runHeddle(['run', ...spec, '--out', out, '--device', device]);
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toContain(out);
    const results = tensorsOf(out);
    expect(distance(results.get('out')!, golden.get('out')!)).toBeLessThan(1e-5);
    expect(results.get('out')!.dtype).toBe('F32');
  });

  test('gives its gradients on the interpreter', async () => {
    const out = join(temporaryFolder(), 'gradients.safetensors');
    const ended = await runHeddle(['run', ...spec, '--out', out, '--backward']);
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    const results = tensorsOf(out);
    const expected = [...golden.keys()].filter((key) => key.startsWith('grad_') && key !== 'grad_out');
    expect([...results.keys()].sort()).toEqual(expected.sort());
    for (const key of expected) {
      expect({ key, error: distance(results.get(key)!, golden.get(key)!) }).toEqual({
        key,
        error: expect.toSatisfy((error: number) => error < 2e-5),
      });
    }
  });
});

// ── A small case for everything else ────────────────────────────────────────────────────────────────

const causal = inRepository('examples/causal.ts');
const small = ['--set', 'heads=2', '--set', 'headDim=4'];

function smallInputs(): Map<string, HostTensor> {
  const tensor = (rows: number, shift: number): HostTensor =>
    hostTensor(
      [1, 2, rows, 4],
      Array.from({ length: 8 * rows }, (_, n) => Math.sin(n + shift)),
    );
  return new Map([
    ['q', tensor(5, 0)],
    ['k', tensor(5, 1)],
    ['v', tensor(5, 2)],
  ]);
}

/** A folder with `in.safetensors`, and the options of a run on it. */
function smallRun(tensors: ReadonlyMap<string, HostTensor> | Uint8Array = smallInputs()) {
  const folder = temporaryFolder();
  const input = join(folder, 'in.safetensors');
  writeFileSync(input, tensors instanceof Uint8Array ? tensors : writeSafetensors(tensors));
  const out = join(folder, 'out.safetensors');
  return { folder, out, args: ['run', causal, ...small, '--inputs', input, '--out', out] };
}

describe('a run', () => {
  test('writes outputs with what made them', async () => {
    const { args, out } = smallRun();
    expect(await runHeddle(args)).toMatchObject({ exitCode: 0, err: '' });
    const { tensors, metadata } = readSafetensors(readFileSync(out), { name: out });
    expect([...tensors.keys()]).toEqual(['out', 'lse']);
    expect(tensors.get('lse')!.shape).toEqual([1, 2, 5]);
    expect(Object.fromEntries(metadata)).toMatchObject({ spec: 'causal', device: 'interpreter' });
    expect(JSON.parse(metadata.get('settings')!)).toMatchObject({ heads: 2, headDim: 4 });
  });

  test('gives the last rows only, the same as among all', async () => {
    const all = smallRun();
    const last = smallRun();
    await runHeddle([...all.args, '--dtype', 'f64']);
    await runHeddle([...last.args, '--dtype', 'f64', '--rows', '2']);
    const every = tensorsOf(all.out).get('out')!;
    const some = tensorsOf(last.out).get('out')!;
    expect(some.shape).toEqual([1, 2, 2, 4]);
    expect([...some.data.slice(0, 8)]).toEqual([...every.data.slice(12, 20)]);
  });

  test.each([
    ['f32', 'F32'],
    ['f64', 'F64'],
    ['f16', 'F16'],
    ['BF16', 'BF16'],
  ])('writes %s', async (name, dtype) => {
    const { args, out } = smallRun();
    expect(await runHeddle([...args, '--dtype', name])).toMatchObject({ exitCode: 0 });
    for (const tensor of tensorsOf(out).values()) expect(tensor.dtype).toBe(dtype);
  });

  test('takes the gradient of lse alone or beside that of out', async () => {
    for (const names of [['grad_lse'], ['grad_lse', 'grad_out']]) {
      const inputs = smallInputs();
      for (const name of names) inputs.set(name, hostTensor(name === 'grad_lse' ? [1, 2, 5] : [1, 2, 5, 4]));
      const { args, out } = smallRun(inputs);
      expect(await runHeddle([...args, '--backward'])).toMatchObject({ exitCode: 0, err: '' });
      expect([...tensorsOf(out).keys()]).toEqual(['grad_q', 'grad_k', 'grad_v']);
    }
  });

  test('says with --json what it wrote', async () => {
    const { args, out } = smallRun();
    const ended = await runHeddle([...args, '--json']);
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(JSON.parse(ended.out)).toMatchObject({
      ok: true,
      spec: 'causal',
      device: 'interpreter',
      out,
      tensors: [
        { name: 'out', dtype: 'F32', shape: [1, 2, 5, 4] },
        { name: 'lse', dtype: 'F32', shape: [1, 2, 5] },
      ],
    });
  });
});

describe('bad tensors', () => {
  /** Expects the diagnostic, and the folder as it was. */
  async function expectRefused(run: ReturnType<typeof smallRun>, code: string, ...said: readonly string[]) {
    const before = snapshot(run.folder);
    await expectBadInput(run.args, code, ...said);
    expect(snapshot(run.folder)).toEqual(before);
  }
  const without = (name: string) => {
    const inputs = smallInputs();
    inputs.delete(name);
    return inputs;
  };

  test('missing', async () => {
    await expectRefused(smallRun(without('k')), 'HD7001', '`k`');
  });

  test('misshapen', async () => {
    await expectRefused(smallRun(smallInputs().set('k', hostTensor([1, 2, 5, 3]))), 'HD7002', '`k`', '[1, 2, 5, 3]');
    await expectRefused(smallRun(smallInputs().set('v', hostTensor([1, 2, 6, 4]))), 'HD7002', '`v`');
    await expectRefused(smallRun(smallInputs().set('q', hostTensor([2, 5, 4]))), 'HD7002', '`q`', '4 axes');
    await expectRefused(smallRun(smallInputs().set('q', hostTensor([1, 2, 0, 4]))), 'HD7008', '`q`');
  });

  test('without an incoming gradient for --backward, or with a misshapen one', async () => {
    const none = smallRun();
    none.args.push('--backward');
    await expectRefused(none, 'HD7009', 'grad_out');
    const misshapen = smallRun(smallInputs().set('grad_out', hostTensor([1, 2, 5, 3])));
    misshapen.args.push('--backward');
    await expectRefused(misshapen, 'HD7002', '`grad_out`');
  });

  test.each([
    ['under another name', { grad_output: hostTensor([1, 2, 5, 4]) }, [], 'HD7009', '`grad_output` meant for grad_out'],
    ['of too few axes', { grad_out: hostTensor([2, 5, 4]) }, [], 'HD7002', '[1, 2, 1 to 5, 4]'],
    [
      'of other rows than another',
      { grad_out: hostTensor([1, 2, 2, 4]), grad_lse: hostTensor([1, 2, 5]) },
      [],
      'HD7002',
      '`grad_out` has 2 rows: expected [1, 2, 2]',
    ],
    ['of other rows than asked for', { grad_out: hostTensor([1, 2, 5, 4]) }, ['--rows', '2'], 'HD7002', 'the 2 rows'],
    ['of integers', { grad_out: hostTensor([1, 2, 5, 4], undefined, 'I32') }, [], 'HD7011', '`grad_out` holds floats'],
  ])('with an incoming gradient %s', async (_, gradients, further, code, said) => {
    const run = smallRun(new Map([...smallInputs(), ...Object.entries(gradients)]));
    run.args.push('--backward', ...further);
    await expectRefused(run, code, said);
  });

  test('with an incoming gradient that would be lost under its name: a warning, and none for what is a result', async () => {
    const inputs = smallInputs()
      .set('grad_out', hostTensor([1, 2, 5, 4]))
      .set('grad_q', hostTensor([1, 2, 5, 4]));
    const run = smallRun(inputs.set('grad_Ise', hostTensor([1, 2, 5])).set('grad_v', hostTensor([1])));
    run.args.push('--backward');
    const { exitCode, err } = await runHeddle(run.args);
    expect(exitCode).toBe(0);
    expect(err.match(/warning\[HD7014\]: .*/g)).toEqual([
      'warning[HD7014]: `grad_Ise` is the gradient of no output and is left out; the spec gives out, lse',
    ]);
    expect(err).toContain('rename it to grad_lse');
  });

  test('with more rows asked for than there are', async () => {
    const run = smallRun();
    run.args.push('--rows', '6');
    await expectRefused(run, 'HD7006', '6');
  });

  test('of the wrong type', async () => {
    const integers = hostTensor([1, 2, 5, 4], undefined, 'I32');
    await expectRefused(smallRun(smallInputs().set('q', integers)), 'HD7011', '`q` holds floats', 'I32');
    for (const [document, code, said] of [
      [hostTensor([1, 5], [0, 0, 0, 1, 1], 'F32'), 'HD7011', '`document` holds integers'],
      [hostTensor([1, 5], [0, 0, 0, 1, 2 ** 31], 'I64'), 'HD7003', '2147483648'],
    ] as const) {
      const packed = smallRun(smallInputs().set('document', document));
      packed.args.splice(1, 1, inRepository('examples/packed-documents.ts'));
      packed.args.push('--set', 'kvHeads=2');
      await expectRefused(packed, code, said);
    }
  });

  test('too large for the memory of any machine', async () => {
    const long = hostTensor([1, 2, 100_000, 1]);
    const run = smallRun(new Map(['q', 'k', 'v'].map((name) => [name, long])));
    run.args.push('--set', 'headDim=1');
    await expectRefused(run, 'HD7012', 'GiB');
  });
});

describe('bad files', () => {
  const header = (text: string, data = 0): Uint8Array => {
    const bytes = new Uint8Array(8 + text.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(new TextEncoder().encode(text), 8);
    return bytes;
  };
  const oneTensor = (shape: string, offsets: string, data = 16) =>
    header(`{"q":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}}`, data);
  const good = writeSafetensors(smallInputs());

  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'HD3010'],
    ['a header longer than the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0), 'HD3011'],
    ['a truncated file', good.subarray(0, good.length - 8), 'HD3028'],
    ['a truncated header', good.subarray(0, 40), 'HD3011'],
    ['a header that is no JSON', header('{"q":'), 'HD3014'],
    [
      'overlapping tensors',
      header(
        '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
        12,
      ),
      'HD3031',
    ],
    [
      'unaligned offsets',
      header(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}',
        6,
      ),
      'HD3030',
    ],
    ['a huge shape', oneTensor('[4294967296,4294967296,4294967296]', '[0,16]'), 'HD3025'],
    ['a shape larger than its bytes', oneTensor('[1000000000000]', '[0,16]'), 'HD3029'],
  ])('%s', async (_, bytes, code) => {
    const { args, folder } = smallRun(bytes);
    const before = snapshot(folder);
    await expectBadInput(args, code, 'in.safetensors');
    expect(snapshot(folder)).toEqual(before);
  });

  test('unreadable', async () => {
    const { args, folder } = smallRun();
    const at = args.indexOf('--inputs') + 1;
    await expectBadInput(args.with(at, join(folder, 'inn.safetensors')), 'HD4101', 'did you mean', 'in.safetensors');
    await expectBadInput(args.with(at, folder), 'HD4102', folder);
  });

  test('unwritable', async () => {
    const { args, folder, out } = smallRun();
    const at = args.indexOf('--out') + 1;
    const before = snapshot(folder);
    await expectBadInput(args.with(at, join(folder, 'in.safetensors', 'out')), 'HD4111', 'is not a folder');
    await expectBadInput(args.with(at, folder), 'HD4112', folder);
    expect(snapshot(folder)).toEqual(before);
    expect(Object.keys(before)).not.toContain(out);
  });
});
