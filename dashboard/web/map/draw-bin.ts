import type { StateStyle } from '../bins/state-style.ts';
import { bandColour } from './palette.ts';
import type { Palette } from './palette.ts';

/** What is written at a bin. A level never stands without its age, so they come together or not at all. */
export interface BinLabel {
  readonly level: string;
  readonly age: string;
}

export interface BinDrawing {
  readonly x: number;
  readonly y: number;
  readonly style: StateStyle;
  readonly label: BinLabel | null;
  /** 1 at street zoom, smaller further out. */
  readonly zoomScale: number;
  readonly emphasis: 'none' | 'hovered' | 'selected';
}

/** Size of a bin at scale 1, in pixels. */
const WIDTH = 26;
const HEIGHT = 28;
/** How much narrower the bottom is than the top, on each side. */
const TAPER = 3;
const CORNER = 4;
const LID_HEIGHT = 5;
const OUTLINE = 2;
const HATCH_STEP = 5;
/** A bin that is pointed at or chosen is larger, within a ring. */
const EMPHASIS_SCALE = 1.15;
const RING_RADIUS = HEIGHT / 2 + 9;

/** Radius of the circle around a bin that counts as it, in pixels; the ring of one that stands out belongs to it. */
export function binRadius({
  style,
  zoomScale,
  emphasis,
}: Pick<BinDrawing, 'style' | 'zoomScale' | 'emphasis'>): number {
  const radius = emphasis === 'none' ? HEIGHT / 2 + 3 : RING_RADIUS * EMPHASIS_SCALE;
  return radius * style.scale * zoomScale;
}

/** Draws a bin: an outline filled to its level, hatched when stale, a question mark when unknown. */
export function drawBin(context: CanvasRenderingContext2D, palette: Palette, drawing: BinDrawing) {
  const { style, emphasis } = drawing;
  const scale = style.scale * drawing.zoomScale * (emphasis === 'none' ? 1 : EMPHASIS_SCALE);
  context.save();
  context.translate(drawing.x, drawing.y);
  context.scale(scale, scale);
  if (emphasis !== 'none') drawEmphasis(context, palette, emphasis);
  drawBody(context, palette, style);
  if (style.unknown) drawCentred(context, palette, '?', 17);
  else if (drawing.label) drawCentred(context, palette, drawing.label.level, 11.5);
  if (style.alert) drawAlert(context, palette);
  context.restore();
  if (drawing.label && drawing.label.age !== '') {
    // Below the ring, where there is one.
    const gap = emphasis === 'none' ? 9 : 20;
    drawAge(context, palette, drawing, drawing.y + (HEIGHT / 2) * scale + gap);
  }
}

function tracePath(context: CanvasRenderingContext2D): void {
  const [half, top, bottom] = [WIDTH / 2, -HEIGHT / 2 + LID_HEIGHT, HEIGHT / 2];
  context.beginPath();
  context.moveTo(-half, top);
  context.lineTo(half, top);
  context.lineTo(half - TAPER + 0.5, bottom - CORNER);
  context.quadraticCurveTo(half - TAPER, bottom, half - TAPER - CORNER, bottom);
  context.lineTo(-half + TAPER + CORNER, bottom);
  context.quadraticCurveTo(-half + TAPER, bottom, -half + TAPER - 0.5, bottom - CORNER);
  context.closePath();
}

