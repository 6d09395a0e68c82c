// One function joins the name of a file to a folder, and never leaves the folder.
// What paths mean is asked of the system's own functions, in the ways of both kinds of systems.
import { posix, win32 } from 'node:path';
import { describe, expect, test } from 'vitest';
import { distinctFolders, joinInside, staysInside } from '../src/file-names.js';

const leaving = [
  ...[
    '',
    '.',
    '..',
    '../x',
    'a/../../x',
    'a/..',
    './x',
    'a//b',
    'a/',
    '/etc/passwd',
    '\\\\host\\share',
    'a\\..\\..\\x',
  ],
  ...['C:\\x', 'C:x', 'a:stream', 'a\0b', 'a\nb', 'a\u2028b', 'a\u202eb', 'a|b', 'a*'],
];

describe('names of files', () => {
  test.each(leaving)('%j leads elsewhere', (name) => {
    expect(staysInside(name)).toBe(false);
    expect(() => joinInside('/folder', name)).toThrow(/HD4116/);
  });

  test.each(['a', 'a.js', 'a/b.js', 'a/b/c', '..a', 'a..b', '.hidden', 'größe', 'a b'])('%j stays', (name) => {
    for (const { relative, resolve, isAbsolute } of [posix, win32]) {
      const folder = resolve('/some/folder');
      for (const joined of [joinInside(folder, name), joinInside(`${folder}/`, name)]) {
        const back = relative(folder, resolve(joined));
        expect(back.startsWith('..') && !name.startsWith('..a')).toBe(false);
        expect(isAbsolute(back)).toBe(false);
        expect(back.replaceAll('\\', '/')).toBe(name);
      }
    }
  });
});

test('folders of several specs are not one where there are no capitals', () => {
  const names = ['mta', 'Mta', 'MTA', 'Mta_2', 'nul', 'NUL', 'plain'];
  const folders = distinctFolders(names);
  expect(new Set(folders.map((each) => each.toLowerCase())).size).toBe(names.length);
  expect(folders[0]).toBe('mta');
  expect(folders.at(-1)).toBe('plain');
  expect(folders.filter((each) => /^nul$/i.test(each))).toEqual([]);
});
