import type { Stream } from '../domain/stream.ts';
import { STATION_STREAMS } from './containers.ts';
import {
  type Disc,
  LAND_AREAS,
  type LandArea,
  type Location,
  offsetLocation,
} from './land-areas.ts';
import { type Random, createRandom, hashText, mixHash } from './random.ts';

export type SiteKind = 'litter' | 'station' | 'yard';

/** A spot where one bin or several stand together. */
export interface Site {
  readonly kind: SiteKind;
  readonly area: LandArea;
  /** Street and number; unique in the town. */
  readonly address: string;
  readonly location: Location;
  readonly streams: readonly Stream[];
}

const STREAMS_AT: Record<SiteKind, readonly Stream[]> = {
  litter: ['litter'],
  station: STATION_STREAMS,
  yard: ['residual', 'food'],
};

/**
 * One turn of sites is 20 bins: 11 litter bins, one station of five, two yards of two. So 160 bins are 88 litter
 * bins, eight stations and sixteen yards.
 */
const TURN: readonly SiteKind[] = [
  ...Array<SiteKind>(6).fill('litter'),
  'station',
  'yard',
  ...Array<SiteKind>(5).fill('litter'),
  'yard',
];

/** Streets run parallel within a disc, this far apart at most, metres. */
const STREET_SPACING_METERS = 90;
/** No bin stands closer to the edge of a disc than this part of its radius. */
const INNER_PART = 0.85;

/** Sites for at least so many bins, spread over the town's areas by their weight. */
export function createSites(seed: number, binCount: number): Site[] {
  const sites: Site[] = [];
  const taken = new Set<string>();
  for (let bins = 0, index = 0; bins < binCount; index++) {
    const kind = TURN[index % TURN.length] ?? 'litter';
    const random = createRandom(mixHash(hashText(`site/${seed}`), index));
    const site = createSite(kind, pickArea(random, kind), random, taken);
    sites.push(site);
    bins += site.streams.length;
  }
  return sites;
}

/** The crowd, and with it the litter, is in the centre; stations and yards are where people live. */
function pickArea(random: Random, kind: SiteKind): LandArea {
  const weightOf = (area: LandArea): number =>
    kind !== 'litter' && area.name === 'Centrum' ? 2 : area.weight;
  let left = random.unit() * LAND_AREAS.reduce((sum, area) => sum + weightOf(area), 0);
  for (const area of LAND_AREAS) {
    left -= weightOf(area);
    if (left < 0) return area;
  }
  return random.pick(LAND_AREAS);
}

function createSite(kind: SiteKind, area: LandArea, random: Random, taken: Set<string>): Site {
  const disc = random.pick(area.discs);
  const lane = Math.floor(random.unit() * area.streets.length);
  const along = random.between(-1, 1);
  const street = area.streets[lane] ?? area.name;
  const firstNumber = 1 + Math.round((along + 1) * 40);
  return {
    kind,
    area,
    address: freeAddress(street, firstNumber, taken),
    location: placeOnStreet(disc, area, lane, along, random),
    streams: STREAMS_AT[kind],
  };
}

function freeAddress(street: string, firstNumber: number, taken: Set<string>): string {
  let number = firstNumber;
  while (taken.has(`${street} ${number}`)) number++;
  const address = `${street} ${number}`;
  taken.add(address);
  return address;
}

/** A point on the street's line through the disc: `along` runs from -1 at one end to 1 at the other. */
function placeOnStreet(
  disc: Disc,
  area: LandArea,
  lane: number,
  along: number,
  random: Random,
): Location {
  const inner = disc.radiusMeters * INNER_PART;
  const lanes = area.streets.length;
  const spacing = Math.min(STREET_SPACING_METERS, (1.6 * inner) / lanes);
  const across = (lane - (lanes - 1) / 2) * spacing;
  const reach = Math.sqrt(Math.max(0, inner * inner - across * across));
  const kerb = across + random.between(-5, 5);
  // Every neighbourhood has its streets in a direction of its own.
  const bearing = (hashText(area.name) / 2 ** 32) * Math.PI;
  return offsetLocation(
    disc.centre,
    along * reach * Math.sin(bearing) + kerb * Math.cos(bearing),
    along * reach * Math.cos(bearing) - kerb * Math.sin(bearing),
  );
}
