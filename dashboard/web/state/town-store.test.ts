import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW_MS, makeBin, makeUnknownBin, secondsAgo } from '../testing/make-bin.ts';
import { createTownStore } from './town-store.ts';
import type { TownStore } from './town-store.ts';

beforeEach(() => vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => vi.useRealTimers());

function makeStore(): TownStore {
  return createTownStore(() => Date.now());
}

function idsOf(store: TownStore): string[] {
  return store.views.value.map(({ bin }) => bin.id);
}

describe('the bins of the town', () => {
  test('are none at first, while the first load is on its way', () => {
    const store = makeStore();
    expect(store.views.value).toEqual([]);
    expect(store.phase.value).toBe('loading');
    expect(store.connection.value).toBe('connecting');
    expect(store.heardAtMs.value).toBeNull();
  });

  test('are replaced as a whole by a load: what is no longer told of is gone', () => {
    const store = makeStore();
    store.replaceAll([makeBin({ id: 'a' }), makeBin({ id: 'b' })]);
    store.replaceAll([makeBin({ id: 'b' }), makeBin({ id: 'c' })]);
    expect(idsOf(store)).toEqual(['b', 'c']);
    expect(store.find('a')).toBeUndefined();
  });

  test('change one by one, come and go', () => {
    const store = makeStore();
    store.replaceAll([makeBin({ id: 'a', fillPercent: 10 }), makeBin({ id: 'b' })]);
    store.change([makeBin({ id: 'a', fillPercent: 20 }), makeUnknownBin({ id: 'c' })], ['b', 'x']);
    expect(idsOf(store)).toEqual(['a', 'c']);
    expect(store.find('a')?.bin.fillPercent).toBe(20);
    expect(store.find('c')?.state).toBe('unknown');
  });

  test('keep their place when they change, so that the map is not sorted anew', () => {
    const store = makeStore();
    store.replaceAll([makeBin({ id: 'a' }), makeBin({ id: 'b' })]);
    store.change([makeBin({ id: 'a', fillPercent: 99 })], []);
    expect(idsOf(store)).toEqual(['a', 'b']);
  });
});

describe('the clock', () => {
  test('ticks, and turns a silent bin stale without any news', () => {
    const store = makeStore();
    const stop = store.start();
    store.replaceAll([makeBin({ observedAt: secondsAgo(3590), staleAfterSeconds: 3600 })]);
    expect(store.views.value[0]?.state).toBe('ok');
    vi.advanceTimersByTime(30_000);
    expect(store.nowMs.value).toBe(NOW_MS + 30_000);
    expect(store.views.value[0]).toMatchObject({ state: 'stale', reasons: ['sensor-silent'] });
    stop();
  });

  test('stands still once it is stopped', () => {
    const store = makeStore();
    store.start()();
    vi.advanceTimersByTime(30_000);
    expect(store.nowMs.value).toBe(NOW_MS);
  });

  test('does not judge every bin anew each second', () => {
    const store = makeStore();
    const stop = store.start();
    store.replaceAll([makeBin()]);
    const before = store.views.value;
    vi.advanceTimersByTime(5000);
    expect(store.views.value).toBe(before);
    vi.advanceTimersByTime(10_000);
    expect(store.views.value).not.toBe(before);
    stop();
  });

  test.each([
    ['an hour slow', 3_600_000],
    ['an hour fast', -3_600_000],
  ])('is the clock of the server, though the one here is %s', (_, aheadMs) => {
    const store = makeStore();
    const serverMs = NOW_MS + aheadMs;
    store.hear(serverMs);
    expect(store.nowMs.value).toBe(serverMs);
    const observedAt = new Date(serverMs - 60_000).toISOString();
    store.replaceAll([makeBin({ observedAt, staleAfterSeconds: 1800 })]);
    expect(store.views.value[0]?.state).toBe('ok');
  });

  test('goes on as the server has it when news come without a time', () => {
    const store = makeStore();
    store.hear(NOW_MS + 5000);
    vi.advanceTimersByTime(1000);
    store.hear(null);
    expect(store.heardAtMs.value).toBe(NOW_MS + 6000);
    expect(store.nowMs.value).toBe(NOW_MS + 6000);
  });
});

test('the line being lost changes nothing of what is known', () => {
  const store = makeStore();
  store.replaceAll([makeBin({ id: 'a' })]);
  store.setPhase('ready');
  store.hear(NOW_MS);
  store.setConnection('offline');
  vi.advanceTimersByTime(60_000);
  expect(idsOf(store)).toEqual(['a']);
  expect(store.phase.value).toBe('ready');
  expect(store.heardAtMs.value).toBe(NOW_MS);
});
