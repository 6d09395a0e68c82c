// What a launcher's header needs of the CUDA runtime, for the host: streams and errors. A build for a CUDA device finds the
// toolkit's header of the same name instead.
#pragma once

typedef enum cudaError { cudaSuccess = 0, cudaErrorInvalidValue = 1, cudaErrorMisalignedAddress = 716 } cudaError_t;
typedef struct CUstream_st *cudaStream_t;
