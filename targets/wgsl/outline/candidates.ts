// Which statements, and values of lines, are worth being functions: what they save, with what computes values for them alone.
// Nothing is counted that a spec names, so that its names change no more than names.
import { type NameLine, wordsOf } from '../../shared/text/lines.js';
import { earlierInstance, isReadyAt } from './moving.js';
import { type Common, type Filling, functionOf, type Instance, instanceOf, type Parameter } from './parameters.js';
import type { Place } from './pieces.js';
import { type Repeat, repeatsIn, type Spot } from './repeats.js';
import type { Shape, Shapes } from './shapes.js';
import type { Statement } from './statements.js';

/** Characters that a function has to save: fewer are not worth looking it up. */
const LEAST_SAVING = 80;
/** Repeats that are looked at before the best of them is taken. */
const MOST_TRIALS = 12;
/** Characters of a call, of a function, and of each of its parameters, beside what they are made of. */
const CALL = 24;
const FRAME = 48;
const PARAMETER = 12;
const POINTER = 15;

/** Statements of a list that become a call, or a line whose value becomes one with statements before it. */
export interface Found extends Instance {
  readonly list: number;
  /** Where the call stands. */
  readonly at: number;
  /** The statements that are gone: all, or those before the line. */
  readonly numbers: readonly number[];
  /** Statements between them that are moved before the call. */
  readonly moved: readonly number[];
}

/** What becomes a function. */
export interface Candidate {
  readonly function: Common;
  readonly instances: readonly Found[];
  /** Whether it is the values of lines, and not the lines themselves. */
  readonly isValue: boolean;
  /** Characters that are there no longer. */
  readonly saving: number;
}

export class Finder {
  readonly lists: readonly StatementList[];
  private readonly shapes: Shapes;
  private readonly unsteady: ReadonlySet<string>;
  private readonly shapeLists: readonly (readonly Shape[])[];
  /** The last statement of its list that mentions what a statement declares, for each statement of each list. */
  private readonly lastMentions: readonly (readonly number[])[];
  /** The lines that declare names. */
  private readonly declarations = new Map<string, Spot>();
  /** How often each of the kernel's names is mentioned. */
  private readonly mentions = new Map<string, number>();

  /** @param unsteady names of variables, and of what may give something else later on */
  constructor(top: readonly Statement[], shapes: Shapes, unsteady: ReadonlySet<string>) {
    this.shapes = shapes;
    this.unsteady = unsteady;
    this.lists = listsOf(top, []);
    this.shapeLists = this.lists.map(({ statements }) => statements.map((each) => shapes.of(each)));
    for (const { places } of this.shapeLists[0]!) {
      for (const { names } of places) {
        for (const name of names) this.mentions.set(name, (this.mentions.get(name) ?? 0) + 1);
      }
    }
    this.lastMentions = this.shapeLists.map((own, list) => this.readDeclarations(own, list));
  }

  private readDeclarations(shapes: readonly Shape[], list: number): readonly number[] {
    const last = shapes.map(() => -1);
    const declared = new Map<string, number>();
    for (const [at, { places }] of shapes.entries()) {
      for (const { names } of places) {
        for (const name of names) last[declared.get(name) ?? at] = at;
      }
      const [first] = places;
      if (first?.role !== 'declare' || this.lists[list]!.statements[at]!.kind === 'block') continue;
      declared.set(first.text, at);
      this.declarations.set(first.text, { list, at });
    }
    return last;
  }

  /** What would save text, most first. They may overlap. */
  candidates(): readonly Candidate[] {
    const found = this.values();
    const tried: Repeat[] = [];
    let trials = 0;
    for (const repeat of repeatsIn(this.shapeLists, LEAST_SAVING)) {
      if (trials === MOST_TRIALS) break;
      if (repeat.size < LEAST_SAVING + FRAME + CALL * repeat.spots.length) continue;
      if (!this.isWorthATrial(repeat) || tried.some((each) => covers(each, repeat))) continue;
      trials += 1;
      const candidate = this.ofStatements(repeat);
      if (!candidate) continue;
      tried.push(repeat);
      if (candidate.saving > LEAST_SAVING) found.push(candidate);
    }
    return found.sort((one, other) => other.saving - one.saving);
  }

