import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, overflowOf, rowOf, textOf } from './look.ts';
import { countPixels, mapQuery, pointOf } from './map.ts';
import { networkServerDocument, LORAWAN_SENSOR } from './network-server.ts';
import { CENTRE } from './test-town.ts';
import { PHONE, useTown } from './use-town.ts';

const IMAGE = '<img src=x onerror="window.isHacked = true">';
const SCRIPT = `"'><script>window.isHacked = true</script>`;

/** Names as no town has them, and the harm each would do if it were more than text. */
const NAMES = {
  image: IMAGE,
  script: SCRIPT,
  placeholder: '{count} {name} $& $1 %s &amp; &lt;b&gt;',
  backwards: '\u202Etxet sdrawkcab \u2067שלום\u2069 مرحبا',
  emoji: '🗑️👩‍👩‍👧‍👦🇸🇪 Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319 ￼\uFEFF',
  endless: 'Å'.repeat(200),
  words: 'Återvinningsstation '.repeat(10).trim(),
} as const;

needs('chromium')('text from outside', () => {
  const ids = Object.keys(NAMES);
  const here = useTown([
    {
      id: 'lorawan',
      sensor: LORAWAN_SENSOR,
      location: { lat: CENTRE.lat - 0.02, lng: CENTRE.lng },
    },
    ...Object.entries(NAMES).map(([id, name], index) => ({
      id,
      name,
      area: id === 'endless' ? 'Ö'.repeat(100) : name.slice(0, 100),
      description: `${name}\n${SCRIPT}`,
      location: { lat: CENTRE.lat + index * 0.004, lng: CENTRE.lng },
      reports: [{ fillPercent: 50 + index }],
    })),
  ]);
  const isHacked = (page: Page) => page.evaluate('window.isHacked');

  test('stands in list, drawer, map and filter as it is', async () => {
    const page = await here.visit({ path: `/?${mapQuery(CENTRE, 15)}` });
    for (const id of ids) {
      const row = rowOf(page, id);
      await row.click();
      const heading = drawerOf(page).getByRole('heading', { level: 2 });
      // Ids are keys of the names.
      const name = NAMES[id as keyof typeof NAMES];
      await eventually(() => heading.textContent()).toBe(name);
      expect(await row.locator('.row__name').textContent()).toBe(name);
      expect(await drawerOf(page).getAttribute('aria-label')).toBe(`Om tunnan ${name}`);
      await eventually(() => drawerOf(page).textContent()).toContain(SCRIPT);
    }
    const { x, y } = await pointOf(page, CENTRE);
    await page.mouse.move(x, y);
    const options = await page.locator('#filter-area option').allTextContents();
    expect(options).toContain(IMAGE);
    await page.getByRole('combobox', { name: 'Område' }).selectOption({ label: IMAGE });
    await eventually(() => page.locator('.row').count()).toBe(1);
    await page.reload();
    await rowOf(page, 'image').waitFor();
    expect(await page.locator('img[src=x], .row script').count()).toBe(0);
    expect(await isHacked(page)).toBeUndefined();
  });

  test('in an address is no more than text either', async () => {
    const query = `q=${encodeURIComponent(IMAGE)}&bin=${encodeURIComponent(SCRIPT)}`;
    const page = await here.visit({ path: `/?${query}` });
    expect(await page.getByRole('searchbox').inputValue()).toBe(IMAGE);
    await eventually(() => textOf(drawerOf(page))).toContain('Tunnan finns inte');
    expect(await isHacked(page)).toBeUndefined();
  });

  test.each([
    ['desk', {}],
    ['phone', PHONE],
  ])('leaves the layout of a %s whole', async (_, looks) => {
    const page = await here.visit({ ...looks });
    expect(await overflowOf(page.locator('html'))).toBe(0);
    expect(await overflowOf(page.locator('.list'))).toBe(0);
    const rows = await page
      .locator('.row')
      .evaluateAll((all) => all.map((row) => [row.offsetHeight, row.scrollHeight]));
    expect(new Set(rows.map(([height]) => height)).size).toBe(1);
    for (const [height, needed] of rows) expect(needed).toBeLessThanOrEqual(height);
    for (const id of ['endless', 'emoji']) {
      await page.goto(`${here.town.tunna.httpUrl}/?bin=${id}`);
      await drawerOf(page).locator('.message').first().waitFor();
      expect(await overflowOf(drawerOf(page)), id).toBe(0);
      expect(await overflowOf(page.locator('html')), id).toBe(0);
      const close = drawerOf(page).getByRole('button', { name: 'Stäng' });
      await close.click({ trial: true });
    }
  });

  test('does not cover the map with the name of an area', async () => {
    const endless = { lat: CENTRE.lat + ids.indexOf('endless') * 0.004, lng: CENTRE.lng };
    const page = await here.visit({ path: `/?${mapQuery(endless, 15)}` });
    await eventually(() => countPixels(page, endless, '--ground-label', 100)).toBeGreaterThan(20);
    // Half a screen to the left of its bin there is no writing any more.
    const aside = { lat: endless.lat, lng: endless.lng - 0.012 };
    const strip = await countPixels(page, aside, '--ground-label', 70);
    expect(strip).toBe(0);
  });

  test('of a message and its topic is shown byte for byte, and does nothing', async () => {
    const page = await here.visit({ path: '/?bin=lorawan' });
    await drawerOf(page).locator('.level-panel').waitFor();
    const topic = `v3/${SCRIPT.replace('/', '')}/devices/${IMAGE}/up`;
    const payload = networkServerDocument(IMAGE);
    await here.town.publish(topic, payload);
    const message = drawerOf(page).locator('.message');
    await eventually(() => message.locator('.message__topic').allTextContents()).toEqual([topic]);
    expect(await message.locator('.message__payload').textContent()).toContain('<img src=x');
    await message.getByRole('button', { name: /^Spåra/ }).click();
    const raw = drawerOf(page).locator('[data-field=raw-payload]');
    await eventually(() => raw.textContent()).toContain(JSON.stringify(IMAGE));
    const step = drawerOf(page).locator('[data-step=message]');
    expect(await step.textContent()).toContain(topic);
    expect(await overflowOf(drawerOf(page))).toBe(0);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await isHacked(page)).toBeUndefined();
  });
});
