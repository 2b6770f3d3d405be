import type { Problem } from '../problem/problem.ts';

/** Later than any time, and safe to add to. */
export const NEVER = 1 << 29;

/** A kind of vehicle: vehicles that differ by their names only share one. */
export interface VehicleType {
  /** Cost of each way, in units of `Instance.costScale`, by from * size + to. */
  readonly cost: Int32Array;
  /** The same the other way round, by to * size + from; the same array where both directions cost the same. */
  readonly costFrom: Int32Array;
  readonly seconds: Int32Array;
  readonly metres: Int32Array;
  readonly fixedCost: number;
  readonly shiftFrom: number;
  readonly shiftUntil: number;
  /** Limit by dimension: compartments one after the other, litres and then, where weight matters, kilograms. */
  readonly capacity: Int32Array;
  /** Compartment of each stop; -1: it cannot serve it. */
  readonly compartment: Int8Array;
  /** Indices of the sites it may unload at. */
  readonly sites: readonly number[];
  /** Dimensions that each site empties, as a bit mask, by site. */
  readonly siteMask: Int32Array;
  readonly mustEndEmpty: boolean;
  readonly maxStops: number;
  readonly maxSeconds: number;
  readonly maxMetres: number;
  readonly maxDrivingBetweenBreaks: number;
  readonly maxDayAmount: number;
  readonly maxSites: number;
}

/** A problem as the solver works on it: whole numbers in flat arrays, stops as 0..stopCount-1. */
export interface Instance {
  readonly problem: Problem;
  readonly stopCount: number;
  readonly vehicleCount: number;
  /** Locations; where some vehicle begins or ends anywhere, one more that is nowhere: no time or distance from anything. */
  readonly size: number;
  /** That one more location; -1: none is needed. */
  readonly nowhere: number;
  readonly types: readonly VehicleType[];
  readonly typeOf: Int32Array;
  /** Costs are whole numbers: so many to one unit of the problem's costs. */
  readonly costScale: number;
  readonly stopLocation: Int32Array;
  readonly siteLocation: Int32Array;
  /** Service time of stops, then sites, then breaks in the order of their vehicles. */
  readonly service: Int32Array;
  /** Litres and kilograms of each stop, as whole numbers: 2 * stop, 2 * stop + 1. */
  readonly amount: Int32Array;
  readonly dimensions: number;
  readonly weighs: boolean;
  /** What leaving a stop out costs; `MUST` when it must be served. */
  readonly prize: Float64Array;
  readonly must: Uint8Array;
  readonly mustCount: number;
  readonly release: Int32Array;
  /** The only vehicle that may serve a stop; -1: any. */
  readonly onlyVehicle: Int32Array;
  /** Windows of stops, then sites, then breaks: from `windowStart[i]` to `windowStart[i + 1]` in `windows`, in pairs. */
  readonly windowStart: Int32Array;
  readonly windows: Int32Array;
  readonly features: Features;
  /** Whether some vehicle may not serve some stop, or not any number of them. */
  readonly choosy: boolean;
}

/** What the instance needs; what it does not need costs no time. */
export interface Features {
  readonly timed: boolean;
  readonly sites: boolean;
  readonly breaks: boolean;
  readonly releases: boolean;
  /** Anything beyond one load per route. */
  readonly rich: boolean;
}

/** Cost of leaving out a stop that must be served: more than any plan, and sums of it are still exact. */
export const MUST = 1e11;
