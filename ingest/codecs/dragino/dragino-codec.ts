import { aliasesOf } from '../aliases.ts';
import { refusePort } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';

/** Reads a frame of one port. */
export type FrameReader = (payload: Uint8Array) => DecodeResult;

export const DATA_PORT = 2;
export const DATALOG_PORT = 3;
export const CONFIG_PORT = 4;
export const STATUS_PORT = 5;

interface Model {
  /** As the maker writes it, such as `DDS75-LB`. */
  readonly name: string;
  readonly evidence: Codec['evidence'];
  /** What it is called besides, in the form of `normaliseAlias`. */
  readonly otherNames?: readonly string[];
  readonly ports: ReadonlyMap<number, FrameReader>;
}

/** A LoRaWAN model, whose ports carry frames of their own. */
export function draginoCodec({ name, evidence, otherNames = [], ports }: Model): Codec {
  const id = name.toLowerCase();
  const known = `fPort ${[...ports.keys()].join(', ')}`;
  return {
    model: `dragino/${id}`,
    name: `Dragino ${name}`,
    maker: 'Dragino',
    source: `${name} user manual, "Uplink Payload"; dragino/dragino-end-node-decoder ${name}`,
    evidence,
    aliases: aliasesOf(['dragino'], [id, ...otherNames]),
    decode(payload, fPort) {
      const readFrame = fPort === undefined ? undefined : ports.get(fPort);
      return readFrame === undefined ? refusePort(fPort, known) : readFrame(payload);
    },
  };
}
