// The tile interpreter: runs a tile program block by block and proves its dataflow. What reads what nobody wrote, stores poison
// or reads a ring where it holds nothing any more is an error with its place. Barriers, races and layouts are not its affair.

import { compileExpression, type Environment, type NodeValue } from '../../../src/interpreter/evaluate.js';
import { type Expression, freeVariables, type Node } from '../../../src/ir/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { definitionOf } from '../operations.js';
import { nameValues, printStatement } from '../print.js';
import type { Block, GridAxis, Kernel, MaskClass, Statement, TileProgram } from '../program.js';
import type { Buffer, Placement, Scalar, TileAxis, Value } from '../types.js';
import {
  bufferAxis,
  forEachEntry,
  type LaunchSizes,
  PoisonError,
  type RuntimeBuffer,
  type RuntimeTile,
  type RuntimeValue,
  type Span,
  scalarAt,
  sizeOf,
  TileProgramError,
} from './memory.js';

export interface TileInterpretOptions {
  /** Take the partial case for every mask, as a target may: it must be right for every box. */
  readonly alwaysPartial?: boolean;
}

/** What poison is where NaN may be a result: numbers that no maximum, no exponential and no sum hides. */
const NUMBERS_FOR_POISON = [371_293.5, -28_561.25] as const;

/**
 * Runs `program` on inputs by name; gives its outputs, of R rows, by name. A NaN that is stored is poison or what the program
 * computes of these inputs: only the latter is the same whatever poison is.
 * @throws TileProgramError where the program reads or stores what it may not.
 */
export function interpretProgram(
  program: TileProgram,
  inputs: ReadonlyMap<string, HostTensor>,
  sizes: LaunchSizes,
  options: TileInterpretOptions = {},
): Map<string, HostTensor> {
  const runWith = (poison: number) => runProgram(new ProgramRun(program, inputs, sizes, { ...options, poison }));
  try {
    return runWith(Number.NaN);
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    const [one, other] = NUMBERS_FOR_POISON.map(runWith);
    for (const [name, { data }] of one!) {
      const again = other!.get(name)!.data;
      if (!data.every((entry, n) => Object.is(entry, again[n]))) throw error;
    }
    return one!;
  }
}

function runProgram(run: ProgramRun): Map<string, HostTensor> {
  const { program } = run;
  for (const launch of program.launches) {
    if (launch.launch === 'kernel') run.kernel(launch.kernel, new Map());
    else {
      const { step, ...axis } = launch.axis;
      const decided = new Map([[step.variable, run.scalar(step.value, new Map())]]);
      run.forEachAlong({ ...axis, step: decided.get(step.variable)! }, decided, (scope) => {
        run.allocateBands(scope);
        for (const kernel of launch.kernels) run.kernel(kernel, scope);
      });
    }
  }
  return run.outputs();
}

export type Scope = ReadonlyMap<string, number>;

interface RunOptions extends TileInterpretOptions {
  /** What lies outside of a box; NaN unless told. */
  readonly poison?: number;
}

export class ProgramRun {
  readonly sizes: LaunchSizes;
  readonly program: TileProgram;
  /** What lies outside of a box. */
  readonly poison: number;
  private readonly options: TileInterpretOptions;
  private readonly buffers = new Map<Buffer, RuntimeBuffer>();
  private readonly byName = new Map<string, RuntimeBuffer>();
  private current: Kernel | undefined;

  constructor(program: TileProgram, inputs: ReadonlyMap<string, HostTensor>, sizes: LaunchSizes, options: RunOptions) {
    this.program = program;
    this.options = options;
    this.poison = options.poison ?? Number.NaN;
    this.sizes = sizes;
    for (const buffer of program.buffers) {
      if (buffer.axes.some(({ kind }) => kind === 'band')) continue;
      this.allocate(buffer, new Map(), buffer.role === 'input' ? inputs.get(buffer.name) : undefined);
    }
  }

  private allocate(buffer: Buffer, scope: Scope, given?: HostTensor): void {
    const axes = buffer.axes.map((axis) => bufferAxis(axis, this.sizes, (origin) => this.scalar(origin, scope)));
    const extents = axes.map(({ size }) => size);
    if (buffer.role === 'input' && given?.shape.join() !== extents.join()) {
      throw new TileProgramError(`input ${buffer.name} should have shape [${extents}], not [${given?.shape}]`);
    }
    const shape = { buffer, sizes: extents, starts: axes.map(({ start }) => start) };
    const size = sizeOf(extents);
    const runtime = given
      ? { ...shape, data: given.data }
      : { ...shape, data: new Float64Array(size).fill(this.poison), written: new Uint8Array(size) };
    this.buffers.set(buffer, runtime);
    this.byName.set(buffer.name, runtime);
  }

