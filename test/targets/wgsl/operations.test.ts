// Operations of tile programs, each in a small program of its own, on a device against the tile interpreter, under several
// layouts.
import { afterAll, describe, expect, it } from 'vitest';
import { closeValidation, validate, webgpu } from '../../../targets/wgsl/device/index.js';
import { emitWgsl, type WgslOptions } from '../../../targets/wgsl/index.js';
import { runWgsl } from '../../../targets/wgsl/run.js';
import { inLongTests } from '../../support/share.js';
import { cases, data, finished, goldOf, programOf, sizes } from '../operation-cases.js';

/** Other layouts are tried on what depends on them; large stencils take long to compile. */
const layouts: readonly { readonly name: string; readonly options: WgslOptions; readonly cases: RegExp }[] = [
  { name: 'the layout that is chosen', options: {}, cases: /./ },
  { name: 'subgroups', options: { subgroups: true }, cases: /reductions|sums|statistics/ },
  ...inLongTests({
    name: 'few threads',
    options: { threads: { rows: 2, columns: 2 } },
    cases: /^(?!a (large|window))/,
  }),
  { name: 'many threads', options: { threads: { rows: 16, columns: 8 } }, cases: /^(?!a large)/ },
];

afterAll(async () => {
  await closeValidation();
  await webgpu.close();
});

describe.each(layouts)('with $name', ({ options, cases: tried }) => {
  const chosen = Object.entries(cases).filter(([name]) => tried.test(name));
  it.each(chosen)('%s', async (_, each) => {
    const program = programOf(each);
    const emitted = emitWgsl(finished(each), { name: 'small', settings: {}, history: 0 }, options);
    const features = options.subgroups ? ['subgroups'] : [];
    expect(await validate(emitted.wgsl, undefined, { features })).toEqual([]);
    const outputs = await runWgsl(webgpu, emitted, data, sizes);
    for (const [name, expected] of goldOf(program, each)) {
      const actual = outputs.get(name)!.data;
      for (const [at, value] of expected.entries()) {
        if (Number.isNaN(value)) expect(actual[at], `${name} ${at} is written`).toBeNaN();
        else expect(Math.abs(actual[at]! - value), `${name} ${at}: ${actual[at]}, not ${value}`).toBeLessThan(1e-4);
      }
    }
  });
});
