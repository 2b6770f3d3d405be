import type { BinSummary } from '../../api/bins.ts';
import { viewBin } from '../bins/bin-view.ts';
import type { BinView } from '../bins/bin-view.ts';

/** The moment the bins of tests are looked at, ms since 1970. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12);

/** RFC 3339 time so many seconds before {@link NOW_MS}. */
export function secondsAgo(seconds: number): string {
  return new Date(NOW_MS - seconds * 1000).toISOString();
}

/** A bin as the API gives it: half full, heard a minute ago, all well. */
export function makeBin(change: Partial<BinSummary> = {}): BinSummary {
  return {
    id: 'bin-1',
    name: 'Badhusgatan 1',
    stream: 'residual',
    area: 'Centrum',
    location: { lat: 59.195, lng: 17.626 },
    volumeLitres: 370,
    thresholdPercent: 80,
    fillPercent: 50,
    observedAt: secondsAgo(60),
    ageSeconds: 60,
    staleAfterSeconds: 3600,
    state: 'ok',
    reasons: [],
    quality: 'accepted',
    readingId: 1,
    temperatureC: null,
    batteryPercent: null,
    deviceId: 'dev-1',
    ...change,
  };
}

/** A bin that never reported a level. */
export function makeUnknownBin(change: Partial<BinSummary> = {}): BinSummary {
  return makeBin({
    fillPercent: null,
    observedAt: null,
    ageSeconds: null,
    state: 'unknown',
    reasons: ['no-reading'],
    quality: null,
    readingId: null,
    deviceId: null,
    ...change,
  });
}

/** The bin as it stands at {@link NOW_MS}. */
export function makeView(change: Partial<BinSummary> = {}): BinView {
  return viewBin(makeBin(change), NOW_MS);
}
