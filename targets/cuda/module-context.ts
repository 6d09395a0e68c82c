// What the kernels of one module share: buffers, and the functions that read one entry of a table, 0 outside of it, or find the
// range of some. Each is written once, however many kernels ask for it.
import type { Kernel } from '../../codegen/tile/program.js';
import { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { ModuleContext as SharedContext } from '../shared/tile/module-context.js';
import { axisExtent, type BoundBuffer, type BufferLayout, codes, pointerTo } from './buffers.js';
import { rangerText, rangesText } from './mask-tables.js';
import { atom, type Code } from './text/code.js';
import { cudaNames } from './text/names.js';
import type { ProductShape } from './text/warpgroup-primitives.js';

/** The structure that describes to a kernel the boxes that it copies. */
export const mapsName = (entryPoint: string): string => `${entryPoint}_maps`;

export class ModuleContext extends SharedContext<'cuda', BoundBuffer> {
  readonly buffers: BufferLayout;
  /** Shapes of products of warpgroups that kernels use. */
  readonly products: ProductShape[] = [];

  constructor(buffers: BufferLayout) {
    super(buffers, new Names(cudaNames));
    this.buffers = buffers;
  }

  protected takeEntryPoint({ name }: Kernel, names: Names<'cuda'>): Source<'cuda'> {
    return names.take(`${name}_kernel`, { derived: (each) => [each, mapsName(each)] });
  }

  protected readerName({ name }: BoundBuffer): string {
    return this.named(`read_${name}`);
  }

  /** The function that gives the range of a buffer's entries along axes; of one entry where there are none. */
  ranger(bound: BoundBuffer, axes: readonly number[]): string {
    const name = this.named(`range_${bound.name}_of_${axes.length === 0 ? 'entry' : axes.join('_')}`);
    this.rangers.set(name, rangerText(name, this.reader(bound), bound.buffer.axes.length, axes));
    return name;
  }

  readerTexts(): string {
    return [
      ...[...this.buffers.values()]
        .filter((each) => this.readers.has(each))
        .map((each) => readerText(each, this.reader(each))),
      ...(this.rangers.size > 0 ? [rangesText] : []),
      ...this.rangers.values(),
    ].join('\n\n');
  }
}

function readerText(bound: BoundBuffer, name: string): string {
  const { axes } = bound.buffer;
  const bands = axes.flatMap((axis, n) => (axis.kind === 'band' ? [`start_${n}`] : []));
  const parameters = [...bands, ...axes.map((_, n) => `x_${n}`)].map((name) => `, int ${name}`).join('');
  const [type, zero] = bound.element === 'int' ? ['int', '0'] : ['float', '0.0f'];
  const checks: string[] = [];
  const offsets = axes.map((axis, n): Code => {
    const { start, size } = axisExtent(axis, () => atom(`start_${n}`, 'int'));
    const offset = codes.minus(atom(`x_${n}`, 'int'), start);
    checks.push(`is_inside(${offset.text}, ${size().text})`);
    return offset;
  });
  const entry = `load_global(${pointerTo(bound, offsets)})`;
  const value = bound.element === 'float16' || bound.element === 'bfloat16' ? `to_float(${entry})` : entry;
  return [
    `DEVICE ${type} ${name}(const Launch &launch${parameters}) {`,
    ...(checks.length > 0 ? [`  if (!(${checks.join(' && ')})) return ${zero};`] : []),
    `  return ${value};`,
    '}',
  ].join('\n');
}
