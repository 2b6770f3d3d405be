import { describe, expect, test } from 'vitest';
import { NO_WAY } from '../../problem/matrix.ts';
import { FallBack } from '../fall-back.ts';
import { StraightLine } from '../straight-line.ts';
import { TestServer } from '../testing/test-server.ts';
import type { Asked, Reply } from '../testing/test-server.ts';
import type { TravelError } from '../travel-source.ts';
import { Osrm } from './osrm.ts';

const places = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ lat: 59 + index / 1000, lng: 17 + index / 500 }));

/** Speaks as OSRM does. The way from place a to place b takes 100 a + b seconds and ten times as many metres; to place 3, none. */
function speakOsrm({ url }: Asked): Reply {
  const [, service, version, profile, text = ''] = url.pathname.split('/');
  const coordinates = text.split(';').map((pair) => pair.split(',').map(Number));
  if (version !== 'v1' || profile !== 'driving') return bad('InvalidUrl');
  // Which of `places` it is, found by its latitude.
  const ids = coordinates.map(([, lat = 0]) => Math.round((lat - 59) * 1000));
  if (service === 'route') return { body: { code: 'Ok', routes: [route(coordinates, ids)] } };
  if (coordinates.length > 100) return bad('TooBig');
  if (url.searchParams.get('annotations') !== 'duration,distance') return bad('InvalidOptions');
  const pick = (name: string) =>
    (url.searchParams.get(name) ?? ids.map((_, index) => index).join(';'))
      .split(';')
      .map((index) => ids[Number(index)] ?? Number.NaN);
  const rows = (factor: number) =>
    pick('sources').map((from) =>
      pick('destinations').map((to) =>
        from === to ? 0 : to === 3 ? null : factor * (100 * from + to) + 0.4,
      ),
    );
  return {
    body: { code: 'Ok', durations: rows(1), distances: rows(10), fallback_speed_cells: [] },
  };
}

function bad(code: string): Reply {
  return { status: 400, body: { code, message: 'as told' } };
}

function route(coordinates: number[][], ids: number[]) {
  const legs = ids.slice(1).map((to, index) => ({
    ...{ distance: 10 * to, duration: to, summary: '' },
    steps: [
      {
        name: 'A',
        distance: 4 * to,
        geometry: { coordinates: [coordinates[index], [17.5, 59.5]] },
      },
      { name: 'A', distance: 3 * to, geometry: { coordinates: [[17.5, 59.5]] } },
      { name: '', distance: 3 * to, geometry: { coordinates: [coordinates[index + 1]] } },
    ],
  }));
  return { distance: 1, duration: 1, legs };
}

describe('OSRM', () => {
  test('gives the table, in blocks that it allows', async () => {
    await using server = await TestServer.start(speakOsrm);
    const osrm = new Osrm(server.url, { mostPerRequest: 4 });
    const { size, seconds, metres, by } = await osrm.table('truck', places(10));
    expect(server.asked).toHaveLength(9);
    expect(server.mostAtOnce).toBeLessThanOrEqual(2);
    expect(size).toBe(10);
    for (let from = 0; from < 10; from += 1) {
      for (let to = 0; to < 10; to += 1) {
        const expected = from === to ? 0 : to === 3 ? NO_WAY : 100 * from + to;
        expect(seconds[from * 10 + to]).toBe(expected);
        expect(metres[from * 10 + to]).toBe(expected === NO_WAY ? NO_WAY : 10 * expected);
      }
    }
    expect(by).toMatchObject({
      kind: 'osrm',
      attribution: expect.stringContaining('OpenStreetMap'),
    });
  });

  test('gives ways with their lines and streets, in parts that it allows', async () => {
    await using server = await TestServer.start(speakOsrm);
    const { legs, metres, seconds } = await new Osrm(server.url).route('truck', places(150));
    expect(server.asked).toHaveLength(2);
    expect(legs).toHaveLength(149);
    expect(legs[1]).toEqual({
      ...{ metres: 20, seconds: 2 },
      line: [
        ...[
          { lat: 59.001, lng: 17.002 },
          { lat: 59.5, lng: 17.5 },
          { lat: 59.5, lng: 17.5 },
        ],
        { lat: 59.002, lng: 17.004 },
      ],
      streets: [
        { street: 'A', metres: 14 },
        { street: '', metres: 6 },
      ],
    });
    expect({ metres, seconds }).toEqual({ metres: 111_750, seconds: 11_175 });
  });

  test.each<[string, Reply, RegExp]>([
    ['an error of its own', bad('NoTable'), /^OSRM at 127\.0\.0\.1:\d+ says NoTable: as told$/],
    ['no JSON', { status: 502, body: '<html>' }, /answered 502, and not in JSON$/],
    ['another form', { body: { code: 'Ok', durations: 5 } }, /in a form that is not OSRM's$/],
    ['a table without distances', { body: { code: 'Ok', durations: [[0]] } }, /not OSRM's$/],
    ['too few rows', { body: { code: 'Ok', durations: [], distances: [] } }, /not OSRM's$/],
    [
      'negative times',
      { body: { code: 'Ok', durations: [[-1]], distances: [[1]] } },
      /not OSRM's$/,
    ],
    ['nothing at all', 'hang', /no answer within 0\.3 s$/],
    ['far too much', { body: 'x'.repeat(5000) }, /longer than 4000 bytes$/],
  ])('fails with one line on %s', async (_, reply, message) => {
    await using server = await TestServer.start(() => reply);
    const osrm = new Osrm(server.url, {
      timeoutMs: reply === 'hang' ? 300 : 20_000,
      mostBytes: 4000,
    });
    await expect(osrm.table('truck', places(3))).rejects.toThrow(message);
    await expect(osrm.route('truck', places(3))).rejects.toMatchObject({ name: 'TravelError' });
  });

  test('asks no further once one block has failed', async () => {
    await using server = await TestServer.start(() => bad('NoTable'));
    const osrm = new Osrm(server.url, { mostPerRequest: 2 });
    await expect(osrm.table('truck', places(40))).rejects.toThrow('NoTable');
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  test('is not asked for more places than allowed, nor at no address', async () => {
    const osrm = new Osrm('http://127.0.0.1:1', { mostPositions: 10 });
    await expect(osrm.table('truck', places(11))).rejects.toThrow('11 places are too many');
    expect(() => new Osrm('file:///etc/passwd')).toThrow('is no address of a server');
    expect(() => new Osrm('nonsense')).toThrow('is no address of a server');
  });

  test('keeps the path before its services, when there is one', async () => {
    await using server = await TestServer.start(() => bad('InvalidUrl'));
    await expect(new Osrm(`${server.url}/osrm`).table('x', places(2))).rejects.toThrow(
      'InvalidUrl',
    );
    expect(server.asked[0]?.url.pathname).toBe(
      '/osrm/table/v1/driving/17.000000,59.000000;17.002000,59.001000',
    );
  });

  test('is replaced by straight lines when it fails, and the answer says so', async () => {
    await using server = await TestServer.start(() => bad('NoTable'));
    const errors: TravelError[] = [];
    const lines = new StraightLine();
    const source = new FallBack(new Osrm(server.url), lines, (error) => errors.push(error));
    const table = await source.table('truck', places(3));
    expect(table).toEqual(await lines.table('truck', places(3)));
    expect(table.by.kind).toBe('straight-line');
    expect((await source.route('truck', places(3))).by.kind).toBe('straight-line');
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('NoTable'),
      expect.stringContaining('NoTable'),
    ]);
  });
});
