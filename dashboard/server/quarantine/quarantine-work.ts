import type { Geometry } from '../../../domain/geometry.ts';
import type { BinId, DeviceId } from '../../../domain/ids.ts';
import type { GuessMaker } from '../../../store/views/quarantine-groups.ts';

/** What only ingest can do with the quarantine, given as plain functions: the dashboard does not know ingest. */
export interface QuarantineWork {
  /** Every reason and what it means. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Puts messages through ingest again, in the name of somebody; those that are not there or not open are passed over. */
  replay(ids: readonly number[], actor: string): Promise<Replayed>;
  /** Takes in a device that nobody has registered, likewise, and replays so many of its messages at the most. */
  adopt(adoption: Adoption, most: number, actor: string): Promise<AdoptionOutcome>;
  readonly guessMaker: GuessMaker;
}

export interface Replayed {
  readonly resolved: number;
  readonly refused: number;
}

export interface Adoption {
  readonly deviceId: DeviceId;
  readonly binId: BinId;
  readonly model: string | null;
  readonly geometry: Geometry | null;
  readonly reportIntervalSeconds: number | null;
}

export type AdoptionOutcome =
  | ({
      readonly ok: true;
      /** The last message that was replayed, where more are left; else null. */
      readonly next: number | null;
    } & Replayed)
  | { readonly ok: false; readonly reason: string; readonly detail: string };
