import { readFileSync } from 'node:fs';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const TOKEN = /^\s*--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\);$/gim;

/** The colours of `tokens.css` as they are under a theme, by name without dashes in front. */
export function readTokens(theme: Theme): ReadonlyMap<string, string> {
  const css = readFileSync(new URL('../tokens.css', import.meta.url), 'utf8');
  return new Map(
    [...css.matchAll(TOKEN)].map(([, name = '', light = '', dark = '']) => [
      name,
      theme === 'light' ? light : dark,
    ]),
  );
}
