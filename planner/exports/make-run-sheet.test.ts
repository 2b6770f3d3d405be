import { expect, test } from 'vitest';
import { clockText } from './day-clock.ts';
import { makeRunSheet } from './make-run-sheet.ts';
import { SAMPLE_FACTS, SAMPLE_PLAN, SAMPLE_PROBLEM, sampleSheet } from './testing/sample-sheet.ts';

test('the list has every visit in order, with its times and what is aboard afterwards', () => {
  const sheet = sampleSheet();
  const rows = sheet.routes[0]?.entries.map(
    ({ kind, name, arrival, begins, departure, loadAfter, metres }) => [
      ...[kind, name],
      [arrival, begins, departure].map((at) => clockText(sheet.day, at)).join(' '),
      ...[loadAfter.litres, loadAfter.kg, metres],
    ],
  );
  expect(rows).toEqual([
    ['start', 'Depå Moraberg', '06:00 06:00 06:00', 0, 0, 0],
    ['stop', 'Storgatan 5', '06:05 06:05 06:07', 600, 50, 3000],
    ['break', '', '06:07 06:07 06:37', 600, 50, 3000],
    // It comes 1 min 30 s later and waits for the window.
    ['stop', 'Järnagatan 12', '06:38 07:00 07:01', 1100.5, 90, 3900],
    ['disposal', 'Tveta återvinning', '07:12 07:12 07:22', 0, 0, 10_500],
    ['end', 'Depå Moraberg', '07:36 07:36 07:36', 0, 0, 19_300],
  ]);
});

test('a stop says its level with the time it was seen, why it is on the list, and how to get there', () => {
  const stops = sampleSheet().routes[0]?.entries.flatMap(({ stop }) => stop ?? []);
  expect(stops?.[0]).toEqual({
    ...{ number: 1, stream: 'paper', amounts: { litres: 600, kg: 50 } },
    level: { fillPercent: 92.4, observedAtMs: Date.parse('2026-11-25T04:05:00Z') },
    ...{ reason: 'full', accessNote: 'Nyckel 7; kod =1234' },
  });
  expect(stops?.[1]).toMatchObject({ number: 2, level: null, reason: 'on-the-way' });
});

test('totals count kilometres, hours, litres, cost and CO2', () => {
  const { totals, routes } = sampleSheet();
  expect(totals).toEqual({
    ...{ stops: 2, metres: 19_300, drivingSeconds: 1930, workingSeconds: 5800 },
    ...{ collected: { litres: 1100.5, kg: 90 }, cost: 293, co2Kg: 23.16 },
  });
  expect(routes[0]?.totals).toEqual(totals);
});

test('without a factor nobody claims to know the CO2', () => {
  const { co2GramsPerKm: _unknown, ...facts } = SAMPLE_FACTS;
  expect(makeRunSheet(SAMPLE_PROBLEM, SAMPLE_PLAN, facts).totals.co2Kg).toBeNull();
});

test('stops on no route are listed, those that must be served as such', () => {
  expect(sampleSheet().leftOut).toEqual([
    {
      ...{ id: 'b3', name: 'Järnagatan 12', location: 2, must: false },
      position: { lat: 59.1931, lng: 17.6302 },
    },
  ]);
  const nothing = makeRunSheet(SAMPLE_PROBLEM, { routes: [] }, SAMPLE_FACTS);
  expect(nothing.leftOut.map(({ id, must }) => [id, must])).toEqual([
    ...[['b1', true] as const, ['b2', true] as const, ['b3', false] as const],
  ]);
  expect(nothing.totals).toMatchObject({ stops: 0, metres: 0, cost: 0 });
});

test('a plan that breaks limits says so, in seconds and metres also when the problem counts in tenths', () => {
  const [route] = SAMPLE_PLAN.routes;
  const late = { ...SAMPLE_PROBLEM, units: { perSecond: 10, perMetre: 10 } };
  const plan = { routes: [{ vehicleId: 'KLM 123', visits: route?.visits.slice(0, 3) ?? [] }] };
  const stops = late.stops.map((stop) =>
    stop.id === 'b2' ? { ...stop, windows: [[0, 23_590] as const] } : stop,
  );
  const sheet = makeRunSheet({ ...late, stops }, plan, SAMPLE_FACTS);
  // 21600 + 300 + 120 + 1800 + 90 = 23910
  expect(sheet.violations).toContainEqual(
    expect.objectContaining({ kind: 'late', stopId: 'b2', excess: 32, unit: 'seconds' }),
  );
  expect(sheet.violations.map(({ kind }) => kind)).toContain('not-emptied');
  expect(sheet.routes[0]?.entries[0]?.arrival).toBe(2160);
});
