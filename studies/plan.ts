// A study made ready: its file opened and checked once, and each variant as a graph with what is known of it without running it.
// What is wrong with one variant is kept with it.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readFileOrFail } from '../driver/files.js';
import {
  isNoVariant,
  openStudy,
  type StudyDescription,
  type StudyShape,
  type StudyVariant,
} from '../dsl/frontend/index.js';
import { fail, HeddleError } from '../src/diagnostics/index.js';
import { distinctFolders, joinInside } from '../src/file-names.js';
import { costOfGraph } from '../src/ir/cost.js';
import { headGroups } from '../src/ir/footprint/index.js';
import { type Graph, history } from '../src/ir/index.js';
import { optimise } from '../src/passes/index.js';
import { fingerprintOf } from './fingerprint.js';
import type { Failure, GraphFacts, Setting, VariantRecord } from './record/study.js';
import { callShape } from './work/call-shape.js';

/** A variant before anything was run: its record without kernels and checks, and its graph as written where it compiles. */
export interface PlannedVariant {
  readonly record: Omit<VariantRecord, 'kernels' | 'checks'>;
  readonly graph?: Graph;
}

export interface PlannedStudy {
  readonly study: StudyDescription;
  readonly shapes: readonly StudyShape[];
  /** The baseline first. */
  readonly variants: readonly PlannedVariant[];
}

export interface PlanRequest {
  readonly export?: string | undefined;
  /** The one variant to take beside the baseline. */
  readonly only?: string | undefined;
}

/** What a study without shapes is counted, checked and timed at. */
const DEFAULT_SHAPE: StudyShape = { batch: 1, queries: 512, keys: 512 };

/** @throws HeddleError HD1xxx and HD2xxx for a file without a study that can be read, HD2014 for an unknown variant. */
export async function planStudy(path: string, { export: name, only }: PlanRequest): Promise<PlannedStudy> {
  readFileOrFail(path);
  const study = await openStudy(path, name);
  const shapes = study.shapes.length > 0 ? study.shapes : [DEFAULT_SHAPE];
  const folders = foldersOf(study.variants);
  const planned = study.variants.flatMap((variant, n) => planVariant(study, variant, folders[n]!, shapes));
  if (only === undefined) return { study, shapes, variants: planned };
  const names = planned.map(({ record }) => record.name);
  if (!names.includes(only)) fail('HD2014', { name: only, names });
  return { study, shapes, variants: planned.filter(({ record }, n) => n === 0 || record.name === only) };
}

/** Of the grid, what the spec refuses is no variant. */
function planVariant(
  study: StudyDescription,
  variant: StudyVariant,
  folder: string,
  shapes: readonly StudyShape[],
): readonly PlannedVariant[] {
  const spec = specOf(variant);
  const common = { name: variant.name, folder, spec };
  try {
    const { settings, graph, match } = study.resolve(variant);
    const optimised = optimise(graph);
    const record = {
      ...common,
      settings: { ...defaultsOf(variant), ...settings } as Readonly<Record<string, Setting>>,
      ...(match === undefined ? {} : { matched: match }),
      fingerprint: fingerprintOf(optimised),
      failures: [],
      graph: factsOf(optimised, shapes),
    };
    return [{ record, graph }];
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    if (isNoVariant(variant, error)) return [];
    const settings = { ...defaultsOf(variant), ...variant.settings } as Readonly<Record<string, Setting>>;
    return [{ record: { ...common, settings, failures: error.diagnostics.map(compileFailure) } }];
  }
}

function compileFailure({ code, message, span }: HeddleError['diagnostics'][number]): Failure {
  const place = span === undefined ? '' : `${span.file}:${span.line}:${span.column}: `;
  return { stage: 'compile', code, message: `${place}${message}` };
}

const defaultsOf = ({ spec }: StudyVariant): Readonly<Record<string, Setting>> =>
  Object.fromEntries(spec.settings.map(({ name, default: value }) => [name, value]));

function specOf({ spec }: StudyVariant): VariantRecord['spec'] {
  const { name, formula, paper, declared } = spec;
  return {
    name,
    file: declared.file,
    line: declared.line,
    ...(formula === undefined ? {} : { formula }),
    ...(paper === undefined ? {} : { paper }),
    source: readFileSync(resolve(declared.file), 'utf8'),
  };
}

function factsOf(optimised: Graph, shapes: readonly StudyShape[]): GraphFacts {
  const costs = shapes.map((shape) => costOfGraph(optimised, callShape(optimised, shape)));
  const parameters = costs[0]!.parameters.map(({ name, shape, count }) => ({ name, shape, count }));
  return {
    history: history(optimised),
    headsTogether: headGroups(optimised).size,
    parameters,
    parameterCount: parameters.reduce((sum, { count }) => sum + count, 0),
    costs: costs.map(({ operations, products, compulsoryBytes, materialisedBytes }) => ({
      operations,
      products,
      compulsoryBytes,
      materialisedBytes,
    })),
  };
}

/** A folder for each variant, named as it is as far as every system has such names. */
function foldersOf(variants: readonly StudyVariant[]): readonly string[] {
  const plain = ({ name }: StudyVariant, n: number): string =>
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9_=-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || `variant-${n}`;
  return distinctFolders(variants.map(plain)).map((folder) => joinInside('variants', folder));
}
