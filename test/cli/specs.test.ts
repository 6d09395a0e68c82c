// Specs and settings on the command line: what is compiled, where it goes, and every way in which it is refused.
// A refusal leaves the output folder as it was.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectBadInput, inRepository, runHeddle, snapshot, temporaryFolder } from './harness.js';

const mta = inRepository('examples/mta.ts');
const causal = inRepository('examples/causal.ts');

const TWO_SPECS = `import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
export const first = attention({ headDim: 8 }, ({ q, k, v }) => softmax(fill(scaledDot(q, k), causal, -Infinity)).times(v));
export const second = attention({ headDim: 8, flip: false }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v));
`;

/** A folder with a spec of this text. */
function written(text: string, name = 'spec.ts'): { folder: string; spec: string; out: string } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  return { folder, spec: join(folder, name), out: join(folder, 'out') };
}

const WARNED = `import { attention, softmax, weights } from 'heddle';
import { scaledDot } from 'heddle/library';
export const far = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => {
  const a = softmax(scaledDot(q, k));
  return weights((h, i, j) => a(h, i, j) + a(h + 7, i, j)).times(v);
});
`;

describe('a warning', () => {
  test('is printed beside the result, with its place, and fails nothing', async () => {
    const { spec, out } = written(WARNED);
    const ended = await runHeddle(['compile', spec, '--target', 'graph', '--out', out]);
    expect(ended.exitCode).toBe(0);
    expect(ended.out).toContain('far compiled to graph');
    expect(ended.err).toMatch(
      /^warning\[HD1073\]: h \+ 7 is 7 … 8.*\n {2}--> .*spec\.ts:5:46\n[\s\S]*\^{5}[\s\S]*\nhint: /,
    );
  });

  test('is part of what --json prints, and standard error stays empty', async () => {
    const { spec } = written(WARNED);
    for (const command of [
      ['compile', spec, '--target', 'graph', '--out', '-'],
      ['explain', spec],
    ]) {
      const ended = await runHeddle([...command, '--json']);
      expect(ended).toMatchObject({ exitCode: 0, err: '' });
      const { ok, warnings } = JSON.parse(ended.out) as { ok: boolean; warnings: { severity: string; code: string }[] };
      expect(ok).toBe(true);
      expect(warnings).toMatchObject([{ severity: 'warning', code: 'HD1073', span: { line: 5, column: 46 } }]);
    }
  });
});

describe('compile', () => {
  test('writes the files of the target and lists them', async () => {
    const out = join(temporaryFolder(), 'kernels', 'of', 'mta');
    const ended = await runHeddle([
      'compile',
      mta,
      '--set',
      'heads=8',
      '--set',
      'preMix=8',
      '--set',
      'postMix=0',
      '--out',
      out,
    ]);
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    for (const file of ['mta.js', 'mta.d.ts', 'manifest.json']) {
      expect(ended.out).toContain(join(out, file));
      expect(existsSync(join(out, file))).toBe(true);
    }
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { settings: object };
    expect(manifest.settings).toMatchObject({ heads: 8, preMix: 8, postMix: 0, headDim: 96 });
  });

  test('gives the same bytes for the same input', async () => {
    const folders = [temporaryFolder(), temporaryFolder()];
    for (const folder of folders) await runHeddle(['compile', mta, '--out', folder]);
    expect(snapshot(folders[0]!)).toEqual(snapshot(folders[1]!));
  });

  test('prints the main file with --out -', async () => {
    const { exitCode, out } = await runHeddle(['compile', causal, '--target', 'graph', '--out', '-']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^graph causal\n/);
  });

  test('binds kernels to PyTorch with --bind torch, for the target that has them', async () => {
    const out = temporaryFolder();
    const cuda = ['compile', causal, '--target', 'cuda', '--dtype', 'bf16', '--out', out];
    expect(await runHeddle([...cuda, '--bind', 'torch'])).toMatchObject({ exitCode: 0, err: '' });
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      package: string;
      files: { path: string }[];
    };
    expect(manifest.package).toBe('causal');
    for (const { path } of manifest.files) expect(existsSync(join(out, path)), path).toBe(true);
    expect(manifest.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['causal.cu', 'causal.h', 'causal/__init__.py', 'causal/causal.cu', 'setup.py']),
    );
    const first = snapshot(out);
    await runHeddle([...cuda, '--bind', 'torch']);
    expect(snapshot(out)).toEqual(first);
    await expectBadInput([...cuda, '--bind', 'jax'], 'HD4029', '--bind', 'torch');
    await expectBadInput(
      ['compile', causal, '--target', 'wgsl', '--bind', 'torch', '--out', out],
      'HD4028',
      '--target cuda',
    );
  });

  test('compiles all specs of a file, each into a folder of its own, or the one that is named', async () => {
    const { spec, out } = written(TWO_SPECS);
    const all = await runHeddle(['compile', spec, '--out', out, '--json']);
    expect(all).toMatchObject({ exitCode: 0, err: '' });
    const { compiled } = JSON.parse(all.out) as { compiled: { spec: string; files: { path: string }[] }[] };
    expect(compiled.map((each) => [each.spec, each.files[0]!.path])).toEqual([
      ['first', join(out, 'first', 'first.js')],
      ['second', join(out, 'second', 'second.js')],
    ]);
    const one = join(out, 'one');
    await runHeddle(['compile', spec, '--export', 'second', '--set', 'flip=true', '--out', one]);
    expect(Object.keys(snapshot(one)).sort()).toEqual(['manifest.json', 'second.d.ts', 'second.js']);
  });
});

