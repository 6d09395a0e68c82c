// Tile programs as text for people: a kernel with its grid, loops with what they carry, one line an operation, and boxes
// where they are new. Made for `heddle explain` and for messages; nothing reads it back.
import {
  type Block,
  caseBlocks,
  type ForStatement,
  type GridAxis,
  type Kernel,
  type Launch,
  type Statement,
  type SwitchStatement,
  type TileProgram,
} from './program.js';
import { printAxis, printBuffer, printElement, printPlace, printScalar, printType } from './text/boxes.js';
import { nameValues, type ValueNames } from './text/names.js';
import { printOperation } from './text/operation.js';
import type { Value } from './types.js';

export { nameValues, type ValueNames } from './text/names.js';

/** A line must not be longer than this where it can be broken. */
const LINE_WIDTH = 120;

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

/** The text of a whole program: its buffers, and its kernels in the order in which they are launched. */
export function printProgram(program: TileProgram): string {
  const header = [`program ${program.name}`, ...indented(program.buffers.map(printBuffer))];
  return [header, ...program.launches.map(printLaunch)].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function printLaunch(launch: Launch): readonly string[] {
  if (launch.launch === 'kernel') return printKernel(launch.kernel);
  const kernels = launch.kernels.flatMap((kernel, n) => [...(n > 0 ? [''] : []), ...printKernel(kernel)]);
  const { variable, from, to, step } = launch.axis;
  const range = `${variable} from ${printScalar(from)} to ${printScalar(to)} by ${step.variable}`;
  return [`repeat ${range} = ${printScalar(step.value)}`, ...kernels.map((line) => (line === '' ? line : `  ${line}`))];
}

/** `I from Tk - R to Tk by 8`; `h < 4` where it counts from 0 by 1. */
function printRange({ variable, from, to, step }: GridAxis): string {
  const [start, end] = [printScalar(from), printScalar(to)];
  return start === '0' && step === 1 ? `${variable} < ${end}` : `${variable} from ${start} to ${end} by ${step}`;
}

export function printKernel(kernel: Kernel): readonly string[] {
  const names = nameValues(kernel);
  return [
    `kernel ${kernel.name}(${kernel.grid.map(printRange).join(', ')})`,
    ...indented(printBlock(kernel.body, names)),
  ];
}

function printBlock(block: Block, names: ValueNames): readonly string[] {
  const lines = block.statements.flatMap((statement) => printStatement(statement, names));
  return block.yields.length === 0 ? lines : [...lines, `yield ${list(block.yields, names)}`];
}

const nameIn = (names: ValueNames, value: Value): string => names.get(value) ?? '?';
const list = (values: readonly Value[], names: ValueNames): string =>
  values.map((value) => nameIn(names, value)).join(', ');

/** The lines of one statement. `names` are those of its kernel. */
export function printStatement(statement: Statement, names: ValueNames): readonly string[] {
  switch (statement.statement) {
    case 'let':
      return [`${nameIn(names, statement.value)} = ${printOperation(statement.operation, statement.value, names)}`];
    case 'store':
      return [`store ${nameIn(names, statement.tile)} to ${printPlace(statement.buffer, statement.place)}`];
    case 'for':
      return printFor(statement, names);
    case 'switch':
      return printSwitch(statement, names);
  }
}

function printFor({ carried, body, ...range }: ForStatement, names: ValueNames): readonly string[] {
  const after = list(
    carried.map((each) => each.after),
    names,
  );
  const head = `${after === '' ? '' : `${after} = `}for ${printRange(range)}`;
  const starts = carried.map(({ initial, inside }) => {
    const [before, type] = [printType(initial), printType(inside)];
    return `${nameIn(names, inside)} = ${nameIn(names, initial)}${before === type ? '' : ` : ${type}`}`;
  });
  const block = indented(printBlock(body, names));
  if (starts.length === 0) return [head, ...block];
  const line = `${head} carrying ${starts.join(', ')}`;
  return line.length <= LINE_WIDTH
    ? [line, ...block]
    : [head, ...starts.map((each) => `    carrying ${each}`), ...block];
}

function printSwitch(statement: SwitchStatement, names: ValueNames): readonly string[] {
  const { mask, rows, columns, results } = statement;
  const given = results.length === 0 ? '' : `${list(results, names)} = `;
  const text = printElement(mask, () => undefined);
  const head = `${given}switch ${text} over [${printAxis(rows)}, ${printAxis(columns)}]`;
  const parts = [...caseBlocks(statement)].flatMap(([block, shared]) => {
    const name = shared.join(', ');
    const lines = printBlock(block, names);
    if (lines.length === 0) return [`${name}: nothing`];
    return lines.length === 1 ? [`${name}: ${lines[0]}`] : [`${name}:`, ...indented(lines)];
  });
  return [head, ...indented(parts)];
}
