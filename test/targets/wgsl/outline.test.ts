// What becomes a function of a WGSL kernel, and what must not: calls do what stood there before.
import { describe, expect, it } from 'vitest';
import { LineList, type NameLine, printed } from '../../../targets/shared/text/lines.js';
import { Names } from '../../../targets/shared/text/names.js';
import { compileWgsl } from '../../../targets/wgsl/compile.js';
import { OutlinedFunctions } from '../../../targets/wgsl/outline/functions.js';
import { outlined } from '../../../targets/wgsl/outline/outline.js';
import { wgslNames } from '../../../targets/wgsl/text/names.js';
import { exampleGraph } from '../../support/example-graphs.js';

const constant = (name: string, type: string, value: string): NameLine => ({
  line: 'constant',
  declared: 'let',
  type,
  name,
  value,
});
const variable = (name: string, type: string, value: string): NameLine => ({
  line: 'variable',
  declared: 'var',
  type,
  name,
  value,
});

/** Functions and lines of what `write` writes, with `arena` and `load_written` changing as it runs. */
function outlinedText(write: (lines: LineList) => void): { readonly functions: string; readonly lines: string } {
  const lines = new LineList();
  write(lines);
  const functions = new OutlinedFunctions(new Names(wgslNames));
  const words = { types: new Map([['thread', 'i32']]), changing: new Set(['arena', 'load_written']) };
  const text = printed(outlined(lines.entries, words, functions), 0).join('\n');
  return { functions: functions.takeTexts().join('\n\n'), lines: text };
}

/** What a head does: masks a register, hands it to others, and adds up. */
function head(lines: LineList, n: number, { scale = 'scale_90' }: { readonly scale?: string } = {}): void {
  lines.open('if (!is_full_99) {');
  lines.line({ line: 'set', name: `chosen_${n}`, value: `select(vec4f(), chosen_${n}, thread + ${n} < 22)` });
  lines.close();
  lines.line('workgroupBarrier();');
  lines.line(`arena[thread + 64] = chosen_${n} * ${scale} + vec4f(launch.some_long_field_of_the_launch);`);
  lines.line('workgroupBarrier();');
  lines.open(`for (var k_${n + 50} = 0; k_${n + 50} < 8; k_${n + 50}++) {`);
  lines.line(constant(`left_${n + 50}`, 'vec4f', `arena[k_${n + 50} + thread + 64]`));
  lines.line({ line: 'add', name: `total_${n}`, value: `left_${n + 50} * left_${n + 50}` });
  lines.close();
}

function heads(lines: LineList, numbers: readonly number[], declareScale = true): void {
  lines.line(constant('is_full_99', 'bool', 'launch.keys < 4'));
  if (declareScale) lines.line(constant('scale_90', 'f32', 'read_scale(thread)'));
  for (const n of numbers) {
    lines.line(variable(`chosen_${n}`, 'vec4f', `load_q(thread, ${n})`));
    lines.line(variable(`total_${n}`, 'vec4f', 'vec4f()'));
  }
}

const calls = (text: string, name: string): number => text.split(`${name}(`).length - 1;

describe('heads', () => {
  it('that differ in names and numbers are calls of one function, which writes to what it is told', () => {
    const { functions, lines } = outlinedText((all) => {
      heads(all, [1, 2, 3]);
      for (const n of [1, 2, 3]) head(all, n);
      for (const n of [1, 2, 3]) all.line(`store_out(${n}, total_${n});`);
    });
    expect(functions).toMatchInlineSnapshot(`
      "fn update_chosen(is_full: bool, chosen: ptr<function, vec4f>, thread: i32, thread2: i32, scale: f32, total: ptr<function, vec4f>) {
        if (!is_full) {
          *chosen = select(vec4f(), (*chosen), thread < 22);
        }
        workgroupBarrier();
        arena[thread2 + 64] = (*chosen) * scale + vec4f(launch.some_long_field_of_the_launch);
        workgroupBarrier();
        for (var k = 0; k < 8; k++) {
          let left = arena[k + thread2 + 64];
          *total += left * left;
        }
      }"
    `);
    expect(lines).toContain('update_chosen(is_full, &chosen2, thread + 2, thread, scale, &total2);');
    expect(calls(lines, 'update_chosen')).toBe(3);
    expect(lines).not.toContain('workgroupBarrier');
  });

  it('leave what one of them computes for all before the first call', () => {
    const { lines } = outlinedText((all) => {
      heads(all, [1, 2, 3], false);
      all.open('if (!is_full_99) {');
      all.line({ line: 'set', name: 'chosen_1', value: 'select(vec4f(), chosen_1, thread + 1 < 22)' });
      all.close();
      all.line('workgroupBarrier();');
      all.line(constant('scale_90', 'f32', 'read_scale(thread)'));
      all.line('arena[thread + 64] = chosen_1 * scale_90 + vec4f(launch.some_long_field_of_the_launch);');
      all.line('workgroupBarrier();');
      all.open('for (var k_51 = 0; k_51 < 8; k_51++) {');
      all.line(constant('left_51', 'vec4f', 'arena[k_51 + thread + 64]'));
      all.line({ line: 'add', name: 'total_1', value: 'left_51 * left_51' });
      all.close();
      for (const n of [2, 3]) head(all, n);
      for (const n of [1, 2, 3]) all.line(`store_out(${n}, total_${n});`);
    });
    expect(calls(lines, 'update_chosen')).toBe(3);
    expect(lines.indexOf('let scale')).toBeLessThan(lines.indexOf('update_chosen('));
  });

  it.each(['load_written(thread)', 'arena[0].x', 'total_1.x'])(
    'compute %s, which may change, where they stand',
    (value) => {
      const { lines } = outlinedText((all) => {
        heads(all, [1, 2, 3], false);
        all.line('workgroupBarrier();');
        all.line(`arena[thread] = chosen_1;`);
        all.line(constant('scale_90', 'f32', value));
        for (const n of [1, 2, 3]) head(all, n);
      });
      expect(lines.indexOf('arena[thread] = ')).toBeLessThan(lines.indexOf('let scale'));
    },
  );
});

