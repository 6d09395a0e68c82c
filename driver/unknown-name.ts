// Names that stand for nothing: of a target, a device, a pass, a draw and the like, each from a short list.
// The message has the nearest right name and the list.
import { fail, nearest } from '../src/diagnostics/index.js';

/** @throws HeddleError, always. */
export function failUnknown(
  code: 'HD4021' | 'HD4022' | 'HD4023' | 'HD4024' | 'HD4030' | 'HD4032' | 'HD4036',
  name: string,
  known: readonly string[],
): never {
  fail(code, { name, known, suggestion: nearest(name, known) });
}
