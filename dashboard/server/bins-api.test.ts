import { expect, test } from 'vitest';
import type { Geometry } from '../../domain/geometry.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { finishRecomputes } from '../../store/recompute.ts';
import { BinDetail, BinList, RawMessageList, ReadingSeries, Trace } from '../api/bins.ts';
import { moveRecentSince } from '../../store/recent-readings.ts';
import { BinFeatureCollection } from '../api/town.ts';
import { seedBin, seedDevice, seedReadings } from '../../store/views/testing/seed-town.ts';
import type { DashboardOptions } from './dashboard.ts';
import { NOW_MS, openDashboard } from './testing/open-dashboard.ts';
import type { TestDashboard } from './testing/open-dashboard.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = { deviceId: 'dev-1', binId: 'bin-1' };

async function openTown(options: Partial<DashboardOptions> = {}): Promise<TestDashboard> {
  const dashboard = await openDashboard(options);
  const { store } = dashboard;
  await seedBin(store, 'bin-1', { description: 'by the school', thresholdPercent: 70 });
  await seedBin(store, 'bin-2', { location: { lat: -33.5, lng: 151.25 } });
  await seedDevice(store, { id: 'dev-1', binId: 'bin-1', reportIntervalSeconds: 1800 });
  await seedReadings(store, [{ ...at, atMs: NOW_MS - MINUTE_MS, fillPercent: 72 }]);
  return dashboard;
}

test('all bins come with level, age, state and reasons', async () => {
  await using town = await openTown();
  const answer = await town.ask('/api/v1/bins');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-cache');
  const { bins } = BinList.parse(answer.json);
  expect(bins).toMatchObject([
    {
      id: 'bin-1',
      fillPercent: 72,
      observedAt: '2026-03-01T11:59:00.000Z',
      ageSeconds: 60,
      state: 'full',
      reasons: ['full'],
    },
    { id: 'bin-2', fillPercent: null, observedAt: null, state: 'unknown' },
  ]);
});

test('GeoJSON has the longitude first', async () => {
  await using town = await openTown();
  const answer = await town.ask('/api/v1/bins', { headers: { accept: 'application/geo+json' } });
  expect(answer.headers['content-type']).toMatch(/^application\/geo\+json/);
  expect(answer.headers['vary']).toMatch(/Accept(,|$)/);
  const { features } = BinFeatureCollection.parse(answer.json);
  expect(features[1]).toMatchObject({
    id: 'bin-2',
    geometry: { type: 'Point', coordinates: [151.25, -33.5] },
    properties: { id: 'bin-2', state: 'unknown' },
  });
});

test('a browser gets JSON, a client that wants neither gets 406', async () => {
  await using town = await openTown();
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const browser = await town.ask('/api/v1/bins', { headers: { accept } });
  expect(browser.headers['content-type']).toMatch(/^application\/json/);
  const picky = await town.ask('/api/v1/bins', { headers: { accept: 'text/csv' } });
  expect(picky.status).toBe(406);
});

test('the tag of the bins stays while nothing changes, and not longer', async () => {
  await using town = await openTown();
  const first = await town.ask('/api/v1/bins');
  const tag = { 'if-none-match': first.headers.etag };
  town.setNow(NOW_MS + 4_000);
  const same = await town.ask('/api/v1/bins', { headers: tag });
  expect([same.status, same.text, same.headers.etag]).toEqual([304, '', first.headers.etag]);
  expect((await town.ask('/api/v1/bins')).text).toBe(first.text);
  const geo = { ...tag, accept: 'application/geo+json' };
  expect((await town.ask('/api/v1/bins', { headers: geo })).status).toBe(200);
  await seedReadings(town.store, [{ ...at, atMs: NOW_MS, fillPercent: 5 }]);
  const changed = await town.ask('/api/v1/bins', { headers: tag });
  expect(changed.status).toBe(200);
  expect(BinList.parse(changed.json).bins[0]).toMatchObject({ fillPercent: 5, ageSeconds: 4 });
});

test('ages in the list are at most five seconds old, also when nothing changes', async () => {
  await using town = await openTown();
  const first = await town.ask('/api/v1/bins');
  town.setNow(NOW_MS + 5_000);
  const later = await town.ask('/api/v1/bins', {
    headers: { 'if-none-match': first.headers.etag },
  });
  expect(later.status).toBe(200);
  expect(BinList.parse(later.json).bins[0]?.ageSeconds).toBe(65);
});

test('long answers are compressed for those who can read them', async () => {
  await using town = await openTown();
  for (let index = 0; index < 20; index += 1) await seedBin(town.store, `more-${index}`);
  const plain = await town.ask('/api/v1/bins');
  const zipped = await town.ask('/api/v1/bins', { headers: { 'accept-encoding': 'gzip' } });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 3);
  expect(zipped.text).toBe(plain.text);
});

