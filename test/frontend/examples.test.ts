// Every example, lowered and interpreted, against the same file evaluated as JavaScript by the eager oracle.
// Each in its own situation, with other inputs, and with shapes that are awkward: few queries, one head, one key.
import { describe, expect, it } from 'vitest';
import { openSpec, type SpecFile } from '../../dsl/frontend/index.js';
import { print, verify } from '../../src/ir/index.js';
import { type ExampleCase, exampleCases, exampleFiles, exampleSpec } from '../support/examples.js';
import { compare } from './support/compare.js';

const opened = new Map<string, Promise<SpecFile>>();
function open(name: string): Promise<SpecFile> {
  const known = opened.get(name) ?? openSpec(exampleFiles.get(name)!);
  opened.set(name, known);
  return known;
}

const named = exampleCases.map((example) => [example.name, example] as const);

it('covers every example', () => {
  expect(exampleCases.map(({ name }) => name).sort()).toEqual([...exampleFiles.keys()].sort());
});

describe('every example agrees with the eager evaluator', () => {
  it.each(named)('%s', async (name, example) => {
    const [spec, file] = [await exampleSpec(name), await open(name)];
    compare(spec, file, example);
    compare(spec, file, example, 2);
  });
});

describe('other configurations and shapes', () => {
  const mta = (settings: ExampleCase['settings'], sizes = { batch: 2, queries: 7, keys: 7 }): ExampleCase => {
    const small = exampleCases.find(({ name }) => name === 'mta')!;
    return { ...small, settings: { ...small.settings, ...settings }, sizes };
  };
  const cases: readonly (readonly [string, ExampleCase])[] = [
    ['mta, padded left', mta({ padKey: 'left', preKeyKernel: 4, postKeyKernel: 2 })],
    ['mta, padded right', mta({ padKey: 'right', preKeyKernel: 4, postKeyKernel: 2 })],
    ['mta, before the softmax only', mta({ postQueryKernel: 0, postMix: 0, gate: 'none' })],
    ['mta, after the softmax only', mta({ preQueryKernel: 0, preMix: 0, norm: 'none' })],
    ['mta, nothing at all', mta({ preQueryKernel: 0, preMix: 0, postQueryKernel: 0, postMix: 0, gate: 'none' })],
    ['mta, scaled by depth with a full gate', mta({ depthScale: true, layer: 3, gate: 'full' })],
    ['mta, one key', mta({}, { batch: 1, queries: 1, keys: 1 })],
    ['mta, one key head', mta({ kvHeads: 1 })],
  ];
  it.each(cases)('%s', async (_, example) => {
    compare(await exampleSpec('mta'), await open('mta'), example);
  });

  const causal = (settings: ExampleCase['settings'], sizes: ExampleCase['sizes']): ExampleCase => ({
    name: 'causal',
    settings,
    sizes,
  });
  it.each([
    ['one head of one feature', causal({ heads: 1, headDim: 1 }, { batch: 1, queries: 5, keys: 5 })],
    ['one query of many keys', causal({ heads: 3, headDim: 5 }, { batch: 2, queries: 1, keys: 9 })],
  ] as const)('causal, %s', async (_, example) => {
    compare(await exampleSpec('causal'), await open('causal'), example);
  });

  it('T5 in one direction', async () => {
    const example: ExampleCase = {
      name: 't5',
      settings: { heads: 2, headDim: 4, buckets: 6, farthest: 5, bidirectional: false },
      sizes: { batch: 1, queries: 9, keys: 9 },
    };
    compare(await exampleSpec('t5'), await open('t5'), example);
  });
});

describe('every example under its defaults', () => {
  it.each(named)('%s is a well-formed graph, the same each time', async (name) => {
    const file = await open(name);
    const warnings: string[] = [];
    const graph = file.compile(undefined, {}, ({ message }) => warnings.push(message));
    expect(warnings).toEqual([]);
    verify(graph);
    expect(print(file.compile())).toBe(print(graph));
    expect(graph.name).toBe(name);
    expect(graph.formula).toBeTruthy();
    expect(graph.outputs[0]!.name).toBe('out');
  });
});
