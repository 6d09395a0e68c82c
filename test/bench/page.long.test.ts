// The page for browsers, in the headless Chromium of npm on its software device: built, served, and asked for one small workload.
// Takes half a minute of a processor, most of it the software device's, so the long tests have it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildPage } from '../../bench/page-folder.js';
import { workloadNames } from '../../bench/workloads.js';
import { serveFolder } from '../../scripts/serve-folder.js';
import { Browser, chromium, type Page } from '../support/browser.js';
import { testsOn } from '../support/devices.js';

const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-page-'));
const onChromium = await testsOn(chromium);
const { available } = await chromium.availability();
let browser: Browser;
let served: Awaited<ReturnType<typeof serveFolder>>;
beforeAll(async () => {
  if (!available) return;
  const workloads = workloadNames.filter(({ name }) => name === 'plain-decode-64');
  await buildPage(folder, { workloads, dtypes: ['f32'] });
  served = await serveFolder(folder, 0);
  browser = await Browser.start({ webgpu: true });
});
afterAll(async () => {
  await browser?.close();
  served?.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What of the file is looked at one by one. */
interface Saved {
  readonly settings: unknown;
  readonly results: readonly { readonly dtype: string; readonly length: number }[];
}

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations =
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html].join()))';
  for (const theme of ['light', 'dark'] as const) {
    await page.look(390, theme, 800);
    expect(await page.evaluate<string[]>(violations)).toEqual([]);
  }
  expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}

/** What the page says of what it does. */
const said = `document.getElementById('doing').textContent`;

/** Starts by the keyboard alone, and waits for the end. */
async function measured(page: Page): Promise<string> {
  await page.evaluate(`document.querySelector('[name="rounds"]').focus()`);
  await page.press('Tab');
  expect(await page.evaluate<string>('document.activeElement.id')).toBe('run');
  await page.press('Enter');
  for (;;) {
    const text = await page.evaluate<string>(said);
    if (/^(Done|It went wrong|Nothing)/.test(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

onChromium('measures a workload, shows a table and gives a file', async () => {
  const { address } = served;
  const page = await browser.page();
  await page.open(address);
  expect(await page.evaluate<string>(`document.getElementById('device').textContent`)).toContain('swiftshader');
  expect(await page.evaluate<boolean>(`document.querySelector('input[value="f16"]').disabled`)).toBe(true);
  await page.evaluate(
    `for (const [name, value] of [['keys', '96'], ['rounds', '2']]) document.forms[0].elements[name].value = value`,
  );
  expect(await measured(page)).toBe('Done.');
  const cells = await page.evaluate<string[][]>(
    `[...document.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
  );
  const names = cells.map(([, contender]) => contender!.replace(/ \(.*/, ''));
  expect(names).toEqual(['heddle', 'heddle, materialised', 'onnxruntime', 'jax-js jit']);
  for (const [length, , ratio, , wall, , error] of cells) {
    expect([length, ratio, wall, error]).toEqual([
      '96',
      expect.stringMatching(/^\d+\.\d\d×$/),
      expect.stringMatching(/^[\d.]+ ms$/),
      expect.stringMatching(/^\d\.\de-\d$/),
    ]);
  }
  const saved = await page.evaluate<string>(`fetch(document.getElementById('save').href).then((file) => file.text())`);
  const file = JSON.parse(saved) as Saved;
  expect(file).toMatchObject({
    what: 'bench/browser.html',
    adapter: { architecture: 'swiftshader' },
    failures: [],
    complaints: [],
  });
  expect(file.results.map(({ dtype, length }) => [dtype, length])).toEqual(cells.map(() => ['f32', 96]));
  expect(file.settings).toEqual({ lengths: { lengths: [256, 512, 1024, 2048], keys: [96] }, repeats: 2 });
  await expectAccessible(page);
  expect(page.messages).toEqual([]);
  // Nothing comes from elsewhere.
  expect(page.requests.filter((each) => !each.startsWith(address) && !/^(data|blob):/.test(each))).toEqual([]);
});

onChromium('says what it does not understand', async () => {
  const page = await browser.page();
  await page.open(served.address);
  await page.evaluate(`document.forms[0].elements.keys.value = '96, many'`);
  expect(await measured(page)).toBe('It went wrong: many is no length: give whole numbers with commas between them');
  await page.evaluate(`document.querySelector('[name="workload"]').checked = false`);
  await page.evaluate(
    `document.forms[0].elements.keys.value = '96'; ${said.replace('.textContent', '')}.textContent = ''`,
  );
  expect(await measured(page)).toBe('Nothing was measured.');
  expect(page.messages).toEqual([]);
});

onChromium('says in words where there is no WebGPU', async () => {
  const page = await browser.page();
  const source = `Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined })`;
  await page.send('Page.addScriptToEvaluateOnNewDocument', { source });
  await page.open(served.address);
  expect(await page.evaluate<string>(`document.getElementById('device').textContent`)).toMatch(
    /^This browser has no WebGPU\./,
  );
  expect(await page.evaluate<boolean>(`document.getElementById('wish').hidden`)).toBe(true);
  await expectAccessible(page);
  expect(page.messages).toEqual([]);
});
