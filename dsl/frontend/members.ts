// Properties: what each kind of value offers by name.
// A name that a value does not have in the language is a diagnostic, even where JavaScript has one.
import type { ts } from 'ts-morph';
import { type Domain, featuresOf, headsOf, length, staticSize } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import { isListMember, listMember } from './lists.js';
import { withDefaults } from './primitives/specs.js';
import { timesOf } from './primitives/values.js';
import { isStringMember, stringMember } from './strings.js';
import {
  type Composite,
  type CompositeOf,
  describe,
  isComposite,
  list,
  parameterCount,
  record,
  symbolic,
  type Value,
} from './values.js';

/** What a value of a kind has under `name`; `has` tells a member that is undefined from one that is missing. */
interface Members<T> {
  readonly has: (value: T, name: string) => boolean;
  readonly get: (value: T, name: string) => Value;
}

/** Members by name, each a function of the value; undefined stands for a member that this value lacks. */
const table = <T>(members: Readonly<Record<string, (value: T) => Value>>): Members<T> => {
  const get = (value: T, name: string) => (Object.hasOwn(members, name) ? members[name]?.(value) : undefined);
  return { has: (value, name) => get(value, name) !== undefined, get };
};

const none: Members<unknown> = { has: () => false, get: () => undefined };

/** The extents of a tensor, batch left out; those of the call are known to kernels only. */
function shapeOf(domain: Domain): Value {
  const axes = domain.filter(({ kind }) => kind !== 'batch');
  return list(axes.map((axis) => staticSize(axis) ?? symbolic(length(axis.kind === 'query' ? 'query' : 'key'))));
}

const membersOf: { readonly [Kind in Composite['kind']]: Members<CompositeOf<Kind>> } = {
  list: { has: (_, name) => isListMember(name), get: listMember },
  record: { has: () => true, get: ({ fields }, name) => fields.get(name)?.get() },
  namespace: { has: (value, name) => value.has(name), get: (value, name) => value.member(name) },
  handle: table({
    heads: ({ node }) => headsOf(node.domain),
    dim: ({ role, node }) => (role === 'output' ? featuresOf(node.domain) : undefined),
    times: (handle) => (handle.role === 'weights' ? timesOf(handle) : undefined),
  }),
  input: table({
    heads: ({ node }) => headsOf(node.domain),
    dim: ({ node }) => featuresOf(node.domain),
    length: ({ node }) => symbolic(length(node.role === 'queries' ? 'query' : 'key')),
  }),
  tensor: table({ shape: ({ node }) => shapeOf(node.domain) }),
  distribution: table({ law: ({ law }) => law, size: ({ size }) => size }),
  choice: table({ options: ({ options }) => list(options) }),
  spec: table({ defaults: ({ settings }) => record(settings), with: withDefaults }),
  study: { has: () => true, get: ({ study, spec }, name) => (name === 'spec' ? spec : study.fields.get(name)?.get()) },
  closure: table({ length: ({ syntax }) => parameterCount(syntax) }),
  builtin: none,
  symbolic: none,
};

/** object.name */
export function memberOf(object: Value, name: string, node: ts.Node, evaluation: Evaluation): Value {
  if (typeof object === 'string') {
    if (isStringMember(name)) return stringMember(object, name);
  } else if (isComposite(object)) {
    const members = membersOf[object.kind] as Members<Composite>;
    if (members.has(object, name)) return members.get(object, name);
  }
  return evaluation.fail(node, 'HD1050', { name, found: describe(object) });
}
