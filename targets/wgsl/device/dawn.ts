// The device `webgpu`: Dawn, through the package webgpu, on a GPU where one answers, else on the software device of npm.
// Runs in a worker process: a driver that fails takes nothing with it, and Dawn keeps its process from ending.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type WorkerProcess, workerProcess } from '../../shared/device/worker-process.js';
import { type Found, factsOf, type KernelDevice, kernelDevice } from './kernel-device.js';
import { softwareVulkan } from './software-vulkan.js';
import { tried } from './trial.js';

export interface WebgpuOptions {
  /** `any` (the default) takes hardware first; `software` does not look for hardware. */
  readonly adapter?: 'any' | 'software' | undefined;
  /** Milliseconds that one job may take. */
  readonly timeout?: number | undefined;
}

/** Longer than a software device on a busy machine takes to compile the largest kernels; one that loops for ever ends here. */
export const JOB_TIMEOUT = 900_000;

/** A device of its own; most callers share `webgpu` of index.ts. */
export function webgpuDevice({ adapter = 'any', timeout = JOB_TIMEOUT }: WebgpuOptions = {}): KernelDevice {
  return kernelDevice('webgpu', async () => {
    const missing = webgpuPackageMissing();
    if (missing) return missing;
    const system = adapter === 'any' ? await tryWorker({}, 'system', timeout) : undefined;
    if (system?.available && !system.facts.software) return system;
    // Of two software devices, that of npm is the same on every machine.
    const vulkan = softwareVulkan();
    const software = vulkan.available ? await tryWorker(vulkan.environment, 'npm', timeout) : vulkan;
    if (software.available) {
      if (system?.available) await system.worker.close();
      return software;
    }
    if (system === undefined || system.available) return system ?? software;
    return { ...software, why: `no GPU answers (${system.why}), and ${software.why}` };
  });
}

/** A worker on Dawn; `backend` null validates and executes nothing. */
export function dawnWorker(
  backend: 'dawn' | 'null',
  environment: Readonly<Record<string, string>>,
  timeout: number,
): WorkerProcess {
  const script = fileURLToPath(new URL('./worker/main.js', import.meta.url));
  return workerProcess({ file: process.execPath, arguments: [script, backend], environment }, { timeout });
}

const NEEDED_VERSION = '0.6.2';

/** Says so where the package webgpu is not installed, or is the old one that other packages may bring. */
export function webgpuPackageMissing(): Extract<Found, { available: false }> | undefined {
  const remedy = `npm install webgpu@^${NEEDED_VERSION}`;
  try {
    const { version } = createRequire(import.meta.url)('webgpu/package.json') as { version: string };
    if (version.localeCompare(NEEDED_VERSION, 'en', { numeric: true }) >= 0) return undefined;
    return { available: false, why: `the package webgpu is of version ${version}, before ${NEEDED_VERSION}`, remedy };
  } catch {
    return { available: false, why: 'the package webgpu is not installed', remedy };
  }
}

async function tryWorker(
  environment: Readonly<Record<string, string>>,
  driver: 'system' | 'npm',
  timeout: number,
): Promise<Found> {
  const worker = dawnWorker('dawn', environment, timeout);
  const remedy = 'install a driver for the GPU of this machine, or npm install --save-dev @sparticuz/chromium@147.0.0';
  try {
    const facts = factsOf(await worker.greeting(), { implementation: 'dawn', driver });
    if (facts) return await tried('webgpu', worker, facts, remedy);
    await worker.close();
    return { available: false, why: 'Dawn finds no adapter', remedy };
  } catch (error) {
    return { available: false, why: `Dawn does not start: ${(error as Error).message}`, remedy };
  }
}
