import { type Delivery, decideDelivery } from './delivery.ts';
import { encodeUplink } from './encode/encode-uplink.ts';
import { type Uplink, frameKey } from './encode/uplink.ts';
import { measure } from './sensor-model.ts';
import type { TownBin } from './town.ts';

/** A measurement to be made. */
export interface UplinkRequest {
  /** 0 for the history, else the number of the simulator's start. */
  readonly session: number;
  readonly counter: number;
  readonly townMs: number;
  readonly observedAtMs: number;
}

/** The copies of one message in the order of sending, and what becomes of them. Lost ones have no copies. */
export interface SensorUplink {
  readonly copies: readonly Uplink[];
  readonly delivery: Delivery;
}

/** Measures a bin, writes the reading down and decides its way. */
export function createUplink(bin: TownBin, request: UplinkRequest): SensorUplink {
  const key = frameKey(request.session, request.counter);
  const delivery = decideDelivery(bin.sensor, key);
  if (delivery.lost) return { copies: [], delivery };
  const { townMs, observedAtMs, session, counter } = request;
  const reading = measure(bin, { townMs, observedAtMs, key });
  const copies = (delivery.duplicated ? [0, 1] : [0]).map((copy) =>
    encodeUplink(bin.sensor, reading, { session, counter, copy, heardAtMs: observedAtMs }),
  );
  return { copies, delivery };
}
