import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

let server: Server;
let proxy: FaultProxy;
/** What the server has received, and how its connections ended: each test has lists of its own. */
let received: { text: string };
let ends: string[];

beforeEach(async () => {
  const got = { text: '' };
  const endings: string[] = [];
  received = got;
  ends = endings;
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => (got.text += text));
    socket.on('end', () => endings.push('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => endings.push(String(error.code)));
    socket.write('hello');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Safe: a server that listens on TCP has an address of this form.
  proxy = await FaultProxy.open((server.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  server.close();
});

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => {});
  const [first] = await once(socket, 'data');
  expect(String(first)).toBe('hello');
  return socket;
}

test('passes on what is sent, and the end of it', async () => {
  const socket = await dial();
  socket.end('abc');
  await vi.waitFor(() => expect({ ...received, ends }).toEqual({ text: 'abc', ends: ['end'] }));
});

test('keeps back what is sent into a blackhole until it is healed', async () => {
  const socket = await dial();
  proxy.blackhole();
  socket.write('abc');
  const silent = connect(proxy.port, '127.0.0.1');
  await once(silent, 'connect');
  expect(received.text).toBe('');
  proxy.heal();
  await vi.waitFor(() => expect(received.text).toBe('abc'));
  await once(silent, 'data');
  silent.destroy();
  socket.destroy();
});

test('resets connections on both sides', async () => {
  const socket = await dial();
  const gone = new Promise((resolve) => socket.once('close', resolve));
  proxy.reset();
  await gone;
  await vi.waitFor(() => expect(ends).toEqual(['ECONNRESET']));
});

test('closes one direction while the other goes on', async () => {
  const socket = await dial();
  proxy.halfClose();
  await vi.waitFor(() => expect(ends).toEqual(['end']));
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

test('cuts a message in its middle', async () => {
  const socket = await dial();
  const gone = new Promise((resolve) => socket.once('close', resolve));
  proxy.truncate();
  socket.write('abcdef');
  await gone;
  await vi.waitFor(() => expect(received.text).toBe('abc'));
  expect(proxy.truncated).toBe(1);
});
