import { EXIT, Refusal } from '../exit-codes.ts';
import type { SettingName } from '../settings/definitions.ts';
import type { Settings } from '../settings/settings.ts';

/** Turns the error of a socket that could not be opened into a line that names the setting; other errors stay. */
export function explainListenError(error: unknown, settings: Settings): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const port = 'port' in error && typeof error.port === 'number' ? error.port : undefined;
  const setting = port === undefined ? undefined : settingOfPort(port, settings);
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

function settingOfPort(port: number, settings: Settings): SettingName | undefined {
  const names = {
    TUNNA_HTTP_PORT: settings.httpPort,
    TUNNA_MQTT_PORT: settings.mqttPort,
    TUNNA_MQTT_WS_PORT: settings.mqttWsPort,
    TUNNA_MQTTS_PORT: settings.mqttsPort,
  } as const satisfies Partial<Record<SettingName, number | null>>;
  // Safe: the object above has these keys and no others.
  const entries = Object.entries(names) as [keyof typeof names, number | null][];
  return entries.find(([, value]) => value === port)?.[0];
}
