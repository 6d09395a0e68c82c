// The form above the heat maps: which variant, what of it, in which colours.
// What is chosen is a change of the page's state; the form shows the state that there is.
import { element } from '../elements.js';
import type { MapState } from '../state.js';

/** What choosing in the form changes. */
const choices: Readonly<Record<string, (value: string) => Partial<MapState>>> = {
  'map-variant': (value) => ({ variant: Number(value) }),
  'map-show': (value) => ({ show: value === 'difference' ? 'difference' : 'values' }),
  'map-range': (value) => ({ range: value === 'row' ? 'row' : 'stage' }),
  'map-scale': (value) => ({ scale: value === 'log' ? 'log' : 'linear' }),
};

/** Hears the form that stands in the document now. */
export function listenToMapChoices(change: (changes: Partial<MapState>) => void): void {
  document.getElementById('map-choices')?.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement) change(choices[target.id]?.(target.value) ?? {});
  });
}

export function showMapChoices({ variant, show, range, scale }: MapState): void {
  const shown = [
    ['map-variant', String(variant)],
    ['map-show', show],
    ['map-range', range],
    ['map-scale', scale],
  ] as const;
  for (const [id, value] of shown) {
    if (document.getElementById(id) !== null) element<HTMLSelectElement>(id).value = value;
  }
}
