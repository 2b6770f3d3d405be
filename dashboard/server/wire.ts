import { isUtf8 } from 'node:buffer';
import type { Geometry } from '../../domain/geometry.ts';
import type { MeasurementExtras } from '../../domain/measurement.ts';
import type { BinView } from '../../store/views/bin-summaries.ts';
import type { BinDetailView, MountingView } from '../../store/views/bin-detail.ts';
import type { MessageView } from '../../store/views/messages.ts';
import type { Series } from '../../store/views/reading-series.ts';
import type { TraceView } from '../../store/views/trace.ts';
import type { z } from 'zod';
import type {
  BinDetail,
  BinSummary,
  Mounting,
  RawMessage,
  ReadingSeries,
  Trace,
} from '../api/bins.ts';
import type { BinFeatureCollection } from '../api/town.ts';

/** From the store's views to the shapes of the API: times become RFC 3339, bytes become text. */

export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms);
}

export function toBinSummary(bin: BinView): BinSummary {
  return {
    id: bin.id,
    name: bin.name,
    stream: bin.stream,
    area: bin.area,
    location: bin.location,
    volumeLitres: bin.volumeLitres,
    thresholdPercent: bin.thresholdPercent,
    fillPercent: bin.fillPercent,
    observedAt: toTimeOrNull(bin.observedAtMs),
    ageSeconds: bin.ageSeconds,
    staleAfterSeconds: bin.staleAfterSeconds,
    state: bin.state,
    reasons: [...bin.reasons],
    quality: bin.quality,
    readingId: bin.readingId,
    temperatureC: bin.temperatureC,
    batteryPercent: bin.batteryPercent,
    deviceId: bin.deviceId,
  };
}

/** The bins as GeoJSON, longitude first (RFC 7946 3.1.1). */
export function toFeatureCollection(
  bins: readonly BinSummary[],
): z.infer<typeof BinFeatureCollection> {
  return {
    type: 'FeatureCollection',
    features: bins.map(({ location, ...properties }) => ({
      type: 'Feature',
      id: properties.id,
      geometry: { type: 'Point', coordinates: [location.lng, location.lat] },
      properties,
    })),
  };
}

export function toBinDetail({ bin, mountings }: BinDetailView): BinDetail {
  return {
    ...toBinSummary(bin),
    description: bin.description,
    mountings: mountings.map(toMounting),
  };
}

function toMounting(mounting: MountingView): z.infer<typeof Mounting> {
  const { fromMs, toMs, lastSeenAtMs, cloneSuspectedAtMs, geometry, ...rest } = mounting;
  return {
    ...rest,
    ...toMeasures(geometry),
    from: fromMs === 0 ? null : toTime(fromMs),
    to: toTimeOrNull(toMs),
    lastSeenAt: toTimeOrNull(lastSeenAtMs),
    cloneSuspectedAt: toTimeOrNull(cloneSuspectedAtMs),
  };
}

function toMeasures(geometry: Geometry | null): NonNullable<Trace['geometry']> {
  return {
    shape: geometry?.shape ?? null,
    emptyDistanceMm: geometry?.emptyDistanceMm ?? null,
    fullDistanceMm: geometry?.fullDistanceMm ?? null,
    blindZoneMm: geometry?.blindZoneMm ?? null,
    areaRatio: geometry?.shape === 'taper' ? geometry.areaRatio : null,
    strappingTable:
      geometry?.shape === 'strapping-table'
        ? geometry.strappingTable.map(({ heightMm, litres }) => ({ heightMm, litres }))
        : null,
    temperatureReferenceC: geometry?.temperatureReferenceC ?? null,
  };
}

export function toReadingSeries(
  binId: string,
  span: { readonly fromMs: number; readonly toMs: number },
  series: Series,
): ReadingSeries {
  return {
    binId,
    from: toTime(span.fromMs),
    to: toTime(span.toMs),
    resolutionSeconds: series.resolutionSeconds,
    truncated: series.truncated,
    missingBefore: toTimeOrNull(series.missingBeforeMs),
    buckets: series.buckets.map(({ atMs, ...bucket }) => ({ at: toTime(atMs), ...bucket })),
  };
}

export function toRawMessage(message: MessageView): z.infer<typeof RawMessage> {
  const { receivedAtMs, payload, readingIds, ...rest } = message;
  return {
    ...rest,
    receivedAt: toTime(receivedAtMs),
    payloadText: toText(payload),
    payloadBase64: payload.toString('base64'),
    readingIds: [...readingIds],
  };
}

/** Control characters other than tab and line ends: bytes that happen to be UTF-8, not text. */
const NOT_TEXT = /[^\P{Cc}\t\r\n]/u;

export function toText(payload: Buffer): string | null {
  if (!isUtf8(payload)) return null;
  const text = payload.toString('utf8');
  return NOT_TEXT.test(text) ? null : text;
}

function toExtras({ distancesMm, ...extras }: MeasurementExtras): Trace['reading']['extras'] {
  return { ...extras, ...(distancesMm === undefined ? {} : { distancesMm: [...distancesMm] }) };
}

export function toTrace({ reading, geometry, decoding, message }: TraceView): Trace {
  const { observedAtMs, receivedAtMs, alarms, extras, ...rest } = reading;
  const { sensorBytes, ...how } = decoding;
  return {
    reading: {
      ...rest,
      observedAt: toTime(observedAtMs),
      receivedAt: toTime(receivedAtMs),
      alarms: [...alarms],
      extras: toExtras(extras),
    },
    geometry: geometry === null ? null : toMeasures(geometry),
    decoding: { ...how, payloadHex: sensorBytes?.toString('hex') ?? null },
    message: toRawMessage(message),
  };
}
