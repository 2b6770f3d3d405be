import { setTimeout as delay } from 'node:timers/promises';
import { connect, ErrorWithReasonCode } from 'mqtt';
import type { IConnackPacket, IPublishPacket, MqttClient } from 'mqtt';
import { errorText } from '../../domain/error-text.ts';
import type { EndingKind } from './back-off.ts';
import type { Credentials } from './credentials.ts';
import type { MqttConnectionOptions, SourceSubscription } from './mqtt-source.ts';
import type { Receiver } from './receiver.ts';

/** How a connection ended, or why there was none. */
export interface Ending {
  readonly kind: EndingKind;
  readonly reason: string;
}

/** What the broker has granted. */
export interface Admission {
  /** It has kept the session, and with it what came while we were away. */
  readonly sessionPresent: boolean;
  readonly refusedFilters: readonly string[];
  /** Asked for at quality of service 1, granted at 0. */
  readonly unkeptFilters: readonly string[];
}

export interface SourceConnectionOptions {
  readonly mqtt: MqttConnectionOptions;
  readonly clientId: string;
  /** Filters that an earlier session may have and that are not wanted any more. */
  readonly obsoleteFilters: readonly string[];
  readonly credentials: Credentials;
  /** A broker that has not answered CONNECT, or then SUBSCRIBE, within this time is given up. */
  readonly answerMs: number;
  /** Takes the messages; it acknowledges through `write`, and ends the connection through `fail`. */
  readonly createReceiver: (line: {
    readonly write: (bytes: Uint8Array) => void;
    readonly fail: (error: Error) => void;
  }) => Receiver;
  readonly onAdmitted: (admission: Admission) => void;
}

const KEEP_ALIVE_SECONDS = 60;
/** A broker that does not take the goodbye within this time does not get one. */
const GOODBYE_MS = 500;

/** CONNACK codes by which a broker says no [MQTT-3.2.2-5]; the others are its own trouble. */
const REFUSALS: readonly number[] = [1, 2, 4, 5];

/**
 * Tells mqtt.js not to acknowledge and to go on: it does so when the handler of a message has an error. The receiver
 * acknowledges later. Not calling back would stop everything, the answers to pings included.
 */
const DEFERRED = new Error('acknowledged when it is on disk');

/** What is published to another broker. */
export interface SourceMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly qos: 0 | 1;
  readonly retain?: boolean;
}

/** One connection to another broker, from its CONNECT to its end. It never comes back by itself; a new one does. */
export class SourceConnection {
  readonly ended: Promise<Ending>;
  readonly #options: SourceConnectionOptions;
  readonly #client: MqttClient;
  readonly #receiver: Receiver;
  readonly #resolveEnded: (ending: Ending) => void;
  /** The first thing that went wrong: what follows, follows from it. */
  #trouble: Ending | undefined;
  #isAdmitted = false;
  /** Those who wait for the PUBACK of what they published. */
  readonly #unacknowledged = new Set<(error: Error) => void>();

