// The tile programs that examples are scheduled as, as committed: of each the schedule that is taken, why, and why no other one was;
// of some the other kinds too. Settings are small, so that a program is a page and not a book.
import { describe, test } from 'vitest';
import { type Scheduled, type ScheduleKind, schedule } from '../../../codegen/schedule/index.js';
import { printProgram } from '../../../codegen/tile/print.js';
import { type Graph, print } from '../../../src/ir/index.js';
import { expectCommitted, expectOnly } from '../../support/committed.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { type ExampleCase, exampleCases } from '../../support/examples.js';

const golden = new URL('./golden/', import.meta.url);

/** Settings that make a shorter program than those of the tables of examples: each head of a mix is written out. */
const shorter: Readonly<Record<string, ExampleCase['settings']>> = {
  dcmha: { heads: 2, rank: 1 },
  mta: { heads: 2, kvHeads: 1, preMix: 2, postQueryKernel: 2, postKeyKernel: 3, postMix: 2 },
  talkingHeads: { heads: 2 },
};

/** Kinds that are asked for: plain attention, what reads scores of other rows before and behind the softmax, and of other heads. */
const asked: Readonly<Record<string, readonly ScheduleKind[]>> = {
  causal: ['two-pass', 'decode', 'materialised'],
  decode: ['two-pass', 'slab', 'decode', 'materialised'],
  diffV1: ['two-pass'],
  mtaPacked: ['slab', 'decode', 'materialised'],
  talkingHeads: ['two-pass', 'slab', 'materialised'],
};

const kindsOf = (name: string): readonly (ScheduleKind | undefined)[] => [undefined, ...(asked[name] ?? [])];
const fileOf = (name: string, kind: ScheduleKind | undefined): string => `${name}${kind ? `.${kind}` : ''}.txt`;

const graphOf = ({ name, settings }: ExampleCase): Promise<Graph> =>
  exampleGraph(name, { ...settings, ...shorter[name] });

/** A graph, how it is scheduled and why, what was not taken and why, and the program. */
function pageOf(graph: Graph, { kind, reason, tiles, refused, program }: Scheduled): string {
  const others = refused.map(({ what, why }) => `not ${what}: ${why}`);
  const taken = `${kind} at ${tiles.rows}×${tiles.columns}: ${reason}`;
  return [print(graph).trimEnd(), '', taken, ...others, '', printProgram(program)].join('\n');
}

describe.each(exampleCases)('$name', (example) => {
  for (const kind of kindsOf(example.name)) {
    test(`is scheduled as committed${kind ? `, ${kind}` : ''}`, async () => {
      const graph = await graphOf(example);
      const page = pageOf(graph, schedule(graph, { kind }));
      expectCommitted(new URL(fileOf(example.name, kind), golden), page);
    });
  }
});

test('nothing else is committed', () => {
  const files = exampleCases.flatMap(({ name }) => kindsOf(name).map((kind) => fileOf(name, kind)));
  expectOnly(golden, files);
});
