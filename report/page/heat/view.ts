// The heat maps of a page: small maps of all stages and heads, one large, what is pointed at, locked and pinned.
// State lives with the page and goes into its hash; this draws it, and tells the page of what the reader does.
import { html } from '../../shared/markup.js';
import { score } from '../../shared/numbers.js';
import type { ShownStage } from '../../shared/page-data.js';
import { element, fill, onWidth } from '../elements.js';
import type { MapState } from '../state.js';
import { type ColourScale, largestOf, type Palette, palette } from './colours.js';
import { drawLarge, drawLegend, drawSmall, type Large, layoutOf, markSmall } from './draw.js';
import { type HeadMap, hiddenLike, type Maps, type Place, tapsOf } from './maps.js';
import { mapPicture, mapTable, pinnedPicture } from './picture.js';

const SMALL_SIDE = 76;

/** What the view asks of the page. */
export interface MapHost {
  readonly state: () => MapState;
  readonly change: (changes: Partial<MapState>) => void;
  /** The index among the shown variants of the base; −1 where it is not shown. */
  readonly base: () => number;
}

/** What is shown large. */
interface Shown {
  readonly stage: ShownStage;
  readonly heads: readonly HeadMap[];
  readonly map: HeadMap;
  readonly head: number;
  readonly title: string;
  readonly scale: ColourScale;
}

export class MapView {
  private readonly maps: Maps;
  private readonly host: MapHost;
  private readonly canvas: HTMLCanvasElement;
  private colours: Palette = palette();
  private place: Place | undefined;
  private layout: Large = { cell: 10, left: 60, top: 60 };
  private width = 640;
  private drawnSmall = '';
  private readonly released = new AbortController();

  constructor(maps: Maps, host: MapHost) {
    this.maps = maps;
    this.host = host;
    this.canvas = element('large-map').querySelector('canvas')!;
    this.listen();
    onWidth(element('large-map'), (width) => {
      this.width = width;
      this.draw();
    });
  }

  /** Another view takes the place of this one: it draws no more. */
  release(): void {
    this.released.abort();
  }

  /** Draws everything again in the colours of the theme. */
  refresh(): void {
    this.colours = palette();
    this.drawnSmall = '';
    this.draw();
  }

  draw(): void {
    const shown = this.shown();
    this.drawSmallMaps();
    if (shown === undefined) {
      element('map-title').textContent = 'Nothing to show for this variant';
      return;
    }
    element('map-title').textContent = shown.title;
    this.drawLargeMap(shown);
    const isSigned = shown.heads.some(({ values }) => values.some((value) => value < 0));
    drawLegend(element('map-legend'), { palette: this.colours, scale: shown.scale }, isSigned, score);
    this.drawPinned(shown);
    if (element<HTMLDetailsElement>('map-numbers').open) this.writeNumbers();
  }

  /** The large map as it is kept: its picture, and its table where that is asked for. */
  svg(): SVGElement | undefined {
    const shown = this.shown();
    if (shown === undefined) return undefined;
    const place = document.createElement('div');
    fill(place, mapPicture(shown.map, this.maps.showing.tokens, shown.title, this.colours, shown.scale));
    return place.querySelector('svg') ?? undefined;
  }

  writeNumbers(): void {
    const shown = this.shown();
    const place = element('map-numbers').querySelector('.scroll')!;
    if (shown !== undefined) fill(place, mapTable(shown.map, this.maps.showing.tokens, shown.title));
  }

  // ── What is shown ─────────────────────────────────────────────────────────────────────────────────

  private shown(): Shown | undefined {
    const { variant, stage: wanted, head: wantedHead } = this.host.state();
    const stages = this.maps.stages(variant);
    const stage = stages[Math.min(wanted, stages.length - 1)];
    if (stage === undefined) return undefined;
    const heads = this.headsOf(stage);
    const head = Math.min(wantedHead, heads.length - 1);
    const map = heads[head];
    if (map === undefined) return undefined;
    return { stage, heads, map, head, title: this.titleOf(stage, head), scale: this.scaleOf(heads) };
  }

  private headsOf(stage: ShownStage): readonly HeadMap[] {
    const heads = this.maps.heads(stage);
    if (!this.isDifference()) return heads;
    return this.maps.difference(stage, this.counterpartOf(stage)) ?? hiddenLike(heads);
  }

  private readonly isDifference = (): boolean => this.host.state().show === 'difference';
  private readonly counterpartOf = (stage: ShownStage): ShownStage | undefined =>
    this.maps.counterpart(stage, this.host.base());

