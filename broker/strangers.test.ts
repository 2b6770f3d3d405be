import type { Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, expect, test, vi } from 'vitest';
import { TestTown, connectPacket } from './testing/test-town.ts';
import type { BrokerOptions } from './broker-options.ts';

let town: TestTown;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await town[Symbol.asyncDispose]();
});

/** Nobody is given up for being slow while a test runs. */
const PATIENT = { connectTimeoutMs: 600_000, unauthenticatedPerAddress: 3 };

async function openSilent(count: number, port: number, bytes?: Buffer): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const socket = await town.openSocket(port);
    socket.on('error', () => {});
    if (bytes !== undefined) socket.write(bytes);
    sockets.push(socket);
  }
}

async function openTown(options: Partial<BrokerOptions> = {}): Promise<string> {
  town = await TestTown.open({ limits: PATIENT, ...options });
  return town.add('dev-1');
}

test('silence keeps nobody of the same address waiting', async () => {
  const token = await openTown();
  await openSilent(100, town.ports.mqttPort);
  await town.connectPeer('dev-1', token);
});

test('a CONNECT that comes drop by drop keeps nobody of the same address waiting', async () => {
  const token = await openTown();
  const half = mqttPacket.generate(connectPacket('dev-1', token)).subarray(0, 20);
  await openSilent(100, town.ports.mqttPort, half);
  await town.connectPeer('dev-1', token);
});

test('a CONNECT in single bytes is accepted like any other', async () => {
  const token = await openTown();
  const peer = await town.openPeer();
  for (const byte of mqttPacket.generate(connectPacket('dev-1', token))) {
    await new Promise((resolve) => peer.socket.write(Buffer.from([byte]), resolve));
  }
  await vi.waitFor(() => expect(peer.of('connack')[0]?.returnCode).toBe(0));
});

test('refusals that are held back keep nobody of the same address waiting', async () => {
  const token = await openTown({
    limits: { ...PATIENT, failuresPerMinute: 1, failureDelayMs: 3_600_000 },
  });
  for (let index = 0; index < 20; index += 1) {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', 'wrong');
  }
  await town.connectPeer('dev-1', token);
});

test('an address with many bad first packets is answered late, and keeps nobody of it waiting', async () => {
  const token = await openTown({
    limits: { ...PATIENT, badFirstPacketsPerMinute: 2, failureDelayMs: 3_600_000 },
  });
  const huge = Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]);
  const closed: boolean[] = [];
  for (let index = 0; index < 4; index += 1) {
    const socket = await town.openSocket(town.ports.mqttPort);
    socket.on('error', () => {});
    socket.on('close', () => (closed[index] = true));
    sockets.push(socket);
    socket.resume().write(huge);
    if (index < 2) await vi.waitFor(() => expect(closed[index]).toBe(true));
  }
  // Both have been read by the time that a later one is accepted.
  await town.connectPeer('dev-1', token);
  expect(closed).toHaveLength(2);
});
