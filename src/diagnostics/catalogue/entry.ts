// The shape of one entry of the diagnostics catalogue: its title, its sentences and its explanation.
// The sentences are functions of typed arguments, so that a diagnostic cannot be raised with a blank in it.

export interface CatalogueEntry<Arguments> {
  /** A noun phrase for the docs page and for search: 'unknown setting'. */
  readonly title: string;
  /** A warning stops nothing: what it is about may be meant. An error unless told. */
  readonly severity?: 'warning';
  /** What is wrong, naming the thing: one sentence, no full stop. */
  readonly message: (details: Arguments) => string;
  /** What to do about it: one sentence, no full stop. */
  readonly hint: (details: Arguments) => string;
  /** Why the rule exists, for the docs page: one or two sentences. */
  readonly explanation: string;
  /** Details for the docs page, which otherwise shows their names: needed where a sentence computes with them. */
  readonly example?: Arguments;
}

/** Fixes the type of an entry's arguments while the catalogue stays a plain object of codes. */
export function entry<Arguments>(definition: CatalogueEntry<Arguments>): CatalogueEntry<Arguments> {
  return definition;
}
