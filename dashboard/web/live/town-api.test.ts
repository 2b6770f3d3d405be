import { expect, test } from 'vitest';
import { makeBin } from '../testing/make-bin.ts';
import { startTownServer } from '../testing/town-server.ts';
import { ApiError, createTownApi } from './town-api.ts';

const { signal } = new AbortController();

test('every question has its own path', async () => {
  await using server = await startTownServer();
  const api = createTownApi(server.base);
  const paths = [
    '/bins/bin-1',
    '/bins/bin-1/messages?limit=8',
    '/readings/42/trace',
    '/stats',
    '/page-settings',
  ];
  for (const path of paths) server.answer(path, { path });
  expect(await api.fetchBin('bin-1', signal)).toEqual({ path: paths[0] });
  expect(await api.fetchMessages('bin-1', 8, signal)).toEqual({ path: paths[1] });
  expect(await api.fetchTrace(42, signal)).toEqual({ path: paths[2] });
  expect(await api.fetchStats(signal)).toEqual({ path: paths[3] });
  expect(await api.fetchPageSettings(signal)).toEqual({ path: paths[4] });
  server.setBins([makeBin()]);
  expect(await api.fetchBins(signal)).toEqual({ bins: [makeBin()] });
});

test('a span is asked for in RFC 3339, with its resolution in seconds', async () => {
  await using server = await startTownServer();
  const query = new URLSearchParams({
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-02T00:00:00.000Z',
    resolution: '3600',
  });
  server.answer(`/bins/bin-1/readings?${query}`, { buckets: [] });
  const span = {
    fromMs: Date.UTC(2026, 2, 1),
    toMs: Date.UTC(2026, 2, 2),
    resolutionSeconds: 3600,
  };
  const api = createTownApi(server.base);
  expect(await api.fetchReadings('bin-1', span, signal)).toEqual({ buckets: [] });
});

test('an id with any sign in it stays one part of the path', async () => {
  await using server = await startTownServer();
  server.answer('/bins/a%2F..%2Fb%3Fc%23d%20%C3%A5', 'found');
  expect(await createTownApi(server.base).fetchBin('a/../b?c#d å', signal)).toBe('found');
});

test('another answer than 2xx is an error that tells which, and of what', async () => {
  await using server = await startTownServer();
  const api = createTownApi(server.base);
  await expect(api.fetchTrace(7, signal)).rejects.toThrow(
    expect.objectContaining({ status: 404, message: expect.stringContaining('/readings/7/trace') }),
  );
  server.fail(500);
  await expect(api.fetchBins(signal)).rejects.toBeInstanceOf(ApiError);
});

test('no answer at all is an error of another kind', async () => {
  const server = await startTownServer();
  await server[Symbol.asyncDispose]();
  await expect(createTownApi(server.base).fetchBins(signal)).rejects.toBeInstanceOf(TypeError);
});

test('a question that is no longer wanted is given up', async () => {
  await using server = await startTownServer();
  const held = server.holdBins();
  const abort = new AbortController();
  const answer = createTownApi(server.base).fetchBins(abort.signal);
  abort.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  held.release();
});
