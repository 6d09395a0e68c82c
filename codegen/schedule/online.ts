// The online schedule: one pass over the keys. Scores enter their rings as they are computed, logits trail them, and each
// tile of logits is folded into running statistics and accumulators, which the epilogue divides and finishes.

import { headCount } from '../../src/ir/footprint/heads.js';
import { type Graph, integer, length, type Node, readsOf, variable } from '../../src/ir/index.js';
import { type BlockBuilder, kernel } from '../tile/builder.js';
import type { GridAxis, Kernel, TileProgram } from '../tile/program.js';
import type { Buffer, Ring, Tile, Value } from '../tile/types.js';
import { ProgramBuffers } from './buffers.js';
import { Epilogue } from './epilogue.js';
import { type Fold, FoldBuilder, foldedKeys, foldsOf, stateSize } from './folds.js';
import { GROUP } from './heads.js';
import { type Plan, planOnline } from './plan.js';
import { CarriedRings } from './rings.js';
import { outputRows, type RowRange } from './rows.js';
import { Scope } from './scope.js';
import { scoreReads } from './score-reads.js';
import { ScoreTiles } from './scores.js';
import { KEY, ROW, type TileSizes } from './tiles.js';
import { loopOver } from './visit.js';

/** The program of the online schedule. @throws Unschedulable where one pass is not enough. */
export function scheduleOnline(graph: Graph, sizes: TileSizes): TileProgram {
  const buffers = new ProgramBuffers();
  const pass = onlineKernel(graph, sizes, { buffers, rows: outputRows });
  return { name: graph.name, buffers: buffers.all, launches: [{ launch: 'kernel', kernel: pass }] };
}

export interface OnlineOptions {
  /** The buffers of the program that the pass is a part of. */
  readonly buffers: ProgramBuffers;
  /** The rows to compute. */
  readonly rows: RowRange;
}

/** One online pass: a program of its own or a part of one. */
export function onlineKernel(graph: Graph, sizes: TileSizes, options: OnlineOptions): Kernel {
  return new Online(planOnline(graph), sizes, options).kernel();
}

class Online {
  private readonly plan: Plan;
  private readonly sizes: TileSizes;
  private readonly rows: RowRange;
  private readonly buffers: ProgramBuffers;
  private readonly tiles: ScoreTiles;
  private readonly folds: readonly Fold[];
  private readonly rings: CarriedRings;

  constructor(plan: Plan, sizes: TileSizes, { buffers, rows }: OnlineOptions) {
    this.plan = plan;
    this.sizes = sizes;
    this.rows = rows;
    this.buffers = buffers;
    this.tiles = new ScoreTiles(plan, sizes, this.buffers.inputsOf(plan.graph));
    this.folds = foldsOf(plan);
    this.rings = new CarriedRings(plan, this.tiles, sizes.columns);
  }

  kernel(): Kernel {
    const { graph, heads } = this.plan;
    const outputs = this.buffers.outputsOf(graph);
    const grid: readonly GridAxis[] = [
      { variable: 'b', from: integer(0), to: length('batch'), step: 1 },
      { variable: GROUP, from: integer(0), to: integer(heads.groups), step: 1 },
      { variable: ROW, ...this.rows, step: this.sizes.rows },
    ];
    return kernel(graph.name, grid, (block) => this.body(block, outputs));
  }

  private body(block: BlockBuilder, outputs: readonly { readonly node: Node; readonly buffer: Buffer }[]): void {
    const scope = new Scope(block);
    const folds = new FoldBuilder(this.plan, this.tiles);
    this.prepareRows(scope);
    const range = this.range();
    const initial: readonly Value[] = [
      ...this.rings.empty(block, range.from),
      ...this.folds.flatMap((fold) => folds.empty(block, fold)),
    ];
    const results = block.loop(KEY, range, initial, (inner, carried) => {
      const innerScope = new Scope(inner, scope);
      const { rings, states } = this.parts(carried);
      const pushed = this.rings.push(innerScope, rings);
      return [...pushed, ...folds.foldAll(innerScope, this.folds, states).flat()];
    });
    const epilogue = new Epilogue(this.plan, this.tiles, scope);
    const { states } = this.parts(results);
    for (const [n, { scores, contributions }] of this.folds.entries()) epilogue.take(scores, contributions, states[n]!);
    for (const { node, buffer } of outputs) epilogue.store(node, buffer);
  }

  /** What the loop carries: the rings, and the state of each fold behind them. */
  private parts(carried: readonly Value[]) {
    const rings = carried.slice(0, this.rings.count) as readonly Ring[];
    let end = rings.length;
    const states = this.folds.map((fold) => {
      end += stateSize(fold);
      return carried.slice(end - stateSize(fold), end) as readonly Tile[];
    });
    return { rings, states };
  }

  /** Rows and numbers that scores read are computed once, before the loop over keys. */
  private prepareRows(scope: Scope): void {
    for (const node of this.plan.roles.order) {
      const role = this.plan.roles.roleOf(node);
      if (node.op !== 'map' || (role !== 'score' && role !== 'weighted')) continue;
      for (const read of readsOf(node.value)) {
        const { source } = read;
        if (source.op === 'tensor' || source.domain.some(({ kind }) => kind === 'key')) continue;
        if (this.plan.roles.roleOf(source) !== 'auxiliary') continue;
        const heads = this.plan.heads.inGroup(headCount(node.domain));
        for (let head = 0; head < heads; head += 1) this.tiles.auxiliary(scope, node, head, read, new Map());
      }
    }
  }

  /** The keys that some fold visits, and the loop that brings them all about. */
  private range() {
    const visible = foldedKeys(this.folds, variable(ROW), this.sizes.rows);
    return loopOver(visible, leftReach(this.plan), this.plan.longestLag, this.sizes.columns);
  }
}

/** How many keys before the first visited one the first scores are read at. */
function leftReach(plan: Plan): number {
  const need = new Map<Node, number>();
  for (const node of [...plan.roles.order].reverse()) {
    const own = need.get(node) ?? 0;
    if (node.op === 'fill') need.set(node.value, Math.max(need.get(node.value) ?? 0, own));
    for (const { source, keys } of scoreReads(node)) {
      need.set(source, Math.max(need.get(source) ?? 0, own - Math.min(0, keys.low)));
    }
  }
  return Math.max(0, ...need.values());
}
