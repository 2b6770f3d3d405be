import { once } from 'node:events';
import net from 'node:net';
import { expect, test, vi } from 'vitest';
import { BinsEvent, HelloEvent, RemovedEvent } from '../api/town.ts';
import { appendChanges, newestChange, pruneChanges } from '../../store/changes.ts';
import type { Store } from '../../store/database.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import { followEvents } from './testing/follow-events.ts';
import { NOW_MS, openDashboard } from './testing/open-dashboard.ts';
import type { TestDashboard } from './testing/open-dashboard.ts';

let lastMs = NOW_MS;

/** A level newer than any before. */
async function fill(store: Store, binId: string, fillPercent: number): Promise<void> {
  lastMs += 1;
  await seedReadings(store, [{ deviceId: 'dev-1', binId, atMs: lastMs, fillPercent }]);
}

function fills(data: unknown): Record<string, number | null> {
  return Object.fromEntries(BinsEvent.parse(data).bins.map((bin) => [bin.id, bin.fillPercent]));
}

async function removeBin(store: Store, id: string): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await trx.deleteFrom('bins').where('id', '=', id).execute();
    await appendChanges(trx, store.kind, [{ kind: 'bin-removed', id }]);
  });
}

/** The hub follows the changes a moment after the start; before that, streams are refused. */
async function openTown(options: Parameters<typeof openDashboard>[0] = {}): Promise<TestDashboard> {
  const town = await openDashboard({ ...options, events: { gapMs: 20, ...options.events } });
  for (const id of ['bin-1', 'bin-2', 'bin-3']) await seedBin(town.store, id);
  await vi.waitUntil(async () => (await town.ask('/readyz')).status === 200, { timeout: 10_000 });
  return town;
}

/** Waits until clients have been told of everything: a new stream begins at the newest change. */
async function settle(town: TestDashboard): Promise<string> {
  const newest = await newestChange(town.store);
  await vi.waitUntil(
    async () => {
      await using stream = await followEvents(town.port);
      const [hello] = await stream.wait('hello');
      return HelloEvent.parse(hello?.data).lastChange === newest;
    },
    { timeout: 10_000, interval: 50 },
  );
  return String(newest);
}

test('a stream begins with hello and goes on with bins as they change', async () => {
  await using town = await openTown();
  const id = await settle(town);
  await using stream = await followEvents(town.port);
  expect(stream.status).toBe(200);
  expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
  expect(stream.headers['cache-control']).toContain('no-transform');
  const [hello] = await stream.wait('hello');
  expect(hello).toMatchObject({ id, data: { serverTime: '2026-03-01T12:00:00.000Z' } });
  await fill(town.store, 'bin-2', 42);
  const [bins] = await stream.wait('bins');
  expect(fills(bins?.data)).toEqual({ 'bin-2': 42 });
  expect(bins?.id).toBe(String(await newestChange(town.store)));
});

test('a stream is not compressed, so that no event waits for another', async () => {
  await using town = await openTown();
  await using stream = await followEvents(town.port, { headers: { 'accept-encoding': 'gzip' } });
  expect(stream.headers['content-encoding']).toBeUndefined();
  await stream.wait('hello');
});

test('the first change after a quiet time is told at once', async () => {
  await using town = await openTown({ events: { gapMs: 60_000 } });
  await settle(town);
  await using stream = await followEvents(town.port);
  await stream.wait('hello');
  await fill(town.store, 'bin-1', 1);
  expect(fills((await stream.wait('bins'))[0]?.data)).toEqual({ 'bin-1': 1 });
});

test('changes that follow close on one another are told together', async () => {
  await using town = await openTown({ events: { gapMs: 1_500 } });
  await settle(town);
  await using stream = await followEvents(town.port);
  await stream.wait('hello');
  await fill(town.store, 'bin-1', 1);
  await stream.wait('bins');
  for (const level of [2, 3, 4]) {
    await fill(town.store, 'bin-2', level);
    await fill(town.store, 'bin-3', level * 10);
  }
  const [, second] = await stream.wait('bins', 2);
  expect(fills(second?.data)).toEqual({ 'bin-2': 4, 'bin-3': 40 });
});

test('all clients are told the same, with the same numbers', async () => {
  await using town = await openTown();
  await settle(town);
  await using one = await followEvents(town.port);
  await using other = await followEvents(town.port);
  await Promise.all([one.wait('hello'), other.wait('hello')]);
  await fill(town.store, 'bin-1', 9);
  expect(await one.wait('bins')).toEqual(await other.wait('bins'));
});

test('a client that comes back gets what it missed as one event', async () => {
  await using town = await openTown();
  const id = await settle(town);
  for (const level of [10, 20, 30]) await fill(town.store, 'bin-1', level);
  await fill(town.store, 'bin-3', 5);
  await settle(town);
  for (const init of [{ headers: { 'last-event-id': id } }, { query: `?lastEventId=${id}` }]) {
    await using stream = await followEvents(town.port, init);
    const [bins] = await stream.wait('bins');
    expect(stream.events.map(({ type }) => type)).toEqual(['hello', 'bins']);
    // Until it has what it missed, its number stays where it was.
    expect(stream.events[0]?.id).toBe(id);
    expect(fills(bins?.data)).toEqual({ 'bin-1': 30, 'bin-3': 5 });
    expect(bins?.id).toBe(String(await newestChange(town.store)));
  }
});

