// Which keys a query sees: all before it, the last few, every other one, or a window of its own for each head.
// What is hidden is not computed, so that narrow windows should show in the time.
import { ablation } from 'heddle';
import { causal } from '../causal.js';
import { dilated } from '../dilated.js';
import { globalLocal } from '../global-local.js';
import { slidingWindow } from '../sliding-window.js';
import { windowByHead } from '../window-by-head.js';

/** What windows save, and what a dilated one costs at the operations of a dense one. */
export const windows = ablation(slidingWindow, {
  title: 'Windows',
  base: { heads: 4, kvHeads: 0, headDim: 16 },
  baseline: 'causal',
  variants: {
    causal,
    dilated: [dilated, { window: 16, step: 2 }],
    'global and local': [globalLocal, { globals: 4, reach: 16 }],
    'by head': [windowByHead, { window: [8, 16, 32, 256] }],
    'narrower heads': [windowByHead, { window: [8, 16, 32, 256], heads: 8, headDim: 8 }],
  },
  grid: { window: [16, 64] },
  matched: { 'narrower heads': { by: 'operations', vary: 'headDim', within: 0.1 } },
  shapes: [{ keys: 128 }, { keys: 256 }],
  text: 'One two three four five six seven eight nine ten.',
});