  private scaleOf(heads: readonly HeadMap[]): ColourScale {
    const { range, scale } = this.host.state();
    return { range, scale, largest: largestOf(heads) };
  }

  private titleOf(stage: ShownStage, head: number): string {
    const { variant } = this.host.state();
    const name = this.maps.showing.variants[variant]?.name ?? '';
    const plain = `${name}: ${stage.title}, head ${head}`;
    if (!this.isDifference()) return plain;
    const counterpart = this.counterpartOf(stage);
    const base = this.maps.showing.variants[this.host.base()]?.name;
    if (counterpart === undefined || base === undefined) return `${plain} (the base has no such stage)`;
    return `${plain}, less ${counterpart.title} of ${base}`;
  }

  // ── Small maps ────────────────────────────────────────────────────────────────────────────────────

  private drawSmallMaps(): void {
    const state = this.host.state();
    const stages = this.maps.stages(state.variant);
    const cell = Math.max(2, Math.round(SMALL_SIDE / this.maps.size));
    const { variant, show, range, scale } = state;
    const wanted = JSON.stringify([variant, show, range, scale, this.host.base()]);
    const place = element('small-maps');
    if (wanted !== this.drawnSmall) {
      this.drawnSmall = wanted;
      const side = cell * this.maps.size;
      fill(
        place,
        html`<table class="grid-of-maps"><tbody>${stages.map(
          ({ title, heads, shownHeads }, stage) =>
            html`<tr><th scope="row">${title}${heads > shownHeads && html`<span class="note">${shownHeads} of ${heads} heads</span>`}</th>${Array.from(
              { length: shownHeads },
              (_, head) =>
                html`<td><button type="button" class="small-map" data-stage="${stage}" data-head="${head}" aria-label="${title}, head ${head}"><canvas width="${side}" height="${side}"></canvas></button></td>`,
            )}</tr>`,
        )}</tbody></table>`,
      );
    }
    for (const button of place.querySelectorAll<HTMLElement>('.small-map')) {
      const [stage, head] = [Number(button.dataset['stage']), Number(button.dataset['head'])];
      const isShown = stage === Math.min(state.stage, stages.length - 1) && head === state.head;
      button.classList.toggle('shown', isShown);
      button.setAttribute('aria-pressed', String(isShown && state.isLocked));
    }
    this.paintSmallMaps(cell);
  }

  private paintSmallMaps(cell: number): void {
    const { variant } = this.host.state();
    const shown = this.shown();
    const taps = this.place && shown ? tapsOf(shown.stage, shown.head, this.place, this.maps.size) : [];
    const stages = this.maps.stages(variant).map((stage) => {
      const heads = this.headsOf(stage);
      return { heads, style: { palette: this.colours, scale: this.scaleOf(heads) } };
    });
    for (const button of element('small-maps').querySelectorAll<HTMLElement>('.small-map')) {
      const [stage, head] = [Number(button.dataset['stage']), Number(button.dataset['head'])];
      const [canvas, { heads, style }] = [button.querySelector('canvas')!, stages[stage]!];
      drawSmall(canvas, heads[head]!, cell, style);
      const read = taps.find((each) => each.stage === stage && each.heads.includes(head));
      if (read) markSmall(canvas, read.places, cell, style);
    }
  }

  // ── The large map ─────────────────────────────────────────────────────────────────────────────────

  private drawLargeMap({ map, stage, head, scale }: Shown): void {
    const { tokens } = this.maps.showing;
    this.layout = layoutOf(this.canvas, tokens, Math.min(this.width, 760));
    const taps = this.place === undefined ? [] : tapsOf(stage, head, this.place, this.maps.size);
    drawLarge(this.canvas, map, tokens, this.layout, {
      palette: this.colours,
      scale,
      pointed: {
        place: this.place,
        pinned: this.host.state().pinned,
        taps: taps.flatMap(({ places }) => places),
      },
    });
  }

  private point(place: Place | undefined): void {
    if (place?.query === this.place?.query && place?.key === this.place?.key) return;
    this.place = place;
    const shown = this.shown();
    if (shown === undefined) return;
    this.drawLargeMap(shown);
    this.paintSmallMaps(Math.max(2, Math.round(SMALL_SIDE / this.maps.size)));
    if (place !== undefined) element('map-readout').textContent = this.readout(shown, place);
  }

