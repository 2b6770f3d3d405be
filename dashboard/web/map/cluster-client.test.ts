import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BinView } from '../bins/bin-view.ts';
import { makeView } from '../testing/make-bin.ts';
import { ClusterClient } from './cluster-client.ts';
import type { ClusterAnswer } from './cluster-client.ts';
import type { Bounds } from './cluster-index.ts';
import { StandInWorker } from './testing/stand-in-worker.ts';

beforeEach(() => {
  vi.stubGlobal('Worker', StandInWorker);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const WORLD: Bounds = [-180, -85, 180, 85];
const WAIT = { timeout: 15_000, interval: 5 };

/** So many bins on a line, a few metres apart. */
function townOf(count: number): BinView[] {
  return Array.from({ length: count }, (_, index) =>
    makeView({ id: `bin-${index}`, location: { lat: 59.195 + index * 1e-4, lng: 17.626 } }),
  );
}

/** A client that writes down what it hears, until it is disposed. */
function startClient() {
  const loaded: number[] = [];
  const answers: ClusterAnswer[] = [];
  const expanded: [clusterId: number, zoom: number][] = [];
  const client = new ClusterClient({
    onLoaded: () => loaded.push(loaded.length + 1),
    onAnswer: (answer) => answers.push(answer),
    onExpanded: (clusterId, zoom) => expanded.push([clusterId, zoom]),
  });
  return {
    client,
    loaded,
    answers,
    expanded,
    /** Asks for the whole world, and waits for the answer. */
    ask: async (zoom: number): Promise<ClusterAnswer> => {
      const before = answers.length;
      client.query(WORLD, zoom);
      return vi.waitUntil(() => answers[before], WAIT);
    },
    waitForLoad: (count: number) =>
      vi.waitFor(() => expect(loaded.length).toBeGreaterThanOrEqual(count), WAIT),
    [Symbol.dispose]: () => client.stop(),
  };
}

describe('the map’s worker', () => {
  test('answers with clusters from afar and with bins from near', async () => {
    using page = startClient();
    page.client.load(townOf(3));
    await page.waitForLoad(1);
    expect((await page.ask(5)).points).toMatchObject([{ kind: 'cluster', count: 3 }]);
    const near = await page.ask(18);
    expect(near).toMatchObject({ zoom: 18, bounds: WORLD });
    const ids = near.points.map((point) => point.kind === 'bin' && near.views[point.index]?.bin.id);
    expect(new Set(ids)).toEqual(new Set(['bin-0', 'bin-1', 'bin-2']));
    expect(ids).toHaveLength(3);
  });

  test('says at which zoom a cluster falls apart', async () => {
    using page = startClient();
    page.client.load(townOf(2));
    await page.waitForLoad(1);
    const { points, generation } = await page.ask(5);
    const [cluster] = points;
    if (cluster?.kind !== 'cluster') throw new Error('The bins are no cluster');
    page.client.expand(cluster.clusterId, generation);
    await vi.waitFor(() => expect(page.expanded).toHaveLength(1), WAIT);
    const [, zoom = 0] = page.expanded[0] ?? [];
    expect((await page.ask(zoom)).points).toHaveLength(2);
  });

  test('says nothing of a cluster of bins that are no longer shown', async () => {
    using page = startClient();
    page.client.load(townOf(2));
    await page.waitForLoad(1);
    const { points, generation } = await page.ask(5);
    page.client.load(townOf(3));
    await page.waitForLoad(2);
    const [cluster] = points;
    page.client.expand(cluster?.kind === 'cluster' ? cluster.clusterId : 0, generation);
    // Answers come in order, so a later one shows that there was none to that.
    await page.ask(5);
    expect(page.expanded).toEqual([]);
  });

  test('builds only the newest of many sets that come while it is busy', async () => {
    using page = startClient();
    for (let count = 1; count <= 50; count += 1) page.client.load(townOf(count));
    await page.waitForLoad(2);
    expect((await page.ask(18)).points).toHaveLength(50);
    expect(page.loaded).toHaveLength(2);
  });

  test('answers with the bins its points count in, though newer ones are on their way', async () => {
    using page = startClient();
    const first = townOf(4);
    page.client.load(first);
    await page.waitForLoad(1);
    page.client.load(townOf(40));
    const answer = await page.ask(18);
    expect(answer.points).toHaveLength(answer.views.length);
  });

  test('shows an empty map when the filter leaves nothing', async () => {
    using page = startClient();
    page.client.load(townOf(3));
    await page.waitForLoad(1);
    page.client.load([]);
    await page.waitForLoad(2);
    expect(await page.ask(18)).toMatchObject({ points: [], views: [] });
  });
});
