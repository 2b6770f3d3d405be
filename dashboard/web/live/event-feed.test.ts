import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeBin } from '../testing/make-bin.ts';
import { standInLine } from '../testing/stand-in-line.ts';
import { startTownServer } from '../testing/town-server.ts';
import type { TownServer } from '../testing/town-server.ts';
import { EventFeed } from './event-feed.ts';

let line: ReturnType<typeof standInLine>;
beforeEach(() => {
  line = standInLine();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A feed that writes down what it tells, until it is disposed. */
function follow(server: TownServer) {
  const told: string[] = [];
  const feed = new EventFeed(server.eventsUrl, {
    onHello: (_, isFresh) => told.push(isFresh ? 'hello, fresh' : 'hello again'),
    onBins: ({ bins }) => told.push(`bins ${bins.map(({ id }) => id).join()}`),
    onRemoved: ({ ids }) => told.push(`removed ${ids.join()}`),
    onReset: () => told.push('reset'),
    onLost: () => told.push('lost'),
    onChangeNumber: (changeNumber) => told.push(`#${changeNumber}`),
  });
  feed.start();
  return {
    told,
    /** Waits until something has been told. */
    hears: (what: string) => vi.waitFor(() => expect(told).toContain(what), { timeout: 10_000 }),
    stop: () => feed.stop(),
    [Symbol.dispose]: () => feed.stop(),
  };
}

describe('the live stream', () => {
  test('begins afresh and passes on what it says, with the number of each change', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    server.send(7, 'bins', { bins: [makeBin({ id: 'a' }), makeBin({ id: 'b' })] });
    server.send(8, 'removed', { ids: ['b'] });
    server.send(9, 'reset', {});
    await feed.hears('reset');
    expect(feed.told).toEqual(['hello, fresh', '#0', 'bins a,b', '#7', 'removed b', '#8', 'reset']);
  });

  test('goes on after a break where it was, by the number of the last event', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    server.send(7, 'bins', { bins: [makeBin({ id: 'a' })] });
    await feed.hears('#7');
    server.breakStreams(() => server.send(9, 'bins', { bins: [makeBin({ id: 'missed' })] }));
    await feed.hears('bins missed');
    expect(feed.told).toEqual([
      ...['hello, fresh', '#0', 'bins a', '#7'],
      ...['lost', 'hello again', '#7', 'bins missed', '#9'],
    ]);
    expect(server.streams.map(({ lastEventId }) => lastEventId)).toEqual([undefined, '7']);
  });

  test('counts the numbers of heartbeats, which say nothing else', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    // An event without a number has that of the heartbeat before it, and shows that the heartbeat has come.
    server.sendRaw(':\nid: 40\n\nevent: removed\ndata: {"ids":[]}\n\n');
    await feed.hears('#40');
    server.breakStreams();
    await feed.hears('hello again');
    expect(server.streams.at(-1)?.lastEventId).toBe('40');
    expect(feed.told.filter((what) => /^(bins|reset)/.test(what))).toEqual([]);
  });

  test('is asked for again when the server, or a proxy before it, answers with no stream', async () => {
    await using server = await startTownServer();
    server.refuseStreams(503);
    using feed = follow(server);
    await feed.hears('lost');
    server.refuseStreams(null);
    await feed.hears('hello, fresh');
    expect(server.streams).toHaveLength(2);
  });

  test('begins afresh after such a time, because nothing says what was missed', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    server.refuseStreams(502);
    server.breakStreams();
    await vi.waitFor(() => expect(server.streams.length).toBeGreaterThan(1));
    server.refuseStreams(null);
    await vi.waitFor(
      () => expect(feed.told.filter((what) => what === 'hello, fresh')).toHaveLength(2),
      {
        timeout: 10_000,
      },
    );
    expect(server.streams.at(-1)?.lastEventId).toBeUndefined();
  });

  test.each(['{"bins":[', 'null', '7', '{}', '<html>'])(
    'that says something unreadable (%s) has everything loaded anew, and goes on',
    async (garbage) => {
      await using server = await startTownServer();
      using feed = follow(server);
      await feed.hears('hello, fresh');
      server.sendRaw(`id: 5\nevent: bins\ndata: ${garbage}\n\n`);
      await feed.hears('reset');
      server.send(6, 'bins', { bins: [makeBin({ id: 'a' })] });
      await feed.hears('bins a');
    },
  );

  test('passes over events of kinds it does not know', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    server.sendRaw('id: 5\nevent: weather\ndata: {}\n\nid: 6\ndata: {}\n\n');
    server.send(7, 'removed', { ids: ['a'] });
    await feed.hears('removed a');
    expect(feed.told).not.toContain('reset');
  });

  test('ends when it is stopped, for the server too', async () => {
    await using server = await startTownServer();
    const feed = follow(server);
    await feed.hears('hello, fresh');
    feed.stop();
    await vi.waitFor(() => expect(server.streams[0]?.isEnded()).toBe(true));
    const before = feed.told.length;
    line.goOffline();
    line.comeOnline();
    server.send(7, 'removed', { ids: ['a'] });
    expect(server.streams).toHaveLength(1);
    expect(feed.told).toHaveLength(before);
  });
});

describe('a computer that goes off the net', () => {
  test('is told to have lost the line at once, before any timeout', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    line.goOffline();
    expect(feed.told.at(-1)).toBe('lost');
  });

  test('finds a server again that it can still reach, such as one on itself', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    feed.told.length = 0;
    line.goOffline();
    await feed.hears('hello, fresh');
    await vi.waitFor(() => expect(server.streams[0]?.isEnded()).toBe(true));
  });

  test('asks for the stream at once when it is back', async () => {
    await using server = await startTownServer();
    using feed = follow(server);
    await feed.hears('hello, fresh');
    feed.told.length = 0;
    line.comeOnline();
    await feed.hears('hello, fresh');
    expect(server.streams.filter(({ isEnded }) => !isEnded())).toHaveLength(1);
  });
});
