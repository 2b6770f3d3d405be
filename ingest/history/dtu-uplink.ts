import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { decodeBase64 } from '../envelopes/base64.ts';
import { checkShape } from '../envelopes/check-shape.ts';
import type { EnvelopeReader, JsonMessage } from '../envelopes/message.ts';
import { parseRfc3339 } from '../envelopes/rfc3339.ts';
import { refuse } from '../envelopes/uplink.ts';
import type { ReadResult, Refusal } from '../envelopes/uplink.ts';
import { DTU_TOPIC, IMPORT_DOOR, importedDevice, notFromTheFuture } from './imported-row.ts';
import type { RowMessage } from './imported-row.ts';

/** One reception of a frame, as The Things Network's first API (v0.1, 2016) listed it. */
export const DtuReception = z.looseObject({
  /** The application's text: the distance to the waste in whole centimetres, in braces. */
  data: z.string(),
  /** The whole frame (PHYPayload), base64. Missing where the backend had it from MQTT. */
  data_raw: z.string().optional(),
  /** The device's address (DevAddr), 8 hex digits. */
  node_eui: z.string(),
  /** RFC 3339: when the gateway had it. */
  time: z.string(),
  gateway_eui: z.string().optional(),
});
export type DtuReception = z.output<typeof DtuReception>;

/**
 * A reception with the time of the frame that it is of: that of the first reception. A frame that several gateways heard, or
 * that the backend told twice, is one uplink.
 */
const DtuUplink = z.strictObject({
  format: z.literal('dtu'),
  frameAt: z.string(),
  uplink: DtuReception,
});

const DATA = /^\{(\d{1,4})\}$/;
/** LoRaWAN 1.0.4, 4.2: MHDR 1, DevAddr 4, FCtrl 1, FCnt 2, FPort 1, MIC 4 bytes. No options (FOpts) are in these frames. */
const FRAME_OVERHEAD = 13;
const DEV_ADDR_AT = 1;
const PORT_AT = 8;

/** The message that a reception becomes. */
export function writeDtuUplink(
  deviceId: DeviceId,
  uplink: DtuReception,
  frameAtMs: number,
): RowMessage {
  const frameAt = new Date(frameAtMs).toISOString();
  return {
    topic: `${IMPORT_DOOR}/${DTU_TOPIC}/${deviceId}`,
    payload: Buffer.from(JSON.stringify({ format: 'dtu', frameAt, uplink })),
  };
}

/**
 * Reads what {@link writeDtuUplink} writes. The frame counter is no part of the identity: these devices start again with 0
 * for every frame (all but two of 1,778 recorded frames have it), so only their time tells frames apart.
 */
export const DTU_UPLINK: EnvelopeReader = {
  content: 'json',
  ownsTopic: (levels) => levels[0] === IMPORT_DOOR && levels[1] === DTU_TOPIC,
  findTopicDevice: importedDevice,
  read: (message) => notFromTheFuture(message, readDtuUplink(message)),
};

function readDtuUplink(message: JsonMessage): ReadResult {
  const { document } = message;
  const topicDevice = importedDevice(message);
  const shape = checkShape(DtuUplink, document, topicDevice);
  if (!shape.ok) return shape;
  const { uplink, frameAt } = shape.value;
  const deviceId = parseDeviceId(uplink.node_eui);
  if (deviceId === undefined) return refuse('bad-id', `node_eui: "${uplink.node_eui}"`);
  if (deviceId !== topicDevice) {
    return refuse('device-mismatch', `the topic says ${topicDevice}, node_eui ${deviceId}`);
  }
  const observedAtMs = parseRfc3339(frameAt);
  if (observedAtMs === undefined) return refuse('clock', `frameAt: "${frameAt}"`, deviceId);
  const distanceCm = DATA.exec(uplink.data)?.[1];
  if (distanceCm === undefined) {
    return refuse('undecodable', `data: "${uplink.data}" is no number in braces`, deviceId);
  }
  const frame = readFrame(uplink, deviceId);
  if (!frame.ok) return frame;
  return {
    ok: true,
    uplink: {
      envelope: 'dtu-uplink',
      kind: 'reading',
      deviceId,
      identity: `dtu:${deviceId}:${observedAtMs}`,
      observedAtMs,
      fPort: frame.fPort,
      payload: Buffer.from(uplink.data),
      modelHint: undefined,
      measurements: [{ distanceMm: Number(distanceCm) * 10 }],
    },
  };
}

/** The frame's bytes must be of the device and as long as the text says; what is encrypted in them stays so. */
function readFrame(
  { data, data_raw }: DtuReception,
  deviceId: DeviceId,
): { readonly ok: true; readonly fPort: number | undefined } | Refusal {
  if (data_raw === undefined) return { ok: true, fPort: undefined };
  const bytes = decodeBase64(data_raw);
  if (bytes === undefined) return refuse('wrong-type', 'data_raw: expected base64', deviceId);
  const frame = Buffer.from(bytes);
  if (frame.length !== FRAME_OVERHEAD + data.length) {
    const detail = `data_raw: ${frame.length} bytes do not carry the text ${data}`;
    return refuse('undecodable', detail, deviceId);
  }
  const address = frame.readUInt32LE(DEV_ADDR_AT).toString(16).padStart(8, '0');
  if (address !== deviceId.toLowerCase()) {
    return refuse('device-mismatch', `node_eui says ${deviceId}, the frame ${address}`, deviceId);
  }
  return { ok: true, fPort: frame[PORT_AT] };
}
