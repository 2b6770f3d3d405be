import type { Position, StreetPart, TravelLeg } from '../travel-source.ts';
import { metresOf, partOfCost, secondsOf } from './cost.ts';
import type { Network } from './network/network.ts';
import type { Snap } from './snap.ts';

export interface Way {
  readonly from: Snap;
  readonly to: Snap;
  readonly cost: number;
  /** All directed streets in order; begun and ended in their middle. */
  readonly directed: readonly number[];
}

/** The line of a way, and the streets that it follows. */
export function drawLeg(network: Network, names: readonly string[], way: Way): TravelLeg {
  const line: Position[] = [];
  const streets: StreetPart[] = [];
  way.directed.forEach((directed, index) => {
    const isFirst = index === 0;
    const isLast = index === way.directed.length - 1;
    const start = isFirst ? along(way.from, directed) : 0;
    const end = isLast ? along(way.to, directed) : 1;
    if (isFirst) append(line, way.from.position);
    for (const position of pointsBetween(network, directed, start, end)) append(line, position);
    if (isLast) append(line, way.to.position);
    const cost = network.costs[directed];
    const metres = metresOf(partOfCost(cost, end)) - metresOf(partOfCost(cost, start));
    addStreet(streets, names[network.names[directed >> 1]] ?? '', metres);
  });
  return {
    metres: Math.round(metresOf(way.cost)),
    seconds: Math.round(secondsOf(way.cost)),
    line,
    streets: streets.map(({ street, metres }) => ({ street, metres: Math.round(metres) })),
  };
}

/** Share of the directed street before a place. */
function along({ fraction }: Snap, directed: number): number {
  return directed % 2 === 0 ? fraction : 1 - fraction;
}

/** A street that goes on is told once; bits too short to see are not told. */
function addStreet(streets: StreetPart[], street: string, metres: number): void {
  const last = streets.at(-1);
  if (last !== undefined && last.street === street) {
    streets[streets.length - 1] = { street, metres: last.metres + metres };
  } else if (metres > 0) streets.push({ street, metres });
}

function append(line: Position[], position: Position): void {
  const last = line.at(-1);
  if (last?.lat !== position.lat || last.lng !== position.lng) line.push(position);
}

/** Points of a directed street that lie between two shares of its length. */
function pointsBetween(
  { lineOffsets, lines }: Network,
  directed: number,
  start: number,
  end: number,
): Position[] {
  const street = directed >> 1;
  const [first, last] = [lineOffsets[street], lineOffsets[street + 1] - 1];
  const points: Position[] = [];
  for (let point = first; point <= last; point += 1) {
    points.push({ lat: lines[2 * point] / 1e7, lng: lines[2 * point + 1] / 1e7 });
  }
  if (directed % 2 === 1) points.reverse();
  const reached = cumulate(points);
  const whole = reached.at(-1) ?? 0;
  return points.filter(
    (_, index) => reached[index] >= start * whole && reached[index] <= end * whole,
  );
}

/** Lengths up to each point, in degrees of latitude: the same measure that fractions are made of. */
function cumulate(points: readonly Position[]): number[] {
  let sum = 0;
  return points.map((point, index) => {
    const before = points[index - 1];
    if (before !== undefined) {
      const perLng = Math.cos((before.lat * Math.PI) / 180);
      sum += Math.hypot(point.lat - before.lat, (point.lng - before.lng) * perLng);
    }
    return sum;
  });
}