test('nothing is lost between streams, wherever one breaks off', async () => {
  await using town = await openTown();
  let lastEventId = await settle(town);
  const seen: Record<string, number | null> = {};
  for (let round = 1; round <= 5; round += 1) {
    await fill(town.store, 'bin-1', round);
    await using stream = await followEvents(town.port, {
      headers: { 'last-event-id': lastEventId },
    });
    await fill(town.store, 'bin-2', round);
    await vi.waitUntil(
      () => {
        for (const event of stream.events) {
          lastEventId = event.id;
          if (event.type === 'bins') Object.assign(seen, fills(event.data));
        }
        return seen['bin-1'] === round && (round < 5 || seen['bin-2'] === round);
      },
      { timeout: 10_000, interval: 5 },
    );
  }
  expect(seen).toEqual({ 'bin-1': 5, 'bin-2': 5 });
});

test('a client that missed nothing is told nothing but hello', async () => {
  await using town = await openTown();
  const id = await settle(town);
  await using stream = await followEvents(town.port, { headers: { 'last-event-id': id } });
  await stream.wait('hello');
  await fill(town.store, 'bin-1', 3);
  await stream.wait('bins');
  expect(stream.events.map(({ type }) => type)).toEqual(['hello', 'bins']);
});

test('removed bins are told, before the bins that changed with them', async () => {
  await using town = await openTown();
  const id = await settle(town);
  await using live = await followEvents(town.port);
  await live.wait('hello');
  await removeBin(town.store, 'bin-1');
  const [removed] = await live.wait('removed');
  expect(RemovedEvent.parse(removed?.data)).toEqual({ ids: ['bin-1'] });
  await fill(town.store, 'bin-2', 8);
  await settle(town);
  await using back = await followEvents(town.port, { headers: { 'last-event-id': id } });
  await back.wait('bins');
  const ids = back.events.map((event) => [event.type, event.id]);
  const newest = String(await newestChange(town.store));
  expect(ids).toEqual([
    ['hello', id],
    ['removed', id],
    ['bins', newest],
  ]);
});

test.each([
  ['is of changes no longer kept', '1'],
  ['was never given', '999999'],
  ['is no number', 'abc'],
])('a number that %s gets reset', async (_what, lastEventId) => {
  await using town = await openTown();
  await fill(town.store, 'bin-1', 1);
  const newest = await settle(town);
  await pruneChanges(town.store, 1);
  await using stream = await followEvents(town.port, { headers: { 'last-event-id': lastEventId } });
  const [reset] = await stream.wait('reset');
  expect(reset).toEqual({ id: newest, type: 'reset', data: {} });
  await fill(town.store, 'bin-2', 2);
  expect(fills((await stream.wait('bins'))[0]?.data)).toEqual({ 'bin-2': 2 });
});

test('a client that missed too many bins gets reset', async () => {
  await using town = await openTown({ events: { maxMissedBins: 2 } });
  const id = await settle(town);
  for (const bin of ['bin-1', 'bin-2', 'bin-3']) await fill(town.store, bin, 1);
  await settle(town);
  await using stream = await followEvents(town.port, { headers: { 'last-event-id': id } });
  await stream.wait('reset');
});

test('a quiet stream is kept open, and its number moves past what it is not told', async () => {
  await using town = await openTown({ events: { heartbeatMs: 50 } });
  await settle(town);
  await using stream = await followEvents(town.port);
  await stream.wait('hello');
  await seedDevice(town.store, { id: 'dev-9', binId: 'bin-1' });
  const newest = await settle(town);
  await vi.waitUntil(() => stream.raw().includes(`:\nid: ${newest}\n\n`), { timeout: 10_000 });
});

test('more clients than allowed are asked to come back, and may when one has gone', async () => {
  await using town = await openTown({ events: { maxClients: 1 } });
  {
    await using stream = await followEvents(town.port);
    await stream.wait('hello');
    const refused = await town.ask('/api/v1/events');
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
  }
  await vi.waitUntil(
    async () => {
      await using stream = await followEvents(town.port);
      return stream.status === 200;
    },
    { timeout: 10_000 },
  );
});

test('a client that does not read is cut off; the others go on', async () => {
  await using town = await openTown({ events: { maxBacklogBytes: 10_000, gapMs: 1 } });
  const long = 'x'.repeat(20_000);
  const slow = net.connect(town.port, '127.0.0.1');
  await once(slow, 'connect');
  slow.pause();
  slow.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await using good = await followEvents(town.port);
  await vi.waitUntil(async () => (await readClients(town)) === 2, { timeout: 10_000 });
  for (let round = 1; (await readClients(town)) === 2; round += 1) {
    expect(round).toBeLessThan(200);
    const bins = Array.from({ length: 20 }, (_, index) => `big-${index}`);
    for (const bin of bins) await seedBin(town.store, bin, { name: `${round}${long}` });
  }
  slow.destroy();
  expect(good.isEnded()).toBe(false);
  await fill(town.store, 'bin-1', 77);
  await vi.waitUntil(() => good.raw().includes('"fillPercent":77'), { timeout: 10_000 });
});

async function readClients(town: TestDashboard): Promise<number> {
  const { text } = await town.ask('/metrics');
  return Number(/^tunna_event_clients (\d+)$/m.exec(text)?.[1]);
}

test('streams end when the dashboard stops', async () => {
  await using town = await openTown();
  await using stream = await followEvents(town.port);
  await stream.wait('hello');
  await town.stop();
  await vi.waitUntil(() => stream.isEnded());
});

test('pages of other sites cannot take up a stream', async () => {
  await using town = await openTown();
  const answer = await town.ask('/api/v1/events', { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(answer.status).toBe(403);
});

test('HEAD of the stream ends', async () => {
  await using town = await openTown();
  const answer = await town.ask('/api/v1/events', { method: 'HEAD' });
  expect([answer.status, answer.text]).toEqual([200, '']);
});
