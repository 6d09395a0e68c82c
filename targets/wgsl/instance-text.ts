// The part of a launcher that is the same for every program, as JavaScript: it gets a device, builds the pipelines, checks
// what a call needs against what the device grants, dispatches, and answers with results or with what went wrong.
import { chosenPlanText } from './choice-text.js';
import { halfText } from './half-text.js';
import { PACKED, WORKSPACE } from './launch-text.js';
import { tuneText } from './tune-text.js';

/** Slots for uniforms of launches that callers submit themselves: so many in a buffer, and so many buffers. */
const SLOTS = 64;
const PAGES = 8;
/** Launches that may be encoded before the uniforms of an earlier one are given up: a buffer gives way as a whole. */
export const LAUNCHES_AHEAD = SLOTS * (PAGES - 1);

/**
 * The text, exporting a factory called `factory`; `name`, `wgsl`, `features` and so on are declared before it.
 * @param holds whether there are several alternatives, and whether some of them need subgroups
 */
export const instanceText = (
  factory: string,
  { chooses, holdsSubgroups }: { readonly chooses: boolean; readonly holdsSubgroups: boolean },
): string => `/**
 * Readies the kernels on a GPUDevice, or on one that a GPUAdapter grants when it is asked for what is needed; without either
 * on one of the adapter that the browser prefers. Pipelines are built when a launch first needs them.
 */
export async function ${factory}(source${chooses ? ', options' : ''}) {
  const device = await deviceFor(source);
  const isOwnDevice = device !== source;
  const granted = device.limits;
  const guard = guardOf(device);
  const module = await guard(() => device.createShaderModule({ code: wgsl }));
  const pipelines = new Map();
${
  holdsSubgroups
    ? `  let others;
  const othersModule = () => (others ??= device.createShaderModule({ code: wgslWithSubgroups() }));
  /** What a pipeline is kept as: kernels for subgroups have the names of others. */
  const keyOf = ({ alternative }, entryPoint) => (alternative === withoutSubgroups(alternative) ? entryPoint : \`\${entryPoint} other\`);
  const descriptorOf = (key) => {
    const [entryPoint, isOther] = key.split(' ');
    return { layout: 'auto', compute: { module: isOther ? othersModule() : module, entryPoint } };
  };`
    : `  const descriptorOf = (entryPoint) => ({ layout: 'auto', compute: { module, entryPoint } });`
}
  const keepPipeline = (key, pipeline) => {
    const kept = { pipeline, layout: pipeline.getBindGroupLayout(0) };
    pipelines.set(key, kept);
    return kept;
  };
  const pipelineOf = (key) => pipelines.get(key) ?? keepPipeline(key, device.createComputePipeline(descriptorOf(key)));
  const STORAGE = 0x80;
  const COPY = 0x04 | 0x08;
  const UNIFORM = 0x40 | 0x08;
  const alignment = granted.minUniformBufferOffsetAlignment ?? 256;
  const slot = Math.ceil(uniformBytes / alignment) * alignment;
  const kept = { packed: keeperOf(device, STORAGE | COPY), uniforms: keeperOf(device, UNIFORM) };
  // Each part of the workspace that has a binding of its own is a buffer of its own: none need be as large as all of them.
  const parts = table();
  let pages = [];
  let isDestroyed = false;

  /** Uniforms of a launch that is submitted at once: the queue writes them when those before it are done with theirs. */
  const ownUniforms = (dispatches) => {
    const words = new Int32Array((dispatches.length * slot) / 4);
    for (const [n, { launch }] of dispatches.entries()) words.set(launch, (n * slot) / 4);
    const buffer = kept.uniforms.get(words.byteLength, false);
    device.queue.writeBuffer(buffer, 0, words);
    return dispatches.map((_, n) => ({ buffer, offset: n * slot, size: slot }));
  };
  /** Uniforms of a launch that its caller submits: none is written again, and the oldest buffer gives way. */
  const lastingUniforms = (dispatches) =>
    dispatches.map(({ launch }) => {
      const key = launch.join();
      const known = pages.find(({ slots }) => slots.has(key));
      if (known) return { buffer: known.buffer, offset: known.slots.get(key), size: slot };
      if (!pages[0] || pages[0].slots.size === ${SLOTS}) {
        pages.unshift({ buffer: device.createBuffer({ size: ${SLOTS} * slot, usage: UNIFORM }), slots: new Map() });
        for (const { buffer } of pages.splice(${PAGES})) buffer.destroy();
      }
      const [{ buffer, slots }] = pages;
      const offset = slots.size * slot;
      slots.set(key, offset);
      device.queue.writeBuffer(buffer, offset, launch);
      return { buffer, offset, size: slot };
    });

  const lackOf = (plan) => {
    for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize', 'maxComputeWorkgroupsPerDimension']) {
      if (!(plan.limits[limit] > granted[limit])) continue;
      const largest = Object.keys(plan.bytes).find((each) => plan.bytes[each] === plan.limits[limit]);
      return lackText(limit.endsWith('Size') ? largest : 'the grid', limit, plan.limits[limit], granted);
    }
    return undefined;
  };
