// Edited copies of tile programs: every object is copied once, so that a value stays one value, and an edit puts another
// object in the place of one. Statements are found by how they print, which is how a reader of a golden text sees them.
import { nameValues, printStatement } from '../../../../codegen/tile/print.js';
import type { Block, Kernel, LetStatement, Statement, TileProgram } from '../../../../codegen/tile/program.js';
import type { Buffer, Tile, Value } from '../../../../codegen/tile/types.js';
import { innerBlocks } from '../../../../codegen/tile/walk.js';

type Fields = Readonly<Record<string, unknown>>;

/** A copy of `root` in which `edit` gives the fields of objects that it changes, outer ones first. */
export function edited<Root extends object>(root: Root, edit: (object: Fields) => Fields | undefined): Root {
  const copies = new Map<object, unknown>();
  const copy = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    if (Array.isArray(part)) return part.map(copy);
    const before = part as Fields;
    // Operands and rings of element expressions are known by their node objects.
    if (before['op'] === 'tensor') return part;
    const after: Record<string, unknown> = {};
    copies.set(part, after);
    for (const [name, value] of Object.entries({ ...before, ...edit(before) })) after[name] = copy(value);
    return after;
  };
  return copy(root) as Root;
}

const kernelsOf = (program: TileProgram): readonly Kernel[] =>
  program.launches.flatMap((launch) => (launch.launch === 'kernel' ? [launch.kernel] : launch.kernels));

/** The one statement that prints as `pattern` says. */
export function statement<S extends Statement = Statement>(program: TileProgram, pattern: RegExp): S {
  const found: Statement[] = [];
  for (const kernel of kernelsOf(program)) {
    const names = nameValues(kernel);
    const search = ({ statements }: Block): void => {
      for (const each of statements) {
        if (pattern.test(printStatement(each, names)[0]!)) found.push(each);
        for (const inner of innerBlocks(each)) search(inner);
      }
    };
    search(kernel.body);
  }
  if (found.length !== 1) throw new Error(`${found.length} statements of ${program.name} print as ${pattern}`);
  return found[0] as S;
}

/** The value that the statement assigns. */
export const value = (program: TileProgram, pattern: RegExp): Value => statement<LetStatement>(program, pattern).value;
export const tile = (program: TileProgram, pattern: RegExp): Tile => value(program, pattern) as Tile;

/** A copy in which the statement has other fields. Values of `program` may stand in them. */
export const statementWith = <S extends Statement>(
  program: TileProgram,
  pattern: RegExp,
  fields: Partial<S>,
): TileProgram => partWith(program, statement(program, pattern), fields);

/** A copy in which the operation of the statement has other fields. */
export const operationWith = (program: TileProgram, pattern: RegExp, fields: Fields): TileProgram =>
  partWith(program, statement<LetStatement>(program, pattern).operation, fields);

/** A copy in which the value that the statement assigns has other fields, wherever it is used. */
export const valueWith = (program: TileProgram, pattern: RegExp, fields: Partial<Value>): TileProgram =>
  partWith(program, value(program, pattern), fields);

/** A copy in which one object has other fields. */
export const partWith = <Part extends object>(program: TileProgram, part: Part, fields: Partial<Part>): TileProgram =>
  edited(program, (object) => ((object as object) === part ? (fields as Fields) : undefined));

/** A copy in which other statements stand in the place of one. */
export function replaced(program: TileProgram, pattern: RegExp, by: readonly Statement[]): TileProgram {
  const old = statement(program, pattern);
  return edited(program, (object) => {
    const statements = object['statements'] as readonly Statement[] | undefined;
    return statements?.includes(old)
      ? { statements: statements.flatMap((each) => (each === old ? by : [each])) }
      : undefined;
  });
}

export const kernelWith = (
  program: TileProgram,
  name: string,
  fields: (kernel: Kernel) => Partial<Kernel>,
): TileProgram => {
  const kernel = kernelsOf(program).find((each) => each.name === name)!;
  return partWith(program, kernel, fields(kernel));
};

export const bufferOf = (program: TileProgram, name: string): Buffer =>
  program.buffers.find((each) => each.name === name)!;
export const bufferWith = (program: TileProgram, name: string, fields: Partial<Buffer>): TileProgram =>
  partWith(program, bufferOf(program, name), fields);

/** A copy in which one statement stands in front of another of the same block. */
export function movedBefore(program: TileProgram, pattern: RegExp, target: RegExp): TileProgram {
  const [moved, before] = [statement(program, pattern), statement(program, target)];
  return edited(program, (object) => {
    const statements = object['statements'] as readonly Statement[] | undefined;
    if (!statements?.includes(before)) return undefined;
    const others = statements.filter((each) => each !== moved);
    return { statements: others.flatMap((each) => (each === before ? [moved, each] : [each])) };
  });
}
