// The names of the recipes, in the order in which they are tried; what each of them is stands in its own file.
// At equal estimates the first that serves is taken.

/** Those that may be asked for, all of forward kernels. */
export const scheduleKinds = ['online', 'two-pass', 'slab', 'decode', 'materialised'] as const;

/** Gradients have schedules of their own, and so have forward kernels of many outputs where no other one fits. */
export type ScheduleKind =
  | (typeof scheduleKinds)[number]
  | 'gradient'
  | 'gradient-bands'
  | 'gradient-materialised'
  | 'outputs-apart';
