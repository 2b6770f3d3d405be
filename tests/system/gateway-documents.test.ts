import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { Trace, BinList } from '../../dashboard/api/bins.ts';
import { addMountedDevice, GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { mosquittoPub } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import {
  CHIRPSTACK_EUI,
  CHIRPSTACK_TOPIC,
  MODEL,
  PAYLOAD_HEX,
  TTS_EUI,
  TTS_TOPIC,
  chirpStackDocument,
  ttsDocument,
} from './lorawan-documents.ts';
import { startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { addPrincipal } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';

async function publish(
  tunna: RunningTunna,
  credentials: Credentials,
  message: { readonly topic: string; readonly payload: string },
): Promise<void> {
  const file = path.join(tunna.folder, 'message.json');
  writeFileSync(file, message.payload);
  const args = ['-h', '127.0.0.1', '-p', String(tunna.mqttPort), '-q', '1', '-t', message.topic];
  const login = ['-u', credentials.username, '-P', credentials.password, '-f', file];
  const result = await mosquittoPub([...args, ...login]);
  expect(result).toMatchObject({ exitCode: 0 });
}

async function findLevel(tunna: RunningTunna, id: string) {
  const { bins } = BinList.parse(await tunna.getJson('/bins'));
  return bins.find((bin) => bin.id === id);
}

async function traceOf(tunna: RunningTunna, readingId: number | null | undefined): Promise<Trace> {
  return Trace.parse(await tunna.getJson(`/readings/${readingId}/trace`));
}

async function addGateway(tunna: RunningTunna): Promise<Credentials> {
  await using opened = tunna.openStore();
  const prefixes = ['v3/#', 'application/#'];
  return await addPrincipal(opened.store, { id: 'lorawan', kind: 'gateway', prefixes });
}

needs('mosquitto-clients')('a network server that publishes with mosquitto_pub', () => {
  test('puts the levels of its sensors on the map, and they lead back to the bytes', async () => {
    await using tunna = await startTunna();
    const gateway = await addGateway(tunna);
    await using opened = tunna.openStore();
    const byTts = { bin: 'by-tts', id: TTS_EUI, model: MODEL };
    const byChirpStack = { bin: 'by-cs', id: CHIRPSTACK_EUI, model: MODEL };
    for (const device of [byTts, byChirpStack]) {
      await addMountedDevice(opened.store, device, Date.now());
    }
    const messages = [
      { bin: 'by-tts', topic: TTS_TOPIC, payload: JSON.stringify(ttsDocument()) },
      { bin: 'by-cs', topic: CHIRPSTACK_TOPIC, payload: JSON.stringify(chirpStackDocument()) },
    ];
    for (const message of messages) {
      await publish(tunna, gateway, message);
      await vi.waitFor(
        async () =>
          expect(await findLevel(tunna, message.bin)).toMatchObject({
            fillPercent: 75,
            state: 'ok',
            temperatureC: 28,
            batteryPercent: 100,
          }),
        10_000,
      );
      const level = await findLevel(tunna, message.bin);
      const trace = await traceOf(tunna, level?.readingId);
      expect(trace.reading).toMatchObject({ distanceMm: 450, fillPercent: 75, tilted: false });
      expect(trace.decoding).toMatchObject({ model: MODEL, fPort: 85, payloadHex: PAYLOAD_HEX });
      expect(trace.message.topic).toBe(message.topic);
      expect(trace.message.payloadText).toBe(message.payload);
      expect(Buffer.from(trace.message.payloadBase64, 'base64').toString()).toBe(message.payload);
    }
  });
});

interface RecordedUplink {
  readonly id: string;
  readonly format: string;
  readonly kind: string;
  readonly mqttTopic: string | null;
  readonly document: unknown;
}

const DATA =
  process.env['TUNNA_TEST_DATA'] ?? path.resolve(import.meta.dirname, '../../../shared/data');
const RECORDED = path.join(DATA, 'uplinks.json');

const noData = 'skipped without uplinks.json, see TUNNA_TEST_DATA';

function readRecorded(): RecordedUplink[] {
  // Safe: the file is a list of such rows; its README says so.
  return JSON.parse(readFileSync(RECORDED, 'utf8')) as RecordedUplink[];
}

needs('mosquitto-clients')('recorded documents of real network servers', () => {
  test.skipIf(!existsSync(RECORDED))(
    `of an EM400-TLD 2116 mm above the waste are on the map at the right level (${noData})`,
    async () => {
      await using tunna = await startTunna();
      const gateway = await addGateway(tunna);
      await using opened = tunna.openStore();
      const eui = '1000000000000001';
      const model = 'milesight/em400-tld';
      const geometry = { ...GEOMETRY, emptyDistanceMm: 4116, fullDistanceMm: 116 };
      await addMountedDevice(opened.store, { bin: 'bin-1', id: eui, model, geometry }, Date.now());
      // The Things Stack first, then three days later by its clock, ChirpStack.
      for (const [id, at] of [
        ['u005', '2023-05-19T05:33:35.'],
        ['u009', '2023-05-22T07:47:05.'],
      ] as const) {
        const row = readRecorded().find((one) => one.id === id);
        const payload = JSON.stringify(row?.document);
        await publish(tunna, gateway, { topic: row?.mqttTopic ?? '', payload });
        await vi.waitFor(async () => {
          const level = await findLevel(tunna, 'bin-1');
          expect(level).toMatchObject({ fillPercent: 50, state: 'stale', temperatureC: 25.7 });
          expect(level?.observedAt).toContain(at);
          const trace = await traceOf(tunna, level?.readingId);
          expect(trace.decoding.payloadHex).toBe('01755c0367010104824408050001');
          expect(trace.message.payloadText).toBe(payload);
        }, 10_000);
      }
    },
  );

  test.skipIf(!existsSync(RECORDED))(
    `are each stored or set aside with a reason (${noData})`,
    async () => {
      const rows = readRecorded().filter(
        (row) => /^v3\/|^application\//.test(row.mqttTopic ?? '') && row.document !== null,
      );
      await using tunna = await startTunna();
      const gateway = await addGateway(tunna);
      for (const row of rows) {
        const payload = JSON.stringify(row.document);
        await publish(tunna, gateway, { topic: row.mqttTopic ?? '', payload });
      }
      expect(rows.length).toBeGreaterThan(10);
      await vi.waitFor(async () => {
        await using opened = tunna.openStore();
        const tally = await opened.store.db.selectFrom('tally').selectAll().execute();
        expect(tally.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
        expect(tally.map(({ reason }) => reason)).not.toContain('internal-error');
      }, 20_000);
    },
  );
});
