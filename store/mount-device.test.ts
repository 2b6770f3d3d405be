import { expect, test } from 'vitest';
import { mountDevices } from './mount-device.ts';
import { listMountings } from './mountings.ts';
import { openTestStore } from './testing/open-test-store.ts';
import { binId, deviceId } from '../domain/testing/test-ids.ts';
import { seedBin, seedDevice } from './views/testing/seed-town.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);

test('of many mountings in one go, one that cannot be made does not keep the others from it', async () => {
  await using opened = await openTestStore();
  const { store } = opened;
  for (const id of ['bin-1', 'bin-2', 'bin-3']) await seedBin(store, id);
  await seedDevice(store, { id: 'dev-1', binId: 'bin-1' });
  await seedDevice(store, { id: 'dev-2', binId: 'bin-1' });
  const mounting = (device: string, bin: string) => ({
    deviceId: deviceId(device),
    binId: binId(bin),
    geometry: null,
  });
  const results = await mountDevices(
    store,
    [mounting('dev-1', 'bin-2'), mounting('dev-2', 'bin-9'), mounting('dev-2', 'bin-3')],
    NOW_MS,
  );
  expect(results.map((result) => (result.ok ? 'mounted' : result.reason))).toEqual([
    'mounted',
    'no-such-bin',
    'mounted',
  ]);
  const now = (await listMountings(store.db, ['dev-1', 'dev-2'])).filter(
    ({ toMs }) => toMs === null,
  );
  expect(now.map(({ deviceId: device, binId: bin }) => [device, bin])).toEqual([
    ['dev-1', 'bin-2'],
    ['dev-2', 'bin-3'],
  ]);
});
