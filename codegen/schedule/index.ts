// The face of scheduling: from a score graph to a tile program, with the reason for the schedule that was taken.

export { alternativesOf, type Costed, type Try } from './choose/alternatives.js';
export {
  type CostDevice,
  type CostTable,
  costAt,
  costDevices,
  costGrid,
  costOf,
  costsOf,
  costTables,
  mapTables,
  noCosts,
} from './choose/costs.js';
export { plainRates, type Rates } from './choose/rates.js';
export { type Fitting, type Refused, type Scheduled, type ScheduleOptions, schedule } from './choose/schedule.js';
export { type TilesDeviceOptions, tilesDevice } from './choose/tiles-device.js';
export { type Work, workOf } from './choose/work.js';
export { reachOf } from './plan/extents.js';
export type { TileSizes } from './plan/space.js';
export { Unschedulable } from './reads/reason.js';
export { positionalSupport } from './reads/support.js';
export { type ScheduleKind, scheduleKinds } from './recipes/kinds.js';
export { type RowsInMemory, type Staged, stagedProgram } from './recipes/staged.js';
