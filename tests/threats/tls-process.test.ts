import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import type { SecureVersion } from 'node:tls';
import mqtt from 'mqtt';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { sabotageEnv } from '../faults/sabotage.ts';
import { freePort } from '../servers/free-port.ts';
import { Authority } from '../sources/certificates.ts';
import type { Pair } from '../sources/certificates.ts';
import { isListening, startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addPrincipal, addTown } from '../system/town-of-devices.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tunna-tls-'));
const authority = new Authority(folder, 'authority');
const ca = readFileSync(authority.cert);
const inUse: Pair = { cert: path.join(folder, 'used.pem'), key: path.join(folder, 'used.key') };
const WAIT = { timeout: 30_000, interval: 100 };

let tunna: RunningTunna | undefined;
afterEach(async () => {
  await tunna?.stop();
  tunna = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

function install({ cert, key }: Pair): void {
  copyFileSync(cert, inUse.cert);
  copyFileSync(key, inUse.key);
}

interface Doors {
  readonly running: RunningTunna;
  readonly mqtts: number;
  readonly https: number;
}

async function openDoors(env: Record<string, string> = {}): Promise<Doors> {
  install(authority.sign('first'));
  const mqtts = await freePort();
  tunna = await startTunna({
    TUNNA_TLS_CERT: inUse.cert,
    TUNNA_TLS_KEY: inUse.key,
    TUNNA_MQTTS_PORT: String(mqtts),
    ...env,
  });
  await vi.waitFor(async () => expect(await isListening(mqtts)).toBe(true), WAIT);
  return { running: tunna, mqtts, https: tunna.port };
}

/** What a handshake ends with: the name in the certificate that is shown, or `refused`. */
async function greet(port: number, version?: SecureVersion): Promise<string> {
  const only = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
  const socket = connect({ host: '127.0.0.1', port, ca, ...(version !== undefined && only) });
  try {
    await once(socket, 'secureConnect');
    return String(socket.getPeerCertificate().subject.CN);
  } catch {
    return 'refused';
  } finally {
    socket.destroy();
  }
}

/** A Node that lets servers speak the old versions unless they say otherwise. */
const OLD_NODE = '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0';

test.each([
  ['is refused by Tunna', '', 'refused'],
  ['would be spoken without our own limit', sabotageEnv('any-tls').NODE_OPTIONS ?? '', 'first'],
])('TLS before 1.2, where Node would speak it, %s', async (_, options, answer) => {
  const doors = await openDoors({
    NODE_OPTIONS: `${OLD_NODE} ${options}`,
    ...(options !== '' && { TUNNA_TEST_SABOTAGE: 'any-tls' }),
  });
  for (const port of [doors.mqtts, doors.https]) {
    expect(await greet(port, 'TLSv1.2')).toBe('first');
    expect(await greet(port, 'TLSv1.1')).toBe(answer);
    expect(await greet(port, 'TLSv1')).toBe(answer);
  }
});

/** The stream of events, and what has come of it so far. */
async function follow(port: number): Promise<{ stream: IncomingMessage; text: () => string }> {
  const url = `https://127.0.0.1:${port}/api/v1/events`;
  const [stream] = (await once(https.get(url, { ca, agent: false }), 'response')) as [
    IncomingMessage,
  ];
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  return { stream, text: () => text };
}

test('a renewed certificate is shown by a running Tunna, whose connections stand; a broken one is told and not used', async () => {
  const { running, ...ports } = await openDoors();
  await addTown(running, 1);
  await using opened = running.openStore();
  const device = await addPrincipal(opened.store, { id: 'dev-0', kind: 'device' });
  const url = `mqtts://127.0.0.1:${ports.mqtts}`;
  const client = await mqtt.connectAsync(url, { ...device, ca, reconnectPeriod: 0 });
  const events = await follow(ports.https);
  const shown = async (): Promise<string[]> => [await greet(ports.mqtts), await greet(ports.https)];
  expect(await shown()).toEqual(['first', 'first']);

  install(authority.sign('second'));
  await vi.waitFor(async () => expect(await shown()).toEqual(['second', 'second']), WAIT);
  writeFileSync(inUse.cert, 'half a certificate');
  const told = (): number => running.logText().split('the old one stays').length - 1;
  await vi.waitFor(() => expect(told()).toBe(2), WAIT);
  expect(await shown()).toEqual(['second', 'second']);

  // What was open before still is, and carries what happens now.
  await client.publishAsync('bins/dev-0/up', '{"fillPercent":40}', { qos: 1 });
  await vi.waitFor(() => expect(events.text()).toContain('"fillPercent":40,'), WAIT);
  expect([client.connected, events.stream.closed]).toEqual([true, false]);
  events.stream.destroy();
  await client.endAsync();
}, 120_000);
