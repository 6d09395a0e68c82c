// The JSON form: it keeps graphs as they are, sharing included, and refuses every damaged document with a path, never with
// a crash. What a document says is verified like any other graph.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../src/autodiff/index.js';
import { HeddleError } from '../../src/diagnostics/index.js';
import { fromJson, type Graph, parse, print, toJson } from '../../src/ir/index.js';
import { optimise } from '../../src/passes/index.js';
import { schemaFault } from '../support/json-schema.js';
import { randomGraphs } from '../support/random-graph.js';
import { graphDifference } from '../support/same-graph.js';

const schema = JSON.parse(readFileSync(new URL('../../src/ir/graph.schema.json', import.meta.url), 'utf8'));

function expectRoundTrip(graph: Graph): void {
  const text = JSON.stringify(toJson(graph));
  const document = JSON.parse(text);
  expect(schemaFault(schema, document)).toBeUndefined();
  const back = fromJson(document);
  expect(graphDifference(graph, back)).toBeUndefined();
  expect(JSON.stringify(toJson(back))).toBe(text);
  expect(print(back)).toBe(print(graph));
}

const graph = parse(`graph g
setting zero = -0
setting far = -Infinity
setting name = "Infinity"
setting sizes = [1, -0, Infinity]
formula "f"
paper "p"
history 3
tensor q[b, h:2, i, d:2]: queries
tensor k[b, h:2, j, d:2]: keys
tensor theta[h:2, x:3]: parameter = x == 1 ? 1.0 : -0.0
tensor bias[]: parameter ~ normal(0.5)
dot %1[b, h:2, i, j] = q · k
map %2[b, h:2, i, j] "stencil" = sum(c0 < 3) theta[h, c0] * %1[b, h, i, j - c0] + bias[]
fill %3[b, h:2, i, j] = %2 where j <= i && true else -Infinity
bin %4[x:4] = sum(b, n in h:2, i, j) %1[b, n, i, j] at [minimum(abs(i - j), Tk - 1)]
output out = %3
output table = %4
`);

const document = () => JSON.parse(JSON.stringify(toJson(graph)));

