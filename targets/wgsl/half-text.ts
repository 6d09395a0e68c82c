// Numbers of 16 bits in a launcher, as JavaScript: to the bits of float16 and back.
// Engines have no Float16Array everywhere yet, and this rounds as the rest of the compiler does.

export const halfText = `const word = new DataView(new ArrayBuffer(4));

/** The bits of numbers rounded to f16, ties to even; one more where that makes whole words. */
function toHalf(numbers) {
  const halves = new Uint16Array(Math.ceil(numbers.length / 2) * 2);
  for (let n = 0; n < numbers.length; n += 1) halves[n] = half(numbers[n]);
  return halves;
}

function half(number) {
  word.setFloat32(0, number);
  const bits = word.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size >= 0x7f800000) return sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size >= 0x38800000) {
    const rounded = size + 0xfff + ((size >>> 13) & 1);
    return sign | ((rounded - 0x38000000) >>> 13);
  }
  const scaled = Math.abs(number) * 2 ** 24;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  return sign | (below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0));
}

function fromHalf(halves) {
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}
`;
