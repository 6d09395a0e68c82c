// Functions that read and write entries of buffers: one entry, a vector as it is bound, or four neighbours one by one; reads
// give 0 outside of a buffer, and nothing is written there. Each stands once in a module, however often kernels call it.
import type { Buffer } from '../../codegen/tile/types.js';
import type { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { axisExtent, type BoundBuffer, codes, elementTypes, entryText, placeOf } from './buffers.js';
import { atom, type Code, integerCode, level, parts, plusConstant, within } from './text/code.js';

/** What a function reads or writes. Its parameters are the starts of bands, then an index along each axis. */
export interface Access {
  readonly bound: BoundBuffer;
  /** Axes whose index may lie outside of the buffer: all but those that the grid or the program counts. */
  readonly checked: readonly boolean[];
  /** One entry; a vector, whose index the last axis has; or four along an axis, from its index on. */
  readonly entries: 'one' | 'vector' | { readonly along: number };
  /** Whether only some of four are written: parameters behind the indices tell the first of them and the end. */
  readonly isLimited?: boolean;
}

export class Accessors {
  private readonly taken: Names<'wgsl'>;
  private readonly known = new Map<
    string,
    { readonly name: Source<'wgsl'>; readonly text: string; readonly buffer: Buffer }
  >();

  constructor(names: Names<'wgsl'>) {
    this.taken = names;
  }

  /** The functions that read or write some of these buffers. */
  namesFor(buffers: ReadonlySet<Buffer>): readonly string[] {
    return [...this.known.values()].flatMap(({ name, buffer }) => (buffers.has(buffer) ? [name] : []));
  }

  /** The function that gives entries as f32. */
  loader(access: Access): string {
    return this.function('load', access, loaderText);
  }

  /** The function that writes entries, told behind their indices. */
  storer(access: Access): string {
    return this.function('store', access, storerText);
  }

  text(): string {
    return [...this.known.values()].map(({ text }) => text).join('\n\n');
  }

  private function(verb: 'load' | 'store', access: Access, textOf: typeof loaderText): string {
    const { bound, checked, entries, isLimited } = access;
    const key = [verb, bound.stem, checked.join(), JSON.stringify(entries), isLimited].join(' ');
    const known = this.known.get(key);
    if (known) return known.name;
    const name = this.taken.take(`${verb}_${bound.stem}`);
    this.known.set(key, { name, text: textOf(name, access), buffer: bound.buffer });
    return name;
  }
}

interface Located {
  readonly parameters: readonly string[];
  /** Lines that name offsets. */
  readonly lines: readonly string[];
  readonly conditions: readonly string[];
  /** From the start of each axis. */
  readonly offsets: readonly Code[];
  /** The number of entries along the axis of four that are checked one by one. */
  readonly size: Code | undefined;
}

function locate({ bound, checked, entries }: Access): Located {
  const { axes } = bound.buffer;
  const lines: string[] = [];
  const conditions: string[] = [];
  let fourSize: Code | undefined;
  const offsets = axes.map((axis, n): Code => {
    const index = atom(`x_${n}`, 'int');
    const { start, size } = axisExtent(axis, () => atom(`start_${n}`, 'int'));
    if (entries === 'vector' && n === axes.length - 1) {
      conditions.push(inside(index, integerCode(Number(size().text) / 4)));
      return index;
    }
    const offset = start.text === '0' ? index : atom(`at_${n}`, 'int');
    if (offset !== index) lines.push(`  let ${offset.text} = ${codes.minus(index, start).text};`);
    if (typeof entries === 'object' && entries.along === n) fourSize = size();
    else if (checked[n]) conditions.push(inside(offset, size()));
    return offset;
  });
  const bands = axes.flatMap((axis, n) => (axis.kind === 'band' ? [`start_${n}`] : []));
  const parameters = [...bands, ...axes.map((_, n) => `x_${n}`)].map((name) => `${name}: i32`);
  return { parameters, lines, conditions, offsets, size: fourSize };
}

/** 0 ≤ offset < size, in one comparison of unsigned numbers. */
const inside = (offset: Code, size: Code): string => {
  const bound = /^\d+$/.test(size.text) ? `${size.text}u` : `u32(${size.text})`;
  return `u32(${offset.text}) < ${bound}`;
};

/**
 * The element at offsets, each of one entry, whatever the buffer is bound as. What is written has a binding's own type.
 * @param at what is taken of a place, itself unless told
 */
function elementText(bound: BoundBuffer, offsets: readonly Code[], at = (place: string): string => place): string {
  if (!bound.vectors) return entryText(bound, at(placeOf(bound, offsets).text));
  const last = offsets.at(-1)!;
  const vector = atom(`(${within(last, level.atom)} >> 2u)`, 'int');
  const place = placeOf(bound, [...offsets.slice(0, -1), vector]).text;
  return `${bound.variable}[${at(place)}][${within(last, level.atom)} & 3]`;
}

/**
 * The function that reads one entry of a table in its own type, 0 outside. It has no branch and no `&&`, which is one too: readers
 * are inlined at every use, and a driver that compiles hundreds of branches takes minutes and gigabytes.
 */
export function readerText(name: string, bound: BoundBuffer): string {
  const checked = bound.buffer.axes.map(() => true);
  const { parameters, lines, conditions, offsets } = locate({ bound, checked, entries: 'one' });
  const type = bound.dtype === 'i32' ? 'i32' : 'f32';
  const isChecked = conditions.length > 0;
  const element = elementText(bound, offsets, (place) => (isChecked ? `select(0, ${place}, inside)` : place));
  const value = bound.dtype === 'f16' ? `f32(${element})` : element;
  return [
    `fn ${name}(${parameters.join(', ')}) -> ${type} {`,
    ...lines,
    ...(isChecked ? [`  let inside = ${allOf(conditions)};`] : []),
    `  return ${isChecked ? `select(${type}(0), ${value}, inside)` : value};`,
    '}',
  ].join('\n');
}

/** Four elements along an axis, with a line that names the place of the first where the others follow it. */
function fourElements(bound: BoundBuffer, offsets: readonly Code[], along: number): [line: string[], four: string[]] {
  if (along === offsets.length - 1 && !bound.vectors) {
    const first = atom('first', 'int');
    return [
      [`let first = ${placeOf(bound, offsets).text};`],
      parts.map((_, n) => entryText(bound, plusConstant(first, n).text)),
    ];
  }
  const shifted = (by: number): readonly Code[] =>
    offsets.map((offset, n) => (n === along ? plusConstant(offset, by) : offset));
  return [[], parts.map((_, n) => elementText(bound, shifted(n)))];
}

/** Without branches: a driver takes long to compile many of them in a loop. */
const allOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? conditions[0]! : conditions.map((each) => `(${each})`).join(' & ');

/** Lines that run where conditions hold. */
const where = (conditions: readonly string[], lines: readonly string[]): readonly string[] =>
  conditions.length === 0
    ? lines.map((line) => `  ${line}`)
    : [`  if (${allOf(conditions)}) {`, ...lines.map((line) => `    ${line}`), '  }'];

function loaderText(name: string, access: Access): string {
  const { bound, entries } = access;
  const { parameters, lines, conditions, offsets, size } = locate(access);
  const [scalarType] = elementTypes[bound.dtype];
  const isSingle = bound.dtype === 'f32';
  const own: string[] = [];
  if (typeof entries === 'object') {
    // Reads beyond the end give some number, which is not kept.
    const [first, elements] = fourElements(bound, offsets, entries.along);
    const four = elements.join(', ');
    const places = `vec4u(vec4i(${offsets[entries.along]!.text}) + vec4i(0, 1, 2, 3))`;
    const value = isSingle ? `vec4f(${four})` : `vec4f(vec4<${scalarType}>(${four}))`;
    own.push(...first, `loaded = select(vec4f(), ${value}, ${places} < vec4u(u32(${size!.text})));`);
  } else if (entries === 'vector') {
    const vector = `${bound.variable}[${placeOf(bound, offsets).text}]`;
    own.push(`loaded = ${isSingle ? vector : `vec4f(${vector})`};`);
  } else {
    const element = elementText(bound, offsets);
    own.push(`loaded = ${isSingle ? element : `f32(${element})`};`);
  }
  const type = entries === 'one' ? 'f32' : 'vec4f';
  return [
    `fn ${name}(${parameters.join(', ')}) -> ${type} {`,
    ...lines,
    `  var loaded = ${entries === 'one' ? '0.0' : 'vec4f()'};`,
    ...where(conditions, own),
    '  return loaded;',
    '}',
  ].join('\n');
}

function storerText(name: string, access: Access): string {
  const { bound, entries, isLimited } = access;
  const { parameters, lines, conditions, offsets, size } = locate(access);
  const [scalarType, vectorType] = elementTypes[bound.dtype];
  const own: string[] = [];
  if (typeof entries === 'object') {
    const [first, elements] = fourElements(bound, offsets, entries.along);
    own.push(...first);
    for (const [n, part] of parts.entries()) {
      const limits = isLimited ? [`${n} >= low`, `${n} < high`] : [];
      const held = [inside(plusConstant(offsets[entries.along]!, n), size!), ...limits].join(' && ');
      own.push(`if (${held}) {`, `  ${elements[n]} = ${converted(`value.${part}`, scalarType)};`, '}');
    }
  } else if (entries === 'vector') {
    own.push(`${bound.variable}[${placeOf(bound, offsets).text}] = ${converted('value', vectorType)};`);
  } else {
    own.push(`${elementText(bound, offsets)} = ${converted('value', scalarType)};`);
  }
  const value = `value: ${entries === 'one' ? 'f32' : 'vec4f'}`;
  const all = [...parameters, value, ...(isLimited ? ['low: i32', 'high: i32'] : [])];
  return [`fn ${name}(${all.join(', ')}) {`, ...lines, ...where(conditions, own), '}'].join('\n');
}

const converted = (text: string, type: string): string =>
  type === 'f32' || type === 'vec4<f32>' ? text : `${type}(${text})`;
