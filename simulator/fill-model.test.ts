import { describe, expect, test } from 'vitest';
import { emptyingsBetween, fillPercentAt } from './fill-model.ts';
import { DAY_MS, HOUR_MS, dayStartMs, localDay, weekdayOf } from './rhythm.ts';
import { createTown } from './town.ts';

const town = createTown({ seed: 1, binCount: 160 });
const END_MS = Date.UTC(2026, 10, 24);
const START_MS = END_MS - 30 * DAY_MS;

function levels(): number[] {
  const all: number[] = [];
  for (const { growth } of town.bins) {
    for (let atMs = START_MS; atMs < END_MS; atMs += 3 * HOUR_MS) {
      all.push(fillPercentAt(growth, atMs));
    }
  }
  return all;
}

const emptyings = town.bins.flatMap(({ growth }) => emptyingsBetween(growth, START_MS, END_MS));

describe('over a month of the whole town', () => {
  test('the mean level is near a half, and some bins overflow but not most', () => {
    const all = levels();
    const mean = all.reduce((sum, level) => sum + level, 0) / all.length;
    const overfull = all.filter((level) => level > 100).length / all.length;
    expect(mean).toBeGreaterThan(35);
    expect(mean).toBeLessThan(60);
    expect(overfull).toBeGreaterThan(0.03);
    expect(overfull).toBeLessThan(0.2);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all)).toBeLessThanOrEqual(130);
  });

  test('fixed rounds visit bins that are a third full and come too late to others', () => {
    const before = emptyings.map(({ fillPercentBefore }) => fillPercentBefore);
    const early = before.filter((level) => level < 40).length / before.length;
    const late = before.filter((level) => level > 100).length / before.length;
    expect(emptyings.length).toBeGreaterThan(700);
    expect(early).toBeGreaterThan(0.1);
    expect(late).toBeGreaterThan(0.1);
    expect(late).toBeLessThan(0.45);
  });

  test('every emptying leaves at most five percent and happens on a morning of the round', () => {
    for (const { growth } of town.bins) {
      for (const { atMs, fillPercentAfter } of emptyingsBetween(growth, START_MS, END_MS)) {
        expect(fillPercentAfter).toBeLessThanOrEqual(5);
        expect(fillPercentAt(growth, atMs)).toBeCloseTo(fillPercentAfter, 6);
        expect(growth.roundWeekdays).toContain(weekdayOf(localDay(atMs)));
        const hour = new Date(atMs + HOUR_MS).getUTCHours();
        expect(hour).toBeGreaterThanOrEqual(5);
        expect(hour).toBeLessThan(11);
      }
    }
  });

  test('about one round in twenty-five is missed', () => {
    const [firstDay, lastDay] = [localDay(START_MS) + 1, localDay(END_MS)];
    let due = 0;
    let done = 0;
    for (const { growth } of town.bins) {
      for (let day = firstDay; day < lastDay; day++) {
        if (growth.roundWeekdays.includes(weekdayOf(day))) due += 1;
      }
      done += emptyingsBetween(growth, dayStartMs(firstDay), dayStartMs(lastDay)).length;
    }
    expect(done / due).toBeGreaterThan(0.94);
    expect(done / due).toBeLessThan(0.98);
  });
});

test('between emptyings a level never falls', () => {
  for (const { growth } of town.bins.slice(0, 40)) {
    const times = emptyingsBetween(growth, START_MS, END_MS).map(({ atMs }) => atMs);
    for (let atMs = START_MS + HOUR_MS; atMs < END_MS; atMs += HOUR_MS) {
      if (times.some((time) => time > atMs - HOUR_MS && time <= atMs)) continue;
      const grown = fillPercentAt(growth, atMs) - fillPercentAt(growth, atMs - HOUR_MS);
      expect(grown).toBeGreaterThanOrEqual(-1e-9);
    }
  }
});

test('litter comes by day far more than by night', () => {
  const grownIn = (firstHour: number): number =>
    town.bins
      .filter(({ stream }) => stream === 'litter')
      .reduce((sum, { growth }) => {
        let percent = 0;
        for (let day = 0; day < 30; day++) {
          const fromMs = START_MS + day * DAY_MS + firstHour * HOUR_MS;
          const from = fillPercentAt(growth, fromMs);
          percent += Math.max(0, fillPercentAt(growth, fromMs + 2 * HOUR_MS) - from);
        }
        return sum + percent;
      }, 0);
  expect(grownIn(14)).toBeGreaterThan(5 * grownIn(1));
});
