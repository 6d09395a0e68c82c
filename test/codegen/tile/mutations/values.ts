// Mistakes with values: their scope, their boxes, their types, and what loops carry and switches yield.
import type { ForStatement, LetStatement, StoreStatement, SwitchStatement } from '../../../../codegen/tile/program.js';
import { scalar } from '../../../../codegen/tile/scalars.js';
import {
  movedBefore,
  operationWith,
  partWith,
  replaced,
  statement,
  statementWith,
  tile,
  value,
  valueWith,
} from './edit.js';
import { type Mutations, outputs, verifier } from './mutation.js';

const loopOverKeys = / = for J from /;

export const valueMutations: Mutations = {
  // ── Scope ─────────────────────────────────────────────────────────────────────────────────────────

  'a value is used before it is there': {
    of: 'flash',
    change: (program) => movedBefore(program, /^decay0 =/, /^m2 =/),
    found: verifier('HD8001'),
  },
  'a value of one case is used in another': {
    of: 'flash',
    change: (program) => operationWith(program, /^total1 =/, { tile: tile(program, /^p0 =/) }),
    found: verifier('HD8001'),
  },
  'a value leaves its loop without being yielded': {
    of: 'pre-convolution',
    change: (program) => statementWith<StoreStatement>(program, /^store lse/, { tile: tile(program, /^m2 =/) }),
    found: verifier('HD8001'),
  },
  'a value of another kernel is used': {
    of: 'split-decode',
    change: (program) =>
      operationWith(program, /^row2 =/, { operands: [value(program, /^largest =/), value(program, /^row0/)] }),
    found: verifier('HD8001'),
  },
  'a value is assigned twice': {
    of: 'flash',
    change: (program) => {
      const twice = statement(program, /^s1 = map/);
      return replaced(program, /^s1 = map/, [twice, twice]);
    },
    found: verifier('HD8002'),
  },

  // ── Boxes and types ───────────────────────────────────────────────────────────────────────────────

  'a tile has two query axes': {
    of: 'flash',
    change: (program) => {
      const [rows] = tile(program, /^m0 =/).axes;
      return valueWith(program, /^m0 =/, { axes: [rows!, rows!] });
    },
    found: verifier('HD8003'),
  },
  'a tile is valid outside of its box': {
    of: 'pre-convolution',
    change: (program) => {
      const [rows, columns] = tile(program, /^s2 = stencil/).axes;
      return valueWith(program, /^s2 = stencil/, { axes: [{ ...rows!, valid: { low: 3, high: 12 } }, columns!] });
    },
    found: verifier('HD8003'),
  },
  'a switch is over columns first': {
    of: 'flash',
    change: (program) => {
      const { rows, columns } = statement<SwitchStatement>(program, /= switch/);
      return statementWith<SwitchStatement>(program, /= switch/, { rows: columns, columns: rows });
    },
    found: verifier('HD8003'),
  },
  'values are taken from beside their weights': {
    of: 'pre-convolution',
    change: (program) => {
      const { operation } = statement<LetStatement>(program, /^o3 = o2 \+ matmul/);
      if (operation.op !== 'matmul') throw new Error('no product');
      const [columns, features] = operation.right.axes;
      const right = { ...operation.right, axes: [{ ...columns!, origin: scalar('J') }, features!] };
      return operationWith(program, /^o3 = o2 \+ matmul/, { right });
    },
    found: verifier('HD8004'),
  },
  'a product sums over an axis that one side lacks': {
    of: 'flash',
    change: (program) => operationWith(program, /^s0 = matmul/, { over: 'key' }),
    found: verifier('HD8004'),
  },
  'poison of the halo is declared valid': {
    of: 'pre-convolution',
    change: (program) => {
      const axes = tile(program, /^s2 = stencil/).axes.map(({ valid: _, ...axis }) => axis);
      return valueWith(program, /^s2 = stencil/, { axes });
    },
    found: verifier('HD8005'),
  },
  'weights are rounded without a cast': {
    of: 'flash',
    change: (program) => valueWith(program, /^p0 =/, { dtype: 'bf16' }),
    found: verifier('HD8005'),
  },

  // ── Control ───────────────────────────────────────────────────────────────────────────────────────

  'a loop carries a value of another box': {
    of: 'flash',
    change: (program) => {
      const [rows] = tile(program, /^m0 =/).axes;
      return valueWith(program, /^m0 =/, { axes: [{ ...rows!, size: 4 }] });
    },
    found: verifier('HD8006'),
  },
  'a loop yields one value too few': {
    of: 'flash',
    change: (program) => {
      const { body } = statement<ForStatement>(program, loopOverKeys);
      return partWith(program, body, { yields: body.yields.slice(1) });
    },
    found: verifier('HD8006'),
  },
  'a loop relies on rows that its body does not give': {
    of: 'pre-convolution',
    change: (program) => {
      const { carried } = statement<ForStatement>(program, loopOverKeys);
      const { inside } = carried[1]!;
      if (inside.kind !== 'tile') throw new Error('no tile');
      return partWith(program, inside, { axes: inside.axes.map(({ valid: _, ...axis }) => axis) });
    },
    found: verifier('HD8006'),
  },
  'the values behind a loop are relied on where it may give none': {
    of: 'pre-convolution',
    change: (program) => {
      const { after } = statement<ForStatement>(program, loopOverKeys).carried[1]!;
      if (after.kind !== 'tile') throw new Error('no tile');
      return partWith(program, after, { axes: after.axes.map(({ valid: _, ...axis }) => axis) });
    },
    found: verifier('HD8006'),
  },
  'two carried values are exchanged': {
    of: 'flash',
    change: (program) => {
      const { carried } = statement<ForStatement>(program, loopOverKeys);
      const [m, l, o] = carried.map(({ initial }) => initial);
      return statementWith<ForStatement>(program, loopOverKeys, {
        carried: carried.map((each, n) => ({ ...each, initial: [l!, m!, o!][n]! })),
      });
    },
    found: outputs,
  },
  'a case of a switch yields in another order': {
    of: 'flash',
    change: (program) => {
      const { cases } = statement<SwitchStatement>(program, /= switch/);
      return partWith(program, cases.full, { yields: [...cases.full.yields].reverse() });
    },
    found: verifier('HD8007'),
  },
  'a case of a switch yields nothing': {
    of: 'flash',
    change: (program) => partWith(program, statement<SwitchStatement>(program, /= switch/).cases.empty, { yields: [] }),
    found: verifier('HD8007'),
  },
  'a box that the mask hides is taken as visible': {
    of: 'flash',
    change: (program) => {
      const { cases } = statement<SwitchStatement>(program, /= switch/);
      return statementWith<SwitchStatement>(program, /= switch/, { cases: { ...cases, partial: cases.full } });
    },
    found: outputs,
  },
  'two cases assign the same values': {
    of: 'flash',
    change: (program) => {
      const { cases } = statement<SwitchStatement>(program, /= switch/);
      return statementWith<SwitchStatement>(program, /= switch/, { cases: { ...cases, partial: { ...cases.full } } });
    },
    found: verifier('HD8002'),
  },
  'the accumulator is not scaled with the maximum': {
    of: 'flash',
    change: (program) => operationWith(program, /^o5 = o4/, { accumulator: tile(program, /^o2 =/) }),
    found: verifier('HD8001'),
  },

  'a view is empty': {
    of: 'flash',
    change: (program) => {
      const { operation } = statement<LetStatement>(program, /^s0 = matmul/);
      if (operation.op !== 'matmul') throw new Error('no product');
      const [rows, features] = operation.left.axes;
      return partWith(program, operation.left, { axes: [{ ...rows!, size: 0 }, features!] });
    },
    found: verifier('HD8003'),
  },
  'a result lacks an axis of its operands': {
    of: 'flash',
    change: (program) => valueWith(program, /^p0 =/, { axes: tile(program, /^m2 =/).axes }),
    found: verifier('HD8004'),
  },
  'a case yields what another one makes': {
    of: 'flash',
    change: (program) => {
      const { cases } = statement<SwitchStatement>(program, /= switch/);
      return partWith(program, cases.empty, { yields: cases.full.yields });
    },
    found: verifier('HD8001'),
  },
};
