import type { DeviceId } from '../domain/ids.ts';
import { appendAudit, entryAboutMany } from './audit.ts';
import { appendChanges } from './changes.ts';
import type { Store } from './database.ts';
import { lockForWriting } from './write-lock.ts';

/** A sensor we know of. Its credentials, if it connects by itself, are a principal of the same id. */
export interface Device {
  readonly id: DeviceId;
  /** Codec that reads its bytes, such as `milesight/em400-mud`; null when its messages carry values. */
  readonly model: string | null;
  /** How often it reports, when known: decides from when a level is stale. */
  readonly reportIntervalSeconds: number | null;
}

/** A device with what was last heard of it and where it is now. */
export interface DeviceOverview extends Device {
  readonly binId: string | null;
  readonly lastSeenAtMs: number | null;
  readonly batteryPercent: number | null;
}

/** Adds devices, or replaces the records of those already there; all or none. */
export async function saveDevices(store: Store, devices: readonly Device[]): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    for (const { id, model, reportIntervalSeconds } of devices) {
      const row = { model, report_interval_seconds: reportIntervalSeconds };
      await trx
        .insertInto('devices')
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    }
    await appendChanges(
      trx,
      store.kind,
      devices.map(({ id }) => ({ kind: 'device', id })),
    );
    const ids = devices.map(({ id }) => id);
    const [first] = devices;
    const detail = ids.length === 1 ? { model: first?.model } : {};
    await appendAudit(trx, store, entryAboutMany('device-saved', ids, detail));
  });
}

export async function findDevice(store: Store, id: string): Promise<Device | undefined> {
  const row = await store.db
    .selectFrom('devices')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  // Safe: saveDevices is the only writer of the table.
  return {
    id: row.id as DeviceId,
    model: row.model,
    reportIntervalSeconds: row.report_interval_seconds,
  };
}

export async function listDevices(store: Store): Promise<DeviceOverview[]> {
  const rows = await store.db
    .selectFrom('devices')
    .leftJoin('device_states', 'device_states.device_id', 'devices.id')
    .leftJoin('mountings', (join) =>
      join.onRef('mountings.device_id', '=', 'devices.id').on('mountings.to_at', 'is', null),
    )
    .select(['devices.id', 'devices.model', 'devices.report_interval_seconds'])
    .select(['mountings.bin_id', 'device_states.last_seen_at', 'device_states.battery_percent'])
    .orderBy('devices.id')
    .execute();
  return rows.map((row) => ({
    // Safe: saveDevices is the only writer of the table.
    id: row.id as DeviceId,
    model: row.model,
    reportIntervalSeconds: row.report_interval_seconds,
    binId: row.bin_id,
    lastSeenAtMs: row.last_seen_at,
    batteryPercent: row.battery_percent,
  }));
}
