import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import mqttPacket from 'mqtt-packet';
import type { IConnectPacket } from 'mqtt-packet';
import type { Assignment } from './abuse.ts';

const CONNACK_BYTES = 4;
/** Between two attempts while the broker or the machine takes no more sockets. */
const RETRY_MS = 5;

/** What the bad device did. */
export class Deeds {
  /** Packets handed to the socket, or connections where these are the abuse. */
  done = 0;
  /** Connections that the broker ended. */
  closed = 0;
}

/** One bad device at its work. */
export interface Work {
  readonly assignment: Assignment;
  readonly deeds: Deeds;
  readonly isOver: () => boolean;
}

/** A CONNECT with the device's own credentials unless `fields` says otherwise. */
export function connectPacket(
  { id, token }: Assignment,
  fields: Partial<IConnectPacket> = {},
): Buffer {
  return mqttPacket.generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 600,
    clientId: id,
    username: id,
    password: Buffer.from(token),
    ...fields,
  });
}

/** A socket on the plain port, or `undefined` when there was none to be had. */
export async function openSocket({ assignment }: Work): Promise<Socket | undefined> {
  const socket = connect(assignment.port, '127.0.0.1');
  socket.on('error', () => {});
  const opened = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  if (opened) return socket;
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  return undefined;
}

/** Sends the CONNECT and waits for the answer: whether the device was let in. */
export async function login(socket: Socket, packet: Buffer): Promise<boolean> {
  const answered = Promise.withResolvers<boolean>();
  const onData = (bytes: Buffer): void =>
    answered.resolve(bytes.length >= CONNACK_BYTES && bytes[3] === 0);
  socket.once('data', onData);
  socket.once('close', () => answered.resolve(false));
  socket.write(packet);
  return await answered.promise;
}

/**
 * Writes `chunk` again and again, as fast as the socket takes it, and comes back with a new connection whenever the broker has
 * ended one. Answers are read and thrown away.
 */
export async function flood(
  work: Work,
  { hello, chunk, packets }: { hello?: Buffer; chunk: Buffer; packets: number },
): Promise<void> {
  while (!work.isOver()) {
    const socket = await openSocket(work);
    if (socket === undefined) continue;
    if (hello === undefined || (await login(socket, hello))) {
      socket.resume();
      while (!work.isOver() && !socket.destroyed) {
        work.deeds.done += packets;
        if (!socket.write(chunk)) await drained(socket);
        else await new Promise(setImmediate);
      }
    }
    if (!work.isOver()) work.deeds.closed += 1;
    socket.destroy();
  }
}

async function drained(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
