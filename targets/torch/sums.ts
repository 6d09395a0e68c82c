// Sums and maxima over counters: einsum for products, a further axis where that is small, and otherwise a loop over the
// taps, each of which reads shifted slices.
import { type Accumulate, type Expression, freeVariables, readsOf } from '../../src/ir/index.js';
import type { ExpressionWriter } from './expressions.js';
import { atom, type Code, call, infix, level, member } from './python.js';
import { readValue } from './reads.js';
import { align, number, unite, type Value } from './values.js';

export function accumulatedValue(writer: ExpressionWriter, whole: Accumulate): Value {
  const { counters, monoid, type } = whole;
  if (counters.some(({ extent }) => extent === 0)) {
    return number(atom(monoid === 'sum' ? (type === 'int' ? '0' : '0.0') : '-inf'), type);
  }
  if (counters.some(({ name }) => movesPositions(writer, whole.body, name))) return looped(writer, whole);
  const product = contracted(writer, whole);
  if (product) return product;
  return isLarge(writer, whole) ? looped(writer, whole) : vectorised(writer, whole);
}

const sequenceKinds = new Set(['query', 'key', 'position']);

/** Whether a counter moves a read along the sequence: a shifted slice for each of its values. */
function movesPositions(writer: ExpressionWriter, body: Expression, counter: string): boolean {
  return readsOf(body).some(({ source, index }) =>
    index.some((at, n) => {
      const free = freeVariables(at);
      return sequenceKinds.has(source.domain[n]!.kind) && free.has(counter) && [...free].some((v) => writer.isAxis(v));
    }),
  );
}

/** Whether the terms are as many as the elements of scores, several times. */
function isLarge(writer: ExpressionWriter, { body }: Accumulate): boolean {
  const along = [...freeVariables(body)].filter((name) => sequenceKinds.has(writer.axes.get(name)?.kind ?? ''));
  return along.length > 1;
}

/** Σ of a product of tensors, each over some of the axes: a contraction. */
function contracted(writer: ExpressionWriter, { monoid, counters, body, type }: Accumulate): Value | undefined {
  if (monoid !== 'sum' || type !== 'float') return undefined;
  const factors = factorsOf(body);
  const names = counters.map(({ name }) => name);
  const varying = factors.filter((factor) => names.some((name) => freeVariables(factor).has(name)));
  const areFinite = factors.every(writer.magnitudes.isBounded);
  if (varying.length < 2 || !areFinite || factors.some(({ type: each }) => each !== 'float')) return undefined;
  const { result } = writer.inside(counters, false, () => {
    // einsum goes by letters: the dimensions need not be in order.
    const values = factors.map((factor) =>
      factor.kind === 'read' ? readValue(writer, factor, true) : writer.evaluate(factor),
    );
    const tensors = values.filter(({ form }) => form === 'tensor').map((value) => writer.asFloat(value, 'data'));
    const axes = unite(tensors, writer.order);
    if (!names.every((name) => axes.includes(name)) || tensors.some((x) => x.axes.length === 0)) return undefined;
    const kept = axes.filter((name) => !names.includes(name));
    const letter = letters(axes);
    const inputs = tensors.map(({ axes: own }) => own.map((name) => letter.get(name)).join(''));
    const equation = `'${inputs.join(',')}->${kept.map((name) => letter.get(name)).join('')}'`;
    let code: Code = call('torch.einsum', equation, ...tensors.map((x) => x.code));
    for (const { form, code: factor } of values) {
      if (form === 'number') code = infix(code, '*', factor, level.multiply);
    }
    return { code, axes: kept, form: 'tensor', type, precision: 'data' } satisfies Value;
  });
  return result;
}

function factorsOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'apply' && expression.operation === 'multiply') return expression.operands.flatMap(factorsOf);
  return [expression];
}

/** A letter of einsum for each axis: its own where it is one letter. */
export function letters(axes: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const taken = new Set(axes.filter((name) => name.length === 1));
  const free = [...'nmrstuvwxyzacefgklopq'].filter((letter) => !taken.has(letter));
  for (const name of axes) found.set(name, name.length === 1 ? name : free.shift()!);
  return found;
}

/** The counters as further axes, summed over. */
function vectorised(writer: ExpressionWriter, { monoid, counters, body, type }: Accumulate): Value {
  const names = counters.map(({ name }) => name);
  return writer.inside(counters, false, (): Value => {
    const value = writer.evaluate(body);
    const order = writer.order;
    const axes = order.filter((name) => names.includes(name) || value.axes.includes(name));
    const kept = axes.filter((name) => !names.includes(name));
    const ready = value.form === 'number' ? writer.asTensor(value) : writer.asFloat(value, value.precision);
    let code = align(ready.code, value.axes, axes);
    if (axes.length > value.axes.length) {
      code = member(code, `expand(${axes.map((name) => writer.sizeOf(name)).join(', ')})`);
    }
    const dims = names.map((_, n) => n - names.length);
    const over = dims.length === 1 ? String(dims[0]) : `(${dims.join(', ')})`;
    const reduced = member(code, `${monoid === 'sum' ? 'sum' : 'amax'}(${over})`);
    return { code: reduced, axes: kept, form: 'tensor', type, precision: ready.precision };
  }).result;
}

const starts = {
  sum: { int: '0', float: '0.0' },
  // The least number that integers of specs have: those are 32 bits wide.
  max: {
    int: 'torch.tensor(-(2**31), device=device)',
    float: 'torch.tensor(-inf, dtype=dtype, device=device)',
  },
} as const;

/** One term after the other. */
function looped(writer: ExpressionWriter, whole: Accumulate): Value {
  const { monoid, counters, body, type } = whole;
  const total = writer.nameFor(whole, monoid === 'sum' ? 'total' : 'largest');
  // One level for each counter: what depends on the outer ones alone is computed in their loops.
  const loop = (depth: number): Value => {
    if (depth === counters.length) return oneTerm();
    const { name, extent } = counters[depth]!;
    const { result, body: lines } = writer.inside([counters[depth]!], true, () => loop(depth + 1));
    writer.push(`for ${name} in range(${extent}):`);
    for (const line of lines) writer.push(`    ${line}`);
    return result;
  };
  const oneTerm = (): Value => {
    const value = writer.evaluate(body);
    const term = value.form === 'number' || type !== 'float' ? value : writer.asFloat(value, 'data');
    const sum =
      monoid === 'sum'
        ? infix(atom(total), '+', term.code, level.add)
        : call('torch.maximum', total, term.form === 'number' ? writer.asTensor(term).code : term.code);
    writer.push(`${total} = ${sum.text}`);
    return term;
  };
  // What the loops share is written while they are, and so above them.
  const start = `${total} = ${starts[monoid][type]}`;
  const result = writer.inside([], true, () => loop(0));
  for (const line of [start, ...result.body]) writer.push(line);
  return { ...result.result, code: atom(total), integer: undefined };
}
