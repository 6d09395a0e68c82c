// Tables that the module computes on the host in float64: index expressions whose float32 arithmetic could land on the
// wrong side of an integer or a comparison (T5's logarithmic buckets), and costly ones of a single index (slopes).

import { fail } from '../../src/diagnostics/index.js';
import {
  type Apply,
  type Axis,
  apply,
  type Domain,
  type Expression,
  extent,
  float,
  freeVariables,
  integer,
  length,
  mapParts,
  type OperationName,
  operations,
  parts,
  read,
  substitute,
  type TensorNode,
  tensorNode,
  variable,
} from '../../src/ir/index.js';
import { sharedExpression } from '../../src/passes/index.js';
import { type BoundsOfVariables, boundsOf, counterBounds, type Linear } from './bounds.js';

/** One axis of a table: an integer from `low` to `high`, both included. */
export interface TableAxis {
  readonly variable: string;
  readonly low: Linear;
  readonly high: Linear;
}

export interface Table {
  /** Stands for the table in expressions; reads of it are in range and 0-based. */
  readonly node: TensorNode;
  readonly axes: readonly TableAxis[];
  /** The entry at the axes' variables. */
  readonly value: Expression;
}

/** Float operations that are exact in float32 on integers of up to 2^24. */
const exactOnIntegers: ReadonlySet<OperationName> = new Set<OperationName>([
  ...(['add', 'subtract', 'negate', 'absolute', 'sign', 'minimum', 'maximum', 'toFloat', 'select'] as const),
  ...(['floor', 'ceiling', 'round', 'truncate', 'remainder'] as const),
]);

const mostAxes = 3;

/** Whether an expression depends on indices, sizes and constants alone. */
const ofIndices = memoised(
  (expression: Expression): boolean =>
    expression.kind !== 'read' && expression.kind !== 'accumulate' && parts(expression).every(ofIndices),
);

/** Whether float32 gives what float64 gives, as far as integers stay below 2^24. */
const isExact = memoised((expression: Expression): boolean => {
  if (expression.kind === 'constant') return expression.type !== 'float' || Number.isInteger(expression.value);
  if (expression.kind !== 'apply') return true;
  if (!expression.operands.every(isExact)) return false;
  if (expression.type !== 'float') return true;
  const scaled = expression.operation === 'multiply' && expression.operands.some(({ kind }) => kind === 'constant');
  return scaled || exactOnIntegers.has(expression.operation);
});

/** The operations that a comparison or a conversion must have exact operands for. */
const isDecision = (expression: Expression): boolean =>
  expression.kind === 'apply' &&
  (expression.operation === 'toInteger' || operations[expression.operation].typing === 'compare');

/** Whether there is a division, a root, a power or the like, which a table saves beside making it exact. */
const hasCostlyPart = memoised((expression: Expression): boolean => {
  const isCostly = ({ operation }: Apply): boolean =>
    operations[operation].typing === 'float' && !exactOnIntegers.has(operation);
  return (expression.kind === 'apply' && isCostly(expression)) || parts(expression).some(hasCostlyPart);
});

/** Whether `expression` is looked up in a table; its parts may be when it is not. */
export function isTabulated(expression: Expression): boolean {
  if (expression.kind !== 'apply' || !ofIndices(expression)) return false;
  if (isExact(expression)) return false;
  if (isDecision(expression)) return true;
  if (expression.type === 'bool') return false;
  const single = freeVariables(expression).size <= 1 || commonPart(expression) !== undefined;
  return single && (expression.type === 'int' || hasCostlyPart(expression));
}

/** The one integer part through which `expression` depends on its variables, such as i − j. */
function commonPart(expression: Expression): Expression | undefined {
  const names = freeVariables(expression);
  const candidates = new Map<string, Expression>();
  const visit = (part: Expression): boolean => {
    // Whether some part at or below has all the variables.
    const below = parts(part).map(visit).some(Boolean);
    if (below) return true;
    if (part.type !== 'int' || !isExact(part) || freeVariables(part).size < names.size) return false;
    candidates.set(keyOf(part), part);
    return true;
  };
  visit(expression);
  if (candidates.size !== 1) return undefined;
  const [[key, part]] = candidates as unknown as [[string, Expression]];
  return freeVariables(replaced(expression, key, variable('entry'))).size === 1 ? part : undefined;
}

function replaced(root: Expression, key: string, by: Expression): Expression {
  return keyOf(root) === key ? by : mapParts(root, (part) => replaced(part, key, by));
}

