// Prints `N passed, N failed` from JSON reports of test runs, each with the exit code of its run, and ends with the first that
// is not 0. Skipped tests are named and count as failed; those of the reports behind `--skipping` may be, and count as nothing.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ status: string, fullName: string }} Test */
/** @typedef {{ path: string, exitCode: number, maySkip: boolean }} Run */

/** @type {Run[]} */
const runs = [];
let maySkip = false;
const words = process.argv.slice(2);
while (words.length > 0) {
  const word = /** @type {string} */ (words.shift());
  if (word === '--skipping') maySkip = true;
  else runs.push({ path: word, exitCode: Number(words.shift()), maySkip });
}

/**
 * The report; nothing when the run ended before the first test, as when linting fails.
 * @param {string} path
 * @returns {{ testResults: { status: string, assertionResults: Test[] }[] }}
 */
function readReport(path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text === '' ? { testResults: [] } : JSON.parse(text);
}

/** @param {Run} run */
function countsOf({ path, exitCode, maySkip: isAllowed }) {
  const { testResults } = readReport(path);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  for (const { fullName } of skipped) console.log(`skipped${isAllowed ? ' where it cannot run' : ''}: ${fullName}`);
  // A file that cannot be loaded fails without any test of its own.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  ).length;
  let failed = tests.length - passed - (isAllowed ? skipped.length : 0) + brokenFiles;
  // A run that tested nothing, or that failed outside of all tests, did not pass.
  if (failed === 0 && (passed === 0 || exitCode !== 0)) failed = 1;
  return { passed, failed };
}

const counts = runs.map(countsOf);
const passed = counts.reduce((sum, each) => sum + each.passed, 0);
const failed = counts.reduce((sum, each) => sum + each.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = runs.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? (failed > 0 ? 1 : 0);
