import path from 'node:path';
import type { ConfiguredSource } from '../../ingest/sources/mqtt-source.ts';
import type { Worker } from '../../ingest/sources/worker.ts';
import type { SettingValues } from './definitions.ts';

/** Where long history goes, besides SQL. */
export type HistoryStore =
  | { readonly kind: 'sqlite' }
  | {
      readonly kind: 'influx1';
      readonly url: string;
      readonly database: string;
      readonly login?: { readonly username: string; readonly password: string };
    }
  | {
      readonly kind: 'influx2';
      readonly url: string;
      readonly org: string;
      readonly bucket: string;
      readonly token: string;
      /** Of the DBRP mapping by which InfluxQL finds the bucket. */
      readonly database: string;
      readonly retentionPolicy?: string | undefined;
    };

/** Everything the parts are told, grouped and typed. Nothing else reads the environment. */
export interface Settings {
  readonly production: boolean;
  /** Absolute path. */
  readonly dataFolder: string;
  /** PostgreSQL URL or the path of the SQLite file. */
  readonly database: string;
  readonly bind: string;
  /** Where MQTT without TLS listens. */
  readonly mqttBind: string;
  /** Whether sensors connect to another broker, from which the sources fetch, instead of to ours. */
  readonly hasExternalBroker: boolean;
  /** Which of several ingest processes this is. */
  readonly worker: Worker;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqttWsPort: number | null;
  /** Used only with `tls`. */
  readonly mqttsPort: number | null;
  /** Where the metrics of broker and ingest are served; `null`: nowhere. The dashboard serves its own beside the page. */
  readonly brokerMetricsPort: number | null;
  readonly ingestMetricsPort: number | null;
  /** Host names the dashboard answers to, besides localhost and addresses. */
  readonly allowedHosts: readonly string[];
  readonly mqttOpen: boolean;
  readonly tls:
    | {
        readonly certFile: string;
        readonly keyFile: string;
        /** Whose certificates clients of the broker may bring. */
        readonly clientCaFile?: string;
        readonly clientCertificates: SettingValues['TUNNA_TLS_CLIENT_CERTS'];
      }
    | undefined;
  /** Where messages come from besides our own sensors, and how they are read. */
  readonly sources: readonly ConfiguredSource[];
  readonly history: HistoryStore;
  /** How long SQL keeps readings that InfluxDB has; `null`: as long as everything else. */
  readonly recentDays: number | null;
  readonly tiles: { readonly url: string; readonly attribution: string } | null;
  /** How long messages and readings are kept; `null`: for ever. */
  readonly retentionMonths: number | null;
  /** How long the audit is kept; `null`: for ever. */
  readonly auditMonths: number | null;
  readonly logLevel: SettingValues['TUNNA_LOG_LEVEL'];
  readonly demo: boolean;
  readonly simulator: {
    readonly seed: number;
    readonly bins: number;
    /** Simulated seconds per real second. */
    readonly timeLapse: number;
  };
}

/** Free for light use with attribution (operations.osmfoundation.org/policies/tiles); a town in earnest picks its own. */
const DEMO_TILES = {
  url: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png',
  attribution: '© OpenStreetMap contributors',
};

/** Groups values that have no mistakes, and what the sources file says. Relative paths start at `folder`. */
export function toSettings(
  values: SettingValues,
  sources: Settings['sources'],
  folder: string,
): Settings {
  const production = values.NODE_ENV === 'production';
  const dataFolder = path.resolve(folder, values.TUNNA_DATA_DIR);
  return {
    production,
    dataFolder,
    database: values.TUNNA_DATABASE_URL ?? path.join(dataFolder, 'tunna.sqlite'),
    bind: values.TUNNA_BIND,
    mqttBind: values.TUNNA_MQTT_BIND ?? values.TUNNA_BIND,
    hasExternalBroker: values.TUNNA_BROKER === 'external',
    worker: values.TUNNA_WORKER,
    httpPort: values.TUNNA_HTTP_PORT,
    mqttPort: values.TUNNA_MQTT_PORT,
    mqttWsPort: values.TUNNA_MQTT_WS_PORT,
    mqttsPort: values.TUNNA_MQTTS_PORT,
    brokerMetricsPort: values.TUNNA_BROKER_METRICS_PORT,
    ingestMetricsPort: values.TUNNA_INGEST_METRICS_PORT,
    allowedHosts: values.TUNNA_ALLOWED_HOSTS ?? [],
    mqttOpen: values.TUNNA_MQTT_OPEN,
    tls: toTls(values, folder),
    sources,
    history: toHistory(values),
    recentDays: values.TUNNA_RECENT_DAYS,
    tiles: toTiles(values, production),
    retentionMonths: values.TUNNA_RETENTION_MONTHS,
    auditMonths: values.TUNNA_AUDIT_MONTHS,
    logLevel: values.TUNNA_LOG_LEVEL,
    // The demo's sensors know our own broker only.
    demo: values.TUNNA_DEMO ?? (!production && values.TUNNA_BROKER === 'aedes'),
    simulator: {
      seed: values.TUNNA_SIM_SEED,
      bins: values.TUNNA_SIM_BINS,
      timeLapse: values.TUNNA_SIM_TIME_LAPSE,
    },
  };
}

function toTls(values: SettingValues, folder: string): Settings['tls'] {
  const { TUNNA_TLS_CERT: cert, TUNNA_TLS_KEY: key } = values;
  if (cert === undefined || key === undefined) return undefined;
  const { TUNNA_TLS_CLIENT_CA: clientCa, TUNNA_TLS_CLIENT_CERTS: clientCertificates } = values;
  return {
    certFile: path.resolve(folder, cert),
    keyFile: path.resolve(folder, key),
    ...(clientCa !== undefined && { clientCaFile: path.resolve(folder, clientCa) }),
    clientCertificates,
  };
}

function toHistory(values: SettingValues): HistoryStore {
  // The rules have made sure of what each store needs.
  const url = values.TUNNA_INFLUX_URL ?? '';
  if (values.TUNNA_STORE === 'sqlite') return { kind: 'sqlite' };
  if (values.TUNNA_STORE === 'influx2') {
    return {
      kind: 'influx2',
      url,
      org: values.TUNNA_INFLUX_ORG ?? '',
      bucket: values.TUNNA_INFLUX_BUCKET ?? '',
      token: values.TUNNA_INFLUX_TOKEN ?? '',
      // InfluxDB 2 maps a database of the bucket's name to it by itself.
      database: values.TUNNA_INFLUX_DATABASE ?? values.TUNNA_INFLUX_BUCKET ?? '',
      retentionPolicy: values.TUNNA_INFLUX_RP,
    };
  }
  const { TUNNA_INFLUX_USERNAME: username, TUNNA_INFLUX_PASSWORD: password } = values;
  const login =
    username !== undefined && password !== undefined ? { username, password } : undefined;
  const database = values.TUNNA_INFLUX_DATABASE ?? '';
  return { kind: 'influx1', url, database, ...(login && { login }) };
}

function toTiles(values: SettingValues, production: boolean): Settings['tiles'] {
  const { TUNNA_TILE_URL: url, TUNNA_TILE_ATTRIBUTION: attribution } = values;
  if (url === 'off') return null;
  if (url !== undefined) return { url, attribution: attribution ?? '' };
  return production ? null : DEMO_TILES;
}
