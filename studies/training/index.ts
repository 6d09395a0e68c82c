// Results of training: a folder of runs, as examples/training leaves it, to a record that a report draws.
// Files that are damaged or half-written are named in the record; only a folder that cannot be read at all is an error.
import { type Dirent, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFolderOrFail } from '../../driver/files.js';
import type { TrainingFault, TrainingRecord } from '../record/training.js';
import { trainingRecord } from './record.js';
import { type ReadRun, readRun } from './run-files.js';

export interface TrainingOptions {
  /** The variant that others are compared with: `base`, or else the first by name, unless told. */
  readonly base?: string | undefined;
}

/** Folders below the one that is read are looked at to this depth: out/task/run has two. */
const DEEPEST = 8;

/** All runs below a folder. @throws HeddleError HD4101 to HD4104 where the folder cannot be read. */
export function readTraining(folder: string, { base }: TrainingOptions = {}): TrainingRecord {
  const runs: ReadRun[] = [];
  const faults: TrainingFault[] = [];
  for (const path of runFolders(folder, faults)) {
    const under = (name: string): string => (path === '' ? name : `${path}/${name}`);
    try {
      const settings = text(join(folder, path, 'settings.json'));
      const { read, problem } = readRun(path, settings, text(join(folder, path, 'log.jsonl'), ''));
      runs.push(read);
      if (problem !== undefined) faults.push({ file: under('log.jsonl'), ...problem });
    } catch (error) {
      faults.push({ file: under('settings.json'), line: null, problem: (error as Error).message });
    }
  }
  return trainingRecord(runs, faults, base);
}

/** A file's text; where it is missing, the text instead. @throws Error with a sentence. */
function text(path: string, instead?: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && instead !== undefined) return instead;
    throw new Error(`it or the log beside it cannot be read: ${code}`);
  }
}

/** The folders that hold a settings.json, in the order of their names. Links to folders are not followed. */
function runFolders(root: string, faults: TrainingFault[]): readonly string[] {
  const found: string[] = [];
  const visit = (path: string, entries: readonly Dirent[], depth: number): void => {
    if (entries.some((entry) => entry.name === 'settings.json')) found.push(path);
    if (depth >= DEEPEST) return;
    for (const { name } of entries.filter((entry) => entry.isDirectory())) {
      const below = path === '' ? name : `${path}/${name}`;
      try {
        visit(below, readFolderOrFail(join(root, below)), depth + 1);
      } catch (error) {
        faults.push({ file: below, line: null, problem: `the folder cannot be read: ${(error as Error).message}` });
      }
    }
  };
  visit('', readFolderOrFail(root), 0);
  return found;
}
