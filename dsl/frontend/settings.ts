// Settings: what a spec lets a caller choose, and the checks of values that come from a program or a command line.
// Free of ts-morph, so that a command line can parse its options before a spec is opened.
import { type Diagnostic, diagnostic, fail, HeddleError, type SourceSpan } from '../../src/diagnostics/index.js';
import { MOST_FEATURES, MOST_HEADS, type SettingValue } from '../../src/ir/index.js';

export type SettingKind = 'number' | 'boolean' | 'choice' | 'numbers';

/** One setting of a spec. */
export interface SettingDescription {
  readonly name: string;
  readonly kind: SettingKind;
  readonly default: SettingValue;
  /** The values that a choice takes, the default first. */
  readonly options?: readonly (string | number)[];
  /** The comment at its declaration, in one line. */
  readonly summary?: string;
  /** Where the spec declares it. */
  readonly declared?: SourceSpan;
}

export type Settings = Readonly<Record<string, SettingValue>>;

interface SizeBounds {
  readonly least: number;
  readonly most: number;
}

/** The settings that shape q, k and v are whole numbers within these; every other number may be any finite one. */
const sizeBounds: ReadonlyMap<string, SizeBounds> = new Map([
  ['heads', { least: 1, most: MOST_HEADS }],
  ['kvHeads', { least: 0, most: MOST_HEADS }],
  ['headDim', { least: 1, most: MOST_FEATURES }],
  ['valueDim', { least: 0, most: MOST_FEATURES }],
]);

/** What a setting of each kind takes, in words. */
export const expectations: Readonly<Record<SettingKind, string>> = {
  number: 'a finite number',
  boolean: 'true or false',
  choice: 'one of its options',
  numbers: 'numbers separated by commas',
};

function found(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  return Array.isArray(value) ? 'an array' : String(value);
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number' && Number.isFinite(each));

/** Whether a value is of a setting's kind; options of a choice are checked apart. */
const isOfKind: Readonly<Record<SettingKind, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  choice: (value) => typeof value === 'string' || typeof value === 'number',
  numbers: isNumbers,
};

/** What is wrong with a name that should be a setting's, if anything. */
export function nameFault(name: string, settings: readonly SettingDescription[]): Diagnostic | undefined {
  const names = settings.map((each) => each.name);
  return names.includes(name) ? undefined : diagnostic('HD2002', { name, names });
}

/** What is wrong with `value` for `setting`, if anything: HD2003, HD2004 or HD2010. */
export function settingFault(setting: SettingDescription, value: SettingValue): Diagnostic | undefined {
  const { name, kind, options = [] } = setting;
  if (!isOfKind[kind](value)) return diagnostic('HD2003', { name, expected: expectations[kind], found: found(value) });
  if (kind === 'choice' && !options.some((option) => option === value)) {
    return diagnostic('HD2004', { name, found: String(value), options: options.map(String) });
  }
  const bounds = sizeBounds.get(name);
  const isSize = (size: unknown, { least, most }: SizeBounds) =>
    typeof size === 'number' && Number.isInteger(size) && size >= least && size <= most;
  if (bounds === undefined || isSize(value, bounds)) return undefined;
  return diagnostic('HD2010', { name, value: String(value), ...bounds });
}

function refuse(fault: Diagnostic | undefined): void {
  if (fault !== undefined) throw new HeddleError([fault]);
}

/** All settings with their values: defaults, with `overrides` in their place. Unknown names and wrong values throw. */
export function configured(
  settings: readonly SettingDescription[],
  overrides: Settings,
): ReadonlyMap<string, SettingValue> {
  for (const name of Object.keys(overrides)) refuse(nameFault(name, settings));
  return new Map(
    settings.map((setting) => {
      const value = Object.hasOwn(overrides, setting.name) ? overrides[setting.name] : undefined;
      const chosen = value ?? setting.default;
      refuse(settingFault(setting, chosen));
      return [setting.name, chosen];
    }),
  );
}

const numberText = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberOf(text: string): number | undefined {
  return numberText.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

const truths = new Map([
  ['true', true],
  ['false', false],
]);

/** What `text` says for each kind, undefined where it does not say anything. */
const readers: Readonly<Record<SettingKind, (text: string, setting: SettingDescription) => SettingValue | undefined>> =
  {
    number: numberOf,
    boolean: (text) => truths.get(text),
    choice: (text, { options = [] }) => options.find((option) => String(option) === text) ?? text,
    numbers: (text) => {
      const inside = text.replace(/^\[(.*)\]$/s, '$1').trim();
      const numbers = inside === '' ? [] : inside.split(',').map((part) => numberOf(part.trim()));
      return numbers.every((each) => each !== undefined) ? numbers : undefined;
    },
  };

/**
 * The value that `text` gives to the setting `name`, as in `--set name=text`. Numbers are decimal; sizes (heads, kvHeads,
 * headDim, valueDim) are whole; truth values are `true` and `false`; arrays are `1,2,3` or `[1, 2, 3]`.
 * @throws HeddleError HD2002, HD2003, HD2004 or HD2010.
 */
export function parseSetting(name: string, text: string, settings: readonly SettingDescription[]): SettingValue {
  const setting = settings.find((each) => each.name === name);
  if (setting === undefined) return fail('HD2002', { name, names: settings.map((each) => each.name) });
  const value = readers[setting.kind](text.trim(), setting);
  if (value === undefined) {
    return fail('HD2003', { name, expected: expectations[setting.kind], found: found(text) });
  }
  refuse(settingFault(setting, value));
  return value;
}
