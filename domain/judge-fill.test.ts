import { describe, expect, it } from 'vitest';
import { findReadingReasons, judgeFill } from './judge-fill.ts';
import type { Geometry } from './geometry.ts';

const BIN: Geometry = {
  shape: 'prism',
  emptyDistanceMm: 1200,
  fullDistanceMm: 200,
  blindZoneMm: 30,
};
const NOTHING = {
  distanceMm: null,
  reportedFillPercent: null,
  temperatureC: null,
  sensorFault: null,
  badClock: false,
};

describe('judging a fill', () => {
  it('prefers the distance in a known bin to the fill the sensor computed', () => {
    const level = { ...NOTHING, distanceMm: 700, reportedFillPercent: 12 };
    expect(judgeFill(level, BIN)).toEqual({ fillPercent: 50, quality: 'accepted' });
    expect(judgeFill(level, null)).toEqual({ fillPercent: 12, quality: 'accepted' });
  });

  it('says nothing about a distance in an unknown bin', () => {
    expect(judgeFill({ ...NOTHING, distanceMm: 700 }, null)).toEqual({
      fillPercent: null,
      quality: 'unchecked',
      reason: 'no-geometry',
    });
  });

  it('does not believe a level beside a fault', () => {
    const level = { ...NOTHING, distanceMm: 700, sensorFault: 'no echo' };
    expect(judgeFill(level, BIN)).toMatchObject({ fillPercent: null, quality: 'rejected' });
  });

  it('corrects the distance by the temperature of the reading where the mounting says so', () => {
    const level = { ...NOTHING, distanceMm: 700, temperatureC: -20 };
    expect(judgeFill(level, BIN).fillPercent).toBe(50);
    expect(judgeFill(level, { ...BIN, temperatureReferenceC: 20 }).fillPercent).toBe(55);
  });

  it('keeps an overfull bin overfull', () => {
    expect(judgeFill({ ...NOTHING, reportedFillPercent: 131.04 }, null).fillPercent).toBe(131);
  });

  it('marks a level whose time is not known', () => {
    expect(judgeFill({ ...NOTHING, reportedFillPercent: 40, badClock: true }, null)).toEqual({
      fillPercent: 40,
      quality: 'suspicious',
      reason: 'bad-clock',
    });
  });
});

describe('the reasons of a reading', () => {
  const quiet = {
    tilted: null,
    alarms: [],
    batteryPercent: null,
    qualityReason: null,
    badClock: false,
  };

  it('are none for a quiet sensor', () => {
    expect(findReadingReasons(quiet)).toEqual([]);
  });

  it('name everything that needs a look', () => {
    expect(
      findReadingReasons({
        tilted: true,
        alarms: ['fire', 'tilt'],
        batteryPercent: 10,
        qualityReason: 'full-or-obstructed',
        badClock: true,
      }),
    ).toEqual(['fire', 'tilted', 'obstructed', 'low-battery', 'bad-clock']);
  });
});
