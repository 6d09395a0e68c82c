// What the kernels of one module share, whatever the language: the buffers, names of functions, and which functions read entries
// of tables or find the range of some. Each is written once, however many kernels ask for it.
import type { Kernel } from '../../../codegen/tile/program.js';
import type { Buffer } from '../../../codegen/tile/types.js';
import type { Names } from '../text/names.js';
import type { Language, Source } from '../text/source.js';

/** A buffer as a target binds it. */
export interface Bound {
  readonly buffer: Buffer;
}

export abstract class ModuleContext<L extends Language, B extends Bound> {
  /** Buffers of the kernel that is being written. */
  usedBuffers = new Set<Buffer>();
  protected readonly readers = new Set<B>();
  protected readonly rangers = new Map<string, string>();
  private readonly names: Names<L>;
  private readonly byBuffer: ReadonlyMap<Buffer, B>;
  private byName: ReadonlyMap<string, B>;
  private readonly given = new Map<string, Source<L>>();
  private readonly entryPoints = new Map<Kernel, Source<L>>();

  constructor(byBuffer: ReadonlyMap<Buffer, B>, names: Names<L>) {
    this.byBuffer = byBuffer;
    this.byName = new Map([...byBuffer.values()].map((each) => [each.buffer.name, each]));
    this.names = names;
  }

  /** From here on names are those of these buffers: programs of one module may call their workspace alike. */
  enterProgram(buffers: readonly Buffer[]): void {
    this.byName = new Map(buffers.map((buffer) => [buffer.name, this.bound(buffer)]));
  }

  bound(buffer: Buffer): B {
    return this.byBuffer.get(buffer)!;
  }

  boundTo(name: string): B | undefined {
    return this.byName.get(name);
  }

  /** What a kernel is called in the language, where its own name may mean something. */
  entryPoint(kernel: Kernel): Source<L> {
    const known = this.entryPoints.get(kernel) ?? this.takeEntryPoint(kernel, this.names);
    this.entryPoints.set(kernel, known);
    return known;
  }

  protected abstract takeEntryPoint(kernel: Kernel, names: Names<L>): Source<L>;

  /** The name of a function that is made of the name of a buffer. */
  protected named(wanted: string): Source<L> {
    const name = this.given.get(wanted) ?? this.names.take(wanted);
    this.given.set(wanted, name);
    return name;
  }

  /** The function that reads one entry of a buffer as a float or an integer, 0 outside of it. */
  reader(bound: B): string {
    this.readers.add(bound);
    return this.readerName(bound);
  }

  protected abstract readerName(bound: B): string;
}
