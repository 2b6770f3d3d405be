import type { Store } from '../../store/database.ts';
import {
  clearSuspicion,
  createToken,
  findPrincipal,
  revokePrincipal,
  rotateToken,
} from '../../store/principals.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { formatTime, print } from '../print.ts';
import { printToken } from './add-device.ts';

/** Gives a new token and prints it. The old one works until the grace is over. */
export async function rotate(
  store: Store,
  id: string,
  graceHours: number,
  nowMs: number,
): Promise<void> {
  const principal = await findPrincipal(store, id);
  if (principal === undefined) throw noCredentials(id);
  if (principal.revokedAtMs !== null) {
    const at = formatTime(principal.revokedAtMs) ?? '';
    const message = `${id} was revoked at ${at}, which is for good; register it under another id`;
    throw new Refusal(EXIT.failure, message);
  }
  const token = createToken();
  const oldTokenUntilMs = nowMs + graceHours * 3_600_000;
  await rotateToken(store, id, token, oldTokenUntilMs);
  printToken(id, token);
  print(
    graceHours === 0
      ? 'The old token no longer works.'
      : `The old token works until ${formatTime(oldTokenUntilMs) ?? ''}.`,
  );
}

/** Shuts out for good what has credentials. */
export async function revoke(store: Store, id: string, nowMs: number): Promise<void> {
  if (!(await revokePrincipal(store, id, nowMs))) throw noCredentials(id);
  print(`${id} can no longer connect`);
}

/** Takes back the suspicion that a credential is in two places. */
export async function trust(store: Store, id: string): Promise<void> {
  if (!(await clearSuspicion(store, id))) throw noCredentials(id);
  print(`${id} is no longer suspected`);
}

function noCredentials(id: string): Refusal {
  return new Refusal(
    EXIT.failure,
    `${id} has no credentials; "tunna device list" shows what there is`,
  );
}
