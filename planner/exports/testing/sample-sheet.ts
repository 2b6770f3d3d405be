import { readTunnaJson } from '../../formats/tunna-json.ts';
import type { Plan } from '../../problem/plan.ts';
import type { Problem } from '../../problem/problem.ts';
import { makeRunSheet } from '../make-run-sheet.ts';
import type { RunSheet } from '../run-sheet.ts';
import type { SheetFacts } from '../sheet-facts.ts';

const PLACES = [
  ['Depå Moraberg', 59.2007, 17.6517],
  ['Storgatan 5', 59.1955, 17.6253],
  ['Järnagatan 12', 59.1931, 17.6302],
  ['Återbruket "Tveta"', 59.1702, 17.5601],
] as const;

/** From each place to each other, seconds and metres. */
const WAYS = [
  [0, 300, 360, 900],
  [310, 0, 90, 700],
  [350, 95, 0, 660],
  [880, 690, 640, 0],
];

/** One truck, two stops with a break between them, a tip; a third stop nobody drives to. */
export const SAMPLE_PROBLEM: Problem = readTunnaJson({
  name: 'Södertälje',
  locations: PLACES.map(([name, lat, lng]) => ({ name, lat, lng })),
  matrices: { truck: { seconds: WAYS, metres: WAYS.map((row) => row.map((way) => way * 10)) } },
  vehicles: [
    {
      ...{ id: 'KLM 123', start: 0, end: 0, shift: [21_600, 54_000], mustEndEmpty: true },
      compartments: [{ litres: 18_000, kg: 9_000 }],
      breaks: [{ id: 'lunch', window: [21_600, 50_000], seconds: 1_800 }],
      costs: { fixed: 100, perKm: 10 },
    },
  ],
  stops: [
    { id: 'b1', location: 1, stream: 'paper', litres: 600, kg: 50, serviceSeconds: 120 },
    {
      ...{ id: 'b2', location: 2, stream: 'paper', litres: 500.5, kg: 40, serviceSeconds: 60 },
      windows: [[25_200, 32_400]],
    },
    { id: 'b3', location: 2, stream: 'paper', litres: 10, prize: 1 },
  ],
  disposalSites: [{ id: 'tveta', location: 3, serviceSeconds: 600 }],
});

export const SAMPLE_PLAN: Plan = {
  routes: [
    {
      vehicleId: 'KLM 123',
      visits: [
        { kind: 'stop', id: 'b1' },
        { kind: 'break', id: 'lunch' },
        { kind: 'stop', id: 'b2' },
        { kind: 'disposal', id: 'tveta' },
      ],
    },
  ],
};

const MADE_AT_MS = Date.parse('2026-11-25T04:30:00Z');

export const SAMPLE_FACTS: SheetFacts = {
  title: 'Södertälje, onsdag',
  day: { date: '2026-11-25', timeZone: 'Europe/Stockholm' },
  madeAtMs: MADE_AT_MS,
  co2GramsPerKm: 1_200,
  vehicleName: () => 'Bil 1',
  siteName: () => 'Tveta återvinning',
  stop: (id) =>
    id === 'b1'
      ? {
          address: 'Storgatan 5, 151 72 Södertälje',
          level: { fillPercent: 92.4, observedAtMs: MADE_AT_MS - 25 * 60_000 },
          reason: 'full',
          accessNote: 'Nyckel 7; kod =1234',
        }
      : { reason: 'on-the-way' },
};

/** A whole run sheet for tests, with a hand over any fact. */
export function sampleSheet(facts: Partial<SheetFacts> = {}): RunSheet {
  return makeRunSheet(SAMPLE_PROBLEM, SAMPLE_PLAN, { ...SAMPLE_FACTS, ...facts });
}
