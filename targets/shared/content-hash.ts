// A short fingerprint of a text, to tell whether an emitted file was changed: FNV-1a in 64 bits (Fowler, Noll, Vo).
// Not for security. Runs anywhere, without waiting.

const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

export function contentHash(text: string): string {
  let hash = offsetBasis;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  return hash.toString(16).padStart(16, '0');
}
