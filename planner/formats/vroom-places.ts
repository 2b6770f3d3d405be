import { NO_WAY } from '../problem/matrix.ts';
import type { Matrix } from '../problem/matrix.ts';
import type { Location } from '../problem/problem.ts';
import { FormatError } from './format-error.ts';
import { flattenMatrix } from './json-shapes.ts';
import type { VroomFile } from './vroom-shape.ts';

/** Places are rows of the file's matrices. */
export interface VroomPlaces {
  readonly matrices: ReadonlyMap<string, Matrix>;
  readonly locations: readonly Location[];
  /** Index of a place. @throws FormatError that names `where`, when it has none */
  readonly indexOf: (index: number | undefined, where: string) => number;
}

/** @throws FormatError that names the place, when there are no matrices or they do not fit each other. */
export function readPlaces(file: VroomFile): VroomPlaces {
  const matrices = readMatrices(file);
  const size = [...matrices.values()][0]?.size ?? 0;
  return {
    matrices,
    locations: readLocations(file, size),
    indexOf: (index, where) => {
      if (index === undefined) throw new FormatError(`${where}: missing`);
      if (index >= size) throw new FormatError(`${where}: the matrices have no row ${index}`);
      return index;
    },
  };
}

function readMatrices({ matrices, vehicles }: VroomFile): Map<string, Matrix> {
  const entries = Object.entries(matrices ?? {});
  const [first] = entries;
  if (first === undefined) {
    throw new FormatError('matrices: missing; no routing engine is asked for ways here');
  }
  const size = first[1].durations.length;
  return new Map(
    entries.map(([profile, { durations, distances, costs }]) => {
      const where = `matrices.${profile}`;
      if (costs !== undefined) throw new FormatError(`${where}.costs: not known here`);
      const seconds = flattenMatrix(durations, size, `${where}.durations`);
      const users = vehicles.filter((vehicle) => vehicle.profile === profile);
      const isMeasured = users.some(
        ({ costs: { per_km: perKm }, max_distance: most }) => perKm > 0 || most !== undefined,
      );
      if (distances === undefined && isMeasured) {
        throw new FormatError(`${where}.distances: missing, and a vehicle goes by them`);
      }
      const metres =
        distances === undefined
          ? // Nobody asks how far it is.
            seconds.map((value) => (value >= NO_WAY ? NO_WAY : 0))
          : flattenMatrix(distances, size, `${where}.distances`);
      return [profile, { size, seconds, metres }];
    }),
  );
}

function readLocations(
  { vehicles, jobs, disposal_sites: sites }: VroomFile,
  size: number,
): Location[] {
  const known = new Map<number, Location>();
  const note = (index: number | undefined, at: readonly [number, number] | undefined): void => {
    if (index !== undefined && at !== undefined) {
      known.set(index, { position: { lng: at[0], lat: at[1] } });
    }
  };
  for (const { start_index: start, start: from, end_index: end, end: to } of vehicles) {
    note(start, from);
    note(end, to);
  }
  for (const { location_index: index, location } of [...jobs, ...sites]) note(index, location);
  return Array.from({ length: size }, (_, index) => known.get(index) ?? {});
}
