// The launcher: a module without dependencies that runs the kernels on a GPUDevice. It builds the pipelines once, checks what
// it is given, and dispatches into an encoder, or submits; a convenience call takes and gives typed arrays.
import type { TileProgram } from '../../codegen/tile/program.js';
import { sizeOfAxis } from '../shared/sizes.js';
import type { EmittedModule } from './emit.js';
import { launchFunction, PACKED, WORKSPACE } from './launch-text.js';

export interface LauncherNeeds {
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** Word by word: `multi_token` becomes createMultiToken. */
export function factoryName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return `create${words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}`;
}

export function launcherText(
  program: TileProgram,
  module: EmittedModule,
  name: string,
  wgsl: string,
  header: string,
  history: number,
  needs: LauncherNeeds,
): string {
  return [
    header.trimEnd(),
    '',
    `export const wgsl = ${templateText(wgsl)};`,
    '',
    `const features = ${JSON.stringify(needs.features)};`,
    `const limits = ${JSON.stringify(needs.limits)};`,
    `const entryPoints = ${JSON.stringify(module.kernels.map(({ entryPoint }) => entryPoint))};`,
    `const symbolic = ${JSON.stringify(symbolicShapes(program))};`,
    '',
    launchFunction(program, module, history),
    '',
    runtimeText(factoryName(name)),
  ].join('\n');
}

/** The axes of each input, as numbers and names of sizes. */
const symbolicShapes = ({ buffers }: TileProgram) =>
  Object.fromEntries(
    buffers.filter(({ role }) => role === 'input').map(({ name, axes }) => [name, axes.map(sizeOfAxis)]),
  );

const templateText = (text: string): string => `\`${text.replace(/[\\`$]/g, (found) => `\\${found}`)}\``;

