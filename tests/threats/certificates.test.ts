import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { TestTown, closeOf } from '../../broker/testing/test-town.ts';
import { HttpServer } from '../../dashboard/server/http-server.ts';
import { listAudit } from '../../store/audit-log.ts';
import { revokePrincipal } from '../../store/principals.ts';
import { Authority } from '../sources/certificates.ts';
import type { Pair } from '../sources/certificates.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tunna-threats-'));
const authority = new Authority(folder, 'authority');
const stranger = new Authority(folder, 'stranger');
const server = authority.sign('server');
const ca = readFileSync(authority.cert);

let town: TestTown | undefined;
afterEach(async () => {
  await town?.[Symbol.asyncDispose]();
  town = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

function read({ cert, key }: Pair): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

async function openTown(mode?: 'optional' | 'required', now = Date.now): Promise<TestTown> {
  const clients = mode === undefined ? {} : { clientCa: ca, clientCertificates: mode };
  town = await TestTown.open({ tls: { ...read(server), ...clients, port: 0 }, now });
  return town;
}

/** The common name of the certificate that a server shows. */
async function shownBy(port: number, options: ConnectionOptions = {}): Promise<string> {
  const socket = await handshake(port, options);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

async function handshake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** Even a client that OpenSSL lets speak the old ones. */
function only(version: (typeof VERSIONS)[number]): ConnectionOptions {
  return { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
}

describe.each(VERSIONS)('%s', (version) => {
  const isGood = version >= 'TLSv1.2';

  test(`is ${isGood ? 'spoken' : 'refused'} by the broker`, async () => {
    const { ports } = await openTown();
    const shown = shownBy(ports.tlsPort ?? 0, only(version));
    if (isGood) expect(await shown).toBe('server');
    else await expect(shown).rejects.toThrow(/protocol version|alert/);
  });

  test(`is ${isGood ? 'spoken' : 'refused'} by the dashboard`, async () => {
    const http = new HttpServer((_, response) => response.end(), read(server));
    const port = await http.listen('127.0.0.1', 0);
    const shown = shownBy(port, only(version));
    if (isGood) expect(await shown).toBe('server');
    else await expect(shown).rejects.toThrow(/protocol version|alert/);
    await http.close();
  });
});

describe('a client certificate', () => {
  const connectWith = (
    to: TestTown,
    pair: Pair | undefined,
    login: { username?: string; password?: string; clientId?: string } = {},
  ): ReturnType<TestTown['connect']> => {
    const { username, password, clientId = 'c' } = login;
    const url = `mqtts://127.0.0.1:${to.ports.tlsPort}`;
    const shown = pair === undefined ? {} : read(pair);
    return to.connect(username, password, { ca, clientId, ...shown }, url);
  };
  const refusals = async (to: TestTown): Promise<unknown[]> => {
    // The audit is written a moment after.
    const rows = await vi.waitFor(async () => {
      const found = await listAudit(to.store, { limit: 9, action: 'connect-refused' });
      expect(found).not.toEqual([]);
      return found;
    });
    // Safe: the broker writes a reason into each.
    return rows.map(({ detail }) => (JSON.parse(detail) as { reason: string }).reason);
  };

  test('opens its device without a token, by its common name or an alternative one', async () => {
    const to = await openTown('optional');
    await to.add('dev-1');
    await to.add('dev-2');
    const first = await connectWith(to, authority.sign('dev-1'));
    await first.publishAsync('bins/dev-1/up', 'x', { qos: 1 });
    const named = authority.sign('sensor 2', 'DNS:dev-2');
    const second = await connectWith(to, named, { username: 'dev-2' });
    await second.publishAsync('bins/dev-2/up', 'x', { qos: 1 });
    expect(to.readJournal().map(({ principal }) => principal)).toEqual(['dev-1', 'dev-2']);
  });

  test('does not open another device, with or without that one’s token', async () => {
    const to = await openTown('optional');
    await to.add('dev-1');
    const password = await to.add('dev-2');
    const mine = authority.sign('dev-1');
    await expect(connectWith(to, mine, { username: 'dev-2' })).rejects.toThrow();
    await expect(connectWith(to, mine, { username: 'dev-2', password })).rejects.toThrow();
    expect(await refusals(to)).toEqual(['credentials']);
  });

  test.each([
    ['of an authority that is not ours', () => stranger.sign('dev-1')],
    ['that has expired', () => authority.signExpired('dev-1')],
  ])('%s is refused, and written down', async (_, sign) => {
    const to = await openTown('optional');
    await to.add('dev-1');
    await expect(connectWith(to, sign())).rejects.toThrow();
    expect(await refusals(to)).toEqual(['certificate']);
  });

  test('of a device that nobody knows, or that was revoked, is refused', async () => {
    const to = await openTown('optional');
    await to.add('dev-1');
    await revokePrincipal(to.store, 'dev-1', Date.now());
    await expect(connectWith(to, authority.sign('dev-1'))).rejects.toThrow();
    await expect(connectWith(to, authority.sign('dev-2'))).rejects.toThrow();
  });

  test('loses its open connection when its device is revoked', async () => {
    const to = await openTown('optional');
    await to.add('dev-1');
    const client = await connectWith(to, authority.sign('dev-1'));
    const closed = closeOf(client);
    await revokePrincipal(to.store, 'dev-1', Date.now());
    await closed;
  });

  test('loses its open connection when its time is over', async () => {
    let aheadMs = 0;
    const to = await openTown('optional', () => Date.now() + aheadMs);
    await to.add('dev-1');
    const closed = closeOf(await connectWith(to, authority.sign('dev-1')));
    aheadMs = 40 * 24 * 3_600_000;
    await closed;
  });

  test('is asked for where it is required, and a token does not replace it', async () => {
    const to = await openTown('required');
    const password = await to.add('dev-1');
    await expect(connectWith(to, undefined, { username: 'dev-1', password })).rejects.toThrow();
    await connectWith(to, authority.sign('dev-1'));
    expect(await refusals(to)).toEqual(['certificate']);
  });

  test('is not needed where it is optional', async () => {
    const to = await openTown('optional');
    await connectWith(to, undefined, { username: 'dev-1', password: await to.add('dev-1') });
  });
});

describe('a renewed certificate', () => {
  test('is shown by the broker to those who come, and disconnects nobody', async () => {
    const to = await openTown();
    const { broker, ports } = to;
    const url = `mqtts://127.0.0.1:${ports.tlsPort}`;
    const client = await to.connect('dev-1', await to.add('dev-1'), { ca }, url);
    broker.replaceCertificate(read(authority.sign('renewed')));
    expect(await shownBy(ports.tlsPort ?? 0)).toBe('renewed');
    await client.publishAsync('bins/dev-1/up', 'x', { qos: 1 });
    expect(client.connected).toBe(true);
  });

  test('that is none leaves the old one in use', async () => {
    const { broker, ports } = await openTown();
    const bad = { ...read(server), key: readFileSync(authority.sign('other').key) };
    expect(() => broker.replaceCertificate(bad)).toThrow();
    expect(await shownBy(ports.tlsPort ?? 0)).toBe('server');
  });
});
