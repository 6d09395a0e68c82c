// Where a study is run and with what: what a reader needs to tell whether two runs can be compared.
// Versions of what compiles and computes; nothing that names the user or the machine.
import { arch, cpus, release, type } from 'node:os';
import { version } from '../driver/version.js';
import { nvccRelease } from '../targets/cuda/device/nvcc.js';
import type { Ran } from './record/study.js';

export async function describeRun(targets: readonly string[]): Promise<Ran> {
  const nvcc = targets.includes('cuda') ? await nvccRelease() : undefined;
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    versions: { heddle: version(), node: process.versions.node, ...(nvcc === undefined ? {} : { nvcc }) },
    machine: {
      system: `${type()} ${release()} ${arch()}`,
      processor: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
    },
  };
}
