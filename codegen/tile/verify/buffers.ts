// Rule: buffers and kernels have names of their own, what statements name is listed among the program's buffers, and the
// buffer of a band is used only under the repetition that runs over its bands.
import { freeVariables } from '../../../src/ir/index.js';
import { programVariables, repetitionVariables } from '../program.js';
import type { Buffer } from '../types.js';
import { accessesOf } from '../walk.js';
import type { KernelSite, ProgramRule } from './rule.js';

export const buffersAreDeclared: ProgramRule = (report) => {
  const { buffers } = report.program;
  const fault = (what: string, why: string, site?: KernelSite): void => report.violation('HD8020', site, { what, why });
  for (const name of repeated(buffers)) fault(`buffer ${name}`, 'is listed more than once');
  for (const name of repeated(report.kernels.map(({ kernel }) => kernel))) {
    fault(`kernel ${name}`, 'has the name of another kernel');
  }
  for (const site of report.sites) {
    for (const { buffer } of accessesOf(site.statement)) {
      if (!buffers.includes(buffer)) fault(`buffer ${buffer.name}`, 'is not listed in the program', site);
      const unknown = bandVariables(buffer).filter((name) => !repetitionVariables(site.repeat).includes(name));
      if (unknown.length > 0) fault(`buffer ${buffer.name}`, `is there only while \`${unknown[0]}\` is repeated`, site);
    }
  }
};

function repeated(named: readonly { readonly name: string }[]): readonly string[] {
  const names = named.map(({ name }) => name);
  return [...new Set(names.filter((name, n) => names.indexOf(name) < n))];
}

const bandVariables = ({ axes }: Buffer): readonly string[] =>
  axes
    .flatMap((axis) => (axis.kind === 'band' ? [...freeVariables(axis.origin), ...freeVariables(axis.size)] : []))
    .filter((name) => !programVariables.includes(name));
