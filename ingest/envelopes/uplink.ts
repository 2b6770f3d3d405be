import type { CommandState } from '../../domain/command.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Measurement } from '../../domain/measurement.ts';
import type { QuarantineReason } from '../quarantine-reason.ts';
import type { DecodedMapping } from '../sources/source.ts';
import type { EnvelopeName } from './envelope-names.ts';

/** One message, taken out of whatever it came wrapped in; the sensor's bytes are not decoded yet. */
export interface Uplink {
  readonly envelope: EnvelopeName;
  /** A status says something about the device or the network, never a level. */
  readonly kind: 'reading' | 'status';
  /** LoRaWAN: the DevEUI in lower case; own JSON: the device in the topic. */
  readonly deviceId: DeviceId;
  /**
   * The same for every delivery of one uplink, different for different uplinks. `undefined`: the message
   * has nothing of the kind, and is told apart by device, time and payload.
   */
  readonly identity: string | undefined;
  /** When it was observed, ms since 1970, as the message claims; not judged. */
  readonly observedAtMs: number | undefined;
  readonly fPort: number | undefined;
  /** The sensor's own bytes. */
  readonly payload: Uint8Array | undefined;
  /** What the network server calls the model of the device. */
  readonly modelHint: string | undefined;
  /** Set when the envelope itself carries values. */
  readonly measurements: readonly Measurement[] | undefined;
  /** What the network server's own decoder made of the bytes; believed only through a mapping. */
  readonly decoded?: unknown;
  /** Where the source says that values stand in {@link decoded}. */
  readonly mapping?: DecodedMapping;
  /** Others speak of the device, such as of a downlink that waits for it: it has not been heard itself. */
  readonly isHearsay?: true;
  /** Battery that the device reported to the network server (LoRaWAN DevStatusAns), percent. */
  readonly reportedBatteryPercent?: number;
  /** What it says of commands that the device was given. */
  readonly commandNews?: readonly CommandNews[];
}

/** Something that became of a command. */
export interface CommandNews {
  readonly commandId: string;
  readonly state: Extract<CommandState, 'sent' | 'acknowledged' | 'failed'>;
  /** Why it failed. */
  readonly detail?: string;
}

/** A message that cannot become an uplink, with the reason an operator will see. */
export interface Refusal {
  readonly ok: false;
  readonly reason: QuarantineReason;
  /** What exactly is wrong, printable and of limited length. */
  readonly detail: string;
  readonly deviceId?: DeviceId;
}

export type ReadResult = { readonly ok: true; readonly uplink: Uplink } | Refusal;

const DETAIL_LENGTH = 200;

/** Text from outside, safe to store and show: no control characters (SQL refuses NUL), not endless. */
export function printable(text: string, maxLength: number = DETAIL_LENGTH): string {
  const clean = text.replace(/\p{Cc}/gu, ' ');
  return (clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean).toWellFormed();
}

/** A refusal; the device is named when it is known. */
export function refuse(reason: QuarantineReason, detail: string, deviceId?: DeviceId): Refusal {
  const refusal = { ok: false, reason, detail: printable(detail) } as const;
  return deviceId === undefined ? refusal : { ...refusal, deviceId };
}
