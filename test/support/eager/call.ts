// One call of a spec as plain JavaScript: its sizes, its inputs, the tensors that it declares and the values it builds.
// Part of the oracle of docs/language.md: it knows positions, extents and reads outside them, and nothing of the compiler.

/** A tensor on the host, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}
export type Setting = number | boolean | string | readonly number[];
export type Role = 'queries' | 'keys' | 'values' | 'keysAndValues' | 'param' | 'tensor' | 'integers';
/** What a body asked for: an axis is a name of the call or an extent; inputs are [batch, heads, query or key, dim]. */
export interface Declaration {
  readonly name: string;
  readonly role: Role;
  readonly axes: readonly (string | number)[];
  readonly start?: unknown;
}
/** How long the axes of a call are. */
export interface Sizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}
export interface Call extends Sizes {
  readonly settings: Readonly<Record<string, Setting>>;
  /** The batch entry that is being computed. */
  readonly entry: number;
  /** Absent while a body runs only to be asked what it declares: every read is 0 then. */
  readonly inputs?: Readonly<Record<string, HostTensor>>;
  readonly declared: Map<string, Declaration>;
}
export type Read = (...at: number[]) => number;
/** Scores, weights, rows and outputs are functions with a few properties. */
export interface Value extends Read {
  readonly kind: 'scores' | 'weights' | 'rows' | 'output';
  readonly heads: number;
  /** How many keys or features each row has; 1 for rows. */
  readonly width: number;
}

let current: Call | undefined;

/** The call that is running. Throws outside of one. */
export function call(): Call {
  if (current === undefined) throw new Error('a spec was run outside of evaluate()');
  return current;
}

/** Runs a body within a call. */
export function within<T>(inner: Call, run: () => T): T {
  const outer = current;
  current = inner;
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** The extents of a declared tensor, batch included, where a head axis is as long as the spec has heads. */
export function shapeOf(axes: Declaration['axes'], sizes: Sizes, heads: number): number[] {
  const named = { batch: sizes.batch, head: heads, query: sizes.queries, key: sizes.keys, position: sizes.keys };
  return axes.map((axis) => (typeof axis === 'number' ? axis : named[axis as keyof typeof named]));
}

/** How many heads the spec has. */
export const specHeads = (settings: Call['settings']): number => (settings['heads'] ?? 1) as number;

/** The row of q at a position, negative above the first. Throws where the row exists and was not passed. */
function rowAt(i: number, { queries, keys }: Sizes): number {
  if (i >= 0 && i < keys - queries)
    throw new Error(`query row ${i} is read and was not passed: more history is needed`);
  return i - (keys - queries);
}

function place(index: number | undefined, axis: string | number, sizes: Sizes): number {
  if (index === undefined || !Number.isInteger(index)) throw new Error(`${index} is not an index`);
  return axis === 'query' ? rowAt(index, sizes) : index;
}

/** Declares a tensor and gives the function that reads it, batch left out. The same declaration twice is one tensor. */
export function declare(declaration: Declaration): Read {
  const now = call();
  const { name, role, axes } = declaration;
  const before = now.declared.get(name);
  if (before !== undefined && JSON.stringify([before.role, before.axes]) !== JSON.stringify([role, axes])) {
    throw new Error(`'${name}' is declared twice, differently`);
  }
  now.declared.set(name, declaration);
  const shape = shapeOf(axes, now, specHeads(now.settings));
  const data = now.inputs?.[name]?.data;
  return (...index) => {
    let next = 0;
    let offset = 0;
    let inside = true;
    for (const [n, axis] of axes.entries()) {
      const at = axis === 'batch' ? now.entry : place(index[next++], axis, now);
      inside &&= at >= 0 && at < shape[n]!;
      offset = offset * shape[n]! + at;
    }
    return inside && data !== undefined ? data[offset]! : 0;
  };
}

/** A function of [head, query position, key or feature], 0 outside, whose elements are computed once when first read. */
export function value(kind: Value['kind'], heads: number, width: number, element: Read, more: object = {}): Value {
  const now = call();
  const stored = new Float64Array(heads * now.queries * width);
  const known = new Uint8Array(stored.length);
  const read = (h: number, i: number, n = 0): number => {
    const row = place(i, 'query', now);
    if (!Number.isInteger(h) || !Number.isInteger(n)) throw new Error(`${h}, ${n} are not indices`);
    if (h < 0 || h >= heads || row < 0 || row >= now.queries || n < 0 || n >= width) return 0;
    const at = (h * now.queries + row) * width + n;
    if (known[at] === 0) {
      stored[at] = element(h, i, n);
      known[at] = 1;
    }
    return stored[at]!;
  };
  return Object.assign(read, { kind, heads, width, ...more }) as unknown as Value;
}
