import { DomUtil, Layer } from 'leaflet';
import type { Map as LeafletMap, ZoomAnimEvent } from 'leaflet';
import { styleOf } from '../bins/state-style.ts';
import type { BinView } from '../bins/bin-view.ts';
import type { AreaLabel } from './area-labels.ts';
import type { ClusterAnswer } from './cluster-client.ts';
import type { Bounds, ClusterPoint } from './cluster-index.ts';
import { binRadius, drawBin } from './draw-bin.ts';
import type { BinDrawing, BinLabel } from './draw-bin.ts';
import { clusterRadius, drawCluster } from './draw-cluster.ts';
import { drawAreaLabels } from './draw-area-labels.ts';
import { drawGround } from './draw-ground.ts';
import { findHit } from './hit-test.ts';
import type { HitTarget } from './hit-test.ts';
import type { Palette } from './palette.ts';

/** What the pointer can meet on the map. */
export type MapSubject =
  | { readonly kind: 'bin'; readonly binId: string }
  | { readonly kind: 'cluster'; readonly cluster: ClusterPoint; readonly generation: number };

/** What the layer asks of its owner while drawing. */
export interface BinLayerSource {
  palette(): Palette;
  /** The newest state of a bin, younger perhaps than the clusters. */
  find(binId: string): BinView | undefined;
  labelOf(view: BinView): BinLabel;
  formatCount(count: number): string;
  /** The map wants points for these bounds. */
  onQuery(bounds: Bounds, zoom: number): void;
  /** @param setSize how many bins there are in all, in view or not */
  onDrawn(binCount: number, clusterCount: number, setSize: number): void;
}

/** Numbers and ages are written from this zoom on; further out they would cover the bins. */
const LABELS_FROM_ZOOM = 15;
/** Points are asked for this much around the view, so that a pan meets no empty edge. */
const QUERY_PADDING = 0.4;

/** A layer of bins and clusters on one canvas, redrawn once per frame at most. */
export class BinLayer extends Layer {
  readonly #source: BinLayerSource;
  readonly #canvas = document.createElement('canvas');
  #mapInUse: LeafletMap | undefined;
  #frame = 0;
  #answer: ClusterAnswer | undefined;
  #asked: { bounds: Bounds; zoom: number } | undefined;
  #targets: HitTarget<MapSubject>[] = [];
  #isZooming = false;
  #hoveredId: string | null = null;
  #selectedId: string | null = null;
  #hasTiles = false;
  #areas: readonly AreaLabel[] = [];

  constructor(source: BinLayerSource) {
    super();
    this.#source = source;
    this.#canvas.className = 'bin-canvas leaflet-zoom-animated';
    this.#canvas.setAttribute('aria-hidden', 'true');
  }

