// The folder for CUDA machines as tests try it: some of its variants, prepared into a folder of their own, and its programs started there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, test } from 'vitest';
import { type PreparedVariant, prepare } from '../../bench/gpu/prepare.js';
import { emulatorAvailability } from '../../targets/cuda/device/index.js';
import { findPython } from '../../targets/torch/device/python.js';
import { onTorch } from '../targets/torch/support.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const found = await findPython();
export const python = 'why' in found ? 'python3' : found.python;
const hasCompiler = (await emulatorAvailability()).available;
/** A test that runs kernels on the emulation by way of PyTorch. */
export const onEmulation: typeof onTorch = hasCompiler || process.env['CI'] === 'true' ? onTorch : test.skip;

export const chosen = ['causal-64', 'mta-64', 'decode-bf16'];

interface PreparedFolder {
  readonly folder: string;
  readonly variants: readonly PreparedVariant[];
  readonly remove: () => void;
}

/** A folder with the chosen variants, each at two heads, with kernels on the emulation where they are asked for. */
async function preparedFolder(isEmulated: boolean): Promise<PreparedFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-gpu-suite-'));
  const only = ({ name }: { readonly name: string }): boolean => chosen.includes(name);
  const options = { root, out: folder, version: 'test', only, cases: 1, heads: 2, isEmulated };
  return { folder, variants: await prepare(options), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A folder that is there from before the first test of a file until behind the last one. */
export function preparedForTests({ isEmulated = false } = {}): Pick<PreparedFolder, 'folder' | 'variants'> {
  let prepared: PreparedFolder | undefined;
  beforeAll(async () => {
    prepared = await preparedFolder(isEmulated && hasCompiler);
  }, 240_000);
  afterAll(() => prepared?.remove());
  return {
    get folder() {
      return prepared!.folder;
    },
    get variants() {
      return prepared!.variants;
    },
  };
}

export interface Entry {
  readonly status: string;
  readonly reason?: string;
  readonly seconds?: number;
  readonly without?: readonly string[];
  readonly checks?: readonly { readonly what: string; readonly passed: boolean }[];
  readonly measured?: readonly {
    readonly contender: string;
    readonly samples_ms?: readonly number[];
    readonly parts?: Readonly<Record<string, { readonly samples_ms?: readonly number[] }>>;
  }[];
}

export interface Results {
  readonly machine: Readonly<Record<string, unknown>>;
  readonly running: unknown;
  readonly groups: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  readonly runs: readonly unknown[];
}

export const groups = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
/** A program's options, started where the folder is. */
export const started = (own: string, ...command: readonly string[]) =>
  spawnSync(python, command, { cwd: own, encoding: 'utf8', maxBuffer: 2 ** 26 });
export const resultsOf = (own: string): Results =>
  JSON.parse(readFileSync(join(own, 'results.json'), 'utf8')) as Results;
export const entriesOf = ({
  groups: foundGroups,
}: Results): readonly (Entry & { readonly name: string; readonly group: number })[] =>
  Object.entries(foundGroups).flatMap(([group, entries]) =>
    Object.entries(entries).map(([name, entry]) => ({ ...entry, name, group: Number(group) })),
  );
