import type { Readable } from 'node:stream';
import type { Aedes, Client, PublishPacket } from 'aedes';

/** What this file needs of aedes-persistence 11; Aedes' types leave the member out. */
interface OutgoingQueue {
  outgoingStream(client: Client): Readable;
  outgoingClearMessageId(client: Client, packet: PublishPacket): Promise<unknown>;
}

/**
 * Takes the messages with a payload out of what Aedes keeps for a session that lasts. Such a session would get them at its
 * next connect from Aedes, and from whoever sends them again.
 */
export async function forgetQueued(aedes: Aedes, client: Client, payload: string): Promise<void> {
  if (client.clean) return;
  // Safe: a listening broker has a persistence, and the tests connect through it.
  const { persistence } = aedes as unknown as { persistence: OutgoingQueue };
  // Safe: the stream is of the packets that wait.
  const packets = (await persistence.outgoingStream(client).toArray()) as PublishPacket[];
  for (const packet of packets) {
    if (String(packet.payload) === payload)
      await persistence.outgoingClearMessageId(client, packet);
  }
}
