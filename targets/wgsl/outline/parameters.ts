// What a function has to be told so that one text serves for several: what differs between them, and what they find around them.
// Names that all of them declare stay the function's own.
import { assembled, type Place, sumOf } from './pieces.js';
import type { Shape } from './shapes.js';

/** Statements in their order, at their places in a list. */
export interface Instance {
  readonly shapes: readonly Shape[];
  readonly places: readonly Place[];
}

export interface Parameter {
  readonly type: string;
  /** Whether it is written to. */
  isPointer: boolean;
  /** What stands for it in each instance. */
  readonly texts: readonly string[];
  /** The names in those. */
  readonly names: readonly (readonly string[])[];
}

/** Text of a function's body in a place: as it is, or that of a parameter, or a sum of both. */
export type Filling =
  | string
  | Parameter
  | { readonly literals: readonly string[]; readonly fillings: readonly Filling[] };

export interface Common {
  readonly parameters: readonly Parameter[];
  /** One for each place. */
  readonly fillings: readonly Filling[];
}

export const instanceOf = (shapes: readonly Shape[]): Instance => ({
  shapes,
  places: shapes.flatMap(({ places }) => places),
});

/** The function that all instances, of the same shapes, are calls of; none where one needs what a function cannot have. */
export function functionOf(instances: readonly Instance[]): Common | undefined {
  const declared = instances.map(({ places }) => {
    const at = new Map<string, number>();
    for (const [n, { role, text }] of places.entries()) if (role === 'declare') at.set(text, n);
    return at;
  });
  const guards = instances[0]!.shapes.flatMap((each) => each.guards);
  if (!guards.every((name) => declared[0]!.has(name))) return undefined;
  const parameters = new Map<string, Parameter>();
  /** Parameters that are whole numbers, by what they are without the numbers that are added. */
  const byBase = new Map<string, { readonly parameter: Parameter; readonly constants: readonly number[] }[]>();

  const parameter = (places: readonly Place[]): Parameter => {
    const texts = places.map(({ text }) => text);
    const key = keyOf(places);
    const { type, role } = places[0]!;
    const known = parameters.get(key) ?? { type, isPointer: false, texts, names: places.map(({ names }) => names) };
    known.isPointer ||= role === 'write';
    if (type === 'i32' && !parameters.has(key)) {
      const sums = places.map(sumOf);
      const base = sums.map((each) => each.base).join('\n');
      const constants = sums.map(({ constant }) => constant);
      byBase.set(base, [...(byBase.get(base) ?? []), { parameter: known, constants }]);
    }
    parameters.set(key, known);
    return known;
  };

  /** Places of each term, where all are put together in the same way. */
  const termsOf = (places: readonly Place[]): readonly (readonly Place[])[] | undefined => {
    const [first, ...others] = places.map(({ terms }) => terms);
    if (!first || !others.every((each) => each?.literals.join('\n') === first.literals.join('\n'))) return undefined;
    return first.places.map((_, n) => places.map(({ terms }) => terms!.places[n]!));
  };

  /** Whether terms take at most one parameter that there is not yet. */
  const areSimple = (terms: readonly (readonly Place[])[]): boolean =>
    terms.filter((each) => !isSame(each) || each[0]!.names.length > 0).filter((each) => !parameters.has(keyOf(each)))
      .length <= 1;

  /** A whole number more than a parameter that there is, the same one in all instances. */
  const shifted = (places: readonly Place[]): Filling | undefined => {
    const sums = places.map(sumOf);
    const known = byBase.get(sums.map(({ base }) => base).join('\n')) ?? [];
    for (const { parameter: other, constants } of known) {
      const [shift, ...others] = sums.map(({ constant }, n) => constant - constants[n]!);
      if (parameters.has(keyOf(places)) || shift === undefined || !others.every((each) => each === shift)) continue;
      return { literals: ['', shift < 0 ? ` - ${-shift}` : ` + ${shift}`], fillings: [other] };
    }
    return undefined;
  };

  const filling = (places: readonly Place[]): Filling | undefined => {
    const [first] = places as [Place, ...Place[]];
    const isOwn = places.some(({ names }, n) => names.some((name) => declared[n]!.has(name)));
    if (first.terms) {
      const terms = termsOf(places);
      if (terms && (isOwn || isSame(places) || (!parameters.has(keyOf(places)) && areSimple(terms)))) {
        const fillings = terms.map(filling);
        return fillings.includes(undefined)
          ? undefined
          : { literals: first.terms.literals, fillings: fillings as Filling[] };
      }
      return isOwn ? undefined : (shifted(places) ?? parameter(places));
    }
    if (isOwn) {
      const at = declared[0]!.get(first.text);
      const isAlike = at !== undefined && places.every(({ text }, n) => declared[n]!.get(text) === at);
      return isAlike ? first.text : undefined;
    }
    return isSame(places) && first.names.length === 0 ? first.text : parameter(places);
  };

  const fillings: Filling[] = [];
  for (const [n, place] of instances[0]!.places.entries()) {
    const all = instances.map(({ places }) => places[n]!);
    const found = place.role === 'declare' ? place.text : filling(all);
    if (found === undefined) return undefined;
    fillings.push(found);
  }
  const all = [...parameters.values()];
  return isAliasFree(all, instances.length) ? { parameters: all, fillings } : undefined;
}

const keyOf = (places: readonly Place[]): string => places.map(({ text }) => text).join('\n');

const isSame = ([first, ...others]: readonly Place[]): boolean => others.every(({ text }) => text === first!.text);

/** Whether no call is told the same variable twice, of which one is written to. */
function isAliasFree(parameters: readonly Parameter[], instances: number): boolean {
  return parameters.every(
    (pointer) =>
      !pointer.isPointer ||
      parameters.every(
        (other) =>
          other === pointer ||
          Array.from({ length: instances }, (_, n) => n).every((n) => !other.names[n]!.includes(pointer.texts[n]!)),
      ),
  );
}

/** The text of a place, by the names that parameters have. */
export const filled = (filling: Filling, nameOf: (parameter: Parameter) => string): string =>
  typeof filling === 'string'
    ? filling
    : 'literals' in filling
      ? assembled(
          filling.literals,
          filling.fillings.map((each) => filled(each, nameOf)),
        )
      : nameOf(filling);
