// Files on disk: what is written is there whole or not at all, and every failure names the path and what to do.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFileOrFail, writeFileAtomically, writeFolderAtomically } from '../../driver/files.js';
import { type Diagnostic, HeddleError } from '../../src/diagnostics/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);
const textOf = (path: string) => readFileSync(path, 'utf8');
/** Not every system has permissions. */
const hasPermissions = process.getuid !== undefined;

/** The user `nobody` of most systems. */
const ORDINARY_USER = 65534;

/** Permissions do not bind the superuser, who becomes an ordinary user for the time of the action. */
function asOrdinaryUser<Result>(action: () => Result): Result {
  if (process.getuid?.() !== 0) return action();
  chmodSync(folder, 0o777);
  process.seteuid!(ORDINARY_USER);
  try {
    return action();
  } finally {
    process.seteuid!(0);
  }
}

function diagnosticOf(action: () => unknown): Diagnostic {
  try {
    action();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return error.diagnostics[0]!;
  }
  return expect.fail('nothing was thrown');
}

describe('reading', () => {
  test('gives the bytes of a file', () => {
    writeFileSync(at('bytes'), Uint8Array.of(1, 2, 255));
    expect([...readFileOrFail(at('bytes'))]).toEqual([1, 2, 255]);
  });

  test('of a missing file suggests one with a similar name', () => {
    writeFileSync(at('causal.ts'), '');
    const { code, message, hint } = diagnosticOf(() => readFileOrFail(at('casual.ts')));
    expect(code).toBe('HD4101');
    expect(message).toContain(at('casual.ts'));
    expect(hint).toContain(at('causal.ts'));
  });

  test('of a missing file among others, or in a missing folder, suggests nothing', () => {
    writeFileSync(at('causal.ts'), '');
    for (const path of [at('window.ts'), at('nowhere', 'causal.ts'), at('causal.ts', 'inside')]) {
      const { code, hint } = diagnosticOf(() => readFileOrFail(path));
      expect(code).toBe('HD4101');
      expect(hint).toContain('check the path');
    }
  });

  test('of a folder says so', () => {
    expect(diagnosticOf(() => readFileOrFail(folder)).code).toBe('HD4102');
  });

  test.runIf(hasPermissions)('without permission says so', () => {
    writeFileSync(at('secret'), '', { mode: 0o000 });
    expect(asOrdinaryUser(() => diagnosticOf(() => readFileOrFail(at('secret')))).code).toBe('HD4103');
  });

  test.runIf(existsSync('/dev/zero'))('of a device, which may have no end, says so', () => {
    const { code, message } = diagnosticOf(() => readFileOrFail('/dev/zero'));
    expect(code).toBe('HD4104');
    expect(message).toContain('device');
  });

  test('passes on what else the system reports, without its call', () => {
    symlinkSync(at('loop'), at('loop'));
    const { code, message } = diagnosticOf(() => readFileOrFail(at('loop')));
    expect(code).toBe('HD4104');
    expect(message).toMatch(/cannot be read: ELOOP: [^,]+$/);
  });
});

