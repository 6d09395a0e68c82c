// The section of heat maps: the text, what can be chosen, and the places that the page draws into.
// Maps are drawn on canvases by the page; without a script there are none, and the section says so.
import { html, type Markup } from '../shared/markup.js';
import type { Showing } from '../shared/page-data.js';

export function mapsSection({ tokens, origin, variants }: Showing, hasBase: boolean): Markup {
  const failures = variants.filter(({ failure }) => failure !== undefined);
  return html`<section aria-labelledby="maps"><h2 id="maps">Scores and weights</h2>
<p class="sentence" lang="en">${tokens.join(' ')}</p>
<p class="note">${origin} Evaluated in float64 by the interpreter, stored to three digits.</p>
${failures.length > 0 && html`<ul class="note">${failures.map(({ name, failure }) => html`<li>${name} is not shown: ${failure}</li>`)}</ul>`}
<noscript><p>The maps are drawn by a script, which this browser does not run.</p></noscript>
<figure id="map" class="figure wide" aria-labelledby="maps">
<form class="choices" id="map-choices">
${variants.length > 1 && html`<label>Variant <select id="map-variant">${variants.map(({ name }, n) => html`<option value="${n}">${name}</option>`)}</select></label>`}
${hasBase && html`<label>Show <select id="map-show"><option value="values">values</option><option value="difference">difference from the base</option></select></label>`}
<label>Colours <select id="map-range"><option value="stage">one scale for all heads of the stage</option><option value="row">each row by its largest</option></select></label>
<label>Scale <select id="map-scale"><option value="linear">linear</option><option value="log">logarithmic</option></select></label>
</form>
<div id="small-maps" class="scroll small-maps" tabindex="0" role="region" aria-label="Small maps of all stages and heads"></div>
<div class="large">
<div><h3 id="map-title"></h3>
<div id="large-map" class="large-map" tabindex="0" role="application" aria-roledescription="heat map" aria-labelledby="map-title" aria-describedby="map-keys"><canvas></canvas></div>
<canvas id="map-legend" class="legend" role="img" aria-label="Colours of the map"></canvas></div>
<div class="aside"><p id="map-readout" class="readout" role="status">Point at an entry, or move with the arrow keys.</p>
<p><button type="button" id="map-pin" aria-pressed="false">Pin this query</button></p>
<div id="map-pinned"></div></div>
</div>
<figcaption>Rows are queries, columns keys; zero is neutral, and hatched entries are hidden by the mask. Outlined are the taps that the entry was made of, in the stage before it. Point at a small map to see it large, press it to lock it. <span id="map-keys">Keys: arrows move, P pins the query, Escape lets go.</span></figcaption>
<div class="below"><details class="numbers" id="map-numbers"><summary>Numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of the map"></div></details>
<div class="downloads" role="group" aria-label="Download the map"><button type="button" data-download="svg">SVG</button><button type="button" data-download="csv">CSV</button><button type="button" data-download="json">JSON</button></div></div>
</figure></section>
`;
}
