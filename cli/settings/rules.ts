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
  const { TUNNA_STORE: store } = values;
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
  if (
    values.TUNNA_BROKER === 'external' &&
    'TUNNA_SOURCES' in values &&
    values.TUNNA_SOURCES === undefined
  ) {
    return ['TUNNA_SOURCES is needed when TUNNA_BROKER is external', ...findMissingOfStore(values)];
  }
  return findMissingOfStore(values);
}

function findMissingOfStore(values: Understood): string[] {
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
  const clients: string[] = [];
  if (values.TUNNA_TLS_CLIENT_CA !== undefined && values.TUNNA_TLS_CERT === undefined) {
    clients.push('TUNNA_TLS_CERT is needed together with TUNNA_TLS_CLIENT_CA');
  }
  if (values.TUNNA_TLS_CLIENT_CERTS === 'required' && values.TUNNA_TLS_CLIENT_CA === undefined) {
    clients.push('TUNNA_TLS_CLIENT_CA is needed when TUNNA_TLS_CLIENT_CERTS is required');
  }
  const halves = pairs.flatMap(([a, b]) => {
    if ((values[a] === undefined) === (values[b] === undefined)) return [];
    const [set, missing] = values[a] === undefined ? [b, a] : [a, b];
    return [`${missing} is needed together with ${set}`];
  });
  return [...halves, ...clients];
}

function findUnsafe(values: Understood): string[] {
  const { TUNNA_BIND: bind, TUNNA_MQTT_OPEN: open, NODE_ENV: environment } = values;
  const { TUNNA_MQTT_BIND: mqttBind } = values;
  const found: string[] = [];
  if (values.TUNNA_BROKER === 'external') {
    if (open === true) found.push('TUNNA_MQTT_OPEN must be 0 when TUNNA_BROKER is external');
    if (values.TUNNA_DEMO === true)
      found.push('TUNNA_DEMO must be 0 when TUNNA_BROKER is external');
  }
  if (open === true && bind !== undefined && !isLoopback(bind)) {
    found.push(
      `TUNNA_MQTT_OPEN lets anybody in, so TUNNA_BIND must be a loopback address, got "${bind}"`,
    );
  }
  if (open === true && mqttBind !== undefined && !isLoopback(mqttBind)) {
    found.push(
      `TUNNA_MQTT_OPEN lets anybody in, so TUNNA_MQTT_BIND must be a loopback address, got "${mqttBind}"`,
    );
  }
  if (environment !== 'production') return found;
  if (open === true) found.push('TUNNA_MQTT_OPEN must be 0 in production');
  if (values.TUNNA_DEMO === true) found.push('TUNNA_DEMO must be 0 in production');
  return [...found, ...findPlaintext(values)];
}

/** In production no token travels in the clear beyond this machine, unless somebody says that something else protects it. */
function findPlaintext(values: Understood): string[] {
  const { TUNNA_BIND: bind, TUNNA_TLS_CERT: cert, TUNNA_ALLOW_PLAINTEXT: isAllowed } = values;
  if (bind === undefined || isAllowed !== false) return [];
  const mqttBind = values.TUNNA_MQTT_BIND ?? bind;
  const advice = 'or TUNNA_ALLOW_PLAINTEXT=1 where a proxy or a closed network protects them';
  const found: string[] = [];
  if (!isLoopback(mqttBind)) {
    const setting = values.TUNNA_MQTT_BIND === undefined ? 'TUNNA_BIND' : 'TUNNA_MQTT_BIND';
    found.push(
      `${setting}=${mqttBind} would take tokens over MQTT without TLS: set TUNNA_MQTT_BIND=127.0.0.1, ${advice}`,
    );
  }
  if (!isLoopback(bind) && cert === undefined) {
    found.push(
      `TUNNA_BIND=${bind} would take tokens over HTTP without TLS: set TUNNA_TLS_CERT and TUNNA_TLS_KEY, ${advice}`,
    );
  }
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
  if (values.TUNNA_BROKER === 'external') return findShared(values, DASHBOARD_AND_INGEST);
  // Without a certificate nothing listens on the TLS port.
  const used =
    values.TUNNA_TLS_CERT === undefined ? names : [...names, 'TUNNA_MQTTS_PORT' as const];
  return findShared(values, used);
}

const DASHBOARD_AND_INGEST = ['TUNNA_HTTP_PORT', 'TUNNA_INGEST_METRICS_PORT'] as const;

type PortName =
  | (typeof DASHBOARD_AND_INGEST)[number]
  | 'TUNNA_MQTT_PORT'
  | 'TUNNA_MQTT_WS_PORT'
  | 'TUNNA_MQTTS_PORT'
  | 'TUNNA_BROKER_METRICS_PORT';

function findShared(values: Understood, used: readonly PortName[]): string[] {
  return used.flatMap((name, index) => {
    const first = used.slice(0, index).find((other) => values[other] === values[name]);
    const value = values[name];
    if (first === undefined || value === undefined || value === null || value === 0) return [];
    return [`${name} must differ from ${first}, both are ${value}`];
  });
}
