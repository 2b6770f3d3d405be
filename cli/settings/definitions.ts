import { isIP } from 'node:net';
import { z } from 'zod';

/** One setting: how its text becomes a value, and what to say when it does not. */
interface Definition<T> {
  readonly schema: z.ZodType<T, string | undefined>;
  /** Completes "must be ...". */
  readonly expected: string;
  /** As written in `docs/operations.md`; empty when there is none. */
  readonly default: string;
  /** Never printed. */
  readonly secret?: true;
}

/** Every name and default of a setting stands here; `docs/operations.md` says what each is for. */
export const DEFINITIONS = {
  NODE_ENV: choice(['development', 'production', 'test'], 'development'),
  TUNNA_DATA_DIR: withDefault(z.string(), './data', 'a folder'),
  TUNNA_DATABASE_URL: optional(
    z.string().refine((text) => /^postgres(ql)?:\/\/[^/\s]+/.test(text) && URL.canParse(text)),
    'a URL that starts with postgres://, in which special characters of the password are percent-encoded',
    true,
  ),
  TUNNA_BIND: withDefault(
    z.string().refine((text) => text === 'localhost' || isIP(text) !== 0),
    '127.0.0.1',
    'an IP address or localhost',
  ),
  TUNNA_HTTP_PORT: port('8080'),
  TUNNA_ALLOWED_HOSTS: optional(
    z
      .string()
      .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
      .pipe(z.array(z.string().regex(/^[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/))),
    'host names without scheme and port, separated by commas',
  ),
  TUNNA_MQTT_BIND: optional(
    z.string().refine((text) => text === 'localhost' || isIP(text) !== 0),
    'an IP address or localhost',
  ),
  TUNNA_ALLOW_PLAINTEXT: flag('0'),
  TUNNA_BROKER: choice(['aedes', 'external'], 'aedes'),
  TUNNA_MQTT_PORT: port('1883'),
  TUNNA_MQTT_WS_PORT: portOrOff('8083'),
  TUNNA_MQTTS_PORT: portOrOff('8883'),
  TUNNA_BROKER_METRICS_PORT: portOrOff('off'),
  TUNNA_INGEST_METRICS_PORT: portOrOff('off'),
  TUNNA_MQTT_OPEN: flag('0'),
  TUNNA_TLS_CERT: optional(z.string(), 'a file'),
  TUNNA_TLS_KEY: optional(z.string(), 'a file'),
  TUNNA_TLS_CLIENT_CA: optional(z.string(), 'a file'),
  TUNNA_TLS_CLIENT_CERTS: choice(['optional', 'required'], 'optional'),
  TUNNA_SOURCES: optional(z.string(), 'a file'),
  TUNNA_WORKER: worker('1/1'),
  TUNNA_STORE: choice(['sqlite', 'influx1', 'influx2'], 'sqlite'),
  TUNNA_INFLUX_URL: optional(
    z.url({ protocol: /^https?$/ }),
    'a URL that starts with http:// or https://',
  ),
  TUNNA_INFLUX_DATABASE: optional(z.string(), 'the name of a database'),
  TUNNA_INFLUX_USERNAME: optional(z.string(), 'a user name'),
  TUNNA_INFLUX_PASSWORD: optional(z.string(), 'a password', true),
  TUNNA_INFLUX_ORG: optional(z.string(), 'the name of an organisation'),
  TUNNA_INFLUX_BUCKET: optional(z.string(), 'the name of a bucket'),
  TUNNA_INFLUX_TOKEN: optional(z.string(), 'a token', true),
  TUNNA_INFLUX_RP: optional(z.string(), 'the name of a retention policy'),
  TUNNA_RECENT_DAYS: wholeOrOff('60', 2, 36_500),
  TUNNA_TILE_URL: optional(
    z.union([z.literal('off'), z.string().refine(isTileUrl)]),
    'a URL with {z}, {x} and {y} in it, or off',
  ),
  TUNNA_TILE_ATTRIBUTION: optional(z.string().max(300), 'a text of at most 300 characters'),
  TUNNA_RETENTION_MONTHS: wholeOrOff('25', 1, 1_200),
  TUNNA_AUDIT_MONTHS: wholeOrOff('24', 1, 1_200),
  TUNNA_LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  TUNNA_DEMO: { ...optional(onOff(), '0 or 1'), default: '1, in production 0' },
  TUNNA_SIM_SEED: whole('1', 0, 0xffff_ffff),
  TUNNA_SIM_BINS: whole('160', 1, 100_000),
  TUNNA_SIM_TIME_LAPSE: withDefault(
    z.coerce.number<string>().min(1).max(10_000),
    '30',
    'a number from 1 to 10000',
  ),
} as const satisfies Record<string, Definition<unknown>>;

export type SettingName = keyof typeof DEFINITIONS;

/** The values of all settings, each by itself. */
export type SettingValues = {
  readonly [Name in SettingName]: z.output<(typeof DEFINITIONS)[Name]['schema']>;
};

// Safe: the object is a constant, so it has these keys and no others.
export const SETTING_NAMES = Object.keys(DEFINITIONS) as readonly SettingName[];

function isTileUrl(text: string): boolean {
  const isUrl = /^(https?:\/\/|\/)[^\s"']+$/.test(text);
  return isUrl && ['{z}', '{x}', '{y}'].every((place) => text.includes(place));
}

function withDefault<T>(
  schema: z.ZodType<T, string>,
  text: string,
  expected: string,
): Definition<T> {
  return { schema: z.string().default(text).pipe(schema), expected, default: text };
}

function optional<T>(
  schema: z.ZodType<T, string>,
  expected: string,
  secret = false,
): Definition<T | undefined> {
  const definition = { schema: schema.optional(), expected, default: '' };
  return secret ? { ...definition, secret: true } : definition;
}

function choice<const T extends string>(options: readonly T[], text: T): Definition<T> {
  const schema: z.ZodType<T, string> = z.string().pipe(z.enum(options));
  return withDefault(schema, text, `one of ${options.join(', ')}`);
}

function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}

function whole(text: string, least: number, most: number): Definition<number> {
  return withDefault(wholeNumber(least, most), text, `a whole number from ${least} to ${most}`);
}

/** Port 0 lets the system choose, which only tests want. */
function port(text: string): Definition<number> {
  return withDefault(wholeNumber(0, 65_535), text, 'a port from 0 to 65535');
}

function wholeOrOff(text: string, least: number, most: number): Definition<number | null> {
  const off = z.literal('off').transform(() => null);
  const schema = z.union([off, wholeNumber(least, most)]);
  return withDefault(schema, text, `a whole number from ${least} to ${most}, or off`);
}

function portOrOff(text: string): Definition<number | null> {
  const off = z.literal('off').transform(() => null);
  return withDefault(
    z.union([off, wholeNumber(0, 65_535)]),
    text,
    'a port from 0 to 65535, or off',
  );
}

function worker(text: string): Definition<{ readonly index: number; readonly count: number }> {
  const schema = z
    .string()
    .regex(/^\d{1,3}\/\d{1,3}$/)
    .transform((given) => {
      const [index = 0, count = 0] = given.split('/').map(Number);
      return { index, count };
    })
    .refine(({ index, count }) => index >= 1 && index <= count);
  return withDefault(schema, text, 'such as 2/3, for the second of three');
}

function onOff(): z.ZodType<boolean, string> {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(['0', '1', 'off', 'on', 'false', 'true', 'no', 'yes']))
    .transform((text) => ['1', 'on', 'true', 'yes'].includes(text));
}

function flag(text: string): Definition<boolean> {
  return withDefault(onOff(), text, '0 or 1');
}