test('HEAD has the headers of GET and no body', async () => {
  await using town = await openTown();
  const get = await town.ask('/api/v1/bins');
  const head = await town.ask('/api/v1/bins', { method: 'HEAD' });
  expect([head.status, head.text]).toEqual([200, '']);
  expect(head.headers['content-length']).toBe(get.headers['content-length']);
  expect(head.headers.etag).toBe(get.headers.etag);
});

test('a bin comes with the devices mounted in it', async () => {
  await using town = await openTown();
  const answer = await town.ask('/api/v1/bins/bin-1');
  expect(BinDetail.parse(answer.json)).toMatchObject({
    id: 'bin-1',
    description: 'by the school',
    mountings: [
      {
        deviceId: 'dev-1',
        model: 'test-sensor',
        from: null,
        to: null,
        emptyDistanceMm: 1000,
        lastSeenAt: '2026-03-01T11:59:00.000Z',
        cloneSuspectedAt: null,
      },
    ],
  });
  const tag = { 'if-none-match': answer.headers.etag };
  expect((await town.ask('/api/v1/bins/bin-1', { headers: tag })).status).toBe(304);
  town.setNow(NOW_MS + 1_000);
  expect((await town.ask('/api/v1/bins/bin-1', { headers: tag })).status).toBe(200);
});

test('readings come for the last 30 days when no span is given', async () => {
  await using town = await openTown();
  await seedReadings(town.store, [{ ...at, atMs: NOW_MS - 31 * 24 * HOUR_MS, fillPercent: 1 }]);
  const answer = await town.ask('/api/v1/bins/bin-1/readings');
  expect(ReadingSeries.parse(answer.json)).toMatchObject({
    binId: 'bin-1',
    from: '2026-01-30T12:00:00.000Z',
    to: '2026-03-01T12:00:00.000Z',
    resolutionSeconds: 0,
    truncated: false,
    buckets: [{ at: '2026-03-01T11:59:00.000Z', min: 72, mean: 72, max: 72, count: 1 }],
  });
});

test('readings come in buckets of the length asked for, within the span asked for', async () => {
  await using town = await openTown();
  await seedReadings(town.store, [{ ...at, atMs: NOW_MS - 2 * MINUTE_MS, fillPercent: 70 }]);
  const query = 'from=2026-03-01T12:30:00%2B01:00&to=2026-03-01T12:00:00Z&resolution=3600';
  const answer = await town.ask(`/api/v1/bins/bin-1/readings?${query}`);
  expect(ReadingSeries.parse(answer.json)).toMatchObject({
    from: '2026-03-01T11:30:00.000Z',
    resolutionSeconds: 3600,
    buckets: [{ at: '2026-03-01T11:00:00.000Z', min: 70, mean: 71, max: 72, count: 2 }],
  });
});

