import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { countPixels, mapQuery } from './map.ts';
import { CENTRE } from './test-town.ts';
import { useTown } from './use-town.ts';

const DAY_SECONDS = 24 * 3600;

/** A bin of its own on the map: far enough from the others to stand alone, near enough to be in view. */
function place(column: number): { lat: number; lng: number } {
  return { lat: CENTRE.lat, lng: CENTRE.lng + (column - 1.5) * 0.004 };
}

/** What the parts of a bin's sign in the list are filled with. */
async function fillsOf(page: Page, binId: string): Promise<string[]> {
  return await page.evaluate<string[]>(`
    [...document.querySelectorAll('[data-bin-id="${binId}"] .glyph__filling')]
      .map((part) => getComputedStyle(part).fill)`);
}

const HATCHED = 'url("#glyph-hatch")';

needs('chromium')('the state of a bin', () => {
  const here = useTown([
    {
      id: 'stale',
      name: 'Tyst',
      location: place(0),
      reports: [{ fillPercent: 88, agoSeconds: 3 * DAY_SECONDS }],
    },
    { id: 'unknown', name: 'Ny', location: place(1) },
    { id: 'overfull', name: 'Berg', location: place(2), reports: [{ fillPercent: 127 }] },
    {
      id: 'heap',
      name: 'Tyst berg',
      location: { lat: CENTRE.lat + 0.004, lng: CENTRE.lng },
      reports: [{ fillPercent: 140, agoSeconds: DAY_SECONDS }],
    },
    { id: 'empty', name: 'Tom', location: place(3), reports: [{ fillPercent: 0 }] },
  ]);
  const near = `/?${mapQuery(CENTRE, 15)}`;

  test('is drawn as stale when the level is old: hatched, with the word, and with its age', async () => {
    const page = await here.visit({ path: near });
    expect(await textOf(rowOf(page, 'stale'))).toMatch(/Inaktuell 88 % 3 d$/);
    expect(await fillsOf(page, 'stale')).toEqual([HATCHED]);
    expect(await fillsOf(page, 'heap'), 'the level and the heap').toEqual([HATCHED, HATCHED]);
    expect(await fillsOf(page, 'overfull')).not.toContain(HATCHED);
    expect(await countPixels(page, place(0), '--stale')).toBeGreaterThan(20);
    expect(await countPixels(page, place(2), '--stale')).toBe(0);
    await rowOf(page, 'stale').click();
    const reasons = drawerOf(page).locator('[data-field=reasons]');
    await eventually(() => textOf(reasons)).toBe(
      'Har nått gränsen för tömning Sensorn har tystnat',
    );
    expect(await textOf(drawerOf(page).locator('[data-field=age]'))).toBe('Mätt för 3 dagar sedan');
  });

  test('is a question mark when there is no level, never 0 %', async () => {
    const page = await here.visit({ path: `${near}&bin=unknown` });
    const row = rowOf(page, 'unknown');
    expect(await row.locator('.glyph__question').textContent()).toBe('?');
    expect(await textOf(row)).toMatch(/Okänd Nivå okänd$/);
    await eventually(() => textOf(drawerOf(page).locator('[data-field=level]'))).toBe('Nivå okänd');
    await eventually(() => textOf(drawerOf(page))).toContain('Inga mätningar under den här tiden.');
    expect(await textOf(drawerOf(page))).toContain('Har aldrig rapporterat någon nivå');
    for (const place of [row, drawerOf(page)]) {
      expect(await textOf(place)).not.toMatch(/(^| )0 %/);
    }
    expect(await drawerOf(page).getByRole('button', { name: 'Varifrån' }).count()).toBe(0);
  });

  test('is 0 % when the sensor says so', async () => {
    const page = await here.visit();
    expect(await textOf(rowOf(page, 'empty'))).toMatch(/Plats kvar 0 % \d+ (s|min)$/);
    expect(await rowOf(page, 'empty').locator('.glyph__question').count()).toBe(0);
  });

  test('is told beyond 100 % when a bin is overfull, with a heap above its brim', async () => {
    const page = await here.visit({ path: '/?bin=overfull' });
    expect(await textOf(rowOf(page, 'overfull'))).toMatch(/Överfull 127 % \d+ (s|min)$/);
    expect(await rowOf(page, 'overfull').locator('.glyph__heap').count()).toBe(1);
    await eventually(() => textOf(drawerOf(page).locator('[data-field=level]'))).toBe('127 %');
    expect(await textOf(drawerOf(page).locator('[data-field=reasons]'))).toBe('Över kanten');
  });

  test('is counted in the header and on the buttons, each bin once', async () => {
    const page = await here.visit();
    const summary = await textOf(page.locator('.summary'));
    expect(summary).toBe('5 tunnor 1 behöver tömmas 3 utan färsk nivå');
    const pills = await page.locator('[data-filter-state]').allInnerTexts();
    expect(pills.map((text) => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Överfull 1',
      'Full 0',
      'Inaktuell 2',
      'Okänd 1',
      'Plats kvar 1',
    ]);
  });

  test('does not go back when an older level comes late', async () => {
    const page = await here.visit({ path: '/?bin=overfull' });
    const messages = drawerOf(page).locator('.message');
    await eventually(() => messages.count()).toBe(1);
    await here.town.report('overfull', { fillPercent: 3, agoSeconds: 2 * DAY_SECONDS });
    await here.town.report('overfull', { fillPercent: 131 });
    await eventually(() => textOf(drawerOf(page).locator('[data-field=level]'))).toBe('131 %');
    await eventually(() => messages.count()).toBe(3);
  });
});
