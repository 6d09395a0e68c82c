// Reads the flat list of a node's expressions. Entries refer to earlier ones only, so that there are no cycles.
// Types follow from the operands, as in the constructors.
import {
  accumulate,
  apply,
  bool,
  type Constant,
  type Expression,
  float,
  integer,
  length,
  read,
  TypeMismatch,
  variable,
} from '../expression.js';
import { heightOf, MOST_HEIGHT, MOST_TERMS, termsOf } from '../limits.js';
import type { Node } from '../node.js';
import { operations, type ScalarType } from '../operations.js';
import type { JsonPlace } from './document.js';

type Reference = (place: JsonPlace) => Expression;

/** The entries of `place`, in order. `nodeAt` gives the node that a number stands for. */
export function readExpressions(place: JsonPlace, nodeAt: (place: JsonPlace) => Node): readonly Expression[] {
  const made: Expression[] = [];
  const at: Reference = (reference) =>
    made[reference.whole(0, made.length - 1, 'the number of an earlier expression')]!;
  for (const entry of place.list()) {
    const kind = entry.peek('kind').oneOf(kinds);
    let expression: Expression;
    try {
      expression = kinds[kind](entry, at, nodeAt);
    } catch (error) {
      if (error instanceof TypeMismatch) entry.fail('operands of matching types', error.message);
      throw error;
    }
    if (heightOf(expression) > MOST_HEIGHT) entry.fail(`at most ${MOST_HEIGHT} levels of an expression`, 'more');
    made.push(expression);
  }
  return made;
}

const kinds: Readonly<
  Record<Expression['kind'], (entry: JsonPlace, at: Reference, nodeAt: (place: JsonPlace) => Node) => Expression>
> = {
  constant(entry) {
    const fields = entry.object(['kind', 'type', 'value']);
    return constants[fields.get('type').oneOf(constants)](fields.get('value'));
  },
  variable: (entry) => variable(entry.object(['kind', 'name']).get('name').string()),
  length: (entry) => length(entry.object(['kind', 'of']).get('of').oneOf({ batch: true, query: true, key: true })),
  read(entry, at, nodeAt) {
    const fields = entry.object(['kind', 'source', 'index']);
    return read(nodeAt(fields.get('source')), fields.get('index').list().map(at));
  },
  apply(entry, at) {
    const fields = entry.object(['kind', 'operation', 'operands']);
    return apply(fields.get('operation').oneOf(operations), ...fields.get('operands').list().map(at));
  },
  accumulate(entry, at) {
    const fields = entry.object(['kind', 'monoid', 'counters', 'body']);
    const counters = fields
      .get('counters')
      .list()
      .map((each) => {
        const counter = each.object(['name', 'extent']);
        const extent = counter.get('extent').whole(0, Number.MAX_SAFE_INTEGER, 'a whole number from 0');
        return { name: counter.get('name').string(), extent };
      });
    const terms = termsOf(counters);
    if (terms > MOST_TERMS) fields.get('counters').fail(`at most ${MOST_TERMS} terms`, String(terms));
    return accumulate(fields.get('monoid').oneOf({ sum: true, max: true }), counters, at(fields.get('body')));
  },
};

const constants: Readonly<Record<ScalarType, (value: JsonPlace) => Constant>> = {
  int: (value) => integer(value.whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'a whole number')),
  float: (value) => float(value.number()),
  bool: (value) => bool(typeof value.value === 'boolean' ? value.value : value.fail('true or false')),
};
