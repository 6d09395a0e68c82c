// The recipes by their names.

import { decode } from './decode.js';
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
};

/** Those that are tried by themselves; at equal estimates the first of them is taken. */
export const fusedKinds: readonly ScheduleKind[] = scheduleKinds.filter((kind) => !recipes[kind].onRequest);
