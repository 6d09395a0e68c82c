// What the page asks of its workers and what they answer: plain data, each request with the answer that belongs to it.
// Markup crosses as text that `html` has made in the worker, where every text of a spec has been escaped.
import type { SettingDescription } from '../../dsl/frontend/settings.js';
import type { Showing } from '../../report/shared/page-data.js';
import type { SettingValue } from '../../src/ir/index.js';

/** What the page shows of a spec, a tab each. */
export const panelNames = ['maps', 'graph', 'cost', 'schedule', 'wgsl', 'cuda', 'torch', 'run'] as const;
export type PanelName = (typeof panelNames)[number];

export interface Shape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

export type Dtype = 'f32' | 'f16';

/** A spec as it stands in the editor, and what is chosen of it. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly text: string;
  /** Empty: the first. */
  readonly export: string;
  /** Settings over the defaults, as typed; those that the spec does not have are left out. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A place in the editor's text: lines and columns from 1, the end exclusive; absent where there is none in this text. */
export interface MarkedPlace {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Mark {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly place?: MarkedPlace;
  /** As the command line prints it. */
  readonly rendered: string;
}

/** One setting with the value that it has, as text. */
export interface ShownSetting extends Pick<SettingDescription, 'name' | 'kind' | 'options' | 'summary'> {
  readonly value: string;
  readonly default: string;
}

export interface Opened {
  readonly marks: readonly Mark[];
  /** The specs of the file; empty where it does not open. */
  readonly exports: readonly string[];
  readonly settings: readonly ShownSetting[];
  /** Absent where nothing compiles: panels then keep what they show. */
  readonly spec?: {
    readonly name: string;
    readonly formula?: string;
    readonly paper?: string;
    readonly settings: Readonly<Record<string, SettingValue>>;
  };
}

/** Asks for a panel of the spec that was opened last. */
export interface PanelRequest {
  readonly kind: 'panel';
  readonly panel: Exclude<PanelName, 'maps' | 'run'>;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export interface EmittedText {
  readonly name: string;
  readonly text: string;
}

/** Markup, or the files of a target, or why there is neither. */
export type PanelAnswer =
  | { readonly markup: string }
  | { readonly files: readonly EmittedText[] }
  | { readonly failure: string };

export interface MapsRequest {
  readonly kind: 'maps';
  readonly tokens: readonly string[];
}

export interface RunRequest {
  readonly kind: 'run';
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** What a check on the visitor's device, or on the interpreter alone, has found. */
export interface RunAnswer {
  /** The device in words; without one, why there is none. */
  readonly device: string;
  readonly hasDevice: boolean;
  /** Whether all cases lie within the error rule; absent where the device did not get to it. */
  readonly passed?: boolean;
  /** Rows of a table, the first its head. */
  readonly table: readonly (readonly string[])[];
  readonly failure?: string;
}

export interface CompletionRequest {
  readonly kind: 'complete';
  readonly text: string;
  /** Characters before the cursor. */
  readonly position: number;
  /** Whether a person asks for it; else only a dot or a begun word is completed. */
  readonly isExplicit: boolean;
}

export interface Completion {
  readonly label: string;
  /** TypeScript's kind: 'method', 'property', 'function', 'keyword', … */
  readonly kind: string;
  readonly detail?: string;
}

export interface Completions {
  readonly from: number;
  readonly options: readonly Completion[];
}

export interface HoverRequest {
  readonly kind: 'hover';
  readonly text: string;
  readonly position: number;
}

export interface Hover {
  readonly from: number;
  readonly to: number;
  /** The type, and the comment below it. */
  readonly type: string;
  readonly documentation: string;
}

/** Each kind of request with its answer. */
export interface Exchanges {
  readonly open: { readonly request: OpenRequest; readonly answer: Opened };
  readonly panel: { readonly request: PanelRequest; readonly answer: PanelAnswer };
  readonly maps: { readonly request: MapsRequest; readonly answer: Showing };
  readonly run: { readonly request: RunRequest; readonly answer: RunAnswer };
  readonly complete: { readonly request: CompletionRequest; readonly answer: Completions | undefined };
  readonly hover: { readonly request: HoverRequest; readonly answer: Hover | undefined };
}

export type ExchangeKind = keyof Exchanges;
export type Request = Exchanges[ExchangeKind]['request'];

/** To a worker: a request and its number. */
export interface Question {
  readonly id: number;
  readonly request: Request;
}

/** From a worker: what came of the request of this number; of a request that a later one makes needless nothing comes. */
export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: string }
  | { readonly id: number; readonly skipped: true }
  | { readonly id: number; readonly progress: string };
