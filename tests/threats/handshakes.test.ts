import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls, createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { HandshakeQueue } from '../../broker/handshake-queue.ts';
import type { HandshakeQueueOptions } from '../../broker/handshake-queue.ts';
import { privateFolder } from '../servers/server-process.ts';
import { Authority } from '../sources/certificates.ts';
import type { Pair } from '../sources/certificates.ts';

/** Nobody is given up for being slow while a test runs. */
const PATIENT = { atOnce: 2, patienceMs: 600_000, mostWaitMs: 600_000 };
/** The header of a record with a ClientHello that never comes. */
const HALF_HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);

let pair: Pair;
let server: Server;
let arrivals: number;
let handshakes: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  pair = new Authority(await privateFolder('authority'), 'ca').sign('tunna');
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

async function listen(options: Partial<HandshakeQueueOptions>): Promise<void> {
  [arrivals, handshakes] = [0, 0];
  const files = { cert: readFileSync(pair.cert), key: readFileSync(pair.key) };
  server = createServer(files, (socket) => {
    socket.on('error', () => {});
    queue.end(socket);
    handshakes += 1;
  });
  server.on('tlsClientError', () => {});
  const queue = new HandshakeQueue(server, options);
  server.on('connection', () => (arrivals += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** Safe: the server listens on TCP. */
const port = (): number => (server.address() as AddressInfo).port;

/** A socket that stops in the middle, or before it has begun. */
async function stall(bytes = HALF_HELLO): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  const before = arrivals;
  socket.write(bytes);
  await vi.waitFor(() => expect(arrivals).toBeGreaterThan(before));
  return socket;
}

function shakeHands(): TLSSocket {
  const socket = connectTls({ host: '127.0.0.1', port: port(), rejectUnauthorized: false });
  sockets.push(socket);
  socket.on('error', () => {});
  return socket;
}

describe('handshakes of one address', () => {
  test('that come many at once all come to their end, one after the other', async () => {
    await listen(PATIENT);
    const clients = Array.from({ length: 60 }, shakeHands);
    await Promise.all(clients.map((client) => once(client, 'secureConnect')));
    await vi.waitFor(() => expect(handshakes).toBe(60));
  });

  test('are not kept waiting by sockets that are silent', async () => {
    await listen(PATIENT);
    for (let count = 0; count < 20; count += 1) await stall(Buffer.alloc(0));
    await once(shakeHands(), 'secureConnect');
  });

  test('wait for one that stops in the middle no longer than patience has it', async () => {
    await listen({ ...PATIENT, patienceMs: 50 });
    const stalled = [await stall(), await stall()];
    await once(shakeHands(), 'secureConnect');
    await vi.waitFor(() => expect(stalled.some((socket) => socket.closed)).toBe(true));
  });

  test('wait while the places are taken, and go on when one is free', async () => {
    await listen(PATIENT);
    const [first] = [await stall(), await stall()];
    const client = shakeHands();
    await vi.waitFor(() => expect(arrivals).toBe(3));
    expect(handshakes).toBe(0);
    first.destroy();
    await once(client, 'secureConnect');
  });

  test('that are too many to wait cost the oldest that is silent', async () => {
    await listen({ ...PATIENT, mostWaiting: 3 });
    const silent: Socket[] = [];
    for (let count = 0; count < 4; count += 1) silent.push(await stall(Buffer.alloc(0)));
    await vi.waitFor(() => expect(silent.map(({ closed }) => closed)).toEqual([true, false, false, false])); // prettier-ignore
    await once(shakeHands(), 'secureConnect');
  });
});
