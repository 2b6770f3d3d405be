import { describe, expect, test } from 'vitest';
import { judgeTime } from '../domain/clock.ts';
import { judgeFill } from '../domain/judge-fill.ts';
import { decideDelivery } from './delivery.ts';
import { emptyingsBetween, fillPercentAt } from './fill-model.ts';
import { historySteps, stepTimeMs } from './history.ts';
import { reportIntervalsMs } from './pace.ts';
import { DAY_MS, HOUR_MS, dayStartMs, localDay, weekdayFactor, weekdayOf } from './rhythm.ts';
import { type SensorReading, measure } from './sensor-model.ts';
import { createTownClock } from './town-clock.ts';
import { type Town, type TownBin, createTown } from './town.ts';

/*
 * The town against what real bins do: Edinburgh's 335, Wyndham's, UC Berkeley's, and four LoRa sensors of DTU. Seeds are
 * fixed; bounds leave room for chance among 160 bins, not for another model.
 */

const END_MS = Date.UTC(2026, 10, 24, 12);
const MONTH_MS = 28 * DAY_MS;
const TOWNS = [1, 2, 3].map((seed) => createTown({ seed, binCount: 160 }));

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
}

/** The level that Tunna makes of a reading; `null`: none that could stand on the map. */
function levelOf(bin: TownBin, reading: SensorReading): number | null {
  const sendsFill = bin.sensor.model === 'own-json-fill';
  const verdict = judgeFill(
    {
      distanceMm: sendsFill ? null : reading.distanceMm,
      reportedFillPercent: reading.fillPercent,
      temperatureC: null,
      sensorFault: null,
      badClock: false,
    },
    bin.geometry,
  );
  return verdict.fillPercent;
}

describe.each(TOWNS)('the town of seed $seed', (town: Town) => {
  const rates = town.bins.map(({ growth }) => growth.percentPerDay);

  test('fills by about 31 to 36 percent a day, log-normal between bins', () => {
    expect(quantile(rates, 0.5)).toBeGreaterThan(29);
    expect(quantile(rates, 0.5)).toBeLessThan(37);
    expect(Math.exp(mean(rates.map(Math.log)))).toBeGreaterThan(28);
    expect(Math.exp(mean(rates.map(Math.log)))).toBeLessThan(34);
    expect(deviation(rates.map(Math.log))).toBeGreaterThan(0.6);
    expect(deviation(rates.map(Math.log))).toBeLessThan(0.78);
    expect(quantile(rates, 0.05)).toBeLessThan(14);
    expect(quantile(rates, 0.95)).toBeGreaterThan(65);
  });

  test('fills unevenly from day to day, with a coefficient of variation of 0.44, more at the weekend', () => {
    const factors: number[] = [];
    // Seen best in bins that are seldom emptied.
    for (const { growth } of town.bins.filter((bin) => bin.growth.percentPerDay < 20)) {
      for (let day = localDay(END_MS - 3 * MONTH_MS); day < localDay(END_MS); day++) {
        const [from, to] = [dayStartMs(day), dayStartMs(day + 1)];
        if (emptyingsBetween(growth, from, to).length > 0) continue;
        if (fillPercentAt(growth, to) > 100) continue;
        const usual = growth.percentPerDay * weekdayFactor(growth.stream, weekdayOf(day));
        factors.push((fillPercentAt(growth, to) - fillPercentAt(growth, from)) / usual);
      }
    }
    expect(factors.length).toBeGreaterThan(1000);
    expect(mean(factors)).toBeCloseTo(1, 1);
    expect(deviation(factors) / mean(factors)).toBeGreaterThan(0.39);
    expect(deviation(factors) / mean(factors)).toBeLessThan(0.49);
    const weekday = (day: number): number =>
      mean(town.bins.map((bin) => weekdayFactor(bin.stream, day)));
    for (const day of [0, 1, 2, 3, 4, 5, 6]) {
      expect(weekday(day)).toBeGreaterThanOrEqual(0.8);
      expect(weekday(day)).toBeLessThanOrEqual(1.2);
    }
    expect(weekday(6)).toBeGreaterThan(weekday(2));
  });

  test('loses 5 to 50 percent of its messages, and more than half of its sensors less than a fifth', () => {
    const losses = town.bins.map(({ sensor }) => sensor.lossRate);
    expect(Math.min(...losses)).toBeGreaterThanOrEqual(0.05);
    expect(Math.max(...losses)).toBeGreaterThan(0.4);
    expect(Math.max(...losses)).toBeLessThanOrEqual(0.5);
    expect(quantile(losses, 0.5)).toBeLessThan(0.2);
  });

  test('measures with a deviation of about 2 points, 5 percent outliers, and 1 to 3 percent stuck sensors', () => {
    const working = town.bins.filter(({ sensor }) => sensor.fault !== 'stuck');
    expect(mean(working.map(({ sensor }) => sensor.noisePercent))).toBeGreaterThan(1.7);
    expect(mean(working.map(({ sensor }) => sensor.noisePercent))).toBeLessThan(2.3);
    const errors = working.flatMap((bin) => {
      const all: number[] = [];
      for (let atMs = END_MS - MONTH_MS; atMs < END_MS; atMs += 4 * HOUR_MS) {
        const reading = measure(bin, { townMs: atMs, observedAtMs: atMs, key: `1/${atMs}` });
        const truth = fillPercentAt(bin.growth, atMs);
        if (reading.tilted || truth < 8 || truth > 92) continue;
        all.push((levelOf(bin, reading) ?? 999) - truth);
      }
      return all;
    });
    const outliers = errors.filter((error) => Math.abs(error) > 10);
    expect(outliers.length / errors.length).toBeGreaterThan(0.035);
    expect(outliers.length / errors.length).toBeLessThan(0.065);
    const usual = errors.filter((error) => Math.abs(error) <= 10);
    expect(deviation(usual)).toBeGreaterThan(1.6);
    expect(deviation(usual)).toBeLessThan(2.6);
    const stuck = (town.bins.length - working.length) / town.bins.length;
    expect(stuck).toBeGreaterThanOrEqual(0.01);
    expect(stuck).toBeLessThanOrEqual(0.03);
  });

  test('is emptied to at most 5 percent, from levels as a fixed round meets them', () => {
    const emptyings = town.bins.flatMap(({ growth }) =>
      emptyingsBetween(growth, END_MS - MONTH_MS, END_MS),
    );
    const before = emptyings.map(({ fillPercentBefore }) => fillPercentBefore);
    expect(Math.max(...emptyings.map(({ fillPercentAfter }) => fillPercentAfter))).toBeLessThan(5);
    expect(quantile(before, 0.5)).toBeGreaterThan(50);
    expect(quantile(before, 0.5)).toBeLessThan(80);
    expect(before.filter((level) => level >= 100).length / before.length).toBeLessThan(0.2);
    expect(before.filter((level) => level < 50).length / before.length).toBeLessThan(0.5);
  });
});

