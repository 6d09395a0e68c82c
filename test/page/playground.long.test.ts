// The playground in headless Chromium, built as `npm run playground` builds it and served as a static host would: quick to paint,
// silent, accessible, right on software WebGPU, the same again from its address, and in words where there is no WebGPU.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { buildPlayground } from '../../scripts/bundle-playground.js';
import { serveFolder } from '../../scripts/serve-folder.js';
import { Browser, chromium, type Page } from '../support/browser.js';
import { testsOn } from '../support/devices.js';

const folder = mkdtempSync(join(tmpdir(), 'heddle-playground-'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const inBrowser = await testsOn(chromium);
const { available } = await chromium.availability();

let served: Awaited<ReturnType<typeof serveFolder>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await buildPlayground(folder);
  served = await serveFolder(folder, 0);
  if (!available) return;
  browser = await Browser.start({ webgpu: true });
  page = await browser.page();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  served?.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits for as long as a software device and a busy machine may take. */
async function eventually(of: Page, condition: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await of.until(condition);
      return;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

const shownPanel = (name: string, of = page): Promise<void> =>
  eventually(of, `document.documentElement.dataset.shown === '${name}'`);
const textOf = (id: string, of = page): Promise<string> => of.evaluate(`document.getElementById('${id}').textContent`);
const press = (id: string, of = page): Promise<void> => of.evaluate(`document.getElementById('${id}').click()`);

async function fresh(hash = '', of = page): Promise<void> {
  await of.open('about:blank');
  await of.open(`${served.address}${hash}`);
}

async function choose(name: string, of = page): Promise<void> {
  await press(`tab-${name}`, of);
  await shownPanel(name, of);
}

/** Replaces the first occurrence in the editor, as a person would who types it. */
async function type(before: string, after: string): Promise<void> {
  const at = await page.evaluate<number>(
    `(() => { const view = document.querySelector('.cm-content').cmTile.view;
      const at = view.state.doc.toString().indexOf(${JSON.stringify(before)});
      view.dispatch({ changes: { from: at, to: at + ${before.length}, insert: ${JSON.stringify(after)} } });
      return at; })()`,
  );
  expect(at).toBeGreaterThanOrEqual(0);
}

async function violations(of = page): Promise<readonly string[]> {
  await of.evaluate(axe);
  return of.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')))`,
  );
}

describe('the playground', () => {
  inBrowser('paints at once and shows the default spec, asking for its own three files alone', async () => {
    await page.look(1280, 'light');
    await fresh();
    const painted = await page.evaluate<number>(
      `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`,
    );
    expect(painted).toBeLessThan(2000);
    await shownPanel('maps');
    expect(await page.evaluate(`document.querySelectorAll('.small-map').length`)).toBeGreaterThan(40);
    const asked = page.requests
      .map((request) => request.replace(served.address, ''))
      .filter((name) => name !== 'about:blank');
    expect([...new Set(asked)].sort()).toEqual(['', 'page.js', 'worker.js']);
    expect(brotliCompressSync(readFileSync(join(folder, 'worker.js'))).length).toBeLessThan(3e6);
  });

  inBrowser('shows every panel, accessible in both themes and three widths', async () => {
    await fresh();
    await shownPanel('maps');
    for (const [name, said] of [
      ['graph', 'Score graph'],
      ['cost', 'footprints after all passes'],
      ['schedule', 'tile program'],
      ['wgsl', '@compute'],
      ['cuda', '__global__'],
      ['torch', 'import torch'],
    ] as const) {
      await choose(name);
      expect(await textOf('panel')).toContain(said);
    }
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 768],
      ['dark', 360],
    ] as const) {
      await page.look(width, theme);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      for (const name of ['maps', 'schedule', 'wgsl'] as const) {
        await choose(name);
        expect(await violations()).toEqual([]);
      }
    }
    await page.look(1280, 'light');
  });

  inBrowser('compiles what is typed, marks mistakes where they are, and keeps what it showed', async () => {
    await fresh();
    await shownPanel('maps');
    await choose('schedule');
    // A pause of a quarter of a second, and the compilation. A machine that does much else takes its time: there the browser's own counts.
    const waited: number[] = [];
    let size = 6;
    for (const next of [4, 5, 3]) {
      await page.evaluate(`delete document.documentElement.dataset.shown`);
      const [began, busy] = [performance.now(), await browser.processorTime()];
      await type(`preQueryKernel: ${size}`, `preQueryKernel: ${next}`);
      await shownPanel('schedule');
      const wall = performance.now() - began;
      expect(wall).toBeLessThan(15_000);
      waited.push(Math.min(wall, 250 + (await browser.processorTime()) - busy));
      size = next;
      if (waited.at(-1)! < 3000) break;
    }
    expect(Math.min(...waited)).toBeLessThan(3000);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#settings input')].find((each) => each.dataset.setting === 'preQueryKernel').value`,
      ),
    ).toBe(String(size));

    await type(`preQueryKernel: ${size}`, 'preQueryKernel: nonsense');
    await eventually(page, `document.getElementById('marks').textContent.includes('HD1001')`);
    expect(await page.evaluate(`document.querySelectorAll('.cm-lintRange-error').length`)).toBeGreaterThan(0);
    expect(await textOf('panel')).toContain('tile program');
    await page.evaluate(`document.querySelector('[data-mark]').click()`);
    expect(await page.evaluate(`document.querySelector('#editor').contains(document.activeElement)`)).toBe(true);
    await type('preQueryKernel: nonsense', 'preQueryKernel: 6');
    await eventually(page, `document.getElementById('marks').textContent === ''`);
  });

  inBrowser('completes by TypeScript', async () => {
    await fresh();
    await shownPanel('maps');
    await type('export const mta', 'const wanted = causa\nexport const mta');
    await page.evaluate(`(() => {
      const view = document.querySelector('.cm-content').cmTile.view;
      view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf('causa\\n') + 5 } });
      view.focus();
    })()`);
    for (const kind of ['keyDown', 'keyUp']) {
      await page.send('Input.dispatchKeyEvent', {
        type: kind,
        key: ' ',
        code: 'Space',
        windowsVirtualKeyCode: 32,
        modifiers: 2,
      });
    }
    await eventually(
      page,
      `document.querySelector('.cm-tooltip-autocomplete')?.textContent.includes('causal') === true`,
    );
    expect(await page.evaluate(`document.querySelector('.cm-tooltip-autocomplete').textContent`)).toContain('causal');
  });

  inBrowser('runs the default spec on software WebGPU, and it agrees with the interpreter', async () => {
    await fresh();
    await shownPanel('maps');
    await choose('run');
    await press('run');
    await eventually(page, `document.documentElement.dataset.ran !== undefined`);
    const said = await textOf('panel');
    expect(said).toContain('All cases agree with the interpreter.');
    expect(said).toMatch(/time.* ms/);
  });

  inBrowser('opens from a shared address to the same, and makes nothing of a hostile one', async () => {
    await fresh();
    await shownPanel('maps');
    await page.evaluate(`(() => {
      const set = (selector, value) => { const found = document.querySelector(selector); found.value = value; found.dispatchEvent(new Event('input', { bubbles: true })); };
      set('#sentence', 'a short <b>sentence</b>');
    })()`);
    await choose('schedule');
    await type('headDim: 96', 'headDim: 64');
    await eventually(page, `document.getElementById('status').textContent.includes('ready')`);
    const hash = await page.evaluate<string>(`new Promise((done) => setTimeout(() => done(location.hash), 300))`);
    expect(hash.length).toBeGreaterThan(20);
    await fresh(hash);
    await shownPanel('schedule');
    expect(
      await page.evaluate(
        `document.querySelector('.cm-content').cmTile.view.state.doc.toString().includes('headDim: 64')`,
      ),
    ).toBe(true);
    await choose('maps');
    expect(await page.evaluate(`document.getElementById('sentence').value`)).toBe('a short <b>sentence</b>');
    expect(await page.evaluate(`document.querySelectorAll('#panel .sentence b').length`)).toBe(0);

    for (const hostile of ['#%00', '#AAAA', `#${'x'.repeat(5000)}`]) {
      await fresh(hostile);
      await shownPanel('maps');
    }
  });

  inBrowser('shows the specs of the documentation beside them, in frames that load when they are seen', async () => {
    const frame = `document.querySelector('iframe')`;
    const tutorial = async (): Promise<void> => {
      await page.send('Page.navigate', { url: `${served.address}docs/tutorial.html` });
      await page.until(`document.readyState === 'complete' && ${frame} !== null`);
    };
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.look(width, theme);
      await tutorial();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(await violations()).toEqual([]);
    }
    const asked = (): number => page.requests.filter((each) => each.endsWith('worker.js')).length;
    const before = asked();
    await page.look(1280, 'light');
    await page.evaluate(`${frame}.scrollIntoView()`);
    await eventually(page, `${frame}.contentDocument?.documentElement.dataset.shown === 'maps'`);
    const drawn = await page.evaluate<string>(`${frame}.contentDocument.getElementById('panel').textContent`);
    expect(drawn).toContain('Alice');
    expect(await page.evaluate(`${frame}.contentDocument.querySelectorAll('.small-map').length`)).toBeGreaterThan(3);
    expect(await page.evaluate(`document.querySelectorAll('iframe').length`)).toBe(7);
    expect(asked() - before).toBeLessThan(4);
  });

  inBrowser('says so and goes on where there is no WebGPU', async () => {
    const without = await Browser.start();
    try {
      const plain = await without.page();
      await fresh('', plain);
      await shownPanel('maps', plain);
      await plain.evaluate(
        `(() => { const example = document.getElementById('example'); example.value = 'causal'; example.dispatchEvent(new Event('change')); })()`,
      );
      await choose('run', plain);
      await press('run', plain);
      await eventually(plain, `document.documentElement.dataset.ran !== undefined`);
      const said = await textOf('panel', plain);
      expect(said).toContain('There is no WebGPU to run on');
      expect(said).toContain('All cases agree with the interpreter.');
      // The browser itself notes that it has no GPU to ask.
      const own = plain.messages.filter((message) => !message.includes('Failed to create WebGPU Context Provider'));
      expect(own).toEqual([]);
    } finally {
      await without.close();
    }
  });

  inBrowser('has been silent all along', async () => {
    expect(page.messages).toEqual([]);
  });
});
