import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BIN_REASONS, BIN_STATES } from '../../../domain/bin-state.ts';
import { makeUnknownBin, makeView, NOW_MS, secondsAgo } from '../testing/make-bin.ts';
import { viewBin } from './bin-view.ts';
import type { BinView } from './bin-view.ts';
import { BIN_SORTS, sortBins } from './bin-sort.ts';
import type { BinSort } from './bin-sort.ts';

function namesOf(views: readonly BinView[], sort: BinSort, locale = 'sv-SE'): string[] {
  return sortBins(views, sort, locale).map(({ bin }) => bin.name);
}

const UNKNOWN = viewBin(makeUnknownBin({ id: 'u', name: 'unknown' }), NOW_MS);

test('the most urgent come first, and among equals the fullest', () => {
  const views = [
    makeView({ name: 'roomy', fillPercent: 10 }),
    makeView({ name: 'half', fillPercent: 50 }),
    UNKNOWN,
    makeView({ name: 'full', fillPercent: 85, state: 'full', reasons: ['full'] }),
    makeView({ name: 'fuller', fillPercent: 95, state: 'full', reasons: ['full'] }),
    makeView({ name: 'burning', fillPercent: 5, reasons: ['fire'] }),
  ];
  expect(namesOf(views, 'urgency')).toEqual([
    'burning',
    'fuller',
    'full',
    'unknown',
    'half',
    'roomy',
  ]);
});

test('the fullest come first, what has no level last', () => {
  const views = [
    UNKNOWN,
    makeView({ name: 'empty', fillPercent: 0 }),
    makeView({ name: 'overfull', fillPercent: 120 }),
    makeView({ name: 'half', fillPercent: 50 }),
  ];
  expect(namesOf(views, 'fill')).toEqual(['overfull', 'half', 'empty', 'unknown']);
});

test('the oldest levels come first, and a bin that was never measured is older than any', () => {
  const views = [
    makeView({ name: 'minute', observedAt: secondsAgo(60) }),
    makeView({ name: 'second', observedAt: secondsAgo(1) }),
    UNKNOWN,
    makeView({ name: 'year', observedAt: secondsAgo(365 * 86_400) }),
  ];
  expect(namesOf(views, 'age')).toEqual(['unknown', 'year', 'minute', 'second']);
});

test('names follow the alphabet of the language, and numbers in them count as numbers', () => {
  const names = ['Öst', 'Zon 10', 'Ås', 'Zon 9', 'Ärla'];
  const views = names.map((name) => makeView({ id: name, name }));
  expect(namesOf(views, 'name', 'sv-SE')).toEqual(['Zon 9', 'Zon 10', 'Ås', 'Ärla', 'Öst']);
  expect(namesOf(views, 'name', 'en-GB')).toEqual(['Ärla', 'Ås', 'Öst', 'Zon 9', 'Zon 10']);
});

test('no order depends on how the bins came, and none loses or changes what it was given', () => {
  const town = fc.uniqueArray(
    fc
      .record({
        id: fc.stringMatching(/^[a-f]{1,4}$/),
        name: fc.constantFrom('Å', 'Ä', 'a', 'A', 'b 2', 'b 10'),
        fillPercent: fc.option(fc.integer({ min: 0, max: 120 })),
        state: fc.constantFrom(...BIN_STATES),
        reasons: fc.subarray([...BIN_REASONS]),
        observedAt: fc.option(fc.integer({ min: 0, max: 5 }).map(secondsAgo)),
      })
      .map(makeView),
    { selector: ({ bin }) => bin.id },
  );
  const shuffled = town.chain((views) =>
    fc.tuple(
      fc.constant(views),
      fc.shuffledSubarray(views, { minLength: views.length, maxLength: views.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, fc.constantFrom(...BIN_SORTS), ([views, others], sort) => {
      const before = [...views];
      const sorted = sortBins(views, sort, 'sv-SE');
      expect(sorted).toEqual(sortBins(others, sort, 'sv-SE'));
      expect(views).toEqual(before);
      expect(new Set(sorted)).toEqual(new Set(views));
    }),
  );
});
