// Reads of tensors and of other nodes: a slice or a padded window where the indices follow the reader's own, an index
// tensor where one of them is computed, and a gather in general. What is read outside is 0.
import {
  type Affine,
  type Axis,
  affine,
  type Expression,
  freeVariables,
  fromAffine,
  type Read,
  rangeOf,
  sameAxis,
  staticSize,
} from '../../src/ir/index.js';
import type { ExpressionWriter } from './expressions.js';
import { sizeText } from './function-writer.js';
import { atom, type Code, call, indexed, infix, integerLiteral, level, within } from './python.js';
import { align, reorder, tensor, unite, type Value } from './values.js';

/** What an index says about its slot. */
type Slot =
  /** Follows an index variable: entries start … start + size − 1 of the slot's axis, in order. */
  | { readonly kind: 'follow'; readonly variable: string; readonly whole: boolean; readonly start: Code | undefined }
  /** A number that the call knows. */
  | { readonly kind: 'entry'; readonly at: Code; readonly isInside: boolean }
  | { readonly kind: 'computed'; readonly isInside: boolean };

/** An element of a node or tensor at each place. Where `asStored`, dimensions may keep the order of the source. */
export function readValue(writer: ExpressionWriter, read: Read, asStored = false): Value {
  const { source, index, type } = read;
  const name = writer.function.nodes.get(source);
  if (name === undefined) throw new Error(`${source.op} is read before it is computed`);
  const value = (code: Code, axes: readonly string[]): Value =>
    tensor(code, axes, type, type === 'float' ? 'data' : 'exact');
  const slots = index.map((each, n) => slotOf(writer, each, source.domain[n]!));
  const followed = slots.flatMap((slot) => (slot.kind === 'follow' ? [slot.variable] : []));
  const computed = slots.flatMap((slot, n) => (slot.kind === 'computed' ? [n] : []));
  const isSliced = new Set(followed).size === followed.length && slots.every((s) => s.kind !== 'entry' || s.isInside);

  if (isSliced && computed.length === 0) {
    const { code, axes } = sliced(writer, atom(name), slots);
    if (asStored) return value(code, axes);
    const ordered = unite([{ axes }], writer.order);
    return value(reorder(code, axes, ordered), ordered);
  }
  if (isSliced && computed.length === 1) {
    const [slot] = computed as [number];
    const at = writer.evaluate(index[slot]!);
    const isApart = !at.axes.some((axis) => followed.includes(axis));
    if ((slots[slot] as { isInside: boolean }).isInside && isApart && at.form === 'tensor') {
      const { code, axes } = sliced(writer, atom(name), slots, { slot, at });
      const ordered = unite([{ axes }], writer.order);
      return value(reorder(code, axes, ordered), ordered);
    }
  }
  return gathered(writer, read, name, value);
}

/** Windows first, which keep the dimensions, then one pair of brackets for everything else. */
function sliced(
  writer: ExpressionWriter,
  source: Code,
  slots: readonly Slot[],
  taken?: { readonly slot: number; readonly at: Value },
): { readonly code: Code; readonly axes: readonly string[] } {
  let code = source;
  slots.forEach((slot, n) => {
    if (slot.kind !== 'follow' || slot.whole || isSlice(slot)) return;
    const size = writer.sizeOf(slot.variable);
    code = call(writer.function.helper('_window'), code, String(n), slot.start ?? '0', size);
  });
  const brackets = slots.map((slot) => {
    if (slot.kind === 'entry') return slot.at.text;
    if (slot.kind === 'follow' && isSlice(slot)) return slot.start!.text;
    return ':';
  });
  const axes = slots.flatMap((slot, n) => {
    if (slot.kind === 'follow') return [slot.variable];
    return taken && n === taken.slot ? taken.at.axes : [];
  });
  // An index tensor beside numbers would move dimensions to the front: it gets brackets of its own.
  if (brackets.some((text) => text !== ':')) code = indexed(code, withoutTail(brackets));
  if (taken) {
    const before = slots.slice(0, taken.slot).filter(({ kind }) => kind !== 'entry').length;
    code = indexed(code, [...new Array<string>(before).fill(':'), taken.at.code.text]);
  }
  return { code, axes };
}

const isSlice = (slot: Slot): boolean => slot.kind === 'follow' && slot.start?.level === sliceLevel;

/** Marks a start that is a slice already: certainly inside. */
const sliceLevel = -1;

function withoutTail(slots: readonly string[]): readonly string[] {
  const last = slots.findLastIndex((slot) => slot !== ':');
  return slots.slice(0, last + 1);
}

