import http from 'node:http';
import express from 'express';
import { pino } from 'pino';
import { Counter, Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Store } from '../../../store/database.ts';
import {
  createToken,
  revokePrincipal,
  rotateToken,
  savePrincipal,
} from '../../../store/principals.ts';
import { openTestStore } from '../../../store/testing/open-test-store.ts';
import { handleError } from '../handle-error.ts';
import { HttpServer } from '../http-server.ts';
import { readJson } from '../read-body.ts';
import { Authenticator } from './authenticator.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 12);

/** An app with one route, which takes an operator's token and a body. */
interface Office extends AsyncDisposable {
  readonly store: Store;
  readonly refused: Counter<'reason'>;
  /** Failures that are kept waiting. */
  readonly waits: readonly PromiseWithResolvers<void>[];
  post(headers: http.OutgoingHttpHeaders, body?: string): Promise<Answer>;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

async function openOffice(): Promise<Office> {
  const { store, ...opened } = await openTestStore();
  const refused = new Counter({
    ...{ name: 'refused', help: 'x', labelNames: ['reason'] as const },
    registers: [new Registry()],
  });
  const waits: PromiseWithResolvers<void>[] = [];
  const waitAfterFailure = (): Promise<void> => {
    const wait = Promise.withResolvers<void>();
    waits.push(wait);
    return wait.promise;
  };
  const access = new Authenticator({ store, now: () => NOW_MS, refused, waitAfterFailure });
  const app = express();
  app.post('/', async (request, response) => {
    const { id } = await access.require(request, 'operator');
    const { word } = await readJson(request, z.strictObject({ word: z.string() }));
    response.json({ id, word });
  });
  app.use(handleError(pino({ level: 'silent' })));
  const server = new HttpServer(app, undefined);
  const port = await server.listen('127.0.0.1', 0);
  return {
    store,
    refused,
    waits,
    post: (headers, body = '{"word":"hello"}') => post(port, headers, body),
    async [Symbol.asyncDispose]() {
      await server.close();
      await opened[Symbol.asyncDispose]();
    },
  };
}

function post(port: number, headers: http.OutgoingHttpHeaders, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { 'Content-Type': 'application/json', ...headers };
    const options = { host: '127.0.0.1', port, method: 'POST', headers: all, agent: false };
    const request = http.request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(async () => {
  await office[Symbol.asyncDispose]();
});

async function add(id: string, kind: 'operator' | 'gateway' | 'device' | 'reader') {
  const token = createToken();
  await savePrincipal(office.store, { id, kind, prefixes: ['#'], backfill: false }, token);
  return token;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const basic = (id: string, token: string) => ({
  Authorization: `Basic ${Buffer.from(`${id}:${token}`).toString('base64')}`,
});

test('an operator comes with its token alone, or with its id and the token', async () => {
  const token = await add('office', 'operator');
  for (const headers of [bearer(token), basic('office', token)]) {
    const { status, text } = await office.post(headers);
    expect([status, text]).toEqual([200, '{"id":"office","word":"hello"}']);
  }
  expect((await office.post({ authorization: `bEARER   ${token}` })).status).toBe(200);
});

test('no token, wrong ones, and those of others all get the same problem with a challenge', async () => {
  const token = await add('office', 'operator');
  await add('other', 'operator');
  for (const headers of [
    bearer('wrong'),
    bearer(`${token}x`),
    basic('office', 'wrong'),
    basic('other', token),
    basic('nobody', token),
    basic('__proto__', token),
    basic('', token),
    { Authorization: token },
    { Authorization: `Bearer ${token} ${token}` },
    { Authorization: `Basic ${token}` },
    { Authorization: 'Basic !!!' },
    { Authorization: 'Basic bm9jb2xvbg==' },
    { Authorization: `Digest username="office", response="${token}"` },
    { Authorization: `Bearer ${'x'.repeat(5_000)}` },
    { Cookie: `token=${token}` },
    {},
  ]) {
    const answer = await office.post(headers);
    expect(answer.status, JSON.stringify(headers).slice(0, 100)).toBe(401);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    // A browser that is offered a password would send it by itself from then on.
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="tunna"');
    expect(answer.text).not.toContain(token);
  }
});

test('a second Authorization is refused, whichever of the two is good', async () => {
  const token = await add('office', 'operator');
  const answer = await office.post({ Authorization: [`Bearer ${token}`, 'Bearer other'] });
  expect(answer.status).toBe(400);
});

test('a good token of another kind gets 403', async () => {
  for (const kind of ['device', 'gateway', 'reader'] as const) {
    const answer = await office.post(bearer(await add(`a-${kind}`, kind)));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, undefined]);
  }
  const { values } = await office.refused.get();
  expect(values).toEqual([{ labels: { reason: 'kind' }, value: 3 }]);
});

test('what a page of another site makes a browser send is refused, even with a good token', async () => {
  const token = await add('office', 'operator');
  const answer = await office.post({ ...basic('office', token), 'Sec-Fetch-Site': 'cross-site' });
  expect(answer.status).toBe(403);
  const own = await office.post({ ...basic('office', token), 'Sec-Fetch-Site': 'same-origin' });
  expect(own.status).toBe(200);
});

test('the old token works until its time is over, a revoked one no more', async () => {
  const [old, young] = [await add('office', 'operator'), createToken()];
  await rotateToken(office.store, 'office', young, NOW_MS + 1);
  expect((await office.post(bearer(old))).status).toBe(200);
  await rotateToken(office.store, 'office', createToken(), NOW_MS);
  expect((await office.post(bearer(young))).status).toBe(401);
  const newest = createToken();
  await rotateToken(office.store, 'office', newest, NOW_MS + 1_000);
  expect((await office.post(bearer(newest))).status).toBe(200);
  await revokePrincipal(office.store, 'office', NOW_MS);
  expect((await office.post(bearer(newest))).status).toBe(401);
  expect((await office.post(basic('office', newest))).status).toBe(401);
});

test('many failures of an address make its further failures late, and nobody is locked out', async () => {
  const token = await add('office', 'operator');
  for (let count = 0; count < 20; count += 1) await office.post(bearer('wrong'));
  expect(office.waits).toHaveLength(0);
  const late = office.post(bearer('wrong'));
  await vi.waitFor(() => expect(office.waits).toHaveLength(1));
  expect((await office.post(bearer(token))).status).toBe(200);
  office.waits[0]?.resolve();
  expect((await late).status).toBe(401);
});

test('a body must be JSON, say so, be whole and short, and have the fields that are known', async () => {
  const headers = bearer(await add('office', 'operator'));
  for (const [status, more, body] of [
    [415, { 'Content-Type': 'text/plain' }, undefined],
    [415, { 'Content-Type': 'application/x-www-form-urlencoded' }, 'word=hello'],
    [415, { 'Content-Encoding': 'gzip' }, undefined],
    [200, { 'Content-Type': 'Application/JSON; charset=utf-8' }, undefined],
    [400, {}, ''],
    [400, {}, '{"word":'],
    [400, {}, 'null'],
    [400, {}, '{"word":1}'],
    [400, {}, '{"word":"a","__proto__":{}}'],
    [400, {}, '{"word":"a","more":1}'],
    [413, {}, `{"word":"${'x'.repeat(70_000)}"}`],
    [413, { 'Transfer-Encoding': 'chunked' }, `{"word":"${'x'.repeat(70_000)}"}`],
  ] as const) {
    const answer = await office.post({ ...headers, ...more }, body);
    expect([answer.status, body?.slice(0, 20)]).toEqual([status, body?.slice(0, 20)]);
  }
});
