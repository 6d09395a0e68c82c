// The state of one evaluation: the graph under construction, the phase, the calls under way and the work done so far.
// Diagnostics are raised here: they point at the spec's own line, and at the library's as a note.
import type { ts } from 'ts-morph';
import {
  type Code,
  type Details,
  type Diagnostic,
  diagnostic,
  HeddleError,
  type SourceSpan,
} from '../../src/diagnostics/index.js';
import { type Counter, type Expression, freshCounter, type Surroundings } from '../../src/ir/index.js';
import type { ElementFunction } from './element.js';
import type { GraphConstruction } from './graph-construction.js';
import { HeadReads } from './head-reads.js';
import { DEEPEST_INLINING, MOST_STEPS } from './limits.js';
import type { Modules } from './modules.js';
import { placeOf, spanOf } from './places.js';
import type { Scope } from './scope.js';
import type { Call, Closure, Value } from './values.js';

/** A call that is under way. */
interface Frame {
  readonly closure: Closure;
  readonly site: ts.Node;
}

interface Note {
  readonly message: string;
  readonly node: ts.Node;
}

const MOST_CALLERS_SHOWN = 3;

/**
 * The two rules that all others come back to. Whoever makes an evaluation gives them, so that the rules of syntax need not know
 * each other's files.
 */
export interface Rules {
  readonly evaluate: (node: ts.Expression, scope: Scope, evaluation: Evaluation) => Value;
  readonly call: (callee: Value, call: Call) => Value;
}

export class Evaluation {
  private readonly rules: Rules;
  readonly modules: Modules;
  /** Undefined while constants of a module are evaluated: they are the same for every configuration. */
  readonly graph: GraphConstruction | undefined;
  /** The element function that is being lowered; undefined in the phase that builds the graph. */
  element: ElementFunction | undefined;
  /** The node under evaluation, for diagnostics of limits that are met anywhere. */
  current: ts.Node | undefined;
  /** Whether the step of a `for` loop is under way: its counter changes, even in element functions. */
  inLoopHeader = false;
  /** Counters of all sums so far, with their extents: their names are unique. */
  private readonly counters = new Map<string, number>();
  /** What is so wherever the present place is reached: the conditions around it that only the kernel knows. */
  readonly conditions: Expression[] = [];
  /** What may be a mistake, each thing once. */
  readonly warnings: Diagnostic[] = [];
  readonly headReads = new HeadReads();
  private readonly frames: Frame[] = [];
  private steps = 0;

  constructor(rules: Rules, modules: Modules, graph?: GraphConstruction) {
    this.rules = rules;
    this.modules = modules;
    this.graph = graph;
  }

  /** The value of an expression of the spec. */
  evaluate(node: ts.Expression, scope: Scope): Value {
    return this.rules.evaluate(node, scope, this);
  }

  /** Calls `callee` with `values`; `at` says where each argument is written, the whole `site` unless told. */
  call(callee: Value, values: readonly Value[], site: ts.Node, at: Call['at'] = () => site): Value {
    return this.rules.call(callee, { evaluation: this, site, values, at });
  }

  /** Counts one step of work at `node`. */
  step(node: ts.Node): void {
    this.current = node;
    this.steps += 1;
    if (this.steps > MOST_STEPS) this.fail(node, 'HD1007', { limit: MOST_STEPS });
  }

  /** Runs `body` as a call of `closure` at `site`; refuses recursion and calls nested beyond any use. */
  within<T>(closure: Closure, site: ts.Node, body: () => T): T {
    if (this.frames.some((frame) => frame.closure === closure)) this.fail(site, 'HD1004', { name: closure.name });
    if (this.frames.length >= DEEPEST_INLINING) this.fail(site, 'HD1006', { limit: DEEPEST_INLINING });
    this.frames.push({ closure, site });
    try {
      return body();
    } finally {
      this.frames.pop();
    }
  }

