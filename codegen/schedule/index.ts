// The face of scheduling: from a score graph to a tile program, with the reason for the schedule that was taken.
export { type ScheduleKind, scheduleKinds } from './kinds.js';
export { type Plan, planOnline } from './plan.js';
export { Unschedulable } from './reason.js';
export { type Fitting, type Refused, type Scheduled, type ScheduleOptions, schedule } from './schedule.js';
export { type RowsInMemory, type Staged, stagedProgram } from './staged.js';
export { positionalSupport } from './support.js';
export type { TileSizes } from './tiles.js';
export { type TilesDeviceOptions, tilesDevice } from './tiles-device.js';
export { type Work, workOf } from './work.js';
