import { MAP_TOKENS } from '../palette.ts';
import type { Palette } from '../palette.ts';

/** A palette in which every colour is the name of its token, to tell what was drawn with which. */
// Safe: one entry for each name of MAP_TOKENS, and the font.
export const TOKEN_PALETTE = { ...MAP_TOKENS, font: 'sans-serif' } as Palette;
