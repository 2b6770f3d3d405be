import { expect, test } from 'vitest';
import { launchBrowser } from '../servers/browser.ts';
import { needs } from '../servers/needs.ts';

needs('chromium')('a browser for tests', () => {
  test('runs a page and starts each time without a memory of the last', async () => {
    for (const _visit of ['first', 'second']) {
      await using browser = await launchBrowser();
      const page = await browser.newPage();
      await page.route('http://tunna.test/', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<h1>Bins</h1>' }),
      );
      await page.goto('http://tunna.test/');
      const before = await page.evaluate("localStorage.getItem('seen')");
      await page.evaluate("localStorage.setItem('seen', 'yes')");
      expect(before).toBeNull();
      expect(await page.getByRole('heading', { name: 'Bins' }).isVisible()).toBe(true);
    }
  });
});
