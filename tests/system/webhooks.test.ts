import { writeFileSync } from 'node:fs';
import path from 'node:path';
import mqtt from 'mqtt';
import { describe, expect, test, vi } from 'vitest';
import { BinList, Trace } from '../../dashboard/api/bins.ts';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { countOf, drain } from './conservation.ts';
import {
  CHIRPSTACK_EUI,
  CHIRPSTACK_TOPIC,
  chirpStackDocument,
  MODEL,
  PAYLOAD_HEX,
  TTS_EUI,
  TTS_TOPIC,
  ttsDocument,
} from './lorawan-documents.ts';
import { startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { privateFolder } from '../servers/server-process.ts';
import { addPrincipal } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';
import { callWebhook, WebhookSender } from './webhook-sender.ts';

const SENDERS = ['a', 'b', 'c', 'd', 'e', 'f'];
const KILLS = 3;
const TAKEN_BETWEEN_KILLS = 100;

/** An address as network servers write it. */
const sensorEui = (number: number): string => `70B3D57ED000000${number}`;

async function addGateway(tunna: RunningTunna): Promise<Credentials> {
  await using opened = tunna.openStore();
  const prefixes = ['uplinks/#', 'v3/#', 'application/#'];
  return await addPrincipal(opened.store, { id: 'lorawan', kind: 'gateway', prefixes });
}

async function addSensor(tunna: RunningTunna, bin: string, id: string): Promise<void> {
  await using opened = tunna.openStore();
  await addMountedDevice(opened.store, { bin, id, model: MODEL }, Date.now());
}

describe('a network server that calls', () => {
  test('puts the levels of its sensors on the map; the same frame over MQTT is a copy', async () => {
    await using tunna = await startTunna();
    const gateway = await addGateway(tunna);
    const client = await mqtt.connectAsync({
      host: '127.0.0.1',
      port: tunna.mqttPort,
      ...gateway,
    });
    const deliveries = [
      { path: 'ttn-v3', topic: TTS_TOPIC, document: ttsDocument(), id: TTS_EUI },
      {
        ...{ path: 'chirpstack-v4?event=up', topic: CHIRPSTACK_TOPIC, id: CHIRPSTACK_EUI },
        document: chirpStackDocument(),
      },
    ];
    for (const [index, { path, topic, document, id }] of deliveries.entries()) {
      await addSensor(tunna, `bin-${index}`, id);
      expect(await callWebhook(tunna, gateway, { path, document })).toBe(200);
      await client.publishAsync(topic, JSON.stringify(document), { qos: 1 });
      expect(await callWebhook(tunna, gateway, { path, document })).toBe(200);
    }
    await client.endAsync();
    await drain(tunna);
    const { tally } = await drain(tunna, 'webhooks');
    expect([countOf(tally, 'stored'), countOf(tally, 'duplicate'), countOf(tally)]).toEqual([
      2, 4, 6,
    ]);
    const { bins } = BinList.parse(await tunna.getJson('/bins'));
    for (const bin of bins) {
      expect(bin).toMatchObject({ fillPercent: 75, state: 'ok', temperatureC: 28 });
      const trace = Trace.parse(await tunna.getJson(`/readings/${bin.readingId}/trace`));
      expect(trace.decoding.payloadHex).toBe(PAYLOAD_HEX);
    }
    expect(bins).toHaveLength(2);
  });

  test('may be any of those that are known, or one that the town has described', async () => {
    const folder = await privateFolder('sources');
    const sourcesFile = path.join(folder, 'sources.json');
    const town = { name: 'town-senml', envelope: 'senml', percentScale: 'ratio' };
    writeFileSync(sourcesFile, JSON.stringify([town]));
    await using tunna = await startTunna({ TUNNA_SOURCES: sourcesFile });
    const gateway = await addGateway(tunna);
    const at = new Date().toISOString();
    const deliveries = [
      {
        path: 'loriot',
        document: {
          cmd: 'rx',
          EUI: sensorEui(1),
          ts: Date.now(),
          fcnt: 1,
          port: 85,
          data: PAYLOAD_HEX,
        },
      },
      {
        path: 'thingpark?LrnDevEui=70B3D57ED0000002&LrnFPort=85&Token=x',
        document: {
          DevEUI_uplink: {
            ...{ Time: at, DevEUI: sensorEui(2), DevAddr: '00FDA112' },
            ...{ FPort: 85, FCntUp: 1, payload_hex: PAYLOAD_HEX },
          },
        },
      },
      {
        path: 'chirpstack-v3?event=up',
        document: {
          ...{ applicationID: '1', devEUI: Buffer.from(sensorEui(3), 'hex').toString('base64') },
          ...{ fCnt: 1, fPort: 85, data: Buffer.from(PAYLOAD_HEX, 'hex').toString('base64') },
          publishedAt: at,
        },
      },
      {
        path: 'town-senml',
        document: [
          { bn: `urn:dev:mac:${sensorEui(4)}:`, bt: Date.now() / 1_000, n: 'fill', v: 0.75 },
        ],
      },
    ];
    for (const [index, { path: route, document }] of deliveries.entries()) {
      await addSensor(tunna, `bin-${index}`, sensorEui(index + 1));
      expect([route, await callWebhook(tunna, gateway, { path: route, document })]).toEqual([
        route,
        200,
      ]);
    }
    const { tally } = await drain(tunna, 'webhooks');
    expect(tally.filter(({ count }) => count !== 0)).toEqual([
      { outcome: 'stored', reason: '', count: deliveries.length },
    ]);
    const { bins } = BinList.parse(await tunna.getJson('/bins'));
    expect(bins.map(({ fillPercent }) => fillPercent)).toEqual([75, 75, 75, 75]);
  });

  test('loses nothing that was answered when the dashboard is killed under load, and has nothing twice', async () => {
    await using tunna = await startTunna();
    const gateway = await addGateway(tunna);
    await addSensor(tunna, 'bin-0', CHIRPSTACK_EUI);
    const senders = SENDERS.map((name) => new WebhookSender(tunna, gateway, name));
    const taken = (): number => senders.reduce((sum, sender) => sum + sender.taken.size, 0);
    const takeMore = async (): Promise<void> => {
      const before = taken();
      await vi.waitFor(() => expect(taken() - before).toBeGreaterThan(TAKEN_BETWEEN_KILLS), {
        timeout: 60_000,
      });
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      await takeMore();
      const killed = tunna.killPart('dashboard');
      await vi.waitFor(() => expect(tunna.findPart('dashboard') ?? killed).not.toBe(killed), {
        timeout: 30_000,
        interval: 50,
      });
    }
    await takeMore();
    await Promise.all(senders.map((sender) => sender.stop()));
    const { journaled, tally } = await drain(tunna, 'webhooks');
    await using opened = tunna.openStore();
    const rows = await opened.store.db.selectFrom('uplinks').select('payload').execute();
    const stored = rows.map(({ payload }) =>
      String(/"deduplicationId":"([^"]+)"/.exec(payload.toString())?.[1]),
    );
    const owed = senders.flatMap((sender) => [...sender.taken]);
    expect(owed.length).toBeGreaterThan(TAKEN_BETWEEN_KILLS * (KILLS + 1));
    expect(owed.filter((id) => !stored.includes(id))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);
    expect(countOf(tally)).toBe(journaled);
    expect(countOf(tally, 'quarantined')).toBe(0);
    // Otherwise nobody was hurt by the kills.
    expect(senders.reduce((sum, { failures }) => sum + failures, 0)).toBeGreaterThan(0);
  }, 240_000);
});
