import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, oneLine } from './clean-text.ts';
import { toIcal } from './ical.ts';
import { nastyName, nastySheet } from './testing/nasty-names.ts';
import { sampleSheet } from './testing/sample-sheet.ts';
import { WORDS } from './words.ts';

/** Properties by name, unfolded and unescaped (RFC 5545, 3.1 and 3.3.11). */
function read(text: string): ReadonlyMap<string, string> {
  const lines = text.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, value] = /^([A-Z-]+)[^:]*:(.*)$/s.exec(line) ?? [];
      if (name === undefined || value === undefined || name === 'NAME') return [];
      const plain = value.replaceAll(/\\([\\;,nN])/g, (_, mark: string) =>
        mark.toLowerCase() === 'n' ? '\n' : mark,
      );
      return [[name, plain]];
    }),
  );
}

test('a route is one event from leaving to being back, its list in the description', () => {
  const event = read(toIcal(sampleSheet(), WORDS.sv));
  expect(event.get('DTSTART')).toBe('20261125T050000Z');
  expect(event.get('DTEND')).toBe('20261125T063640Z');
  expect(event.get('DTSTAMP')).toBe('20261125T043000Z');
  expect(event.get('UID')).toBe('2026-11-25-KLM%20123@tunna');
  expect(event.get('SUMMARY')).toBe('Bil 1: 2 stopp');
  expect(event.get('LOCATION')).toBe('Depå Moraberg');
  expect(event.get('DESCRIPTION')?.split('\n')[2]).toBe(
    '06:05 1. Storgatan 5 · papper, 92 % (25 min gammal), 600 l, 50 kg · Varför: full · Tillträde: Nyckel 7; kod =1234',
  );
});

test('a later export of the same day and vehicle is a newer version of the same event', () => {
  const sheet = sampleSheet();
  const later = { ...sheet, madeAtMs: sheet.madeAtMs + 60_000 };
  const [one, other] = [sheet, later].map((each) => read(toIcal(each, WORDS.en)));
  expect(other?.get('UID')).toBe(one?.get('UID'));
  expect(Number(other?.get('SEQUENCE'))).toBeGreaterThan(Number(one?.get('SEQUENCE')));
});

test('whatever the names are, lines have 75 bytes at most and the event comes back as it is', () => {
  fc.assert(
    fc.property(fc.array(nastyName(), { minLength: 1, maxLength: 3 }), (names) => {
      const text = toIcal(nastySheet(names), WORDS.en);
      const lines = text.split('\r\n');
      expect(lines.at(-1)).toBe('');
      expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
      expect(lines.filter((line) => /[\n\r]/.test(line))).toEqual([]);
      const vehicle = oneLine(names[0] ?? '');
      expect(read(text).get('SUMMARY')).toBe(`${vehicle}: ${names.length} stops`);
      expect(text.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
      expect(cleanText(text)).toBe(text);
    }),
    { numRuns: 60 },
  );
});
