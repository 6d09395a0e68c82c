// Graphs for the variants of a record that never ran: Multi-Token Attention, small, without any of its parts, with a convolution
// and with all of them, as `heddle compile --target graph` prints it.
import { readFileSync } from 'node:fs';
import type { NamedGraph } from '../../report/index.js';
import { type Graph, parse } from '../../src/ir/index.js';
import type { StudyRecord } from '../../studies/record/study.js';

const textOf = (name: string): string =>
  readFileSync(new URL(`../report/fixtures/${name}.graph`, import.meta.url), 'utf8');
const read = (name: string): Graph => parse(textOf(name));

/** As `graphsFor`, but each with all parts and numbers of its own, which are drawn by the names of parameters. */
export function differentGraphsFor({ variants }: StudyRecord): readonly NamedGraph[] {
  return variants
    .filter(({ graph }) => graph !== undefined)
    .map(({ name }, n) => ({ name, graph: parse(textOf('mta').replace(/\b(theta|mix)_/g, `$1_${n}_`)) }));
}

/** A graph for each variant that has compiled, the three by turns. */
export function graphsFor({ variants }: StudyRecord): readonly NamedGraph[] {
  const graphs = ['plain', 'convolved', 'mta'].map(read);
  return variants
    .filter(({ graph }) => graph !== undefined)
    .map(({ name }, n) => ({ name, graph: graphs[n % graphs.length]! }));
}
