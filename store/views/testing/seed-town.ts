import { binId, deviceId } from '../../../domain/testing/test-ids.ts';
import { createHash } from 'node:crypto';
import { qualityCode } from '../../../domain/quality.ts';
import type { Quality } from '../../../domain/quality.ts';
import { advanceBinStates } from '../../bin-states.ts';
import type { IdentifiedReading } from '../../bin-states.ts';
import { saveBins } from '../../bins.ts';
import type { Bin } from '../../bins.ts';
import { appendChanges } from '../../changes.ts';
import type { Store } from '../../database.ts';
import { noteSightings } from '../../device-states.ts';
import { saveDevices } from '../../devices.ts';
import { mountDevice } from '../../mount-device.ts';
import type { NewReading, NewUplink } from '../../schema.ts';
import { addToTally } from '../../tally.ts';

export async function seedBin(store: Store, id: string, more: Partial<Bin> = {}): Promise<void> {
  const bin: Bin = {
    id: binId(id),
    name: `Bin ${id}`,
    description: null,
    stream: 'residual',
    area: 'Centrum',
    location: { lat: 59.33, lng: 18.07 },
    volumeLitres: 660,
    thresholdPercent: 80,
    ...more,
  };
  await saveBins(store, [bin]);
}

export interface SeedDevice {
  readonly id: string;
  readonly binId: string;
  readonly reportIntervalSeconds?: number | null;
  readonly fromMs?: number;
  /** When it is mounted, where `fromMs` is left out and it was elsewhere before. */
  readonly nowMs?: number;
}

/** A device with a geometry of 1000 mm (empty) to 100 mm (full), mounted in a bin. */
export async function seedDevice(store: Store, device: SeedDevice): Promise<void> {
  const reportIntervalSeconds = device.reportIntervalSeconds ?? null;
  await saveDevices(store, [
    { id: deviceId(device.id), model: 'test-sensor', reportIntervalSeconds },
  ]);
  const geometry = {
    shape: 'prism',
    emptyDistanceMm: 1000,
    fullDistanceMm: 100,
    blindZoneMm: 30,
  } as const;
  const result = await mountDevice(
    store,
    {
      deviceId: deviceId(device.id),
      binId: binId(device.binId),
      geometry,
      ...(device.fromMs === undefined ? {} : { fromMs: device.fromMs }),
    },
    device.nowMs ?? 0,
  );
  if (!result.ok) throw new Error(result.detail);
}

export interface SeedReading {
  readonly deviceId: string;
  readonly binId: string;
  readonly atMs: number;
  /** Arrival; as `atMs` when left out. */
  readonly receivedAtMs?: number;
  readonly fillPercent: number | null;
  readonly quality?: Quality;
  readonly payload?: Uint8Array;
  readonly more?: Partial<NewReading>;
  readonly uplink?: Partial<NewUplink>;
}

/** Stores readings as ingest does, in one transaction, and returns their numbers. */
export async function seedReadings(
  store: Store,
  readings: readonly SeedReading[],
): Promise<number[]> {
  return store.db.transaction().execute(async (trx) => {
    const stored: IdentifiedReading[] = [];
    for (const seed of readings) {
      const uplink = toUplink(seed);
      const { id } = await trx
        .insertInto('uplinks')
        .values(uplink)
        .returning('id')
        .executeTakeFirstOrThrow();
      const reading = await trx
        .insertInto('readings')
        .values(toReading(seed, id))
        .returningAll()
        .executeTakeFirstOrThrow();
      stored.push({ ...reading, identity: uplink.identity });
    }
    const changed = await advanceBinStates(trx, store, stored);
    await noteSightings(
      trx,
      store,
      stored.map((row) => ({
        deviceId: row.device_id,
        atMs: row.observed_at,
        batteryPercent: row.battery_percent,
        batteryV: row.battery_v,
      })),
    );
    await addToTally(trx, [{ outcome: 'stored', reason: '', count: stored.length }]);
    await appendChanges(
      trx,
      store.kind,
      changed.map((id) => ({ kind: 'bin', id })),
    );
    return stored.map(({ id }) => id);
  });
}

function toUplink(seed: SeedReading): NewUplink {
  const level = { observedAt: seed.atMs, fillPercent: seed.fillPercent };
  const payload = seed.payload ?? Buffer.from(JSON.stringify(level));
  return {
    identity: `${seed.deviceId}/${seed.atMs}`,
    device_id: seed.deviceId,
    kind: 'reading',
    envelope: 'own-json',
    model: null,
    f_port: null,
    sensor_bytes: null,
    door: 'broker',
    journal_seq: 1,
    received_at: seed.receivedAtMs ?? seed.atMs,
    principal: seed.deviceId,
    message_id: null,
    dup: 0,
    backfill: 0,
    topic: `bins/${seed.deviceId}/up`,
    payload,
    content_hash: createHash('sha256').update(seed.deviceId).update(payload).digest('hex'),
    ...seed.uplink,
  };
}

function toReading(seed: SeedReading, uplinkId: number): NewReading {
  return {
    uplink_id: uplinkId,
    part: 0,
    device_id: seed.deviceId,
    bin_id: seed.binId,
    mounting_id: null,
    observed_at: seed.atMs,
    received_at: seed.receivedAtMs ?? seed.atMs,
    late: 0,
    clock_reason: null,
    fill_percent: seed.fillPercent,
    quality: qualityCode(seed.quality ?? 'accepted'),
    quality_reason: null,
    distance_mm: null,
    reported_fill_percent: seed.fillPercent,
    temperature_c: null,
    battery_percent: null,
    battery_v: null,
    tilted: null,
    alarms: '[]',
    sensor_fault: null,
    ...seed.more,
  };
}
