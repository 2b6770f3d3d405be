import { FallBack } from './fall-back.ts';
import { Osrm } from './http/osrm.ts';
import { Valhalla } from './http/valhalla.ts';
import { RoadSource } from './road-source.ts';
import { StraightLine } from './straight-line.ts';
import type { TravelError, TravelSource } from './travel-source.ts';

/** Where travel times are to come from. */
export type TravelChoice =
  /** A file that `tunna roads import` made. */
  | { readonly kind: 'roads'; readonly file: string }
  | { readonly kind: 'osrm' | 'valhalla'; readonly url: string }
  | { readonly kind: 'straight-line' };

/** @throws {TravelError} when a file cannot be read or an address makes no sense; servers are not asked yet. */
export function openTravel(choice: TravelChoice): TravelSource {
  switch (choice.kind) {
    case 'roads':
      return new RoadSource(choice.file);
    case 'osrm':
      return new Osrm(choice.url);
    case 'valhalla':
      return new Valhalla(choice.url);
    case 'straight-line':
      return new StraightLine();
  }
}

/** The same, with straight lines whenever it cannot answer. */
export function openTravelOrLines(
  choice: TravelChoice,
  onFallBack: (error: TravelError) => void,
): TravelSource {
  return new FallBack(openTravel(choice), new StraightLine(), onFallBack);
}
