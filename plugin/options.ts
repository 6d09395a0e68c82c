// What an import or the configuration of a bundler asks for: `./mta.ts?heddle&dtype=f16&set.heads=8`, over the plugin's own options.
// Values are validated by the code that validates the flags of the command line.
import { parseTiles } from '../cli/arguments.js';
import { type Target, type TargetName, type TargetOptions, targetNamed, targetOptions } from '../driver/targets.js';
import { fail, nearest } from '../src/diagnostics/index.js';
import type { SettingValue } from '../src/ir/index.js';

/** What every import is compiled with; what stands behind its `?heddle` goes over it. */
export interface HeddleOptions {
  /** `wgsl` unless told: a launcher that needs nothing but WebGPU; or `gpujs`, a module that needs the package gpu.js. */
  readonly target?: Extract<TargetName, 'wgsl' | 'gpujs'> | undefined;
  /** What kernels store queries, keys, values and outputs as. */
  readonly dtype?: 'f32' | 'f16' | undefined;
  /** The schedule of the kernel; chosen by an estimate unless told. */
  readonly schedule?: TargetOptions['schedule'];
  /** Rows of scores and keys of a step: `32x16`. */
  readonly tiles?: string | undefined;
  /** For training: a launcher that keeps what gradients need, and a backward launcher. */
  readonly backward?: boolean | undefined;
  /** Settings over the defaults of every spec that is imported. */
  readonly settings?: Readonly<Record<string, SettingValue>> | undefined;
  /** Whether the types of what is imported are written beside the spec, as `mta.heddle.d.ts`; true unless told. */
  readonly types?: boolean | undefined;
  /** Whether what is compiled is kept in `node_modules/.cache/heddle`; true unless told. */
  readonly cache?: boolean | undefined;
}

/** An import, read. */
export interface Request {
  /** The file of the spec, absolute. */
  readonly path: string;
  readonly target: Target;
  readonly chosen: TargetOptions;
  readonly export: string | undefined;
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** Settings as they are typed. */
  readonly set: ReadonlyMap<string, string>;
  /** What stands behind `?` in the import, whose types are declared by it. */
  readonly query: string;
  /** A module of the package other than its main one. */
  readonly file: string | undefined;
}

const keys = ['target', 'dtype', 'schedule', 'tiles', 'backward', 'export'] as const;
const SETTING = 'set.';
/** What the plugin itself adds to tell the modules of a package apart. */
export const FILE = '&file=';

/** The targets that give a module of JavaScript. */
const targets: readonly TargetName[] = ['wgsl', 'gpujs'];

/**
 * @param query what stands behind the `?`: `heddle`, and options
 * @throws HeddleError HD4021, HD4028, HD4029, HD4034, HD4035 as the command line for its flags.
 */
export function requestOf(path: string, query: string, options: HeddleOptions): Request {
  const [asked = '', file] = query.split(FILE);
  const given = new Map<string, string>();
  const set = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(asked)) {
    if (key === 'heddle') continue;
    if (key.startsWith(SETTING)) set.set(key.slice(SETTING.length), value);
    else if (keys.some((known) => known === key)) given.set(key, value);
    else fail('HD4034', { name: key, known: [...keys, 'set.‹name›'], suggestion: nearest(key, [...keys, SETTING]) });
  }
  const target = targetNamed(given.get('target') ?? options.target ?? 'wgsl');
  if (!targets.includes(target.name)) fail('HD4035', { target: target.name, targets });
  const chosen = targetOptions(target, {
    dtype: given.get('dtype') ?? options.dtype,
    schedule: given.get('schedule') ?? options.schedule,
    tiles: parseTiles(given.get('tiles') ?? options.tiles),
    backward: (given.has('backward') ? given.get('backward') !== 'false' : options.backward) ? true : undefined,
  });
  return {
    path,
    target,
    chosen,
    export: given.get('export'),
    settings: options.settings ?? {},
    set,
    query: asked,
    file,
  };
}
