// What the kernels of one module share: helper functions, readers of tables, buffers, and the options of the emission.
// A helper or reader is written once, however many kernels ask for it.
import type { Kernel } from '../../codegen/tile/program.js';
import type { Names } from '../shared/text/names.js';
import type { Source } from '../shared/text/source.js';
import { ModuleContext as SharedContext } from '../shared/tile/module-context.js';
import { Accessors, readerText } from './accessors.js';
import type { BoundBuffer, BufferLayout } from './buffers.js';
import { rangeFunctions, rangerText } from './mask-tables.js';
import { StencilForms } from './stencil-forms.js';
import { TapFunctions } from './tap-functions.js';
import { Helpers } from './text/helpers.js';

export class ModuleContext extends SharedContext<'wgsl', BoundBuffer> {
  readonly helpers = new Helpers();
  readonly buffers: BufferLayout;
  /** Functions that read and write entries of buffers. */
  readonly accessors: Accessors;
  /** Functions that add taps of stencils. */
  readonly tapFunctions: TapFunctions;
  /** Kernels whose threads are joined by subgroup operations as far as they find each other. */
  readonly joinsLanes: ReadonlySet<Kernel>;
  /** How the kernels of the program at hand write stencils. */
  stencilForms = new StencilForms();
  /** Which ranges of tables masks ask for. */
  readonly rangeKinds = new Set<'entry' | 'table'>();

  constructor(buffers: BufferLayout, joinsLanes: ReadonlySet<Kernel> = new Set()) {
    super(buffers.bound, buffers.names);
    this.buffers = buffers;
    this.accessors = new Accessors(buffers.names);
    this.tapFunctions = new TapFunctions(buffers.names);
    this.joinsLanes = joinsLanes;
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
      ...[...this.readers].map((bound) => readerText(this.reader(bound), bound)),
      ...(ranges === '' ? [] : [ranges]),
      ...this.rangers.values(),
    ].join('\n\n');
  }
}
