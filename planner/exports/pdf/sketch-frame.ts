import type { Position } from '../run-sheet.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** From a position to a point of the page. */
  readonly place: (position: Position) => readonly [x: number, y: number];
  readonly pointsPerMetre: number;
}

const METRES_PER_DEGREE = 111_195;
/** A single place is shown as the middle of a square of this size. */
const LEAST_METRES = 100;

/** Fits positions into a box, north up, with the same scale both ways: a plane that touches the globe in their middle. */
export function fitInto(positions: readonly Position[], box: Box): Frame {
  const lats = positions.map(({ lat }) => lat);
  const lngs = positions.map(({ lng }) => lng);
  const [south, north, west, east] = [least(lats), most(lats), least(lngs), most(lngs)];
  const middle = { lat: (south + north) / 2, lng: (west + east) / 2 };
  const metresPerLng = METRES_PER_DEGREE * Math.cos((middle.lat * Math.PI) / 180);
  const pointsPerMetre = Math.min(
    box.width / Math.max((east - west) * metresPerLng, LEAST_METRES),
    box.height / Math.max((north - south) * METRES_PER_DEGREE, LEAST_METRES),
  );
  return {
    pointsPerMetre,
    place: ({ lat, lng }) => [
      box.x + box.width / 2 + (lng - middle.lng) * metresPerLng * pointsPerMetre,
      box.y + box.height / 2 - (lat - middle.lat) * METRES_PER_DEGREE * pointsPerMetre,
    ],
  };
}

/** The longest of 1, 2, 5, 10, 20 ... metres that is no longer than `points` on the page. */
export function scaleBar({ pointsPerMetre }: Frame, points: number): number {
  const metres = points / pointsPerMetre;
  const power = 10 ** Math.floor(Math.log10(metres));
  return ([5, 2].find((digit) => digit * power <= metres) ?? 1) * power;
}

/** Spreading a long line into `Math.min` would overflow the stack. */
function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), -Infinity);
}
