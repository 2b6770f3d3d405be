import { EXIT, Refusal } from '../exit-codes.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Throws a {@link Refusal} in production: nobody may take invented levels for real ones; and where there is no broker of ours to
 * speak to.
 */
export function refuseSimulator({ production, hasExternalBroker }: Settings): void {
  const why = production
    ? 'NODE_ENV is production'
    : hasExternalBroker
      ? 'TUNNA_BROKER is external: it speaks to our own broker only'
      : undefined;
  if (why === undefined) return;
  throw new Refusal(EXIT.config, `the simulator cannot be started while ${why}`);
}
