// Which heads of each value are read, over all reads of it: heads that nobody reads are seldom meant.
// A value that is taken whole, or read in a way that is not known, has all of its heads read.
import type { ts } from 'ts-morph';
import { headCount } from '../../src/ir/footprint/heads.js';
import { type Expression, evaluate, type Node, variablesIn } from '../../src/ir/index.js';
import { combinationsOf, listed } from './absent-reads.js';
import type { Evaluation } from './evaluation.js';
import { describe, type HandleValue } from './values.js';

interface Reads {
  readonly what: string;
  readonly heads: Set<number>;
  readonly site: ts.Node;
}

export class HeadReads {
  private readonly reads = new Map<Node, Reads>();
  private readonly whole = new Set<Node>();

  /** All of a value is taken, as by a normaliser. */
  take(node: Node): void {
    this.whole.add(node);
  }

  /** A value is read at a head. */
  read(handle: HandleValue, index: Expression, site: ts.Node, evaluation: Evaluation): void {
    const { node } = handle;
    if (this.whole.has(node)) return;
    const combinations = combinationsOf(index, evaluation);
    if (combinations === undefined) {
      this.take(node);
      return;
    }
    const known = this.reads.get(node);
    const heads = known?.heads ?? new Set<number>();
    for (const values of combinations) {
      const head = evaluate(index, variablesIn(values));
      if (head === undefined) this.take(node);
      else if (head >= 0 && head < headCount(node.domain)) heads.add(head);
    }
    this.reads.set(node, { what: describe(handle), heads, site });
  }

  /** Warns of values of which some heads are read and others are not. */
  warn(evaluation: Evaluation): void {
    for (const [node, { what, heads, site }] of this.reads) {
      const count = headCount(node.domain);
      if (this.whole.has(node) || heads.size === 0 || heads.size === count) continue;
      evaluation.warn(site, 'HD1076', { what, heads: count, read: listed([...heads]) });
    }
  }
}
