import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuthenticateError, Client, ConnectPacket } from 'aedes';
import { parseDeviceId } from '../domain/ids.ts';
import { acceptsToken, hashToken, NOBODY } from '../store/principals.ts';
import type { CloneSuspicion, StoredPrincipal } from '../store/principals.ts';
import { internalsOf } from './aedes-internals.ts';
import type { RefusalReason } from './broker-metrics.ts';
import type { BrokerLimits, ClientCertificate } from './broker-options.ts';
import { CloneWatch } from './clone-watch.ts';
import type { FailureThrottle } from '../domain/failure-throttle.ts';
import { mayBeNameless } from './open-door.ts';
import type { Credential, PrincipalCache } from './principal-cache.ts';
import type { Session, Sessions } from './sessions.ts';
import { TokenBuckets } from '../domain/token-bucket.ts';
import { mayPublish } from './topic-rules.ts';

/** CONNACK return codes [MQTT-3.2.2.3]. */
const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

const MAX_CLIENT_ID_LENGTH = 64;
const RESERVED_CLIENT_IDS = new Set(['__proto__', 'constructor', 'prototype']);

type Verdict =
  | { readonly ok: true; readonly session: Session }
  | ({ readonly ok: false; readonly returnCode: number } & RefusedConnect);

/** A CONNECT that was refused. */
export interface RefusedConnect {
  readonly reason: RefusalReason;
  /** Who it was, once that is known. */
  readonly principalId?: string | undefined;
  /** As whom it came. */
  readonly username?: string | undefined;
}

export interface AuthenticatorOptions {
  readonly principals: PrincipalCache;
  readonly sessions: Sessions;
  readonly throttle: FailureThrottle;
  readonly limits: BrokerLimits;
  /** The time of day, by which tokens expire. */
  readonly now: () => number;
  /** Milliseconds that only grow, for rates. */
  readonly uptimeMs: () => number;
  readonly addressOf: (client: Client) => string;
  readonly onAccepted: (client: Client) => void;
  /** The answer is known and will be a refusal, but a late one. */
  readonly onDelayed: (client: Client) => void;
  readonly certificateOf: (client: Client) => ClientCertificate | undefined;
  readonly onRefused: (client: Client, refused: RefusedConnect, error?: unknown) => void;
  readonly onTakeover: () => void;
  readonly onSuspicion: (principalId: string, suspicion: CloneSuspicion) => void;
}

