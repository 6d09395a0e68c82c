// What one pass over tile programs makes of a spec's program, as the target that is asked for has it: WGSL's go through the
// passes of all tile programs, CUDA's through one more.
import { runTilePasses } from '../codegen/tile/passes/index.js';
import { printProgram } from '../codegen/tile/print.js';
import type { Graph } from '../src/ir/index.js';
import type { ExplainedTarget } from './explain-schedule.js';
import { compileScheduled, tilePassesOf } from './scheduled.js';
import { failUnknown } from './unknown-name.js';

export interface TilePassExplanation {
  readonly pass: string;
  /** What the program is for: `WGSL in f32 with default limits`. */
  readonly title: string;
  readonly kind: string;
  readonly tiles: { readonly rows: number; readonly columns: number };
  /** Lines of the program's text before the pass and after it. */
  readonly lines: { readonly before: number; readonly after: number };
  /** The program after the pass. */
  readonly program: string;
}

const dashed = (name: string): string => name.replaceAll(' ', '-');
const linesOf = (text: string): number => text.trimEnd().split('\n').length;

/** @throws HeddleError HD4032 for an unknown pass, HD62xx where no schedule serves the graph. */
export function explainTilePass(graph: Graph, name: string, asked: ExplainedTarget): TilePassExplanation {
  const passes = tilePassesOf(asked.target, asked);
  const wanted = passes.find((pass) => dashed(pass.name) === dashed(name));
  const known = passes.map((pass) => dashed(pass.name));
  if (!wanted) return failUnknown('HD4032', name, known);
  const { title, scheduled } = compileScheduled(asked.target, graph, { ...asked, single: true });
  const { kind, tiles, written } = scheduled;
  let last = printProgram(written);
  let [before, after] = [last, last];
  runTilePasses(written, passes, {
    verify: true,
    onPass(pass, program) {
      const text = printProgram(program);
      if (pass === wanted) [before, after] = [last, text];
      last = text;
    },
  });
  return {
    pass: wanted.name,
    title,
    kind,
    tiles: { rows: tiles.rows, columns: tiles.columns },
    lines: { before: linesOf(before), after: linesOf(after) },
    program: after,
  };
}