test.each([
  ['from=yesterday', ['from']],
  ['from=2026-03-01', ['from']],
  ['from=2026-02-30T00:00:00Z', ['from']],
  ['from=0001-01-01T00:00:00Z', ['from']],
  ['to=9999-12-31T23:59:59-23:59', ['to']],
  ['from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z', ['from']],
  ['resolution=-1', ['resolution']],
  ['resolution=1.5', ['resolution']],
  ['resolution=1e3', ['resolution']],
  ['resolution=99999999', ['resolution']],
  ['resolution=', ['resolution']],
  ['resolution=60&resolution=60', ['resolution']],
  ['from[$gt]=1', ['from[$gt]']],
  ['__proto__=1', ['__proto__']],
  ['from=x&to=y&colour=red', ['from', 'to', 'colour']],
])('readings?%s is refused with the names of what is wrong', async (query, fields) => {
  await using town = await openTown();
  const answer = await town.ask(`/api/v1/bins/bin-1/readings?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.json).toMatchObject({ errors: fields.map((field) => ({ field })) });
});

test('a series says what is missing while the store of old readings does not answer', async () => {
  let failures = 0;
  const silent = () => {
    failures += 1;
    return Promise.reject(new Error('connect ECONNREFUSED'));
  };
  await using town = await openTown({ longMemory: { readRaw: silent, readBuckets: silent } });
  const ask = async (from: string) =>
    ReadingSeries.parse((await town.ask(`/api/v1/bins/bin-1/readings?from=${from}`)).json);
  expect(await ask('2020-01-01T00:00:00Z')).toMatchObject({ missingBefore: null });
  await moveRecentSince(town.store, NOW_MS - 3_600_000);
  for (const _ of [1, 2]) {
    const series = await ask('2020-01-01T00:00:00Z');
    expect(series.missingBefore).toBe(new Date(NOW_MS - 3_600_000).toISOString());
    expect(series.buckets).toHaveLength(1);
  }
  // Nobody waits for it a second time; recent charts never do.
  expect(failures).toBe(1);
  expect(await ask(new Date(NOW_MS - 60_000).toISOString())).toMatchObject({ missingBefore: null });
  expect(town.complaints.join()).toContain('old readings are missing');
});

test('messages come byte for byte, as text only where they are text', async () => {
  await using town = await openTown();
  await seedReadings(town.store, [
    { ...at, atMs: NOW_MS - 3, fillPercent: 1, payload: Uint8Array.from([0xff, 0x00]) },
    { ...at, atMs: NOW_MS - 2, fillPercent: 1, payload: Uint8Array.from([0x01, 0x41]) },
    { ...at, atMs: NOW_MS - 1, fillPercent: 1, payload: Buffer.from('å\n') },
  ]);
  const answer = await town.ask('/api/v1/bins/bin-1/messages?limit=3');
  const { messages } = RawMessageList.parse(answer.json);
  expect(messages.map((one) => [one.payloadText, one.payloadBase64])).toEqual([
    ['å\n', 'w6UK'],
    [null, 'AUE='],
    [null, '/wA='],
  ]);
  for (const limit of ['0', '101', 'many', '']) {
    const refused = await town.ask(`/api/v1/bins/bin-1/messages?limit=${limit}`);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ errors: [{ field: 'limit' }] });
  }
});

test('a level on the screen can be traced to the bytes it came from', async () => {
  await using town = await openTown();
  const { bins } = BinList.parse((await town.ask('/api/v1/bins')).json);
  const answer = await town.ask(`/api/v1/readings/${bins[0]?.readingId}/trace`);
  const trace = Trace.parse(answer.json);
  expect(trace.reading).toMatchObject({ fillPercent: 72, binId: 'bin-1' });
  expect(JSON.parse(trace.message.payloadText ?? '')).toMatchObject({ fillPercent: 72 });
});

test('a trace has the shape of the bin, and all that the sensor said', async () => {
  await using town = await openTown();
  const { store } = town;
  const [id] = await seedReadings(store, [
    {
      ...at,
      atMs: NOW_MS - HOUR_MS,
      fillPercent: null,
      more: {
        ...{ distance_mm: 550, temperature_c: -20, reported_fill_percent: null },
        extras: JSON.stringify({ distancesMm: [540, 560], tiltDegrees: 3.5, emptied: false }),
      },
    },
  ]);
  const strappingTable = [
    { heightMm: 0, litres: 0 },
    { heightMm: 450, litres: 100 },
    { heightMm: 900, litres: 400 },
  ];
  const measures = { emptyDistanceMm: 1000, fullDistanceMm: 100, blindZoneMm: 30 };
  const mounting = { deviceId: deviceId('dev-1'), binId: binId('bin-1'), fromMs: 0 };
  const table: Geometry = { ...measures, shape: 'strapping-table', strappingTable };
  await mountDevice(store, { ...mounting, geometry: table }, NOW_MS);
  const ask = async () => Trace.parse((await town.ask(`/api/v1/readings/${id}/trace`)).json);
  expect(await ask()).toMatchObject({
    reading: {
      fillPercent: 25,
      extras: { distancesMm: [540, 560], tiltDegrees: 3.5, emptied: false },
      sensorFault: null,
      recomputePending: false,
    },
    geometry: { ...measures, strappingTable, areaRatio: null, temperatureReferenceC: null },
  });

  const cold: Geometry = {
    ...measures,
    shape: 'taper',
    areaRatio: 0.25,
    temperatureReferenceC: 20,
  };
  // Ended after its first step, which has come to the newer of both readings only.
  const ended = { rowsPerStep: 1, signal: AbortSignal.abort() };
  await mountDevice(store, { ...mounting, geometry: cold }, NOW_MS, ended);
  expect(await ask()).toMatchObject({
    reading: { fillPercent: 25, recomputePending: true },
    geometry: { shape: 'taper', areaRatio: 0.25, strappingTable: null, temperatureReferenceC: 20 },
  });
  const bin = async () => BinDetail.parse((await town.ask('/api/v1/bins/bin-1')).json);
  expect((await bin()).mountings).toMatchObject([
    { shape: 'taper', recompute: { doneReadings: 1, totalReadings: 2 } },
  ]);
  await finishRecomputes(store);
  expect((await bin()).mountings[0]?.recompute).toBeNull();
  // 550 mm measured at -20 °C are 511 mm.
  expect((await ask()).reading).toMatchObject({ fillPercent: 38.2, recomputePending: false });
});

test('what is not there is 404, what cannot be there is 400', async () => {
  await using town = await openTown();
  for (const path of ['/bins/x', '/bins/x/readings', '/bins/x/messages', '/readings/999/trace']) {
    const answer = await town.ask(`/api/v1${path}`);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers['cache-control']).toBe('no-store');
  }
  const impossible = ['/bins/a%20b', `/bins/${'x'.repeat(65)}`, '/bins/%00', '/bins/..%2f..%2fetc'];
  for (const path of [...impossible, '/readings/-1/trace', '/readings/1e2/trace']) {
    const answer = await town.ask(`/api/v1${path}`);
    expect([path, answer.status]).toEqual([path, 400]);
  }
  expect(await town.ask('/api/v1/readings/999999999999999/trace')).toMatchObject({ status: 404 });
});
