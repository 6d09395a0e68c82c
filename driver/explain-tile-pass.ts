// What one pass over tile programs makes of a spec's program: of that for WGSL, or for CUDA in 16 bits where its device is
// named or the pass is CUDA's own.
import { runTilePasses, type TilePass, tilePasses } from '../codegen/tile/passes/index.js';
import { printProgram } from '../codegen/tile/print.js';
import type { Graph } from '../src/ir/index.js';
import { compileCuda } from '../targets/cuda/compile.js';
import { cudaPasses } from '../targets/cuda/narrow.js';
import { compileWgsl } from '../targets/wgsl/compile.js';
import type { TargetOptions } from './targets.js';
import { failUnknown } from './unknown-name.js';

export interface TilePassExplanation {
  readonly pass: string;
  /** What the program is for: `WGSL`, or `CUDA for sm_80 in bf16`. */
  readonly target: string;
  readonly kind: string;
  readonly tiles: { readonly rows: number; readonly columns: number };
  /** Lines of the program's text before the pass and after it. */
  readonly lines: { readonly before: number; readonly after: number };
  /** The program after the pass. */
  readonly program: string;
}

const dtype = 'bf16';
const ANY_ARCHITECTURE = 'sm_80';

const dashed = (name: string): string => name.replaceAll(' ', '-');
const has = (passes: readonly TilePass[], name: string): boolean =>
  passes.some((each) => dashed(each.name) === dashed(name));

/** @throws HeddleError HD4032 for an unknown pass, HD62xx where no schedule serves the graph. */
export function explainTilePass(graph: Graph, name: string, arch: TargetOptions['arch']): TilePassExplanation {
  const known = cudaPasses(dtype);
  if (!has(known, name))
    failUnknown(
      'HD4032',
      name,
      known.map((each) => dashed(each.name)),
    );
  const isForCuda = arch !== undefined || !has(tilePasses, name);
  const architecture = arch ?? ANY_ARCHITECTURE;
  const { scheduled } = isForCuda ? compileCuda(graph, { architecture, dtype }) : compileWgsl(graph);
  const { kind, tiles, written } = scheduled;
  let before = printProgram(written);
  let shown = { pass: name, before, after: before };
  runTilePasses(written, isForCuda ? known : tilePasses, {
    verify: true,
    onPass(pass, program) {
      const after = printProgram(program);
      if (dashed(pass.name) === dashed(name)) shown = { pass: pass.name, before, after };
      before = after;
    },
  });
  return {
    pass: shown.pass,
    target: isForCuda ? `CUDA for ${architecture} in ${dtype}` : 'WGSL',
    kind,
    tiles: { rows: tiles.rows, columns: tiles.columns },
    lines: { before: linesOf(shown.before), after: linesOf(shown.after) },
    program: shown.after,
  };
}

const linesOf = (text: string): number => text.trimEnd().split('\n').length;
