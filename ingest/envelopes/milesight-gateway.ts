import { z } from 'zod';
import { checkShape } from './check-shape.ts';
import { decodedFields, isMapped } from './decoded-fields.ts';
import { MAX_FRAME_COUNTER, MAX_PORT, readDevEui, readFrameBytes } from './lorawan-frame.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { hashIdentity } from './status-identity.ts';
import { printable, refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

const Document = z.object({
  devEUI: z.string(),
  time: z.string().nullish(),
  fCnt: z.int().min(0).max(MAX_FRAME_COUNTER).nullish(),
  fPort: z.int().min(0).max(MAX_PORT).nullish(),
  data: z.string().nullish(),
  object: z.unknown().optional(),
});
type Document = z.output<typeof Document>;

/** Shown in an identity: no longer than any time is written. */
const TIME_LENGTH = 40;

/** The network server built into Milesight's gateways: like an early ChirpStack, with the DevEUI in hexadecimal. */
export const MILESIGHT_GATEWAY: EnvelopeReader = {
  content: 'json',
  fits: (document) => hasKeys(document, 'devEUI', 'data') && hasKeys(document, 'time', 'fPort'),
  read: readMilesightGateway,
};

function readMilesightGateway(message: JsonMessage): ReadResult {
  const shape = checkShape(Document, message.document);
  if (!shape.ok) return shape;
  const event = shape.value;
  const deviceId = readDevEui(event.devEUI);
  if (deviceId === undefined) return refuse('bad-id', `devEUI: ${event.devEUI}`);
  const data = readFrameBytes('data', event.data, deviceId);
  if (!data.ok) return data;
  const identity = frameIdentity(deviceId, event);
  const common = {
    envelope: 'milesight-gateway',
    deviceId,
    // Some firmware writes "2020-0327T12:39:05Z": as good as no time, and no reason to lose the reading.
    observedAtMs: parseRfc3339(event.time ?? ''),
    fPort: event.fPort ?? 0,
    modelHint: undefined,
    measurements: undefined,
    ...decodedFields(event.object, message.source),
  } as const;
  if (common.fPort !== 0 && (data.bytes.length > 0 || isMapped(common))) {
    const payload = data.bytes.length > 0 ? data.bytes : undefined;
    return { ok: true, uplink: { ...common, kind: 'reading', identity, payload } };
  }
  const status = identity ?? hashIdentity(`mg:${deviceId}`, message.bytes);
  return { ok: true, uplink: { ...common, kind: 'status', identity: status, payload: undefined } };
}

/**
 * The document has neither session nor address, and the counter starts again with every join. The time beside it, well
 * written or not, is the same for every delivery of one frame and another one after a join.
 */
function frameIdentity(deviceId: string, { fCnt, time }: Document): string | undefined {
  if (!time) return undefined;
  return `mg:${deviceId}:${fCnt ?? 0}:${printable(time, TIME_LENGTH)}`;
}
