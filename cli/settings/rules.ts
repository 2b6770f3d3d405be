import type { SettingName, SettingValues } from './definitions.ts';

/** Values that were understood; what was not is missing. */
export type Understood = Partial<SettingValues>;

/** Whether an address is reachable from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}

/**
 * What the settings have against one another, one line each. A rule about a value that was not understood says nothing:
 * that mistake is already told.
 */
export function findContradictions(values: Understood): string[] {
  return [
    ...findMissing(values),
    ...findHalves(values),
    ...findUnsafe(values),
    ...findSharedPorts(values),
  ];
}

/** What works but is probably not meant. */
export function findWarnings(values: Understood): string[] {
  const warnings: string[] = [];
  const { TUNNA_BIND: bind = '127.0.0.1', TUNNA_STORE: store } = values;
  if (
    values.NODE_ENV === 'production' &&
    !isLoopback(bind) &&
    values.TUNNA_TLS_CERT === undefined
  ) {
    warnings.push(
      `TUNNA_BIND=${bind} without TUNNA_TLS_CERT sends passwords in the clear unless a proxy in front speaks TLS`,
    );
  }
  const unused = INFLUX_NAMES.filter((name) => values[name] !== undefined);
  if (store === 'sqlite' && unused.length > 0) {
    warnings.push(`${unused.join(', ')} has no effect while TUNNA_STORE is sqlite`);
  }
  return warnings;
}

const INFLUX_NAMES = [
  'TUNNA_INFLUX_URL',
  'TUNNA_INFLUX_DATABASE',
  'TUNNA_INFLUX_USERNAME',
  'TUNNA_INFLUX_PASSWORD',
  'TUNNA_INFLUX_ORG',
  'TUNNA_INFLUX_BUCKET',
  'TUNNA_INFLUX_TOKEN',
  'TUNNA_INFLUX_RP',
] as const satisfies readonly SettingName[];

const NEEDED_BY_STORE = {
  sqlite: [],
  influx1: ['TUNNA_INFLUX_URL', 'TUNNA_INFLUX_DATABASE'],
  influx2: ['TUNNA_INFLUX_URL', 'TUNNA_INFLUX_ORG', 'TUNNA_INFLUX_BUCKET', 'TUNNA_INFLUX_TOKEN'],
} as const satisfies Record<SettingValues['TUNNA_STORE'], readonly SettingName[]>;

function findMissing(values: Understood): string[] {
  const { TUNNA_STORE: store } = values;
  if (store === undefined) return [];
  // A value that was set but not understood has no key; one that was left out has the value undefined.
  return NEEDED_BY_STORE[store]
    .filter((name) => name in values && values[name] === undefined)
    .map((name) => `${name} is needed when TUNNA_STORE is ${store}`);
}

function findHalves(values: Understood): string[] {
  const pairs = [
    ['TUNNA_TLS_CERT', 'TUNNA_TLS_KEY'],
    ['TUNNA_INFLUX_USERNAME', 'TUNNA_INFLUX_PASSWORD'],
  ] as const;
  return pairs.flatMap(([a, b]) => {
    if ((values[a] === undefined) === (values[b] === undefined)) return [];
    const [set, missing] = values[a] === undefined ? [b, a] : [a, b];
    return [`${missing} is needed together with ${set}`];
  });
}

function findUnsafe(values: Understood): string[] {
  const { TUNNA_BIND: bind, TUNNA_MQTT_OPEN: open, NODE_ENV: environment } = values;
  const found: string[] = [];
  if (open === true && bind !== undefined && !isLoopback(bind)) {
    found.push(
      `TUNNA_MQTT_OPEN lets anybody in, so TUNNA_BIND must be a loopback address, got "${bind}"`,
    );
  }
  if (environment !== 'production') return found;
  if (open === true) found.push('TUNNA_MQTT_OPEN must be 0 in production');
  if (values.TUNNA_DEMO === true) found.push('TUNNA_DEMO must be 0 in production');
  return found;
}

function findSharedPorts(values: Understood): string[] {
  const names = [
    'TUNNA_HTTP_PORT',
    'TUNNA_MQTT_PORT',
    'TUNNA_MQTT_WS_PORT',
    'TUNNA_BROKER_METRICS_PORT',
    'TUNNA_INGEST_METRICS_PORT',
  ] as const;
  // Without a certificate nothing listens on the TLS port.
  const used =
    values.TUNNA_TLS_CERT === undefined ? names : [...names, 'TUNNA_MQTTS_PORT' as const];
  return used.flatMap((name, index) => {
    const first = used.slice(0, index).find((other) => values[other] === values[name]);
    const value = values[name];
    if (first === undefined || value === undefined || value === null || value === 0) return [];
    return [`${name} must differ from ${first}, both are ${value}`];
  });
}
