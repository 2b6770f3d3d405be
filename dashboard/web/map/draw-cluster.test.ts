import { describe, expect, test } from 'vitest';
import { BIN_STATES } from '../../../domain/bin-state.ts';
import type { BinState } from '../../../domain/bin-state.ts';
import type { ClusterPoint } from './cluster-index.ts';
import { clusterRadius, countOf, drawCluster } from './draw-cluster.ts';
import { createRecordingContext } from './testing/recording-context.ts';
import { TOKEN_PALETTE } from './testing/token-palette.ts';

function clusterOf(counts: Partial<Record<BinState, number>>): ClusterPoint {
  const stateCounts = BIN_STATES.map((state) => counts[state] ?? 0);
  const count = stateCounts.reduce((sum, one) => sum + one, 0);
  return { kind: 'cluster', lat: 0, lng: 0, clusterId: 1, count, stateCounts };
}

function draw(counts: Partial<Record<BinState, number>>) {
  const recording = createRecordingContext();
  const cluster = clusterOf(counts);
  const countText = String(cluster.count);
  drawCluster(recording.context, TOKEN_PALETTE, { x: 0, y: 0, cluster, countText });
  return recording;
}

describe('a cluster on the map', () => {
  test('says how many bins it stands for', () => {
    expect(draw({ ok: 12 }).texts()).toEqual(['12']);
  });

  test('says beside it how many of them are full, overfull ones included', () => {
    expect(draw({ ok: 10, full: 3, overfull: 2 }).texts()).toEqual(['15', '5']);
  });

  test('shows its worst state even when that is one bin of ten thousand', () => {
    const { has, texts } = draw({ ok: 9999, overfull: 1 });
    expect(has('stroke', '--band-5')).toBe(true);
    expect(texts()).toEqual(['10000', '1']);
  });

  test('shows only the states it has, from the worst on', () => {
    const ring = draw({ ok: 1, full: 1, overfull: 1 })
      .strokes.filter(({ kind, colour }) => kind === 'stroke' && colour.startsWith('--band'))
      .map(({ colour }) => colour);
    expect(ring).toEqual(['--band-5', '--band-4', '--band-2']);
    expect(draw({ ok: 5 }).has('stroke', '--band-5')).toBe(false);
  });

  test('tells old and missing levels by a pattern, not by colour alone', () => {
    expect(draw({ stale: 3 }).strokes.some(({ isDashed }) => isDashed)).toBe(true);
    expect(draw({ unknown: 3 }).strokes.some(({ isDashed }) => isDashed)).toBe(true);
    expect(draw({ ok: 3, full: 2 }).strokes.some(({ isDashed }) => isDashed)).toBe(false);
  });

  test('is larger the more bins it has, and never covers the town', () => {
    const radii = [2, 10, 100, 1000, 10_000, 100_000, 10_000_000].map(clusterRadius);
    expect(radii).toEqual([...radii].sort((a, b) => a - b));
    expect(new Set(radii.slice(0, 4)).size).toBe(4);
    expect(Math.max(...radii)).toBeLessThanOrEqual(36);
  });

  test('counts each state by its own name', () => {
    const cluster = clusterOf({ unknown: 1, stale: 2, ok: 3, full: 4, overfull: 5 });
    const counts = BIN_STATES.map((state) => countOf(cluster, state));
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });
});
