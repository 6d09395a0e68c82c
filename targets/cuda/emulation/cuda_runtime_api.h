// What launchers need of the CUDA runtime, for the host: streams, errors, and how large the current device is. A build for a CUDA device finds the
// toolkit's header of the same name instead.
#pragma once

typedef enum cudaError { cudaSuccess = 0, cudaErrorInvalidValue = 1, cudaErrorMisalignedAddress = 716 } cudaError_t;
typedef struct CUstream_st *cudaStream_t;

#ifdef __cplusplus
enum cudaDeviceAttr { cudaDevAttrMultiProcessorCount = 16, cudaDevAttrL2CacheSize = 38 };

namespace emulation {
/** Multiprocessors of the current device: programs may set it, as if they went from one device to another. */
inline int multiprocessors = 128;
/** Bytes of its second cache, likewise. */
inline int second_cache = 48 * 1024 * 1024;
} // namespace emulation

inline cudaError_t cudaGetDevice(int *device) {
  *device = 0;
  return cudaSuccess;
}
inline cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr asked, int) {
  *value = asked == cudaDevAttrL2CacheSize ? emulation::second_cache : emulation::multiprocessors;
  return cudaSuccess;
}
#endif
