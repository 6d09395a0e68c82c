// How each operation and statement of a tile program is said in WGSL: tables typed by their names, so that a missing entry
// does not compile. Operations nobody wants the result of are left out.
import { type Lowerer, lowererOf } from '../../shared/tile/lowerer.js';
import type { KernelWriter } from '../kernel-writer.js';
import { lowerBin } from './bin.js';
import { lowerFor, lowerSwitch } from './control.js';
import { elementwise } from './elementwise.js';
import { lowerGram } from './gram.js';
import { lowerLoad } from './load.js';
import { lowerMatmul } from './matmul.js';
import { lowerReduce } from './reduce.js';
import { rings } from './ring.js';
import { lowerStencil } from './stencil.js';
import { lowerStore } from './store.js';
import { lowerWindow } from './window.js';

export const lowerer: Lowerer<KernelWriter> = lowererOf({
  operations: {
    ...elementwise,
    ...rings,
    load: lowerLoad,
    matmul: lowerMatmul,
    reduce: lowerReduce,
    stencil: lowerStencil,
    window: lowerWindow,
    gram: lowerGram,
    bin: lowerBin,
  },
  for: lowerFor,
  switch: lowerSwitch,
  store: lowerStore,
});
