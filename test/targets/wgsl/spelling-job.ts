// One module that applies scalar operations to samples: each operation in an entry point of its own, for one value and for
// four at once, as the printer of kernels spells them.
import { apply, type ScalarType, variable } from '../../../src/ir/index.js';
import { lineText } from '../../../targets/shared/text/lines.js';
import type { Job } from '../../../targets/wgsl/device/index.js';
import { atom, type Code, typeName } from '../../../targets/wgsl/text/code.js';
import { wgslPrinter } from '../../../targets/wgsl/text/expressions.js';
import { Helpers } from '../../../targets/wgsl/text/helpers.js';
import type { SpellingCase } from '../shared/spelling-cases.js';

/** Invocations of a workgroup. */
const GROUP = 64;

/** Results of a case, one for each sample, computed alone and in fours. */
export interface SpellingResults {
  readonly alone: readonly number[];
  readonly inFours: readonly number[];
}

export interface SpellingJob {
  readonly job: Job;
  /** The results of each case, from the buffer `results` of the job. */
  readonly resultsOf: (buffer: ArrayBuffer) => readonly SpellingResults[];
}

const toBits: Readonly<Record<ScalarType, (value: number) => number>> = {
  float: (value) => new Uint32Array(Float32Array.of(value).buffer)[0]!,
  int: (value) => value >>> 0,
  bool: (value) => value,
};
const fromBits: Readonly<Record<ScalarType, (bits: number) => number>> = {
  float: (bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]!,
  int: (bits) => bits | 0,
  bool: (bits) => bits,
};
const typedText: Readonly<Record<ScalarType, (bits: string) => string>> = {
  float: (bits) => `bitcast<f32>(${bits})`,
  int: (bits) => `bitcast<i32>(${bits})`,
  bool: (bits) => `(${bits} != 0u)`,
};

/** Operand n of every sample lies in a row of its own, all as bits; results are scalars first, then those computed in fours. */
export function spellingJob(cases: readonly SpellingCase[]): SpellingJob {
  const helpers = new Helpers();
  const lines: string[] = [];
  let names = 0;
  const writer = wgslPrinter(
    {
      line: (line) => lines.push(`  ${lineText(line)}`),
      open: (text) => lines.push(`  ${text}`),
      close: () => lines.push('  }'),
      fresh: (prefix) => `${prefix}_${++names}`,
    },
    helpers,
  );
  const operands: number[] = [];
  const types: ScalarType[] = [];
  let places = 0;
  const parts = cases.map((each, n) => {
    const count = Math.ceil(each.samples.length / GROUP) * GROUP;
    const [from, to] = [operands.length, places];
    for (const [operand, type] of each.types.entries()) {
      for (let k = 0; k < count; k += 1) operands.push(toBits[type](each.samples[k % each.samples.length]![operand]!));
    }
    places += 2 * count;
    lines.push(`@compute @workgroup_size(${GROUP})`, `fn case_${n}(@builtin(global_invocation_id) id: vec3u) {`);
    // A binding that an entry point does not use is none.
    lines.push('  _ = launch.minus_infinity;', '  let k = id.x;');
    for (const wide of [false, true]) {
      const named = each.types.map((type, operand): Code => {
        const texts = [0, 1, 2, 3].map((part) => {
          const at = wide ? `((k / 4u) * 4u + ${part}u)` : 'k';
          return typedText[type](`operands[${from + operand * count}u + ${at}]`);
        });
        const name = `operand_${++names}`;
        lines.push(`  let ${name} = ${wide ? `${typeName(type, true)}(${texts.join(', ')})` : texts[0]};`);
        return atom(name, type, wide);
      });
      const variables = each.types.map((type, operand) => ({ ...variable(`x${operand}`), type }) as never);
      const code = writer.print(apply(each.name, ...variables), {
        variable: (name) => named[Number(name.slice(1))]!,
        length: () => atom('0', 'int'),
        read: () => atom('0', 'int'),
      });
      types[n] = code.type;
      const value = wide ? `(${code.text})[k % 4u]` : code.text;
      const bits = code.type === 'bool' ? `select(0u, 1u, ${value})` : `bitcast<u32>(${value})`;
      lines.push(`  results[${to + (wide ? count : 0)}u + k] = ${bits};`);
    }
    lines.push('}', '');
    return { count, to };
  });
  const wgsl = [
    'struct Launch { minus_infinity: u32 }',
    '@group(0) @binding(0) var<uniform> launch: Launch;',
    '@group(0) @binding(1) var<storage, read> operands: array<u32>;',
    '@group(0) @binding(2) var<storage, read_write> results: array<u32>;',
    helpers.text(),
    ...lines,
  ].join('\n');
  const job: Job = {
    label: 'spellings.wgsl',
    wgsl,
    buffers: [
      { name: 'launch', size: 16, data: Uint32Array.of(0xff800000, 0, 0, 0) },
      { name: 'operands', size: operands.length * 4, data: Uint32Array.from(operands) },
      { name: 'results', size: places * 4, read: true },
    ],
    dispatches: parts.map(({ count }, n) => ({
      entryPoint: `case_${n}`,
      workgroups: [count / GROUP],
      bindings: [
        { binding: 0, kind: 'uniform' as const, buffer: 'launch' },
        { binding: 1, kind: 'read' as const, buffer: 'operands' },
        { binding: 2, kind: 'read_write' as const, buffer: 'results' },
      ],
    })),
  };
  const resultsOf = (buffer: ArrayBuffer): readonly SpellingResults[] => {
    const bits = new Uint32Array(buffer);
    return parts.map(({ count, to }, n) => {
      const { length } = cases[n]!.samples;
      const from = (first: number) => Array.from(bits.subarray(first, first + length), fromBits[types[n]!]);
      return { alone: from(to), inFours: from(to + count) };
    });
  };
  return { job, resultsOf };
}
