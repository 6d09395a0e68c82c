// Drawing maps on canvases: cells, hatched where hidden, tokens along both sides of the large one, and what is pointed at.
// Sizes are in CSS pixels; canvases have as many pixels as the screen.
import { type ColourScale, mixed, type Palette, rowScales, strength } from './colours.js';
import type { HeadMap, Place } from './maps.js';

/** A context that draws in CSS pixels on a canvas of this size. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

export interface Style {
  readonly palette: Palette;
  readonly scale: ColourScale;
}

function cells(context: CanvasRenderingContext2D, map: HeadMap, cell: number, { palette, scale }: Style): void {
  const largest = rowScales(map, scale);
  for (let row = 0; row < map.size; row += 1) {
    for (let column = 0; column < map.size; column += 1) {
      const n = row * map.size + column;
      context.fillStyle = map.hidden[n]
        ? palette.hidden
        : mixed(palette, strength(map.values[n]!, largest[row]!, scale.scale));
      context.fillRect(column * cell, row * cell, cell, cell);
    }
  }
}

export function drawSmall(canvas: HTMLCanvasElement, map: HeadMap, cell: number, style: Style): void {
  const side = map.size * cell;
  cells(sized(canvas, side, side), map, cell, style);
}

/** A frame around taps on a small map. */
export function markSmall(canvas: HTMLCanvasElement, places: readonly Place[], cell: number, { palette }: Style): void {
  const context = canvas.getContext('2d')!;
  const box = bounds(places);
  if (box === undefined) return;
  context.strokeStyle = palette.mark;
  context.lineWidth = 1.5;
  context.strokeRect(
    box.left * cell,
    box.top * cell,
    (box.right - box.left + 1) * cell,
    (box.bottom - box.top + 1) * cell,
  );
}

function bounds(places: readonly Place[]) {
  if (places.length === 0) return undefined;
  const [queries, keys] = [places.map(({ query }) => query), places.map(({ key }) => key)];
  return { top: Math.min(...queries), bottom: Math.max(...queries), left: Math.min(...keys), right: Math.max(...keys) };
}

export interface Large {
  readonly cell: number;
  readonly left: number;
  readonly top: number;
}

const FONT = '12px system-ui, sans-serif';

/** How large cells are, and how much room tokens take, in this width. */
export function layoutOf(canvas: HTMLCanvasElement, tokens: readonly string[], width: number): Large {
  const context = canvas.getContext('2d')!;
  context.font = FONT;
  const longest = Math.ceil(Math.max(...tokens.map((token) => context.measureText(token).width)));
  const left = Math.min(longest, 90) + 8;
  const cell = Math.max(7, Math.min(22, Math.floor((width - left - 2) / tokens.length)));
  return { cell, left, top: Math.min(longest, 90) + 8 };
}

export interface Pointed {
  readonly place: Place | undefined;
  readonly pinned: number;
  readonly taps: readonly Place[];
}

export function drawLarge(
  canvas: HTMLCanvasElement,
  map: HeadMap,
  tokens: readonly string[],
  layout: Large,
  style: Style & { readonly pointed: Pointed },
): void {
  const { cell, left, top } = layout;
  const side = map.size * cell;
  const context = sized(canvas, left + side + 2, top + side + 2);
  drawTokens(context, tokens, layout, style);
  context.translate(left, top);
  cells(context, map, cell, style);
  drawHatching(context, map, cell, style.palette);
  drawPointed(context, map.size, cell, style);
}

function drawTokens(
  context: CanvasRenderingContext2D,
  tokens: readonly string[],
  { cell, left, top }: Large,
  { palette, pointed: { place, pinned } }: Style & { readonly pointed: Pointed },
): void {
  context.textBaseline = 'middle';
  const size = Math.min(12, Math.max(cell, 9));
  for (const [n, token] of tokens.entries()) {
    const paint = (isStrong: boolean): void => {
      context.font = `${isStrong ? 'bold ' : ''}${size}px system-ui, sans-serif`;
      context.fillStyle = isStrong ? palette.ink : palette.faint;
    };
    paint(place?.query === n || pinned === n);
    context.textAlign = 'right';
    context.fillText(token, left - 5, top + n * cell + cell / 2 + 0.5, left - 6);
    paint(place?.key === n);
    context.save();
    context.translate(left + n * cell + cell / 2, top - 5);
    context.rotate(-Math.PI / 2);
    context.textAlign = 'left';
    context.fillText(token, 0, 0.5, top - 6);
    context.restore();
  }
}

function drawHatching(context: CanvasRenderingContext2D, map: HeadMap, cell: number, palette: Palette): void {
  context.strokeStyle = palette.hatch;
  context.lineWidth = 1;
  context.beginPath();
  for (const [n, isHidden] of map.hidden.entries()) {
    if (!isHidden) continue;
    const [x, y] = [(n % map.size) * cell, Math.floor(n / map.size) * cell];
    context.moveTo(x, y + cell);
    context.lineTo(x + cell, y);
  }
  context.stroke();
}

function drawPointed(
  context: CanvasRenderingContext2D,
  size: number,
  cell: number,
  { palette, pointed: { place, pinned, taps } }: Style & { readonly pointed: Pointed },
): void {
  context.strokeStyle = palette.mark;
  if (pinned >= 0) {
    context.lineWidth = 2;
    context.strokeRect(0, pinned * cell, size * cell, cell);
  }
  context.lineWidth = 1;
  for (const { query, key } of taps) context.strokeRect(key * cell + 1, query * cell + 1, cell - 2, cell - 2);
  if (place === undefined) return;
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.strokeRect(place.key * cell, place.query * cell, cell, cell);
}

/** The scale from its least to its largest value, with zero in the middle where there are values of both signs. */
export function drawLegend(
  canvas: HTMLCanvasElement,
  { palette, scale }: Style,
  isSigned: boolean,
  text: (value: number) => string,
): void {
  const [width, bar] = [220, 10];
  const context = sized(canvas, width + 40, 32);
  for (let x = 0; x < width; x += 1) {
    const value = (isSigned ? (2 * x) / (width - 1) - 1 : x / (width - 1)) * scale.largest;
    context.fillStyle = mixed(palette, strength(value, scale.largest, scale.scale));
    context.fillRect(20 + x, 0, 1, bar);
  }
  context.strokeStyle = palette.faint;
  context.lineWidth = 0.5;
  context.strokeRect(20, 0, width, bar);
  context.fillStyle = palette.faint;
  context.font = FONT;
  context.textBaseline = 'top';
  const end = (value: number): string => (scale.range === 'row' ? `${value < 0 ? '−' : ''}row’s largest` : text(value));
  const labels: readonly (readonly [number, string, CanvasTextAlign])[] = isSigned
    ? [
        [0, end(-scale.largest), 'left'],
        [width / 2 + 20, '0', 'center'],
        [width + 40, end(scale.largest), 'right'],
      ]
    : [
        [16, '0', 'left'],
        [width + 40, end(scale.largest), 'right'],
      ];
  for (const [x, label, align] of labels) {
    context.textAlign = align;
    context.fillText(label, x, bar + 5);
  }
}
