// `heddle tune`: times the kernels of a WGSL launcher on a device here, at calls of given shapes, and keeps what is found
// beside the compiled files.
import type { Command } from 'commander';
import { addJsonOption, addSpecOptions, repeatable, type SpecOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';
import { startProgress } from '../progress.js';
import type { Terminal } from '../terminal.js';

interface TuneOptions extends SpecOptions {
  readonly device: string;
  readonly dtype?: string;
  readonly shape: readonly string[];
  readonly seconds?: string;
  readonly out?: string;
}

const EXAMPLES = `
A launcher chooses between its kernels by an estimate. This times them against each other,
checks that they agree, and says which was fastest; with --out the package is compiled to a
folder with NAME.tuned.json beside it, which an application gives to the launcher:

  const instance = await createCausal(device, { tuned });

Examples:
  heddle tune examples/causal.ts
  heddle tune examples/decode.ts --shape 1,6,4096 --shape 1,1024,1024 --out kernels
`;

export function defineTune(program: Command, act: Act, terminal: Terminal): void {
  const command = program
    .command('tune')
    .summary('time the kernels of a launcher here')
    .description('Find out which kernels of a WGSL launcher are fastest on a device here, at calls of given shapes.')
    .argument('<spec>', 'the TypeScript file of the spec');
  addSpecOptions(command, 'the spec to tune, where the file has several')
    .option('--device <name>', 'webgpu or wgpu', 'webgpu')
    .option('--dtype <type>', 'what queries, keys, values and outputs are stored as: f32 or f16 (default: f32)')
    .addOption(
      repeatable('--shape <B,Tq,Tk[,R]>', 'a call to tune for; steps and prefills up to 4096 keys unless told'),
    )
    .option('--seconds <n>', 'how long timing may take, beside building pipelines (default: 10)')
    .option('--out <dir>', 'a folder to compile to, with what is found');
  addJsonOption(command)
    .addHelpText('after', EXAMPLES)
    .action(act((spec: string, options: TuneOptions) => tune(spec, options, terminal)));
}

async function tune(path: string, options: TuneOptions, terminal: Terminal): Promise<Outcome> {
  const [parse, { loadSpec }, { tuneOnDevice, tunedFile }, { targetNamed, targetOptions }, { tunedText }] =
    await Promise.all([
      import('../arguments.js'),
      import('../../driver/specs.js'),
      import('../../driver/tune.js'),
      import('../../driver/targets.js'),
      import('../tune-table.js'),
    ]);
  const { dtype } = targetOptions(targetNamed('wgsl'), { dtype: options.dtype });
  const seconds = parse.parseOptionalCount('--seconds', options.seconds);
  const shapes = options.shape.length > 0 ? options.shape.map(parse.parseShape) : undefined;
  parse.refuseNoFolder(options.out);
  const { graph, warnings } = await loadSpec(path, { export: options.export, set: parse.parseSettings(options.set) });
  const progress = startProgress(terminal);
  try {
    const { emitted, alternatives, tuned } = await tuneOnDevice(graph, {
      device: options.device,
      dtype: dtype === 'f16' ? 'f16' : 'f32',
      shapes,
      milliseconds: seconds === undefined ? undefined : 1000 * seconds,
      onCall: (done, total) => progress.show(done, total, `calls of ${graph.name} on ${options.device}`),
    });
    progress.end();
    const text = tunedText(tuned, alternatives);
    if (options.out === undefined) return { text, data: { tuned }, warnings };
    const [{ writeFolderAtomically }, { moduleKind }, { filesTable, writtenFiles }] = await Promise.all([
      import('../../driver/files.js'),
      import('../module-kind.js'),
      import('../written-files.js'),
    ]);
    const compiled = [...emitted.files];
    const kind = moduleKind(options.out, compiled);
    const found = [tunedFile(emitted), `${JSON.stringify(tuned, undefined, 2)}\n`] as const;
    const files = [...compiled, ...kind.files, found];
    writeFolderAtomically(options.out, files);
    const written = writtenFiles(options.out, files);
    const note = kind.note === undefined ? '' : `${kind.note}\n`;
    return { text: `${text}\n${filesTable(written)}${note}`, data: { tuned, files: written }, warnings };
  } finally {
    progress.end();
  }
}
