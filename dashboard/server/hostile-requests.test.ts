import net from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createToken, savePrincipal } from '../../store/principals.ts';
import { seedBin } from '../../store/views/testing/seed-town.ts';
import { Problem } from '../api/town.ts';
import { createOpenApiDocument } from './openapi/document.ts';
import { openDashboard } from './testing/open-dashboard.ts';
import type { Answer, TestDashboard } from './testing/open-dashboard.ts';

let dashboard: TestDashboard;

/** Where a route takes one: what is behind it must stand nonsense, too. */
const TOKEN = createToken();
const headers = { Authorization: `Bearer ${TOKEN}` };

beforeAll(async () => {
  dashboard = await openDashboard();
  await seedBin(dashboard.store, 'bin-1');
  const operator = { id: 'office', kind: 'operator', prefixes: [], backfill: false } as const;
  await savePrincipal(dashboard.store, operator, TOKEN);
});

/** Whatever was asked, the server has nothing to complain about and goes on. */
afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  expect((await dashboard.ask('/api/v1/bins/bin-1')).status).toBe(200);
  await dashboard[Symbol.asyncDispose]();
});

function expectProblem(answer: Answer, status: number): void {
  expect(answer.status, answer.text.slice(0, 200)).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Problem.parse(answer.json)).toMatchObject({ status });
  expect(answer.text).not.toMatch(/node_modules|\.ts\b|\bat \w+ \(/);
}

/** What no parameter of the API means, as it stands in an address. */
const NONSENSE = [
  '%00',
  '%0d%0aSet-Cookie:%20a=b',
  '%20',
  '%c3%28',
  '%ed%a0%80',
  '%ef%bb%bf1',
  '%f0%9f%98%80',
  '-1',
  '1.5',
  '1e9',
  '0x10',
  '1_000',
  '%d9%a3',
  'NaN',
  'Infinity',
  '-Infinity',
  'null',
  'undefined',
  'true',
  '9'.repeat(16),
  '9'.repeat(5_000),
  '{}',
  '[]',
  '%7B%22a%22%3A1%7D',
  "1'%20or%20'1'='1",
  '1;drop%20table%20bins',
  '1%20--',
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '..%5c..%5cetc%5cpasswd',
  '%252e%252e%252f',
  '<script>alert(1)</script>',
  '${7*7}',
  'x'.repeat(65),
];

const Parameter = z.object({ name: z.string(), in: z.string() });
const Paths = z.record(
  z.string(),
  z.object({ get: z.object({ parameters: z.array(Parameter).optional() }).optional() }),
);

/** Every parameter of every route, by the description that clients get, with an address that has `@` in its place. */
const places = Object.entries(Paths.parse(createOpenApiDocument('1').paths)).flatMap(
  ([path, { get }]) =>
    (get?.parameters ?? [])
      .filter((parameter) => parameter.in !== 'header')
      .map((parameter) => {
        const good = path.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
          name !== parameter.name ? (name === 'binId' ? 'bin-1' : '1') : whole,
        );
        return parameter.in === 'path'
          ? good.replace(`{${parameter.name}}`, '@')
          : `${good}?${parameter.name}=@`;
      }),
);

describe('every parameter of every route', () => {
  test('is known here', () => {
    expect(places.length).toBeGreaterThan(8);
  });

  test.each(places)('%s refuses nonsense by name', async (place) => {
    for (const value of NONSENSE) {
      // A slash of the value's own is a path of its own.
      const inPath = !place.includes('?');
      if (inPath && /\//.test(value)) continue;
      const answer = await dashboard.ask(place.replace('@', value), { headers });
      // Undefined and the like are ids, though of no bin and no device.
      const isId = /binId|bins\/@|device=@/.test(place) && /^[\w.-]{1,64}$/.test(value);
      const isName = place.includes('maker=@') && /^[a-z0-9-]{1,64}$/.test(value);
      if (isName || (isId && place.includes('device=@'))) expect(answer.status).toBe(200);
      else expectProblem(answer, isId ? 404 : 400);
      expect(answer.text.length).toBeLessThan(1_500);
    }
  });

  test.each(places.filter((place) => place.includes('?')))(
    '%s takes one value, not several or none',
    async (place) => {
      const [path = '', name = ''] = place.replace('=@', '').split('?');
      const queries = [`${name}=1&${name}=1`, `${name}[]=1`, `${name}[a]=1`, `${name}=`, name];
      for (const query of queries) {
        expectProblem(await dashboard.ask(`${path}?${query}`, { headers }), 400);
      }
    },
  );

  test('are all there are: others are refused on every route, also thousands of them', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `p${index}=1`).join('&');
    for (const path of new Set(places.map((place) => place.split('?')[0]?.replace('@', '1')))) {
      for (const query of ['__proto__=1', 'constructor=1', 'toString', many]) {
        const answer = await dashboard.ask(`${path}?${query}`, { headers });
        expect([path, query.slice(0, 20), answer.status]).toEqual([path, query.slice(0, 20), 400]);
      }
    }
  });
});

