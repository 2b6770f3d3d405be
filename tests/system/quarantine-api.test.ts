import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQuarantineWork } from '../../cli/parts/quarantine-work.ts';
import {
  QuarantinedMessage,
  QuarantineGroups,
  QuarantinePage,
  ReplayAnswer,
} from '../../dashboard/api/quarantine.ts';
import { Problem } from '../../dashboard/api/town.ts';
import { NOW_MS, openDashboard } from '../../dashboard/server/testing/open-dashboard.ts';
import type { Answer, TestDashboard } from '../../dashboard/server/testing/open-dashboard.ts';
import { deviceId } from '../../domain/testing/test-ids.ts';
import { storeArrivals } from '../../ingest/store-arrivals.ts';
import { checkBooks } from '../../ingest/testing/check-books.ts';
import { chirpStackUp, thingsStackUp } from '../../ingest/testing/network-documents.ts';
import { addBin, arrival } from '../../ingest/testing/sample-town.ts';
import { CHIRPSTACK_EUI, THINGS_STACK_EUI } from '../../ingest/testing/town-story.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { createToken, savePrincipal } from '../../store/principals.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';

const MINUTE_MS = 60_000;

let opened: Awaited<ReturnType<typeof openTestStore>>;
let store: Store;
let dashboard: TestDashboard;
const token = createToken();

beforeEach(async () => {
  opened = await openTestStore();
  store = opened.store;
  const quarantine = createQuarantineWork({ store, sources: [], now: () => NOW_MS });
  dashboard = await openDashboard({ store, quarantine });
  const operator = { id: 'office', kind: 'operator', prefixes: [], backfill: false } as const;
  await savePrincipal(store, operator, token);
});
afterEach(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard[Symbol.asyncDispose]();
  await opened[Symbol.asyncDispose]();
});

const authorization = { Authorization: `Bearer ${token}` };

async function read(path: string): Promise<unknown> {
  const answer = await dashboard.ask(`/api/v1/quarantine${path}`, { headers: authorization });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json;
}