/** A text that two expressions share if and only if they are built alike. Only for expressions of indices. */
const keyOf = memoised((expression: Expression): string => {
  switch (expression.kind) {
    case 'constant':
      return `${expression.type} ${expression.value}`;
    case 'variable':
      return `$${expression.name}`;
    case 'length':
      return `#${expression.of}`;
    case 'apply':
      return `(${expression.operation} ${expression.operands.map(keyOf).join(' ')})`;
    default:
      return '';
  }
});

function memoised<Result>(compute: (expression: Expression) => Result): (expression: Expression) => Result {
  const known = new WeakMap<Expression, { readonly result: Result }>();
  return (expression) => {
    const found = known.get(expression);
    if (found) return found.result;
    const result = compute(expression);
    known.set(expression, { result });
    return result;
  };
}

/** All tables of one module, each once. */
export class Tables {
  private readonly found = new Map<string, Table>();

  get list(): readonly Table[] {
    return [...this.found.values()];
  }

  of(node: TensorNode): Table | undefined {
    return this.list.find((table) => table.node === node);
  }

  /** `root` with its tabulated parts replaced by reads of tables. */
  lookUp(root: Expression, variables: BoundsOfVariables, place: string): Expression {
    const done = new Map<Expression, Expression>();
    const visit = (expression: Expression, around: BoundsOfVariables): Expression => {
      const known = done.get(expression);
      if (known) return known;
      let result: Expression;
      if (isTabulated(expression)) result = this.entry(expression, around, place);
      else if (expression.kind === 'accumulate') {
        const inside = new Map(around);
        for (const { name, extent: size } of expression.counters) inside.set(name, counterBounds(size));
        // Counters of equal names may run differently elsewhere: what is found inside stays inside.
        result = { ...expression, body: this.lookUp(expression.body, inside, place) };
      } else result = mapParts(expression, (part) => visit(part, around));
      done.set(expression, result);
      return result;
    };
    return visit(root, variables);
  }

  private entry(expression: Expression, variables: BoundsOfVariables, place: string): Expression {
    const { axes, indices, value } = tableAxes(expression, variables, place);
    const key = `${keyOf(value)} ${JSON.stringify(axes)}`;
    let table = this.found.get(key);
    if (!table) {
      const domain: Domain = axes.map((): Axis => extent(0));
      const role = expression.type === 'int' ? 'integers' : 'tensor';
      table = { node: tensorNode(`table${this.found.size + 1}`, role, domain), axes, value: sharedExpression(value) };
      this.found.set(key, table);
    }
    const entry = read(
      table.node,
      indices.map((index, axis) => fromLow(index, axes[axis]!.low)),
    );
    return expression.type === 'bool' ? apply('notEqual', entry, float(0)) : entry;
  }
}

interface TableShape {
  readonly axes: readonly TableAxis[];
  readonly indices: readonly Expression[];
  readonly value: Expression;
}

function tableAxes(expression: Expression, variables: BoundsOfVariables, place: string): TableShape {
  const common = commonPart(expression);
  const bounds = common && boundsOf(common, variables);
  if (common && bounds?.low && bounds.high) {
    const axis = { variable: 'entry', low: bounds.low, high: bounds.high };
    return { axes: [axis], indices: [common], value: replaced(expression, keyOf(common), variable('entry')) };
  }
  const names = [...freeVariables(expression)];
  const axes = names.map((name, axis) => {
    const { low, high } = variables.get(name)!;
    return { variable: names.length === 1 ? 'entry' : `entry${axis}`, low: low!, high: high! };
  });
  if (axes.length > mostAxes) fail('HD6103', { node: place, variables: names, limit: mostAxes });
  const renamed = new Map(names.map((name, axis): [string, Expression] => [name, variable(axes[axis]!.variable)]));
  return { axes, indices: names.map(variable), value: substitute(expression, renamed) };
}

/** index − low. */
function fromLow(index: Expression, low: Linear): Expression {
  let result = index;
  for (const size of ['batch', 'queries', 'keys'] as const) {
    if (low[size] === 0) continue;
    const of = size === 'batch' ? 'batch' : size === 'queries' ? 'query' : 'key';
    const term = Math.abs(low[size]) === 1 ? length(of) : apply('multiply', integer(Math.abs(low[size])), length(of));
    result = apply(low[size] > 0 ? 'subtract' : 'add', result, term);
  }
  return low.constant === 0 ? result : apply('subtract', result, integer(low.constant));
}
