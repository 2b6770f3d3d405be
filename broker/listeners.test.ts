import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { pino } from 'pino';
import mqttPacket from 'mqtt-packet';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import { createBroker } from './broker.ts';
import { TestTown, connectPacket, publishPacket } from './testing/test-town.ts';

let town: TestTown | undefined;

afterEach(async () => {
  await town?.[Symbol.asyncDispose]();
  town = undefined;
});

test('MQTT over WebSocket has the same gate', async () => {
  town = await TestTown.open({ wsPort: 0 });
  const url = `ws://127.0.0.1:${town.ports.wsPort}`;
  const client = await town.connect('dev-1', await town.add('dev-1'), {}, url);
  await client.publishAsync('bins/dev-1/up', 'x'.repeat(10_000), { qos: 1 });
  expect(town.countJournal()).toBe(1);
  await expect(town.connect('dev-1', 'wrong', {}, url)).rejects.toThrow();
});

test('a WebSocket without the subprotocol and a plain request are turned away', async () => {
  town = await TestTown.open({ wsPort: 0 });
  const socket = new WebSocket(`ws://127.0.0.1:${town.ports.wsPort}`);
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1002);
  const response = await fetch(`http://127.0.0.1:${town.ports.wsPort}/`);
  expect(response.status).toBe(426);
});

test('text over WebSocket is no MQTT, even if its characters are', async () => {
  town = await TestTown.open({ wsPort: 0 });
  const socket = new WebSocket(`ws://127.0.0.1:${town.ports.wsPort}`, 'mqtt');
  await once(socket, 'open');
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(data));
  // Nothing in it is beyond ASCII; in a binary frame it would be answered.
  const connect = mqttPacket.generate({ cmd: 'connect', clientId: 'x', keepalive: 0 });
  socket.send(connect.toString('latin1'), { binary: false });
  await once(socket, 'close');
  expect(received).toEqual([]);
});

test.each([
  ['cut into single bytes', (bytes: Buffer) => [...bytes].map((byte) => Buffer.from([byte]))],
  ['all in one frame', (bytes: Buffer) => [bytes]],
])('packets over WebSocket may come %s', async (_how, cut) => {
  town = await TestTown.open({ wsPort: 0 });
  const socket = new WebSocket(`ws://127.0.0.1:${town.ports.wsPort}`, 'mqtt');
  await once(socket, 'open');
  const bytes = Buffer.concat([
    mqttPacket.generate(connectPacket('dev-1', await town.add('dev-1'))),
    mqttPacket.generate(publishPacket('bins/dev-1/up', 'x')),
  ]);
  for (const part of cut(bytes)) socket.send(part);
  await vi.waitFor(() => expect(town?.countJournal()).toBe(1));
  socket.terminate();
});

test('a frame that is too large ends its own WebSocket only', async () => {
  town = await TestTown.open({ wsPort: 0 });
  const url = `ws://127.0.0.1:${town.ports.wsPort}`;
  const token = await town.add('dev-1');
  const good = await town.connect('dev-1', token, { clientId: 'good' }, url);
  const bad = new WebSocket(url, 'mqtt');
  await once(bad, 'open');
  bad.on('error', () => {});
  bad.send(Buffer.alloc(300 * 1024));
  const [code] = (await once(bad, 'close')) as [number];
  expect(code).toBe(1009);
  await good.publishAsync('bins/dev-1/up', 'x', { qos: 1 });
});

