// The passes that CUDA's programs go through: those of all tile programs, exponentials in base two, and tensors of 16 bits, which
// tensor cores multiply. A ring of a stencil that can be products is kept in them too.
import {
  exponentialsInBaseTwo,
  keepReferences,
  narrow as narrowPass,
  runTilePasses,
  type TilePass,
  tilePasses,
  unscaleScores,
} from '../../codegen/tile/passes/index.js';
import type { TileProgram } from '../../codegen/tile/program.js';
import { spaceOf } from '../shared/layout/space.js';
import { type StorageDtype, storageDtype } from './buffers.js';
import { isGramOfProducts } from './layout/grams.js';
import { isToeplitz } from './layout/toeplitz.js';

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

/** Products of 32 bits are multiply-adds, beside which exponentials are few: they stay as they are. */
const ownPasses = (dtype: StorageDtype): readonly TilePass[] =>
  dtype === 'f32' ? [] : [unscaleScores, keepReferences, exponentialsInBaseTwo, narrowTo(dtype)];

/** All passes, in the order in which they run. */
export const cudaPasses = (dtype: StorageDtype): readonly TilePass[] => [...tilePasses, ...ownPasses(dtype)];

const narrowed = new WeakMap<TileProgram, Map<StorageDtype, TileProgram>>();

/** The program with what it stores in `dtype`, made once for all devices. */
export function narrow(program: TileProgram, dtype: StorageDtype): TileProgram {
  const known = narrowed.get(program) ?? new Map<StorageDtype, TileProgram>();
  narrowed.set(program, known);
  const found = known.get(dtype) ?? runTilePasses(program, ownPasses(dtype));
  known.set(dtype, found);
  return found;
}
