// Reads of tensors and graph values, and the rules of their index slots: queries take i and a constant, keys j and a
// constant, heads what is bounded, tables any integer. Types see a mixed-up pair of indices; these rules see the rest.
import type { ts } from 'ts-morph';
import {
  type AxisKind,
  apply,
  type Expression,
  isBounded,
  type Node,
  rangeOf,
  read,
  staticSize,
  subexpressions,
  variable,
} from '../../src/ir/index.js';
import { warnOfAbsent } from './absent-reads.js';
import { refuseRead } from './element.js';
import type { Evaluation } from './evaluation.js';
import { kindOf } from './index-kinds.js';
import { positionSlot } from './position-slots.js';
import { numberOf, shortText } from './symbolic.js';
import { type Call, describe, type HandleValue, symbolic, type TensorValue, type Value } from './values.js';

// ── Integers ────────────────────────────────────────────────────────────────────────────────────────

const integral = new WeakMap<Expression, boolean>();

/** Operations of whole numbers whose result is whole. */
const keepsWhole: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'remainder',
  'minimum',
  'maximum',
  'negate',
  'absolute',
  'sign',
]);
const makesWhole: ReadonlySet<string> = new Set(['floor', 'ceiling', 'round', 'truncate', 'toFloat']);

/** Whether a float is provably a whole number. */
function isWhole(expression: Expression): boolean {
  const known = integral.get(expression);
  if (known !== undefined) return known;
  const result = whole(expression);
  integral.set(expression, result);
  return result;
}

function whole(expression: Expression): boolean {
  if (expression.type !== 'float') return expression.type === 'int';
  if (expression.kind === 'constant') return Number.isInteger(expression.value);
  if (expression.kind === 'accumulate') return isWhole(expression.body);
  if (expression.kind !== 'apply') return false;
  const { operation, operands } = expression;
  if (makesWhole.has(operation)) return true;
  if (operation === 'select') return operands.slice(1).every(isWhole);
  if (operation === 'power') {
    const [base, exponent] = operands;
    return isWhole(base!) && exponent!.kind === 'constant' && exponent!.value >= 0 && Number.isInteger(exponent!.value);
  }
  return keepsWhole.has(operation) && operands.every(isWhole);
}

/** Whether an input or a length of the call decides the value of `root`. Shared parts are visited once. */
function dependsOnCall(root: Expression): boolean {
  return subexpressions(root).some(({ kind }) => kind === 'read' || kind === 'length');
}

/** What decides the value of an index that depends on the call. */
function deciderOf(index: Expression): 'scores' | 'tensors' | 'length' {
  const nodes = subexpressions(index).flatMap((each) => (each.kind === 'read' ? [each.source] : []));
  if (nodes.length === 0) return 'length';
  return nodes.every(({ op }) => op === 'tensor') ? 'tensors' : 'scores';
}

/** An index as an integer expression. A float is one where it is provably whole and no input decides its value. */
export function indexOf(value: Value, site: ts.Node, evaluation: Evaluation): Expression {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    evaluation.fail(site, 'HD1016', { text: shortText(site), found: describe(value) });
  }
  const index = numberOf(value, site, evaluation);
  if (index.type === 'int') return index;
  if (!isWhole(index)) evaluation.fail(site, 'HD1016', { text: shortText(site), found: 'not provably whole' });
  if (dependsOnCall(index)) evaluation.fail(site, 'HD1017', { text: shortText(site), decidedBy: deciderOf(index) });
  return apply('toInteger', index);
}

// ── Slots ───────────────────────────────────────────────────────────────────────────────────────────

/** Checks that `index` may stand in a slot of `what`, such as 'scores' or 'the tensor bias'. */
type SlotRule = (index: Expression, what: string, site: ts.Node, evaluation: Evaluation) => void;

