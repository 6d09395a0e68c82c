// Numbers as tables and axes show them: few digits, SI prefixes, a minus sign that is one, and a dash for a hole.
// One way for each kind of number, so that columns align and charts agree with tables.

/** What stands where there is no number. */
export const HOLE = '–';

const MINUS = '−';
const signed = (text: string): string => text.replace('-', MINUS);

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Three significant digits with an SI prefix and the unit: '1.23 M', '48.1 GFLOP', '25.2 MB'. */
export function withPrefix(value: number, unit = ''): string {
  if (!Number.isFinite(value)) return HOLE;
  if (value === 0) return unit === '' ? '0' : `0 ${unit}`;
  const rounded = Number(Math.abs(value).toPrecision(3));
  const step = Math.min(Math.max(Math.floor(Math.log10(rounded) / 3), 0), prefixes.length - 1);
  const text = digits(value / 1000 ** step, 3);
  const tail = `${prefixes[step]}${unit}`;
  return tail === '' ? text : `${text} ${tail}`;
}

/** A whole number as it is: '1 024'. */
export const whole = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** Significant digits without an exponent, trailing zeros kept: what is measured to three digits shows three. */
export function digits(value: number, count: number): string {
  if (!Number.isFinite(value)) return HOLE;
  const text = value.toPrecision(count);
  return signed(text.includes('e') ? String(Number(text)) : text);
}

/** A ratio to the base: two decimals near 1, as many digits elsewhere. */
export const ratioText = (value: number): string =>
  Number.isFinite(value) ? (value >= 100 ? digits(value, 3) : value.toFixed(value < 0.1 ? 3 : 2)) : HOLE;

/** '1.3 × 10⁻⁶' in the form that sorts by eye in a column: 1.3e−6. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  return Number.isFinite(value) ? signed(value.toExponential(1)) : HOLE;
}

/** Milliseconds: '12.3 ms', and microseconds below one. */
export function milliseconds(value: number): string {
  if (!Number.isFinite(value)) return HOLE;
  if (value < 1) return `${digits(value * 1000, 3)} µs`;
  return value < 10_000 ? `${digits(value, 3)} ms` : `${digits(value / 1000, 3)} s`;
}

export const percent = (share: number): string =>
  Number.isFinite(share) ? `${signed(Number((100 * share).toPrecision(2)).toString())} %` : HOLE;

/** A value of a heat map: three digits, an exponent where it is small or large. */
export function score(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return signed(value.toExponential(2));
  return signed(value === 0 ? '0' : value.toPrecision(3));
}
