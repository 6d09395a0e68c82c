// The primitives of the language as plain JavaScript, in float64, one definition each.
// What a spec imports as 'heddle' when a test runs it; semantics as docs/language.md states them.
import type { Read, Role, Value } from './call.js';
import { call, declare, shapeOf, specHeads, value } from './call.js';

type Mask = (i: number, j: number) => boolean;
type HeadMask = (h: number, i: number, j: number) => boolean;
type Axes = readonly (string | number)[];
interface Input {
  readonly read: Read;
  readonly heads: number;
  readonly dim: number;
  readonly length: number;
}
interface Sink {
  readonly sink?: number | Read;
}

// ── Tensors and inputs ──────────────────────────────────────────────────────────────────────────────

function named(role: Role, name: string, axes: Axes, start?: unknown): Read {
  const kept = axes.filter((axis) => axis !== 'batch');
  const read = declare({ name, role, axes, start });
  return Object.assign(read, { shape: shapeOf(kept, call(), specHeads(call().settings)) });
}
export const param = (name: string, axes: Axes, start: unknown = 0): Read => named('param', name, axes, start);
export const tensor = (name: string, axes: Axes): Read => named('tensor', name, axes);
export const integers = (name: string, axes: Axes): Read => named('integers', name, axes);
export const normal = (size: number) => ({ law: 'normal', size });
export const uniform = (size: number) => ({ law: 'uniform', size });

function input(role: Role, name: string, shape: { heads?: number; dim?: number } = {}): Input {
  const { settings, queries, keys } = call();
  const shared = role === 'queries' ? undefined : settings['kvHeads'];
  const heads = shape.heads ?? ((shared || specHeads(settings)) as number);
  const dim = shape.dim ?? ((role === 'values' && settings['valueDim']) || settings['headDim']);
  if (typeof dim !== 'number') throw new Error(`'${name}' has no dimension: give dim, or headDim in the configuration`);
  const axis = role === 'queries' ? 'query' : 'key';
  const read = declare({ name, role, axes: ['batch', heads, axis, dim] });
  return { read, heads, dim, length: role === 'queries' ? queries : keys };
}
export const queries = (name: string, shape?: object): Input => input('queries', name, shape);
export const keys = (name: string, shape?: object): Input => input('keys', name, shape);
export const values = (name: string, shape?: object): Input => input('values', name, shape);
export const keysAndValues = (name: string, shape?: object): Input => input('keysAndValues', name, shape);

/** How many query heads share one head of x. */
function sharing(heads: number, x: Input): number {
  if (heads % x.heads !== 0) throw new Error(`${heads} heads cannot share ${x.heads}`);
  return heads / x.heads;
}

// ── Scores, weights, rows, outputs ──────────────────────────────────────────────────────────────────

export function dot(q: Input, k: Input): Value {
  if (q.dim !== k.dim) throw new Error(`a query of ${q.dim} features has no dot product with a key of ${k.dim}`);
  const share = sharing(q.heads, k);
  return value('scores', q.heads, call().keys, (h, i, j) =>
    sum(q.dim, (d) => q.read(h!, i!, d!) * k.read(Math.floor(h! / share), j!, d!)),
  );
}

/** What each kind of value offers besides its elements: weights contract, outputs know their dimension. */
function build(kind: Value['kind'], heads: number, width: number, element: Read): Value {
  if (kind === 'output') return value(kind, heads, width, element, { dim: width });
  if (kind !== 'weights') return value(kind, heads, width, element);
  const w: Value = value(kind, heads, width, element, {
    times: (v: Input): Value => {
      const share = sharing(heads, v);
      return build('output', heads, v.dim, (h, i, d) =>
        sum(width, (j) => w(h!, i!, j!) * v.read(Math.floor(h! / share), j!, d!)),
      );
    },
  });
  return w;
}

const spread = (kind: Value['kind'], f: Read): Value => build(kind, specHeads(call().settings), call().keys, f);
export const scores = (f: Read): Value => spread('scores', f);
export const weights = (f: Read): Value => spread('weights', f);
export const rows = (f: Read): Value => build('rows', specHeads(call().settings), 1, (h, i) => f(h!, i!));
export const map = (x: Value, f: Read): Value =>
  build(x.kind, x.heads, x.width, (h, i, n) => f(x(h!, i!, n!), h!, i!, n!));
export const fill = (s: Value, visible: Mask | HeadMask, otherwise: number): Value => {
  const isVisible: HeadMask = visible.length === 3 ? (visible as HeadMask) : (_h, i, j) => (visible as Mask)(i, j);
  return build(s.kind, s.heads, s.width, (h, i, j) => (isVisible(h!, i!, j!) ? s(h!, i!, j!) : otherwise));
};

/** The largest logit of a row and Σ e^(s − largest), sink included; the sum is 0 where nothing is visible. */
function statistics(s: Value, { sink }: Sink): { largest: Value; total: Value } {
  const extra = (h: number, i: number): number =>
    sink === undefined ? Number.NEGATIVE_INFINITY : typeof sink === 'number' ? sink : sink(h, i);
  const largest = statistic(s, (h, i) =>
    Math.max(
      extra(h!, i!),
      max(s.width, (j) => s(h!, i!, j!)),
    ),
  );
  const total = statistic(s, (h, i) => {
    const top = largest(h!, i!);
    if (top === Number.NEGATIVE_INFINITY) return 0;
    return Math.exp(extra(h!, i!) - top) + sum(s.width, (j) => Math.exp(s(h!, i!, j!) - top));
  });
  return { largest, total };
}
const statistic = (s: Value, f: Read): Value => build('rows', s.heads, 1, f);

export function softmax(s: Value, options: Sink = {}): Value {
  const { largest, total } = statistics(s, options);
  return build('weights', s.heads, s.width, (h, i, j) => {
    const all = total(h!, i!);
    return all === 0 ? 0 : Math.exp(s(h!, i!, j!) - largest(h!, i!)) / all;
  });
}
export function logSumExp(s: Value, options: Sink = {}): Value {
  const { largest, total } = statistics(s, options);
  return statistic(s, (h, i) =>
    total(h!, i!) === 0 ? Number.NEGATIVE_INFINITY : largest(h!, i!) + Math.log(total(h!, i!)),
  );
}

// ── Bounded loops ───────────────────────────────────────────────────────────────────────────────────

function fold(extent: number | readonly number[], start: number, join: (a: number, b: number) => number, term: Read) {
  const [first, ...others] = typeof extent === 'number' ? [extent] : extent;
  if (first === undefined) return join(start, term());
  let result = start;
  for (let n = 0; n < first; n++) {
    if (others.length === 0) result = join(result, term(n));
    else result = fold(others, result, join, (...at) => term(n, ...at));
  }
  return result;
}
export const sum = (extent: number | readonly number[], term: Read): number => fold(extent, 0, (a, b) => a + b, term);
export const max = (extent: number | readonly number[], term: Read): number =>
  fold(extent, Number.NEGATIVE_INFINITY, Math.max, term);
