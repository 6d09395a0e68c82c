// docs/diagnostics.md says what the catalogue says. Refresh it with `UPDATE_GOLDEN=1 npx vitest run test/diagnostics`.
import { test } from 'vitest';
import { diagnosticsPage } from '../../scripts/diagnostics-page.js';
import { expectCommitted } from '../support/committed.js';

test('docs/diagnostics.md is up to date with the catalogue', () => {
  expectCommitted(new URL('../../docs/diagnostics.md', import.meta.url), diagnosticsPage());
});
