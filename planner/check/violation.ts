/** A limit that a plan breaks, and where. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly vehicleId?: string;
  readonly stopId?: string;
  /** By how much, in the unit of the limit. */
  readonly excess?: number;
}

export type ViolationKind =
  | 'unknown-vehicle'
  | 'vehicle-twice'
  | 'unknown-stop'
  | 'unknown-site'
  | 'unknown-break'
  | 'served-twice'
  | 'not-served'
  | 'no-way'
  | 'late'
  | 'too-long-shift'
  | 'overloaded'
  | 'wrong-stream'
  | 'missing-skill'
  | 'wrong-vehicle'
  | 'first-stops'
  | 'not-emptied'
  | 'too-many-stops'
  | 'too-many-disposals'
  | 'too-much-driving'
  | 'too-far'
  | 'too-much-in-a-day'
  | 'no-break'
  | 'too-long-without-break';
