// Runs jobs on a WebGPU device: buffers, bind groups, dispatches, times, and the way back.
// Speaks WebGPU alone, so it is the same in Node on Dawn and in Deno on wgpu.
// @ts-check

import { checked, ProblemError } from '../../../shared/device/problems.js';
import { byGroup, pipelineCache } from './modules.js';
import { tuner } from './tune.js';

/** @typedef {import('../job.js').Binding} Binding */
/** @typedef {import('../job.js').Dispatch} Dispatch */

/**
 * A buffer as it crosses the pipe: `data` is the index of its payload.
 * @typedef {{ name: string, size: number, data?: number, fill: 'zero' | 'poison', read: boolean }} BufferRequest
 */

/**
 * @typedef {object} JobRequest
 * @property {string} wgsl
 * @property {readonly BufferRequest[]} buffers
 * @property {readonly Dispatch[]} dispatches
 * @property {number} poison
 * @property {{ repeats: number, warmups: number }} [measure]
 * @property {'hold'} [keep] Makes it ready and runs it once, to be run again by `again`, until `release`.
 * @property {number} [again] The number of a job that is held, to run once more.
 * @property {import('./tune.js').TuneRequest} [tune] A launcher that is to time its alternatives, in place of a job.
 * @property {number} [release] The number of a job that is held, to be let go.
 */

/**
 * A job with its pipelines and buffers.
 * @typedef {{ encode: Encode, count: number, buffers: ReadonlyMap<string, GPUBuffer>, owned: GPUBuffer[] }} ReadyJob
 */

// Flags of GPUBufferUsage and GPUMapMode, numbers of the specification: Dawn's globals are not those of Deno.
const USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128, QUERY_RESOLVE: 512 };
const MAP_READ = 1;
const TIMESTAMP_BYTES = 8;
/** Filling in pieces keeps the host's copy of a large poisoned buffer small. */
const FILL_BYTES = 1 << 24;

/** @param {number} bytes @param {number} unit */
const roundUp = (bytes, unit) => Math.max(Math.ceil(bytes / unit), 1) * unit;

/**
 * @param {GPUDevice} device
 * @param {() => number} availableMemory Bytes that a job may take now.
 */
export function executor(device, availableMemory) {
  const cache = pipelineCache(device);
  const tune = tuner(device);
  /** @type {Map<number, ReadyJob>} */
  const held = new Map();
  let jobs = 0;

  /**
   * @param {JobRequest} request
   * @param {readonly Uint8Array[]} payloads
   * @returns {Promise<ReadyJob>}
   */
  const ready = async (request, payloads) => {
    const { wgsl, dispatches } = request;
    /** @type {GPUComputePipeline[]} */
    const pipelines = [];
    for (const each of dispatches) pipelines.push(await cache.pipeline(wgsl, each));
    /** @type {GPUBuffer[]} */
    const owned = [];
    try {
      refuseWithoutMemory(request, availableMemory());
      const buffers = await createBuffers(device, request, payloads, owned);
      const bound = await checked(device, 'job', () =>
        dispatches.map(({ bindings }, d) => bindGroups(device, at(pipelines, d), bindings, buffers)),
      );
      /** @type {Encode} */
      const encode = (pass, d) => {
        pass.setPipeline(at(pipelines, d));
        at(bound, d).forEach((group, g) => {
          pass.setBindGroup(g, group);
        });
        const [x = 1, y = 1, z = 1] = at(dispatches, d).workgroups;
        pass.dispatchWorkgroups(x, y, z);
      };
      return { encode, count: dispatches.length, buffers, owned };
    } catch (error) {
      letGo(owned);
      throw error;
    }
  };

  /** @param {number} number */
  const heldJob = (number) => {
    const job = held.get(number);
    if (job === undefined)
      throw new ProblemError({ kind: 'job', text: 'the device was started anew since it got ready' });
    return job;
  };

  /**
   * @param {JobRequest} request
   * @param {readonly Uint8Array[]} payloads
   */
  return async (request, payloads) => {
    if (request.tune !== undefined) return { header: { tuned: await tune(request.tune) }, payloads: [] };
    if (request.again !== undefined) {
      const { encode, count } = heldJob(request.again);
      /** @type {GPUBuffer[]} */
      const stages = [];
      try {
        return {
          header: { timing: await timed(device, encode, count, { repeats: 1, warmups: 0 }, stages) },
          payloads: [],
        };
      } finally {
        letGo(stages);
      }
    }
    if (request.release !== undefined) {
      letGo(heldJob(request.release).owned);
      held.delete(request.release);
      return { header: {}, payloads: [] };
    }
    const { measure, keep } = request;
    const job = await ready(request, payloads);
    const { encode, count, buffers, owned } = job;
    try {
      const timing = measure ? await timed(device, encode, count, measure, owned) : await submit(device, encode, count);
      const bytes = request.buffers.reduce((sum, { size }) => sum + roundUp(size, 4), 0);
      if (keep === 'hold') {
        await device.queue.onSubmittedWorkDone();
        jobs += 1;
        held.set(jobs, job);
        return { header: { held: jobs, bytes }, payloads: [] };
      }
      return { header: { timing, bytes }, payloads: await readBack(device, request, buffers, owned) };
    } finally {
      if (keep !== 'hold') letGo(owned);
    }
  };
}

