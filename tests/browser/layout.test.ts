import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, overflowOf, rowOf, textOf } from './look.ts';
import { DESK, PHONE, useTown } from './use-town.ts';

/** What a gloved finger hits. */
const TOUCH_PX = 44;
const NARROW = { ...PHONE, viewport: { width: 320, height: 640 } };

/** Things to press that are smaller than a finger, in words; an input counts with its label. */
async function smallTargets(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`
    [...document.querySelectorAll('button, select, input, a[href], summary, [role=option]')]
      .filter((target) => target.checkVisibility() && !target.closest('.visually-hidden'))
      .map((target) => [target, (target.closest('label') ?? target).getBoundingClientRect()])
      .filter(([, { width, height }]) => width < ${TOUCH_PX} || height < ${TOUCH_PX})
      .map(([{ outerHTML }, box]) => Math.round(box.width) + 'x' + Math.round(box.height) + ' ' + outerHTML.slice(0, 80))`);
}

/** Parts of the header that are not in view as a whole. */
async function cutInHeader(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`
    [...document.querySelectorAll('.header > *, .header__end > *')]
      .filter((part) => part.checkVisibility())
      .filter((part) => part.getBoundingClientRect().right > innerWidth)
      .map((part) => part.outerHTML.slice(0, 60))`);
}

/** Names in the list of which not everything is shown. */
async function cutNames(page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`
    [...document.querySelectorAll('.row__name')]
      .filter((name) => name.scrollHeight > name.clientHeight + 1 || name.scrollWidth > name.clientWidth)
      .map((name) => name.textContent)`);
}

