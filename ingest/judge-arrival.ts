import { judgeTime } from '../domain/clock.ts';
import type { Measurement } from '../domain/measurement.ts';
import type { Device } from '../store/devices.ts';
import type { Mounting } from '../store/mountings.ts';
import type { Quarantined, RawArrival } from '../store/quarantine.ts';
import { findMountingAt, judgeReading } from '../store/judge-reading.ts';
import type { NewUplink, ReadingRow } from '../store/schema.ts';
import { storableText } from '../store/storable-text.ts';
import type { Sighting } from '../store/device-states.ts';
import { decodeUplink } from './decode-uplink.ts';
import type { Uplink } from './envelopes/uplink.ts';
import { identify } from './identify.ts';

/** A reading that does not know its uplink's number yet. */
export type ReadingDraft = Omit<ReadingRow, 'id' | 'uplink_id'>;

/** What is to be stored of one message. */
export interface AcceptedUplink {
  readonly arrival: RawArrival;
  readonly uplink: NewUplink;
  readonly byArrival: boolean;
  readonly readings: readonly ReadingDraft[];
  /** `undefined` when others speak of the device. */
  readonly sighting: Sighting | undefined;
}

export type Verdict = { readonly accepted: AcceptedUplink } | { readonly quarantined: Quarantined };

/** What the registry knows of a device. */
export interface KnownDevice {
  readonly device: Device;
  readonly mountings: readonly Mounting[];
}

/**
 * Decides what becomes of an uplink: pure, so that replaying gives the same.
 * @param known `undefined` when the device is not registered
 */
export function judgeArrival(
  uplink: Uplink,
  arrival: RawArrival,
  known: KnownDevice | undefined,
): Verdict {
  const { identity, byArrival, contentHash } = identify(uplink, arrival);
  const setAside = (reason: string, detail: string): Verdict => ({
    quarantined: { reason, detail, deviceId: uplink.deviceId, byArrival, message: arrival },
  });
  if (known === undefined) {
    return setAside('unknown-device', `no device ${uplink.deviceId} is registered`);
  }
  const decoded = decodeUplink(uplink, known.device.model);
  if (!decoded.ok) return setAside(decoded.reason, decoded.detail);
  const readings = decoded.measurements.map((measurement, part) =>
    toReading({ uplink, arrival, measurement, part, mountings: known.mountings }),
  );
  const row: NewUplink = {
    identity,
    device_id: uplink.deviceId,
    kind: decoded.status ? 'status' : 'reading',
    envelope: uplink.envelope,
    model: decoded.model,
    f_port: uplink.fPort ?? null,
    sensor_bytes: uplink.payload ?? null,
    door: arrival.door,
    journal_seq: arrival.journalSeq,
    received_at: arrival.receivedAtMs,
    principal: arrival.principal,
    message_id: arrival.messageId,
    dup: arrival.dup ? 1 : 0,
    backfill: arrival.backfill ? 1 : 0,
    topic: storableText(arrival.topic),
    payload: arrival.payload,
    content_hash: contentHash,
  };
  const sighting = uplink.isHearsay === true ? undefined : toSighting(uplink, arrival, readings);
  return { accepted: { arrival, uplink: row, byArrival, readings, sighting } };
}

function toReading(input: {
  readonly uplink: Uplink;
  readonly arrival: RawArrival;
  readonly measurement: Measurement;
  readonly part: number;
  readonly mountings: readonly Mounting[];
}): ReadingDraft {
  const { arrival, measurement } = input;
  const claimedMs = measurement.observedAtMs ?? input.uplink.observedAtMs;
  const time = judgeTime(claimedMs, arrival.receivedAtMs, arrival.backfill);
  const raw = {
    distance_mm: measurement.distanceMm ?? null,
    reported_fill_percent: measurement.fillPercent ?? null,
    temperature_c: measurement.temperatureC ?? null,
    sensor_fault: measurement.sensorFault ?? null,
    clock_reason: time.suspicion ?? null,
  };
  return {
    ...raw,
    ...judgeReading(raw, findMountingAt(input.mountings, time.observedAtMs)),
    part: input.part,
    device_id: input.uplink.deviceId,
    observed_at: time.observedAtMs,
    received_at: arrival.receivedAtMs,
    late: time.late ? 1 : 0,
    battery_percent: measurement.batteryPercent ?? null,
    battery_v: measurement.batteryV ?? null,
    tilted: measurement.tilted === undefined ? null : measurement.tilted ? 1 : 0,
    alarms: alarmsText(measurement.alarms),
    extras: measurement.extras === undefined ? null : JSON.stringify(measurement.extras),
  };
}

/** Hardly any measurement has one. */
function alarmsText(alarms: Measurement['alarms'] = []): string {
  return alarms.length === 0 ? '[]' : JSON.stringify([...alarms].sort());
}

function toSighting(
  uplink: Uplink,
  arrival: RawArrival,
  readings: readonly ReadingDraft[],
): Sighting {
  const { deviceId } = uplink;
  const newest = readings.reduce<ReadingDraft | undefined>(
    (best, reading) =>
      best === undefined || reading.observed_at > best.observed_at ? reading : best,
    undefined,
  );
  const time = judgeTime(uplink.observedAtMs, arrival.receivedAtMs, arrival.backfill);
  return {
    deviceId,
    atMs: newest?.observed_at ?? time.observedAtMs,
    batteryPercent: newest?.battery_percent ?? uplink.reportedBatteryPercent ?? null,
    batteryV: newest?.battery_v ?? null,
  };
}
