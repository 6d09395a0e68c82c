// Programs that devices start end with the process that started them, and leave nothing half made; what they keep lies in a
// folder of the user's own, and what others could have put there is not run.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderOf, isOwn } from '../../../targets/shared/device/cache-folder.js';
import { runProgram } from '../../../targets/shared/device/child-process.js';

const hasUsers = process.getuid !== undefined;
const root = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-children-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasUsers)('the cache', () => {
  test('is a folder that only the user writes to', () => {
    const path = join(folder, 'new', 'cache');
    expect(folderOf(path)).toBe(path);
    expect(isOwn(path, 'folder')).toBe(true);
    expect(folderOf(path)).toBe(path);
  });

  test('is another folder where others could write to that, or where it is a link or a file', () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const link = join(folder, 'link');
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), link);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [open, link, file]) {
      const found = folderOf(path);
      expect(found).not.toBe(path);
      expect(isOwn(found, 'folder')).toBe(true);
    }
  });

  test('holds files of the user alone', () => {
    const file = join(folder, 'program');
    expect(isOwn(file, 'file')).toBe(false);
    writeFileSync(file, '', { mode: 0o700 });
    expect(isOwn(file, 'file')).toBe(true);
    expect(isOwn(file, 'folder')).toBe(false);
    symlinkSync(file, join(folder, 'link'));
    expect(isOwn(join(folder, 'link'), 'file')).toBe(false);
    chmodSync(file, 0o722);
    expect(isOwn(file, 'file')).toBe(false);
  });
});

describe('a program', () => {
  test('gets its input and gives its output, its errors and its status', async () => {
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write("said"); process.exitCode = 3;';
    const input = Buffer.from('given');
    const { code, output, errors, isLate } = await runProgram(process.execPath, ['-e', script], {
      input,
      patience: 60_000,
    });
    expect({ code, output: String(output), errors, isLate }).toEqual({
      code: 3,
      output: 'given',
      errors: 'said',
      isLate: false,
    });
  });

  test('that takes too long is ended; one that is not there is an error', async () => {
    const late = await runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { patience: 200 });
    expect(late).toMatchObject({ isLate: true, signal: 'SIGKILL' });
    await expect(runProgram(join(folder, 'nothing'), [], { patience: 1000 })).rejects.toThrow('ENOENT');
  });
});

const isAlive = (pid: number): boolean => {
  try {
    // A zombie still takes signals.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.runIf(process.platform === 'linux')('a signal', () => {
  test('from the keyboard ends the compiler, what it has started, and what it has half written', async () => {
    // A compiler that starts another program, as g++ does, writes half of a file, and waits.
    const compiler = join(folder, 'compiler');
    writeFileSync(
      compiler,
      `#!/bin/sh
case "$*" in *--version*) echo 'a compiler'; exit 0;; esac
for each; do target=$each; done
echo half > "$target"
sleep 300 &
echo $! > '${join(folder, 'pid')}.new'; mv '${join(folder, 'pid')}.new' '${join(folder, 'pid')}'
wait
`,
      { mode: 0o700 },
    );
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const given = [
      join(root, 'scripts/run-typescript.js'),
      'cli/main.ts',
      'check',
      'examples/causal.ts',
      '--device',
      'cuda-emulator',
    ];
    const heddle = spawn(process.execPath, given, {
      cwd: root,
      env: { ...process.env, CXX: compiler, TMPDIR: temporary },
      stdio: 'ignore',
      // A group of its own, which the keyboard's signal goes to.
      detached: true,
    });
    const ended = new Promise((resolve) => heddle.once('exit', (code) => resolve(code)));
    try {
      await until('the compiler runs', () => existsSync(join(folder, 'pid')));
      const child = Number(readFileSync(join(folder, 'pid'), 'utf8'));
      expect(isAlive(child)).toBe(true);
      process.kill(-heddle.pid!, 'SIGINT');
      expect(await ended).not.toBe(0);
      await until('the compiler has ended', () => !isAlive(child));
      const kept = readdirSync(temporary, { recursive: true, encoding: 'utf8' });
      expect(kept.filter((name) => /compiling|program|cuda-/.test(name))).toEqual([]);
    } finally {
      heddle.kill('SIGKILL');
    }
  });
});
