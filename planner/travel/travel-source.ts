import type { Matrix } from '../problem/matrix.ts';

export interface Position {
  readonly lat: number;
  readonly lng: number;
}

export type TravelKind = 'roads' | 'osrm' | 'valhalla' | 'straight-line';

/** Where travel times come from, for whoever looks at a plan. */
export interface TravelDescription {
  readonly kind: TravelKind;
  /** In a few words: the file, the server or the factor. */
  readonly text: string;
  /** What must stand beside a map or list made from it; `null`: nothing. */
  readonly attribution: string | null;
}

/** Travel between all positions. An entry is `NO_WAY` where there is none. */
export interface TravelTable extends Matrix {
  /** Who answered: not always the source that was asked first. */
  readonly by: TravelDescription;
}

/** A piece of the way on one street. */
export interface StreetPart {
  /** Empty when the street has no name. */
  readonly street: string;
  readonly metres: number;
}

/** The way from one position to the next. */
export interface TravelLeg {
  readonly metres: number;
  readonly seconds: number;
  /** The line to draw, from and to the streets beside the positions. */
  readonly line: readonly Position[];
  readonly streets: readonly StreetPart[];
}

export interface TravelRoute {
  readonly metres: number;
  readonly seconds: number;
  readonly legs: readonly TravelLeg[];
  readonly by: TravelDescription;
}

/** Somebody who knows how long it takes from one place to another. */
export interface TravelSource {
  readonly description: TravelDescription;
  /** @throws {TravelError} when it cannot answer. */
  table(profile: string, positions: readonly Position[]): Promise<TravelTable>;
  /** The way over all positions in order. @throws {TravelError} when it cannot answer, or when there is no way. */
  route(profile: string, positions: readonly Position[]): Promise<TravelRoute>;
  /** Lets go of threads and connections. */
  close(): Promise<void>;
}

/** A travel source cannot answer. The message is one line, for an operator. */
export class TravelError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TravelError';
  }
}

/** A route out of its legs. */
export function joinLegs(legs: readonly TravelLeg[], by: TravelDescription): TravelRoute {
  const sum = (part: (leg: TravelLeg) => number): number =>
    legs.reduce((total, leg) => total + part(leg), 0);
  return { metres: sum((leg) => leg.metres), seconds: sum((leg) => leg.seconds), legs, by };
}
