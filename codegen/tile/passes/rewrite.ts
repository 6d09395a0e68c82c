// Rewrites the statements of a kernel: operations become others, values stand for others, and what is not kept is left out of
// loops and switches too. What nothing changes in stays the same object, so that what is known of it stays known.
import { type Replacement, replaced } from '../operations.js';
import {
  type Block,
  caseBlocks,
  type ForStatement,
  type Kernel,
  type LetStatement,
  type MaskClass,
  type Statement,
  type StoreStatement,
  type SwitchStatement,
} from '../program.js';
import type { Value } from '../types.js';

/** `value` says what stands for a value wherever it is assigned or used, `buffer` what stands for a buffer. */
export interface Rewrite extends Replacement {
  /** What stands in the place of an assignment, whose values have been replaced. */
  readonly assignment?: (statement: LetStatement) => readonly Statement[];
  /** What is stored where, whose tile and buffer have been replaced. */
  readonly stored?: (statement: StoreStatement) => StoreStatement;
  /** What follows a statement, in terms of values as they were. */
  readonly behind?: (statement: Statement) => readonly Statement[];
  /** Whether a value is still assigned, carried or given; all are unless told. */
  readonly keeps?: (value: Value) => boolean;
}

/** The kernel with its statements rewritten; itself where nothing changes. */
export function rewriteKernel(kernel: Kernel, rewrite: Rewrite): Kernel {
  const body = new Rewriting(rewrite).block(kernel.body, () => true);
  return body === kernel.body ? kernel : { ...kernel, body };
}

const unchanged = <Each>(before: readonly Each[], after: readonly Each[]): boolean =>
  before.length === after.length && before.every((each, n) => each === after[n]);

class Rewriting {
  private readonly rewrite: Rewrite;
  private readonly blocks = new Map<Block, Block>();

  constructor(rewrite: Rewrite) {
    this.rewrite = rewrite;
  }

  private value<Kind extends Value>(value: Kind): Kind {
    return this.rewrite.value?.(value) ?? value;
  }

  private keeps(value: Value): boolean {
    return this.rewrite.keeps?.(value) ?? true;
  }

  /** Cases of a switch may be one and the same block, and stay so. `yielded` tells which of its yields are still wanted. */
  block(block: Block, yielded: (n: number) => boolean): Block {
    const known = this.blocks.get(block);
    if (known) return known;
    const statements = block.statements.flatMap((statement) => [
      ...this.statement(statement),
      ...(this.rewrite.behind?.(statement) ?? []),
    ]);
    const yields = block.yields.filter((_, n) => yielded(n)).map((each) => this.value(each));
    const isSame = unchanged(block.statements, statements) && unchanged(block.yields, yields);
    const rewritten = isSame ? block : { statements, yields };
    this.blocks.set(block, rewritten);
    return rewritten;
  }

  private statement(statement: Statement): readonly Statement[] {
    switch (statement.statement) {
      case 'let':
        return this.keeps(statement.value) ? this.assignment(statement) : [];
      case 'store': {
        const [tile, buffer] = [
          this.value(statement.tile),
          this.rewrite.buffer?.(statement.buffer) ?? statement.buffer,
        ];
        const isSame = tile === statement.tile && buffer === statement.buffer;
        const next = isSame ? statement : { ...statement, tile, buffer };
        return [this.rewrite.stored?.(next) ?? next];
      }
      case 'for':
        return this.loop(statement);
      case 'switch':
        return this.choice(statement);
    }
  }

  private assignment(statement: LetStatement): readonly Statement[] {
    const operation = replaced(statement.operation, this.rewrite);
    const value = this.value(statement.value);
    const isSame = operation === statement.operation && value === statement.value;
    const next = isSame ? statement : { ...statement, operation, value };
    return this.rewrite.assignment?.(next) ?? [next];
  }

  private loop(statement: ForStatement): readonly Statement[] {
    const isKept = statement.carried.map(({ inside }) => this.keeps(inside));
    const body = this.block(statement.body, (n) => isKept[n]!);
    const carried = statement.carried.flatMap((each, n) => {
      if (!isKept[n]) return [];
      const { initial, inside, after } = each;
      const next = { initial: this.value(initial), inside: this.value(inside), after: this.value(after) };
      return next.initial === initial && next.inside === inside && next.after === after ? [each] : [next];
    });
    // A loop that neither gives nor stores anything is none.
    if (carried.length === 0 && body.statements.length === 0) return [];
    const isSame = body === statement.body && unchanged(statement.carried, carried);
    return [isSame ? statement : { ...statement, carried, body }];
  }

  private choice(statement: SwitchStatement): readonly Statement[] {
    const isKept = statement.results.map((result) => this.keeps(result));
    const results = statement.results.filter((_, n) => isKept[n]).map((each) => this.value(each));
    const blocks = [...caseBlocks(statement).keys()].map((each) => this.block(each, (n) => isKept[n]!));
    // There is nothing to choose where all cases are one block.
    if (results.length === 0 && blocks.length === 1) return blocks[0]!.statements;
    if (results.length === 0 && blocks.every(({ statements }) => statements.length === 0)) return [];
    const caseOf = (name: MaskClass): Block => this.block(statement.cases[name], (n) => isKept[n]!);
    const isSame = unchanged([...caseBlocks(statement).keys()], blocks) && unchanged(statement.results, results);
    if (isSame) return [statement];
    const cases = { empty: caseOf('empty'), full: caseOf('full'), partial: caseOf('partial') };
    return [{ ...statement, cases, results }];
  }
}
