import type { Client } from 'aedes';
import type { Authorizer } from './authorizer.ts';
import { guardDelivery } from './delivery.ts';
import { MessageLane } from './message-lane.ts';
import type { PacketBudgets } from './packet-budget.ts';
import { guardPackets } from './packet-guard.ts';
import type { PacketFault } from './packet-guard.ts';

export interface ClientGuardOptions {
  readonly authorizer: Authorizer;
  readonly budgets: PacketBudgets;
  readonly maxFiltersPerSubscribe: number;
  /** Whether clients talk to each other, so that Aedes must see their messages. */
  readonly routesClients: boolean;
  readonly onFault: (fault: PacketFault) => void;
}

/** Puts everything of ours between a new client and Aedes, before its first byte is read. */
export function guardClient(client: Client, options: ClientGuardOptions): void {
  const { authorizer, budgets, maxFiltersPerSubscribe, onFault } = options;
  const maxPacketBytes = (): number => authorizer.maxPacketBytes(client);
  const lane = options.routesClients
    ? undefined
    : new MessageLane(client, { maxPacketBytes, accept: authorizer.authorizePublish });
  const budget = budgets.of(client);
  guardDelivery(client);
  guardPackets(client, {
    maxPacketBytes,
    maxFiltersPerSubscribe,
    takes: (packet) => lane?.takes(packet) ?? false,
    judge: (packet) => budget.judge(packet),
    onFault,
  });
}