/** Every index as a tensor of its own, broadcast against the others. */
function gathered(
  writer: ExpressionWriter,
  { source, index }: Read,
  name: string,
  value: (code: Code, axes: readonly string[]) => Value,
): Value {
  const places = index.map((each, n) => entryOf(source.domain[n]!, writer.evaluate(each)));
  const axes = unite(places, writer.order);
  const codes = places.map((at) => align(at.code, at.axes, axes).text);
  const areInside = index.every((each, n) => isInside(writer, each, source.domain[n]!));
  const areTensors = places.some(({ form }) => form === 'tensor');
  if (areInside && areTensors) return value(indexed(atom(name), codes), axes);
  return value(call(writer.function.helper('_read'), name, ...codes), axes);
}

/** The entry of an axis that an index means: rows are counted from the first that is given. */
export function entryOf({ kind }: Axis, index: Value): Value {
  if (kind !== 'query') return index;
  return { ...index, code: infix(index.code, '-', atom('(Tk - Tq)'), level.add) };
}

function isInside(writer: ExpressionWriter, index: Expression, axis: Axis): boolean {
  if (index.kind === 'variable') {
    const own = writer.axes.get(index.name);
    if (own && (sameAxis(own, axis) || (isFromZero(own) && isFromZero(axis)))) return true;
  }
  const size = staticSize(axis);
  if (size === undefined) return false;
  const { low, high } = rangeOf(index, writer.surroundings);
  return low >= 0 && high < size;
}

/** Whether an axis has an entry for each position from 0: rows of queries begin elsewhere. */
const isFromZero = ({ kind }: Axis): boolean => kind === 'key' || kind === 'position';

function slotOf(writer: ExpressionWriter, index: Expression, axis: Axis): Slot {
  const tensors = [...freeVariables(index)].filter((name) => writer.isAxis(name));
  if (tensors.length === 0) {
    const at = writer.evaluate(index);
    if (at.form === 'number' && axis.kind !== 'query')
      return { kind: 'entry', at: at.code, isInside: isInside(writer, index, axis) };
    return { kind: 'computed', isInside: isInside(writer, index, axis) };
  }
  const sum = affine(index);
  const own = sum?.terms.find(({ factor }) => factor.kind === 'variable' && tensors.includes(factor.name));
  const isAlone = tensors.length === 1 && own?.coefficient === 1;
  if (!sum || !own || own.factor.kind !== 'variable' || !isAlone) return computedSlot(writer, index, axis);
  const rest: Affine = { constant: sum.constant, terms: sum.terms.filter((term) => term !== own) };
  // The variable may also stand inside of a factor: ⌊i / 2⌋ + i.
  if (rest.terms.some(({ factor }) => freeVariables(factor).has((own.factor as { name: string }).name))) {
    return computedSlot(writer, index, axis);
  }
  return followSlot(writer, own.factor.name, rest, axis);
}

const computedSlot = (writer: ExpressionWriter, index: Expression, axis: Axis): Slot => ({
  kind: 'computed',
  isInside: isInside(writer, index, axis),
});

function followSlot(writer: ExpressionWriter, variable: string, rest: Affine, axis: Axis): Slot {
  const own = writer.axes.get(variable);
  const ownStart = own?.kind === 'query' ? 1 : 0;
  const starts = ownStart - (axis.kind === 'query' ? 1 : 0);
  const size = writer.sizeOf(variable);
  const isUnmoved = rest.terms.length === 0 && rest.constant === 0;
  if (isUnmoved && starts === 0 && size === sizeText(axis)) {
    return { kind: 'follow', variable, whole: true, start: undefined };
  }
  const fixed = staticSize(axis);
  const low = rest.terms.length === 0 && starts === 0 ? rest.constant : undefined;
  const length = Number(size);
  if (fixed !== undefined && low !== undefined && low >= 0 && low + length <= fixed) {
    const from = low === 0 ? '' : String(low);
    const to = low + length === fixed ? '' : String(low + length);
    return { kind: 'follow', variable, whole: false, start: { text: `${from}:${to}`, level: sliceLevel } };
  }
  return { kind: 'follow', variable, whole: false, start: startText(writer, rest, starts) };
}

/** `rest`, and the distance between the first entries of the two axes. */
function startText(writer: ExpressionWriter, rest: Affine, starts: number): Code {
  const offset = starts === 0 ? undefined : atom(starts > 0 ? 'Tk - Tq' : 'Tq - Tk');
  const isZero = rest.terms.length === 0 && rest.constant === 0;
  const code = rest.terms.length === 0 ? integerLiteral(rest.constant) : writer.evaluate(fromAffine(rest)).code;
  if (!offset) return code;
  // Integers: a sum behind a sum needs no parentheses.
  return isZero ? offset : { text: `${offset.text} + ${within(code, level.add)}`, level: level.add };
}
