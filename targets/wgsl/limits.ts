// What kernels take of a device, under the names of WebGPU, and the defaults of its specification: what every kernel that is
// not told otherwise keeps to, and so what a device must grant to run them.

/** What a device grants to a kernel. */
export interface WgslLimits {
  readonly workgroupBytes: number;
  readonly invocations: number;
  readonly storageBuffers: number;
}

export const defaultLimits: WgslLimits = { workgroupBytes: 16384, invocations: 256, storageBuffers: 8 };

export const limitNames: Readonly<Record<keyof WgslLimits, string>> = {
  workgroupBytes: 'maxComputeWorkgroupStorageSize',
  invocations: 'maxComputeInvocationsPerWorkgroup',
  storageBuffers: 'maxStorageBuffersPerShaderStage',
};
