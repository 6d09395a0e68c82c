// Draws the pictures of docs/tutorial.md: scores and weights of its specs on a short text, by the code that draws the heat maps of reports.
// test/scripts/tutorial-pictures.test.ts compares them with docs/tutorial/; with `UPDATE_GOLDEN=1 vitest run test/scripts` they are written anew.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpec } from '../dsl/frontend/index.js';
import { Maps } from '../report/page/heat/maps.js';
import { mapPicture } from '../report/page/heat/picture.js';
import { type ColourScale, largestOf, type Palette } from '../report/page/heat/scales.js';
import { showingOf } from '../report/pictures/showing.js';
import { html } from '../report/shared/markup.js';
import type { Graph } from '../src/ir/index.js';

/** Short enough to read, and words that come again. */
const TEXT = 'Alice saw Bob . who did Alice see ?'.split(' ');
/** Of a spec with many stages the last ones, where what a step adds is seen. */
const MOST_STAGES = 4;
const TITLE = 22;
const GAP = 12;

export interface Step {
  /** What the spec is kept as, as in `near.ts`. */
  readonly file: string;
  readonly text: string;
}

/** The specs of a tutorial: the blocks of TypeScript whose first line says a file's name. Of two with one name the second counts. */
export function stepsOf(page: string): readonly Step[] {
  const found = page.matchAll(/^```ts\n(\/\/ (\w+\.ts)\n.*?)^```$/gms);
  return [...new Map(Array.from(found, ([, text = '', file = '']) => [file, { file, text }])).values()];
}

/** The pictures of a tutorial by file name; `style` is the style sheet of reports, whose colours they have. */
export async function tutorialPictures(page: string, style: string): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-tutorial-'));
  const pictures = new Map<string, string>();
  try {
    for (const { file, text } of stepsOf(page)) {
      writeFileSync(join(folder, file), text);
      const [spec] = (await openSpec(join(folder, file))).specs;
      const graph = (await openSpec(join(folder, file))).compile(spec!.name);
      pictures.set(file.replace('.ts', '.svg'), picture(graph, lightPalette(style)));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return pictures;
}

/** All heads of the last stages, one column a stage, on a ground of its own so that it is read on any page. */
function picture(graph: Graph, palette: Palette): string {
  const maps = new Maps(showingOf([{ name: graph.name, graph }], { tokens: TEXT }));
  const stages = maps.stages(0).slice(-MOST_STAGES);
  const panels = stages.flatMap((stage, column) => {
    const heads = maps.heads(stage);
    const scale: ColourScale = { range: 'stage', scale: 'linear', largest: largestOf(heads) };
    return heads.map((map, head) => {
      const title = `${stage.title}${heads.length > 1 ? `, head ${head}` : ''}`;
      return { column, row: head, title, markup: mapPicture(map, TEXT, title, palette, scale) };
    });
  });
  const [side] = panels.map(({ markup }) => Number(/width="(\d+)"/.exec(markup.text)![1]));
  const [width, height] = [side! + GAP, side! + GAP + TITLE];
  const [columns, rows] = [stages.length, Math.max(...panels.map(({ row }) => row)) + 1];
  const placed = panels.map(
    ({ column, row, title, markup }) =>
      html`<g transform="translate(${column * width + GAP} ${row * height + GAP})"><text class="title" y="14">${title}</text><g transform="translate(0 ${TITLE})">${markup}</g></g>
`,
  );
  const [right, bottom] = [columns * width + GAP, rows * height + GAP];
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${right} ${bottom}" width="${right}" height="${bottom}" font-family="system-ui, sans-serif" font-size="11" fill="${palette.ink}">
<style>.title { font-size: 13px; font-weight: 600 } rect[width="14"] { stroke: ${palette.hatch}; stroke-width: 0.5 }</style>
<title>${graph.name}: ${stages.map(({ title }) => title).join(', ')}</title>
<rect width="${right}" height="${bottom}" rx="6" fill="${palette.ground}"/>
${placed}</svg>
`.text;
}

/** The light palette of a style sheet: the first of each colour. */
function lightPalette(style: string): Palette {
  const colour = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(style)![1]!;
  const rgb = (name: string) => {
    const word = Number.parseInt(colour(name).slice(1), 16);
    return [word >> 16, (word >> 8) & 255, word & 255] as const;
  };
  return {
    low: rgb('map-low'),
    zero: rgb('map-zero'),
    high: rgb('map-high'),
    hidden: colour('map-hidden'),
    hatch: colour('map-hatch'),
    ink: colour('ink'),
    faint: colour('faint'),
    mark: colour('mark'),
    ground: colour('ground'),
  };
}
