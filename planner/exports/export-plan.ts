import type { RunSheet } from './run-sheet.ts';
import { WORDS } from './words.ts';
import type { Language } from './words.ts';

export interface ExportOptions {
  readonly language: Language;
  /** For formats that are printed: a link that they show as a QR code. */
  readonly link?: string;
}

export interface ExportFormat {
  /** Without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** It is made of positions, and leaves out what has none. */
  readonly needsPositions: boolean;
  readonly write: (sheet: RunSheet, options: ExportOptions) => Promise<string | Uint8Array>;
}

/** Every form a plan can be taken away in. Each module is loaded when it is asked for: the PDF writer is large. */
export const EXPORT_FORMATS = {
  gpx: {
    ...{ extension: 'gpx', mediaType: 'application/gpx+xml', needsPositions: true },
    write: async (sheet, { language }) => (await import('./gpx.ts')).toGpx(sheet, WORDS[language]),
  },
  kml: {
    extension: 'kml',
    mediaType: 'application/vnd.google-earth.kml+xml',
    needsPositions: true,
    write: async (sheet, { language }) => (await import('./kml.ts')).toKml(sheet, WORDS[language]),
  },
  geojson: {
    ...{ extension: 'geojson', mediaType: 'application/geo+json', needsPositions: true },
    write: async (sheet) => (await import('./geojson.ts')).toGeoJson(sheet),
  },
  csv: {
    ...{ extension: 'csv', mediaType: 'text/csv; charset=utf-8', needsPositions: false },
    write: async (sheet, { language }) => (await import('./csv.ts')).toCsv(sheet, language),
  },
  'csv-sv': {
    ...{ extension: 'csv', mediaType: 'text/csv; charset=utf-8', needsPositions: false },
    write: async (sheet) => (await import('./csv.ts')).toSwedishCsv(sheet),
  },
  xlsx: {
    extension: 'xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    needsPositions: false,
    write: async (sheet, { language }) => (await import('./xlsx.ts')).toXlsx(sheet, language),
  },
  pdf: {
    ...{ extension: 'pdf', mediaType: 'application/pdf', needsPositions: false },
    write: async (sheet, options) => (await import('./pdf/run-sheet-pdf.ts')).toPdf(sheet, options),
  },
  ical: {
    ...{ extension: 'ics', mediaType: 'text/calendar; charset=utf-8', needsPositions: false },
    write: async (sheet, { language }) =>
      (await import('./ical.ts')).toIcal(sheet, WORDS[language]),
  },
  vroom: {
    ...{ extension: 'json', mediaType: 'application/json', needsPositions: false },
    write: async (sheet) => (await import('./vroom-json.ts')).toVroomJson(sheet),
  },
  links: {
    ...{ extension: 'txt', mediaType: 'text/plain; charset=utf-8', needsPositions: true },
    write: async (sheet) => (await import('./map-links.ts')).toLinksText(sheet),
  },
} as const satisfies Record<string, ExportFormat>;

export type ExportName = keyof typeof EXPORT_FORMATS;

// Object.keys widens the names of a constant object to string.
export const EXPORT_NAMES = Object.keys(EXPORT_FORMATS) as readonly ExportName[];

/** The bytes of a plan's file. @throws ExportError when the plan cannot be written in the format; the message is one line. */
export async function exportPlan(
  name: ExportName,
  sheet: RunSheet,
  options: ExportOptions,
): Promise<Uint8Array> {
  const written = await EXPORT_FORMATS[name].write(sheet, options);
  return typeof written === 'string' ? new TextEncoder().encode(written) : written;
}
