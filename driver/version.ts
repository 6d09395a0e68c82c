// The version of this package, read from its package.json, which is found by the package's own name.
// So it is the same file from the sources and from dist/.
import { createRequire } from 'node:module';

export function version(): string {
  const { version: found } = createRequire(import.meta.url)('heddle/package.json') as { version: string };
  return found;
}