  /** Buffers of a band are new for each band: nothing may be left over from the one before, nor from those of another repetition. */
  allocateBands(scope: Scope): void {
    for (const buffer of this.program.buffers) {
      const bands = buffer.axes.flatMap((axis) => (axis.kind === 'band' ? [axis] : []));
      const isOfThese = bands.every(({ origin }) => [...freeVariables(origin)].every((name) => scope.has(name)));
      if (bands.length > 0 && isOfThese) this.allocate(buffer, scope);
    }
  }

  outputs(): Map<string, HostTensor> {
    const outputs = [...this.buffers.values()].filter(({ buffer }) => buffer.role === 'output');
    for (const { buffer, written } of outputs) {
      if (written?.includes(0)) throw new TileProgramError(`output ${buffer.name} is not written everywhere`);
    }
    return new Map(outputs.map(({ buffer, sizes, data }) => [buffer.name, hostTensor(sizes, data)]));
  }

  bufferOf(buffer: Buffer): RuntimeBuffer {
    return this.buffers.get(buffer)!;
  }

  /** The value of a table or operand node that an element expression reads. */
  environment(cells: (node: Node) => NodeValue | undefined): Environment {
    const { batch, queries, keys } = this.sizes;
    return {
      valueOf: (node) => {
        const cell = cells(node);
        if (cell) return cell;
        const table = node.op === 'tensor' ? this.byName.get(node.name) : undefined;
        if (!table) throw new TileProgramError('an element expression reads something that is no buffer');
        return table;
      },
      lengths: { batch, query: queries, key: keys },
      inSinglePrecision: true,
    };
  }

  scalar(expression: Scalar, scope: Scope): number {
    // Nearly all scalars are made of lengths and variables alone.
    const simple = scalarAt(expression, this.sizes, (name) => scope.get(name));
    if (simple !== undefined) return simple;
    const names = [...scope.keys(), 'R'];
    const compiled = compileExpression(
      expression,
      names,
      this.environment(() => undefined),
    );
    return compiled(Float64Array.from([...scope.values(), this.sizes.rows]));
  }

  spans(axes: readonly TileAxis[], scope: Scope): readonly Span[] {
    return axes.map(({ kind, origin, size }) => ({ kind, start: this.scalar(origin, scope), size }));
  }

  // ── Control ───────────────────────────────────────────────────────────────────────────────────────

  forEachAlong({ variable, from, to, step }: GridAxis, scope: Scope, body: (scope: Scope) => void): void {
    const end = this.scalar(to, scope);
    for (let index = this.scalar(from, scope); index < end; index += step) {
      body(new Map(scope).set(variable, index));
    }
  }

  kernel(kernel: Kernel, outer: Scope): void {
    this.current = kernel;
    const run = (axis: number, scope: Scope): void => {
      const next = kernel.grid[axis];
      if (next) this.forEachAlong(next, scope, (inner) => run(axis + 1, inner));
      else this.block(kernel.body, scope, new Map());
    };
    run(0, outer);
  }

  block(block: Block, scope: Scope, values: Map<Value, RuntimeValue>): readonly RuntimeValue[] {
    for (const statement of block.statements) {
      try {
        this.statement(statement, scope, values);
      } catch (error) {
        throw this.located(error, statement, scope);
      }
    }
    return block.yields.map((value) => valueIn(values, value));
  }

  /** The error with the kernel, the statement as it prints, and the block and turn at which it came. */
  private located(error: unknown, statement: Statement, scope: Scope): unknown {
    if (!(error instanceof Error) || (error instanceof TileProgramError && error.place !== undefined)) return error;
    const kernel = this.current!;
    const text = printStatement(statement, nameValues(kernel))[0]!;
    const at = [...scope].map(([name, number]) => `${name} = ${number}`).join(', ');
    const type = error instanceof PoisonError ? PoisonError : TileProgramError;
    return new type(error.message, `kernel ${kernel.name}, \`${text}\`${at === '' ? '' : ` at ${at}`}`);
  }

  private statement(statement: Statement, scope: Scope, values: Map<Value, RuntimeValue>): void {
    switch (statement.statement) {
      case 'let': {
        const { operation, value } = statement;
        const context = { run: this, scope, at: (each: Value) => valueIn(values, each) };
        values.set(value, definitionOf(operation).interpret(operation, value, context));
        return;
      }
      case 'store':
        this.store(
          valueIn(values, statement.tile) as RuntimeTile,
          statement.buffer,
          statement.place,
          statement.tile.axes,
          scope,
        );
        return;
      case 'for': {
        let carried = statement.carried.map(({ initial }) => valueIn(values, initial));
        this.forEachAlong(statement, scope, (inner) => {
          const local = new Map(values);
          for (const [n, { inside }] of statement.carried.entries()) local.set(inside, carried[n]!);
          carried = [...this.block(statement.body, inner, local)];
        });
        for (const [n, { after }] of statement.carried.entries()) values.set(after, carried[n]!);
        return;
      }
      case 'switch': {
        const [rows, columns] = this.spans([statement.rows, statement.columns], scope) as [Span, Span];
        const taken = this.options.alwaysPartial ? 'partial' : this.maskClass(statement.mask, rows, columns, scope);
        const results = this.block(statement.cases[taken], scope, new Map(values));
        for (const [n, result] of statement.results.entries()) values.set(result, results[n]!);
        return;
      }
    }
  }

