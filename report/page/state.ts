// The state of a page, kept in the hash of its URL: a link to it shows the same.
// What is as it was at first is left out, so that hashes are short.
import type { Selection } from '../shared/selection.js';

/** What the maps show. */
export interface MapState {
  /** An index among the shown variants. */
  readonly variant: number;
  readonly stage: number;
  readonly head: number;
  /** Whether pointing at another small map leaves the large one as it is. */
  readonly isLocked: boolean;
  readonly show: 'values' | 'difference';
  readonly range: 'stage' | 'row';
  readonly scale: 'linear' | 'log';
  /** The pinned query; −1 where none is. */
  readonly pinned: number;
}

export interface PageState extends Selection, MapState {}

export const firstMapState: MapState = {
  variant: 0,
  stage: 0,
  head: 0,
  isLocked: false,
  show: 'values',
  range: 'stage',
  scale: 'linear',
  pinned: -1,
};

type Value = string | number | boolean;

/** The state that a hash says, as far as it fits the first one in its types; what it does not know is ignored. */
export function readState(hash: string, first: PageState): PageState {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const state: Record<string, Value> = { ...first };
  for (const [name, value] of Object.entries(first) as [string, Value][]) {
    const text = said.get(name);
    if (text === null) continue;
    if (typeof value === 'number' && /^-?\d+$/.test(text)) state[name] = Number(text);
    else if (typeof value === 'boolean') state[name] = text === 'true';
    else if (typeof value === 'string') state[name] = text;
  }
  return state as unknown as PageState;
}

export function writeState(state: PageState, first: PageState): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(state) as [keyof PageState, Value][]) {
    if (value !== first[name]) said.set(name, String(value));
  }
  return said.size === 0 ? '' : `#${said.toString()}`;
}
