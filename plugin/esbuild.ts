// `heddle/esbuild`: the plugin for esbuild.
// Documented in docs/bundlers.md.
import { type HeddleOptions, heddle } from './index.js';

export type { HeddleOptions };

export default heddle.esbuild;
