import type { Problem, Stop, Vehicle } from '../problem/problem.ts';

/** One vehicle of each kind: those that differ by their name only need to be tried once. */
export function vehicleKinds({ vehicles, disposalSites }: Problem): Vehicle[] {
  const kinds = new Map<string, Vehicle>();
  for (const vehicle of vehicles) {
    const { id, ...rest } = vehicle;
    const sites = disposalSites.map(({ vehicleIds }) => vehicleIds?.includes(id) ?? true);
    const key = JSON.stringify([rest, sites]);
    if (!kinds.has(key)) kinds.set(key, vehicle);
  }
  return [...kinds.values()];
}

/** Vehicles worth trying for a stop: of each kind one, and the one it is locked to. */
export function vehiclesFor(
  problem: Problem,
  kinds: readonly Vehicle[],
  stop: Stop,
): readonly Vehicle[] {
  const locked = problem.vehicles.find(({ id, firstStops }) =>
    stop.vehicleId === undefined ? firstStops?.includes(stop.id) : id === stop.vehicleId,
  );
  return locked === undefined ? kinds : [locked];
}
