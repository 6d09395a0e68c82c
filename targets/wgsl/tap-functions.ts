// Functions that add a line of a stencil's taps: the weights in their vectors, times four neighbours each, in their order.
// Lines that lie alike in their vectors share one, in whatever kernel; every driver writes it out where it is called.
import type { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';

/** A tap of a line: the entry of its weight, and the first of its four neighbours, both counted from the first vector's first. */
export interface TapOfLine {
  readonly weight: number;
  readonly neighbour: number;
}

const part = (entry: number): string => 'xyzw'[entry % 4]!;
const vectorOf = (entry: number): number => Math.floor(entry / 4);

export class TapFunctions {
  private readonly names: Names<'wgsl'>;
  private readonly known = new Map<string, { readonly name: Source<'wgsl'>; readonly text: string }>();

  constructor(names: Names<'wgsl'>) {
    this.names = names;
  }

  /** The function that gives so many neighbouring vectors of an arena, from an index on. */
  vectors(arena: string, count: number): string {
    const key = `${arena} ${count}`;
    const known = this.known.get(key);
    if (known) return known.name;
    const name = this.names.take(`${arena}_${count}`);
    const entries = Array.from({ length: count }, (_, n) => `${arena}[${n === 0 ? 'at' : `at + ${n}`}]`);
    const text = [
      `fn ${name}(at: i32) -> ${vectorsType(count)} {`,
      `  return ${vectorsType(count)}(${entries.join(', ')});`,
      '}',
    ];
    this.known.set(key, { name, text: text.join('\n') });
    return name;
  }

  /** The function of a line. Its operands are a sum, the vectors of weights, and those of neighbours. */
  adder(taps: readonly TapOfLine[]): string {
    const key = taps.map(({ weight, neighbour }) => `${weight} ${neighbour}`).join();
    const known = this.known.get(key);
    if (known) return known.name;
    const name = this.names.take('add_taps');
    this.known.set(key, { name, text: adderText(name, taps) });
    return name;
  }

  text(): string {
    return [...this.known.values()].map(({ text }) => text).join('\n\n');
  }
}

/** The type of so many vectors together. */
export const vectorsType = (count: number): string => `array<vec4f, ${count}>`;

/** How many vectors a line of taps takes of weights and of neighbours. */
export const vectorsOf = (taps: readonly TapOfLine[]): { readonly weights: number; readonly neighbours: number } => ({
  weights: 1 + Math.max(...taps.map(({ weight }) => vectorOf(weight))),
  neighbours: 1 + Math.max(...taps.map(({ neighbour }) => vectorOf(neighbour + (neighbour % 4 === 0 ? 0 : 3)))),
});

function adderText(name: string, taps: readonly TapOfLine[]): string {
  const { weights, neighbours } = vectorsOf(taps);
  const fourFrom = (first: number): string => {
    if (first % 4 === 0) return `ring[${vectorOf(first)}]`;
    const entries = [0, 1, 2, 3].map((n) => `ring[${vectorOf(first + n)}].${part(first + n)}`);
    return `vec4f(${entries.join(', ')})`;
  };
  return [
    `fn ${name}(before: vec4f, weights: ${vectorsType(weights)}, ring: ${vectorsType(neighbours)}) -> vec4f {`,
    '  var total = before;',
    ...taps.map(
      ({ weight, neighbour }) => `  total += weights[${vectorOf(weight)}].${part(weight)} * ${fourFrom(neighbour)};`,
    ),
    '  return total;',
    '}',
  ].join('\n');
}