  private readout({ map, stage, head }: Shown, { query, key }: Place): string {
    const { tokens } = this.maps.showing;
    const n = query * map.size + key;
    const value = map.hidden[n] ? 'hidden' : score(map.values[n]!);
    const taps = tapsOf(stage, head, { query, key }, map.size).filter(({ places }) => places.length > 0);
    const made = taps.map(({ stage: source, heads, places }) => {
      const sourceStage = this.maps.stages(this.host.state().variant)[source]!;
      const from = heads.length === 1 && heads[0] === head ? 'its head' : `heads ${heads.join(', ')}`;
      return `${places.length === 1 ? 'one entry' : `${places.length} entries`} of ${sourceStage.title} (${from})`;
    });
    const origin = made.length === 0 ? '' : ` Made of ${made.join(' and ')}.`;
    return `Query ${query} “${tokens[query]}”, key ${key} “${tokens[key]}”: ${value}.${origin}`;
  }

  private drawPinned({ head }: Shown): void {
    const { pinned, variant, scale } = this.host.state();
    const stages = this.maps.stages(variant).flatMap((stage) => {
      const heads = this.headsOf(stage);
      const map = heads[head];
      return map === undefined ? [] : [{ title: stage.title, map, largest: largestOf(heads) }];
    });
    fill(element('map-pinned'), pinnedPicture(stages, this.maps.showing.tokens, pinned, this.colours, scale));
    const button = element('map-pin');
    button.setAttribute('aria-pressed', String(pinned >= 0));
    button.textContent = pinned >= 0 ? `Unpin “${this.maps.showing.tokens[pinned] ?? ''}”` : 'Pin this query';
  }

  // ── What the reader does ──────────────────────────────────────────────────────────────────────────

  private listen(): void {
    const large = element('large-map');
    large.addEventListener('pointermove', (event) => this.point(this.placeAt(event)));
    large.addEventListener('pointerleave', () => this.point(undefined));
    large.addEventListener('click', (event) => {
      const place = this.placeAt(event);
      if (place !== undefined) this.pin(place.query);
    });
    large.addEventListener('keydown', (event) => this.press(event));
    element('map-pin').addEventListener('click', () => {
      const { pinned } = this.host.state();
      this.pin(pinned >= 0 ? pinned : (this.place?.query ?? this.maps.size - 1));
    });
    const small = element('small-maps');
    const look = (event: Event): void => this.look(event.target, false);
    small.addEventListener('pointerover', look);
    small.addEventListener('focusin', look);
    small.addEventListener('click', (event) => this.look(event.target, true));
    element('map-numbers').addEventListener('toggle', () => this.writeNumbers());
    const { signal } = this.released;
    // The playground shows other panels in its place, and it again later.
    const onTheme = (): void => {
      if (this.canvas.isConnected) this.refresh();
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onTheme, { signal });
  }

  /** Pointing at a small map shows it unless another is locked; pressing it locks it, pressing it again lets go. */
  private look(target: EventTarget | null, isPressed: boolean): void {
    const button = target instanceof Element ? target.closest<HTMLElement>('.small-map') : null;
    if (button === null) return;
    const state = this.host.state();
    const [stage, head] = [Number(button.dataset['stage']), Number(button.dataset['head'])];
    const isSame = state.stage === stage && state.head === head;
    if (isPressed) this.host.change({ stage, head, isLocked: !(isSame && state.isLocked) });
    else if (!state.isLocked && !isSame) this.host.change({ stage, head });
  }

  private pin(query: number): void {
    this.host.change({ pinned: this.host.state().pinned === query ? -1 : query });
  }

  private placeAt({ clientX, clientY }: MouseEvent): Place | undefined {
    const { left, top } = this.canvas.getBoundingClientRect();
    const { cell, left: labels, top: heads } = this.layout;
    const key = Math.floor((clientX - left - labels) / cell);
    const query = Math.floor((clientY - top - heads) / cell);
    const isInside = key >= 0 && query >= 0 && key < this.maps.size && query < this.maps.size;
    return isInside ? { query, key } : undefined;
  }

  private press(event: KeyboardEvent): void {
    const last = this.maps.size - 1;
    const { query, key } = this.place ?? { query: last, key: last };
    const clamped = (value: number): number => Math.max(0, Math.min(last, value));
    const moves: Readonly<Record<string, Place>> = {
      ArrowUp: { query: clamped(query - 1), key },
      ArrowDown: { query: clamped(query + 1), key },
      ArrowLeft: { query, key: clamped(key - 1) },
      ArrowRight: { query, key: clamped(key + 1) },
      Home: { query, key: 0 },
      End: { query, key: last },
    };
    const move = moves[event.key];
    if (move !== undefined) this.point(move);
    else if (event.key === 'p' || event.key === 'P' || event.key === 'Enter') this.pin(query);
    else if (event.key === 'Escape') {
      this.point(undefined);
      this.host.change({ pinned: -1, isLocked: false });
    } else return;
    event.preventDefault();
  }
}
