// A kernel for a table of numbers that is made of other tables alone: what stands behind sums that nobody owns. A block has a
// row of entries along the last axis.

import {
  domainVariables,
  type Expression,
  type Graph,
  integer,
  length,
  type Node,
  type NodeOf,
  staticSize,
  substitute,
  variable,
} from '../../../src/ir/index.js';
import { along, axis, kernel } from '../../tile/builder.js';
import type { GridAxis, Kernel } from '../../tile/program.js';
import type { Placement } from '../../tile/types.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import { demand } from '../reads/reason.js';
import { tileExpression } from '../reads/tile-expression.js';
import { inlined } from './scores.js';

/** @param graph its outputs are tables, of each batch entry or of all */
export function tableKernels(graph: Graph, buffers: ProgramBuffers): readonly Kernel[] {
  buffers.inputsOf(graph);
  return buffers.outputsOf(graph).map(({ node, buffer }, n) => {
    const { grid, names, place, last } = layoutOf(node);
    return kernel(n === 0 ? graph.name : `${graph.name}_${buffer.name}`, grid, (block) => {
      const { value, operands } = tileExpression(expressionOf(node), {
        head: undefined,
        replace: ({ source, index }) => ({ expression: inlined(mapOf(source), index) }),
      });
      block.store(block.map(operands, substitute(value, names), last), buffer, place);
    });
  });
}

function mapOf(node: Node): NodeOf<'map' | 'rowmap'> {
  demand(node.op === 'map' || node.op === 'rowmap', `a table is made by a ${node.op}`);
  return node;
}

const expressionOf = (node: Node): Expression => mapOf(node).value;

/** The blocks of a table, what its variables are to them, and where their entries lie. */
function layoutOf({ domain }: Node) {
  const variables = domainVariables(domain);
  const end = domain.at(-1)?.kind === 'batch' ? domain.length : domain.length - 1;
  const names = new Map<string, Expression>();
  const grid: GridAxis[] = [];
  const place: Placement[number][] = [];
  for (const [n, each] of domain.entries()) {
    const size = staticSize(each);
    demand(size !== undefined || each.kind === 'batch', 'a table has an axis whose length a call decides');
    if (n === end) {
      names.set(variables[n]!, variable('x'));
      place.push(along('extent'));
      continue;
    }
    const name = each.kind === 'batch' ? 'b' : `E${n}`;
    const to = size === undefined ? length('batch') : integer(size);
    grid.push({ variable: name, from: integer(0), to, step: 1 });
    names.set(variables[n]!, variable(name));
    place.push(variable(name));
  }
  const last = end < domain.length && end >= 0 ? [axis('extent', 0, staticSize(domain[end]!)!)] : [];
  return { grid, names, place, last };
}
