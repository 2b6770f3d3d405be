import type { CommandRequest } from '../../domain/command.ts';
import { codecForAlias, findCodec } from '../codecs/registry.ts';
import { DECENTLAB_COMMANDS } from './decentlab.ts';
import { DINGTEK_COMMANDS } from './dingtek.ts';
import { DRAGINO_COMMANDS } from './dragino.ts';
import type { CommandEncoder, EncodeResult } from './encoder.ts';
import { unsupported } from './encoder.ts';
import { MILESIGHT_COMMANDS } from './milesight.ts';
import { NETVOX_COMMANDS } from './netvox.ts';

/** Every maker whose commands are known. */
export const COMMAND_ENCODERS: readonly CommandEncoder[] = [
  MILESIGHT_COMMANDS,
  DINGTEK_COMMANDS,
  NETVOX_COMMANDS,
  DECENTLAB_COMMANDS,
  DRAGINO_COMMANDS,
];

const ENCODER_BY_MODEL = new Map(
  COMMAND_ENCODERS.flatMap((encoder) => encoder.models.map((model) => [model, encoder] as const)),
);

/** LoRaWAN 1.0.4, 4.3.2: 0 is the network's own, 224 and more are reserved. */
const PORTS = { least: 1, most: 223 };
/** LoRaWAN regional parameters: no data rate takes more than 242 bytes. */
const MOST_BYTES = 242;

/**
 * Writes a command for a LoRaWAN device. Pure.
 * @param model as registered, or what its network server calls it; null when nobody knows
 */
export function encodeCommand(command: CommandRequest, model: string | null): EncodeResult {
  if (command.kind === 'raw') return encodeRaw(command);
  if (model === null) {
    const detail = 'the model of the device is not known, so only raw bytes can be sent';
    return { ok: false, reason: 'unsupported', detail };
  }
  const id = (findCodec(model) ?? codecForAlias(model))?.model ?? model;
  return ENCODER_BY_MODEL.get(id)?.encode(command, id) ?? unsupported(id, command);
}

function encodeRaw(command: Extract<CommandRequest, { readonly kind: 'raw' }>): EncodeResult {
  const { fPort, bytes } = command;
  const refuse = (detail: string): EncodeResult => ({ ok: false, reason: 'out-of-range', detail });
  if (fPort === undefined) return refuse('raw bytes for a LoRaWAN device need an fPort');
  if (!Number.isInteger(fPort) || fPort < PORTS.least || fPort > PORTS.most) {
    return refuse(`the fPort must be from ${PORTS.least} to ${PORTS.most}, not ${fPort}`);
  }
  if (bytes.length === 0 || bytes.length > MOST_BYTES) {
    return refuse(`the bytes must be 1 to ${MOST_BYTES}, not ${bytes.length}`);
  }
  return { ok: true, fPort, bytes };
}