/** @param {GPUBuffer[]} buffers */
function letGo(buffers) {
  for (const buffer of buffers.splice(0)) buffer.destroy();
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} index
 */
const at = (items, index) => /** @type {Item} */ (items[index]);

// ── Buffers ─────────────────────────────────────────────────────────────────────────────────────────

/**
 * @param {GPUDevice} device
 * @param {JobRequest} request
 * @param {readonly Uint8Array[]} payloads
 * @param {GPUBuffer[]} owned
 */
async function createBuffers(device, { buffers, dispatches, poison }, payloads, owned) {
  const uniforms = new Set(
    dispatches.flatMap(({ bindings }) => bindings.filter(({ kind }) => kind === 'uniform').map(({ buffer }) => buffer)),
  );
  /** @type {Map<string, GPUBuffer>} */
  const made = new Map();
  await checked(device, 'job', () => {
    for (const { name, size, fill, data } of buffers) {
      const padded = roundUp(size, uniforms.has(name) ? 16 : 4);
      refuseOversize(device, name, padded, uniforms.has(name));
      const usage = USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST | (uniforms.has(name) ? USAGE.UNIFORM : 0);
      const buffer = device.createBuffer({ label: name, size: padded, usage });
      owned.push(buffer);
      made.set(name, buffer);
      if (fill === 'poison') fillWith(device, buffer, padded, poison);
      if (data !== undefined) write(device, buffer, at(payloads, data));
    }
  });
  return made;
}

/**
 * Sizes beyond the limits are refused before the driver sees them: drivers answer them differently, some by crashing.
 * @param {GPUDevice} device
 * @param {string} name
 * @param {number} size
 * @param {boolean} uniform
 */
function refuseOversize({ limits }, name, size, uniform) {
  const binding = uniform ? 'maxUniformBufferBindingSize' : 'maxStorageBufferBindingSize';
  for (const limit of /** @type {const} */ (['maxBufferSize', binding])) {
    if (size > limits[limit]) {
      throw new ProblemError({
        kind: 'memory',
        text: `buffer ${name} has ${size} bytes; ${limit} of this device is ${limits[limit]}`,
      });
    }
  }
}

/** Part of the memory stays for the rest of the machine. */
const SHARE_OF_MEMORY = 0.8;

/**
 * What is read back is there twice more: for the transfer, and on its way to the parent.
 * @param {JobRequest} request
 * @param {number} available
 */
function refuseWithoutMemory({ buffers }, available) {
  const bytes = buffers.reduce((sum, { size, read }) => sum + (read ? 3 * size : size), 0);
  if (bytes <= SHARE_OF_MEMORY * available) return;
  throw new ProblemError({ kind: 'memory', text: `its buffers take ${bytes} bytes; ${available} are available` });
}

/**
 * @param {GPUDevice} device
 * @param {GPUBuffer} buffer
 * @param {number} size
 * @param {number} word
 */
function fillWith(device, buffer, size, word) {
  const words = new Uint32Array(Math.min(size, FILL_BYTES) / 4).fill(word);
  for (let offset = 0; offset < size; offset += words.byteLength) {
    device.queue.writeBuffer(buffer, offset, words, 0, Math.min(words.length, (size - offset) / 4));
  }
}

/**
 * Writes take whole words: a last, partial one is filled up with zeros.
 * @param {GPUDevice} device
 * @param {GPUBuffer} buffer
 * @param {Uint8Array} data
 */
function write(device, buffer, data) {
  const whole = data.byteLength - (data.byteLength % 4);
  if (whole > 0) device.queue.writeBuffer(buffer, 0, data, 0, whole);
  if (whole === data.byteLength) return;
  const rest = new Uint8Array(4);
  rest.set(data.subarray(whole));
  device.queue.writeBuffer(buffer, whole, rest);
}

/**
 * @param {GPUDevice} device
 * @param {GPUComputePipeline} pipeline
 * @param {readonly Binding[]} bindings
 * @param {ReadonlyMap<string, GPUBuffer>} buffers
 */