describe('headers', () => {
  test.each([
    ['Accept', '*/*;q=NaN, ,;;==' + 'a/'.repeat(2_000)],
    ['Accept-Encoding', 'gzip;q=1e999, ' + 'br,'.repeat(1_000)],
    ['Accept-Language', '-'.repeat(5_000)],
    ['If-None-Match', '"' + 'x'.repeat(8_000)],
    ['If-Modified-Since', 'the day after tomorrow'],
    ['Range', 'bytes=9-1,-,--,99999999999999999999-'],
    ['Cookie', '__proto__=1;'.repeat(500)],
    ['X-Forwarded-For', '127.0.0.1, evil'],
    ['X-Forwarded-Host', 'evil.example'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['Content-Type', 'application/json; charset=utf-7'],
    ['Content-Encoding', 'gzip'],
  ])('of nonsense in %s change nothing that matters', async (name, value) => {
    for (const path of ['/api/v1/bins', '/api/v1/stats', '/', '/assets/main-abc123.js']) {
      const answer = await dashboard.ask(path, { headers: { [name]: value } });
      expect([200, 206, 304, 400, 406, 416]).toContain(answer.status);
    }
  });

  test.each(['NaN', '-1', '1.5', 'x'.repeat(5_000), '9'.repeat(400)])(
    'that ask for events after "%s" begin anew',
    async (id) => {
      const answer = await dashboard.ask('/api/v1/events', {
        method: 'HEAD',
        headers: { 'Last-Event-ID': id },
      });
      expect(answer.status).toBe(200);
    },
  );
});

/** Sends bytes as they are; resolves, when the server has closed, with what came back. */
function sendRaw(bytes: string | Buffer, more?: () => Buffer): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(dashboard.port, '127.0.0.1');
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset is an end like any other.
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.write(bytes);
    if (more === undefined) return;
    const pump = (): void => {
      while (!socket.destroyed && socket.write(more()));
    };
    socket.on('drain', pump);
    pump();
  });
}

const HOST = 'Host: localhost\r\n';
const GET = `GET /api/v1/bins HTTP/1.1\r\n${HOST}`;
const END = 'Connection: close\r\n\r\n';

describe('requests that are no good HTTP', () => {
  test.each([
    [
      'bytes of TLS',
      Buffer.from('16030100a5010000a10303', 'hex').toString('latin1') + '\r\n\r\n',
      400,
    ],
    ['HTTP/2 without a word before', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['MQTT', '\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00', 400],
    ['a header with NUL', `${GET}X: a\0b\r\n${END}`, 400],
    ['a header without a name', `${GET}: x\r\n${END}`, 400],
    ['a header with a blank in its name', `${GET}X Y: x\r\n${END}`, 400],
    ['two lengths', `${GET}Content-Length: 1\r\nContent-Length: 2\r\n${END}x`, 400],
    ['a length that is none', `${GET}Content-Length: many\r\n${END}`, 400],
    ['a length below zero', `${GET}Content-Length: -1\r\n${END}`, 400],
    [
      'a length and chunks',
      `${GET}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n${END}0\r\n\r\n`,
      400,
    ],
    ['a chunk of no size', `${GET}Transfer-Encoding: chunked\r\n${END}zz\r\n\r\n`, 400],
    ['headers without end', `${GET}${`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(100)}${END}`, 431],
    ['two hosts', `GET /api/v1/bins HTTP/1.1\r\n${HOST}Host: evil.example\r\n${END}`, 400],
    ['a host with a line in it', `GET / HTTP/1.1\r\nHost: localhost\revil\r\n${END}`, 400],
    ['a host with a user', `GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n${END}`, 421],
    ['a host with a path', `GET / HTTP/1.1\r\nHost: localhost/evil\r\n${END}`, 421],
    ['a host that is empty', `GET / HTTP/1.1\r\nHost: \r\n${END}`, 421],
    ['a method nobody knows', `FROBNICATE / HTTP/1.1\r\n${HOST}${END}`, 400],
    ['the star of OPTIONS', `OPTIONS * HTTP/1.1\r\n${HOST}${END}`, 404],
    ['an address that is a star', `GET * HTTP/1.1\r\n${HOST}${END}`, 404],
    [
      'an address of elsewhere',
      `GET http://evil.example/api/v1/bins HTTP/1.1\r\n${HOST}${END}`,
      200,
    ],
    ['TRACE', `TRACE / HTTP/1.1\r\n${HOST}Cookie: secret\r\n${END}`, 405],
    ['an expectation nobody has', `${GET}Expect: miracles\r\n${END}`, 417],
    [
      'an upgrade nobody offers',
      `${GET}Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: eA==\r\n\r\n`,
      200,
    ],
  ])('%s', async (_what, request, status) => {
    const answer = await sendRaw(Buffer.from(request, 'latin1'));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toContain('secret');
  });

  test('a tunnel is not dug', async () => {
    expect(await sendRaw(`CONNECT 127.0.0.1:22 HTTP/1.1\r\n${HOST}\r\n`)).toBe('');
  });

  test('a body in chunks without end is not taken for ever', async () => {
    const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
    const request = `POST /api/v1/bins HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;
    expect(await sendRaw(request, () => chunk)).toMatch(/^HTTP\/1\.1 (405|413) /);
  });
});

test('whatever address is asked for, the answer is not our fault', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const part = fc.oneof(
    text.map(encodeURIComponentSafely),
    fc.constantFrom('api', 'v1', 'bins', 'readings', '..', '.', '', '%2e%2e', '%2F', '%00', '%zz'),
  );
  const address = fc
    .tuple(fc.array(part, { maxLength: 6 }), fc.dictionary(part, part, { maxKeys: 4 }))
    .map(([path, query]) => {
      const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      return `/${path.join('/')}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
    });
  await fc.assert(
    fc.asyncProperty(address, async (path) => {
      const { status } = await dashboard.ask(path);
      expect([200, 308, 400, 403, 404]).toContain(status);
    }),
    { numRuns: 300 },
  );
});

/** Half a surrogate pair has no encoding. */
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
