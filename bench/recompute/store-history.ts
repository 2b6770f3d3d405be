import { qualityCode } from '../../domain/quality.ts';
import type { Store } from '../../store/database.ts';
import type { NewMounting } from '../../store/mount-device.ts';

const ROWS_PER_INSERT = 500;
const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2000, 0, 1);

/** Stores so many readings of a device, an hour apart, as ingest would have left them. */
export async function storeHistory(
  store: Store,
  { deviceId, binId }: NewMounting,
  count: number,
): Promise<void> {
  for (let start = 0; start < count; start += ROWS_PER_INSERT) {
    const indexes = Array.from(
      { length: Math.min(ROWS_PER_INSERT, count - start) },
      (_, i) => start + i,
    );
    const uplinks = indexes.map((index) => ({
      identity: `${deviceId}/${index}`,
      device_id: deviceId,
      kind: 'reading' as const,
      envelope: 'own-json',
      model: null,
      f_port: null,
      sensor_bytes: null,
      door: 'mqtt',
      journal_seq: index,
      received_at: FIRST_MS + index * HOUR_MS,
      principal: deviceId,
      message_id: null,
      backfill: 0 as const,
      dup: 0 as const,
      topic: `bins/${deviceId}/up`,
      payload: Buffer.from('{}'),
      content_hash: '',
    }));
    await store.db.transaction().execute(async (trx) => {
      const ids = await trx.insertInto('uplinks').values(uplinks).returning('id').execute();
      const readings = ids.map(({ id }, i) => ({
        uplink_id: id,
        part: 0,
        device_id: deviceId,
        bin_id: binId,
        mounting_id: null,
        observed_at: FIRST_MS + (start + i) * HOUR_MS,
        received_at: FIRST_MS + (start + i) * HOUR_MS,
        late: 0 as const,
        clock_reason: null,
        fill_percent: null,
        quality: qualityCode('unchecked'),
        quality_reason: null,
        distance_mm: 200 + ((start + i) % 1000),
        reported_fill_percent: null,
        temperature_c: null,
        battery_percent: null,
        battery_v: null,
        tilted: null,
        alarms: '[]',
        sensor_fault: null,
      }));
      await trx.insertInto('readings').values(readings).execute();
    });
  }
}
