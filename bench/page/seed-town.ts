import { registerTown } from '../../cli/demo/register-town.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { townRegistrations } from '../../simulator/register.ts';
import type { TownRegistrations } from '../../simulator/register.ts';
import { createTown } from '../../simulator/town.ts';
import type { TownBin } from '../../simulator/town.ts';
import { createUplink } from '../../simulator/uplinks.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import type { RawArrival } from '../../store/quarantine.ts';

const ROWS_PER_INSERT = 1_000;
const ARRIVALS_PER_COMMIT = 2_000;

/** Makes a database with a simulated town of so many bins, each with a level of the last quarter of an hour. */
export async function seedTown(file: string, folder: string, binCount: number): Promise<void> {
  const nowMs = Date.now();
  const town = createTown({ seed: 1, binCount });
  const registrations = townRegistrations(town);
  const store = openStore(file);
  try {
    await migrate(store, nowMs);
    // Nobody connects: the principals are left out. So are the mountings, which follow in large steps.
    const unmounted = { ...registrations, mountings: [], principals: [] };
    await registerTown(store, unmounted, folder, nowMs);
    await insertMountings(store, registrations.mountings);
    for (const part of chunks(town.bins, ARRIVALS_PER_COMMIT)) {
      const arrivals = part.flatMap((bin) => arrive(bin, nowMs));
      const { quarantined } = await store.db
        .transaction()
        .execute((trx) => storeArrivals(trx, store, arrivals));
      const [first] = quarantined;
      if (first !== undefined) throw new Error(`A level was set aside: ${first.detail}`);
    }
  } finally {
    await closeStore(store);
  }
}

/** Written directly, because mounting a device looks into its past, and these have none. */
async function insertMountings(
  store: Store,
  mountings: TownRegistrations['mountings'],
): Promise<void> {
  for (const part of chunks(mountings, ROWS_PER_INSERT)) {
    const rows = part.map(({ deviceId: device, binId: bin, geometry }) => ({
      device_id: deviceId(device),
      bin_id: binId(bin),
      from_at: 0,
      to_at: null,
      shape: geometry.shape,
      empty_distance_mm: geometry.emptyDistanceMm,
      full_distance_mm: geometry.fullDistanceMm,
      blind_zone_mm: geometry.blindZoneMm,
    }));
    await store.db.insertInto('mountings').values(rows).execute();
  }
}

const SPREAD_MS = 15 * 60_000;

/** A message of this bin's sensor, as the MQTT door writes it down: the first that is not lost on the air. */
function arrive(bin: TownBin, nowMs: number): RawArrival[] {
  const observedAtMs = nowMs - (bin.sensor.seed % SPREAD_MS);
  for (let counter = 0; ; counter += 1) {
    const { copies } = createUplink(bin, { session: 1, counter, townMs: nowMs, observedAtMs });
    if (copies.length === 0) continue;
    return copies.map(({ topic, payload }) => ({
      ...{ door: 'mqtt', journalSeq: counter, principal: null, backfill: true, qos: 1 },
      ...{ messageId: null, dup: false, receivedAtMs: observedAtMs },
      topic,
      payload: Buffer.from(payload),
    }));
  }
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
