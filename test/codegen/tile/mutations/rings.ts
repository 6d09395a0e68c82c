// Mistakes with rings: halos, capacities, pushes beside the end, and loops that end before their ring is drained.
import type { ForStatement, TileProgram } from '../../../../codegen/tile/program.js';
import { minus } from '../../../../codegen/tile/scalars.js';
import { integer, length } from '../../../../src/ir/index.js';
import { edited, operationWith, partWith, statement, statementWith, tile } from './edit.js';
import { interpreter, type Mutations, outputs, verifier } from './mutation.js';

const loopOverKeys = / = for J from /;

/** All rings along keys with another capacity. */
const withCapacity = (capacity: number) => (program: TileProgram) =>
  edited(program, (object) => (object['kind'] === 'ring' && object['axis'] === 'key' ? { capacity } : undefined));

export const ringMutations: Mutations = {
  'the halo is one key too far right': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { keyOffset: minus('w', 1) }),
    found: verifier('HD8031'),
  },
  'the halo is one key too far left': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { keyOffset: minus('w', 3) }),
    found: verifier('HD8031'),
  },
  'the history is one row too long': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { queryOffset: minus('u', 4) }),
    found: verifier('HD8005'),
  },
  'the history is one row too short': {
    of: 'post-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { queryOffset: minus('u', 2) }),
    found: verifier('HD8005'),
  },
  'taps are mirrored': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^s2 = stencil/, { keyOffset: minus(2, 'w') }),
    found: outputs,
  },
  'the ring forgets the oldest tap': {
    of: 'pre-convolution',
    change: (program) => withCapacity(9)(program),
    found: verifier('HD8031'),
  },
  'the ring forgets the oldest rows': {
    of: 'key-backward',
    change: (program) =>
      edited(program, (object) =>
        object['kind'] === 'ring' && object['axis'] === 'query' ? { capacity: 8 } : undefined,
      ),
    found: verifier('HD8031'),
  },
  'the ring is smaller than a tile': {
    of: 'pre-convolution',
    change: (program) => withCapacity(5)(program),
    found: verifier('HD8004'),
  },
  'the ring starts beside the first tile': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^ring0 = ring/, { end: integer(1) }),
    found: verifier('HD8030'),
  },
  'the loop steps past the end of the ring': {
    of: 'pre-convolution',
    change: (program) => statementWith<ForStatement>(program, loopOverKeys, { step: 7 }),
    found: verifier('HD8030'),
  },
  'the loop starts behind the start of the ring': {
    of: 'pre-convolution',
    change: (program) => statementWith<ForStatement>(program, loopOverKeys, { from: integer(6) }),
    found: verifier('HD8030'),
  },
  'the ring starts at the first row, the loop above it': {
    of: 'key-backward',
    change: (program) => operationWith(program, /^ring0 = ring/, { end: minus(length('key'), length('query')) }),
    // Which of the two is further down depends on the block: only running it shows.
    found: interpreter(/`ring4 = push s5 to ring1` at .*: a ring that ends at 3 is pushed a tile that starts at \d+/),
  },
  'the newest tile is read before it is pushed': {
    of: 'pre-convolution',
    change: (program) => {
      const { inside } = statement<ForStatement>(program, loopOverKeys).carried[0]!;
      return operationWith(program, /^s2 = stencil/, { source: inside });
    },
    found: verifier('HD8031'),
  },
  'the ring that comes out of the loop is the one that went in': {
    of: 'pre-convolution',
    change: (program) => {
      const { body, carried } = statement<ForStatement>(program, loopOverKeys);
      return partWith(program, body, { yields: [carried[0]!.inside, ...body.yields.slice(1)] });
    },
    found: verifier('HD8030'),
  },
  'the last keys are not drained': {
    of: 'pre-convolution',
    change: (program) => {
      const { to } = statement<ForStatement>(program, loopOverKeys);
      return statementWith<ForStatement>(program, loopOverKeys, { to: minus(to, 2) });
    },
    found: outputs,
  },
  'the last rows are not drained': {
    of: 'key-backward',
    change: (program) => statementWith<ForStatement>(program, /for I from/, { to: length('key') }),
    found: outputs,
  },
  'scores are pushed unmasked': {
    of: 'pre-convolution',
    change: (program) => operationWith(program, /^ring2 = push/, { tile: tile(program, /^s0 =/) }),
    found: outputs,
  },
  'keys before the first one have weight': {
    of: 'post-convolution',
    change: (program) => operationWith(program, /^ring0 = ring/, { initial: 1 }),
    found: outputs,
  },

  'a ring lies across its own axis': {
    of: 'pre-convolution',
    change: (program) => edited(program, (object) => (object['kind'] === 'ring' ? { axis: 'query' } : undefined)),
    found: verifier('HD8003'),
  },
  'a ring holds nothing': {
    of: 'pre-convolution',
    change: (program) => withCapacity(0)(program),
    found: verifier('HD8003'),
  },
  'a tile is rounded as it is pushed': {
    of: 'pre-convolution',
    change: (program) => edited(program, (object) => (object['kind'] === 'ring' ? { dtype: 'f16' } : undefined)),
    found: verifier('HD8005'),
  },
};
