// Linear stencils and grouped head mixes, recognised by their shape: a convolution of score maps is one conv2d with a
// kernel for each head of each sequence, a mix within groups of heads one einsum.
import {
  affine,
  type Counter,
  type Expression,
  type LinearForm,
  linearForm,
  type MapNode,
  type Offset,
  sameDomain,
} from '../../src/ir/index.js';
import type { ExpressionWriter } from './expressions.js';
import { atom, type Code, call, indexed, member } from './python.js';
import { reorder, type Value } from './values.js';

/** The PyTorch of a map that is a convolution or a grouped mix; undefined for all others. */
export function linearValue(writer: ExpressionWriter, node: MapNode): Code | undefined {
  const form = linearForm(node);
  if (!form || form.guard || !form.isPositionIndependent || form.counters.length === 0) return undefined;
  if (!sameDomain(form.operand.domain, node.domain)) return undefined;
  // An infinite coefficient that a zero absorbs: no convolution knows that.
  if (form.product === 'absorbingMultiply' && form.coefficient?.kind !== 'read') return undefined;
  return convolution(writer, form) ?? groupedMix(writer, form, node);
}

// ── Convolutions ────────────────────────────────────────────────────────────────────────────────────

/** The taps along one axis: offsets from −before to +after; flipped where the counter runs against them. */
interface Taps {
  readonly counter: Counter | undefined;
  readonly before: number;
  readonly after: number;
  readonly flipped: boolean;
}

function tapsOf({ by, range }: Offset, counters: readonly Counter[]): Taps | undefined {
  const sum = affine(by);
  const [before, after] = [-range.low, range.high];
  // Taps that leave out the own place would need a crop, which short sequences have no room for.
  if (!sum || before < 0 || after < 0 || sum.terms.length > 1) return undefined;
  const [term] = sum.terms;
  if (!term) return { counter: undefined, before: 0, after: 0, flipped: false };
  if (term.factor.kind !== 'variable' || Math.abs(term.coefficient) !== 1) return undefined;
  const { name } = term.factor;
  const counter = counters.find((each) => each.name === name);
  return counter && { counter, before, after, flipped: term.coefficient < 0 };
}

function convolution(writer: ExpressionWriter, form: LinearForm): Code | undefined {
  const { counters, head, operand, coefficient } = form;
  const [rows, columns] = [tapsOf(form.query, counters), tapsOf(form.key, counters)];
  if (!rows || !columns || head.kind !== 'variable' || head.name !== 'h') return undefined;
  const used = [rows, columns].flatMap(({ counter }) => (counter ? [counter] : []));
  if (used.length !== counters.length || new Set(used).size !== used.length || !coefficient) return undefined;
  const isUnmoved = (offset: Offset, taps: Taps) => taps.counter !== undefined || offset.range.low === 0;
  if (!isUnmoved(form.query, rows) || !isUnmoved(form.key, columns)) return undefined;

  const axes = ['h', ...used.map(({ name }) => name)];
  let kernel = coefficientOver(writer, coefficient, counters, axes);
  const flips = [rows, columns].flatMap((taps) =>
    taps.counter && taps.flipped ? [axes.indexOf(taps.counter.name)] : [],
  );
  if (flips.length > 0) kernel = member(kernel, `flip(${flips.join(', ')})`);
  const slots = [rows.counter ? ':' : 'None', columns.counter ? ':' : 'None'];
  if (slots.includes('None')) kernel = indexed(kernel, [':', ...slots]);
  const scores = writer.function.nodes.get(operand)!;
  const padding = `(${columns.before}, ${columns.after}, ${rows.before}, ${rows.after})`;
  return call(writer.function.helper('_convolve'), scores, kernel, padding);
}

/** The coefficients as a tensor over exactly `axes`. */
function coefficientOver(
  writer: ExpressionWriter,
  coefficient: Expression,
  counters: readonly Counter[],
  axes: readonly string[],
): Code {
  return writer.inside(counters, false, () => {
    const value: Value = writer.evaluate(coefficient);
    const order = writer.order.filter((name) => axes.includes(name));
    return reorder(writer.dense(value, order), order, axes);
  }).result;
}

// ── Mixes ───────────────────────────────────────────────────────────────────────────────────────────

/** Σ_n w[g, o, n] · x[g·size + n] for the heads g·size + o. */
function groupedMix(writer: ExpressionWriter, form: LinearForm, node: MapNode): Code | undefined {
  const { counters, coefficient, operand, query, key } = form;
  const [counter] = counters;
  const isInPlace = [query, key].every(({ range }) => range.low === 0 && range.high === 0);
  if (!counter || counters.length !== 1 || !isInPlace || !coefficient) return undefined;
  const size = counter.extent;
  const heads = (node.domain[1] as { size: number }).size;
  if (heads % size !== 0 || !isGroupedHead(form.head, counter)) return undefined;
  const groups = heads / size;
  const weights =
    storedByGroup(writer, coefficient, counter, groups) ?? weightsOf(writer, coefficient, counter, groups);
  const scores = member(atom(writer.function.nodes.get(operand)!), `unflatten(1, (${groups}, ${size}))`);
  return member(call('torch.einsum', "'gon,bgnij->bgoij'", weights, scores), 'flatten(1, 2)');
}

const isDivision = (x: Expression, operation: 'floorDivide' | 'remainder', size: number): boolean => {
  if (x.kind !== 'apply' || x.operation !== operation) return false;
  const [head, by] = x.operands;
  return head?.kind === 'variable' && head.name === 'h' && by?.kind === 'constant' && by.value === size;
};

/** size · ⌊h / size⌋ + n. */
function isGroupedHead(head: Expression, { name, extent }: Counter): boolean {
  const sum = affine(head);
  if (sum?.constant !== 0 || sum.terms.length !== 2) return false;
  return sum.terms.every(({ factor, coefficient }) =>
    factor.kind === 'variable'
      ? factor.name === name && coefficient === 1
      : isDivision(factor, 'floorDivide', extent) && coefficient === extent,
  );
}

/** A tensor that holds the weights as [group, head out, head in] already. */
function storedByGroup(
  writer: ExpressionWriter,
  coefficient: Expression,
  { name, extent }: Counter,
  groups: number,
): Code | undefined {
  if (coefficient.kind !== 'read' || coefficient.index.length !== 3) return undefined;
  const [group, out, from] = coefficient.index as readonly [Expression, Expression, Expression];
  const sizes = coefficient.source.domain.map((axis) => ('size' in axis ? axis.size : undefined));
  const isWhole = sizes[0] === groups && sizes[1] === extent && sizes[2] === extent;
  const isFrom = from.kind === 'variable' && from.name === name;
  if (!isWhole || !isFrom || !isDivision(group, 'floorDivide', extent) || !isDivision(out, 'remainder', extent)) {
    return undefined;
  }
  return atom(writer.function.nodes.get(coefficient.source)!);
}

function weightsOf(writer: ExpressionWriter, coefficient: Expression, counter: Counter, groups: number): Code {
  const weights = coefficientOver(writer, coefficient, [counter], ['h', counter.name]);
  return member(weights, `unflatten(0, (${groups}, ${counter.extent}))`);
}
