// `heddle/rollup`: the plugin for Rollup.
// Documented in docs/bundlers.md.
import { type HeddleOptions, heddle } from './index.js';

export type { HeddleOptions };

export default heddle.rollup;
