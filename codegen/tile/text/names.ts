// What the values of a kernel are called in the text of a tile program and in messages: by their label, or by their shape.
// A name that several values would have is numbered in the order of the statements, so that the text is deterministic.
import type { Block, Kernel } from '../program.js';
import { tileVariables, type Value } from '../types.js';
import { definitionsOf, innerBlocks, statementsOf, valuesInside } from '../walk.js';

export type ValueNames = ReadonlyMap<Value, string>;

/** What a value without a label is called, by the axes that it has; the names are those of attention. */
const shapeStems: Readonly<Record<string, string>> = {
  '': 'number',
  query: 'row',
  key: 'column',
  'query,key': 's',
  'key,query': 's',
  'query,feature': 'o',
  'key,feature': 'x',
  extent: 'table',
};

function stemOf(value: Value): string {
  if (value.label !== undefined) return value.label;
  if (value.kind === 'ring') return 'ring';
  return shapeStems[value.axes.map(({ kind }) => kind).join()] ?? 't';
}

/** The values of a block in the order of the text. */
const valuesIn = (block: Block): readonly Value[] =>
  block.statements.flatMap((statement) => [
    ...valuesInside(statement),
    ...innerBlocks(statement).flatMap(valuesIn),
    ...definitionsOf(statement),
  ]);

/** The names of all values of `kernel`; no two are the same, and none is that of a variable. */
export function nameValues(kernel: Kernel): ValueNames {
  const values = [...new Set(valuesIn(kernel.body))];
  const uses = new Map<string, number>();
  for (const value of values) uses.set(stemOf(value), (uses.get(stemOf(value)) ?? 0) + 1);
  const variables = variablesOf(kernel);
  const taken = new Set<string>([...variables, ...uses.keys()]);
  const counts = new Map<string, number>();
  const names = new Map<Value, string>();
  for (const value of values) {
    const stem = stemOf(value);
    if (uses.get(stem) === 1 && !variables.has(stem)) {
      names.set(value, stem);
      continue;
    }
    let count = counts.get(stem) ?? 0;
    while (taken.has(`${stem}${count}`)) count += 1;
    counts.set(stem, count + 1);
    taken.add(`${stem}${count}`);
    names.set(value, `${stem}${count}`);
  }
  return names;
}

/** The variables that a kernel's expressions may use, but for the counters of its operations. */
function variablesOf(kernel: Kernel): ReadonlySet<string> {
  const loops = statementsOf(kernel.body).flatMap((each) => (each.statement === 'for' ? [each.variable] : []));
  const grid = kernel.grid.map(({ variable }) => variable);
  return new Set([...grid, ...loops, ...Object.values(tileVariables), 'b', 'n', 'R']);
}
