/** Shift on the screen, in pixels. */
export interface Shift {
  readonly x: number;
  readonly y: number;
}

/** A ten-thousandth of a degree is some metres: bins of one recycling station, which no zoom would part. */
const CELLS_PER_DEGREE = 20_000;
/** Room a bin with its label needs, in pixels. */
const STEP_PX = 44;

/**
 * Shifts for bins that stand on the same spot: side by side in a row, centred on it.
 * Bins with a spot of their own have no entry.
 */
export function fanOut(lats: Float64Array, lngs: Float64Array): Map<number, Shift> {
  const spots = new Map<string, number[]>();
  lats.forEach((lat, index) => {
    const lng = lngs[index] ?? 0;
    const spot = `${Math.round(lat * CELLS_PER_DEGREE)}/${Math.round(lng * CELLS_PER_DEGREE)}`;
    const members = spots.get(spot);
    if (members) members.push(index);
    else spots.set(spot, [index]);
  });
  const shifts = new Map<number, Shift>();
  for (const members of spots.values()) {
    if (members.length < 2) continue;
    const columns = Math.ceil(Math.sqrt(members.length));
    const rows = Math.ceil(members.length / columns);
    members.forEach((index, place) => {
      const row = Math.floor(place / columns);
      const inRow = row === rows - 1 ? members.length - row * columns : columns;
      const x = ((place % columns) - (inRow - 1) / 2) * STEP_PX;
      shifts.set(index, { x, y: (row - (rows - 1) / 2) * STEP_PX });
    });
  }
  return shifts;
}
