// How a launcher in C orders blocks: those of as many heads go together, the longest first, as the second cache of the current
// device holds what they sweep of.
import { HEADS_TOGETHER } from './layout/block-order.js';

/** Bytes of the second cache of an A10: no device has less that kernels run on. */
const LEAST_SECOND_CACHE = 6 * 1024 * 1024;

/** Half of the cache is for what is swept: rows, results and other blocks go through it too. */
export const headsTogetherText = `/** Bytes of the second cache of the current device, or of the smallest there is. */
inline int64_t second_cache() {
  int device = 0, size = 0;
  if (cudaGetDevice(&device) == cudaSuccess) cudaDeviceGetAttribute(&size, cudaDevAttrL2CacheSize, device);
  return size > 0 ? size : ${LEAST_SECOND_CACHE};
}

/** Of how many heads blocks go together, the longest first: as many as half of the second cache holds what they sweep of. */
inline int heads_to_go_together(int64_t heads, int64_t swept_bytes) {
  const int64_t room = second_cache() / 2;
  if (swept_bytes <= room) return static_cast<int>(heads);
  return most(1, static_cast<int>(heads * static_cast<double>(room) / swept_bytes));
}`;

/** @param heads the variable that counts them, batch entries too @param bytes of each buffer that their blocks sweep */
export const orderText = (heads: string, bytes: readonly string[]): string =>
  `launch.${HEADS_TOGETHER} = heads_to_go_together(${heads}, ${bytes.join(' + ') || '0'});`;
