// The materialised schedule, the baseline that is only taken on request: matrices of scores go through memory between
// kernels, as they do between the operations of a framework, and row statistics too. What is pointwise is fused.

import type { Graph, Node } from '../../src/ir/index.js';
import type { Launch, TileProgram } from '../tile/program.js';
import { ProgramBuffers } from './buffers.js';
import { cutBehind } from './cut.js';
import { bufferName, neededRows, passesOf, passKernel } from './passes.js';
import { assignRoles, type Roles } from './roles.js';
import { rowsFrom } from './rows.js';
import { isElsewhere, scoreReads } from './score-reads.js';
import type { TileSizes } from './tiles.js';

/** The program that keeps scores and weights whole. @throws Unschedulable where a kernel cannot be made. */
export function scheduleMaterialised(graph: Graph, sizes: TileSizes): TileProgram {
  const roles = assignRoles(graph);
  const cut = cutBehind(graph, storedNodes(roles), (node) => bufferName(node, roles));
  const buffers = new ProgramBuffers(cut.stored.map(({ buffer }) => buffer));
  const passes = passesOf(graph, cut, roles);
  const needed = neededRows(passes);
  const launches = passes.map(
    (pass): Launch => ({
      launch: 'kernel',
      kernel: passKernel(pass, sizes, buffers, rowsFrom(needed.get(pass)!.above)),
    }),
  );
  return { name: graph.name, buffers: buffers.all, launches, materialised: true };
}

/** Logits, whatever is read at another row, key or head, and the row statistics of normalisers. */
function storedNodes({ order, normalisers }: Roles): ReadonlySet<Node> {
  const stored = new Set<Node>();
  for (const { scores, logSumExp } of normalisers.values()) stored.add(scores).add(logSumExp);
  for (const node of order) {
    for (const read of scoreReads(node)) if (isElsewhere(read, node)) stored.add(read.source);
  }
  return stored;
}