  private maskClass(mask: Expression, rows: Span, columns: Span, scope: Scope): MaskClass {
    const names = [...scope.keys(), 'R', 'i', 'j'];
    const evaluate = compileExpression(
      mask,
      names,
      this.environment(() => undefined),
    );
    const frame = Float64Array.from([...scope.values(), this.sizes.rows, 0, 0]);
    let [some, all] = [false, true];
    for (let i = rows.start; i < rows.start + rows.size; i += 1) {
      frame[frame.length - 2] = i;
      for (let j = columns.start; j < columns.start + columns.size; j += 1) {
        frame[frame.length - 1] = j;
        const visible = evaluate(frame) !== 0;
        some ||= visible;
        all &&= visible;
      }
      if (some && !all) return 'partial';
    }
    return all ? 'full' : some ? 'partial' : 'empty';
  }

  // ── Memory ────────────────────────────────────────────────────────────────────────────────────────

  /** The flat place in a buffer of each entry of a box; −1 outside of the buffer. */
  placesIn(
    buffer: Buffer,
    place: Placement,
    spans: readonly Span[],
    scope: Scope,
  ): (index: readonly number[]) => number {
    const { sizes, starts } = this.bufferOf(buffer);
    const entries = place.map((entry, axis) => ({
      at: 'along' in entry ? spans.findIndex(({ kind }) => kind === entry.along) : -1,
      fixed: 'along' in entry ? 0 : this.scalar(entry, scope),
      start: starts[axis]!,
      size: sizes[axis]!,
    }));
    return (index) => {
      let flat = 0;
      for (const { at, fixed, start, size } of entries) {
        const offset = (at < 0 ? fixed : index[at]!) - start;
        if (offset < 0 || offset >= size) return -1;
        flat = flat * size + offset;
      }
      return flat;
    };
  }

  load(buffer: Buffer, place: Placement, spans: readonly Span[], scope: Scope): RuntimeTile {
    const { data, written } = this.bufferOf(buffer);
    const placeOf = this.placesIn(buffer, place, spans, scope);
    // What a mask hides of scores is never computed: it is poison, which whoever reads it must hide as well.
    const mayBePoison = isOfScores(buffer);
    const loaded = new Float64Array(sizeOf(spans.map(({ size }) => size)));
    forEachEntry(spans, (index, flat) => {
      const from = placeOf(index);
      if (from < 0) return;
      if (written && written[from] === 0 && !mayBePoison)
        throw new TileProgramError(`${buffer.name} is read at [${index}] before it is written`);
      loaded[flat] = data[from]!;
    });
    return { spans, data: loaded };
  }

  private store(
    { spans, data }: RuntimeTile,
    buffer: Buffer,
    place: Placement,
    axes: readonly TileAxis[],
    scope: Scope,
  ): void {
    const { data: target, written } = this.bufferOf(buffer);
    const placeOf = this.placesIn(buffer, place, spans, scope);
    forEachEntry(spans, (index, flat) => {
      const isValid = axes.every(({ valid }, n) => {
        const offset = index[n]! - spans[n]!.start;
        return valid === undefined || (offset >= valid.low && offset < valid.high);
      });
      const to = isValid ? placeOf(index) : -1;
      if (to < 0) return;
      if (Number.isNaN(this.poison) && Number.isNaN(data[flat]) && !isOfScores(buffer))
        throw new PoisonError(`poison is stored to ${buffer.name} at [${index}]`);
      if (!written) throw new TileProgramError(`the input ${buffer.name} is written`);
      if (written[to] === 1) throw new TileProgramError(`${buffer.name} is written twice at [${index}]`);
      written[to] = 1;
      target[to] = data[flat]!;
    });
  }
}

/** Whether a buffer holds a matrix of scores between kernels, whole or in bands. */
const isOfScores = ({ role, axes }: Buffer): boolean =>
  role === 'workspace' && axes.filter(({ kind }) => kind === 'query' || kind === 'key' || kind === 'band').length > 1;

/** What the interpretation of an operation may ask of the run. */
export interface OperationContext {
  readonly run: ProgramRun;
  readonly scope: Scope;
  readonly at: (value: Value) => RuntimeValue;
}

function valueIn(values: ReadonlyMap<Value, RuntimeValue>, value: Value): RuntimeValue {
  const found = values.get(value);
  if (!found) throw new TileProgramError('a value is used where it is not in scope');
  return found;
}
