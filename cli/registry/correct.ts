import type { BinId, DeviceId } from '../../domain/ids.ts';
import { correctMounting, planCorrection } from '../../store/correct-mounting.ts';
import type { CorrectionPlan, MountingCorrection } from '../../store/correct-mounting.ts';
import type { Store } from '../../store/database.ts';
import { findDeviceModel } from '../../store/device-model.ts';
import { listMountings, toGeometry as geometryOfRow } from '../../store/mountings.ts';
import type { Mounting } from '../../store/mountings.ts';
import { countReadings, listRecomputes } from '../../store/recompute.ts';
import { readRecentSince } from '../../store/recent-readings.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import { assertGeometryFits } from './assert-geometry-fits.ts';
import { describeSpan } from './describe-span.ts';
import { changeGeometry, describeGeometry } from './geometry-options.ts';
import type { GeometryOptions } from './geometry-options.ts';
import { createRecomputeProgress } from './recompute-progress.ts';

/** Prints where a sensor was, and where it is. */
export async function showMountings(
  store: Store,
  deviceId: DeviceId,
  { json }: { readonly json?: true },
): Promise<void> {
  const mountings = await listMountings(store.db, [deviceId]);
  const recomputes = await listRecomputes(store.db, [deviceId]);
  if (json) {
    printJson(
      mountings.map(({ id, binId, fromMs, toMs, geometry }) => ({
        id,
        binId,
        from: fromMs === 0 ? null : formatTime(fromMs),
        to: formatTime(toMs),
        geometry,
      })),
    );
    return;
  }
  const rows = mountings.map(({ id, binId, fromMs, toMs, geometry }) => {
    const from = fromMs === 0 ? 'the beginning' : formatTime(fromMs);
    return [id, binId, from, formatTime(toMs), describeGeometry(geometry)];
  });
  print(formatTable(['NO', 'BIN', 'FROM', 'TO', 'MEASURES'], rows));
  for (const { doneReadings, totalReadings, ...span } of recomputes) {
    print(`${describeSpan(span)}: ${doneReadings} of ${totalReadings} readings are computed anew`);
  }
}

export interface CorrectOptions extends GeometryOptions {
  readonly bin?: BinId;
  readonly from?: number;
  /** `open`: until further notice. */
  readonly to?: number | 'open';
  readonly dryRun: boolean;
}

/** Corrects one mounting of a sensor; what no option names stays. */
export async function correct(
  store: Store,
  deviceId: DeviceId,
  { mountingId, options }: { readonly mountingId: number; readonly options: CorrectOptions },
  nowMs: number,
): Promise<void> {
  const mountings = await listMountings(store.db, [deviceId]);
  const mounting = mountings.find(({ id }) => id === mountingId);
  if (mounting === undefined) {
    const message = `${deviceId} has no mounting ${mountingId}; "tunna device mountings ${deviceId}" lists them`;
    throw new Refusal(EXIT.failure, message);
  }
  const { bin, from, to, dryRun } = options;
  const geometry = changeGeometry(mounting.geometry, options);
  const correction: MountingCorrection = {
    ...(bin === undefined ? {} : { binId: bin }),
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to === 'open' ? null : to }),
    ...(geometry === undefined ? {} : { geometry }),
  };
  if (Object.keys(correction).length === 0) {
    throw new Refusal(EXIT.usage, 'say what to correct: --bin, --from, --to or its measures');
  }
  await applyCorrection(store, { mounting, correction, dryRun, nowMs });
}

/** A correction that is to be told, and made unless it is only tried. */
export interface PlannedCorrection {
  readonly mounting: Mounting;
  readonly correction: MountingCorrection;
  readonly dryRun: boolean;
  readonly nowMs: number;
}

/** Says what a correction changes, and makes it. Throws a {@link Refusal} for one that cannot be. */
export async function applyCorrection(
  store: Store,
  { mounting, correction, dryRun, nowMs }: PlannedCorrection,
): Promise<void> {
  const { id, deviceId } = mounting;
  assertGeometryFits(correction.geometry ?? null, await findDeviceModel(store, deviceId));
  const plan = await store.db.transaction().execute((trx) => planCorrection(trx, id, correction));
  if (!plan.ok) throw new Refusal(EXIT.failure, plan.detail);
  printPlan(mounting, plan);
  await noteWhatIsOutOfReach(store, plan);
  const spans = plan.spans.map(describeSpan).join(' and ');
  if (dryRun) {
    let readings = 0;
    for (const span of plan.spans) readings += await countReadings(store.db, span);
    print(`${readings} readings ${spans} would be computed anew; nothing was changed`);
    return;
  }
  const onProgress = createRecomputeProgress();
  const corrected = await correctMounting(store, id, correction, { nowMs, onProgress });
  if (!corrected.ok) throw new Refusal(EXIT.failure, corrected.detail);
  print(`${corrected.recomputedReadings} readings ${spans} were computed anew`);
}

/** What SQL has let go of cannot be computed anew: InfluxDB has not all that a level follows from. */
async function noteWhatIsOutOfReach(store: Store, { spans }: CorrectionPlan): Promise<void> {
  const sinceMs = await readRecentSince(store);
  if (sinceMs === undefined || spans.every(({ fromMs }) => fromMs >= sinceMs)) return;
  print(`readings before ${formatTime(sinceMs)} are in InfluxDB only, and keep their levels`);
}

function printPlan({ deviceId, ...was }: Mounting, { rows }: CorrectionPlan): void {
  print(`${deviceId} was: ${was.binId}, ${describeSpan(was)}: ${describeGeometry(was.geometry)}`);
  for (const row of rows) {
    const span = describeSpan({ fromMs: row.from_at, toMs: row.to_at });
    print(`${deviceId} is:  ${row.bin_id}, ${span}: ${describeGeometry(geometryOfRow(row))}`);
  }
}
