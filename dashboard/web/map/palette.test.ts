import { expect, test } from 'vitest';
import { MAP_TOKENS, bandColour } from './palette.ts';
import type { Palette } from './palette.ts';

/** A palette in which every colour is the name of its token. */
// Safe: one entry for each name of MAP_TOKENS, and the font.
const PALETTE = { ...MAP_TOKENS, font: 'sans-serif' } as Palette;

test('each fill band has the colour of its own token', () => {
  expect(([1, 2, 3, 4, 5] as const).map((band) => bandColour(PALETTE, band))).toEqual([
    '--band-1',
    '--band-2',
    '--band-3',
    '--band-4',
    '--band-5',
  ]);
});
