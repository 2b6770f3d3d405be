import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAP_TOKENS } from '../map/palette.ts';
import { SIGHTS, contrastOf, labOf, parseHex, seenBy } from './testing/colour.ts';
import type { Rgb } from './testing/colour.ts';
import { differenceOf } from './testing/colour-difference.ts';
import { THEMES, readTokens } from './testing/read-tokens.ts';
import type { Theme } from './testing/read-tokens.ts';

const BANDS = [1, 2, 3, 4, 5] as const;

function colourOf(theme: Theme, name: string): Rgb {
  const hex = readTokens(theme).get(name);
  if (hex === undefined) throw new Error(`tokens.css has no colour --${name}`);
  return parseHex(hex);
}

function bandsOf(theme: Theme): Rgb[] {
  return BANDS.map((band) => colourOf(theme, `band-${band}`));
}

/** The least difference between any two fill bands. */
function leastDifference(colours: readonly Rgb[]): number {
  const labs = colours.map(labOf);
  const differences = labs.flatMap((one, index) =>
    labs.slice(index + 1).map((other) => differenceOf(one, other)),
  );
  return Math.min(...differences);
}

/** Texts of the page and what they stand on. */
const TEXTS = [
  ['text', ['surface', 'surface-sunken', 'surface-hover', 'accent-soft', 'unknown']],
  ['text-muted', ['surface', 'surface-sunken', 'surface-hover', 'accent-soft']],
  ['accent', ['surface', 'surface-sunken', 'surface-hover', 'accent-soft']],
  ['on-accent', ['accent']],
  ['danger', ['surface', 'surface-hover', 'danger-soft']],
  ['notice', ['surface', 'surface-hover', 'notice-soft']],
  ['on-alert', ['alert']],
  ['ground-label', ['ground', 'ground-town']],
  ['ground-edge', ['ground', 'ground-town']],
] as const;

/** Signs and edges that carry meaning, and what they must be told from. */
const SIGNS = [
  ['line-strong', ['surface', 'surface-sunken']],
  ['stale-hatch', ['stale']],
  ['marker-outline', ['marker-halo']],
] as const;

describe.each(THEMES)('the colours of the %s theme', (theme) => {
  test('make every text readable: contrast 4.5 at least', () => {
    for (const [text, grounds] of TEXTS) {
      for (const ground of grounds) {
        const contrast = contrastOf(colourOf(theme, text), colourOf(theme, ground));
        expect(contrast, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test('make signs and edges visible: contrast 3 at least', () => {
    for (const [sign, grounds] of SIGNS) {
      for (const ground of grounds) {
        const contrast = contrastOf(colourOf(theme, sign), colourOf(theme, ground));
        expect(contrast, `${sign} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });

  test('part a bin from any tile, by its dark outline or its light halo', () => {
    const edges = [colourOf(theme, 'marker-outline'), colourOf(theme, 'marker-halo')];
    for (let grey = 0; grey <= 255; grey += 1) {
      const tile: Rgb = [grey / 255, grey / 255, grey / 255];
      const best = Math.max(...edges.map((edge) => contrastOf(edge, tile)));
      expect(best, `on the grey ${grey}`).toBeGreaterThanOrEqual(3);
    }
  });

  test('tell any two fill bands apart at a glance, for every kind of sight and in grey print', () => {
    for (const sight of SIGHTS) {
      const seen = bandsOf(theme).map((colour) => seenBy(sight, colour));
      expect(leastDifference(seen), sight).toBeGreaterThan(8.5);
    }
  });

  test('let lightness alone say how full a bin is', () => {
    const lightness = bandsOf(theme).map((colour) => labOf(colour)[0]);
    // More ink on white, more glow on black.
    const rising = theme === 'light' ? lightness.toReversed() : lightness;
    for (const [index, value] of rising.entries()) {
      if (index > 0) expect(value - (rising[index - 1] ?? 0)).toBeGreaterThan(8);
    }
  });

  test('have every one that the map draws with', () => {
    for (const token of Object.values(MAP_TOKENS)) {
      expect(() => colourOf(theme, token.slice(2))).not.toThrow();
    }
  });
});

test('the measure of bands would notice the usual green to red', () => {
  const usual = ['#2e7d32', '#8bc34a', '#fdd835', '#fb8c00', '#d32f2f'].map(parseHex);
  const seen = usual.map((colour) => seenBy('grey', colour));
  expect(leastDifference(seen)).toBeLessThan(2);
});

test('style sheets name colours by token only, and only tokens that exist and all of them', () => {
  const sheets = globSync('*.css', { cwd: import.meta.dirname }).map((file) => ({
    file,
    css: readFileSync(path.join(import.meta.dirname, file), 'utf8'),
  }));
  const used = new Set<string>(Object.values(MAP_TOKENS));
  const defined = new Set<string>();
  const literals: string[] = [];
  for (const { file, css } of sheets) {
    for (const [, name = ''] of css.matchAll(/var\((--[\w-]+)/g)) used.add(name);
    for (const [, name = ''] of css.matchAll(/^\s*(--[\w-]+):/gm)) defined.add(name);
    const colours = css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi) ?? [];
    if (file !== 'tokens.css') literals.push(...colours.map((colour) => `${file}: ${colour}`));
  }
  expect(literals).toEqual([]);
  expect(defined.size).toBeGreaterThan(30);
  expect([...used].filter((name) => !defined.has(name))).toEqual([]);
  expect([...defined].filter((name) => !used.has(name))).toEqual([]);
});
