// Mistakes with ranges, scalars, element expressions and masks.
import { neighbourAt, operand } from '../../../../codegen/tile/operations.js';
import type { ForStatement, LetStatement, SwitchStatement } from '../../../../codegen/tile/program.js';
import { minus, plus, scalar } from '../../../../codegen/tile/scalars.js';
import { apply, extent, float, head, integer, read, tensorNode, variable } from '../../../../src/ir/index.js';
import { kernelWith, operationWith, statement, statementWith, tile, valueWith } from './edit.js';
import { type Mutations, outputs, verifier } from './mutation.js';

const loopOverKeys = / = for J from /;
const [h, i, j] = [variable('h'), variable('i'), variable('j')];

export const expressionMutations: Mutations = {
  // ── Ranges and scalars ────────────────────────────────────────────────────────────────────────────

  'a loop does not move on': {
    of: 'flash',
    change: (program) => statementWith<ForStatement>(program, loopOverKeys, { step: 0 }),
    found: verifier('HD8010'),
  },
  'two axes of a grid have one variable': {
    of: 'flash',
    change: (program) => kernelWith(program, 'flash', ({ grid }) => ({ grid: [...grid, grid[0]!] })),
    found: verifier('HD8010'),
  },
  'a loop has the variable of the grid': {
    of: 'split-decode',
    change: (program) => statementWith<ForStatement>(program, / = for split < /, { variable: 'I' }),
    found: verifier('HD8010'),
  },
  'a box lies at a scalar that nobody knows': {
    of: 'flash',
    change: (program) => {
      const { rows } = statement<SwitchStatement>(program, /= switch/);
      return statementWith<SwitchStatement>(program, /= switch/, { rows: { ...rows, origin: scalar('Q') } });
    },
    found: verifier('HD8011'),
  },
  'a box is placed by its own index': {
    of: 'flash',
    change: (program) => valueWith(program, /^m0 =/, { axes: [{ ...tile(program, /^m0 =/).axes[0]!, origin: i }] }),
    found: verifier('HD8011'),
  },
  'a loop starts at a fraction': {
    of: 'flash',
    change: (program) => statementWith<ForStatement>(program, loopOverKeys, { from: float(0.5) }),
    found: verifier('HD8011'),
  },
  'a loop leaves keys out': {
    of: 'flash',
    change: (program) => statementWith<ForStatement>(program, loopOverKeys, { step: 7 }),
    found: outputs,
  },
  'a loop counts keys twice': {
    of: 'flash',
    change: (program) => statementWith<ForStatement>(program, loopOverKeys, { step: 5 }),
    found: outputs,
  },
  'a split ends where the next but one begins': {
    of: 'split-decode',
    change: (program) => {
      const { from } = statement<ForStatement>(program, loopOverKeys);
      return statementWith<ForStatement>(program, loopOverKeys, { to: plus(from, 4) });
    },
    found: outputs,
  },

  // ── Element expressions ───────────────────────────────────────────────────────────────────────────

  'an element expression knows no such variable': {
    of: 'flash',
    change: (program) =>
      operationWith(program, /^lse = map/, { value: apply('multiply', operand(0), apply('toFloat', j)) }),
    found: verifier('HD8012'),
  },
  'an offset depends on the row': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { keyOffset: minus('w', i) }),
    found: verifier('HD8012'),
  },
  'an operand is not given': {
    of: 'flash',
    change: (program) => operationWith(program, /^lse = map/, { operands: [tile(program, /^m0 =/)] }),
    found: verifier('HD8013'),
  },
  'a table is read at too few indices': {
    of: 'pre-convolution',
    change: (program) => {
      const table = tensorNode('theta_pre', 'parameter', [head(4), extent(20)]);
      return operationWith(program, /^s2 = stencil/, { weight: read(table, [h, variable('w')]) });
    },
    found: verifier('HD8013'),
  },
  'a table is not bound': {
    of: 'slab-mix',
    change: (program) => {
      const table = tensorNode('mix_post', 'parameter', [extent(1), extent(4), extent(4)]);
      return operationWith(program, /= mix /, { weight: read(table, [integer(0), h, variable('n')]) });
    },
    found: verifier('HD8013'),
  },
  'a tile holds truth values': {
    of: 'flash',
    change: (program) => operationWith(program, /^result = map/, { value: apply('greater', operand(0), operand(1)) }),
    found: verifier('HD8014'),
  },
  'a switch decides by what is no scalar of the kernel': {
    of: 'flash',
    change: (program) =>
      statementWith<SwitchStatement>(program, /= switch/, {
        mask: apply('lessOrEqual', j, apply('add', i, variable('other'))),
      }),
    found: verifier('HD8015'),
  },
  'a switch decides by a number': {
    of: 'flash',
    change: (program) => statementWith<SwitchStatement>(program, /= switch/, { mask: i }),
    found: verifier('HD8014'),
  },
  'a later key is visible': {
    of: 'pre-convolution',
    change: (program) => {
      const { operation } = statement<LetStatement>(program, /^s3 = map/);
      if (operation.op !== 'map' || operation.value.kind !== 'apply') throw new Error('no select');
      const [, x, y] = operation.value.operands;
      const mask = apply(
        'and',
        apply('lessOrEqual', j, apply('add', i, integer(1))),
        apply('lessOrEqual', integer(0), j),
      );
      return operationWith(program, /^s3 = map/, { value: apply('select', mask, x!, y!) });
    },
    found: outputs,
  },
  'a key beyond the last one is visible': {
    of: 'key-backward',
    change: (program) => operationWith(program, /^s1 = map/, { value: apply('divide', operand(0), float(3)) }),
    found: outputs,
  },
  'an empty row gives −∞ − −∞': {
    of: 'split-decode',
    change: (program) => {
      const difference = apply('exponential', apply('subtract', operand(0), operand(1)));
      return operationWith(program, /^p = map/, { value: difference });
    },
    found: outputs,
  },

  'a loop is called as an index is': {
    of: 'split-decode',
    change: (program) => statementWith<ForStatement>(program, / = for split < /, { variable: 'i' }),
    found: verifier('HD8010'),
  },
  'a loop is called as a length is': {
    of: 'split-decode',
    change: (program) => statementWith<ForStatement>(program, / = for split < /, { variable: 'Tk' }),
    found: verifier('HD8010'),
  },
  'a grid axis depends on a later one': {
    of: 'slab-mix',
    change: (program) =>
      kernelWith(program, 'scores', ({ grid }) => ({
        grid: [...grid.slice(0, 2), grid[3]!, { ...grid[2]!, from: scalar('K') }],
      })),
    found: verifier('HD8011'),
  },
  'a loop ends where memory says': {
    of: 'slab-mix',
    change: (program) => {
      const table = tensorNode('lengths', 'integers', [extent(1)]);
      return statementWith<ForStatement>(program, loopOverKeys, { to: read(table, [integer(0)]) });
    },
    found: verifier('HD8011'),
  },
  'a weight reads an operand': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { weight: operand(0) }),
    found: verifier('HD8013'),
  },
  'a map reads a ring': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s3 = map/, { value: neighbourAt(0, i, j) }),
    found: verifier('HD8013'),
  },
  'a map reads a node of the score graph': {
    of: 'flash',
    change: (program) => {
      const [q, k] = [tensorNode('q', 'queries', []), tensorNode('k', 'keys', [])];
      const dot = { op: 'dot', x: q, y: k, domain: [] } as const;
      return operationWith(program, /^s1 = map/, { value: read(dot, []) });
    },
    found: verifier('HD8013'),
  },
  'a switch decides by a table that is not bound': {
    of: 'flash',
    change: (program) => {
      const documents = tensorNode('documents', 'integers', [{ kind: 'position' }]);
      const mask = apply('equal', read(documents, [i]), read(documents, [j]));
      return statementWith<SwitchStatement>(program, /= switch/, { mask });
    },
    found: verifier('HD8013'),
  },
  'a guard is a number': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { guard: i }),
    found: verifier('HD8014'),
  },
  'an offset is a fraction': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { keyOffset: float(0.5) }),
    found: verifier('HD8014'),
  },
};
