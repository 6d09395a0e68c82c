// What the values of options mean: numbers, shapes and settings. A wrong value is a diagnostic, never a guess.
// Loaded by the commands when they run, not for --help.
import { fail } from '../src/diagnostics/index.js';

/** A whole number from `least` up. @throws HeddleError HD4011. */
function parseCount(option: string, value: string, least = 1): number {
  const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < least) {
    fail('HD4011', { option, value, expected: `a whole number from ${least} up` });
  }
  return count;
}

/** The same for an option that may be absent. */
export function parseOptionalCount(option: string, value: string | undefined, least = 1): number | undefined {
  return value === undefined ? undefined : parseCount(option, value, least);
}

/** A share of one: a number from 0 up to, and without, 1. @throws HeddleError HD4011. */
export function parseFraction(option: string, value: string): number {
  const share = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(share >= 0 && share < 1))
    fail('HD4011', { option, value, expected: 'a number from 0 to below 1, such as 0.03' });
  return share;
}

/** The sizes of a call, and where told R, the rows of output: B,Tq,Tk or B,Tq,Tk,R. @throws HeddleError HD4013. */
export function parseShape(value: string): { batch: number; queries: number; keys: number; rows?: number } {
  const sizes = /^\d{1,9}(,\d{1,9}){2,3}$/.test(value) ? value.split(',').map(Number) : [];
  const [batch = 0, queries = 0, keys = 0, rows] = sizes;
  if (batch < 1 || queries < 1 || keys < 1 || (rows !== undefined && (rows < 1 || rows > queries))) {
    fail('HD4013', { value });
  }
  return { batch, queries, keys, ...(rows === undefined ? {} : { rows }) };
}

/** Rows of scores and keys of a step, of an option that may be absent: 32x16. @throws HeddleError HD4011. */
export function parseTiles(value: string | undefined): { rows: number; columns: number } | undefined {
  if (value === undefined) return undefined;
  const [rows = 0, columns = 0] = /^\d{1,4}[x×]\d{1,4}$/.test(value) ? value.split(/[x×]/).map(Number) : [];
  if (rows < 1 || columns < 1) {
    fail('HD4011', { option: '--tiles', value, expected: 'rows of scores and keys of a step, such as 32x16' });
  }
  return { rows, columns };
}

/** Refuses what names no folder, before time is spent on what is to go there. @throws HeddleError HD4011. */
export function refuseNoFolder(out: string | undefined, option = '--out'): void {
  if (out === '' || out === '-') fail('HD4011', { option, value: out, expected: 'a folder' });
}

/** The settings of --set as name and text; what a value may be is up to the spec. @throws HeddleError HD4012. */
export function parseSettings(set: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    set.map((value): [string, string] => {
      const at = value.indexOf('=');
      if (at < 1) fail('HD4012', { value });
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}
