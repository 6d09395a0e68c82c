// The recipes by their names.

import { type Graph, isGradientGraph } from '../../../src/ir/index.js';
import { decode } from './decode.js';
import { gradient } from './gradient.js';
import type { ScheduleKind } from './kinds.js';
import { scheduleKinds } from './kinds.js';
import { materialised } from './materialised.js';
import { online } from './online.js';
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
};

/** Those of forward kernels that are tried by themselves; at equal estimates the first of them is taken. */
export const fusedKinds: readonly ScheduleKind[] = scheduleKinds.filter((kind) => !recipes[kind].onRequest);

/** Those that are tried for a graph. @param asked the one that is to be tried alone */
export const kindsFor = (graph: Graph, asked: ScheduleKind | undefined): readonly ScheduleKind[] =>
  asked === undefined ? (isGradientGraph(graph) ? ['gradient'] : fusedKinds) : [asked];
