import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from 'express';
import type { Counter } from 'prom-client';
import { FailureThrottle } from '../../../domain/failure-throttle.ts';
import { parseDeviceId } from '../../../domain/ids.ts';
import type { Store } from '../../../store/database.ts';
import {
  acceptsToken,
  findPrincipal,
  findPrincipalsByTokenHash,
  hashToken,
  NOBODY,
} from '../../../store/principals.ts';
import type { Principal, PrincipalKind, StoredPrincipal } from '../../../store/principals.ts';
import type { RefusalAudit } from '../../../store/refusal-audit.ts';
import { HttpProblem } from '../problem.ts';
import { readCredentials } from './credentials.ts';
import type { Credentials } from './credentials.ts';

/** Failed attempts per address and minute after which further failures are answered late. */
const FAILURES_PER_MINUTE = 20;

/** How late. */
const FAILURE_DELAY_MS = 1_000;

/** Enough of a path to recognise it. */
const MOST_SUBJECT = 200;

/** Accepted credentials that are remembered. */
const MAX_KNOWN = 1_000;

/**
 * RFC 9110 11.6.1. `Basic` is taken but not offered: a browser that is offered it asks its user for a password, and sends that
 * by itself from then on, also with what pages of other sites make it send.
 */
const CHALLENGE = 'Bearer realm="tunna"';

export interface AuthenticatorOptions {
  readonly store: Store;
  /** The time of day, by which tokens expire. */
  readonly now: () => number;
  /** Refused requests, by `reason`. */
  readonly refused: Counter<'reason'>;
  /** Where refusals are written down, too; nowhere when left out. */
  readonly audit?: Pick<RefusalAudit, 'note'>;
  /** What a failure waits for where there are many; a second when left out. */
  readonly waitAfterFailure?: () => Promise<void>;
}

/**
 * Asks for a token where a request writes, or reads what is not for everybody. There are no cookies and nothing else that a
 * browser sends by itself, so no page of another site can have its visitors do anything on their authority; should a browser
 * have learnt a password all the same, what pages of other sites make it send is refused.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  /** By a clock that only grows: the time of day may be set. */
  readonly #throttle = new FailureThrottle(FAILURES_PER_MINUTE, () => performance.now());

  /** Who was accepted, by what: while the database is away, network servers that are known may still deliver. */
  readonly #known = new Map<string, StoredPrincipal>();
  readonly #wait: () => Promise<void>;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#wait = options.waitAfterFailure ?? (() => delay(FAILURE_DELAY_MS));
  }

  /**
   * Who sends a request, which must be of a certain kind.
   * @throws HttpProblem 401 without a good token, 403 with one of another kind or from a page of another site
   */
  async require(request: Request, kind: PrincipalKind): Promise<Principal> {
    if (request.get('Sec-Fetch-Site') === 'cross-site') {
      this.#note(request, 'cross-site');
      throw new HttpProblem(403, { detail: 'Pages of other sites cannot do this' });
    }
    const credentials = readCredentials(request);
    const principal = credentials && (await this.#find(credentials));
    if (principal === undefined) throw await this.#refuse(request, credentials !== undefined);
    if (principal.kind === kind) return principal;
    this.#note(request, 'kind', principal.id);
    const detail = `This takes a token of the kind "${kind}", not "${principal.kind}"`;
    throw new HttpProblem(403, { detail });
  }

  /** @param principalId who asked, where that is known */
  #note(request: Request, reason: string, principalId?: string): void {
    const { refused, audit } = this.#options;
    refused.inc({ reason });
    const address = request.socket.remoteAddress ?? '';
    // Without what follows the path: there may be secrets in it.
    const subject = `${request.method} ${request.baseUrl}${request.path}`.slice(0, MOST_SUBJECT);
    const actor = principalId ?? address;
    audit?.note({ action: 'request-refused', reason, actor, address, subject });
  }

  async #find(credentials: Credentials): Promise<StoredPrincipal | undefined> {
    const { token } = credentials;
    const key = `${credentials.scheme === 'basic' ? credentials.id : ''}:${hashToken(token)}`;
    const candidates = await this.#listCandidates(credentials).catch((error: unknown) => {
      const known = this.#known.get(key);
      if (known === undefined) throw error;
      return [known];
    });
    const nowMs = this.#options.now();
    const found = candidates.find((principal) => acceptsToken(principal, token, nowMs));
    this.#known.delete(key);
    if (found !== undefined) this.#remember(key, found);
    return found;
  }

  #remember(key: string, principal: StoredPrincipal): void {
    this.#known.set(key, principal);
    if (this.#known.size <= MAX_KNOWN) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** What an index tells about a token is told about its hash, from which nobody comes back to the token. */
  async #listCandidates(credentials: Credentials): Promise<readonly StoredPrincipal[]> {
    const { store } = this.#options;
    if (credentials.scheme === 'bearer') {
      return findPrincipalsByTokenHash(store, hashToken(credentials.token));
    }
    const id = parseDeviceId(credentials.id);
    return [(id && (await findPrincipal(store, id))) ?? NOBODY];
  }

  /** Unknown, wrong, revoked and expired get the same answer. Only whoever fails is kept waiting: a town may sit behind one proxy. */
  async #refuse(request: Request, hasCredentials: boolean): Promise<HttpProblem> {
    this.#note(request, hasCredentials ? 'credentials' : 'no-credentials');
    if (hasCredentials) {
      const address = request.socket.remoteAddress ?? '';
      if (this.#throttle.isThrottled(address)) await this.#wait();
      this.#throttle.noteFailure(address);
    }
    const detail = hasCredentials
      ? 'The token is not accepted'
      : 'This takes a token: Authorization: Bearer TOKEN';
    return new HttpProblem(401, { detail, headers: { 'WWW-Authenticate': CHALLENGE } });
  }
}
