import { describe, expect, test } from 'vitest';
import { NO_FILTER } from '../bins/bin-filter.ts';
import { createStandInWindow } from '../testing/stand-in-window.ts';
import { createNavigation } from './navigation.ts';
import { START } from './url-state.ts';

describe('navigation', () => {
  test('begins where the address says', () => {
    const { window } = createStandInWindow({ search: '?state=full&bin=b-7&reading=12' });
    const navigation = createNavigation(window);
    expect(navigation.filter.value.states).toEqual(['full']);
    expect(navigation.binId.value).toBe('b-7');
    expect(navigation.readingId.value).toBe(12);
  });

  test('makes a step that the back button undoes, and the forward button makes again', () => {
    const browser = createStandInWindow();
    const navigation = createNavigation(browser.window);
    navigation.start();
    navigation.go({ binId: 'b-1' });
    navigation.go({ binId: 'b-2' });
    expect(browser.search()).toBe('?bin=b-2');
    browser.step(-1);
    expect(navigation.binId.value).toBe('b-1');
    browser.step(-1);
    expect(navigation.state.value).toEqual(START);
    browser.step(2);
    expect(navigation.binId.value).toBe('b-2');
  });

  test('adjusts without a step, so that moving the map does not fill the history', () => {
    const browser = createStandInWindow();
    const navigation = createNavigation(browser.window);
    navigation.adjust({ mapView: { lat: 59.2, lng: 17.6, zoom: 13 } });
    navigation.adjust({ mapView: { lat: 59.1, lng: 17.6, zoom: 13 } });
    expect(browser.entries).toEqual(['/?map=13/59.10000/17.60000']);
  });

  test('to where one is already is no step', () => {
    const browser = createStandInWindow({ search: '?bin=b-1' });
    const navigation = createNavigation(browser.window);
    navigation.go({ binId: 'b-1' });
    expect(browser.entries).toHaveLength(1);
  });

  test('changes only what it is told to', () => {
    const browser = createStandInWindow({ search: '?q=gatan&sort=name' });
    const navigation = createNavigation(browser.window);
    navigation.go({ binId: 'b-1' });
    expect(browser.search()).toBe('?q=gatan&sort=name&bin=b-1');
    navigation.go({ filter: NO_FILTER });
    expect(browser.search()).toBe('?sort=name&bin=b-1');
  });

  test('no longer follows the buttons once it is stopped', () => {
    const browser = createStandInWindow();
    const navigation = createNavigation(browser.window);
    const stop = navigation.start();
    navigation.go({ binId: 'b-1' });
    stop();
    browser.step(-1);
    expect(navigation.binId.value).toBe('b-1');
  });
});
