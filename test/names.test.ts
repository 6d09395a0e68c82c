// Names are ASCII identifiers wherever they come in: in specs, in JSON, in the text form, in graphs that programs build,
// and after --set. What is none is refused with its place, before anything is emitted.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain } from '../cli/api.js';
import { openSpec } from '../dsl/frontend/index.js';
import { HeddleError } from '../src/diagnostics/index.js';
import { fromJson, type Graph, type GraphJson, parse, print, toJson } from '../src/ir/index.js';
import { isName, LONGEST_NAME, nameFrom } from '../src/names.js';
import { expectBadInput, runHeddle, temporaryFolder } from './cli/harness.js';

const hostile = [
  '',
  ' ',
  '1a',
  'a b',
  'a-b',
  'größe',
  'ａ',
  'a\n',
  '\na',
  'x\nstatic int ran = system("id");//',
  'a\u2028b',
  'a\0',
  '../../x',
  'a/b',
  'a\\b',
  "a'b",
  'a"b',
  '*/',
  '"""',
  '`',
  '$',
  '__proto__',
  'a'.repeat(LONGEST_NAME + 1),
];
const fine = ['a', '_', '__', 'A9_', 'constructor', 'launch', 'a'.repeat(LONGEST_NAME)];

function codeOf(action: () => unknown): { readonly code: string; readonly message: string } {
  try {
    action();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    const [{ code, message, hint }] = error.diagnostics as [(typeof error.diagnostics)[number]];
    return { code, message: `${message} ${hint}` };
  }
  return expect.fail('nothing was thrown');
}

const text = (graph = 'g', setting = 'heads', tensor = 'p', output = 'out'): string => `graph ${JSON.stringify(graph)}
setting ${JSON.stringify(setting)} = 2
tensor ${JSON.stringify(tensor)}[h:2]: parameter
map %1[b, h:2, i, j] = ${JSON.stringify(tensor)}[h]
output ${JSON.stringify(output)} = %1
`;

/** The same graph with a name of each kind in turn. */
function places(name: string): readonly Parameters<typeof text>[] {
  return [[name], ['g', name], ['g', 'heads', name], ['g', 'heads', 'p', name]];
}

