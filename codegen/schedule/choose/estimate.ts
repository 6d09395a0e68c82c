// An estimate of how long a program takes, in operations: what it computes, moves and launches at one nominal length. It
// only orders the schedules of one graph; what fits is the target's to say.

import type { LaunchSizes } from '../../tile/interpreter/memory.js';
import type { TileProgram } from '../../tile/program.js';
import { remembered } from '../reads/remembered.js';
import { plainRates, type Rates, type WorkUnit } from './rates.js';
import { workOf } from './work.js';

/** A prefill that is long enough for halos and edges to count as they do in use. */
const nominalSizes: LaunchSizes = { batch: 1, queries: 2048, keys: 2048, rows: 2048 };

const estimates = remembered((rates: Rates) => remembered((program: TileProgram) => estimated(program, rates)));

/** How long a program takes at nominal sizes, in plain operations of a device with these rates. */
export const estimateOf = (program: TileProgram, rates = plainRates): number => estimates(rates)(program);

function estimated(program: TileProgram, { operations: speeds, perByte, perLaunch, bytesOf }: Rates): number {
  const { byUnit, bytes, launches } = workOf(program, nominalSizes, { samples: 8, bytesOf });
  const units = Object.entries(byUnit) as [WorkUnit, number][];
  const computing = units.reduce((sum, [unit, operations]) => sum + operations / speeds[unit], 0);
  return computing + perByte * bytes + perLaunch * launches;
}
