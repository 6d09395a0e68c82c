// Rule: the role of a tensor fits its type, its domain and its initial value.
// Launchers take layout and dtype from the role alone.
import type { AxisKind } from '../axis.js';
import type { Contents } from '../contents.js';
import type { TensorNode, TensorRole } from '../node.js';
import { printDomain } from '../text/print.js';
import type { NodeRule } from './rule.js';

const rowKinds: readonly AxisKind[] = ['batch', 'head', 'query', 'feature'];
const columnKinds: readonly AxisKind[] = ['batch', 'head', 'key', 'feature'];

/** The axes of the tensors that products take. */
const roleKinds: Partial<Record<TensorRole, readonly AxisKind[]>> = {
  queries: rowKinds,
  keys: columnKinds,
  values: columnKinds,
  keysAndValues: columnKinds,
};

export const tensorsFitTheirRoles: NodeRule = (node, report) => {
  if (node.op !== 'tensor') return;
  const fault = (why: string): void => report.violation('HD5016', { why });
  const { role, dtype, domain, initial, contents } = node;
  const expected: TensorNode['dtype'] = role === 'integers' ? 'int' : 'float';
  if (dtype !== expected) fault(`has the role of ${role} and holds ${dtype} values`);
  const kinds = roleKinds[role];
  if (kinds && (domain.length !== kinds.length || domain.some(({ kind }, n) => kind !== kinds[n]))) {
    fault(`has the role of ${role} and is over ${printDomain(domain)}`);
  }
  if (contents !== undefined) for (const why of contentsFaults(contents, node)) fault(why);
  if (initial === undefined) return;
  if (role !== 'parameter') fault(`has an initial value, but the role of ${role}`);
  if (initial.law !== 'expression' && !Number.isFinite(initial.size)) fault(`has an initial size of ${initial.size}`);
  report.visit((part) => {
    if (part.kind === 'read') fault(`has an initial value that reads ${report.nameOf(part.source)}`);
    if (part.kind === 'length') fault('has an initial value that depends on the lengths of a call');
  });
};

const LARGEST_INTEGER = 2 ** 31 - 1;

function contentsFaults({ from, to, increasing }: Contents, { role, dtype, domain }: TensorNode): readonly string[] {
  const faults: string[] = [];
  const ends = [from, to].filter((each) => typeof each === 'number');
  if (role !== 'tensor' && role !== 'integers') faults.push(`says what it holds, but has the role of ${role}`);
  if (dtype === 'int') {
    const wrong = ends.find((each) => !Number.isInteger(each) || Math.abs(each + 0.5) > LARGEST_INTEGER + 0.5);
    if (wrong !== undefined) faults.push(`holds 32-bit integers, and ${wrong} is none`);
  } else {
    const wrong = ends.find((each) => !Number.isFinite(each));
    if (wrong !== undefined) faults.push(`has an end of ${wrong}: leave that end out`);
    if (typeof to === 'object' || increasing) faults.push('holds floats, which have numbers as ends and no order');
  }
  if (typeof from === 'number' && typeof to === 'number' && from > to)
    faults.push(`holds nothing from ${from} to ${to}`);
  if (increasing && domain.length === 0) faults.push('increases along an axis that it has not');
  return faults;
}
