// The pictures of docs/tutorial.md are those of its specs. Refresh them with `UPDATE_GOLDEN=1 npx vitest run test/scripts`.
// Each spec of the page has one, and the page shows it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tutorialPictures } from '../../scripts/tutorial-pictures.js';
import { expectCommittedFolder } from '../support/committed.js';

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('pictures of docs/tutorial/ are up to date with the specs of the page', async () => {
  const page = text('docs/tutorial.md');
  const pictures = await tutorialPictures(page, text('report/page/style.css'));
  expect(pictures.size).toBeGreaterThanOrEqual(6);
  for (const name of pictures.keys()) expect(page).toContain(`(tutorial/${name})`);
  expectCommittedFolder(new URL('../../docs/tutorial/', import.meta.url), pictures);
});
