// `heddle ablate`: a study's variants compiled, checked and timed, and a report of them.
// It goes on where a variant fails, and where it was interrupted before.
import type { Command } from 'commander';
import { addJsonOption, repeatable } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';
import { startProgress } from '../progress.js';
import type { Terminal } from '../terminal.js';

interface AblateCommandOptions {
  readonly export?: string;
  readonly target: readonly string[];
  readonly device: readonly string[];
  readonly backward?: boolean;
  readonly out: string;
  readonly jobs?: string;
  readonly resume?: boolean;
  readonly only?: string;
  readonly rounds?: string;
  readonly seed?: string;
  readonly margin?: string;
  readonly training?: string;
}

const EXAMPLES = `
What is done is kept in the folder: the same command goes on where it was interrupted, and
does nothing where nothing has changed. Written are report.html, study.json, study.csv,
study.md, and kernels under variants/.

Examples:
  heddle ablate examples/studies/positions.ts --out positions
  heddle ablate examples/studies/mta-ablations.ts --device interpreter --device webgpu --out mta
  heddle ablate examples/studies/windows.ts --only wide --rounds 30 --out windows
`;

export function defineAblate(program: Command, act: Act, terminal: Terminal): void {
  const command = program
    .command('ablate')
    .summary('compare the variants of a study')
    .description('Compile, check and time the variants of a study, and write a report of what they cost.')
    .argument('<study>', 'the TypeScript file of the study')
    .option('--export <name>', 'the study to run, where the file exports several')
    .addOption(repeatable('--target <name>', 'what to emit kernels for; wgsl and what the devices run unless told'))
    .addOption(repeatable('--device <name>', 'what to check and time on, see heddle devices; webgpu unless told'))
    .option('--backward', 'check and time gradients too (on interpreter and torch)')
    .option('--out <dir>', 'the folder to write to', 'out')
    .option('--jobs <n>', 'processes that compile and check (default: as many as cores; 0 for this one)')
    .option('--resume', 'go on with what the folder holds, and refuse to begin anew')
    .option('--only <name>', 'one variant, beside the baseline')
    .option('--rounds <n>', 'rounds of timing (default: 12)')
    .option('--seed <n>', 'the seed of inputs and of the order of rounds (default: 1)')
    .option('--margin <share>', 'how far apart times may be that are called the same (default: 0.03)')
    .option('--training <dir>', 'a folder of runs, whose results become part of the report');
  addJsonOption(command)
    .addHelpText('after', EXAMPLES)
    .action(act((path: string, options: AblateCommandOptions) => ablate(path, options, terminal)));
}

async function ablate(path: string, options: AblateCommandOptions, terminal: Terminal): Promise<Outcome> {
  const [{ parseOptionalCount, parseFraction }, { ablateStudy }, { studyText }] = await Promise.all([
    import('../arguments.js'),
    import('../studies.js'),
    import('../study-text.js'),
  ]);
  const request = {
    export: options.export,
    targets: options.target.length > 0 ? options.target : undefined,
    devices: options.device.length > 0 ? options.device : undefined,
    backward: options.backward,
    out: options.out,
    jobs: parseOptionalCount('--jobs', options.jobs, 0),
    resume: options.resume,
    only: options.only,
    rounds: parseOptionalCount('--rounds', options.rounds),
    seed: parseOptionalCount('--seed', options.seed, 0),
    training: options.training,
    margin: options.margin === undefined ? undefined : parseFraction('--margin', options.margin),
  };
  const progress = startProgress(terminal);
  try {
    const done = await ablateStudy(path, {
      ...request,
      onProgress: ({ done: steps, total, what, secondsLeft }) => progress.show(steps, total, what, secondsLeft),
    });
    progress.end();
    const { record, files, failed, performed } = done;
    return { text: studyText(done, terminal.colorOut), data: { files, performed, study: record }, failed };
  } finally {
    progress.end();
  }
}
