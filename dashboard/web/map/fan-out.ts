/** Shift on the screen, in pixels. */
export interface Shift {
  readonly x: number;
  readonly y: number;
}

/** Room a bin with its label needs, in pixels. */
const STEP_PX = 44;
/** Width of the world at the closest zoom the map has (20), in pixels. */
const WORLD_PX = 256 * 2 ** 20;
/** More cells than the world is high, so that two numbers of a cell make one key. */
const CELL_ROWS = 2 ** 24;

/** Bins of one cell as wide as a bin, with the box around them, in pixels at the closest zoom. */
interface Cell {
  readonly members: number[];
  west: number;
  east: number;
  north: number;
  south: number;
  /** Another cell of the same group; the one that has none holds the group together. */
  joined: Cell | undefined;
}

/**
 * Shifts for bins so close that no zoom parts them, as at a recycling station: in rows, each shifted from its own spot.
 * Those further north or west stay so, which keeps any two of them {@link STEP_PX} apart at every zoom.
 * Bins with room of their own have no entry.
 */
export function fanOut(lats: Float64Array, lngs: Float64Array): Map<number, Shift> {
  const xs = lngs.map((lng) => (lng / 360 + 0.5) * WORLD_PX);
  const ys = lats.map((lat) => {
    // Web Mercator, EPSG 3857, from the north down.
    const mercator = Math.asinh(Math.tan((lat * Math.PI) / 180));
    return (0.5 - mercator / (2 * Math.PI)) * WORLD_PX;
  });
  const shifts = new Map<number, Shift>();
  for (const members of groupNear(xs, ys)) placeInRows(members, xs, ys, shifts);
  return shifts;
}

/** Groups of bins that touch, each through others at least. */
function groupNear(xs: Float64Array, ys: Float64Array): number[][] {
  const cells = fillCells(xs, ys);
  // Half of the neighbours; the other half look here from their side.
  const neighbours = [1, CELL_ROWS - 1, CELL_ROWS, CELL_ROWS + 1];
  for (const [key, cell] of cells) {
    for (const step of neighbours) {
      const other = cells.get(key + step);
      if (!other || !touches(cell, other)) continue;
      const [head, otherHead] = [headOf(cell), headOf(other)];
      if (head !== otherHead) otherHead.joined = head;
    }
  }
  for (const cell of cells.values()) {
    if (!cell.joined) continue;
    const { members } = headOf(cell);
    for (const index of cell.members) members.push(index);
  }
  const groups: number[][] = [];
  for (const { joined, members } of cells.values()) {
    if (!joined && members.length > 1) groups.push(members);
  }
  return groups;
}

function fillCells(xs: Float64Array, ys: Float64Array): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  xs.forEach((x, index) => {
    const y = ys[index] ?? 0;
    const key = Math.floor(x / STEP_PX) * CELL_ROWS + Math.floor(y / STEP_PX);
    const cell = cells.get(key);
    if (!cell) {
      const box = { west: x, east: x, north: y, south: y };
      cells.set(key, { members: [index], ...box, joined: undefined });
      return;
    }
    cell.members.push(index);
    cell.west = Math.min(cell.west, x);
    cell.east = Math.max(cell.east, x);
    cell.north = Math.min(cell.north, y);
    cell.south = Math.max(cell.south, y);
  });
  return cells;
}

function headOf(cell: Cell): Cell {
  let head = cell;
  while (head.joined) head = head.joined;
  // The next look is shorter.
  if (head !== cell) cell.joined = head;
  return head;
}

function touches(a: Cell, b: Cell): boolean {
  return (
    a.west < b.east + STEP_PX &&
    b.west < a.east + STEP_PX &&
    a.north < b.south + STEP_PX &&
    b.north < a.south + STEP_PX
  );
}

function placeInRows(
  members: number[],
  xs: Float64Array,
  ys: Float64Array,
  shifts: Map<number, Shift>,
): void {
  const by = (values: Float64Array) => (a: number, b: number) =>
    (values[a] ?? 0) - (values[b] ?? 0) || a - b;
  const columns = Math.ceil(Math.sqrt(members.length));
  const rows = Math.ceil(members.length / columns);
  const southward = members.toSorted(by(ys));
  for (let row = 0; row < rows; row += 1) {
    const eastward = southward.slice(row * columns, (row + 1) * columns).sort(by(xs));
    eastward.forEach((index, place) => {
      const x = (place - (eastward.length - 1) / 2) * STEP_PX;
      shifts.set(index, { x, y: (row - (rows - 1) / 2) * STEP_PX });
    });
  }
}
