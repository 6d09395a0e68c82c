// The text of tile programs: that of the hand-written ones byte for byte, and what it says of values and boxes.
// UPDATE_GOLDEN=1 writes the texts anew; look at the difference before you commit it.
import { describe, expect, test } from 'vitest';
import { axis, kernel } from '../../../codegen/tile/builder.js';
import { neighbourAt, operand } from '../../../codegen/tile/operations.js';
import { nameValues, printKernel, printProgram } from '../../../codegen/tile/print.js';
import { least } from '../../../codegen/tile/scalars.js';
import { apply, integer, length, variable } from '../../../src/ir/index.js';
import { expectCommitted } from '../../support/committed.js';
import { handWritten } from './examples.js';
import { batchGrid, buffer, keyAxis, queryAxis } from './programs/common.js';

const golden = new URL('./golden/', import.meta.url);

describe.each(Object.entries(handWritten))('%s', (name, make) => {
  test('prints as committed', () => {
    expectCommitted(new URL(`${name}.txt`, golden), printProgram(make()));
  });

  test('has no value without a name, and no name twice', () => {
    const program = make();
    expect(printProgram(program)).not.toMatch(/\?(?! )/);
    for (const launch of program.launches) {
      for (const each of launch.launch === 'kernel' ? [launch.kernel] : launch.kernels) {
        const names = [...nameValues(each).values()];
        expect(new Set(names).size).toBe(names.length);
      }
    }
  });
});

const rows = axis('query', 'I', 4);
const columns = axis('key', 0, 3);
const text = (body: Parameters<typeof kernel>[2]): string => printKernel(kernel('k', [batchGrid], body)).join('\n');

describe('the text', () => {
  test('says a box where an operation names its own, and not where the operands imply it', () => {
    const printed = text((block) => {
      const s = block.constant([rows, columns], 0);
      const row = block.reduce(s, 'key', 'max');
      block.map([s, row], apply('add', operand(0), operand(1)));
      block.map([row], operand(0), [rows, columns]);
    });
    expect(printed).toContain('s0 = constant 0.0 : [i: 4 from I, j: 3]');
    expect(printed).toMatch(/row = max s0 over j$/m);
    expect(printed).toMatch(/s1 = map s0 \+ row$/m);
    expect(printed).toMatch(/s2 = map row : \[i: 4 from I, j: 3\]$/m);
  });

  test('says where a value is valid, and what it was rounded to', () => {
    const printed = text((block) => {
      const part = block.map([], apply('toFloat', variable('i')), [{ ...rows, valid: { low: 1, high: 4 } }]);
      block.cast(part, 'bf16');
    });
    expect(printed).toContain('row0 = map float(i) : [i: 4 from I valid 1..4]');
    expect(printed).toMatch(/row1 = cast row0 to bf16$/m);
  });

  test('says which axis has another name', () => {
    const printed = text((block) => {
      const part = block.constant([{ ...rows, valid: { low: 1, high: 4 } }, axis('extent', 0, 5)], 0);
      block.relabel(part, 'extent', 'feature');
    });
    expect(printed).toMatch(/o = relabel t x as d$/m);
  });

  test('numbers a label that comes again and leaves one that does not', () => {
    const printed = text((block) => {
      block.as('m').constant([rows], 0);
      block.as('m').constant([rows], 0);
      block.as('alone').constant([rows], 0);
      // An index variable of that name stands in expressions.
      block.as('i').constant([rows], 0);
    });
    expect(printed.match(/^ {2}\S+/gm)).toEqual(['  m0', '  m1', '  alone', '  i0']);
  });

  test('names the rings and operands of a window, and the offsets of a bin and a gram', () => {
    const printed = text((block) => {
      const whole = block.constant([rows, columns], 1);
      const ring = block.push(block.ring('key', rows, 3, 0), whole);
      const [i, j] = [variable('i'), variable('j')];
      block.window([ring], [whole], [rows, columns], apply('multiply', operand(0), neighbourAt(0, i, j)));
      const table = block.constant([axis('extent', 0, 5)], 0);
      block.bin(table, whole, apply('subtract', i, j));
      const offsets = { counters: [{ name: 'u', extent: 5 }], queryOffset: integer(0), keyOffset: variable('u') };
      block.gram(table, ring, whole, offsets);
    });
    expect(printed).toContain('window s0 * ring1[i, j] : [i: 4 from I, j: 3]');
    expect(printed).toContain('= table0 + bin s0 at i - j');
    expect(printed).toContain('= table0 + gram of u < 5: sum(i, j) ring1[i, j + u] * s0');
  });

  test('shows kernels of a repetition under its range', () => {
    const scratch = buffer('scratch', 'workspace', [queryAxis, keyAxis]);
    const each = kernel('each', [], (block) =>
      block.store(block.constant([rows], 0), scratch, [integer(0), integer(0)]),
    );
    const decided = { variable: 'rows', value: least(3, length('key')), most: 3 };
    const printed = printProgram({
      name: 'p',
      buffers: [scratch],
      launches: [
        { launch: 'repeat', axis: { variable: 'I', from: integer(0), to: integer(9), step: decided }, kernels: [each] },
      ],
    });
    expect(printed).toBe(`program p
  workspace scratch[Tq, Tk]

repeat I from 0 to 9 by rows = minimum(3, Tk)
  kernel each()
    row = constant 0.0 : [i: 4 from I]
    store row to scratch[0, 0]
`);
  });
});
