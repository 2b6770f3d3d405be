import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTownStore } from '../state/town-store.ts';
import { makeBin } from '../testing/make-bin.ts';
import { standInLine } from '../testing/stand-in-line.ts';
import { startTownServer } from '../testing/town-server.ts';
import type { TownServer } from '../testing/town-server.ts';
import { createTownApi } from './town-api.ts';
import { TownSync } from './town-sync.ts';

beforeEach(() => {
  standInLine();
  // Only the page's own pauses; sockets keep to real time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Longer than events are gathered before they are drawn. */
const GATHERED_MS = 1000;
/** Longer than the page waits before it tries a load again. */
const PATIENCE_MS = 10_000;

const WAIT = { timeout: 10_000, interval: 10 };

/** A page's store that is kept in step with the server until it is disposed. */
function openPage(server: TownServer) {
  const store = createTownStore(() => Date.now());
  const numbers: string[] = [];
  const sync = new TownSync({
    api: createTownApi(server.base),
    store,
    eventsUrl: server.eventsUrl,
    onChangeNumber: (changeNumber) => numbers.push(changeNumber),
  });
  sync.start();
  const fills = () =>
    Object.fromEntries(store.views.value.map(({ bin }) => [bin.id, bin.fillPercent]));
  return {
    store,
    sync,
    numbers,
    fills,
    /** Waits until these are the bins, with these levels. */
    shows: (wanted: Record<string, number>) =>
      vi.waitFor(() => expect(fills()).toEqual(wanted), WAIT),
    [Symbol.dispose]: () => sync.stop(),
  };
}

function bin(id: string, fillPercent: number) {
  return makeBin({ id, fillPercent });
}

describe('a page', () => {
  test('loads all bins and then follows the stream', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10), bin('b', 20)]);
    using page = openPage(server);
    await page.shows({ a: 10, b: 20 });
    expect(page.store.phase.value).toBe('ready');
    await vi.waitFor(() => expect(page.store.connection.value).toBe('live'), WAIT);
    server.send(1, 'bins', { bins: [bin('a', 30), bin('c', 40)] });
    server.send(2, 'removed', { ids: ['b'] });
    await page.shows({ a: 30, c: 40 });
    expect(page.numbers.at(-1)).toBe('2');
    expect(server.requests).toEqual(['/bins']);
  });

  test('shows the last of several levels of a bin, and bins that went and came back', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10), bin('b', 20)]);
    using page = openPage(server);
    await page.shows({ a: 10, b: 20 });
    server.send(1, 'bins', { bins: [bin('a', 11)] });
    server.send(2, 'removed', { ids: ['a', 'b'] });
    server.send(3, 'bins', { bins: [bin('a', 12)] });
    server.send(4, 'bins', { bins: [bin('c', 1)] });
    server.send(5, 'removed', { ids: ['c'] });
    await page.shows({ a: 12 });
  });

  test('draws events that come close together once', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 0)]);
    using page = openPage(server);
    await page.shows({ a: 0 });
    const drawn: unknown[] = [];
    const stop = page.store.views.subscribe(() => void drawn.push(page.fills()['a']));
    const text = Array.from(
      { length: 50 },
      (_, index) =>
        `id: ${index + 1}\nevent: bins\ndata: ${JSON.stringify({ bins: [bin('a', index + 1)] })}\n\n`,
    );
    server.sendRaw(text.join(''));
    await page.shows({ a: 50 });
    stop();
    expect(drawn.length).toBeLessThan(10);
  });

  test('follows the clock of the server', async () => {
    await using server = await startTownServer();
    using page = openPage(server);
    await vi.waitFor(() => expect(page.store.connection.value).toBe('live'), WAIT);
    expect(Math.abs((page.store.heardAtMs.value ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  test('is still once it is stopped, even in the middle of a load', async () => {
    await using server = await startTownServer();
    const held = server.holdBins();
    using page = openPage(server);
    await vi.waitFor(() => expect(held.waiting()).toBe(1), WAIT);
    page.sync.stop();
    await vi.waitFor(() => expect(server.streams[0]?.isEnded()).toBe(true), WAIT);
    held.release();
    vi.advanceTimersByTime(PATIENCE_MS);
    // A question of another page shows that this one has asked none before.
    await createTownApi(server.base).fetchBins(new AbortController().signal);
    expect(server.requests).toEqual(['/bins', '/bins']);
    expect(page.store.phase.value).toBe('loading');
  });
});

describe('a load that takes its time', () => {
  test('does not undo what the stream said meanwhile', async () => {
    await using server = await startTownServer();
    const held = server.holdBins();
    server.setBins([bin('a', 10), bin('b', 20)]);
    using page = openPage(server);
    await vi.waitFor(() => expect(held.waiting()).toBe(1), WAIT);
    server.send(1, 'bins', { bins: [bin('a', 90)] });
    server.send(2, 'removed', { ids: ['b'] });
    await vi.waitFor(() => expect(page.numbers).toContain('2'), WAIT);
    vi.advanceTimersByTime(GATHERED_MS);
    held.release();
    await page.shows({ a: 90 });
  });

  test('is given up for a newer one, whose answer alone counts', async () => {
    await using server = await startTownServer();
    const held = server.holdBins();
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    const phases: string[] = [];
    const stop = page.store.phase.subscribe((phase) => void phases.push(phase));
    await vi.waitFor(() => expect(held.waiting()).toBe(1), WAIT);
    server.setBins([bin('a', 50)]);
    server.send(1, 'reset', {});
    await vi.waitFor(() => expect(held.waiting()).toBe(2), WAIT);
    held.release();
    await page.shows({ a: 50 });
    stop();
    expect(phases).toEqual(['loading', 'ready']);
  });

  test('is not overwritten afterwards by what was heard before it began', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await page.shows({ a: 10 });
    const held = server.holdBins();
    server.send(1, 'reset', {});
    await vi.waitFor(() => expect(held.waiting()).toBe(1), WAIT);
    // Heard while a load is on its way, so it waits.
    server.send(2, 'bins', { bins: [bin('a', 20)] });
    await vi.waitFor(() => expect(page.numbers).toContain('2'), WAIT);
    // The line breaks, the level changes unheard, and too much was missed to be told.
    server.setBins([bin('a', 90)]);
    server.breakStreams(() => server.send(99, 'reset', {}));
    await vi.waitFor(() => expect(held.waiting()).toBe(2), WAIT);
    const seen: unknown[] = [];
    const stop = page.store.views.subscribe(() => void seen.push(page.fills()['a']));
    held.release();
    await page.shows({ a: 90 });
    server.send(100, 'bins', { bins: [bin('b', 1)] });
    await page.shows({ a: 90, b: 1 });
    stop();
    // It may show the older level until the newer is there, never after.
    expect(seen.slice(seen.indexOf(90))).toEqual(seen.slice(seen.indexOf(90)).map(() => 90));
  });
});

describe('a broken line', () => {
  test('leaves what is known on the page, says so, and mends itself without a load', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await page.shows({ a: 10 });
    server.send(5, 'bins', { bins: [bin('a', 15)] });
    await page.shows({ a: 15 });
    const connections: string[] = [];
    const stop = page.store.connection.subscribe((connection) => void connections.push(connection));
    server.breakStreams(() => server.send(6, 'bins', { bins: [bin('a', 20)] }));
    await page.shows({ a: 20 });
    stop();
    expect(connections).toEqual(['live', 'offline', 'live']);
    expect(server.streams.at(-1)?.lastEventId).toBe('5');
    expect(server.requests).toEqual(['/bins']);
  });

  test('over which too much was missed is mended by a load', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10), bin('b', 20)]);
    using page = openPage(server);
    await page.shows({ a: 10, b: 20 });
    server.setBins([bin('b', 99)]);
    server.breakStreams(() => server.send(9000, 'reset', {}));
    await page.shows({ b: 99 });
    expect(server.requests).toEqual(['/bins', '/bins']);
  });

  test('at which the stream begins afresh is mended by a load too', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await page.shows({ a: 10 });
    server.refuseStreams(502);
    server.breakStreams();
    await vi.waitFor(() => expect(server.streams.length).toBeGreaterThan(1), WAIT);
    server.setBins([bin('a', 70)]);
    server.refuseStreams(null);
    await page.shows({ a: 70 });
    expect(page.store.connection.value).toBe('live');
  });

  test('from the start does not keep the bins from being shown', async () => {
    await using server = await startTownServer();
    server.refuseStreams(503);
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await page.shows({ a: 10 });
    expect(page.store.connection.value).toBe('offline');
  });

  test('that says something unreadable has all bins loaded anew', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await page.shows({ a: 10 });
    server.setBins([bin('a', 60)]);
    server.sendRaw('id: 3\nevent: bins\ndata: {"bins":[{"id"\n\n');
    await page.shows({ a: 60 });
  });
});

