import type { Geometry } from '../../domain/geometry.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { correctForTemperature } from '../../domain/sound-distance.ts';
import type { Store } from '../../store/database.ts';
import { findMountingAt } from '../../store/judge-reading.ts';
import {
  countNewerDistances,
  findDistance,
  listBelievedDistances,
} from '../../store/measured-distances.ts';
import type { MeasuredDistance } from '../../store/measured-distances.ts';
import { listMountings } from '../../store/mountings.ts';
import type { Mounting } from '../../store/mountings.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { formatTime, print } from '../print.ts';
import { applyCorrection } from './correct.ts';
import { changeGeometry } from './geometry-options.ts';

export interface CalibrateOptions {
  /** Number of the reading that saw the empty bin. */
  readonly reading?: number;
  /** Or: the median of so many newest ones. */
  readonly readings?: number;
  readonly fullMm?: number;
  /** Since when the floor is where it is; left out: as long as the mounting holds. */
  readonly from?: number;
  readonly dryRun: boolean;
}

/** Takes what a sensor measured in its empty bin for the distance to the floor. */
export async function calibrate(
  store: Store,
  deviceId: DeviceId,
  options: CalibrateOptions,
  nowMs: number,
): Promise<void> {
  if (options.reading !== undefined && options.readings !== undefined) {
    throw new Refusal(EXIT.usage, 'say --reading or --readings, not both');
  }
  const mountings = await listMountings(store.db, [deviceId]);
  const { mounting, measured } =
    options.reading === undefined
      ? await takeNewest(store, deviceId, mountings, options.readings ?? 1)
      : await takeNamed(store, deviceId, mountings, options.reading);
  const emptyMm = Math.round(median(measured.map((one) => trueDistance(one, mounting.geometry))));
  const geometry = toCalibrated(mounting, emptyMm, options.fullMm);
  printMeasured(measured, emptyMm);
  const { from: sinceMs, dryRun } = options;
  if (sinceMs !== undefined && sinceMs < mounting.fromMs) {
    const since = formatTime(mounting.fromMs) ?? '';
    throw new Refusal(EXIT.failure, `that mounting begins only at ${since}`);
  }
  const correction = { geometry, ...(sinceMs === undefined ? {} : { sinceMs }) };
  await applyCorrection(store, { mounting, correction, dryRun, nowMs });
}

interface Taken {
  readonly mounting: Mounting;
  readonly measured: readonly MeasuredDistance[];
}

async function takeNewest(
  store: Store,
  deviceId: DeviceId,
  mountings: readonly Mounting[],
  count: number,
): Promise<Taken> {
  const mounting = mountings.at(-1);
  if (mounting === undefined) throw new Refusal(EXIT.failure, `${deviceId} was never in a bin`);
  const measured = await listBelievedDistances(store, mounting, count);
  if (measured.length < count) {
    const advice = '--reading takes one that is doubted';
    const message = `${deviceId} has ${measured.length} accepted distances in ${mounting.binId}, not ${count}; ${advice}`;
    throw new Refusal(EXIT.failure, message);
  }
  const newestMs = measured[0]?.observedAtMs ?? 0;
  const doubted = await countNewerDistances(store, mounting, newestMs);
  if (doubted > 0) print(`${doubted} newer distances are doubted; --reading takes one of them`);
  return { mounting, measured };
}

async function takeNamed(
  store: Store,
  deviceId: DeviceId,
  mountings: readonly Mounting[],
  readingId: number,
): Promise<Taken> {
  const measured = await findDistance(store, readingId);
  if (measured === undefined || measured.deviceId !== deviceId) {
    throw new Refusal(EXIT.failure, `${deviceId} has no reading ${readingId} with a distance`);
  }
  const mounting = findMountingAt(mountings, measured.observedAtMs);
  if (mounting === undefined) {
    throw new Refusal(EXIT.failure, `${deviceId} was in no bin when it took reading ${readingId}`);
  }
  return { mounting, measured: [measured] };
}

/** Geometries know true distances: what the sensor measured is corrected as its readings are. */
function trueDistance(
  { readingId, distanceMm, temperatureC }: MeasuredDistance,
  geometry: Geometry | null,
): number {
  const reference = geometry?.temperatureReferenceC;
  if (reference !== undefined && temperatureC === null) {
    throw new Refusal(EXIT.failure, `reading ${readingId} has no temperature to correct it by`);
  }
  return correctForTemperature(distanceMm, temperatureC, reference);
}

function toCalibrated(
  { geometry, binId }: Mounting,
  emptyMm: number,
  fullMm: number | undefined,
): Geometry {
  const options = { emptyMm, ...(fullMm === undefined ? {} : { fullMm }) };
  if (geometry === null && fullMm === undefined) {
    const message = `the full line in ${binId} is not known yet; say --full-mm, too`;
    throw new Refusal(EXIT.usage, message);
  }
  const calibrated = changeGeometry(geometry, options);
  if (calibrated === undefined) throw new Error('An empty distance is a geometry');
  return calibrated;
}

function printMeasured(measured: readonly MeasuredDistance[], emptyMm: number): void {
  for (const { readingId, observedAtMs, distanceMm, doubt } of measured) {
    const against = doubt === null ? '' : `, doubted: ${doubt}`;
    print(`reading ${readingId}, ${formatTime(observedAtMs)}: ${distanceMm} mm${against}`);
  }
  print(`the floor is ${emptyMm} mm from the sensor`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return ((below ?? Number.NaN) + (above ?? Number.NaN)) / 2;
}
