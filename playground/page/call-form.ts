// What the shown panel is of, beside the spec: the call's shape and dtype, or the sentence of the heat maps.
// Fields that a panel does not follow are left out.
import { html, type Markup, nothing } from '../../report/shared/markup.js';
import type { PanelName, Shape } from '../shared/protocol.js';
import type { PlaygroundState } from '../shared/state.js';

const sizes: readonly { readonly name: keyof Shape; readonly label: string }[] = [
  { name: 'batch', label: 'B, batch' },
  { name: 'queries', label: 'Tq, queries' },
  { name: 'keys', label: 'Tk, keys' },
];

const followed: Readonly<Record<PanelName, { readonly shape: boolean; readonly dtype: boolean }>> = {
  maps: { shape: false, dtype: false },
  graph: { shape: false, dtype: false },
  cost: { shape: true, dtype: false },
  schedule: { shape: true, dtype: true },
  wgsl: { shape: false, dtype: true },
  cuda: { shape: false, dtype: true },
  torch: { shape: false, dtype: false },
  run: { shape: true, dtype: true },
};

export function callForm({ panel, shape, dtype, sentence }: PlaygroundState): Markup {
  if (panel === 'maps') {
    return html`<label class="wide">Sentence <input id="sentence" value="${sentence}" spellcheck="false"></label>`;
  }
  const wanted = followed[panel];
  return html`${
    wanted.shape
      ? sizes.map(
          ({ name, label }) =>
            html`<label>${label} <input data-size="${name}" inputmode="numeric" size="6" value="${shape[name]}"></label>`,
        )
      : nothing
  }${
    wanted.dtype
      ? html`<label>Stored as <select id="dtype">${(['f32', 'f16'] as const).map(
          (each) => html`<option${each === dtype && html` selected`}>${each}</option>`,
        )}</select></label>`
      : nothing
  }${panel === 'run' ? html`<button type="button" id="run">Run and check</button>` : nothing}`;
}

/** The shape with one size as typed; undefined where that is no positive number. */
export function withSize(shape: Shape, name: string, typed: string): Shape | undefined {
  const size = Number(typed.trim());
  if (!Number.isInteger(size) || size < 1 || size > 1 << 20) return undefined;
  const known = sizes.find((each) => each.name === name);
  return known && { ...shape, [known.name]: size };
}
