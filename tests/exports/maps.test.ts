import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { LONG_NAMES, NASTY_NAMES, nastySheet } from '../../planner/exports/testing/nasty-names.ts';
import { sampleSheet } from '../../planner/exports/testing/sample-sheet.ts';
import { needs } from '../servers/needs.ts';
import { runProgram } from '../servers/programs.ts';
import { ExportFolder } from './export-files.ts';

const NASTY = nastySheet([...NASTY_NAMES, ...LONG_NAMES]);
const PLACES_OF_NASTY = NASTY_NAMES.length + LONG_NAMES.length + 2;
const schema = (name: string): string => path.join(import.meta.dirname, name);

/** What gpsbabel makes of a file: `-w` its places, `-r` its routes, `-t` its tracks, as rows of CSV. */
async function gpsbabel(
  format: string,
  file: string,
  what: '-w' | '-r' | '-t',
): Promise<readonly Readonly<Record<string, string>>[]> {
  const args = [what, '-i', format, '-f', file, '-o', 'unicsv', '-F', '-'];
  const { exitCode, stdout, stderr } = await runProgram('gpsbabel', args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  // Safe: with a heading the parser gives an object of texts for each row.
  return parse(stdout, { columns: true, relax_column_count: true }) as Record<string, string>[];
}

async function validate(schemaFile: string, file: string): Promise<void> {
  const { exitCode, stderr } = await runProgram('xmllint', [
    ...['--noout', '--nonet', '--huge', '--schema', schema(schemaFile), file],
  ]);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
}

needs('gpsbabel', 'libxml2-utils')('files for maps', () => {
  test.each([
    ['gpx', 'gpx-1.1.xsd'],
    ['kml', 'kml-2.2.xsd'],
  ] as const)('%s keeps to its schema, whatever the names are', async (format, schemaFile) => {
    using folder = new ExportFolder();
    await validate(schemaFile, await folder.write(format, sampleSheet()));
    await validate(schemaFile, await folder.write(format, NASTY));
  });

  test.each([
    ['gpx', 'gpx-1.1.xsd', '<wpt lat="59', '<wpt lat="159'],
    ['gpx', 'gpx-1.1.xsd', '<number>1</number>', '<number>x</number>'],
    ['kml', 'kml-2.2.xsd', 'styleUrl', 'styleUri'],
  ] as const)(
    'the %s schema of %s finds %s written as %s',
    async (format, schemaFile, right, wrong) => {
      using folder = new ExportFolder();
      const file = await folder.write(format, sampleSheet());
      const text = await readFile(file, 'utf8');
      expect(text).toContain(right);
      await writeFile(file, text.replaceAll(right, wrong));
      const args = ['--noout', '--nonet', '--schema', schema(schemaFile), file];
      expect((await runProgram('xmllint', args)).exitCode).toBe(3);
    },
  );

  test('gpsbabel reads the places, the route and the track of a GPX file', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('gpx', sampleSheet());
    const places = await gpsbabel('gpx', file, '-w');
    expect(places.map(({ Name }) => Name)).toEqual([
      ...['Start: Depå Moraberg', '1. Storgatan 5', '2. Järnagatan 12'],
      ...['Tömning av bilen: Tveta återvinning', 'Slut: Depå Moraberg'],
    ]);
    expect(places[1]?.['Description']).toContain('92 % (25 min gammal), 600 l, 50 kg');
    expect([Number(places[1]?.['Latitude']), Number(places[1]?.['Longitude'])]).toEqual([
      59.1955, 17.6253,
    ]);
    const route = await gpsbabel('gpx', file, '-r');
    expect(route.map(({ Name }) => Name)).toEqual(places.map(({ Name }) => Name));
    expect(await gpsbabel('gpx', file, '-t')).toHaveLength(5);
  });

  test('gpsbabel reads the line that was drawn on roads as the track', async () => {
    using folder = new ExportFolder();
    const line = Array.from({ length: 7 }, (_, index) => ({ lat: 59 + index / 100, lng: 17 }));
    const file = await folder.write('gpx', sampleSheet({ line: () => line }));
    const track = await gpsbabel('gpx', file, '-t');
    expect(track.map(({ Latitude }) => Number(Latitude))).toEqual(line.map(({ lat }) => lat));
  });

  test('gpsbabel reads the places and the line of a KML file', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('kml', sampleSheet());
    const places = await gpsbabel('kml', file, '-w');
    expect(places.map(({ Name }) => Name)).toContain('2. Järnagatan 12');
    expect(places).toHaveLength(5);
    expect(await gpsbabel('kml', file, '-t')).toHaveLength(5);
  });

  test('gpsbabel reads the places and the line of a GeoJSON file', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('geojson', sampleSheet());
    const places = await gpsbabel('geojson', file, '-w');
    expect(places.map(({ Name }) => Name)).toContain('Järnagatan 12');
    expect(await gpsbabel('geojson', file, '-r')).toHaveLength(5);
  });

  test.each(['gpx', 'kml'] as const)(
    'gpsbabel finds every place of %s under nasty names',
    async (format) => {
      using folder = new ExportFolder();
      const places = await gpsbabel(format, await folder.write(format, NASTY), '-w');
      expect(places).toHaveLength(PLACES_OF_NASTY);
      expect(places[1]?.['Name']).toBe('1. A & B <b>"fett"</b> \'citat\'');
    },
  );

  test('a name does not become markup in the balloon of a KML reader', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('kml', nastySheet(['<script>x</script>']));
    const path = '//*[local-name()="Placemark"]/*[local-name()="description"]';
    const { stdout } = await runProgram('xmllint', ['--xpath', `string((${path})[3])`, file]);
    expect(stdout).toContain('&lt;script&gt;');
    expect(stdout).not.toContain('<script>');
  });
});
