import { setPriority } from 'node:os';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import mqttPacket from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import type { AbuseName, Assignment } from './abuse.ts';
import { connectPacket, Deeds, flood, login, openSocket } from './bad-socket.ts';
import type { Work } from './bad-socket.ts';

// The bad device: a process of its own that does one abuse for a bounded time and then says what it did, as JSON. It runs at
// an ordinary priority, also where Tunna has a higher one: a real one does not take its processor time from the broker's.

/** Bytes that are written at once. */
const CHUNK_BYTES = 64 * 1_024;
const ORDINARY_PRIORITY = 0;

// Safe: main.ts writes it.
const assignment = JSON.parse(process.argv[2] ?? '') as Assignment;
setPriority(ORDINARY_PRIORITY);
const untilMs = performance.now() + assignment.seconds * 1_000;
const work: Work = {
  assignment,
  deeds: new Deeds(),
  isOver: () => performance.now() >= untilMs,
};
process.stdout.write('begun\n');
// Whatever waits for the broker by then waits for no more.
setTimeout(() => {
  process.stdout.write(`${JSON.stringify(work.deeds)}\n`, () => process.exit(0));
}, assignment.seconds * 1_000);
await Promise.all(startAbuse(assignment.abuse));

function startAbuse(name: AbuseName): Promise<void>[] {
  const { id } = assignment;
  const own = `bins/${id}/up`;
  switch (name) {
    case 'busy-processor':
      return [spin()];
    case 'own-server':
      return [floodOwnServer()];
    case 'publish-flood':
      return many(4, (n) => publish(n, own, 1, 120));
    case 'oversized-messages':
      return many(1, (n) => publish(n, own, 1, 1_048_576));
    case 'oversized-strangers':
      return many(4, () => flood(work, { chunk: announceHuge(), packets: 1 }));
    case 'bad-passwords':
      return many(8, () => reconnect({ password: Buffer.from('wrong') }, 'end'));
    case 'connect-loop':
      return many(4, (n) => reconnect({ clientId: `c${n}` }, 'disconnect'));
    case 'subscription-bomb':
      return many(1, (n) => send(n, [subscribeTo(own, 10_000)]));
    case 'subscribe-loop':
      return many(4, (n) => send(n, subscribeAndBack(`bins/${id}/down`)));
    case 'ping-flood':
      return many(4, (n) => send(n, [{ cmd: 'pingreq' }]));
    case 'retained-flood':
      return many(4, (n) => publish(n, own, 0, 120, true));
    case 'will-flood':
      return many(4, (n) => reconnect({ clientId: `w${n}`, will: willOn(own) }, 'end'));
    case 'qos2-flood':
      return many(4, (n) => publish(n, own, 2, 120));
    case 'slow-reader':
      return many(16, readNothing);
    case 'deep-topics':
      return many(4, (n) => publish(n, `${own}${'/a'.repeat(297)}`, 1, 120));
    case 'denied-topics':
      return many(4, (n) => publish(n, 'bins/dev-0/up', 1, 120));
    case 'silent-sockets':
      return many(2_000, keepSilent);
    case 'tls-handshakes':
      return many(8, shakeHands);
  }
}

function many(count: number, start: (index: number) => Promise<void>): Promise<void>[] {
  return Array.from({ length: count }, (_, index) => start(index));
}

async function spin(): Promise<void> {
  while (!work.isOver()) {
    const pauseMs = performance.now() + 10;
    while (performance.now() < pauseMs) work.deeds.done += 1;
    await new Promise(setImmediate);
  }
}

/** As many bytes as a flood has, past the broker: what they cost the machine. */
async function floodOwnServer(): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Safe: a server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const elsewhere = { ...work, assignment: { ...assignment, port } };
  await Promise.all(many(4, () => flood(elsewhere, { chunk, packets: 1 })));
}

