// Loads a large CommonJS file with the code that V8 made of it before, where a build has kept that beside the package's own code.
// What V8 made under another version of itself, or other flags, it does not take, and compiles the file as it always does.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** Where a build keeps the code of TypeScript. */
export const compiledTypescript = fileURLToPath(new URL('./typescript.code', import.meta.url));

/**
 * Loads a module for all who require it afterwards.
 * @param codeFile the code that V8 made of it; undefined to have it made, whether or not there is such a file
 * @returns the script, whose code can be kept once it has run
 */
export function loadWithCode(path: string, codeFile: string | undefined): Script {
  const cachedData = codeFile === undefined ? undefined : readFileSync(codeFile);
  const script = new Script(Module.wrap(readFileSync(path, 'utf8')), { filename: path, cachedData });
  const module = new Module(path);
  module.filename = path;
  const require = createRequire(path);
  script.runInThisContext().call(module.exports, module.exports, require, module, path, dirname(path));
  module.loaded = true;
  require.cache[path] = module;
  return script;
}

/** As `loadWithCode`, where a build has kept code. */
export function loadIfCompiled(path: string, codeFile: string): void {
  if (existsSync(codeFile)) loadWithCode(path, codeFile);
}
