// The kinds of schedule, in the order in which they are tried. The last one is only taken when it is asked for: it needs
// memory for whole matrices of scores, which nothing may do silently.

export const scheduleKinds = ['online', 'two-pass', 'slab', 'materialised'] as const;

export type ScheduleKind = (typeof scheduleKinds)[number];

/** Those that are tried by themselves, best first. */
export const fusedKinds: readonly ScheduleKind[] = ['online', 'two-pass', 'slab'];