  /** Whether nothing behind them mentions what statements declare. Of one line it is the value that becomes a function. */
  private isWorthATrial({ length, spots }: Repeat): boolean {
    const { list, at } = spots[0]!;
    const only = this.lists[list]!.statements[at]!;
    if (length === 1 && only.kind === 'line' && typeof only.line !== 'string' && only.line.line !== 'add') return false;
    return spots.every((spot) => {
      const last = this.lastMentions[spot.list]!;
      for (let n = spot.at; n < spot.at + length; n += 1) if (last[n]! >= spot.at + length) return false;
      return true;
    });
  }

  private ofStatements({ length, spots }: Repeat): Candidate | undefined {
    const instances = spots.map((spot) => this.at(spot, length));
    const earlier = this.earlier(instances[0]!);
    return better(this.grown(instances, false), earlier && this.candidate([earlier, ...instances], false));
  }

  /** The candidate of instances, or that of them and of what computes values for them alone. */
  private grown(instances: readonly Found[], isValue: boolean): Candidate | undefined {
    let best: Candidate | undefined;
    for (let all: readonly Found[] | undefined = instances; all; all = this.withProducers(all)) {
      best = better(best, this.candidate(all, isValue));
    }
    return best;
  }

  /** Instances with a statement more each, that computes what nothing else reads; of one shape, at the same place in all. */
  private withProducers(instances: readonly Found[]): readonly Found[] | undefined {
    const [first] = instances as [Found];
    for (const [n, place] of first.places.entries()) {
      const producer = this.producerOf(first, place);
      if (producer === undefined) continue;
      const { key } = this.shapeLists[first.list]![producer]!;
      const producers = instances.map((each) => this.producerOf(each, each.places[n]!));
      const isAlike =
        key !== undefined &&
        producers.every((own, m) => own !== undefined && this.shapeLists[instances[m]!.list]![own]!.key === key);
      if (!isAlike) continue;
      const grown = instances.map((each, m) => this.withStatement(each, producers[m]!));
      const orders = new Set(grown.map(({ shapes }) => shapes.map((shape) => shape.key).join()));
      if (orders.size === 1) return grown;
    }
    return undefined;
  }

  private withStatement(found: Found, number: number): Found {
    const own = this.shapeLists[found.list]!;
    const numbers = [...found.numbers, number].sort((one, other) => one - other);
    const rest = found.shapes.slice(found.numbers.length);
    return { ...found, numbers, ...instanceOf([...numbers.map((n) => own[n]!), ...rest]) };
  }

  /** The statement of an instance's list that computes what stands at a place, if it can be done where the call is. */
  private producerOf({ list, at, numbers, places }: Found, { names, role }: Place): number | undefined {
    const [name] = names;
    if (name === undefined || names.length > 1 || role !== 'read') return undefined;
    const declaration = this.declarations.get(name);
    if (declaration?.list !== list || declaration.at >= at || numbers.includes(declaration.at)) return undefined;
    const statement = this.lists[list]!.statements[declaration.at]!;
    if (statement.kind === 'block' || typeof statement.line === 'string' || statement.line.line !== 'constant') {
      return undefined;
    }
    const within = places.filter((place) => place.names.includes(name)).length;
    if (this.mentions.get(name) !== within + 1) return undefined;
    return this.canWait(list, declaration.at, at) ? declaration.at : undefined;
  }

  /** Whether a value is the same where it is computed and at a later statement of the list. */
  private canWait(list: number, from: number, to: number): boolean {
    const own = this.shapeLists[list]!;
    const { line } = this.lists[list]!.statements[from] as { line: NameLine };
    const unsteady = new Set(wordsOf(line.value).filter((word) => this.unsteady.has(word)));
    if (unsteady.size === 0) return true;
    // What is no variable of the kernel may be changed by anything.
    if (![...unsteady].every((word) => this.mentions.has(word))) return false;
    for (let n = from + 1; n < to; n += 1) {
      if (own[n]!.places.some(({ role, text }) => role === 'write' && unsteady.has(text))) return false;
    }
    return true;
  }

