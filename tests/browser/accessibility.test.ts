import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, rowOf, textOf } from './look.ts';
import { mapQuery, pointOf } from './map.ts';
import { CENTRE } from './test-town.ts';
import { DESK, PHONE, useTown } from './use-town.ts';

/** A thing to see of the page, and the way there from the start. */
interface View {
  readonly query: string;
  readonly go?: (page: Page) => Promise<void>;
}

const VIEWS: Record<string, View> = {
  list: { query: '' },
  'empty list': { query: 'q=finns-inte' },
  drawer: {
    query: 'bin=tilted',
    go: async (page) => {
      await drawerOf(page).locator('.message').first().waitFor();
      await drawerOf(page).locator('.chart canvas').waitFor();
    },
  },
  trace: {
    query: 'bin=tilted',
    go: async (page) => {
      await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).click();
      await drawerOf(page).locator('[data-step=message]').waitFor();
    },
  },
  'info dialog': {
    query: '',
    go: async (page) => {
      await page.getByRole('button', { name: 'Om sidan och driften' }).click();
      await page.getByText('Mätningar totalt').waitFor();
    },
  },
};

/** What differs from those in content only, not in size or colour. */
const RARE_VIEWS: Record<string, View> = {
  'filtered list': { query: 'state=full,stale&area=Geneta' },
  'drawer with the table': {
    query: 'bin=stale',
    go: async (page) => {
      await page.getByRole('button', { name: '7 dygn' }).click();
      await page.getByRole('button', { name: 'Visa som tabell' }).click();
      await page.getByRole('table').waitFor();
    },
  },
  'unknown bin': {
    query: 'bin=unknown',
    go: (page) => drawerOf(page).locator('.level-panel').waitFor(),
  },
};

/** What axe finds wrong, in words that lead there. */
async function findViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

needs('chromium')('for everybody,', () => {
  const here = useTown([
    {
      id: 'tilted',
      name: 'Kvarnen',
      description: 'Vid bron.',
      stream: 'paper',
      area: 'Geneta',
      reports: [
        { fillPercent: 30, agoSeconds: 7200 },
        { fillPercent: 95, tilted: true, batteryPercent: 3, temperatureC: 4 },
      ],
    },
    { id: 'overfull', name: 'Torget', area: 'Geneta', reports: [{ fillPercent: 130 }] },
    { id: 'stale', name: 'Kajen', reports: [{ fillPercent: 40, agoSeconds: 90_000 }] },
    { id: 'ok', name: 'Bryggan', reports: [{ fillPercent: 10 }] },
    { id: 'unknown', name: 'Stationen' },
  ]);

  async function expectNoViolations(page: Page, views: Record<string, View>): Promise<void> {
    for (const [name, { query, go }] of Object.entries(views)) {
      await page.goto(`${here.town.tunna.httpUrl}/?${query}`);
      await page.locator('html[data-ready]').waitFor();
      await go?.(page);
      expect(await findViolations(page), name).toEqual([]);
    }
  }

  describe.each([
    ['desk', DESK],
    ['phone', PHONE],
  ])('axe finds nothing wrong on a %s', (_, looks) => {
    test.each(['light', 'dark'] as const)('in the %s', async (colorScheme) => {
      const page = await here.visit({ ...looks, colorScheme });
      await expectNoViolations(page, VIEWS);
    });
  });

  test('axe finds nothing wrong with what is seen now and then', async () => {
    await expectNoViolations(await here.visit(), RARE_VIEWS);
  });

  test('axe finds nothing wrong with a page without bins or server', async () => {
    const page = await here.visit({ expects: [/status of 500|net::ERR/], isUnready: true });
    await page.route('**/api/v1/bins', (route) => route.fulfill({ status: 500 }));
    await page.reload();
    await eventually(() => textOf(page.locator('.sheet'))).toContain('kunde inte hämtas');
    expect(await findViolations(page)).toEqual([]);
    await page.context().setOffline(true);
    await page.locator('[data-notice=offline]').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test('reduced motion keeps everything, and moves nothing', async () => {
    const page = await here.visit({
      ...PHONE,
      reducedMotion: 'reduce',
      path: `/?${mapQuery({ ...CENTRE, lat: CENTRE.lat + 0.01 }, 16)}`,
    });
    const transition = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('.sheet')).transitionDuration`,
    );
    expect(Number.parseFloat(transition)).toBeLessThan(0.001);
    await page.getByRole('button', { name: 'Zooma ut' }).click();
    expect(await page.locator('.leaflet-zoom-anim').count()).toBe(0);
    await rowOf(page, 'ok').tap();
    await drawerOf(page).getByRole('heading', { name: 'Bryggan' }).waitFor();
    await eventually(async () => {
      const { y } = await pointOf(page, CENTRE);
      return y > 0 && y < ((await drawerOf(page).boundingBox())?.y ?? 0);
    }).toBe(true);
  });

  test('forced colours still tell what is chosen and what is not', async () => {
    const page = await here.visit({ forcedColors: 'active', path: '/?bin=ok&state=ok,full' });
    await drawerOf(page).locator('.chart canvas').waitFor();
    const background = (selector: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector('${selector}')).backgroundColor`,
      );
    for (const [chosen, other] of [
      ['[data-filter-state=ok]', '[data-filter-state=stale]'],
      ['[data-bin-id=ok]', '[data-bin-id=tilted]'],
      ['[data-span="24h"]', '[data-span="7d"]'],
    ] as const) {
      expect(await background(chosen), chosen).not.toBe(await background(other));
    }
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    const outline = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('.row--active')).outlineStyle`,
    );
    expect(outline).toBe('solid');
  });
});
