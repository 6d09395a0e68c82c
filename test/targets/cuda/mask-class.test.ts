// What a CUDA kernel claims of a mask over a box is never wrong, and it decides what attention uses: the emitted text on the
// emulation. Tiles between documents are not looked at: their values may be no numbers at all.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { judge, randomInputs } from '../../../src/checking/index.js';
import { interpret } from '../../../src/interpreter/index.js';
import { hostTensor } from '../../../src/tensors/index.js';
import { compileCuda } from '../../../targets/cuda/compile.js';
import { emulatorAvailability } from '../../../targets/cuda/device/index.js';
import { cudaEmulator } from '../../../targets/cuda/graph-device.js';
import { RANGE_TYPE, rangerText, rangesText } from '../../../targets/cuda/mask-tables.js';
import { atom } from '../../../targets/cuda/text/code.js';
import { cudaPrinter } from '../../../targets/cuda/text/expressions.js';
import { includesText, primitivesText } from '../../../targets/cuda/text/primitives.js';
import { maskClassText } from '../../../targets/shared/mask-class.js';
import { UNKNOWN_REACH } from '../../../targets/shared/mask-intervals.js';
import { rangeArguments, rangedAxes } from '../../../targets/shared/mask-tables.js';
import { lineText } from '../../../targets/shared/text/lines.js';
import { testsOn } from '../../support/devices.js';
import { exampleGraph } from '../../support/example-graphs.js';
import { inLongTests } from '../../support/share.js';
import { BOXES, boxes, expectClaims, KEYS, masks, QUERIES, type Table, tables } from '../shared/mask-cases.js';

