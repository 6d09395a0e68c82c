// The few ways in which the page touches its document: finding what must be there, putting Markup in, keeping the focus where it
// was, and following widths. Nothing else writes into the document.
import type { Markup } from '../shared/markup.js';

/** The element with the id. @throws Error where the document was not written by this report */
export function element<Kind extends Element = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the document has no #${id}`);
  return found as unknown as Kind;
}

/** What is put into a document is Markup, in which every text has been escaped. */
export function fill(place: Element, content: Markup): void {
  place.innerHTML = content.text;
}

/** Fills `place`, and gives the focus back to what stands where the focused element stood. */
export function refill(place: Element, content: Markup, selector: (focused: HTMLElement) => string | undefined): void {
  const focused = document.activeElement;
  const again = focused instanceof HTMLElement && place.contains(focused) ? selector(focused) : undefined;
  fill(place, content);
  if (again !== undefined) place.querySelector<HTMLElement>(again)?.focus();
}

/** Calls back at once and whenever the width of the element changes. */
export function onWidth(place: Element, draw: (width: number) => void): void {
  let known = 0;
  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (width === 0 || width === known) return;
    known = width;
    draw(width);
  }).observe(place);
}
