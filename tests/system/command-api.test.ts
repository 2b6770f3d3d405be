import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOrderCommand } from '../../cli/parts/order-command.ts';
import { Command, CommandList } from '../../dashboard/api/commands.ts';
import { Problem } from '../../dashboard/api/town.ts';
import { NOW_MS, openDashboard } from '../../dashboard/server/testing/open-dashboard.ts';
import type { Answer, TestDashboard } from '../../dashboard/server/testing/open-dashboard.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { chirpStackUp } from '../../ingest/testing/network-documents.ts';
import { addMountedDevice, arrival } from '../../ingest/testing/sample-town.ts';
import { CHIRPSTACK_EUI } from '../../ingest/testing/town-story.ts';
import type { Store } from '../../store/database.ts';
import { createToken, savePrincipal } from '../../store/principals.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';

let opened: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;
let dashboard: TestDashboard;
const tokens = { office: createToken(), 'dev-1': createToken(), lorawan: createToken() };

beforeEach(async () => {
  opened = await openTestStore();
  store = opened.store;
  dashboard = await openDashboard({ store, orderCommand: createOrderCommand(store, () => NOW_MS) });
  for (const [id, kind, prefixes] of [
    ['office', 'operator', []],
    ['dev-1', 'device', []],
    ['lorawan', 'gateway', ['application/#']],
  ] as const) {
    await savePrincipal(store, { id, kind, prefixes, backfill: false }, tokens[id]);
  }
  const model = 'milesight/em400-mud';
  await addMountedDevice(store, { bin: 'bin-1', id: 'dev-1', model: null }, NOW_MS);
  await addMountedDevice(store, { bin: 'bin-2', id: CHIRPSTACK_EUI, model }, NOW_MS);
  await addMountedDevice(store, { bin: 'bin-3', id: 'silent', model: null }, NOW_MS);
  const heard = [
    { topic: 'bins/dev-1/up', payload: { fillPercent: 40 }, principal: 'dev-1' },
    {
      ...chirpStackUp({ counter: 1, distanceMm: 800, heardAtMs: NOW_MS }),
      principal: 'lorawan',
    },
  ].map((message) => arrival({ receivedAtMs: NOW_MS, ...message }));
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, heard));
});
afterEach(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard[Symbol.asyncDispose]();
  await opened[Symbol.asyncDispose]();
});

function ask(method: string, path: string, body?: unknown, token = tokens.office): Promise<Answer> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return dashboard.ask(`/api/v1/${path}`, { method, headers, ...text });
}

const HOURLY = { kind: 'set-report-interval', seconds: 3_600 } as const;

async function order(deviceId: string, command: object = HOURLY, more: object = {}) {
  const answer = await ask('POST', `devices/${deviceId}/commands`, { command, ...more });
  expect(answer.status, answer.text).toBe(202);
  const queued = Command.parse(answer.json);
  expect(answer.headers['location']).toBe(`/api/v1/commands/${queued.id}`);
  return queued;
}

test('an operator asks a device for something, and sees that it waits', async () => {
  const queued = await order('dev-1', HOURLY, { expiresInSeconds: 600 });
  expect(queued).toMatchObject({
    ...{ deviceId: 'dev-1', command: HOURLY, state: 'queued', requestedBy: 'api:office' },
    ...{ expiresAt: new Date(NOW_MS + 600_000).toISOString(), topic: 'bins/dev-1/down' },
  });
  expect((await ask('GET', `commands/${queued.id}`)).json).toEqual(queued);
  const { commands } = CommandList.parse((await ask('GET', 'commands')).json);
  expect(commands).toEqual([queued]);
});

test('bytes of a maker’s manual go out as they are', async () => {
  const raw = { kind: 'raw', fPort: 85, bytesHex: 'FF10ff' };
  const queued = await order(CHIRPSTACK_EUI.toUpperCase(), raw);
  expect(queued.command).toEqual({ ...raw, bytesHex: 'ff10ff' });
  expect(queued.payload).toContain(Buffer.from('ff10ff', 'hex').toString('base64'));
});

