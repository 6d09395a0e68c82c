// The type declarations of an emitted module: what goes in and what comes out, with shapes.
// They stand alone: nothing of this project and nothing of gpu.js is imported.
import { history } from '../../src/ir/index.js';
import { isSafeName } from '../../src/names.js';
import { Names } from '../shared/text/names.js';
import { insideComment, lineComment, ownText, type Source } from '../shared/text/source.js';
import { identifier, interfaceNames } from './code.js';
import type { Plan } from './kernels.js';
import type { Limits } from './limits.js';
import { factoryName, type Origin, quoted, shapeOf, shapeText } from './module-text.js';

const roles = {
  queries: 'queries, at the positions Tk − Tq … Tk − 1',
  keys: 'keys',
  values: 'values',
  keysAndValues: 'keys that are values too',
  parameter: 'parameter',
  tensor: 'tensor',
  integers: 'whole numbers',
  cotangent: 'incoming gradient, of the last R rows or of all',
} as const;

const property = (name: string): Source<'javascript'> =>
  isSafeName(name) ? ownText('javascript', name) : quoted(name);

export function typesText({ graph }: Plan, limits: Limits, { name, version }: Origin): string {
  const title = new Names(interfaceNames).take(identifier(name, true), {
    ending: 'Module',
    derived: (each) => [each, `${each}Inputs`, `${each}Outputs`],
  });
  const rows = graph.inputs.some(({ role }) => role === 'cotangent') ? 'Tq' : 'R';
  const needed = history(graph);
  return [
    lineComment('javascript', `Types of ${name}, compiled by heddle ${version} for gpu.js.`),
    '// B, Tq and Tk are the batch, the rows of queries that are given and the positions; R ≤ Tq rows come back.',
    '',
    '/** Dense and row-major: the last axis runs fastest. Float32Array is taken as it is, others are converted. */',
    'export interface TensorIn {',
    '  readonly shape: readonly number[];',
    '  readonly data: ArrayLike<number>;',
    '}',
    '',
    'export interface TensorOut {',
    '  readonly shape: number[];',
    '  readonly data: Float32Array;',
    '}',
    '',
    `export interface ${title}Inputs {`,
    ...graph.inputs.flatMap((node) => [
      `  /** ${shapeText(shapeOf(node.domain))}: ${roles[node.role]}${
        node.dtype === 'int' ? ` of at most ${limits.integers} in magnitude` : ''
      } */`,
      `  readonly ${property(node.name)}: TensorIn;`,
    ]),
    '}',
    '',
    `export interface ${title}Outputs {`,
    ...graph.outputs.flatMap(({ name: output, node }) => [
      `  /** ${shapeText(shapeOf(node.domain), rows)} */`,
      `  readonly ${property(output)}: TensorOut;`,
    ]),
    '}',
    '',
    '/**',
    ' * webasm and cpu run everywhere, with the arithmetic of JavaScript rounded to float32. The others need a graphics device,',
    ' * and all but headlessgl a browser; functions such as exp and log are as accurate there as the device makes them.',
    ' */',
    "export type Mode = 'webasm' | 'cpu' | 'webgpu' | 'webgl2' | 'webgl' | 'headlessgl';",
    '',
    'export interface Options {',
    "  /** 'webasm' by default. */",
    '  readonly mode?: Mode;',
    '  /** Split large kernels over worker threads in mode webasm. */',
    '  readonly threads?: boolean;',
    '  /** For how many sizes kernels are kept; 4 by default. */',
    '  readonly kept?: number;',
    '}',
    '',
    `export interface ${title} {`,
    '  readonly mode: Mode;',
    '  /**',
    `   * Computes the outputs; any sizes, up to ${limits.keys} positions. \`rows\` is R; by default as many as the given rows of`,
    `   * queries allow, which must be rows max(0, Tk − R − ${needed}) … Tk − 1.`,
    '   * @throws TypeError for a missing tensor, RangeError for wrong shapes or too few rows (the promise rejects)',
    '   */',
    `  run(tensors: ${title}Inputs, options?: { readonly rows?: number }): Promise<${title}Outputs>;`,
    '  destroy(): Promise<void>;',
    '}',
    '',
    ...(graph.formula === undefined ? [] : [`/** ${insideComment('javascript', graph.formula)} */`]),
    `export declare function ${factoryName(name)}(options?: Options): ${title};`,
    '',
  ].join('\n');
}
