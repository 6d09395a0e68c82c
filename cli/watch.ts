// `heddle compile --watch`: compiles again whenever the text of a file changes that the last compile read, or looked for.
// Errors are printed and end nothing; an interrupt does.
import { existsSync, type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Note } from '../dsl/frontend/index.js';

export interface Watched {
  /** The file that is compiled; it is watched whatever becomes of it. */
  readonly path: string;
  /** Compiles and prints, errors too; never throws. */
  readonly compile: (note: Note) => Promise<void>;
  /** Hears how many files are watched, after each compile. */
  readonly onWait: (files: number) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Editors write in several steps, and several files at a time. */
const PAUSE_MILLISECONDS = 80;

/** Texts as they were read; undefined where there was no file. */
type Texts = ReadonlyMap<string, string | undefined>;

export async function compileWhileWatching({ path, compile, onWait, signal }: Watched): Promise<void> {
  while (!signal.aborted) {
    const own = resolve(path);
    const texts = new Map([[own, textOf(own)]]);
    await compile((file, text) => {
      // Which packages there are above a spec says nothing of it.
      if (!file.endsWith('/package.json')) texts.set(resolve(file), text);
    });
    onWait([...texts.values()].filter((text) => text !== undefined).length);
    await change(texts, signal);
  }
}

/** Waits until a text is another one, or for the signal. */
function change(texts: Texts, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const watchers: FSWatcher[] = [];
    let pause: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(pause);
      for (const each of watchers) each.close();
      signal.removeEventListener('abort', end);
      done();
    };
    const look = (): void => {
      if ([...texts].some(([path, text]) => textOf(path) !== text)) end();
    };
    const soon = (): void => {
      clearTimeout(pause);
      pause = setTimeout(look, PAUSE_MILLISECONDS);
    };
    // Folders, because editors put a new file in the place of the old one.
    for (const folder of new Set(Array.from(texts.keys(), nearestFolder))) {
      watchers.push(watch(folder, soon).on('error', soon));
    }
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    // Something may have changed since it was read.
    else soon();
  });
}

/** The folder in which a file lies, or would lie as far as there is one. */
function nearestFolder(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

/** As TypeScript reads it. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