describe('writing a file', () => {
  test('creates the folders above it and leaves only the file', () => {
    writeFileAtomically(at('a', 'b', 'kernel.wgsl'), 'text');
    expect(textOf(at('a', 'b', 'kernel.wgsl'))).toBe('text');
    expect(readdirSync(at('a', 'b'))).toEqual(['kernel.wgsl']);
  });

  test('replaces an existing file and keeps its permissions', () => {
    writeFileSync(at('script'), 'old');
    chmodSync(at('script'), 0o754);
    writeFileAtomically(at('script'), Uint8Array.of(110, 101, 119));
    expect(textOf(at('script'))).toBe('new');
    expect(statSync(at('script')).mode & 0o777).toBe(0o754);
  });

  test('follows a link instead of replacing it', () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere', 'real'), 'old');
    symlinkSync(at('elsewhere', 'real'), at('link'));
    writeFileAtomically(at('link'), 'new');
    expect(textOf(at('elsewhere', 'real'))).toBe('new');
    expect(readdirSync(at('elsewhere'))).toEqual(['real']);
  });

  test('writes to a device rather than replacing it', () => {
    writeFileAtomically('/dev/null', 'gone');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test.runIf(existsSync('/dev/full'))('on a full disk says so', () => {
    const { code, hint } = diagnosticOf(() => writeFileAtomically('/dev/full', 'text'));
    expect(code).toBe('HD4114');
    expect(hint).toContain('space');
  });

  test.each([
    { what: 'a folder in its place', path: ['taken'], code: 'HD4112' },
    { what: 'a file as its folder', path: ['file', 'kernel'], code: 'HD4111' },
    { what: 'a file as a folder further up', path: ['file', 'a', 'b', 'kernel'], code: 'HD4111' },
    { what: 'a name that is too long', path: ['new', 'x'.repeat(300)], code: 'HD4115' },
    { what: 'a folder name that is too long', path: ['new', 'x'.repeat(300), 'kernel'], code: 'HD4115' },
  ])('with $what fails with $code and changes nothing', ({ path, code }) => {
    mkdirSync(at('taken'));
    writeFileSync(at('file'), 'old');
    const found = diagnosticOf(() => writeFileAtomically(at(...path), 'text'));
    expect(found.code).toBe(code);
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
    expect(readdirSync(at('taken'))).toEqual([]);
    expect(textOf(at('file'))).toBe('old');
  });

  test.runIf(hasPermissions)('without permission says so', () => {
    mkdirSync(at('closed'), { mode: 0o555 });
    expect(asOrdinaryUser(() => diagnosticOf(() => writeFileAtomically(at('closed', 'kernel'), ''))).code).toBe(
      'HD4113',
    );
  });
});

describe('writing a folder', () => {
  test('writes all files, with folders in their names, and keeps other files', () => {
    mkdirSync(at('out'));
    writeFileSync(at('out', 'notes'), 'mine');
    writeFolderAtomically(at('out'), [
      ['kernel.cu', 'kernel'],
      ['python/binding.py', 'binding'],
    ]);
    expect(readdirSync(at('out')).sort()).toEqual(['kernel.cu', 'notes', 'python']);
    expect(textOf(at('out', 'python', 'binding.py'))).toBe('binding');
    expect(textOf(at('out', 'notes'))).toBe('mine');
  });

  test('creates the folder even for no files', () => {
    writeFolderAtomically(at('a', 'empty'), []);
    expect(readdirSync(at('a', 'empty'))).toEqual([]);
  });

  test('removes everything again, new folders included, if one file fails', () => {
    const found = diagnosticOf(() =>
      writeFolderAtomically(at('out'), [
        ['first', '1'],
        ['deep/er/second', '2'],
        ['x'.repeat(300), '3'],
      ]),
    );
    expect(found.code).toBe('HD4115');
    expect(found.message).toContain('xxx');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('restores files that were already replaced when a later one cannot take its place', () => {
    mkdirSync(at('out'));
    writeFileSync(at('out', 'first'), 'old');
    // `clash` is still free when temporaries are written; its own sibling then makes it a folder.
    const found = diagnosticOf(() =>
      writeFolderAtomically(at('out'), [
        ['first', 'new'],
        ['second', 'new'],
        ['clash', 'new'],
        ['clash/inside', 'new'],
      ]),
    );
    expect(['HD4112', 'HD4115']).toContain(found.code);
    expect(found.message).toContain(at('out', 'clash'));
    expect(readdirSync(at('out'))).toEqual(['first']);
    expect(textOf(at('out', 'first'))).toBe('old');
  });

  test.each(['', '.', 'name/', '..', '../beside', 'a/../../beside', '/absolute'])('refuses the name %j', (name) => {
    expect(diagnosticOf(() => writeFolderAtomically(at('out'), [[name, 'x']])).code).toBe('HD4116');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('with a file in place of the folder says so', () => {
    writeFileSync(at('out'), 'old');
    expect(diagnosticOf(() => writeFolderAtomically(at('out'), [['a', 'x']])).code).toBe('HD4111');
    expect(diagnosticOf(() => writeFolderAtomically(at('out'), [])).code).toBe('HD4111');
    expect(textOf(at('out'))).toBe('old');
  });
});
