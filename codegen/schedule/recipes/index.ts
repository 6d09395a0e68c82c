// The recipes by their names.

import { type Graph, isGradientGraph } from '../../../src/ir/index.js';
import { decode } from './decode.js';
import { gradient, gradientBands } from './gradient.js';
import { gradientMaterialised } from './gradient-materialised.js';
import type { ScheduleKind } from './kinds.js';
import { scheduleKinds } from './kinds.js';
import { materialised } from './materialised.js';
import { online } from './online.js';
import { FEW_OUTPUTS, outputsApart } from './outputs-apart.js';
import type { Recipe } from './recipe.js';
import { slab } from './slab.js';
import { twoPass } from './two-pass.js';

export const recipes: Readonly<Record<ScheduleKind, Recipe>> = {
  online,
  'two-pass': twoPass,
  slab,
  decode,
  materialised,
  gradient,
  'gradient-bands': gradientBands,
  'gradient-materialised': gradientMaterialised,
  'outputs-apart': outputsApart,
};

/** Those of forward kernels that are tried by themselves; at equal estimates the first of them is taken. */
export const fusedKinds: readonly ScheduleKind[] = scheduleKinds.filter((kind) => !recipes[kind].onRequest);

/** Those that are tried for a graph: the next ones where none of those before them serves and fits. @param asked the one that is to be tried alone */
export function kindsFor(graph: Graph, asked: ScheduleKind | undefined): readonly (readonly ScheduleKind[])[] {
  if (asked !== undefined) return [[asked]];
  if (isGradientGraph(graph)) return [['gradient'], ['gradient-bands']];
  return graph.outputs.length > FEW_OUTPUTS ? [fusedKinds, ['outputs-apart']] : [fusedKinds];
}
