// The devices that the benchmark measures on, and the process that does: Node with Dawn, and Deno with wgpu.
// A device that is missing says why, and what would help.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { whileUnderWay } from '../targets/shared/device/child-process.js';
import { type KernelDevice, webgpu, wgpu } from '../targets/wgsl/device/index.js';
import { softwareVulkan } from '../targets/wgsl/device/software-vulkan.js';
import { denoEnvironment, denoPath } from '../targets/wgsl/device/wgpu.js';
import { RESULT_MARK, type Request, type Result } from './results.js';

export const deviceNames = ['webgpu', 'wgpu'] as const;
export type DeviceName = (typeof deviceNames)[number];

export interface BenchDevice {
  readonly name: DeviceName;
  /** Where its driver comes from: the system, or a package of npm. */
  readonly driver: 'system' | 'npm';
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

interface Program {
  readonly device: KernelDevice;
  readonly file: () => string;
  /** What stands before the script. */
  readonly options: readonly string[];
  readonly environment: () => Readonly<Record<string, string>>;
}

/** The 27 MB of WebAssembly in onnxruntime are not compiled a second time, and better, while others are measured. */
const NO_SECOND_COMPILER = '--liftoff-only';

const programs: Readonly<Record<DeviceName, Program>> = {
  webgpu: {
    device: webgpu,
    file: () => process.execPath,
    options: [...process.execArgv, NO_SECOND_COMPILER],
    environment: () => ({}),
  },
  wgpu: {
    device: wgpu,
    file: () => denoPath()!,
    options: [
      ...['run', '--quiet', '--no-config', '--no-lock', '--no-remote', '--node-modules-dir=manual'],
      ...['--unstable-webgpu', '--allow-read', '--allow-env', '--allow-sys', `--v8-flags=${NO_SECOND_COMPILER}`],
    ],
    // Without a folder for it, drivers complain to whoever reads on.
    environment: () => ({
      ...denoEnvironment(),
      NO_COLOR: '1',
      XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
    }),
  },
};

/** The device, or why it is not here. */
export async function openDevice(name: DeviceName): Promise<BenchDevice | { readonly missing: string }> {
  const { device } = programs[name];
  const found = await device.availability();
  if (!found.available) return { missing: `${found.why}; ${found.remedy}` };
  const { driver, features, limits } = await device.facts();
  await device.close();
  return { name, driver, features, limits };
}

/** Starts a script of this folder on a device, tells it what is wanted and hands on what it says. @throws Error where it ends otherwise. */
export async function inProcess<Message = Result>(
  { name, driver }: BenchDevice,
  script: string,
  request: Request | object,
  tell: (message: Message) => void,
): Promise<void> {
  const { file, options, environment } = programs[name];
  const vulkan = softwareVulkan();
  const ofDriver = driver === 'npm' && vulkan.available ? vulkan.environment : {};
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(file(), [...options, path, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...ofDriver, ...environment() },
  });
  const underWay = whileUnderWay(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', reject);
  }).finally(underWay.done);
  // Its end says why it takes no request.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(request));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(RESULT_MARK)) tell(JSON.parse(line.slice(RESULT_MARK.length)) as Message);
    else console.error(line);
  });
  const status = await ended;
  if (status !== 0) throw new Error(`the measuring process on ${name} ended with ${status}`);
}
