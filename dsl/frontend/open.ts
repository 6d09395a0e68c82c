// Opens a spec file: checks it, finds the specs and studies that it exports, and compiles configurations of them.
// The program is checked once; every further configuration only evaluates the body again.
import type { ts } from 'ts-morph';
import { diagnostic, fail, HeddleError } from '../../src/diagnostics/index.js';
import { isName } from '../../src/names.js';
import { compileSpec } from './compile.js';
import { tooDeep } from './depth.js';
import { describeSettings } from './describe-settings.js';
import { disk } from './disk.js';
import { documentationOf } from './documentation.js';
import type { SpecDescription, SpecFile, StudyDescription } from './index.js';
import { resolveVariant } from './matching.js';
import { Modules } from './modules.js';
import { resolve } from './paths.js';
import { displayPath, nameOfFile, normalised, spanOf } from './places.js';
import { loadProgram } from './program.js';
import { configured } from './settings.js';
import { notingFiles, type Reading, type SourceFiles } from './source-files.js';
import { type NamedExport, namedExports } from './spec-names.js';
import { planStudy } from './studies.js';
import { checkModules } from './top-level.js';
import { typescript } from './typescript.js';
import { isKind, type SpecValue, type StudyValue } from './values.js';

interface OpenedSpec extends Pick<NamedExport, 'fault' | 'isDefault'> {
  readonly value: SpecValue;
  readonly description: SpecDescription;
}

/** @throws HeddleError HD1001, HD1003, HD1035, HD2001, and whatever the evaluation of the exports finds. */
export function openSpecFile(path: string, wanted?: string, reading: Reading = {}): SpecFile {
  const files = filesOf(reading);
  return withinStack(path, files, () => opened(path, files, wanted));
}

/**
 * A study of a file. What is wrong with a variant alone is that variant's: it does not compile.
 * @throws HeddleError as `openSpecFile` for the rest, HD2017 and HD2018 where it is not clear which study is meant.
 */
export function openStudyFile(path: string, wanted?: string, reading: Reading = {}): StudyDescription {
  const files = filesOf(reading);
  return withinStack(path, files, () => openedStudy(path, files, wanted));
}

const filesOf = ({ files = disk, note }: Reading): SourceFiles =>
  note === undefined ? files : notingFiles(files, note);

/** Everything here follows the syntax, and a stranger's file may nest it more deeply than the machine's stack. */
function withinStack<Result>(path: string, files: SourceFiles, open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    throw error instanceof RangeError ? tooDeep(path, files.read(normalised(resolve(path))) ?? '') : error;
  }
}

function openedStudy(path: string, files: SourceFiles, wanted: string | undefined): StudyDescription {
  const program = loadProgram(path, files, undefined, 'keep');
  checkModules(program);
  const modules = new Modules(program);
  const faults: HeddleError[] = [];
  const found = Array.from(modules.exportsOf(program.source)).flatMap(([exported, { get, declaration }]) => {
    const name = exported === 'default' ? (nameOfFile(program.source) ?? exported) : exported;
    if (wanted !== undefined && wanted !== name && wanted !== exported) return [];
    try {
      const value = get();
      return isKind(value, 'study') ? [{ name, value, declaration }] : [];
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error;
      faults.push(error);
      return [];
    }
  });
  const shown = displayPath(program.source.fileName);
  const names = found.map(({ name }) => name);
  const [study, ...others] = found;
  // What could not be evaluated may be the study that is meant.
  if (study === undefined) throw faults[0] ?? new HeddleError([diagnostic('HD2017', { path: shown, name: wanted })]);
  if (others.length > 0) return fail('HD2018', { path: shown, names });
  return describeStudy(study.name, study.value, study.declaration, modules);
}

function opened(path: string, files: SourceFiles, wanted?: string): SpecFile {
  const program = loadProgram(path, files, wanted);
  checkModules(program);
  const modules = new Modules(program);
  const specs: OpenedSpec[] = [];
  const studies: StudyDescription[] = [];
  for (const { name, value, declaration, fault, isDefault } of namedExports(
    modules.exportsOf(program.source),
    program,
  )) {
    if (isKind(value, 'spec')) {
      specs.push({ value, description: describeSpec(name, value, declaration), fault, isDefault });
    }
    if (isKind(value, 'study')) {
      if (fault !== undefined) throw new HeddleError([fault]);
      // A study is compared, never exported: where a spec is asked for, those of the file are beside the point.
      if (program.wanted === undefined) studies.push(describeStudy(name, value, declaration, modules));
    }
  }
  const shown = displayPath(program.source.fileName);
  const specNamed = (name: string | undefined): OpenedSpec => {
    const names = specs.map(({ description }) => description.name);
    const [first, ...others] = specs;
    if (name === undefined && others.length > 0) return fail('HD2005', { path: shown, names });
    const found =
      name === undefined
        ? first
        : (specs.find(({ description }) => description.name === name) ??
          specs.find(({ isDefault }) => isDefault && name === 'default'));
    if (found?.fault !== undefined) throw new HeddleError([found.fault]);
    return found ?? fail('HD2006', { path: shown, name, names });
  };
  return {
    path: shown,
    specs: specs.map(({ description }) => description),
    studies,
    spec: (name) => specNamed(name).description,
    compile: (name, overrides = {}, onWarning) => {
      const { value, description } = specNamed(name);
      return compileSpec(value, configured(description.settings, overrides), description, modules, onWarning);
    },
  };
}

function describeStudy(name: string, study: StudyValue, declaration: ts.Node, modules: Modules): StudyDescription {
  const described = new Map<SpecValue, SpecDescription>();
  const describe = (value: SpecValue): SpecDescription => {
    const known = described.get(value) ?? describeSpec(declaredName(value), value, value.site);
    described.set(value, known);
    return known;
  };
  const plan = planStudy(name, study, {
    modules,
    describeSpec: describe,
    compile: (value, spec, settings) => compileSpec(value, configured(spec.settings, settings), spec, modules),
  });
  const { summary } = documentationOf(declaration);
  return {
    name,
    ...(summary ? { summary } : {}),
    spec: describe(study.spec),
    declared: spanOf(declaration),
    ...plan,
    resolve: (variant) => resolveVariant(variant, plan.variants[0]!, plan.shapes[0]),
  };
}

/** The variable that holds the attention() call of a spec, or what its file is called. */
function declaredName({ site }: SpecValue): string {
  const holder = typescript.findAncestor(site, typescript.isVariableDeclaration);
  const name = holder && typescript.isIdentifier(holder.name) ? holder.name.text : undefined;
  return name !== undefined && isName(name) ? name : (nameOfFile(site.getSourceFile()) ?? 'spec');
}

function describeSpec(name: string, spec: SpecValue, declaration: ts.Node): SpecDescription {
  // A spec made by with() is documented where it is exported, and otherwise as the spec that it comes from.
  return {
    name,
    ...documentationOf(spec.site),
    ...documentationOf(declaration),
    settings: describeSettings(spec.settings),
    declared: spanOf(declaration),
  };
}
