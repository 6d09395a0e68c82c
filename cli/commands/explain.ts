// `heddle explain`: what a spec becomes and what it costs: its graph before and after each pass, footprints, history,
// parameters, and FLOPs and bytes beside plain attention; in words, or as pictures in one HTML file.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addJsonOption, addSpecOptions, type SpecOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';

interface ExplainOptions extends SpecOptions {
  readonly pass?: string;
  readonly tilePass?: string;
  readonly shape?: string;
  readonly target?: string;
  readonly dtype?: string;
  readonly schedule?: string;
  readonly tiles?: string;
  readonly arch?: string;
  readonly html?: string;
  readonly backward?: boolean;
  readonly sass?: boolean;
}

const EXAMPLES = `
Examples:
  heddle explain examples/mta.ts
  heddle explain examples/mta.ts --set preMix=0 --pass inline-copies
  heddle explain examples/mta.ts --tile-pass canonicalise-stencils
  heddle explain examples/causal.ts --shape 4,8192,8192 --json
  heddle explain examples/decode.ts --target cuda --dtype bf16 --arch sm_90a
  heddle explain examples/causal.ts --dtype bf16 --arch sm_90a --sass
  heddle explain examples/causal.ts --backward
  heddle explain examples/mta.ts --set heads=4 --html mta.html
`;

export function defineExplain(program: Command, act: Act): void {
  const command = program
    .command('explain')
    .summary('show what a spec becomes and what it costs')
    .description('Show the score graph of a spec before and after each pass, what it reads, and what it costs.')
    .argument('<spec>', 'the TypeScript file of the spec');
  addSpecOptions(command, 'the spec to explain (default: all that the file exports)')
    .option('--pass <name>', 'show the graph before and after this pass only')
    .option('--tile-pass <name>', 'show the tile program after this pass over it only')
    .option('--shape <B,Tq,Tk>', 'the sizes that costs are counted for (default: 1,2048,2048)')
    .option('--target <name>', 'whose kernels to explain: wgsl or cuda (default: wgsl, and cuda with --arch)')
    .option('--dtype <type>', 'what queries, keys, values and outputs are stored as: f32, f16, for cuda also bf16')
    .option('--schedule <name>', 'online, two-pass, slab, decode or materialised (default: by an estimate)')
    .option('--tiles <RxK>', 'rows of scores and keys of a step, as 32x16 (default: the largest that fit)')
    .option('--arch <name>', 'cuda: the least device: sm_80, sm_89, sm_90, or sm_90a alone (default: sm_80 and later)')
    .option('--backward', 'explain the training of the spec: what is kept, and the kernels of forward and backward')
    .option('--sass', 'cuda: count the machine instructions of the kernels; takes nvcc, nvdisasm and seconds')
    .option('--html <file>', 'write pictures to this file: footprint, graph, passes, schedule, scores on a sentence');
  addJsonOption(command).addHelpText('after', EXAMPLES).action(act(explain));
}

async function explain(path: string, options: ExplainOptions): Promise<Outcome> {
  const [
    { parseSettings, parseShape, parseTiles },
    { loadSpecs },
    { DEFAULT_SHAPE, explainGraph },
    { explanationText, explanationSections },
    { targetNamed, targetOptions },
    { scheduledTargetNamed },
  ] = await Promise.all([
    import('../arguments.js'),
    import('../../driver/specs.js'),
    import('../../driver/explain.js'),
    import('../../driver/explanation-text.js'),
    import('../../driver/targets.js'),
    import('../../driver/scheduled.js'),
  ]);
  if (options.html !== undefined) await keepInput(path, options.html);
  const { dtype, schedule, arch } = options;
  const tiles = parseTiles(options.tiles);
  const target = scheduledTargetNamed(options.target ?? (arch === undefined && !options.sass ? 'wgsl' : 'cuda'));
  const request = {
    pass: options.pass,
    tilePass: options.tilePass,
    backward: options.backward,
    shape: options.shape === undefined ? undefined : parseShape(options.shape),
    kernels: { target, ...targetOptions(targetNamed(target), { dtype, schedule, tiles, arch }) },
  };
  const specs = await loadSpecs(path, { export: options.export, set: parseSettings(options.set) });
  const explanations = specs.map(({ graph }) => explainGraph(graph, request));
  if (options.sass) {
    const { countedKernels } = await import('../../driver/counted-kernels.js');
    const { backward, kernels, shape = DEFAULT_SHAPE } = request;
    for (const [n, { graph }] of specs.entries()) {
      const sass = await countedKernels(graph, { backward, kernels, shape });
      explanations[n] = { ...explanations[n]!, sass };
    }
  }
  const warnings = specs.flatMap((spec) => spec.warnings);
  if (options.html !== undefined) {
    const [{ renderExplanation }, { writeFileAtomically }] = await Promise.all([
      import('../../report/index.js'),
      import('../../driver/files.js'),
    ]);
    const explained = specs.map(({ graph }, n) => ({
      name: graph.name,
      graph,
      facts: explanationSections(explanations[n]!).filter(({ kind }) => kind === 'facts'),
    }));
    writeFileAtomically(options.html, renderExplanation(explained, commandOf(path, options)));
    const written = specs.map(({ graph }) => graph.name).join(', ');
    return {
      text: `${written}: pictures in ${options.html}\n`,
      data: { specs: explanations, html: options.html },
      warnings,
    };
  }
  return {
    text: explanations.map(explanationText).join('\n\n'),
    data: { specs: explanations },
    warnings,
  };
}

/** @throws HeddleError HD4014 where the page would take the place of the spec. */
async function keepInput(path: string, html: string): Promise<void> {
  const { fail } = await import('../../src/diagnostics/index.js');
  if (resolve(path) === resolve(html)) fail('HD4014', { option: '--html', path });
}

/** The command as one would type it, without where it writes to. */
function commandOf(path: string, { set, ...options }: ExplainOptions): string {
  const { export: name, pass, tilePass, shape, target, dtype, schedule, tiles, arch } = options;
  const given = Object.entries({
    export: name,
    pass,
    'tile-pass': tilePass,
    shape,
    target,
    dtype,
    schedule,
    tiles,
    arch,
  }).flatMap(([option, value]) => (value === undefined ? [] : [`--${option} ${value}`]));
  return ['heddle explain', path, ...given, ...set.map((each) => `--set ${each}`)].join(' ');
}
