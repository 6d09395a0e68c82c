// What `npm test` takes of long series, and what it leaves to the long tests: `npm run test:long` runs every file that imports this one
// with HEDDLE_TESTS=all, and there all of it is taken. `.ci/run` has `npm test` itself take all.

/** Whether this run takes all. */
export const TAKES_ALL = process.env['HEDDLE_TESTS'] === 'all';

/** The number of cases to take of a series of `count`, the first ones: all, or one in `of`. */
export const shareOf = (count: number, of = 3): number => (TAKES_ALL ? count : Math.ceil(count / of));

/** What only the long tests take. */
export const inLongTests = <Item>(...items: readonly Item[]): readonly Item[] => (TAKES_ALL ? items : []);
