// A short fingerprint of a text, to tell whether an emitted file was changed: FNV-1a in 64 bits (Fowler, Noll, Vo).
// Not for security. Runs anywhere, without waiting.

/** The offset basis and the prime of FNV-1a, in words of 32 bits: 0xcbf29ce484222325 and 2^40 + 0x1b3. */
const BASIS = { high: 0xcbf29ce4, low: 0x84222325 };
const PRIME = 0x1b3;

export function contentHash(text: string): string {
  let { high, low } = BASIS;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // A product with nine bits is exact in a double, and its upper part is what carries into the upper word.
    const product = low * PRIME;
    const carried = Math.floor(product / 2 ** 32);
    high = (Math.imul(high, PRIME) + carried + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');
}
