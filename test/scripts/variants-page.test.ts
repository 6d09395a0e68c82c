// docs/variants.md says what the specs of examples/ say. Refresh it with `UPDATE_GOLDEN=1 npx vitest run test/scripts`.
// A variant that no schedule serves would show there: none is left.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { variantsPage } from '../../scripts/variants-page.js';
import { expectCommitted } from '../support/committed.js';

test('docs/variants.md is up to date with the specs, and each of them has a fused schedule', async () => {
  const page = await variantsPage(fileURLToPath(new URL('../../examples', import.meta.url)));
  expectCommitted(new URL('../../docs/variants.md', import.meta.url), page);
  expect(page).not.toContain('none serves');
}, 300_000);
