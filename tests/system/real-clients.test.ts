import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Authority } from '../sources/certificates.ts';
import type { Pair } from '../sources/certificates.ts';
import { freePort } from '../servers/free-port.ts';
import { mosquittoPub, mosquittoSub } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { privateFolder } from '../servers/server-process.ts';
import { isListening, startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';
import { addPrincipal, addTown } from './town-of-devices.ts';
import type { Credentials } from './town-of-devices.ts';

let tunna: RunningTunna;
let authority: Pair;
let tlsPort: number;
let device: Credentials;
let reader: Credentials;
let boots = 0;

beforeAll(async () => {
  const ca = new Authority(await privateFolder('authority'), 'ca');
  const { cert, key } = ca.sign('tunna');
  authority = ca;
  tlsPort = await freePort();
  tunna = await startTunna({
    TUNNA_TLS_CERT: cert,
    TUNNA_TLS_KEY: key,
    TUNNA_MQTTS_PORT: String(tlsPort),
  });
  await addTown(tunna, 1);
  await using opened = tunna.openStore();
  device = await addPrincipal(opened.store, { id: 'dev-0', kind: 'device' });
  reader = await addPrincipal(opened.store, { id: 'crew', kind: 'reader' });
  await vi.waitFor(async () => expect(await isListening(tlsPort)).toBe(true), WAIT);
});

afterAll(async () => {
  await tunna?.stop();
});

const WAIT = { timeout: 30_000 };

/** A reading that no other test sends. */
function newReading(): { readonly boot: string; readonly text: string; readonly fill: number } {
  boots += 1;
  const fill = boots % 100;
  const body = { boot: `b${boots}`, seq: 0, observedAt: Date.now(), fillPercent: fill };
  return { boot: body.boot, text: JSON.stringify(body), fill };
}

const login = ({ username, password }: Credentials): string[] => ['-u', username, '-P', password];
const at = (port: number): string[] => ['-h', '127.0.0.1', '-p', String(port)];

async function countStored(boot: string): Promise<number> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db.selectFrom('uplinks').select('payload').execute();
  return rows.filter(({ payload }) => payload.toString().includes(`"boot":"${boot}"`)).length;
}

const stored = (boot: string): Promise<void> =>
  vi.waitFor(async () => expect(await countStored(boot)).toBe(1), WAIT);

/** Sends a reading as the device and waits until it is stored. */
async function publish(...options: readonly string[]): Promise<number> {
  const { boot, text, fill } = newReading();
  const to = ['-t', 'bins/dev-0/up', '-m', text, ...login(device)];
  const result = await mosquittoPub([...at(tunna.mqttPort), ...to, ...options]);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  await stored(boot);
  return fill;
}

/** Waits until whoever asks for the bin's level is given this one. */
async function getLevel(fill: number, qos = '0'): Promise<void> {
  const from = ['-t', 'state/bin-0', '-q', qos, '-C', '1', '-W', '15', ...login(reader)];
  await vi.waitFor(async () => {
    const { exitCode, stdout } = await mosquittoSub([...at(tunna.mqttPort), ...from]);
    expect(exitCode).toBe(0);
    expect(levelOf(stdout)).toBe(fill);
  }, WAIT);
}

const levelOf = (line: string): unknown =>
  (JSON.parse(line) as { fillPercent?: unknown }).fillPercent;

