// Rule: an element expression knows the indices of its box, the counters of its operation and the scalars in scope, and
// reads operands that exist, rings and boxes that are given, and buffers of the program by one index for each axis.
import { type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';
import { neighbourIndex, operandIndex } from '../elements.js';
import type { ElementType } from '../operations/definition.js';
import { type Element, elementsOf } from '../operations.js';
import { tileVariables } from '../types.js';
import type { ProgramReport, ProgramRule, Site } from './rule.js';

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

/** What is wrong with the reads of an expression that may know so many operands and sources. */
export function readFaults(
  expression: Expression,
  { operands = 0, sources = 0 }: Pick<Element, 'operands' | 'sources'>,
  report: ProgramReport,
): readonly string[] {
  return readsOf(expression).flatMap(({ source, index: { length: rank } }) => {
    const [operand, beside] = [operandIndex(source), neighbourIndex(source)];
    if (operand !== undefined) return operand < operands ? [] : [`operand ${operand} of ${operands}`];
    if (beside !== undefined) return beside < sources ? [] : [`source ${beside} of ${sources}`];
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
    const isTable = operandIndex(source) === undefined && neighbourIndex(source) === undefined;
    return isTable && source.op === 'tensor' ? [source.name] : [];
  });
}
