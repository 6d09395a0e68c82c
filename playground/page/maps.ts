// The panel of heat maps: those of the ablation report, drawn anew for each spec and sentence.
// The view that a new one replaces is let go.
import { fill } from '../../report/page/elements.js';
import { listenToMapChoices, showMapChoices } from '../../report/page/heat/choices.js';
import { Maps } from '../../report/page/heat/maps.js';
import { MapView } from '../../report/page/heat/view.js';
import type { MapState } from '../../report/page/state.js';
import { mapsSection } from '../../report/sections/maps.js';
import type { Showing } from '../../report/shared/page-data.js';

export class MapsPanel {
  view: MapView | undefined;
  private readonly state: () => MapState;
  private readonly changed: (state: MapState) => void;

  constructor(state: () => MapState, changed: (state: MapState) => void) {
    this.state = state;
    this.changed = changed;
  }

  /** Puts the maps into `place`. */
  show(place: Element, showing: Showing): void {
    this.view?.release();
    fill(place, mapsSection(showing, false));
    const change = (changes: Partial<MapState>): void => {
      this.changed({ ...this.state(), ...changes });
      showMapChoices(this.state());
      this.view?.draw();
    };
    // There is one variant, whatever an address says.
    const state = (): MapState => ({ ...this.state(), variant: 0, show: 'values' });
    this.view = new MapView(new Maps(showing), { state, change, base: () => -1 });
    listenToMapChoices(change);
    showMapChoices(state());
    this.view.draw();
  }
}