needs('mosquitto-clients')('mosquitto_pub and mosquitto_sub', () => {
  test.each(['0', '1', '2'])('publish at QoS %s what is stored once', async (qos) => {
    await publish('-q', qos);
  });

  test('speak MQTT 3.1 and 3.1.1, and are told that MQTT 5 is not spoken', async () => {
    await publish('-q', '1', '-V', 'mqttv31');
    await publish('-q', '1', '-V', 'mqttv311');
    const to = ['-t', 'bins/dev-0/up', '-m', 'x', ...login(device), '-V', '5'];
    const { exitCode } = await mosquittoPub([...at(tunna.mqttPort), ...to]);
    expect(exitCode).not.toBe(0);
  });

  test('publish over TLS', async () => {
    const { boot, text } = newReading();
    const to = ['-t', 'bins/dev-0/up', '-m', text, '-q', '1', ...login(device)];
    const result = await mosquittoPub([...at(tlsPort), ...to, '--cafile', authority.cert]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    await stored(boot);
  });

  test.each(['0', '1', '2'])('get the level of a bin at QoS %s, retained', async (qos) => {
    const fill = await publish('-q', '1');
    await getLevel(fill, qos);
  });

  test.each(['1', '2'])('get at QoS %s what came while they were away, once', async (qos) => {
    const session = ['-c', '-i', `away-${qos}`, '-t', 'state/+', '-q', qos, '-R', ...login(reader)];
    const first = await mosquittoSub([...at(tunna.mqttPort), ...session, '-E']);
    expect(first.exitCode).toBe(0);
    const fill = await publish('-q', '1');
    await getLevel(fill);
    // Without what is retained, until that level has come; a session that has been emptied has nothing more.
    const levels: unknown[] = [];
    await vi.waitFor(async () => {
      const { stdout } = await mosquittoSub([...at(tunna.mqttPort), ...session, '-W', '2']);
      for (const line of stdout.split('\n').filter(Boolean)) levels.push(levelOf(line));
      expect(levels).toContain(fill);
    }, WAIT);
    expect(levels.filter((level) => level === fill)).toHaveLength(1);
    const ended = await mosquittoSub([
      ...at(tunna.mqttPort),
      ...login(reader),
      ...['-i', `away-${qos}`, '-t', 'state/+', '-E'],
    ]);
    expect(ended.exitCode).toBe(0);
  });

  test('are refused with a wrong token, and on a topic that is not theirs', async () => {
    const wrong = { ...device, password: 'wrong' };
    const to = ['-t', 'bins/dev-0/up', '-m', 'x', '-q', '1'];
    const refused = await mosquittoPub([...at(tunna.mqttPort), ...to, ...login(wrong)]);
    expect(refused.exitCode).not.toBe(0);
    const others = ['-t', 'bins/other/down', '-C', '1', '-W', '5', ...login(device)];
    const denied = await mosquittoSub([...at(tunna.mqttPort), ...others]);
    expect(denied.stderr).toContain('denied');
  });

  test('are let in beside 2,000 sockets that are silent or stop in the middle of a handshake', async () => {
    const sockets: Socket[] = [];
    for (let index = 0; index < 2_000; index += 1) {
      const socket = connectSocket(index % 2 === 0 ? tunna.mqttPort : tlsPort, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      // The beginning of a CONNECT, or of a ClientHello.
      if (index % 4 > 1) socket.write(Buffer.from(index % 2 === 0 ? '10' : '1603010200', 'hex'));
      sockets.push(socket);
    }
    try {
      await publish('-q', '1');
      const { boot, text } = newReading();
      const to = ['-t', 'bins/dev-0/up', '-m', text, '-q', '1', ...login(device)];
      const result = await mosquittoPub([...at(tlsPort), ...to, '--cafile', authority.cert]);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      await stored(boot);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});

test('mqtt.js publishes and listens over WebSocket', async () => {
  const url = `ws://127.0.0.1:${tunna.mqttWsPort}`;
  const crew = await mqtt.connectAsync(url, { ...reader, reconnectPeriod: 0 });
  const town = await mqtt.connectAsync(url, { ...device, reconnectPeriod: 0 });
  try {
    const levels: unknown[] = [];
    crew.on('message', (_topic, payload) => levels.push(levelOf(String(payload))));
    await crew.subscribeAsync('state/bin-0', { qos: 1 });
    const { text, fill, boot } = newReading();
    await town.publishAsync('bins/dev-0/up', text, { qos: 1 });
    await stored(boot);
    await vi.waitFor(() => expect(levels.at(-1)).toBe(fill), WAIT);
  } finally {
    await Promise.all([crew.endAsync(true), town.endAsync(true)]);
  }
});