${
  chooses
    ? chosenPlanText
    : `  const planFor = (sizes, places, alternative) => {
    if (isDestroyed) throw new Error(\`\${name} was destroyed\`);
    const plan = planLaunch(sizes, places, { alternative });
    const lack = lackOf(plan);
    if (lack !== undefined) throw new RangeError(lack);
    return plan;
  };`
}

  /** Builds the pipelines that a launch at these sizes needs, beside what the device is doing. */
  async function prepare(sizes, { alternative } = {}) {
    const plan = planFor(sizes, undefined, alternative);
    const wanted = new Set(plan.dispatches.map(({ entryPoint }) => ${holdsSubgroups ? 'keyOf(plan, entryPoint)' : 'entryPoint'}).filter((each) => !pipelines.has(each)));
    await Promise.all(
      [...wanted].map(async (key) => {
        keepPipeline(key, await device.createComputePipelineAsync(descriptorOf(key)));
      }),
    );
  }

  function encode(plan, buffers, offsets, { encoder, pass, workspace, isOwn, timestampWrites }) {
    for (const each of Object.keys(plan.tensors)) {
      if (!buffers[each]) throw new TypeError(\`\${each} is missing\`);
      refuseSmall(each, buffers[each], plan.bytes[each]);
    }
    if (workspace) refuseSmall('the workspace', workspace, plan.workspaceBytes);
    let packed;
    if (plan.packed.length > 0) {
      if (!encoder) throw new TypeError('small inputs are packed by copies, which need an encoder rather than a pass');
      packed = kept.packed.get(plan.packedElements * 4, !isOwn);
      for (const { name: each, offset, elements } of plan.packed) {
        encoder.copyBufferToBuffer(buffers[each], (offsets[each] ?? 0) * 4, packed, offset * 4, elements * 4);
      }
    }
    const resourceOf = (each) => {
      const size = plan.bytes[each];
      if (each === '${PACKED}') return { buffer: packed, size };
      const part = plan.workspace.find((one) => one.name === each);
      if (!part && each !== '${WORKSPACE}') return { buffer: buffers[each], size };
      if (workspace) return { buffer: workspace, offset: part?.offset ?? 0, size };
      parts[each] ??= keeperOf(device, STORAGE);
      return { buffer: parts[each].get(size, !isOwn), size };
    };
    const uniforms = isOwn ? ownUniforms(plan.dispatches) : lastingUniforms(plan.dispatches);
    const commands = pass ?? encoder.beginComputePass(timestampWrites && { timestampWrites });
    for (const [n, { entryPoint, bindings, workgroups }] of plan.dispatches.entries()) {
      const { pipeline, layout } = pipelineOf(${holdsSubgroups ? 'keyOf(plan, entryPoint)' : 'entryPoint'});
      const entries = [
        { binding: 0, resource: uniforms[n] },
        ...bindings.map(([binding, each]) => ({ binding, resource: resourceOf(each) })),
      ];
      commands.setPipeline(pipeline);
      commands.setBindGroup(0, device.createBindGroup({ layout, entries }));
      commands.dispatchWorkgroups(...workgroups);
    }
    if (!pass) commands.end();
  }

  /**
   * Dispatches into \`encoder\`, or into \`pass\`, or submits. \`tensors\` are GPUBuffers, or { buffer, offset, strides } in elements.
   */
  function dispatch(tensors, sizes, { encoder, pass, workspace, alternative } = {}) {
    const buffers = table();
    const places = { strides: table(), offsets: table() };
    for (const [each, given] of Object.entries(tensors)) {
      buffers[each] = given.buffer ?? given;
      if (given.strides) places.strides[each] = given.strides;
      if (given.offset) places.offsets[each] = given.offset;
    }
    const plan = planFor(sizes, places, alternative);
    if (encoder || pass) return guard(() => encode(plan, buffers, places.offsets, { encoder, pass, workspace }));
    const submitted = () => {
      const own = device.createCommandEncoder();
      encode(plan, buffers, places.offsets, { encoder: own, workspace, isOwn: true });
      device.queue.submit([own.finish()]);
    };
    return guard(submitted, () => device.queue.onSubmittedWorkDone());
  }

  /** Runs once on { shape, data } by name: uploads, dispatches, reads back. */
  async function run(tensors, { rows, alternative } = {}) {
    const sizes = sizesOf(tensors, rows);
    const plan = planFor(sizes, undefined, alternative);
    const data = hostData(plan, tensors);
    await prepare(sizes, plan);
    const owned = [];
    const created = (size, usage) => {
      owned.push(device.createBuffer({ size, usage }));
      return owned.at(-1);
    };
    const submitted = () => {
      const buffers = table();
      for (const each of Object.keys(plan.tensors)) {
        buffers[each] = created(plan.bytes[each], STORAGE | COPY);
        if (data[each]) device.queue.writeBuffer(buffers[each], 0, data[each]);
      }
      const encoder = device.createCommandEncoder();
      encode(plan, buffers, table(), { encoder, isOwn: true });
      const results = [];
      for (const [each, { role, dtype, shape }] of Object.entries(plan.tensors)) {
        if (role !== 'output') continue;
        const staging = created(plan.bytes[each], 0x01 | 0x08);
        encoder.copyBufferToBuffer(buffers[each], 0, staging, 0, plan.bytes[each]);
        results.push({ each, dtype, shape, staging });
      }
      device.queue.submit([encoder.finish()]);
      return results;
    };
    try {
      const results = await guard(submitted, (made) => Promise.all(made.map(({ staging }) => staging.mapAsync(1))));
      return Object.fromEntries(results.map(({ each, dtype, shape, staging }) => [each, { shape, data: numbersOf(staging, dtype, shape) }]));
    } finally {
      for (const buffer of owned) buffer.destroy();
    }
  }

  /** Lets go of everything that this instance has made; work that is submitted is done all the same. */
  function destroy() {
    isDestroyed = true;
    for (const keeper of [...Object.values(kept), ...Object.values(parts)]) keeper.destroy();
    for (const { buffer } of pages) buffer.destroy();
    pages = [];
    if (isOwnDevice) device.destroy();
  }

  return {
    device,
    alternatives,
    dispatch,
    run,
    prepare,${
      chooses
        ? `
    tune: (calls, options) => tuneOn({ device, planFor, prepare, encode, guard }, calls, options),
    tuned: found.said,`
        : ''
    }
    planLaunch,
    chosen: (sizes) => planFor(sizes).alternative,
    workspaceBytes: (sizes, { alternative } = {}) => planFor(sizes, undefined, alternative).workspaceBytes,
    destroy,
  };
}

// ── The device ───────────────────────────────────────────────────────────────────────────────────────

/** What grows with the sizes of a call, of which an adapter is asked for all that it has. */
const growing = ['maxStorageBufferBindingSize', 'maxBufferSize'];

async function deviceFor(source) {
  if (source && typeof source.requestDevice !== 'function') {
    refuseLack(source);
    return source;
  }
  const adapter = source ?? (await globalThis.navigator?.gpu?.requestAdapter());
  if (!adapter) throw new Error(\`\${name} finds no WebGPU adapter here: give it a GPUDevice or a GPUAdapter\`);
  refuseLack(adapter, true);
  const most = Object.fromEntries(growing.map((limit) => [limit, adapter.limits[limit]]));${
    chooses
      ? `
  // What only some alternatives need is asked for where it is there.
  for (const [limit, least] of alternatives.flatMap(({ limits: own }) => Object.entries(own))) {
    if (adapter.limits[limit] >= least) most[limit] = Math.max(most[limit] ?? 0, least);
  }`
      : ''
  }
  return adapter.requestDevice({ requiredFeatures: ${chooses ? `[...features, ...[${holdsSubgroups ? "'subgroups', " : ''}'timestamp-query'].filter((each) => adapter.features.has(each))]` : 'features'}, requiredLimits: { ...limits, ...most } });
}

function refuseLack({ features: has, limits: granted }, isAdapter) {
  for (const feature of features) {
    if (has.has(feature)) continue;
    throw new Error(lackingFeature(name, feature, isAdapter));
  }
  for (const [limit, least] of Object.entries(limits)) {
    if (granted[limit] < least) throw new RangeError(lackText('a kernel', limit, least, granted, isAdapter));
  }
}

function lackingFeature(what, feature, isAdapter) {
  const remedy = isAdapter ? 'no device of it has' : \`request it: requiredFeatures: ['\${feature}']\`;
  return \`\${what} needs \${feature}, which the \${isAdapter ? 'adapter' : 'device'} has not: \${remedy}\`;
}

function lackText(what, limit, needed, granted, isAdapter) {
  const remedy = isAdapter ? 'no device of it grants more' : \`request it of the adapter: requiredLimits: { \${limit}: \${needed} }\`;
  return \`\${name}: \${what} needs \${needed} of \${limit}, and the \${isAdapter ? 'adapter' : 'device'} grants \${granted[limit]}: \${remedy}\`;
}

function refuseSmall(what, { size }, needed) {
  if (size < needed) throw new RangeError(\`\${what} has \${size} bytes on the device, not \${needed}\`);
}

/**
 * Does work on a device: a promise of what it gives, once \`later\` has been awaited, or of what the device says against it.
 * Scopes are opened and closed in one turn, so that each call gets its own errors.
 */
function guardOf(device) {
  const waiting = new Set();
  let lost;
  device.lost?.then(({ reason, message }) => {
    lost = new Error(\`\${name}: the device was lost (\${reason || 'unknown'}): \${message}\`);
    for (const { promise, reject } of waiting) {
      // Whoever destroys a device wants no word of what it did not do.
      if (reason === 'destroyed') promise.catch(() => {});
      reject(lost);
    }
    waiting.clear();
  });
  const scopes = ['validation', 'out-of-memory', 'internal'];
  return (work, later) => {
    if (lost) return Promise.reject(lost);
    for (const scope of scopes) device.pushErrorScope(scope);
    let value;
    let after;
    let said;
    try {
      value = work();
      after = later?.(value);
    } finally {
      said = Promise.all(scopes.map(() => device.popErrorScope()));
      said.catch(() => {});
    }
    // What the device says comes first: it is why what comes later fails.
    after?.catch(() => {});
    const done = said.then((errors) => {
      const error = errors.find(Boolean);
      if (error) throw new Error(\`\${name}: the device refuses: \${error.message}\`);
      return after;
    });
    const entry = {};
    entry.promise = new Promise((resolve, reject) => {
      entry.reject = reject;
      waiting.add(entry);
      done.then(() => resolve(value), (error) => reject(lost ?? error)).finally(() => waiting.delete(entry));
    });
    return entry.promise;
  };
}

/** A buffer that grows with what is asked for. One that is outgrown goes, unless a caller may still submit work on it. */
function keeperOf(device, usage) {
  let current;
  let isLent = false;
  const lent = [];
  return {
    get(size, isForCaller) {
      if (!current || current.size < size) {
        // Half as much again, so that what is lent is never more than twice what is there.
        const roomy = Math.min(Math.ceil((current?.size ?? 0) * 0.375) * 4, device.limits.maxBufferSize ?? 0);
        if (isLent) lent.push(current);
        else current?.destroy();
        current = device.createBuffer({ size: Math.max(size, roomy, 256), usage });
        isLent = false;
      }
      isLent ||= isForCaller;
      return current;
    },
    destroy() {
      for (const buffer of [...lent.splice(0), current]) buffer?.destroy();
      current = undefined;
    },
  };
}

// ── Tensors ──────────────────────────────────────────────────────────────────────────────────────────

/** The sizes of a call, from the shapes of its tensors. */
function sizesOf(tensors, rows) {
  for (const each of Object.keys(symbolic)) if (!tensors?.[each]?.shape || !tensors[each].data) throw new TypeError(\`\${each} is missing: give { shape, data }\`);
  const sizeOf = (axis) => {
    const giver = Object.keys(symbolic).find((each) => symbolic[each].includes(axis));
    return giver && tensors[giver].shape[symbolic[giver].indexOf(axis)];
  };
  const keys = sizeOf('keys') ?? sizeOf('queries') ?? rows;
  return { batch: sizeOf('batch') ?? 1, queries: sizeOf('queries') ?? keys, keys, rows: rows ?? sizeOf('rows') };
}

/** What is uploaded, by name, in whole words. */
function hostData(plan, tensors) {
  const data = table();
  for (const [each, { role, dtype, shape }] of Object.entries(plan.tensors)) {
    if (role === 'output') continue;
    const given = tensors[each];
    const elements = shape.reduce((product, size) => product * size, 1);
    if (String(given.shape) !== String(shape)) throw new RangeError(\`\${each} has shape [\${given.shape}], not [\${shape}]\`);
    if (given.data.length !== elements) throw new RangeError(\`\${each} holds \${given.data.length} numbers, not \${elements}\`);
    data[each] = dtype === 'f16' ? toHalf(given.data) : dtype === 'i32' ? words(Int32Array, given.data) : words(Float32Array, given.data);
  }
  return data;
}

const words = (type, data) => (data instanceof type ? data : type.from(data));

function numbersOf(staging, dtype, shape) {
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = staging.getMappedRange().slice(0);
  return dtype === 'f16' ? fromHalf(new Uint16Array(bytes, 0, elements)) : new Float32Array(bytes, 0, elements);
}

${chooses ? `${tuneText}\n` : ''}${halfText}`;
