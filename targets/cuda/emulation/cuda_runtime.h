// What a program around a launcher calls of the CUDA runtime, for the host: memory of a device is memory, which the emulation
// knows by name; kernels are done when a launcher returns. A build for a CUDA device finds the toolkit's header instead.
#pragma once
#include "cuda_runtime_api.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost = 2 };

/** Memory that nobody has written is NaN. */
inline cudaError_t cudaMalloc(void **place, size_t bytes) {
  *place = aligned_alloc(256, (bytes + 511) / 256 * 256);
  if (!*place) return cudaErrorInvalidValue;
  memset(*place, 0xff, bytes);
  emulation::declare_memory("memory of cudaMalloc", *place, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind) {
  memcpy(to, from, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }
inline const char *cudaGetErrorString(cudaError_t error) {
  return error == cudaSuccess ? "no error" : "the launcher does not take this call";
}
