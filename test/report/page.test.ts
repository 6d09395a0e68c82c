// The page of a report in headless Chromium: silent, without requests, accessible, and following mouse and keyboard.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { renderExplanation, renderReport } from '../../report/index.js';
import { showingInputs } from '../../report/pictures/showing-inputs.js';
import { stagesOf } from '../../report/pictures/stages.js';
import { holdable } from '../../report/shared/markup.js';
import { score } from '../../report/shared/numbers.js';
import { interpret } from '../../src/interpreter/index.js';
import { Browser, chromium, type Page } from '../support/browser.js';
import { testsOn } from '../support/devices.js';
import { graphsFor } from '../support/report-graphs.js';
import { HOSTILE, studyRecord } from '../support/study-record.js';

const record = studyRecord();
const tokens = 'where did Alice see the rabbit ?'.split(' ');
const folder = mkdtempSync(join(tmpdir(), 'heddle-report-'));
const file = join(folder, 'study & report.html');
const url = pathToFileURL(file).href;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!(await chromium.availability()).available) return;
  writeFileSync(file, renderReport(record, graphsFor(record), { tokens }));
  browser = await Browser.start();
  page = await browser.page();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const inBrowser = await testsOn(chromium);

const text = (selector: string): Promise<string> =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)}).textContent`);
const names = (): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('#variants-table tbody tr')].map((row) => row.dataset.variant)`);
const cell = (variant: string, column: string): Promise<string> =>
  page.evaluate(`(() => {
    const heads = [...document.querySelectorAll('#variants-table thead tr:last-child th')];
    const at = heads.findIndex((head) => head.querySelector('[data-sort="${column}"]'));
    return document.querySelector('#variants-table tr[data-variant="${variant}"]').cells[at].textContent;
  })()`);
const hash = (): Promise<string> => page.evaluate('location.hash');

async function fresh(ofHash = ''): Promise<void> {
  await page.look(1280, 'light');
  await page.open('about:blank');
  await page.open(`${url}${ofHash}`);
}

/** What axe finds in the page, each rule with the first elements that break it. */
async function violations(): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')))`,
  );
}

