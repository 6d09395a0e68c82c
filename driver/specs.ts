// From a spec's file to score graphs: opens it through the frontend, picks the exports that are asked for, applies settings.
// The frontend loads its TypeScript compiler when the first spec is opened, and not before.
import { openSpec, parseSetting, type Reading, type Settings, type SpecFile } from '../dsl/frontend/index.js';
import { settingVariations } from '../src/checking/variations.js';
import { type Diagnostic, HeddleError } from '../src/diagnostics/index.js';
import type { Graph } from '../src/ir/index.js';
import type { Variant } from './check.js';
import { readFileOrFail } from './files.js';

export interface SpecRequest extends Reading {
  /** The export to compile; needed where a file has several and one is wanted. */
  readonly export?: string | undefined;
  /** Settings over the defaults. */
  readonly settings?: Settings | undefined;
  /** Settings over the defaults as typed after --set. */
  readonly set?: ReadonlyMap<string, string> | undefined;
}

/** A spec under the settings that were asked for. */
export interface LoadedSpec {
  /** As written: nothing is simplified. */
  readonly graph: Graph;
  /** What may be a mistake in it. */
  readonly warnings: readonly Diagnostic[];
  /** The settings that differ from the defaults because they were asked for. */
  readonly asked: Settings;
  /** The same spec with further settings. */
  readonly compile: (further: Settings) => Graph;
}

/** The one spec of a file, or the export that is asked for. @throws HeddleError HD1xxx, HD2xxx, HD41xx. */
export async function loadSpec(path: string, request: SpecRequest = {}): Promise<LoadedSpec> {
  const file = await openFile(path, request);
  return load(file, file.spec(request.export).name, request);
}

/** All specs of a file, or only the export that is asked for. @throws HeddleError HD1xxx, HD2xxx, HD41xx. */
export async function loadSpecs(path: string, request: SpecRequest = {}): Promise<readonly LoadedSpec[]> {
  const file = await openFile(path, request);
  // A file without any spec has no first one to speak of: asking for it says so.
  const isOne = request.export !== undefined || file.specs.length === 0;
  const names = isOne ? [file.spec(request.export).name] : file.specs.map(({ name }) => name);
  return names.map((name) => load(file, name, request));
}

function openFile(path: string, { export: wanted, files, note }: SpecRequest): Promise<SpecFile> {
  // The frontend knows what a spec is, this knows what can be wrong with a path.
  if (files === undefined) readFileOrFail(path);
  return openSpec(path, wanted, { files, note });
}

function load(file: SpecFile, name: string, { settings = {}, set = new Map() }: SpecRequest): LoadedSpec {
  const descriptions = file.spec(name).settings;
  const typed = Array.from(set, ([key, text]) => [key, parseSetting(key, text, descriptions)] as const);
  const asked: Settings = { ...settings, ...Object.fromEntries(typed) };
  const compile = (further: Settings): Graph => file.compile(name, { ...asked, ...further });
  const warnings: Diagnostic[] = [];
  const graph = file.compile(name, asked, (warning) => warnings.push(warning));
  return { graph, warnings, asked, compile };
}

/** The spec under awkward settings, those left as they are that were asked for, and those left out that it refuses. */
export function awkwardVariants({ graph, asked, compile }: LoadedSpec): readonly Variant[] {
  const variations = settingVariations(graph.settings, new Set(Object.keys(asked)));
  return variations
    .filter(({ overrides }) => Object.keys(overrides).length > 0)
    .flatMap(({ overrides }) => {
      try {
        return [{ graph: compile(overrides), settings: overrides }];
      } catch (error) {
        if (!(error instanceof HeddleError)) throw error;
        return [];
      }
    });
}
