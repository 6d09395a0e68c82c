// The names of the recipes, in the order in which they are tried; what each of them is stands in its own file.
// At equal estimates the first that serves is taken.

export const scheduleKinds = ['online', 'two-pass', 'slab', 'decode', 'materialised'] as const;

export type ScheduleKind = (typeof scheduleKinds)[number];
