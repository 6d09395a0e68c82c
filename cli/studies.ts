// A study from its file to the files of its folder: what `heddle ablate` and the library's `ablate()` both do.
// The record is written last: who finds it finds everything.
import { existsSync, readFileSync } from 'node:fs';
import { writeFolderAtomically } from '../driver/files.js';
import { joinInside } from '../src/file-names.js';
import { type AblateOptions, DEFAULT_OUT, runStudy } from '../studies/ablate.js';
import { csvText } from '../studies/record/csv.js';
import { markdownText } from '../studies/record/markdown.js';
import { STUDY_FORMAT, type StudyRecord } from '../studies/record/study.js';

export type { AblateOptions, StudyProgress } from '../studies/ablate.js';

export interface Ablation {
  readonly record: StudyRecord;
  /** The paths of what was written beside the kernels: the report, CSV, Markdown and the record. */
  readonly files: readonly string[];
  /** Whether a variant or a check failed. */
  readonly failed: boolean;
  /** How many pieces of work were done; 0 where everything was known. */
  readonly performed: number;
}

const RECORD = 'study.json';

/** @throws HeddleError as `runStudy`. */
export async function ablateStudy(path: string, options: AblateOptions = {}): Promise<Ablation> {
  const out = options.out ?? DEFAULT_OUT;
  const { record: fresh, graphs, tensors, failed, performed } = await runStudy(path, options);
  const names = ['report.html', 'study.csv', 'study.md', RECORD];
  const files = names.map((name) => joinInside(out, name));
  const before = performed === 0 ? recordIn(out) : undefined;
  // Nothing new was measured: what was is from when it was.
  const record = before === undefined ? fresh : { ...fresh, ran: { ...fresh.ran, date: before.ran.date } };
  const text = `${JSON.stringify(record, undefined, 2)}\n`;
  const isKnown = before !== undefined && JSON.stringify(before) === JSON.stringify(record);
  if (!isKnown || !files.every((file) => existsSync(file))) {
    const { renderReport } = await import('../report/index.js');
    const tokens = record.shown?.tokens;
    const html = renderReport(record, graphs, {
      ...(tokens === undefined ? {} : { tokens }),
      ...(tensors === undefined ? {} : { tensors }),
    });
    const contents = [html, csvText(record), markdownText(record), text];
    writeFolderAtomically(
      out,
      names.map((name, n) => [name, contents[n]!] as const),
    );
  }
  return { record, files, failed, performed };
}

/** The record that a folder holds; undefined where it holds none that can be read. */
function recordIn(out: string): StudyRecord | undefined {
  try {
    const found = JSON.parse(readFileSync(joinInside(out, RECORD), 'utf8')) as StudyRecord;
    return found.format === STUDY_FORMAT ? found : undefined;
  } catch {
    return undefined;
  }
}
