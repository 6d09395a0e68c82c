// A tile program: kernels over a grid of blocks, what each block does, and the O(T) workspace between kernels.
// Control is uniform over a block: loops with carried values, and a switch on how much of a box a mask lets through.
import type { Expression } from '../../src/ir/index.js';
import type { TileOperation } from './operations.js';
import type { Buffer, Placement, Scalar, Tile, TileAxis, Value } from './types.js';

export interface LetStatement {
  readonly statement: 'let';
  readonly value: Value;
  readonly operation: TileOperation;
}

/** A value that goes round a loop: `initial` before it, `inside` in the body, `after` behind it. */
export interface Carried {
  readonly initial: Value;
  readonly inside: Value;
  readonly after: Value;
}

/** for (variable = from; variable < to; variable += step). The body yields the next value of each carried one. */
export interface ForStatement {
  readonly statement: 'for';
  readonly variable: string;
  readonly from: Scalar;
  readonly to: Scalar;
  readonly step: number;
  readonly carried: readonly Carried[];
  readonly body: Block;
}

/** How much of a box a mask lets through. */
export type MaskClass = 'empty' | 'full' | 'partial';

/**
 * Takes the case of the mask over the box rows × columns. A target may take `partial` for either of the others: the
 * partial case is right for every box, the other two save work. Cases that do the same are one and the same block.
 */
export interface SwitchStatement {
  readonly statement: 'switch';
  /** A predicate of i, j and the scalars in scope. */
  readonly mask: Expression;
  readonly rows: TileAxis;
  readonly columns: TileAxis;
  readonly cases: Readonly<Record<MaskClass, Block>>;
  readonly results: readonly Value[];
}

type CaseBlocks = ReadonlyMap<Block, readonly MaskClass[]>;

const blocksOfSwitch = new WeakMap<SwitchStatement['cases'], CaseBlocks>();

/** The blocks of a switch, each once, with the cases that it stands for. */
export function caseBlocks({ cases }: SwitchStatement): CaseBlocks {
  const known = blocksOfSwitch.get(cases);
  if (known) return known;
  const blocks = new Map<Block, MaskClass[]>();
  for (const name of Object.keys(cases) as MaskClass[]) {
    const block = cases[name];
    blocks.set(block, [...(blocks.get(block) ?? []), name]);
  }
  blocksOfSwitch.set(cases, blocks);
  return blocks;
}

/** Writes the valid entries of a tile, as far as they lie inside of the buffer. */
export interface StoreStatement {
  readonly statement: 'store';
  readonly tile: Tile;
  readonly buffer: Buffer;
  readonly place: Placement;
}

export type Statement = LetStatement | ForStatement | SwitchStatement | StoreStatement;

export interface Block {
  readonly statements: readonly Statement[];
  /** What the block gives to the loop or switch that it belongs to. */
  readonly yields: readonly Value[];
}

/** One axis of the grid: blocks at variable = from, from + step, … before `to`. */
export interface GridAxis {
  readonly variable: string;
  readonly from: Scalar;
  readonly to: Scalar;
  readonly step: number;
}

export interface Kernel {
  readonly name: string;
  readonly grid: readonly GridAxis[];
  readonly body: Block;
}

/** A whole number that a launcher decides once a call, from the sizes of the call. Kernels that are repeated know it by its name. */
export interface Decision {
  readonly variable: string;
  /** At least 1, whatever the sizes are. */
  readonly value: Scalar;
  /** The largest that it ever is. */
  readonly most: number;
}

/** Bands of positions: at variable = from, from + step, … before `to`. */
export interface Repetition extends Omit<GridAxis, 'step'> {
  readonly step: Decision;
}

/** Kernels launched one after the other; a repetition launches its kernels for each value of its variable. */
export type Launch =
  | { readonly launch: 'kernel'; readonly kernel: Kernel }
  | { readonly launch: 'repeat'; readonly axis: Repetition; readonly kernels: readonly Kernel[] };

export interface TileProgram {
  readonly name: string;
  /** Inputs, outputs and workspace. Workspace is O(T), or a band of O(band · Tk). */
  readonly buffers: readonly Buffer[];
  readonly launches: readonly Launch[];
  /** Set where scores are kept whole in workspace on purpose: the baseline that was asked for. */
  readonly keepsMatrices?: true;
}

/** What a launcher decides, each once. */
export const decisionsOf = ({ launches }: TileProgram): readonly Decision[] => {
  const steps = launches.flatMap((each) => (each.launch === 'repeat' ? [each.axis.step] : []));
  return steps.filter(({ variable }, n) => steps.findIndex((each) => each.variable === variable) === n);
};

/** The variables that a kernel of a repetition knows beside those of its grid. */
export const repetitionVariables = (axis: Repetition | undefined): readonly string[] =>
  axis ? [axis.variable, axis.step.variable] : [];

/** The variables that are in scope everywhere: R, the number of output rows. Lengths are expressions of their own. */
export const programVariables: readonly string[] = ['R'];
