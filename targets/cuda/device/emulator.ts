// Runs emitted CUDA files on the host: g++ compiles them against the emulation of their device functions, once for each text,
// and a process of its own runs each call. What the emulation finds wrong is a diagnostic with its place.
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bufferAxis } from '../../../codegen/tile/interpreter/memory.js';
import type { Availability } from '../../../src/checking/index.js';
import { fail, HeddleError } from '../../../src/diagnostics/index.js';
import { joinInside } from '../../../src/file-names.js';
import { type HostTensor, hostTensor } from '../../../src/tensors/index.js';
import { cacheFolder, isOwn } from '../../shared/device/cache-folder.js';
import { runProgram, whileUnderWay } from '../../shared/device/child-process.js';
import { bytesOf } from '../buffers.js';
import { alternativeNumber } from '../choice-text.js';
import type { EmittedCuda } from '../emit-files.js';
import { driverText } from './driver-text.js';
import { compiler, compilerFlags, emulation } from './host-compiler.js';
import { decode, dtypeNames, encode } from './host-data.js';

const DEVICE = 'cuda-emulator';
/** How long a call may take, in milliseconds. */
const PATIENCE = 300_000;
/** What the emulation ends with when it finds a kernel wrong. */
const FOUND_WRONG = 86;

export interface RunSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly rows: number;
  /** The name of an alternative; the launcher chooses unless told. */
  readonly alternative?: string | undefined;
}

let known: Promise<Availability> | undefined;

const lacking = (): Availability => ({
  available: false,
  why: `${compiler()} is not installed`,
  remedy: 'install a C++ compiler (Debian: g++), or name another one by the environment variable CXX',
});

export function emulatorAvailability(): Promise<Availability> {
  known ??= runProgram(compiler(), ['--version'], { patience: PATIENCE }).then(
    ({ code, output }): Availability =>
      code === 0
        ? { available: true, detail: `kernels on the host, compiled by ${String(output).split('\n')[0]}` }
        : lacking(),
    lacking,
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
  const text = [compiler(), ...compilerFlags, headers(), emitted.header, emitted.cuda, driver].join('\n');
  const key = createHash('sha256').update(text).digest('hex').slice(0, 24);
  const found = programs.get(key) ?? build(emitted, driver, key);
  programs.set(key, found);
  return found;
}

async function build(emitted: EmittedCuda, driver: string, key: string): Promise<string> {
  const folder = cacheFolder();
  const program = join(folder, `cuda-${key}`);
  // What somebody else could have put there is not run.
  if (isOwn(program, 'file')) return program;
  const own = mkdtempSync(join(folder, `compiling-${key}-`));
  const removeOwn = (): void => rmSync(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  const underWay = whileUnderWay(removeOwn);
  try {
    writeFileSync(joinInside(own, `${emitted.name}.cu`), emitted.cuda);
    writeFileSync(joinInside(own, `${emitted.name}.h`), emitted.header);
    writeFileSync(join(own, 'driver.cpp'), driver);
    const made = join(own, 'program');
    const given = [...compilerFlags, '-I', emulation, '-I', own, join(own, 'driver.cpp'), '-o', made];
    const { code, signal, errors } = await runProgram(compiler(), given, { patience: PATIENCE });
    if (code !== 0) {
      const problem = errors.split('\n').find((line) => line.includes('error')) ?? `it ended with ${signal ?? code}`;
      fail('HD6802', { device: DEVICE, kernel: `${emitted.name}.cu`, problem });
    }
    chmodSync(made, 0o700);
    renameSync(made, program);
  } catch (error) {
    if (error instanceof HeddleError) throw error;
    fail('HD6802', { device: DEVICE, kernel: `${emitted.name}.cu`, problem: String(error) });
  } finally {
    underWay.done();
    removeOwn();
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
  const { batch, queries, keys, rows, alternative } = sizes;
  const found = emitted.alternatives.findIndex(({ name }) => name === alternative);
  if (alternative !== undefined && found < 0) throw new RangeError(`there is no alternative ${alternative}`);
  const asked = alternative === undefined ? 0 : alternativeNumber(found);
  const given: Buffer[] = [Buffer.from(Int32Array.of(batch, queries, keys, rows, asked).buffer)];
  for (const buffer of emitted.program.buffers) {
    if (buffer.role !== 'input') continue;
    const tensor = inputs.get(buffer.name);
    if (!tensor) throw new RangeError(`input ${buffer.name} is missing`);
    given.push(encode(tensor.data, buffers.get(buffer)!.element));
  }
  const bytes = await call(program, `${emitted.name}.cu`, Buffer.concat(given));
  const outputs = new Map<string, HostTensor>();
  let place = 0;
  for (const buffer of emitted.program.buffers) {
    if (buffer.role !== 'output') continue;
    const { element } = buffers.get(buffer)!;
    const shape = buffer.axes.map((axis) => bufferAxis(axis, sizes).size);
    const count = shape.reduce((product, size) => product * size, 1);
    const data = decode(bytes, place, element, count);
    place += count * bytesOf[element];
    outputs.set(buffer.name, hostTensor(shape, data, dtypeNames[element]));
  }
  return outputs;
}

async function call(program: string, kernel: string, input: Buffer): Promise<Buffer> {
  const { code, signal, isLate, output, errors } = await runProgram(program, [], { input, patience: PATIENCE });
  if (code === 0) return output;
  const problem = errors.trim() || `it ended with ${signal ?? code}`;
  return fail(code === FOUND_WRONG ? 'HD6803' : isLate ? 'HD6806' : 'HD6805', { device: DEVICE, kernel, problem });
}