describe('what stays where it is', () => {
  const long = 'vec4f(launch.some_long_field_of_the_launch) + vec4f(launch.another_field_of_the_launch)';
  const cases: readonly (readonly [what: string, write: (lines: LineList) => void])[] = [
    [
      'a barrier that a condition decides',
      (lines) => {
        lines.line(constant('is_full_9', 'bool', 'launch.keys < 4'));
        for (const n of [1, 2, 3]) {
          lines.open('if (is_full_9) {');
          lines.line('workgroupBarrier();');
          lines.line(`set_all(${n}, launch.some_long_field_of_the_launch, launch.another_field_of_the_launch);`);
          lines.close();
        }
      },
    ],
    [
      'the end of a kernel',
      (lines) => {
        for (const n of [1, 2, 3, 4, 5, 6]) {
          lines.open(
            `if (thread > ${n} + launch.some_long_field_of_the_launch + launch.another_field_of_the_launch) {`,
          );
          lines.line('return;');
          lines.close();
        }
      },
    ],
    [
      'names whose types are not known',
      (lines) => {
        for (const n of [1, 2, 3, 4]) {
          lines.line({ line: 'variable', declared: 'var', name: `odd_${n}`, value: long });
          lines.line({ line: 'set', name: `odd_${n}`, value: `odd_${n} * ${long}` });
        }
      },
    ],
  ];
  it.each(cases)('%s', (_, write) => {
    const { functions, lines } = outlinedText(write);
    expect(functions).toBe('');
    expect(lines).not.toContain('&');
  });

  it('statements whose values others read', () => {
    const { lines } = outlinedText((all) => {
      for (const n of [1, 2, 3]) {
        all.line(constant(`left_${n}`, 'f32', `read_scale(thread + ${n})`));
        all.line(`arena[thread + ${n}] = left_${n} * ${long};`);
        all.line(`arena[thread + ${n + 10}] = left_${n} * ${long};`);
      }
      for (const n of [1, 2, 3]) all.line(`store_out(${n}, left_${n});`);
    });
    expect(lines.match(/let left\d* = read_scale/g)).toHaveLength(3);
    expect(lines).toContain('store_out(3, left3);');
  });

  it('a variable that one call would be told twice', () => {
    const { lines } = outlinedText((all) => {
      for (const n of [1, 2, 3, 4]) all.line(variable(`total_${n}`, 'vec4f', 'vec4f()'));
      const pairs = [
        [1, 2],
        [2, 2],
        [3, 4],
      ] as const;
      for (const [n, other] of pairs) {
        all.line({ line: 'add', name: `total_${n}`, value: `total_${other} * ${long}` });
        all.line({ line: 'add', name: `total_${other}`, value: `total_${n} * ${long}` });
      }
    });
    expect(lines).not.toMatch(/&(\w+), .*&?\b\1\b/);
  });
});

it('Multi-Token Attention at its defaults is below 60 kB', async () => {
  const { wgsl } = compileWgsl(await exampleGraph('mta', {})).emitted;
  expect(Buffer.byteLength(wgsl)).toBeLessThan(60_000);
});

it('leaves values of memory where they are computed, those that a function reads too', () => {
  const { lines } = outlinedText((into) => {
    const numbers = [0, 1, 2, 3];
    for (const n of numbers) into.line(variable(`carried_${n}`, 'f32', `load_written(thread, ${n})`));
    for (const n of numbers) {
      into.line('workgroupBarrier();');
      into.line(`arena[thread] = carried_${n};`);
      into.line('workgroupBarrier();');
      const each = Array.from({ length: 16 }, (_, other) => `arena[thread + ${other + 1}]`);
      into.line(constant(`sum_${n}`, 'f32', each.join(' + ')));
    }
    for (const n of numbers) {
      into.open('if (thread == 0) {');
      into.line(`store_somewhere_that_is_far(launch.some_long_field_of_the_launch, ${n}, thread, sum_${n});`);
      into.close();
    }
  });
  // Between two writes of memory stands what is read of the first one.
  const parts = lines.split('arena[thread] =');
  expect(parts).toHaveLength(5);
  for (const part of parts.slice(1)) expect(part).toMatch(/let sum\d* = \w+\(thread\);/);
});
