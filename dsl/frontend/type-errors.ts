// TypeScript's errors in a spec as diagnostics: each mistake said once, in the words of the language, where it is made.
// What follows from another error is left out, and what is repeated is listed with the first.
import type { ts } from 'ts-morph';
import { typeErrorRule } from '../../src/diagnostics/catalogue/type-errors.js';
import { type Diagnostic, diagnostic } from '../../src/diagnostics/index.js';
import { placeBetween, placeOf } from './places.js';
import { typescript } from './typescript.js';
import { innermost, wrongMaskAt } from './wrong-masks.js';

/** The diagnostics for errors of TypeScript, in their order. `isLanguage` tells the sources of the language itself. */
export function typeErrors(
  found: readonly ts.Diagnostic[],
  checker: ts.TypeChecker,
  isLanguage: (source: ts.SourceFile) => boolean,
): readonly Diagnostic[] {
  const masks = new Map<ts.Node, Diagnostic>();
  const others = found.filter((each) => {
    const mask = wrongMaskAt(each, checker);
    if (mask) masks.set(mask.node, diagnostic('HD1070', mask, placeOf(mask.node)));
    return mask === undefined;
  });
  return [...masks.values(), ...mistakes(causes(others)).map((mistake) => typeError(mistake, isLanguage))];
}

// ── What follows from what ──────────────────────────────────────────────────────────────────────────

type Placed = ts.Diagnostic & { readonly file: ts.SourceFile; readonly start: number };

const isPlaced = (error: ts.Diagnostic): error is Placed => error.file !== undefined && error.start !== undefined;
const endOf = ({ start, length }: Placed): number => start + (length ?? 0);
const sizeOf = (error: Placed): number => wholeEnd(error) - error.start;
const holds = (outer: Placed, inner: Placed): boolean =>
  outer.file === inner.file && outer.start <= inner.start && endOf(inner) <= wholeEnd(outer);

/** The end of what an error refuses: of an arrow of several lines TypeScript marks the first alone. */
const wholeEnd = (error: Placed): number => Math.max(endOf(error), arrowAt(error)?.end ?? 0);

/** The arrow that an error refuses as a whole. */
function arrowAt(error: Placed): ts.ArrowFunction | undefined {
  if (!MISMATCH.has(error.code)) return undefined;
  const starts = (node: ts.Node): node is ts.ArrowFunction =>
    typescript.isArrowFunction(node) && node.getStart() === error.start;
  return typescript.findAncestor(nodeAt(error), starts);
}

/** A parameter or a binding without a type: an arrow gets its types from a call, and none where the call is wrong. */
const IMPLICIT_ANY: ReadonlySet<number> = new Set([7006, 7019, 7031]);
/** A value or an argument of another type. */
const MISMATCH: ReadonlySet<number> = new Set([2322, 2345]);
const PROPERTY = 2339;
const TOO_MANY_PARAMETERS = /Target signature provides too few arguments/;
/** The constraint of map(), which is what a refused map() gives. */
const ANYTHING = /type '(Scores \| Weights( \| Rows \| Output)?|any|unknown)' is not assignable/;

/** The errors that do not follow from others. */
function causes(found: readonly ts.Diagnostic[]): readonly ts.Diagnostic[] {
  const placed = found.filter(isPlaced);
  return found.filter((error) => !isPlaced(error) || !placed.some((other) => other !== error && follows(error, other)));
}

/** Whether `error` need not be said where `other` is. */
function follows(error: Placed, other: Placed): boolean {
  if (TOO_MANY_PARAMETERS.test(textOf(other)) && holds(other, error)) return true;
  if (IMPLICIT_ANY.has(error.code)) return !IMPLICIT_ANY.has(other.code) && isCallOf(error, other);
  if (IMPLICIT_ANY.has(other.code) || TOO_MANY_PARAMETERS.test(textOf(error))) return false;
  if (MISMATCH.has(error.code) && ANYTHING.test(textOf(error))) return !ANYTHING.test(textOf(other));
  if (error.code === PROPERTY) return isOfCallee(error, other);
  return MISMATCH.has(error.code) && holds(error, other) && sizeOf(other) < sizeOf(error) && isResultOf(error, other);
}

const nodeAt = ({ file, start }: Placed): ts.Node => innermost(file, start);
const isWithin = (node: ts.Node, { file, start }: Placed): boolean =>
  node.getSourceFile() === file && node.getStart() <= start && start < node.end;

