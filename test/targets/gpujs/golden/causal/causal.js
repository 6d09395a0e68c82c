// causal, compiled by heddle golden for gpu.js. Generated: edit the spec, not this file.
// settings: heads=4 headDim=32
// formula: softmax(fill(q·kᵀ/√D, j ≤ i, −∞)) · v
// paper: arXiv:1706.03762
// content: 637766d65f2f2c9a
import { GPU, input } from 'gpu.js';

// ── Sizes and tensors ───────────────────────────────────────────────────────────────────────────────

const name = 'causal';
const history = 0;
const limits = { keys: 16777216, integers: 16777216 };
const inputs = [
  { name: 'q', value: 'q', shape: ['batch', 4, 'queries', 32] },
  { name: 'k', value: 'k', shape: ['batch', 4, 'keys', 32] },
  { name: 'v', value: 'v', shape: ['batch', 4, 'keys', 32] },
];
const outputs = [
  { name: 'out', value: 'out', shape: ['batch', 4, 'queries', 32] },
  { name: 'lse', value: 'lse', shape: ['batch', 4, 'queries'] },
];

// ── Kernels, one call an element ────────────────────────────────────────────────────────────────────

// dot, then map, then fill: [batch, head, query, key]
const filled = `function filled(q, k) {
  const i = this.thread.y + this.constants.firstQuery;
  if (!(this.thread.x <= i)) { return -Infinity; }
  let sum2 = 0;
  for (let d = 0; d < 32; d++) {
    sum2 += q[this.thread.z][this.thread.y][d] * k[this.thread.z][this.thread.x][d];
  }
  return sum2 / 5.656854249492381;
}`;

// reduce: [batch, head, query]
const maximum = `function maximum(filled) {
  let largest = -Infinity;
  const z = this.thread.z * 4 + this.thread.y;
  for (let j = 0; j < this.constants.keys; j++) {
    largest = Math.max(largest, filled[z][this.thread.x][j]);
  }
  return largest;
}`;

// map, then reduce: [batch, head, query]
const sum = `function sum(filled, maximum) {
  const part = maximum[this.thread.z][this.thread.y][this.thread.x];
  let sum2 = 0;
  const z = this.thread.z * 4 + this.thread.y;
  for (let j = 0; j < this.constants.keys; j++) {
    const part2 = filled[z][this.thread.x][j];
    sum2 += part2 === -Infinity ? 0 : Math.exp(part2 - part);
  }
  return sum2;
}`;

// map, then map, then map: [batch, head, query, key]
const weights = `function weights(filled, maximum, sum) {
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  const entry = sum[b][h][this.thread.y];
  const part = filled[this.thread.z][this.thread.y][this.thread.x];
  return (part === -Infinity ? 0 : Math.exp(part - maximum[b][h][this.thread.y])) * (entry === 0 ? 0 : 1 / entry);
}`;

// contract: [batch, head, query, feature]
const out = `function out(weights, v) {
  let sum2 = 0;
  for (let j = 0; j < this.constants.keys; j++) {
    sum2 += weights[this.thread.z][this.thread.y][j] * v[this.thread.z][j][this.thread.x];
  }
  return sum2;
}`;

// map, then map: [batch, head, query]
const lse = `function lse(maximum, sum) {
  const entry = sum[this.thread.z][this.thread.y][this.thread.x];
  return maximum[this.thread.z][this.thread.y][this.thread.x] + Math.log(entry === 0 ? 1 : entry);
}`;

// ── The pipeline ────────────────────────────────────────────────────────────────────────────────────

const tables = [
];
const steps = [
  { kernel: 'filled', source: filled, shape: ['batch', 4, 'queries', 'keys'], reads: ['q', 'k'] },
  { kernel: 'maximum', source: maximum, shape: ['batch', 4, 'queries'], reads: ['filled'] },
  { kernel: 'sum', source: sum, shape: ['batch', 4, 'queries'], reads: ['filled', 'maximum'] },
  { kernel: 'weights', source: weights, shape: ['batch', 4, 'queries', 'keys'], reads: ['filled', 'maximum', 'sum'], frees: ['filled'] },
  { kernel: 'out', source: out, shape: ['batch', 4, 'queries', 32], reads: ['weights', 'v'], frees: ['weights'] },
  { kernel: 'lse', source: lse, shape: ['batch', 4, 'queries'], reads: ['maximum', 'sum'], frees: ['maximum', 'sum'] },
];

// On modes that run on a graphics device there may be no Infinity: there, the largest float32 stands for it.
const hostModes = ['webasm', 'cpu'];
const modes = [...hostModes, 'webgpu', 'webgl2', 'webgl', 'headlessgl'];
const largest = 3.4028234663852886e38;

/**
 * Builds kernels for each new set of sizes and keeps the last few of them.
 * @param {{ mode?: string, threads?: boolean, kept?: number }} [options]
 */
