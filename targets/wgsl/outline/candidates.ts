// Which statements, or values of lines, are best made a function next: that which saves most text.
import { wordsOf } from '../../shared/text/lines.js';
import { earlierInstance, isReadyAt } from './moving.js';
import { type Filling, type Function, functionOf, type Instance, instanceOf, type Parameter } from './parameters.js';
import { type Repeat, repeatsIn, type Spot } from './repeats.js';
import type { Shape, Shapes } from './shapes.js';
import type { Statement } from './statements.js';

/** Characters that a function has to save: fewer are not worth looking it up. */
const LEAST_SAVING = 80;
/** Repeats that are looked at before the best of them is taken. */
const MOST_TRIALS = 40;
/** Characters of a call, of a function, and of each of its parameters, beside what they are made of. */
const CALL = 24;
const FRAME = 48;
const PARAMETER = 12;
const POINTER = 15;

/** Statements of a list that become a call, or the line whose value becomes one. */
export interface Found extends Instance {
  readonly list: number;
  readonly numbers: readonly number[];
  /** Statements between them that are moved before the call. */
  readonly moved: readonly number[];
}

/** What becomes a function. */
export interface Candidate {
  readonly function: Function;
  readonly instances: readonly Found[];
  /** Whether it is the values of lines, and not the lines themselves. */
  readonly isValue: boolean;
  /** Characters that are there no longer. */
  readonly saving: number;
}

export class Finder {
  readonly lists: readonly (readonly Statement[])[];
  private readonly shapes: Shapes;
  private readonly unsteady: ReadonlySet<string>;
  private readonly shapeLists: readonly (readonly Shape[])[];
  /** How often each of the kernel's names is mentioned. */
  private readonly mentions = new Map<string, number>();

  /** @param unsteady names of variables, and of what may give something else later on */
  constructor(top: readonly Statement[], shapes: Shapes, unsteady: ReadonlySet<string>) {
    this.shapes = shapes;
    this.unsteady = unsteady;
    this.lists = listsOf(top);
    this.shapeLists = this.lists.map((list) => list.map((each) => shapes.of(each)));
    for (const { places } of this.shapeLists[0]!) {
      for (const { names } of places) {
        for (const name of names) this.mentions.set(name, (this.mentions.get(name) ?? 0) + 1);
      }
    }
  }

  best(): Candidate | undefined {
    const repeats = repeatsIn(this.shapeLists, LEAST_SAVING);
    let best = this.bestValue();
    for (const repeat of repeats.slice(0, MOST_TRIALS)) {
      if (repeat.size <= (best?.saving ?? LEAST_SAVING)) break;
      const candidate = this.ofStatements(repeat);
      if (candidate && candidate.saving > (best?.saving ?? LEAST_SAVING)) best = candidate;
    }
    return best;
  }

  private ofStatements({ length, spots }: Repeat): Candidate | undefined {
    const { list, at } = spots[0]!;
    // Of one line alone it is the value that becomes a function.
    const only = this.lists[list]![at]!;
    if (length === 1 && only.kind === 'line') return undefined;
    const instances = spots.map((spot) => this.at(spot, length));
    const found = this.candidate(instances, false);
    const earlier = this.earlier(instances[0]!);
    const more = earlier && this.candidate([earlier, ...instances], false);
    return more && more.saving > (found?.saving ?? 0) ? more : found;
  }

  private at({ list, at }: Spot, length: number): Found {
    const numbers = Array.from({ length }, (_, n) => at + n);
    return { list, numbers, moved: [], ...instanceOf(numbers.map((n) => this.shapeLists[list]![n]!)) };
  }

  /** The instance before one, if it is one once shared values are moved out of it. */
  private earlier({ list, numbers, shapes }: Found): Found | undefined {
    const [statements, all] = [this.lists[list]!, this.shapeLists[list]!];
    const keys = shapes.map(({ key }) => key);
    const found = earlierInstance(all, numbers[0]!, keys, (n) => this.isSteady(statements[n]!));
    if (!found || found.moved.length === 0 || !isReadyAt(all, found)) return undefined;
    return { list, ...found, ...instanceOf(found.numbers.map((n) => all[n]!)) };
  }

  /** Whether a statement names a value that is the same wherever it is computed. */
  private isSteady(statement: Statement): boolean {
    if (statement.kind === 'block' || typeof statement.line === 'string' || statement.line.line !== 'constant') return false;
    return wordsOf(statement.line.value).every((word) => !this.unsteady.has(word));
  }

  private bestValue(): Candidate | undefined {
    const values = new Map<number, Found[]>();
    for (const [list, statements] of this.lists.entries()) {
      for (const [n, each] of statements.entries()) {
        if (each.kind === 'block' || typeof each.line === 'string' || each.line.line === 'add') continue;
        const shape = this.shapes.ofValue(each.line);
        if (shape?.key === undefined || shape.size <= CALL) continue;
        const found = { list, numbers: [n], moved: [], ...instanceOf([shape]) };
        const known = values.get(shape.key);
        if (known) known.push(found);
        else values.set(shape.key, [found]);
      }
    }
    let best: Candidate | undefined;
    for (const instances of values.values()) {
      const bound = instances[0]!.shapes[0]!.size * (instances.length - 1);
      if (instances.length < 2 || bound <= (best?.saving ?? LEAST_SAVING)) continue;
      const candidate = this.candidate(instances, true);
      if (candidate && candidate.saving > (best?.saving ?? LEAST_SAVING)) best = candidate;
    }
    return best;
  }

  private candidate(instances: readonly Found[], isValue: boolean): Candidate | undefined {
    if (!isValue && !instances.every((each) => this.keepsItsNames(each))) return undefined;
    const found = functionOf(instances);
    return found && { function: found, instances, isValue, saving: savingOf(found, instances) };
  }

  /** Whether nothing else mentions what an instance declares. */
  private keepsItsNames({ places }: Found): boolean {
    const within = new Map<string, number>();
    const declared: string[] = [];
    for (const { role, names, text } of places) {
      if (role === 'declare') declared.push(text);
      for (const name of names) within.set(name, (within.get(name) ?? 0) + 1);
    }
    return declared.every((name) => within.get(name) === this.mentions.get(name));
  }
}

/** A list and those in its blocks, and so on. */
const listsOf = (statements: readonly Statement[]): readonly (readonly Statement[])[] => [
  statements,
  ...statements.flatMap((each) => (each.kind === 'line' ? [] : each.parts.flatMap(({ body }) => listsOf(body)))),
];

function savingOf({ parameters, fillings }: Function, instances: readonly Found[]): number {
  const sizeOf = ({ shapes }: Instance): number => shapes.reduce((sum, { size }) => sum + size, 0);
  let saving = -FRAME - sizeOf(instances[0]!);
  for (const [n, each] of instances.entries()) {
    saving += sizeOf(each) - CALL;
    for (const { texts, isPointer } of parameters) saving -= texts[n]!.length + 2 + (isPointer ? 1 : 0);
  }
  for (const { type, isPointer } of parameters) saving -= PARAMETER + type.length + (isPointer ? POINTER : 0);
  for (const each of fillings) if (isRead(each)) saving -= 3;
  return saving;
}

/** Whether a place is that of a pointer, which takes signs to be read. */
const isRead = (filling: Filling): boolean => typeof filling === 'object' && (filling as Parameter).isPointer === true;
