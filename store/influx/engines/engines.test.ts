import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InfluxPoint } from '../influx-point.ts';
import type { InfluxTarget } from '../influx-target.ts';
import { encodePoints } from '../line-protocol.ts';
import { InfluxWriteError } from '../write-error.ts';
import { createInflux1Target } from './influx1.ts';
import { createInflux2Target } from './influx2.ts';

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** An InfluxDB that answers as it is told, one answer for each request, and then takes everything. */
async function startServer(answers: readonly (Answer | 'drip' | 'half')[]) {
  const requests: { path: string; body: string }[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://server');
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      requests.push({ path: pathname, body: body.toString() });
      const answer = left.shift() ?? { status: 204 };
      if (answer === 'half') return void response.socket?.destroy();
      if (answer === 'drip') return drip(response);
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Safe: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Never silent for long, and never done. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

async function failureOf(written: Promise<void>): Promise<InfluxWriteError> {
  const error: unknown = await written.then(
    () => 'taken',
    (reason: unknown) => reason,
  );
  if (!(error instanceof InfluxWriteError)) throw new Error('no such error', { cause: error });
  return error;
}

function points(count: number): InfluxPoint[] {
  return Array.from({ length: count }, (_, index) => ({
    measurement: 'reading',
    tags: { bin: 'bin-1', device: 'dev-1' },
    fields: { fill_percent: index },
    timestampNs: `${1_795_521_600_000 + index}000000`,
  }));
}

const TARGETS: readonly (readonly [string, (url: string, answerMs?: number) => InfluxTarget])[] = [
  ['/write', (url, answerMs = 4_500) => createInflux1Target({ url, database: 'tunna', answerMs })],
  [
    '/api/v2/write',
    (url, answerMs = 4_500) =>
      createInflux2Target({ url, org: 'town', bucket: 'tunna', token: 'none', answerMs }),
  ],
];

describe.each(TARGETS)('writing to %s', (path, createTarget) => {
  it('sends all points at once, as our encoder wrote them', async () => {
    await using server = await startServer([]);
    const target = createTarget(server.url);
    for (const count of [1, 5_000]) await target.write(points(count));
    await target.close();
    expect(server.requests).toEqual([
      { path, body: encodePoints(points(1)) },
      { path, body: encodePoints(points(5_000)) },
    ]);
  });

  it.each([
    [
      { status: 400, body: { error: 'unable to parse' } },
      { failure: 'refused', message: 'unable to parse' },
    ],
    [
      { status: 422, body: { message: 'out of range' } },
      { failure: 'refused', message: 'out of range' },
    ],
    [{ status: 413 }, { failure: 'refused', code: '413' }],
    [
      { status: 400, body: { error: 'partial write: points beyond retention policy dropped=1' } },
      { failure: 'refused', isExpired: true, dropped: 1 },
    ],
    [
      { status: 401, body: { error: 'who?' } },
      { failure: 'denied', message: 'who?' },
    ],
    [{ status: 403 }, { failure: 'denied' }],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { failure: 'busy', retryAfterMs: 7_000 },
    ],
    [
      { status: 503, headers: { 'retry-after': '2' } },
      { failure: 'busy', retryAfterMs: 2_000 },
    ],
    [
      { status: 500, body: { error: 'engine: cache maximum memory size exceeded' } },
      { failure: 'failed', status: 500, message: 'engine: cache maximum memory size exceeded' },
    ],
    [{ status: 302 }, { failure: 'failed', status: 302 }],
    ['half', { failure: 'silent', code: 'silent' }],
  ] as const)(
    'tells what %o means, and asks again when it is told to',
    async (answer, expected) => {
      for (const count of [1, 5_000]) {
        await using server = await startServer([answer]);
        const target = createTarget(server.url);
        expect(await failureOf(target.write(points(count)))).toMatchObject(expected);
        expect(server.requests).toHaveLength(1);
        await target.write(points(count));
        await target.close();
      }
    },
  );

  it('gives up on a server that goes on and on, and is ready for the next request', async () => {
    await using server = await startServer(['drip']);
    const target = createTarget(server.url, 500);
    expect(await failureOf(target.write(points(1)))).toMatchObject({
      failure: 'silent',
      message: 'no answer within 500 ms',
    });
    await target.write(points(1));
    await target.close();
  });

  it('says that nobody is there', async () => {
    const target = createTarget('http://127.0.0.1:9');
    expect(await failureOf(target.write(points(1)))).toMatchObject({ failure: 'silent' });
    await expect(target.check()).rejects.toMatchObject({ failure: 'silent' });
    await target.close();
  });
});

it('makes the database of InfluxDB 1.x only when it is not there, which not every user may', async () => {
  await using server = await startServer([
    { status: 204 },
    { status: 404, body: { error: 'database not found: "tunna"' } },
    { status: 200, body: { results: [{}] } },
    { status: 204 },
  ]);
  const target = createInflux1Target({ url: server.url, database: 'tunna' });
  await target.write(points(1));
  await target.write(points(1));
  await target.close();
  expect(server.requests.map((request) => request.path)).toEqual([
    '/write',
    '/write',
    '/query',
    '/write',
  ]);
});
