import { get } from 'node:http';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { mapOf } from './map.ts';
import { useTown } from './use-town.ts';

/** Compressed script a phone must fetch before it shows the town, bytes. */
const MOST_SCRIPT_BYTES = 200_000;

/** Asks for a script as the browser did, and counts the bytes of the answer as they come over the wire. */
async function countBytes(url: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(url, { headers }, (response) => {
    expect(response.headers['content-encoding'], url).toMatch(/^(gzip|br|zstd)$/);
    let bytes = 0;
    response.on('data', (chunk: Buffer) => (bytes += chunk.length));
    response.on('end', () => resolve(bytes));
    response.on('error', reject);
  }).on('error', reject);
  return await promise;
}

needs('chromium')('the first visit', () => {
  const here = useTown([]);

  test('needs less than 200 kB of compressed script', async () => {
    const page = await here.visit({ isUnready: true });
    const scripts = new Map<string, Record<string, string>>();
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.endsWith('.js')) {
        scripts.set(request.url(), { 'accept-encoding': 'gzip, deflate, br, zstd' });
      }
    });
    await page.reload();
    await page.locator('html[data-ready]').waitFor();
    await page.getByRole('status').filter({ hasText: 'Inga tunnor ännu' }).waitFor();
    expect([...scripts.keys()].join(' '), 'the worker of the map counts').toMatch(/cluster-worker/);
    const sizes = await Promise.all([...scripts].map(([url, headers]) => countBytes(url, headers)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    // Less than this would mean that something was not measured: Leaflet alone is as large.
    expect(bytes).toBeGreaterThan(40_000);
    expect(bytes).toBeLessThan(MOST_SCRIPT_BYTES);
  });

  test('of a town without bins is told so in words, and sees the first that is registered', async () => {
    const page = await here.visit();
    const notice = page.getByRole('status').filter({ hasText: 'Inga tunnor ännu' });
    expect(await textOf(notice)).toContain('Så snart en tunna är registrerad visas den här');
    expect(await page.locator('.summary').count()).toBe(0);
    expect(await mapOf(page).getAttribute('data-total-count')).toBe('0');
    await page.getByRole('button', { name: 'Visa alla tunnor' }).click();
    await page.getByRole('button', { name: 'Om sidan och driften' }).click();
    await eventually(() => textOf(page.getByRole('dialog'))).toContain('Mätningar totalt 0');
    await page.keyboard.press('Escape');

    await here.town.addBins([{ id: 'first', name: 'Den första', reports: [{ fillPercent: 12 }] }]);
    await rowOf(page, 'first').waitFor();
    await eventually(() => notice.count()).toBe(0);
    await eventually(() => mapOf(page).getAttribute('data-drawn-bins')).toBe('1');
    await eventually(() => textOf(page.locator('.summary'))).toContain('1 tunna');
    await rowOf(page, 'first').click();
    await drawerOf(page).getByRole('heading', { name: 'Den första' }).waitFor();
  });
});
