import type { Measurement } from '../../../domain/measurement.ts';
import { aliasesOf } from '../aliases.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, NO_TELEMETRY, refuse, refusePort } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';

const DATA_PORT = 3;

const FRAME_START = 0x80;
const FRAME_END = 0x81;

const MESSAGE_HEARTBEAT = 0x01;
const MESSAGE_ALARM = 0x02;
const MESSAGE_PARAMETERS = 0x03;

/** Device type in byte 2, of all models but the DF556. */
export const USUAL_DEVICE_TYPE = 0x01;

/** Reads a data frame whose length is right, from behind its head on. */
export type DataReader = (reader: ByteReader) => Measurement;

/** What tells the frames of one model from those of another. */
export interface Layout {
  /** As the maker writes it, such as `DF702`. */
  readonly name: string;
  readonly deviceType: number;
  /** Length of the whole parameter frame, which a device sends when it was set up. */
  readonly parameterBytes: number;
  /** Readers of data frames, by the length of the whole frame. */
  readonly data: ReadonlyMap<number, DataReader>;
}

/** Frames are `80 00 type message length ... 81`, with the length of the whole frame. */
function decodeFrame(payload: Uint8Array, layout: Layout): DecodeResult {
  const reader = new ByteReader(payload);
  const start = reader.uint8();
  const reserved = reader.uint8();
  const type = reader.uint8();
  const message = reader.uint8();
  const length = reader.uint8();
  if (reader.overrun) return refuse(`a frame has more than ${payload.length} bytes`);
  if (start !== FRAME_START || reserved !== 0) return refuse('the frame does not begin with 80 00');
  if (length !== payload.length) {
    return refuse(`the frame says it has ${length} bytes, but has ${payload.length}`);
  }
  if (payload.at(-1) !== FRAME_END) return refuse('the frame does not end with 81');
  if (type !== layout.deviceType) {
    return refuse(`device type ${hexByte(type)} is not a ${layout.name}`);
  }
  if (message === MESSAGE_PARAMETERS && length === layout.parameterBytes) return NO_TELEMETRY;
  if (message !== MESSAGE_HEARTBEAT && message !== MESSAGE_ALARM) {
    return refuse(`unknown message ${hexByte(message)} of ${length} bytes`);
  }
  const readData = layout.data.get(length);
  if (readData === undefined) {
    const known = [...layout.data.keys()].join(' or ');
    return refuse(`a data frame has ${known} bytes, not ${length}`);
  }
  return { ok: true, measurements: [readData(reader)] };
}

export function dingtekCodec(layout: Layout): Codec {
  const id = layout.name.toLowerCase();
  return {
    model: `dingtek/${id}`,
    name: `Dingtek ${layout.name}`,
    maker: 'Dingtek',
    source: `TheThingsNetwork/lorawan-devices vendor/dingtek/${id}-codec.yaml`,
    evidence: 'vectors',
    aliases: aliasesOf(['dingtek'], [id]),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decodeFrame(payload, layout) : refusePort(fPort, `fPort ${DATA_PORT}`),
  };
}
