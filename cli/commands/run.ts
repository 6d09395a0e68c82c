// `heddle run`: a spec on the tensors of a file, its results into another; with --backward its gradients.
// Everything is checked and computed before the result is written, so a failure leaves no file behind.
import type { Command } from 'commander';
import { addJsonOption, addSpecOptions, type SpecOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';

interface RunOptions extends SpecOptions {
  readonly inputs: string;
  readonly out: string;
  readonly device: string;
  readonly backward?: boolean;
  readonly rows?: string;
  readonly dtype: string;
}

const EXAMPLES = `
Tensors are taken by name: q, k, v, the parameters and tables of the spec, and for
--backward the gradient of each output that has one (grad_out, grad_lse). Written are
out, lse and further outputs of the spec, or grad_<name> for each differentiable input.

Examples:
  heddle run examples/causal.ts --inputs in.safetensors --out out.safetensors
  heddle run examples/mta.ts --set heads=4 --inputs in.safetensors --out grads.safetensors --backward
  heddle run examples/decode.ts --inputs in.safetensors --out out.safetensors --device gpujs --rows 1
`;

export function defineRun(program: Command, act: Act): void {
  const command = program
    .command('run')
    .summary('run a spec on the tensors of a file')
    .description('Run a spec on the tensors of a safetensors file and write its results to another.')
    .argument('<spec>', 'the TypeScript file of the spec');
  addSpecOptions(command, 'the spec to run, where the file exports several')
    .requiredOption('--inputs <file>', 'the safetensors file to read')
    .requiredOption('--out <file>', 'the safetensors file to write')
    .option('--device <name>', 'what to run on; see `heddle devices`', 'interpreter')
    .option('--backward', 'compute gradients in place of outputs')
    .option('--rows <n>', 'how many of the last rows to compute (default: as many as the queries allow)')
    .option('--dtype <name>', 'the dtype to write: f32, f64, f16, bf16', 'f32');
  addJsonOption(command).addHelpText('after', EXAMPLES).action(act(run));
}

async function run(path: string, options: RunOptions): Promise<Outcome> {
  const [
    { parseOptionalCount, parseSettings },
    { loadSpec },
    { openDevice },
    { checkTypes, lostGradients, outputDtype, runGraph },
  ] = await Promise.all([
    import('../arguments.js'),
    import('../../driver/specs.js'),
    import('../../driver/devices.js'),
    import('../../driver/run.js'),
  ]);
  const { readFileOrFail, writeFileAtomically } = await import('../../driver/files.js');
  const { readSafetensors, shapeText, writeSafetensors } = await import('../../src/tensors/index.js');
  const { version } = await import('../../driver/version.js');

  const dtype = outputDtype(options.dtype);
  const rows = parseOptionalCount('--rows', options.rows);
  const set = parseSettings(options.set);
  const device = await openDevice(options.device);
  const bytes = readFileOrFail(options.inputs);
  const { tensors } = readSafetensors(bytes, { name: options.inputs });
  const { graph, warnings } = await loadSpec(path, { export: options.export, set });
  const backward = options.backward ?? false;
  checkTypes(graph, tensors, backward);
  const results = await runGraph(graph, tensors, { device, rows, backward });
  const lost = backward ? lostGradients(graph, tensors) : [];
  const written = Array.from(results, ([name, tensor]) => [name, { ...tensor, dtype }] as const);
  writeFileAtomically(
    options.out,
    writeSafetensors(written, [
      ['heddle', version()],
      ['spec', graph.name],
      ['settings', JSON.stringify(graph.settings)],
      ['device', device.name],
    ]),
  );

  const width = Math.max(...written.map(([name]) => name.length));
  return {
    text: [
      `${graph.name} ${backward ? 'backward ' : ''}on ${device.name}`,
      ...written.map(([name, { shape }]) => `  ${name.padEnd(width)}  ${dtype} ${shapeText(shape)}`),
      `written to ${options.out}\n`,
    ].join('\n'),
    data: {
      spec: graph.name,
      settings: graph.settings,
      device: device.name,
      out: options.out,
      tensors: written.map(([name, { shape }]) => ({ name, dtype, shape })),
    },
    warnings: [...warnings, ...lost],
  };
}
