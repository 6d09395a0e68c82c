// Drop dead values: what no store depends on is not computed, loops do not carry it, and switches do not give it. A loop or
// switch that is left with nothing to do goes too.
import { liveValues } from '../liveness.js';
import { eachKernel, type TilePass } from './pass.js';
import { rewriteKernel } from './rewrite.js';

export const dropDead: TilePass = {
  name: 'drop dead values',
  run: (program) =>
    eachKernel(program, (kernel) => {
      const live = liveValues(kernel);
      return rewriteKernel(kernel, { keeps: (value) => live.has(value) });
    }),
};
