import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TunnaShell } from '../testing/run-tunna.ts';

// Every command is a process of its own, and other tests run beside these.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let shell: TunnaShell;
beforeEach(() => {
  shell = new TunnaShell();
});
afterEach(() => shell[Symbol.dispose]());

const POSITIONS = [
  { name: 'Depå', lat: 59.2, lng: 17.65 },
  { name: '=Storgatan 5', lat: 59.19, lng: 17.62 },
];

/** A file with one stop, in the shell's folder. */
function writeProblem(locations: readonly object[]): void {
  const rows = [
    [0, 300],
    [310, 0],
  ];
  const problem = {
    ...{ name: 'Södertälje', locations, matrices: { truck: { seconds: rows, metres: rows } } },
    vehicles: [{ id: 'bil-1', start: 0, end: 0, shift: [21_600, 54_000], compartments: [{}] }],
    stops: [{ id: 'b1', location: 1, litres: 600 }],
  };
  writeFileSync(path.join(shell.folder, 'problem.json'), JSON.stringify(problem));
}

const SOLVE = ['solve', 'problem.json', '--iterations', '10', '--date', '2026-11-25'];

test.each([
  ['gpx', '<?xml version="1.0" encoding="UTF-8"?>\n<gpx '],
  ['csv-sv', '\uFEFFdatum;fordon;'],
  ['pdf', '%PDF-'],
])('a plan goes into a %s file', async (name, begins) => {
  writeProblem(POSITIONS);
  const { exitCode, stderr } = await shell.run([...SOLVE, '--export', name, '--out', 'plan']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const text = readFileSync(path.join(shell.folder, 'plan'), 'utf8');
  expect(text.slice(0, begins.length)).toBe(begins);
});

test('day, zone, language and CO2 are those that were asked for', async () => {
  writeProblem(POSITIONS);
  const options = ['--time-zone', 'Europe/Lisbon', '--language', 'sv', '--co2', '100000'];
  await shell.run([...SOLVE, ...options, '--export', 'ical', '--out', 'plan.ics']);
  const text = readFileSync(path.join(shell.folder, 'plan.ics'), 'utf8');
  expect(text).toContain('DTSTART:20261125T060000Z');
  expect(text).toContain('SUMMARY:bil-1: 1 stopp');
  expect(text).toContain('61 kg CO2');
});

test('a problem without positions says so in one line, and the plan is still shown', async () => {
  writeProblem([{}, {}]);
  const { exitCode, stdout, stderr } = await shell.run([
    ...[...SOLVE, '--export', 'gpx', '--out', 'plan.gpx'],
  ]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'tunna: gpx: the plan has no positions, and this format is made of them\n',
  });
  expect(stdout).toContain('route bil-1: b1');
});

test('places without a position are counted, where the format leaves them out', async () => {
  writeProblem([POSITIONS[0] ?? {}, { name: 'nowhere' }]);
  const { exitCode, stderr } = await shell.run([...SOLVE, '--export', 'kml', '--out', 'plan.kml']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: 'kml: places without a position are left out: 1\n',
  });
});

test.each([
  { args: ['--export', 'gpx'], exitCode: 2, says: 'say both --export and --out' },
  { args: ['--export', 'word', '--out', 'x'], exitCode: 2, says: 'gpx, kml, geojson' },
  { args: ['--date', '2026-02-30'], exitCode: 2, says: 'It must be a date' },
  { args: ['--export', 'csv', '--out', 'no/such/folder'], exitCode: 1, says: 'ENOENT' },
])('refuses $args in one line', async ({ args, exitCode, says }) => {
  writeProblem(POSITIONS);
  const outcome = await shell.run([...SOLVE, ...args]);
  expect(outcome.exitCode).toBe(exitCode);
  expect(outcome.stderr).toContain(says);
  expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
});
