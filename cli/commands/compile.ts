// `heddle compile`: a spec to the files of a target, written all together or not at all.
// A file with several specs gives the files of each; with `--out -` the main file of one goes to standard output.
import type { Command } from 'commander';
import type { Note } from '../../dsl/frontend/index.js';
import type { Asked, CompileOptions } from '../compile-study.js';
import { addJsonOption, addSpecOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';
import type { Terminal } from '../terminal.js';

const EXAMPLES = `
Examples:
  heddle compile examples/mta.ts
  heddle compile examples/sliding-window.ts --target wgsl
  heddle compile examples/decode.ts --target wgsl --dtype f16
  heddle compile examples/causal.ts --target cuda --dtype bf16
  heddle compile examples/causal.ts --target cuda --dtype bf16 --bind torch
  heddle compile examples/causal.ts --target wgsl --backward
  heddle compile examples/mta.ts --set heads=8 --set padKey=left --out kernels
  heddle compile myspec.ts --target graph --out -
  heddle compile mystudy.ts --bind torch --dtype bf16
  heddle compile myspec.ts --target wgsl --watch
`;

export function defineCompile(program: Command, act: Act, terminal: Terminal): void {
  const command = program
    .command('compile')
    .summary('compile a spec to kernels')
    .description(
      'Compile the specs of a file to kernels, or a study to a Python package of all its variants (--bind torch, --target torch). ' +
        'The file is read and type-checked, never run.',
    )
    .argument('<spec>', 'the TypeScript file of the spec, or of the study');
  addSpecOptions(command, 'the spec or study to compile (default: all specs that the file exports)')
    .option(
      '--target <name>',
      'gpujs, which runs anywhere; wgsl and cuda, fused; torch; graph (default: gpujs, and cuda with --bind)',
    )
    .option(
      '--dtype <type>',
      'wgsl, cuda: what queries, keys, values and outputs are stored as: f32, f16, for cuda also bf16 (default: f32)',
    )
    .option('--schedule <name>', 'wgsl, cuda: online, two-pass, slab, decode, materialised (default: by an estimate)')
    .option('--tiles <RxK>', 'wgsl, cuda: rows of scores and keys of a step, as 32x16 (default: the largest that fit)')
    .option(
      '--arch <name>',
      'cuda: the least device: sm_80, sm_89, sm_90, sm_120, or sm_90a alone (default: sm_80 and later)',
    )
    .option('--bind <name>', 'cuda: torch, a Python package beside the kernels that makes them an operator of PyTorch')
    .option(
      '--backward',
      'wgsl, cuda, graph: for training, a forward launcher that keeps what gradients need, and a backward launcher',
    )
    .option('--out <dir>', 'the folder to write to, or - to print the main file', 'out')
    .option('--watch', 'compile again whenever the spec or a file that it imports changes, until Ctrl-C');
  const once = act((path: string, options: CompileOptions) => compile(path, options));
  const action = (path: string, options: CompileOptions): Promise<void> =>
    options.watch ? compileAgain(path, options, terminal) : once(path, options);
  addJsonOption(command).addHelpText('after', EXAMPLES).action(action);
}

/** Compiles until an interrupt, which is how it ends well. */
async function compileAgain(path: string, options: CompileOptions, terminal: Terminal): Promise<void> {
  const [{ compileWhileWatching }, { printFailure, printOutcome }, { readFileOrFail }] = await Promise.all([
    import('../watch.js'),
    import('../printing.js'),
    import('../../driver/files.js'),
  ]);
  // Of what no change of a file mends, there is no use in waiting.
  await targetAsked(options);
  readFileOrFail(path);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  const isJson = options.json === true;
  await compileWhileWatching({
    path,
    compile: async (note) => {
      try {
        await printOutcome(await compile(path, options, note), isJson, terminal);
      } catch (error) {
        await printFailure(error, isJson, terminal);
      }
    },
    onWait: (files) => terminal.err(`watching ${files} ${files === 1 ? 'file' : 'files'}, Ctrl-C ends\n`),
    signal: ending.signal,
  });
  process.off('SIGINT', end).off('SIGTERM', end);
}

/** @throws HeddleError for what the options may not be, before anything is read. */
async function targetAsked(options: CompileOptions): Promise<Pick<Asked, 'target' | 'chosen'>> {
  const [{ parseTiles }, { targetNamed, targetOptions }] = await Promise.all([
    import('../arguments.js'),
    import('../../driver/targets.js'),
  ]);
  const target = targetNamed(options.target ?? (options.bind === undefined ? 'gpujs' : 'cuda'));
  const chosen = targetOptions(target, {
    dtype: options.dtype,
    schedule: options.schedule,
    tiles: parseTiles(options.tiles),
    arch: options.arch,
    bind: options.bind,
    backward: options.backward,
  });
  return { target, chosen };
}

async function compile(path: string, options: CompileOptions, note?: Note): Promise<Outcome> {
  const [{ target, chosen }, { isWithoutSpec, mayHoldStudy }, { compileStudy }] = await Promise.all([
    targetAsked(options),
    import('../../driver/studies.js'),
    import('../compile-study.js'),
  ]);
  const asked: Asked = { path, target, chosen, options, note };
  // A study, where the file has one and the target has a form for it; the specs of the file otherwise.
  if (target.packagesStudies(chosen) && mayHoldStudy(path)) {
    const outcome = await compileStudy(asked);
    if (outcome !== undefined) return outcome;
  }
  try {
    return await compileSpecs(asked);
  } catch (error) {
    const outcome = isWithoutSpec(error) ? await compileStudy(asked) : undefined;
    if (outcome === undefined) throw error;
    return outcome;
  }
}

async function compileSpecs({ path, target, chosen, options, note }: Asked): Promise<Outcome> {
  const [
    { parseSettings },
    { loadSpec, loadSpecs },
    { writeFolderAtomically },
    { distinctFolders, joinInside },
    { moduleKind },
    { filesTable, writtenFiles },
  ] = await Promise.all([
    import('../arguments.js'),
    import('../../driver/specs.js'),
    import('../../driver/files.js'),
    import('../../src/file-names.js'),
    import('../module-kind.js'),
    import('../written-files.js'),
  ]);
  const request = { export: options.export, set: parseSettings(options.set), note };
  if (options.out === '-') {
    const { graph, warnings } = await loadSpec(path, request);
    const [main] = await target.emit(graph, chosen);
    const [file, content] = main!;
    const data = { spec: graph.name, settings: graph.settings, target: target.name, file, content };
    return { text: content, data, warnings };
  }

  const specs = await loadSpecs(path, request);
  const compiled = [];
  // The files of several specs would get into each other's way.
  const folders = specs.length > 1 ? distinctFolders(specs.map(({ graph }) => graph.name)) : [''];
  for (const [n, { graph }] of specs.entries()) {
    const folder = folders[n]!;
    const emitted = await target.emit(graph, chosen);
    const kind = moduleKind(folder === '' ? options.out : joinInside(options.out, folder), emitted);
    const files = [...emitted, ...kind.files].map(([name, content]) => [joinInside(folder, name), content] as const);
    compiled.push({ graph, files, note: kind.note });
  }
  writeFolderAtomically(
    options.out,
    compiled.flatMap(({ files }) => files),
  );
  const written = compiled.map(({ graph, files, note }) => ({
    spec: graph.name,
    settings: graph.settings,
    ...(note === undefined ? {} : { note }),
    files: writtenFiles(options.out, files),
  }));
  return {
    text: written
      .map(({ spec, files, note }) => {
        const after = note === undefined ? '' : `${note}\n`;
        return `${spec} compiled to ${target.name}\n${filesTable(files)}${after}`;
      })
      .join(''),
    data: { target: target.name, compiled: written },
    warnings: specs.flatMap(({ warnings }) => warnings),
  };
}
