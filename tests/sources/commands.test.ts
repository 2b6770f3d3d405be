import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { addMountedDevice } from '../../ingest/testing/sample-town.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { privateFolder } from '../servers/server-process.ts';
import { expectCommand, Peer, sendCommand, waitUntilHeard } from '../system/command-peer.ts';
import { MODEL, TTS_EUI, TTS_TOPIC, ttsDocument } from '../system/lorawan-documents.ts';
import { startTunna } from '../system/running-tunna.ts';

needs('mosquitto')('a command for a device that a source hears', () => {
  test('goes to the source’s broker, when that is there again, and its answers come back', async () => {
    // The server's subscription must outlive the broker's absence, whoever of the two is back first.
    await using broker = await startMosquitto({ settings: ['persistence true'] });
    const file = path.join(await privateFolder('sources'), 'sources.json');
    const topics = ['v3/+/devices/+/up', 'v3/+/devices/+/down/ack'];
    writeFileSync(file, JSON.stringify([{ name: 'city', mqtt: { url: broker.url, topics } }]));
    await using tunna = await startTunna({ TUNNA_SOURCES: file });
    await using opened = tunna.openStore();
    await addMountedDevice(opened.store, { bin: 'b-1', id: TTS_EUI, model: MODEL }, Date.now());
    using server = await Peer.connect(broker.port, { clientId: 'network-server', clean: false });
    await server.client.subscribeAsync('v3/+/devices/+/down/push', { qos: 1 });
    await vi.waitFor(() => expect(tunna.logText()).toContain('The source is connected'), 30_000);
    await server.publish(TTS_TOPIC, ttsDocument());
    await waitUntilHeard(tunna, TTS_EUI.toLowerCase());
    await broker.shutDown();
    const id = await sendCommand(tunna, TTS_EUI, 'set-interval', '1200');
    await expectCommand(tunna, id, { state: 'queued', door: 'source-city' });
    await broker.start();
    const { topic, document } = await server.waitFor(1);
    expect(topic).toBe(TTS_TOPIC.replace(/up$/, 'down/push'));
    const correlated = { f_port: 85, correlation_ids: [`tunna:${id}`] };
    expect(document).toMatchObject({ downlinks: [correlated] });
    await expectCommand(tunna, id, { state: 'sent', attempts: 1 });
    expect(server.received).toHaveLength(1);
    const { end_device_ids } = ttsDocument();
    await server.publish(TTS_TOPIC.replace(/up$/, 'down/ack'), {
      end_device_ids,
      received_at: new Date().toISOString(),
      downlink_ack: correlated,
    });
    await expectCommand(tunna, id, { state: 'acknowledged' });
  });
});
