// Shader modules and compute pipelines, with what the compiler says of them.
// One module serves many jobs, so both are kept as long as the worker lives, the oldest giving way.
// @ts-check
import { checked, ProblemError } from '../../../shared/device/problems.js';

/** @typedef {import('../job.js').Binding} Binding */
/** @typedef {Omit<Binding, 'buffer'>} BindingType */

/**
 * An entry point to make a pipeline of; without bindings, its layout is derived from the module.
 * @typedef {{ entryPoint: string, bindings?: readonly BindingType[] | undefined,
 *   constants?: Readonly<Record<string, number>> | undefined }} PipelineRequest
 */

const MOST_KEPT = 64;

/**
 * @template Value
 * @param {Map<string, Value>} kept
 * @param {string} key
 * @param {() => Promise<Value>} make
 */
async function keeping(kept, key, make) {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = await make();
  kept.set(key, made);
  if (kept.size > MOST_KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
  return made;
}

/**
 * Compiles `wgsl`; throws the compiler's errors with their places.
 * @param {GPUDevice} device
 * @param {string} wgsl
 */
export async function compileModule(device, wgsl) {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: wgsl });
  const error = await device.popErrorScope();
  const info = await module.getCompilationInfo?.();
  /** @type {import('../../../shared/device/problems.js').CompilerMessage[]} */
  const messages = Array.from(info?.messages ?? [], ({ type, lineNum, linePos, length, message }) => ({
    type,
    line: lineNum,
    column: linePos,
    length,
    text: message,
  })).filter(({ type }) => type === 'error');
  if (error || messages.length > 0) {
    const text = error?.message ?? messages.map((each) => each.text).join('\n');
    throw new ProblemError({ kind: 'wgsl', text, messages });
  }
  return module;
}

/** @type {Record<import('../job.js').BindingKind, GPUBufferBindingType>} */
const bindingTypes = { read: 'read-only-storage', read_write: 'storage', uniform: 'uniform' };
/** GPUShaderStage.COMPUTE, a number of the specification. */
const COMPUTE = 4;

/**
 * The bindings of a dispatch by group, each group in the order of its bindings.
 * @template {BindingType} Kind
 * @param {readonly Kind[]} bindings
 * @returns {Kind[][]}
 */
export function byGroup(bindings) {
  /** @type {Kind[][]} */
  const groups = [];
  for (const each of bindings) {
    const group = each.group ?? 0;
    while (groups.length <= group) groups.push([]);
    /** @type {Kind[]} */ (groups[group]).push(each);
  }
  return groups;
}

/**
 * @param {GPUDevice} device
 * @param {readonly BindingType[]} bindings
 */
function pipelineLayout(device, bindings) {
  return device.createPipelineLayout({
    bindGroupLayouts: byGroup(bindings).map((entries) =>
      device.createBindGroupLayout({
        entries: entries.map(({ binding, kind }) => ({
          binding,
          visibility: COMPUTE,
          buffer: { type: bindingTypes[kind] },
        })),
      }),
    ),
  });
}

/**
 * @param {GPUDevice} device
 * @param {GPUShaderModule} module
 * @param {PipelineRequest} request
 */
export function createPipeline(device, module, { entryPoint, bindings, constants }) {
  return checked(device, 'pipeline', () =>
    device.createComputePipeline({
      layout: bindings === undefined ? 'auto' : pipelineLayout(device, bindings),
      compute: { module, entryPoint, ...(constants === undefined ? {} : { constants }) },
    }),
  );
}

/**
 * Modules and pipelines of one device, by what they were made of.
 * @param {GPUDevice} device
 */
export function pipelineCache(device) {
  /** @type {Map<string, GPUShaderModule>} */
  const modules = new Map();
  /** @type {Map<string, GPUComputePipeline>} */
  const pipelines = new Map();
  return {
    /**
     * @param {string} wgsl
     * @param {PipelineRequest} request
     */
    pipeline: async (wgsl, { entryPoint, bindings, constants }) => {
      const module = await keeping(modules, wgsl, () => compileModule(device, wgsl));
      const layout = bindings?.map(({ group = 0, binding, kind }) => [group, binding, kind]);
      const key = JSON.stringify([entryPoint, layout, constants, wgsl]);
      return keeping(pipelines, key, () => createPipeline(device, module, { entryPoint, bindings, constants }));
    },
  };
}