describe('hours in time lapse', () => {
  const TIME_LAPSE = 30;
  const HOURS = 8;
  const [town] = TOWNS;
  if (town === undefined) throw new Error('There is no town');
  const intervalsMs = reportIntervalsMs(town, TIME_LAPSE);

  /** What the live sensors of a bin send from the start on, each reading with the wall clock of its arrival. */
  function live(bin: TownBin, intervalMs: number) {
    let wallMs = END_MS;
    const clock = createTownClock(END_MS, TIME_LAPSE, () => wallMs);
    const readings: { readonly wallMs: number; readonly townMs: number; level: number | null }[] =
      [];
    for (let count = 0; wallMs < END_MS + HOURS * HOUR_MS; count += 1) {
      const key = `1/${count}`;
      const { townMs } = clock.read();
      if (!decideDelivery(bin.sensor, key).lost) {
        const reading = measure(bin, { townMs, observedAtMs: wallMs, key });
        expect(judgeTime(reading.observedAtMs, wallMs, false)).toEqual({
          observedAtMs: wallMs,
          late: false,
        });
        readings.push({ wallMs, townMs, level: levelOf(bin, reading) });
      }
      wallMs += intervalMs;
    }
    return readings;
  }

  const lives = town.bins.map((bin, index) => ({
    bin,
    readings: live(bin, intervalsMs[index] ?? HOUR_MS),
  }));

  test('join the history without a jump', () => {
    const history = { town, endMs: END_MS, days: 30, stepSeconds: 7200 };
    const newest = historySteps(history) - 1;
    for (const { bin, readings } of lives) {
      const lastMs = stepTimeMs(history, bin, newest);
      expect(lastMs).toBeLessThan(END_MS);
      expect(END_MS - lastMs).toBeLessThan(2 * 7200 * 1000);
      const first = readings[0];
      expect.assert(first !== undefined);
      const wasEmptied = emptyingsBetween(bin.growth, lastMs, first.townMs).length > 0;
      const grown = fillPercentAt(bin.growth, first.townMs) - fillPercentAt(bin.growth, lastMs);
      if (!wasEmptied) expect(grown).toBeGreaterThanOrEqual(0);
      if (!wasEmptied) expect(grown).toBeLessThan(40);
    }
  });

  test('hear from every bin more often than a level grows stale', () => {
    for (const { readings } of lives) {
      const gaps = readings.slice(1).map(({ wallMs }, at) => wallMs - (readings[at]?.wallMs ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(HOUR_MS);
    }
  });

  test('show some full bins at every hour, never most, and see nearly every bin emptied', () => {
    const shares: number[] = [];
    for (let wallMs = END_MS + HOUR_MS / 2; wallMs < END_MS + HOURS * HOUR_MS; wallMs += 60_000) {
      const full = lives.filter(({ bin, readings }) => {
        const last = readings.findLast((one) => one.wallMs <= wallMs && one.level !== null);
        return (last?.level ?? 0) >= bin.thresholdPercent;
      });
      shares.push(full.length / lives.length);
    }
    expect(mean(shares)).toBeGreaterThan(0.05);
    expect(mean(shares)).toBeLessThan(0.2);
    expect(Math.min(...shares)).toBeGreaterThan(0.01);
    expect(Math.max(...shares)).toBeLessThan(0.4);
    const townEndMs = END_MS + HOURS * HOUR_MS * TIME_LAPSE;
    const emptied = town.bins.filter(
      ({ growth }) => emptyingsBetween(growth, END_MS, townEndMs).length > 0,
    );
    expect(emptied.length / town.bins.length).toBeGreaterThan(0.95);
  });
});
