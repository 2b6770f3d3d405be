import type { RoadProfile } from '../../road-profiles.ts';
import type { Tags } from './read-blocks.ts';
import { fitsLimits } from './limits.ts';

/** Speeds in both directions, km/h; 0: not that way. */
export interface WaySpeeds {
  readonly forward: number;
  readonly backward: number;
}

const CLOSED: WaySpeeds = { forward: 0, backward: 0 };

/** Usual speeds by class of road, km/h, crossings and waiting included. Everything else is not for motor vehicles. */
export const CLASS_KMH: Readonly<Record<string, number>> = {
  motorway: 90,
  motorway_link: 50,
  trunk: 70,
  trunk_link: 45,
  primary: 55,
  primary_link: 40,
  secondary: 45,
  secondary_link: 35,
  tertiary: 38,
  tertiary_link: 30,
  unclassified: 32,
  residential: 25,
  road: 25,
  living_street: 10,
  service: 12,
  track: 10,
  pedestrian: 8,
};

/** Of a signed speed limit, so much is driven on average. */
const SHARE_OF_LIMIT = 0.85;
/** A signed limit raises the usual speed of a class by no more. */
const MOST_OVER_USUAL = 1.3;
const FERRY_KMH = 10;
/** Roads on which a vehicle does not cross over to the other side. */
const WIDE = new Set(['motorway', 'trunk', 'primary', 'secondary']);

const NO = new Set([
  'no',
  'private',
  'agricultural',
  'forestry',
  'emergency',
  'military',
  'official',
]);
const BACKWARD = new Set(['-1', 'reverse']);

/** How fast a vehicle drives on a way, if it may. */
export function judgeWay(tags: Tags, profile: RoadProfile): WaySpeeds {
  const kmh = usualKmh(tags, profile);
  if (kmh === 0 || !mayEnter(tags, profile) || !fitsLimits(tags, profile)) return CLOSED;
  const speed = (direction: 'forward' | 'backward'): number => {
    const limit = readSpeed(tags[`maxspeed:${direction}`] ?? tags['maxspeed']);
    const driven =
      limit === undefined ? kmh : Math.min(limit * SHARE_OF_LIMIT, kmh * MOST_OVER_USUAL);
    return Math.max(1, Math.round(Math.min(driven, profile.mostKmh)));
  };
  const direction = oneWay(tags);
  return {
    forward: direction === 'backward' || direction === 'closed' ? 0 : speed('forward'),
    backward: direction === 'forward' || direction === 'closed' ? 0 : speed('backward'),
  };
}

/** Whether a stop on a two-way road is reached on its own side only. */
export function isWide(tags: Tags): boolean {
  return WIDE.has(tags['highway'] ?? '');
}

function usualKmh(tags: Tags, { isTruck }: RoadProfile): number {
  if (tags['route'] === 'ferry') return FERRY_KMH;
  const highway = tags['highway'] ?? '';
  if (tags['area'] === 'yes' || !Object.hasOwn(CLASS_KMH, highway)) return 0;
  const isInvited = firstOf(tags, accessKeys(isTruck).slice(0, -1)) !== undefined;
  if (highway === 'pedestrian' && !isInvited) return 0;
  const isFirm = /^grade[12]$/.test(tags['tracktype'] ?? '');
  if (highway === 'track' && !isFirm && !isInvited) return 0;
  return CLASS_KMH[highway] ?? 0;
}

/** Whether signs let it in; also of a node, such as a gate. */
export function mayEnter(tags: Tags, { isTruck }: RoadProfile): boolean {
  return !NO.has(firstOf(tags, accessKeys(isTruck)) ?? 'yes');
}

/** From the most special to the most general; the first that a thing has counts. */
function accessKeys(isTruck: boolean): string[] {
  return [isTruck ? 'hgv' : 'motorcar', 'motor_vehicle', 'vehicle', 'access'];
}

function firstOf(tags: Tags, keys: readonly string[]): string | undefined {
  return keys.map((key) => tags[key]).find((value) => value !== undefined);
}

function oneWay(tags: Tags): 'forward' | 'backward' | 'both' | 'closed' {
  const value = tags['oneway'] ?? '';
  if (BACKWARD.has(value)) return 'backward';
  if (/^(yes|true|1)$/.test(value)) return 'forward';
  // Its direction changes with the hour: nobody can plan on it.
  if (value === 'reversible' || value === 'alternating') return 'closed';
  if (value !== '') return 'both';
  const isImplied =
    /^(roundabout|circular)$/.test(tags['junction'] ?? '') ||
    /^motorway(_link)?$/.test(tags['highway'] ?? '');
  return isImplied ? 'forward' : 'both';
}

/** A speed limit as km/h: `50`, `30 mph`; `undefined` when it is a word, as `none` or `walk`. */
function readSpeed(text: string | undefined): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(mph|km\/h|kmh)?$/.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  const kmh = Number(digits) * (unit === 'mph' ? 1.609344 : 1);
  return kmh > 0 ? kmh : undefined;
}
