import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { useTown } from './use-town.ts';

/** What browsers say of a server that is away; the page cannot keep them from it. */
const AWAY = { expects: [/net::ERR_|status of 50/] } as const;

needs('chromium')('a page that loses its server', () => {
  const here = useTown([
    { id: 'mill', name: 'Kvarnen', reports: [{ fillPercent: 64, agoSeconds: 600 }] },
    { id: 'quay', name: 'Kajen', reports: [{ fillPercent: 20, agoSeconds: 600 }] },
  ]);
  const notice = (page: Page) => page.locator('[data-notice=offline]');
  const chip = (page: Page) => textOf(page.locator('.connection'));
  const announcement = (page: Page) => textOf(page.locator('[data-live-region=connection]'));

  test('says so when the dashboard is killed, and has the current levels once it is back', async () => {
    const page = await here.visit({ ...AWAY, path: '/?bin=mill' });
    await page.evaluate('window.isSameDocument = true');
    await eventually(() => chip(page)).toBe('Live');
    here.town.tunna.killPart('dashboard');
    await eventually(() => chip(page)).toBe('Frånkopplad');
    await here.town.report('mill', { fillPercent: 83 });
    await eventually(() => notice(page).count()).toBe(1);
    expect(await textOf(notice(page))).toMatch(
      /^Ingen kontakt med servern\. Du ser läget från \d\d:\d\d\. Vi försöker igen av oss själva\.$/,
    );
    expect(await announcement(page)).toBe('Frånkopplad. Senast kända nivåer visas.');

    await eventually(() => chip(page)).toBe('Live');
    await eventually(() => textOf(rowOf(page, 'mill'))).toMatch(/Full 83 % \d+ s$/);
    expect(await textOf(drawerOf(page).locator('[data-field=level]'))).toBe('83 %');
    await eventually(() => notice(page).count()).toBe(0);
    expect(await announcement(page)).toBe('Ansluten. Nivåerna uppdateras direkt.');
    expect(await page.evaluate('window.isSameDocument')).toBe(true);
  });

  test('keeps the last levels with growing ages while there is no network', async () => {
    const page = await here.visit({ ...AWAY, hasClock: true });
    const row = rowOf(page, 'quay');
    await eventually(() => chip(page)).toBe('Live');
    expect(await textOf(row)).toMatch(/20 % 1\d min$/);
    await page.context().setOffline(true);
    await eventually(() => chip(page)).toBe('Frånkopplad');
    await page.clock.fastForward('30:00');
    await eventually(() => textOf(row)).toMatch(/Plats kvar 20 % 4\d min$/);
    await page.clock.fastForward('30:00');
    await eventually(() => textOf(row)).toMatch(/Inaktuell 20 % 1 tim$/);
    expect(await notice(page).count()).toBe(1);

    await here.town.report('quay', { fillPercent: 33 });
    await page.context().setOffline(false);
    await eventually(() => chip(page)).toBe('Live');
    await eventually(() => textOf(row)).toMatch(/Plats kvar 33 % \d+ s$/);
    await eventually(() => notice(page).count()).toBe(0);
  });

  test('notices that a server says nothing any more, though the line is open', async () => {
    const page = await here.visit({ ...AWAY, hasClock: true });
    await eventually(() => chip(page)).toBe('Live');
    const dashboard = here.town.tunna.findPart('dashboard');
    if (dashboard === undefined) throw new Error('the dashboard is not running');
    process.kill(dashboard, 'SIGSTOP');
    try {
      // Half a minute of silence makes it ask, ten seconds without an answer make it sure.
      const asked = page.waitForRequest('**/api/v1/page-settings');
      await page.clock.fastForward(30_000);
      await asked;
      expect(await chip(page)).toBe('Live');
      await page.clock.fastForward(10_000);
      await eventually(() => chip(page)).toBe('Frånkopplad');
    } finally {
      process.kill(dashboard, 'SIGCONT');
    }
    await eventually(() => chip(page)).toBe('Live');
  });

  test('can be opened and closed in all its parts without one', async () => {
    const page = await here.visit(AWAY);
    await rowOf(page, 'quay').click();
    await drawerOf(page).locator('.message').first().waitFor();
    await page.keyboard.press('Escape');
    await page.context().setOffline(true);
    await rowOf(page, 'mill').click();
    await eventually(() => textOf(drawerOf(page).locator('[data-field=level]'))).toMatch(/ %$/);
    await eventually(() => drawerOf(page).getByRole('alert').count()).toBeGreaterThan(1);
    await page.getByRole('searchbox').fill('kaj');
    await eventually(() => rowOf(page, 'mill').count()).toBe(0);
    await page.context().setOffline(false);
    await eventually(() => chip(page)).toBe('Live');
  });

  test('says so from the start when the bins cannot be had, and tries again when asked', async () => {
    const page = await here.visit({ ...AWAY, isUnready: true });
    let isFailing = true;
    await page.route('**/api/v1/bins', (route) =>
      isFailing ? route.fulfill({ status: 500, body: 'no' }) : route.continue(),
    );
    await page.reload();
    const failed = page.getByRole('status').filter({ hasText: 'Tunnorna kunde inte hämtas' });
    await eventually(() => textOf(failed)).toContain('Servern svarar inte som den ska.');
    expect(await page.locator('.summary').count(), 'no counts of nothing').toBe(0);
    isFailing = false;
    await failed.getByRole('button', { name: 'Försök nu' }).click();
    await rowOf(page, 'mill').waitFor();
    await eventually(() => failed.count()).toBe(0);
  });

  test('tries by itself until it has the bins', async () => {
    const page = await here.visit({ ...AWAY, isUnready: true, hasClock: true });
    let asked = 0;
    await page.route('**/api/v1/bins', (route) => {
      asked += 1;
      return asked > 2 ? route.continue() : route.fulfill({ body: '<html>a proxy speaks</html>' });
    });
    await page.reload();
    await eventually(() => textOf(page.locator('.sheet'))).toContain('Tunnorna kunde inte hämtas');
    // The page's clock also goes on by itself, so how often it asks in between is left open.
    await eventually(async () => {
      await page.clock.fastForward(5000);
      return rowOf(page, 'mill').count();
    }).toBe(1);
    expect(asked).toBeGreaterThan(2);
  });
});
