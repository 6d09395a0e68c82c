// How each operation and statement of a tile program is said in CUDA: tables typed by their names, so that a missing entry
// does not compile. Operations nobody wants the result of are left out.
import { type Lowerer, lowererOf } from '../../shared/tile/lowerer.js';
import type { KernelWriter } from '../kernel-writer.js';
import { lowerBin } from './bin.js';
import { divide, lowerFor, lowerSwitch } from './control.js';
import { elementwise } from './elementwise.js';
import { lowerGram } from './gram.js';
import { lowerLoad } from './load.js';
import { lowerMatmul } from './matmul.js';
import { writeWithin } from './pipeline.js';
import { lowerReduce } from './reduce.js';
import { rings } from './ring.js';
import { lowerStencil } from './stencil.js';
import { lowerStore } from './store.js';
import { lowerWindow } from './window.js';

export const lowerer: Lowerer<KernelWriter> = lowererOf({
  operations: {
    ...elementwise,
    ...rings,
    // Sums into tables.
    ...{ gram: lowerGram, bin: lowerBin },
    load: lowerLoad,
    matmul: lowerMatmul,
    reduce: lowerReduce,
    stencil: lowerStencil,
    window: lowerWindow,
  },
  around: writeWithin,
  bracket: divide,
  before: (writer, statement) => writer.explain(statement),
  store: (writer, statement) => {
    writer.explain(statement);
    lowerStore(writer, statement);
  },
  for: lowerFor,
  switch: lowerSwitch,
});
