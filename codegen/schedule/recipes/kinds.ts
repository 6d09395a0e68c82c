// The kinds of schedule. The last two are only taken when they are asked for: whether a call has few rows and many keys is
// known when it is made, and whole matrices of scores in memory are what nothing may do silently.

export const scheduleKinds = ['online', 'two-pass', 'slab', 'decode', 'materialised'] as const;

export type ScheduleKind = (typeof scheduleKinds)[number];

/** Those that are tried by themselves; at equal estimates the first of them is taken. */
export const fusedKinds: readonly ScheduleKind[] = ['online', 'two-pass', 'slab'];
