// What a kernel claims of a mask over a box is never wrong: full only where every entry is let through, empty only where none
// is. Random masks of the predicates of attention, random boxes, decided on a device by the emitted text.
import { afterAll, describe, it } from 'vitest';
import { maskClassText } from '../../../targets/shared/mask-class.js';
import { UNKNOWN_REACH } from '../../../targets/shared/mask-intervals.js';
import { rangeArguments, rangedAxes } from '../../../targets/shared/mask-tables.js';
import { lineText } from '../../../targets/shared/text/lines.js';
import { type Job, webgpu } from '../../../targets/wgsl/device/index.js';
import { rangeFunctions, rangerText } from '../../../targets/wgsl/mask-tables.js';
import { atom, type Code } from '../../../targets/wgsl/text/code.js';
import { wgslPrinter } from '../../../targets/wgsl/text/expressions.js';
import { Helpers } from '../../../targets/wgsl/text/helpers.js';
import { BOXES, boxes, expectClaims, KEYS, masks, QUERIES, tables } from '../shared/mask-cases.js';

const THREADS = 8;

/** One function a mask, one block of threads a box: 1 for full, 2 for empty, 0 where it cannot be told. */
function jobOf(): Job {
  const helpers = new Helpers();
  const rangers = new Map<string, string>();
  const functions = masks.map((mask, n) => {
    const lines: string[] = [];
    let names = 0;
    const printer = wgslPrinter(
      {
        line: (line) => lines.push(`  ${lineText(line)}`),
        open: (text) => lines.push(text),
        close: () => lines.push('}'),
        fresh: (prefix) => `${prefix}_${++names}`,
      },
      helpers,
    );
    const size: Readonly<Record<string, number>> = { batch: 1, query: QUERIES, key: KEYS };
    const rows = { low: atom('box.x', 'int'), high: atom('(box.x + box.y - 1)', 'int') };
    const { full, empty } = maskClassText(mask, {
      rows,
      ownRows: rows,
      columns: { low: atom('box.z', 'int'), high: atom('(box.z + box.w - 1)', 'int') },
      scalar: (expression) =>
        printer.print(expression, {
          variable: () => atom('0', 'int'),
          length: (of) => atom(String(size[of]), 'int'),
          read: () => atom('0', 'int'),
        }),
      named: (code: Code) => printer.bind(code, 'bound'),
      table: ({ source }, index) => {
        const name = source.op === 'tensor' ? source.name : '';
        const axes = rangedAxes(index);
        const given = rangeArguments(index).join(', ');
        const ranger = `range_${name}_${axes.join('_')}`;
        if (axes.length > 0) rangers.set(ranger, rangerText(ranger, `read_${name}`, index.length, axes));
        const text =
          axes.length === 0 ? `range_of_entry(read_${name}(${given}))` : `${ranger}(${given}, thread, ${THREADS})`;
        const found = printer.bind(atom(text, 'int'), 'range');
        return { low: atom(`${found.text}.x`, 'int'), high: atom(`${found.text}.y`, 'int'), size: UNKNOWN_REACH };
      },
    });
    const value = `select(select(0u, 2u, ${empty?.text ?? 'false'}), 1u, ${full?.text ?? 'false'})`;
    const both = `(${empty?.text ?? 'false'}) && (${full?.text ?? 'false'})`;
    return [
      `fn class_${n}(box: vec4i, thread: i32) -> u32 {`,
      ...lines,
      `  return select(${value}, 3u, ${both});`,
      '}',
    ].join('\n');
  });
  const wgsl = [
    '@group(0) @binding(0) var<storage, read> boxes: array<vec4i>;',
    '@group(0) @binding(1) var<storage, read_write> classes: array<u32>;',
    helpers.text(),
    ...tables.map(({ sizes }, n) => {
      const indices = sizes.map((_, axis) => `x_${axis}`);
      const inside = sizes.map((size, axis) => `u32(x_${axis}) < ${size}u`).join(' && ');
      const place = indices.slice(1).reduce((sum, x, axis) => `(${sum}) * ${sizes[axis + 1]} + ${x}`, indices[0]!);
      return [
        `@group(0) @binding(${2 + n}) var<storage, read> t${n}: array<i32>;`,
        `fn read_t${n}(${indices.map((x) => `${x}: i32`).join(', ')}) -> i32 {`,
        `  return select(0, t${n}[select(0, ${place}, ${inside})], ${inside});`,
        '}',
      ].join('\n');
    }),
    ...rangers.values(),
    rangeFunctions(new Set(['entry', 'table'])),
    ...functions,
    `@compute @workgroup_size(${THREADS})`,
    'fn decide(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) invocation: u32) {',
    '  let k = block.x;',
    '  let thread = i32(invocation);',
    ...masks.map((_, n) => `  classes[${n * BOXES}u + k] = class_${n}(boxes[k], thread);`),
    '}',
  ].join('\n');
  return {
    label: 'mask-class.wgsl',
    wgsl,
    buffers: [
      {
        name: 'boxes',
        size: BOXES * 16,
        data: Int32Array.from(boxes.flatMap(({ row, rows, column, columns }) => [row, rows, column, columns])),
      },
      { name: 'classes', size: masks.length * BOXES * 4, read: true },
      ...tables.map(({ entries }, n) => ({ name: `t${n}`, size: entries.length * 4, data: Int32Array.from(entries) })),
    ],
    dispatches: [
      {
        entryPoint: 'decide',
        workgroups: [BOXES],
        bindings: [
          { binding: 0, kind: 'read', buffer: 'boxes' },
          { binding: 1, kind: 'read_write', buffer: 'classes' },
          ...tables.map((_, n) => ({ binding: 2 + n, kind: 'read' as const, buffer: `t${n}` })),
        ],
      },
    ],
  };
}

describe('mask classes', () => {
  afterAll(() => webgpu.close());

  it('claim nothing that is wrong, and decide what attention uses', async () => {
    expectClaims(new Uint32Array((await webgpu.runJob(jobOf())).get('classes')!));
  });
});
