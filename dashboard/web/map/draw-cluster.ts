import { BIN_STATES } from '../../../domain/bin-state.ts';
import type { BinState } from '../../../domain/bin-state.ts';
import { STATES_WORST_FIRST } from '../bins/state-style.ts';
import type { ClusterPoint } from './cluster-index.ts';
import { bandColour } from './palette.ts';
import type { Palette } from './palette.ts';

export interface ClusterDrawing {
  readonly x: number;
  readonly y: number;
  readonly cluster: ClusterPoint;
  /** The count, written in the language of the page. */
  readonly countText: string;
}

const RING_WIDTH = 6;
const SMALLEST_RADIUS = 19;
const LARGEST_RADIUS = 36;
/** Segments are parted by this much, in pixels along the ring. */
const GAP_PX = 1.5;

/** Radius of a cluster's circle in pixels: grows with the order of size of its count. */
export function clusterRadius(count: number): number {
  return Math.min(LARGEST_RADIUS, SMALLEST_RADIUS + 4.2 * Math.log10(Math.max(1, count / 2)));
}

/** How many bins of a cluster are in a state. */
export function countOf(cluster: ClusterPoint, state: BinState): number {
  return cluster.stateCounts[BIN_STATES.indexOf(state)] ?? 0;
}

/** Draws a cluster: its count, a ring with the share of each state from the worst on, and the number of full ones. */
export function drawCluster(
  context: CanvasRenderingContext2D,
  palette: Palette,
  drawing: ClusterDrawing,
): void {
  const { x, y, cluster } = drawing;
  const radius = clusterRadius(cluster.count);
  const full = countOf(cluster, 'full') + countOf(cluster, 'overfull');
  context.save();
  context.translate(x, y);
  context.beginPath();
  context.arc(0, 0, radius + 1.5, 0, Math.PI * 2);
  context.lineWidth = 2;
  context.strokeStyle = palette.halo;
  context.stroke();
  context.fillStyle = palette.surface;
  context.fill();
  drawRing(context, palette, cluster, radius);
  context.beginPath();
  context.arc(0, 0, radius, 0, Math.PI * 2);
  context.lineWidth = 1.5;
  context.strokeStyle = palette.outline;
  context.stroke();
  context.font = `700 ${cluster.count > 999 ? 12 : 13.5}px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = palette.text;
  context.fillText(drawing.countText, 0, full > 0 ? -4.5 : 0.5);
  if (full > 0) drawFullCount(context, palette, full);
  context.restore();
}

function drawRing(
  context: CanvasRenderingContext2D,
  palette: Palette,
  cluster: ClusterPoint,
  radius: number,
): void {
  const middle = radius - RING_WIDTH / 2;
  const gap = GAP_PX / middle;
  let angle = -Math.PI / 2;
  context.lineWidth = RING_WIDTH;
  context.lineCap = 'butt';
  for (const state of STATES_WORST_FIRST) {
    const count = countOf(cluster, state);
    if (count === 0) continue;
    const sweep = (count / cluster.count) * Math.PI * 2;
    const isWhole = count === cluster.count;
    context.beginPath();
    context.arc(0, 0, middle, angle, angle + Math.max(sweep - (isWhole ? 0 : gap), gap));
    context.strokeStyle = ringColour(palette, state);
    context.stroke();
    if (state === 'stale' || state === 'unknown') {
      // Dashes across: old or missing levels are told by pattern, not by colour alone.
      context.setLineDash(state === 'stale' ? [1.5, 2.5] : [1, 5]);
      context.strokeStyle = palette.staleHatch;
      context.stroke();
      context.setLineDash([]);
    }
    angle += sweep;
  }
}

function ringColour(palette: Palette, state: BinState): string {
  if (state === 'overfull') return bandColour(palette, 5);
  if (state === 'full') return bandColour(palette, 4);
  if (state === 'ok') return bandColour(palette, 2);
  return state === 'stale' ? palette.stale : palette.unknown;
}

/** A triangle and a number, below the count. */
function drawFullCount(context: CanvasRenderingContext2D, palette: Palette, full: number): void {
  const text = String(full);
  context.font = `600 10px ${palette.font}`;
  const width = context.measureText(text).width;
  const left = -(width + 9) / 2;
  context.beginPath();
  context.moveTo(left + 3.5, 3.5);
  context.lineTo(left + 7, 10);
  context.lineTo(left, 10);
  context.closePath();
  context.fillStyle = palette.text;
  context.fill();
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, left + 9, 7.5);
}
