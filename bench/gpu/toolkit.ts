// What nvcc builds while the folder is prepared, so that the machine with the GPU has only to load it: libraries of named variants,
// programs without PyTorch, microbenchmarks. What was built before, of the same text by the same release, is not built again.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Waits of a kernel end after so many turns of 2^32 clocks: some four seconds. */
export const WATCHDOG = 2;

/** Something that was built: for one architecture, by one release of nvcc. The path is relative to the folder. */
export interface Built {
  readonly what: 'library' | 'program' | 'micro';
  readonly architecture: string;
  readonly nvcc: string;
  readonly path: string;
}

const folderOfBuilt = 'built';
const common = ['-std=c++17', '-O3', '-Xlinker', '-s'];
const kinds: Readonly<Record<Built['what'], { readonly extension: string; readonly flags: readonly string[] }>> = {
  // The runtime is PyTorch's or the toolkit's: with one of its own a library would be ten times as large.
  library: {
    extension: 'so',
    flags: [
      '-shared',
      '-cudart',
      'shared',
      '-Xcompiler',
      '-fPIC',
      '-Xlinker',
      '-Bsymbolic',
      `-DHEDDLE_WATCHDOG=${WATCHDOG}`,
    ],
  },
  program: { extension: 'run', flags: ['-lineinfo', `-DHEDDLE_WATCHDOG=${WATCHDOG}`] },
  micro: { extension: 'run', flags: [] },
};

/** nvcc, as many at once as there are cores. */
export class Toolkit {
  private readonly running = new Set<Promise<void>>();
  private readonly used = new Set<string>();
  private failure: unknown;

  private readonly out: string;
  readonly release: string;

  private constructor(out: string, release: string) {
    this.out = out;
    this.release = release;
  }

  /** Undefined where nvcc is not installed. */
  static find(out: string): Toolkit | undefined {
    try {
      const said = execFileSync('nvcc', ['--version'], { encoding: 'utf8' });
      return new Toolkit(out, /release ([\d.]+)/.exec(said)?.[1] ?? 'unknown');
    } catch {
      return undefined;
    }
  }

  /** Starts to build sources, whose paths are relative to the folder, and says where the result will be. */
  async build(what: Built['what'], name: string, architecture: string, sources: readonly string[]): Promise<Built> {
    const { extension, flags } = kinds[what];
    const number = architecture.replace('sm_', '');
    const more = what === 'micro' && architecture === 'sm_90a' ? ['-DHAS_WGMMA'] : [];
    const options = [...common, ...flags, ...more, '-gencode', `arch=compute_${number},code=${architecture}`];
    const file = `${name}-${architecture}-${this.key(options, sources)}.${extension}`;
    const path = `${folderOfBuilt}/${file}`;
    this.used.add(file);
    if (!existsSync(join(this.out, path)))
      await this.start(path, [...options, ...sources.map((each) => join(this.out, each))]);
    return { what, architecture, nvcc: this.release, path };
  }

  private key(options: readonly string[], sources: readonly string[]): string {
    const hash = createHash('sha256').update([this.release, ...options].join('\n'));
    for (const source of sources) {
      const folder = dirname(join(this.out, source));
      const headers = readdirSync(folder).filter((name) => name.endsWith('.h'));
      for (const each of [join(this.out, source), ...headers.sort().map((name) => join(folder, name))]) {
        hash.update(readFileSync(each));
      }
    }
    return hash.digest('hex').slice(0, 16);
  }

  private async start(path: string, command: readonly string[]): Promise<void> {
    while (this.running.size >= availableParallelism()) await Promise.race(this.running);
    const target = join(this.out, path);
    mkdirSync(dirname(target), { recursive: true });
    const building = promisify(execFile)('nvcc', [...command, '-o', `${target}.tmp`])
      .then(() => renameSync(`${target}.tmp`, target))
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.running.delete(building));
    this.running.add(building);
  }

  /** Waits for all that was started, and removes what an earlier preparation has built and this one does not name. @throws what nvcc said */
  async finish(): Promise<void> {
    await Promise.all(this.running);
    if (this.failure) throw this.failure;
    const folder = join(this.out, folderOfBuilt);
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) if (!this.used.has(name)) rmSync(join(folder, name));
  }
}
