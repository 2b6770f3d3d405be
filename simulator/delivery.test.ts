import { expect, test } from 'vitest';
import { DUPLICATE_RATE, LATE_RATE, decideDelivery } from './delivery.ts';
import { createTown } from './town.ts';

const sensors = createTown({ seed: 1, binCount: 40 }).bins.map(({ sensor }) => sensor);
const MESSAGES = 2000;

test('every sensor loses about the share of messages that is its own', () => {
  for (const sensor of sensors) {
    let lost = 0;
    for (let index = 0; index < MESSAGES; index++) {
      if (decideDelivery(sensor, `1/${index}`).lost) lost += 1;
    }
    expect(sensor.lossRate).toBeGreaterThanOrEqual(0.05);
    expect(sensor.lossRate).toBeLessThanOrEqual(0.5);
    expect(Math.abs(lost / MESSAGES - sensor.lossRate)).toBeLessThan(0.04);
  }
});

test('duplicates and late messages come at their rates over the town', () => {
  let duplicated = 0;
  let late = 0;
  for (const sensor of sensors) {
    for (let index = 0; index < MESSAGES; index++) {
      const delivery = decideDelivery(sensor, `1/${index}`);
      if (delivery.duplicated) duplicated += 1;
      if (delivery.delayIntervals > 0) late += 1;
    }
  }
  const total = sensors.length * MESSAGES;
  expect(Math.abs(duplicated / total - DUPLICATE_RATE)).toBeLessThan(0.003);
  expect(Math.abs(late / total - LATE_RATE)).toBeLessThan(0.003);
});
