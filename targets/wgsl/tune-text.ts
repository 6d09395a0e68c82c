// How a launcher finds out which alternative is fastest on the device at hand, as JavaScript: it times them against each other
// on calls that it is given, and takes what was found before by whoever stored it.

/** Rounds of each call at least and at most, milliseconds that one timing should last, and launches of a timing at most. */
const ROUNDS = { least: 3, most: 31 } as const;
const TIMING = { milliseconds: 2, launches: 50 } as const;
/** An alternative that takes so many times as long at once is not timed again. */
const HOPELESS = 4;
/** What the estimate chose stays where another takes hardly less time. */
const HARDLY = 0.97;
/** The most that outputs of two alternatives differ by, as a share of their norm. */
const DIFFERENCE = { f32: 1e-4, f16: 1e-2 } as const;

/** `tunedFrom`, what a launcher takes at the start, and `tuneOn`; `alternatives`, `table`, `toHalf` and so on are declared around it. */
export const tuneText = `// ── Tuning ───────────────────────────────────────────────────────────────────────────────────────────

/** Calls whose sizes have the same nearest powers of two take the same alternative. */
const classOf = ({ batch, rows, keys }) => [batch, rows, keys].map((size) => Math.round(Math.log2(size))).join();

const adapterOf = ({ adapterInfo: { vendor, architecture, device, description } = {} }) =>
  [vendor, architecture, device, description].filter(Boolean).join(', ');

/** A value as it is when it was stored and parsed; undefined where JSON has no such value, or reading it throws. */
function asJson(given) {
  try {
    return JSON.parse(JSON.stringify(given));
  } catch {
    return undefined;
  }
}

/** The alternatives that were found by class of calls, and why what is given is of no use. */
function tunedFrom(given, device) {
  const taken = new Map();
  const names = grantedBy(device.limits, device.features).map((each) => each.name);
  const isCall = (call) => [call?.batch, call?.rows, call?.keys].every((size) => Number.isInteger(size) && size >= 1);
  const isTuned = (tuned) => [tuned?.name, tuned?.kernels, tuned?.adapter].every((each) => typeof each === 'string') && Array.isArray(tuned.calls) && tuned.calls.every(isCall);
  const found = asJson(given);
  let reason;
  if (given === undefined || given === null) reason = 'nothing was given';
  else if (!isTuned(found)) reason = 'it is not what tune() gives';
  else if (found.kernels !== fingerprint) reason = \`it was found for other kernels: \${found.name} \${found.kernels}, not \${name} \${fingerprint}\`;
  else if (found.adapter !== adapterOf(device)) reason = \`it was found on another adapter: \${found.adapter}, not \${adapterOf(device)}\`;
  else if (!found.calls.every(({ alternative }) => names.includes(alternative))) reason = 'it names alternatives that there are not, or that the device has not the limits or features for';
  else for (const call of found.calls) taken.set(classOf(call), call.alternative);
  return { taken, said: reason === undefined ? { isUsed: true } : { isUsed: false, reason } };
}

const medianOf = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Times the alternatives at each call, in turns, and checks each against the first. */
async function tuneOn(instance, calls, { milliseconds = 2000, onProgress } = {}) {
  if (!Array.isArray(calls)) throw new TypeError('tune takes a list of calls: [{ batch, queries, keys, rows }]');
  const { device } = instance;
  const querySet = device.features.has('timestamp-query') ? device.createQuerySet({ type: 'timestamp', count: 2 }) : undefined;
  const started = performance.now();
  const found = [];
  try {
    for (const [n, call] of calls.entries()) {
      const left = (milliseconds - (performance.now() - started)) / (calls.length - n);
      found.push(await tuneCall(instance, call, { querySet, left }));
      onProgress?.({ done: n + 1, total: calls.length, call: found.at(-1) });
    }
  } finally {
    querySet?.destroy();
  }
  return { name, kernels: fingerprint, adapter: adapterOf(device), calls: found };
}

async function tuneCall({ device, planFor, prepare, encode, guard }, { tensors: given = {}, ...sizes }, { querySet, left }) {
  const estimated = planFor(sizes, undefined, undefined, new Map()).alternative;
  const refused = table();
  const plans = [];
  for (const { name: each } of alternatives) {
    try {
      plans.push(planFor(sizes, undefined, each));
    } catch (error) {
      refused[each] = error.message;
    }
  }
  const owned = [];
  const created = (size, usage) => {
    owned.push(device.createBuffer({ size: Math.ceil(size / 4) * 4, usage }));
    return owned.at(-1);
  };
  const buffers = table(given);
  try {
    for (const [each, { role, dtype, shape }] of Object.entries(plans[0].tensors)) {
      if (buffers[each]) continue;
      buffers[each] = created(plans[0].bytes[each], 0x80 | 0x04 | 0x08);
      const count = shape.reduce((product, size) => product * size, 1);
      if (role === 'input' && dtype !== 'i32') device.queue.writeBuffer(buffers[each], 0, drawn(count, dtype, owned.length));
    }
    /** Runs a plan so many times: milliseconds each, by the device's clock where it has one. */
    const timed = async (plan, launches) => {
      const encoder = device.createCommandEncoder();
      for (let n = 0; n < launches; n += 1) {
        const ends = { ...(n === 0 ? { beginningOfPassWriteIndex: 0 } : {}), ...(n + 1 === launches ? { endOfPassWriteIndex: 1 } : {}) };
        const timestampWrites = querySet && Object.keys(ends).length > 0 ? { querySet, ...ends } : undefined;
        encode(plan, buffers, table(), { encoder, isOwn: true, timestampWrites });
      }
      const staging = querySet && device.createBuffer({ size: 16, usage: 0x01 | 0x08 });
      if (querySet) {
        const resolved = created(16, 0x200 | 0x04);
        encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
      }
      const before = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      let taken = performance.now() - before;
      if (staging) {
        await staging.mapAsync(1);
        const [begin, end] = new BigUint64Array(staging.getMappedRange());
        if (end > begin) taken = Number(end - begin) / 1e6;
        staging.destroy();
      }
      return taken / launches;
    };
    const outputs = Object.entries(plans[0].tensors).filter(([, { role }]) => role === 'output');
    const results = async (plan) => {
      const encoder = device.createCommandEncoder();
      encode(plan, buffers, table(), { encoder, isOwn: true });
      const copies = outputs.map(([each, { dtype, shape }]) => {
        const staging = created(plan.bytes[each], 0x01 | 0x08);
        encoder.copyBufferToBuffer(buffers[each], 0, staging, 0, staging.size);
        return { staging, dtype, shape };
      });
      device.queue.submit([encoder.finish()]);
      await Promise.all(copies.map(({ staging }) => staging.mapAsync(1)));
      return copies.map(({ staging, dtype, shape }) => ({ dtype, data: numbersOf(staging, dtype, shape) }));
    };
    const awaited = async (work) => {
      let done;
      await guard(() => {
        done = work();
        // Guard may wait for the device's word longer than this takes to fail.
        done.catch(() => {});
      });
      return done;
    };
    const candidates = [];
    let expected;
    for (const plan of plans) {
      await prepare(sizes, plan);
      const got = await awaited(() => results(plan));
      expected ??= got;
      const share = Math.max(...got.map((each, n) => differenceOf(each.data, expected[n].data)));
      const most = got.some(({ dtype }) => dtype === 'f16') ? ${DIFFERENCE.f16} : ${DIFFERENCE.f32};
      if (share <= most) candidates.push({ plan, times: [], launches: 1 });
      else refused[plan.alternative] = \`its outputs differ by \${share.toExponential(1)} of their norm\`;
    }
    for (const each of candidates) {
      const once = await awaited(() => timed(each.plan, 1));
      each.launches = Math.min(${TIMING.launches}, Math.max(1, Math.ceil(${TIMING.milliseconds} / once)));
      each.times.push(once);
    }
    // What takes much longer is not timed again.
    const least = Math.min(...candidates.map(({ times }) => times[0]));
    const close = candidates.filter(({ times }) => times[0] <= ${HOPELESS} * least);
    for (const each of close) each.times.pop();
    const until = performance.now() + left;
    for (let round = 0; round < ${ROUNDS.least} || (round < ${ROUNDS.most} && performance.now() < until); round += 1) {
      for (const { plan, times, launches } of close) times.push(await awaited(() => timed(plan, launches)));
    }
    const medians = table(Object.fromEntries(candidates.map(({ plan, times }) => [plan.alternative, medianOf(times)])));
    const fastest = Object.keys(medians).reduce((one, other) => (medians[other] < medians[one] ? other : one));
    const alternative = medians[fastest] < ${HARDLY} * (medians[estimated] ?? Infinity) ? fastest : estimated;
    const { batch, queries, keys } = sizes;
    const rows = plans[0].rows;
    return { batch, queries, keys, rows, alternative, estimated, milliseconds: { ...medians }, refused: { ...refused } };
  } finally {
    for (const each of owned) each.destroy();
  }
}

/** The norm of a difference for that of what is expected; entries that are not finite must be the same. */
function differenceOf(data, expected) {
  let [apart, whole] = [0, 0];
  for (const [n, each] of expected.entries()) {
    if (Object.is(data[n], each)) whole += Number.isFinite(each) ? each * each : 0;
    else if (!Number.isFinite(each) || !Number.isFinite(data[n])) return Infinity;
    else {
      apart += (data[n] - each) ** 2;
      whole += each * each;
    }
  }
  return apart === 0 ? 0 : Math.sqrt(apart / whole);
}

/** So many numbers between -1 and 1, the same for each seed. */
function drawn(count, dtype, seed) {
  const numbers = new Float32Array(count);
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  for (let n = 0; n < count; n += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    numbers[n] = state / 2 ** 31;
  }
  return dtype === 'f16' ? toHalf(numbers) : numbers;
}
`;
