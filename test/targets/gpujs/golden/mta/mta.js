// mta, compiled by heddle golden for gpu.js. Generated: edit the spec, not this file.
// settings: heads=4 kvHeads=0 headDim=16 preQueryKernel=3 preKeyKernel=5 preMix=2 postQueryKernel=6 postKeyKernel=11 postMix=4 padKey="both" start="identity" norm="rms" depthScale=false layer=0 gate="scalar"
// formula: gate(norm(mix(fill(conv(softmax(fill(mix(conv(fill(S, j ≤ i, 0))), j ≤ i, −∞))), j ≤ i, 0)) · v))
// paper: arXiv:2504.00927v2
// content: ab6017fcdee7e84a
import { GPU, input } from 'gpu.js';

// ── Sizes and tensors ───────────────────────────────────────────────────────────────────────────────

const name = 'mta';
const history = 7;
const limits = { keys: 8388608, integers: 16777216 };
const inputs = [
  { name: 'q', value: 'q', shape: ['batch', 4, 'queries', 16] },
  { name: 'k', value: 'k', shape: ['batch', 4, 'keys', 16] },
  { name: 'v', value: 'v', shape: ['batch', 4, 'keys', 16] },
  { name: 'theta_pre', value: 'thetaPre', shape: [4, 3, 5] },
  { name: 'mix_pre', value: 'mixPre', shape: [2, 2, 2] },
  { name: 'theta_post', value: 'thetaPost', shape: [4, 6, 11] },
  { name: 'mix_post', value: 'mixPost', shape: [1, 4, 4] },
  { name: 'gain', value: 'gain', shape: [16] },
  { name: 'gate_weight', value: 'gateWeight', shape: [1, 16] },
  { name: 'gate_bias', value: 'gateBias', shape: [1] },
];
const outputs = [
  { name: 'out', value: 'out', shape: ['batch', 4, 'queries', 16] },
  { name: 'lse', value: 'lse', shape: ['batch', 4, 'queries'] },
];

// ── Kernels, one call an element ────────────────────────────────────────────────────────────────────

// dot, then map s, then fill: [batch, head, query, key]
const s = `function s(q, k) {
  const i = this.thread.y + this.constants.firstQuery;
  if (!(this.thread.x <= i)) { return 0; }
  let sum2 = 0;
  for (let d = 0; d < 16; d++) {
    sum2 += q[this.thread.z][this.thread.y][d] * k[this.thread.z][this.thread.x][d];
  }
  return sum2 / 4;
}`;

// map s: [batch, head, query, key]
const s2 = `function s2(thetaPre, s) {
  let sum2 = 0;
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  const i = this.thread.y + this.constants.firstQuery;
  for (let u = 0; u < 3; u++) {
    const i2 = i + u - 2 - this.constants.firstQuery;
    const inside = i2 >= 0 ? 1 : 0;
    for (let u2 = 0; u2 < 5; u2++) {
      const j = this.thread.x + u2 - 2;
      sum2 += thetaPre[h][u][u2] * (inside > 0.5 && (j >= 0 && j < this.constants.keys) ? s[this.thread.z][i2][j] : 0);
    }
  }
  return sum2;
}`;

// map s, then fill: [batch, head, query, key]
const s3 = `function s3(mixPre, s2) {
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  const part = Math.floor((h + 0.5) / 2);
  const part2 = h % 2;
  const part3 = 2 * part;
  const i = this.thread.y + this.constants.firstQuery;
  if (!(this.thread.x <= i)) { return -Infinity; }
  let sum2 = 0;
  for (let u = 0; u < 2; u++) {
    const z = b * 4 + (u + part3);
    sum2 += mixPre[part][part2][u] * s2[z][this.thread.y][this.thread.x];
  }
  return sum2;
}`;

// reduce: [batch, head, query]
const maximum = `function maximum(s3) {
  let largest = -Infinity;
  const z = this.thread.z * 4 + this.thread.y;
  for (let j = 0; j < this.constants.keys; j++) {
    largest = Math.max(largest, s3[z][this.thread.x][j]);
  }
  return largest;
}`;

// map, then reduce: [batch, head, query]
const sum = `function sum(s3, maximum) {
  const part = maximum[this.thread.z][this.thread.y][this.thread.x];
  let sum2 = 0;
  const z = this.thread.z * 4 + this.thread.y;
  for (let j = 0; j < this.constants.keys; j++) {
    const part2 = s3[z][this.thread.x][j];
    sum2 += part2 === -Infinity ? 0 : Math.exp(part2 - part);
  }
  return sum2;
}`;

// map, then map, then map a: [batch, head, query, key]
const a = `function a(s3, maximum, sum) {
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  const entry = sum[b][h][this.thread.y];
  const part = s3[this.thread.z][this.thread.y][this.thread.x];
  return (part === -Infinity ? 0 : Math.exp(part - maximum[b][h][this.thread.y])) * (entry === 0 ? 0 : 1 / entry);
}`;

