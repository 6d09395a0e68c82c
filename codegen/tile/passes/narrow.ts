// Narrow: tensors are stored in few bits, and what meets one in a product is rounded by a cast, as is what enters a ring that
// is kept in them. The program says where it rounds; which tensors and rings these are, a target says.

import type { Reading } from '../operations/definition.js';
import { definitionOf, replaced, type TileOperation, valuesOf } from '../operations.js';
import type { Block, Kernel, LetStatement, Statement, TileProgram } from '../program.js';
import { ringFamilies } from '../ring-families.js';
import type { Buffer, Ring, Tile, TileDtype, Value, View } from '../types.js';
import { innerBlocks, isRing, operationsIn } from '../walk.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';
import { roundStored } from './round-stored.js';

export interface Narrowing {
  /** What sequences are stored in; nothing changes where that is f32. */
  readonly dtype: 'f32' | 'f16' | 'bf16';
  /** What a buffer is stored in: its own dtype, or the narrow one. */
  readonly storage: (buffer: Buffer) => TileDtype;
  /** Whether an operation that reads a ring takes it in few bits; a ring all of whose readers do is kept in them. */
  readonly takesNarrow: (operation: TileOperation, ring: Ring, kernel: Kernel) => boolean;
}

export const narrow = (narrowing: Narrowing): TilePass => ({
  name: 'narrow',
  run(program): TileProgram {
    if (narrowing.dtype === 'f32') return program;
    const changed = program.buffers.map((buffer): readonly [Buffer, Buffer] => [
      buffer,
      storedAs(buffer, narrowing.storage(buffer)),
    ]);
    const buffers = new Map(changed);
    const next = eachKernel(program, (kernel) => narrowKernel(kernel, buffers, narrowing));
    const areSame = changed.every(([before, after]) => before === after);
    return areSame ? next : { ...next, buffers: [...buffers.values()] };
  },
});

const storedBuffers = new WeakMap<Buffer, Map<TileDtype, Buffer>>();

/** The buffer in a dtype: one object, as programs of one graph have their inputs and outputs in common. */
function storedAs(buffer: Buffer, dtype: TileDtype): Buffer {
  if (dtype === buffer.dtype) return buffer;
  const known = storedBuffers.get(buffer) ?? new Map<TileDtype, Buffer>();
  storedBuffers.set(buffer, known);
  const found = known.get(dtype) ?? { ...buffer, dtype };
  known.set(dtype, found);
  return found;
}

function narrowKernel(kernel: Kernel, buffers: ReadonlyMap<Buffer, Buffer>, narrowing: Narrowing): Kernel {
  const rings = narrowRings(kernel, narrowing);
  const rounded = rewriteKernel(kernel, {
    buffer: (buffer) => buffers.get(buffer) ?? buffer,
    value: <Kind extends Value>(value: Kind) => (isRing(value) ? (rings.get(value) ?? value) : value) as Kind,
    assignment: roundOperands,
  });
  return withSharedCasts(roundStored(rounded));
}

/** What several operations of a block round alike is rounded once. */
function withSharedCasts(kernel: Kernel): Kernel {
  const same = new Map<Value, Value>();
  const visit = ({ statements }: Block): void => {
    const known = new Map<Tile, Tile[]>();
    for (const statement of statements) {
      for (const inner of innerBlocks(statement)) visit(inner);
      if (statement.statement !== 'let' || statement.operation.op !== 'cast') continue;
      const { operation, value } = statement;
      const others = known.get(operation.tile) ?? [];
      const first = others.find(({ dtype }) => dtype === (value as Tile).dtype);
      if (first) same.set(value, first);
      else known.set(operation.tile, [...others, value as Tile]);
    }
  };
  visit(kernel.body);
  if (same.size === 0) return kernel;
  return rewriteKernel(kernel, {
    keeps: (value) => !same.has(value),
    value: <Kind extends Value>(value: Kind) => (same.get(value) ?? value) as Kind,
  });
}

/** What is read in few bits by all that read it is rounded once, as it enters. */
function narrowRings(kernel: Kernel, { dtype, takesNarrow }: Narrowing): ReadonlyMap<Ring, Ring> {
  const { body } = kernel;
  const families = ringFamilies(body);
  const narrow = new Set<ReadonlySet<Ring>>();
  const whole = new Set<ReadonlySet<Ring>>();
  for (const operation of operationsIn(body)) {
    if (definitionOf(operation).gives === 'ring') continue;
    for (const ring of valuesOf(operation).filter(isRing)) {
      (takesNarrow(operation, ring, kernel) ? narrow : whole).add(families.get(ring)!);
    }
  }
  const kept = [...families].filter(([, family]) => narrow.has(family) && !whole.has(family));
  return new Map(kept.map(([ring]) => [ring, { ...ring, dtype }]));
}

const isNarrow = (dtype: TileDtype): boolean => dtype === 'f16' || dtype === 'bf16';
const dtypeOf = (side: Value | View): TileDtype => (side.kind === 'view' ? side.buffer.dtype : side.dtype);

/** A tile that meets what is stored in few bits is rounded to that; what is loaded from it is f32 again for all others. */
function roundOperands(statement: LetStatement): readonly Statement[] {
  const { operation } = statement;
  if (operation.op === 'load' && isNarrow(operation.buffer.dtype) && statement.value.kind === 'tile') {
    const tile: Tile = { ...statement.value, dtype: operation.buffer.dtype };
    return [
      { ...statement, value: tile },
      { ...statement, operation: { op: 'cast', tile } },
    ];
  }
  const casts = new Map<Value, LetStatement>();
  for (const { tile, other } of definitionOf(operation).meets?.(operation) ?? []) {
    const dtype = dtypeOf(other);
    if (!isNarrow(dtype) || tile.dtype === dtype) continue;
    const value: Tile = { ...tile, dtype };
    casts.set(tile, { statement: 'let', value, operation: { op: 'cast', tile } });
  }
  if (casts.size === 0) return [statement];
  const rounded = replaced(operation, {
    value: <Kind extends Value>(value: Kind, reading?: Reading) =>
      (reading === 'box' ? (casts.get(value)?.value ?? value) : value) as Kind,
  });
  return [...casts.values(), { ...statement, operation: rounded }];
}
