// Makes functions of what stands more than once in a kernel: statements that differ in names and numbers alone, and values of
// lines. Drivers write functions out where they are called, so that what runs is what ran before; the text is shorter.
import { type Entry, type NameLine, wordsOf } from '../../shared/text/lines.js';
import { type Candidate, Finder, type Found, type StatementList } from './candidates.js';
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
  /** Variables, and what may give something else later on: functions of this pass among them. */
  private readonly unsteady: Set<string>;
  private readonly functions: OutlinedFunctions;
  readonly shapes: Shapes;
  private given = 0;

  constructor(types: Map<string, string>, unsteady: Set<string>, functions: OutlinedFunctions) {
    this.types = types;
    this.unsteady = unsteady;
    this.functions = functions;
    this.shapes = new Shapes(types);
  }

  /** What saves most goes first; bodies of functions may hold what others have too. */
  outlined(statements: readonly Statement[]): readonly Statement[] {
    if (this.shapes.sizeOf(statements) > MOST_SEARCHED) return statements;
    let current = statements;
    while (this.shapes.sizeOf(current) > LEAST_WITH_REPEATS) {
      const finder = new Finder(current, this.shapes, this.unsteady);
      const taken = withoutOverlap(finder.candidates(), finder.lists);
      if (taken.length === 0) return current;
      const edits = new Map<readonly Statement[], Edit[]>();
      for (const each of taken) this.replace(each, finder.lists, edits);
      current = rebuilt(current, edits);
      // Little is left where little was found.
      if (taken.reduce((sum, { saving }) => sum + saving, 0) < LEAST_WITH_REPEATS) break;
    }
    return current;
  }

  private replace(
    candidate: Candidate,
    lists: readonly StatementList[],
    edits: Map<readonly Statement[], Edit[]>,
  ): void {
    const { name, order } = this.define(candidate, lists);
    for (const [n, { list, at, numbers, moved }] of candidate.instances.entries()) {
      const operands = order.map(({ isPointer, texts }) => `${isPointer ? '&' : ''}${texts[n]}`);
      const { statements } = lists[list]!;
      const edit = { at, numbers, moved, call: `${name}(${operands.join(', ')})`, isValue: candidate.isValue };
      edits.set(statements, [...(edits.get(statements) ?? []), edit]);
    }
  }

  /** Defines the function of a candidate, by the text of its first instance; gives its parameters in their order. */
  private define(
    { function: { parameters, fillings }, instances, isValue }: Candidate,
    lists: readonly StatementList[],
  ): { readonly name: string; readonly order: readonly Parameter[] } {
    const names = new Map<Parameter, FunctionParameter>();
    for (const each of parameters) {
      const name = this.nameOf(each);
      this.types.set(name, each.type);
      names.set(each, { name, type: each.type, isPointer: each.isPointer });
    }
    const [first] = instances as [Found];
    const list = lists[first.list]!.statements;
    const texts = fillings.map((each, n) => {
      const text = filled(each, (parameter) => names.get(parameter)!.name);
      return first.places[n]!.isAddress ? `&${text}` : text;
    });
    const own = first.numbers.map((n) => this.shapes.rewritten(list[n]!, texts));
    const line = isValue ? lineOf(list[first.at]!) : undefined;
    if (line) own.push({ kind: 'line', line: `return ${this.shapes.rewrittenText(line.value, texts)};` });
    const body = this.outlined(own);
    const name = this.functions.define(
      {
        parameters: [...names.values()],
        body,
        result: line && { word: wordOf(line.name), type: this.types.get(line.name)! },
      },
      this.shapes,
    );
    // What reads memory gives something else once another thread has written there.
    if (wordsIn(body).some((word) => this.unsteady.has(word))) this.unsteady.add(name);
    return { name, order: parameters };
  }

  /** A name within a function: of the word that the kernel has for what it is told, and a number that no kernel reaches. */
  private nameOf({ names }: Parameter): string {
    const first = names[0]?.[0];
    this.given += 1;
    return `${first === undefined ? 'number' : wordOf(first)}_${FIRST_GIVEN + this.given}`;
  }
}

/** The words of statements, those within them too. */
const wordsIn = (statements: readonly Statement[]): readonly string[] =>
  entriesOf(statements).flatMap((entry) => {
    if (entry.entry === 'open') return wordsOf(entry.head);
    if (entry.entry === 'close') return [];
    return wordsOf(typeof entry.line === 'string' ? entry.line : entry.line.value);
  });

/** Characters of the longest kernel that is searched: the search takes longer than its text does, and drivers take the rest. */
const MOST_SEARCHED = 100_000;

/** Characters below which nothing stands often enough to be worth a function. */
const LEAST_WITH_REPEATS = 400;

const FIRST_GIVEN = 1_000_000;

const lineOf = (statement: Statement): NameLine => {
  if (statement.kind !== 'line' || typeof statement.line === 'string')
    throw new Error('a value is of a line with a name');
  return statement.line;
};

/** Candidates, those that come first first, of which none is a part of another. */
function withoutOverlap(candidates: readonly Candidate[], lists: readonly StatementList[]): readonly Candidate[] {
  const taken = new Set<Statement>();
  /** What has something within it that is taken. */
  const around = new Set<Statement>();
  return candidates.filter(({ instances }) => {
    const own = instances.flatMap(({ list, at, numbers, moved }) =>
      [at, ...numbers, ...moved].map((n) => lists[list]!.statements[n]!),
    );
    const within = instances.flatMap(({ list }) => lists[list]!.within);
    const isFree =
      own.every((each) => !taken.has(each) && !around.has(each)) && !within.some((each) => taken.has(each));
    if (!isFree) return false;
    for (const each of own) taken.add(each);
    for (const each of within) around.add(each);
    return true;
  });
}

/** A call in place of some statements of a list, or of the value of one. */
interface Edit extends Pick<Found, 'at' | 'numbers' | 'moved'> {
  readonly call: string;
  readonly isValue: boolean;
}

function rebuilt(
  list: readonly Statement[],
  edits: ReadonlyMap<readonly Statement[], readonly Edit[]>,
): readonly Statement[] {
  const own = edits.get(list);
  const edited = own ? withCalls(list, own) : list;
  let isSame = own === undefined;
  const statements = edited.map((each): Statement => {
    if (each.kind === 'line') return each;
    const bodies = each.parts.map(({ body }) => rebuilt(body, edits));
    if (bodies.every((body, n) => body === each.parts[n]!.body)) return each;
    isSame = false;
    return { kind: 'block', parts: each.parts.map((part, n) => ({ ...part, body: bodies[n]! })) };
  });
  return isSame ? list : statements;
}

function withCalls(list: readonly Statement[], edits: readonly Edit[]): readonly Statement[] {
  const calls = new Map(edits.map((each) => [each.at, each]));
  const gone = new Set(edits.flatMap(({ numbers, moved }) => [...numbers, ...moved]));
  return list.flatMap((each, n): readonly Statement[] => {
    const edit = calls.get(n);
    if (!edit) return gone.has(n) ? [] : [each];
    if (edit.isValue) return [{ kind: 'line', line: { ...lineOf(each), value: edit.call } }];
    return [...edit.moved.map((at) => list[at]!), { kind: 'line', line: `${edit.call};` }];
  });
}
