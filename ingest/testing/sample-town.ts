import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import type { Geometry } from '../../domain/geometry.ts';
import { saveBins } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { mountDevice } from '../../store/mount-device.ts';
import type { RawArrival } from '../../store/quarantine.ts';

export const GEOMETRY: Geometry = {
  shape: 'prism',
  emptyDistanceMm: 1200,
  fullDistanceMm: 200,
  blindZoneMm: 30,
};

/** Registers a bin with one device in it, mounted as far back as readings go. */
export async function addMountedDevice(
  store: Store,
  device: {
    readonly bin: string;
    readonly id: string;
    readonly model: string | null;
    readonly geometry?: Geometry;
  },
  nowMs: number,
): Promise<void> {
  await addBin(store, device.bin);
  const id = deviceId(device.id);
  await saveDevices(store, [{ id, model: device.model, reportIntervalSeconds: 900 }]);
  const result = await mountDevice(
    store,
    { binId: binId(device.bin), deviceId: id, geometry: device.geometry ?? GEOMETRY },
    nowMs,
  );
  if (!result.ok) throw new Error(result.detail);
}

export async function addBin(store: Store, id: string): Promise<void> {
  await saveBins(store, [
    {
      id: binId(id),
      name: id,
      description: null,
      stream: 'residual',
      area: null,
      location: { lat: 59.19, lng: 17.62 },
      volumeLitres: 660,
      thresholdPercent: 80,
    },
  ]);
}

let journalSeq = 0;

/** A message as the MQTT door would have written it. */
export function arrival(
  message: { readonly topic: string; readonly payload: string | Uint8Array | object } & Partial<
    Omit<RawArrival, 'payload' | 'topic'>
  >,
): RawArrival {
  const { payload } = message;
  const bytes =
    typeof payload === 'string'
      ? Buffer.from(payload)
      : payload instanceof Uint8Array
        ? payload
        : Buffer.from(JSON.stringify(payload));
  journalSeq += 1;
  return {
    door: 'mqtt',
    journalSeq,
    receivedAtMs: 0,
    principal: null,
    backfill: false,
    qos: 1,
    messageId: journalSeq,
    dup: false,
    ...message,
    payload: bytes,
  };
}
