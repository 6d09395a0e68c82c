// What the compiler says of the spec, below the editor: each with its code, its place as a button that leads there, and a hint.
// The same marks are squiggles in the editor.
import { html, type Markup } from '../../report/shared/markup.js';
import type { Mark } from '../shared/protocol.js';

/** More than these say no more. */
const MOST_MARKS = 20;

export const marksMarkup = (marks: readonly Mark[]): Markup =>
  html`${marks.slice(0, MOST_MARKS).map(markMarkup)}${
    marks.length > MOST_MARKS && html`<p class="note">and ${marks.length - MOST_MARKS} more</p>`
  }`;

const markMarkup = ({ severity, code, message, hint, place }: Mark, n: number): Markup =>
  html`<div class="mark ${severity}"><p><b>${severity} ${code}</b>${
    place && html` <button type="button" data-mark="${n}">line ${place.line}</button>`
  } ${message}</p><p class="note">${hint}</p></div>`;
