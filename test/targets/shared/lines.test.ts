// Passes over the lines of kernels: what is printed does what it did before. Lines with `let` and `var` for JavaScript's own
// words are JavaScript, so random ones are run; and each kind of copy is left out where it may be, and kept where it may not.
import { describe, expect, test } from 'vitest';
import { withoutCopies } from '../../../targets/shared/text/copies.js';
import { type Entry, type Line, LineList, printed } from '../../../targets/shared/text/lines.js';
import { withoutUnused } from '../../../targets/shared/text/unused.js';

const constant = (name: string, value: string): Line => ({ line: 'constant', declared: 'const', name, value });
const variable = (name: string, value: string): Line => ({ line: 'variable', declared: 'let', name, value });
const set = (name: string, value: string): Line => ({ line: 'set', name, value });
const add = (name: string, value: string): Line => ({ line: 'add', name, value });

const listOf = (write: (list: LineList) => void): readonly Entry[] => {
  const list = new LineList();
  write(list);
  return list.entries;
};

const shortened = (write: (list: LineList) => void): string =>
  printed(withoutUnused(withoutCopies(listOf(write))), 0).join('\n');

/** Lines, and blocks with a head, as a list. */
type Tree = Line | readonly [head: string, ...body: readonly Inner[]];
type Inner = Line | readonly [head: string, ...body: readonly Line[]];
const isBlock = (tree: Tree): tree is Exclude<Tree, Line> => Array.isArray(tree);
const write = (trees: readonly Tree[]) => (list: LineList) => {
  for (const tree of trees) {
    if (isBlock(tree)) {
      const [head, ...body] = tree;
      list.open(head);
      write(body)(list);
      list.close();
    } else list.line(tree);
  }
};

describe('copies are left out', () => {
  test.each<[what: string, lines: readonly Tree[], left: string]>([
    ['a name of a name', [constant('b_1', 'a_1'), 'out.push(b_1);'], 'out.push(b_1);'],
    [
      'what a loop carries',
      [
        variable('c_1', 'x'),
        ['for (let k = 0; k < 3; k++) {', constant('m_1', 'c_1 + k'), set('c_1', 'm_1')],
        'out.push(c_1);',
      ],
      'let c_1 = x;\nfor (let k = 0; k < 3; k++) {\n  c_1 = c_1 + k;\n}\nout.push(c_1);',
    ],
    [
      'what a branch chooses',
      [
        variable('c_1', '0'),
        [
          'if (x) {',
          constant('m_1', 'f(x)'),
          variable('d_1', 'm_1'),
          ['if (y) {', constant('n_1', 'g(m_1)'), set('d_1', 'n_1')],
          set('c_1', 'd_1'),
        ],
        'out.push(c_1);',
      ],
      'let c_1 = 0;\nif (x) {\n  c_1 = f(x);\n  if (y) {\n    c_1 = g(c_1);\n  }\n}\nout.push(c_1);',
    ],
    ['what nothing reads', [constant('a_1', 'x'), constant('b_1', 'a_1 + 1'), 'out.push(x);'], 'out.push(x);'],
  ])('%s', (_, lines, left) => {
    const before = lines[0];
    // A name of nothing that the lines declare is kept.
    const isForeign = typeof before === 'object' && 'value' in before && before.value === 'a_1';
    expect(shortened(write(lines))).toBe(isForeign ? `const b_1 = a_1;\n${left}` : left);
  });
});

describe('copies are kept', () => {
  test.each<[what: string, lines: readonly Tree[]]>([
    [
      'two variables that are exchanged',
      [
        variable('a_1', 'x'),
        variable('b_1', 'y'),
        ['for (let k = 0; k < 3; k++) {', constant('t_1', 'a_1'), set('a_1', 'b_1'), set('b_1', 't_1')],
        'out.push(a_1, b_1);',
      ],
    ],
    [
      'a value that is read behind a new one',
      [variable('a_1', 'x'), constant('b_1', 'a_1'), set('a_1', 'y'), 'out.push(a_1, b_1);'],
    ],
    [
      'a value that the next turn of a loop reads',
      [
        variable('a_1', 'x'),
        constant('b_1', 'a_1'),
        ['for (let k = 0; k < 3; k++) {', 'out.push(b_1);', set('a_1', 'k')],
        'out.push(a_1);',
      ],
    ],
    [
      'the old value at the start of the next turn',
      [
        variable('a_1', 'x'),
        variable('b_1', 'a_1'),
        ['for (let k = 0; k < 3; k++) {', 'out.push(a_1);', set('b_1', 'k')],
        set('a_1', 'b_1'),
        'out.push(a_1);',
      ],
    ],
    [
      'the old value beside the new one',
      [
        variable('a_1', 'x'),
        variable('b_1', 'a_1'),
        ['if (y) {', set('b_1', 'a_1 + 1'), 'out.push(a_1);'],
        set('a_1', 'b_1'),
        'out.push(a_1);',
      ],
    ],
  ])('%s', (_, lines) => {
    expect(results(withoutCopies(listOf(write(lines))))).toEqual(results(listOf(write(lines))));
  });
});

/** What lines push when they are run with small numbers. */
function results(entries: readonly Entry[]): readonly number[] {
  const out: number[] = [];
  new Function('out', 'x', 'y', 'f', 'g', printed(entries).join('\n'))(out, 3, 5, Math.sin, Math.cos);
  return out;
}

test('random lines give what they gave before', () => {
  let seed = 1;
  const below = (count: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * count);
  };
  let copies = 0;
  for (let round = 0; round < 2000; round += 1) {
    const list = new LineList();
    let names = 0;
    const block = (depth: number, visible: readonly string[], writable: readonly string[]): void => {
      const [all, variables] = [[...visible], [...writable]];
      const pick = (from: readonly string[]): string => from[below(from.length)]!;
      const value = (): string => [pick(all), `${pick(all)} * 0.5 + ${pick(all)}`, `${below(9)}`][below(3)]!;
      for (let n = 2 + below(6); n > 0; n -= 1) {
        const kind = below(8);
        names += 1;
        if (kind < 2) {
          list.line(constant(`c_${names}`, value()));
          all.push(`c_${names}`);
        } else if (kind < 4) {
          list.line(variable(`v_${names}`, value()));
          all.push(`v_${names}`);
          variables.push(`v_${names}`);
        } else if (kind < 6 && variables.length > 0) {
          list.line(below(4) === 0 ? add(pick(variables), value()) : set(pick(variables), value()));
        } else if (kind === 6 && depth < 3) {
          list.open(below(2) === 0 ? `for (let k = 0; k < 2; k++) {` : `if (${pick(all)} > 2) {`);
          block(depth + 1, all, variables);
          list.close();
        } else list.line(`out.push(${pick(all)});`);
      }
    };
    block(0, ['x', 'y'], []);
    const after = withoutUnused(withoutCopies(list.entries));
    copies += list.entries.length - after.length;
    expect(results(after), printed(list.entries).join('\n')).toEqual(results(list.entries));
  }
  expect(copies).toBeGreaterThan(2000);
});
