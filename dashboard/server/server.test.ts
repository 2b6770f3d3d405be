import { rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Validator } from '@seriousme/openapi-schema-validator';
import { PageSettings, Problem, Stats } from '../api/town.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import { checkResponse } from './testing/check-response.ts';
import { createOpenApiDocument } from './openapi/document.ts';
import { NOW_MS, openDashboard } from './testing/open-dashboard.ts';
import type { Answer } from './testing/open-dashboard.ts';

function expectProblem(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Problem.parse(answer.json)).toMatchObject({ type: 'about:blank', status });
  expect(answer.text).not.toMatch(/node_modules|\.ts\b|\bat \w+ \(/);
}

/** Sends bytes as they are and returns all that comes back until the server closes. */
function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

test('the policy lets the page load nothing but our files and the tiles', async () => {
  const tiles = { url: 'https://{s}.tiles.example/{z}/{x}/{y}{r}.png', attribution: '©' };
  const settings = { version: '1', demo: false, tiles, missing: [] };
  await using dashboard = await openDashboard({ settings });
  for (const path of ['/', '/api/v1/bins', '/api/docs/', '/nowhere']) {
    const { headers } = await dashboard.ask(path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';script-src 'self';style-src 'self';img-src 'self' data: " +
        'https://a.tiles.example https://b.tiles.example https://c.tiles.example;' +
        "connect-src 'self';worker-src 'self';object-src 'none';base-uri 'none';" +
        "frame-ancestors 'none';form-action 'self'",
    );
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['server']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    // Tile servers refuse requests that do not say where they come from.
    expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin');
  }
});

test.each([
  ['localhost', 200],
  ['LOCALHOST:8080', 200],
  ['localhost.', 200],
  ['127.0.0.1:8080', 200],
  ['[::1]:8080', 200],
  ['tunna.example', 200],
  ['evil.example', 421],
  ['tunna.example.evil.example', 421],
  ['localhost.evil.example', 421],
  ['tunna.example@evil.example', 421],
  ['127.0.0.1.evil.example', 421],
])('a request for the host "%s" gets %i', async (host, status) => {
  await using dashboard = await openDashboard();
  const answer = await dashboard.ask('/api/v1/bins', { headers: { host } });
  expect(answer.status).toBe(status);
  if (status !== 200) expectProblem(answer, status);
});

test('a request for no host at all is refused', async () => {
  await using dashboard = await openDashboard();
  for (const head of ['HTTP/1.0\r\n\r\n', 'HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n']) {
    expect(await sendRaw(dashboard.port, `GET /api/v1/bins ${head}`)).toMatch(/^HTTP\/1\.1 421 /);
  }
});

test('what is not there is a problem, also far from the API', async () => {
  await using dashboard = await openDashboard();
  const paths = [
    '/nowhere',
    '/api',
    '/api/v2/bins',
    '/api/v1/bins/',
    '/API/v1/bins',
    '/assets/x.js',
  ];
  for (const path of paths) expectProblem(await dashboard.ask(path), 404);
});

test('other methods are refused, with the ones that are possible', async () => {
  await using dashboard = await openDashboard();
  const paths = ['/', '/api/v1/bins', '/api/v1/events', '/api/v1/stats', '/metrics', '/livez'];
  for (const path of paths) {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
      const answer = await dashboard.ask(path, { method });
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe('GET, HEAD');
    }
  }
});

test('a body that is too long is refused before it is read', async () => {
  await using dashboard = await openDashboard();
  const raw = await sendRaw(
    dashboard.port,
    'POST /api/v1/bins HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n',
  );
  expect(raw).toMatch(/^HTTP\/1\.1 413 /);
  expect(raw).toContain('application/problem+json');
});

test('badly encoded addresses are 400', async () => {
  await using dashboard = await openDashboard();
  for (const path of [
    '/api/v1/bins/%zz',
    '/api/v1/bins/%E0%A4%A',
    '/api/v1/bins/%c0%af/readings',
  ]) {
    expectProblem(await dashboard.ask(path), 400);
  }
});

