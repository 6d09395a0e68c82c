// The state of the playground, kept in the hash of its address: a link opens to the same.
// What is as it was at first is left out; the rest is JSON, deflated, in base64url.
import { firstMapState, type MapState } from '../../report/page/state.js';
import { type Dtype, type PanelName, panelNames, type Shape } from './protocol.js';

export interface PlaygroundState {
  /** The example that the text began as. */
  readonly example: string;
  /** The text of the editor; empty while it is that of the example. */
  readonly text: string;
  /** The export that is shown; empty: the first. */
  readonly export: string;
  /** Settings over the defaults, as typed. */
  readonly settings: Readonly<Record<string, string>>;
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly sentence: string;
  readonly panel: PanelName;
  readonly map: MapState;
  /** Shows the panel alone, for pages that embed it. */
  readonly isEmbedded: boolean;
}

export const firstState = (sentence: string): PlaygroundState => ({
  example: 'mta',
  text: '',
  export: '',
  settings: {},
  shape: { batch: 1, queries: 512, keys: 512 },
  dtype: 'f32',
  sentence,
  panel: 'maps',
  map: firstMapState,
  isEmbedded: false,
});

/** Longer texts than these no address holds, and no one types. */
const MOST_CHARACTERS = 200_000;
const MOST_POSITIONS = 1 << 20;

type Json = string | number | boolean | { readonly [name: string]: Json };

/**
 * What of `said` fits `first` in its types; all else is as in `first`. Settings are any names with texts.
 * A stranger's address cannot put anything else into the state.
 */
function fitting(said: unknown, first: PlaygroundState): PlaygroundState {
  if (typeof said !== 'object' || said === null) return first;
  const given = said as Readonly<Record<string, unknown>>;
  const merged = (value: Json, other: unknown): Json => {
    if (typeof value === 'object') {
      if (typeof other !== 'object' || other === null) return value;
      const parts = other as Readonly<Record<string, unknown>>;
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, merged(each, parts[name])]));
    }
    if (typeof other !== typeof value) return value;
    if (typeof other === 'string') return other.length <= MOST_CHARACTERS ? other : value;
    if (typeof other === 'number') return Number.isInteger(other) && Math.abs(other) <= MOST_POSITIONS ? other : value;
    return other as boolean;
  };
  const { settings: _, ...rest } = first;
  const state = { ...(merged(rest as unknown as Json, given) as unknown as PlaygroundState), settings: {} };
  const { shape, panel, dtype, map } = state;
  return {
    ...state,
    settings: textsOf(given['settings']),
    panel: panelNames.includes(panel) ? panel : first.panel,
    dtype: dtype === 'f16' ? 'f16' : 'f32',
    shape: Object.values(shape).every((size) => size >= 1) ? shape : first.shape,
    map: {
      ...map,
      variant: 0,
      show: 'values',
      range: map.range === 'row' ? 'row' : 'stage',
      scale: map.scale === 'log' ? 'log' : 'linear',
      stage: Math.max(0, map.stage),
      head: Math.max(0, map.head),
    },
  };
}

function textsOf(said: unknown): Readonly<Record<string, string>> {
  if (typeof said !== 'object' || said === null) return {};
  const entries = Object.entries(said as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length < 1000),
  );
}

/** What differs from `first`, member by member. */
function difference(state: Json, first: Json | undefined): Json | undefined {
  if (typeof state !== 'object' || typeof first !== 'object') return state === first ? undefined : state;
  const parts = Object.entries(state).flatMap(([name, each]) => {
    const differs = difference(each, first[name]);
    return differs === undefined ? [] : [[name, differs] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** The hash of a state, '' where it is the first. */
export async function writeHash(state: PlaygroundState, first: PlaygroundState): Promise<string> {
  const said = difference(state as unknown as Json, first as unknown as Json);
  if (said === undefined) return '';
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(JSON.stringify(said)));
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  return `#${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The state of a hash; `first` where it says nothing, or nothing that can be read. */
export async function readHash(hash: string, first: PlaygroundState): Promise<PlaygroundState> {
  const packed = hash.replace(/^#/, '');
  if (packed === '') return first;
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const text = new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes));
    return fitting(JSON.parse(text), first);
  } catch {
    return first;
  }
}

/** At most this much comes out of an address, however well it was packed. */
const MOST_BYTES = 4 * MOST_CHARACTERS;

async function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array<ArrayBuffer>) {
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  // What goes wrong shows at the reader.
  written.catch(() => {});
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError('the address holds too much');
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
