import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BIN_STATES } from '../../../domain/bin-state.ts';
import { STREAMS } from '../../../domain/stream.ts';
import { makeView } from '../testing/make-bin.ts';
import {
  NO_FILTER,
  countStates,
  filterBins,
  isFiltering,
  listAreas,
  toggleState,
} from './bin-filter.ts';
import type { BinFilter } from './bin-filter.ts';

const TOWN = [
  makeView({ id: 'a-1', name: 'Ängsgatan 2', area: 'Östertälje', stream: 'paper', state: 'full' }),
  makeView({ id: 'a-2', name: 'Ängsgatan 10', area: 'Östertälje', stream: 'food', state: 'ok' }),
  makeView({ id: 'b-1', name: 'Storgatan', area: 'Centrum', stream: 'paper', state: 'ok' }),
  makeView({ id: 'c-1', name: 'Hamnen', area: null, deviceId: '24E124-XYZ', state: 'overfull' }),
];

function idsOf(filter: Partial<BinFilter>): string[] {
  return filterBins(TOWN, { ...NO_FILTER, ...filter }).map(({ bin }) => bin.id);
}

const anyFilter = fc.record({
  states: fc.subarray([...BIN_STATES]),
  stream: fc.option(fc.constantFrom(...STREAMS)),
  area: fc.option(fc.constantFrom('Östertälje', 'Centrum', 'Nowhere')),
  text: fc.constantFrom('', '  ', 'gatan', 'ÄNGS', 'xyz', 'nothing like it'),
});

const anyTown = fc.array(
  fc
    .record({
      state: fc.constantFrom(...BIN_STATES),
      stream: fc.constantFrom(...STREAMS),
      area: fc.option(fc.constantFrom('Östertälje', 'Centrum')),
      name: fc.constantFrom('Ängsgatan 2', 'Storgatan', 'Hamnen'),
    })
    .map(makeView),
);

describe('a filter', () => {
  test('lets everything through when it is empty', () => {
    expect(idsOf({})).toEqual(['a-1', 'a-2', 'b-1', 'c-1']);
    expect(isFiltering(NO_FILTER)).toBe(false);
  });

  test('takes any of the chosen states, but every other part', () => {
    expect(idsOf({ states: ['full', 'overfull'] })).toEqual(['a-1', 'c-1']);
    expect(idsOf({ stream: 'paper' })).toEqual(['a-1', 'b-1']);
    expect(idsOf({ area: 'Östertälje' })).toEqual(['a-1', 'a-2']);
    expect(idsOf({ states: ['ok'], stream: 'paper' })).toEqual(['b-1']);
    expect(idsOf({ states: ['full'], area: 'Centrum' })).toEqual([]);
  });

  test('finds text in name, area, id and device, whatever its case and the spaces around it', () => {
    expect(idsOf({ text: 'ängs' })).toEqual(['a-1', 'a-2']);
    expect(idsOf({ text: ' ÖSTER ' })).toEqual(['a-1', 'a-2']);
    expect(idsOf({ text: 'B-1' })).toEqual(['b-1']);
    expect(idsOf({ text: '24e124-xyz' })).toEqual(['c-1']);
  });

  test('takes what is typed as plain text, not as a pattern', () => {
    expect(idsOf({ text: '.*' })).toEqual([]);
  });

  test('of blanks alone filters nothing and does not claim to', () => {
    expect(idsOf({ text: '   ' })).toHaveLength(TOWN.length);
    expect(isFiltering({ ...NO_FILTER, text: '   ' })).toBe(false);
  });

  test.each<Partial<BinFilter>>([
    { states: ['ok'] },
    { stream: 'metal' },
    { area: 'Centrum' },
    { text: 'x' },
  ])('says that it filters with %o', (part) => {
    expect(isFiltering({ ...NO_FILTER, ...part })).toBe(true);
  });

  test('never reorders or invents bins', () => {
    fc.assert(
      fc.property(anyTown, anyFilter, (town, filter) => {
        const shown = new Set(filterBins(town, filter));
        expect([...shown]).toEqual(town.filter((view) => shown.has(view)));
      }),
    );
  });
});

describe('the numbers on the state buttons', () => {
  test('say how many bins pressing that button alone would show', () => {
    fc.assert(
      fc.property(anyTown, anyFilter, (town, filter) => {
        const counts = countStates(town, filter);
        for (const state of BIN_STATES) {
          expect(counts[state]).toBe(filterBins(town, { ...filter, states: [state] }).length);
        }
      }),
    );
  });
});

describe('the areas to choose from', () => {
  test('are each named once, in the order of the language, numbers by size', () => {
    const views = ['Östertälje', 'Ånga', 'Zon 10', 'Zon 2', 'Ärla', 'Östertälje', null].map(
      (area) => makeView({ area }),
    );
    const swedish = ['Zon 2', 'Zon 10', 'Ånga', 'Ärla', 'Östertälje'];
    expect(listAreas(views, 'sv-SE')).toEqual(swedish);
    // English takes the letters for an a and an o with marks.
    expect(listAreas(views, 'en-GB')).toEqual(['Ånga', 'Ärla', 'Östertälje', 'Zon 2', 'Zon 10']);
  });
});

describe('choosing a state', () => {
  test('twice leaves everything as it was', () => {
    const states = fc.subarray([...BIN_STATES]);
    fc.assert(
      fc.property(states, fc.constantFrom(...BIN_STATES), (chosen, state) => {
        const once = toggleState(chosen, state);
        expect(once.includes(state)).toBe(!chosen.includes(state));
        expect(toggleState(once, state)).toEqual(chosen);
      }),
    );
  });

  test('keeps one order whatever was chosen first, so that equal filters have equal links', () => {
    expect(toggleState(toggleState([], 'overfull'), 'ok')).toEqual(
      toggleState(toggleState([], 'ok'), 'overfull'),
    );
  });
});
