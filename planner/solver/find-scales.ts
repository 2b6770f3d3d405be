import { NO_WAY } from '../problem/matrix.ts';
import type { Problem } from '../problem/problem.ts';

/** How fine costs and amounts are kept: so many whole numbers to one unit. */
export interface Scales {
  readonly costScale: number;
  readonly amountScale: number;
}

/** Dearest way that is still far from "no way". */
const DEAREST_WAY = 1 << 24;
const FINEST = 10_000;

/** Costs and amounts are kept as whole numbers, so that no sum depends on its order: finer where they have fractions. */
export function findScales(problem: Problem): Scales {
  return { costScale: findCostScale(problem), amountScale: findAmountScale(problem) };
}

function findCostScale(problem: Problem): number {
  const { vehicles, stops } = problem;
  const rates = vehicles.flatMap(({ costs }) => [costs.perKm / 1000, costs.perDrivingHour / 3600]);
  const fixed = vehicles.map(({ costs }) => costs.fixed);
  const prizes = stops.map(({ prize }) => prize ?? 0);
  if ([...rates, ...fixed, ...prizes].every(Number.isInteger)) return 1;
  const dearest = findDearestWay(problem);
  let scale = 1;
  while (scale < FINEST && dearest * scale * 10 <= DEAREST_WAY) scale *= 10;
  return scale;
}

/** An upper bound of what one way costs any vehicle. */
function findDearestWay({ matrices, vehicles }: Problem): number {
  let dearest = 0;
  for (const [profile, { seconds, metres }] of matrices) {
    const [longest, farthest] = [greatest(seconds), greatest(metres)];
    for (const { profile: own, costs, speedFactor = 1 } of vehicles) {
      if (own !== profile) continue;
      const time = (longest / speedFactor) * (costs.perDrivingHour / 3600);
      dearest = Math.max(dearest, time + farthest * (costs.perKm / 1000));
    }
  }
  return dearest;
}

function greatest(values: Int32Array): number {
  let most = 0;
  for (const value of values) if (value > most && value < NO_WAY) most = value;
  return most;
}

function findAmountScale({ stops, vehicles }: Problem): number {
  const isWhole = (value: number): boolean => Number.isInteger(value) || value === Infinity;
  const whole =
    stops.every(({ amounts: { litres, kg } }) => isWhole(litres) && isWhole(kg)) &&
    vehicles.every(({ compartments }) =>
      compartments.every(({ litres, kg }) => isWhole(litres) && isWhole(kg)),
    );
  return whole ? 1 : 100;
}
