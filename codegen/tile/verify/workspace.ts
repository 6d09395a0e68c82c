// Rule: no workspace grows with the square of the sequence length, unless the program was asked to keep scores whole. A
// band of query rows against all keys is fine: its rows are bounded, however long the sequence is.
import type { BufferAxis } from '../types.js';
import type { ProgramRule } from './rule.js';

/** Whether an axis is as long as the sequence. */
const grows: Readonly<Record<BufferAxis['kind'], boolean>> = {
  batch: false,
  head: false,
  feature: false,
  extent: false,
  split: false,
  band: false,
  query: true,
  row: true,
  key: true,
  position: true,
};

export const workspaceIsSmall: ProgramRule = (report) => {
  if (report.program.keepsMatrices) return;
  for (const { name, role, axes } of report.program.buffers) {
    const isSquare = axes.filter(({ kind }) => grows[kind]).length > 1;
    if (role === 'workspace' && isSquare) report.violation('HD8026', undefined, { buffer: name });
  }
};
