import { EXIT, Refusal } from '../exit-codes.ts';
import { listPorts } from '../settings/ports.ts';
import type { Settings } from '../settings/settings.ts';

/** Turns the error of a socket that could not be opened into a line that names the setting; other errors stay. */
export function explainListenError(error: unknown, settings: Settings): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const port = 'port' in error && typeof error.port === 'number' ? error.port : undefined;
  const [setting] = listPorts(settings).find(([, value]) => value === port) ?? [];
  if (error.code === 'EADDRINUSE' && port !== undefined) {
    const advice = setting === undefined ? '' : `; set ${setting} to another`;
    const message = `port ${port} is taken${advice}`;
    return new Refusal(EXIT.unavailable, message, { cause: error });
  }
  if (error.code === 'EACCES' && port !== undefined) {
    const message = `port ${port} (${setting ?? 'unknown setting'}) needs rights that this user lacks; ports from 1024 on do not`;
    return new Refusal(EXIT.config, message, { cause: error });
  }
  if (error.code === 'EADDRNOTAVAIL') {
    const message = `TUNNA_BIND=${settings.bind} is no address of this machine`;
    return new Refusal(EXIT.config, message, { cause: error });
  }
  return error;
}