test('what is no HTTP is answered with a problem too', async () => {
  await using dashboard = await openDashboard();
  expect(await sendRaw(dashboard.port, 'rubbish\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 [^]*problem\+json/,
  );
  const long = `GET /api/v1/bins?x=${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  expect(await sendRaw(dashboard.port, long)).toMatch(/^HTTP\/1\.1 431 [^]*problem\+json/);
  expect((await dashboard.ask('/livez')).status).toBe(200);
});

test('a long address that fits is judged like any other', async () => {
  await using dashboard = await openDashboard();
  const answer = await dashboard.ask(`/api/v1/bins/${'x'.repeat(10_000)}`);
  expectProblem(answer, 400);
  expect(answer.text.length).toBeLessThan(1_000);
  const echoed = await dashboard.ask(`/api/v1/bins?${'y'.repeat(10_000)}=1`);
  expectProblem(echoed, 400);
  expect(echoed.text.length).toBeLessThan(1_000);
});

test.each([
  '/../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/assets/..%2f..%2f..%2ftunna.sqlite',
  '/assets/../../tunna.sqlite',
  '/..%5c..%5ctunna.sqlite',
  '/%00',
  '/api/docs/../../../package.json',
  '/api/docs/%2e%2e/app.ts',
  '/api/docs/index.html',
  '/api/docs/package.json',
  '//etc/passwd',
])('%s leads nowhere', async (path) => {
  await using dashboard = await openDashboard();
  const answer = await dashboard.ask(path);
  expect([400, 403, 404]).toContain(answer.status);
  expectProblem(answer, answer.status);
});

test('the page is asked for anew each time, its hashed files never', async () => {
  await using dashboard = await openDashboard();
  const page = await dashboard.ask('/');
  expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-cache']);
  expect(page.text).toContain('<title>Tunna</title>');
  const again = { 'if-none-match': page.headers.etag };
  expect((await dashboard.ask('/', { headers: again })).status).toBe(304);
  const script = await dashboard.ask('/assets/main-abc123.js', {
    headers: { 'accept-encoding': 'gzip' },
  });
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script.headers['content-type']).toMatch(/javascript/);
  expect(script.headers['content-encoding']).toBe('gzip');
});

test('without a built page the dashboard says how to build it, and the API works', async () => {
  await using dashboard = await openDashboard();
  rmSync(join(dashboard.pageFolder, 'index.html'));
  const page = await dashboard.ask('/');
  expect(page.status).toBe(503);
  expect(page.text).toContain('npm run build');
  expect((await dashboard.ask('/api/v1/bins')).status).toBe(200);
});

test('the viewer of the API is served by ourselves', async () => {
  await using dashboard = await openDashboard();
  const moved = await dashboard.ask('/api/docs');
  expect([moved.status, moved.headers.location]).toEqual([308, '/api/docs/']);
  const page = await dashboard.ask('/api/docs/');
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  const files = [...page.text.matchAll(/(?:src|href)="([^":]+)"/g)].map(([, file]) => file);
  expect(files).toHaveLength(3);
  for (const file of files) {
    expect((await dashboard.ask(`/api/docs/${file}`)).status).toBe(200);
  }
});

test('the description is valid OpenAPI 3.1 and names every route there is', async () => {
  await using dashboard = await openDashboard();
  const { json } = await dashboard.ask('/api/v1/openapi.json');
  expect(json).toEqual(JSON.parse(JSON.stringify(createOpenApiDocument('1.2.3'))));
  const validator = new Validator();
  // One line would be taken for the name of a file.
  const result = await validator.validate(JSON.stringify(json, null, 1));
  expect(result.errors ?? []).toEqual([]);
  expect([result.valid, validator.version]).toEqual([true, '3.1']);
  for (const [path, item] of Object.entries(createOpenApiDocument('1').paths ?? {})) {
    const method = item.get === undefined ? 'POST' : 'HEAD';
    const operation = item.get ?? item.post;
    const answer = await dashboard.ask(path.replace(/\{\w+\}/, '1'), { method });
    const expected = operation?.security ? 401 : /\{/.test(path) ? 404 : 200;
    expect([path, answer.status]).toEqual([path, expected]);
  }
});

test('an answer that is not as described is found out', () => {
  const document = createOpenApiDocument('1');
  const good = {
    method: 'GET',
    path: '/livez',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: { status: 'alive' },
  };
  expect(() => checkResponse(document, good)).not.toThrow();
  for (const wrong of [
    { path: '/livez/more' },
    { method: 'POST' },
    { status: 201 },
    { contentType: 'text/html' },
    { contentType: null },
    { body: { status: 'dead' } },
    { body: { status: 'alive', more: 1 } },
  ]) {
    expect(() => checkResponse(document, { ...good, ...wrong })).toThrow();
  }
});

test('the page gets its settings', async () => {
  await using dashboard = await openDashboard();
  const { json } = await dashboard.ask('/api/v1/page-settings');
  expect(PageSettings.parse(json)).toMatchObject({ version: '1.2.3', missing: ['tiles'] });
});

test('the town is told in numbers', async () => {
  await using dashboard = await openDashboard();
  const { store } = dashboard;
  for (const id of ['bin-1', 'bin-2', 'bin-3', 'bin-4']) await seedBin(store, id);
  await seedDevice(store, { id: 'dev-1', binId: 'bin-1', reportIntervalSeconds: 1200 });
  const at = { deviceId: 'dev-1', atMs: NOW_MS - 60_000 };
  await seedReadings(store, [
    { ...at, binId: 'bin-1', fillPercent: 50 },
    { ...at, atMs: NOW_MS - 59_000, binId: 'bin-2', fillPercent: 101 },
    { ...at, atMs: NOW_MS - 7_200_000, binId: 'bin-3', fillPercent: 90 },
  ]);
  const { json } = await dashboard.ask('/api/v1/stats');
  expect(Stats.parse(json)).toEqual({
    bins: {
      total: 4,
      byState: { unknown: 1, stale: 1, ok: 1, full: 0, overfull: 1 },
      // Stale levels tell nothing of now.
      meanFillPercent: 75.5,
    },
    devices: { total: 1, heardLastHour: 1 },
    readings: { total: 3, lastHour: 2 },
    uplinks: { stored: 3, duplicate: 0, quarantined: 0 },
    quarantine: { open: 0, byReason: {} },
    lastChange: expect.any(Number),
  });
  await seedReadings(store, [{ ...at, atMs: NOW_MS, binId: 'bin-1', fillPercent: 10 }]);
  dashboard.setNow(NOW_MS + 2_000);
  const later = Stats.parse((await dashboard.ask('/api/v1/stats')).json);
  expect(later.readings).toEqual({ total: 4, lastHour: 3 });
});

test('it is ready once it follows the changes, and says so', async () => {
  await using dashboard = await openDashboard();
  expect((await dashboard.ask('/livez')).json).toEqual({ status: 'alive' });
  await vi.waitUntil(async () => (await dashboard.ask('/readyz')).status === 200);
});

test('it is not ready on another schema, and says which step is missing', async () => {
  await using dashboard = await openDashboard();
  const { db } = dashboard.store;
  await db.deleteFrom('kysely_migration' as 'bins').execute();
  const behind = await dashboard.ask('/readyz');
  expectProblem(behind, 503);
  expect(behind.json).toMatchObject({
    errors: [{ field: 'schema', message: expect.stringContaining('0001-town') }],
  });
  expect((await dashboard.ask('/livez')).status).toBe(200);
});

test('when the database does not answer, it lives, and says what is wrong', async () => {
  await using dashboard = await openDashboard();
  await dashboard.ask('/metrics');
  if (dashboard.store.kind !== 'sqlite') throw new Error('Expected SQLite');
  dashboard.store.sqlite.close();
  expect((await dashboard.ask('/livez')).status).toBe(200);
  const ready = await dashboard.ask('/readyz');
  expectProblem(ready, 503);
  expect(ready.json).toMatchObject({ errors: [{ field: 'database' }] });
  const failed = await dashboard.ask('/api/v1/bins');
  expectProblem(failed, 500);
  const { instance } = Problem.parse(failed.json);
  expect(dashboard.complaints.join('')).toContain(instance);
  expect(failed.text).not.toContain('connection');
  const { text } = await dashboard.ask('/metrics');
  expect(text).toContain('tunna_store_up 0');
  expect(text).not.toMatch(/^tunna_messages_unaccounted /m);
});

test('metrics count requests by route, bins by state and messages by what became of them', async () => {
  await using dashboard = await openDashboard();
  await seedBin(dashboard.store, 'bin-1');
  await seedDevice(dashboard.store, { id: 'dev-1', binId: 'bin-1' });
  await seedReadings(dashboard.store, [
    { deviceId: 'dev-1', binId: 'bin-1', atMs: NOW_MS, fillPercent: 5 },
  ]);
  await dashboard.ask('/api/v1/bins/bin-1');
  await dashboard.ask('/api/v1/bins/nobody');
  await dashboard.ask('/nowhere/at/all');
  const { text, headers } = await dashboard.ask('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = text.split('\n');
  const count = 'tunna_http_request_duration_seconds_count';
  for (const line of [
    `${count}{method="GET",route="/api/v1/bins/:binId",status="200"} 1`,
    `${count}{method="GET",route="/api/v1/bins/:binId",status="404"} 1`,
    `${count}{method="GET",route="other",status="404"} 1`,
    'tunna_bins{state="ok"} 1',
    'tunna_bins{state="stale"} 0',
    'tunna_messages{outcome="stored",reason=""} 1',
    'tunna_event_clients 0',
    'tunna_store_up 1',
    'tunna_door_accepted_messages{door="webhooks"} 0',
    'tunna_door_backlog_messages{door="webhooks"} 0',
    // The reading has come through no journal.
    'tunna_messages_unaccounted -1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
});

test('a connection that is slow with its request does not keep the dashboard from stopping', async () => {
  await using dashboard = await openDashboard();
  const socket = net.connect(dashboard.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('GET /api/v1/bins HTTP/1.1\r\n');
  socket.on('error', () => {});
  await dashboard.stop();
});
