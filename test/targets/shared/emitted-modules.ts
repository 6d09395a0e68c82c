// What is asked of every target that emits modules from score graphs: the committed bytes, the same ones for a graph that is made
// again, and a manifest that fits the schema of all targets.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openSpec } from '../../../dsl/frontend/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { expectCommittedFolder } from '../../support/committed.js';
import { exampleFiles } from '../../support/examples.js';
import { problemsOf, type Schema } from '../json-schema.js';

export const manifestSchema = JSON.parse(
  readFileSync(new URL('../../../targets/manifest.schema.json', import.meta.url), 'utf8'),
) as Schema;

const specs = {
  causal: { heads: 4, headDim: 32 },
  mta: { heads: 4, headDim: 16, preQueryKernel: 3, preKeyKernel: 5, preMix: 2, postMix: 4 },
  mtaPacked: { heads: 2, headDim: 16, queryKernel: 3, keyKernel: 5 },
  t5: { heads: 4, headDim: 16 },
} as const;
export type EmittedSpec = keyof typeof specs;

/** The graph of one of them, made anew each time. */
export async function emittedGraph(name: EmittedSpec): Promise<Graph> {
  return optimise((await openSpec(exampleFiles.get(name)!)).compile(name, specs[name]));
}

type Emit = (graph: Graph, options: { readonly version?: string }) => { readonly files: ReadonlyMap<string, string> };

/** @param golden the folder with a folder for each spec */
export function describeEmittedModules(names: readonly EmittedSpec[], emit: Emit, golden: URL): void {
  describe.each(names)('%s', (name) => {
    test('is emitted byte for byte as committed', async () => {
      expectCommittedFolder(new URL(`${name}/`, golden), emit(await emittedGraph(name), { version: 'golden' }).files);
    });

    test('is the same for a graph that is made again, and its manifest fits the schema', async () => {
      const [one, other] = [emit(await emittedGraph(name), {}), emit(await emittedGraph(name), {})];
      expect([...one.files]).toEqual([...other.files]);
      expect(problemsOf(JSON.parse(one.files.get('manifest.json')!), manifestSchema)).toEqual([]);
    });
  });
}