needs('chromium')('the layout', () => {
  const here = useTown([
    {
      id: 'station',
      name: 'Återvinningsstation Nyköpingsvägen 12',
      stream: 'coloured-glass',
      area: 'Västergård',
      reports: [{ fillPercent: 104, batteryPercent: 4 }],
    },
    {
      id: 'room',
      name: 'Soprum Tallvägen 79, matavfall',
      stream: 'food',
      area: 'Mariekälla',
      reports: [{ fillPercent: 88 }],
    },
    { id: 'kiosk', name: 'Kiosken', area: 'Centrum', reports: [{ fillPercent: 20 }] },
    ...Array.from({ length: 40 }, (_, index) => ({
      id: `basket-${index}`,
      name: `Papperskorg Storgatan ${index}`,
      stream: 'litter' as const,
      reports: index < 3 ? [{ fillPercent: 40 + index, agoSeconds: 60 * index }] : [],
    })),
  ]);
  const sheet = (page: Page) => page.locator('[data-sheet=list]');
  const snap = (page: Page) => sheet(page).getAttribute('data-snap');

  test.each([
    ['desk', DESK],
    ['phone', PHONE],
  ])('shows names of bins with their street on a %s', async (_, looks) => {
    const page = await here.visit({ ...looks });
    await rowOf(page, 'station').waitFor();
    expect(await cutNames(page)).toEqual([]);
    const heights = await page
      .locator('.row')
      .evaluateAll((rows) => rows.map((row) => [row.offsetHeight, row.scrollHeight]));
    for (const [outer, inner] of heights) expect(inner).toBeLessThanOrEqual(outer);
  });

  test.each([
    ['desk', DESK],
    ['phone', PHONE],
    ['narrow phone', NARROW],
  ])('never scrolls sideways on a %s, whatever is open', async (_, looks) => {
    const page = await here.visit({ ...looks });
    const root = page.locator('html');
    for (const query of ['', 'q=finns-inte', 'state=overfull&lang=en', 'bin=station']) {
      await page.goto(`${here.town.tunna.httpUrl}/?${query}`);
      await page.locator('html[data-ready]').waitFor();
      expect(await overflowOf(root), query).toBe(0);
      expect(await overflowOf(page.locator('.list-count')), query).toBe(0);
      expect(await cutInHeader(page), query).toEqual([]);
    }
    const drawer = drawerOf(page);
    await drawer.locator('.message').first().waitFor();
    expect(await overflowOf(drawer)).toBe(0);
    await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).click();
    await drawer.locator('[data-step=message]').waitFor();
    expect(await overflowOf(drawer)).toBe(0);
    await page.getByRole('button', { name: 'Om sidan och driften' }).click();
    await page.getByRole('dialog').getByText('Mätningar totalt').waitFor();
    expect(await overflowOf(page.getByRole('dialog'))).toBe(0);
  });

  test('keeps the header whole on a narrow phone in a demo without contact', async () => {
    const page = await here.visit({ ...NARROW, isUnready: true, expects: [/net::|503/] });
    await page.route('**/api/v1/page-settings', async (route) => {
      const settings: unknown = await (await route.fetch()).json();
      await route.fulfill({ json: { ...Object(settings), demo: true } });
    });
    await page.route('**/api/v1/events', (route) => route.abort());
    await page.reload();
    await page.locator('[data-badge=demo]').waitFor();
    await page.locator('.connection--offline').waitFor();
    expect(await cutInHeader(page)).toEqual([]);
    for (const name of ['EN: Switch to English', 'Om sidan och driften']) {
      await page.getByRole('button', { name }).click({ trial: true });
    }
  });

  describe('on a phone', () => {
    test('steps the list through its heights by tap, and pulls it by its handle', async () => {
      const page = await here.visit({ ...PHONE });
      const handle = page.getByRole('button', { name: 'Visa mer av listan' });
      expect(await snap(page)).toBe('half');
      await handle.click();
      await eventually(() => snap(page)).toBe('full');
      await page.getByRole('button', { name: 'Visa mer av kartan' }).click();
      await eventually(() => snap(page)).toBe('peek');
      await eventually(async () => (await sheet(page).boundingBox())?.height).toBe(104);

      const grip = await handle.boundingBox();
      if (!grip) throw new Error('the sheet has no handle');
      const x = grip.x + grip.width / 2;
      await page.mouse.move(x, grip.y + grip.height / 2);
      await page.mouse.down();
      await page.mouse.move(x, 500, { steps: 4 });
      await page.mouse.up();
      await eventually(() => snap(page)).toBe('half');
      await eventually(async () => Math.round((await sheet(page).boundingBox())?.y ?? 0)).toBe(456);
    });

    test('has a list that is read to its end', async () => {
      const page = await here.visit({ ...PHONE, path: '/?sort=name' });
      await page.getByRole('listbox').focus();
      await page.keyboard.press('End');
      const last = rowOf(page, 'station');
      await last.waitFor();
      expect(await last.getAttribute('aria-posinset')).toBe('43');
      const { y = 0, height = 0 } = (await last.boundingBox()) ?? {};
      expect(y + height).toBeLessThanOrEqual(PHONE.viewport.height);
      expect(await page.locator('.row').count(), 'only what is in view').toBeLessThan(30);
    });

    test('opens the row that is tapped first, however far down the list it is', async () => {
      const page = await here.visit({ ...PHONE, path: '/?sort=name' });
      await page.getByRole('listbox').hover();
      await page.mouse.wheel(0, 88 * 20 + 30);
      await rowOf(page, 'basket-20').tap();
      await drawerOf(page).getByRole('heading', { name: 'Papperskorg Storgatan 20' }).waitFor();
    });

    test('has nothing to press that is smaller than a finger', async () => {
      const page = await here.visit({ ...PHONE });
      await page.getByRole('button', { name: 'Visa mer av listan' }).click();
      expect(await smallTargets(page)).toEqual([]);
      await rowOf(page, 'station').tap();
      await drawerOf(page).locator('.message').first().waitFor();
      await page.getByRole('button', { name: 'Visa som tabell' }).tap();
      expect(await smallTargets(page)).toEqual([]);
      await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).tap();
      await drawerOf(page).locator('[data-step=message]').waitFor();
      expect(await smallTargets(page)).toEqual([]);
      await page.getByRole('button', { name: 'Om sidan och driften' }).tap();
      await page.getByRole('dialog').waitFor();
      expect(await smallTargets(page)).toEqual([]);
    });

    test('opens a bin over the list, with room for the map above it', async () => {
      const page = await here.visit({ ...PHONE });
      await rowOf(page, 'station').tap();
      const drawer = drawerOf(page);
      await drawer.getByRole('heading', { name: /^Återvinningsstation/ }).waitFor();
      const box = await drawer.boundingBox();
      expect(box).toMatchObject({ x: 0, width: PHONE.viewport.width });
      expect(box?.y).toBeGreaterThan(250);
      await drawer.locator('.message').first().scrollIntoViewIfNeeded();
      expect(await drawer.getByRole('button', { name: 'Stäng' }).isVisible()).toBe(true);
      await drawer.getByRole('button', { name: 'Stäng' }).tap();
      await eventually(() => drawer.count()).toBe(0);
      expect(await textOf(rowOf(page, 'station'))).toContain('Nyköpingsvägen 12');
    });
  });

  test('has list, map and drawer side by side on a desk', async () => {
    const page = await here.visit({ path: '/?bin=station' });
    await drawerOf(page).getByRole('heading', { level: 2 }).waitFor();
    const boxes = await Promise.all(
      [sheet(page), page.locator('section.map'), drawerOf(page)].map((part) => part.boundingBox()),
    );
    const edges = boxes.flatMap((box) => [box?.x ?? -1, (box?.x ?? 0) + (box?.width ?? 0)]);
    expect(edges).toEqual([0, 400, 400, 1024, 1024, 1440]);
    for (const box of boxes) expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(900);
  });
});
