// Diagnostics HD2xxx, specs in a file, settings and their values.
// Codes are stable: an entry may be reworded, never renumbered.
import { NAME_RULE } from '../../names.js';
import { nearest } from '../nearest.js';
import { printable, quoted } from '../printable.js';
import { entry } from './entry.js';

const list = (names: readonly string[]): string => names.map(printable).join(', ');

/** 'did you mean …' where a name is close to a known one, all known names otherwise. */
function suggestion(name: string, names: readonly string[], what: string): string {
  const close = nearest(name, names);
  if (close !== undefined) return `did you mean ${printable(close)}?`;
  return names.length === 0 ? `there are no ${what}` : `the ${what} are ${list(names)}`;
}

/** What each part of a study holds, for who has written something else. */
const studyParts: ReadonlyMap<string, string> = new Map([
  ['title', 'title is a text'],
  ['base', 'base holds settings of the spec'],
  ['baseline', 'baseline is the name of a variant'],
  ['variants', 'a variant is an object of settings, another spec, or [spec, settings]'],
  ['grid', 'grid holds an array of values for each setting'],
  ['where', 'where gives true or false for settings'],
  [
    'matched',
    "matched holds { by: 'parameters' or 'operations', vary: 'the setting' } for each variant, within and width are positive numbers",
  ],
  ['shapes', 'shapes is an array of { batch, queries, keys }, which are whole numbers from 1 up'],
  ['text', 'text is a sentence, or an array of tokens'],
  ['tensors', 'tensors is the path of a safetensors file'],
]);

/** A count with the separators that a reader needs. */
const counted = (count: number): string => count.toLocaleString('en', { maximumFractionDigits: 0 });

