// Rule: the mask of a switch is a predicate of i, j, scalars and tensors at them, so that intervals decide it for a box
// before anything is computed.
import { type Expression, freeVariables, readsOf } from '../../../src/ir/index.js';
import { printElement } from '../text/boxes.js';
import { readFaults } from './elements.js';
import type { ProgramRule } from './rule.js';

export const masksArePositional: ProgramRule = (report) => {
  for (const site of report.sites) {
    if (site.statement.statement !== 'switch') continue;
    const { mask } = site.statement;
    if (mask.type !== 'bool') {
      const actual = mask.type === 'int' ? 'an integer' : 'a float';
      report.violation('HD8014', site, { what: 'the mask', expected: 'a truth value', actual });
    }
    if (!isOfPositions(mask, site.scalars))
      report.violation('HD8015', site, { mask: `\`${printElement(mask, () => undefined)}\`` });
    for (const what of readFaults(mask, {}, report)) report.violation('HD8013', site, { what });
  }
};

function isOfPositions(mask: Expression, scalars: ReadonlySet<string>): boolean {
  for (const name of freeVariables(mask)) if (name !== 'i' && name !== 'j' && !scalars.has(name)) return false;
  return readsOf(mask).every(({ source }) => source.op === 'tensor');
}
