import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { countPixels, mapOf, mapQuery, pointOf, zoomOf } from './map.ts';
import { CENTRE } from './test-town.ts';
import { PHONE, useTown } from './use-town.ts';

const WEST = { lat: CENTRE.lat, lng: CENTRE.lng - 0.006 };
const EAST = { lat: CENTRE.lat, lng: CENTRE.lng + 0.006 };
const FAR = { lat: CENTRE.lat + 0.02, lng: CENTRE.lng };
const TWIN = { lat: CENTRE.lat + 0.02, lng: CENTRE.lng + 0.00001 };

/** Zooms at which west and east are one cluster, and at which they are apart. */
const JOINED_ZOOM = 11;
const APART_ZOOM = 15;

/** A ring drawn in the accent colour has more pixels than this; a bin without a ring has none. */
const RING_PIXELS = 50;

needs('chromium')('map and list', () => {
  const here = useTown([
    { id: 'west', name: 'Västra porten', location: WEST, reports: [{ fillPercent: 30 }] },
    { id: 'east', name: 'Östra porten', location: EAST, reports: [{ fillPercent: 97 }] },
    { id: 'far', name: 'Fjärran', location: FAR, reports: [{ fillPercent: 50 }] },
    { id: 'twin', name: 'Tvillingen', location: TWIN, reports: [{ fillPercent: 60 }] },
  ]);
  const near = `/?${mapQuery(CENTRE, APART_ZOOM)}`;

  test('mark on the map the bin that is chosen in the list, and open it', async () => {
    const page = await here.visit({ path: near });
    expect(await countPixels(page, WEST, '--accent')).toBe(0);
    await rowOf(page, 'west').click();
    await drawerOf(page).getByRole('heading', { name: 'Västra porten' }).waitFor();
    expect(await rowOf(page, 'west').getAttribute('aria-selected')).toBe('true');
    await eventually(() => countPixels(page, WEST, '--accent')).toBeGreaterThan(RING_PIXELS);
    expect(await countPixels(page, EAST, '--accent')).toBe(0);
  });

  test('do so for a choice by keyboard as well', async () => {
    const page = await here.visit({ path: near });
    const list = page.getByRole('listbox');
    await list.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    const active = await list.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).getAttribute('data-bin-id')).toBe('east');
    await page.keyboard.press('Enter');
    await drawerOf(page).getByRole('heading', { name: 'Östra porten' }).waitFor();
    await eventually(() => countPixels(page, EAST, '--accent')).toBeGreaterThan(RING_PIXELS);
  });

  test('select in the list the bin that is chosen on the map', async () => {
    const page = await here.visit({ path: near });
    const { x, y } = await pointOf(page, EAST);
    await page.mouse.click(x, y);
    await drawerOf(page).getByRole('heading', { name: 'Östra porten' }).waitFor();
    expect(await rowOf(page, 'east').getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('[aria-selected=true]').count()).toBe(1);
  });

  test('tell of the bin under the mouse in both places', async () => {
    const page = await here.visit({ path: near });
    const { x, y } = await pointOf(page, WEST);
    await page.mouse.move(x, y);
    const card = page.locator('.hover-card');
    await eventually(() => textOf(card)).toMatch(/^Västra porten Restavfall 30 % \d+ (s|min)$/);
    await eventually(() => rowOf(page, 'west').getAttribute('class')).toContain('row--hovered');
    await rowOf(page, 'east').hover();
    await eventually(() => countPixels(page, EAST, '--accent')).toBeGreaterThan(RING_PIXELS / 2);
    expect(await card.count(), 'the card belongs to the map').toBe(0);
  });

  test('zoom in on a cluster until its bins stand apart', async () => {
    const page = await here.visit({ path: `/?${mapQuery(CENTRE, JOINED_ZOOM)}` });
    const map = mapOf(page);
    await eventually(() => map.getAttribute('data-drawn-bins')).toBe('0');
    const { x, y } = await pointOf(page, CENTRE);
    await page.mouse.click(x, y);
    await eventually(() => Promise.resolve(zoomOf(page))).toBeGreaterThan(JOINED_ZOOM);
    await eventually(() => map.getAttribute('data-drawn-bins')).toBe('2');
    expect(await drawerOf(page).count()).toBe(0);
  });

  test('part bins that stand on the same spot once the map is near enough', async () => {
    const page = await here.visit({ path: `/?${mapQuery(FAR, 18)}` });
    await eventually(() => mapOf(page).getAttribute('data-drawn-bins')).toBe('2');
    const { x, y } = await pointOf(page, FAR);
    for (const [shiftX, name] of [
      [-22, 'Fjärran'],
      [22, 'Tvillingen'],
    ] as const) {
      await page.mouse.click(x + shiftX, y);
      await drawerOf(page).getByRole('heading', { name }).waitFor();
      await page.keyboard.press('Escape');
      await drawerOf(page).waitFor({ state: 'detached' });
    }
  });

  test('bring a chosen bin out from under the drawer of a phone', async () => {
    const page = await here.visit({ ...PHONE, path: `/?${mapQuery(WEST, APART_ZOOM)}` });
    await page.getByRole('searchbox').fill('Östra');
    await rowOf(page, 'east').tap();
    await drawerOf(page).getByRole('heading', { name: 'Östra porten' }).waitFor();
    await eventually(async () => {
      const { x, y } = await pointOf(page, EAST);
      const top = (await drawerOf(page).boundingBox())?.y ?? 0;
      return x > 0 && x < PHONE.viewport.width && y > 0 && y < top;
    }).toBe(true);
    await eventually(() => countPixels(page, EAST, '--accent')).toBeGreaterThan(RING_PIXELS);
  });

  test('show all bins again at the press of a button, and open where a link says', async () => {
    const page = await here.visit({ path: `/?${mapQuery({ lat: 0, lng: 0 }, 5)}` });
    const map = mapOf(page);
    await eventually(() => map.getAttribute('data-drawn-bins')).toBe('0');
    expect(await map.getAttribute('data-drawn-clusters')).toBe('0');
    await page.getByRole('button', { name: 'Visa alla tunnor' }).click();
    await eventually(async () => {
      const drawn = ['data-drawn-bins', 'data-drawn-clusters'].map((name) =>
        map.getAttribute(name).then(Number),
      );
      return (await Promise.all(drawn)).reduce((sum, count) => sum + count, 0);
    }).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Zooma in' }).click();
    await page.getByRole('button', { name: 'Zooma ut' }).click();
    await page.goto(`${here.town.tunna.httpUrl}${near}`);
    await eventually(() => map.getAttribute('data-drawn-bins')).toBe('2');
  });

  test('do without a background map, and say so', async () => {
    const page = await here.visit();
    await eventually(() => textOf(page.locator('.map-foot'))).toBe(
      'Ingen bakgrundskarta är inställd',
    );
    await page.getByRole('button', { name: 'Om sidan och driften' }).click();
    expect(await textOf(page.getByRole('dialog'))).toContain('Bakgrundskarta. Den ansvarige kan');
  });
});
