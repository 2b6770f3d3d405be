import type { Store } from './database.ts';

/** Clocks of processes that share a database are closer than this. */
const CLOCK_APART_MS = 10_000;

/**
 * Takes or renews a lease. Returns whether `holder` has it until `nowMs + forMs`; another holder's lease is taken only
 * after it has run out, or when it runs for longer than anybody takes it: then it was taken under a clock that was ahead and
 * has been put right since, and might be held for years by a process that is no more. All processes that share a database
 * must have clocks within a second or so of each other.
 * @param lease `forMs` is the same for all that take it
 */
export async function takeLease(
  store: Store,
  lease: { readonly name: string; readonly holder: string; readonly forMs: number },
  nowMs: number,
): Promise<boolean> {
  const expires_at = nowMs + lease.forMs;
  const row = await store.db
    .insertInto('leases')
    .values({ name: lease.name, holder: lease.holder, expires_at })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder: lease.holder, expires_at })
        .where((eb) =>
          eb.or([
            eb('leases.holder', '=', lease.holder),
            eb('leases.expires_at', '<=', nowMs),
            eb('leases.expires_at', '>', nowMs + 2 * lease.forMs + CLOCK_APART_MS),
          ]),
        ),
    )
    .returning('holder')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether `holder` has the lease at this moment. */
export async function hasLease(
  store: Store,
  lease: { readonly name: string; readonly holder: string },
  nowMs: number,
): Promise<boolean> {
  const row = await store.db
    .selectFrom('leases')
    .select('holder')
    .where('name', '=', lease.name)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst();
  return row?.holder === lease.holder;
}

/** Gives a lease back early; no effect when somebody else has it. */
export async function releaseLease(store: Store, name: string, holder: string): Promise<void> {
  await store.db
    .deleteFrom('leases')
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}
