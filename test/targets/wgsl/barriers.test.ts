// Barriers of emitted WGSL: behind a loop that may take no step, places of workgroup memory are still those of what came before it.
// Software devices run a workgroup's threads in turns that hide such a race, so the text is read.
import { describe, expect, it } from 'vitest';
import { along, axis, kernel, view } from '../../../codegen/tile/builder.js';
import { operand } from '../../../codegen/tile/operations.js';
import type { Buffer, Tile } from '../../../codegen/tile/types.js';
import { apply, extent, feature, float, integer, variable } from '../../../src/ir/index.js';
import { printed } from '../../../targets/shared/text/lines.js';
import { compileWgsl } from '../../../targets/wgsl/compile.js';
import { emitModule } from '../../../targets/wgsl/emit.js';
import { exampleGraph } from '../../support/example-graphs.js';

const [ROWS, KEYS, FEATURES] = [16, 48, 16];
const rows = axis('query', 0, ROWS);
const keys = axis('key', 0, KEYS);
const features = axis('feature', 0, FEATURES);

const scores: Buffer = { name: 'scores', role: 'input', axes: [extent(ROWS), extent(KEYS)], dtype: 'f32' };
const values: Buffer = { name: 'values', role: 'input', axes: [extent(KEYS), feature(FEATURES)], dtype: 'f32' };
const out: Buffer = { name: 'out', role: 'output', axes: [extent(ROWS), feature(FEATURES)], dtype: 'f32' };

/** A product on either side of a loop, at the same place of workgroup memory; the steps of the loop use another one. */
function text(): readonly string[] {
  const add = apply('add', operand(0), operand(1));
  const body = kernel('barriers', [], (block) => {
    const product = (accumulator: Tile | undefined) => {
      const left = block.load(scores, [along('query'), along('key')], [rows, keys]);
      return block.matmul(accumulator, left, view(values, [along('key'), along('feature')], [keys, features]), 'key');
    };
    const first = product(undefined);
    const start = [block.ring('key', rows, 8, 0), block.constant([rows], 0)] as const;
    const [, sum] = block.loop(
      'J',
      { from: integer(0), to: integer(0), step: 8 },
      start,
      (inner, [ring, before], at) => {
        const own = axis('key', at, 8);
        const pushed = inner.push(ring, inner.load(scores, [along('query'), along('key')], [rows, own]));
        const taps = { counters: [{ name: 'w', extent: 1 }], queryOffset: integer(0), keyOffset: variable('w') };
        const same = inner.stencil(pushed, [rows, own], { ...taps, weight: float(1) });
        return [pushed, inner.map([before, inner.reduce(same, 'key', 'sum')], add)];
      },
    );
    block.store(block.map([product(first), sum], add), out, [along('query'), along('feature')]);
  });
  const launches = [{ launch: 'kernel' as const, kernel: body }];
  const program = { name: 'barriers', buffers: [scores, values, out], launches };
  return printed(emitModule(program, {}).kernels[0]!.entries);
}

describe('a loop', () => {
  it('of perhaps no step is behind a barrier where its place is taken', () => {
    const lines = text();
    const begin = lines.findIndex((line) => line.startsWith('  for (var J_'));
    const end = lines.indexOf('  }', begin);
    const behind = lines.slice(end + 1);
    const write = behind.findIndex((line) => /^\s*barriers_arena\[.*\] = /.test(line));
    expect(write).toBeGreaterThan(0);
    expect(behind.slice(0, write)).toContain('  workgroupBarrier();');
  });
});

/** Barriers of a step of keys, in the text of the loop over keys; a loop within one would take them again and again. */
function barriersOfStep(wgsl: string): number {
  const lines = wgsl.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('  for (var J'));
  const end = lines.indexOf('  }', begin);
  let [count, inner] = [0, ''];
  for (const line of lines.slice(begin + 1, end)) {
    const indent = /^ */.exec(line)![0];
    if (inner === '' && line.trim().startsWith('for (')) inner = `${indent}}`;
    else if (line === inner) inner = '';
    if (line.trim() !== 'workgroupBarrier();') continue;
    expect(inner).toBe('');
    count += 1;
  }
  return count;
}

describe('a step of keys', () => {
  const convolution = {
    heads: 4,
    preMix: 0,
    postQueryKernel: 0,
    postKeyKernel: 0,
    postMix: 0,
    norm: 'none',
    gate: 'none',
  };
  it.each([
    ['causal', { headDim: 64 }, 2],
    ['causal', { headDim: 128 }, 2],
    ['mta', convolution, 4],
  ])('of %s at %j has %i barriers', async (name, settings, barriers) => {
    const { emitted } = compileWgsl(await exampleGraph(name, settings), { single: true });
    expect(barriersOfStep(emitted.wgsl)).toBe(barriers);
  });

  it('has more of them where operands are staged in slices', async () => {
    const { scheduled, emitted } = compileWgsl(await exampleGraph('causal'), { single: true, operands: 'staged' });
    expect(scheduled.kind).toBe('online');
    expect(() => barriersOfStep(emitted.wgsl)).toThrow();
  });
});
