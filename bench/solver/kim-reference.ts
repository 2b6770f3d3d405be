/**
 * Kim's instances as PyVRP 0.13.4 solves them when lunch and the amount of a day are left aside (landfills as reload depots,
 * one core, 20 to 60 s): miles of a relaxation, and the vehicles of Kim, Kim & Sahoo 2006 (doi:10.1016/j.cor.2005.02.045) or
 * PyVRP's, whichever are more.
 */
export const KIM_REFERENCE: ReadonlyMap<
  string,
  { readonly miles: number; readonly vehicles: number }
> = new Map([
  ['102_stop.txt', { miles: 149.9, vehicles: 3 }],
  ['277_stop.txt', { miles: 446, vehicles: 3 }],
  ['335_stop.txt', { miles: 176.2, vehicles: 6 }],
  ['444_stop.txt', { miles: 78.8, vehicles: 11 }],
  ['804_stop.txt', { miles: 583.9, vehicles: 6 }],
  ['1051_stop.txt', { miles: 1942.5, vehicles: 18 }],
  ['1351_stop.txt', { miles: 838.4, vehicles: 8 }],
  ['1599_stop.txt', { miles: 1130.3, vehicles: 14 }],
  ['1932_stop.txt', { miles: 1041.8, vehicles: 17 }],
  ['2100_stop.txt', { miles: 1630.6, vehicles: 16 }],
]);

export const FEET_PER_MILE = 5280;
