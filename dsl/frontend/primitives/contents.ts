// What tensor() and integers() may hold, as their third argument says: ends that are known when the graph is made, or lengths
// of the call. Slips are told at the argument.
import type { Contents, Domain, LengthBound } from '../../../src/ir/index.js';
import type { GraphConstruction } from '../graph-construction.js';
import { constantNumber } from '../symbolic.js';
import { type Call, describe, isKind, type Value } from '../values.js';
import { optionOf } from './phase.js';

/** The contents of a declaration whose third argument is there. */
export type ContentsOf = (name: string, call: Call, domain: Domain, graph: GraphConstruction) => Contents;

const LARGEST_INTEGER = 2 ** 31 - 1;

const refuse = (name: string, why: string, { at, evaluation }: Call): never =>
  evaluation.fail(at(2), 'HD1052', { name, why });

export const floatContents: ContentsOf = (name, call) => {
  const between = optionOf(call.values[2], 'between');
  if (!isKind(between, 'list') || between.items.length !== 2) {
    return refuse(name, 'between takes the least and the greatest number', call);
  }
  const [from, to] = between.items.map((end) => constantNumber(end, `an end of ${name}`, call.at(2), call.evaluation));
  if (!Number.isFinite(from) || !Number.isFinite(to)) return refuse(name, 'an end is not finite', call);
  if (from! > to!) return refuse(name, `no number is from ${from} to ${to}`, call);
  return { from: from!, to: to! };
};

export const integerContents: ContentsOf = (name, call, domain, graph) => {
  const option = (field: string): Value => optionOf(call.values[2], field);
  const [below, upTo] = [option('below'), option('upTo')];
  if (below !== undefined && upTo !== undefined) return refuse(name, 'it is below one end and up to another', call);
  const end = below ?? upTo;
  const to = end === undefined ? undefined : endOf(end, below === undefined ? 0 : 1, { name, call, graph });
  const first = option('from');
  const from = first === undefined ? (to === undefined ? undefined : 0) : wholeNumber(first, { name, call });
  if (from !== undefined && typeof to === 'number' && from > to) {
    return refuse(name, `no integer is from ${from} to ${to}`, call);
  }
  const increasing = option('increasing') ?? false;
  if (typeof increasing !== 'boolean') return refuse(name, `increasing is ${describe(increasing)}`, call);
  if (increasing && domain.length === 0) return refuse(name, 'a single number does not increase', call);
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(increasing ? { increasing } : {}),
  };
};

interface Declared {
  readonly name: string;
  readonly call: Call;
}

function wholeNumber(value: Value, { name, call }: Declared): number {
  const number = constantNumber(value, `an end of ${name}`, call.at(2), call.evaluation);
  if (Number.isInteger(number) && Math.abs(number + 0.5) <= LARGEST_INTEGER + 0.5) return number;
  return refuse(name, `${number} is no 32-bit integer`, call);
}

const lengths: Readonly<Record<string, LengthBound['length']>> = {
  batch: 'batch',
  query: 'key',
  key: 'key',
  position: 'key',
};

function endOf(
  end: Value,
  less: 0 | 1,
  { name, call, graph }: Declared & { readonly graph: GraphConstruction },
): number | LengthBound {
  if (end === 'head') return graph.heads(call.at(2)) - less;
  if (typeof end !== 'string') return wholeNumber(end, { name, call }) - less;
  const length = Object.hasOwn(lengths, end) ? lengths[end] : undefined;
  return length === undefined ? refuse(name, `${end} is no axis of the call`, call) : { length, less };
}
