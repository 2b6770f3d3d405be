import type { Store } from '../store/database.ts';
import { findPrincipal } from '../store/principals.ts';
import type { StoredPrincipal } from '../store/principals.ts';

/** Principals as the store has them, read once and anew after each change. */
export class PrincipalCache {
  readonly #store: Store;
  readonly #known = new Map<string, StoredPrincipal>();
  /** Counts changes: what was read before one must not be kept after it. */
  #changes = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(id: string): Promise<StoredPrincipal | undefined> {
    return this.#known.get(id) ?? this.read(id);
  }

  /** The principal as the store has it now: a token given a moment ago must work before its change is told. */
  async read(id: string): Promise<StoredPrincipal | undefined> {
    for (;;) {
      const changes = this.#changes;
      const found = await findPrincipal(this.#store, id);
      if (changes !== this.#changes) continue;
      // Unknown ids are not kept: strangers could make up any number of them.
      if (found !== undefined) this.#known.set(id, found);
      return found;
    }
  }

  /** Forgets a principal and returns it as it is now. */
  async refresh(id: string): Promise<StoredPrincipal | undefined> {
    this.#changes += 1;
    this.#known.delete(id);
    return this.read(id);
  }
}

/** What a connection was let in with. */
export type Credential =
  | { readonly kind: 'token'; readonly hash: string }
  | { readonly kind: 'certificate'; readonly untilMs: number };

/** Whether what was accepted once is accepted still. */
export function isStillAccepted(
  principal: StoredPrincipal,
  credential: Credential,
  nowMs: number,
): boolean {
  if (principal.revokedAtMs !== null) return false;
  if (credential.kind === 'certificate') return credential.untilMs > nowMs;
  const { hash: tokenHash } = credential;
  if (principal.tokenHash === tokenHash) return true;
  return principal.oldTokenHash === tokenHash && (principal.oldTokenUntilMs ?? 0) > nowMs;
}
