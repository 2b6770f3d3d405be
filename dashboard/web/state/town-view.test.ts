import { describe, expect, test } from 'vitest';
import { NO_FILTER } from '../bins/bin-filter.ts';
import { NOW_MS, makeBin } from '../testing/make-bin.ts';
import { createStandInWindow } from '../testing/stand-in-window.ts';
import { createNavigation } from './navigation.ts';
import { createPreferences } from './preferences.ts';
import { createTownStore } from './town-store.ts';
import { createTownView } from './town-view.ts';

const LOW = makeBin({ id: 'low', name: 'B', fillPercent: 10, area: 'Centrum' });
const MIDDLE = makeBin({ id: 'middle', name: 'C', fillPercent: 50, area: 'Östertälje' });
const HIGH = makeBin({
  id: 'high',
  name: 'A',
  fillPercent: 85,
  state: 'full',
  reasons: ['full'],
  area: null,
});

function openTown(search = '') {
  const { window } = createStandInWindow({ search });
  const navigation = createNavigation(window);
  const preferences = createPreferences(window, navigation);
  const store = createTownStore(() => NOW_MS);
  store.replaceAll([LOW, MIDDLE, HIGH]);
  const view = createTownView(store, navigation, preferences);
  const order = () => view.ordered.value.map(({ bin }) => bin.id);
  return { navigation, preferences, store, view, order };
}

describe('map and list', () => {
  test('show the same bins, those that pass the filter', () => {
    const { view, order, navigation } = openTown('?area=Centrum');
    expect(view.shown.value.map(({ bin }) => bin.id)).toEqual(['low']);
    expect(order()).toEqual(['low']);
    navigation.go({ filter: NO_FILTER });
    expect(order()).toHaveLength(3);
  });

  test('count the states, and name the areas, of all that could be chosen', () => {
    const { view } = openTown('?state=full');
    expect(view.stateCounts.value).toEqual({ unknown: 0, stale: 0, ok: 2, full: 1, overfull: 0 });
    expect(view.areas.value).toEqual(['Centrum', 'Östertälje']);
  });

  test('know the chosen bin as it is now, and have none when it is gone', () => {
    const { view, store } = openTown('?bin=low');
    expect(view.selected.value?.bin.fillPercent).toBe(10);
    store.change([{ ...LOW, fillPercent: 30 }], []);
    expect(view.selected.value?.bin.fillPercent).toBe(30);
    store.change([], ['low']);
    expect(view.selected.value).toBeUndefined();
  });

  test('know the chosen bin even when the filter hides it', () => {
    const { view } = openTown('?bin=low&state=full');
    expect(view.selected.value?.bin.id).toBe('low');
  });
});

describe('the order of the list', () => {
  test('is the chosen one, and follows the levels', () => {
    const { order, store, navigation } = openTown('?sort=fill');
    expect(order()).toEqual(['high', 'middle', 'low']);
    store.change([{ ...LOW, fillPercent: 60 }], []);
    expect(order()).toEqual(['high', 'low', 'middle']);
    navigation.go({ sort: 'name' });
    expect(order()).toEqual(['high', 'low', 'middle']);
  });

  test('holds under a pointer, with new levels in the old places', () => {
    const { order, store, view } = openTown('?sort=fill');
    expect(order()).toEqual(['high', 'middle', 'low']);
    view.holdOrder.value = true;
    store.change([{ ...LOW, fillPercent: 99 }], []);
    expect(order()).toEqual(['high', 'middle', 'low']);
    expect(view.ordered.value[2]?.bin.fillPercent).toBe(99);
    view.holdOrder.value = false;
    expect(order()).toEqual(['low', 'high', 'middle']);
  });

  test('lets bins go and puts new ones last while it holds', () => {
    const { order, store, view } = openTown('?sort=fill');
    expect(order()).toHaveLength(3);
    view.holdOrder.value = true;
    const added = ['new-1', 'new-2'].map((id) => makeBin({ id, fillPercent: 100 }));
    store.change(added, ['middle']);
    expect(order()).toEqual(['high', 'low', 'new-1', 'new-2']);
  });

  test('changes at once when the visitor asks for another, pointer or not', () => {
    const { order, navigation, view } = openTown('?sort=fill');
    expect(order()).toEqual(['high', 'middle', 'low']);
    view.holdOrder.value = true;
    navigation.go({ sort: 'name' });
    expect(order()).toEqual(['high', 'low', 'middle']);
    navigation.adjust({ filter: { ...NO_FILTER, text: 'i' } });
    expect(order()).toEqual(['high', 'middle']);
  });
});
