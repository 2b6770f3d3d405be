import { describe, expect, it } from 'vitest';
import { isSetZoneless, parseZoneless } from './zoneless-time.ts';

const ZONE = 'Europe/Stockholm';

describe('a time without its zone', () => {
  it.each([
    ['2026-03-01T12:42:35', Date.UTC(2026, 2, 1, 11, 42, 35)],
    ['2026/07/01 12:42:35', Date.UTC(2026, 6, 1, 10, 42, 35)],
    // Shown twice: the first of the two.
    ['2026-10-25T02:30:00', Date.UTC(2026, 9, 25, 0, 30)],
  ])('%s is read on the clock of its source', (text, atMs) => {
    expect(parseZoneless(text, ZONE)).toBe(atMs);
  });

  it.each(['', 'noon', '2026-02-30T12:00:00', '2026-03-01T24:00:00', '2026-03-01T12:00:00Z'])(
    '"%s" is none',
    (text) => {
      expect(parseZoneless(text, ZONE)).toBeUndefined();
    },
  );

  it('is no point in time while nobody knows whose clock it was', () => {
    expect(parseZoneless('2026-03-01T12:00:00', undefined)).toBeUndefined();
    expect(parseZoneless('2026-03-01T12:00:00', 'Nowhere/Town')).toBeUndefined();
  });

  it('is known to be of a clock that was never set', () => {
    expect(isSetZoneless('2026-03-01T12:00:00')).toBe(true);
    expect(isSetZoneless('1970-01-01T00:00:10')).toBe(false);
  });
});
