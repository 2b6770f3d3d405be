import type { Client, PublishPacket } from 'aedes';
import type { Packet } from 'mqtt-packet';
import type { Done } from './ack-gate.ts';
import { internalsOf } from './aedes-internals.ts';
import type { ClientInternals, ParserInternals } from './aedes-internals.ts';
import { readMessage } from './read-message.ts';

const PUBACK = Buffer.from([0x40, 0x02]);
const PUBACK_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/** Printable ASCII without wildcards: topics that need no closer look, so nearly all. */
const PLAIN_TOPIC = /^[ !"$-*,-~]{1,100}$/;

/** What Aedes is asked to bear; its default. */
const MAX_TOPIC_LEVELS = 100;

export interface MessageLaneOptions {
  /** Largest packet, in bytes behind its fixed header, that the client may send now. */
  readonly maxPacketBytes: () => number;
  /** Judges a message and keeps it; `done` is called when it may be acknowledged. */
  readonly accept: (client: Client, packet: PublishPacket, done: Done) => void;
}

/**
 * The way of a client's messages of QoS 0 and 1 past Aedes, which would take most of the time a message costs: its parser is
 * made for all packets, and it routes what we do not route. Acknowledgements of one commit go out in one write. Everything
 * else, and all that is malformed, is left to Aedes and to the guard in front of it, {@link guardPackets}.
 */
export class MessageLane {
  readonly #client: Client;
  readonly #internals: ClientInternals;
  readonly #parser: ParserInternals;
  readonly #options: MessageLaneOptions;
  readonly #parse: (bytes: Buffer) => number;
  /** The beginning of a message whose rest has not come. */
  #partial: Buffer = NOTHING;
  /** Packet identifiers to be acknowledged with the next write. */
  #acknowledged: number[] = [];
  /** Messages that have been dealt with since the last write. */
  #finished = 0;

  constructor(client: Client, options: MessageLaneOptions) {
    this.#client = client;
    this.#internals = internalsOf(client);
    this.#parser = this.#internals._parser;
    this.#options = options;
    this.#parse = this.#parser.parse.bind(this.#parser);
    this.#parser.parse = (bytes) => this.#read(bytes);
  }

  /** Takes a packet that the parser has read, when it is a message for this lane. All of a connection must come here, for their order. */
  takes(packet: Packet): boolean {
    if (packet.cmd !== 'publish' || packet.qos > 1 || !this.#isOpen) return false;
    if (!PLAIN_TOPIC.test(packet.topic) && !isTopic(packet.topic)) return false;
    // Safe: mqtt-packet gives every PUBLISH these members; `qos` has been compared.
    this.#take(packet as PublishPacket);
    return true;
  }

  /** Connected, by Aedes' own account, and not ended since. */
  get #isOpen(): boolean {
    const { connackSent, connected, closed } = this.#internals;
    return connackSent && connected && !closed;
  }

  #read(chunk: Buffer): number {
    const { _list, _stateCounter } = this.#parser;
    if (!this.#isOpen || _list.length > 0 || _stateCounter > 0) return this.#parse(chunk);
    const hadPartial = this.#partial.length > 0;
    const bytes = hadPartial ? Buffer.concat([this.#partial, chunk]) : chunk;
    this.#partial = NOTHING;
    const maxPacketBytes = this.#options.maxPacketBytes();
    let start = 0;
    while (start < bytes.length && this.#isOpen) {
      const read = readMessage(bytes, start, maxPacketBytes);
      if (read === 'partial') return this.#keep(bytes, start, hadPartial);
      if (read === undefined || !PLAIN_TOPIC.test(read.packet.topic)) {
        return this.#parse(bytes.subarray(start));
      }
      start = read.end;
      this.#take(read.packet);
    }
    return 0;
  }

  /** Waits for the rest of a message, once: whoever drips it byte by byte may not have it copied as often. */
  #keep(bytes: Buffer, start: number, hadPartial: boolean): number {
    const rest = bytes.subarray(start);
    if (hadPartial && start === 0) return this.#parse(rest);
    // A copy: a part would keep the whole chunk in memory.
    this.#partial = Buffer.from(rest);
    return 0;
  }

  #take(packet: PublishPacket): void {
    const { qos, messageId } = packet;
    this.#internals._parsingBatch += 1;
    if (this.#internals._keepaliveInterval > 0) this.#internals._keepaliveTimer?.refresh();
    this.#options.accept(this.#client, packet, (error) => {
      if (error) this.#internals._nextBatch(error);
      else this.#finish(qos === 0 ? undefined : messageId);
    });
  }

  #finish(messageId: number | undefined): void {
    if (messageId !== undefined) this.#acknowledged.push(messageId);
    this.#finished += 1;
    // Behind all others of the same commit.
    if (this.#finished === 1) queueMicrotask(() => this.#write());
  }

  #write(): void {
    const [ids, finished] = [this.#acknowledged, this.#finished];
    this.#acknowledged = [];
    this.#finished = 0;
    if (this.#internals.closed) return;
    // The last one is taken off where Aedes reads on.
    this.#internals._parsingBatch -= finished - 1;
    if (ids.length === 0 || this.#client.conn.write(encodeAcknowledgements(ids))) {
      this.#internals._nextBatch();
    } else {
      this.#internals.waitForDrain(this.#internals._nextBatch);
    }
  }
}

function encodeAcknowledgements(ids: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(ids.length * PUBACK_BYTES);
  let offset = 0;
  for (const id of ids) {
    bytes[offset] = PUBACK[0] ?? 0;
    bytes[offset + 1] = PUBACK[1] ?? 0;
    bytes[offset + 2] = id >> 8;
    bytes[offset + 3] = id & 0xff;
    offset += PUBACK_BYTES;
  }
  return bytes;
}

/** Whether Aedes would let a message pass with this topic. */
function isTopic(topic: string): boolean {
  if (topic === '' || topic.includes('#') || topic.includes('+')) return false;
  return topic.split('/').length <= MAX_TOPIC_LEVELS;
}
