import { Readable } from 'node:stream';
import type { Aedes, Client, Subscription } from 'aedes';
import type { PublishPacket } from 'aedes';

/** A message of QoS 2 from a client, or its release. */
interface IncomingPacket {
  readonly cmd: string;
}

/** A message of QoS 1 or 2 to a client, or the release of one. */
interface OutgoingPacket {
  cmd: string;
  messageId?: number;
  payload?: unknown;
}

/** What this file needs of aedes-persistence 11; Aedes' types leave the member out. */
interface Persistence {
  incomingStorePacket(client: Client, packet: IncomingPacket): Promise<void>;
  incomingGetPacket(client: Client, packet: IncomingPacket): Promise<IncomingPacket>;
  incomingDelPacket(client: Client, packet: IncomingPacket): Promise<void>;
  addSubscriptions(client: Client, subscriptions: readonly Subscription[]): Promise<void>;
  cleanSubscriptions(client: Client): Promise<void>;
  streamWill(): Readable;
  outgoingStream(client: Client): Readable;
  outgoingUpdate(client: Client, packet: OutgoingPacket): Promise<void>;
  outgoingEnqueueCombi(
    subscriptions: readonly { readonly clientId: string }[],
    packet: PublishPacket,
  ): Promise<void>;
}

export interface PersistenceGuardOptions {
  readonly isGranted: (client: Client, filter: string) => boolean;
  readonly queuedPerSession: number;
  /** Sessions that outlast their connection take memory for ever, so each principal has only so many. */
  readonly sessionsPerPrincipal: number;
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
  guardSubscriptions(persistence, options);
  guardQueues(aedes, persistence, options);
  guardReleases(persistence);
  if (!options.routesClients) keepNothingIncoming(persistence);
  // Aedes looks here for wills of brokers that died. No other broker shares this memory, but after a clock was set or the
  // machine slept, Aedes takes this one for dead and would publish the wills of clients that are connected.
  persistence.streamWill = () => Readable.from([]);
}

function guardSubscriptions(
  persistence: Persistence,
  { isGranted, sessionsPerPrincipal }: PersistenceGuardOptions,
): void {
  /** Client ids with stored subscriptions, by principal. */
  const lasting = new Map<string, Set<string>>();
  const addSubscriptions = persistence.addSubscriptions.bind(persistence);
  persistence.addSubscriptions = async (client, subscriptions) => {
    const granted = subscriptions.filter(({ topic }) => isGranted(client, topic));
    if (granted.length === 0) return;
    const principal = principalOf(client);
    const sessions = lasting.get(principal) ?? new Set();
    if (!sessions.has(client.id) && sessions.size >= sessionsPerPrincipal) {
      // From here on it is what a client is that asked for no more: it gets what comes while it is connected.
      client.clean = true;
      return;
    }
    lasting.set(principal, sessions.add(client.id));
    await addSubscriptions(client, granted);
  };
  const cleanSubscriptions = persistence.cleanSubscriptions.bind(persistence);
  persistence.cleanSubscriptions = (client) => {
    lasting.get(principalOf(client))?.delete(client.id);
    return cleanSubscriptions(client);
  };
}

/**
 * Finds the message that a client has received by its own identifier. Aedes' memory takes the first release it comes upon for
 * the one it looks for, so that with two under way one would be sent again; and it fails for what is not in the queue, such
 * as a retained message, which would end the connection.
 */
function guardReleases(persistence: Persistence): void {
  const update = persistence.outgoingUpdate.bind(persistence);
  persistence.outgoingUpdate = async (client, packet) => {
    if (packet.cmd !== 'pubrel') return update(client, packet);
    for await (const queued of persistence.outgoingStream(client)) {
      // Safe: the stream is of the packets that wait, not of copies.
      const message = queued as OutgoingPacket;
      if (message.messageId !== packet.messageId) continue;
      message.cmd = 'pubrel';
      delete message.payload;
      return;
    }
  };
}

/** The principal stands before the client id, and has no slash in its own. */
function principalOf({ id }: Client): string {
  return id.split('/', 1)[0] ?? '';
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
      // It comes of a subscription, and so is not to be told as retained [MQTT-3.3.1-9].
      packet.retain ? { ...packet, retain: false } : packet,
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
