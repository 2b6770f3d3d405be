import type { RunSheet } from './run-sheet.ts';

/** VROOM names everything by whole numbers. */
export interface VroomIds {
  readonly vehicle: (id: string) => number;
  readonly stop: (id: string) => number;
  /** Numbers that no stop has. */
  readonly disposal: (id: string) => number;
  readonly break: (id: string) => number;
}

/** Numbers for the names of a plan: the names themselves where all of a kind are whole numbers, 1, 2, 3 ... otherwise. */
export function numberIds({ routes, leftOut }: RunSheet): VroomIds {
  const entries = routes.flatMap((route) => route.entries);
  const idsOf = (kind: string): string[] =>
    entries.filter((entry) => entry.kind === kind).map(({ id }) => id);
  const stops = numbers([...idsOf('stop'), ...leftOut.map(({ id }) => id)]);
  const highest = Math.max(0, ...stops.values());
  const disposals = [...new Set(idsOf('disposal'))];
  return {
    vehicle: lookUp(numbers(routes.map(({ vehicleId }) => vehicleId))),
    stop: lookUp(stops),
    disposal: lookUp(new Map(disposals.map((id, index) => [id, highest + 1 + index]))),
    break: lookUp(numbers(idsOf('break'))),
  };
}

function numbers(ids: readonly string[]): Map<string, number> {
  const different = [...new Set(ids)];
  const whole = different.every((id) => /^(0|[1-9]\d{0,14})$/.test(id));
  return new Map(different.map((id, index) => [id, whole ? Number(id) : index + 1]));
}

function lookUp(known: ReadonlyMap<string, number>): (id: string) => number {
  return (id) => {
    const number = known.get(id);
    if (number === undefined) throw new Error(`${id} is not in the plan`);
    return number;
  };
}
