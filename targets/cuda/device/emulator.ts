// Runs emitted CUDA files on the host: g++ compiles them against the emulation of their device functions, once for each text,
// and a process of its own runs each call. What the emulation finds wrong is a diagnostic with its place.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Availability } from '../../../src/checking/index.js';
import { fail } from '../../../src/diagnostics/index.js';
import { joinInside } from '../../../src/file-names.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { bytesOf } from '../buffers.js';
import type { EmittedCuda } from '../emit-files.js';
import { driverText } from './driver-text.js';
import { decode, dtypeNames, encode } from './host-data.js';

const DEVICE = 'cuda-emulator';
/** How long a call may take, in milliseconds. */
const PATIENCE = 300_000;
/** What the emulation ends with when it finds a kernel wrong. */
const FOUND_WRONG = 86;

const emulation = fileURLToPath(new URL('../emulation/', import.meta.url));
const compiler = (): string => process.env['CXX'] ?? 'g++';
const flags = ['-std=c++17', '-O1', '-w', '-fno-strict-aliasing'];

export interface RunSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
}

let known: Promise<Availability> | undefined;

export function emulatorAvailability(): Promise<Availability> {
  known ??= promisify(execFile)(compiler(), ['--version']).then(
    ({ stdout }): Availability => ({
      available: true,
      detail: `kernels on the host, compiled by ${stdout.split('\n')[0]}`,
    }),
    (): Availability => ({
      available: false,
      why: `${compiler()} is not installed`,
      remedy: 'install a C++ compiler (Debian: g++), or name another one by the environment variable CXX',
    }),
  );
  return known;
}

const headers = (): string =>
  readdirSync(emulation)
    .sort()
    .map((name) => readFileSync(join(emulation, name), 'utf8'))
    .join('');
const programs = new Map<string, Promise<string>>();

/** The program that runs an emitted file: compiled when it is first asked for, kept between processes. */
function programOf(emitted: EmittedCuda): Promise<string> {
  const driver = driverText(emitted);
  const text = [compiler(), ...flags, headers(), emitted.header, emitted.cuda, driver].join('\n');
  const key = createHash('sha256').update(text).digest('hex').slice(0, 24);
  const found = programs.get(key) ?? build(emitted, driver, key);
  programs.set(key, found);
  return found;
}

async function build(emitted: EmittedCuda, driver: string, key: string): Promise<string> {
  const folder = join(tmpdir(), `heddle-cuda-${userInfo().username}`);
  const program = join(folder, key);
  if (existsSync(program)) return program;
  const own = join(folder, `${key}.${process.pid}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(joinInside(own, `${emitted.name}.cu`), emitted.cuda);
    writeFileSync(joinInside(own, `${emitted.name}.h`), emitted.header);
    writeFileSync(join(own, 'driver.cpp'), driver);
    const include = ['-I', emulation, '-I', own];
    await promisify(execFile)(compiler(), [...flags, ...include, join(own, 'driver.cpp'), '-o', join(own, 'program')]);
    renameSync(join(own, 'program'), program);
  } catch (error) {
    const problem = (error as { stderr?: string }).stderr?.split('\n').find((line) => line.includes('error'));
    fail('HD6802', { device: DEVICE, kernel: `${emitted.name}.cu`, problem: problem ?? String(error) });
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return program;
}

/** Runs an emitted program; its outputs, of R rows, by name. @throws HeddleError HD68xx. */
export async function runCuda(
  emitted: EmittedCuda,
  inputs: ReadonlyMap<string, HostTensor>,
  sizes: RunSizes,
): Promise<Map<string, HostTensor>> {
  const program = await programOf(emitted);
  const { buffers } = emitted.module;
  const given: Buffer[] = [Buffer.from(Int32Array.of(sizes.batch, sizes.queries, sizes.keys, sizes.rows).buffer)];
  for (const buffer of emitted.program.buffers) {
    if (buffer.role !== 'input') continue;
    const tensor = inputs.get(buffer.name);
    if (!tensor) throw new RangeError(`input ${buffer.name} is missing`);
    given.push(encode(tensor.data, buffers.get(buffer)!.element));
  }
  const bytes = await call(program, `${emitted.name}.cu`, Buffer.concat(given));
  const outputs = new Map<string, HostTensor>();
  let place = 0;
  const lengths = { batch: sizes.batch, query: sizes.queries, key: sizes.keys, position: sizes.keys, row: sizes.rows };
  for (const buffer of emitted.program.buffers) {
    if (buffer.role !== 'output') continue;
    const { element } = buffers.get(buffer)!;
    const shape = buffer.axes.map((axis) => ('size' in axis ? axis.size : lengths[axis.kind]));
    const count = shape.reduce((product, size) => product * size, 1);
    const data = decode(bytes, place, element, count);
    place += count * bytesOf[element];
    outputs.set(buffer.name, hostTensor(shape, data, dtypeNames[element]));
  }
  return outputs;
}

function call(program: string, kernel: string, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { stdio: 'pipe' });
    const output: Buffer[] = [];
    let message = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.stderr.on('data', (part: Buffer) => {
      message += part.toString();
    });
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(output));
      else {
        const problem = message.trim() || `it ended with ${signal ?? code}`;
        const wrong = code === FOUND_WRONG ? 'HD6803' : signal === 'SIGKILL' ? 'HD6806' : 'HD6805';
        try {
          fail(wrong, { device: DEVICE, kernel, problem });
        } catch (error) {
          reject(error);
        }
      }
    });
    child.stdin.end(input);
  });
}
