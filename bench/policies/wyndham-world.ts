import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { findTestData } from '../../ingest/testing/test-data.ts';
import { unitFrom } from '../../simulator/random.ts';
import { measureWays } from './world.ts';
import type { World, WorldBin, WorldVehicle } from './world.ts';
import { growthFromSteps } from './wyndham-growth.ts';

const LEVELS = 'wyndham/fill-levels.csv';
const BINS = 'wyndham/containers.csv';

const LevelRow = z.object({
  'Bin ID': z.string(),
  Fullness: z.coerce.number(),
  timestamp: z.string(),
});
const BinRow = z.object({
  serial: z.string(),
  latitude: z.coerce.number(),
  longitude: z.coerce.number(),
  stream: z.string(),
});

const DAY_MS = 86_400_000;
const UTC_OFFSET_MS = 10 * 3_600_000;
const FIRST_DAY = Date.UTC(2018, 5, 26) / DAY_MS;
const LAST_DAY = Date.UTC(2021, 4, 3) / DAY_MS;
/** The first day of the warm-up, by seed: three seasons. */
const BEGINS = [Date.UTC(2018, 7, 1), Date.UTC(2019, 2, 1), Date.UTC(2019, 9, 1)];
const WARM_UP_DAYS = 42;
const KM_PER_HOUR = 35;
/** The city's tip, and a truck that stands there. */
const TIP = { lat: -37.935, lng: 144.6 };
const STEP = 20;
/** A compacting bin of 600 litres presses to a fifth, as the truck does: its litres are those of pressed waste. */
const VOLUME_LITRES = 600;
const VEHICLES: readonly WorldVehicle[] = [
  {
    id: 'truck',
    compartments: [
      { streams: ['general'], litres: 10_000, kg: Infinity },
      { streams: ['recycling'], litres: 10_000, kg: Infinity },
    ],
  },
];
const ROUNDS: readonly (readonly number[])[] = [[1], [1, 4], [1, 3, 5], [1, 3, 5, 0]];
const AIMED_PERCENT = 56;

/** Whether the data are here. */
export function hasWyndham(): boolean {
  return findTestData(LEVELS) !== undefined && findTestData(BINS) !== undefined;
}

/** Wyndham City's 33 compacting bins, with the waste that their reports tell of; `undefined` where the data are absent. */
export function wyndhamWorld(seed: number, days: number): World | undefined {
  const [levelFile, binFile] = [findTestData(LEVELS), findTestData(BINS)];
  if (levelFile === undefined || binFile === undefined) return undefined;
  const rows = z.array(BinRow).parse(readCsv(binFile));
  const levels = readLevels(levelFile);
  const first = (BEGINS[(seed - 1) % BEGINS.length] ?? 0) / DAY_MS - FIRST_DAY;
  const hours = (WARM_UP_DAYS + days) * 24;
  const growth = new Float32Array(rows.length * hours);
  const bins = rows.map((row, index): WorldBin => {
    const ofDay = growthFromSteps(levels.get(row.serial) ?? []);
    for (let hour = 0; hour < hours; hour += 1) {
      growth[index * hours + hour] = (ofDay[first + Math.floor(hour / 24)] ?? 0) / 24;
    }
    const mean = ofDay.reduce((sum, percent) => sum + percent, 0) / Math.max(1, ofDay.length);
    return {
      ...{ id: row.serial, stream: row.stream, volumeLitres: VOLUME_LITRES, serviceSeconds: 180 },
      position: { lat: row.latitude, lng: row.longitude },
      roundWeekdays: ROUNDS[Math.min(3, Math.floor((7 * mean) / AIMED_PERCENT))] ?? [],
      sensor: { noisePoints: 0, stepPoints: STEP },
      // Once a day, before the choice is made.
      report: (hour, truePercent) =>
        hour % 24 === 3 ? Math.floor(truePercent / STEP) * STEP : undefined,
      leftBehind: (emptying) => 5 * unitFrom(index, 1, emptying),
    };
  });
  return {
    ...{ name: 'Wyndham’s 33 bins', seed, bins, days, growth, hours, vehicles: VEHICLES },
    startMs: (FIRST_DAY + first) * DAY_MS - UTC_OFFSET_MS,
    ...{ utcOffsetMs: UTC_OFFSET_MS, warmUpDays: WARM_UP_DAYS },
    matrix: measureWays([TIP, TIP, ...bins.map(({ position }) => position)], KM_PER_HOUR),
  };
}

/** Percent by bin and day since the first day of the data. Of several reports of one day, the first. */
function readLevels(file: string): Map<string, (number | undefined)[]> {
  const levels = new Map<string, (number | undefined)[]>();
  for (const row of z.array(LevelRow).parse(readCsv(file))) {
    const [day = 0, month = 1, year = 0] = row.timestamp.split('-').map(Number);
    const index = Date.UTC(year, month - 1, day) / DAY_MS - FIRST_DAY;
    const empty = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, () => undefined);
    const ofBin: (number | undefined)[] = levels.get(row['Bin ID']) ?? empty;
    ofBin[index] ??= row.Fullness * 10;
    levels.set(row['Bin ID'], ofBin);
  }
  return levels;
}

function readCsv(file: string): unknown {
  return parse(readFileSync(file), { columns: true });
}