test('commands are listed by device and state, newest first', async () => {
  await order('dev-1');
  const second = await order('dev-1');
  await order(CHIRPSTACK_EUI);
  const list = async (query: string) =>
    CommandList.parse((await ask('GET', `commands?${query}`)).json).commands;
  expect(await list('device=dev-1&state=queued')).toEqual([second]);
  expect((await list('device=dev-1')).map(({ state }) => state).sort()).toEqual([
    'failed',
    'queued',
  ]);
  expect(await list('limit=1')).toHaveLength(1);
  expect(await list('state=acknowledged')).toEqual([]);
});

test('what has not been sent can be taken back, once', async () => {
  const { id } = await order('dev-1');
  const cancelled = Command.parse((await ask('POST', `commands/${id}/cancel`)).json);
  expect(cancelled).toMatchObject({ id, state: 'failed', detail: 'cancelled' });
  const again = await ask('POST', `commands/${id}/cancel`);
  expect([again.status, again.text]).toEqual([409, expect.stringContaining('failed already')]);
  const unknown = 'commands/00000000-0000-4000-8000-000000000000';
  expect((await ask('POST', `${unknown}/cancel`)).status).toBe(404);
  expect((await ask('GET', unknown)).status).toBe(404);
});

test('what cannot be is refused with the reason, and nothing waits', async () => {
  for (const [deviceId, body, status, what] of [
    ['nobody', { command: HOURLY }, 404, 'no device nobody'],
    ['silent', { command: HOURLY }, 409, 'never heard'],
    [CHIRPSTACK_EUI, { command: { kind: 'set-fire-threshold', temperatureC: 60 } }, 409, 'em400'],
    [CHIRPSTACK_EUI, { command: { ...HOURLY, seconds: 31_000_000 } }, 400, 'command'],
    ['a%20b', { command: HOURLY }, 400, 'deviceId'],
    ['dev-1', { command: { kind: 'explode' } }, 400, 'command.kind'],
    ['dev-1', { command: { ...HOURLY, seconds: 0 } }, 400, 'command.seconds'],
    ['dev-1', { command: { ...HOURLY, more: 1 } }, 400, 'command.more'],
    ['dev-1', { command: { kind: 'raw', bytesHex: 'f' } }, 400, 'command.bytesHex'],
    ['dev-1', { command: HOURLY, expiresInSeconds: 1 }, 400, 'expiresInSeconds'],
    ['dev-1', HOURLY, 400, 'command'],
  ] as const) {
    const answer = await ask('POST', `devices/${deviceId}/commands`, body);
    expect([what, answer.status, answer.text]).toEqual([what, status, expect.anything()]);
    const { errors, detail } = Problem.parse(answer.json);
    if (status === 400) expect(errors?.map(({ field }) => field)).toContain(what);
    else expect(detail).toContain(what);
  }
  expect(await store.db.selectFrom('commands').selectAll().execute()).toEqual([]);
});

test('nobody but an operator asks for anything, or sees what was asked for', async () => {
  const { id } = await order('dev-1');
  for (const [method, path, body] of [
    ['POST', 'devices/dev-1/commands', { command: HOURLY }],
    ['GET', 'commands', undefined],
    ['GET', `commands/${id}`, undefined],
    ['POST', `commands/${id}/cancel`, undefined],
  ] as const) {
    expect((await ask(method, path, body, tokens['dev-1'])).status).toBe(403);
    expect((await ask(method, path, body, tokens.lorawan)).status).toBe(403);
    expect((await ask(method, path, body, 'wrong')).status).toBe(401);
  }
  const { commands } = CommandList.parse((await ask('GET', 'commands')).json);
  expect(commands.map(({ state }) => state)).toEqual(['queued']);
});