/** Messages of one kind, with all packet identifiers in turn. */
async function publish(
  index: number,
  topic: string,
  qos: 0 | 1 | 2,
  bytes: number,
  retain = false,
): Promise<void> {
  const payload = Buffer.alloc(bytes, '{"fillPercent":50}'.padEnd(bytes > 18 ? 120 : bytes));
  const count = Math.max(1, Math.floor(CHUNK_BYTES / (bytes + topic.length + 6)));
  const packets = Array.from({ length: count }, (_, n): Packet => ({
    ...{ cmd: 'publish', topic, payload, qos, retain, dup: false, messageId: n + 1 },
  }));
  await send(index, packets);
}

/** Sends packets over and over. */
async function send(index: number, packets: readonly Packet[]): Promise<void> {
  const once = Buffer.concat(packets.map((packet) => mqttPacket.generate(packet)));
  const times = Math.max(1, Math.floor(CHUNK_BYTES / once.length));
  await flood(work, {
    hello: connectPacket(assignment, { clientId: `f${index}` }),
    chunk: Buffer.concat(Array.from({ length: times }, () => once)),
    packets: times * packets.length,
  });
}

function subscribeTo(topic: string, count: number): Packet {
  const subscriptions = Array.from({ length: count }, (_, n) => ({
    topic: `${topic}/${n}`,
    qos: 1 as const,
  }));
  return { cmd: 'subscribe', messageId: 1, subscriptions };
}

function subscribeAndBack(topic: string): Packet[] {
  return [
    { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] },
    { cmd: 'unsubscribe', messageId: 2, unsubscriptions: [topic] },
  ];
}

function willOn(topic: string): NonNullable<Extract<Packet, { cmd: 'connect' }>['will']> {
  return { topic, payload: Buffer.from('{"fillPercent":1}'), qos: 1, retain: true };
}

/** The header of a PUBLISH of 256 MB, with its first bytes. */
function announceHuge(): Buffer {
  return Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(CHUNK_BYTES)]);
}

/** Connects and leaves again. */
async function reconnect(
  fields: Parameters<typeof connectPacket>[1],
  goodbye: 'disconnect' | 'end',
): Promise<void> {
  const hello = connectPacket(assignment, fields);
  while (!work.isOver()) {
    const socket = await openSocket(work);
    if (socket === undefined) continue;
    work.deeds.done += 1;
    const isIn = await login(socket, hello);
    if (!isIn) work.deeds.closed += 1;
    if (isIn && goodbye === 'disconnect') {
      socket.write(mqttPacket.generate({ cmd: 'disconnect' }), () => socket.destroy());
    } else socket.destroy();
  }
}

/** A lasting session for everything it may hear, which reads nothing of it and acknowledges nothing. */
async function readNothing(index: number): Promise<void> {
  const hello = connectPacket(assignment, { clientId: `r${index}`, clean: false });
  const filters = [{ topic: 'state/#', qos: 1 as const }];
  while (!work.isOver()) {
    const socket = await openSocket(work);
    if (socket === undefined) continue;
    if (await login(socket, hello)) {
      work.deeds.done += 1;
      socket.pause();
      socket.write(mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions: filters }));
      await untilOver(socket);
    }
    if (!work.isOver()) work.deeds.closed += 1;
    socket.destroy();
  }
}

/** Every other one begins a CONNECT and never ends it. */
async function keepSilent(index: number): Promise<void> {
  while (!work.isOver()) {
    const socket = await openSocket(work);
    if (socket === undefined) continue;
    work.deeds.done += 1;
    if (index % 2 === 1) socket.write(connectPacket(assignment).subarray(0, 20));
    socket.resume();
    await untilOver(socket);
    if (!work.isOver()) work.deeds.closed += 1;
    socket.destroy();
  }
}

async function shakeHands(): Promise<void> {
  while (!work.isOver()) {
    const socket = connectTls({
      ...{ host: '127.0.0.1', port: assignment.tlsPort },
      // The certificate is made for the run.
      rejectUnauthorized: false,
    });
    socket.on('error', () => {});
    work.deeds.done += 1;
    await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]).catch(() => {});
    socket.destroy();
  }
}

/** Until the socket is closed or the time is over. */
async function untilOver(socket: Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), Math.max(0, untilMs - performance.now()));
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
}
