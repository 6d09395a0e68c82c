// The worked projects as a stranger meets them: begun by `heddle init` of the packed package in an empty folder, then the commands of
// each README, word for word. The registry has no such version of Heddle, so package.json names the packed file in its place.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { serveFolder } from '../../scripts/serve-folder.js';
import { findPython } from '../../targets/torch/device/python.js';
import { wgpu } from '../../targets/wgsl/device/index.js';
import { softwareVulkan } from '../../targets/wgsl/device/software-vulkan.js';
import { installedForTests } from '../packaging/pack.js';
import { Browser, chromium } from '../support/browser.js';
import { type TestedDevice, testsOn } from '../support/devices.js';
import { torch } from '../targets/torch/support.js';

const installed = installedForTests();
const vulkan = softwareVulkan();
const python = await findPython();
afterAll(() => wgpu.close());

interface Project {
  readonly name: string;
  /** The programs that it needs beside Node. */
  readonly needs?: readonly string[];
  readonly device?: TestedDevice;
  readonly environment?: NodeJS.ProcessEnv;
  /** What its commands print. */
  readonly said: readonly string[];
  readonly afterwards?: (folder: string) => Promise<void>;
}

const projects: readonly Project[] = [
  {
    name: 'node',
    environment: vulkan.available ? vulkan.environment : {},
    said: ['passed', 'of values that are all 1 are at most'],
  },
  {
    name: 'bun',
    environment: vulkan.available ? vulkan.environment : {},
    said: ['of values that are all 1 are at most'],
  },
  { name: 'deno', device: wgpu, said: ['passed', 'of values that are all 1 are at most'] },
  { name: 'cmake', needs: ['cmake', 'nvcc'], said: ['Built target attention', 'tests passed'] },
  { name: 'pytorch', device: torch, environment: withPython(), said: ['passed', '100 % of the tokens are right'] },
  { name: 'vite', device: chromium, said: ['passed', 'built in'], afterwards: drawsItsWeights },
];

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** An environment whose `python3` is the one that has PyTorch, which may not be the first of this machine. */
function withPython(): NodeJS.ProcessEnv {
  if ('why' in python) return {};
  const folder = mkdtempSync(join(tmpdir(), 'heddle-python-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  // A script, as an interpreter finds its packages by its own place.
  writeFileSync(join(folder, 'python3'), `#!/bin/sh\nexec '${python.python}' "$@"\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env['PATH']}` };
}

/** The commands of the first block of a README, without their comments. */
function commandsOf(readme: string): readonly string[] {
  const [, block] = /```sh\n(.*?)```/s.exec(readme)!;
  return block!
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, ''))
    .filter((line) => line !== '');
}

/** The test of a project; skipped by the name of a program that is missing. */
const testOf = ({ name, needs = [], device }: Project) => {
  const missing = needs.find((program) => !isThere(program));
  return testsOn({
    name,
    availability: async () =>
      missing === undefined
        ? ((await device?.availability()) ?? { available: true, detail: name })
        : { available: false, why: `there is no ${missing}`, remedy: `install ${missing}` },
  });
};

/** The production build, served as a static host would: no byte of the compiler in it, and kernels that run on software WebGPU. */
async function drawsItsWeights(folder: string): Promise<void> {
  const assets = join(folder, 'dist', 'assets');
  const bundle = readdirSync(assets)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(assets, name), 'utf8'))
    .join('');
  expect(bundle).not.toMatch(/createProgram|score graph/);
  const heddle = join(installed().folder, 'dist', 'cli', 'main.js');
  const compile = ['compile', join(folder, 'attention.ts'), '--target', 'wgsl', '--out', join(folder, 'emitted')];
  execFileSync(process.execPath, [heddle, ...compile]);
  expect(bundle.length).toBeLessThan(1.3 * readFileSync(join(folder, 'emitted', 'mixed.js')).length);
  const { address, server } = await serveFolder(join(folder, 'dist'), 0);
  const browser = await Browser.start({ webgpu: true });
  try {
    const page = await browser.page();
    await page.send('Page.navigate', { url: address });
    for (let tries = 0; tries < 10; tries += 1) {
      if (
        await page.until(`document.documentElement.dataset.drawn !== undefined`).then(
          () => true,
          () => false,
        )
      )
        break;
    }
    expect(await page.evaluate(`document.documentElement.dataset.drawn`)).toBe('true');
    expect(await page.evaluate(`document.querySelectorAll('canvas').length`)).toBe(4);
    expect(page.messages).toEqual([]);
  } finally {
    await browser.close();
    server.close();
  }
}

for (const project of projects) {
  const { name, said, environment = {}, afterwards } = project;
  const inShell = await testOf(project);
  inShell('a new project works by the commands of its README', async () => {
    const folder = join(installed().temporary, `${name} project`);
    const heddle = join(installed().folder, 'dist', 'cli', 'main.js');
    execFileSync(process.execPath, [heddle, 'init', folder, '--template', name]);
    const manifest = join(folder, 'package.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(/("heddle": )"[^"]*"/, `$1"file:${installed().tarball}"`));
    const printed: string[] = [];
    for (const command of commandsOf(readFileSync(join(folder, 'README.md'), 'utf8'))) {
      const ended = spawnSync('sh', ['-c', command], {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          // What npm has fetched before it need not fetch again.
          npm_config_prefer_offline: 'true',
          npm_config_audit: 'false',
          ...environment,
        },
      });
      expect(ended.status, `${command}\n${ended.stdout}${ended.stderr}`).toBe(0);
      printed.push(ended.stdout);
    }
    for (const words of said) expect(printed.join('\n')).toContain(words);
    await afterwards?.(folder);
  });
}
