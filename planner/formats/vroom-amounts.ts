import type { Amounts, Compartment } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import type { VroomFile, VroomJob, VroomVehicle } from './vroom-shape.ts';

/** What jobs weigh and vehicles carry. */
export interface VroomAmounts {
  readonly compartments: (vehicle: VroomVehicle) => Compartment[];
  readonly load: (job: VroomJob) => { readonly stream: string; readonly amounts: Amounts };
}

/**
 * Finds what the dimensions of VROOM's amounts can stand for. One is litres. When each job has something in one of several, they are
 * streams with a compartment each. Two that jobs have something of at once are litres and kilograms.
 * @throws FormatError that names the place, for all else.
 */
export function readAmounts(file: VroomFile): VroomAmounts {
  const dimensions = Math.max(
    0,
    ...file.vehicles.map(({ capacity = [] }) => capacity.length),
    ...file.jobs.map((job) => amountOf(job).length),
  );
  assertDimensions(file, dimensions);
  const mixed = file.jobs.findIndex((job) => positive(job).length > 1);
  if (dimensions <= 1 || (mixed !== -1 && dimensions === 2)) return litresAndKilograms(dimensions);
  if (mixed !== -1) {
    throw new FormatError(
      `jobs.${mixed}: amounts in more than two dimensions at once are not known here`,
    );
  }
  return streams(dimensions);
}

function litresAndKilograms(dimensions: number): VroomAmounts {
  const room = (limits: readonly number[], index: number): number =>
    index < dimensions ? (limits[index] ?? 0) : Infinity;
  return {
    compartments: ({ capacity = [] }) => [
      { streams: null, litres: room(capacity, 0), kg: room(capacity, 1) },
    ],
    load: (job) => {
      const [litres = 0, kg = 0] = amountOf(job);
      return { stream: 'any', amounts: { litres, kg } };
    },
  };
}

function streams(dimensions: number): VroomAmounts {
  const names = Array.from({ length: dimensions }, (_, index) => `dimension ${index}`);
  return {
    compartments: ({ capacity = [] }) =>
      names.map((name, index) => ({ streams: [name], litres: capacity[index] ?? 0, kg: Infinity })),
    load: (job) => {
      const index = positive(job)[0] ?? 0;
      const litres = amountOf(job)[index] ?? 0;
      return { stream: names[index] ?? 'any', amounts: { litres, kg: 0 } };
    },
  };
}

function amountOf({ pickup, delivery }: VroomJob): readonly number[] {
  return pickup ?? delivery ?? [];
}

/** Dimensions a job has something of. */
function positive(job: VroomJob): number[] {
  return amountOf(job).flatMap((amount, index) => (amount > 0 ? [index] : []));
}

function assertDimensions({ vehicles, jobs }: VroomFile, dimensions: number): void {
  const isWrong = (amounts: readonly number[] | undefined): boolean =>
    amounts !== undefined && amounts.length !== dimensions;
  const vehicle = vehicles.findIndex(({ capacity = [] }) => isWrong(capacity));
  if (vehicle !== -1) {
    throw new FormatError(`vehicles.${vehicle}.capacity: ${dimensions} numbers are expected`);
  }
  const job = jobs.findIndex(({ pickup, delivery }) => isWrong(pickup) || isWrong(delivery));
  if (job !== -1)
    throw new FormatError(`jobs.${job}: amounts of ${dimensions} numbers are expected`);
  // What is brought is aboard from the beginning, what is fetched until the end: only one of both adds up.
  const both = jobs.findIndex(({ pickup, delivery }) => some(pickup) && some(delivery));
  if (both !== -1)
    throw new FormatError(`jobs.${both}: pickup and delivery in one are not known here`);
  const fetched = jobs.some(({ pickup }) => some(pickup));
  const brought = jobs.findIndex(({ delivery }) => some(delivery));
  if (fetched && brought !== -1) {
    throw new FormatError(`jobs.${brought}.delivery: deliveries beside pickups are not known here`);
  }
}

function some(amounts: readonly number[] | undefined): boolean {
  return amounts?.some((amount) => amount > 0) ?? false;
}
