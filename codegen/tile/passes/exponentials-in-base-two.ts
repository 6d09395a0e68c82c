// Exponentials in base two: e^(x − m) of the scores x of a row and its reference m is 2^(x · c − r), with c the logarithm of e and r
// the row's m · c: a multiply-add and a power for each score, where a scale, a difference and another scale were.
//
// r is rounded, so that the largest score of a row gives 2^δ in place of 1, with |δ| at most half a last place of r. Whatever a row is
// divided by, or scaled to, is relative to the same r, so that δ is in all of its weights and in their sum, and leaves no trace. Where r
// is beyond 2^28 in size, δ could leave the range of numbers: there c is a power of two, so that the largest score gives 1 exactly, and
// neighbouring floats are so far apart that any other gives next to nothing. A row of −Infinity alone has the least number for r.
import { apply, type Expression, float, mapParts, mapReads, operandsIf, readsOf } from '../../../src/ir/index.js';
import { operand, operandIndex } from '../elements.js';
import type { MapOperation } from '../operations/map.js';
import type { TileOperation } from '../operations.js';
import type { Block, Kernel, LetStatement, Statement } from '../program.js';
import type { Tile, Value } from '../types.js';
import { definitionsOf, innerBlocks } from '../walk.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const exponentialsInBaseTwo: TilePass = {
  name: 'exponentials in base two',
  run: (program) => eachKernel(program, inBaseTwo),
};

/** From here on the rounding of a reference is more than exponents may be off by. */
const LARGEST_REFERENCE = 2 ** 28;
const LEAST_NUMBER = -(2 - 2 ** -23) * 2 ** 127;

/** The rows' factor and reference, made of a tile of m / `scale`. */
interface Reference {
  readonly rows: Tile;
  readonly scale: number;
  readonly factor: Tile;
  readonly reference: Tile;
}

/** An exponential e^(scale · x − scale · m): x as an expression, m as an operand. */
interface Exponential {
  readonly x: Expression;
  readonly rows: Tile;
  readonly scale: number;
}

interface Changes {
  /** What stands in the place of assignments, by the tiles that they assign. */
  readonly assigned: Map<Value, readonly Statement[]>;
  /** What stands behind the definition of a tile. */
  readonly behind: Map<Value, readonly Statement[]>;
}

function inBaseTwo(kernel: Kernel): Kernel {
  const changes: Changes = { assigned: new Map(), behind: new Map() };
  const references = new References(changes.behind);
  new Visit(references, changes.assigned).block(kernel.body);
  if (changes.assigned.size === 0) return kernel;
  return rewriteKernel(kernel, {
    assignment: (statement) => changes.assigned.get(statement.value) ?? [statement],
    behind: (statement) => definitionsOf(statement).flatMap((value) => changes.behind.get(value) ?? []),
  });
}

// ── Factors and references of rows ──────────────────────────────────────────────────────────────────

const multiple = (part: Expression, factor: number): Expression =>
  factor === 1 ? part : apply('multiply', part, float(factor));

/** The power of two below the factor, and none above 1: no score times it overflows. */
const coarse = (factor: number): number => Math.min(1, 2 ** Math.floor(Math.log2(factor)));

/** A number where references are exact enough, and another one beyond. */
function byReference(scale: number, exact: (reference: Expression) => Expression, beyond: Expression): Expression {
  const reference = multiple(operand(0), scale * Math.LOG2E);
  const isExact = apply('less', apply('absolute', reference), float(LARGEST_REFERENCE));
  return apply('select', isExact, exact(reference), beyond);
}

const factorOf = (scale: number): Expression =>
  byReference(scale, () => float(scale * Math.LOG2E), float(coarse(scale * Math.LOG2E)));

function referenceOf(scale: number): Expression {
  const beyond = multiple(operand(0), coarse(scale * Math.LOG2E));
  return byReference(scale, (reference) => reference, apply('maximum', beyond, float(LEAST_NUMBER)));
}

const madeOf = (rows: Tile, value: Expression, label: string): LetStatement => ({
  statement: 'let',
  value: { ...rows, label },
  operation: { op: 'map', operands: [rows], value },
});

/** The references of a kernel, each made behind what it is made of. */
class References {
  private readonly known: Reference[] = [];
  private readonly behind: Map<Value, readonly Statement[]>;

  constructor(behind: Map<Value, readonly Statement[]>) {
    this.behind = behind;
  }

  find({ rows, scale }: Pick<Exponential, 'rows' | 'scale'>): Reference | undefined {
    return this.known.find((each) => each.rows === rows && each.scale === scale);
  }

  of(exponential: Exponential): Reference {
    const found = this.find(exponential);
    if (found) return found;
    const { rows, scale } = exponential;
    const [factor, reference] = [
      madeOf(rows, factorOf(scale), 'factor'),
      madeOf(rows, referenceOf(scale), 'reference'),
    ];
    this.behind.set(rows, [...(this.behind.get(rows) ?? []), factor, reference]);
    const made = { rows, scale, factor: factor.value as Tile, reference: reference.value as Tile };
    this.known.push(made);
    return made;
  }
}

// ── Exponentials ────────────────────────────────────────────────────────────────────────────────────

/** An operand as it stands, or times a positive number. */
function scaledPart(part: Expression): { readonly part: Expression; readonly scale: number } {
  const [x, factor] = operandsIf(part, 'multiply') ?? [];
  return factor?.kind === 'constant' && Number(factor.value) > 0
    ? { part: x!, scale: Number(factor.value) }
    : { part, scale: 1 };
}