  private at({ list, at }: Spot, length: number): Found {
    const numbers = Array.from({ length }, (_, n) => at + n);
    return { list, at, numbers, moved: [], ...instanceOf(numbers.map((n) => this.shapeLists[list]![n]!)) };
  }

  /** The instance before one, if it is one once shared values are moved out of it. */
  private earlier({ list, numbers, shapes }: Found): Found | undefined {
    const [{ statements }, all] = [this.lists[list]!, this.shapeLists[list]!];
    const keys = shapes.map(({ key }) => key);
    const found = earlierInstance(all, numbers[0]!, keys, (n) => this.isSteady(statements[n]!));
    if (!found || found.moved.length === 0 || !isReadyAt(all, found)) return undefined;
    return { list, at: found.numbers[0]!, ...found, ...instanceOf(found.numbers.map((n) => all[n]!)) };
  }

  /** Whether a statement names a value that is the same wherever it is computed. */
  private isSteady(statement: Statement): boolean {
    if (statement.kind === 'block' || typeof statement.line === 'string' || statement.line.line !== 'constant')
      return false;
    return wordsOf(statement.line.value).every((word) => !this.unsteady.has(word));
  }

  private values(): Candidate[] {
    const values = new Map<number, Found[]>();
    for (const [list, { statements }] of this.lists.entries()) {
      for (const [n, each] of statements.entries()) {
        if (each.kind === 'block' || typeof each.line === 'string' || each.line.line === 'add') continue;
        const shape = this.shapes.ofValue(each.line);
        if (shape?.key === undefined || shape.places.length === 0) continue;
        const found = { list, at: n, numbers: [], moved: [], ...instanceOf([shape]) };
        const known = values.get(shape.key);
        if (known) known.push(found);
        else values.set(shape.key, [found]);
      }
    }
    return [...values.values()].flatMap((instances) => {
      const best = instances.length > 1 && this.maySave(instances) ? this.grown(instances, true) : undefined;
      return best && best.saving > LEAST_SAVING ? [best] : [];
    });
  }

  /** Whether values are long enough, or something computes parts of them for them alone. */
  private maySave(instances: readonly Found[]): boolean {
    const [first] = instances as [Found];
    const size = first.shapes[0]!.size * (instances.length - 1);
    return size > LEAST_SAVING || first.places.some((place) => this.producerOf(first, place) !== undefined);
  }

  private candidate(instances: readonly Found[], isValue: boolean): Candidate | undefined {
    if (!instances.every((each) => this.keepsItsNames(each))) return undefined;
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

/** What saves more. */
const better = (one: Candidate | undefined, other: Candidate | undefined): Candidate | undefined =>
  other && other.saving > (one?.saving ?? Number.NEGATIVE_INFINITY) ? other : one;

/** Whether each spot of a repeat lies within one of another, which has as many. */
const covers = (large: Repeat, small: Repeat): boolean =>
  large.spots.length >= small.spots.length &&
  small.spots.every((spot, n) => {
    const around = large.spots[n]!;
    return around.list === spot.list && around.at <= spot.at && spot.at + small.length <= around.at + large.length;
  });

/** Statements one after the other, with those that they stand in, the outermost first. */
export interface StatementList {
  readonly statements: readonly Statement[];
  readonly within: readonly Statement[];
}

/** A list and those in its blocks, and so on. */
const listsOf = (statements: readonly Statement[], within: readonly Statement[]): readonly StatementList[] => [
  { statements, within },
  ...statements.flatMap((each) =>
    each.kind === 'line' ? [] : each.parts.flatMap(({ body }) => listsOf(body, [...within, each])),
  ),
];

function savingOf({ parameters, fillings }: Common, instances: readonly Found[]): number {
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
