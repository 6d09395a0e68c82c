// What statements look like when the kernel's own names and numbers are left out: two of one shape differ in those alone.
// Shapes are numbers, so that long stretches of statements are compared quickly.
import { type NameLine, wordsOf } from '../../shared/text/lines.js';
import { assembled, type Place, piecesOf, type TextPieces, type Types } from './pieces.js';
import type { Part, Statement } from './statements.js';

export interface Shape {
  /** The same number for the same shape; none where a statement must stay where it is. */
  readonly key: number | undefined;
  readonly places: readonly Place[];
  /** Characters with some of their indentation. */
  readonly size: number;
  readonly hasBarrier: boolean;
  /** Names that decide whether a barrier within is reached. */
  readonly guards: readonly string[];
}

/** Leaves a function or a loop, or is known at the entry point alone. */
const staying = new Set(['return', 'break', 'continue', 'workgroup', 'workgroups', 'invocation']);
export const BARRIER = 'workgroupBarrier();';
const INDENTATION = 6;
/** Characters of a declaration or an assignment beside its name and its value. */
const ASSIGNMENT = 7;

export class Shapes {
  private readonly types: Types;
  private readonly keys = new Map<string, number>();
  private readonly pieces = new Map<string, TextPieces>();
  private readonly known = new WeakMap<Statement, Shape>();

  constructor(types: Types) {
    this.types = types;
  }

  of(statement: Statement): Shape {
    const known = this.known.get(statement) ?? this.made(statement);
    this.known.set(statement, known);
    return known;
  }

  /** Characters of statements, with some of their indentation. */
  sizeOf(statements: readonly Statement[]): number {
    return statements.reduce((sum, each) => sum + this.of(each).size, 0);
  }

  /** The shape of what a line gives its name, with the type of that; none where the type is not known. */
  ofValue({ name, value }: NameLine): Shape | undefined {
    const type = this.types.get(name);
    if (type === undefined) return undefined;
    const { literals, places, size } = this.piecesOf(value);
    return { ...plain, key: this.keyOf(['value', type, ...keyTexts(literals, places)]), places, size };
  }

  /**
   * A statement with other texts in its places; takes as many as it has from the front of `texts`. Those of places whose
   * address is taken begin with the sign for that.
   */
  rewritten(statement: Statement, texts: string[]): Statement {
    const fill = (text: string): string => this.rewrittenText(text, texts);
    if (statement.kind === 'block') {
      const part = ({ head, body, ...rest }: Part): Part => {
        const own = fill(head);
        return { ...rest, head: own, body: body.map((each) => this.rewritten(each, texts)) };
      };
      return { kind: 'block', parts: statement.parts.map(part) };
    }
    const { line } = statement;
    if (typeof line === 'string') return { kind: 'line', line: fill(line) };
    const name = texts.shift()!;
    return { kind: 'line', line: { ...line, name, value: fill(line.value) } };
  }

  /** The same of a text alone. */
  rewrittenText(text: string, texts: string[]): string {
    const { literals, places } = this.piecesOf(text);
    return assembled(literals, texts.splice(0, places.length));
  }

  private made(statement: Statement): Shape {
    if (statement.kind === 'block') return this.ofBlock(statement.parts);
    const { line } = statement;
    if (typeof line === 'string') {
      const { literals, places, size } = this.piecesOf(line);
      const stays = wordsOf(line).some((word) => staying.has(word));
      const key = stays ? undefined : this.keyOf(['text', ...keyTexts(literals, places)]);
      return { ...plain, key, places, size: size + INDENTATION, hasBarrier: line === BARRIER };
    }
    const type = this.types.get(line.name);
    const { literals, places, size } = this.piecesOf(line.value);
    const role = line.declared === undefined ? 'write' : 'declare';
    const name: Place = { text: line.name, type: type ?? '', names: [line.name], role };
    const stays = type === undefined || wordsOf(line.value).some((word) => staying.has(word));
    const key = stays ? undefined : this.keyOf([line.line, type, ...keyTexts(literals, places)]);
    return { ...plain, key, places: [name, ...places], size: size + line.name.length + ASSIGNMENT + INDENTATION };
  }

  private ofBlock(parts: readonly Part[]): Shape {
    const texts: string[] = ['block'];
    const places: Place[] = [];
    let [size, hasBarrier, stays] = [0, false, false];
    const guards: string[] = [];
    for (const { head, body, end } of parts) {
      const own = this.piecesOf(head);
      texts.push(...keyTexts(own.literals, own.places));
      places.push(...own.places);
      size += own.size + end.length + 2 * INDENTATION;
      for (const each of body) {
        const inner = this.of(each);
        if (inner.key === undefined) stays = true;
        texts.push(String(inner.key));
        places.push(...inner.places);
        size += inner.size + 2;
        guards.push(...inner.guards);
        hasBarrier ||= inner.hasBarrier;
      }
      texts.push(end);
    }
    if (hasBarrier)
      guards.push(...parts.flatMap(({ head }) => this.piecesOf(head).places.flatMap(({ names }) => names)));
    return { key: stays ? undefined : this.keyOf(texts), places, size, hasBarrier, guards };
  }

  private piecesOf(text: string): TextPieces {
    const known = this.pieces.get(text) ?? piecesOf(text, this.types);
    this.pieces.set(text, known);
    return known;
  }

  private keyOf(texts: readonly string[]): number {
    const text = texts.join('\n');
    const known = this.keys.get(text) ?? this.keys.size;
    this.keys.set(text, known);
    return known;
  }
}

const plain = { hasBarrier: false, guards: [] } as const;

/** What tells shapes apart: the text between places, and what may stand there. */
const keyTexts = (literals: readonly string[], places: readonly Place[]): readonly string[] =>
  literals.flatMap((literal, n) =>
    n < places.length
      ? [literal, `${places[n]!.role}${places[n]!.isAddress ? ' &' : ''} ${places[n]!.type}`]
      : [literal],
  );
