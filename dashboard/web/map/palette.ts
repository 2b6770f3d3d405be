import type { Band } from '../bins/state-style.ts';

/** The tokens of `styles/tokens.css` that the map draws with. */
export const MAP_TOKENS = {
  ground: '--ground',
  groundTown: '--ground-town',
  groundLine: '--ground-line',
  groundLabel: '--ground-label',
  groundEdge: '--ground-edge',
  surface: '--surface',
  text: '--text',
  textMuted: '--text-muted',
  accent: '--accent',
  stale: '--stale',
  staleHatch: '--stale-hatch',
  unknown: '--unknown',
  outline: '--marker-outline',
  halo: '--marker-halo',
  empty: '--marker-empty',
  alert: '--alert',
  onAlert: '--on-alert',
  lineStrong: '--line-strong',
  band1: '--band-1',
  band2: '--band-2',
  band3: '--band-3',
  band4: '--band-4',
  band5: '--band-5',
} as const;

/** Colours as a canvas understands them, and the page's font. */
export type Palette = Readonly<Record<keyof typeof MAP_TOKENS | 'font', string>>;

/** Reads the tokens as they are under the theme in force. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const style = getComputedStyle(probe);
  const read = (token: string) => {
    // A token may be light-dark(...); only a real property resolves it to one colour.
    probe.style.color = `var(${token})`;
    return style.color;
  };
  const colours = Object.entries(MAP_TOKENS).map(([name, token]) => [name, read(token)]);
  const font = style.fontFamily;
  probe.remove();
  // Safe: one entry for each name of MAP_TOKENS.
  return { ...Object.fromEntries(colours), font } as Palette;
}

/** Colour of a fill band. */
export function bandColour(palette: Palette, band: Band): string {
  return palette[`band${band}`];
}
