import type { Matrix } from './matrix.ts';

/**
 * What is to be planned, with everything that limits it.
 *
 * Conventions: times and durations are whole seconds, distances whole metres, volumes litres, weights kilograms. A time of the
 * day counts from the midnight that begins it. Windows are inclusive. A benchmark may use finer units, see `Units`.
 * Places are indices into `locations`.
 */
export interface Problem {
  readonly name: string;
  readonly units: Units;
  readonly locations: readonly Location[];
  /** Travel times and distances between all locations, by vehicle profile. */
  readonly matrices: ReadonlyMap<string, Matrix>;
  readonly vehicles: readonly Vehicle[];
  readonly stops: readonly Stop[];
  readonly disposalSites: readonly DisposalSite[];
  /** What its file says otherwise than it is kept here, in sentences. */
  readonly notes?: readonly string[];
  /** Seconds that were taken from every time of its file, which counts from another midnight. */
  readonly timeOrigin?: number;
}

/** How many units of the problem make one second or metre; 1 unless the numbers of a benchmark have fractions. */
export interface Units {
  readonly perSecond: number;
  readonly perMetre: number;
}

export const WHOLE_UNITS: Units = { perSecond: 1, perMetre: 1 };

export interface Location {
  readonly name?: string;
  readonly position?: { readonly lat: number; readonly lng: number };
}

/** From and until, both inclusive. */
export type Window = readonly [from: number, until: number];

export interface Amounts {
  readonly litres: number;
  readonly kg: number;
}

export interface Stop {
  readonly id: string;
  readonly location: number;
  /** What waits here; a compartment must take it. */
  readonly stream: string;
  readonly amounts: Amounts;
  readonly serviceSeconds: number;
  /** In order and apart from each other; empty: at any time. */
  readonly windows: readonly Window[];
  /** What a vehicle needs to serve it, such as a crane. */
  readonly skills: readonly string[];
  /** What leaving it out costs; `null`: it must be served. */
  readonly prize: number | null;
  /** Only this vehicle may serve it. */
  readonly vehicleId?: string;
  /** The trip that serves it may not begin earlier. */
  readonly releaseSeconds?: number;
}

export interface Compartment {
  /** Streams it takes; `null`: any. */
  readonly streams: readonly string[] | null;
  /** Volume of uncompacted waste it takes: its own volume times its compaction. */
  readonly litres: number;
  readonly kg: number;
}

export interface Costs {
  /** For a vehicle that leaves the depot. */
  readonly fixed: number;
  /** Per 3600 seconds of driving. */
  readonly perDrivingHour: number;
  /** Per 1000 metres. */
  readonly perKm: number;
}

export interface Break {
  readonly id: string;
  /** When it may begin. */
  readonly window: Window;
  readonly seconds: number;
}

export interface Vehicle {
  readonly id: string;
  readonly profile: string;
  /** `null`: it begins at its first visit. */
  readonly start: number | null;
  /** `null`: it ends at its last visit. */
  readonly end: number | null;
  readonly shift: Window;
  readonly compartments: readonly Compartment[];
  readonly skills: readonly string[];
  readonly costs: Costs;
  readonly breaks: readonly Break[];
  /** It must unload before it ends, if it has anything aboard. */
  readonly mustEndEmpty: boolean;
  readonly maxStops?: number;
  readonly maxDrivingSeconds?: number;
  readonly maxMetres?: number;
  /** Driving since the last break (EU 561/2006: 4.5 h). */
  readonly maxDrivingBetweenBreaksSeconds?: number;
  /** Litres of the whole day, over all trips. */
  readonly maxDayLitres?: number;
  readonly maxDisposalVisits?: number;
  /** Stops it serves first, in this order. */
  readonly firstStops?: readonly string[];
  /** Travel times are divided by it; 1: as in the matrix. */
  readonly speedFactor?: number;
}

export interface DisposalSite {
  readonly id: string;
  readonly location: number;
  /** Streams it takes; `null`: any. */
  readonly streams: readonly string[] | null;
  readonly serviceSeconds: number;
  readonly windows: readonly Window[];
  /** Vehicles that may unload here; `null`: any. */
  readonly vehicleIds?: readonly string[];
}
