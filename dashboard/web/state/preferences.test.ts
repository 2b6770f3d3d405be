import { describe, expect, test } from 'vitest';
import { createStandInWindow } from '../testing/stand-in-window.ts';
import type { StandInOptions } from '../testing/stand-in-window.ts';
import { createNavigation } from './navigation.ts';
import { createPreferences } from './preferences.ts';

function visit(options: StandInOptions = {}) {
  const browser = createStandInWindow(options);
  const navigation = createNavigation(browser.window);
  navigation.start();
  const preferences = createPreferences(browser.window, navigation);
  return {
    browser,
    navigation,
    preferences,
    language: () => preferences.translation.value.language,
  };
}

describe('the language', () => {
  test('is the first of the browser that the page speaks', () => {
    expect(visit({ languages: ['de', 'en-US', 'sv'] }).language()).toBe('en');
    expect(visit({ languages: ['fi'] }).language()).toBe('sv');
  });

  test('is the one chosen earlier before that of the browser, and the link goes before both', () => {
    const saved = { 'tunna.language': 'en' };
    expect(visit({ languages: ['sv'], saved }).language()).toBe('en');
    expect(visit({ languages: ['sv'], saved, search: '?lang=sv' }).language()).toBe('sv');
  });

  test('switches without a reload, is part of the link and kept for the next visit', () => {
    const { preferences, browser, language } = visit();
    preferences.setLanguage('en');
    expect(language()).toBe('en');
    expect(browser.search()).toBe('?lang=en');
    expect(browser.saved.get('tunna.language')).toBe('en');
  });

  test('stays the chosen one wherever the back button leads, and the link says so', () => {
    const { preferences, navigation, browser, language } = visit();
    const stop = preferences.start();
    preferences.setLanguage('en');
    navigation.go({ binId: 'b-1' });
    preferences.setLanguage('sv');
    navigation.go({ binId: 'b-2' });
    preferences.setLanguage('en');
    browser.step(-1);
    expect(language()).toBe('en');
    expect(browser.search()).toBe('?bin=b-1&lang=en');
    browser.step(-1);
    expect(navigation.binId.value).toBeNull();
    expect(browser.search()).toBe('?lang=en');
    stop();
  });

  test('of an earlier visit that makes no sense is passed over', () => {
    expect(visit({ saved: { 'tunna.language': 'klingon' } }).language()).toBe('sv');
  });
});

describe('the theme', () => {
  test('is the system’s, and follows it, until one is chosen', () => {
    const { preferences, browser } = visit({ isSystemDark: true });
    const stop = preferences.start();
    expect(preferences.theme.value).toBe('dark');
    browser.setSystemDark(false);
    expect(preferences.theme.value).toBe('light');
    preferences.setTheme('dark');
    browser.setSystemDark(true);
    browser.setSystemDark(false);
    expect(preferences.theme.value).toBe('dark');
    expect(browser.saved.get('tunna.theme')).toBe('dark');
    stop();
  });

  test('is the one chosen at an earlier visit', () => {
    expect(visit({ saved: { 'tunna.theme': 'dark' } }).preferences.theme.value).toBe('dark');
    expect(visit({ saved: { 'tunna.theme': 'pink' } }).preferences.theme.value).toBe('light');
  });
});

describe('keyboard shortcuts', () => {
  test('are on until they are switched off, which is kept', () => {
    const { preferences, browser } = visit();
    expect(preferences.shortcuts.value).toBe(true);
    preferences.setShortcuts(false);
    expect(preferences.shortcuts.value).toBe(false);
    const { 'tunna.shortcuts': kept = '' } = Object.fromEntries(browser.saved);
    expect(visit({ saved: { 'tunna.shortcuts': kept } }).preferences.shortcuts.value).toBe(false);
  });
});

test('the document follows language and theme, until it is stopped', () => {
  const { preferences, browser } = visit();
  const stop = preferences.start();
  expect(browser.root).toMatchObject({ lang: 'sv', dataset: { theme: 'light' } });
  expect(browser.title()).toBe('Tunna · Tunnor som behöver tömmas');
  preferences.setLanguage('en');
  preferences.setTheme('dark');
  expect(browser.root).toMatchObject({ lang: 'en', dataset: { theme: 'dark' } });
  expect(browser.title()).toBe('Tunna · Bins that need emptying');
  stop();
  preferences.setLanguage('sv');
  browser.setSystemDark(true);
  expect(browser.root).toMatchObject({ lang: 'en', dataset: { theme: 'dark' } });
});

test('a browser that forbids storage forgets choices, and everything else works', () => {
  const { preferences, language } = visit({ isStorageForbidden: true });
  preferences.setLanguage('en');
  preferences.setTheme('dark');
  preferences.setShortcuts(false);
  expect(language()).toBe('en');
  expect(preferences.theme.value).toBe('dark');
  expect(preferences.shortcuts.value).toBe(false);
});