export const configuration = {
  HD2001: entry<{ path: string }>({
    title: 'no such spec file',
    message: ({ path }) => `${quoted(path)} is not a TypeScript file`,
    hint: () => 'give the path of a .ts file that exports attention(...)',
    explanation: 'A spec is a TypeScript module that exports the result of attention().',
  }),
  HD2002: entry<{ name: string; names: readonly string[] }>({
    title: 'unknown setting',
    message: ({ name }) => `there is no setting ${quoted(name)}`,
    hint: ({ name, names }) => suggestion(name, names, 'settings'),
    example: { name: 'head', names: ['heads', 'headDim'] },
    explanation: 'The settings of a spec are the names in the first argument of attention().',
  }),
  HD2003: entry<{ name: string; expected: string; found: string }>({
    title: 'setting of the wrong kind',
    message: ({ name, expected, found }) => `the setting ${quoted(name)} takes ${expected}, not ${printable(found)}`,
    hint: ({ expected }) => `give it ${expected}`,
    explanation: 'A setting keeps the kind of its default: a number, a truth value, one of some options, or numbers.',
  }),
  HD2004: entry<{ name: string; found: string; options: readonly string[] }>({
    title: 'value that is not an option',
    message: ({ name, found }) => `the setting ${quoted(name)} cannot be ${printable(found)}`,
    hint: ({ found, options }) => suggestion(found, options, 'options'),
    example: { name: 'padKey', found: 'righ', options: ['both', 'left', 'right'] },
    explanation: 'A setting made by oneOf() takes the values that are listed there.',
  }),
  HD2005: entry<{ path: string; names: readonly string[] }>({
    title: 'several specs in a file',
    message: ({ path, names }) => `${quoted(path)} exports ${names.length} specs`,
    hint: ({ names }) => `name one of ${list(names)}`,
    example: { path: 'specs.ts', names: ['causal', 'windowed'] },
    explanation: 'One spec is compiled at a time. A file with a single spec needs no name.',
  }),
  HD2006: entry<{ path: string; name: string | undefined; names: readonly string[] }>({
    title: 'no such spec in the file',
    message: ({ path, name }) =>
      name === undefined ? `${quoted(path)} exports no spec` : `${quoted(path)} exports no spec ${quoted(name)}`,
    hint: ({ name, names }) =>
      names.length === 0
        ? 'export the result of attention(defaults, body)'
        : suggestion(name ?? '', names, 'specs of this file'),
    example: { path: 'specs.ts', name: 'casual', names: ['causal', 'windowed'] },
    explanation: 'A spec is an export whose value is the result of attention(), or of with() on another spec.',
  }),
  HD2007: entry<{ name: string }>({
    title: 'setting named like an input',
    message: ({ name }) => `the setting ${name} hides the standard input ${name}`,
    hint: () => 'choose another name',
    explanation: 'A body gets q, k and v together with its settings.',
  }),
  HD2008: entry<{ name: string; found: string }>({
    title: 'default of a kind that settings lack',
    message: ({ name, found }) => `the default of ${quoted(name)} is ${printable(found)}`,
    hint: () => 'use a number, a truth value, oneOf(...) or an array of numbers',
    explanation: 'Settings are what a command line and a study can set.',
  }),
  HD2009: entry<{ message: string }>({
    title: 'configuration refused by the spec',
    message: ({ message }) => printable(message),
    hint: () => 'choose other settings: the spec ensures this',
    explanation:
      'A spec states conditions on its configuration with ensure(). A study leaves out combinations that fail one.',
  }),
  HD2010: entry<{ name: string; value: string; least: number; most: number }>({
    title: 'size setting out of range',
    message: ({ name, value, least, most }) =>
      `the setting ${name} is ${printable(value)}, which is not a whole number from ${least} to ${most}`,
    hint: ({ least, most }) =>
      least === 0 ? `give a whole number up to ${most}; 0 means the default` : `give a whole number from 1 to ${most}`,
    explanation:
      'The settings heads, kvHeads, headDim and valueDim shape the standard inputs: at most 1024 heads and 65,536 features.',
  }),
  HD2011: entry<{ name: string; part: string; found: string }>({
    title: 'study that cannot be read',
    message: ({ name, part, found }) => `the ${part} of the study ${quoted(name)} is ${printable(found)}`,
    hint: ({ part }) => studyParts.get(part) ?? 'see docs/language.md for what a study has',
    example: { name: 'kernels', part: 'shapes', found: 'the number 3' },
    explanation: 'A study is evaluated when its file is opened, so everything in it is constant.',
  }),
  HD2019: entry<{ name: string; count: number; limit: number }>({
    title: 'study of too many combinations',
    message: ({ name, count, limit }) =>
      `the grid of the study ${quoted(name)} has ${count} combinations, and ${limit} are the most`,
    hint: () =>
      'give fewer values, or name the combinations that matter as variants; where() leaves some out only once they are made',
    explanation:
      'Each combination is compiled, checked and timed: a grid grows by multiplication, and a slip in it would take days.',
  }),
  HD2012: entry<{ what: 'setting' | 'export'; name: string }>({
    title: 'name of a setting or an export',
    message: ({ what, name }) => `${quoted(name)} cannot name ${what === 'setting' ? 'a setting' : 'a spec'}`,
    hint: () => `use ${NAME_RULE}`,
    example: { what: 'setting', name: 'head dim' },
    explanation:
      'Names of settings and of exports appear in kernels, launchers, file names and on the command line, in every language that ' +
      'is emitted. `__proto__` is no name: JavaScript gives it another meaning.',
  }),
  HD2013: entry<{ name: string | undefined; taken: boolean }>({
    title: 'default export without a name',
    message: ({ name, taken }) =>
      taken && name !== undefined
        ? `the default export would be called ${quoted(name)} after its file, as another export is`
        : 'the default export has no name, and the name of its file cannot be one',
    hint: () => 'export it under a name: export const name = attention(...)',
    example: { name: 'causal', taken: true },
    explanation: 'A spec that is the default export is called as its file is: row-bias.ts gives rowBias.',
  }),
  HD2014: entry<{ name: string; names: readonly string[] }>({
    title: 'variant that a study does not have',
    message: ({ name }) => `there is no variant ${quoted(name)}`,
    hint: ({ name, names }) => suggestion(name, names, 'variants'),
    example: { name: 'alibi', names: ['ALiBi', 'T5'] },
    explanation:
      'The baseline of a study, and what is matched to it, are named like its variants. The baseline is not matched to itself.',
  }),
  HD2015: entry<{ name: string }>({
    title: 'variants of one name',
    message: ({ name }) => `two variants of the study are called ${quoted(name)}`,
    hint: () => 'call one of them something else; the spec under the base is called base where no baseline is named',
    explanation: 'Results, files and links of a report are found by the names of their variants.',
  }),
  HD2016: entry<{
    name: string;
    by: 'parameters' | 'operations';
    vary: string;
    within: number;
    wanted: number;
    nearest: { readonly value: number; readonly reached: number } | undefined;
  }>({
    title: 'variant that cannot be matched',
    message: ({ name, by, vary, within, wanted, nearest }) =>
      `no whole number for ${quoted(vary)} gives ${quoted(name)} the ${by} of the baseline, ${counted(wanted)}, ${
        nearest === undefined
          ? 'as the spec takes none'
          : `within ${Number((100 * within).toPrecision(3))} %: the nearest is ${nearest.value}, with ${counted(nearest.reached)}`
      }`,
    hint: ({ nearest }) =>
      nearest === undefined ? 'vary another setting' : 'vary another setting, or allow as much with within',
    example: {
      name: 'wide',
      by: 'parameters',
      vary: 'headDim',
      within: 0.05,
      wanted: 16896,
      nearest: { value: 17, reached: 17952 },
    },
    explanation:
      'A matched variant costs what the baseline costs, or it is not compared: a comparison at unequal cost that says it is equal is worse than none.',
  }),
  HD2017: entry<{ path: string; name: string | undefined }>({
    title: 'file without a study',
    message: ({ path, name }) =>
      name === undefined ? `${quoted(path)} exports no study` : `${quoted(path)} exports no study ${quoted(name)}`,
    hint: () => 'export one: export const study = ablation(spec, { … })',
    example: { path: 'study.ts', name: undefined },
    explanation: 'A study is what a file exports of the results of ablation().',
  }),
  HD2018: entry<{ path: string; names: readonly string[] }>({
    title: 'several studies',
    message: ({ path, names }) => `${quoted(path)} exports the studies ${list(names)}`,
    hint: ({ names }) => `say which one: --export ${printable(names[0] ?? '')}`,
    example: { path: 'studies.ts', names: ['kernels', 'gates'] },
    explanation: 'A study is compared with nothing but itself, and has a folder of its own.',
  }),
} as const;
