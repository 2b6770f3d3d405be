import { describe, expect, test } from 'vitest';
import { BIN_REASONS, BIN_STATES } from '../../../domain/bin-state.ts';
import type { FillReason } from '../../../domain/fill-from-distance.ts';
import type { MeasurementExtras } from '../../../domain/measurement.ts';
import { LANGUAGES } from './language.ts';
import { listPlaceholders } from './messages.ts';
import { CATALOGUES, createTranslation } from './translate.ts';

const sv = createTranslation('sv');
const en = createTranslation('en');

describe('the catalogues', () => {
  const keys = Object.keys(CATALOGUES.sv);
  /** By key, for each language. Safe: only looked up by keys of the catalogue itself. */
  const texts = Object.entries(CATALOGUES).map(
    ([language, catalogue]) => [language, catalogue as Readonly<Record<string, string>>] as const,
  );

  test('have the same keys in the same order, so that they can be read side by side', () => {
    for (const language of LANGUAGES) expect(Object.keys(CATALOGUES[language])).toEqual(keys);
  });

  test.each(texts)('in %s have no empty text, and no blanks around one', (_, catalogue) => {
    const odd = keys.filter(
      (key) => catalogue[key] === '' || catalogue[key] !== catalogue[key]?.trim(),
    );
    expect(odd).toEqual([]);
  });

  test.each(texts)('in %s have the same placeholders in every text', (_, catalogue) => {
    const placesOf = (text = '') => listPlaceholders(text);
    // Safe: as above.
    const master = CATALOGUES.sv as Readonly<Record<string, string>>;
    const differing = keys.filter(
      (key) => placesOf(catalogue[key]).join() !== placesOf(master[key]).join(),
    );
    expect(differing).toEqual([]);
  });

  test.each(texts)('in %s have only braces that close', (_, catalogue) => {
    const odd = keys.filter((key) => /[{}]/.test((catalogue[key] ?? '').replace(/\{\w+\}/g, '')));
    expect(odd).toEqual([]);
  });

  test('have both forms of every plural, with the count in each', () => {
    const plurals = keys.filter((key) => /\.(one|other)$/.test(key));
    expect(plurals.length).toBeGreaterThan(0);
    for (const key of plurals) {
      expect(keys).toContain(key.replace(/\.\w+$/, '.one'));
      expect(keys).toContain(key.replace(/\.\w+$/, '.other'));
      for (const [, catalogue] of texts) expect(catalogue[key]).toContain('{count}');
    }
  });

  test('tell the states and the reasons apart', () => {
    for (const { text } of [sv, en]) {
      const words = BIN_STATES.map((state) => text(`state.${state}`));
      expect(new Set(words).size).toBe(words.length);
      const reasons = BIN_REASONS.map((reason) => text(`reason.${reason}`));
      expect(new Set(reasons).size).toBe(reasons.length);
    }
  });

  test('have words for everything that a sensor says beside its level', () => {
    const extras = {
      distancesMm: true,
      distanceMinMm: true,
      distanceMaxMm: true,
      sampleCount: true,
      tiltDegrees: true,
      humidityPercent: true,
      latitude: true,
      longitude: true,
      deviceCounter: true,
      echoStrength: true,
      sensorTemperatureC: true,
      csq: true,
      emptied: true,
    } satisfies Record<keyof MeasurementExtras, true>;
    const said = keys.filter((key) => key.startsWith('extras.'));
    expect(said.toSorted()).toEqual(
      Object.keys(extras)
        .map((one) => `extras.${one}`)
        .sort(),
    );
  });

  test('have words for everything that can be said against a level', () => {
    const reasons = {
      'full-or-obstructed': true,
      'beyond-empty': true,
      'no-geometry': true,
      'no-level': true,
      'no-temperature': true,
      'sensor-fault': true,
      'bad-clock': true,
    } satisfies Record<FillReason, true>;
    const said = keys.filter((key) => key.startsWith('qualityReason.'));
    expect(said.toSorted()).toEqual(
      Object.keys(reasons)
        .map((one) => `qualityReason.${one}`)
        .sort(),
    );
  });
});

describe('a plural', () => {
  test.each([
    [0, '0 tunnor', '0 bins'],
    [1, '1 tunna', '1 bin'],
    [2, '2 tunnor', '2 bins'],
    [21, '21 tunnor', '21 bins'],
  ])('of %d fits the count', (count, swedish, english) => {
    expect(sv.plural('summary.bins', count)).toBe(swedish);
    expect(en.plural('summary.bins', count)).toBe(english);
  });

  test('writes the count in the language', () => {
    expect(en.plural('summary.bins', 12_345)).toBe('12,345 bins');
    expect(sv.plural('summary.bins', 12_345).replaceAll(/\s/g, ' ')).toBe('12 345 tunnor');
  });

  test('takes other values beside the count', () => {
    expect(sv.plural('list.showing', 1, { shown: '0' })).toBe('0 av 1 tunna');
    expect(en.plural('list.showing', 160, { shown: '1' })).toBe('1 of 160 bins');
  });
});

test('a text is in the language, with its values in their places', () => {
  expect(sv.text('state.full')).toBe('Full');
  expect(en.text('state.stale')).toBe('Stale');
  expect(sv.text('drawer.label', { name: 'Hamnen' })).toBe('Om tunnan Hamnen');
  expect(en.text('info.version', { version: '1.2.3' })).toBe('Version 1.2.3');
});

test('a key put together at run time that has no text is shown as itself', () => {
  expect(sv.textOr('qualityReason.beyond-empty', 'beyond-empty')).toContain('Längre bort');
  expect(sv.textOr('qualityReason.new-kind', 'new-kind')).toBe('new-kind');
});
