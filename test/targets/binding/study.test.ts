// The Python package of a study: every variant by its own name whatever that is, eager where no kernel can be had, what is wrong left
// out by name; and `heddle compile` of studies.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Graph } from '../../../src/ir/index.js';
import { bindStudy } from '../../../targets/binding/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { findPython } from '../../../targets/torch/device/python.js';
import { runHeddle } from '../../cli/harness.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { problemsOf, type Schema } from '../json-schema.js';
import { onTorch } from '../torch/support.js';
import { cleanUp, temporary, writeFiles } from './bound.js';

afterAll(cleanUp);
const schema = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../targets/study-package.schema.json', import.meta.url)), 'utf8'),
) as Schema;

const graphOf = async (name: string, settings: Record<string, number | string>): Promise<Graph> =>
  await exampleGraph(name, settings);

async function python(folder: string, program: string): Promise<unknown> {
  const found = await findPython();
  if ('why' in found) throw new Error(found.why);
  return JSON.parse(execFileSync(found.python, ['-c', program], { cwd: folder, encoding: 'utf8' }));
}

const hostile = [
  'base',
  'class',
  'A',
  'a',
  'CON',
  'variants',
  'Variant',
  '',
  '"""\nimport os\n"""',
  "'; raise SystemExit(3) #",
  '\\',
  '無 ℝ',
  '../../etc',
  'torch',
  '\u202e{0}{name}%s',
  '2 × 9',
];

onTorch('variants of any name are there by it, and files and classes get names of their own', async () => {
  const [plain, bias] = [
    await graphOf('causal', { heads: 2, headDim: 4 }),
    await graphOf('learnedBias', { heads: 2, headDim: 4 }),
  ];
  const variants = hostile.map((name, n) => ({
    name,
    graph: n % 2 === 0 ? plain : bias,
    kernels: { why: `${name} has none` },
  }));
  const failures = [{ name: 'wrong """', why: 'it is "wrong"\n"""\\' }];
  const summary = 'Says """ and \\ and ends with "';
  const {
    package: folder,
    files,
    manifest,
  } = bindStudy({ name: 'import', summary, baseline: 'base', variants, failures });
  expect(problemsOf(manifest, schema)).toEqual([]);
  const paths = [...files.keys()].map((path) => path.toLowerCase());
  expect(new Set(paths).size).toBe(paths.length);
  writeFiles(join(temporary, 'hostile'), files);
  const found = await python(
    join(temporary, 'hostile'),
    `
import json, torch, ${folder} as package
made = {name: of(dtype=torch.float64) for name, of in package.variants.items()}
q = torch.randn(1, 2, 3, 4, dtype=torch.float64)
outs = [each(q, q, q).out.shape for each in made.values()]
try:
    package.variants['wrong """']
except KeyError as error:
    missing = error.args[0]
print(json.dumps([
    list(made), [each.variant.name for each in made.values()], [of.reason_for_eager(q) for of in package.variants.values()],
    len(outs), missing, package.baseline, all(isinstance(each, torch.nn.Module) for each in made.values()),
    all(f'name={name!r}' in repr(each) and 'headDim=4' in repr(each) for name, each in made.items()),
]))`,
  );
  const why = `the variant 'wrong """' does not compile: ${failures[0]!.why}`;
  expect(found).toEqual([
    hostile,
    hostile,
    hostile.map((name) => `${name} has none`),
    hostile.length,
    why,
    'base',
    true,
    true,
  ]);
});

onTorch('variants with kernels and without have the same parameters, started alike', async () => {
  const graph = await graphOf('decode', { heads: 4, kvHeads: 2, headDim: 8, queryKernel: 3, keyKernel: 5 });
  const variants = [
    { name: 'fast', graph, kernels: compileCuda(graph, { dtype: 'bf16' }).emitted },
    { name: 'slow', graph, kernels: { why: 'no schedule' } },
  ];
  const bound = bindStudy({ name: 'both', baseline: 'fast', variants, failures: [] }, { dtype: 'bf16' });
  expect(problemsOf(bound.manifest, schema)).toEqual([]);
  const setup = bound.files.get('setup.py')!;
  expect(setup).toContain("'both.fast._kernels'");
  expect(setup).toContain("['both/fast/decode.cu']");
  expect(bound.files.has('both/fast/decode.cu')).toBe(true);
  writeFiles(join(temporary, 'both'), bound.files);
  const found = await python(
    join(temporary, 'both'),
    `
import json, torch, warnings
warnings.simplefilter('ignore')
from both import variants
fast, slow = variants['fast'](), variants['slow']()
slow.load_state_dict(fast.state_dict())
q, k = torch.randn(1, 4, 6, 8), torch.randn(1, 2, 6, 8)
outs = [each(q, k, k, rows=2)[0] for each in (fast, slow)]
for out in outs:
    out.square().sum().backward()
print(json.dumps([
    torch.equal(*outs), [each.variant.kernels for each in (fast, slow)], fast.variant.settings == slow.variant.settings,
    all(torch.allclose(a.grad, b.grad) for a, b in zip(fast.parameters(), slow.parameters())),
    slow.reason_for_eager_gradients(q), fast.variant.history, list(fast.variant.inputs['q']),
]))`,
  );
  expect(found).toEqual([true, ['bf16', null], true, true, 'no schedule', 2, ['B', 4, 'Tq', 8]]);
});

