import { expect, test } from 'vitest';
import { fillFromDistance } from '../domain/fill-from-distance.ts';
import { fillPercentAt } from './fill-model.ts';
import { DAY_MS, HOUR_MS } from './rhythm.ts';
import { MODEL_FACTS } from './sensor-catalogue.ts';
import { type SensorReading, measure } from './sensor-model.ts';
import { type TownBin, createTown } from './town.ts';

const town = createTown({ seed: 1, binCount: 160 });
const START_MS = Date.UTC(2026, 9, 25);

function month(bin: TownBin): { reading: SensorReading; truth: number }[] {
  return Array.from({ length: 360 }, (_, index) => {
    const atMs = START_MS + index * 2 * HOUR_MS;
    const moment = { townMs: atMs, observedAtMs: atMs, key: `0/${index}` };
    return { reading: measure(bin, moment), truth: fillPercentAt(bin.growth, atMs) };
  });
}

function errorOf(bin: TownBin, reading: SensorReading, truth: number): number {
  const verdict = fillFromDistance(reading.distanceMm, bin.geometry);
  return (verdict.fillPercent ?? 999) - truth;
}

test('the same moment gives the same reading', () => {
  const bin = town.bins[0];
  expect.assert(bin !== undefined);
  const moment = { townMs: START_MS, observedAtMs: START_MS, key: '0/1' };
  expect(measure(bin, moment)).toEqual(measure(bin, moment));
});

test('most readings are within a few points of the truth, and some are far off', () => {
  // Above 95 the blind zone hides the heap of some models; that is not noise.
  const errors = town.bins
    .filter((bin) => bin.sensor.fault !== 'stuck')
    .flatMap((bin) =>
      month(bin)
        .filter(({ truth, reading }) => truth > 5 && truth < 95 && !reading.tilted)
        .map(({ reading, truth }) => errorOf(bin, reading, truth)),
    );
  const near = errors.filter((error) => Math.abs(error) < 8);
  const sd = Math.sqrt(near.reduce((sum, error) => sum + error * error, 0) / near.length);
  expect(near.length / errors.length).toBeGreaterThan(0.94);
  expect(near.length / errors.length).toBeLessThan(0.99);
  expect(sd).toBeGreaterThan(1);
  expect(sd).toBeLessThan(2.5);
});

test('a stuck sensor repeats one distance for days', () => {
  const bin = town.bins.find(({ sensor }) => sensor.fault === 'stuck');
  expect.assert(bin !== undefined);
  const counts = new Map<number, number>();
  for (const { reading } of month(bin)) {
    counts.set(reading.distanceMm, (counts.get(reading.distanceMm) ?? 0) + 1);
  }
  // Twelve days of twelve readings each; a month may cut two such times, or hold one whole.
  expect(Math.max(...counts.values())).toBeGreaterThan(60);
});

test('no sensor reports less than its blind zone, or what cannot be', () => {
  for (const bin of town.bins) {
    for (const { reading } of month(bin)) {
      expect(reading.distanceMm).toBeGreaterThanOrEqual(MODEL_FACTS[bin.sensor.model].blindZoneMm);
      expect(reading.fillPercent).toBeLessThanOrEqual(200);
      expect(reading.batteryPercent).toBeGreaterThan(0);
      expect(reading.batteryPercent).toBeLessThanOrEqual(100);
      expect(Math.abs(reading.temperatureC)).toBeLessThan(45);
    }
  }
});

test('tilted bins are rare, and lean further than the sensors tolerate', () => {
  const readings = town.bins.flatMap((bin) => month(bin).map(({ reading }) => reading));
  const tilted = readings.filter((reading) => reading.tilted);
  expect(tilted.length).toBeGreaterThan(10);
  expect(tilted.length / readings.length).toBeLessThan(0.005);
  expect(Math.min(...tilted.map(({ tiltDegrees }) => tiltDegrees))).toBeGreaterThanOrEqual(20);
});

test('July is warmer than January, and batteries fall over a year', () => {
  const bin = town.bins[1];
  expect.assert(bin !== undefined);
  const at = (atMs: number): SensorReading =>
    measure(bin, { townMs: atMs, observedAtMs: atMs, key: String(atMs) });
  const mean = (fromMs: number): number =>
    Array.from({ length: 31 }, (_, day) => at(fromMs + day * DAY_MS).temperatureC).reduce(
      (sum, value) => sum + value / 31,
      0,
    );
  expect(mean(Date.UTC(2026, 6, 1)) - mean(Date.UTC(2026, 0, 1))).toBeGreaterThan(12);
  const falls = town.bins.filter((each) => {
    const battery = (atMs: number): number =>
      measure(each, { townMs: atMs, observedAtMs: atMs, key: 'x' }).batteryPercent;
    return battery(Date.UTC(2026, 11, 31)) < battery(Date.UTC(2026, 0, 1));
  });
  // The others had their cells changed.
  expect(falls.length).toBeGreaterThan(100);
});
