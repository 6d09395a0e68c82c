// The sizes of a call at a shape of a study. Where it has fewer queries than keys these are the rows that are wanted: a
// variant that reads rows above them is given those too, so that all variants give the same rows.
import { type Graph, history } from '../../src/ir/index.js';
import type { StudyShape } from '../record/study.js';

export interface StudyCall extends StudyShape {
  readonly rows: number;
}

export function callShape(graph: Graph, { batch, queries, keys }: StudyShape): StudyCall {
  const given = queries < keys ? Math.min(keys, queries + history(graph)) : queries;
  return { batch, queries: given, keys, rows: queries };
}
