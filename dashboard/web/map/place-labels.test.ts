import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeLabels } from './place-labels.ts';
import type { Box } from './place-labels.ts';

const box = fc.record({
  x: fc.integer({ min: 0, max: 400 }),
  y: fc.integer({ min: 0, max: 400 }),
  halfWidth: fc.integer({ min: 1, max: 60 }),
  halfHeight: fc.integer({ min: 1, max: 12 }),
});

function overlap(a: Box, b: Box): boolean {
  const isApart =
    a.x + a.halfWidth <= b.x - b.halfWidth ||
    b.x + b.halfWidth <= a.x - a.halfWidth ||
    a.y + a.halfHeight <= b.y - b.halfHeight ||
    b.y + b.halfHeight <= a.y - a.halfHeight;
  return !isApart;
}

const LABEL: Box = { x: 100, y: 100, halfWidth: 40, halfHeight: 8 };

describe('labels', () => {
  test('stay where they belong when there is room', () => {
    expect(placeLabels([LABEL], [])).toEqual([LABEL]);
  });

  test('step aside for what is in their place, by as little as will do', () => {
    const [placed] = placeLabels([LABEL], [{ x: 100, y: 100, halfWidth: 10, halfHeight: 10 }]);
    expect(placed).toEqual({ ...LABEL, y: 64 });
  });

  test('are left out when everything around is taken', () => {
    const wall = { x: 100, y: 100, halfWidth: 300, halfHeight: 300 };
    expect(placeLabels([LABEL], [wall])).toEqual([undefined]);
  });

  test('give the more important one the better place', () => {
    const [first, second] = placeLabels([LABEL, LABEL], []);
    expect(first).toEqual(LABEL);
    expect(second?.y).not.toBe(LABEL.y);
  });

  test('never cover a bin or one another, and only move up or down', () => {
    const boxes = fc.array(box, { maxLength: 12 });
    fc.assert(
      fc.property(boxes, boxes, (labels, obstacles) => {
        const placed = placeLabels(labels, obstacles);
        expect(placed).toHaveLength(labels.length);
        placed.forEach((one, index) => {
          if (!one) return;
          expect({ ...one, y: 0 }).toEqual({ ...labels[index], y: 0 });
          const others = [...obstacles, ...placed.slice(index + 1).filter((other) => other)];
          for (const other of others) if (other) expect(overlap(one, other)).toBe(false);
        });
      }),
    );
  });
});
