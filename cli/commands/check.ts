// `heddle check`: specs on random inputs over awkward shapes, each device against the interpreter, as a table.
// Every failing case is followed by the command line that runs just this case again.
import type { Command } from 'commander';
import type { Diagnostic } from '../../src/diagnostics/index.js';
import type { CheckedSpec } from '../check-table.js';
import { addJsonOption, addSpecOptions, repeatable, type SpecOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';
import { startProgress } from '../progress.js';
import type { Terminal } from '../terminal.js';

interface CheckOptions extends SpecOptions {
  readonly device: readonly string[];
  readonly seed?: string;
  readonly cases?: string;
  readonly shape: readonly string[];
  readonly draw?: string;
  readonly backward?: boolean;
}

const EXAMPLES = `
Each case compares the device with the float64 interpreter, runs twice to see the same
bits, and changes single inputs to see that nothing else than what depends on them moves.

Examples:
  heddle check examples/*.ts
  heddle check examples/decode.ts --device tiles --device webgpu --device wgpu
  heddle check myspec.ts --device gpujs --set heads=8 --cases 50
  heddle check myspec.ts --shape 2,19,19 --seed 7
  heddle check examples/mta.ts --backward --device tiles --device webgpu
`;

export function defineCheck(program: Command, act: Act, terminal: Terminal): void {
  const command = program
    .command('check')
    .summary('check devices against the interpreter')
    .description('Check specs on random inputs: what devices compute against what the specs mean.')
    .argument('<spec...>', 'the TypeScript files of the specs');
  addSpecOptions(command, 'the spec to check (default: all that the files export)')
    .addOption(repeatable('--device <name>', 'what to check, see heddle devices; gpujs unless told'))
    .option('--seed <n>', 'the seed of the first case (default: 1)')
    .option('--cases <n>', 'how many cases to run (default: one for each shape)')
    .addOption(repeatable('--shape <B,Tq,Tk[,R]>', 'batch, rows of queries, keys and rows of output to run at'));
  command.option('--draw <name>', 'which numbers to draw: random, positive, zeros, ties, equal, powers, large, ends');
  command.option('--backward', 'check the gradients of all inputs in place of the outputs');
  addJsonOption(command)
    .addHelpText('after', EXAMPLES)
    .action(act((specs: readonly string[], options: CheckOptions) => check(specs, options, terminal)));
}

const DEFAULT_DEVICES = ['gpujs'];

async function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): Promise<Outcome> {
  const [
    parse,
    { awkwardVariants, loadSpecs },
    { openDevice },
    { checkOnDevice, drawOf },
    { checksData, renderChecks },
  ] = await Promise.all([
    import('../arguments.js'),
    import('../../driver/specs.js'),
    import('../../driver/devices.js'),
    import('../../driver/check.js'),
    import('../check-table.js'),
  ]);
  const request = {
    seed: parse.parseOptionalCount('--seed', options.seed, 0),
    cases: parse.parseOptionalCount('--cases', options.cases),
    shapes: options.shape.length > 0 ? options.shape.map(parse.parseShape) : undefined,
    draw: options.draw === undefined ? undefined : drawOf(options.draw),
    backward: options.backward,
  };
  const set = parse.parseSettings(options.set);
  const names = options.device.length > 0 ? options.device : DEFAULT_DEVICES;
  const devices = await Promise.all(names.map(openDevice));
  // All specs are read before the first is checked, so that a slip in the last does not cost the time of the others.
  const specs = [];
  const warnings: Diagnostic[] = [];
  for (const path of paths) {
    for (const spec of await loadSpecs(path, { export: options.export, set })) {
      warnings.push(...spec.warnings);
      // Who names a shape wants this shape; awkward settings come with the awkward shapes.
      specs.push({ path, graph: spec.graph, variants: request.shapes === undefined ? awkwardVariants(spec) : [] });
    }
  }

  const progress = startProgress(terminal);
  const checked: CheckedSpec[] = [];
  const total = specs.length * devices.length;
  try {
    for (const { path, graph, variants } of specs) {
      for (const device of devices) {
        const show = (done: number, cases: number) =>
          progress.show(checked.length, total, `${graph.name} on ${device.name}, case ${done} of ${cases}`);
        const report = await checkOnDevice(graph, device, { ...request, onCase: show }, variants);
        checked.push({ path, set: options.set, report });
      }
    }
  } finally {
    progress.end();
  }
  return {
    text: renderChecks(checked, terminal.colorOut),
    data: { checks: checksData(checked) },
    warnings,
    failed: checked.some(({ report }) => !report.passed),
  };
}
