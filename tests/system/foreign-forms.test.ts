import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BinList } from '../../dashboard/api/bins.ts';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { privateFolder } from '../servers/server-process.ts';
import { startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { addPrincipal } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';

/** What an operator of such sensors writes. */
const SOURCES = [
  { name: 'workshop', envelope: 'tasmota', timeZone: 'Europe/Stockholm', topics: ['tele/#'] },
  {
    name: 'fiware',
    envelope: 'fiware-ultralight',
    decoded: { fill: { path: 'f', scale: 'remaining-ratio' }, temperatureC: { path: 't' } },
    topics: ['/ul/#'],
  },
  { name: 'meters', envelope: 'senml', percentScale: 'ratio', topics: ['meters/+/senml'] },
];

/** Topic, payload and the level that the map shows for it. */
const MESSAGES = [
  {
    id: 'own-senml',
    topic: 'bins/own-senml/up',
    payload: '[{"n":"distance","u":"m","v":0.45}]',
    fill: 75,
  },
  { id: 'sonar', topic: 'tele/sonar/SENSOR', payload: '{"SR04":{"Distance":70}}', fill: 50 },
  { id: 'orion', topic: '/ul/key/orion/attrs', payload: 't|4|f|0.38', fill: 62 },
  { id: 'meter', topic: 'meters/meter/senml', payload: '[{"n":"fill","v":0.9}]', fill: 90 },
];

let tunna: RunningTunna;
let folder: string;
let gateway: Credentials;

beforeAll(async () => {
  folder = await privateFolder('sources');
  const file = path.join(folder, 'sources.json');
  writeFileSync(file, JSON.stringify(SOURCES));
  tunna = await startTunna({ TUNNA_SOURCES: file });
  await using opened = tunna.openStore();
  for (const { id } of MESSAGES) {
    await addMountedDevice(opened.store, { bin: `bin-${id}`, id, model: null }, Date.now());
  }
  const prefixes = ['bins/#', 'tele/#', '/ul/#', 'meters/#', 'odd/#'];
  gateway = await addPrincipal(opened.store, { id: 'gw', kind: 'gateway', prefixes });
});

afterAll(async () => {
  await tunna?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function publish(topic: string, payload: string): Promise<void> {
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port: tunna.mqttPort, ...gateway });
  await client.publishAsync(topic, payload, { qos: 1 });
  await client.endAsync();
}

describe('sensors that speak other forms', () => {
  test.each(MESSAGES)('$topic puts its level on the map', async ({ id, topic, payload, fill }) => {
    await publish(topic, payload);
    await vi.waitFor(async () => {
      const { bins } = BinList.parse(await tunna.getJson('/bins'));
      expect(bins.find((bin) => bin.id === `bin-${id}`)).toMatchObject({ fillPercent: fill });
    }, 10_000);
  });

  test('without a scale are set aside by name, and never guessed', async () => {
    // The same words, but not of the source that has a scale.
    await publish('odd/meter/senml', '[{"bn":"meter/","n":"fill","v":0.3}]');
    await vi.waitFor(async () => {
      await using opened = tunna.openStore();
      const rows = await opened.store.db
        .selectFrom('quarantine')
        .select(['reason', 'device_id'])
        .where('topic', '=', 'odd/meter/senml')
        .execute();
      expect(rows).toEqual([{ reason: 'no-scale', device_id: 'meter' }]);
    }, 10_000);
  });
});
