// Makes functions of what stands more than once in a kernel: statements that differ in names and numbers alone, and values of
// lines. Drivers write functions out where they are called, so that what runs is what ran before; the text is shorter.
import { type Entry, type NameLine, wordsOf } from '../../shared/text/lines.js';
import { type Candidate, Finder, type Found } from './candidates.js';
import { type FunctionParameter, type OutlinedFunctions, wordOf } from './functions.js';
import { filled, type Parameter } from './parameters.js';
import { Shapes } from './shapes.js';
import { entriesOf, type Statement, statementsOf } from './statements.js';

/** What is known of a kernel's words beside its lines. */
export interface KernelWords {
  /** Types of names that no line declares. */
  readonly types: ReadonlyMap<string, string>;
  /** Functions and variables of the module that may give something else later on. */
  readonly changing: ReadonlySet<string>;
}

/** The lines of a kernel with calls in place of what `functions` hold. */
export function outlined(
  entries: readonly Entry[],
  { types: known, changing }: KernelWords,
  functions: OutlinedFunctions,
): readonly Entry[] {
  const types = new Map(known);
  const unsteady = new Set(changing);
  for (const each of entries) {
    if (each.entry === 'line' && typeof each.line === 'object' && each.line.type) {
      types.set(each.line.name, each.line.type);
      if (each.line.line === 'variable') unsteady.add(each.line.name);
    }
    // Counters of loops are whole numbers: for, var, name.
    const counter = each.entry === 'open' && each.isLoop ? wordsOf(each.head)[2] : undefined;
    if (counter !== undefined) types.set(counter, 'i32');
  }
  const outliner = new Outliner(types, unsteady, functions);
  return entriesOf(functions.ofKernel(outliner.outlined(statementsOf(entries)), outliner.shapes));
}

class Outliner {
  private readonly types: Map<string, string>;
  private readonly unsteady: ReadonlySet<string>;
  private readonly functions: OutlinedFunctions;
  readonly shapes: Shapes;
  private given = 0;

  constructor(types: Map<string, string>, unsteady: ReadonlySet<string>, functions: OutlinedFunctions) {
    this.types = types;
    this.unsteady = unsteady;
    this.functions = functions;
    this.shapes = new Shapes(types);
  }

  /** What saves most goes first; bodies of functions may hold what others have too. */
  outlined(statements: readonly Statement[]): readonly Statement[] {
    let current = statements;
    for (;;) {
      const finder = new Finder(current, this.shapes, this.unsteady);
      const best = finder.best();
      if (!best) return current;
      current = this.replaced(current, best, finder.lists);
    }
  }

  private replaced(
    top: readonly Statement[],
    candidate: Candidate,
    lists: readonly (readonly Statement[])[],
  ): readonly Statement[] {
    const { name, order } = this.define(candidate, lists);
    const edits = new Map<readonly Statement[], Found[]>();
    for (const each of candidate.instances) {
      const list = lists[each.list]!;
      edits.set(list, [...(edits.get(list) ?? []), each]);
    }
    const callOf = (found: Found): string => {
      const n = candidate.instances.indexOf(found);
      return `${name}(${order.map(({ isPointer, texts }) => `${isPointer ? '&' : ''}${texts[n]}`).join(', ')})`;
    };
    const rebuilt = (list: readonly Statement[]): readonly Statement[] =>
      edited(list, edits.get(list) ?? [], candidate.isValue, callOf).map((each) => {
        if (each.kind === 'line') return each;
        const parts = each.parts.map((part) => {
          const body = rebuilt(part.body);
          return body === part.body ? part : { ...part, body };
        });
        return parts.every((part, n) => part === each.parts[n]) ? each : { kind: 'block', parts };
      });
    return rebuilt(top);
  }

  /** Defines the function of a candidate, by the text of its first instance; gives its parameters in their order. */
  private define(
    { function: { parameters, fillings }, instances, isValue }: Candidate,
    lists: readonly (readonly Statement[])[],
  ): { readonly name: string; readonly order: readonly Parameter[] } {
    const names = new Map<Parameter, FunctionParameter>();
    for (const each of parameters) {
      const name = this.nameOf(each);
      this.types.set(name, each.type);
      names.set(each, { name, type: each.type, isPointer: each.isPointer });
    }
    const [first] = instances as [Found];
    const list = lists[first.list]!;
    const texts = fillings.map((each, n) => {
      const text = filled(each, (parameter) => names.get(parameter)!.name);
      return first.places[n]!.isAddress ? `&${text}` : text;
    });
    const own = first.numbers.map((n) => this.shapes.rewritten(list[n]!, texts));
    const line = isValue ? lineOf(list[first.at]!) : undefined;
    if (line) own.push({ kind: 'line', line: `return ${this.shapes.rewrittenText(line.value, texts)};` });
    const name = this.functions.define(
      {
        parameters: [...names.values()],
        body: this.outlined(own),
        result: line && { word: wordOf(line.name), type: this.types.get(line.name)! },
      },
      this.shapes,
    );
    return { name, order: parameters };
  }
  /** A name within a function: of the word that the kernel has for what it is told, and a number that no kernel reaches. */
  private nameOf({ names }: Parameter): string {
    const first = names[0]?.[0];
    this.given += 1;
    return `${first === undefined ? 'number' : wordOf(first)}_${FIRST_GIVEN + this.given}`;
  }
}

const FIRST_GIVEN = 1_000_000;

const lineOf = (statement: Statement): NameLine => {
  if (statement.kind !== 'line' || typeof statement.line === 'string') throw new Error('a value is of a line with a name');
  return statement.line;
};

/** A list with calls in place of instances. */
function edited(
  list: readonly Statement[],
  instances: readonly Found[],
  isValue: boolean,
  callOf: (instance: Found) => string,
): readonly Statement[] {
  if (instances.length === 0) return list;
  const starts = new Map(instances.map((each) => [each.at, each]));
  const gone = new Set(instances.flatMap(({ numbers, moved }) => [...numbers, ...moved]));
  return list.flatMap((each, n): readonly Statement[] => {
    const instance = starts.get(n);
    if (!instance) return gone.has(n) ? [] : [each];
    const call = callOf(instance);
    if (isValue) return [{ kind: 'line', line: { ...lineOf(each), value: call } }];
    return [...instance.moved.map((at) => list[at]!), { kind: 'line', line: `${call};` }];
  });
}
