// Rule: what places boxes, bounds ranges and ends rings is a whole number that the block knows before anything is
// computed: made of grid and loop variables around it, R, lengths and constants.
import { freeVariables, readsOf } from '../../../src/ir/index.js';
import { scalarsOf } from '../operations.js';
import { programVariables, repetitionVariables } from '../program.js';
import { printScalar } from '../text/boxes.js';
import type { Placement, Scalar } from '../types.js';
import { accessesOf, axesOf, boxesOf } from '../walk.js';
import type { KernelSite, ProgramReport, ProgramRule, Site } from './rule.js';

export const scalarsAreUniform: ProgramRule = (report) => {
  const repeats = new Set(report.kernels.flatMap(({ repeat }) => repetitionVariables(repeat)));
  for (const { axes } of report.program.buffers) {
    const known = new Set([...programVariables, ...repeats]);
    for (const axis of axes) {
      if (axis.kind === 'band') for (const scalar of [axis.origin, axis.size]) check(scalar, known, undefined, report);
      if (axis.kind === 'split') check(axis.size, new Set(programVariables), undefined, report);
    }
  }
  for (const site of report.kernels) {
    const known = new Set(programVariables);
    const { repeat } = site;
    if (repeat) {
      for (const scalar of [repeat.step.value, repeat.from, repeat.to]) check(scalar, known, site, report);
      for (const variable of repetitionVariables(repeat)) known.add(variable);
    }
    for (const { variable, from, to } of site.kernel.grid) {
      for (const scalar of [from, to]) check(scalar, known, site, report);
      known.add(variable);
    }
  }
  for (const site of report.sites) {
    for (const scalar of scalarsAt(site)) check(scalar, site.scalars, site, report);
  }
};

const placeScalars = (place: Placement): readonly Scalar[] =>
  place.filter((entry): entry is Scalar => !('along' in entry));

function scalarsAt({ statement }: Site): readonly Scalar[] {
  // What a loop carries lies where it did before the loop, so that its own variable is not in scope in their boxes.
  const origins = boxesOf(statement)
    .flatMap(axesOf)
    .map(({ origin }) => origin);
  const places = accessesOf(statement).flatMap(({ place }) => placeScalars(place));
  switch (statement.statement) {
    case 'let':
      return [...origins, ...places, ...scalarsOf(statement.operation)];
    case 'store':
      return places;
    case 'for':
      return [statement.from, statement.to, ...origins];
    case 'switch':
      return [statement.rows.origin, statement.columns.origin, ...origins];
  }
}

function check(
  scalar: Scalar,
  known: ReadonlySet<string>,
  site: Site | KernelSite | undefined,
  report: ProgramReport,
): void {
  const fault = (why: string): void => report.violation('HD8011', site, { scalar: printScalar(scalar), why });
  if (scalar.type !== 'int') fault('is no integer');
  for (const name of freeVariables(scalar)) if (!known.has(name)) fault(`uses \`${name}\`, which is not in scope`);
  if (readsOf(scalar).length > 0) fault('reads memory');
}
