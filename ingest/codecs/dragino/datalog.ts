import type { Measurement } from '../../../domain/measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { NO_TELEMETRY, refuse } from '../codec.ts';
import { keptAt } from '../kept.ts';
import type { FrameReader } from './dragino-codec.ts';

const RECORD_BYTES = 11;
const TIME_BYTES = 4;

/** Reads what a record says in front of its time. */
export type RecordReader = (reader: ByteReader) => Measurement;

/** When a record was measured, ms: its last four bytes count seconds since 1970. */
export function readTime(reader: ByteReader): number {
  return reader.uint32() * 1000;
}

/**
 * Frames of kept records of eleven bytes each, which a device sends when it is asked for them or could
 * not send them before. A record of zeros only means that there is none.
 */
export function datalogReader(readRecord: RecordReader): FrameReader {
  return (payload) => {
    if (payload.length === 0 || payload.length % RECORD_BYTES !== 0) {
      return refuse(`kept records have ${RECORD_BYTES} bytes each, not ${payload.length} in all`);
    }
    const reader = new ByteReader(payload);
    const measurements: Measurement[] = [];
    while (reader.remaining > 0) {
      const record = reader.bytes(RECORD_BYTES);
      if (record.some((byte) => byte !== 0)) measurements.push(readKept(record, readRecord));
    }
    return measurements.length === 0 ? NO_TELEMETRY : { ok: true, measurements };
  };
}

function readKept(record: Uint8Array, readRecord: RecordReader): Measurement {
  const measurement = readRecord(new ByteReader(record.subarray(0, -TIME_BYTES)));
  const observedAtMs = readTime(new ByteReader(record.subarray(-TIME_BYTES)));
  return keptAt(observedAtMs, measurement);
}