const querySlot: SlotRule = positionSlot('HD1013', ['query']);
const keySlot: SlotRule = positionSlot('HD1014', ['key']);
const eitherSlot: SlotRule = positionSlot('HD1047', ['query', 'key']);

/** Which heads and features are read is known when the kernel is made, up to indices and counters of known extent. */
const bounded =
  (slot: 'head' | 'feature'): SlotRule =>
  (index, what, site, evaluation) => {
    if (dependsOnCall(index) || !isBounded(rangeOf(index, evaluation.surroundings))) {
      evaluation.fail(site, 'HD1015', { slot, what, text: shortText(site) });
    }
  };
const anyInteger: SlotRule = () => undefined;

const ownSlot =
  (name: 'h' | 'i'): SlotRule =>
  (index, _what, site, evaluation) => {
    if (index.kind !== 'variable' || index.name !== name) {
      evaluation.fail(site, 'HD1021', { own: name === 'h' ? 'head' : 'row', name, text: shortText(site) });
    }
  };

const tensorSlots: Readonly<Record<AxisKind, SlotRule>> = {
  batch: anyInteger,
  head: anyInteger,
  query: querySlot,
  key: keySlot,
  position: eitherSlot,
  feature: anyInteger,
  extent: anyInteger,
};

const handleSlots: Readonly<Record<HandleValue['role'], readonly SlotRule[]>> = {
  scores: [bounded('head'), querySlot, keySlot],
  weights: [bounded('head'), querySlot, keySlot],
  rows: [bounded('head'), querySlot],
  output: [ownSlot('h'), ownSlot('i'), bounded('feature')],
};

const placesOf: Readonly<Record<AxisKind, string>> = {
  batch: 'entries',
  head: 'heads',
  query: 'queries',
  key: 'keys',
  position: 'positions',
  feature: 'features',
  extent: 'places along an axis',
};

function indicesOf(domain: Node['domain'], rules: readonly SlotRule[], what: string, call: Call): Expression[] {
  const { evaluation } = call;
  let slot = 0;
  return domain.map((axis) => {
    if (axis.kind === 'batch') return variable('b');
    const [n, site] = [slot, call.at(slot)];
    slot += 1;
    const index = indexOf(call.values[n], site, evaluation);
    rules[n]?.(index, what, site, evaluation);
    const extent = staticSize(axis);
    const isPosition = axis.kind === 'head' && kindOf(index, evaluation) === 'position';
    if (isPosition) evaluation.warn(site, 'HD1075', { text: shortText(site), what });
    else if (extent !== undefined) {
      warnOfAbsent({ index, extent, what: `the ${placesOf[axis.kind]} of ${what}` }, site, evaluation);
    }
    return index;
  });
}

/** s(h, i, j): an element of scores, weights, rows or an output. */
export function readHandle(handle: HandleValue, call: Call): Value {
  refuseRead(handle, call.site, call.evaluation);
  const { node, role } = handle;
  const indices = indicesOf(node.domain, handleSlots[role], describe(handle), call);
  call.evaluation.headReads.read(handle, indices[1]!, call.at(0), call.evaluation);
  return symbolic(read(node, indices));
}

/** theta(h, u, w): an element of a tensor. Outside of element functions only tensors without axes of the call are read. */
export function readTensor(tensor: TensorValue, call: Call): Value {
  const { node } = tensor;
  const { evaluation, site } = call;
  if (evaluation.element?.role === 'initial') evaluation.fail(site, 'HD1038', { what: `the tensor ${node.name}` });
  const axes = node.domain.filter(({ kind }) => kind !== 'batch');
  if (evaluation.element === undefined && axes.some(({ kind }) => kind !== 'extent')) {
    evaluation.fail(site, 'HD1012', { what: `the tensor ${node.name}` });
  }
  const rules = axes.map(({ kind }) => tensorSlots[kind]);
  return symbolic(read(node, indicesOf(node.domain, rules, `the tensor ${node.name}`, call)));
}
