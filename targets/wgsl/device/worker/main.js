// A worker process: answers requests over its standard input and output, one after the other, until its input ends.
// Started by Node for Dawn (argument `dawn` or `null`) and by Deno for wgpu (argument `wgpu`).
// @ts-check
import { freemem } from 'node:os';
import process from 'node:process';
import { decoder, encode } from '../../../shared/device/frames.js';
import { problemOf } from '../../../shared/device/problems.js';
import { executor } from './execute.js';
import { validator } from './validate.js';

/** The optional features that compute kernels can use. */
const FEATURES = /** @type {const} */ (['shader-f16', 'subgroups', 'timestamp-query', 'subgroup-size-control']);

const backend = process.argv[2];

/** @returns {Promise<GPU | undefined>} */
async function openGpu() {
  if (backend === 'wgpu')
    return /** @type {{ navigator?: { gpu?: GPU } }} */ (/** @type {unknown} */ (globalThis)).navigator?.gpu;
  const { create } = await import('webgpu');
  return backend === 'null'
    ? create(['backend=null', 'enable-dawn-features=allow_unsafe_apis'])
    : // Timestamps are rounded to 100 µs for the web, where they could betray secrets.
      create(['enable-dawn-features=allow_unsafe_apis', 'disable-dawn-features=timestamp_quantization']);
}

/**
 * @typedef {(header: Record<string, unknown>, payloads: Uint8Array[]) =>
 *   Promise<{ header: Record<string, unknown>, payloads: Uint8Array[] }>} Answer
 */

/** Bytes; within the bounds of a container where the runtime knows them. */
const availableMemory = () => process.availableMemory?.() ?? freemem();

/** @param {GPU} gpu @returns {Promise<{ greeting: Record<string, unknown>, answer: Answer }>} */
async function openDevice(gpu) {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return { greeting: { adapter: null }, answer: () => Promise.reject(new Error('there is no adapter')) };
  const features = FEATURES.filter((name) => adapter.features.has(name));
  /** @type {Record<string, number>} */
  const limits = {};
  for (const name in adapter.limits) {
    const value = adapter.limits[/** @type {keyof GPUSupportedLimits} */ (name)];
    if (typeof value === 'number') limits[name] = value;
  }
  const device = await adapter.requestDevice({
    requiredFeatures: /** @type {GPUFeatureName[]} */ ([...features]),
    requiredLimits: limits,
  });
  const software = adapter.info.isFallbackAdapter;
  // Drivers that allocate on the host promise more than there is, and the system then ends some process or other.
  keptAlive.push(adapter, device);
  const execute = executor(device, software ? availableMemory : () => Number.POSITIVE_INFINITY);
  // A lost device does not come back. The process ends with the answer, and the next job gets a fresh one.
  const lost = device.lost.then(({ message }) => ({
    header: { problem: { kind: 'lost', text: message } },
    payloads: [],
  }));
  const { vendor, architecture, device: name, description } = adapter.info;
  return {
    greeting: {
      adapter: { vendor, architecture, device: name, description, software },
      features,
      limits,
      ...(features.includes('subgroups')
        ? { subgroupSize: [adapter.info.subgroupMinSize, adapter.info.subgroupMaxSize] }
        : {}),
    },
    answer: (header, payloads) =>
      Promise.race([
        execute(/** @type {import('./execute.js').JobRequest} */ (/** @type {unknown} */ (header)), payloads),
        lost,
      ]),
  };
}

/** @param {GPU} gpu @returns {{ greeting: Record<string, unknown>, answer: Answer }} */
function openValidator(gpu) {
  const validate = validator(gpu);
  return {
    greeting: {},
    answer: async (header) => ({
      header: {
        problems: await validate(
          /** @type {import('./validate.js').ValidationRequest} */ (/** @type {unknown} */ (header)),
        ),
      },
      payloads: [],
    }),
  };
}

/** @param {Record<string, unknown>} header @param {Uint8Array[]} [payloads] */
async function send(header, payloads = []) {
  for (const chunk of encode({ header, payloads })) {
    await new Promise((written) => process.stdout.write(chunk, written));
  }
}

/**
 * Dawn's devices do not keep the instance that they came from: when that is collected as garbage, memory is corrupt.
 * @type {unknown[]}
 */
const keptAlive = [];

async function serve() {
  const gpu = await openGpu();
  if (!gpu) return send({ adapter: null });
  keptAlive.push(gpu);
  const { greeting, answer } = backend === 'null' ? openValidator(gpu) : await openDevice(gpu);
  await send(greeting);
  /** @type {Promise<void>} */
  let last = Promise.resolve();
  const receive = decoder(({ header, payloads }) => {
    last = last.then(async () => {
      const reply = await answer(header, payloads).catch((error) => ({
        header: { problem: problemOf('fault', error) },
        payloads: [],
      }));
      await send(reply.header, reply.payloads);
    });
  });
  for await (const chunk of process.stdin) receive(chunk);
}

// The end of the input is the end of the parent or of its wish. Drivers keep threads alive, and a job may never end.
await serve();
process.exit(0);