const operandIn = (operands: readonly Tile[], part: Expression): Tile | undefined =>
  part.kind === 'read' ? operands[operandIndex(part.source) ?? -1] : undefined;

/** What an exponential is of, as far as its reference is a row's. */
function exponentialIn(part: Expression, operands: readonly Tile[]): Exponential | undefined {
  const sides = operandsIf(part, 'exponentialDifference');
  if (!sides) return undefined;
  const [x, m] = sides.map(scaledPart) as [ReturnType<typeof scaledPart>, ReturnType<typeof scaledPart>];
  const rows = operandIn(operands, m.part);
  if (rows?.axes.length !== 1 || rows.dtype !== 'f32') return undefined;
  if (m.scale === 1) return { x: sides[0]!, rows, scale: 1 };
  return x.scale === m.scale ? { x: x.part, rows, scale: m.scale } : undefined;
}

/** A power of two that has been made, of a tile as it stands. */
interface Power extends Pick<Exponential, 'rows' | 'scale'> {
  readonly tile: Tile;
  readonly power: Tile;
}

class Visit {
  private readonly references: References;
  private readonly assigned: Map<Value, readonly Statement[]>;
  /** Tiles with a statement behind which something can be made of them. */
  private readonly defined = new Set<Value>();

  constructor(references: References, assigned: Map<Value, readonly Statement[]>) {
    this.references = references;
    this.assigned = assigned;
  }

  block({ statements }: Block): void {
    const powers: Power[] = [];
    for (const statement of statements) {
      for (const value of definitionsOf(statement)) this.defined.add(value);
      if (statement.statement === 'let') this.exponentials(statement, powers);
      for (const inner of innerBlocks(statement)) this.block(inner);
    }
    // What scales a running sum stands before the exponentials which tell what it is relative to.
    for (const statement of statements) if (statement.statement === 'let') this.decay(statement);
  }

  /** Exponentials of tiles, all of them: sums that other kernels have stored are relative to the same rounded references. */
  private exponentials({ value, operation }: LetStatement, powers: Power[]): void {
    if (operation.op !== 'map' || value.kind !== 'tile' || value.axes.length < 2 || value.dtype !== 'f32') return;
    const operands = [...operation.operands];
    const before: Statement[] = [];
    const found = (part: Expression): Exponential | undefined => {
      const exponential = exponentialIn(part, operation.operands);
      return exponential && this.defined.has(exponential.rows) ? exponential : undefined;
    };
    const powerOf = (exponential: Exponential, power: Tile): Tile => {
      const { x, rows, scale } = exponential;
      const own = operandIn(operation.operands, x);
      const known = powers.find((each) => each.tile === own && each.rows === rows && each.scale === scale);
      if (known) return known.power;
      const { factor, reference } = this.references.of(exponential);
      const tile = own?.dtype === 'f32' ? own : { ...value, label: 'x' };
      if (tile !== own) before.push(assignment(tile, mapOf(operation.operands, x)));
      before.push(assignment(power, { op: 'powerOfTwo', tile, reference, factor }));
      powers.push({ tile, rows, scale, power });
      return power;
    };
    const whole = found(operation.value);
    if (whole) {
      const power = powerOf(whole, value);
      this.assigned.set(value, power === value ? before : [assignment(value, mapOf([power], operand(0)))]);
      return;
    }
    const rest = rewritten(operation.value, (part) => {
      const exponential = found(part);
      return exponential && operand(operands.push(powerOf(exponential, { ...value, label: 'p' })) - 1);
    });
    if (rest !== operation.value) this.assigned.set(value, [...before, assignment(value, mapOf(operands, rest))]);
  }

  /** What sums of powers are scaled by to be relative to another maximum is the quotient of the powers of both references. */
  private decay({ value, operation }: LetStatement): void {
    if (operation.op !== 'map' || value.kind !== 'tile' || value.axes.length !== 1 || value.dtype !== 'f32') return;
    const exponential = exponentialIn(operation.value, operation.operands);
    const rows = exponential && operandIn(operation.operands, exponential.x);
    if (rows?.axes.length !== 1 || rows.dtype !== 'f32') return;
    const { scale } = exponential!;
    const before = madeOf(rows, referenceOf(scale), 'before');
    const known = this.references.find(exponential!)?.reference;
    const now = known ? [] : [madeOf(exponential!.rows, referenceOf(scale), 'reference')];
    const reference = known ?? (now[0]!.value as Tile);
    const power = { op: 'powerOfTwo', tile: before.value as Tile, reference } as const;
    this.assigned.set(value, [before, ...now, assignment(value, power)]);
  }
}

const assignment = (value: Tile, operation: TileOperation): LetStatement => ({ statement: 'let', value, operation });

/** A map of those operands that its value reads. */
function mapOf(operands: readonly Tile[], value: Expression): MapOperation {
  const read = operands.filter((_, n) => readsOf(value).some(({ source }) => operandIndex(source) === n));
  const renumbered = mapReads(value, (each) => {
    const tile = operandIn(operands, each);
    return tile ? operand(read.indexOf(tile)) : each;
  });
  return { op: 'map', operands: read, value: renumbered };
}

/** The expression with parts in the place of which something else stands; undefined where a part stays. */
function rewritten(root: Expression, change: (part: Expression) => Expression | undefined): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (part: Expression): Expression => {
    const result = done.get(part) ?? change(part) ?? mapParts(part, visit);
    done.set(part, result);
    return result;
  };
  return visit(root);
}
