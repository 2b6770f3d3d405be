/** What a client still owes for a message it was sent. */
type Owed = 'puback' | 'pubrec' | 'pubcomp';

/** How an answer fits what was sent: `wrong` where the protocol asks for another, `unasked` where it asks for none. */
export type Answer = 'right' | 'unasked' | 'wrong';

/** Packet identifiers are 1 to this [MQTT-2.3.1-1]. */
const MAX_PACKET_ID = 65_535;

/** The messages of QoS 1 and 2 that a connection was sent and has not answered for good, by packet identifier. */
export class InFlight {
  readonly #owed = new Map<number, Owed>();

  /** An identifier that is not in use [MQTT-2.3.1-4], the first from `start` on; `undefined` when all are. */
  findFreeId(start: number): number | undefined {
    if (this.#owed.size >= MAX_PACKET_ID) return undefined;
    let id = start;
    while (this.#owed.has(id)) id = followingId(id);
    return id;
  }

  noteSent(id: number, qos: number): void {
    this.#owed.set(id, qos === 2 ? 'pubrec' : 'puback');
  }

  /** Takes an answer into account [MQTT-4.3.2-1, MQTT-4.3.3-1]. */
  note(cmd: Owed, id: number): Answer {
    const owed = this.#owed.get(id);
    if (owed === undefined) return 'unasked';
    // A client that has not seen our PUBREL yet may repeat itself.
    if (cmd === 'pubrec' && owed === 'pubcomp') return 'unasked';
    if (cmd !== owed) return 'wrong';
    if (cmd === 'pubrec') this.#owed.set(id, 'pubcomp');
    else this.#owed.delete(id);
    return 'right';
  }
}

export function followingId(id: number): number {
  return id >= MAX_PACKET_ID ? 1 : id + 1;
}
