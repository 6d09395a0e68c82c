// Rules of the house that no type checks: which floor may import which, and what runs in a browser.
// The floors are those of the architecture: cli > report > studies > driver > targets > codegen > dsl > src.
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesUnder, floorsOfHouse, textOf } from './support/sources.js';

interface Floor {
  /** What its files' paths start with; the first floor that fits is the one. */
  readonly path: string;
  /** The paths that it may import from by a relative specifier, itself included. */
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
  /** Whether it may use modules of Node. */
  readonly node?: boolean;
}

/** A target knows no other one. Its device runs what the rest of it has emitted, and may need the machine for it. */
function target(name: string, packages: readonly string[] = []): readonly Floor[] {
  const imports = [`targets/${name}/`, 'targets/shared/', 'codegen/', 'src/'];
  return [
    { path: `targets/${name}/device`, imports, packages, node: true },
    { path: `targets/${name}/`, imports },
  ];
}

const floors: readonly Floor[] = [
  { path: 'src/', imports: ['src/'] },
  { path: 'dsl/language.ts', imports: ['dsl/run-time'] },
  { path: 'dsl/run-time.ts', imports: ['dsl/language'] },
  { path: 'dsl/library/', imports: ['dsl/library/'], packages: ['heddle'] },
  { path: 'dsl/frontend/', imports: ['dsl/', 'src/'], packages: ['ts-morph'], node: true },
  { path: 'codegen/', imports: ['codegen/', 'src/'] },
  { path: 'targets/shared/device/', imports: ['targets/shared/device/'], node: true },
  { path: 'targets/shared/', imports: ['targets/shared/', 'codegen/', 'src/'] },
  ...target('wgsl', ['webgpu']),
  ...target('cuda'),
  ...target('gpujs', ['gpu.js']),
  ...target('torch'),
  // Kernels of one target as an operator beside the modules of another.
  {
    path: 'targets/binding/',
    imports: ['targets/binding/', 'targets/cuda/', 'targets/torch/', 'targets/shared/', 'src/'],
  },
  // Strings the floors together: specs to graphs, graphs to targets and devices.
  { path: 'driver/', imports: ['driver/', 'targets/', 'codegen/', 'dsl/frontend/', 'src/'], node: true },
  // A study as it was run is data that reports draw, in browsers too.
  { path: 'studies/record/', imports: ['studies/record/'] },
  { path: 'studies/', imports: ['studies/', 'driver/', 'targets/', 'codegen/', 'dsl/frontend/', 'src/'], node: true },
  // The scripts of a report run in the reader's browser.
  { path: 'report/page/', imports: ['report/page/', 'report/shared/', 'studies/record/'] },
  // What is drawn by the document's writer first, and again by the page where a reader chooses something else.
  { path: 'report/shared/', imports: ['report/shared/', 'studies/record/'], packages: ['d3-scale', 'd3-shape'] },
  {
    path: 'report/',
    imports: ['report/', 'studies/record/', 'codegen/', 'src/'],
    packages: ['@dagrejs/dagre', 'd3-shape'],
    node: true,
  },
  {
    path: 'cli/',
    imports: ['cli/', 'report/', 'studies/', 'driver/', 'targets/', 'codegen/', 'dsl/frontend/', 'src/'],
    packages: ['commander'],
    node: true,
  },
  // Bundlers' own way to compile: options mean there what they mean on the command line.
  {
    path: 'plugin/',
    imports: ['plugin/', 'cli/arguments', 'driver/', 'src/'],
    packages: ['unplugin'],
    node: true,
  },
  // The page of the playground and its workers: the page draws, the workers compile.
  {
    path: 'playground/page/',
    imports: ['playground/page/', 'playground/shared/', 'report/page/', 'report/shared/', 'report/sections/'],
    packages: [
      'codemirror',
      '@codemirror/autocomplete',
      '@codemirror/lang-javascript',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
    ],
  },
  {
    path: 'playground/',
    imports: ['playground/', 'report/', 'driver/', 'targets/', 'codegen/', 'dsl/frontend/', 'src/'],
  },
  {
    path: 'examples/integrations/',
    imports: ['examples/integrations/'],
    packages: ['heddle', 'heddle/library', 'heddle/vite', 'webgpu'],
    node: true,
  },
  { path: 'examples/', imports: ['examples/'], packages: ['heddle', 'heddle/library'] },
];

/** The specifiers of a file's imports and exports, static and dynamic; those in comments are none. */
function specifiersOf(file: string): string[] {
  const code = textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /^(?:import|export)\b[^'"`;=(]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return Array.from(found, ([, from, effect, lazy]) => (from ?? effect ?? lazy)!);
}

/** What is wrong with an import, undefined where nothing is. */
function problemOf(file: string, specifier: string, floor: Floor): string | undefined {
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(file), specifier)).replaceAll('\\', '/');
    // A bundler's plugin compiles the specs that are asked for by their query.
    const isSpec = floor.path === 'examples/integrations/' && target.endsWith('.ts?heddle');
    const isSource = target.endsWith('.js') || floor.path === 'examples/' || isSpec;
    if (!isSource) return 'relative imports end in .js';
    return floor.imports.some((path) => target.startsWith(path)) ? undefined : `${floor.path} must not know ${target}`;
  }
  if (specifier.startsWith('node:')) return floor.node ? undefined : `${floor.path} must run in a browser`;
  return floor.packages?.includes(specifier) ? undefined : `${floor.path} must not depend on ${specifier}`;
}

const sources = [...floorsOfHouse, 'examples', 'playground'].flatMap(filesUnder);

describe('imports', () => {
  test('run down the floors only', () => {
    const problems = sources.flatMap((file) => {
      const floor = floors.find(({ path }) => file.startsWith(path));
      if (floor === undefined) return [`${file} is on no floor`];
      return specifiersOf(file).flatMap((specifier) => {
        const problem = problemOf(file, specifier, floor);
        return problem === undefined ? [] : [`${file} imports ${specifier}: ${problem}`];
      });
    });
    expect(problems).toEqual([]);
  });

  test('are found in every form', () => {
    expect(specifiersOf('cli/commands/run.ts')).toEqual(
      expect.arrayContaining(['commander', '../options.js', '../../driver/specs.js', '../../src/tensors/index.js']),
    );
    expect(specifiersOf('src/ir/index.ts')).toContain('./scopes.js');
    const floor = floors.find(({ path }) => path === 'src/')!;
    expect(problemOf('src/ir/graph.ts', '../../dsl/language.js', floor)).toMatch('must not know');
    expect(problemOf('src/ir/graph.ts', 'node:fs', floor)).toMatch('browser');
    expect(problemOf('src/ir/graph.ts', 'ts-morph', floor)).toMatch('must not depend');
    expect(problemOf('src/ir/graph.ts', './axis', floor)).toMatch('.js');
    expect(problemOf('src/ir/graph.ts', '../tensors/index.js', floor)).toBeUndefined();
    const cuda = floors.find(({ path }) => path === 'targets/cuda/')!;
    expect(problemOf('targets/cuda/emit.ts', '../wgsl/layout/walk.js', cuda)).toMatch('must not know');
    expect(problemOf('targets/cuda/emit.ts', '../shared/layout/walk.js', cuda)).toBeUndefined();
  });
});