describe('a page in a browser', () => {
  async function isLetIn(open: boolean, origin: string): Promise<boolean> {
    town = await TestTown.open({ wsPort: 0, open });
    const socket = new WebSocket(`ws://127.0.0.1:${town.ports.wsPort}`, 'mqtt', { origin });
    return new Promise((resolve) => {
      socket.on('open', () => {
        socket.terminate();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }

  test.each([
    ['https://example.org', false],
    ['null', false],
    ['http://localhost.example.org', false],
    ['http://localhost:8080', true],
    ['http://[::1]:8080', true],
  ])('from %s reaches an open broker: %s', async (origin, isIn) => {
    expect(await isLetIn(true, origin)).toBe(isIn);
  });

  test('from anywhere reaches a broker that asks for a token', async () => {
    expect(await isLetIn(false, 'https://example.org')).toBe(true);
  });
});

test('MQTT over TLS works with the given certificate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunna-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  const tls = { key: readFileSync(key), cert: readFileSync(cert), port: 0 };
  rmSync(folder, { recursive: true });
  town = await TestTown.open({ tls });
  const url = `mqtts://127.0.0.1:${town.ports.tlsPort}`;
  const client = await town.connect('dev-1', await town.add('dev-1'), { ca: tls.cert }, url);
  await client.publishAsync('bins/dev-1/up', 'x', { qos: 1 });
  expect(town.countJournal()).toBe(1);
});

test('a port in use is an error of starting, and leaves nothing open', async () => {
  town = await TestTown.open();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  // Safe: it listens on TCP.
  const { port } = taken.address() as AddressInfo;
  await town.broker.stop();
  await expect(town.startBroker({ wsPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise((resolve) => taken.close(resolve));
  await town.startBroker({ wsPort: port });
  expect(town.ports.wsPort).toBe(port);
});

test('two brokers cannot have one journal', async () => {
  town = await TestTown.open();
  const first = town.broker;
  await expect(town.startBroker()).rejects.toThrow(/one at a time/);
  town.broker = first;
});

test('an open broker refuses to listen beyond loopback', async () => {
  town = await TestTown.open();
  const { store, folder } = town;
  const options = {
    store,
    journalFolder: folder,
    mqttPort: 0,
    wsPort: null,
    open: true,
    now: Date.now,
    log: pino({ level: 'silent' }),
  };
  for (const host of ['0.0.0.0', '::', '192.168.1.2', 'example.org', '']) {
    expect(() => createBroker({ ...options, host })).toThrow(/loopback/);
  }
});

test('an open broker lets anybody in, routes, retains and journals', async () => {
  town = await TestTown.open({ open: true });
  const sender = await town.connect(undefined, undefined);
  const receiver = await town.connect(undefined, undefined);
  const message = nextMessage(receiver);
  await receiver.subscribeAsync('#', { qos: 1 });
  await sender.publishAsync('any/topic', 'hello', { qos: 1, retain: true });
  expect(await message).toEqual({ topic: 'any/topic', text: 'hello', retain: false });
  expect(town.readJournal()).toMatchObject([{ topic: 'any/topic', principal: null }]);
  const late = await town.connect(undefined, undefined);
  const retained = nextMessage(late);
  await late.subscribeAsync('any/+', { qos: 1 });
  expect(await retained).toEqual({ topic: 'any/topic', text: 'hello', retain: true });
});

function nextMessage(
  client: MqttClient,
): Promise<{ topic: string; text: string; retain: boolean }> {
  return new Promise((resolve) => {
    client.once('message', (topic, payload, { retain }) =>
      resolve({ topic, text: String(payload), retain }),
    );
  });
}

test('an open broker refuses shared subscriptions and $ topics, which would lead nowhere', async () => {
  town = await TestTown.open({ open: true });
  const peer = await town.openPeer();
  peer.sendConnect('any', 'any');
  const subscriptions = [{ topic: '$share/g/a', qos: 0 } as const, { topic: 'a', qos: 0 } as const];
  peer.send({ cmd: 'subscribe', messageId: 1, subscriptions });
  await vi.waitFor(() => expect(peer.of('suback')[0]?.granted).toEqual([128, 0]));
  peer.send(publishPacket('$SYS/x', 'x'));
  await vi.waitFor(() => expect(peer.closed).toBe(true));
  expect(town.countJournal()).toBe(0);
});

test('an open broker rejects an empty client id with a session to keep', async () => {
  town = await TestTown.open({ open: true });
  const peer = await town.openPeer();
  // CONNECT of MQTT 3.1.1 without flags, a keep alive of 0 and an empty client id.
  peer.socket.write(Buffer.from('100c00044d5154540400000000000000'.slice(0, 28), 'hex'));
  await vi.waitFor(() => expect(peer.of('connack')[0]?.returnCode).toBe(2));
});
