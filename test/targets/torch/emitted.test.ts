// What a compile leaves behind: the same bytes every time, and usable with nothing but torch installed.
// UPDATE_GOLDEN=1 writes the golden modules anew; look at the difference before you commit it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpreter/index.js';
import {
  batch,
  extent,
  type Graph,
  head,
  key,
  mapNodeOver,
  read,
  tensorNode,
  variable,
} from '../../../src/ir/index.js';
import { hostTensor } from '../../../src/tensors/index.js';
import { findPython } from '../../../targets/torch/device/python.js';
import { emitTorch } from '../../../targets/torch/index.js';
import { randomInputs } from '../../support/random-inputs.js';
import { preConvGraph } from '../gpujs/hand-built.js';
import { describeEmittedModules, emittedGraph } from '../shared/emitted-modules.js';
import { onTorch, torch } from './support.js';

describeEmittedModules(['causal', 'mta', 'mtaPacked', 't5'], emitTorch, new URL('./golden/', import.meta.url));

describe('names that Python has taken', () => {
  const lambda = tensorNode('lambda', 'tensor', [batch, head(2), key]);
  const odd = ['train', 'a b', '1st', 'σ', 'torch', 'out', 'b', 'h', '_sizes'].map((name) =>
    tensorNode(name, 'parameter', [extent(2)]),
  );
  const sum = odd.reduce(
    (total, node) =>
      ({ kind: 'apply', type: 'float', operation: 'add', operands: [total, read(node, [variable('h')])] }) as const,
    read(lambda, [variable('b'), variable('h'), variable('j')]) as Parameters<typeof mapNodeOver>[1],
  );
  const graph: Graph = {
    name: 'class',
    settings: {},
    formula: 'a """quoted""" \\ formula',
    inputs: [lambda, ...odd],
    outputs: [{ name: 'return', node: mapNodeOver([batch, head(2), key], sum) }],
  };

  test('are changed, and the manifest says to what', () => {
    const { manifest, module } = emitTorch(graph);
    expect(module).toBe('class_.py');
    expect(manifest.entry).toBe('class_');
    expect(manifest.inputs.map(({ argument }) => argument)).toEqual([
      ...['lambda_', 'train2', 'a_b', 'value_1st', 'value', 'torch2', 'out', 'b', 'h', 'sizes'],
    ]);
  });

  onTorch('and the module runs', async () => {
    const inputs = randomInputs(graph, { batch: 3, queries: 1, keys: 1 }, 1);
    const out = (await torch.run(graph, inputs)).get('return')!;
    out.data.forEach((value, n) => {
      expect(value).toBeCloseTo(interpret(graph, inputs).get('return')!.data[n]!, 5);
    });
  });
});

