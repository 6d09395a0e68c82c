// The two phases of a spec: the graph is built outside of element functions, its elements are read inside of them.
// Every function that makes a part of the graph asks here whether it may.
import type { GraphConstruction } from '../graph-construction.js';
import { type Call, isKind, type RecordValue, type Value } from '../values.js';

/** The graph under construction, for the graph function `name`; refuses calls in element functions and at module level. */
export function graphPhase(name: string, { evaluation, site }: Call): GraphConstruction {
  if (evaluation.element !== undefined) evaluation.fail(site, 'HD1011', { name });
  return evaluation.graph ?? evaluation.fail(site, 'HD1042', { name });
}

/** A field of an options object, undefined where the object or the field is absent. */
export function optionOf(options: Value, name: string): Value {
  return isKind(options, 'record') ? (options satisfies RecordValue).fields.get(name)?.get() : undefined;
}