/**
 * Decides about a CONNECT before Aedes looks at it, since the client id must be the principal's own by then: Aedes closes whoever
 * else has it. Aedes asks for the verdict later, and answers with it.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #verdicts = new WeakMap<Client, Verdict>();
  /** Connects of each principal. */
  readonly #connects: TokenBuckets;
  readonly #clones: CloneWatch;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    const { connectsPerSecond, connectBurst } = options.limits;
    this.#connects = new TokenBuckets(connectsPerSecond, connectBurst);
    this.#clones = new CloneWatch(options.now, options.uptimeMs);
  }

  readonly preConnect = (
    client: Client,
    packet: ConnectPacket,
    callback: (error: Error | null, success: boolean) => void,
  ): void => {
    // Until the verdict nothing else of this client may be handled.
    internalsOf(client).pause();
    void this.#decide(client, packet)
      .catch((error: unknown): Verdict => {
        this.#options.onRefused(client, { reason: 'store' }, error);
        return { ok: false, reason: 'store', returnCode: SERVER_UNAVAILABLE };
      })
      .then((verdict) => {
        this.#verdicts.set(client, verdict);
        // A refused client must not touch the session of the one it named.
        packet.clientId = verdict.ok ? verdict.session.clientId : randomUUID();
        if (verdict.ok && packet.will !== undefined) packet.will.retain = false;
        callback(null, true);
      });
  };

  readonly authenticate = (
    client: Client,
    _username: string | undefined,
    _password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void => {
    const verdict = this.#verdicts.get(client);
    if (verdict?.ok === true) {
      this.#options.onAccepted(client);
      done(null, true);
      return;
    }
    const returnCode = verdict?.returnCode ?? NOT_AUTHORIZED;
    if (verdict !== undefined && verdict.reason !== 'store') {
      this.#options.onRefused(client, verdict);
    }
    done(Object.assign(new Error('CONNECT refused'), { returnCode }), false);
  };

  async #decide(client: Client, packet: ConnectPacket): Promise<Verdict> {
    if (!isGoodClientId(packet)) return refuse('client-id', IDENTIFIER_REJECTED);
    const { throttle, addressOf, uptimeMs } = this.#options;
    const address = addressOf(client);
    const found = await this.#identify(client, packet);
    if (found === undefined) {
      // Only whoever fails is kept waiting: a whole town may sit behind one address.
      if (throttle.isThrottled(address)) await this.#keepWaiting(client);
      throttle.noteFailure(address);
      const { username } = packet;
      const refused = refuse('credentials', BAD_USER_NAME_OR_PASSWORD);
      return { ...refused, ...(username !== undefined && { username }) };
    }
    const { principal } = found;
    const verdict = this.#connects.of(principal.id, uptimeMs()).tryTake(uptimeMs())
      ? await this.#admit(client, packet, found)
      : await this.#refuseLate(client, 'throttled');
    return verdict.ok ? verdict : { ...verdict, principalId: principal.id };
  }

  async #refuseLate(client: Client, reason: RefusalReason): Promise<Verdict> {
    await this.#keepWaiting(client);
    return refuse(reason, SERVER_UNAVAILABLE);
  }

  /** Who connects: by the certificate it has shown, else by its token. */
  async #identify(client: Client, packet: ConnectPacket): Promise<Identified | undefined> {
    const certificate = this.#options.certificateOf(client);
    if (certificate !== undefined) return this.#findCertified(certificate, packet.username);
    const token = packet.password?.toString() ?? '';
    const principal = await this.#findPrincipal(packet.username ?? '', token);
    if (principal === undefined) return undefined;
    return { principal, credential: { kind: 'token', hash: hashToken(token) } };
  }

  /** The principal a certificate was made for. A user name is not needed; one that is another's is refused. */
  async #findCertified(
    certificate: ClientCertificate,
    username = '',
  ): Promise<Identified | undefined> {
    const id = username === '' ? certificate.name : parseDeviceId(username);
    if (id === undefined || !certificate.names(id)) return undefined;
    const { principals } = this.#options;
    const principal = (await principals.find(id)) ?? NOBODY;
    if (principal.id !== id || principal.revokedAtMs !== null || principal.kind === 'operator') {
      return undefined;
    }
    return { principal, credential: { kind: 'certificate', untilMs: certificate.untilMs } };
  }

  /** Answers late, and lets others of the same address have their turn meanwhile. */
  async #keepWaiting(client: Client): Promise<void> {
    this.#options.onDelayed(client);
    await delay(this.#options.limits.failureDelayMs);
  }

  /** Forgets how often principals connected that have not for some time. */
  forgetIdle(): void {
    this.#connects.forgetFull(this.#options.uptimeMs());
    this.#clones.forgetOld();
  }

  /** The principal with this name, when the token opens it and it has business here: operators have not. */
  async #findPrincipal(username: string, token: string): Promise<StoredPrincipal | undefined> {
    const { principals, now } = this.#options;
    const opens = (principal: StoredPrincipal): boolean =>
      acceptsToken(principal, token, now()) && principal.kind !== 'operator';
    const id = parseDeviceId(username) ?? NOBODY.id;
    const known = (await principals.find(id)) ?? NOBODY;
    if (opens(known)) return known;
    const fresh = (await principals.read(id)) ?? NOBODY;
    return opens(fresh) ? fresh : undefined;
  }

  async #admit(
    client: Client,
    packet: ConnectPacket,
    { principal, credential }: Identified,
  ): Promise<Verdict> {
    const { sessions, limits } = this.#options;
    if (packet.will !== undefined && !mayPublish(principal, packet.will.topic)) {
      return refuse('will', NOT_AUTHORIZED);
    }
    const clientId = `${principal.id}/${packet.clientId === '' ? randomUUID() : packet.clientId}`;
    const most =
      principal.kind === 'device' ? limits.connectionsPerDevice : limits.connectionsPerService;
    if (sessions.countOthers(principal.id, clientId) >= most) {
      return refuse('connection-limit', SERVER_UNAVAILABLE);
    }
    await this.#takeOver(client, principal, clientId);
    const session: Session = { client, clientId, principal, credential, filters: new Set() };
    if (!client.closed) sessions.add(session);
    return { ok: true, session };
  }

  /** Aedes will close whoever has this client id now: it is the principal's own, or its twin's. */
  async #takeOver(client: Client, principal: StoredPrincipal, clientId: string): Promise<void> {
    const { sessions, limits, addressOf, onTakeover, onSuspicion } = this.#options;
    if (sessions.withClientId(principal.id, clientId) === undefined) return;
    // Of two that fight for one place, each keeps it long enough to be heard.
    if (principal.suspicion !== null) await delay(limits.takeoverDelayMs);
    const standing = sessions.withClientId(principal.id, clientId);
    if (standing === undefined || client.closed) return;
    onTakeover();
    const addresses = [addressOf(standing.client), addressOf(client)];
    const suspicion = this.#clones.note(clientId, addresses);
    if (suspicion !== undefined && principal.suspicion === null) {
      onSuspicion(principal.id, suspicion);
    }
  }
}

interface Identified {
  readonly principal: StoredPrincipal;
  readonly credential: Credential;
}

function refuse(reason: RefusalReason, returnCode: number): Extract<Verdict, { ok: false }> {
  return { ok: false, reason, returnCode };
}

function isGoodClientId(packet: ConnectPacket): boolean {
  const { clientId } = packet;
  if (clientId === '') return mayBeNameless(packet);
  return clientId.length <= MAX_CLIENT_ID_LENGTH && !RESERVED_CLIENT_IDS.has(clientId);
}