  override onAdd(map: LeafletMap): this {
    this.#mapInUse = map;
    map.getPane('overlayPane')?.append(this.#canvas);
    map.on('zoomanim', this.#followZoom);
    this.redraw();
    return this;
  }

  override onRemove(map: LeafletMap): this {
    map.off('zoomanim', this.#followZoom);
    cancelAnimationFrame(this.#frame);
    this.#canvas.remove();
    this.#mapInUse = undefined;
    return this;
  }

  override getEvents() {
    return {
      move: () => this.redraw(),
      moveend: () => this.redraw(),
      resize: () => this.redraw(),
      zoomend: () => {
        this.#isZooming = false;
        this.redraw();
      },
    };
  }

  setAnswer(answer: ClusterAnswer): void {
    this.#answer = answer;
    this.redraw();
  }

  setHighlight(hoveredId: string | null, selectedId: string | null): void {
    this.#hoveredId = hoveredId;
    this.#selectedId = selectedId;
    this.redraw();
  }

  setGround(hasTiles: boolean, areas: readonly AreaLabel[]): void {
    this.#hasTiles = hasTiles;
    this.#areas = areas;
    this.redraw();
  }

  /** Asks for points again, because the bins behind them have changed. */
  refresh(): void {
    this.#asked = undefined;
    this.redraw();
  }

  redraw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** What lies at a point of the map's box, in pixels. */
  hit(x: number, y: number, minRadius: number): HitTarget<MapSubject> | undefined {
    return findHit(this.#targets, x, y, minRadius);
  }

  #draw(): void {
    const map = this.#mapInUse;
    // While a zoom runs the browser scales the last drawing, which is smoother than drawing anew.
    if (!map || this.#isZooming) return;
    const context = this.#fitCanvas(map);
    if (!context) return;
    this.#ask(map);
    const palette = this.#source.palette();
    const { x: width, y: height } = map.getSize();
    context.clearRect(0, 0, width, height);
    if (!this.#hasTiles) {
      const answer = this.#answer;
      drawGround(context, palette, { map, width, height, answer });
    }
    this.#targets = [];
    this.#drawPoints(context, palette, map);
    if (!this.#hasTiles) drawAreaLabels(context, palette, map, this.#areas, this.#targets);
  }

  #fitCanvas(map: LeafletMap): CanvasRenderingContext2D | null {
    const { x: width, y: height } = map.getSize();
    const ratio = devicePixelRatio || 1;
    const [wantedWidth, wantedHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== wantedWidth || this.#canvas.height !== wantedHeight) {
      this.#canvas.width = wantedWidth;
      this.#canvas.height = wantedHeight;
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    DomUtil.setPosition(this.#canvas, map.containerPointToLayerPoint([0, 0]));
    const context = this.#canvas.getContext('2d');
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  #ask(map: LeafletMap): void {
    // Between two zooms the coarser clusters hold: they are further apart, never nearer.
    const zoom = Math.floor(map.getZoom());
    const view = map.getBounds();
    const asked = this.#asked;
    const isCovered =
      asked?.zoom === zoom &&
      asked.bounds[0] <= view.getWest() &&
      asked.bounds[1] <= view.getSouth() &&
      asked.bounds[2] >= view.getEast() &&
      asked.bounds[3] >= view.getNorth();
    if (isCovered) return;
    const padded = view.pad(QUERY_PADDING);
    const bounds = [
      padded.getWest(),
      padded.getSouth(),
      padded.getEast(),
      padded.getNorth(),
    ] as const;
    this.#asked = { bounds, zoom };
    this.#source.onQuery(bounds, zoom);
  }

  #drawPoints(context: CanvasRenderingContext2D, palette: Palette, map: LeafletMap): void {
    const answer = this.#answer;
    const { x: width, y: height } = map.getSize();
    let [binCount, clusterCount] = [0, 0];
    const later: BinDrawing[] = [];
    for (const point of answer?.points ?? []) {
      const place = map.latLngToContainerPoint([point.lat, point.lng]);
      const margin = 60;
      if (place.x < -margin || place.y < -margin) continue;
      if (place.x > width + margin || place.y > height + margin) continue;
      if (point.kind === 'cluster') {
        clusterCount += 1;
        this.#drawCluster(context, palette, point, place.x, place.y);
        continue;
      }
      const binId = answer?.views[point.index]?.bin.id;
      const view = binId === undefined ? undefined : this.#source.find(binId);
      if (!view) continue;
      binCount += 1;
      const drawing = this.#plan(view, map, place.x + point.shiftX, place.y + point.shiftY);
      if (drawing.emphasis === 'none') drawBin(context, palette, drawing);
      else later.push(drawing);
    }
    this.#addHighlighted(map, later);
    for (const drawing of later) drawBin(context, palette, drawing);
    if (answer) this.#source.onDrawn(binCount, clusterCount, answer.views.length);
  }

  #drawCluster(
    context: CanvasRenderingContext2D,
    palette: Palette,
    cluster: ClusterPoint,
    x: number,
    y: number,
  ): void {
    const countText = this.#source.formatCount(cluster.count);
    drawCluster(context, palette, { x, y, cluster, countText });
    const generation = this.#answer?.generation ?? 0;
    const subject: MapSubject = { kind: 'cluster', cluster, generation };
    this.#targets.push({ x, y, radius: clusterRadius(cluster.count), subject });
  }

  /** The bin pointed at or chosen is drawn even where it hides within a cluster. */
  #addHighlighted(map: LeafletMap, drawings: BinDrawing[]): void {
    const wanted = [this.#hoveredId, this.#selectedId].filter((id) => id !== null);
    for (const id of new Set(wanted)) {
      if (this.#targets.some(({ subject }) => subject.kind === 'bin' && subject.binId === id)) {
        continue;
      }
      const view = this.#source.find(id);
      if (!view) continue;
      const place = map.latLngToContainerPoint([view.bin.location.lat, view.bin.location.lng]);
      drawings.push(this.#plan(view, map, place.x, place.y));
    }
  }

  #plan(view: BinView, map: LeafletMap, x: number, y: number): BinDrawing {
    const { id } = view.bin;
    const zoom = map.getZoom();
    const style = styleOf(view);
    const zoomScale = zoom >= LABELS_FROM_ZOOM ? 1.1 : zoom >= 13 ? 0.85 : 0.7;
    const emphasis =
      id === this.#selectedId ? 'selected' : id === this.#hoveredId ? 'hovered' : 'none';
    const radius = binRadius({ style, zoomScale, emphasis });
    this.#targets.push({ x, y, radius, subject: { kind: 'bin', binId: id } });
    const label = zoom >= LABELS_FROM_ZOOM ? this.#source.labelOf(view) : null;
    return { x, y, style, label, zoomScale, emphasis };
  }

  /** Scales the last drawing along with Leaflet's own zoom animation. */
  readonly #followZoom = (event: ZoomAnimEvent): void => {
    const map = this.#mapInUse;
    if (!map) return;
    this.#isZooming = true;
    const corner = map.containerPointToLatLng([0, 0]);
    const scale = map.getZoomScale(event.zoom, map.getZoom());
    const panePosition = DomUtil.getPosition(map.getPanes().mapPane);
    const origin = map
      .project(event.center, event.zoom)
      .subtract(map.getSize().divideBy(2))
      .add(panePosition)
      .round();
    const target = map.project(corner, event.zoom).subtract(origin);
    DomUtil.setTransform(this.#canvas, target, scale);
  };
}
