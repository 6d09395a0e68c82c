// Finds a Python that can import torch, and keeps one process of it for all devices and programs of this process.
// HEDDLE_PYTHON names one; else Debian's own is asked first, which python3-torch is for, and then that of the PATH.
import type { Availability } from '../../../src/checking/index.js';
import { type WorkerProcess, workerProcess } from '../../shared/device/worker-process.js';
import { workerText } from './worker-text.js';

/** A worker that has imported torch, and what it said of itself. */
export interface PythonWorker {
  readonly worker: WorkerProcess;
  readonly torch: string;
  readonly python: string;
}

export type Found = PythonWorker | { readonly why: string };

/** Milliseconds that one call may take. */
const MOST_TIME = 600_000;

const candidates = (): readonly string[] => {
  const named = process.env['HEDDLE_PYTHON'];
  return named ? [named] : ['/usr/bin/python3', 'python3'];
};

let found: Promise<Found> | undefined;

/** The worker; started, and asked for torch, by the first who wants it. */
export function findPython(): Promise<Found> {
  found ??= search();
  return found;
}

async function search(): Promise<Found> {
  const problems: string[] = [];
  for (const file of candidates()) {
    // -I: nothing of the folder that this is called in, nor of the user's own, is imported instead of a package.
    const worker = workerProcess({ file, arguments: ['-I', '-c', workerText] }, { timeout: MOST_TIME });
    try {
      const { torch, python, missing } = await worker.greeting();
      if (typeof torch === 'string' && typeof python === 'string') return { worker, torch, python };
      problems.push(`${file}: ${String(missing)}`);
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
    await worker.close();
  }
  return { why: `no Python here can import torch (${problems.join('; ')})` };
}

export const remedy = 'apt-get install python3-torch, or let HEDDLE_PYTHON name a Python that has PyTorch';

export async function availability(): Promise<Availability> {
  const python = await findPython();
  return 'why' in python
    ? { available: false, why: python.why, remedy }
    : { available: true, detail: `PyTorch ${python.torch} on ${python.python}` };
}
