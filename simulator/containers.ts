import type { Geometry } from '../domain/geometry.ts';
import type { Stream } from '../domain/stream.ts';

/** A make of container: what it holds and how far the sensor under its lid sees. */
export interface Container {
  readonly volumeLitres: number;
  /** Sensor to floor, mm. */
  readonly emptyDistanceMm: number;
  /** Sensor to the line that counts as full, mm. Room is left above it for the heap of an overfull bin. */
  readonly fullDistanceMm: number;
}

const LITTER_120 = { volumeLitres: 120, emptyDistanceMm: 860, fullDistanceMm: 240 };
const LITTER_160 = { volumeLitres: 160, emptyDistanceMm: 980, fullDistanceMm: 260 };
const LITTER_190 = { volumeLitres: 190, emptyDistanceMm: 1080, fullDistanceMm: 280 };
const WHEELED_140 = { volumeLitres: 140, emptyDistanceMm: 950, fullDistanceMm: 250 };
const WHEELED_240 = { volumeLitres: 240, emptyDistanceMm: 1010, fullDistanceMm: 260 };
const WHEELED_660 = { volumeLitres: 660, emptyDistanceMm: 1120, fullDistanceMm: 300 };
const IGLOO_2000 = { volumeLitres: 2000, emptyDistanceMm: 1480, fullDistanceMm: 460 };
const IGLOO_3000 = { volumeLitres: 3000, emptyDistanceMm: 1620, fullDistanceMm: 480 };
const FRONT_LOADER_5000 = { volumeLitres: 5000, emptyDistanceMm: 1950, fullDistanceMm: 560 };

/** The containers a town of this size puts out for each stream. */
export const CONTAINERS: Record<Stream, readonly Container[]> = {
  litter: [LITTER_120, LITTER_160, LITTER_190],
  food: [WHEELED_140, WHEELED_240],
  residual: [WHEELED_660],
  paper: [FRONT_LOADER_5000, IGLOO_3000],
  plastic: [FRONT_LOADER_5000, IGLOO_3000],
  'clear-glass': [IGLOO_2000, IGLOO_3000],
  'coloured-glass': [IGLOO_2000, IGLOO_3000],
  metal: [IGLOO_2000],
};

/** What stands together at a recycling station (återvinningsstation). */
export const STATION_STREAMS: readonly Stream[] = [
  'paper',
  'plastic',
  'clear-glass',
  'coloured-glass',
  'metal',
];

/** How the crews write the streams on a bin. */
export const STREAM_LABELS: Record<Stream, string> = {
  residual: 'restavfall',
  food: 'matavfall',
  paper: 'papper',
  plastic: 'plast',
  'clear-glass': 'ofärgat glas',
  'coloured-glass': 'färgat glas',
  metal: 'metall',
  litter: 'papperskorg',
};

/** The geometry of a container under a sensor that cannot see closer than its blind zone. */
export function containerGeometry(container: Container, blindZoneMm: number): Geometry {
  return {
    shape: 'prism',
    emptyDistanceMm: container.emptyDistanceMm,
    fullDistanceMm: Math.max(container.fullDistanceMm, blindZoneMm),
    blindZoneMm,
  };
}

/** Distance at which a sensor sees the given fill: the inverse of `fillFromDistance`. Millimetres, not rounded. */
export function distanceFromFill(fillPercent: number, geometry: Geometry): number {
  const { emptyDistanceMm, fullDistanceMm } = geometry;
  return emptyDistanceMm - (fillPercent / 100) * (emptyDistanceMm - fullDistanceMm);
}