describe('a load that fails', () => {
  test('at first is told, and is tried again without being asked', async () => {
    await using server = await startTownServer();
    server.fail(500);
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await vi.waitFor(() => expect(page.store.phase.value).toBe('failed'), WAIT);
    server.fail(null);
    vi.advanceTimersByTime(PATIENCE_MS);
    await page.shows({ a: 10 });
    expect(page.store.phase.value).toBe('ready');
  });

  test('at first does not let a few live bins pass for the whole town', async () => {
    await using server = await startTownServer();
    server.fail(500);
    server.setBins([bin('a', 10), bin('b', 20)]);
    using page = openPage(server);
    await vi.waitFor(() => expect(page.store.phase.value).toBe('failed'), WAIT);
    const seen: number[] = [];
    const stop = page.store.views.subscribe((views) => void seen.push(views.length));
    server.send(1, 'bins', { bins: [bin('a', 11)] });
    await vi.waitFor(() => expect(page.numbers).toContain('1'), WAIT);
    vi.advanceTimersByTime(GATHERED_MS);
    server.setBins([bin('a', 11), bin('b', 20)]);
    server.fail(null);
    await page.sync.load();
    await page.shows({ a: 11, b: 20 });
    stop();
    expect(new Set(seen)).toEqual(new Set([0, 2]));
  });

  test('later leaves the page as it is, and the stream goes on', async () => {
    await using server = await startTownServer();
    server.setBins([bin('a', 10)]);
    using page = openPage(server);
    await page.shows({ a: 10 });
    const held = server.holdBins();
    server.fail(500);
    server.send(1, 'reset', {});
    await vi.waitFor(() => expect(held.waiting()).toBe(1), WAIT);
    server.send(2, 'bins', { bins: [bin('a', 20)] });
    await vi.waitFor(() => expect(page.numbers).toContain('2'), WAIT);
    vi.advanceTimersByTime(GATHERED_MS);
    expect(page.fills()).toEqual({ a: 10 });
    held.release();
    // What was heard during the load is shown though the load has failed, and before it is tried again.
    await vi.waitFor(() => expect(page.fills()).toEqual({ a: 20 }), { ...WAIT, timeout: 3000 });
    expect(page.store.phase.value).toBe('ready');
  });
});
