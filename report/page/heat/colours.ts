// The colours of the theme that is shown, read from the page's style, beside how values become colours.
// What needs no page is in scales.ts, for pictures that are made without one.
import type { Palette, Rgb } from './scales.js';

export { type ColourScale, largestOf, mixed, type Palette, type Rgb, rowScales, strength } from './scales.js';

/** The palette of the theme that is shown. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string): string => style.getPropertyValue(name).trim();
  const rgb = (name: string): Rgb => {
    const word = Number.parseInt(text(name).slice(1), 16);
    return [word >> 16, (word >> 8) & 255, word & 255];
  };
  return {
    low: rgb('--map-low'),
    zero: rgb('--map-zero'),
    high: rgb('--map-high'),
    hidden: text('--map-hidden'),
    hatch: text('--map-hatch'),
    ink: text('--ink'),
    faint: text('--faint'),
    mark: text('--mark'),
    ground: text('--ground'),
  };
}