export function createCausal({ mode = 'webasm', threads = false, kept = 4 } = {}) {
  if (!modes.includes(mode)) throw new RangeError(name + ' has no mode ' + mode + ': use one of ' + modes.join(', '));
  const gpu = new GPU({ mode });
  const built = new Map();
  let isDestroyed = false;
  let tail = Promise.resolve();

  const forget = (key) => {
    for (const kernel of built.get(key).kernels) {
      kernel.destroy();
      const at = gpu.kernels.indexOf(kernel.kernel);
      if (at >= 0) gpu.kernels.splice(at, 1);
    }
    built.delete(key);
  };
  const forgetAllBut = (count) => {
    for (const key of [...built.keys()].slice(0, Math.max(0, built.size - count))) forget(key);
  };
  const pipelineFor = (sizes) => {
    const key = [sizes.batch, sizes.queries, sizes.keys].join(' ');
    const pipeline = built.get(key) ?? buildPipeline(gpu, mode, threads, sizes);
    built.delete(key);
    built.set(key, pipeline);
    forgetAllBut(kept);
    return pipeline;
  };
  const runNow = async (tensors, rows) => {
    if (isDestroyed) throw new Error(name + ' was destroyed');
    const sizes = sizesOf(tensors, rows);
    const run = () => runPipeline(pipelineFor(sizes), tensors, sizes, hostModes.includes(mode));
    try {
      return await run();
    } catch (error) {
      // Each kernel of webasm has a memory of its own, and engines grant only so many.
      if (!/memory/.test(String(error)) || built.size < 2) throw error;
      forgetAllBut(1);
      return run();
    }
  };
  return {
    mode,
    // Calls run one after the other, each on the tensors as they are when its turn comes.
    run(tensors, { rows } = {}) {
      const result = tail.then(() => runNow(tensors, rows));
      tail = result.catch(() => {});
      return result;
    },
    async destroy() {
      isDestroyed = true;
      await tail;
      forgetAllBut(0);
      await gpu.destroy();
    },
  };
}

function buildPipeline(gpu, mode, threads, sizes) {
  const isHost = hostModes.includes(mode);
  const constants = { ...sizes, firstQuery: sizes.keys - sizes.queries };
  delete constants.rows;
  const constantTypes = Object.fromEntries(Object.keys(constants).map((key) => [key, 'Integer']));
  const asked = new Set(outputs.map(({ value }) => value));
  const kernels = steps.map(({ kernel, source, shape }) =>
    gpu.createKernel(source, {
      output: dimensions(shape, sizes),
      constants,
      constantTypes,
      precision: 'single',
      pipeline: !isHost && !asked.has(kernel),
      immutable: !isHost,
      asyncMode: mode === 'webasm' && threads,
    }),
  );
  return { kernels, tables: tables.map(({ compute }) => compute(sizes)) };
}

async function runPipeline(pipeline, tensors, sizes, isHost) {
  const values = new Map();
  for (const { name: key, value, shape, integers, padded } of inputs) {
    const data = floats(key, tensors[key], integers, isHost);
    values.set(value, input(padded ? paddedRows(data, shape, tensors[key].shape, sizes) : data, dimensions(shape, sizes)));
  }
  tables.forEach(({ name: key }, n) => {
    const { data, size } = pipeline.tables[n];
    values.set(key, input(data, size));
  });
  for (const [n, { kernel, reads, frees = [] }] of steps.entries()) {
    values.set(kernel, await pipeline.kernels[n](...reads.map((key) => values.get(key))));
    for (const key of frees) {
      values.get(key)?.delete?.();
      values.delete(key);
    }
  }
  return Object.fromEntries(
    outputs.map(({ name: key, value, shape, allRows }) => {
      const data = flattened(values.get(value), dimensions(shape, sizes));
      if (!isHost) data.forEach((entry, n) => { if (entry <= -largest) data[n] = -Infinity; });
      return [key, allRows ? { shape: numbers(shape, sizes), data } : lastRows(data, shape, sizes)];
    }),
  );
}

// ── Sizes ────────────────────────────────────────────────────────────────────────────────────────────

const letters = { batch: 'B', queries: 'Tq', keys: 'Tk' };
const shapeText = (shape) => '[' + shape.map((size) => letters[size] ?? size).join(', ') + ']';
const numbers = (shape, sizes) => shape.map((size) => (typeof size === 'number' ? size : sizes[size]));

/** gpu.js has three dimensions, x first: the last axis, the one before it, and all others as one. */
function dimensions(shape, sizes) {
  const all = numbers(shape, sizes);
  const outer = all.slice(0, -2).reduce((product, size) => product * size, 1);
  return [all.at(-1) ?? 1, all.at(-2) ?? 1, outer];
}

