// How many of a series of random cases a run of the tests takes: all of them in CI, and elsewhere as many as nobody waits for.

const IN_ALL = process.env['CI'] === 'true';

/** The number of cases to take of `count`, the first ones of the series. */
export const shareOf = (count: number): number => (IN_ALL ? count : Math.ceil(count / 3));
