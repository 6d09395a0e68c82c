// What the exports of a spec file are called: an export by its name, a default export as its file.
// A name that kernels could not have is a fault of that export alone, found when it is asked for.
import type { ts } from 'ts-morph';
import { codeFrame, type Diagnostic, diagnostic, HeddleError } from '../../src/diagnostics/index.js';
import { isName } from '../../src/names.js';
import type { Export } from './modules.js';
import { nameOfFile, spanOf } from './places.js';
import { type CheckedProgram, sourceTextOf } from './program.js';
import type { Value } from './values.js';

/** The value of an export with the name that graphs and files get of it. */
export interface NamedExport {
  readonly name: string;
  readonly value: Value;
  readonly declaration: ts.Node;
  /** Why it has no name that can be used. */
  readonly fault: Diagnostic | undefined;
  /** Whether `default` means it too. */
  readonly isDefault: boolean;
}

/** All exports with their values. A default export of what has a name too is that, once. */
export function namedExports(exports: ReadonlyMap<string, Export>, program: CheckedProgram): readonly NamedExport[] {
  const values = Array.from(exports).flatMap(([name, { get, declaration }]) => {
    const value = isAskedFor(name, program) ? { known: get() } : knownValue(get);
    return value === undefined ? [] : [{ name, value: value.known, declaration }];
  });
  const standard = values.find(({ name }) => name === 'default');
  const others = values.filter((each) => each !== standard);
  const named = others.map((each): NamedExport => {
    const isDefault = standard !== undefined && typeof each.value === 'object' && each.value === standard.value;
    const fault = isName(each.name)
      ? undefined
      : faultAt(each.declaration, program, (place) => diagnostic('HD2012', { what: 'export', name: each.name }, place));
    return { ...each, fault, isDefault };
  });
  if (standard === undefined || named.some(({ isDefault }) => isDefault)) return named;
  return [...named, defaultExport(standard, new Set(exports.keys()), program)];
}

const isAskedFor = (name: string, { wanted }: CheckedProgram): boolean => wanted === undefined || wanted === name;

/** The value of an export that nobody asked for; undefined where it has none, which is for who asks. */
function knownValue(get: () => Value): { readonly known: Value } | undefined {
  try {
    return { known: get() };
  } catch (error) {
    if (error instanceof HeddleError) return undefined;
    throw error;
  }
}

function defaultExport(
  { value, declaration }: Pick<NamedExport, 'value' | 'declaration'>,
  taken: ReadonlySet<string>,
  program: CheckedProgram,
): NamedExport {
  const name = nameOfFile(program.source);
  const isTaken = name !== undefined && taken.has(name);
  const fault =
    name !== undefined && !isTaken
      ? undefined
      : faultAt(declaration, program, (place) => diagnostic('HD2013', { name, taken: isTaken }, place));
  return { name: name ?? 'default', value, declaration, fault, isDefault: true };
}

type Place = Pick<Diagnostic, 'span' | 'frame'>;

function faultAt(node: ts.Node, program: CheckedProgram, describe: (place: Place) => Diagnostic): Diagnostic {
  const span = spanOf(node);
  const text = sourceTextOf(program, span.file);
  return describe({ span, ...(text === undefined ? {} : { frame: codeFrame(text, span) }) });
}
