import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BinList, Trace } from '../../dashboard/api/bins.ts';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { mosquittoPub, startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { freePort } from '../servers/free-port.ts';
import { privateFolder } from '../servers/server-process.ts';
import {
  CHIRPSTACK_EUI,
  CHIRPSTACK_TOPIC,
  chirpStackDocument,
  MODEL,
  TTS_EUI,
  TTS_TOPIC,
  ttsDocument,
} from '../system/lorawan-documents.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';

const ERROR = 50;

/** What an operator would write for the three. */
function describeSources(url: string, awayPort: number): readonly object[] {
  const stack = { url, topics: [{ filter: 'v3/+/devices/+/up', qos: 0 }] };
  return [
    { name: 'things-stack', envelope: 'ttn-v3', mqtt: stack },
    { name: 'chirpstack', mqtt: { url, topics: ['application/+/device/+/event/+'] } },
    {
      name: 'bintel',
      envelope: 'bintel-v2',
      mqtt: { url, topics: ['v2/town/#'], clientId: 'town:tunna' },
    },
    {
      name: 'parks',
      envelope: 'senml',
      percentScale: 'remaining-percent',
      mqtt: { url, topics: ['parks/+/senml'] },
    },
    { name: 'away', mqtt: { url: `mqtt://127.0.0.1:${awayPort}`, topics: ['#'] } },
  ];
}

async function findBin(tunna: RunningTunna, id: string) {
  const { bins } = BinList.parse(await tunna.getJson('/bins'));
  return bins.find((bin) => bin.id === id);
}

needs('mosquitto', 'mosquitto-clients')('the brokers of others', () => {
  test('put levels on the map, each read as its source says', async () => {
    await using broker = await startMosquitto();
    const folder = await privateFolder('sources');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'sources.json');
    writeFileSync(file, JSON.stringify(describeSources(broker.url, await freePort())));
    await using tunna = await startTunna({ TUNNA_SOURCES: file });
    await vi.waitFor(() => {
      expect(tunna.logText().match(/The source is connected/g)).toHaveLength(4);
    }, 20_000);
    {
      await using opened = tunna.openStore();
      const devices = [
        { bin: 'by-tts', id: TTS_EUI, model: MODEL },
        { bin: 'by-chirpstack', id: CHIRPSTACK_EUI, model: MODEL },
        { bin: 'by-bintel', id: 'container-7', model: null },
        { bin: 'by-senml', id: '0024befffe804ff1', model: null },
      ];
      for (const device of devices) await addMountedDevice(opened.store, device, Date.now());
    }
    const base = ['-h', '127.0.0.1', '-p', String(broker.port), '-q', '2'];
    const publish = async (topic: string, document: unknown): Promise<void> => {
      await mosquittoPub([...base, '-t', topic, '-s'], JSON.stringify(document));
    };
    await publish(TTS_TOPIC, ttsDocument());
    await publish(CHIRPSTACK_TOPIC, chirpStackDocument());
    await publish('v2/town/container/event/container-7/data', { 'fill-percent': 0.42 });
    await publish('parks/a/senml', [
      { bn: 'urn:dev:mac:0024befffe804ff1:', n: 'fill', u: '/100', v: 70 },
    ]);
    const levels = { 'by-tts': 75, 'by-chirpstack': 75, 'by-bintel': 42, 'by-senml': 30 };
    for (const [bin, fillPercent] of Object.entries(levels)) {
      await vi.waitFor(
        async () => expect(await findBin(tunna, bin)).toMatchObject({ fillPercent, state: 'ok' }),
        20_000,
      );
    }
    const { readingId } = (await findBin(tunna, 'by-senml')) ?? {};
    const trace = Trace.parse(await tunna.getJson(`/readings/${readingId}/trace`));
    expect(JSON.stringify(trace)).toContain('source-parks');
    const lines = tunna.logText().trim().split('\n');
    expect(lines.filter((line) => JSON.parse(line).level >= ERROR)).toEqual([]);
  });
});
