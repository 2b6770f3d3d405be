import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scrollToRow, windowOf } from './virtual-window.ts';

const count = fc.integer({ min: 0, max: 100_000 });
const rowHeight = fc.integer({ min: 1, max: 200 });
const height = fc.integer({ min: 0, max: 3000 });
const scrollTop = fc.integer({ min: -5000, max: 10_000_000 });

describe('the window of drawn rows', () => {
  test('covers every row that can be seen and some beyond, and lies within the list', () => {
    fc.assert(
      fc.property(count, rowHeight, scrollTop, height, (rows, px, top, view) => {
        const { first, end } = windowOf(rows, px, top, view);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(first);
        expect(end).toBeLessThanOrEqual(rows);
        // Where the browser will have put the scroll position.
        const settled = Math.max(0, Math.min(top, rows * px - view));
        const firstSeen = Math.floor(settled / px);
        const lastSeen = Math.min(rows, Math.ceil((settled + view) / px));
        if (lastSeen > firstSeen) {
          // Six rows more on both sides, where there are as many.
          expect(first).toBeLessThanOrEqual(Math.max(0, firstSeen - 6));
          expect(end).toBeGreaterThanOrEqual(Math.min(rows, lastSeen + 6));
        }
      }),
    );
  });

  test('does not grow with the list', () => {
    fc.assert(
      fc.property(count, rowHeight, scrollTop, height, (rows, px, top, view) => {
        const { first, end } = windowOf(rows, px, top, view);
        expect(end - first).toBeLessThanOrEqual(view / px + 14);
      }),
    );
  });

  test('shows the last rows of a list that became shorter while it was scrolled down', () => {
    expect(windowOf(5, 80, 50_000, 800)).toEqual({ first: 0, end: 5 });
    expect(windowOf(100, 80, 50_000, 800)).toEqual({ first: 84, end: 100 });
  });

  test('shows the first rows while a finger pulls past the start', () => {
    expect(windowOf(100, 80, -3000, 800)).toEqual(windowOf(100, 80, 0, 800));
  });
});

describe('scrolling to a row', () => {
  test('does not move when the row is in view already', () => {
    expect(scrollToRow(5, 80, 400, 800)).toBe(400);
    expect(scrollToRow(14, 80, 400, 800)).toBe(400);
  });

  test('moves up to a row above, and down until a row below is whole', () => {
    expect(scrollToRow(4, 80, 400, 800)).toBe(320);
    expect(scrollToRow(15, 80, 400, 800)).toBe(480);
  });

  test('brings any row into view, and a second time changes nothing', () => {
    const index = fc.integer({ min: 0, max: 10_000 });
    const tall = fc.integer({ min: 200, max: 3000 });
    const from = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(index, rowHeight, from, tall, (row, px, top, view) => {
        const after = scrollToRow(row, px, top, view);
        expect(after).toBeLessThanOrEqual(row * px);
        expect(after + view).toBeGreaterThanOrEqual((row + 1) * px);
        expect(scrollToRow(row, px, after, view)).toBe(after);
      }),
    );
  });
});
