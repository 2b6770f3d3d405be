import type { Trx } from './database.ts';
import type { DeviceStateRow } from './schema.ts';

/** 5 columns: far below SQLite's 32,766 parameters in one statement. */
const STATES_PER_INSERT = 1_000;

/** A sign of life of a device, with its battery where the message told. */
export interface Sighting {
  readonly deviceId: string;
  /** The time the message is filed under. */
  readonly atMs: number;
  readonly batteryPercent: number | null;
  readonly batteryV: number | null;
}

/** Notes when devices were last heard and their newest battery value; the order of the sightings does not matter. */
export async function noteSightings(trx: Trx, sightings: readonly Sighting[]): Promise<void> {
  if (sightings.length === 0) return;
  const ids = [...new Set(sightings.map(({ deviceId }) => deviceId))];
  const standing = await trx
    .selectFrom('device_states')
    .selectAll()
    .where('device_id', 'in', ids)
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
  await putStates(trx, [...changed.values()]);
}

/** One statement for many devices: in a batch each may have been heard. */
async function putStates(trx: Trx, states: readonly DeviceStateRow[]): Promise<void> {
  for (let start = 0; start < states.length; start += STATES_PER_INSERT) {
    await trx
      .insertInto('device_states')
      .values(states.slice(start, start + STATES_PER_INSERT))
      .onConflict((conflict) =>
        conflict.column('device_id').doUpdateSet((eb) => ({
          last_seen_at: eb.ref('excluded.last_seen_at'),
          battery_at: eb.ref('excluded.battery_at'),
          battery_percent: eb.ref('excluded.battery_percent'),
          battery_v: eb.ref('excluded.battery_v'),
        })),
      )
      .execute();
  }
}

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
