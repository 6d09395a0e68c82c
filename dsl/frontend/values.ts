// What an expression of a spec can be worth: constants of JavaScript, and the things that only the language has.
// Values are immutable. Constants stand for themselves, everything else is told apart by `kind`.
import type { ts } from 'ts-morph';
import type { Expression, Node, ScalarType, TensorNode } from '../../src/ir/index.js';
import type { Evaluation } from './evaluation.js';
import type { Scope } from './scope.js';
import { typescript } from './typescript.js';

export type Constant = number | string | boolean | null | undefined;

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

/** A field is asked for its value when it is read: a standard input exists only when it is referenced. */
export interface Field {
  readonly get: () => Value;
  /** Where the field is written, for lists of settings. */
  readonly site?: ts.Node | undefined;
}

export interface RecordValue {
  readonly kind: 'record';
  readonly fields: ReadonlyMap<string, Field>;
}

export type FunctionSyntax = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

/** A function of the spec, or of a module that it imports, with the scope in which it was made. */
export interface Closure {
  readonly kind: 'closure';
  readonly syntax: FunctionSyntax;
  readonly scope: Scope;
  readonly name: string;
}

/** The closure that a function's syntax stands for in `scope`. */
export function closureOf(syntax: FunctionSyntax, scope: Scope): Closure {
  const holder = syntax.parent;
  const named = syntax.name ?? (typescript.isVariableDeclaration(holder) ? holder.name : undefined);
  return { kind: 'closure', syntax, scope, name: named?.getText() ?? 'the function' };
}

/** What JavaScript calls the length of a function: its parameters before the first that may be left out. */
export function parameterCount({ parameters }: FunctionSyntax): number {
  const end = parameters.findIndex(({ initializer, dotDotDotToken }) => initializer ?? dotDotDotToken);
  return end < 0 ? parameters.length : end;
}

/** One call of a builtin. */
export interface Call {
  readonly evaluation: Evaluation;
  /** The whole call, or whatever stands for it. */
  readonly site: ts.Node;
  readonly values: readonly Value[];
  /** Where the n-th argument is written, as far as the call says; the whole call otherwise. */
  readonly at: (n: number) => ts.Node;
}

/** A function that the language or JavaScript provides. */
export interface Builtin {
  readonly kind: 'builtin';
  readonly name: string;
  readonly call: (call: Call) => Value;
}

/** Math, Number, or everything that a module exports. */
export interface NamespaceValue {
  readonly kind: 'namespace';
  readonly name: string;
  readonly member: (name: string) => Value;
  readonly has: (name: string) => boolean;
  /** What it does when it is called itself, as Number is. */
  readonly call?: Builtin['call'];
}

/** A number or a truth value that depends on indices or inputs. */
export interface SymbolicValue {
  readonly kind: 'symbolic';
  readonly expression: Expression;
}

export type HandleRole = 'scores' | 'weights' | 'rows' | 'output';

/** Scores, weights, rows or an output: a node of the graph that element functions read by calling it. */
export interface HandleValue {
  readonly kind: 'handle';
  readonly role: HandleRole;
  readonly node: Node;
  /** Whether anything that a normaliser made flows into it as weights: scores may not depend on it. */
  readonly afterWeights: boolean;
}

/** Queries, keys, values, or keys that are values too. */
export interface InputValue {
  readonly kind: 'input';
  readonly node: TensorNode;
}

/** A named tensor that is read by calling it. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly node: TensorNode;
}

/** The start of a parameter, drawn at random. */
export interface DistributionValue {
  readonly kind: 'distribution';
  readonly law: 'normal' | 'uniform';
  readonly size: number;
}

/** A setting with a fixed set of values. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly options: readonly (string | number)[];
}

export interface SpecValue {
  readonly kind: 'spec';
  /** Settings with their defaults, in the order in which they are written. */
  readonly settings: ReadonlyMap<string, Field>;
  readonly body: Closure;
  /** The call of attention(). */
  readonly site: ts.Node;
}

export interface StudyValue {
  readonly kind: 'study';
  readonly spec: SpecValue;
  readonly study: RecordValue;
  /** The call of ablation(). */
  readonly site: ts.Node;
}

export type Composite =
  | ListValue
  | RecordValue
  | Closure
  | Builtin
  | NamespaceValue
  | SymbolicValue
  | HandleValue
  | InputValue
  | TensorValue
  | DistributionValue
  | ChoiceValue
  | SpecValue
  | StudyValue;

export type Value = Constant | Composite;
export type CompositeOf<Kind extends Composite['kind']> = Extract<Composite, { kind: Kind }>;

export const isComposite = (value: Value): value is Composite => typeof value === 'object' && value !== null;

export function isKind<Kind extends Composite['kind']>(value: Value, kind: Kind): value is CompositeOf<Kind> {
  return isComposite(value) && value.kind === kind;
}

export const list = (items: readonly Value[]): ListValue => ({ kind: 'list', items });

export const field = (value: Value, site?: ts.Node): Field => ({ get: () => value, site });

export const record = (fields: Iterable<readonly [string, Field]>): RecordValue => ({
  kind: 'record',
  fields: new Map(fields),
});

export const builtin = (name: string, call: Builtin['call']): Builtin => ({ kind: 'builtin', name, call });

export const symbolic = (expression: Expression): SymbolicValue => ({ kind: 'symbolic', expression });

/** What JavaScript's Boolean() says, or undefined where only a kernel can know. */
export function truthiness(value: Value): boolean | undefined {
  if (!isComposite(value)) return Boolean(value);
  return value.kind === 'symbolic' ? undefined : true;
}

const descriptions: Readonly<Record<Composite['kind'], string>> = {
  list: 'an array',
  record: 'an object',
  closure: 'a function',
  builtin: 'a function',
  namespace: 'a namespace',
  symbolic: 'a number that only the kernel knows',
  handle: 'a value of the graph',
  input: 'an input',
  tensor: 'a tensor',
  distribution: 'a distribution',
  choice: 'a choice',
  spec: 'a spec',
  study: 'a study',
};

const scalarDescriptions: Readonly<Record<ScalarType, string>> = {
  int: 'an integer',
  float: 'a float',
  bool: 'a truth value',
};

const roleDescriptions: Readonly<Record<HandleRole, string>> = {
  scores: 'scores',
  weights: 'weights',
  rows: 'rows',
  output: 'an output',
};

/** The value in a few words, for messages: 'the number 3', 'scores', 'a function'. */
export function describe(value: Value): string {
  if (!isComposite(value)) {
    if (typeof value === 'number') return `the number ${value}`;
    if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
    return String(value);
  }
  if (value.kind === 'handle') return roleDescriptions[value.role];
  if (value.kind === 'symbolic') return `${scalarDescriptions[value.expression.type]} that only the kernel knows`;
  return descriptions[value.kind];
}
