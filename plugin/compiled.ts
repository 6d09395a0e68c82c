// Compiles what an import asks for, once for the same texts: in this process, and from one to the next in a folder of the project.
// What was read on the way is part of the result, of a failure too, so that a bundler knows what to watch.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../driver/files.js';
import { loadSpec } from '../driver/specs.js';
import { version } from '../driver/version.js';
import { renderDiagnostic } from '../src/diagnostics/index.js';
import type { Request } from './options.js';

/** A spec as the modules of its target. */
export interface Compiled {
  /** The files of the target by name. */
  readonly files: Readonly<Record<string, string>>;
  /** What the spec is called: the main module and its types are named by it. */
  readonly name: string;
  readonly warnings: readonly string[];
}

/** What came of it, and all files that it depends on: those that were read, and those that were looked for and are missing. */
export type Result = { readonly watched: readonly string[] } & (
  | { readonly compiled: Compiled }
  | { readonly error: unknown }
);

interface Kept {
  /** The files that were looked for, with a hash of what was in them; null where there was none. */
  readonly inputs: Readonly<Record<string, string | null>>;
  readonly compiled: Compiled;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What one plugin has compiled. */
export class Compilations {
  private readonly known = new Map<string, Kept>();
  private readonly running = new Map<string, Promise<Result>>();
  private readonly folder: string | undefined;

  /** @param folder where results outlive the process; undefined for nowhere */
  constructor(folder: string | undefined) {
    this.folder = folder;
  }

  /** Never throws: what is wrong with a spec is part of the result. Who asks for the same at a time waits for one compile. */
  compile(request: Request): Promise<Result> {
    const { path, target, chosen, settings, set, export: exported } = request;
    const key = hashOf(JSON.stringify([version(), path, target.name, chosen, settings, [...set], exported]));
    const running = this.running.get(key) ?? this.result(key, request).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  private async result(key: string, request: Request): Promise<Result> {
    const kept = this.known.get(key) ?? this.read(key);
    if (kept !== undefined && Object.entries(kept.inputs).every(([path, hash]) => hashOfFile(path) === hash)) {
      this.known.set(key, kept);
      return { compiled: kept.compiled, watched: Object.keys(kept.inputs) };
    }
    // As they are read, not as they are once it is compiled: they may change in the meantime.
    const inputs = new Map<string, string | null>([[request.path.replaceAll('\\', '/'), hashOfFile(request.path)]]);
    try {
      const compiled = await compiledSpec(request, (path, text) => inputs.set(path, hashOfText(text)));
      const result = { inputs: Object.fromEntries(inputs), compiled };
      this.known.set(key, result);
      this.write(key, result);
      return { compiled, watched: [...inputs.keys()] };
    } catch (error) {
      return { error, watched: [...inputs.keys()] };
    }
  }

  private read(key: string): Kept | undefined {
    if (this.folder === undefined) return undefined;
    try {
      const [hash, text = ''] = readFileSync(this.fileOf(key), 'utf8').split(/\n(.*)/s);
      return hash === hashOf(text) ? (JSON.parse(text) as Kept) : undefined;
    } catch {
      return undefined;
    }
  }

  private write(key: string, kept: Kept): void {
    if (this.folder === undefined) return;
    const text = JSON.stringify(kept);
    try {
      writeFileAtomically(this.fileOf(key), `${hashOf(text)}\n${text}`);
    } catch {
      // A folder that cannot be written to costs the next process a compile.
    }
  }

  private fileOf(key: string): string {
    return join(this.folder!, `${key}.json`);
  }
}

const hashOfText = (text: string | undefined): string | null => (text === undefined ? null : hashOf(text));

function hashOfFile(path: string): string | null {
  try {
    // As TypeScript reads it.
    return hashOf(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

async function compiledSpec(
  request: Request,
  note: (path: string, text: string | undefined) => void,
): Promise<Compiled> {
  const { path, target, chosen, settings, set } = request;
  const { graph, warnings } = await loadSpec(path, { export: request.export, settings, set, note });
  const emitted = await target.emit(graph, chosen);
  return {
    files: Object.fromEntries(emitted),
    name: graph.name,
    warnings: warnings.map((each) => renderDiagnostic(each)),
  };
}
