// Alternatives whose threads are joined by subgroup operations: the kernels of others in a module of its own, as no device without the
// feature takes one in which they stand. What stays the same lies in a launcher once.
import { type Alternatives, withoutVariants } from '../shared/tile/alternatives.js';
import { kernelsOf } from '../shared/tile/program.js';
import type { EmittedModule } from './emit.js';
import { type LineEdit, lineEdits } from './line-edits.js';

/** The feature of a device. */
export const SUBGROUPS = 'subgroups';

/** What the names of such alternatives end with. */
export const SUBGROUPS_ENDING = `-${SUBGROUPS}`;

/** The alternatives, and those of them again whose threads subgroups join. */
export function withSubgroupVariants(alternatives: Alternatives, module: EmittedModule): Alternatives {
  const joining = new Set(
    module.withSubgroups().kernels.flatMap(({ kernel, usesLanes }) => (usesLanes ? [kernel] : [])),
  );
  const variants = withoutVariants(alternatives)
    .filter(({ program }) => kernelsOf(program).some(({ kernel }) => joining.has(kernel)))
    .map((each) => ({
      ...each,
      name: `${each.name}${SUBGROUPS_ENDING}`,
      variant: { of: each.name, features: [SUBGROUPS] },
    }));
  return [...alternatives, ...variants];
}

/** Whether an alternative's kernels are those of the module for subgroups. */
export const usesSubgroups = (alternative: string): boolean => alternative.endsWith(SUBGROUPS_ENDING);

/** The other module as JavaScript: what is written otherwise, and the function that puts it in its place. */
export function subgroupsText(wgsl: string, withSubgroups: string): string {
  const edits = lineEdits(wgsl, withSubgroups).map(
    ({ at, removed, lines }: LineEdit) => `  ${JSON.stringify([at, removed, ...lines])},`,
  );
  return `/** What kernels whose threads are joined by subgroups have in place of some lines: from which on, how many, and what. */
const subgroupLines = [
${edits.join('\n')}
];

/** The kernels of alternatives that need subgroups, under the same names. */
export function wgslWithSubgroups() {
  const lines = wgsl.split('\\n');
  for (const [at, count, ...others] of subgroupLines.toReversed()) lines.splice(at, count, ...others);
  return lines.join('\\n');
}`;
}
