// The figures that follow the reader's choices, as they are first: for the base of the study, at a width that prints well.
// The page draws them again at the width that it has.
import { figure } from '../shared/figure.js';
import { html, type Markup } from '../shared/markup.js';
import { liveFiguresOf, type StudyView } from '../shared/study-figures.js';

const WIDTH = 760;

export function figuresSection(view: StudyView): Markup {
  const shown = liveFiguresOf(view.record).filter(({ isThere }) => isThere(view));
  return html`<section aria-labelledby="charts"><h2 id="charts">Charts</h2>
${shown.map(({ id, title, caption, picture, table }) =>
  figure({ id, title, caption: caption(view), picture: picture(view, WIDTH), table: table(view) }),
)}${shown.length === 0 && html`<p class="note">Nothing was timed, so there is nothing to draw.</p>`}</section>
`;
}
