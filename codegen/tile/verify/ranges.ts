// Rule: grids, repetitions and loops count upwards by whole steps, each with a variable of its own: nothing around it is
// called the same, and no element expression means something else by it.
import { isIdentifier, reservedWords } from '../../../src/ir/text/spelling.js';
import { programVariables } from '../program.js';
import { tileVariables } from '../types.js';
import type { KernelSite, ProgramReport, ProgramRule, Site } from './rule.js';

interface Range {
  readonly variable: string;
  readonly step: number;
}

/** Names that element expressions know something else by; `h` is the head of a block unless a tile has heads. */
const indexNames: ReadonlySet<string> = new Set(
  [...Object.values(tileVariables), 'n'].filter((name) => name !== tileVariables.head),
);

export const rangesCountUpwards: ProgramRule = (report) => {
  for (const site of report.kernels) {
    const taken = new Set(programVariables);
    if (site.repeat) {
      check({ variable: site.repeat.variable, step: 1 }, taken, site, report);
      check({ variable: site.repeat.step.variable, step: site.repeat.step.most }, taken, site, report);
    }
    for (const axis of site.kernel.grid) check(axis, taken, site, report);
  }
  for (const site of report.sites) {
    if (site.statement.statement === 'for') check(site.statement, new Set(site.scalars), site, report);
  }
};

function check({ variable, step }: Range, taken: Set<string>, site: KernelSite | Site, report: ProgramReport): void {
  const fault = (why: string): void => report.violation('HD8010', site, { variable, why });
  if (!Number.isSafeInteger(step) || step < 1) fault(`steps by ${step}`);
  if (taken.has(variable)) fault('is the variable of something around it');
  else if (indexNames.has(variable)) fault('is the name of an index in element expressions');
  else if (!isIdentifier(variable) || reservedWords.has(variable)) fault('is no name for a variable');
  taken.add(variable);
}
