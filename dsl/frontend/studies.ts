// Studies: the variants that ablation() asks for, as specs with named sets of settings.
// First the baseline, then the named variants, then every combination of the grid; each is compiled when it is asked for.
import type { ts } from 'ts-morph';
import { type Diagnostic, diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { joinInside } from '../../src/file-names.js';
import type { Graph, SettingValue } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import type { SpecDescription } from './index.js';
import { MOST_COMBINATIONS } from './limits.js';
import type { Matching } from './matching.js';
import type { Modules } from './modules.js';
import { dirname, resolve } from './paths.js';
import { displayPath, spanOf } from './places.js';
import { type SettingDescription, type Settings, settingFault } from './settings.js';
import {
  describe,
  field,
  isKind,
  list,
  record,
  type SpecValue,
  type StudyValue,
  truthiness,
  type Value,
} from './values.js';

export interface StudyVariant {
  readonly name: string;
  /** The spec that it is a variant of: the study's own, or another one; of one that cannot be read what the study says. */
  readonly spec: SpecDescription;
  /** What differs from that spec's defaults; without the value of a setting that is to be matched. */
  readonly settings: Settings;
  /** Whether it is a combination of the grid: one that the spec's `ensure` refuses is no variant. */
  readonly isFromGrid: boolean;
  /** How it is to be made to cost what the baseline costs. */
  readonly matching?: Matching;
  /** The graph under its settings, and further ones over them. @throws HeddleError HD1xxx, HD2xxx. */
  readonly compile: (further?: Settings) => Graph;
}

export interface StudyShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
}

export interface StudyPlan {
  /** What it is called in its report; its name unless told. */
  readonly title?: string;
  /** The name of the variant that all are compared with: the first one. */
  readonly baseline: string;
  readonly variants: readonly StudyVariant[];
  readonly shapes: readonly StudyShape[];
  /** The tokens that heat maps are drawn on. */
  readonly tokens?: readonly string[];
  /** The path of the file with tensors for them. */
  readonly tensors?: string;
}

/** What a plan needs of the file that holds the study. */
export interface StudySurroundings {
  readonly modules: Modules;
  readonly describeSpec: (spec: SpecValue) => SpecDescription;
  readonly compile: (spec: SpecValue, description: SpecDescription, settings: Settings) => Graph;
}

/**
 * The variants and shapes of a study; combinations that `where` refuses are left out, and so are those of the grid that
 * another variant is.
 * @throws HeddleError HD2002 to HD2004, HD2010, HD2011, HD2014, HD2015 and HD4116.
 */
export function planStudy(name: string, study: StudyValue, surroundings: StudySurroundings): StudyPlan {
  return new StudyReader(name, study, surroundings).plan();
}

