import type { CommandRequest } from '../../../domain/command.ts';
import { encodeCommand } from '../encode-command.ts';

/** A command as `fPort:hex`, or the reason and the text of its refusal. */
export function encodedHex(model: string | null, command: CommandRequest): string {
  const result = encodeCommand(command, model);
  if (!result.ok) return `${result.reason}: ${result.detail}`;
  return `${result.fPort}:${Buffer.from(result.bytes).toString('hex')}`;
}
