import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { townRegistrations } from '../../simulator/register.ts';
import { createTown } from '../../simulator/town.ts';
import { listBins, saveBins } from '../../store/bins.ts';
import { newestChange } from '../../store/changes.ts';
import { closeStore, openStore } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import { listDevices } from '../../store/devices.ts';
import { migrate } from '../../store/migrate.ts';
import { acceptsToken, findPrincipal, revokePrincipal } from '../../store/principals.ts';
import { registerTown } from './register-town.ts';

const NOW = Date.UTC(2026, 10, 24);
const TOWN = townRegistrations(createTown({ seed: 1, binCount: 6 }));

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tunna-town-'));
  store = openStore(path.join(folder, 'tunna.sqlite'));
  await migrate(store, NOW);
});

afterEach(async () => {
  await closeStore(store);
  rmSync(folder, { recursive: true });
});

const register = (): ReturnType<typeof registerTown> => registerTown(store, TOWN, folder, NOW);

test('a town is registered with its sensors in its bins, and with tokens that are accepted', async () => {
  const credentials = await register();
  expect(await listBins(store)).toHaveLength(6);
  const devices = await listDevices(store);
  expect(devices.map(({ binId }) => binId)).not.toContain(null);
  expect(devices.flatMap(({ model }) => model ?? [])).toContainEqual(
    expect.stringMatching(/^(milesight|dingtek|netvox)\//),
  );
  for (const { id } of TOWN.principals) {
    const principal = await findPrincipal(store, id);
    if (principal === undefined) throw new Error(`${id} is not registered`);
    expect(acceptsToken(principal, credentials.get(id) ?? '', NOW)).toBe(true);
  }
  expect(statSync(path.join(folder, 'credentials.json')).mode & 0o777).toBe(0o600);
});

test('registering it again changes nothing', async () => {
  const first = await register();
  const newest = await newestChange(store);
  expect(await register()).toEqual(first);
  expect(await newestChange(store)).toBe(newest);
});

test('what a person has changed stays', async () => {
  await register();
  const [bin] = await listBins(store);
  if (bin === undefined) throw new Error('There are no bins');
  await saveBins(store, [{ ...bin, name: 'By the school' }]);
  const [sensor] = TOWN.principals;
  await revokePrincipal(store, sensor?.id ?? '', NOW);
  await register();
  expect(await listBins(store)).toContainEqual({ ...bin, name: 'By the school' });
  expect((await findPrincipal(store, sensor?.id ?? ''))?.revokedAtMs).toBe(NOW);
});

test('lost tokens are made anew', async () => {
  const first = await register();
  rmSync(path.join(folder, 'credentials.json'));
  const second = await register();
  const id = TOWN.principals[0]?.id ?? '';
  const principal = await findPrincipal(store, id);
  if (principal === undefined) throw new Error(`${id} is not registered`);
  expect(acceptsToken(principal, second.get(id) ?? '', NOW)).toBe(true);
  expect(acceptsToken(principal, first.get(id) ?? '', NOW)).toBe(false);
});
