// A report as text: one file below its size, whose data and texts cannot leave their places, and the same each time.
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../report/index.js';
import { holdable } from '../../report/shared/markup.js';
import { graphsFor } from '../support/report-graphs.js';
import { HOSTILE, studyRecord } from '../support/study-record.js';

describe('a report', () => {
  test('is one file below 1 MB for twenty variants, and the same each time', () => {
    const record = studyRecord();
    const graphs = graphsFor(record);
    const page = renderReport(record, graphs);
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
    expect(renderReport(record, graphs)).toBe(page);
    for (const { name } of record.variants) if (name !== HOSTILE) expect(page).toContain(name);
  });

  test('holds a stranger’s texts in their places', () => {
    const page = renderReport(studyRecord(), []);
    expect(page).not.toContain('<img');
    // One data block and one script; the texts that would end them did not.
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!;
    expect(JSON.parse(json).record.variants.at(-1).name).toBe(holdable(HOSTILE));
  });
});
