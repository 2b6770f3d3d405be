import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { startNats } from './nats.ts';
import { needs } from './needs.ts';

needs('nats-server')('a NATS server', () => {
  test('acknowledges and delivers what is published over MQTT', async () => {
    await using nats = await startNats();
    const client = await mqtt.connectAsync(nats.url, { reconnectPeriod: 0 });
    const received = new Promise<string>((resolve) => {
      client.on('message', (_topic, payload) => resolve(String(payload)));
    });
    await client.subscribeAsync('bins/+/up', { qos: 1 });
    await client.publishAsync('bins/dev-1/up', 'hello', { qos: 1 });
    expect(await received).toBe('hello');
    await client.endAsync();
  });
});
