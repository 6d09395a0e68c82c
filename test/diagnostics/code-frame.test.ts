// Code frames as they are printed, character by character.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CodeFrameOptions, codeFrame } from '../../src/diagnostics/index.js';

const lines = (...each: string[]) => each.join('\n');
const place = (line: number, column: number, endLine: number, endColumn: number) => ({
  file: 'spec.ts',
  line,
  column,
  endLine,
  endColumn,
});
const frameOf = (
  source: string,
  [line, column, endLine, endColumn]: readonly [number, number, number, number],
  options?: CodeFrameOptions,
) => codeFrame(source, place(line, column, endLine, endColumn), options);

const twelveLines = Array.from({ length: 12 }, (_, index) => `line(${index + 1});`).join('\n');

describe('one line', () => {
  test('is marked, with two lines around it', () => {
    expect(frameOf(twelveLines, [9, 1, 9, 5])).toBe(
      lines(
        '   7 | line(7);',
        '   8 | line(8);',
        '>  9 | line(9);',
        '     | ^^^^',
        '  10 | line(10);',
        '  11 | line(11);',
      ),
    );
  });

  test('at an end of the text has the lines there are', () => {
    expect(frameOf(twelveLines, [1, 6, 1, 7], { context: 1 })).toBe(
      lines('> 1 | line(1);', '    |      ^', '  2 | line(2);'),
    );
    expect(frameOf(twelveLines, [12, 10, 12, 10], { context: 0 })).toBe(lines('> 12 | line(12);', '     |          ^'));
  });

  test('shows empty spans and empty lines with one caret', () => {
    expect(frameOf('', [1, 1, 1, 1])).toBe(lines('> 1 |', '    | ^'));
    expect(frameOf('a\n\nb', [2, 1, 2, 1])).toBe(lines('  1 | a', '> 2 |', '    | ^', '  3 | b'));
  });

  test('ends at every line end of ECMAScript', () => {
    expect(frameOf('a\r\nb\rc\u2028d', [4, 1, 4, 2], { context: 3 })).toBe(
      lines('  1 | a', '  2 | b', '  3 | c', '> 4 | d', '    | ^'),
    );
  });
});

describe('several lines', () => {
  const source = lines('const a = attend({', '    q,', '', '    k,', '});', 'done');

  test('are all marked, without their indentation', () => {
    expect(frameOf(source, [1, 11, 5, 3], { context: 0 })).toBe(
      lines(
        '> 1 | const a = attend({',
        '    |           ^^^^^^^^',
        '> 2 |     q,',
        '    |     ^^',
        '> 3 |',
        '    | ^',
        '> 4 |     k,',
        '    |     ^^',
        '> 5 | });',
        '    | ^^',
      ),
    );
  });

  test('that end before a line begins do not mark that line', () => {
    expect(frameOf(source, [4, 5, 5, 1], { context: 0 })).toBe(lines('> 4 |     k,', '    |     ^^'));
  });

  test('are left out in the middle when they are many', () => {
    expect(frameOf(twelveLines, [2, 1, 11, 5], { context: 1 })).toBe(
      lines(
        '   1 | line(1);',
        ...[2, 3, 4, 5].flatMap((number) => [`>  ${number} | line(${number});`, '     | ^^^^^^^^']),
        '  .. |',
        '> 10 | line(10);',
        '     | ^^^^^^^^^',
        '> 11 | line(11);',
        '     | ^^^^',
        '  12 | line(12);',
      ),
    );
  });
});

describe('carets stand under their characters', () => {
  test.each([
    { what: 'tabs', source: '\tif\t(x)', span: [5, 8], frame: ['> 1 |     if  (x)', '    |         ^^^'] },
    { what: 'a span over a tab', source: 'a\tb', span: [2, 3], frame: ['> 1 | a   b', '    |  ^^^'] },
    { what: 'wide characters', source: '"注意" + x', span: [8, 9], frame: ['> 1 | "注意" + x', '    |          ^'] },
    { what: 'a wide character', source: '注 x', span: [1, 2], frame: ['> 1 | 注 x', '    | ^^'] },
    { what: 'emoji', source: '"🧶" x', span: [6, 7], frame: ['> 1 | "🧶" x', '    |      ^'] },
    { what: 'combining marks', source: 'e\u0301 x', span: [4, 5], frame: ['> 1 | e\u0301 x', '    |   ^'] },
    { what: 'a byte order mark', source: '\ufeffab', span: [3, 4], frame: ['> 1 | ab', '    |  ^'] },
    { what: 'control characters', source: 'a\u001b[2Jb', span: [6, 7], frame: ['> 1 | a\ufffd[2Jb', '    |      ^'] },
    { what: 'direction overrides', source: 'a\u202eb', span: [3, 4], frame: ['> 1 | a\ufffdb', '    |   ^'] },
  ] as const)('after $what', ({ source, span: [column, endColumn], frame }) => {
    expect(frameOf(source, [1, column, 1, endColumn])).toBe(lines(...frame));
  });
});

describe('a long line', () => {
  const long = `${'a'.repeat(50)}HERE${'b'.repeat(50)}`;

  test('is cut after the width when the span is near its start', () => {
    expect(frameOf(long, [1, 3, 1, 5], { width: 20 })).toBe(lines(`> 1 | ${'a'.repeat(19)}…`, '    |   ^^'));
  });

  test('is cut on both sides around the span, and its neighbours with it', () => {
    expect(frameOf(`short\n${long}`, [2, 51, 2, 55], { width: 20 })).toBe(
      lines('  1 | …', '> 2 | …aaaaaHERE' + 'b'.repeat(9) + '…', '    |       ^^^^'),
    );
  });

  test('is cut before the span when that is at its end', () => {
    expect(frameOf(long, [1, 104, 1, 105], { width: 20 })).toBe(
      lines(`> 1 | …${'b'.repeat(19)}`, `    | ${' '.repeat(19)}^`),
    );
  });

  test('has no more carets than it has cells', () => {
    expect(frameOf(long, [1, 1, 1, 105], { width: 20 })).toBe(
      lines(`> 1 | ${'a'.repeat(19)}…`, `    | ${'^'.repeat(20)}`),
    );
  });
});

test('colour adds nothing but escapes', () => {
  const plain = frameOf(twelveLines, [2, 1, 11, 5]);
  const colored = frameOf(twelveLines, [2, 1, 11, 5], { color: true });
  expect(colored).toContain('\u001b[31m^^^^\u001b[39m');
  expect(colored).toContain('\u001b[31m>\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is looked for
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('any span in any text gives a frame whose lines stay within the width', () => {
  const number = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constantFrom(Number.NaN, 1e9, 2.5));
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\t', '\n', '注', 'e\u0301', '\u001b', ' '), maxLength: 60 }),
      fc.tuple(number, number, number, number),
      fc.integer({ min: 5, max: 20 }),
      (source, span, width) => {
        const frame = frameOf(source, span, { width });
        expect(frame).toContain('>');
        expect(frame).toContain('^');
        for (const line of frame.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(2 * width + 7);
      },
    ),
    { numRuns: 1000, examples: [['\n\t\t\t', [0, 0, 1e9, 2], 5]] },
  );
});
