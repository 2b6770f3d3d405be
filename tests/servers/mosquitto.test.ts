import { connectAsync } from 'mqtt';
import { expect, test, vi } from 'vitest';
import { mosquittoPub, mosquittoSub, startMosquitto } from './mosquitto.ts';
import { needs } from './needs.ts';

needs('mosquitto', 'mosquitto-clients')('a Mosquitto for tests', () => {
  test('carries a message from its own publisher to a client of ours', async () => {
    await using broker = await startMosquitto();
    const client = await connectAsync(broker.url);
    const seen: string[] = [];
    client.on('message', (_topic, payload) => seen.push(payload.toString()));
    await client.subscribeAsync('bins/#', { qos: 1 });
    const args = ['-h', '127.0.0.1', '-p', String(broker.port), '-q', '1', '-t', 'bins/a/up', '-l'];
    const result = await mosquittoPub(args, 'one\ntwo\n');
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    await vi.waitFor(() => expect(seen).toEqual(['one', 'two']), 10_000);
    await client.endAsync();
  });

  test('takes further lines of configuration', async () => {
    await using broker = await startMosquitto({ settings: ['allow_anonymous false'] });
    const args = ['-h', '127.0.0.1', '-p', String(broker.port), '-t', 'a', '-m', 'b'];
    expect((await mosquittoPub(args)).stderr).toMatch(/not authorised/);
  });

  test('has a subscriber that says by its exit code when nothing came', async () => {
    await using broker = await startMosquitto();
    const args = ['-h', '127.0.0.1', '-p', String(broker.port), '-t', '#', '-C', '1', '-W', '1'];
    expect((await mosquittoSub(args)).exitCode).toBe(27);
  });

  test('says why when its configuration is refused', async () => {
    const start = startMosquitto({ settings: ['no_such_setting true'] });
    await expect(start).rejects.toThrow(/no_such_setting/);
  });
});
