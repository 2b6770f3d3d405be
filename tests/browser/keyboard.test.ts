import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, focusOf, rowOf, textOf } from './look.ts';
import { mapQuery } from './map.ts';
import { CENTRE } from './test-town.ts';
import { useTown } from './use-town.ts';

needs('chromium')('with the keyboard alone', () => {
  const here = useTown([
    { id: 'a', name: 'Alfa', reports: [{ fillPercent: 120 }] },
    { id: 'b', name: 'Beta', reports: [{ fillPercent: 90 }] },
    { id: 'c', name: 'Gamma', reports: [{ fillPercent: 30 }] },
  ]);

  test('the first stop is a link that skips to the list', async () => {
    const page = await here.visit();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Hoppa till listan över tunnor' });
    expect(await focusOf(page)).toBe('a Hoppa till listan över tunnor');
    const box = await skip.boundingBox();
    expect(box?.y, 'it shows when it is there to be used').toBeGreaterThanOrEqual(0);
    expect(box?.width).toBeGreaterThan(100);
    await page.keyboard.press('Enter');
    await eventually(() => focusOf(page)).toBe('#bin-list Tunnor');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => focusOf(page)).toBe('h2 Beta');
  });

  test('every stop on the way through the page is seen, and none is a trap', async () => {
    const page = await here.visit({ path: '/?bin=a' });
    await drawerOf(page).locator('.message').first().waitFor();
    await drawerOf(page).locator('.chart canvas').waitFor();
    const stops: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      const stop = await focusOf(page);
      if (stop.startsWith('body')) break;
      stops.push(stop);
      const isSeen = await page.evaluate<boolean>(`(() => {
        const focused = document.activeElement;
        const { outlineStyle } = getComputedStyle(focused);
        const host = focused.closest('.search, .select') ?? focused;
        return outlineStyle !== 'none' || getComputedStyle(host).outlineStyle !== 'none';
      })()`);
      expect(isSeen, stop).toBe(true);
    }
    const order = [
      /^#search/,
      /^#filter-area/,
      /^#bin-list Tunnor/,
      /Karta över tunnorna/,
      /Visa alla tunnor/,
      /Stäng/,
      /7 dygn/,
      /Spåra mätningen/,
    ].map((name) => stops.findIndex((stop) => name.test(stop)));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(stops.length).toBeLessThan(60);
  });

  test('/ searches, j and k go from bin to bin, Esc closes what is open', async () => {
    const page = await here.visit();
    const title = drawerOf(page).getByRole('heading', { level: 2 });
    await page.keyboard.press('j');
    await eventually(() => textOf(title)).toBe('Alfa');
    await page.keyboard.press('j');
    await eventually(() => textOf(title)).toBe('Beta');
    await page.keyboard.press('k');
    await eventually(() => textOf(title)).toBe('Alfa');
    await page.keyboard.press('k');
    expect(await textOf(title)).toBe('Alfa');
    expect(await rowOf(page, 'a').getAttribute('aria-selected')).toBe('true');

    await page.keyboard.press('/');
    expect(await focusOf(page)).toContain('#search');
    await page.keyboard.type('jk/gamma');
    expect(await page.getByRole('searchbox').inputValue()).toBe('jk/gamma');
    expect(await textOf(title), 'letters belong to the search').toBe('Alfa');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('listbox').focus();

    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).click();
    await eventually(() => textOf(title)).toBe('Så blev siffran till');
    await page.keyboard.press('Escape');
    await eventually(() => textOf(title)).toBe('Alfa');
    await page.keyboard.press('Escape');
    await eventually(() => drawerOf(page).count()).toBe(0);
  });

  test('the focus goes into the drawer and comes back to where it was', async () => {
    const page = await here.visit({ path: `/?${mapQuery(CENTRE, 15)}` });
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await eventually(() => focusOf(page)).toBe('h2 Gamma');
    await page.keyboard.press('Tab');
    expect(await focusOf(page)).toBe('button Stäng');
    await page.keyboard.press('Enter');
    await eventually(() => drawerOf(page).count()).toBe(0);
    expect(await focusOf(page)).toBe('#bin-list Tunnor');
    const active = await page.getByRole('listbox').getAttribute('aria-activedescendant');
    expect(active).toBe('row-c');
  });

  test('the info dialog holds the focus, and gives it back', async () => {
    const page = await here.visit();
    const open = page.getByRole('button', { name: 'Om sidan och driften' });
    await open.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Om sidan' });
    await dialog.getByText('Mätningar totalt').waitFor();
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press('Tab');
      expect(await focusOf(page)).not.toMatch(/^#search|^#bin-list/);
    }
    await page.keyboard.press('j');
    expect(await drawerOf(page).count(), 'the page behind does not listen').toBe(0);
    await page.keyboard.press('Escape');
    await eventually(() => dialog.count()).toBe(0);
    expect(await focusOf(page)).toBe('button Om sidan och driften');
  });

  test('letters do nothing once shortcuts are switched off, and Esc still closes', async () => {
    const page = await here.visit({ path: '/?bin=b' });
    await page.getByRole('button', { name: 'Om sidan och driften' }).click();
    await page.getByRole('checkbox', { name: 'Använd kortkommandon' }).uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    const title = drawerOf(page).getByRole('heading', { level: 2 });
    await eventually(() => textOf(title)).toBe('Beta');
    await page.keyboard.press('j');
    await page.keyboard.press('/');
    expect(await textOf(title)).toBe('Beta');
    expect(await focusOf(page)).not.toContain('#search');
    await page.keyboard.press('Escape');
    await eventually(() => drawerOf(page).count()).toBe(0);
  });

  test('the map pans and zooms', async () => {
    const page = await here.visit({ path: `/?${mapQuery(CENTRE, 12)}` });
    const view = () => new URL(page.url()).searchParams.get('map')?.split('/').map(Number) ?? [];
    await page.getByRole('group', { name: 'Karta över tunnorna' }).focus();
    await page.keyboard.press('ArrowRight');
    await eventually(() => Promise.resolve(view()[2])).toBeGreaterThan(CENTRE.lng);
    await page.keyboard.press('ArrowUp');
    await eventually(() => Promise.resolve(view()[1])).toBeGreaterThan(CENTRE.lat);
    await page.keyboard.press('+');
    await eventually(() => Promise.resolve(view()[0])).toBeGreaterThan(12);
  });
});
