// A graph as kernels run it: what stops gradients is left out, as nothing is differentiated behind a schedule. Kernels in
// other languages than PyTorch have nothing to say it with.

import { type Graph, rewrite, rewriteExpressions } from '../../../src/ir/index.js';

/** The graph without what only matters to gradients. */
export const withoutGradientStops = (graph: Graph): Graph =>
  rewrite(graph, (node) =>
    rewriteExpressions(node, (part) =>
      part.kind === 'apply' && part.operation === 'stopGradient' ? part.operands[0]! : part,
    ),
  );
