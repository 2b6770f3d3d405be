import type { Violation } from '../check/violation.ts';
import type { Day } from './day-clock.ts';

/** Why a stop is on the list. */
export const REASONS = [
  'full',
  'will-be-full',
  'too-old',
  'alert',
  'asked-for',
  'on-the-way',
] as const;

export type Reason = (typeof REASONS)[number];

export interface Position {
  readonly lat: number;
  readonly lng: number;
}

/** A level never goes without the time it was seen at. */
export interface Level {
  readonly fillPercent: number;
  readonly observedAtMs: number;
}

export interface Load {
  readonly litres: number;
  readonly kg: number;
}

/**
 * A day's plan as people see it: what every export is made from. Times are whole seconds since the midnight that begins the
 * day (see `day-clock.ts`), distances metres, volumes litres, weights kilograms.
 */
export interface RunSheet {
  readonly title: string;
  readonly day: Day;
  /** Ages of levels count back from here; ms since 1970. */
  readonly madeAtMs: number;
  readonly routes: readonly SheetRoute[];
  /** Stops that no route serves. */
  readonly leftOut: readonly LeftOut[];
  /** Limits that the plan breaks; none when it is feasible. */
  readonly violations: readonly Violation[];
  readonly totals: Totals;
}

export interface SheetRoute {
  readonly vehicleId: string;
  readonly vehicleName: string;
  /** From start to end, in order. */
  readonly entries: readonly Entry[];
  /** The way on the roads, where somebody has drawn it. */
  readonly line: readonly Position[] | null;
  readonly totals: Totals;
}

/** One line of the list: a place, when the vehicle is there, and what it has aboard afterwards. */
export interface Entry {
  readonly kind: 'start' | 'stop' | 'disposal' | 'break' | 'end';
  /** Of the stop, disposal site or break; empty at both ends. */
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  readonly position: Position | null;
  /** Index in the problem's locations; `null` where a break is taken. */
  readonly location: number | null;
  readonly arrival: number;
  /** When service begins; later than the arrival where a window is waited for. */
  readonly begins: number;
  readonly departure: number;
  readonly loadAfter: Load;
  /** Driven so far. */
  readonly metres: number;
  readonly drivingSeconds: number;
  /** What only a stop has. */
  readonly stop: StopDetails | null;
}

export interface StopDetails {
  /** Counts the stops of the route from 1. */
  readonly number: number;
  readonly stream: string;
  readonly amounts: Load;
  readonly level: Level | null;
  /** `null` when nobody said. */
  readonly reason: Reason | null;
  /** How to get there: a key, a gate, a dog. */
  readonly accessNote: string | null;
}

export interface LeftOut {
  readonly id: string;
  readonly name: string;
  readonly position: Position | null;
  readonly location: number;
  /** It had to be served, and is not. */
  readonly must: boolean;
}

export interface Totals {
  readonly stops: number;
  readonly metres: number;
  readonly drivingSeconds: number;
  /** From leaving to being back, waiting and breaks included. */
  readonly workingSeconds: number;
  readonly collected: Load;
  /** Vehicle, kilometres and hours, in the problem's own unit. */
  readonly cost: number;
  /** `null` when nobody said what a kilometre emits. */
  readonly co2Kg: number | null;
}
