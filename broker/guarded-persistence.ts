import type { Aedes, Client, Subscription } from 'aedes';
import type { PublishPacket } from 'aedes';

/** What this file needs of aedes-persistence 10; Aedes' types leave the member out. */
interface Persistence {
  addSubscriptions(client: Client, subscriptions: readonly Subscription[]): Promise<void>;
  outgoingEnqueueCombi(
    subscriptions: readonly { readonly clientId: string }[],
    packet: PublishPacket,
  ): Promise<void>;
}

export interface PersistenceGuardOptions {
  readonly isGranted: (client: Client, filter: string) => boolean;
  readonly queuedPerSession: number;
  readonly onDropped: (clientId: string) => void;
}

/**
 * Corrects two habits of Aedes 1.2.0 in its memory of sessions: it stores the filters it has just denied, which hands their
 * messages out at the next connect, and it queues without end for sessions that are away or do not acknowledge.
 */
export function guardPersistence(aedes: Aedes, options: PersistenceGuardOptions): void {
  // Safe: a listening broker has a persistence, and the tests connect through it.
  const { persistence } = aedes as unknown as { persistence: Persistence };
  const addSubscriptions = persistence.addSubscriptions.bind(persistence);
  persistence.addSubscriptions = (client, subscriptions) =>
    addSubscriptions(
      client,
      subscriptions.filter(({ topic }) => options.isGranted(client, topic)),
    );
  guardQueues(aedes, persistence, options);
}

function guardQueues(
  aedes: Aedes,
  persistence: Persistence,
  { queuedPerSession, onDropped }: PersistenceGuardOptions,
): void {
  const queued = new Map<string, number>();
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  persistence.outgoingEnqueueCombi = (subscriptions, packet) =>
    enqueue(
      subscriptions.filter(({ clientId }) => {
        const count = queued.get(clientId) ?? 0;
        if (count < queuedPerSession) queued.set(clientId, count + 1);
        else onDropped(clientId);
        return count < queuedPerSession;
      }),
      packet,
    );
  aedes.on('ack', (_packet, client) => {
    const count = queued.get(client.id) ?? 0;
    if (count > 1) queued.set(client.id, count - 1);
    else queued.delete(client.id);
  });
  aedes.on('client', (client) => {
    if (client.clean) queued.delete(client.id);
  });
}