function bindGroups(device, pipeline, bindings, buffers) {
  return byGroup(bindings).map((entries, group) =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(group),
      entries: entries.map(({ binding, buffer }) => {
        const bound = buffers.get(buffer);
        if (bound === undefined) throw new ProblemError({ kind: 'job', text: `there is no buffer ${buffer}` });
        return { binding, resource: { buffer: bound } };
      }),
    }),
  );
}

/**
 * The contents of the buffers that are wanted, in order.
 * @param {GPUDevice} device
 * @param {JobRequest} request
 * @param {ReadonlyMap<string, GPUBuffer>} buffers
 * @param {GPUBuffer[]} owned
 */
async function readBack(device, request, buffers, owned) {
  const wanted = request.buffers.filter(({ read }) => read);
  // Reading waits for the dispatches; a job of which nothing is read is done when they are.
  if (wanted.length === 0) await device.queue.onSubmittedWorkDone();
  const sources = wanted.map(({ name }) => /** @type {GPUBuffer} */ (buffers.get(name)));
  const contents = await download(device, sources, owned);
  return wanted.map(({ size }, i) => at(contents, i).subarray(0, size));
}

/**
 * @param {GPUDevice} device
 * @param {readonly GPUBuffer[]} sources
 * @param {GPUBuffer[]} owned
 */
async function download(device, sources, owned) {
  const stages = await checked(device, 'job', () => {
    const encoder = device.createCommandEncoder();
    const made = sources.map((source) => {
      const stage = device.createBuffer({ size: source.size, usage: USAGE.MAP_READ | USAGE.COPY_DST });
      owned.push(stage);
      encoder.copyBufferToBuffer(source, 0, stage, 0, source.size);
      return stage;
    });
    device.queue.submit([encoder.finish()]);
    return made;
  });
  await Promise.all(stages.map((stage) => stage.mapAsync(MAP_READ)));
  return stages.map((stage) => {
    const copy = new Uint8Array(stage.getMappedRange().slice(0));
    stage.destroy();
    return copy;
  });
}

// ── Dispatches ──────────────────────────────────────────────────────────────────────────────────────

/** @typedef {(pass: GPUComputePassEncoder, dispatch: number) => void} Encode */

/**
 * Submits all dispatches. Whoever reads their results waits for them.
 * @param {GPUDevice} device
 * @param {Encode} encode
 * @param {number} count
 */
async function submit(device, encode, count) {
  await checked(device, 'job', () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let d = 0; d < count; d++) encode(pass, d);
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
}

/**
 * Runs all dispatches again and again, and tells how long each run took.
 * @param {GPUDevice} device
 * @param {Encode} encode
 * @param {number} count
 * @param {{ repeats: number, warmups: number }} measure
 * @param {GPUBuffer[]} owned
 */
async function timed(device, encode, count, { repeats, warmups }, owned) {
  for (let run = 0; run < warmups; run++) {
    await submit(device, encode, count);
    await device.queue.onSubmittedWorkDone();
  }
  /** @type {number[]} */
  const wall = [];
  if (!device.features.has('timestamp-query')) {
    for (let run = 0; run < repeats; run++) {
      const start = performance.now();
      await submit(device, encode, count);
      await device.queue.onSubmittedWorkDone();
      wall.push(performance.now() - start);
    }
    return { wall };
  }
  const queries = device.createQuerySet({ type: 'timestamp', count: Math.max(2 * count, 1) });
  const stamps = device.createBuffer({
    size: Math.max(2 * count, 1) * TIMESTAMP_BYTES,
    usage: USAGE.QUERY_RESOLVE | USAGE.COPY_SRC,
  });
  owned.push(stamps);
  /** @type {number[][]} */
  const dispatches = Array.from({ length: count }, () => []);
  for (let run = 0; run < repeats; run++) {
    const start = performance.now();
    await checked(device, 'job', async () => {
      const encoder = device.createCommandEncoder();
      for (let d = 0; d < count; d++) {
        const pass = encoder.beginComputePass({
          timestampWrites: { querySet: queries, beginningOfPassWriteIndex: 2 * d, endOfPassWriteIndex: 2 * d + 1 },
        });
        encode(pass, d);
        pass.end();
      }
      encoder.resolveQuerySet(queries, 0, 2 * count, stamps, 0);
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    });
    wall.push(performance.now() - start);
    const [bytes] = await download(device, [stamps], owned);
    const ticks = [...new BigUint64Array(/** @type {Uint8Array<ArrayBuffer>} */ (bytes).buffer)];
    dispatches.forEach((runs, d) => {
      runs.push(Number(at(ticks, 2 * d + 1) - at(ticks, 2 * d)) / 1e6);
    });
  }
  queries.destroy();
  const sums = wall.map((_, run) => dispatches.reduce((sum, runs) => sum + at(runs, run), 0));
  return { wall, device: sums, dispatches };
}
