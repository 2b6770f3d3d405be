import type { Store } from '../../store/database.ts';
import { listPrincipals } from '../../store/principals.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { isLoopback } from '../settings/rules.ts';

/** Nothing listens beyond loopback until somebody has set credentials. Throws a {@link Refusal}. */
export async function assertMayListen(store: Store, bind: string): Promise<void> {
  if (isLoopback(bind)) return;
  const principals = await listPrincipals(store);
  if (principals.some(({ revokedAtMs }) => revokedAtMs === null)) return;
  throw new Refusal(
    EXIT.config,
    `TUNNA_BIND=${bind} is reachable from outside, but nobody has credentials yet; run "tunna device add" first`,
  );
}
