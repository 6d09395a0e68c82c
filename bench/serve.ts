// What the measuring processes have in common: the request on the standard input, results on the standard output, the device, the clocks.
// In Node on Dawn and in Deno on wgpu alike.
import process from 'node:process';
import { RESULT_MARK } from './results.js';
import type { Host } from './rounds.js';
import { openSharedDevice, ownNavigator } from './shared-device.js';

/** What the interpreter computes in a second or two. */
const INTERPRETED_SCORES = 256 * 256;
const LEAST_TIME = 40;

/** The device of a name, and the clocks of this process. */
export async function openHost(name: string | undefined): Promise<Host> {
  const gpu = name === 'wgpu' ? ownNavigator().gpu! : (await import('./dawn-gpu.js')).dawnGpu();
  const shared = await openSharedDevice(gpu);
  return { shared, processor: processorTime, interpretedScores: INTERPRETED_SCORES, leastTime: LEAST_TIME };
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Does what is asked for on the standard input, tells what it finds, and ends the process. */
export async function serveRequest<Request, Message>(
  work: (request: Request, tell: (message: Message) => void) => Promise<void>,
): Promise<never> {
  // Libraries print what they like: to the standard error.
  console.log = console.error;
  let request = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) request += String(chunk);
  const written: Promise<unknown>[] = [];
  await work(JSON.parse(request) as Request, (message) => {
    written.push(new Promise((done) => process.stdout.write(`${RESULT_MARK}${JSON.stringify(message)}\n`, done)));
  });
  await Promise.all(written);
  // Drivers keep threads alive.
  process.exit(0);
}
