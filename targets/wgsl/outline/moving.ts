// Statements before a repeat that are one instance more of it, once the values among them that others share are moved before.
// The first of several heads computes what all of them read, where it stands between its own statements.
import type { Shape } from './shapes.js';

export interface Earlier {
  /** The numbers of the instance's statements. */
  readonly numbers: readonly number[];
  /** Those of what is moved before them. */
  readonly moved: readonly number[];
}

/** Values that some instances share are few beside what they are needed for. */
const MOST_MOVED = 24;

/**
 * An instance that ends before statement `end`, with values between its statements.
 * @param isMovable whether a statement may be done earlier, where what it reads is there
 */
export function earlierInstance(
  shapes: readonly Shape[],
  end: number,
  keys: readonly (number | undefined)[],
  isMovable: (n: number) => boolean,
): Earlier | undefined {
  const numbers: number[] = [];
  const moved: number[] = [];
  for (let n = end - 1; numbers.length < keys.length; n -= 1) {
    if (n < 0 || moved.length > MOST_MOVED) return undefined;
    if (shapes[n]!.key === keys[keys.length - 1 - numbers.length]) numbers.unshift(n);
    else if (isMovable(n)) moved.unshift(n);
    else return undefined;
  }
  return { numbers, moved: moved.filter((n) => n > numbers[0]!) };
}

/** Whether what a statement reads has been declared before statement `start`, or is moved there too. */
export function isReadyAt(shapes: readonly Shape[], { numbers, moved }: Earlier): boolean {
  const own = new Set(moved);
  const declared = new Set<string>();
  for (let n = numbers[0]!; n <= numbers.at(-1)!; n += 1) {
    const { places } = shapes[n]!;
    if (own.has(n)) {
      if (places.some(({ role, names }) => role !== 'declare' && names.some((name) => declared.has(name))))
        return false;
      continue;
    }
    for (const { role, text } of places) if (role === 'declare') declared.add(text);
  }
  return true;
}
