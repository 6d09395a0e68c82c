// What nvcc compiles in the folder for CUDA machines compiles here, without a warning and without a spilled register.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type PreparedVariant, prepare } from '../../bench/gpu/prepare.js';
import { WATCHDOG } from '../../bench/gpu/toolkit.js';
import { nvccRelease } from '../targets/cuda/toolkit.js';
import { preparedForTests, root } from './prepared.js';

const prepared = preparedForTests();

describe('what nvcc compiles there', () => {
  const release = nvccRelease();
  const withNvcc = release === undefined && process.env['CI'] !== 'true' ? test.skip : test;
  const strict = ['-std=c++17', '-O3', '-Xcompiler', '-Wall,-Wextra', '--Werror', 'all-warnings', '-Xptxas', '-v'];
  const compile = async (...options: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('nvcc', [...strict, ...options], { cwd: prepared.folder });
    return stdout + stderr;
  };

  withNvcc('microbenchmarks compile without warnings, spills, or wgmma that waits for each other', async () => {
    const said = await Promise.all([
      compile('-arch=sm_80', '-cubin', 'micro/micro.cu', '-o', 'micro-80.cubin'),
      compile(
        '-gencode',
        'arch=compute_90a,code=sm_90a',
        '-DHAS_WGMMA',
        '-cubin',
        'micro/micro.cu',
        '-o',
        'micro-90.cubin',
      ),
    ]);
    for (const text of said) {
      expect(text).toContain('0 bytes spill stores');
      expect(text).not.toMatch(/warning|serialized|[1-9]\d* bytes spill/i);
    }
  });

  withNvcc('the program for the sanitizer compiles and links', async () => {
    const { source, driver } = prepared.variants.find(({ name }) => name === 'decode-bf16')!.forms[0]!;
    const said = await compile('-arch=sm_80', source, driver, '-o', 'driver');
    expect(said).not.toMatch(/warning/i);
    const { status, stderr } = spawnSync(join(prepared.folder, 'driver'), ['1', '2'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'arguments: batch queries keys rows\n' });
  });

  withNvcc('waits with an end cost no register, and files without them are as they were', async () => {
    const {
      source,
      folder,
      package: name,
    } = prepared.variants.find(({ name }) => name === 'mta-64')!.forms.find(({ form }) => form === 'sm_90a')!;
    const own = `${folder}/${name}`;
    const text = readFileSync(join(prepared.folder, source), 'utf8');
    const plain = text
      .replace(/#if defined\(HEDDLE_WATCHDOG\)\n[\s\S]*?#endif\n/, '')
      .replace(/#if !defined\(HEDDLE_WATCHDOG\)\n([\s\S]*?)#else\n[\s\S]*?#endif\n/, '$1');
    expect(plain).not.toContain('HEDDLE_WATCHDOG');
    const cubins: Buffer[] = [];
    for (const [n, { content, macros }] of [
      { content: text, macros: [] },
      { content: plain, macros: [] },
      { content: text, macros: [`-DHEDDLE_WATCHDOG=${WATCHDOG}`] },
    ].entries()) {
      writeFileSync(join(prepared.folder, own, 'kernels.cu'), content);
      const said = await compile(
        ...macros,
        '-gencode',
        'arch=compute_90a,code=sm_90a',
        '-cubin',
        `${own}/kernels.cu`,
        '-o',
        `waits-${n}`,
      );
      expect(said).toMatch(/0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads/);
      expect(said).not.toMatch(/warning|serialized|C75\d\d|performance loss/i);
      cubins.push(readFileSync(join(prepared.folder, `waits-${n}`)));
    }
    expect(cubins[0]!.equals(cubins[1]!)).toBe(true);
    expect(cubins[2]!.equals(cubins[1]!)).toBe(false);
    expect(cubins[2]!.includes('mta_watchdog_record')).toBe(true);
  });

  withNvcc('libraries come with the folder, small, and are not built again', async () => {
    const out = mkdtempSync(join(tmpdir(), 'heddle-built-'));
    const options = {
      root,
      out,
      version: 'test',
      only: ({ name }: { name: string }) => name === 'causal-64',
      heads: 2,
    };
    const times = async () => {
      const [{ forms: built }] = (await prepare({ ...options, architectures: ['sm_90'] })) as [PreparedVariant];
      return built.flatMap(({ form, prepared: found }) =>
        found.map((each) => ({ form, ...each, ...statSync(join(out, each.path)) })),
      );
    };
    const first = await times();
    expect(first.map(({ form, what, architecture }) => [form, what, architecture])).toEqual([
      ['sm_80', 'library', 'sm_90'],
      ['sm_80', 'program', 'sm_90'],
      ['sm_90a', 'library', 'sm_90a'],
      ['sm_90a', 'program', 'sm_90a'],
    ]);
    for (const { what, size, nvcc } of first) {
      expect(nvcc).toBe(release);
      if (what === 'library') expect(size).toBeLessThan(1_000_000);
    }
    const second = await times();
    rmSync(out, { recursive: true });
    expect(second.map(({ path, mtimeMs }) => [path, mtimeMs])).toEqual(
      first.map(({ path, mtimeMs }) => [path, mtimeMs]),
    );
  });
});
