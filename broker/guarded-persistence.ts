import type { Aedes, Client, Subscription } from 'aedes';
import type { PublishPacket } from 'aedes';

/** A message of QoS 2 from a client, or its release. */
interface IncomingPacket {
  readonly cmd: string;
}

/** What this file needs of aedes-persistence 11; Aedes' types leave the member out. */
interface Persistence {
  incomingStorePacket(client: Client, packet: IncomingPacket): Promise<void>;
  incomingGetPacket(client: Client, packet: IncomingPacket): Promise<IncomingPacket>;
  incomingDelPacket(client: Client, packet: IncomingPacket): Promise<void>;
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
  /** Whether messages of clients go to other clients, so that those of QoS 2 must be told apart here. */
  readonly routesClients: boolean;
}

/**
 * Corrects habits of Aedes 1.2.0 in its memory of sessions: it stores the filters it has just denied, which hands their
 * messages out at the next connect; it queues without end for sessions that are away or do not acknowledge; and it keeps
 * each message of QoS 2, with its payload, until its sender releases it, over any number of connections.
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
  if (!options.routesClients) keepNothingIncoming(persistence);
}

/** The journal has each message before this is asked, and ingest knows copies. What is left is to answer as the protocol wants. */
function keepNothingIncoming(persistence: Persistence): void {
  persistence.incomingStorePacket = async () => {};
  persistence.incomingDelPacket = async () => {};
  persistence.incomingGetPacket = async (_client, packet) => {
    if (packet.cmd === 'pubrel') return packet;
    throw new Error('Nothing is kept of messages');
  };
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
  aedes.on('ack', (packet: unknown, client) => {
    // Answers to what was never queued, such as a retained message, free no place in the queue.
    if (packet === undefined) return;
    const count = queued.get(client.id) ?? 0;
    if (count > 1) queued.set(client.id, count - 1);
    else queued.delete(client.id);
  });
  aedes.on('client', (client) => {
    if (client.clean) queued.delete(client.id);
  });
}
