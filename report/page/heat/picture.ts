// The large map as Markup: an SVG of its cells for downloads, its numbers as a table, and a pinned query through all stages.
// The canvas is for looking at; these are for keeping.
import { numbersTable } from '../../shared/figure.js';
import { html, type Markup, nothing } from '../../shared/markup.js';
import { score } from '../../shared/numbers.js';
import type { HeadMap } from './maps.js';
import { type ColourScale, mixed, type Palette, rowScales, strength } from './scales.js';

const CELL = 14;
const LABELS = 80;

export function mapPicture(
  map: HeadMap,
  tokens: readonly string[],
  title: string,
  palette: Palette,
  scale: ColourScale,
): Markup {
  const largest = rowScales(map, scale);
  const side = LABELS + map.size * CELL + 4;
  const cells = Array.from(map.values, (value, n) => {
    const [row, column] = [Math.floor(n / map.size), n % map.size];
    const colour = map.hidden[n] ? palette.hidden : mixed(palette, strength(value, largest[row]!, scale.scale));
    return html`<rect x="${LABELS + column * CELL}" y="${LABELS + row * CELL}" width="${CELL}" height="${CELL}" fill="${colour}"/>`;
  });
  const labels = tokens.map(
    (token, n) =>
      html`<text x="${LABELS - 4}" y="${LABELS + n * CELL + 11}" text-anchor="end">${token}</text><text transform="translate(${LABELS + n * CELL + 11} ${LABELS - 4}) rotate(-90)">${token}</text>`,
  );
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}"><title>${title}</title>${cells}${labels}</svg>`;
}

export function mapTable({ size, values, hidden }: HeadMap, tokens: readonly string[], title: string): Markup {
  return numbersTable({
    label: title,
    columns: ['Query', ...tokens.map((token, n) => `${n} ${token}`)],
    rows: tokens.map((token, row) => [
      `${row} ${token}`,
      ...Array.from({ length: size }, (_, column) => {
        const n = row * size + column;
        return hidden[n] ? 'hidden' : { text: score(values[n]!), value: values[n]! };
      }),
    ]),
  });
}

export interface PinnedStage {
  readonly title: string;
  readonly map: HeadMap;
  readonly largest: number;
}

const [WIDE, ROW, NAMES] = [9, 18, 100];

/** The row of one query in every stage of a head. */
export function pinnedPicture(
  stages: readonly PinnedStage[],
  tokens: readonly string[],
  query: number,
  palette: Palette,
  scale: ColourScale['scale'],
): Markup {
  if (query < 0 || query >= tokens.length) return nothing;
  const top = 74;
  const [width, height] = [NAMES + tokens.length * WIDE + 4, top + stages.length * ROW + 4];
  const rows = stages.map(({ title, map }, n) => {
    const values = map.values.subarray(query * map.size, (query + 1) * map.size);
    const largest = values.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0,
    );
    const cells = Array.from(values, (value, key) => {
      const isHidden = map.hidden[query * map.size + key];
      const colour = isHidden ? palette.hidden : mixed(palette, strength(value, largest, scale));
      return html`<rect x="${NAMES + key * WIDE}" y="${top + n * ROW}" width="${WIDE}" height="${ROW - 3}" fill="${colour}"><title>${title}, key ${key} ${tokens[key]}: ${isHidden ? 'hidden' : score(value)}</title></rect>`;
    });
    return html`<text x="${NAMES - 5}" y="${top + n * ROW + 12}" text-anchor="end">${title}</text>${cells}`;
  });
  const names = tokens.map(
    (token, n) => html`<text transform="translate(${NAMES + n * WIDE + 8} ${top - 5}) rotate(-90)">${token}</text>`,
  );
  const label = `Query ${query}, ${tokens[query]}, through all stages`;
  return html`<h4>${label}</h4><div class="scroll" tabindex="0" role="region" aria-label="${label}"><svg class="chart pinned" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${names}${rows}</svg></div><p class="note">Each row by its own largest.</p>`;
}
