// Names and texts that programs in some language take for something else, and a spec around them.
// Names are words of languages and of what emitted programs use; texts end comments, strings and lines.
import { type Graph, parse } from '../../../src/ir/index.js';
import { isName } from '../../../src/names.js';
import { cudaNames } from '../../../targets/cuda/text/names.js';
import { javascriptNames } from '../../../targets/gpujs/code.js';
import { moduleNames } from '../../../targets/torch/python.js';
import { wgslNames } from '../../../targets/wgsl/text/names.js';

/** Names that went wrong once, or that no list of reserved words has. */
const known = (
  '_ __ a _a constructor default NULL array toString start Promise launch read write self from let std EOF INFINITY M_PI errno ' +
  'math packed random ___ _1 a_ a__ A __a NAN INT_MAX stdin ' +
  'valueOf hasOwnProperty prototype default name length arguments eval undefined NaN Infinity packed workspace packed_data ' +
  'q_data read_q read_k range_q_0 q_stride_0 q_strides k_offset batch queries keys rows size given dtype device Tq Tk B R ' +
  'start start_kernel are lay_out nul con aux prn com1 CON math string stdint random typing types torch json eager library ' +
  'Promise ArrayLike Float32Array Options Mode promise options mode TensorIn Tensor NamedTuple TypeError isinstance ' +
  '__shared__ __global__ __FILE__ _Bool true True None nullptr half float16 vec4f f32 thread workgroup block lane row_1 s_1'
).split(' ');

/** All names that some language keeps, and those of emitted text; a few hundred. */
export const hostileNames: readonly string[] = [
  ...new Set([
    ...known,
    ...wgslNames.reserved,
    ...cudaNames.reserved,
    ...javascriptNames.reserved,
    ...moduleNames.reserved,
  ]),
].filter(isName);

export { known as worstNames };

export const hostileTexts: readonly string[] = [
  'a\nint ran = 1;//',
  'a\r\nglobalThis.ran = true;',
  'a\u2028globalThis.ran = true;',
  'a\u2029globalThis.ran = true;',
  'a\u0085ran',
  'a\u000bran\u000cran',
  'a\0b',
  '*/ globalThis.ran = true; /*',
  '/* /* // */ */',
  '""" + ran() + """',
  '"""""" ran()',
  "''' ran() '''",
  'ends in a backslash \\',
  'ends in a trigraph ??/',
  '??/\nint ran;',
  '\\u000aran()',
  '\\N{LINE FEED} \\x0a',
  '`$' + '{ran()}` {ran}',
  '</script><img src=x onerror=ran()>',
  '| ran | <b>',
  '\u202eran\u202c',
  '\ud800ran',
  '# -*- coding: utf-7 -*-',
  '//# sourceMappingURL=data:,ran',
  '"; ran(); "',
  "'; ran(); '",
  'x'.repeat(100_000),
];

export interface Hostile {
  readonly graph: string;
  readonly parameter: string;
  readonly table: string;
  readonly output: string;
  readonly setting: string;
  readonly text: string;
}

export const harmless: Hostile = {
  graph: 'spec',
  parameter: 'theta',
  table: 'document',
  output: 'result',
  setting: 'heads',
  text: 'softmax(S) v',
};

/** Attention with a bias of a parameter and of a table, under these names and with this text wherever one may stand. */
export function graphOf({ graph, parameter, table, output, setting, text }: Hostile): Graph {
  const parsed = parse(`graph ${JSON.stringify(graph)}
setting ${JSON.stringify(setting)} = ${JSON.stringify(text)}
setting heddle_text = ${JSON.stringify(text)}
formula ${JSON.stringify(text)}
paper ${JSON.stringify(text)}
tensor q[b, h:2, i, d:4]: queries
tensor k[b, h:2, j, d:4]: keys
tensor v[b, h:2, j, d:4]: values
tensor ${JSON.stringify(parameter)}[h:2]: parameter
tensor ${JSON.stringify(table)}[b, p]: integers
dot %1[b, h:2, i, j] = q · k
map %2[b, h:2, i, j] ${JSON.stringify(text)} = %1[b, h, i, j] * 0.5 + ${JSON.stringify(parameter)}[h]
fill %3[b, h:2, i, j] ${JSON.stringify(text)} = %2 where j <= i && ${JSON.stringify(table)}[b, j] == ${JSON.stringify(table)}[b, i] else -Infinity
reduce %4[b, h:2, i] ${JSON.stringify(text)} = logSumExp(j) %3[b, h, i, j]
map %5[b, h:2, i, j] ${JSON.stringify(text)} = expdiff(%3[b, h, i, j], %4[b, h, i])
contract %6[b, h:2, i, d:4] ${JSON.stringify(text)} = %5 · v over j
output ${JSON.stringify(output)} = %6
output lse = %4
`);
  return parsed;
}

/** The same with every name taken from `names` in turn: each stands once for each thing that has a name. */
export function* hostileSpecs(names: readonly string[], text: string): Generator<Hostile> {
  for (const [n, graph] of names.entries()) {
    const at = (step: number): string => {
      for (let m = step; ; m += 1) {
        const name = names[(n + m) % names.length]!;
        if (!['q', 'k', 'v', 'lse'].includes(name)) return name;
      }
    };
    const [parameter, table, output] = [at(1), at(2), at(3)];
    if (new Set([parameter, table, output]).size === 3) yield { graph, parameter, table, output, setting: graph, text };
  }
}
