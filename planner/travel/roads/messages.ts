import type { Matrix } from '../../problem/matrix.ts';
import type { RoadProfile } from '../road-profiles.ts';
import type { RoadsFile } from '../roads-file.ts';
import type { Position, TravelLeg } from '../travel-source.ts';

/** To make a file of roads. */
export interface ImportOrder {
  readonly kind: 'import';
  /** An OpenStreetMap extract. */
  readonly file: string;
  readonly out: string;
  readonly profiles: readonly RoadProfile[];
  readonly drivesOnLeft: boolean;
  /** Ms since 1970. */
  readonly nowMs: number;
}

/** What a thread is started for. */
export type RoadsOrder = { readonly kind: 'answer'; readonly roads: RoadsFile } | ImportOrder;

export interface RoadsQuestion {
  readonly id: number;
  readonly kind: 'table' | 'route';
  readonly profile: string;
  readonly positions: readonly Position[];
}

export type RoadsAnswer =
  | { readonly id: number; readonly kind: 'table'; readonly matrix: Matrix }
  | { readonly id: number; readonly kind: 'route'; readonly legs: readonly TravelLeg[] }
  | { readonly id: number; readonly kind: 'failed'; readonly reason: string };

/** How far an import is, and how it ended. */
export type ImportNews =
  | { readonly kind: 'progress'; readonly step: string; readonly percent: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string };
