import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { InfluxPoint } from './influx-point.ts';
import { createInflux1Target, createInflux2Target, PointsRefusedError } from './influx-target.ts';
import type { InfluxTarget } from './influx-target.ts';

interface Answer {
  readonly status: number;
  readonly body?: object;
}

/** An InfluxDB that answers as it is told, one answer for each request, and then takes everything. */
async function startServer(answers: readonly Answer[]) {
  const requests: { path: string; lines: number }[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://server');
      requests.push({ path: pathname, lines: body.split('\n').length });
      const { status, body: answer = {} } = left.shift() ?? { status: 204 };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 204 ? undefined : JSON.stringify(answer));
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

function points(count: number): InfluxPoint[] {
  return Array.from({ length: count }, (_, index) => ({
    measurement: 'reading',
    tags: { bin: 'bin-1', device: 'dev-1' },
    fields: { fill_percent: index },
    timestampNs: `${1_795_521_600_000 + index}000000`,
  }));
}

const TARGETS: readonly (readonly [string, (url: string) => InfluxTarget])[] = [
  ['/write', (url) => createInflux1Target({ url, database: 'tunna' })],
  [
    '/api/v2/write',
    (url) => createInflux2Target({ url, org: 'town', bucket: 'tunna', token: 'none' }),
  ],
];

describe.each(TARGETS)('writing to %s', (path, createTarget) => {
  it('sends all points at once and has them written when it returns', async () => {
    await using server = await startServer([]);
    await createTarget(server.url).write(points(5_000));
    expect(server.requests.map((request) => request.path)).toEqual([path]);
  });

  it('rejects when the server fails, however many points there are', async () => {
    for (const count of [1, 1_000, 1_001, 5_000]) {
      await using server = await startServer([{ status: 503 }, { status: 204 }]);
      const written = createTarget(server.url).write(points(count));
      await expect(written).rejects.toThrow();
      await expect(written).rejects.not.toBeInstanceOf(PointsRefusedError);
    }
  });

  it('tells refused points from a server that may take them later', async () => {
    const refusals = [
      { status: 400, body: { error: 'unable to parse' }, isPartial: false },
      { status: 422, body: { message: 'out of range' }, isPartial: false },
      { status: 413, body: { error: 'too large' }, isPartial: false },
      {
        status: 400,
        body: { error: 'partial write: points beyond retention policy dropped=1' },
        isPartial: true,
      },
    ];
    for (const { isPartial, ...answer } of refusals) {
      await using server = await startServer([answer]);
      const error: unknown = await createTarget(server.url)
        .write(points(2))
        .then(
          () => 'taken',
          (reason: unknown) => reason,
        );
      expect(error).toBeInstanceOf(PointsRefusedError);
      expect(error).toMatchObject({ isPartial });
    }
    for (const status of [401, 403, 429, 500]) {
      await using server = await startServer([{ status }]);
      const error: unknown = await createTarget(server.url)
        .write(points(2))
        .then(
          () => 'taken',
          (reason: unknown) => reason,
        );
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(PointsRefusedError);
    }
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
  expect(server.requests.map(({ path }) => path)).toEqual(['/write', '/write', '/query', '/write']);
});