describe('start values of the parameters', () => {
  onTorch('are those of the spec', async () => {
    const started = await torch.initialise(await emittedGraph('mta'), 1);
    const at = (name: string) => started.get(name)!;
    const kernel = hostTensor([4, 3, 5]);
    for (let n = 0; n < 4; n += 1) kernel.data[n * 15 + 12] = 1;
    expect(at('theta_pre')).toMatchObject({ shape: kernel.shape, data: kernel.data });
    expect([...at('mix_pre').data]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect([...at('gain').data]).toEqual(new Array(16).fill(1));
    expect([...at('gate_bias').data]).toEqual([0]);
  });

  onTorch('are drawn from the law that the spec names', async () => {
    const normal = tensorNode('normal', 'parameter', [extent(4000)], { initial: { law: 'normal', size: 0.5 } });
    const uniform = tensorNode('uniform', 'parameter', [extent(4000)], { initial: { law: 'uniform', size: 0.5 } });
    const none = tensorNode('none', 'parameter', [extent(4000)]);
    const x = variable('x');
    const value = [normal, uniform, none].map((node) => read(node, [x]) as Parameters<typeof mapNodeOver>[1]);
    const sum = value.reduce((one, other) => ({
      kind: 'apply',
      type: 'float',
      operation: 'add',
      operands: [one, other],
    }));
    const graph: Graph = {
      name: 'drawn',
      settings: {},
      inputs: [normal, uniform, none],
      outputs: [{ name: 'out', node: mapNodeOver([extent(4000)], sum) }],
    };
    const started = await torch.initialise(graph, 1);
    const deviation = (name: string) =>
      Math.sqrt(started.get(name)!.data.reduce((total, y) => total + y * y, 0) / 4000);
    expect(deviation('normal')).toBeCloseTo(0.5, 1);
    expect(deviation('uniform')).toBeCloseTo(0.5 / Math.sqrt(3), 1);
    expect(Math.max(...started.get('uniform')!.data.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(started.get('none')!.data.every((y) => y === 0)).toBe(true);
  });
});

describe('with nothing but torch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emitted-torch-'));
  beforeAll(async () => {
    for (const graph of [await emittedGraph('mta'), await emittedGraph('mtaPacked'), preConvGraph()]) {
      const { files, module } = emitTorch(graph);
      writeFileSync(join(folder, module), files.get(module)!);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a program in the folder of the modules and gives what it prints, line by line. */
  async function python(program: string): Promise<string[]> {
    const found = await findPython();
    if ('why' in found) throw new Error(found.why);
    writeFileSync(join(folder, 'main.py'), program);
    return execFileSync(found.python, ['main.py'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  }

  onTorch('wrong calls are refused with a sentence', async () => {
    const lines = await python(`
import torch
from mtaPacked import mtaPacked
from pre_conv import pre_conv
r = torch.randn
right = dict(q=r(1, 2, 6, 16), k=r(1, 2, 6, 16), v=r(1, 2, 6, 16), theta_pre=r(2, 3, 5), theta_post=r(2, 3, 5),
             document=torch.zeros(1, 6, dtype=torch.int32))
def attempt(rows=None, **changed):
    try:
        mtaPacked(**{**right, **changed}, rows=rows)
        print('fine')
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
attempt()
attempt(q=[1])
attempt(q=r(2, 6, 16))
attempt(q=r(1, 3, 6, 16))
attempt(q=r(2, 2, 6, 16))
attempt(q=r(1, 2, 0, 16))
attempt(q=r(1, 2, 7, 16))
attempt(q=r(1, 2, 6, 16).double())
attempt(document=r(1, 6))
attempt(theta_pre=torch.zeros(2, 3, 5, dtype=torch.int64))
attempt(q=r(1, 2, 6, 16).to('meta'))
attempt(rows=7)
attempt(rows=0)
attempt(q=r(1, 2, 4, 16), rows=1)
attempt(q=r(1, 2, 5, 16), rows=1)
attempt(q=r(1, 2, 3, 16))
`);
    expect(lines).toEqual([
      'fine',
      'TypeError q must be a tensor, not list',
      'ValueError q must have the shape [B, 2, Tq, 16], not [2, 6, 16]',
      'ValueError q must have the shape [B, 2, Tq, 16], not [1, 3, 6, 16]',
      'ValueError k must have the shape [B, 2, Tk, 16], where B is 2, not [1, 2, 6, 16]',
      'ValueError q must have the shape [B, 2, Tq, 16], not [1, 2, 0, 16]',
      'fine',
      'TypeError k is of torch.float32, but q is of torch.float64',
      'TypeError document must hold integers, not torch.float32',
      'TypeError theta_pre must hold floats, not torch.int64',
      'ValueError k is on cpu, but q is on meta',
      'ValueError rows is 7, but must be from 1 to the 6 rows of queries',
      'ValueError rows is 0, but must be from 1 to the 6 rows of queries',
      'ValueError for 1 rows of output, rows 1 ... 5 of q must be given, 5 rows: a row depends on the 4 above it; but q has 4',
      'fine',
      'ValueError for 1 rows of output, rows 1 ... 5 of q must be given, 5 rows: a row depends on the 4 above it; but q has 3',
    ]);
  });

  onTorch(
    'a convolution learns as conv2d does, over several blocks of keys, from parameters of another dtype',
    async () => {
      const lines = await python(`
import torch
import torch.nn.functional as F
from mta import _convolve, Mta
for B, H, Tq, Tk, rows, columns in ((2, 3, 70, 150, 3, 5), (1, 1, 1, 1, 2, 9), (3, 2, 5, 64, 1, 4)):
    x = torch.randn(B, H, Tq, Tk, dtype=torch.float64, requires_grad=True)
    kernel = torch.randn(H, rows, columns, dtype=torch.float64, requires_grad=True)
    padding = ((columns - 1) // 2, columns // 2, rows - 1, 0)
    found, known = _convolve(x, kernel, padding), F.conv2d(F.pad(x, padding), kernel[:, None], groups=H)
    weights = torch.randn_like(known)
    gradients = [torch.autograd.grad((y * weights).sum(), (x, kernel)) for y in (found, known)]
    print(torch.allclose(found, known), all(torch.allclose(a, b) for a, b in zip(*gradients)))
q, k, v = (torch.randn(2, 4, 20, 16) for _ in range(3))
mixed = Mta()(q.bfloat16(), k.bfloat16(), v.bfloat16()).out
print(mixed.dtype, (mixed.float() - Mta()(q, k, v).out).abs().max().item() < 0.05)
`);
      expect(lines).toEqual(['True True', 'True True', 'True True', 'torch.bfloat16 True']);
    },
  );

  onTorch('the module holds the parameters, trains, and keeps the dtype', async () => {
    const lines = await python(`
import torch
from mta import Mta, mta, MtaOutput
torch.manual_seed(0)
q, k, v = (torch.randn(2, 4, 20, 16) for _ in range(3))
module = Mta()
out, lse = module(q, k, v)
same = mta(q, k, v, **dict(module.named_parameters()))
print(torch.equal(out, same.out), torch.equal(lse, same.lse), tuple(out.shape), tuple(lse.shape))
# At the identity, with the gate at one half, the normed plain attention is left.
plain = torch.softmax((q @ k.transpose(-1, -2) / 4).masked_fill(torch.ones(20, 20).triu(1).bool(), float('-inf')), -1) @ v
normed = plain / (plain.square().mean(-1, keepdim=True) + 1e-5).sqrt()
print(torch.allclose(out, normed / 2, atol=1e-5))
(out.square().sum() + lse.sum()).backward()
print(all(torch.isfinite(each.grad).all() and each.grad.abs().max() > 0 for each in module.parameters()))
last = module(q[:, :, 11:], k, v, rows=2)
print(torch.allclose(last.out, out[:, :, -2:], atol=1e-6), isinstance(last, MtaOutput))
half = Mta(dtype=torch.bfloat16)(q.bfloat16(), k.bfloat16(), v.bfloat16())
print(half.out.dtype, half.lse.dtype, (half.out.float() - out).abs().max().item() < 0.05)
print(sorted(module.state_dict()))
if hasattr(torch, 'compile'):
    compiled = torch.compile(module, fullgraph=True, backend='aot_eager')
    print(torch.allclose(compiled(q, k, v).out, out, atol=1e-5))
else:
    print(True)
`);
    expect(lines).toEqual([
      'True True (2, 4, 20, 16) (2, 4, 20)',
      'True',
      'True',
      'True True',
      'torch.bfloat16 torch.bfloat16 True',
      "['gain', 'gate_bias', 'gate_weight', 'mix_post', 'mix_pre', 'theta_post', 'theta_pre']",
      'True',
    ]);
  });
});
