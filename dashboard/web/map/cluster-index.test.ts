import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BIN_STATES } from '../../../domain/bin-state.ts';
import type { BinState } from '../../../domain/bin-state.ts';
import { ClusterIndex, LAST_CLUSTERED_ZOOM } from './cluster-index.ts';
import type { Bounds, ClusterPoint, MapPoint } from './cluster-index.ts';

interface Bin {
  readonly lat: number;
  readonly lng: number;
  readonly state: BinState;
}

const WORLD: Bounds = [-180, -85, 180, 85];

function indexOf(bins: readonly Bin[]): ClusterIndex {
  return new ClusterIndex({
    lats: Float64Array.from(bins, ({ lat }) => lat),
    lngs: Float64Array.from(bins, ({ lng }) => lng),
    states: Uint8Array.from(bins, ({ state }) => BIN_STATES.indexOf(state)),
  });
}

function countOf(point: MapPoint): number {
  return point.kind === 'cluster' ? point.count : 1;
}

function isCluster(point: MapPoint): point is ClusterPoint {
  return point.kind === 'cluster';
}

/** Bins of one town, some of them on the very same spot. */
const town = fc.array(
  fc.record({
    lat: fc.integer({ min: 0, max: 400 }).map((step) => 59.15 + step * 0.0002),
    lng: fc.integer({ min: 0, max: 400 }).map((step) => 17.55 + step * 0.0003),
    state: fc.constantFrom(...BIN_STATES),
  }),
  { maxLength: 80 },
);

const CLOSE_TOGETHER: readonly Bin[] = [
  { lat: 59.195, lng: 17.626, state: 'ok' },
  { lat: 59.1951, lng: 17.6261, state: 'overfull' },
  { lat: 59.1952, lng: 17.6262, state: 'ok' },
];

describe('the points of a map', () => {
  test('stand for every bin exactly once, at any zoom, with the state of each', () => {
    fc.assert(
      fc.property(town, fc.integer({ min: 0, max: 20 }), (bins, zoom) => {
        const points = indexOf(bins).query(WORLD, zoom);
        expect(points.reduce((sum, point) => sum + countOf(point), 0)).toBe(bins.length);
        const counts = BIN_STATES.map((state, place) => {
          const alone = points.filter(
            (point) => point.kind === 'bin' && bins[point.index]?.state === state,
          );
          const clustered = points.filter(isCluster).map((point) => point.stateCounts[place] ?? 0);
          return clustered.reduce((sum, count) => sum + count, alone.length);
        });
        expect(counts).toEqual(
          BIN_STATES.map((state) => bins.filter((bin) => bin.state === state).length),
        );
      }),
    );
  });

  test('have clusters whose states add up to their count', () => {
    fc.assert(
      fc.property(town, fc.integer({ min: 0, max: 17 }), (bins, zoom) => {
        for (const { count, stateCounts } of indexOf(bins).query(WORLD, zoom).filter(isCluster)) {
          expect(stateCounts).toHaveLength(BIN_STATES.length);
          expect(stateCounts.reduce((sum, one) => sum + one, 0)).toBe(count);
        }
      }),
    );
  });

  test('have no clusters beyond the last zoom that has any', () => {
    fc.assert(
      fc.property(town, fc.constantFrom(18, 18.5, 20), (bins, zoom) => {
        const points = indexOf(bins).query(WORLD, zoom);
        expect(points.filter(isCluster)).toEqual([]);
        expect(points).toHaveLength(bins.length);
      }),
    );
    expect(LAST_CLUSTERED_ZOOM).toBe(17);
  });

  test('of half a zoom are those of the whole zoom before it', () => {
    const index = indexOf(CLOSE_TOGETHER);
    expect(index.query(WORLD, 16.5)).toEqual(index.query(WORLD, 16));
  });

  test('are those within the bounds', () => {
    const index = indexOf([
      { lat: 59.2, lng: 17.6, state: 'ok' },
      { lat: 55.6, lng: 13, state: 'full' },
    ]);
    expect(index.query([17, 59, 18, 60], 14)).toMatchObject([{ kind: 'bin', index: 0 }]);
    expect(index.query([0, 0, 1, 1], 14)).toEqual([]);
  });

  test('are none when there are no bins', () => {
    expect(indexOf([]).query(WORLD, 5)).toEqual([]);
  });
});

describe('a cluster', () => {
  test('does not hide that one of its bins is overfull', () => {
    const [cluster] = indexOf(CLOSE_TOGETHER).query(WORLD, 10);
    expect(cluster).toMatchObject({ kind: 'cluster', count: 3 });
    expect(cluster && isCluster(cluster) && cluster.stateCounts).toEqual([0, 0, 2, 0, 1]);
  });

  test('counts the same after its index was asked before', () => {
    const index = indexOf(CLOSE_TOGETHER);
    const first = index.query(WORLD, 5);
    index.query(WORLD, 12);
    expect(index.query(WORLD, 5)).toEqual(first);
  });

  test('falls apart at the zoom it is said to', () => {
    fc.assert(
      fc.property(town, (bins) => {
        const index = indexOf(bins);
        for (const { clusterId } of index.query(WORLD, 8).filter(isCluster)) {
          const zoom = index.expansionZoom(clusterId);
          const idsAt = (at: number) =>
            index.query(WORLD, at).map((point) => isCluster(point) && point.clusterId);
          expect(idsAt(zoom - 1)).toContain(clusterId);
          expect(idsAt(zoom)).not.toContain(clusterId);
        }
      }),
    );
  });
});

describe('bins on one spot', () => {
  const station = CLOSE_TOGETHER.map((bin): Bin => ({ ...bin, lat: 59.195, lng: 17.626 }));

  test('are one cluster as long as there are clusters', () => {
    expect(indexOf(station).query(WORLD, LAST_CLUSTERED_ZOOM)).toMatchObject([{ count: 3 }]);
  });

  test('stand side by side when they are shown one by one', () => {
    const points = indexOf(station).query(WORLD, LAST_CLUSTERED_ZOOM + 1);
    const places = points.map((point) => point.kind === 'bin' && `${point.shiftX}/${point.shiftY}`);
    expect(new Set(places).size).toBe(3);
  });
});
