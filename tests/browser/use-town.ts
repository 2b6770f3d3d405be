import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { buildPageIfStale } from '../page-build.ts';
import { launchBrowser } from '../servers/browser.ts';
import { openTown } from './test-town.ts';
import type { TestTown, TownBin } from './test-town.ts';

/** The layouts the page is made for. */
export const DESK = { viewport: { width: 1440, height: 900 } } as const;
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } as const;

/** How somebody looks at the page. */
export interface VisitOptions extends BrowserContextOptions {
  /** Path and query to open; the start page unless given. */
  readonly path?: string;
  /** Complaints of the browser that belong to the test. */
  readonly expects?: readonly RegExp[];
  /** Origins besides Tunna's own that the page may load from; none unless given. */
  readonly origins?: readonly string[];
  /** The test moves the browser's clock on. */
  readonly hasClock?: boolean;
  /** Resolve at once, without waiting for bins to be drawn. */
  readonly isUnready?: boolean;
}

/** A town and a browser for all tests of a group. */
export interface UsedTown {
  /** @throws outside of tests */
  readonly town: TestTown;
  /**
   * Opens the page at a desk, in Swedish, without a memory of other visits. When the test is over it fails if the browser
   * has complained: of errors in scripts, of a broken content security policy, of what could not be loaded.
   */
  visit(options?: VisitOptions): Promise<Page>;
}

/**
 * Starts a town before the tests of a group and stops it after them.
 * @param prepare starts what Tunna needs, and returns the settings for it
 */
export function useTown(
  bins: readonly TownBin[],
  prepare: () => Promise<Record<string, string>> = () => Promise.resolve({}),
): UsedTown {
  let opened: { readonly town: TestTown; readonly browser: Browser } | undefined;
  const used = (): NonNullable<typeof opened> => {
    if (!opened) throw new Error('the town is there for tests only');
    return opened;
  };
  beforeAll(async () => {
    if (!buildPageIfStale()) throw new Error('the page could not be built');
    const env = await prepare();
    const browser = await launchBrowser();
    const town = await openTown(bins, env).catch(async (error: unknown) => {
      await browser.close();
      throw error;
    });
    opened = { town, browser };
  });
  afterAll(async () => {
    await opened?.browser.close();
    await opened?.town[Symbol.asyncDispose]();
  });
  return {
    get town() {
      return used().town;
    },
    visit: (options = {}) => openPage(used().browser, used().town.tunna.httpUrl, options),
  };
}

async function openPage(browser: Browser, origin: string, options: VisitOptions): Promise<Page> {
  const { path = '/', expects = [], origins = [], hasClock, isUnready, ...looks } = options;
  const context = await browser.newContext({ ...DESK, locale: 'sv-SE', ...looks });
  const page = await context.newPage();
  const complaints = collectComplaints(page, [origin, ...origins]);
  onTestFinished(async () => {
    await context.close();
    const unexpected = complaints.filter((text) => !expects.some((known) => known.test(text)));
    expect(unexpected, 'complaints of the browser').toEqual([]);
  });
  if (hasClock) await page.clock.install();
  await page.goto(`${origin}${path}`);
  if (!isUnready) await page.locator('html[data-ready]').waitFor();
  return page;
}

function collectComplaints(page: Page, origins: readonly string[]): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    if (isComplaint) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const isOurs = origins.some((origin) => request.url().startsWith(`${origin}/`));
    if (!isOurs) complaints.push(`request to a stranger: ${request.url()}`);
  });
  return complaints;
}
