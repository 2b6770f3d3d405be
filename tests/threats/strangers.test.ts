import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BrokerLimits } from '../../broker/broker-options.ts';
import { TestTown, publishPacket } from '../../broker/testing/test-town.ts';
import { HttpServer } from '../../dashboard/server/http-server.ts';
import { Authority } from '../sources/certificates.ts';

let town: TestTown;
beforeEach(async () => {
  town = await TestTown.open();
});
afterEach(() => town[Symbol.asyncDispose]());

/** A neighbour is served as if nothing were. */
async function neighbourIsServed(): Promise<void> {
  const peer = await town.connectPeer('good', await town.add('good'), { clientId: 'good' });
  peer.send(publishPacket('bins/good/up', 'x'));
  await vi.waitFor(() => expect(peer.of('puback')).toHaveLength(1));
  peer.socket.destroy();
}

test('two hundred strangers who announce 256 MB each are cut off before they are kept', async () => {
  // CONNECT with the largest remaining length there is [MQTT-2.2.3], then as much as the socket takes.
  const header = Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]);
  const load = Buffer.alloc(64 * 1024);
  const peers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => town.openPeer(`127.0.0.${(i % 10) + 1}`)),
  );
  for (const { socket } of peers) {
    socket.write(header);
    socket.write(load);
  }
  // Every one of them ends at its header: what was buffered is at most what the kernel had read.
  await vi.waitFor(() => expect(peers.every((peer) => peer.closed)).toBe(true), 10_000);
  const metrics = await town.broker.registry.metrics();
  expect(metrics).toContain('tunna_broker_refused_total{reason="too-large"} 200');
  await neighbourIsServed();
});

describe('strangers who say nothing, drip, or stop in the middle of a TLS handshake', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tunna-silent-'));
  const authority = new Authority(folder, 'authority');
  const pair = authority.sign('server');
  const tls = { cert: readFileSync(pair.cert), key: readFileSync(pair.key), port: 0 };
  const ca = readFileSync(authority.cert);
  afterAll(() => rmSync(folder, { recursive: true }));

  // The beginning of a CONNECT of 100 bytes, and of a ClientHello of 512.
  const CONNECT = Buffer.from('10640004', 'hex');
  const HELLO = Buffer.from('1603010200010001fc0303', 'hex');

  let sockets: Socket[];
  beforeEach(() => {
    sockets = [];
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
  });

  /** A quarter says nothing, a quarter half a CONNECT, and half are at the TLS port. */
  async function open(count: number): Promise<void> {
    const { mqttPort, tlsPort = 0 } = town.ports;
    for (let index = 0; index < count; index += 1) {
      const isTls = index % 2 === 0;
      const socket = await town.openSocket(isTls ? tlsPort : mqttPort);
      socket.on('error', () => {});
      if (isTls) socket.write(HELLO);
      else if (index % 4 === 1) socket.write(CONNECT);
      sockets.push(socket);
    }
  }

  async function reopen(limits: Partial<BrokerLimits>): Promise<void> {
    await town[Symbol.asyncDispose]();
    town = await TestTown.open({ tls, limits });
  }

  test('two thousand of them keep nobody out of the same address, with or without TLS', async () => {
    // None is given up for being slow while the others come.
    await reopen({ connectTimeoutMs: 600_000 });
    await open(2_000);
    const password = await town.add('good');
    const urls = [`mqtt://127.0.0.1:${town.ports.mqttPort}`];
    urls.push(`mqtts://127.0.0.1:${town.ports.tlsPort}`);
    for (const url of urls) {
      const options = { ca, clientId: url.slice(0, 5), connectTimeout: 10_000 };
      const client = await town.connect('good', password, options, url);
      await client.publishAsync('bins/good/up', 'x', { qos: 1 });
    }
  });

  test('end when their time is over', async () => {
    await reopen({});
    await open(100);
    for (const socket of sockets) socket.resume();
    const areClosed = (): boolean => sockets.every(({ closed }) => closed);
    await vi.waitFor(() => expect(areClosed()).toBe(true), 12_000);
  });

  test('end at the dashboard, too', async () => {
    const http = new HttpServer((_, response) => response.end(), tls);
    const socket = await town.openSocket(await http.listen('127.0.0.1', 0));
    socket.resume().write(HELLO);
    await once(socket, 'close');
    await http.close();
  });
});

describe('an odd', () => {
  const odd = [
    ...['__proto__', 'constructor', 'prototype', '../x', '..', '/', 'toString', 'hasOwnProperty'],
    ...['a\u202eb', 'é', '🗑', ' ', '%00', `x'; drop table audit; --`, 'x'.repeat(64)],
  ];

  test.each(odd)('client id (%j) does no harm', async (clientId) => {
    const peer = await town.openPeer();
    peer.sendConnect('dev-1', await town.add('dev-1'), { clientId });
    await vi.waitFor(() => expect(peer.closed || peer.of('connack').length === 1).toBe(true));
    await neighbourIsServed();
  });

  test.each(odd)('user name (%j) does no harm', async (username) => {
    const peer = await town.openPeer();
    peer.sendConnect(username, 'x');
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    await neighbourIsServed();
  });

  test('topic of 300 levels does no harm', async () => {
    const peer = await town.connectPeer('dev-1', await town.add('dev-1'));
    peer.send(publishPacket(`bins${'/a'.repeat(300)}`, 'x'));
    await vi.waitFor(() => expect(peer.closed).toBe(true));
    await neighbourIsServed();
  });
});
