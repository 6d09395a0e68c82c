// What a recipe is: how it cuts a graph into passes and makes kernels of them, and what `explain` says of it.
// What most recipes do with their passes is here, too.

import type { Graph } from '../../../src/ir/index.js';
import type { Launch, TileProgram } from '../../tile/program.js';
import { kernelsOf } from '../kernel/kernel.js';
import type { ProgramBuffers } from '../partition/buffers.js';
import type { KernelPart } from '../partition/passes.js';
import { rowSpace, rowsFrom, type Shares, sharesAlways, type TileSizes } from '../plan/space.js';

/** A stage of a program that is to be scheduled. */
export interface StageContext {
  readonly graph: Graph;
  readonly sizes: TileSizes;
  /** The buffers of the program that the stage is a part of. */
  readonly buffers: ProgramBuffers;
  /** Rows above the rows of the outputs that later stages read. */
  readonly above: number;
}

export interface Recipe {
  /** Taken on request alone: what depends on calls, and what keeps whole matrices in memory, is nobody's to take silently. */
  readonly onRequest?: true;
  /** Set where matrices of scores are kept whole in workspace. */
  readonly keepsMatrices?: true;
  /** Set where kernels have different owners, which each have tiles of their own. */
  readonly hasOwners?: true;
  /** Set where each owner takes the first tiles that fit: kernels are many, and what memory moves decides their time. */
  readonly takesFirst?: true;
  /** Set where calls have few rows: the most of a block, where a target does not say what it likes. */
  readonly mostRows?: number;
  /** The ways in which it may be tried at some tiles, best first, where there are several. */
  readonly variantsOf?: (graph: Graph, sizes: TileSizes) => readonly TileSizes[];
  /** The kernels of a stage. @throws Unschedulable with the reason why the recipe does not serve it. */
  readonly launches: (part: StageContext) => readonly Launch[];
  /** What it is called where it is not taken: ‹name› ‹is›, as …; ‹name› ‹does› not fit. */
  readonly words: { readonly name: string; readonly is: string; readonly does: string };
  /** Why it is taken, and what it does, with the numbers of its program. */
  readonly reason: (graph: Graph, program: TileProgram) => string;
}

/** The words of a recipe that has no better ones. */
export const plainWords = (name: string): Recipe['words'] => ({ name, is: 'does not serve', does: 'does' });

/** A kernel for each pass, over the rows that later ones read. @param shares into how many its sweep is split */
export const launched = (
  passes: readonly KernelPart[],
  { sizes, buffers, above }: StageContext,
  shares: (pass: KernelPart) => Shares = () => sharesAlways(1),
): readonly Launch[] =>
  passes
    .flatMap((pass) => {
      const rows = rowsFrom(above - pass.rows.low);
      return kernelsOf(pass.graph, rowSpace(sizes, rows, shares(pass)), buffers);
    })
    .map((kernel) => ({ launch: 'kernel', kernel }));