function post(path: string, body: unknown): Promise<Answer> {
  const headers = { ...authorization, 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return dashboard.ask(`/api/v1/quarantine/${path}`, init);
}

async function take(messages: readonly Parameters<typeof arrival>[0][]): Promise<void> {
  const arrivals = messages.map((message) => arrival(message));
  await store.db.transaction().execute((trx) => storeArrivals(trx, store, arrivals));
}

/** A message of the form that Tunna's own devices use. */
const up = (device: string, minutesAgo: number, fillPercent: unknown = 40) => {
  const receivedAtMs = NOW_MS - minutesAgo * MINUTE_MS;
  const payload = { observedAt: receivedAtMs, fillPercent };
  return { topic: `bins/${device}/up`, payload, receivedAtMs };
};

const heard = (minutesAgo: number) => ({
  counter: minutesAgo,
  distanceMm: 700,
  heardAtMs: NOW_MS - minutesAgo * MINUTE_MS,
});

/** Two unknown devices that name their makers, one that does not, one registered without a codec, and a broken one. */
async function fillQuarantine(): Promise<void> {
  const model = 'acme/unheard-of';
  await saveDevices(store, [{ id: deviceId('odd'), model, reportIntervalSeconds: null }]);
  await take([
    ...[9, 8, 7].map((ago) => ({
      ...chirpStackUp(heard(ago)),
      receivedAtMs: heard(ago).heardAtMs,
    })),
    ...[6, 5].map((ago) => ({ ...thingsStackUp(heard(ago)), receivedAtMs: heard(ago).heardAtMs })),
    { ...up('stranger', 4), receivedAtMs: NOW_MS - 4 * MINUTE_MS },
    { ...up('stranger', 4), receivedAtMs: NOW_MS - 3 * MINUTE_MS },
    up('odd', 2, 4_000),
    { topic: 'nowhere', payload: 'nonsense', receivedAtMs: NOW_MS - MINUTE_MS },
  ]);
}

describe('the groups', () => {
  const short = ({ groups }: QuarantineGroups) =>
    groups.map(({ key, messages, times, devices }) => [key, messages, times, devices]);

  test('by reason say what it means, how many there are, since when, and show one', async () => {
    await fillQuarantine();
    const answer = QuarantineGroups.parse(await read('/groups'));
    expect(short(answer)).toEqual([
      ['unknown-device', 6, 7, 3],
      ['not-json', 1, 1, 0],
      ['impossible', 1, 1, 1],
    ]);
    const [strangers] = answer.groups;
    expect(strangers).toMatchObject({
      meaning: expect.stringContaining('no device of this id is registered'),
      firstReceivedAt: new Date(NOW_MS - 9 * MINUTE_MS).toISOString(),
      lastReceivedAt: new Date(NOW_MS - 3 * MINUTE_MS).toISOString(),
    });
    const example = QuarantinedMessage.parse(await read(`/${strangers?.exampleId}`));
    expect(example).toMatchObject({ deviceId: 'stranger', times: 2, reason: 'unknown-device' });
  });

  test('by device have one of messages that name none', async () => {
    await fillQuarantine();
    expect(short(QuarantineGroups.parse(await read('/groups?by=device')))).toEqual([
      [CHIRPSTACK_EUI, 3, 3, 1],
      [THINGS_STACK_EUI, 2, 2, 1],
      [null, 1, 1, 0],
      ['odd', 1, 1, 1],
      ['stranger', 1, 2, 1],
    ]);
  });

  test('by maker go by the registered model, else by what the message says', async () => {
    await fillQuarantine();
    expect(short(QuarantineGroups.parse(await read('/groups?by=maker')))).toEqual([
      ['milesight', 3, 3, 1],
      [null, 2, 3, 1],
      ['dingtek', 2, 2, 1],
      ['acme', 1, 1, 1],
    ]);
  });
});

describe('the list', () => {
  test('goes page by page through all of it, newest first, while more arrives', async () => {
    await fillQuarantine();
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = QuarantinePage.parse(await read(`?limit=3${cursor}`));
      seen.push(...page.messages.map(({ id }) => id));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
      await take([up(`late-${seen.length}`, 0)]);
    } while (cursor !== '');
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  test('shows what one asks for, by reason, device and state', async () => {
    await fillQuarantine();
    const list = async (query: string) =>
      QuarantinePage.parse(await read(query)).messages.map((message) => message.deviceId);
    expect(await list('?reason=impossible')).toEqual(['odd']);
    expect(await list('?maker=dingtek')).toEqual([THINGS_STACK_EUI, THINGS_STACK_EUI]);
    expect(await list('?maker=dingtek&reason=impossible')).toEqual([]);
    expect(await list('?maker=nobody')).toEqual([]);
    // EUIs in either case.
    expect(await list(`?device=${CHIRPSTACK_EUI.toUpperCase()}`)).toHaveLength(3);
    await saveDevices(store, [
      { id: deviceId('stranger'), model: null, reportIntervalSeconds: null },
    ]);
    await post('replay', { deviceId: 'stranger' });
    expect(await list('?device=stranger')).toEqual([]);
    expect(await list('?device=stranger&state=all')).toEqual(['stranger']);
    const wrong = await dashboard.ask('/api/v1/quarantine?reason=bad-luck', {
      headers: authorization,
    });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('unknown-format')]);
  });
});

test('a message is shown as it came, whatever bytes it has', async () => {
  const payload = Buffer.from('00ff', 'hex');
  await take([{ topic: 'nowhere', payload, receivedAtMs: NOW_MS }]);
  const [group] = QuarantineGroups.parse(await read('/groups')).groups;
  const message = QuarantinedMessage.parse(await read(`/${group?.exampleId}`));
  expect(message).toMatchObject({ payloadText: null, payloadBase64: 'AP8=', payloadHex: '00ff' });
});

