// What the kernels of one module share: helper functions, readers of tables, buffers, and the options of the emission.
// A helper or reader is written once, however many kernels ask for it.
import type { Kernel } from '../../codegen/tile/program.js';
import type { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { ModuleContext as SharedContext } from '../shared/tile/module-context.js';
import { Accessors } from './accessors.js';
import { axisExtent, type BoundBuffer, type BufferLayout, codes, entryText, placeOf } from './buffers.js';
import { rangeFunctions, rangerText } from './mask-tables.js';
import type { StencilForms } from './stencil-forms.js';
import { TapFunctions } from './tap-functions.js';
import { atom, type Code } from './text/code.js';
import { Helpers } from './text/helpers.js';

export interface SubgroupOptions {
  /** The least number of lanes that a subgroup may have. */
  readonly smallest: number;
}

export class ModuleContext extends SharedContext<'wgsl', BoundBuffer> {
  readonly helpers = new Helpers();
  readonly buffers: BufferLayout;
  /** Functions that read and write entries of buffers. */
  readonly accessors: Accessors;
  /** Functions that add taps of stencils. */
  readonly tapFunctions: TapFunctions;
  readonly subgroups: SubgroupOptions | undefined;
  readonly stencilForms: StencilForms;
  /** Which ranges of tables masks ask for. */
  readonly rangeKinds = new Set<'entry' | 'table'>();

  constructor(buffers: BufferLayout, subgroups: SubgroupOptions | undefined, stencilForms: StencilForms) {
    super(buffers.bound, buffers.names);
    this.buffers = buffers;
    this.accessors = new Accessors(buffers.names);
    this.tapFunctions = new TapFunctions(buffers.names);
    this.subgroups = subgroups;
    this.stencilForms = stencilForms;
  }

  /** The function of a kernel, and the stem of its variables. */
  protected takeEntryPoint({ name }: Kernel, names: Names<'wgsl'>): Source<'wgsl'> {
    return names.take(name, { ending: '_kernel', derived: (each) => [each, `${each}_arena`] });
  }

  protected readerName({ stem }: BoundBuffer): string {
    return `read_${stem}`;
  }

  /** The function that gives the range of a buffer's entries along axes. */
  ranger(bound: BoundBuffer, axes: readonly number[]): string {
    const name = this.named(`range_${bound.stem}_${axes.join('_')}`);
    this.rangers.set(name, rangerText(name, this.reader(bound), bound.buffer.axes.length, axes));
    return name;
  }

  readerTexts(): string {
    const ranges = rangeFunctions(this.rangeKinds);
    return [
      ...[...this.readers].map((bound) => readerText(bound, this.reader(bound))),
      ...(ranges === '' ? [] : [ranges]),
      ...this.rangers.values(),
    ].join('\n\n');
  }
}

function readerText(bound: BoundBuffer, name: string): string {
  const { axes } = bound.buffer;
  const bands = axes.flatMap((axis, n) => (axis.kind === 'band' ? [`start_${n}`] : []));
  const parameters = [...bands, ...axes.map((_, n) => `x_${n}`)];
  const type = bound.dtype === 'i32' ? 'i32' : 'f32';
  const offsets: Code[] = [];
  const checks: string[] = [];
  for (const [n, axis] of axes.entries()) {
    const { start, size } = axisExtent(axis, () => atom(`start_${n}`, 'int'));
    const offset = start.text === '0' ? atom(`x_${n}`, 'int') : atom(`at_${n}`, 'int');
    offsets.push(offset);
    // One comparison of unsigned numbers finds both ends.
    checks.push(`u32(${codes.minus(atom(`x_${n}`, 'int'), start).text}) < u32(${size.text})`);
  }
  const starts = axes.flatMap((axis, n) => {
    const { start } = axisExtent(axis, () => atom(`start_${n}`, 'int'));
    return start.text === '0' ? [] : [`  let at_${n} = ${codes.minus(atom(`x_${n}`, 'int'), start).text};`];
  });
  const last = offsets.at(-1);
  const vectorOffsets =
    bound.vectors && last ? [...offsets.slice(0, -1), atom(`(${last.text} >> 2u)`, 'int')] : offsets;
  const place = placeOf(bound, vectorOffsets).text;
  const isChecked = checks.length > 0;
  const element = `${entryText(bound, isChecked ? `select(0, ${place}, inside)` : place)}${bound.vectors && last ? `[${last.text} & 3]` : ''}`;
  const value = type === 'i32' || bound.dtype === 'f32' ? element : `f32(${element})`;
  return [
    `fn ${name}(${parameters.map((parameter) => `${parameter}: i32`).join(', ')}) -> ${type} {`,
    ...starts,
    // No branch and no `&&`, which is one too: readers are inlined at every use, and a driver that compiles hundreds of
    // branches takes minutes and gigabytes.
    ...(isChecked ? [`  let inside = ${checks.map((check) => `(${check})`).join(' & ')};`] : []),
    `  return ${isChecked ? `select(${type}(0), ${value}, inside)` : value};`,
    '}',
  ].join('\n');
}
