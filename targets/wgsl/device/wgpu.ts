// The device `wgpu`: the WebGPU of Deno, which is wgpu, on the system's Vulkan driver, else on the software device of npm.
// Mesa's lavapipe computes in f16 as well, which the software device of npm does not.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../shared/device/cache-folder.js';
import { workerProcess } from '../../shared/device/worker-process.js';
import { JOB_TIMEOUT } from './dawn.js';
import { type Found, factsOf, type KernelDevice, kernelDevice } from './kernel-device.js';
import { softwareVulkan } from './software-vulkan.js';
import { tried } from './trial.js';

export interface WgpuOptions {
  /** `any` (the default) takes the system's driver first; `software` takes the software device of npm. */
  readonly adapter?: 'any' | 'software' | undefined;
  /** Milliseconds that one job may take. */
  readonly timeout?: number | undefined;
}

const SYSTEM_REMEDY = 'install a Vulkan driver, as the Debian package mesa-vulkan-drivers';

/** A device of its own; most callers share `wgpu` of index.ts. */
export function wgpuDevice({ adapter = 'any', timeout = JOB_TIMEOUT }: WgpuOptions = {}): KernelDevice {
  return kernelDevice('wgpu', async () => {
    const deno = denoPath();
    if (deno === undefined) {
      return { available: false, why: 'the package deno is not installed', remedy: 'npm install --save-dev deno' };
    }
    const system = adapter === 'any' ? await tryWorker(deno, {}, 'system', timeout) : undefined;
    if (system?.available) return system;
    const vulkan = softwareVulkan();
    const software = vulkan.available ? await tryWorker(deno, vulkan.environment, 'npm', timeout) : vulkan;
    return software.available || system === undefined ? software : system;
  });
}

/** The program itself rather than the script that starts it: its pipes are then ours. */
export function denoPath(): string | undefined {
  const file = process.platform === 'win32' ? 'deno.exe' : 'deno';
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('deno/package.json'));
    const suffix = process.platform === 'linux' ? '-glibc' : '';
    const platform = join(folder, '..', '@deno', `${process.platform}-${process.arch}${suffix}`, file);
    return [join(folder, file), platform].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

/** What Deno is told by its environment: where it keeps what it compiles, and to ask nobody for a newer one. */
export const denoEnvironment = () => ({ DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(cacheFolder(), 'deno') });

async function tryWorker(
  deno: string,
  environment: Readonly<Record<string, string>>,
  driver: 'system' | 'npm',
  timeout: number,
): Promise<Found> {
  const script = fileURLToPath(new URL('./worker/main.js', import.meta.url));
  const options = [
    '--quiet',
    '--no-config',
    '--no-lock',
    '--no-remote',
    '--no-npm',
    '--unstable-webgpu',
    '--allow-sys=systemMemoryInfo',
  ];
  const worker = workerProcess(
    {
      file: deno,
      arguments: ['run', ...options, script, 'wgpu'],
      environment: { ...environment, ...denoEnvironment() },
    },
    { timeout },
  );
  try {
    const facts = factsOf(await worker.greeting(), { implementation: 'wgpu', driver });
    if (facts) return await tried('wgpu', worker, facts, SYSTEM_REMEDY);
    await worker.close();
    return { available: false, why: 'wgpu finds no adapter', remedy: SYSTEM_REMEDY };
  } catch (error) {
    return { available: false, why: `Deno does not start: ${(error as Error).message}`, remedy: SYSTEM_REMEDY };
  }
}
