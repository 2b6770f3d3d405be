import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { formulaSafe } from '../../planner/exports/formula-safe.ts';
import { LONG_NAMES, NASTY_NAMES, nastySheet } from '../../planner/exports/testing/nasty-names.ts';
import { sampleSheet } from '../../planner/exports/testing/sample-sheet.ts';
import { needs } from '../servers/needs.ts';
import { requireProgram, runProgram } from '../servers/programs.ts';
import { ExportFolder } from './export-files.ts';

/** The sheets of an XLSX file as a reader of its own sees them. */
async function readSheets(folder: ExportFolder, file: string, names: readonly string[]) {
  const out = folder.at('sheets');
  const script = requireProgram('xlsx2csv').path;
  const { exitCode, stderr } = await runProgram('python3', [script, '--all', file, out]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${out}/${name}.csv`, 'utf8');
      // Safe: without a heading the parser gives a list of texts for each row.
      return parse(text, { relax_column_count: true }) as string[][];
    }),
  );
}

needs('xlsx2csv')('a spreadsheet', () => {
  test('has the list, the totals and what was left out on three sheets', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('xlsx', sampleSheet());
    const [stops = [], totals = [], rest = []] = await readSheets(folder, file, [
      ...['Stopp', 'Summor', 'Inte med'],
    ]);
    const heading = stops[0] ?? [];
    const cell = (row: number, name: string): string | undefined =>
      stops[row]?.[heading.indexOf(name)];
    expect(stops).toHaveLength(7);
    expect(cell(2, 'namn')).toBe('Storgatan 5');
    expect(cell(2, 'ankomst')).toBe('06:05');
    expect(Number(cell(2, 'fyllnad procent'))).toBe(92.4);
    expect(cell(2, 'varför')).toBe('full');
    expect(Number(cell(4, 'liter'))).toBe(500.5);
    expect(totals.map(([name, count, km]) => [name, Number(count), Number(km)]).slice(1)).toEqual([
      ['Bil 1', 2, 19.3],
      ['Alla', 2, 19.3],
    ]);
    expect(rest[1]?.slice(0, 2)).toEqual(['b3', 'Järnagatan 12']);
  });

  test('opens whatever the names are, and none becomes a formula', async () => {
    using folder = new ExportFolder();
    const names = [...NASTY_NAMES, ...LONG_NAMES].filter((name) => /^[\x20-\x7E]+$/.test(name));
    const file = await folder.write('xlsx', nastySheet([...names, ...NASTY_NAMES]));
    const [stops = []] = await readSheets(folder, file, ['Stopp']);
    const column = stops[0]?.indexOf('namn') ?? -1;
    const read = stops.slice(2, 2 + names.length).map((row) => row[column]?.slice(0, 30).trim());
    expect(read).toEqual(names.map((name) => formulaSafe(name).slice(0, 30).trim()));
    expect(stops).toHaveLength(1 + 2 + names.length + NASTY_NAMES.length);
    expect(Math.max(...stops.flat().map((cell) => cell.length))).toBeLessThan(32_767);
  });
});

needs('calcurse')('a calendar', () => {
  test('takes a route as an appointment of the right time, with its list', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('ical', sampleSheet());
    const read = await importInto(folder, file);
    // It shows its times on the clocks of this machine, and knows whole minutes only.
    const hour = String(new Date('2026-11-25T05:00:00Z').getHours()).padStart(2, '0');
    expect(read).toMatch(new RegExp(`^DTSTART:202611\\d\\dT${hour}\\d\\d00`, 'm'));
    expect(read).toMatch(/^DURATION:P0DT1H36M0S/m);
    expect(read).toContain('SUMMARY:Bil 1: 2 stopp');
    expect(read.replaceAll(/\r?\n[ \t]/g, '')).toContain('06:05 1. Storgatan 5 · papper');
  });

  test('takes one appointment for one route, whatever the names are', async () => {
    using folder = new ExportFolder();
    const file = await folder.write('ical', nastySheet(NASTY_NAMES));
    expect((await importInto(folder, file)).match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
  });
});

/** What a calendar program has after it read the file, as it exports it again. */
async function importInto(folder: ExportFolder, file: string): Promise<string> {
  const args = ['-D', folder.at('calendar')];
  const imported = await runProgram('calcurse', [...args, '-i', file]);
  expect(imported.exitCode).toBe(0);
  expect(imported.stdout + imported.stderr).toMatch(/1 app/);
  return (await runProgram('calcurse', [...args, '-x'])).stdout;
}

needs('poppler-utils')('a run sheet on paper', () => {
  test.each([
    ['sv', 'Körlista: Bil 1', 'Varför: full', 'Tömning av bilen: Tveta återvinning', 'Sida 1 av 2'],
    ['en', 'Run sheet: Bil 1', 'Why: full', 'Unload: Tveta återvinning', 'Page 1 of 2'],
  ] as const)('says everything a driver needs in %s', async (language, ...words) => {
    using folder = new ExportFolder();
    const text = await textOf(await folder.write('pdf', sampleSheet(), { language }));
    for (const word of words) expect(text).toContain(word);
    expect(text).toContain('Storgatan 5, 151 72 Södertälje');
    expect(text).toContain('Nyckel 7; kod =1234');
    expect(text).toMatch(/2026-11-25 \(Europe\/Stockholm\)/);
    expect(text).toMatch(/92 % \(25 min/);
    expect(text).toMatch(/06:38\s.*Järnagatan 12/);
    expect(text).toMatch(/23[.,]2 kg CO2/);
  });

  test('a long list goes on over pages, each with its heading and number', async () => {
    using folder = new ExportFolder();
    const names = Array.from({ length: 120 }, (_, index) => `Åvägen ${index + 1}`);
    const text = await textOf(await folder.write('pdf', nastySheet(names)));
    const pages = text.split('\f').slice(0, -1);
    expect(pages.length).toBeGreaterThan(3);
    pages.forEach((page, index) => expect(page).toContain(`Sida ${index + 1} av ${pages.length}`));
    for (const page of pages.slice(0, -1)) expect(page).toMatch(/^Nr\s+Tid\s+Plats/m);
    for (const name of names) expect(text).toMatch(new RegExp(`${name}$|${name}\\s`, 'm'));
  });

  test('nasty and very long names cost their own letters only', async () => {
    using folder = new ExportFolder();
    const names = [...LONG_NAMES, ...NASTY_NAMES, 'Sista gatan 9'];
    const text = await textOf(await folder.write('pdf', nastySheet(names)));
    expect(text).toContain('Sista gatan 9');
    expect(text).toContain('A & B <b>"fett"</b> \'citat\'');
    expect(text).toContain(`${names.length} stopp`);
  });

  test('without positions it says why there is no sketch', async () => {
    using folder = new ExportFolder();
    const sheet = sampleSheet();
    const routes = sheet.routes.map((route) => ({
      ...route,
      entries: route.entries.map((entry) => ({ ...entry, position: null })),
    }));
    const text = await textOf(await folder.write('pdf', { ...sheet, routes }));
    expect(text).toContain('Inga lägen är kända, därför finns ingen kartskiss.');
    expect(text).toContain('Storgatan 5');
  });
});

async function textOf(file: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram('pdftotext', ['-layout', file, '-']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

needs('poppler-utils', 'zbar-tools')('the code on a run sheet', () => {
  test.each(['https://tunna.example/plan/42?väg=å', `https://tunna.example/${'x'.repeat(400)}`])(
    'is read back as the link: %s',
    async (link) => {
      using folder = new ExportFolder();
      const file = await folder.write('pdf', sampleSheet(), { language: 'sv', link });
      const picture = folder.at('page');
      await runProgram('pdftoppm', ['-png', '-r', '150', '-singlefile', file, picture]);
      const { stdout } = await runProgram('zbarimg', ['--quiet', '--raw', `${picture}.png`]);
      expect(stdout.trim()).toBe(new URL(link).href);
    },
  );

  test('a link that fits no code is refused in one line', async () => {
    using folder = new ExportFolder();
    const link = `https://tunna.example/${'x'.repeat(5000)}`;
    await expect(folder.write('pdf', sampleSheet(), { language: 'sv', link })).rejects.toThrow(
      /^the link is too long for a QR code$/,
    );
  });
});
