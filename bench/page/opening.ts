// Opens the device of the page: the one that all contenders share; or says in words why there is none.
// What goes wrong on the device later is kept, and comes into the file.
import { openSharedDevice, type SharedDevice } from '../shared-device.js';

export interface OpenedGpu {
  readonly shared: SharedDevice;
  /** What it is, for people. */
  readonly text: string;
  /** What the device has said against what was done with it. */
  readonly complaints: string[];
}

export interface NoGpu {
  readonly missing: true;
  readonly text: string;
}

export async function openGpu(): Promise<OpenedGpu | NoGpu> {
  const { gpu } = navigator as { gpu?: GPU };
  if (!gpu) return { missing: true, text: whyNoWebGpu() };
  let shared: SharedDevice;
  try {
    shared = await openSharedDevice(gpu, { timestamps: true });
  } catch (error) {
    const why = (error as Error).message;
    return {
      missing: true,
      text: `This browser has WebGPU and gives no device: ${why}. It may know no driver for this GPU, or have been told not to use it.`,
    };
  }
  const complaints: string[] = [];
  shared.device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    complaints.push((event as GPUUncapturedErrorEvent).error.message);
  });
  void shared.device.lost.then(({ message }) => complaints.push(`the device was lost: ${message}`));
  return { shared, complaints, text: describe(shared) };
}

function whyNoWebGpu(): string {
  if (!isSecureContext) {
    return 'Browsers give WebGPU to pages of https and of localhost alone, and this one came another way. Serve it by npm run bench:page -- --serve.';
  }
  return 'This browser has no WebGPU. Chrome and Edge have it from version 113 on, Safari from 26, Firefox from 141 on Windows and from 145 on a Mac with Apple silicon; on Linux it may be behind a flag.';
}

function describe({ adapter, device, timer, jaxIsHere }: SharedDevice): string {
  const names = [adapter.vendor, adapter.architecture, adapter.description || adapter.device]
    .filter(Boolean)
    .join(', ');
  const software = adapter.isFallbackAdapter ? ' It is played by the processor: figures say little of GPUs.' : '';
  const clock = timer
    ? "Times are the device's own."
    : 'The browser grants no timestamps: times are by the clock on the wall.';
  const half = device.features.has('shader-f16') ? '' : ' It has no float16.';
  const jax = jaxIsHere ? '' : ' jax-js does not take this device, and is left out.';
  return `GPU: ${names || 'unnamed'}. ${clock}${half}${software}${jax}`;
}
