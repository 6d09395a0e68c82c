// What is emitted for five specs, byte for byte as committed, so that every change to a kernel is seen in its review.
// UPDATE_GOLDEN=1 writes the files anew; look at the difference before you commit it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type CompileWgslOptions, compileWgsl } from '../../../targets/wgsl/compile.js';
import { exampleFiles } from '../../support/examples.js';

const golden = new URL('./golden/', import.meta.url);

interface Committed {
  readonly spec: string;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly options?: CompileWgslOptions;
}

const small = { heads: 2, headDim: 8 };
const only = { postQueryKernel: 0, postKeyKernel: 0, postMix: 0, norm: 'none', gate: 'none' };

/** By folder: plain attention, 16 bits, a band of keys, one pass behind a stencil and mixed heads, and two passes. */
const committed: Readonly<Record<string, Committed>> = {
  causal: { spec: 'causal', settings: small },
  'sinks-f16': { spec: 'sinks', settings: { ...small, kvHeads: 1, window: 5 }, options: { dtype: 'f16' } },
  'sliding-window-subgroups': {
    spec: 'slidingWindow',
    settings: { ...small, kvHeads: 1, window: 5 },
    options: { subgroups: { smallest: 4 } },
  },
  'mta-pre-softmax': {
    spec: 'mta',
    settings: { ...small, ...only, preQueryKernel: 2, preKeyKernel: 3, preMix: 2 },
  },
  'mta-packed-two-pass': { spec: 'mtaPacked', settings: { ...small, queryKernel: 2, keyKernel: 3 } },
};

describe.each(Object.entries(committed))('%s', (name, { spec, settings, options }) => {
  test('is emitted as committed', async () => {
    const graph = optimise((await openSpec(exampleFiles.get(spec)!)).compile(spec, settings));
    const { files } = compileWgsl(graph, { ...options, version: 'golden' }).emitted;
    const folder = new URL(`${name}/`, golden);
    if (process.env['UPDATE_GOLDEN']) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const [path, text] of files) writeFileSync(new URL(path, folder), text);
    }
    expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
    for (const [path, text] of files) {
      const before = readFileSync(new URL(path, folder), 'utf8');
      expect(
        text,
        `golden/${name}/${path} has changed. If that is meant, UPDATE_GOLDEN=1 npx vitest run test/targets/wgsl/emitted, and read the difference.`,
      ).toBe(before);
    }
  });
});