/** Whether `other` is about the call that would have given the function around `error` its types. */
function isCallOf(error: Placed, other: Placed): boolean {
  const owner = typescript.findAncestor(nodeAt(error), typescript.isFunctionLike);
  const call = owner?.parent;
  if (owner === undefined || call === undefined || !typescript.isCallExpression(call)) return false;
  const isOfArgument = call.arguments.some((argument) => other.start === argument.getStart());
  return other.file === error.file && (isOfArgument || isWithin(call.expression, other));
}

/** (a - b).times(v): the property of a value that is itself refused. */
function isOfCallee(error: Placed, other: Placed): boolean {
  const { parent } = nodeAt(error);
  return parent !== undefined && typescript.isPropertyAccessExpression(parent) && isWithin(parent.expression, other);
}

/** Whether the value that `error` refuses is what `other` spoils: for a function, what it returns. */
function isResultOf(error: Placed, other: Placed): boolean {
  const owner = arrowAt(error);
  if (owner === undefined) return true;
  if (!typescript.isBlock(owner.body)) return isWithin(owner.body, other);
  const returned = typescript.findAncestor(nodeAt(other), typescript.isReturnStatement);
  return returned !== undefined && typescript.findAncestor(returned, typescript.isFunctionLike) === owner;
}

// ── What is said once ───────────────────────────────────────────────────────────────────────────────

interface Mistake {
  readonly first: ts.Diagnostic;
  /** The further places of the same mistake. */
  readonly again: Placed[];
}

/** An unknown name is one mistake, however often it is used. */
const SAME_NAME: ReadonlySet<number> = new Set([2304, 2552]);

function mistakes(errors: readonly ts.Diagnostic[]): readonly Mistake[] {
  const known = new Map<string, Mistake>();
  return errors.flatMap((error) => {
    const text = textOf(error);
    const rule = typeErrorRule(text);
    const key = rule?.once ? rule.hint : SAME_NAME.has(error.code) ? text : undefined;
    const earlier = key === undefined ? undefined : known.get(key);
    if (earlier !== undefined) {
      if (isPlaced(error)) earlier.again.push(error);
      return [];
    }
    const mistake: Mistake = { first: error, again: [] };
    if (key !== undefined) known.set(key, mistake);
    return [mistake];
  });
}

const MOST_PLACES = 5;

function typeError({ first, again }: Mistake, isLanguage: (source: ts.SourceFile) => boolean): Diagnostic {
  const lines = again.map(({ file, start }) => {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    return `${line + 1}:${character + 1}`;
  });
  const details = {
    number: first.code,
    text: shown(textOf(first)),
    again: { count: lines.length, places: lines.slice(0, MOST_PLACES) },
  };
  if (!isPlaced(first)) return diagnostic('HD1001', details);
  const related = (first.relatedInformation ?? []).flatMap(({ file, start, length, messageText }) => {
    const message = typescript.flattenDiagnosticMessageText(messageText, ' ').replace(/\.$/, '');
    // How the language declares its types is no news to who writes a spec; which argument a call lacks is.
    if (file === undefined || start === undefined) return [];
    if (isLanguage(file))
      return /argument/i.test(message) ? [{ message, ...placeBetween(file, start, start + (length ?? 0)) }] : [];
    return [{ message, ...placeBetween(file, start, start + (length ?? 0)) }];
  });
  return diagnostic('HD1001', details, {
    ...placeBetween(first.file, first.start, endOf(first)),
    ...(related.length > 0 ? { related } : {}),
  });
}

/** TypeScript's message with its explanations, a line each; types of the language without the path to them. */
function textOf({ messageText }: ts.Diagnostic): string {
  return typescript
    .flattenDiagnosticMessageText(messageText, '\n')
    .split('\n')
    .map((line) => line.trim().replace(/\.$/, ''))
    .join('\n')
    .replaceAll(/import\("[^"]*"\)\./g, '');
}

/** What only the declarations of the language explain: the marks that tell its types apart. */
const MARKS =
  /'?\[(queryInput|keyInput|valueInput|kind|axis|axes)\]|'"(scores|weights|rows|output)"'|\{ readonly (head|query|key|feature): true;? \}|Property '(head|query|key|feature)'/;

/** The part of the text that a rule is about, or all of it that speaks of the spec. */
function shown(text: string): string {
  const sentences = text.split('\n');
  const { pattern } = typeErrorRule(text) ?? {};
  const told = sentences.find((each) => pattern?.test(each));
  if (told !== undefined) return told;
  return sentences.filter((each, n) => n === 0 || !MARKS.test(each)).join('; ');
}