  /** Runs `body` as the inside of an element function. */
  inElement<T>(element: ElementFunction, body: () => T): T {
    const outer = this.element;
    this.element = element;
    try {
      return body();
    } finally {
      this.element = outer;
    }
  }

  /** Runs `body` where a condition that only the kernel knows holds. */
  under<T>(condition: Expression, body: () => T): T {
    const outer = this.conditions.length;
    this.conditions.push(condition);
    try {
      return body();
    } finally {
      this.conditions.length = outer;
    }
  }

  /** Notes a warning at `node`, or at the spec's call into the library around it. */
  warn<C extends Code>(node: ts.Node, code: C, details: Details<C>): void {
    const found = diagnostic(code, details, placeOf(this.writtenSite(node)));
    const isKnown = ({ code: other, message, span }: Diagnostic): boolean =>
      other === code &&
      message === found.message &&
      span?.line === found.span?.line &&
      span?.column === found.span?.column;
    if (!this.warnings.some(isKnown)) this.warnings.push(found);
  }

  /** A counter of a sum, 0 ≤ counter < extent, with a name of its own. */
  newCounter(extent: number): Counter {
    const counter = freshCounter(extent);
    this.counters.set(counter.name, extent);
    return counter;
  }

  /** What the variables of the element function under way stand for. */
  get surroundings(): Surroundings {
    return { axes: this.element?.axes ?? new Map(), counters: this.counters };
  }

  /** How many calls enclose the present place: names given further out are better known to a reader. */
  get depth(): number {
    return this.frames.length;
  }

  /** Where a reader of the spec looks for what `node` does: itself, or the spec's call into the library around it. */
  originOf(node: ts.Node): SourceSpan {
    return spanOf(this.writtenSite(node));
  }

  /** Raises `code` at `node`. Inside the library, the spec's call is at fault and the library's line a note. */
  fail<C extends Code>(node: ts.Node, code: C, details: Details<C>, notes: readonly Note[] = []): never {
    const site = this.writtenSite(node);
    const inside = site === node ? [] : [{ message: 'in the library, here', node }];
    return this.raise(site, code, details, [...notes, ...inside, ...this.callersOf(site)]);
  }

  /** Raises `code` at `node` itself, wherever it lies, with its callers as notes. */
  failHere<C extends Code>(node: ts.Node, code: C, details: Details<C>): never {
    return this.raise(node, code, details, this.callersOf(node));
  }

  /** Raises a diagnostic that was made without a place at `node`. */
  failWith(node: ts.Node, found: Diagnostic): never {
    throw new HeddleError([{ ...found, ...placeOf(this.writtenSite(node)) }]);
  }

  private raise<C extends Code>(node: ts.Node, code: C, details: Details<C>, notes: readonly Note[]): never {
    const related = notes.map(({ message, node: other }) => ({ message, ...placeOf(other) }));
    throw new HeddleError([
      diagnostic(code, details, { ...placeOf(node), ...(related.length > 0 ? { related } : {}) }),
    ]);
  }

  private writtenSite(node: ts.Node): ts.Node {
    const isWritten = (each: ts.Node) => !this.modules.program.isLibrary(each.getSourceFile());
    if (isWritten(node)) return node;
    return this.frames.findLast(({ site }) => isWritten(site))?.site ?? node;
  }

  /** The calls that led to `node`, innermost first; a call that contains it says nothing new. */
  private callersOf(node: ts.Node): readonly Note[] {
    // A function that is written where it is called, such as an arrow given to map, has no caller worth a note.
    return this.frames
      .filter(({ closure, site }) => !contains(site, closure.syntax) && !contains(site, node))
      .map(({ site }) => site)
      .reverse()
      .slice(0, MOST_CALLERS_SHOWN)
      .map((site) => ({ message: 'called here', node: site }));
  }
}

function contains(whole: ts.Node, part: ts.Node): boolean {
  return whole.getSourceFile() === part.getSourceFile() && whole.pos <= part.pos && part.end <= whole.end;
}
