// `heddle/rspack`: the plugin for Rspack.
// Documented in docs/bundlers.md.
import type { UnpluginInstance } from 'unplugin';
import { type HeddleOptions, heddle } from './index.js';

export type { HeddleOptions };

// Named, as Rspack's own types are not here to be written out.
const plugin: UnpluginInstance<HeddleOptions | undefined, false>['rspack'] = heddle.rspack;
export default plugin;
