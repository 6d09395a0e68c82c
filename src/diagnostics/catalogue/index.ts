// Every diagnostic that Heddle can raise, by its stable code; docs/diagnostics.md is generated from this table.
// HD1xxx language, HD2xxx configuration, HD3xxx tensors and files, HD4xxx command line, HD5xxx score graph, HD6xxx targets, HD7xxx inputs of a call,
// HD8xxx tile programs.
import { binding } from './binding.js';
import { commandLine } from './command-line.js';
import { configuration } from './configuration.js';
import { devices } from './devices.js';
import type { CatalogueEntry } from './entry.js';
import { graph } from './graph.js';
import { language } from './language.js';
import { languageLimits } from './language-limits.js';
import { targets } from './targets.js';
import { tensors } from './tensors.js';
import { tiles } from './tiles.js';

export const catalogue = {
  ...language,
  ...languageLimits,
  ...configuration,
  ...tensors,
  ...commandLine,
  ...graph,
  ...targets,
  ...devices,
  ...binding,
  ...tiles,
};

/** The sections in the order of the docs page; every code of a section starts with its prefix. */
export const sections = {
  HD1: { title: 'The language', entries: { ...language, ...languageLimits } },
  HD2: { title: 'Configuration', entries: configuration },
  HD3: { title: 'Tensors and their files', entries: tensors },
  HD4: { title: 'The command line', entries: commandLine },
  HD5: { title: 'The score graph', entries: graph },
  HD6: { title: 'Targets', entries: { ...targets, ...devices } },
  HD7: { title: 'The inputs of a call', entries: binding },
  HD8: { title: 'Tile programs', entries: tiles },
} as const;

export type Code = keyof typeof catalogue;
export type Details<C extends Code> = (typeof catalogue)[C] extends CatalogueEntry<infer Arguments> ? Arguments : never;

// A code outside its section's range does not compile. As the ranges do not meet, no two sections can share a code.
type Sections = typeof sections;
type MisplacedCode = {
  [Prefix in keyof Sections]: Exclude<keyof Sections[Prefix]['entries'], `${Prefix}${Digit}${Digit}${Digit}`>;
}[keyof Sections];
type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Nothing<Misplaced extends never> = Misplaced;
export type NoMisplacedCode = Nothing<MisplacedCode>;
