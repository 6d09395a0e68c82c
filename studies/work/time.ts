// Times calls in this process: all entrants are made ready, then each is run once whenever it is asked for.
// Where a device can make a call ready its kernels are timed, with buffers that stay on it; elsewhere the whole call is.
import { wholeGradient } from '../../driver/gradients.js';
import { type PreparedCall, randomInputs } from '../../src/checking/index.js';
import { fromJson } from '../../src/ir/json/index.js';
import { callShape } from './call-shape.js';
import { deviceOf } from './check.js';
import type { PrepareRequest, Results, SampleRequest } from './requests.js';

const ready = new Map<number, PreparedCall>();

export async function prepare(request: PrepareRequest): Promise<Results['prepare']> {
  const { entrant, pass, shape, seed } = request;
  const device = await deviceOf(request.device);
  const spec = fromJson(request.graph);
  const call = callShape(spec, shape);
  const graph = pass === 'forward' ? spec : wholeGradient(spec);
  const inputs = randomInputs(graph, call, seed, device.precision);
  const { rows } = call;
  if (device.prepare !== undefined) {
    ready.set(entrant, await device.prepare(graph, inputs, { rows }));
    return { sample: 'kernels' };
  }
  // The first call compiles.
  await device.run(graph, inputs, { rows });
  ready.set(entrant, {
    time: async () => {
      const started = performance.now();
      await device.run(graph, inputs, { rows });
      return performance.now() - started;
    },
    release: async () => {},
  });
  return { sample: 'call' };
}

export async function sample({ entrant }: SampleRequest): Promise<Results['sample']> {
  const call = ready.get(entrant);
  if (call === undefined) throw new Error(`entrant ${entrant} was not made ready`);
  return { milliseconds: await call.time() };
}

export async function release(): Promise<Results['release']> {
  const calls = [...ready.values()];
  ready.clear();
  // What a device has lost with its process is let go already.
  await Promise.allSettled(calls.map((call) => call.release()));
  return {};
}
