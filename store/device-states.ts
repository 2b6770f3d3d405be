import { isAnyOf } from './any-of.ts';
import type { Store, Trx } from './database.ts';
import { insertRows } from './insert-rows.ts';
import type { RowInsert } from './insert-rows.ts';
import type { DeviceStateRow } from './schema.ts';

/** A sign of life of a device, with its battery where the message told. */
export interface Sighting {
  readonly deviceId: string;
  /** The time the message is filed under. */
  readonly atMs: number;
  readonly batteryPercent: number | null;
  readonly batteryV: number | null;
}

/** Notes when devices were last heard and their newest battery value; the order of the sightings does not matter. */
export async function noteSightings(
  trx: Trx,
  store: Store,
  sightings: readonly Sighting[],
): Promise<void> {
  if (sightings.length === 0) return;
  const ids = [...new Set(sightings.map(({ deviceId }) => deviceId))];
  const standing = await trx
    .selectFrom('device_states')
    .selectAll()
    .where(isAnyOf(trx, 'device_id', ids))
    .execute();
  const states = new Map(standing.map((row) => [row.device_id, row]));
  const changed = new Map<string, DeviceStateRow>();
  for (const sighting of sightings) {
    const before = states.get(sighting.deviceId);
    const after = merge(before, sighting);
    if (before !== undefined && equal(before, after)) continue;
    states.set(sighting.deviceId, after);
    changed.set(sighting.deviceId, after);
  }
  await insertRows(trx, store, STATE_INSERT, [...changed.values()]);
}

const STATE_INSERT: RowInsert<DeviceStateRow> = {
  table: 'device_states',
  columns: {
    ...{ device_id: true, last_seen_at: true },
    ...{ battery_at: true, battery_percent: true, battery_v: true },
  },
  conflict: `on conflict (device_id) do update set last_seen_at = excluded.last_seen_at,
    battery_at = excluded.battery_at, battery_percent = excluded.battery_percent,
    battery_v = excluded.battery_v`,
};

function merge(before: DeviceStateRow | undefined, sighting: Sighting): DeviceStateRow {
  const { deviceId, atMs, batteryPercent, batteryV } = sighting;
  const last_seen_at = Math.max(before?.last_seen_at ?? 0, atMs);
  const fresh = {
    device_id: deviceId,
    last_seen_at,
    battery_at: atMs,
    battery_percent: batteryPercent,
    battery_v: batteryV,
  };
  const says = batteryPercent !== null || batteryV !== null;
  if (before === undefined) return says ? fresh : { ...fresh, battery_at: null };
  return says && isNewerBattery(fresh, before) ? fresh : { ...before, last_seen_at };
}

/** Two values of one instant: the lower one stands, percent before volts, so that arrival does not decide. */
function isNewerBattery(
  fresh: DeviceStateRow & { readonly battery_at: number },
  before: DeviceStateRow,
): boolean {
  if (before.battery_at === null || fresh.battery_at > before.battery_at) return true;
  if (fresh.battery_at < before.battery_at) return false;
  return compareBattery(fresh, before) < 0;
}

type Battery = Pick<DeviceStateRow, 'battery_percent' | 'battery_v'>;

function compareBattery(a: Battery, b: Battery): number {
  // More than any battery has: what is not known goes behind what is.
  const unknown = 1000;
  return (
    (a.battery_percent ?? unknown) - (b.battery_percent ?? unknown) ||
    (a.battery_v ?? unknown) - (b.battery_v ?? unknown)
  );
}

function equal(a: DeviceStateRow, b: DeviceStateRow): boolean {
  return (
    a.last_seen_at === b.last_seen_at &&
    a.battery_at === b.battery_at &&
    a.battery_percent === b.battery_percent &&
    a.battery_v === b.battery_v
  );
}
