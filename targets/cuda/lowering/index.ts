// How each operation and statement of a tile program is said in CUDA: tables typed by their names, so that a missing entry
// does not compile. Operations nobody wants the result of are left out.
import type { TileOperationName, TileOperationOf } from '../../../codegen/tile/operations.js';
import type { Block, Statement } from '../../../codegen/tile/program.js';
import type { Ring, Tile, Value } from '../../../codegen/tile/types.js';
import type { KernelWriter } from '../kernel-writer.js';
import { lowerBin } from './bin.js';
import { lowerFor, lowerSwitch } from './control.js';
import { lowerCast, lowerConstant, lowerMap, lowerMix, lowerRelabel } from './elementwise.js';
import { lowerGram } from './gram.js';
import { lowerLoad } from './load.js';
import { lowerMatmul } from './matmul.js';
import { settleAccumulators } from './multiply-warpgroups.js';
import { lowerReduce } from './reduce.js';
import { lowerPush, lowerRing } from './ring.js';
import { lowerStencil } from './stencil.js';
import { lowerStore } from './store.js';
import { lowerWindow } from './window.js';

type Lowering<Op extends TileOperationName> = (
  writer: KernelWriter,
  operation: TileOperationOf<Op>,
  value: Op extends 'ring' | 'push' ? Ring : Tile,
  position: number,
) => void;

const operations: { readonly [Op in TileOperationName]: Lowering<Op> } = {
  constant: lowerConstant,
  load: lowerLoad,
  matmul: lowerMatmul,
  map: lowerMap,
  cast: lowerCast,
  relabel: lowerRelabel,
  reduce: lowerReduce,
  ring: lowerRing,
  push: lowerPush,
  stencil: lowerStencil,
  window: lowerWindow,
  mix: lowerMix,
  gram: lowerGram,
  bin: lowerBin,
};

type Lower = (writer: KernelWriter, operation: unknown, value: Value, position: number) => void;

const statements: {
  readonly [Name in Statement['statement']]: (
    writer: KernelWriter,
    statement: Extract<Statement, { statement: Name }>,
  ) => void;
} = {
  let: (writer, statement) => {
    if (!writer.plan.analysis.isLive(statement.value)) return;
    const { operation, value } = statement;
    writer.explain(statement);
    if (writer.underWay) settleAccumulators(writer, operation, value);
    (operations[operation.op] as Lower)(writer, operation, value, writer.plan.positionOf(statement));
  },
  for: lowerFor,
  switch: lowerSwitch,
  store: (writer, statement) => {
    writer.explain(statement);
    lowerStore(writer, statement);
  },
};

export function lowerBlock(writer: KernelWriter, block: Block): void {
  for (const statement of block.statements) lowerStatement(writer, statement);
}

export function lowerStatement(writer: KernelWriter, statement: Statement): void {
  (statements[statement.statement] as (writer: KernelWriter, statement: Statement) => void)(writer, statement);
}
