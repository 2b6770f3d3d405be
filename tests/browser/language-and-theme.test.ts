import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { countPixels, mapQuery } from './map.ts';
import { CENTRE } from './test-town.ts';
import { useTown } from './use-town.ts';

/** How light the page's background is, 0 to 255. */
async function lightnessOf(page: Page): Promise<number> {
  return await page.evaluate<number>(
    `Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number))`,
  );
}

needs('chromium')('language and theme', () => {
  const here = useTown([
    {
      id: 'mill',
      name: 'Kvarnen',
      stream: 'food',
      reports: [{ fillPercent: 64, agoSeconds: 600, batteryPercent: 61 }],
    },
  ]);
  const html = (page: Page) => page.locator('html');
  const dark = { colorScheme: 'dark' } as const;

  test.each([
    ['sv-SE', 'sv'],
    ['en-GB', 'en'],
    ['en-US', 'en'],
    ['de-DE', 'sv'],
  ])('begin in the language of the browser: %s gives %s', async (locale, lang) => {
    const page = await here.visit({ locale });
    expect(await html(page).getAttribute('lang')).toBe(lang);
    expect(await page.title()).toBe(
      lang === 'sv' ? 'Tunna · Tunnor som behöver tömmas' : 'Tunna · Bins that need emptying',
    );
  });

  test('change without a reload in everything that is written, and are remembered', async () => {
    const page = await here.visit({ path: '/?bin=mill' });
    await page.evaluate('window.isSameDocument = true');
    await eventually(() => textOf(drawerOf(page))).toContain('Senaste råmeddelanden');
    const swedish = await textOf(page.locator('body'));
    await page.getByRole('button', { name: 'EN: Switch to English' }).click();
    await eventually(() => html(page).getAttribute('lang')).toBe('en');
    await eventually(() => textOf(rowOf(page, 'mill'))).toMatch(
      /Kvarnen Food waste Room left 64% 1\d mins$/,
    );
    const english = await textOf(page.locator('body'));
    expect(english).toContain('Measured 10 minutes ago');
    for (const word of swedish.match(/\p{L}*[åäö]\p{L}*/gu) ?? []) {
      expect(english, word).not.toContain(word);
    }
    expect(await page.getByRole('searchbox').getAttribute('placeholder')).toMatch(/^Search/);
    expect(await page.getByRole('region', { name: 'Map of the bins' }).count()).toBe(1);
    expect(await page.evaluate('window.isSameDocument')).toBe(true);

    await page.goto(here.town.tunna.httpUrl);
    await eventually(() => html(page).getAttribute('lang')).toBe('en');
    await page.goto(`${here.town.tunna.httpUrl}/?lang=sv`);
    // A link outranks memory.
    await eventually(() => html(page).getAttribute('lang')).toBe('sv');
  });

  test('follow the system to the dark and back, map included', async () => {
    const page = await here.visit({ path: `/?${mapQuery(CENTRE, 15)}` });
    const light = await lightnessOf(page);
    expect(light).toBeGreaterThan(200);
    expect(await countPixels(page, CENTRE, '--ground-town')).toBeGreaterThan(500);
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually(() => html(page).getAttribute('data-theme')).toBe('dark');
    expect(await lightnessOf(page)).toBeLessThan(60);
    await eventually(() => countPixels(page, CENTRE, '--ground-town')).toBeGreaterThan(500);
    await page.emulateMedia({ colorScheme: 'light' });
    await eventually(() => lightnessOf(page)).toBe(light);
  });

  test('keep the theme that was chosen, whatever the system says', async () => {
    const page = await here.visit({ ...dark });
    expect(await html(page).getAttribute('data-theme')).toBe('dark');
    await page.getByRole('button', { name: 'Byt till ljust utseende' }).click();
    await eventually(() => html(page).getAttribute('data-theme')).toBe('light');
    expect(await lightnessOf(page)).toBeGreaterThan(200);
    await page.reload();
    await eventually(() => html(page).getAttribute('data-theme')).toBe('light');
    await page.getByRole('button', { name: 'Byt till mörkt utseende' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    await eventually(() => lightnessOf(page)).toBeLessThan(60);
  });
});
