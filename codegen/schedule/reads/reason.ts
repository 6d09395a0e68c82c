// Why a schedule does not serve a graph: raised while it is tried, caught by whoever asks for one, shown by `explain`.
// A reason is a sentence about the spec, not about the compiler.

/** The schedule at hand cannot compute this graph. */
export class Unschedulable extends Error {
  override readonly name = 'Unschedulable';
}

export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Unschedulable(reason);
}
