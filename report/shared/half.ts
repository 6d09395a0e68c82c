// 16-bit floats (IEEE 754 binary16) to numbers and back, and lists of them as base64: how maps are stored in a report.
// Values are scaled by a power of two first, so that the largest is below 2^15 and small ones keep eleven bits.

/** Powers of two below it are no normal numbers; what is so small is as good as zero. */
const LEAST_EXPONENT = -1000;

/** The exponent to store values with whose largest magnitude is `largest`. */
export function exponentFor(largest: number): number {
  if (!(largest > 0 && Number.isFinite(largest))) return 0;
  return Math.max(Math.ceil(Math.log2(largest)) - 15, LEAST_EXPONENT);
}

const SMALLEST_NORMAL = 2 ** -14;
const STEP_BELOW = 2 ** -24;

/** The bits of the nearest half, ties to even. Beyond the largest finite one it is an infinity. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < SMALLEST_NORMAL) return sign | roundToEven(size / STEP_BELOW);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.floor(Math.log2(size));
  // A mantissa that rounds up to 2048 carries into the exponent by itself.
  return sign | ((exponent + 15) * 1024 + roundToEven((size / 2 ** exponent - 1) * 1024));
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? mantissa * STEP_BELOW : (1 + mantissa / 1024) * 2 ** (exponent - 15));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (RFC 4648) without Buffer or btoa, which are not in both Node and browsers. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let n = 0; n < bytes.length; n += 3) {
    const [one, two, three] = [bytes[n]!, bytes[n + 1], bytes[n + 2]];
    const word = (one << 16) | ((two ?? 0) << 8) | (three ?? 0);
    parts.push(
      ALPHABET[word >> 18]!,
      ALPHABET[(word >> 12) & 63]!,
      two === undefined ? '=' : ALPHABET[(word >> 6) & 63]!,
      three === undefined ? '=' : ALPHABET[word & 63]!,
    );
  }
  return parts.join('');
}

export function fromBase64(text: string): Uint8Array {
  const length = (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const bytes = new Uint8Array(length);
  for (let n = 0, at = 0; n < text.length; n += 4) {
    let word = 0;
    for (let k = 0; k < 4; k += 1) word = (word << 6) | Math.max(0, ALPHABET.indexOf(text[n + k]!));
    for (const shift of [16, 8, 0]) if (at < length) bytes[at++] = (word >> shift) & 255;
  }
  return bytes;
}

export function encodeHalves(values: ArrayLike<number>, exponent: number): string {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < values.length; n += 1) view.setUint16(2 * n, halfBits(values[n]! / 2 ** exponent), true);
  return toBase64(bytes);
}

export function decodeHalves(text: string, exponent: number): Float64Array {
  const bytes = fromBase64(text);
  const view = new DataView(bytes.buffer);
  return Float64Array.from(
    { length: bytes.length / 2 },
    (_, n) => halfValue(view.getUint16(2 * n, true)) * 2 ** exponent,
  );
}

/** Truth values, eight a byte, the lowest bit first. */
export function encodeBits(values: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [n, value] of values.entries()) if (value) bytes[n >> 3]! |= 1 << (n & 7);
  return toBase64(bytes);
}

export function decodeBits(text: string, count: number): readonly boolean[] {
  const bytes = fromBase64(text);
  return Array.from({ length: count }, (_, n) => ((bytes[n >> 3]! >> (n & 7)) & 1) === 1);
}
