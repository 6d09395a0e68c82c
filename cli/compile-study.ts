// `heddle compile` of a study: one Python package of all its variants, those left out said as warnings.
// Targets that have no form for it refuse it, and so are settings, which a study has in its file.

import { writeFolderAtomically } from '../driver/files.js';
import { loadStudy, studyWarnings } from '../driver/studies.js';
import type { Target, TargetOptions } from '../driver/targets.js';
import type { Note } from '../dsl/frontend/index.js';
import { fail } from '../src/diagnostics/index.js';
import type { SpecOptions } from './options.js';
import type { Outcome } from './outcome.js';
import { filesTable, writtenFiles } from './written-files.js';

export interface CompileOptions extends SpecOptions {
  readonly target?: string;
  readonly dtype?: string;
  readonly schedule?: string;
  readonly tiles?: string;
  readonly arch?: string;
  readonly bind?: string;
  readonly backward?: true;
  readonly out: string;
  readonly json?: true;
  readonly watch?: true;
}

/** A compile, as the command line asks for it. */
export interface Asked {
  readonly path: string;
  readonly target: Target;
  readonly chosen: TargetOptions;
  readonly options: CompileOptions;
  /** Hears of the files that are read. */
  readonly note?: Note | undefined;
}

/** Compiles the study of a file; undefined where it has none. @throws HeddleError HD4041, HD4043, HD4044 and what the file has. */
export async function compileStudy({ path, target, chosen, options, note }: Asked): Promise<Outcome | undefined> {
  const study = await loadStudy(path, options.export, note);
  if (study === undefined) return undefined;
  const { name } = study;
  if (!target.packagesStudies(chosen)) fail('HD4043', { name, target: target.name });
  if (options.set.length > 0) fail('HD4044', { name });
  const emitted = await target.emitStudy(study, chosen);
  const warnings = studyWarnings(study);
  const [main] = emitted;
  if (options.out === '-') {
    const [file, content] = main!;
    return { text: content, data: { study: name, target: target.name, file, content }, warnings };
  }
  writeFolderAtomically(options.out, emitted);
  const files = writtenFiles(options.out, emitted);
  const variants = study.variants.map((variant) => variant.name);
  return {
    text: `${name} compiled to a package of ${variants.length} variants for ${target.name}\n${filesTable(files)}`,
    data: { target: target.name, study: name, variants, files },
    warnings,
  };
}
