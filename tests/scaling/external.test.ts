import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { privateFolder } from '../servers/server-process.ts';
import { expectCommand, sendCommand, waitUntilHeard } from '../system/command-peer.ts';
import { MAIN, startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';

const WAIT_MS = 120_000;

async function startExternal(url: string): Promise<RunningTunna> {
  const folder = await privateFolder('external');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'sources.json');
  const connection = { url, topics: ['bins/+/up'], states: true };
  writeFileSync(file, JSON.stringify([{ name: 'city', mqtt: connection }]));
  const env = { TUNNA_BROKER: 'external', TUNNA_SOURCES: file };
  const tunna = await startTunna(env);
  await using opened = tunna.openStore();
  for (const id of ['1', '2']) {
    const device = { bin: `bin-${id}`, id: `dev-${id}`, model: null };
    await addMountedDevice(opened.store, device, Date.now());
  }
  await vi.waitFor(() => expect(tunna.logText()).toContain('The source is connected'), WAIT_MS);
  return tunna;
}

async function report(client: MqttClient, device: string, fillPercent: number): Promise<void> {
  const reading = { boot: 'b', seq: fillPercent, observedAt: Date.now(), fillPercent };
  await client.publishAsync(`bins/${device}/up`, JSON.stringify(reading), { qos: 1 });
}

/** What the broker has retained of the bins, as a reader who comes now gets it. */
async function readRetained(url: string): Promise<ReadonlyMap<string, unknown>> {
  const client = mqtt.connect(url, { reconnectPeriod: 50 });
  const levels = new Map<string, unknown>();
  client.on('message', (topic, payload, { retain }) => {
    if (retain) levels.set(topic, JSON.parse(payload.toString()).fillPercent);
    // The broker sends what it has retained before what is published after the subscription.
    if (topic === 'asked') client.end();
  });
  await client.subscribeAsync(['state/#', 'asked'], { qos: 1 });
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  await client.publishAsync('asked', '{}', { qos: 1 });
  await ended;
  return levels;
}

async function expectRetained(url: string, levels: Record<string, number>): Promise<void> {
  await vi.waitFor(
    async () => expect(Object.fromEntries(await readRetained(url))).toEqual(levels),
    { timeout: WAIT_MS, interval: 200 },
  );
}

needs('mosquitto')('Tunna at an external broker', () => {
  test('stores what comes there, tells levels there, and tells all of them again when it has lost them', async () => {
    await using broker = await startMosquitto();
    await using tunna = await startExternal(broker.url);
    expect(tunna.findPart('broker')).toBeUndefined();
    const client = mqtt.connect(broker.url);
    await report(client, 'dev-1', 31);
    await report(client, 'dev-2', 62);
    await expectRetained(broker.url, { 'state/bin-1': 31, 'state/bin-2': 62 });
    await broker.crash();
    await broker.start();
    await expectRetained(broker.url, { 'state/bin-1': 31, 'state/bin-2': 62 });
    await report(client, 'dev-1', 33);
    await expectRetained(broker.url, { 'state/bin-1': 33, 'state/bin-2': 62 });
    await client.endAsync();
  });

  test('sends a command to bins/{deviceId}/down there, and the doctor finds all in order', async () => {
    await using broker = await startMosquitto();
    await using tunna = await startExternal(broker.url);
    const device = mqtt.connect(broker.url);
    const heard = new Promise<string>((resolve) =>
      device.once('message', (topic) => resolve(topic)),
    );
    await device.subscribeAsync('bins/dev-1/down', { qos: 1 });
    await report(device, 'dev-1', 31);
    await waitUntilHeard(tunna, 'dev-1');
    const id = await sendCommand(tunna, 'dev-1', 'set-interval', '1200');
    expect(await heard).toBe('bins/dev-1/down');
    await expectCommand(tunna, id, { state: 'sent', door: 'source-city' });
    await device.endAsync();
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'doctor'], {
      env: tunna.env,
    });
    expect(stdout).toMatch(/^ok +broker: external/m);
    expect(stdout).toMatch(/^ok +source city:/m);
    expect(stdout).not.toContain('TUNNA_MQTT_PORT');
  });
});
