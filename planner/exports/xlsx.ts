import writeExcelFile from 'write-excel-file/node';
import type { Row } from 'write-excel-file/node';
import { shorten } from './clean-text.ts';
import { formulaSafe } from './formula-safe.ts';
import type { RunSheet, Totals } from './run-sheet.ts';
import { COLUMNS, tableRows } from './table.ts';
import type { Cell } from './table.ts';
import { WORDS } from './words.ts';
import type { Language } from './words.ts';

const DAY_SECONDS = 86_400;
/** More than this is no cell of Excel. */
const MOST_CHARACTERS = 32_000;

const NAMES = {
  en: {
    ...{ stops: 'Stops', totals: 'Totals', leftOut: 'Left out', all: 'All' },
    totalsHead: ['vehicle', 'stops', 'km', 'driving', 'working', 'litres', 'kg', 'kg CO2', 'cost'],
    leftOutHead: ['id', 'name', 'must be served'],
  },
  sv: {
    ...{ stops: 'Stopp', totals: 'Summor', leftOut: 'Inte med', all: 'Alla' },
    totalsHead: [
      'fordon',
      'stopp',
      'km',
      'körning',
      'arbetstid',
      'liter',
      'kg',
      'kg CO2',
      'kostnad',
    ],
    leftOutHead: ['id', 'namn', 'måste tömmas'],
  },
} as const;

/**
 * XLSX (Office Open XML) of three sheets: every line of the list, the totals by vehicle, and the stops left out. Texts are
 * text cells and safe as formulas all the same, for whoever saves the sheet as CSV; times are Excel's times.
 */
export async function toXlsx(sheet: RunSheet, language: Language): Promise<Uint8Array> {
  const names = NAMES[language];
  const heading = COLUMNS.map((column) => column.heading[language]);
  const rows = tableRows(sheet, WORDS[language]).map((cells) => cells.map(toCell));
  const leftOut = sheet.leftOut.map(({ id, name, must }): Row => [text(id), text(name), must]);
  const totals = sheet.routes.map((route) => totalsRow(route.vehicleName, route.totals));
  return await writeExcelFile([
    {
      ...{ sheet: names.stops, data: [toHeading(heading), ...rows], stickyRowsCount: 1 },
      columns: COLUMNS.map(() => ({ width: 16 })),
    },
    {
      sheet: names.totals,
      data: [toHeading(names.totalsHead), ...totals, totalsRow(names.all, sheet.totals)],
    },
    { sheet: names.leftOut, data: [toHeading(names.leftOutHead), ...leftOut] },
  ]).toBuffer();
}

function toHeading(names: readonly string[]): Row {
  return names.map((value) => ({ value, type: String, fontWeight: 'bold' }));
}

function toCell(cell: Cell): Row[number] {
  if (cell === null) return null;
  if (cell.kind === 'number') return { value: cell.value, type: Number };
  if (cell.kind === 'text') return text(cell.text);
  return { value: (cell.seconds % DAY_SECONDS) / DAY_SECONDS, type: Number, format: 'hh:mm' };
}

function totalsRow(name: string, totals: Totals): Row {
  const { stops, metres, drivingSeconds, workingSeconds, collected, co2Kg, cost } = totals;
  const rounded = (value: number): number => Number(value.toFixed(1));
  return [
    text(name),
    ...[stops, rounded(metres / 1000)],
    ...[duration(drivingSeconds), duration(workingSeconds)],
    ...[rounded(collected.litres), rounded(collected.kg)],
    co2Kg === null ? null : rounded(co2Kg),
    Number(cost.toFixed(2)),
  ];
}

function text(value: string): Row[number] {
  return value === ''
    ? null
    : { value: shorten(formulaSafe(value), MOST_CHARACTERS), type: String };
}

/** Excel counts time in days. */
function duration(seconds: number): Row[number] {
  return { value: seconds / DAY_SECONDS, type: Number, format: '[h]:mm' };
}
