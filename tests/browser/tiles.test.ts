import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { LoopbackTiles } from './loopback-tiles.ts';
import { countPixels, mapOf, mapQuery, pointOf } from './map.ts';
import { CENTRE } from './test-town.ts';
import { useTown } from './use-town.ts';

needs('chromium')('a background map', () => {
  let tiles: LoopbackTiles;
  const here = useTown(
    [{ id: 'mill', name: 'Kvarnen', area: 'Geneta', reports: [{ fillPercent: 64 }] }],
    async () => {
      tiles = await LoopbackTiles.open();
      return {
        TUNNA_TILE_URL: `${tiles.origin}/{z}/{x}/{y}.png`,
        TUNNA_TILE_ATTRIBUTION:
          '© <a href="http://kartor.test/om">Kommunen</a><script>window.isHacked = true</script>',
      };
    },
  );
  afterAll(() => tiles[Symbol.asyncDispose]());
  const visit = (expects: readonly RegExp[] = []) =>
    here.visit({ path: `/?${mapQuery(CENTRE, 15)}`, origins: [tiles.origin], expects });
  const foot = (page: Page) => textOf(page.locator('.map-foot'));

  /** The page is whole without tiles: bins on the map, their ground, list and drawer. */
  async function expectWholePage(page: Page): Promise<void> {
    await eventually(() => mapOf(page).getAttribute('data-drawn-bins')).toBe('1');
    await eventually(() => countPixels(page, CENTRE, '--ground-town')).toBeGreaterThan(500);
    const { x, y } = await pointOf(page, CENTRE);
    await page.mouse.click(x, y);
    await drawerOf(page).getByRole('heading', { name: 'Kvarnen' }).waitFor();
    expect(await textOf(rowOf(page, 'mill'))).toContain('64 %');
  }

  test('is drawn under the bins, with thanks to its owner as text and link only', async () => {
    tiles.status = 200;
    const page = await visit();
    const loaded = page.locator('img.leaflet-tile-loaded');
    await eventually(() => loaded.count()).toBeGreaterThan(10);
    const sizes = await loaded.evaluateAll((images) => images.map((image) => image.naturalWidth));
    expect(new Set(sizes)).toEqual(new Set([1]));
    expect(tiles.asked).toContain('/15/17987/9660.png');
    expect(await countPixels(page, CENTRE, '--ground-town')).toBeLessThan(20);
    await eventually(() => foot(page)).toBe('© Kommunenwindow.isHacked = true');
    const link = page.locator('.map-foot a');
    expect(await link.getAttribute('href')).toBe('http://kartor.test/om');
    expect(await page.evaluate('window.isHacked')).toBeUndefined();
  });

  test.each([
    ['has nothing', 404],
    ['fails', 500],
    ['is dead', null],
  ])('is told to be missing when its server %s, and the page works without', async (_, status) => {
    tiles.status = status;
    const page = await visit([/Failed to load resource/]);
    await eventually(() => foot(page)).toContain('Bakgrundskartan svarar inte · ©');
    await expectWholePage(page);
    // It comes back by itself where the visitor looks next.
    tiles.status = 200;
    await page.getByRole('button', { name: 'Zooma in' }).click();
    await eventually(() => foot(page)).not.toContain('svarar inte');
  });

  test('is not called missing for a few tiles that it lacks at its edge', async () => {
    tiles.status = 200;
    const page = await visit([/404/]);
    await page.route(/\/15\/\d*[02468]\/\d+\.png$/, (route) => route.fulfill({ status: 404 }));
    await page.reload();
    await eventually(() => page.locator('img.leaflet-tile-loaded').count()).toBeGreaterThan(5);
    await page.waitForLoadState('networkidle');
    expect(await foot(page)).not.toContain('svarar inte');
  });
});