test('without an operator’s token nothing is shown and nothing done', async () => {
  await fillQuarantine();
  await addBin(store, 'bin-1');
  const gateway = createToken();
  const gw = { id: 'gw', kind: 'gateway', prefixes: ['#'], backfill: false } as const;
  await savePrincipal(store, gw, gateway);
  const adoption = { deviceId: 'stranger', binId: 'bin-1' };
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['GET', '/groups', undefined],
    ['GET', '/1', undefined],
    ['POST', '/replay', { all: true }],
    ['POST', '/adopt', adoption],
  ] as const) {
    for (const [status, headers] of [
      [401, {}],
      [403, { Authorization: `Bearer ${gateway}` }],
    ] as const) {
      const all = { 'Content-Type': 'application/json', ...headers };
      const init = { method, headers: all, ...(body && { body: JSON.stringify(body) }) };
      const answer = await dashboard.ask(`/api/v1/quarantine${path}`, init);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.text).not.toContain('stranger');
    }
  }
  await checkBooks(store, 9);
  expect(await store.db.selectFrom('uplinks').selectAll().execute()).toEqual([]);
});

describe('a replay', () => {
  test('stores what is right now, of a device, a maker, a reason, some numbers or all', async () => {
    await fillQuarantine();
    await saveDevices(store, [
      { id: deviceId(CHIRPSTACK_EUI), model: null, reportIntervalSeconds: null },
      { id: deviceId('stranger'), model: null, reportIntervalSeconds: null },
    ]);
    const { messages } = QuarantinePage.parse(await read('?device=stranger'));
    const ids = [...messages.map(({ id }) => id), 4_711];
    for (const [body, stored, refused] of [
      [{ maker: 'nobody' }, 0, 0],
      [{ maker: 'milesight' }, 3, 0],
      [{ maker: 'milesight' }, 0, 0],
      [{ reason: 'impossible', deviceId: 'stranger' }, 0, 0],
      [{ ids }, 1, 0],
      [{ deviceId: 'odd' }, 0, 1],
      [{ all: true }, 0, 4],
    ] as const) {
      const answer = await post('replay', body);
      expect([body, answer.json]).toEqual([body, { stored, refused, next: null }]);
    }
    await checkBooks(store, 9);
  });

  test('of many goes on from request to request, and comes to its end', async () => {
    const count = 603;
    await take(Array.from({ length: count }, (_, index) => up('stranger', index)));
    await saveDevices(store, [
      { id: deviceId('stranger'), model: null, reportIntervalSeconds: null },
    ]);
    let stored = 0;
    let requests = 0;
    let more = {};
    for (;;) {
      const answer = ReplayAnswer.parse((await post('replay', { all: true, ...more })).json);
      requests += 1;
      stored += answer.stored;
      expect(answer.stored).toBeLessThanOrEqual(500);
      if (answer.next === null) break;
      more = { after: answer.next };
    }
    expect(stored).toBe(count);
    expect(requests).toBeGreaterThanOrEqual(2);
    await checkBooks(store, count);
  }, 120_000);

  test('of what makes no sense is refused, with what is expected', async () => {
    const wrong = [
      {},
      { all: false },
      { ids: [] },
      { ids: [0] },
      { ids: [1.5] },
      { ids: ['1'] },
      { ids: Array.from({ length: 501 }, (_, index) => index + 1) },
      { ids: [1], all: true },
      { reason: 'bad-luck' },
      { deviceId: 'a b' },
      { maker: '%' },
      { reason: 'impossible', more: 1 },
      { all: true, after: 'x' },
      [],
      null,
      'all',
    ];
    for (const body of wrong) {
      const answer = await post('replay', body);
      expect([body, answer.status]).toEqual([body, 400]);
      expect(Problem.parse(answer.json).errors?.length).toBeGreaterThan(0);
    }
  });
});

