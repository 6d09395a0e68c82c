// A WebGPU device that computes nothing and counts: the buffers that are alive, what is submitted and what is waited for.
// Errors are put into its scopes by the test; it is as much of the interface as launchers use.

const defaults: Readonly<Record<string, number>> = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxStorageBuffersPerShaderStage: 8,
  minUniformBufferOffsetAlignment: 256,
};

interface DeviceError {
  readonly scope: string;
  readonly message: string;
}

interface CountedBuffer {
  readonly size: number;
  readonly destroy: () => void;
  readonly mapAsync: () => Promise<void>;
  readonly getMappedRange: () => ArrayBuffer;
}

export class CountingDevice {
  readonly features = new Set<string>();
  readonly limits: Readonly<Record<string, number>>;
  /** What the next scope of its kind reports, in turn. */
  readonly errors: DeviceError[] = [];
  created = 0;
  alive = 0;
  submissions = 0;
  /** Maps that have been asked for and not been answered. */
  waiting = 0;
  holdsMaps = false;
  isDestroyed = false;
  readonly lost: Promise<{ reason: string; message: string }>;
  lose: (reason: string, message: string) => void = () => {};
  readonly #scopes: string[] = [];
  readonly #held: (() => void)[] = [];

  constructor(limits: Readonly<Record<string, number>> = {}) {
    this.limits = { ...defaults, ...limits };
    this.lost = new Promise((resolve) => {
      this.lose = (reason, message) => resolve({ reason, message });
    });
  }

  readonly queue = {
    submit: () => {
      this.submissions += 1;
    },
    writeBuffer: () => {},
    onSubmittedWorkDone: () => Promise.resolve(),
  };

  createBuffer({ size }: { readonly size: number; readonly usage: number }): CountedBuffer {
    this.created += 1;
    this.alive += 1;
    let isAlive = true;
    return {
      size,
      destroy: () => {
        if (isAlive) this.alive -= 1;
        isAlive = false;
      },
      mapAsync: () => {
        this.waiting += 1;
        return new Promise<void>((resolve) => {
          const answer = () => {
            this.waiting -= 1;
            resolve();
          };
          if (this.holdsMaps) this.#held.push(answer);
          else answer();
        });
      },
      getMappedRange: () => new ArrayBuffer(size),
    };
  }

  /** Answers the maps that are held, and holds no more. */
  release(): void {
    this.holdsMaps = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  pushErrorScope(scope: string): void {
    this.#scopes.push(scope);
  }

  popErrorScope(): Promise<DeviceError | null> {
    const scope = this.#scopes.pop();
    if (scope === undefined) throw new Error('no scope is open');
    return Promise.resolve(this.errors[0]?.scope === scope ? this.errors.shift()! : null);
  }

  createShaderModule: (given?: { readonly code: string }) => object = () => ({});
  createBindGroup = () => ({});
  createComputePipeline = () => ({ getBindGroupLayout: () => ({}) });
  createComputePipelineAsync = () => Promise.resolve(this.createComputePipeline());
  createCommandEncoder = () => ({
    beginComputePass: () => ({ setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} }),
    copyBufferToBuffer() {},
    finish: () => ({}),
  });

  destroy(): void {
    this.isDestroyed = true;
    this.lose('destroyed', '');
  }
}

/** An adapter that grants what it has, and remembers what it was asked for. */
export function countingAdapter(limits: Readonly<Record<string, number>> = {}) {
  const asked: object[] = [];
  const devices: CountingDevice[] = [];
  return {
    features: new Set<string>(),
    limits: { ...defaults, ...limits },
    asked,
    devices,
    requestDevice: async (descriptor: { readonly requiredLimits: Readonly<Record<string, number>> }) => {
      asked.push(descriptor);
      const device = new CountingDevice(descriptor.requiredLimits);
      devices.push(device);
      return device;
    },
  };
}
