import type { Store } from '../store/database.ts';
import { findPrincipal } from '../store/principals.ts';
import type { StoredPrincipal } from '../store/principals.ts';

/** A look into the store that is under way. */
interface Look {
  /** Whether the principal has changed since it began: what it finds must not be kept. */
  isOutdated: boolean;
}

/** Principals as the store has them, read once and anew after each change. */
export class PrincipalCache {
  readonly #store: Store;
  readonly #known = new Map<string, StoredPrincipal>();
  readonly #looks = new Map<string, Set<Look>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async find(id: string): Promise<StoredPrincipal | undefined> {
    return this.#known.get(id) ?? this.read(id);
  }

  /** The principal as the store has it now: a token given a moment ago must work before its change is told. */
  async read(id: string): Promise<StoredPrincipal | undefined> {
    for (;;) {
      const look = this.#beginLook(id);
      try {
        const found = await findPrincipal(this.#store, id);
        if (look.isOutdated) continue;
        // Unknown ids are not kept: strangers could make up any number of them.
        if (found !== undefined) this.#known.set(id, found);
        return found;
      } finally {
        this.#endLook(id, look);
      }
    }
  }

  /** The principal has changed. Changes of others outdate nothing of it, however many there are. */
  forget(id: string): void {
    this.#known.delete(id);
    for (const look of this.#looks.get(id) ?? []) look.isOutdated = true;
  }

  /** Forgets a principal and returns it as it is now. */
  async refresh(id: string): Promise<StoredPrincipal | undefined> {
    this.forget(id);
    return this.read(id);
  }

  #beginLook(id: string): Look {
    const look = { isOutdated: false };
    this.#looks.set(id, (this.#looks.get(id) ?? new Set()).add(look));
    return look;
  }

  #endLook(id: string, look: Look): void {
    const looks = this.#looks.get(id);
    looks?.delete(look);
    if (looks?.size === 0) this.#looks.delete(id);
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
