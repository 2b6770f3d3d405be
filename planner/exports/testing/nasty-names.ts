import fc from 'fast-check';
import { WHOLE_UNITS } from '../../problem/problem.ts';
import type { Problem } from '../../problem/problem.ts';
import { fillMatrix } from '../../problem/matrix.ts';
import { makeRunSheet } from '../make-run-sheet.ts';
import type { RunSheet } from '../run-sheet.ts';
import { SAMPLE_FACTS } from './sample-sheet.ts';

/** Names that have broken exports of one kind or another. */
export const NASTY_NAMES: readonly string[] = [
  'A & B <b>"fett"</b> \'citat\'',
  ']]> <!-- --> <?php ?> &amp; &#0;',
  'rad 1\nrad 2\r\nrad 3\rrad 4\ttab',
  '\u0000\u0001\u0008\u000B\u001F\u007F\u0085\uFFFE\uFFFF',
  'halvt par \uD83D och \uDE00',
  '😀 👩‍👩‍👧‍👦 🇸🇪 🚛',
  '=1+1',
  '+46 70 123 45 67',
  '-1',
  '@SUM(A1)',
  '=HYPERLINK("http://evil.example","x")',
  '\t=1',
  " =cmd|'/c calc'!A0",
  '＝1',
  ';,"',
  'שלום, مرحبا \u202Eabc\u202C',
  'Åkervägen 5, Östra Södertälje, é ü ß ł Ł ş',
  'BEGIN:VEVENT\nEND:VEVENT\\n\\,;:',
  '%d %s ${x} {{y}} $(z)',
  'ord '.repeat(150),
  '',
  ' ',
  '_x0041_',
];

/** Longer than a cell of Excel and than a page. */
export const LONG_NAMES: readonly string[] = ['x'.repeat(40_000), 'ord '.repeat(2_000)];

/** A name of the list above, or any text at all, lone surrogates included. */
export function nastyName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...NASTY_NAMES),
    fc.string({ maxLength: 60 }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((units) => String.fromCharCode(...units)),
  );
}

/** One route past a stop for each name; vehicle, depot, streams, addresses and notes have such names, too. */
export function nastySheet(names: readonly string[]): RunSheet {
  const problem: Problem = {
    name: 'nasty',
    units: WHOLE_UNITS,
    locations: names.map((name, index) => ({
      name,
      position: { lat: -33 + index / 100, lng: -70 },
    })),
    matrices: new Map([['truck', fillMatrix(names.length, () => ({ seconds: 60, metres: 500 }))]]),
    vehicles: [
      {
        ...{ id: 'v', profile: 'truck', start: 0, end: 0, shift: [0, 86_400] },
        compartments: [{ streams: null, litres: Infinity, kg: Infinity }],
        ...{ skills: [], breaks: [], mustEndEmpty: false },
        costs: { fixed: 0, perDrivingHour: 0, perKm: 1 },
      },
    ],
    stops: names.map((name, location) => ({
      ...{ id: `s${location}`, location, stream: name, amounts: { litres: 1, kg: 1 } },
      ...{ serviceSeconds: 0, windows: [], skills: [], prize: null },
    })),
    disposalSites: [],
  };
  const visits = names.map((_name, index) => ({ kind: 'stop' as const, id: `s${index}` }));
  return makeRunSheet(
    problem,
    { routes: [{ vehicleId: 'v', visits }] },
    {
      ...SAMPLE_FACTS,
      title: names.join(' '),
      vehicleName: () => names[0],
      stop: (id) => {
        const name = names[Number(id.slice(1))] ?? '';
        return { name, address: name, accessNote: name, reason: 'asked-for' };
      },
    },
  );
}
