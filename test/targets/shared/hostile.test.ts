// Names and texts of a spec in emitted programs: whatever they are, a program has the tokens that it has with harmless ones,
// every target's compiler takes it, and it computes the same.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { Project } from 'ts-morph';
import { afterAll, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { optimise } from '../../../src/passes/index.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { bindTorch } from '../../../targets/binding/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { cudaNames, cudaValueNames } from '../../../targets/cuda/text/names.js';
import { interfaceNames, javascriptNames } from '../../../targets/gpujs/code.js';
import { gpujsDevice } from '../../../targets/gpujs/device.js';
import { emitGpujs } from '../../../targets/gpujs/index.js';
import { Names } from '../../../targets/shared/text/names.js';
import { insideComment, insideDocumentation, lineComment, stringLiteral } from '../../../targets/shared/text/source.js';
import { emitTorch } from '../../../targets/torch/index.js';
import { moduleNames, pythonNames } from '../../../targets/torch/python.js';
import { compileWgsl } from '../../../targets/wgsl/compile.js';
import { closeValidation, validate } from '../../../targets/wgsl/device/index.js';
import { entryPointsOf } from '../../../targets/wgsl/device/validate.js';
import { wgslNames } from '../../../targets/wgsl/text/names.js';
import { testsOn } from '../../support/devices.js';
import { onTorch, torch } from '../torch/support.js';
import { graphOf, type Hostile, harmless, hostileNames, hostileSpecs, hostileTexts, worstNames } from './hostile.js';

const schedule = 'online';
type Emit = (graph: Graph) => ReadonlyMap<string, string>;

/** Scheduling takes the longest, and one graph is asked for by several tests. */
function once<Result>(make: (graph: Graph) => Result): (graph: Graph) => Result {
  const known = new WeakMap<Graph, { readonly result: Result }>();
  return (graph) => {
    const found = known.get(graph) ?? { result: make(graph) };
    known.set(graph, found);
    return found.result;
  };
}

const wgslOf = once((graph) => compileWgsl(graph, { schedule }).emitted);
const cudaOf = once((graph) => compileCuda(graph, { schedule }).emitted);
const targets: Readonly<Record<string, Emit>> = {
  gpujs: (graph) => emitGpujs(graph).files,
  wgsl: (graph) => wgslOf(graph).files,
  cuda: (graph) => bindTorch(graph, cudaOf(graph), {}).files,
  torch: (graph) => emitTorch(graph).files,
};

// ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────

/** What each language does before it sees tokens, and its comments and strings. */
const languages: Readonly<Record<string, { readonly before: (text: string) => string; readonly skipped: RegExp }>> = {
  // Trigraphs, and lines that a backslash joins, with blanks behind it as gcc has it.
  c: {
    before: (text) => text.replaceAll('??/', '\\').replace(/\\[ \t\v\f]*\r?\n/g, ''),
    skipped: /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
  },
  js: {
    before: (text) => text,
    skipped:
      /\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'|`(?:\\[\s\S]|[^`\\])*`/g,
  },
  wgsl: { before: (text) => text, skipped: /\/\/[^\n\v\f\r\u0085\u2028\u2029]*|\/\*[\s\S]*?\*\//g },
  py: {
    before: (text) => text,
    skipped:
      /"""(?:\\[\s\S]|(?!""")[^\\])*"""|'''(?:\\[\s\S]|(?!''')[^\\])*'''|#[^\n\r]*|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'/g,
  },
};
const languageOf: Readonly<Record<string, string>> = {
  cu: 'c',
  h: 'c',
  js: 'js',
  ts: 'js',
  wgsl: 'wgsl',
  py: 'py',
  toml: 'py',
};

/** The tokens of a program without its comments and what stands in strings; all names are one token where told. */
function tokensOf(file: string, text: string, isAnyName: boolean): readonly string[] {
  const { before, skipped } = languages[languageOf[file.split('.').at(-1)!]!]!;
  const bare = before(text).replace(skipped, (found) => (/^(\/|#)/.test(found) ? ' ' : ' "" '));
  const tokens = bare.match(/[A-Za-z_$][\w$]*|\d[\w.]*|[^\s\w]/g) ?? [];
  return isAnyName ? tokens.map((token) => (/^[A-Za-z_$]/.test(token) ? 'name' : token)) : tokens;
}

const ending = (file: string): string => file.split('.').at(-1)!;

function expectSameTokens(
  files: ReadonlyMap<string, string>,
  usual: ReadonlyMap<string, string>,
  anyName: boolean,
): void {
  const one = [...files].filter(([file]) => !file.endsWith('.json'));
  const other = [...usual].filter(([file]) => !file.endsWith('.json'));
  expect(one.map(([file]) => ending(file))).toEqual(other.map(([file]) => ending(file)));
  for (const [n, [file, text]] of one.entries()) {
    // Lines of Python are broken by their length.
    if (anyName && file.endsWith('.py')) continue;
    expect(text).not.toMatch(/[\0\u2028\u2029\u202e\u0085]/);
    expect(tokensOf(file, text, anyName).join(' '), file).toBe(tokensOf(other[n]![0], other[n]![1], anyName).join(' '));
  }
  for (const [file, text] of files) if (file.endsWith('.json')) expect(() => JSON.parse(text)).not.toThrow();
}

describe.each(Object.entries(targets))('%s', (target, emit) => {
  // As a spec gives it, and as passes leave it: labels stay where they can.
  const usual = emit(optimise(graphOf({ ...harmless, text: 'scores' })));

  test('text of a spec is no program', () => {
    // Names in gpu.js and PyTorch are made of labels; tile programs know none of a spec's text, and take long to make.
    const isTiled = target === 'wgsl' || target === 'cuda';
    for (const text of isTiled ? hostileTexts.filter((_, n) => n % 6 === 0) : hostileTexts) {
      expectSameTokens(emit(optimise(graphOf({ ...harmless, text }))), usual, true);
    }
  });

  test('names of a spec leave the rest of a program as it is', () => {
    for (const spec of hostileSpecs(
      worstNames.filter((_, n) => n % 10 === 0),
      'scores',
    )) {
      expectSameTokens(emit(optimise(graphOf(spec))), usual, true);
    }
  });
});

// ── Names ───────────────────────────────────────────────────────────────────────────────────────────

describe('names', () => {
  const rules = { wgslNames, cudaNames, cudaValueNames, javascriptNames, interfaceNames, pythonNames, moduleNames };
  test.each(Object.entries(rules))('of %s are free, distinct and identifiers', (_, each) => {
    const names = new Names<(typeof each)['language']>(each);
    const seen = new Set<string>();
    for (const wanted of [...hostileNames, ...hostileNames, ...hostileTexts, '', '1', 'größe', '表']) {
      const name = names.take(wanted, { ending: '_other' });
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
      expect(each.reserved.has(name), name).toBe(false);
      expect(each.isReserved?.(name) ?? false, name).toBe(false);
      expect(seen.has(name), name).toBe(false);
      seen.add(name);
    }
  });
});

// ── Compilers ───────────────────────────────────────────────────────────────────────────────────────

const specs: readonly (readonly [Hostile, Graph])[] = [
  ...hostileSpecs(
    worstNames.filter((_, n) => n % 12 === 0 || n < 25),
    'ran();',
  ),
].map((spec) => [spec, optimise(graphOf(spec))]);

const folder = mkdtempSync(join(tmpdir(), 'heddle-hostile-'));
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await closeValidation();
});

/** Programs that need no device of their own to be taken or refused. */
describe('compilers take every name', () => {
  test('JavaScript, and types that stand alone', () => {
    const declarations = new Map<string, string>();
    for (const [n, [spec, graph]] of specs.entries()) {
      for (const emit of [targets['gpujs']!, targets['wgsl']!]) {
        for (const [file, text] of emit(graph)) {
          if (file.endsWith('.d.ts')) declarations.set(`/${emit === targets['wgsl'] ? 'w' : 'g'}${n}.d.ts`, text);
          if (!file.endsWith('.js')) continue;
          const script = text.replace(/^import .*$/m, '').replace(/^export /gm, '');
          expect(() => new Script(`'use strict';(async () => {\n${script}\n})`), JSON.stringify(spec)).not.toThrow();
        }
      }
    }
    const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { strict: true, types: [] } });
    for (const [name, text] of declarations) project.createSourceFile(name, text);
    const problems = project
      .getPreEmitDiagnostics()
      .map((each) => `${each.getSourceFile()?.getBaseName()}: ${each.compilerObject.messageText}`)
      // Types of WebGPU come from elsewhere.
      .filter((text) => !/Cannot find name 'GPU\w+'/.test(text));
    expect(problems).toEqual([]);
  });

  test('WGSL', async () => {
    for (const [spec, graph] of specs) {
      const { wgsl } = wgslOf(graph);
      const problems = await validate(wgsl, entryPointsOf(wgsl));
      expect(problems, JSON.stringify(spec)).toEqual([]);
    }
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.skipIf(!python)(
    'Python',
    () => {
      const sources = specs.flatMap(([, graph]) =>
        [...targets['torch']!(graph), ...targets['cuda']!(graph)].filter(([file]) => file.endsWith('.py')),
      );
      const program = `import json, sys
for name, source in json.load(sys.stdin):
    compile(source, name, 'exec')`;
      const { status, stderr } = spawnSync('python3', ['-I', '-c', program], { input: JSON.stringify(sources) });
      expect(String(stderr)).toBe('');
      expect(status).toBe(0);
    },
    60_000,
  );

  const compiler = spawnSync('g++', ['--version']).status === 0;
  test.skipIf(!compiler)(
    'C++',
    () => {
      const emulation = fileURLToPath(new URL('../../../targets/cuda/emulation/', import.meta.url));
      // The headers of all lie on the path of includes: none takes the place of a system's own.
      const names = new Map(specs.map(([, graph]) => [cudaOf(graph).prefix, cudaOf(graph)]));
      for (const { files } of names.values()) for (const [file, text] of files) writeFileSync(join(folder, file), text);
      writeFileSync(join(folder, 'all.cpp'), [...names.values()].map(({ name }) => `#include "${name}.cu"\n`).join(''));
      const given = ['-std=c++17', '-fsyntax-only', '-w', '-I', emulation, '-I', folder, join(folder, 'all.cpp')];
      const { status, stderr } = spawnSync('g++', given, { encoding: 'utf8' });
      expect(stderr.split('\n').filter((line) => line.includes('error'))).toEqual([]);
      expect(status).toBe(0);
    },
    120_000,
  );
});

// ── Devices ─────────────────────────────────────────────────────────────────────────────────────────

const [T, D] = [5, 4];
const wave = (count: number, step: number) =>
  Array.from({ length: count }, (_, n) => Math.fround(Math.sin(step * (n + 1))));

function inputsOf({ parameter, table }: Hostile): ReadonlyMap<string, HostTensor> {
  return new Map([
    ...['q', 'k', 'v'].map((name, n) => [name, hostTensor([1, 2, T, D], wave(2 * T * D, n + 1))] as const),
    [parameter, hostTensor([2], [0.25, -0.5])],
    [table, hostTensor([1, T], [0, 0, 1, 1, 1], 'I32')],
  ]);
}

/** What a call gives, with names that went wrong most. */
function expectSame(found: ReadonlyMap<string, HostTensor>, graph: Graph, spec: Hostile): void {
  const wanted = interpret(graph, inputsOf(spec));
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, { data }] of wanted) {
    for (const [n, value] of found.get(name)!.data.entries()) expect(value, name).toBeCloseTo(data[n]!, 4);
  }
}

const few = specs.filter(([{ graph }]) =>
  ['constructor', 'default', '_', 'NULL', 'array', 'toString', 'start', 'Promise', 'a'].includes(graph),
);

describe('devices compute the same whatever things are called', () => {
  test('gpujs', async () => {
    const device = gpujsDevice();
    for (const [spec, graph] of few) expectSame(await device.run(graph, inputsOf(spec)), graph, spec);
  });

  onTorch(
    'run',
    async () => {
      for (const [spec, graph] of few) expectSame(await torch.run(graph, inputsOf(spec)), graph, spec);
    },
    60_000,
  );
});

const emulator = cudaEmulator({ schedule });
const onEmulator = await testsOn(emulator);
describe('the emulation', () => {
  onEmulator(
    'computes the same whatever things are called',
    async () => {
      for (const [spec, graph] of few.slice(0, 2)) expectSame(await emulator.run(graph, inputsOf(spec)), graph, spec);
    },
    120_000,
  );
});

// ── Escapes ─────────────────────────────────────────────────────────────────────────────────────────

describe('escapes', () => {
  test.each(hostileTexts.map((text) => [text.slice(0, 40), text]))('of %j end where they are to end', (_, text) => {
    for (const [language, file] of [
      ['javascript', 'a.js'],
      ['wgsl', 'a.wgsl'],
      ['cuda', 'a.cu'],
    ] as const) {
      expect(tokensOf(file, `one\n${lineComment(language, text)}\ntwo`, false)).toEqual(['one', 'two']);
    }
    for (const [language, file] of [
      ['javascript', 'a.js'],
      ['cuda', 'a.cu'],
    ] as const) {
      expect(tokensOf(file, `one /* ${insideComment(language, text)} */ two`, false)).toEqual(['one', 'two']);
    }
    expect(tokensOf('a.py', `one\n"""${insideDocumentation(text)}\n"""\ntwo`, false)).toEqual(['one', '"', '"', 'two']);
    for (const [language, file] of [
      ['javascript', 'a.js'],
      ['python', 'a.py'],
    ] as const) {
      expect(tokensOf(file, `one ${stringLiteral(language, text)} two`, false)).toEqual(['one', '"', '"', 'two']);
    }
    expect(new Script(stringLiteral('javascript', text)).runInNewContext()).toBe(text);
  });
});
