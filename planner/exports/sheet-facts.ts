import type { Day } from './day-clock.ts';
import type { Level, Position, Reason } from './run-sheet.ts';

/** What a problem does not know: names, levels and reasons. Whatever is left out is shown as unknown. */
export interface SheetFacts {
  readonly title: string;
  readonly day: Day;
  /** When the sheet is made; ms since 1970. */
  readonly madeAtMs: number;
  readonly co2GramsPerKm?: number;
  readonly vehicleName?: (vehicleId: string) => string | undefined;
  readonly siteName?: (siteId: string) => string | undefined;
  readonly stop?: (stopId: string) => StopFacts | undefined;
  /** The way of a vehicle on the roads. */
  readonly line?: (vehicleId: string) => readonly Position[] | undefined;
}

/** A name and a position given here are preferred to those of the problem's location. */
export interface StopFacts {
  readonly name?: string;
  readonly address?: string;
  readonly position?: Position;
  readonly level?: Level;
  readonly reason?: Reason;
  readonly accessNote?: string;
}
