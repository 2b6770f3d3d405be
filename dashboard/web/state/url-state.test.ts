import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BIN_STATES } from '../../../domain/bin-state.ts';
import { STREAMS } from '../../../domain/stream.ts';
import { NO_FILTER } from '../bins/bin-filter.ts';
import { BIN_SORTS } from '../bins/bin-sort.ts';
import { LANGUAGES } from '../i18n/language.ts';
import { START, formatUrlState, parseUrlState } from './url-state.ts';
import type { UrlState } from './url-state.ts';

/** Anything one can type, emoji and control signs too. */
const anyText = fc.string({ unit: 'binary' });

/** With the five decimals that a link has. */
const mapView = fc.record({
  lat: fc.integer({ min: -8_500_000, max: 8_500_000 }).map((steps) => steps / 100_000),
  lng: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((steps) => steps / 100_000),
  zoom: fc.integer({ min: 0, max: 40 }).map((halves) => halves / 2),
});

const anyState: fc.Arbitrary<UrlState> = fc.record({
  filter: fc.record({
    states: fc.subarray([...BIN_STATES]),
    stream: fc.option(fc.constantFrom(...STREAMS)),
    area: fc.option(fc.string({ unit: 'binary', minLength: 1 })),
    text: anyText,
  }),
  sort: fc.constantFrom(...BIN_SORTS),
  binId: fc.option(fc.string({ unit: 'binary', minLength: 1 })),
  readingId: fc.option(fc.integer({ min: 0, max: 999_999_999_999_999 })),
  mapView: fc.option(mapView),
  language: fc.option(fc.constantFrom(...LANGUAGES)),
});

describe('a link', () => {
  test('leads back to the very state it was made of', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(parseUrlState(formatUrlState(state))).toEqual(state);
      }),
    );
  });

  test('is written the same way after it was read', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const link = formatUrlState(state);
        expect(formatUrlState(parseUrlState(link))).toBe(link);
      }),
    );
  });

  test('survives being pasted into an address bar', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const link = formatUrlState(state);
        expect(new URL(link, 'http://town.example/').search).toBe(link);
      }),
    );
  });

  test('says nothing when nothing was chosen', () => {
    expect(formatUrlState(START)).toBe('');
    expect(parseUrlState('')).toEqual(START);
    expect(parseUrlState('?')).toEqual(START);
  });

  test('can be read by people', () => {
    const link = formatUrlState({
      filter: {
        states: ['full', 'overfull'],
        stream: 'paper',
        area: 'Centrum',
        text: 'åtta & nio',
      },
      sort: 'age',
      binId: 'bin/7',
      readingId: 42,
      mapView: { lat: 59.195, lng: 17.626, zoom: 13.5 },
      language: 'en',
    });
    expect(link).toBe(
      '?state=full,overfull&stream=paper&area=Centrum&q=%C3%A5tta%20%26%20nio' +
        '&sort=age&bin=bin/7&reading=42&map=13.5/59.19500/17.62600&lang=en',
    );
  });

  test('keeps the place of a map to a metre, also of one pulled around the world', () => {
    const lat = fc.double({ min: -90, max: 90, noNaN: true });
    const lng = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(lat, lng, (north, east) => {
        const link = formatUrlState({ ...START, mapView: { lat: north, lng: east, zoom: 3 } });
        const view = parseUrlState(link).mapView;
        const reached = Math.max(-85.06, Math.min(85.06, north));
        expect(Math.abs((view?.lat ?? Number.NaN) - reached)).toBeLessThan(0.000_006);
        const turns = ((view?.lng ?? Number.NaN) - east) / 360;
        expect(Math.abs(turns - Math.round(turns)) * 360).toBeLessThan(0.000_006);
      }),
    );
  });

  test('is made of half a sign too, such as an emoji that is just being typed', () => {
    const link = formatUrlState({ ...START, filter: { ...NO_FILTER, text: 'x\ud83d' } });
    expect(parseUrlState(link).filter.text).toBe('x\ufffd');
  });
});

describe('a mangled link', () => {
  test('is never an error, and what it gives is whole', () => {
    const mangled = fc.oneof(
      anyText,
      fc.tuple(anyState, fc.nat(), anyText).map(([state, at, text]) => {
        const link = formatUrlState(state);
        const cut = at % (link.length + 1);
        return link.slice(0, cut) + text + link.slice(cut + 1);
      }),
    );
    fc.assert(
      fc.property(mangled, (link) => {
        const state = parseUrlState(link);
        expect(BIN_SORTS).toContain(state.sort);
        for (const one of state.filter.states) expect(BIN_STATES).toContain(one);
        const { lat = 0, lng = 0, zoom = 0 } = state.mapView ?? {};
        expect(Math.abs(lat)).toBeLessThanOrEqual(90);
        expect(Math.abs(lng)).toBeLessThanOrEqual(180);
        expect(zoom).toBeGreaterThanOrEqual(0);
        expect(Number.isSafeInteger(state.readingId ?? 0)).toBe(true);
        expect(() => formatUrlState(state)).not.toThrow();
      }),
    );
  });

  test.each([
    ['?state=burning,full,,full', { filter: { ...NO_FILTER, states: ['full'] } }],
    ['?stream=gold', {}],
    ['?area=&bin=&q=', {}],
    ['?sort=constructor', {}],
    ['?reading=-1', {}],
    ['?reading=1e3', {}],
    ['?reading=99999999999999999999', {}],
    ['?map=13', {}],
    ['?map=99/59/17', {}],
    ['?map=13/91/17', {}],
    ['?map=13/59/181', {}],
    ['?map=NaN/NaN/NaN', {}],
    ['?map=13/Infinity/17', {}],
    ['?lang=klingon', {}],
    ['?q=%E0%A4%A', { filter: { ...NO_FILTER, text: '\ufffd%A' } }],
    ['?bin=a&bin=b', { binId: 'a' }],
  ])('%s gives what can be understood of it', (link, understood) => {
    expect(parseUrlState(link)).toEqual({ ...START, ...understood });
  });
});
