// `heddle/webpack`: the plugin for webpack.
// Documented in docs/bundlers.md.
import { type HeddleOptions, heddle } from './index.js';

export type { HeddleOptions };

export default heddle.webpack;
