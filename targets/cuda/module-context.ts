// What the kernels of one module share: buffers, and the functions that read one entry of a table, 0 outside of it, or find the
// range of some. Each is written once, however many kernels ask for it.
import type { Buffer } from '../../codegen/tile/types.js';
import { axisExtent, type BoundBuffer, type BufferLayout, codes, pointerTo } from './buffers.js';
import { rangerText, rangesText } from './mask-tables.js';
import { atom, type Code } from './text/code.js';
import type { ProductShape } from './text/warpgroup-primitives.js';

export class ModuleContext {
  readonly buffers: BufferLayout;
  readonly byName: ReadonlyMap<string, BoundBuffer>;
  /** Buffers of the kernel that is being written. */
  usedBuffers = new Set<Buffer>();
  private readonly readers = new Set<BoundBuffer>();
  /** Shapes of products of warpgroups that kernels use. */
  readonly products: ProductShape[] = [];
  private readonly rangers = new Map<string, string>();

  constructor(buffers: BufferLayout) {
    this.buffers = buffers;
    this.byName = new Map([...buffers.values()].map((each) => [each.buffer.name, each]));
  }

  /** The function that reads one entry of a buffer as a float or an integer. */
  reader(bound: BoundBuffer): string {
    this.readers.add(bound);
    return readerName(bound);
  }

  /** The function that gives the range of a buffer's entries along axes; of one entry where there are none. */
  ranger(bound: BoundBuffer, axes: readonly number[]): string {
    const name = `range_${bound.name}_${axes.length === 0 ? 'entry' : axes.join('_')}`;
    this.rangers.set(name, rangerText(name, this.reader(bound), bound.buffer.axes.length, axes));
    return name;
  }

  readerTexts(): string {
    return [
      ...[...this.buffers.values()].filter((each) => this.readers.has(each)).map(readerText),
      ...(this.rangers.size > 0 ? [rangesText] : []),
      ...this.rangers.values(),
    ].join('\n\n');
  }
}

const readerName = ({ name }: BoundBuffer): string => `read_${name}`;

function readerText(bound: BoundBuffer): string {
  const { axes } = bound.buffer;
  const bands = axes.flatMap((axis, n) => (axis.kind === 'band' ? [`start_${n}`] : []));
  const parameters = [...bands, ...axes.map((_, n) => `x_${n}`)].map((name) => `, int ${name}`).join('');
  const [type, zero] = bound.element === 'int' ? ['int', '0'] : ['float', '0.0f'];
  const checks: string[] = [];
  const offsets = axes.map((axis, n): Code => {
    const { start, size } = axisExtent(axis, () => atom(`start_${n}`, 'int'));
    const offset = codes.minus(atom(`x_${n}`, 'int'), start);
    checks.push(`is_inside(${offset.text}, ${size.text})`);
    return offset;
  });
  const entry = `load_global(${pointerTo(bound, offsets)})`;
  const value = bound.element === 'float16' || bound.element === 'bfloat16' ? `to_float(${entry})` : entry;
  return [
    `DEVICE ${type} ${readerName(bound)}(const Launch &launch${parameters}) {`,
    ...(checks.length > 0 ? [`  if (!(${checks.join(' && ')})) return ${zero};`] : []),
    `  return ${value};`,
    '}',
  ].join('\n');
}
