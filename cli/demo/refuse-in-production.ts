import { EXIT, Refusal } from '../exit-codes.ts';
import type { Settings } from '../settings/settings.ts';

/** Throws a {@link Refusal} in production: nobody may take invented levels for real ones. */
export function refuseInProduction(settings: Settings): void {
  if (!settings.production) return;
  throw new Refusal(EXIT.config, 'the simulator cannot be started while NODE_ENV is production');
}