test('heddle compile makes a package of a study, without what is wrong in it', async () => {
  const folder = join(temporary, 'specs');
  mkdirSync(folder, { recursive: true });
  const spec = (name: string, logits: string) => `import { attention, fill, softmax } from 'heddle';
import { causal, scaledDot } from 'heddle/library';
export const ${name} = attention({ heads: 2, headDim: 8 }, ({ q, k, v }) => softmax(fill(${logits}, causal, -Infinity)).times(v));
`;
  writeFileSync(join(folder, 'one.ts'), spec('one', 'scaledDot(q, k)'));
  writeFileSync(join(folder, 'two.ts'), spec('two', 'scaledDot(k, q, 3)'));
  writeFileSync(join(folder, 'three.ts'), spec('three', 'scaledDot(q, k)'));
  writeFileSync(
    join(folder, 'study.ts'),
    `import { ablation } from 'heddle';
import { one } from './one.js';
import { two } from './two.js';
import { three } from './three.js';
export const ours = ablation(one, { variants: { wide: { headDim: 16 }, 'the wrong one': two, third: [three, { heads: 4 }] } });
`,
  );
  const study = join(folder, 'study.ts');
  const out = join(folder, 'out');
  const made = await runHeddle(['compile', study, '--bind', 'torch', '--out', out, '--json']);
  expect(made.exitCode).toBe(0);
  const data = JSON.parse(made.out);
  expect([data.target, data.variants]).toEqual(['cuda', ['base', 'wide', 'third']]);
  expect(data.warnings.map(({ code }: { code: string }) => code)).toEqual(['HD4042']);
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(problemsOf(manifest, schema)).toEqual([]);
  expect(manifest.failures.map(({ name }: { name: string }) => name)).toEqual(['the wrong one']);
  expect(manifest.variants.map(({ kernels, spec: of, settings }: never) => [kernels, of, settings])).toEqual([
    ['f32', 'one', { heads: 2, headDim: 8 }],
    ['f32', 'one', { heads: 2, headDim: 16 }],
    ['f32', 'three', { heads: 4, headDim: 8 }],
  ]);
  const right = join(folder, 'right.ts');
  writeFileSync(right, readFileSync(study, 'utf8').replace(/, 'the wrong one': two|import.*two.*/g, ''));
  const none = join(folder, 'none.ts');
  writeFileSync(
    none,
    `import { ablation, attention, ensure, softmax } from 'heddle';
import { scaledDot } from 'heddle/library';
const many = attention({ heads: 2, headDim: 8 }, ({ q, k, v, heads }) => {
  ensure(heads > 4, 'few heads');
  return softmax(scaledDot(q, k)).times(v);
});
export const none = ablation(many, {});
`,
  );
  const nothing = await runHeddle(['compile', none, '--target', 'torch', '--out', join(folder, 'no')]);
  expect([nothing.exitCode, nothing.err]).toEqual([
    2,
    expect.stringMatching(/HD4041[\s\S]*no variant of "none" compiles: few heads/),
  ]);
  const codes = async (...more: readonly string[]): Promise<unknown> => {
    const { exitCode, out: said } = await runHeddle(['compile', right, ...more, '--out', join(folder, 'no'), '--json']);
    return [exitCode, JSON.parse(said).diagnostics.map(({ code }: { code: string }) => code)];
  };
  expect(await codes()).toEqual([2, ['HD4043']]);
  expect(await codes('--target', 'wgsl')).toEqual([2, ['HD4043']]);
  expect(await codes('--target', 'torch', '--set', 'heads=4')).toEqual([2, ['HD4044']]);
  const printed = await runHeddle(['compile', study, '--target', 'torch', '--export', 'ours', '--out', '-']);
  expect(printed.out).toContain('variants = _Variants({');
});
