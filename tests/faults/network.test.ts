import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FaultProxy } from '../servers/fault-proxy.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { privateFolder } from '../servers/server-process.ts';
import { drain, readMetric } from '../system/conservation.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';
import { compare, History, NOTHING_WRONG } from './history.ts';
import { NumberedPublisher } from './numbered-publisher.ts';
import { levelOf, readApi, readSql } from './readers.ts';

const PUBLISHERS = 20;
const PER_FAULT = 200;
const PATIENCE = { timeout: 60_000, interval: 50 };
/** How long a fault lasts that is not over in a moment: what is tried, not what is waited for. */
const FAULT_MS = 1_500;

/** What networks do, each to the connections that are there. */
const FAULTS: Readonly<Record<string, (proxy: FaultProxy) => void>> = {
  'a delay': (proxy) => proxy.delay(150),
  'a blackhole': (proxy) => proxy.blackhole(),
  'a reset': (proxy) => proxy.reset(),
  'a half-close': (proxy) => proxy.halfClose(),
  'a cut in the middle of a packet': (proxy) => proxy.truncate(),
  'a blackhole that ends in a reset': (proxy) => {
    proxy.blackhole();
    setTimeout(() => proxy.reset(), FAULT_MS / 2);
  },
};

function publish(port: number, history: History, credentials = { username: '', password: '' }) {
  return Array.from({ length: PUBLISHERS }, (_, index) => {
    const device = `dev-${index}`;
    return new NumberedPublisher({ port, credentials, device, boot: `boot-${index}`, history });
  });
}

async function awaitMore(history: History): Promise<void> {
  const before = history.acknowledged.size;
  await vi.waitFor(
    () => expect(history.acknowledged.size).toBeGreaterThan(before + PER_FAULT),
    PATIENCE,
  );
}

/** Every fault in turn, each followed by a while in which all goes well again. */
async function goThroughFaults(proxy: FaultProxy, history: History): Promise<void> {
  await awaitMore(history);
  for (const [what, begin] of Object.entries(FAULTS)) {
    history.add({ kind: 'fault', what });
    begin(proxy);
    await pause(FAULT_MS);
    proxy.heal();
    await awaitMore(history);
  }
}

async function expectAllStored(tunna: RunningTunna, history: History, door: string) {
  await drain(tunna, door);
  expect(compare(history, await readSql(tunna))).toEqual(NOTHING_WRONG);
  expect(compare(history, await readApi(tunna, PUBLISHERS), levelOf)).toEqual(NOTHING_WRONG);
  expect(await readMetric(tunna, 'tunna_messages_unaccounted')).toBe(0);
}

describe('a bad network', () => {
  test('between sensors and the broker loses, doubles and changes nothing', async () => {
    await using tunna = await startTunna();
    const credentials = await addTown(tunna, PUBLISHERS);
    await using proxy = await FaultProxy.open(tunna.mqttPort);
    const history = new History();
    const publishers = publish(proxy.port, history, credentials);
    await goThroughFaults(proxy, history);
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    expect(proxy.truncated).toBeGreaterThan(0);
    await expectAllStored(tunna, history, 'mqtt');
  }, 240_000);
});

needs('mosquitto')('a bad network', () => {
  test('between a source and its broker loses, doubles and changes nothing', async () => {
    // Nothing may be dropped there while the source cannot fetch it.
    await using broker = await startMosquitto({ settings: ['max_queued_messages 0'] });
    await using proxy = await FaultProxy.open(broker.port);
    const folder = await privateFolder('sources');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'sources.json');
    const url = `mqtt://127.0.0.1:${proxy.port}`;
    writeFileSync(file, JSON.stringify([{ name: 'city', mqtt: { url, topics: ['bins/+/up'] } }]));
    await using tunna = await startTunna({ TUNNA_SOURCES: file });
    await addTown(tunna, PUBLISHERS);
    // The first connection makes the session that keeps what comes while nobody is there.
    await vi.waitFor(() => expect(tunna.logText()).toContain('The source is connected'), PATIENCE);
    const history = new History();
    const publishers = publish(broker.port, history);
    await goThroughFaults(proxy, history);
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    // What Mosquitto still holds comes by and by: nothing says when that was all, but what is owed is known.
    await vi.waitFor(async () => expect(compare(history, await readSql(tunna)).lost).toEqual([]), {
      timeout: 120_000,
      interval: 500,
    });
    await expectAllStored(tunna, history, 'source-city');
  }, 300_000);
});
