import { describe, expect, test } from 'vitest';
import { NO_WAY } from '../../problem/matrix.ts';
import { TestServer } from '../testing/test-server.ts';
import type { Asked, Reply } from '../testing/test-server.ts';
import { decodePolyline6 } from './polyline.ts';
import { Valhalla } from './valhalla.ts';

const places = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ lat: 59 + index / 1000, lng: 17 + index / 500 }));

/** Of Valhalla's own documentation: six decimals, latitude first. */
const SHAPE = '_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI';

/** Speaks as Valhalla does. From a to b it takes 100 a + b seconds and ten times as many metres; to place 3 there is no way. */
function speakValhalla({ method, url, body }: Asked): Reply {
  const question = JSON.parse(body);
  if (method !== 'POST') return bad(101, 'Try a POST');
  const idOf = ({ lat }: { lat: number }): number => Math.round((lat - 59) * 1000);
  if (url.pathname === '/route') {
    const ids: number[] = question.locations.map(idOf);
    if (ids.length > 20) return bad(150, 'Exceeded max locations');
    const legs = ids.slice(1).map((to) => ({
      ...{ shape: SHAPE, summary: { length: to / 100, time: to + 0.4 } },
      maneuvers: [
        { street_names: ['A', 'E 4'], length: to / 200 },
        { length: to / 200 },
        { length: 0 },
      ],
    }));
    return { body: { trip: { status: 0, legs } } };
  }
  if (url.pathname !== '/sources_to_targets') return bad(106, 'Try any of');
  const pairs = question.sources.length * question.targets.length;
  if (pairs > 2500) return bad(150, 'Exceeded max locations');
  const rows = (factor: number) =>
    question.sources
      .map(idOf)
      .map((from: number) =>
        question.targets
          .map(idOf)
          .map((to: number) => (from === to ? 0 : to === 3 ? null : factor * (100 * from + to))),
      );
  const table = { durations: rows(1), distances: rows(0.01) };
  return { body: { sources_to_targets: table, units: question.units, algorithm: 'costmatrix' } };
}

function bad(code: number, error: string): Reply {
  return {
    status: 400,
    body: { error_code: code, error, status_code: 400, status: 'Bad Request' },
  };
}

describe('Valhalla', () => {
  test('gives the table for a truck of these measures, in blocks that it allows', async () => {
    await using server = await TestServer.start(speakValhalla);
    const { seconds, metres, by } = await new Valhalla(server.url).table('truck', places(60));
    expect(server.asked).toHaveLength(4);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
      costing: 'truck',
      costing_options: { truck: { height: 3.8, weight: 26, axle_load: 10 } },
      verbose: false,
    });
    for (let from = 0; from < 60; from += 1) {
      for (let to = 0; to < 60; to += 1) {
        const expected = from === to ? 0 : to === 3 ? NO_WAY : 100 * from + to;
        expect(seconds[from * 60 + to]).toBe(expected);
        expect(metres[from * 60 + to]).toBe(expected === NO_WAY ? NO_WAY : 10 * expected);
      }
    }
    expect(by.kind).toBe('valhalla');
  });

  test('drives a van as a car, and a truck it does not know by its own measures', async () => {
    await using server = await TestServer.start(speakValhalla);
    const valhalla = new Valhalla(server.url);
    await valhalla.table('van', places(2));
    await valhalla.table('tractor', places(2));
    const bodies = server.asked.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ costing }) => costing)).toEqual(['auto', 'truck']);
    expect(bodies[1]).not.toHaveProperty('costing_options');
  });

  test('gives ways with their lines and streets, in parts that it allows', async () => {
    await using server = await TestServer.start(speakValhalla);
    const { legs, metres } = await new Valhalla(server.url).route('truck', places(30));
    expect(server.asked).toHaveLength(2);
    expect(legs).toHaveLength(29);
    expect(legs[9]).toEqual({
      ...{ metres: 100, seconds: 10, line: decodePolyline6(SHAPE) },
      streets: [
        { street: 'A', metres: 50 },
        { street: '', metres: 50 },
      ],
    });
    expect(metres).toBe(4350);
  });

  test.each<[string, Reply, RegExp]>([
    ['an error of its own', bad(171, 'No suitable edges'), /says: No suitable edges \(171\)$/],
    ['no JSON', { status: 500, body: 'oops' }, /answered 500, and not in JSON$/],
    ['another form', { body: { sources_to_targets: [] } }, /not Valhalla's$/],
    ['nothing at all', 'hang', /no answer within 0\.3 s$/],
  ])('fails with one line on %s', async (_, reply, message) => {
    await using server = await TestServer.start(() => reply);
    const valhalla = new Valhalla(server.url, { timeoutMs: reply === 'hang' ? 300 : 20_000 });
    await expect(valhalla.table('truck', places(3))).rejects.toThrow(message);
    await expect(valhalla.route('truck', places(3))).rejects.toMatchObject({ name: 'TravelError' });
  });
});

describe('an encoded line', () => {
  test('has six decimals', () => {
    // The same line as in Google's description of the format, with one decimal more.
    expect(decodePolyline6('_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI')).toEqual([
      { lat: 38.5, lng: -120.2 },
      { lat: 40.7, lng: -120.95 },
      { lat: 43.252, lng: -126.453 },
    ]);
    expect(decodePolyline6('')).toEqual([]);
  });

  test.each(['_', '_izl', '\u0001\u0001'])('that is broken is refused: %j', (text) => {
    expect(() => decodePolyline6(text)).toThrow('broken');
  });
});
