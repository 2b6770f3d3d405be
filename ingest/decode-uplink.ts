import { findImpossible } from '../domain/measurement.ts';
import type { Measurement } from '../domain/measurement.ts';
import type { Codec } from './codecs/codec.ts';
import { codecForAlias, findCodec } from './codecs/registry.ts';
import { readMapped } from './envelopes/read-mapped.ts';
import { refuse } from './envelopes/uplink.ts';
import type { Refusal, Uplink } from './envelopes/uplink.ts';

/** What an uplink measured. */
export interface DecodedUplink {
  readonly ok: true;
  /** Not every measurement has a level: temperature or battery alone is a reading too. */
  readonly measurements: Measurement[];
  /** The model whose codec read the bytes, else the registered one. */
  readonly model: string | null;
  /** A sign of life without any measurement, such as a join. */
  readonly status: boolean;
}

/**
 * Turns an uplink into measurements. The sensor's own bytes go before what anybody else has made of them: a decoded object is
 * used where there are no bytes, or no codec that reads them, and only as the mapping of its source says.
 * @param model the model the device is registered as. A person's word goes before the network server's:
 *   only a device registered without a model is read as what its network server calls it
 */
export function decodeUplink(uplink: Uplink, model: string | null): DecodedUplink | Refusal {
  if (uplink.kind === 'status') return { ok: true, measurements: [], model, status: true };
  if (uplink.measurements !== undefined) return judge(uplink, uplink.measurements, model);
  const { payload } = uplink;
  const codec = chooseCodec(uplink, model);
  if (payload !== undefined && codec !== undefined) {
    const result = codec.decode(payload, uplink.fPort);
    if (result.ok) return judge(uplink, result.measurements, codec.model);
    return refuse('undecodable', `${codec.name}: ${result.reason}`, uplink.deviceId);
  }
  if (uplink.decoded !== undefined && uplink.mapping !== undefined) {
    const mapped = readMapped(uplink.decoded, uplink.mapping);
    if (mapped.ok) return judge(uplink, [mapped.measurement], model);
    return refuse('wrong-type', `decoded: ${mapped.problem}`, uplink.deviceId);
  }
  if (payload === undefined) {
    return refuse('undecodable', 'there are no bytes to decode', uplink.deviceId);
  }
  return refuseModel(uplink, model);
}

function chooseCodec(uplink: Uplink, model: string | null): Codec | undefined {
  if (model !== null) return findCodec(model) ?? codecForAlias(model);
  return uplink.modelHint === undefined ? undefined : codecForAlias(uplink.modelHint);
}

function refuseModel(uplink: Uplink, model: string | null): Refusal {
  const hint =
    uplink.modelHint === undefined ? '' : `; its network server calls it "${uplink.modelHint}"`;
  const registered =
    model === null ? 'the device is registered without a model' : `no codec for the model ${model}`;
  return refuse('no-codec', registered + hint, uplink.deviceId);
}

function judge(
  uplink: Uplink,
  measurements: readonly Measurement[],
  model: string | null,
): DecodedUplink | Refusal {
  for (const measurement of measurements) {
    const impossible = findImpossible(measurement);
    if (impossible !== undefined) return refuse('impossible', impossible, uplink.deviceId);
  }
  return { ok: true, measurements: [...measurements], model, status: measurements.length === 0 };
}