describe('the page of a report', () => {
  inBrowser('is accessible, fits three widths in both themes, says nothing and asks for nothing', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await fresh();
      for (const width of [360, 768, 1280]) {
        await page.look(width, theme);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      }
      await page.evaluate(`document.querySelectorAll('details').forEach((each, n) => { each.open = n < 25; })`);
      await page.until(`document.querySelector('#pictures-2-graph') !== null`);
      expect(await violations()).toEqual([]);
    }
    expect(page.messages).toEqual([]);
    expect(page.requests.filter((each) => each !== 'about:blank' && each !== url)).toEqual([]);
    expect(await page.evaluate('window.broken')).toBeUndefined();
  });

  inBrowser('sorts by mouse and keyboard, and keeps the order in its hash', async () => {
    await fresh();
    expect(await names()).toEqual(record.variants.map(({ name }) => holdable(name)));
    await page.mouse('[data-sort="ratio"]', 'click');
    const ascending = await names();
    expect(ascending[0]).toBe(holdable(HOSTILE));
    // Those that were not timed come last, whichever way.
    expect(ascending.slice(-2)).toEqual(['does not compile', 'fails on the device']);
    // The focus stayed on the button, which was written anew.
    await page.press('Enter');
    const descending = await names();
    expect(descending[0]).toBe('both convolutions');
    expect(descending.slice(-2)).toEqual(ascending.slice(-2));
    expect(await hash()).toBe('#sort=ratio&descending=true');
    await page.press('Enter');
    expect(await hash()).toBe('');
  });

  inBrowser('relates everything to the base that is chosen', async () => {
    await fresh();
    expect(await cell('convolution before', 'ratio')).toBe('1.39');
    await page.mouse('tr[data-variant="both convolutions"] .choose-base', 'click');
    expect(await cell('both convolutions', 'verdict')).toBe('base');
    // 1.4 times the first base is 1.4 / 2.2 of this one.
    expect(Number(await cell('convolution before', 'ratio'))).toBeCloseTo(1.4 / 2.2, 1);
    expect(await cell('convolution before', 'verdict')).toBe('faster');
    expect(await text('#ratios .picture')).toContain('time ÷ time of both convolutions');
    await fresh(await hash());
    expect(await cell('both convolutions', 'verdict')).toBe('base');
  });

  inBrowser('filters by what is typed', async () => {
    await fresh();
    await page.evaluate(`document.getElementById('filter').focus()`);
    for (const key of 'mix') await page.press(key);
    expect(await names()).toEqual(['mixing before', 'mixing after']);
    expect(await text('#count')).toBe('2 of 20 variants');
    expect(await page.evaluate(`document.querySelectorAll('#ratios g[data-variant]').length`)).toBe(2);
  });

  inBrowser('shows a map that is pointed at, and keeps one that is locked', async () => {
    await fresh('#variant=2');
    const small = (stage: number, head: number): string => `.small-map[data-stage="${stage}"][data-head="${head}"]`;
    await page.mouse(small(1, 2), 'move');
    expect(await text('#map-title')).toBe('convolution after: convolved, head 2');
    await page.mouse(small(1, 2), 'click');
    await page.mouse(small(3, 0), 'move');
    expect(await text('#map-title')).toBe('convolution after: convolved, head 2');
    expect(await hash()).toContain('isLocked=true');
    await page.mouse(small(1, 2), 'click');
    await page.mouse(small(3, 0), 'move');
    expect(await text('#map-title')).toBe('convolution after: weights, head 0');
    await page.evaluate(`document.querySelector('${small(2, 3)}').focus()`);
    await page.press('Enter');
    expect(await text('#map-title')).toBe('convolution after: mixed, head 3');
    expect(await page.evaluate(`document.querySelector('${small(2, 3)}').getAttribute('aria-pressed')`)).toBe('true');
  });

  inBrowser('says the interpreter’s number of the entry, its taps, and pins a query', async () => {
    await fresh('#variant=2&stage=1&head=1');
    const { graph } = graphsFor(record)[2]!;
    const { value } = stagesOf(graph)[1]!;
    const out = interpret({ ...graph, outputs: [{ name: 'out', node: value }] }, showingInputs(graph, tokens)).get(
      'out',
    )!;
    const at = (query: number, key: number): number => out.data[(1 * tokens.length + query) * tokens.length + key]!;
    await page.evaluate(`document.getElementById('large-map').focus()`);
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowLeft']) await page.press(key);
    const readout = await text('#map-readout');
    expect(readout).toContain('Query 5 “rabbit”, key 4 “the”');
    expect(readout).toContain(`: ${score(Number(at(5, 4).toPrecision(3)))}.`);
    // 3 queries × 5 keys, one of which lies beyond the last token.
    expect(readout).toContain('Made of 15 entries of scores (its head)');
    await page.press('p');
    expect(await hash()).toContain('pinned=5');
    expect(await text('#map-pinned')).toContain('Query 5, rabbit, through all stages');
    await page.press('Escape');
    expect(await hash()).not.toContain('pinned');
    await page.mouse('#map-pin', 'click');
    expect(await hash()).toContain('pinned=');
    // The middle of the map is hidden or a number, and the mouse says which entry it is at.
    await page.mouse('#large-map canvas', 'move');
    expect(await text('#map-readout')).toMatch(/^Query \d “.+”, key \d “.+”: /);
  });

  inBrowser('shows differences from the base of the stage that plays the same part', async () => {
    await fresh('#variant=1&stage=2&show=difference');
    expect(await text('#map-title')).toBe('convolution before: weights, head 0, less weights of plain');
    // What the base has not is not shown as if it were a difference.
    await fresh('#variant=1&stage=1&show=difference&pinned=3');
    expect(await text('#map-title')).toBe('convolution before: convolved, head 0, less scores of plain');
    await fresh('#variant=2&stage=4&show=difference');
    expect(await text('#map-title')).toContain('weights convolved, head 0 (the base has no such stage)');
    await page.evaluate(`document.getElementById('map-numbers').open = true`);
    await page.until(`document.querySelectorAll('#map-numbers td').length > 0`);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#map-numbers td')].every(({ textContent }) => textContent === 'hidden')`,
      ),
    ).toBe(true);
  });

  inBrowser('shows the stage of a node that is pointed at', async () => {
    await fresh();
    await page.evaluate(`document.querySelector('#variant-2').open = true`);
    await page.until(`document.querySelector('#pictures-2-graph') !== null`);
    await page.mouse('#pictures-2-graph .node[data-stage="3"]', 'move');
    expect(await text('#map-title')).toBe('convolution after: weights, head 0');
    await page.evaluate(`document.querySelector('#pictures-2-graph .node[data-stage="1"]').focus()`);
    expect(await text('#map-title')).toBe('convolution after: convolved, head 0');
  });

  inBrowser('gives pictures and numbers as files', async () => {
    await fresh();
    await page.evaluate(`URL.createObjectURL = (blob) => { window.saved = blob.text(); return 'data:,'; }`);
    await page.evaluate(`HTMLAnchorElement.prototype.click = function () { window.savedName = this.download; }`);
    const saved = async (figure: string, kind: string): Promise<string> => {
      await page.evaluate(`document.querySelector('#${figure} [data-download="${kind}"]').click()`);
      return page.evaluate('window.saved');
    };
    expect((await saved('ratios', 'csv')).split('\r\n')[2]).toMatch(/^convolution before,1\.[34]\d+,/);
    expect(JSON.parse(await saved('ratios', 'json'))[1].Verdict).toBe('slower');
    for (const figure of ['ratios', 'time-by-length', 'map']) {
      const svg = await saved(figure, 'svg');
      expect(svg).not.toMatch(/NaN|undefined/);
      const parsed = `new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml').querySelector('parsererror')`;
      expect(await page.evaluate(`${parsed} === null`)).toBe(true);
    }
    expect(JSON.parse(await saved('map', 'json'))).toHaveLength(tokens.length);
    expect(JSON.parse(await saved('table', 'study'))).toEqual(
      JSON.parse(holdable(JSON.stringify(record)).replaceAll('\\u0000', '\uFFFD')),
    );
    expect(await page.evaluate('window.savedName')).toBe('study.json');
  });

  inBrowser('of one spec is as accessible, silent and alive', async () => {
    const { graph } = graphsFor(record)[2]!;
    const own = join(folder, 'spec.html');
    const facts = [{ kind: 'facts', title: 'schedule: online', text: HOSTILE }];
    writeFileSync(own, renderExplanation([{ name: 'mta', graph, facts }], 'heddle explain mta.ts', { tokens }));
    const before = page.messages.length;
    await page.look(360, 'dark');
    await page.open(pathToFileURL(own).href);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
    expect(await violations()).toEqual([]);
    await page.evaluate(`document.querySelector('#spec-0-graph .node[data-stage="2"]').focus()`);
    expect(await text('#map-title')).toBe('mta: mixed, head 0');
    expect(page.messages.slice(before)).toEqual([]);
  });

  inBrowser('could ask for nothing if it tried', async () => {
    await fresh();
    const before = page.requests.length;
    await page.evaluate(`(() => {
      new Image().src = 'https://example.com/image.png';
      const script = document.createElement('script');
      script.textContent = 'window.broken = 2';
      document.body.append(script);
      return fetch('https://example.com/').catch(() => 0);
    })()`);
    expect(page.requests.slice(before)).toEqual([]);
    expect(await page.evaluate('window.broken')).toBeUndefined();
  });
});