const onEmulator = await testsOn({ name: 'cuda-emulator', availability: emulatorAvailability });
const emulation = fileURLToPath(new URL('../../../targets/cuda/emulation/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'heddle-mask-class-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The class of one mask over a box, as a function: 1 for full, 2 for empty, 0 where it cannot be told, 3 for both. */
function classText(mask: (typeof masks)[number], n: number, rangers: Map<string, string>): string {
  const lines: string[] = [];
  let names = 0;
  const printer = cudaPrinter({
    line: (line) => lines.push(`  ${lineText(line)}`),
    open: (text) => lines.push(text),
    close: () => lines.push('}'),
    fresh: (prefix) => `${prefix}_${++names}`,
  });
  const size: Readonly<Record<string, number>> = { batch: 1, query: QUERIES, key: KEYS };
  const rows = { low: atom('box.row', 'int'), high: atom('(box.row + box.rows - 1)', 'int') };
  const { full, empty } = maskClassText(mask, {
    rows,
    ownRows: rows,
    columns: { low: atom('box.column', 'int'), high: atom('(box.column + box.columns - 1)', 'int') },
    scalar: (expression) =>
      printer.print(expression, {
        variable: () => atom('0', 'int'),
        length: (of) => atom(String(size[of]), 'int'),
        read: () => atom('0', 'int'),
      }),
    named: (code) => printer.bind(code, 'bound'),
    table: ({ source }, index) => {
      const name = source.op === 'tensor' ? source.name : '';
      const axes = rangedAxes(index);
      const ranger = `range_${name}_${axes.length === 0 ? 'entry' : axes.join('_')}`;
      rangers.set(ranger, rangerText(ranger, `read_${name}`, index.length, axes));
      const text = `${ranger}(${['launch', ...rangeArguments(index)].join(', ')})`;
      const range = `range_${++names}`;
      lines.push(`  const ${RANGE_TYPE} ${range} = ${text};`);
      return { low: atom(`${range}.low`, 'int'), high: atom(`${range}.high`, 'int'), size: UNKNOWN_REACH };
    },
  });
  return [
    `DEVICE int class_${n}(const Launch &launch, const Box &box) {`,
    ...lines,
    `  return (${full?.text ?? 'false'}) + 2 * (${empty?.text ?? 'false'});`,
    '}',
  ].join('\n');
}

/** The entries of a table, and the function that reads one. */
function tableText({ sizes, entries }: Table, n: number): string {
  const indices = sizes.map((_, axis) => `x_${axis}`);
  const place = indices.slice(1).reduce((sum, x, axis) => `(${sum}) * ${sizes[axis + 1]} + ${x}`, indices[0]!);
  const inside = sizes.map((size, axis) => `is_inside(x_${axis}, ${size})`).join(' && ');
  return [
    `static const int table_${n}[] = {${entries.join(', ').replaceAll('-2147483648', 'INT_MIN')}};`,
    `DEVICE int read_t${n}(const Launch &, ${indices.map((x) => `int ${x}`).join(', ')}) {`,
    `  return ${inside} ? table_${n}[${place}] : 0;`,
    '}',
  ].join('\n');
}

/** A program that writes the class of every mask over every box; ends with 1 where the threads of a block do not agree. */
function program(): string {
  const rangers = new Map<string, string>();
  const classes = masks.map((mask, n) => classText(mask, n, rangers));
  return `${includesText('primitives.h')}
${primitivesText([], 'heddle')}
struct Box { int row, rows, column, columns; };
struct Launch { const Box *boxes; int *classes; };
${tables.map(tableText).join('\n')}
${rangesText}
${[...rangers.values()].join('\n')}
${classes.join('\n')}
KERNEL(64) decide(const Launch launch) {
  const Box box = launch.boxes[block_index()];
  int *const own = launch.classes + (block_index() * 64 + thread_index()) * ${masks.length};
${masks.map((_, n) => `  own[${n}] = class_${n}(launch, box);`).join('\n')}
}
static int classes[${BOXES}][64][${masks.length}];
int main() {
  static const Box boxes[] = {${boxes.map(({ row, rows, column, columns }) => `{${row}, ${rows}, ${column}, ${columns}}`).join(', ')}};
  start_kernel("decide", decide, ${BOXES}, 64, 0, nullptr, Launch{boxes, &classes[0][0][0]});
  for (int mask = 0; mask < ${masks.length}; ++mask) {
    for (int box = 0; box < ${BOXES}; ++box) {
      for (int thread = 1; thread < 64; ++thread) if (classes[box][thread][mask] != classes[box][0][mask]) return 1;
      putchar('0' + classes[box][0][mask]);
    }
  }
}
`;
}

describe('mask classes', () => {
  onEmulator('claim nothing that is wrong, and decide what attention uses', () => {
    const source = join(folder, 'classes.cpp');
    writeFileSync(source, program());
    const built = join(folder, 'classes');
    execFileSync('g++', ['-std=c++17', '-Og', '-w', '-I', emulation, source, '-o', built], { stdio: 'pipe' });
    const claims = Array.from(execFileSync(built, { encoding: 'utf8' }), Number);
    expect(claims).toHaveLength(masks.length * BOXES);
    expectClaims(claims);
  });
});

interface Layout {
  /** Positions of each document, one after the other. */
  readonly lengths: readonly number[];
  readonly rows: number;
  /** How many of the first keys lie in tiles that no row may look at, however wide tiles are. */
  readonly foreign: number;
}

const layoutsOfPacked: readonly Layout[] = [
  { lengths: [300], rows: 300, foreign: 0 },
  { lengths: [131, 1, 160, 3], rows: 295, foreign: 0 },
  { lengths: [128, 128, 64], rows: 64, foreign: 256 },
  { lengths: [131, 1, 200, 3], rows: 3, foreign: 256 },
  { lengths: [257, 90], rows: 77, foreign: 256 },
  { lengths: new Array<number>(47).fill(7), rows: 5, foreign: 256 },
];

/** Tiles of rows begin above their own, and those of keys anywhere. */
const layoutsOfConvolved: readonly Layout[] = [
  { lengths: [131, 1, 160, 3], rows: 120, foreign: 0 },
  { lengths: [300, 90], rows: 30, foreign: 160 },
];

/** Numbers that grow, as a range of them tells more; others in turn where no tile has to be skipped. */
const idOf = (n: number, { foreign }: Layout): number => (foreign > 0 || n % 2 === 0 ? 5 + 3 * n : 900 - n);

describe.each([
  ['packedDocuments', { heads: 2, kvHeads: 1, headDim: 16 }, layoutsOfPacked],
  ['mtaPacked', { heads: 2, headDim: 16, queryKernel: 3, keyKernel: 5 }, layoutsOfConvolved],
] as const)('%s', async (name, settings, layouts) => {
  const graph = await exampleGraph(name, settings);
  const document = graph.inputs.find(({ dtype }) => dtype === 'int')!.name;

  it('is not even copied where it is skipped', () => {
    const { cuda } = compileCuda(graph, { dtype: 'bf16' }).emitted;
    expect(cuda).toMatch(/if \(!is_empty_\d+\) \{\n(?: .*\n|#.*\n)*? +copy_rows</);
  });

  for (const dtype of ['bf16', ...inLongTests('f32' as const)] as const) {
    const device = cudaEmulator({ dtype });
    for (const layout of layouts) {
      const { lengths, rows, foreign } = layout;
      const few = lengths.length > 9 ? `${lengths.length} of ${lengths[0]}` : lengths.join(' and ');
      onEmulator(`documents of ${few} positions, ${rows} rows in ${dtype}`, async () => {
        const ids = lengths.flatMap((count, n) => new Array<number>(count).fill(idOf(n, layout)));
        const keys = ids.length;
        const inputs = randomInputs(graph, { batch: 1, queries: keys, keys }, 3, dtype);
        inputs.set(document, hostTensor([1, keys], Float64Array.from(ids), 'I32'));
        const out = await device.run(graph, inputs, { rows });
        const gold = interpret(graph, inputs, { rows });
        const low = interpret(graph, inputs, { rows, precision: dtype });
        for (const [output, expected] of gold) {
          expect(judge(out.get(output)!, expected, low.get(output)!, dtype)).toMatchObject({ passed: true });
        }
        if (foreign === 0) return;
        // A product with these values would be no number, whatever the weights: only what is skipped leaves no trace.
        const { shape, data } = inputs.get('v')!;
        const poisoned = data.map((value, at) => (Math.floor(at / shape[3]!) % keys < foreign ? Number.NaN : value));
        inputs.set('v', hostTensor(shape, poisoned, inputs.get('v')!.dtype));
        const again = await device.run(graph, inputs, { rows });
        for (const [output, { data: values }] of out) {
          const { data: others } = again.get(output)!;
          expect(values.filter((value, at) => !Object.is(value, others[at])).length, output).toBe(0);
        }
      });
    }
  }
});
