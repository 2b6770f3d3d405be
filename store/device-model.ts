import type { Store } from './database.ts';

/** The model that a device is registered with, or else the one that its newest message was read as; null: neither is known. */
export async function findDeviceModel({ db }: Store, deviceId: string): Promise<string | null> {
  const device = await db
    .selectFrom('devices')
    .select('model')
    .where('id', '=', deviceId)
    .executeTakeFirst();
  if (device !== undefined && device.model !== null) return device.model;
  const uplink = await db
    .selectFrom('uplinks')
    .select('model')
    .where('device_id', '=', deviceId)
    .where('model', 'is not', null)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return uplink?.model ?? null;
}
