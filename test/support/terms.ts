// Terms of graphs that tests build by hand: variables by their letters, and arithmetic of them with whole numbers.
// Each support file and test takes those that it needs.
import { apply, type Expression, integer, variable } from '../../src/ir/index.js';

const by = (operation: Parameters<typeof apply>[0]) => (x: Expression, y: Expression | number) =>
  apply(operation, x, typeof y === 'number' ? integer(y) : y);

export const plus = by('add');
export const minus = by('subtract');
export const times = by('multiply');
export const modulo = by('remainder');
export const quotient = by('floorDivide');

export const [b, h, i, j, d, c, e] = ['b', 'h', 'i', 'j', 'd', 'c', 'e'].map(
  (letter): Expression => variable(letter),
) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression];
