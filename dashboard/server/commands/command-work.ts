import type { CommandRequest } from '../../../domain/command.ts';
import type { DeviceId } from '../../../domain/ids.ts';

/** What somebody asks a device to do. */
export interface CommandOrder {
  readonly deviceId: DeviceId;
  readonly command: CommandRequest;
  /** Who asks, for the record. */
  readonly requestedBy: string;
  /** How long it may take until the device has answered, ms; a week if not said. */
  readonly expiresInMs?: number | undefined;
}

export type OrderOutcome =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: string; readonly detail: string };

/** Queues a command as only ingest can, which knows how models and network servers write them. */
export type OrderCommand = (order: CommandOrder) => Promise<OrderOutcome>;