const BASE = 'base';
const SIZES: ReadonlySet<string> = new Set(['heads', 'kvHeads', 'headDim', 'valueDim']);
const DEFAULT_TOLERANCE = 0.05;
/** Words with the apostrophes and hyphens inside them, and every other mark by itself. */
const TOKEN = /[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*|[^\s\p{L}\p{N}_]/gu;

class StudyReader {
  private readonly name: string;
  private readonly study: StudyValue;
  private readonly surroundings: StudySurroundings;
  private readonly evaluation: Evaluation;
  private readonly spec: SpecDescription;

  constructor(name: string, study: StudyValue, surroundings: StudySurroundings) {
    this.name = name;
    this.study = study;
    this.surroundings = surroundings;
    this.evaluation = surroundings.modules.evaluation();
    this.spec = surroundings.describeSpec(study.spec);
  }

  plan(): StudyPlan {
    const title = this.textOf('title');
    const tokens = this.tokens();
    const tensors = this.tensors();
    const variants = this.variants();
    return {
      ...(title === undefined ? {} : { title }),
      baseline: variants[0]!.name,
      variants,
      shapes: this.shapes(),
      ...(tokens === undefined ? {} : { tokens }),
      ...(tensors === undefined ? {} : { tensors }),
    };
  }

  private variants(): readonly StudyVariant[] {
    const base = this.settingsOf(this.part('base'), this.spec, this.site('base'), 'base');
    const named = this.namedVariants(base);
    const baseline = this.baseline(named, base);
    const others = named.filter((variant) => variant !== baseline);
    const known = new Set([baseline, ...others].map((variant) => this.keyOf(variant)));
    const combinations = this.grid(base).filter((variant) => {
      const key = this.keyOf(variant);
      const isNew = !known.has(key);
      known.add(key);
      return isNew;
    });
    const wanted = [...others, ...combinations].filter(
      ({ spec, settings }) => spec !== this.spec || this.isWanted(settings),
    );
    const all = [baseline, ...wanted];
    this.refuseSharedNames(all);
    return this.withMatching(all, baseline.name);
  }

  /** The variant that is named as the baseline, or the spec under the base's settings. */
  private baseline(named: readonly StudyVariant[], base: Settings): StudyVariant {
    const name = this.textOf('baseline');
    if (name === undefined) return this.variant(BASE, this.study.spec, this.spec, base);
    const names = named.map((variant) => variant.name);
    return (
      named.find((variant) => variant.name === name) ??
      this.evaluation.fail(this.site('baseline'), 'HD2014', { name, names })
    );
  }

  private namedVariants(base: Settings): readonly StudyVariant[] {
    const part = this.part('variants');
    if (part === undefined) return [];
    if (!isKind(part, 'record')) return this.odd('variants', part);
    return [...part.fields].map(([name, { get, site = this.site('variants') }]) => {
      try {
        return this.named(name, get(), base, site);
      } catch (error) {
        if (!(error instanceof HeddleError) || this.surroundings.modules.program.mistakes === 'end') throw error;
        return this.faulty(name, site, error);
      }
    });
  }

  /** A variant whose spec or settings are wrong: the others can do without it. */
  private faulty(name: string, site: ts.Node, fault: HeddleError): StudyVariant {
    const spec = { name: 'unknown', settings: [], declared: spanOf(site) };
    const compile = (): never => {
      throw fault;
    };
    return { name, spec, settings: {}, isFromGrid: false, compile };
  }

  private named(name: string, value: Value, base: Settings, site: ts.Node): StudyVariant {
    if (isKind(value, 'record')) {
      const settings = { ...base, ...this.settingsOf(value, this.spec, site, 'variants') };
      return this.variant(name, this.study.spec, this.spec, settings);
    }
    const [spec, own, ...more] = isKind(value, 'list') ? value.items : [value, undefined];
    if (!isKind(spec, 'spec') || more.length > 0 || (isKind(value, 'list') && !isKind(own, 'record'))) {
      return this.odd('variants', isKind(spec, 'spec') ? (own ?? value) : value, site);
    }
    const description = this.surroundings.describeSpec(spec);
    const sizes = Object.entries(base).filter(
      ([size]) => SIZES.has(size) && description.settings.some((setting) => setting.name === size),
    );
    const settings = { ...Object.fromEntries(sizes), ...this.settingsOf(own, description, site, 'variants') };
    return this.variant(name, spec, description, settings);
  }

  /** Every combination of the grid's values over `base`, named after the settings that differ. */
  private grid(base: Settings): readonly StudyVariant[] {
    const site = this.site('grid');
    const axes = this.fieldsOf(this.part('grid'), 'grid').map(([name, values]) =>
      this.itemsOf(values, 'grid').map(
        (value) => [name, this.settingOf(name, value, this.spec, site, 'grid')] as const,
      ),
    );
    if (axes.length === 0) return [];
    const count = axes.reduce((product, values) => product * values.length, 1);
    if (count > MOST_COMBINATIONS) {
      this.evaluation.fail(site, 'HD2019', { name: this.name, count, limit: MOST_COMBINATIONS });
    }
    const combinations = axes.reduce<(readonly (readonly [string, SettingValue])[])[]>(
      (before, axis) => before.flatMap((chosen) => axis.map((each) => [...chosen, each])),
      [[]],
    );
    return combinations.map((chosen) => ({
      ...this.variant(chosen.map(([name, value]) => `${name}=${String(value)}`).join(' '), this.study.spec, this.spec, {
        ...base,
        ...Object.fromEntries(chosen),
      }),
      isFromGrid: true,
    }));
  }

  private variant(name: string, value: SpecValue, spec: SpecDescription, settings: Settings): StudyVariant {
    const compile = (further: Settings = {}): Graph =>
      this.surroundings.compile(value, spec, { ...settings, ...further });
    return { name, spec, settings, isFromGrid: false, compile };
  }

  private keyOf({ spec, settings }: StudyVariant): string {
    const whole = spec.settings.map(({ name, default: start }) => settings[name] ?? start);
    return JSON.stringify([spec.declared, whole]);
  }

  private isWanted(settings: Settings): boolean {
    const where = this.part('where');
    if (where === undefined) return true;
    const whole = this.spec.settings.map(({ name, default: start }) => {
      const value = settings[name] ?? start;
      return [name, field(typeof value === 'object' ? list(value) : value)] as const;
    });
    const site = this.site('where');
    const result = this.evaluation.call(where, [record(whole)], site);
    return truthiness(result) ?? this.odd('where', result);
  }

  /** Results are found by the names of their variants. */
  private refuseSharedNames(variants: readonly StudyVariant[]): void {
    const names = variants.map(({ name }) => name);
    const twice = names.find((name, n) => names.indexOf(name) !== n);
    if (twice === undefined) return;
    this.evaluation.fail(this.fieldSite('variants', twice), 'HD2015', { name: twice });
  }

  // ── What is matched ───────────────────────────────────────────────────────────────────────────────

  private withMatching(variants: readonly StudyVariant[], baseline: string): readonly StudyVariant[] {
    const matched = new Map(this.fieldsOf(this.part('matched'), 'matched'));
    const names = variants.map(({ name }) => name).filter((name) => name !== baseline);
    for (const name of matched.keys()) {
      if (!names.includes(name)) this.evaluation.fail(this.fieldSite('matched', name), 'HD2014', { name, names });
    }
    return variants.map((variant) => {
      const value = matched.get(variant.name);
      return value === undefined ? variant : { ...variant, matching: this.matching(variant, value) };
    });
  }

  private matching({ name, spec }: StudyVariant, value: Value): Matching {
    const site = this.fieldSite('matched', name);
    const fields = new Map(this.fieldsOf(value, 'matched', site));
    const by = fields.get('by');
    const vary = fields.get('vary');
    if (by !== 'parameters' && by !== 'operations') return this.odd('matched', by, site);
    if (typeof vary !== 'string') return this.odd('matched', vary, site);
    if (spec.settings.length > 0) this.settingOf(vary, 1, spec, site, 'matched');
    const width = fields.get('width');
    if (width !== undefined && !isPositiveInteger(width)) return this.odd('matched', width, site);
    const within = fields.get('within') ?? DEFAULT_TOLERANCE;
    if (typeof within !== 'number' || !(within >= 0)) return this.odd('matched', within, site);
    return {
      by,
      vary,
      within,
      ...(width === undefined ? {} : { width }),
      refuse: (details) => this.evaluation.fail(site, 'HD2016', { name, by, vary, within, ...details }),
    };
  }

  // ── Shapes, and what heat maps are drawn on ───────────────────────────────────────────────────────

  private shapes(): readonly StudyShape[] {
    return this.itemsOf(this.part('shapes'), 'shapes').map((shape) => {
      const sizes = new Map(this.fieldsOf(shape, 'shapes'));
      const size = (name: string, otherwise: number): number => {
        const value = sizes.get(name);
        if (value === undefined) return otherwise;
        return isPositiveInteger(value) ? value : this.odd('shapes', value);
      };
      const keys = size('keys', 0);
      return { batch: size('batch', 1), queries: size('queries', keys), keys };
    });
  }

  private tokens(): readonly string[] | undefined {
    const text = this.part('text');
    if (text === undefined) return undefined;
    const tokens = typeof text === 'string' ? (text.match(TOKEN) ?? []) : this.itemsOf(text, 'text');
    const isText = (token: unknown): token is string => typeof token === 'string';
    return tokens.length > 0 && tokens.every(isText) ? tokens : this.odd('text', text);
  }

  private tensors(): string | undefined {
    const path = this.textOf('tensors');
    if (path === undefined) return undefined;
    const folder = dirname(resolve(this.study.site.getSourceFile().fileName));
    try {
      return displayPath(resolve(joinInside(folder, path)));
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      const found: Diagnostic = diagnostic('HD4116', { folder: displayPath(folder), name: path });
      return this.evaluation.failWith(this.site('tensors'), found);
    }
  }

  // ── Parts of the study ────────────────────────────────────────────────────────────────────────────

  private part(name: string): Value {
    return this.study.study.fields.get(name)?.get();
  }

  private textOf(part: string): string | undefined {
    const value = this.part(part);
    return value === undefined || typeof value === 'string' ? value : this.odd(part, value);
  }

  private site(part: string): ts.Node {
    return this.study.study.fields.get(part)?.site ?? this.study.site;
  }

  /** Where a field of a part is written. */
  private fieldSite(part: string, name: string): ts.Node {
    const value = this.part(part);
    return (isKind(value, 'record') ? value.fields.get(name)?.site : undefined) ?? this.site(part);
  }

  private odd(part: string, value: Value, site = this.site(part)): never {
    return this.evaluation.fail(site, 'HD2011', { name: this.name, part, found: describe(value) });
  }

  private fieldsOf(value: Value, part: string, site?: ts.Node): readonly (readonly [string, Value])[] {
    if (value === undefined) return [];
    if (!isKind(value, 'record')) return this.odd(part, value, site);
    return [...value.fields].map(([name, { get }]) => [name, get()]);
  }

  private itemsOf(value: Value, part: string): readonly Value[] {
    if (value === undefined) return [];
    return isKind(value, 'list') ? value.items : this.odd(part, value);
  }

  private settingsOf(value: Value, spec: SpecDescription, site: ts.Node, part: string): Settings {
    const given = this.fieldsOf(value, part, site).filter(([, each]) => each !== undefined);
    return Object.fromEntries(given.map(([name, each]) => [name, this.settingOf(name, each, spec, site, part)]));
  }

  private settingOf(
    name: string,
    value: Value,
    { settings }: SpecDescription,
    site: ts.Node,
    part: string,
  ): SettingValue {
    const setting = settings.find((each) => each.name === name);
    if (setting === undefined) {
      const names = settings.map((each: SettingDescription) => each.name);
      return this.evaluation.fail(site, 'HD2002', { name, names });
    }
    const numbers = isKind(value, 'list') ? value.items.filter((each) => typeof each === 'number') : undefined;
    const known = numbers ?? (typeof value === 'object' || value === undefined ? this.odd(part, value, site) : value);
    const fault = settingFault(setting, known);
    if (fault !== undefined) this.evaluation.failWith(site, fault);
    return known;
  }
}

const isPositiveInteger = (value: Value): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
