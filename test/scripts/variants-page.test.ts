// docs/variants.md says what the specs of examples/ say. Refresh it with `npx vitest run test/scripts --update`.
// A variant that no schedule serves would show there: none is left.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { variantsPage } from '../../scripts/variants-page.js';

test('docs/variants.md is up to date with the specs, and each of them has a fused schedule', async () => {
  const page = await variantsPage(fileURLToPath(new URL('../../examples', import.meta.url)));
  await expect(page).toMatchFileSnapshot('../../docs/variants.md');
  expect(page).not.toContain('none serves');
}, 300_000);
