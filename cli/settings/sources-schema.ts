import { z } from 'zod';
import { ENVELOPES } from '../../ingest/envelopes/envelope-names.ts';
import { PERCENT_SCALES } from '../../ingest/sources/source.ts';
import { isTopicFilter } from '../../domain/topic-filter.ts';
import { matchesFilter } from '../../domain/topic-match.ts';
import { oneOf, strictObject } from './strict-schema.ts';

/** `source-` and the name are a journal's name, which has room for 32 characters. */
const NAME = /^[a-z0-9-]{1,24}$/;

/** Client ids may be longer than the 23 characters every broker takes [MQTT-3.1.3-5]; far longer ones are mistakes. */
const MAX_CLIENT_ID = 128;

const PLAIN = ['mqtt:', 'ws:'] as const;
const ENCRYPTED = ['mqtts:', 'wss:'] as const;

function text(expected: string, most = 1_000): z.ZodString {
  const error = `must be ${expected}`;
  return z.string({ error }).min(1, { error }).max(most, { error });
}

const flag = z.boolean({ error: 'must be true or false' });
const file = text('the path of a file');
const PATH_RULE = 'must be a path of names with dots, such as "fill.percent"';
const path = z.string({ error: PATH_RULE }).regex(/^[^.]+(\.[^.]+)*$/, { error: PATH_RULE });

const FILTER_RULE = 'must be a topic filter: + fills a level, # is the last one';
const filter = z.string({ error: FILTER_RULE }).refine(isTopicFilter, { error: FILTER_RULE });

const SHARE_RULE = 'must be a name of 1 to 64 letters, digits, dots, hyphens or underscores';
const SHARE = /^[A-Za-z0-9._-]{1,64}$/;

const Subscription = z.preprocess(
  (value) => (typeof value === 'string' ? { filter: value } : value),
  strictObject({
    filter,
    qos: z
      .union([z.literal(0), z.literal(1)], {
        error: 'must be 0 or 1; what is published at 2 comes at 1, and copies are recognised',
      })
      .default(1),
  }),
);

const PASSWORD_HINT =
  'must not stand here: put it into a file of its own and name that in passwordFile';

const Mqtt = strictObject(
  {
    url: z.string({ error: 'must be a URL' }).superRefine(checkUrl),
    topics: z
      .array(Subscription, { error: 'must be a list of topic filters' })
      .min(1, { error: 'must have at least one topic filter' }),
    clientId: text(`a text of 1 to ${MAX_CLIENT_ID} characters`, MAX_CLIENT_ID).exactOptional(),
    username: text('a user name').exactOptional(),
    usernameFile: file.exactOptional(),
    passwordFile: file.exactOptional(),
    caFile: file.exactOptional(),
    certFile: file.exactOptional(),
    keyFile: file.exactOptional(),
    share: z.string({ error: SHARE_RULE }).regex(SHARE, { error: SHARE_RULE }).exactOptional(),
    backfill: flag.default(false),
    retained: flag.default(false),
    states: flag.default(false),
  },
  { password: PASSWORD_HINT, token: PASSWORD_HINT, apiKey: PASSWORD_HINT },
).superRefine((mqtt, context) => {
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  const { username, usernameFile, passwordFile, certFile, keyFile } = mqtt;
  if (username !== undefined && usernameFile !== undefined)
    refuse('usernameFile', 'must not be given together with username');
  // A password alone is against the protocol [MQTT-3.1.2-22].
  if (passwordFile !== undefined && username === undefined && usernameFile === undefined)
    refuse('username', 'or usernameFile is needed together with passwordFile');
  if (certFile !== undefined && keyFile === undefined)
    refuse('keyFile', 'is needed together with certFile');
  if (keyFile !== undefined && certFile === undefined)
    refuse('certFile', 'is needed together with keyFile');
  const reading = mqtt.topics.findIndex(({ filter }) => matchesFilter(filter, 'state/any'));
  if (mqtt.states && reading >= 0)
    refuse('states', `cannot be true while topics[${reading}] fetches what is published there`);
  for (const key of ['caFile', 'certFile'] as const) {
    if (mqtt[key] !== undefined && isPlain(mqtt.url))
      refuse(key, 'has no effect without TLS: the URL must start with mqtts:// or wss://');
  }
});

const at = { path };
const Decoded = strictObject({
  distance: strictObject({ ...at, unit: oneOf(['mm', 'cm', 'm']) }).exactOptional(),
  fill: strictObject({ ...at, scale: oneOf(PERCENT_SCALES) }).exactOptional(),
  temperatureC: strictObject(at).exactOptional(),
  batteryPercent: strictObject(at).exactOptional(),
  batteryVoltage: strictObject({ ...at, unit: oneOf(['V', 'mV']) }).exactOptional(),
  tilted: strictObject(at).exactOptional(),
});

const NAME_RULE = 'must be 1 to 24 lower-case letters, digits or hyphens';

const OneSource = strictObject({
  name: z.string({ error: NAME_RULE }).regex(NAME, { error: NAME_RULE }),
  envelope: oneOf(ENVELOPES).exactOptional(),
  percentScale: oneOf(PERCENT_SCALES).exactOptional(),
  timeZone: z
    .string({ error: 'must be a time zone' })
    .refine(isTimeZone, { error: 'must be a time zone, such as Europe/Stockholm' })
    .exactOptional(),
  decoded: Decoded.exactOptional(),
  topics: z.array(filter, { error: 'must be a list of topic filters' }).exactOptional(),
  mqtt: Mqtt.exactOptional(),
});

/** The document of `TUNNA_SOURCES`. */
export const SourcesDocument = z
  .array(OneSource, { error: 'must be a list of sources' })
  .superRefine((sources, context) => {
    sources.forEach(({ name }, index) => {
      const first = sources.findIndex((other) => other.name === name);
      if (first === index) return;
      const message = `must differ from [${first}].name, both are "${name}"`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    });
  });

function checkUrl(value: string, context: z.RefinementCtx<string>): void {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const schemes: readonly string[] = [...PLAIN, ...ENCRYPTED];
  if (url === undefined || url.hostname === '' || !schemes.includes(url.protocol)) {
    refuse('must be a URL that starts with mqtt://, mqtts://, ws:// or wss:// and names a host');
  } else if (url.username !== '' || url.password !== '') {
    refuse('must not have credentials in it: say username and passwordFile');
  } else if (url.searchParams.has('clientId')) {
    refuse('must not have a clientId in it: that has a place of its own');
  } else if (hasForeignTail(url)) {
    refuse('must end behind the host and port; only ws:// and wss:// have a path');
  }
}

/** Behind the host, WebSockets have a path, and bare MQTT has nothing. */
function hasForeignTail(url: URL): boolean {
  const hasPath = !['', '/'].includes(url.pathname + url.search);
  return url.hash !== '' || (hasPath && !url.protocol.startsWith('ws'));
}

/** Whether what is sent to this URL can be read on the way. */
export function isPlain(url: string): boolean {
  return PLAIN.some((scheme) => url.startsWith(`${scheme}//`));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
