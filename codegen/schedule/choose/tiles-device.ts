// Tile programs as a device for score graphs: schedules a graph at small tiles and runs the tile interpreter on it. It
// proves what a schedule made, dataflow, bounds and initialisation, on any machine.

import type { Device } from '../../../src/checking/index.js';
import { bindInputs } from '../../../src/interpreter/index.js';
import type { Graph } from '../../../src/ir/index.js';
import { interpretProgram } from '../../tile/interpreter/interpret.js';
import type { TileSizes } from '../plan/space.js';
import { remembered } from '../reads/remembered.js';
import type { ScheduleKind } from '../recipes/kinds.js';
import { schedule } from './schedule.js';

export interface TilesDeviceOptions {
  /** The schedule to take; by default the one that is chosen. */
  readonly kind?: ScheduleKind | undefined;
  /** By default so small, and so uneven, that short sequences meet every edge. */
  readonly tiles?: TileSizes | undefined;
  /** Take the partial case of every mask, as a target may. */
  readonly alwaysPartial?: boolean | undefined;
}

/** Runs optimised score graphs. @throws HeddleError HD62xx where no schedule serves. */
export function tilesDevice(options: TilesDeviceOptions = {}): Device {
  const { kind, tiles = { rows: 8, columns: 6 }, alwaysPartial = false } = options;
  const programOf = remembered((graph: Graph) => schedule(graph, { kind, candidates: [tiles] }).program);
  return {
    name: kind === undefined ? 'tiles' : `tiles-${kind}`,
    precision: 'f32',
    availability: async () => ({ available: true, detail: 'tile programs, interpreted' }),
    run: async (graph, inputs, { rows } = {}) => {
      const call = bindInputs(graph, inputs, rows);
      return interpretProgram(programOf(graph), call.tensors, { ...call.sizes, rows: call.rows }, { alwaysPartial });
    },
  };
}
