// The projects that `heddle init` begins with: the worked ones of examples/integrations, each a folder with a package.json.
// They are read from the package, so that what a person gets is what is under test.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { failUnknown } from './unknown-name.js';
import { version } from './version.js';

const place = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('heddle/package.json')), 'examples', 'integrations');

/** The names of the templates, sorted. */
export function templateNames(): readonly string[] {
  return readdirSync(place(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(place(), entry.name, 'package.json')))
    .map(({ name }) => name)
    .sort();
}

/** What npm makes of files with a dot is its own business, so a template has them without. */
const dotted = new Map([['gitignore', '.gitignore']]);

/**
 * The files of a template by their paths, sorted; its package.json asks for this version of Heddle.
 * @throws HeddleError HD4036 for an unknown one
 */
export function templateFiles(name: string): readonly (readonly [path: string, text: string])[] {
  const known = templateNames();
  if (!known.includes(name)) failUnknown('HD4036', name, known);
  const folder = join(place(), name);
  const isMade = (path: string): boolean => /(^|[\\/])(node_modules|generated|build|dist)([\\/]|$)/.test(path);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !isMade(path))
    .sort()
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const isManifest = path === 'package.json';
      return [
        dotted.get(path) ?? path,
        isManifest ? text.replace(/("heddle": )"[^"]*"/, `$1"^${version()}"`) : text,
      ] as const;
    });
}
