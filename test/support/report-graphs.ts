// Graphs for the variants of a record that never ran: Multi-Token Attention, small, without any of its parts, with a convolution
// and with all of them, as `heddle compile --target graph` prints it.
import { readFileSync } from 'node:fs';
import type { NamedGraph } from '../../report/index.js';
import { type Graph, parse } from '../../src/ir/index.js';
import type { StudyRecord } from '../../studies/record/study.js';

const read = (name: string): Graph =>
  parse(readFileSync(new URL(`../report/fixtures/${name}.graph`, import.meta.url), 'utf8'));

/** A graph for each variant that has compiled, the three by turns. */
export function graphsFor({ variants }: StudyRecord): readonly NamedGraph[] {
  const graphs = ['plain', 'convolved', 'mta'].map(read);
  return variants
    .filter(({ graph }) => graph !== undefined)
    .map(({ name }, n) => ({ name, graph: graphs[n % graphs.length]! }));
}
