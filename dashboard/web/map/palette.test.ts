import { expect, test } from 'vitest';
import { bandColour } from './palette.ts';
import { TOKEN_PALETTE } from './testing/token-palette.ts';

test('each fill band has the colour of its own token', () => {
  expect(([1, 2, 3, 4, 5] as const).map((band) => bandColour(TOKEN_PALETTE, band))).toEqual([
    '--band-1',
    '--band-2',
    '--band-3',
    '--band-4',
    '--band-5',
  ]);
});