describe('an adoption', () => {
  const geometry = {
    shape: 'prism',
    emptyDistanceMm: 1_200,
    fullDistanceMm: 200,
  };

  test('registers the device, puts it into the bin, and stores what it has sent', async () => {
    await fillQuarantine();
    await addBin(store, 'bin-1');
    const adoption = {
      ...{ deviceId: CHIRPSTACK_EUI.toUpperCase(), binId: 'bin-1', model: 'EM400-MUD' },
      ...{ geometry, reportIntervalSeconds: 900 },
    };
    const answer = await post('adopt', adoption);
    expect(answer.json).toEqual({ stored: 3, refused: 0, next: null });
    const bin = await dashboard.ask('/api/v1/bins/bin-1');
    expect(bin.json).toMatchObject({
      fillPercent: 50,
      mountings: [{ deviceId: CHIRPSTACK_EUI, model: 'milesight/em400-mud', ...geometry }],
    });
    await checkBooks(store, 9);
  });

  test('of a device that has sent much goes on with a replay', async () => {
    await addBin(store, 'bin-1');
    await take(Array.from({ length: 230 }, (_, index) => up('stranger', index)));
    const adopted = await post('adopt', { deviceId: 'stranger', binId: 'bin-1' });
    const { stored, next } = ReplayAnswer.parse(adopted.json);
    expect(stored).toBe(200);
    const rest = await post('replay', { deviceId: 'stranger', after: next });
    expect(rest.json).toEqual({ stored: 30, refused: 0, next: null });
    await checkBooks(store, 230);
  });

  test('of several shapes of bin', async () => {
    await addBin(store, 'bin-1');
    const rows = [
      { heightMm: 0, litres: 0 },
      { heightMm: 1_000, litres: 660 },
    ];
    const shapes = [
      { ...geometry, shape: 'taper', areaRatio: 0.7 },
      { ...geometry, shape: 'strapping-table', strappingTable: rows },
      { ...geometry, temperatureReferenceC: 20, blindZoneMm: 200 },
    ];
    for (const [index, shape] of shapes.entries()) {
      await take([up(`stranger-${index}`, 0)]);
      const adoption = { deviceId: `stranger-${index}`, binId: 'bin-1', geometry: shape };
      expect((await post('adopt', adoption)).json).toEqual({ stored: 1, refused: 0, next: null });
      const { json } = await dashboard.ask('/api/v1/bins/bin-1');
      expect(json).toMatchObject({
        mountings: expect.arrayContaining([expect.objectContaining(shape)]),
      });
    }
  });

  test('that cannot be is refused with its field, and changes nothing', async () => {
    await fillQuarantine();
    await addBin(store, 'bin-1');
    const good = { deviceId: 'stranger', binId: 'bin-1' };
    for (const [change, status, what] of [
      [{ binId: 'nowhere' }, 400, 'binId'],
      [{ binId: 'a b' }, 400, 'binId'],
      [{ model: 'acme/unheard-of' }, 400, 'model'],
      [{ geometry: { ...geometry, emptyDistanceMm: 100 } }, 400, 'geometry'],
      [{ geometry: { ...geometry, areaRatio: 1 } }, 400, 'geometry'],
      [{ geometry: { shape: 'ball' } }, 400, 'geometry'],
      [{ reportIntervalSeconds: 0 }, 400, 'reportIntervalSeconds'],
      [{ surprise: 1 }, 400, 'surprise'],
      [{ deviceId: 'odd' }, 409, 'registered already'],
      [{ deviceId: 'never-heard' }, 404, 'nothing from never-heard'],
    ] as const) {
      const answer = await post('adopt', { ...good, ...change });
      expect([what, answer.status]).toEqual([what, status]);
      const { errors, detail } = Problem.parse(answer.json);
      if (status === 400) expect(errors?.[0]?.field.split('.')[0]).toBe(what);
      else expect(detail).toContain(what);
    }
    const devices = await store.db.selectFrom('devices').select('id').execute();
    expect(devices).toEqual([{ id: 'odd' }]);
    await checkBooks(store, 9);
  });
});
