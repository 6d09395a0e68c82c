// `heddle explain`: what a spec becomes and what it costs: its graph before and after each pass, footprints, history,
// parameters, and FLOPs and bytes beside plain attention.
import type { Command } from 'commander';
import { addJsonOption, addSpecOptions, type SpecOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';

interface ExplainOptions extends SpecOptions {
  readonly pass?: string;
  readonly shape?: string;
  readonly arch?: string;
}

const EXAMPLES = `
Examples:
  heddle explain examples/mta.ts
  heddle explain examples/mta.ts --set preMix=0 --pass inline-copies
  heddle explain examples/causal.ts --shape 4,8192,8192 --json
  heddle explain examples/decode.ts --arch sm_90a
`;

export function defineExplain(program: Command, act: Act): void {
  const command = program
    .command('explain')
    .summary('show what a spec becomes and what it costs')
    .description('Show the score graph of a spec before and after each pass, what it reads, and what it costs.')
    .argument('<spec>', 'the TypeScript file of the spec');
  addSpecOptions(command, 'the spec to explain (default: all that the file exports)')
    .option('--pass <name>', 'show the graph before and after this pass only')
    .option('--shape <B,Tq,Tk>', 'the sizes that costs are counted for (default: 1,2048,2048)')
    .option('--arch <name>', 'the CUDA kernels for this device too: sm_80, sm_89, sm_90, sm_90a');
  addJsonOption(command).addHelpText('after', EXAMPLES).action(act(explain));
}

async function explain(path: string, options: ExplainOptions): Promise<Outcome> {
  const [
    { parseSettings, parseShape },
    { loadSpecs },
    { explainGraph },
    { explanationText },
    { targetNamed, targetOptions },
  ] = await Promise.all([
    import('../arguments.js'),
    import('../../driver/specs.js'),
    import('../../driver/explain.js'),
    import('../../driver/explanation-text.js'),
    import('../../driver/targets.js'),
  ]);
  const request = {
    pass: options.pass,
    shape: options.shape === undefined ? undefined : parseShape(options.shape),
    arch: targetOptions(targetNamed('cuda'), { arch: options.arch, dtype: undefined, schedule: undefined }).arch,
  };
  const specs = await loadSpecs(path, { export: options.export, set: parseSettings(options.set) });
  const explanations = specs.map(({ graph }) => explainGraph(graph, request));
  return {
    text: explanations.map(explanationText).join('\n\n'),
    data: { specs: explanations },
    warnings: specs.flatMap(({ warnings }) => warnings),
  };
}
