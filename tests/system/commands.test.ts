import { describe, expect, test, vi } from 'vitest';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { revokePrincipal } from '../../store/principals.ts';
import {
  CHIRPSTACK_EUI,
  CHIRPSTACK_TOPIC,
  MODEL,
  TTS_EUI,
  TTS_TOPIC,
  chirpStackDocument,
  ttsDocument,
} from './lorawan-documents.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { expectCommand, Peer, sendCommand, waitUntilHeard } from './command-peer.ts';
import { startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { addPrincipal } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';

async function addOwn(tunna: RunningTunna): Promise<Credentials> {
  await using opened = tunna.openStore();
  await addMountedDevice(opened.store, { bin: 'b-1', id: 'dev-1', model: null }, Date.now());
  return await addPrincipal(opened.store, { id: 'dev-1', kind: 'device' });
}

describe('a command from the command line', () => {
  test('reaches a device of one’s own, which says that it has carried it out', async () => {
    await using tunna = await startTunna();
    using device = await Peer.connect(tunna.mqttPort, await addOwn(tunna));
    await device.publish('bins/dev-1/up', { fillPercent: 20 });
    await waitUntilHeard(tunna, 'dev-1');
    const id = await sendCommand(tunna, 'dev-1', 'set-interval', '1800');
    await expectCommand(tunna, id, { state: 'queued', attempts: 0 });
    await device.client.subscribeAsync('bins/dev-1/down', { qos: 1 });
    const { document } = await device.waitFor(1);
    expect(document).toMatchObject({
      commandId: id,
      command: 'set-report-interval',
      seconds: 1_800,
    });
    await expectCommand(tunna, id, { state: 'sent', attempts: 1 });
    await device.publish('bins/dev-1/up', { ack: id });
    await expectCommand(tunna, id, { state: 'acknowledged', attempts: 1 });
    await using opened = tunna.openStore();
    const devices = await opened.store.db.selectFrom('devices').selectAll().execute();
    expect(devices).toMatchObject([{ id: 'dev-1', report_interval_seconds: 1_800 }]);
  });

  test('waits for a device whose broker is killed, and is not forgotten', async () => {
    await using tunna = await startTunna();
    const login = await addOwn(tunna);
    using device = await Peer.connect(tunna.mqttPort, login);
    await device.publish('bins/dev-1/up', { fillPercent: 20 });
    await waitUntilHeard(tunna, 'dev-1');
    // It takes the command and never acknowledges: so it looks when the broker dies before it could note anything.
    device.client.handleMessage = () => {};
    await device.client.subscribeAsync('bins/dev-1/down', { qos: 1 });
    const id = await sendCommand(tunna, 'dev-1', 'set-interval', '1800');
    await device.waitFor(1);
    await expectCommand(tunna, id, { state: 'queued', attempts: 1 });
    tunna.killPart('broker');
    device.client.end(true);
    await vi.waitFor(() => expect(tunna.findPart('broker')).toBeDefined(), { timeout: 30_000 });
    using again = await vi.waitFor(() => Peer.connect(tunna.mqttPort, login), { timeout: 30_000 });
    await again.client.subscribeAsync('bins/dev-1/down', { qos: 1 });
    expect((await again.waitFor(1)).document).toMatchObject({ commandId: id });
    await expectCommand(tunna, id, { state: 'sent', attempts: 2 });
  });
});

/** A stand-in for a network server: it takes downlinks as documented, and answers with the documented events. */
async function openNetworkServer(tunna: RunningTunna): Promise<Peer> {
  await using opened = tunna.openStore();
  for (const [bin, id] of [
    ['b-1', TTS_EUI],
    ['b-2', CHIRPSTACK_EUI],
  ] as const) {
    await addMountedDevice(opened.store, { bin, id, model: MODEL }, Date.now());
  }
  const prefixes = ['v3/#', 'application/#'];
  const login = await addPrincipal(opened.store, { id: 'lorawan', kind: 'gateway', prefixes });
  const peer = await Peer.connect(tunna.mqttPort, login);
  await peer.client.subscribeAsync(
    ['v3/+/devices/+/down/push', 'application/+/device/+/command/down'],
    { qos: 1 },
  );
  return peer;
}

describe('a command for a device behind a network server', () => {
  test('is a downlink of The Things Stack, whose events move its state', async () => {
    await using tunna = await startTunna();
    using server = await openNetworkServer(tunna);
    await server.publish(TTS_TOPIC, ttsDocument());
    await waitUntilHeard(tunna, TTS_EUI.toLowerCase());
    const id = await sendCommand(tunna, TTS_EUI, 'set-interval', '1200');
    const { topic, document } = await server.waitFor(1);
    expect(topic).toBe(TTS_TOPIC.replace(/up$/, 'down/push'));
    const downlink = {
      f_port: 85,
      frm_payload: Buffer.from('ff03b004', 'hex').toString('base64'),
      priority: 'NORMAL',
      confirmed: true,
      correlation_ids: [`tunna:${id}`],
    };
    expect(document).toEqual({ downlinks: [downlink] });
    await expectCommand(tunna, id, { state: 'sent', attempts: 1 });
    const { end_device_ids } = ttsDocument();
    const event = { end_device_ids, received_at: new Date().toISOString() };
    await server.publish(TTS_TOPIC.replace(/up$/, 'down/nack'), {
      ...event,
      downlink_nack: downlink,
    });
    await server.publish(TTS_TOPIC.replace(/up$/, 'down/ack'), {
      ...event,
      downlink_ack: downlink,
    });
    await expectCommand(tunna, id, { state: 'acknowledged' });
    const tooLong = await sendCommand(tunna, TTS_EUI, 'raw', 'ff10ff', '--fport', '85');
    await server.waitFor(2);
    await server.publish(TTS_TOPIC.replace(/up$/, 'down/failed'), {
      ...event,
      downlink_failed: {
        downlink: { ...downlink, correlation_ids: [`tunna:${tooLong}`] },
        error: { message_format: 'application downlink payload is too long' },
      },
    });
    const detail = 'application downlink payload is too long';
    await expectCommand(tunna, tooLong, { state: 'failed', detail });
  });

  test('is a queue item of ChirpStack, and ends when its gateway is shut out', async () => {
    await using tunna = await startTunna();
    using server = await openNetworkServer(tunna);
    await server.publish(CHIRPSTACK_TOPIC, chirpStackDocument());
    await waitUntilHeard(tunna, CHIRPSTACK_EUI);
    const id = await sendCommand(tunna, CHIRPSTACK_EUI, 'set-height', '1000');
    const { topic, document } = await server.waitFor(1);
    expect(topic).toBe(CHIRPSTACK_TOPIC.replace(/event\/up$/, 'command/down'));
    const data = Buffer.from('ff77e803', 'hex').toString('base64');
    expect(document).toEqual({ devEui: CHIRPSTACK_EUI, confirmed: true, fPort: 85, data, id });
    const { deviceInfo, time } = chirpStackDocument();
    const events = CHIRPSTACK_TOPIC.replace(/up$/, '');
    const event = { deviceInfo, time, queueItemId: id };
    await server.publish(`${events}ack`, { ...event, acknowledged: true, deduplicationId: 'a-1' });
    await expectCommand(tunna, id, { state: 'acknowledged' });
    await using opened = tunna.openStore();
    await revokePrincipal(opened.store, 'lorawan', Date.now());
    await expect(sendCommand(tunna, CHIRPSTACK_EUI, 'set-height', '900')).rejects.toThrow(
      /lorawan, who speaks for .* is shut out/,
    );
  });
});

needs('mosquitto')('a Mosquitto that carries messages over, as the manual sets it up', () => {
  test('takes commands along, and brings nothing of them back but their answers', async () => {
    await using tunna = await startTunna();
    await using opened = tunna.openStore();
    await addMountedDevice(opened.store, { bin: 'b-1', id: TTS_EUI, model: MODEL }, Date.now());
    const gateway = { id: 'tts', kind: 'gateway', prefixes: ['v3/#'] } as const;
    const login = await addPrincipal(opened.store, gateway);
    await using bridge = await startMosquitto({
      settings: [
        'connection tunna',
        `address 127.0.0.1:${tunna.mqttPort}`,
        `remote_username ${login.username}`,
        `remote_password ${login.password}`,
        'cleansession false',
        'notifications false',
        'topic v3/# out 1',
        'topic v3/+/devices/+/down/push in 1',
      ],
    });
    using server = await Peer.connect(bridge.port);
    await server.client.subscribeAsync('v3/+/devices/+/down/push', { qos: 1 });
    await server.publish(TTS_TOPIC, ttsDocument());
    await waitUntilHeard(tunna, TTS_EUI.toLowerCase());
    const id = await sendCommand(tunna, TTS_EUI, 'set-interval', '1200');
    expect((await server.waitFor(1)).topic).toBe(TTS_TOPIC.replace(/up$/, 'down/push'));
    await expectCommand(tunna, id, { state: 'sent', attempts: 1 });
    const { end_device_ids } = ttsDocument();
    const event = { end_device_ids, received_at: new Date().toISOString() };
    const downlink_ack = { correlation_ids: [`tunna:${id}`] };
    await server.publish(TTS_TOPIC.replace(/up$/, 'down/ack'), { ...event, downlink_ack });
    await expectCommand(tunna, id, { state: 'acknowledged' });
    // Bridges that send back what they were sent would make a circle.
    expect(server.received).toHaveLength(1);
    const topics = await opened.store.db.selectFrom('uplinks').select('topic').execute();
    expect(new Set(topics.map(({ topic }) => topic.split('/').at(-1)))).toEqual(
      new Set(['ack', 'up']),
    );
    expect(topics).toHaveLength(2);
  });
});
