// What happens while a person works: Vite's server and Rollup's watcher compile a spec again when it or what it imports changes.
// A mistake is told with its place, and mending it is all that it takes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watch } from 'rollup';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, expect, test } from 'vitest';
import forRollup from '../../plugin/rollup.js';
import forVite from '../../plugin/vite.js';
import { projectWith, SIZES, SPEC } from './project.js';

let server: ViteDevServer | undefined;
afterAll(async () => {
  await server?.close();
});

const options = { cache: false } as const;
const WRONG = SPEC.replace('scaledDot(q, k)', 'scaledDot(q, v)');

test("Vite's server", async () => {
  const folder = projectWith({
    'src/main.js': "import { createSmall } from './small.ts?heddle';\nconsole.log(createSmall);\n",
  });
  server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    server: { port: 0, host: '127.0.0.1', watch: { usePolling: true, interval: 50 } },
    optimizeDeps: { noDiscovery: true },
    plugins: [forVite(options)],
  });
  await server.listen();
  const address = server.resolvedUrls!.local[0]!;
  const textAt = async (path: string): Promise<string> => (await fetch(new URL(path, address))).text();
  const sent: { type: string; err?: { message: string; frame?: string; loc?: object } }[] = [];
  const { hot } = server.environments.client;
  const send = hot.send.bind(hot);
  hot.send = ((...message: Parameters<typeof send>) => {
    sent.push(message[0] as unknown as (typeof sent)[number]);
    send(...message);
  }) as typeof hot.send;

  const [, imported] = /from "([^"]*heddle[^"]*)"/.exec(await textAt('/src/main.js'))!;
  const first = await textAt(imported!);
  expect(first).toContain('createSmall');

  const changedTo = async (path: string, text: string): Promise<void> => {
    const before = sent.length;
    writeFileSync(join(folder, path), text);
    await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(before);
  };
  // A file that the spec imports.
  await changedTo('src/sizes.ts', SIZES.replace('8', '24'));
  const second = await textAt(imported!);
  expect(second).not.toBe(first);
  expect(second).toContain('24');

  await changedTo('src/small.ts', WRONG);
  expect((await fetch(new URL(imported!, address))).status).toBe(500);
  const overlay = sent.find(({ type }) => type === 'error')?.err;
  expect(overlay).toMatchObject({ loc: { file: join(folder, 'src/small.ts'), line: 7, column: 29 } });
  expect(overlay!.message).toContain('error[HD1001]');
  expect(overlay!.frame).toContain('> 7 |   softmax(fill(scaledDot(q, v)');

  await changedTo('src/small.ts', SPEC);
  expect(sent.at(-1)).toMatchObject({ type: 'full-reload' });
  const mended = await fetch(new URL(imported!, address));
  expect([mended.status, (await mended.text()).includes('createSmall')]).toEqual([200, true]);
});

test("Rollup's watcher", async () => {
  const folder = projectWith({ 'src/main.js': "export { createSmall } from './small.ts?heddle';\n" });
  const watcher = watch({
    input: join(folder, 'src/main.js'),
    output: { dir: join(folder, 'out') },
    watch: { buildDelay: 50, chokidar: { usePolling: true, interval: 50 } },
    plugins: [forRollup(options)],
  });
  const ends: string[] = [];
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') ends.push(event.error.message);
    if (event.code === 'BUNDLE_END') ends.push('built');
    if ('result' in event) void event.result?.close();
  });
  const next = async (count: number): Promise<string | undefined> => {
    await expect.poll(() => ends.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
    return ends[count - 1];
  };
  expect(await next(1)).toBe('built');
  writeFileSync(join(folder, 'src/sizes.ts'), SIZES.replace('8', '24'));
  expect(await next(2)).toBe('built');
  writeFileSync(join(folder, 'src/small.ts'), WRONG);
  expect(await next(3)).toContain('error[HD1001]');
  writeFileSync(join(folder, 'src/small.ts'), SPEC);
  expect(await next(4)).toBe('built');
  await watcher.close();
});
