// A place in a JSON document that is being checked: every answer is either what was asked for or a diagnostic with the
// path to it. Nothing is assumed of the document: fields are own properties, numbers are whole, unknown fields are errors.
import { fail } from '../../diagnostics/index.js';
import { printable } from '../../diagnostics/printable.js';
import { isName, NAME_RULE } from '../../names.js';

const LONGEST_SHOWN = 40;

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return printable(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}

export class JsonPlace {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  fail(expected: string, found: string = describe(this.value)): never {
    return fail('HD5040', { path: this.path, expected, found });
  }

  /** The object here, which has no fields but `names`. */
  object(names: readonly string[]): JsonObject {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail('an object');
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) this.fail(`no fields but ${names.join(', ')}`, `the field ${describe(name)}`);
    }
    return new JsonObject(value as Record<string, unknown>, this);
  }

  /** One field of an object whose other fields are not known yet. */
  peek(name: string): JsonPlace {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail('an object');
    const held = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return new JsonPlace(held, `${this.path}.${name}`);
  }

  /** The fields of the object here, whose names are free as far as they are names. */
  namedEntries(): readonly (readonly [string, JsonPlace])[] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail('an object');
    return Object.entries(value).map(([name, held]) => {
      if (!isName(name)) this.fail(`names that are ${NAME_RULE}`, describe(name));
      return [name, new JsonPlace(held, `${this.path}.${name}`)];
    });
  }

  list(): readonly JsonPlace[] {
    const { value } = this;
    if (!Array.isArray(value)) return this.fail('a list');
    return Array.from(value, (each: unknown, n) => new JsonPlace(each, `${this.path}[${n}]`));
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a string');
  }

  /** What may name a setting, a tensor, an output or a graph. */
  name(): string {
    const text = this.string();
    return isName(text) ? text : this.fail(NAME_RULE);
  }

  /** A whole number from `low` to `high`. */
  whole(low: number, high: number, what: string): number {
    const { value } = this;
    const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
    return isWhole ? value + 0 : this.fail(what);
  }

  /** A finite number, or "-0", "Infinity" or "-Infinity". */
  number(): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (value === '-0' || value === 'Infinity' || value === '-Infinity') return Number(value);
    return this.fail('a number, "-0", "Infinity" or "-Infinity"');
  }

  /** One of the keys of a table. */
  oneOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name {
    const { value } = this;
    if (typeof value === 'string' && Object.hasOwn(table, value)) return value as Name;
    return this.fail(`one of ${Object.keys(table).join(', ')}`);
  }
}

export class JsonObject {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly place: JsonPlace;

  constructor(fields: Readonly<Record<string, unknown>>, place: JsonPlace) {
    this.fields = fields;
    this.place = place;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  get(name: string): JsonPlace {
    const value = this.has(name) ? this.fields[name] : undefined;
    return new JsonPlace(value, `${this.place.path}.${name}`);
  }
}
