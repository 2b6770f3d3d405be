import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sabotageEnv } from '../faults/sabotage.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';

/** Twenty of an address are looked at once; so none of these waits for its turn. */
const ADDRESSES = 10;
const BOMBS = 60;
const BOMB_BYTES = 4 * 1024 * 1024;

/** Kept, the bombs would be 240 MB; what the kernel and the sockets hold of them is hundreds of kilobytes. */
const MOST_GROWTH_KB = 100 * 1024;

/** A CONNECT of 4 MB [MQTT-2.2.3], but for its last bytes. */
const HEADER = Buffer.from([0x10, 0x80, 0x80, 0x80, 0x02]);
const LOAD = Buffer.alloc(BOMB_BYTES - 100);

let tunna: RunningTunna | undefined;
afterEach(async () => {
  await tunna?.stop();
  tunna = undefined;
});

/** A number of kilobytes from what the kernel says of a process. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  );
  return Number(found?.[1]);
}

async function openBomb(port: number, index: number): Promise<Socket> {
  const localAddress = `127.0.0.${(index % ADDRESSES) + 1}`;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** By how much the broker was larger at the worst moment of the attack than before it, in kilobytes. */
async function attack({ mqttPort }: RunningTunna, pid: number): Promise<number> {
  const sockets: Socket[] = [];
  for (let index = 0; index < BOMBS; index += 1) sockets.push(await openBomb(mqttPort, index));
  // From here on the kernel notes a new peak.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = memoryOf(pid, 'VmRSS');
  // A reset is an end like any other.
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of sockets) {
    socket.write(HEADER);
    socket.write(LOAD);
    socket.resume();
  }
  await Promise.all(closed);
  return memoryOf(pid, 'VmHWM') - before;
}

test.each([
  ['are not kept by the broker', {}, false],
  ['would be kept without the limit', sabotageEnv('endless-packets'), true],
] as const)('packets of 4 MB from strangers %s', async (_, env, isKept) => {
  tunna = await startTunna(env);
  const pid = tunna.findPart('broker');
  if (pid === undefined) throw new Error('The broker does not run');
  expect((await attack(tunna, pid)) > MOST_GROWTH_KB).toBe(isKept);
  // It is the same process, so that the peak was its own.
  expect(tunna.findPart('broker')).toBe(pid);
});
