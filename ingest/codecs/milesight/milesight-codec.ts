import { aliasesOf } from '../aliases.ts';
import { refusePort } from '../codec.ts';
import type { Codec, DecodeResult } from '../codec.ts';

/** Milesight at its own network server and in device repositories. */
export const MAKERS = ['milesight', 'milesight-iot'];

/** The application port of Milesight devices as they leave the factory. */
const DATA_PORT = 85;

/** A LoRaWAN model, by its name as the maker writes it, such as `EM400-MUD`. */
export function milesightCodec(name: string, decode: (payload: Uint8Array) => DecodeResult): Codec {
  const id = name.toLowerCase();
  return {
    model: `milesight/${id}`,
    name: `Milesight ${name}`,
    maker: 'Milesight',
    source: `${name} user guide, section "Device payload"; TheThingsNetwork/lorawan-devices vendor/milesight-iot`,
    evidence: 'vectors',
    aliases: aliasesOf(MAKERS, [id]),
    decode: (payload, fPort) =>
      fPort === DATA_PORT ? decode(payload) : refusePort(fPort, `fPort ${DATA_PORT}`),
  };
}