/** B, Tq, Tk and R of a call, from the shapes of its tensors. */
function sizesOf(tensors, wanted) {
  const found = {};
  const givers = {};
  for (const { name: key, shape, padded } of inputs) {
    const given = tensors?.[key]?.shape;
    const data = tensors?.[key]?.data;
    if (!given || !data) throw new TypeError(name + ' needs the tensor ' + key + ' as { shape: ' + shapeText(shape) + ', data }');
    const expected = key + ' has the shape ' + shapeText(shape) + ', not ' + shapeText(given);
    if (given.length !== shape.length) throw new RangeError(expected);
    shape.forEach((size, axis) => {
      if (!Number.isInteger(given[axis]) || given[axis] < 1) throw new RangeError(expected + ': sizes are whole numbers from 1');
      if (typeof size === 'number') {
        if (given[axis] !== size) throw new RangeError(expected + ': axis ' + axis + ' has ' + size + ' entries');
      } else if (padded && size === 'queries') {
        found.rows = given[axis];
      } else if (found[size] === undefined) {
        found[size] = given[axis];
        givers[size] = key;
      } else if (found[size] !== given[axis]) {
        throw new RangeError(expected + ': ' + letters[size] + ' is ' + found[size] + ' in ' + givers[size]);
      }
    });
    const count = given.reduce((product, size) => product * size, 1);
    if (data.length !== count) {
      throw new RangeError(key + ' of shape ' + shapeText(given) + ' has ' + count + ' entries, but its data has ' + data.length);
    }
  }
  const keys = found.keys ?? found.queries ?? 1;
  const queries = found.queries ?? keys;
  const rows = wanted ?? found.rows ?? (queries >= keys ? queries : queries - history);
  checkRows(queries, keys, rows, wanted !== undefined);
  return { batch: found.batch ?? 1, queries, keys, rows };
}

function checkRows(queries, keys, rows, isWanted) {
  for (const [letter, size] of [['Tk', keys], ['Tq', queries]]) {
    if (size > limits.keys) throw new RangeError(name + ' counts at most ' + limits.keys + ' positions exactly, but ' + letter + ' is ' + size);
  }
  if (isWanted && (!Number.isInteger(rows) || rows < 1 || rows > queries)) {
    throw new RangeError('rows is ' + rows + ': give a whole number from 1 to the ' + queries + ' rows of q');
  }
  const needed = Math.min(keys, Math.max(rows, 1) + history);
  if (queries < needed) {
    throw new RangeError(
      'Rows max(0, Tk − R − history) … Tk − 1 of q must be given: for Tk = ' + keys + ', R = ' + Math.max(rows, 1) +
        ' and a history of ' + history + ' these are ' + (keys - needed) + ' … ' + (keys - 1) + ', ' + needed + ' rows, but q has ' + queries,
    );
  }
}

// ── Tensors ──────────────────────────────────────────────────────────────────────────────────────────

function floats(key, { data }, integers, isHost) {
  if (integers) {
    const wrong = Array.prototype.find.call(data, (entry) => !Number.isInteger(entry) || Math.abs(entry) > limits.integers);
    if (wrong !== undefined) {
      throw new RangeError(key + ' holds ' + wrong + ', but takes whole numbers of at most ' + limits.integers + ' in magnitude');
    }
  }
  if (!isHost) return Float32Array.from(data, (entry) => (entry === -Infinity ? -largest : entry));
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** The gradient of the last rows of an output as one of all rows: zeros before them. */
function paddedRows(data, shape, given, sizes) {
  const axis = shape.indexOf('queries');
  if (axis < 0 || given[axis] === sizes.queries) return data;
  const inner = given.slice(axis + 1).reduce((product, size) => product * size, 1);
  const block = given[axis] * inner;
  const full = new Float32Array((data.length / given[axis]) * sizes.queries);
  for (let from = 0, to = sizes.queries * inner - block; from < data.length; from += block, to += sizes.queries * inner) {
    full.set(data.subarray(from, from + block), to);
  }
  return full;
}

/** gpu.js gives planes of rows. */
function flattened(planes, [width, height, depth]) {
  const data = new Float32Array(width * height * depth);
  for (let z = 0; z < depth; z += 1) for (let y = 0; y < height; y += 1) data.set(planes[z][y], (z * height + y) * width);
  return data;
}

function lastRows(data, shape, sizes) {
  const all = numbers(shape, sizes);
  const axis = shape.indexOf('queries');
  if (axis < 0 || sizes.rows === sizes.queries) return { shape: all, data };
  const inner = all.slice(axis + 1).reduce((product, size) => product * size, 1);
  const kept = new Float32Array((data.length / sizes.queries) * sizes.rows);
  const block = sizes.rows * inner;
  for (let from = sizes.queries * inner - block, to = 0; to < kept.length; from += sizes.queries * inner, to += block) {
    kept.set(data.subarray(from, from + block), to);
  }
  return { shape: all.map((size, n) => (n === axis ? sizes.rows : size)), data: kept };
}
