import type { Geometry } from '../domain/geometry.ts';
import type { BinId, DeviceId } from '../domain/ids.ts';
import type { Store } from '../store/database.ts';
import { findDevice } from '../store/devices.ts';
import { listOpenIds } from '../store/views/quarantine-list.ts';
import { codecForAlias, findCodec } from './codecs/registry.ts';
import { adoptDevice } from './replay.ts';
import type { AdoptResult } from './replay.ts';
import type { Source } from './sources/source.ts';

/** What a person says about a device that nobody has registered. */
export interface AdoptionRequest {
  readonly deviceId: DeviceId;
  readonly binId: BinId;
  /** A codec's id, or what a network server calls the model; null when its messages carry values, or say which it is. */
  readonly model: string | null;
  readonly geometry: Geometry | null;
  readonly reportIntervalSeconds: number | null;
}

export interface AdoptionRefusal {
  readonly ok: false;
  readonly reason: 'registered' | 'never-heard' | 'no-such-model';
  readonly detail: string;
}

export type AdoptionResult = AdoptResult | AdoptionRefusal;

export interface AdoptionContext {
  readonly nowMs: number;
  readonly sources: readonly Source[];
  /** Messages replayed at the most; the others are left for a replay. */
  readonly most?: number;
}

/**
 * Adopts a device that is in quarantine and nowhere else. One that is registered already has a place that this would take
 * from it, and one that has never been heard is most often a slip of the pen. Nothing is changed when the result is not ok.
 */
export async function adoptUnknownDevice(
  store: Store,
  request: AdoptionRequest,
  { nowMs, sources, most }: AdoptionContext,
): Promise<AdoptionResult> {
  const { deviceId: id, binId, geometry, reportIntervalSeconds } = request;
  const model = request.model === null ? null : findModel(request.model);
  if (model === undefined) {
    return refuse('no-such-model', `there is no codec for the model ${request.model}`);
  }
  if ((await findDevice(store, id)) !== undefined) {
    return refuse('registered', `${id} is registered already`);
  }
  const heard = await listOpenIds(store, { deviceId: id }, { afterId: 0, limit: 1 });
  if (heard.length === 0) return refuse('never-heard', `nothing from ${id} is in quarantine`);
  const adoption = {
    device: { id, model, reportIntervalSeconds },
    mounting: { binId, geometry },
  };
  return adoptDevice(store, adoption, nowMs, sources, most);
}

function findModel(name: string): string | undefined {
  return (findCodec(name) ?? codecForAlias(name))?.model;
}

function refuse(reason: AdoptionRefusal['reason'], detail: string): AdoptionRefusal {
  return { ok: false, reason, detail };
}
