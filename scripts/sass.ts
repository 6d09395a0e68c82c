// Counts the instructions of a spec's CUDA kernels in what nvcc makes of them: `npm run sass -- examples/causal.ts --arch sm_90a`.
// Prints each kernel's steady-state loop by class of instruction, per warp and step, beside FlashAttention's for the same shape.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseSettings, parseShape, parseTiles } from '../cli/arguments.js';
import { loadSpec } from '../driver/specs.js';
import { targetNamed, targetOptions } from '../driver/targets.js';
import { trainingPair } from '../src/autodiff/index.js';
import { HeddleError } from '../src/diagnostics/index.js';
import { optimise } from '../src/passes/index.js';
import { compileCuda } from '../targets/cuda/compile.js';
import { assembledKernels } from '../targets/cuda/device/nvdisasm.js';
import { loopCounts } from '../targets/cuda/sass/counts.js';
import { listingsIn } from '../targets/cuda/sass/disassembly.js';
import { countsText } from '../targets/cuda/sass/report.js';

const HELP = `npm run sass -- SPEC [options]
  --arch sm_90a            what to assemble for; sm_80 unless told
  --dtype bf16             f16 or bf16, which is what it is unless told
  --set name=value         a setting of the spec; may be repeated
  --export NAME            the spec, where the file has several
  --schedule, --tiles      as \`heddle compile\` takes them
  --shape B,Tq,Tk          the call that the model times: 1,8192,8192 unless told
  --backward               counts the kernels of the gradients
  --listing FILE           counts what \`nvdisasm -c\` printed of a cubin of another's instead, as JSON: a turn of each kernel's loop`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      arch: text,
      dtype: text,
      set: { ...text, multiple: true },
      export: text,
      schedule: text,
      tiles: text,
      shape: text,
      backward: { type: 'boolean' },
      listing: text,
      help: { type: 'boolean' },
    },
  });
  if (values.listing !== undefined) return countListing(values.listing);
  const [path] = positionals;
  if (values.help || path === undefined) return console.log(HELP);
  const { dtype, schedule, tiles, arch } = targetOptions(targetNamed('cuda'), {
    dtype: values.dtype ?? 'bf16',
    schedule: values.schedule,
    tiles: parseTiles(values.tiles),
    arch: values.arch,
  });
  const { graph } = await loadSpec(path, { export: values.export, set: parseSettings(values.set ?? []) });
  const compiled = values.backward ? trainingPair(graph).backward : optimise(graph);
  const { emitted } = compileCuda(compiled, { dtype, schedule, tiles, architecture: arch });
  const architecture = arch ?? 'sm_80';
  const shape = parseShape(values.shape ?? '1,8192,8192');
  const sizes = { ...shape, rows: shape.rows ?? shape.queries };
  for (const each of await assembledKernels(emitted, architecture)) {
    console.log(`${countsText(each, architecture, sizes)}\n`);
  }
}

/** Prints a turn of the steady-state loop of each kernel of a listing. */
function countListing(file: string): void {
  for (const listing of listingsIn(readFileSync(file, 'utf8'))) {
    const counted = { symbol: listing.symbol, whole: listing.instructions.length, ...loopCounts(listing) };
    console.log(JSON.stringify(counted, undefined, 2));
  }
}

try {
  await main();
} catch (error) {
  const isExplained = error instanceof Error;
  const said =
    error instanceof HeddleError
      ? error.diagnostics.map(({ message }) => message).join('\n')
      : String(isExplained ? error.message : error);
  console.error(said);
  process.exitCode = 1;
}
