// The device's own clock: the time that it spends within passes, whoever encodes them.
// Passes get timestamps while somebody measures; what lies between passes is not counted.

// Flags of GPUBufferUsage, as numbers of the specification.
const QUERY_RESOLVE = 0x200;
const COPY_FROM = 0x04;
const COPY_TO = 0x08;
const MAP_READ = 0x01;

/** The most queries of a set, by the specification. */
const MOST_QUERIES = 4096;
export const MOST_PASSES = MOST_QUERIES / 2;

export interface PassTimer {
  /** The descriptor of a pass, with timestamps while `measure` runs. */
  readonly stamped: (descriptor?: GPUComputePassDescriptor) => GPUComputePassDescriptor | undefined;
  /**
   * Milliseconds within the passes that `work` submits, which waits for the queue; undefined where there are more than
   * MOST_PASSES of them, where a library times a pass itself, or where a clock is too coarse to see any of them.
   */
  readonly measure: (work: () => Promise<void>) => Promise<number | undefined>;
}

export function passTimer(device: GPUDevice): PassTimer {
  const querySet = device.createQuerySet({ type: 'timestamp', count: MOST_QUERIES });
  const size = 8 * MOST_QUERIES;
  const resolved = device.createBuffer({ label: 'timestamps', size, usage: QUERY_RESOLVE | COPY_FROM });
  const staging = device.createBuffer({ label: 'timestamps', size, usage: MAP_READ | COPY_TO });
  let passes = 0;
  let isMeasuring = false;
  let isComplete = true;

  const read = async (): Promise<BigUint64Array> => {
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(querySet, 0, 2 * passes, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16 * passes);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_READ, 0, 16 * passes);
    const ticks = new BigUint64Array(staging.getMappedRange(0, 16 * passes).slice(0));
    staging.unmap();
    return ticks;
  };

  return {
    stamped: (descriptor) => {
      if (!isMeasuring) return descriptor;
      if (descriptor?.timestampWrites !== undefined || passes === MOST_PASSES) {
        isComplete = false;
        return descriptor;
      }
      const [beginningOfPassWriteIndex, endOfPassWriteIndex] = [2 * passes, 2 * passes + 1];
      passes += 1;
      return { ...descriptor, timestampWrites: { querySet, beginningOfPassWriteIndex, endOfPassWriteIndex } };
    },
    measure: async (work) => {
      passes = 0;
      isComplete = true;
      isMeasuring = true;
      try {
        await work();
      } finally {
        isMeasuring = false;
      }
      if (!isComplete || passes === 0) return undefined;
      return millisecondsOf(await read());
    },
  };
}

/** The sum of the intervals between two stamps each, of nanoseconds; undefined where no clock has moved. */
export function millisecondsOf(stamps: BigUint64Array): number | undefined {
  let sum = 0;
  for (let n = 0; n + 1 < stamps.length; n += 2) sum += Math.max(0, Number(stamps[n + 1]! - stamps[n]!));
  return sum === 0 ? undefined : sum / 1e6;
}