  constructor(options: SourceConnectionOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    const client = connectTo(options);
    this.#client = client;
    this.#receiver = options.createReceiver({
      write: (bytes) => client.stream.write(bytes),
      fail: (error) => this.#giveUp({ kind: 'journal', reason: errorText(error) }),
    });
    client.handleMessage = (packet, callback) => {
      if (packet.qos === 2) this.#refuseQos2(packet);
      else this.#receiver.receive(packet, () => callback(DEFERRED));
    };
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'publish' && packet.qos === 2) this.#refuseQos2(packet);
    });
    client.on('connect', (connack) => void this.#subscribe(connack));
    client.on('error', (error) => this.#noteError(error));
    client.on('close', () => this.#onClose());
  }

  /** Whether the broker has let us in and taken our subscriptions. */
  get isAdmitted(): boolean {
    return this.#isAdmitted;
  }

  /** Resolves at the PUBACK. Rejects when the connection ends before it: whether the broker has the message is not known then. */
  async publish(message: SourceMessage): Promise<void> {
    const { topic, payload, qos, retain = false } = message;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // mqtt.js itself would tell of the end only when it is asked to flush.
    this.#unacknowledged.add(reject);
    this.#client.publish(topic, payload, { qos, retain }, (error) =>
      error ? reject(error) : resolve(),
    );
    await promise.finally(() => this.#unacknowledged.delete(reject));
  }

  /** Takes no more, acknowledges what is durable, says goodbye. What is not acknowledged the broker sends again. */
  async stop(): Promise<void> {
    this.#trouble ??= { kind: 'network', reason: 'stopped' };
    await this.#receiver.stop();
    this.#receiver.close();
    const goodbye = this.#client.endAsync(!this.#client.connected).catch(() => {});
    await Promise.race([goodbye, delay(GOODBYE_MS, undefined, { ref: false })]);
    this.#client.stream.destroy();
    this.#end(this.#trouble);
  }

  #end(ending: Ending): void {
    this.#isAdmitted = false;
    const error = new Error(`the connection ended before the acknowledgement: ${ending.reason}`);
    for (const reject of [...this.#unacknowledged]) reject(error);
    this.#resolveEnded(ending);
  }

  async #subscribe(connack: IConnackPacket): Promise<void> {
    const silence = setTimeout(() => {
      this.#giveUp({ kind: 'network', reason: 'the broker does not answer SUBSCRIBE' });
    }, this.#options.answerMs);
    try {
      await this.#requestAll(connack);
    } catch (error) {
      this.#giveUp({ kind: 'network', reason: errorText(error) });
    } finally {
      clearTimeout(silence);
    }
  }

  async #requestAll({ sessionPresent }: IConnackPacket): Promise<void> {
    const { topics } = this.#options.mqtt;
    const granted = await this.#requestTopics(topics);
    const refused = topics.filter(({ filter }) => isRefused(granted.get(filter)));
    if (refused.length === topics.length) {
      this.#giveUp({ kind: 'refused', reason: `the broker refuses ${listFilters(topics)}` });
      return;
    }
    const { obsoleteFilters } = this.#options;
    if (obsoleteFilters.length > 0) await this.#client.unsubscribeAsync([...obsoleteFilters]);
    this.#isAdmitted = true;
    this.#options.onAdmitted({
      sessionPresent,
      refusedFilters: refused.map(({ filter }) => filter),
      unkeptFilters: topics
        .filter(({ filter, qos }) => qos === 1 && granted.get(filter) === 0)
        .map(({ filter }) => filter),
    });
  }

  /** What the SUBACK says of each filter: the quality of service granted, or a failure. */
  #requestTopics(topics: readonly SourceSubscription[]): Promise<ReadonlyMap<string, number>> {
    const map = Object.fromEntries(topics.map(({ filter, qos }) => [filter, { qos }]));
    return new Promise((resolve, reject) => {
      this.#client.subscribe(map, (error, requested = [], packet) => {
        // With a filter refused there is an error, and an answer too, which has the code of each.
        const codes = packet?.granted;
        if (codes === undefined) reject(error ?? new Error('there was no answer to SUBSCRIBE'));
        else resolve(new Map(requested.map(({ topic }, index) => [topic, Number(codes[index])])));
      });
    });
  }

  /** We never ask for it, since mqtt.js answers PUBREC before anything is on disk [MQTT-4.3.3-2]. */
  #refuseQos2({ topic }: IPublishPacket): void {
    const reason = `a message came at QoS 2 (topic ${topic}), which was not subscribed to; an old session may have it: say another clientId`;
    this.#giveUp({ kind: 'protocol', reason });
  }

  #noteError(error: Error): void {
    const code = error instanceof ErrorWithReasonCode ? error.code : undefined;
    const isRefusal = (code !== undefined && REFUSALS.includes(code)) || isCertificateError(error);
    this.#giveUp({ kind: isRefusal ? 'refused' : 'network', reason: errorText(error) });
  }

  #giveUp(ending: Ending): void {
    this.#trouble ??= ending;
    this.#receiver.close();
    // Closing follows, and with it the end.
    this.#client.stream.destroy();
  }

  #onClose(): void {
    this.#receiver.close();
    this.#end(this.#trouble ?? { kind: 'network', reason: 'the broker closed the connection' });
  }
}

function connectTo(options: SourceConnectionOptions): MqttClient {
  const { mqtt, clientId, credentials, answerMs } = options;
  return connect(mqtt.url, {
    ...credentials,
    clientId,
    protocolVersion: 4,
    // The broker keeps what comes while we are away.
    clean: false,
    keepalive: KEEP_ALIVE_SECONDS,
    connectTimeout: answerMs,
    reconnectPeriod: 0,
    resubscribe: false,
  });
}

/** [MQTT-3.9.3-2] */
function isRefused(code: number | undefined): boolean {
  return code === undefined || code >= 0x80;
}

function listFilters(topics: readonly SourceSubscription[]): string {
  return topics.map(({ filter }) => filter).join(', ');
}

/** Names of OpenSSL's and Node's verdicts on a certificate; trying again soon does not help against any. */
const CERTIFICATE_ERROR = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/;

function isCertificateError(error: Error): boolean {
  return 'code' in error && CERTIFICATE_ERROR.test(String(error.code));
}
