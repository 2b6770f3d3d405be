import type { Geometry } from '../domain/geometry.ts';
import { DEFAULT_THRESHOLD_PERCENT, type Stream } from '../domain/stream.ts';
import { CONTAINERS, STREAM_LABELS, containerGeometry } from './containers.ts';
import { type Growth, createGrowth } from './growth.ts';
import { type Location, isOnLand, offsetLocation } from './land-areas.ts';
import { createRandom, hashText, mixHash } from './random.ts';
import { MODEL_FACTS } from './sensor-catalogue.ts';
import { type Site, createSites } from './sites.ts';
import { type TownSensor, createSensor } from './town-sensor.ts';

/** A bin of the simulated town. Ids fit the wire; positions are invented. */
export interface TownBin {
  readonly id: string;
  /** As the crews call it: kind, street and number. */
  readonly name: string;
  readonly stream: Stream;
  /** Neighbourhood. */
  readonly area: string;
  readonly location: Location;
  readonly volumeLitres: number;
  readonly thresholdPercent: number;
  readonly geometry: Geometry;
  readonly sensor: TownSensor;
  readonly growth: Growth;
}

export interface Town {
  readonly seed: number;
  readonly bins: readonly TownBin[];
}

export interface TownOptions {
  /** Any 32-bit integer; the same seed gives the same town. */
  readonly seed: number;
  /** Positive integer; 160 is the town as it is. */
  readonly binCount: number;
}

/** Neighbours at one site stand this far apart, metres. */
const CONTAINER_SPACING_METERS = 4;

/** Builds the town. Throws a `RangeError` when the number of bins is not a positive integer. */
export function createTown(options: TownOptions): Town {
  const { seed, binCount } = options;
  if (!Number.isSafeInteger(binCount) || binCount < 1) {
    throw new RangeError(`Expected a positive number of bins, got ${binCount}`);
  }
  const bins: TownBin[] = [];
  for (const site of createSites(seed, binCount)) {
    for (const [place, stream] of site.streams.entries()) {
      if (bins.length === binCount) break;
      bins.push(createBin(seed, bins.length, site, place, stream));
    }
  }
  return { seed, bins };
}

function createBin(
  seed: number,
  index: number,
  site: Site,
  place: number,
  stream: Stream,
): TownBin {
  const binSeed = mixHash(hashText(`bin/${seed}`), index);
  const random = createRandom(binSeed);
  const container = random.pick(CONTAINERS[stream]);
  const sensor = createSensor(random, index, container.volumeLitres);
  return {
    id: `bin-${String(index + 1).padStart(4, '0')}`,
    name: binName(site, stream),
    stream,
    area: site.area.name,
    location: placeAt(site, place),
    volumeLitres: container.volumeLitres,
    thresholdPercent: DEFAULT_THRESHOLD_PERCENT[stream],
    geometry: containerGeometry(container, MODEL_FACTS[sensor.model].blindZoneMm),
    sensor,
    growth: createGrowth(random, stream, site.area.name),
  };
}

function binName(site: Site, stream: Stream): string {
  if (site.kind === 'litter') return `Papperskorg ${site.address}`;
  const kind = site.kind === 'station' ? 'Återvinningsstation' : 'Soprum';
  return `${kind} ${site.address}, ${STREAM_LABELS[stream]}`;
}

/** Containers of a site stand in a row, towards the middle of the area when the row would leave it. */
function placeAt(site: Site, place: number): Location {
  const east = offsetLocation(site.location, place * CONTAINER_SPACING_METERS, 0);
  if (isOnLand(east, site.area)) return east;
  return offsetLocation(site.location, -place * CONTAINER_SPACING_METERS, 0);
}
