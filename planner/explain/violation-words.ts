import type { Violation } from '../check/violation.ts';
import type { Units } from '../problem/problem.ts';

/** What a violation is, and what would lift it. */
export interface ViolationWords {
  readonly reason: string;
  readonly fix: string;
}

/**
 * Says in words what a plan breaks.
 * @param subject the stop that the words are about: others are named
 */
export function violationWords(
  violation: Violation,
  units: Units,
  subject: string | undefined,
): ViolationWords {
  const by = amountWords(violation, units);
  switch (violation.kind) {
    case 'late':
      return lateWords(violation, by, subject);
    case 'no-way':
      return { reason: 'there is no way', fix: 'a way to and from it' };
    case 'too-long-shift':
      return { reason: `the shift would be ${by} too long`, fix: `a shift ${by} longer` };
    case 'overloaded':
      return {
        reason: `${by} too much for the vehicle`,
        fix: `${by} more room, or an unloading before`,
      };
    case 'wrong-stream':
      return { reason: 'no compartment takes its stream', fix: 'a compartment for its stream' };
    case 'missing-skill':
      return { reason: 'the vehicle lacks a skill', fix: 'a vehicle with the skill' };
    case 'wrong-vehicle':
      return {
        reason:
          violation.siteId === undefined
            ? 'it is locked to another vehicle'
            : `the vehicle may not unload at ${violation.siteId}`,
        fix: violation.siteId === undefined ? 'lifting the lock' : 'leave to unload there',
      };
    case 'not-emptied':
      return {
        reason: 'the vehicle could not unload before its end',
        fix: 'a disposal site for its streams',
      };
    case 'no-break':
      return {
        reason: `break ${violation.breakId} would not fit`,
        fix: 'another time for the break',
      };
    case 'too-many-stops':
      return { reason: `${by} too many for the vehicle`, fix: `a limit of ${by} more` };
    case 'too-many-disposals':
      return { reason: `${by} to disposal sites too many`, fix: `a limit of ${by} more` };
    case 'too-much-driving':
      return { reason: `${by} too much driving`, fix: `a limit of ${by} more driving` };
    case 'too-far':
      return { reason: `${by} too far for the vehicle`, fix: `a limit of ${by} more` };
    case 'too-much-in-a-day':
      return { reason: `${by} too much for the vehicle's day`, fix: `a limit of ${by} more a day` };
    case 'too-long-without-break':
      return { reason: `${by} too much driving without a break`, fix: 'a break in time' };
    case 'first-stops':
      return { reason: 'other stops are locked before it', fix: 'lifting that lock' };
    case 'not-served':
      return { reason: 'it is not served', fix: 'serving it' };
    case 'served-twice':
      return { reason: 'it is served twice', fix: 'serving it once' };
    case 'vehicle-twice':
    case 'unknown-vehicle':
    case 'unknown-stop':
    case 'unknown-site':
    case 'unknown-break':
      return { reason: `the plan names what it must not (${violation.kind})`, fix: 'another plan' };
  }
}

function lateWords(
  { stopId, siteId, breakId }: Violation,
  by: string,
  subject?: string,
): ViolationWords {
  if (siteId !== undefined) {
    return {
      reason: `${by} too late for disposal site ${siteId}`,
      fix: `site ${siteId} open ${by} longer`,
    };
  }
  if (breakId !== undefined) {
    return { reason: `${by} too late for break ${breakId}`, fix: `break ${breakId} ${by} later` };
  }
  const whose = stopId === subject ? 'its window' : `the window of stop ${stopId}`;
  return { reason: `${by} too late for ${whose}`, fix: `${whose} open ${by} longer` };
}

/** By how much, in whole units and words. */
export function amountWords({ excess = 0, unit }: Violation, units: Units): string {
  switch (unit) {
    case 'seconds':
      return durationWords(excess / units.perSecond);
    case 'metres':
      return `${round(excess / units.perMetre / 1000)} km`;
    case 'visits':
      return excess === 1 ? '1 visit' : `${excess} visits`;
    case 'litres':
    case 'kg':
      return `${round(excess)} ${unit}`;
    default:
      return String(round(excess));
  }
}

function durationWords(seconds: number): string {
  if (seconds < 120) return `${round(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