function drawBody(context: CanvasRenderingContext2D, palette: Palette, style: StateStyle): void {
  const top = -HEIGHT / 2 + LID_HEIGHT;
  const innerHeight = HEIGHT - LID_HEIGHT;
  context.lineJoin = 'round';
  context.setLineDash([]);
  tracePath(context);
  context.lineWidth = OUTLINE + 2.5;
  context.strokeStyle = palette.halo;
  context.stroke();
  context.fillStyle = style.unknown ? palette.unknown : palette.empty;
  context.fill();
  context.save();
  context.clip();
  if (style.band !== null) {
    context.fillStyle = bandColour(palette, style.band);
    context.fillRect(-WIDTH / 2, HEIGHT / 2 - innerHeight * style.level, WIDTH, HEIGHT);
  } else if (style.hatched) {
    context.fillStyle = palette.stale;
    context.fillRect(-WIDTH / 2, HEIGHT / 2 - innerHeight * style.level, WIDTH, HEIGHT);
    drawHatch(context, palette);
  }
  context.restore();
  tracePath(context);
  context.lineWidth = OUTLINE;
  context.strokeStyle = palette.outline;
  if (style.unknown) context.setLineDash([3, 2.5]);
  context.stroke();
  context.setLineDash([]);
  drawLid(context, palette, style, top);
}

function drawHatch(context: CanvasRenderingContext2D, palette: Palette): void {
  context.beginPath();
  for (let x = -WIDTH * 1.5; x < WIDTH; x += HATCH_STEP) {
    context.moveTo(x, HEIGHT / 2);
    context.lineTo(x + HEIGHT, -HEIGHT / 2);
  }
  context.lineWidth = 1.4;
  context.strokeStyle = palette.staleHatch;
  context.stroke();
}

/** The lid lies shut, or stands on a heap when the bin is overfull. */
function drawLid(
  context: CanvasRenderingContext2D,
  palette: Palette,
  style: StateStyle,
  top: number,
): void {
  context.save();
  if (style.heaped) {
    context.beginPath();
    context.arc(0, top, WIDTH / 2 - 3, Math.PI, 0);
    context.fillStyle = style.band === null ? palette.stale : bandColour(palette, style.band);
    context.fill();
    context.lineWidth = OUTLINE;
    context.strokeStyle = palette.outline;
    context.stroke();
    context.translate(-1, -8);
    context.rotate(-0.3);
  }
  context.beginPath();
  context.roundRect(-WIDTH / 2 - 2, top - LID_HEIGHT, WIDTH + 4, LID_HEIGHT, 2);
  context.lineWidth = 2.5;
  context.strokeStyle = palette.halo;
  context.stroke();
  context.fillStyle = palette.outline;
  context.fill();
  context.restore();
}

function drawCentred(
  context: CanvasRenderingContext2D,
  palette: Palette,
  text: string,
  size: number,
): void {
  context.font = `700 ${size}px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = palette.surface;
  context.strokeText(text, 0, LID_HEIGHT / 2 + 0.5);
  context.fillStyle = palette.text;
  context.fillText(text, 0, LID_HEIGHT / 2 + 0.5);
}

function drawAge(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { x, label, style }: BinDrawing,
  y: number,
): void {
  if (!label) return;
  context.font = `${style.hatched ? 'italic ' : ''}500 10.5px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = palette.surface;
  context.strokeText(label.age, x, y);
  context.fillStyle = palette.text;
  context.fillText(label.age, x, y);
}

function drawAlert(context: CanvasRenderingContext2D, palette: Palette): void {
  const [x, y, size] = [WIDTH / 2 + 1, -HEIGHT / 2 + 2, 8.5];
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y + size * 0.75);
  context.lineTo(x - size, y + size * 0.75);
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = palette.onAlert;
  context.stroke();
  context.fillStyle = palette.alert;
  context.fill();
  context.font = `800 10px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = palette.onAlert;
  context.fillText('!', x, y + size * 0.55);
}

function drawEmphasis(
  context: CanvasRenderingContext2D,
  palette: Palette,
  emphasis: 'hovered' | 'selected',
): void {
  context.beginPath();
  context.arc(0, 0, RING_RADIUS, 0, Math.PI * 2);
  context.fillStyle = palette.surface;
  context.globalAlpha = 0.85;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = emphasis === 'selected' ? 3.5 : 2;
  context.strokeStyle = palette.accent;
  context.stroke();
}