// map, then fill a: [batch, head, query, key]
const a2 = `function a2(thetaPost, a) {
  const i = this.thread.y + this.constants.firstQuery;
  if (!(this.thread.x <= i)) { return 0; }
  let sum2 = 0;
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  for (let u = 0; u < 6; u++) {
    const i2 = i + u - 5 - this.constants.firstQuery;
    const inside = i2 >= 0 ? 1 : 0;
    for (let u2 = 0; u2 < 11; u2++) {
      const j = this.thread.x + u2 - 5;
      sum2 += thetaPost[h][u][u2] * (inside > 0.5 && (j >= 0 && j < this.constants.keys) ? a[this.thread.z][i2][j] : 0);
    }
  }
  return sum2;
}`;

// map a: [batch, head, query, key]
const a3 = `function a3(mixPost, a2) {
  let sum2 = 0;
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  for (let u = 0; u < 4; u++) {
    const z = b * 4 + u;
    sum2 += mixPost[0][h][u] * a2[z][this.thread.y][this.thread.x];
  }
  return sum2;
}`;

// contract o: [batch, head, query, feature]
const o = `function o(a3, v) {
  let sum2 = 0;
  for (let j = 0; j < this.constants.keys; j++) {
    sum2 += a3[this.thread.z][this.thread.y][j] * v[this.thread.z][j][this.thread.x];
  }
  return sum2;
}`;

// map size: [batch, head, query]
const size = `function size(o) {
  let sum2 = 0;
  const z = this.thread.z * 4 + this.thread.y;
  for (let d = 0; d < 16; d++) {
    const part = o[z][this.thread.x][d];
    sum2 += part * part;
  }
  return Math.sqrt(sum2 / 16 + 0.00001);
}`;

// rowmap o: [batch, head, query, feature]
const o2 = `function o2(o, size, gain) {
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  return o[this.thread.z][this.thread.y][this.thread.x] / size[b][h][this.thread.y] * gain[0][0][this.thread.x];
}`;

// map: [batch, head, query]
const mapped = `function mapped(gateBias, gateWeight, o2) {
  let sum2 = 0;
  const z = this.thread.z * 4 + this.thread.y;
  for (let u = 0; u < 16; u++) {
    sum2 += gateWeight[0][0][u] * o2[z][this.thread.x][u];
  }
  return 1 / (1 + Math.exp(-(gateBias[0][0][0] + sum2)));
}`;

// rowmap o: [batch, head, query, feature]
const out = `function out(o2, mapped) {
  const b = Math.floor((this.thread.z + 0.5) / 4);
  const h = this.thread.z - b * 4;
  return o2[this.thread.z][this.thread.y][this.thread.x] * mapped[b][h][this.thread.y];
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
  { kernel: 's', source: s, shape: ['batch', 4, 'queries', 'keys'], reads: ['q', 'k'] },
  { kernel: 's2', source: s2, shape: ['batch', 4, 'queries', 'keys'], reads: ['thetaPre', 's'], frees: ['s'] },
  { kernel: 's3', source: s3, shape: ['batch', 4, 'queries', 'keys'], reads: ['mixPre', 's2'], frees: ['s2'] },
  { kernel: 'maximum', source: maximum, shape: ['batch', 4, 'queries'], reads: ['s3'] },
  { kernel: 'sum', source: sum, shape: ['batch', 4, 'queries'], reads: ['s3', 'maximum'] },
  { kernel: 'a', source: a, shape: ['batch', 4, 'queries', 'keys'], reads: ['s3', 'maximum', 'sum'], frees: ['s3'] },
  { kernel: 'a2', source: a2, shape: ['batch', 4, 'queries', 'keys'], reads: ['thetaPost', 'a'], frees: ['a'] },
  { kernel: 'a3', source: a3, shape: ['batch', 4, 'queries', 'keys'], reads: ['mixPost', 'a2'], frees: ['a2'] },
  { kernel: 'o', source: o, shape: ['batch', 4, 'queries', 16], reads: ['a3', 'v'], frees: ['a3'] },
  { kernel: 'size', source: size, shape: ['batch', 4, 'queries'], reads: ['o'] },
  { kernel: 'o2', source: o2, shape: ['batch', 4, 'queries', 16], reads: ['o', 'size', 'gain'], frees: ['o', 'size'] },
  { kernel: 'mapped', source: mapped, shape: ['batch', 4, 'queries'], reads: ['gateBias', 'gateWeight', 'o2'] },
  { kernel: 'out', source: out, shape: ['batch', 4, 'queries', 16], reads: ['o2', 'mapped'], frees: ['o2', 'mapped'] },
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
export function createMta({ mode = 'webasm', threads = false, kept = 4 } = {}) {
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
