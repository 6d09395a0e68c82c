// The closing line of continuous integration: right when all is well, and right when it is not.
// Each case is a report as the test runner writes it, and the exit code that the run had.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/test-summary.js', import.meta.url));
const file = (status: 'passed' | 'failed', ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each, n) => ({ status: each, fullName: `test ${n}` })),
});
const report = (...testResults: object[]) => JSON.stringify({ testResults });

test.each([
  ['all pass', report(file('passed', 'passed', 'passed'), file('passed', 'passed')), 0, '3 passed, 0 failed', 0],
  ['one fails', report(file('failed', 'passed', 'failed')), 1, '1 passed, 1 failed', 1],
  ['one is skipped', report(file('passed', 'passed', 'skipped')), 0, 'skipped: test 1\n1 passed, 1 failed', 1],
  ['one is to be written', report(file('passed', 'passed', 'todo')), 0, 'skipped: test 1\n1 passed, 1 failed', 1],
  ['a file does not load', report(file('passed', 'passed'), file('failed')), 1, '1 passed, 1 failed', 1],
  ['something fails outside of all tests', report(file('passed', 'passed')), 1, '1 passed, 1 failed', 1],
  ['linting fails, so that no test runs', '', 2, '0 passed, 1 failed', 2],
  ['nothing runs at all', '', 0, '0 passed, 1 failed', 1],
])('%s', (_, text, exitCode, said, status) => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-summary-'));
  try {
    writeFileSync(join(folder, 'report.json'), text);
    const ended = spawnSync(process.execPath, [script, join(folder, 'report.json'), String(exitCode)], {
      encoding: 'utf8',
    });
    expect({ said: ended.stdout, status: ended.status }).toEqual({ said: `${said}\n`, status });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a further run may skip what cannot run there, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-summary-'));
  const path = (name: string) => join(folder, name);
  try {
    writeFileSync(path('all.json'), report(file('passed', 'passed', 'passed')));
    writeFileSync(path('bare.json'), report(file('passed', 'passed', 'skipped')));
    writeFileSync(path('gl.json'), report(file('failed', 'passed', 'failed')));
    const summary = (...further: string[]) => {
      const { stdout, status } = spawnSync(
        process.execPath,
        [script, path('all.json'), '0', '--skipping', ...further],
        {
          encoding: 'utf8',
        },
      );
      return { stdout, status };
    };
    const skipped = 'skipped where it cannot run: test 1\n';
    expect(summary(path('bare.json'), '0')).toEqual({ stdout: `${skipped}3 passed, 0 failed\n`, status: 0 });
    expect(summary(path('bare.json'), '0', path('gl.json'), '1')).toEqual({
      stdout: `${skipped}4 passed, 1 failed\n`,
      status: 1,
    });
    // What ended before its first test, as where the command before it failed.
    expect(summary(path('none.json'), '1')).toEqual({ stdout: '2 passed, 1 failed\n', status: 1 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
