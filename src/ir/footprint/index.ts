// The face of footprints: what is read where, how far back, and by which heads.
// Schedules size their rings and blocks by it; `explain` prints it.
export { footprintsOf } from './edges.js';
export { describeHeads, type HeadRelation, headCount, ownHead } from './heads.js';
export { history, rowsAbove, rowsUnlessTold, upwardReaches } from './history.js';
export { followedKinds, isKnownInAdvance, type Offset, offsetOf } from './offset.js';
export { footprintBetween, footprintsAbove, type HeadGroups, headGroups } from './paths.js';
export { printFootprint } from './print.js';
export { compose, type Footprint, footprint, type Hull, headsRead, hull, type Reach, type Tap, unite } from './taps.js';
