// `heddle/compiler` as pages have it: the bundle, in a worker of the headless Chromium of npm, beside the compiler in this process.
// All examples become the same graphs there, some the same kernels to the last byte, and mistakes are told as here.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, HeddleError, renderError } from '../../cli/api.js';
import { bundledCompiler } from '../../scripts/bundle-compiler.js';
import { serveFolder } from '../../scripts/serve-folder.js';
import { Browser, chromium, type Page } from '../support/browser.js';
import { testsOn } from '../support/devices.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));
/** Of one kind each; with HEDDLE_PAGE_EXAMPLES=all every one. */
const kernels = process.env['HEDDLE_PAGE_EXAMPLES'] === 'all' ? examples : ['sliding-window.ts', 'sigmoid.ts'];

const WORKER = `import * as heddle from './compiler.js';
onmessage = async ({ data: { id, path, options } }) => {
  try {
    const { files } = await heddle.compile(path, options);
    postMessage({ id, files: [...files] });
  } catch (error) {
    postMessage({ id, error: error instanceof heddle.HeddleError ? heddle.renderError(error) : String(error.stack) });
  }
};`;
const PAGE = `<!doctype html><html lang="en"><title>compiler</title><link rel="icon" href="data:,"><script type="module">
const worker = new Worker('./worker.js', { type: 'module' });
const waiting = new Map();
worker.onmessage = ({ data: { id, ...reply } }) => waiting.get(id)(reply);
globalThis.compiled = (path, options) => new Promise((done) => {
  const id = waiting.size;
  waiting.set(id, done);
  worker.postMessage({ id, path, options });
});
document.documentElement.dataset.ready = 'true';
</script></html>`;

interface Reply {
  readonly files?: readonly (readonly [string, string])[];
  readonly error?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'heddle-page-'));
const onChromium = await testsOn(chromium);
const { available } = await chromium.availability();
let bundle: string;
let browser: Browser;
let page: Page;
let served: Awaited<ReturnType<typeof serveFolder>>;
beforeAll(async () => {
  bundle = await bundledCompiler(join(root, 'cli', 'api.ts'));
  for (const [name, text] of Object.entries({ 'index.html': PAGE, 'worker.js': WORKER, 'compiler.js': bundle })) {
    writeFileSync(join(folder, name), text);
  }
  if (!available) return;
  served = await serveFolder(folder, 0);
  browser = await Browser.start();
  page = await browser.page();
  await page.open(served.address);
});
afterAll(async () => {
  await browser?.close();
  served?.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Some files have several specs. */
const firstSpecOf = (text: string): string => /^export const (\w+) = (?:attention\(|\w+\.with\()/m.exec(text)![1]!;

const inWorker = (path: string, options: object): Promise<Reply> =>
  page.evaluate<Reply>(`compiled(${JSON.stringify(path)}, ${JSON.stringify(options)})`);

/** The same in this process, from the disk. */
async function here(path: string, options: Parameters<typeof compile>[1]): Promise<Reply> {
  try {
    const { files } = await compile(path, options);
    return { files: [...files] };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { error: renderError(error) };
  }
}

describe('the bundle', () => {
  test('is one module of less than 3 MB compressed, most of it TypeScript', () => {
    expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(1_600_000);
    expect(brotliCompressSync(bundle).length).toBeLessThan(1_400_000);
    expect(bundle).not.toContain(root);
  });
});

describe('in a worker', () => {
  const textOf = (name: string): string => readFileSync(join(root, 'examples', name), 'utf8');
  const files = Object.fromEntries(examples.map((name) => [`examples/${name}`, textOf(name)]));

  onChromium('all examples become the same graphs', async () => {
    for (const name of examples) {
      const path = `examples/${name}`;
      const exported = firstSpecOf(files[path]!);
      const options = { target: 'graph', export: exported } as const;
      expect([name, await inWorker(path, { ...options, files })]).toEqual([name, await here(path, options)]);
    }
    expect(page.messages).toEqual([]);
  });

  onChromium('examples become the same kernels to the last byte', async () => {
    for (const name of kernels) {
      const path = `examples/${name}`;
      const exported = firstSpecOf(files[path]!);
      for (const options of [
        { target: 'wgsl', export: exported },
        { target: 'cuda', dtype: 'bf16', export: exported },
      ] as const) {
        const [there, own] = [await inWorker(path, { ...options, files }), await here(path, options)];
        expect(own.files?.length).toBeGreaterThan(1);
        expect([name, options, there]).toEqual([name, options, own]);
      }
    }
  });

  onChromium('mistakes are told with their code frames, as from the disk', async () => {
    const text = textOf('causal.ts').replaceAll('softmax(', 'softmx(');
    const wrong = join(folder, 'wrong.ts');
    writeFileSync(wrong, text);
    const { error } = await here(wrong, {});
    expect(error).toContain('error[HD1001]');
    expect(await inWorker('wrong.ts', { files: { 'wrong.ts': text } })).toEqual({
      error: error!.replaceAll(wrong, 'wrong.ts'),
    });
    const { error: missing } = await inWorker('mta.ts', {});
    expect(missing).toContain('HD4101');
  });
});
