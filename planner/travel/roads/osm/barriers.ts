import type { RoadProfile } from '../../road-profiles.ts';
import { fitsLimits } from './limits.ts';
import type { Tags } from './read-blocks.ts';
import { mayEnter } from './way-rules.ts';

/** Tags of nodes that matter; the others are not even read. */
export const NODE_TAGS = [
  ...['barrier', 'access', 'vehicle', 'motor_vehicle', 'hgv', 'motorcar'],
  ...['maxheight', 'maxheight:physical', 'maxwidth', 'maxwidth:physical', 'maxlength'],
  ...['maxweight', 'maxweight:hgv', 'maxweightrating', 'maxweightrating:hgv', 'maxaxleload'],
];

/** What stops a vehicle unless a sign says that it may pass. */
const BLOCKING = new Set([
  ...['bollard', 'block', 'jersey_barrier', 'log', 'debris', 'planter', 'chain', 'wall'],
  ...['fence', 'hedge', 'cycle_barrier', 'motorcycle_barrier', 'stile', 'turnstile'],
  ...['kissing_gate', 'full-height_turnstile', 'horse_stile', 'bus_trap', 'sump_buster'],
]);

/** Whether a vehicle cannot pass a point of a road, such as a bollard, or a gate that is private. */
export function isBlocked(tags: Tags, profile: RoadProfile): boolean {
  if (!fitsLimits(tags, profile) || !mayEnter(tags, profile)) return true;
  const isBarrier = BLOCKING.has(tags['barrier'] ?? '');
  const isSigned = ['hgv', 'motorcar', 'motor_vehicle', 'vehicle', 'access'].some(
    (key) => tags[key] !== undefined,
  );
  return isBarrier && !isSigned;
}
