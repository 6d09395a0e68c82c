// The face of the frontend: opens a spec file, lists what it exports, and compiles configurations to score graphs.
// Importing it is cheap: ts-morph is loaded when the first spec is opened.
import type { Diagnostic, HeddleError, SourceSpan } from '../../src/diagnostics/index.js';
import type { Graph } from '../../src/ir/index.js';
import type { ResolvedVariant } from './matching.js';
import type { SettingDescription, Settings } from './settings.js';
import type { Reading } from './source-files.js';
import type { StudyPlan, StudyVariant } from './studies.js';

export type { Match, ResolvedVariant } from './matching.js';
export {
  parseSetting,
  type SettingDescription,
  type SettingKind,
  type Settings,
} from './settings.js';
export { holdsFile, memoryFiles, type Note, type Reading, type SourceFiles } from './source-files.js';
export type { StudyShape, StudyVariant } from './studies.js';

/** A spec as its file describes it. */
export interface SpecDescription {
  /** The name of the export. */
  readonly name: string;
  /** The first sentence of its comment. */
  readonly summary?: string;
  /** Its @formula. */
  readonly formula?: string;
  /** Its @paper. */
  readonly paper?: string;
  /** In the order in which they are declared. */
  readonly settings: readonly SettingDescription[];
  readonly declared: SourceSpan;
}

/** A study as its file describes it, with the variants that it asks for. */
export interface StudyDescription extends StudyPlan {
  readonly name: string;
  /** The first sentence of its comment. */
  readonly summary?: string;
  readonly spec: SpecDescription;
  readonly declared: SourceSpan;
  /**
   * A variant with all of its settings known and its graph, whose name is that of the spec. One of the grid that the spec's
   * `ensure` refuses throws HD2009 and may be dropped.
   * @throws HeddleError HD2016 for what cannot be matched, HD1xxx and HD2xxx for what the spec refuses.
   */
  readonly resolve: (variant: StudyVariant) => ResolvedVariant;
}

/** A spec file that type-checks. */
export interface SpecFile {
  readonly path: string;
  readonly specs: readonly SpecDescription[];
  readonly studies: readonly StudyDescription[];
  /** The spec of this name; without a name, the only one. @throws HeddleError HD2005 or HD2006. */
  readonly spec: (name?: string) => SpecDescription;
  /**
   * The score graph of a spec under its defaults and `overrides`, as written: nothing is simplified. The program is
   * checked once, so that a further configuration costs milliseconds.
   * @param onWarning is given what may be a mistake: reads that never exist, heads taken for positions.
   * @throws HeddleError HD1xxx for what the spec may not say, HD2xxx for its settings.
   */
  readonly compile: (name?: string, overrides?: Settings, onWarning?: (warning: Diagnostic) => void) => Graph;
}

/**
 * Reads and type-checks the spec file at `path` without running any of it.
 * @param wanted The one export that is asked for: mistakes in what it does not need do not stand in its way.
 * @param reading Where it and what it imports are read from, the disk unless told, and who hears of what is read.
 * @throws HeddleError with every type error (HD1001), or HD1003, HD1035, HD2001.
 */
export async function openSpec(path: string, wanted?: string, reading?: Reading): Promise<SpecFile> {
  const { openSpecFile } = await import('./open.js');
  return openSpecFile(path, wanted, reading);
}

/** Whether a variant is none: a combination of the grid that its spec refuses by `ensure`. */
export const isNoVariant = ({ isFromGrid }: StudyVariant, error: HeddleError): boolean =>
  isFromGrid && error.diagnostics.every(({ code }) => code === 'HD2009');

/**
 * The study of the file at `path`, the only one or the one of this name. What is wrong with a variant alone, its file
 * included, is that variant's: it throws when it is resolved.
 * @throws HeddleError as `openSpec` for the rest, HD2017 and HD2018.
 */
export async function openStudy(path: string, wanted?: string, reading?: Reading): Promise<StudyDescription> {
  const { openStudyFile } = await import('./open.js');
  return openStudyFile(path, wanted, reading);
}
