// Rule: an element expression knows the indices of its box, the counters of its operation and the scalars in scope, and
// reads operands that exist, rings that are given, and buffers of the program by one index for each axis.
import { type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';
import {
  operandIndex,
  ringIndex,
  type TapCounter,
  type TileOperation,
  type TileOperationName,
  type TileOperationOf,
} from '../operations.js';
import { type Tile, type TileAxis, tileVariables, type Value } from '../types.js';
import type { ProgramReport, ProgramRule, Site } from './rule.js';

type ElementType = 'a number' | 'an integer' | 'a truth value';

/** An expression that an operation evaluates for each entry, with what it may know besides the scalars in scope. */
interface Element {
  readonly what: string;
  readonly expression: Expression;
  readonly type: ElementType;
  readonly axes: readonly TileAxis[];
  readonly further?: readonly string[];
  readonly operands?: number;
  readonly rings?: number;
}

const namesOf = (counters: readonly TapCounter[]): readonly string[] => counters.map(({ name }) => name);

type Elements = {
  readonly [Op in TileOperationName]: (operation: TileOperationOf<Op>, value: Tile) => readonly Element[];
};

const none = (): readonly Element[] => [];

const elements: Elements = {
  constant: none,
  load: none,
  matmul: none,
  map: ({ operands, value }, { axes }) => [
    { what: 'the value', expression: value, type: 'a number', axes, operands: operands.length },
  ],
  cast: none,
  relabel: none,
  reduce: none,
  ring: none,
  push: none,
  stencil({ counters, queryOffset, keyOffset, weight, guard }, { axes }) {
    const further = namesOf(counters);
    return [
      { what: 'the query offset', expression: queryOffset, type: 'an integer', axes: [], further },
      { what: 'the key offset', expression: keyOffset, type: 'an integer', axes: [], further },
      { what: 'the weight', expression: weight, type: 'a number', axes, further },
      ...(guard ? [{ what: 'the guard', expression: guard, type: 'a truth value', axes, further } as const] : []),
    ];
  },
  window: ({ rings, operands, value }, { axes }) => [
    { what: 'the value', expression: value, type: 'a number', axes, operands: operands.length, rings: rings.length },
  ],
  mix: ({ weight }, { axes }) => [{ what: 'the weight', expression: weight, type: 'a number', axes, further: ['n'] }],
  gram({ counters, queryOffset, keyOffset }) {
    const further = namesOf(counters);
    return [
      { what: 'the query offset', expression: queryOffset, type: 'an integer', axes: [], further },
      { what: 'the key offset', expression: keyOffset, type: 'an integer', axes: [], further },
    ];
  },
  bin: ({ tile, index }) => [{ what: 'the index', expression: index, type: 'an integer', axes: tile.axes }],
};

const elementsOf = (operation: TileOperation, value: Value): readonly Element[] =>
  (elements[operation.op] as (operation: TileOperation, value: Value) => readonly Element[])(operation, value);

export const elementsReadWhatTheyMay: ProgramRule = (report) => {
  for (const site of report.sites) {
    if (site.statement.statement !== 'let') continue;
    for (const element of elementsOf(site.statement.operation, site.statement.value)) check(element, site, report);
  }
};

const typeNames = { float: 'a float', int: 'an integer', bool: 'a truth value' } as const;
const accepted: Readonly<Record<ElementType, readonly Expression['type'][]>> = {
  'a number': ['float', 'int'],
  'an integer': ['int'],
  'a truth value': ['bool'],
};

function check(element: Element, site: Site, report: ProgramReport): void {
  const { expression, axes, further = [] } = element;
  if (!accepted[element.type].includes(expression.type)) {
    const actual = typeNames[expression.type];
    report.violation('HD8014', site, { what: element.what, expected: element.type, actual });
  }
  const bound = new Set([...axes.map(({ kind }) => tileVariables[kind]), ...further, ...site.scalars]);
  for (const variable of freeVariables(expression)) {
    if (!bound.has(variable)) report.violation('HD8012', site, { variable, bound: [...bound] });
  }
  for (const what of readFaults(expression, element, report)) report.violation('HD8013', site, { what });
}

/** What is wrong with the reads of an expression that may know so many operands and rings. */
export function readFaults(
  expression: Expression,
  { operands = 0, rings = 0 }: Pick<Element, 'operands' | 'rings'>,
  report: ProgramReport,
): readonly string[] {
  return readsOf(expression).flatMap(({ source, index: { length: rank } }) => {
    const [operand, ring] = [operandIndex(source), ringIndex(source)];
    if (operand !== undefined) return operand < operands ? [] : [`operand ${operand} of ${operands}`];
    if (ring !== undefined) return ring < rings ? [] : [`ring ${ring} of ${rings}`];
    if (source.op !== 'tensor') return [`a ${source.op} of the score graph`];
    const table = report.program.buffers.find(({ name }) => name === source.name);
    if (!table) return [`${source.name}, which is no buffer of the program`];
    if (rank === table.axes.length) return [];
    return [`${source.name} at ${rank} indices, though it has ${table.axes.length} axes`];
  });
}

/** The buffers that the element expressions of a statement read as tables. */
export function tablesOf({ statement }: Site): readonly string[] {
  const expressions =
    statement.statement === 'let'
      ? elementsOf(statement.operation, statement.value).map(({ expression }) => expression)
      : statement.statement === 'switch'
        ? [statement.mask]
        : [];
  return expressions.flatMap(readsOf).flatMap(({ source }) => {
    const isTable = operandIndex(source) === undefined && ringIndex(source) === undefined;
    return isTable && source.op === 'tensor' ? [source.name] : [];
  });
}
