// A report as text: one file below its size, whose data and texts cannot leave their places, and the same each time.
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../report/index.js';
import { holdable } from '../../report/shared/markup.js';
import { differentGraphsFor } from '../support/report-graphs.js';
import { HOSTILE, studyRecord } from '../support/study-record.js';

const dataOf = (page: string) => {
  const [, packed] = /<script type="application\/octet-stream" id="data">(.*?)<\/script>/s.exec(page)!;
  return JSON.parse(inflateRawSync(Buffer.from(packed!, 'base64')).toString());
};

describe('a report', () => {
  test('is one file below 1 MB for twenty variants, and the same each time', () => {
    const record = studyRecord();
    const graphs = differentGraphsFor(record);
    const page = renderReport(record, graphs);
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
    // All of its heads have room: 19 variants of six stages each.
    for (const { stages } of dataOf(page).showing.variants) {
      for (const { heads, shownHeads } of stages) expect(shownHeads).toBe(heads);
    }
    const few = studyRecord(3);
    expect(renderReport(few, graphs.slice(0, 3))).toBe(renderReport(few, graphs.slice(0, 3)));
    for (const { name } of record.variants) if (name !== HOSTILE) expect(page).toContain(name);
  });

  test('holds a stranger’s texts in their places', () => {
    const page = renderReport(studyRecord(), []);
    expect(page).not.toContain('<img');
    // One data block and one script; the texts that would end them did not.
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(dataOf(page).record.variants.at(-1).name).toBe(holdable(HOSTILE));
  });
});
