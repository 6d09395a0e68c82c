// Graphs for the variants of a record that never ran: Multi-Token Attention, small, with and without some of its parts.
// Each is compiled once a process.
import { loadSpecs } from '../../driver/specs.js';
import type { NamedGraph } from '../../report/index.js';
import type { Graph } from '../../src/ir/index.js';
import type { StudyRecord } from '../../studies/record/study.js';

const small = { heads: 4, headDim: 16, preQueryKernel: 3, preKeyKernel: 5 };
const plain = { preMix: 0, postMix: 0, postQueryKernel: 0, postKeyKernel: 0, norm: 'none', gate: 'none' };
const forms = [
  { ...small, ...plain, preQueryKernel: 0, preKeyKernel: 0 },
  { ...small, ...plain },
  { ...small, preMix: 4, postMix: 4, postQueryKernel: 2, postKeyKernel: 3 },
];

let compiled: Promise<readonly Graph[]> | undefined;

async function compile(): Promise<readonly Graph[]> {
  const graphs: Graph[] = [];
  for (const form of forms) {
    const set = new Map(Object.entries(form).map(([name, value]) => [name, String(value)]));
    const [spec] = await loadSpecs('examples/mta.ts', { export: undefined, set });
    graphs.push(spec!.graph);
  }
  return graphs;
}

/** A graph for each variant that has compiled. */
export async function graphsFor({ variants }: StudyRecord): Promise<readonly NamedGraph[]> {
  compiled ??= compile();
  const graphs = await compiled;
  return variants
    .filter(({ graph }) => graph !== undefined)
    .map(({ name }, n) => ({ name, graph: graphs[n % graphs.length]! }));
}
