// From a study's file to the graphs of its variants: those that compile, and why the others do not.
// A combination of the grid that its spec refuses is no variant.
import { isNoVariant, type Note, openStudy, type StudyDescription } from '../dsl/frontend/index.js';
import { diagnostic, fail, HeddleError } from '../src/diagnostics/index.js';
import type { Graph } from '../src/ir/index.js';
import { readFileOrFail } from './files.js';

/** A study whose variants are compiled as far as they do. */
export interface LoadedStudy {
  readonly name: string;
  readonly summary?: string | undefined;
  /** The name of the variant that others are compared with. */
  readonly baseline: string;
  /** As written: nothing is simplified. */
  readonly variants: readonly { readonly name: string; readonly graph: Graph }[];
  readonly failures: readonly { readonly name: string; readonly why: string }[];
}

/** Whether an error is that the file has no spec, or no such one: what is asked for may be a study. */
export const isWithoutSpec = (error: unknown): boolean => hasCode(error, 'HD2006');

const hasCode = (error: unknown, wanted: string): boolean =>
  error instanceof HeddleError && error.diagnostics.some(({ code }) => code === wanted);

/**
 * The study of a file, or the one that is asked for; undefined where there is none.
 * @param note hears of the files that are read
 * @throws HeddleError HD1xxx, HD2xxx, HD41xx; HD4041 where no variant compiles.
 */
export async function loadStudy(path: string, wanted?: string, note?: Note): Promise<LoadedStudy | undefined> {
  // The frontend knows what a study is, this knows what can be wrong with a path.
  readFileOrFail(path);
  let study: StudyDescription;
  try {
    study = await openStudy(path, wanted, { note });
  } catch (error) {
    if (hasCode(error, 'HD2017')) return undefined;
    throw error;
  }
  const variants: { name: string; graph: Graph }[] = [];
  const failures: { name: string; why: string }[] = [];
  for (const variant of study.variants) {
    const { name } = variant;
    try {
      variants.push({ name, graph: study.resolve(variant).graph });
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      if (isNoVariant(variant, error)) continue;
      const [first] = error.diagnostics;
      failures.push({ name, why: first === undefined ? error.message : `${first.message} (${first.code})` });
    }
  }
  const { name, summary, baseline } = study;
  if (variants.length === 0) fail('HD4041', { name, why: failures.map(({ why }) => why) });
  return { name, summary, baseline, variants, failures };
}

/** What a study leaves out, as warnings. */
export const studyWarnings = ({ failures }: LoadedStudy) =>
  failures.map(({ name, why }) => diagnostic('HD4042', { name, why }));

/** Whether a file may hold a study: what has none need not be read twice. */
export const mayHoldStudy = (path: string): boolean =>
  new TextDecoder().decode(readFileOrFail(path)).includes('ablation');
