import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, listedIds, textOf } from './look.ts';
import { useTown } from './use-town.ts';

/** Whatever somebody may make of a link on its way through mails and chats. */
const MANGLED_QUERIES = [
  'state=full,nonsense,%00&stream=gold&area=&q=&sort=luck&map=99/NaN/x&reading=-1&lang=xx',
  'map=12/91/17.6&reading=1e9999&bin=&state=',
  `state=%3Cscript%3E&lang=__proto__&sort=constructor&stream=toString`,
  `map=${'9'.repeat(400)}/59/17&reading=${'9'.repeat(40)}`,
];

needs('chromium')('the filter', () => {
  const here = useTown([
    {
      id: 'paper-a',
      name: 'Kvarnen',
      stream: 'paper',
      area: 'Geneta',
      reports: [{ fillPercent: 95 }],
    },
    {
      id: 'paper-b',
      name: 'Ågatan 3',
      stream: 'paper',
      area: 'Ronna',
      reports: [{ fillPercent: 20 }],
    },
    {
      id: 'food-a',
      name: 'Ågatan 5',
      stream: 'food',
      area: 'Geneta',
      reports: [{ fillPercent: 120 }],
    },
    {
      id: 'food-b',
      name: 'Bryggan',
      stream: 'food',
      area: null,
      reports: [{ fillPercent: 60 }],
    },
    { id: 'metal-a', name: 'Stationen', stream: 'metal', area: 'Ronna' },
  ]);

  const ALL = ['food-a', 'paper-a', 'metal-a', 'food-b', 'paper-b'];
  const pill = (page: Page, name: RegExp) => page.getByRole('button', { name });
  const stream = (page: Page) => page.getByRole('combobox', { name: 'Avfallsslag' });
  const area = (page: Page) => page.getByRole('combobox', { name: 'Område' });
  const search = (page: Page) => page.getByRole('searchbox');

  test('narrows list, counts and map by state, stream, area and text, each by itself', async () => {
    const page = await here.visit();
    expect(await listedIds(page)).toEqual(ALL);

    await pill(page, /^Full 1$/).click();
    await eventually(() => listedIds(page)).toEqual(['paper-a']);
    await pill(page, /^Överfull 1$/).click();
    await eventually(() => listedIds(page)).toEqual(['food-a', 'paper-a']);
    await page.getByRole('button', { name: 'Rensa filtret' }).click();
    await eventually(() => listedIds(page)).toEqual(ALL);

    await stream(page).selectOption({ label: 'Papper' });
    await eventually(() => listedIds(page)).toEqual(['paper-a', 'paper-b']);
    expect(await pill(page, /^Överfull/).innerText()).toMatch(/0$/);
    await stream(page).selectOption({ label: 'Alla avfallsslag' });

    await area(page).selectOption({ label: 'Ronna' });
    await eventually(() => listedIds(page)).toEqual(['metal-a', 'paper-b']);
    await area(page).selectOption({ label: 'Alla områden' });

    for (const [text, ids] of [
      ['ågatan', ['food-a', 'paper-b']],
      ['  GENETA ', ['food-a', 'paper-a']],
      ['sensor-food-b', ['food-b']],
      ['PAPER-a', ['paper-a']],
    ] as const) {
      await search(page).fill(text);
      await eventually(() => listedIds(page)).toEqual(ids);
    }
    const frame = page.locator('section.map');
    await eventually(() => frame.getAttribute('data-bin-count')).toBe('1');
    await eventually(() => frame.getAttribute('data-drawn-bins')).toBe('1');
  });

  test('combines all its parts, and keeps them in the address over a reload', async () => {
    const page = await here.visit();
    await search(page).fill('ågatan');
    await area(page).selectOption({ label: 'Geneta' });
    await stream(page).selectOption({ label: 'Matavfall' });
    await pill(page, /^Överfull/).click();
    await eventually(() => listedIds(page)).toEqual(['food-a']);
    const query = new URL(page.url()).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      q: 'ågatan',
      area: 'Geneta',
      stream: 'food',
      state: 'overfull',
    });
    await page.reload();
    await eventually(() => listedIds(page)).toEqual(['food-a']);
    expect(await search(page).inputValue()).toBe('ågatan');
    expect(await area(page).inputValue()).toBe('Geneta');
    expect(await stream(page).inputValue()).toBe('food');
    expect(await pill(page, /^Överfull/).getAttribute('aria-pressed')).toBe('true');
  });

  test('says when no bin matches, and leads out of it', async () => {
    const page = await here.visit({ path: '/?q=finns-inte&state=full' });
    const notice = page.getByRole('status').filter({ hasText: 'Ingen tunna passar filtret' });
    expect(await textOf(notice)).toContain('Det finns 5 tunnor');
    expect(await page.getByRole('option').and(page.locator('[data-bin-id]')).count()).toBe(0);
    await notice.getByRole('button', { name: 'Rensa filtret' }).click();
    await eventually(() => listedIds(page)).toEqual(ALL);
    expect(await search(page).inputValue()).toBe('');
    expect(new URL(page.url()).search).not.toMatch(/q=|state=/);
  });

  test('is stepped through with Back and Forward, drawer included', async () => {
    const page = await here.visit();
    await pill(page, /^Full/).click();
    await stream(page).selectOption({ label: 'Papper' });
    await page.locator('[data-bin-id=paper-a]').click();
    await eventually(() => drawerOf(page).getByRole('heading', { level: 2 }).innerText()).toBe(
      'Kvarnen',
    );
    await page.goBack();
    await eventually(() => drawerOf(page).count()).toBe(0);
    expect(await stream(page).inputValue()).toBe('paper');
    await page.goBack();
    await eventually(() => stream(page).inputValue()).toBe('');
    expect(await listedIds(page)).toEqual(['paper-a']);
    await page.goBack();
    await eventually(() => listedIds(page)).toEqual(ALL);
    await page.goForward();
    await eventually(() => listedIds(page)).toEqual(['paper-a']);
    await page.goForward();
    await page.goForward();
    await eventually(() => drawerOf(page).count()).toBe(1);
  });

  test('orders the list by urgency, fill, age or name', async () => {
    const page = await here.visit();
    const order = page.getByRole('combobox', { name: 'Ordna efter' });
    await order.selectOption({ label: 'Namn' });
    // Å comes after all of A to Z in Swedish.
    await eventually(() => listedIds(page)).toEqual([
      'food-b',
      'paper-a',
      'metal-a',
      'paper-b',
      'food-a',
    ]);
    await order.selectOption({ label: 'Fullast först' });
    await eventually(() => listedIds(page)).toEqual([
      'food-a',
      'paper-a',
      'food-b',
      'paper-b',
      'metal-a',
    ]);
    await order.selectOption({ label: 'Äldst mätning först' });
    await eventually(async () => (await listedIds(page))[0]).toBe('metal-a');
  });

  test.each(MANGLED_QUERIES)('makes the best of a mangled address: %s', async (query) => {
    const page = await here.visit({ path: `/?${query}` });
    const ids = await listedIds(page);
    expect(ids).toEqual(query.startsWith('state=full') ? ['paper-a'] : ALL);
    expect(await drawerOf(page).count()).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe('sv');
  });

  test('says that a bin does not exist when a link names one that is gone', async () => {
    const page = await here.visit({ path: '/?bin=gone&reading=7', expects: [/404/] });
    await eventually(() => textOf(drawerOf(page))).toContain('Mätningen finns inte längre');
    await page.getByRole('button', { name: 'Tillbaka till tunnan' }).click();
    await eventually(() => textOf(drawerOf(page))).toContain('Tunnan finns inte');
    await page.getByRole('button', { name: 'Stäng' }).click();
    await eventually(() => drawerOf(page).count()).toBe(0);
  });
});
