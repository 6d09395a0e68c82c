// `heddle/rolldown`: the plugin for Rolldown.
// Documented in docs/bundlers.md.
import { type HeddleOptions, heddle } from './index.js';

export type { HeddleOptions };

export default heddle.rolldown;
