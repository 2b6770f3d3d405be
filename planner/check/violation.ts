/** A limit that a plan breaks, and where. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly vehicleId?: string;
  readonly stopId?: string;
  readonly siteId?: string;
  readonly breakId?: string;
  /** By how much, in the problem's units. */
  readonly excess?: number;
  /** What `excess` counts; seconds and metres are those of the problem's `units`. */
  readonly unit?: ExcessUnit;
}

export type ExcessUnit = 'seconds' | 'metres' | 'litres' | 'kg' | 'visits';

export const VIOLATION_KINDS = [
  /** A route of a vehicle that is not there, or a second route of one. */
  ...(['unknown-vehicle', 'vehicle-twice'] as const),
  ...(['unknown-stop', 'unknown-site', 'unknown-break'] as const),
  ...(['served-twice', 'not-served'] as const),
  /** The matrix has no way between two places one after the other. */
  'no-way',
  /** Service would begin after the last window has closed. */
  'late',
  'too-long-shift',
  'overloaded',
  /** No compartment takes the stop's stream. */
  'wrong-stream',
  'missing-skill',
  /** A stop or a disposal site that this vehicle may not come to. */
  'wrong-vehicle',
  'first-stops',
  'not-emptied',
  ...(['too-many-stops', 'too-many-disposals', 'too-much-driving', 'too-far'] as const),
  'too-much-in-a-day',
  /** A break is not taken, or taken twice. */
  'no-break',
  'too-long-without-break',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];
