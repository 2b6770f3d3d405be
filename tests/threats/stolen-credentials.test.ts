import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { createBroker } from '../../broker/broker.ts';
import { TestTown } from '../../broker/testing/test-town.ts';
import type { Broker } from '../../broker/broker.ts';
import {
  createToken,
  revokePrincipal,
  rotateToken,
  savePrincipal,
} from '../../store/principals.ts';
import type { Store } from '../../store/database.ts';
import { openDialect, stopDialects } from '../store/dialects.ts';

let town: TestTown | undefined;
afterEach(async () => {
  await town?.[Symbol.asyncDispose]();
  town = undefined;
});
afterAll(stopDialects);

test('a token is in none of the database’s files', async () => {
  town = await TestTown.open();
  const tokens = [await town.add('dev-1'), createToken()] as const;
  await rotateToken(town.store, 'dev-1', tokens[1], Date.now() + 60_000);
  const client = await town.connect('dev-1', tokens[1]);
  await client.publishAsync('bins/dev-1/up', 'canary', { qos: 1 });
  const files = readdirSync(town.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  // The search finds what is there.
  expect(files.some((bytes) => bytes.includes('canary'))).toBe(true);
  for (const token of tokens) expect(files.some((bytes) => bytes.includes(token))).toBe(false);
});

test('the old token works until the time that was given it, and not after', async () => {
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  town = await TestTown.open({ now });
  const old = await town.add('dev-1');
  const fresh = createToken();
  await rotateToken(town.store, 'dev-1', fresh, now() + 60_000);
  await town.connect('dev-1', old, { clientId: 'a' });
  await town.connect('dev-1', fresh, { clientId: 'b' });
  aheadMs = 60_001;
  await expect(town.connect('dev-1', old, { clientId: 'c' })).rejects.toThrow('Bad username');
  await town.connect('dev-1', fresh, { clientId: 'd' });
});

describe.each(['sqlite', 'postgres'] as const)('with two brokers on one %s', (dialect) => {
  test('a revoked device loses its connections to both, and gets into neither', async () => {
    await using opened = await openDialect(dialect);
    const here = await TestTown.open();
    town = here;
    const brokers: Broker[] = [];
    const ports: number[] = [];
    for (const door of ['north', 'south']) {
      const broker = createBroker({
        store: opened.open(),
        journalFolder: join(here.folder, 'shared'),
        ...{ door, host: '127.0.0.1', mqttPort: 0, wsPort: null, open: false, now: Date.now },
        log: pino({ level: 'silent' }),
      });
      brokers.push(broker);
      ports.push((await broker.start()).mqttPort);
    }
    try {
      const token = await addTo(opened.store);
      const urls = ports.map((port) => `mqtt://127.0.0.1:${port}`);
      const clients = await Promise.all(urls.map((url) => here.connect('dev-1', token, {}, url)));
      await revokePrincipal(opened.store, 'dev-1', Date.now());
      const areConnected = (): boolean[] => clients.map(({ connected }) => connected);
      await vi.waitFor(() => expect(areConnected()).toEqual([false, false]), 10_000);
      for (const url of urls) {
        await expect(here.connect('dev-1', token, {}, url)).rejects.toThrow('Bad username');
      }
    } finally {
      await Promise.all(brokers.map((broker) => broker.stop()));
    }
  });
});

async function addTo(store: Store): Promise<string> {
  const token = createToken();
  await savePrincipal(store, { id: 'dev-1', kind: 'device', prefixes: [], backfill: false }, token);
  return token;
}