function faultOf(value: unknown) {
  try {
    fromJson(value);
  } catch (error) {
    if (error instanceof HeddleError) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error('this document must not be read');
}

describe('the JSON form', () => {
  it('keeps all that a graph says', () => expectRoundTrip(graph));

  it('keeps what tensors may hold', () => {
    expectRoundTrip(
      parse(`graph contents
tensor gate[b, j]: tensor from -0.5 to 1.0
tensor document[b, p]: integers from -1 to Tk - 1 increasing
tensor length[b]: integers to B
tensor flags[b]: integers increasing
map %1[b, h:1, i, j] = document[b, i] < length[b] + flags[b] ? gate[b, j] : 0.0
output out = %1
`),
    );
  });

  it('keeps random graphs, their gradients and what the passes make of both', () => {
    fc.assert(
      fc.property(randomGraphs, (drawn) => {
        const main = { ...drawn, outputs: drawn.outputs.slice(0, 1) };
        for (const each of [drawn, optimise(drawn), gradientGraph(main)]) expectRoundTrip(each);
      }),
      { numRuns: 40 },
    );
  });

  it('takes counters by any name, and gives them their canonical ones', () => {
    const changed = JSON.parse(JSON.stringify(toJson(graph)).replaceAll('"c0"', '"tap"'));
    expect(print(fromJson(changed))).toBe(print(graph));
  });
});

type Document = ReturnType<typeof document>;

/** Each damages the document in one place; the message names the path and what was expected. */
const damages: readonly (readonly [
  what: string,
  code: string,
  message: string,
  damage: (document: Document) => unknown,
])[] = [
  ['nothing', 'HD5040', '$: expected an object', () => null],
  ['a list', 'HD5040', '$: expected an object', () => []],
  ['no format', 'HD5041', '(none)', ({ format: _, ...rest }) => rest],
  ['another version', 'HD5041', 'heddle-graph/2', (each) => ({ ...each, format: 'heddle-graph/2' })],
  ['an unknown field', 'HD5040', 'the field "extra"', (each) => ({ ...each, extra: 1 })],
  ['no name', 'HD5040', '$.name: expected a string', ({ name: _, ...rest }) => rest],
  ['an object for a setting', 'HD5040', '$.settings.a', (each) => ({ ...each, settings: { a: { b: 1 } } })],
  [
    'a sum that nobody waits for',
    'HD5040',
    'at most 16777216 terms, found 100000000000',
    (each) => JSON.parse(JSON.stringify(each).replace(/"name":"c0","extent":3/, '"name":"c0","extent":100000000000')),
  ],
  ['a fractional history', 'HD5040', '$.history', (each) => ({ ...each, history: 1.5 })],
  [
    'an operation of Object',
    'HD5040',
    '.operation',
    (each) => {
      operationOf(each).operation = 'constructor';
    },
  ],
  [
    'an unknown node',
    'HD5040',
    '$.nodes[0].op',
    (each) => {
      each.nodes[0].op = '__proto__';
    },
  ],
  [
    'an unknown role',
    'HD5040',
    '$.nodes[0].role',
    (each) => {
      each.nodes[0].role = 'toString';
    },
  ],
  [
    'a later node',
    'HD5040',
    '$.nodes[4].x',
    (each) => {
      each.nodes[4].x = 4;
    },
  ],
  [
    'a fractional node',
    'HD5040',
    '$.nodes[4].x',
    (each) => {
      each.nodes[4].x = 0.5;
    },
  ],
  [
    'a later expression',
    'HD5040',
    '.operands[0]',
    (each) => {
      operationOf(each).operands[0] = 999;
    },
  ],
  [
    'an expression too many',
    'HD5040',
    'operands',
    (each) => {
      operationOf(each).operands.push(0);
    },
  ],
  [
    'a size of a batch axis',
    'HD5040',
    '$.nodes[0].domain[0].size',
    (each) => {
      each.nodes[0].domain[0].size = 2;
    },
  ],
  [
    'no size of a head axis',
    'HD5040',
    '.size',
    (each) => {
      delete each.nodes[0].domain[1].size;
    },
  ],
  [
    'a size of 0',
    'HD5040',
    '.size',
    (each) => {
      each.nodes[0].domain[1].size = '0';
    },
  ],
  [
    'a truth value for a number',
    'HD5040',
    '.otherwise',
    (each) => {
      fillOf(each).otherwise = true;
    },
  ],
  [
    'NaN',
    'HD5040',
    '.otherwise',
    (each) => {
      fillOf(each).otherwise = 'NaN';
    },
  ],
  [
    'an input that is no tensor',
    'HD5040',
    '$.inputs[0]',
    (each) => {
      each.inputs[0] = 5;
    },
  ],
  [
    'an output without a name',
    'HD5040',
    '$.outputs[0].name',
    (each) => {
      delete each.outputs[0].name;
    },
  ],
  [
    'a rule broken',
    'HD5012',
    'not among the inputs',
    (each) => {
      each.inputs.shift();
    },
  ],
  ['too many nodes', 'HD5040', 'at most 4096 nodes', (each) => ({ ...each, nodes: Array(5000).fill(each.nodes[0]) })],
  [
    'an expression too high',
    'HD5040',
    'at most 500 levels',
    (each) => {
      const { expressions } = each.nodes[5];
      for (let n = 0; n < 100_000; n += 1) {
        expressions.push({ kind: 'apply', operation: 'negate', operands: [expressions.length - 1] });
      }
      return each;
    },
  ],
];

// biome-ignore lint/suspicious/noExplicitAny: a document is any JSON
const operationOf = (each: Document): any => each.nodes[5].expressions.find((one: any) => one.kind === 'apply');
// biome-ignore lint/suspicious/noExplicitAny: a document is any JSON
const fillOf = (each: Document): any => each.nodes.find((one: any) => one.op === 'fill');

describe('JSON that is no graph', () => {
  for (const [what, code, message, damage] of damages) {
    it(`with ${what} is ${code}`, () => {
      const damaged = document();
      const result = damage(damaged);
      const fault = faultOf(result === undefined ? damaged : result);
      expect(`${fault.code}: ${fault.message}`).toContain(`${code}: `);
      expect(fault.message).toContain(message);
    });
  }

  it('with any one value replaced is refused or read, never a crash', () => {
    const values = fc.constantFrom<unknown>(null, [], {}, '', -1, 1.5, 1e300, 'Infinity', '__proto__', true, [[0]], 3);
    fc.assert(
      fc.property(fc.nat(), values, (choice, value) => {
        const damaged = document();
        const places: [object, string][] = [];
        const collect = (held: unknown): void => {
          if (typeof held !== 'object' || held === null) return;
          for (const [name, inner] of Object.entries(held)) {
            places.push([held, name]);
            collect(inner);
          }
        };
        collect(damaged);
        const [holder, name] = places[choice % places.length]!;
        (holder as Record<string, unknown>)[name] = value;
        const isValid = schemaFault(schema, damaged) === undefined;
        try {
          fromJson(damaged);
          expect(isValid).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HeddleError);
        }
      }),
      { numRuns: 600 },
    );
  });
});
