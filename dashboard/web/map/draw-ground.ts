import type { Map as LeafletMap } from 'leaflet';
import type { ClusterAnswer } from './cluster-client.ts';
import { formatDegrees, listTicks, niceStep } from './graticule.ts';
import type { Palette } from './palette.ts';

export interface GroundDrawing {
  readonly map: LeafletMap;
  readonly width: number;
  readonly height: number;
  /** Where bins stand, the town seems to be: the ground is lighter around them. */
  readonly answer: ClusterAnswer | undefined;
}

/** Radius of the light ground around a bin, in metres. */
const TOWN_RADIUS_METRES = 260;
const METRES_PER_DEGREE_LAT = 111_320;
/** On a narrow map the coordinates would crowd the bins. */
const COORDINATES_FROM_WIDTH_PX = 600;
/** The uppermost strip belongs to the longitudes. */
const LONGITUDE_STRIP_PX = 30;
/** The lowest strip belongs to the scale. */
const SCALE_STRIP_PX = 40;

/** Draws what takes the place of tiles: the town's rough shape and a graticule. */
export function drawGround(
  context: CanvasRenderingContext2D,
  palette: Palette,
  drawing: GroundDrawing,
): void {
  drawTown(context, palette, drawing);
  drawGraticule(context, palette, drawing);
}

function drawTown(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { map, answer }: GroundDrawing,
): void {
  if (!answer) return;
  const centre = map.getCenter();
  const north = map.latLngToContainerPoint([
    centre.lat + TOWN_RADIUS_METRES / METRES_PER_DEGREE_LAT,
    centre.lng,
  ]);
  const metreRadius = map.latLngToContainerPoint(centre).y - north.y;
  context.fillStyle = palette.groundTown;
  context.beginPath();
  for (const point of answer.points) {
    const { x, y } = map.latLngToContainerPoint([point.lat, point.lng]);
    // A cluster stands for bins around it, which reach about as far as its own circle.
    const radius = Math.max(metreRadius, point.kind === 'cluster' ? 44 : 30);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, Math.PI * 2);
  }
  context.fill();
}

function drawGraticule(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { map, width, height }: GroundDrawing,
): void {
  const hasCoordinates = width >= COORDINATES_FROM_WIDTH_PX;
  const bounds = map.getBounds();
  const [west, east, south, north] = [
    bounds.getWest(),
    bounds.getEast(),
    bounds.getSouth(),
    bounds.getNorth(),
  ];
  const lngStep = niceStep((east - west) / width);
  const latStep = niceStep((north - south) / height);
  context.lineWidth = 1;
  context.strokeStyle = palette.groundLine;
  context.fillStyle = palette.groundEdge;
  context.font = `400 10px ${palette.font}`;
  context.textBaseline = 'bottom';
  context.beginPath();
  for (const lng of listTicks(west, east, lngStep)) {
    const x = Math.round(map.latLngToContainerPoint([south, lng]).x) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.textAlign = 'left';
    if (hasCoordinates) context.fillText(formatDegrees(lng, lngStep, ['E', 'W']), x + 4, 14);
  }
  for (const lat of listTicks(south, north, latStep)) {
    const y = Math.round(map.latLngToContainerPoint([lat, west]).y) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.textAlign = 'left';
    if (hasCoordinates && y > LONGITUDE_STRIP_PX && y < height - SCALE_STRIP_PX)
      context.fillText(formatDegrees(lat, latStep, ['N', 'S']), 6, y - 2);
  }
  context.stroke();
}