/** The part that is the same for every program. */
const runtimeText = (factory: string): string => `/** Checks the device and builds the pipelines. */
export async function ${factory}(device) {
  for (const feature of features) {
    if (!device.features.has(feature)) throw new Error(\`the device has no \${feature}\`);
  }
  for (const [name, least] of Object.entries(limits)) {
    if (device.limits[name] < least) throw new Error(\`the device grants \${device.limits[name]} of \${name}, not \${least}\`);
  }
  const module = device.createShaderModule({ code: wgsl });
  const pipelines = new Map();
  for (const entryPoint of entryPoints) {
    const compute = { module, entryPoint };
    pipelines.set(entryPoint, await device.createComputePipelineAsync({ layout: 'auto', compute }));
  }
  const launches = new Map();
  let ownWorkspace;
  let ownPacked;
  const STORAGE = 0x80;
  const COPY = 0x04 | 0x08;

  /** The plan of a launch with its uniforms on the device; the same call finds it again. */
  const launchFor = (sizes, places) => {
    const key = JSON.stringify([sizes, places]);
    let known = launches.get(key);
    if (!known) {
      const plan = planLaunch(sizes, places);
      const stride = Math.ceil((plan.dispatches[0]?.launch.byteLength ?? 4) / 256) * 256;
      const uniforms = device.createBuffer({ size: Math.max(1, plan.dispatches.length) * stride, usage: 0x40, mappedAtCreation: true });
      for (const [n, { launch }] of plan.dispatches.entries()) {
        new Int32Array(uniforms.getMappedRange(n * stride, launch.byteLength)).set(launch);
      }
      uniforms.unmap();
      known = { plan, uniforms, stride };
      launches.set(key, known);
    }
    return known;
  };
  const grown = (buffer, size, usage) => {
    if (buffer && buffer.size >= size) return buffer;
    return device.createBuffer({ size: Math.max(size, 256), usage });
  };

  /**
   * Dispatches into \`encoder\`, or into \`pass\`, or submits. \`tensors\` are GPUBuffers, or { buffer, offset, strides } in elements.
   */
  function dispatch(tensors, sizes, { encoder, pass, workspace } = {}) {
    const buffers = {};
    const places = { strides: {}, offsets: {} };
    for (const [name, given] of Object.entries(tensors)) {
      buffers[name] = given.buffer ?? given;
      if (given.strides) places.strides[name] = given.strides;
      if (given.offset) places.offsets[name] = given.offset;
    }
    const { plan, uniforms, stride } = launchFor(sizes, places);
    for (const name of Object.keys(plan.tensors)) {
      if (!buffers[name]) throw new TypeError(\`\${name} is missing\`);
    }
    if (plan.workspaceBytes > 0) {
      if (workspace && workspace.size < plan.workspaceBytes) {
        throw new RangeError(\`the workspace has \${workspace.size} bytes, not \${plan.workspaceBytes}\`);
      }
      if (!workspace) ownWorkspace = grown(ownWorkspace, plan.workspaceBytes, STORAGE);
    }
    const own = encoder || pass ? undefined : device.createCommandEncoder();
    const into = encoder ?? own;
    if (plan.packed.length > 0) {
      if (!into) throw new TypeError('small inputs are packed by copies, which need an encoder rather than a pass');
      ownPacked = grown(ownPacked, plan.packedElements * 4, STORAGE | COPY);
      for (const { name, offset, elements } of plan.packed) {
        into.copyBufferToBuffer(buffers[name], (places.offsets[name] ?? 0) * 4, ownPacked, offset * 4, elements * 4);
      }
    }
    const resourceOf = (name) => {
      if (name === '${PACKED}') return { buffer: ownPacked, size: plan.packedElements * 4 };
      if (name === '${WORKSPACE}') return { buffer: workspace ?? ownWorkspace, size: plan.workspaceBytes };
      const part = plan.workspace.find((each) => each.name === name);
      if (part) return { buffer: workspace ?? ownWorkspace, offset: part.offset, size: part.bytes };
      return { buffer: buffers[name] };
    };
    const commands = pass ?? into.beginComputePass();
    for (const [n, { entryPoint, bindings, workgroups, launch }] of plan.dispatches.entries()) {
      const pipeline = pipelines.get(entryPoint);
      const entries = [
        { binding: 0, resource: { buffer: uniforms, offset: n * stride, size: Math.ceil(launch.byteLength / 16) * 16 } },
        ...bindings.map(([binding, name]) => ({ binding, resource: resourceOf(name) })),
      ];
      commands.setPipeline(pipeline);
      commands.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      commands.dispatchWorkgroups(...workgroups);
    }
    if (!pass) commands.end();
    if (own) device.queue.submit([own.finish()]);
  }

  /** Runs once on { shape, data } by name: uploads, dispatches, reads back. */
  async function run(tensors, { rows } = {}) {
    const shapeOf = (axis) => {
      for (const [name, { shape }] of Object.entries(tensors)) {
        const at = (symbolic[name] ?? []).indexOf(axis);
        if (at >= 0) return shape[at];
      }
      return undefined;
    };
    const queries = shapeOf('queries') ?? rows;
    const sizes = { batch: shapeOf('batch') ?? 1, queries, keys: shapeOf('keys') ?? queries, rows: rows ?? queries };
    const { tensors: expected } = planLaunch(sizes);
    const buffers = {};
    const outputs = [];
    try {
      for (const [name, { role, dtype, shape }] of Object.entries(expected)) {
        const elements = shape.reduce((product, size) => product * size, 1);
        const bytes = Math.ceil((elements * (dtype === 'f16' ? 2 : 4)) / 4) * 4;
        buffers[name] = device.createBuffer({ size: bytes, usage: STORAGE | COPY });
        if (role === 'output') {
          outputs.push({ name, dtype, shape, bytes, elements });
          continue;
        }
        const given = tensors[name];
        if (!given) throw new TypeError(\`\${name} is missing\`);
        if (String(given.shape) !== String(shape)) throw new RangeError(\`\${name} has shape [\${given.shape}], not [\${shape}]\`);
        if (given.data.length !== elements) throw new RangeError(\`\${name} holds \${given.data.length} numbers, not \${elements}\`);
        const data = dtype === 'f16' ? toHalf(given.data) : dtype === 'i32' ? Int32Array.from(given.data) : Float32Array.from(given.data);
        const padded = new Uint8Array(bytes);
        padded.set(new Uint8Array(data.buffer));
        device.queue.writeBuffer(buffers[name], 0, padded);
      }
      dispatch(buffers, sizes);
      const results = {};
      for (const { name, dtype, shape, bytes, elements } of outputs) {
        const staging = device.createBuffer({ size: bytes, usage: 0x01 | 0x08 });
        const encoder = device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffers[name], 0, staging, 0, bytes);
        device.queue.submit([encoder.finish()]);
        await staging.mapAsync(1);
        const copy = staging.getMappedRange().slice(0);
        staging.destroy();
        const data = dtype === 'f16' ? fromHalf(new Uint16Array(copy, 0, elements)) : new Float32Array(copy, 0, elements);
        results[name] = { shape, data };
      }
      return results;
    } finally {
      for (const buffer of Object.values(buffers)) buffer.destroy();
    }
  }

  /** Lets go of everything that this instance has made. */
  function destroy() {
    for (const { uniforms } of launches.values()) uniforms.destroy();
    launches.clear();
    ownWorkspace?.destroy();
    ownPacked?.destroy();
    ownWorkspace = ownPacked = undefined;
  }

  return { dispatch, run, planLaunch, workspaceBytes: (sizes) => planLaunch(sizes).workspaceBytes, destroy };
}

const word = new DataView(new ArrayBuffer(4));

/** The bits of numbers rounded to f16, ties to even. */
function toHalf(numbers) {
  return Uint16Array.from(numbers, (number) => {
    word.setFloat32(0, number);
    const bits = word.getUint32(0);
    const sign = (bits >>> 16) & 0x8000;
    const size = bits & 0x7fffffff;
    if (size >= 0x7f800000) return sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
    if (size >= 0x477ff000) return sign | 0x7c00;
    if (size >= 0x38800000) {
      const rounded = size + 0xfff + ((size >>> 13) & 1);
      return sign | ((rounded - 0x38000000) >>> 13);
    }
    const scaled = Math.abs(number) * 2 ** 24;
    const below = Math.floor(scaled);
    const rest = scaled - below;
    return sign | (below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0));
  });
}

function fromHalf(halves) {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
`;