describe('the rule', () => {
  test.each(hostile)('refuses %j', (name) => expect(isName(name)).toBe(false));
  test.each(fine)('takes %j', (name) => expect(isName(name)).toBe(true));
  test('makes names of names of files, or says that it cannot', () => {
    expect(['row-bias', '2d', 'über uns', 'a.b', '表', '-', '__proto__'].map(nameFrom)).toEqual([
      'rowBias',
      'spec2d',
      'uBerUns',
      'aB',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('graphs from elsewhere', () => {
  test.each(hostile.filter((name) => name !== ''))('the text form refuses %j with its line', (name) => {
    for (const [n, names] of places(name).entries()) {
      const { code, message } = codeOf(() => parse(text(...names)));
      expect(['HD5032', 'HD5030']).toContain(code);
      expect(message).toContain(`line ${[1, 2, 3, 5][n]}, `);
    }
  });

  test.each(hostile)('JSON refuses %j with its path', (name) => {
    const json = toJson(parse(text()));
    const { nodes, outputs } = json;
    const wrong: readonly (readonly [string, GraphJson])[] = [
      ['$.name', { ...json, name }],
      ['$.settings', { ...json, settings: Object.fromEntries([[name, 1]]) }],
      ['$.outputs[0].name', { ...json, outputs: [{ ...outputs[0]!, name }] }],
      ['$.nodes[0].name', { ...json, nodes: nodes.map((node) => (node.op === 'tensor' ? { ...node, name } : node)) }],
    ];
    for (const [path, value] of wrong) {
      const { code, message } = codeOf(() => fromJson(JSON.parse(JSON.stringify(value))));
      expect(code).toBe('HD5040');
      expect(message).toContain(`${path}: expected `);
    }
  });

  test.each(hostile.slice(0, -1))('a graph that a program built with %j is refused by the library', (name) => {
    const graph = parse(text());
    const wrong: readonly Graph[] = [
      { ...graph, name },
      { ...graph, settings: Object.fromEntries([[name, 1]]) },
      { ...graph, outputs: [{ name, node: graph.outputs[0]!.node }] },
    ];
    for (const each of wrong) expect(codeOf(() => explain(each)).code).toBe('HD5011');
  });

  test('names that are fine come through both forms', () => {
    for (const name of fine) {
      for (const names of places(name)) {
        const graph = parse(text(...names));
        expect(print(parse(print(graph)))).toBe(print(graph));
        expect(print(fromJson(toJson(graph)))).toBe(print(graph));
      }
    }
  });
});

const imports = `import { attention, param, softmax, tensor, integers, queries, map } from 'heddle';
import { scaledDot } from 'heddle/library';
`;
const literal = (name: string): string =>
  JSON.stringify(name).replace(/[\u007f-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('specs', () => {
  const folder = temporaryFolder;
  const bodies: Readonly<Record<string, (name: string) => string>> = {
    setting: (name) =>
      `export const s = attention({ heads: 2, headDim: 4, [${name}]: 1 }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v));`,
    export: (name) =>
      `const s = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => softmax(scaledDot(q, k)).times(v));\nexport { s as ${name} };`,
    param: (name) =>
      `export const s = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => { const p = param(${name}, ['head']); return softmax(map(scaledDot(q, k), (x, h) => x + p(h))).times(v); });`,
    output: (name) =>
      `export const s = attention({ heads: 2, headDim: 4 }, ({ q, k, v }) => ({ [${name}]: softmax(scaledDot(q, k)).times(v) }));`,
  };

  test.each(Object.keys(bodies))(
    'the name of a %s is refused with its place',
    async (kind) => {
      const path = join(folder(), 'spec.ts');
      for (const name of hostile.filter((each) => each !== '__proto__' || kind !== 'output')) {
        // A lone surrogate or a control character is no name of an export in TypeScript either.
        writeFileSync(path, `${imports}${bodies[kind]!(literal(name))}\n`);
        const error = await openSpec(path)
          .then((file) => file.compile())
          .then(
            () => expect.fail(`${kind} ${JSON.stringify(name)} was taken`),
            (found: unknown) => found,
          );
        expect(error).toBeInstanceOf(HeddleError);
        const [found] = (error as HeddleError).diagnostics;
        expect(['HD2012', 'HD1040', 'HD1001'], name).toContain(found?.code);
        expect(found?.span?.line).toBeGreaterThan(2);
      }
    },
    120_000,
  );

  test('one bad export leaves the others', async () => {
    const path = join(folder(), 'spec.ts');
    writeFileSync(path, `${imports}${bodies['export']!('"a b"')}\nexport { s as good };\n`);
    const file = await openSpec(path);
    expect(file.compile('good').name).toBe('good');
    expect(codeOf(() => file.compile('a b')).code).toBe('HD2012');
  });

  test('a default export is called as its file is, and found as default too', async () => {
    const inside = folder();
    const path = join(inside, 'row-bias.ts');
    writeFileSync(path, `${imports}${bodies['setting']!("'extra'").replace('const s =', 'default')}\n`);
    const file = await openSpec(path);
    expect(file.specs.map(({ name }) => name)).toEqual(['rowBias']);
    expect(file.compile('default').name).toBe('rowBias');
    const out = join(inside, 'out');
    expect(await runHeddle(['compile', path, '--target', 'wgsl', '--out', out])).toMatchObject({
      exitCode: 0,
      err: '',
    });
    const { exitCode } = await runHeddle(['compile', path, '--export', 'default', '--out', out]);
    expect(exitCode).toBe(0);
  });

  test('a default export without a file to be called after is asked for a name', async () => {
    const inside = join(folder(), 'specs');
    mkdirSync(inside);
    const path = join(inside, '表.ts');
    writeFileSync(path, `${imports}${bodies['setting']!("'extra'").replace('const s =', 'default')}\n`);
    await expectBadInput(['compile', path], 'HD2013', 'export const name =');
  });

  test('--set takes names of settings alone', async () => {
    const path = join(folder(), 'spec.ts');
    writeFileSync(path, `${imports}${bodies['setting']!("'extra'")}\n`);
    for (const name of ['a b', 'x\n//', '__proto__']) {
      const { exitCode, err, out } = await runHeddle(['compile', path, '--set', `${name}=1`, '--out', '-']);
      expect({ exitCode, out }, name).toEqual({ exitCode: 2, out: '' });
      expect(err).toMatch(/error\[HD(2002|4012)\]/);
    }
  });
});
