import { ExportError } from './export-error.ts';
import type { Entry, Position, RunSheet, SheetRoute } from './run-sheet.ts';

export interface PlacedEntry extends Entry {
  readonly position: Position;
}

/** Entries whose place is known. Breaks have none: they are taken wherever the vehicle stands. */
export function placedEntries({ entries }: SheetRoute): readonly PlacedEntry[] {
  return entries.flatMap((entry) => {
    const { position } = entry;
    return position === null ? [] : [{ ...entry, position }];
  });
}

/** The way as it is drawn: on the roads where somebody has drawn it, straight from place to place otherwise. */
export function lineOf(route: SheetRoute): readonly Position[] {
  if (route.line !== null && route.line.length > 1) return route.line;
  return placedEntries(route).map(({ position }) => position);
}

export function isDrawn({ line }: SheetRoute): boolean {
  return line !== null && line.length > 1;
}

/** How many places of the routes have no position, breaks apart. */
export function countUnplaced({ routes }: RunSheet): number {
  const places = routes.flatMap(({ entries }) => entries.filter(({ kind }) => kind !== 'break'));
  return places.filter(({ position }) => position === null).length;
}

/** @throws ExportError when no place of the plan has a position. */
export function assertPlaced({ routes }: RunSheet): void {
  if (routes.length > 0 && routes.every((route) => lineOf(route).length === 0)) {
    throw new ExportError('the plan has no positions, and this format is made of them');
  }
}

/** Degrees with 7 decimals, a centimetre. Never with an exponent, which XML's decimals do not know. */
export function degrees(value: number): string {
  return value.toFixed(7);
}
