import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { deviceId } from '../../domain/testing/test-ids.ts';
import { addBin, addMountedDevice, arrival } from '../../ingest/testing/sample-town.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { takeLease } from '../../store/leases.ts';
import { createToken, savePrincipal } from '../../store/principals.ts';

/*
 * One of several processes that write into one database as fast as they can, each in all the ways there are.
 * Arguments: the database, the name of this writer, how often.
 */
const [location = '', name = '', times = '0'] = process.argv.slice(2);
const store = openStore(location);
const nowMs = Date.UTC(2026, 10, 24, 12);
await addMountedDevice(store, { bin: `bin-${name}`, id: `dev-${name}`, model: null }, nowMs);
for (let round = 0; round < Number(times); round += 1) {
  const messages = Array.from({ length: 20 }, (_, index) =>
    arrival({
      topic: `bins/dev-${name}/up`,
      payload: { observedAt: nowMs + 20 * round + index, fillPercent: index },
      receivedAtMs: nowMs,
    }),
  );
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, messages));
  await addBin(store, `bin-${name}-${round}`);
  await takeLease(store, { name: 'shared', holder: name, forMs: 1 }, nowMs + round);
  const id = deviceId(`dev-${name}`);
  await savePrincipal(store, { id, kind: 'device', prefixes: [], backfill: false }, createToken());
}
await closeStore(store);
