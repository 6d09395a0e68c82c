// The plugin for bundlers: `import { createMta } from './mta.ts?heddle'` gives what the spec compiles to, with its types.
// One plugin for Vite, Rollup, Rolldown, webpack, Rspack and esbuild; each has an entry of its own beside this file.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { createUnplugin, type UnpluginInstance } from 'unplugin';
import { Compilations } from './compiled.js';
import { bundlerError } from './failure.js';
import { FILE, type HeddleOptions, type Request, requestOf } from './options.js';
import { sourceMapOf } from './source-map.js';
import { declareImport, typesFileOf } from './types-file.js';

export type { HeddleOptions } from './options.js';

/**
 * The start of the names of modules that are compiled: no zero, as of virtual modules, because Rollup leaves those out of source maps.
 * Their ending keeps them from being taken for TypeScript.
 */
const PREFIX = 'heddle:';
const ENDING = '.js?';

const IMPORT = /\?heddle(?:&|$)/;
/** A module of a package beside its main one. */
const PART = /^\.\/\w+\.js$/;

const pathIn = (id: string): string => id.slice(PREFIX.length, id.lastIndexOf(ENDING));
const queryIn = (id: string): string => id.slice(id.lastIndexOf(ENDING) + ENDING.length);

/** What only some bundlers give to a plugin: their own way to find a file, aliases included. */
interface Resolving {
  readonly resolve: (
    path: string,
    importer: string | undefined,
    options: { readonly skipSelf: boolean },
  ) => Promise<{ readonly id: string } | null>;
}
const canResolve = (context: object): context is Resolving => 'resolve' in context;

/** The bundlers whose errors have a code frame of their own. */
const framing: readonly string[] = ['vite', 'rollup', 'rolldown'];

/**
 * Whether a bundler is told of a file that a spec depends on. Vite takes each for an import that must be there; it hears of
 * what appears by itself. Which packages there are above a spec says nothing of it.
 */
const isWatched = (path: string, framework: string): boolean =>
  !path.endsWith('/package.json') && (framework !== 'vite' || existsSync(path));

/** Where results outlive the process: in the next node_modules above the working folder. */
function cacheFolder(): string | undefined {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache', 'heddle');
    if (dirname(folder) === folder) return undefined;
  }
}

export const heddle: UnpluginInstance<HeddleOptions | undefined, false> = createUnplugin<
  HeddleOptions | undefined,
  false
>((options = {}, { framework }) => {
  const compilations = new Compilations(options.cache === false ? undefined : cacheFolder());
  /** The files that each module depends on. */
  const watched = new Map<string, readonly string[]>();

  const load = async (
    request: Request,
    id: string,
    tell: { watch: (path: string) => void; warn: (text: string) => void },
  ) => {
    const result = await compilations.compile(request);
    watched.set(id, result.watched);
    result.watched.filter((path) => isWatched(path, framework)).forEach(tell.watch);
    if ('error' in result) throw result.error;
    const { files, name, warnings } = result.compiled;
    if (request.file === undefined) {
      warnings.forEach(tell.warn);
      if (options.types !== false && !declareImport(request.path, request.query, result.compiled)) {
        tell.warn(`${typesFileOf(request.path)} was not made by heddle, and stays as it is: its import has no types`);
      }
    }
    const module = request.file?.replace(/\.js$/, '') ?? name;
    const code = files[`${module}.js`];
    if (code === undefined) throw new Error(`${name} has no module ${module}.js`);
    return { code, map: sourceMapOf(module, code, files[`${module}.wgsl`]) };
  };

  return {
    name: 'heddle',
    enforce: 'pre',

    resolveId: {
      filter: { id: /\?heddle(?:&|$)|^heddle:|^\.\/\w+\.js$/ },
      async handler(source, importer) {
        if (source.startsWith(PREFIX)) return source;
        if (PART.test(source)) {
          return importer?.startsWith(PREFIX) ? `${importer}${FILE}${source.slice('./'.length)}` : undefined;
        }
        if (!IMPORT.test(source)) return undefined;
        const at = source.indexOf('?');
        const [path, query] = [source.slice(0, at), source.slice(at + 1)];
        const from = importer?.replace(/\?.*$/, '');
        const beside = from !== undefined && /^\.{1,2}\//.test(path) ? resolve(dirname(from), path) : undefined;
        const found =
          beside ??
          (canResolve(this) ? (await this.resolve(path, importer, { skipSelf: true }))?.id : undefined) ??
          (isAbsolute(path) ? path : undefined);
        return found === undefined ? undefined : `${PREFIX}${found.replaceAll('\\', '/')}${ENDING}${query}`;
      },
    },

    load: {
      filter: { id: /^heddle:/ },
      async handler(id) {
        const path = pathIn(id);
        try {
          const request = requestOf(path, queryIn(id), options);
          return await load(request, id, {
            watch: (file) => this.addWatchFile(file),
            warn: (text) => this.warn(text),
          });
        } catch (error) {
          throw bundlerError(error, path, framing.includes(framework), (shown) => resolve(shown));
        }
      },
    },

    vite: {
      // What failed to load has no imports that Vite could follow from a file that changes.
      hotUpdate({ file, modules }) {
        const dependent = [...watched].filter(([, files]) => files.includes(file)).map(([id]) => id);
        const found = dependent.flatMap((id) => this.environment.moduleGraph.getModuleById(id) ?? []);
        return found.length === 0 ? undefined : [...new Set([...modules, ...found])];
      },
    },
  };
});
