// What the files of a compile tell about the spec that they come from.
// Every target that lowers tile programs takes it beside the program.
import { type Graph, history, type SettingValue, type TensorRole } from '../../src/ir/index.js';

/** What a program is called and made from: the part of its graph that files tell. */
export interface ProgramDescription {
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly formula?: string | undefined;
  readonly paper?: string | undefined;
  /** Rows of queries above an output row that it depends on. */
  readonly history: number;
  /** What each input is to the caller. */
  readonly roles?: ReadonlyMap<string, TensorRole> | undefined;
  readonly version?: string | undefined;
}

export const descriptionOf = (graph: Graph, version: string | undefined): ProgramDescription => ({
  name: graph.name,
  settings: graph.settings,
  formula: graph.formula,
  paper: graph.paper,
  history: history(graph),
  roles: new Map(graph.inputs.map(({ name, role }) => [name, role])),
  version,
});
