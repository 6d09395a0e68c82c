// `heddle/vite`: the plugin for Vite.
// Documented in docs/bundlers.md.
import { type HeddleOptions, heddle } from './index.js';

export type { HeddleOptions };

export default heddle.vite;