describe('a spec that is refused', () => {
  /** Expects the diagnostic from compile and explain, and no file written. */
  async function expectRefused(args: readonly string[], code: string, ...said: readonly string[]): Promise<void> {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    await expectBadInput(['compile', ...args, '--out', out], code, ...said);
    expect(snapshot(folder)).toEqual({});
    await expectBadInput(['explain', ...args], code, ...said);
    await expectBadInput(['check', ...args], code, ...said);
  }

  test('because there is no such file, or it is no spec', async () => {
    await expectRefused([inRepository('examples/mtaa.ts')], 'HD4101', 'mtaa.ts', 'did you mean', 'examples/mta.ts');
    await expectRefused([inRepository('examples')], 'HD4102', 'examples');
    await expectRefused([inRepository('package.json')], 'HD2001', 'package.json');
    await expectRefused([written('export const four = 4;\n').spec], 'HD2006', 'spec.ts');
  });

  test('because there is no such export', async () => {
    await expectRefused([mta, '--export', 'mtb'], 'HD2006', '"mtb"', 'did you mean mta?');
    await expectRefused([written(TWO_SPECS).spec, '--export', 'third'], 'HD2006', '"third"', 'first, second');
  });

  test('because of the name of a setting', async () => {
    await expectRefused([mta, '--set', 'head=4'], 'HD2002', '"head"', 'did you mean heads?');
    await expectRefused([mta, '--set', 'pre_query_kernel=4'], 'HD2002', 'did you mean preQueryKernel?');
    await expectRefused([mta, '--set', 'nonsense=4'], 'HD2002', '"nonsense"', 'heads, kvHeads, headDim');
    await expectRefused([mta, '--set', '__proto__=4'], 'HD2002', '"__proto__"');
  });

  test('because of the type of a setting', async () => {
    await expectRefused([mta, '--set', 'layer=four'], 'HD2003', '"layer"', 'number', 'four');
    for (const value of ['', 'true', '4,5', '1e999', 'NaN']) {
      await expectBadInput(['explain', mta, '--set', `layer=${value}`], 'HD2003', '"layer"', 'number');
    }
    await expectRefused([mta, '--set', 'depthScale=1'], 'HD2003', '"depthScale"', 'true or false');
    for (const value of ['2.5', '0', '-4']) await expectBadInput(['explain', mta, '--set', `heads=${value}`], 'HD2010');
  });

  test('because of the value of a setting', async () => {
    await expectRefused([mta, '--set', 'padKey=lft'], 'HD2004', '"padKey"', 'did you mean left?');
    await expectRefused([mta, '--set', 'norm=layer'], 'HD2004', '"norm"', 'rms');
  });

  test('because it does not allow this combination of settings', async () => {
    await expectRefused(
      [mta, '--set', 'norm=none', '--set', 'depthScale=true'],
      'HD2009',
      'set norm to rms',
      'mta.ts:',
    );
  });

  test('because of type errors, each with its place', async () => {
    const { spec } = written(TWO_SPECS.replace('causal, -Infinity', 'causl, "0"'));
    await expectRefused([spec], 'HD1001', 'spec.ts:3:', 'causl', '^^^^^');
  });

  test('because it is no TypeScript at all', async () => {
    await expectRefused([written('export const = ;\n').spec], 'HD1001', 'spec.ts:1:');
  });

  test('with --json, which has the places', async () => {
    const { spec } = written(TWO_SPECS.replace('causal, -Infinity', 'causl, -Infinity'));
    const { exitCode, out, err } = await runHeddle([
      'compile',
      spec,
      '--json',
      '--out',
      join(temporaryFolder(), 'out'),
    ]);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: '' });
    const { ok, diagnostics } = JSON.parse(out) as { ok: boolean; diagnostics: Record<string, unknown>[] };
    expect(ok).toBe(false);
    expect(diagnostics[0]).toMatchObject({
      severity: 'error',
      code: 'HD1001',
      message: expect.stringContaining('causl'),
      hint: expect.any(String),
      span: { file: expect.stringContaining('spec.ts'), line: 3, column: expect.any(Number) },
    });
  });
});

describe('an output that cannot be written', () => {
  test('below a file', async () => {
    const { folder, spec } = written(TWO_SPECS);
    const before = snapshot(folder);
    await expectBadInput(['compile', spec, '--out', join(spec, 'out')], 'HD4111', 'is not a folder');
    await expectBadInput(['compile', spec, '--out', spec], 'HD4111', 'is not a folder');
    expect(snapshot(folder)).toEqual(before);
  });

  test('over a folder', async () => {
    const { folder, spec, out } = written(TWO_SPECS);
    mkdirSync(join(out, 'first', 'first.d.ts'), { recursive: true });
    const before = snapshot(folder);
    await expectBadInput(['compile', spec, '--out', out], 'HD4112', 'first.d.ts');
    expect(snapshot(folder)).toEqual(before);
  });
});
