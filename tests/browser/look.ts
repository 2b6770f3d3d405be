import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How long the page may take to show what it has been told: events are gathered for a second, and machines are slow. */
const PATIENCE_MS = 15_000;

/** An expectation of something that comes about: asked again until it holds. */
export function eventually<Value>(
  look: () => Promise<Value>,
): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(look, { timeout: PATIENCE_MS, interval: 50 });
}

/** The text of an element as it is read: hard spaces and line ends are spaces. */
export async function textOf(place: Locator): Promise<string> {
  return (await place.innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** A bin's row in the list. */
export function rowOf(page: Page, binId: string): Locator {
  return page.locator(`[role=option][data-bin-id="${binId}"]`);
}

/** Ids of the bins in the list, from the top. */
export async function listedIds(page: Page): Promise<(string | null)[]> {
  const rows = await page.getByRole('option').and(page.locator('[data-bin-id]')).all();
  return await Promise.all(rows.map((row) => row.getAttribute('data-bin-id')));
}

/** What opens when a bin is chosen. */
export function drawerOf(page: Page): Locator {
  return page.locator('[data-sheet=drawer]');
}

/** The focused element, in a few words: its id or tag, and its name. */
export async function focusOf(page: Page): Promise<string> {
  return await page.evaluate<string>(`(() => {
    const { id, localName, ariaLabel, textContent } = document.activeElement;
    return [id ? '#' + id : localName, ariaLabel ?? textContent.trim().slice(0, 40)].join(' ');
  })()`);
}

/** By how many pixels the page or an element is wider than what shows of it. */
export async function overflowOf(place: Locator): Promise<number> {
  return await place.evaluate((element) => element.scrollWidth - element.clientWidth);
}
