// The passes that CUDA's programs go through: those of all tile programs, and tensors of 16 bits, which tensor cores multiply. A
// ring of a stencil that can be products is kept in them too.
import { narrow as narrowPass, type TilePass, tilePasses } from '../../codegen/tile/passes/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { spaceOf } from '../shared/layout/space.js';
import { type StorageDtype, storageDtype } from './buffers.js';
import { isGramOfProducts } from './layout/grams.js';
import { isToeplitz } from './layout/toeplitz.js';

/** It leaves a program of 32 bits as it is. */
const narrowTo = (dtype: StorageDtype): TilePass =>
  narrowPass({
    dtype,
    storage: (buffer) => storageDtype(buffer, dtype),
    takesNarrow(operation, ring, kernel) {
      const space = spaceOf(kernel);
      if (operation.op === 'gram') return isGramOfProducts(operation, ring, space);
      return operation.op === 'stencil' && isToeplitz(operation, space) && ring.axis === space.columns;
    },
  });

/** All passes, in the order in which they run. */
export const cudaPasses = (dtype: StorageDtype): readonly TilePass[] => [...tilePasses, narrowTo(dtype)];

const narrowed = new WeakMap<TileProgram, Map<StorageDtype, TileProgram>>();

/** The program with what it stores in `dtype`, made once for all devices. */
export function narrow(program: TileProgram, dtype: StorageDtype): TileProgram {
  const known = narrowed.get(program) ?? new Map<StorageDtype, TileProgram>();
  narrowed.set(program, known);
  const found = known.get(dtype) ?? narrowTo(dtype).run(program);
  known.set(dtype, found);
  return found;
}
