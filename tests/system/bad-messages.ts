import { deflateSync, gzipSync } from 'node:zlib';
import type { QuarantineReason } from '../../ingest/quarantine-reason.ts';
import {
  CHIRPSTACK_EUI,
  CHIRPSTACK_TOPIC,
  TTS_TOPIC,
  chirpStackDocument,
  ttsDocument,
} from './lorawan-documents.ts';

/** A message that cannot become a reading, and the reason that must be told. */
export interface BadMessage {
  readonly name: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly reason: QuarantineReason;
}

/** A device of the town that these messages pretend to come from. */
export const VICTIM = 'dev-0';
/** A device of the town without a model. */
export const UNMODELLED_EUI = '24e124713c140003';
const OWN_TOPIC = `bins/${VICTIM}/up`;

function bad(
  reason: QuarantineReason,
  name: string,
  payload: Buffer | string,
  topic: string = OWN_TOPIC,
): BadMessage {
  return { name, topic, payload: Buffer.from(payload), reason };
}

const json = (document: object): string => JSON.stringify(document);
const reading = (more: object = {}): string => json({ fillPercent: 40, ...more });

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const GARBAGE = [
  bad('not-json', 'nothing', ''),
  bad('not-json', 'blanks', ' '.repeat(100_000)),
  bad('not-json', 'text', 'hello'),
  bad('not-json', 'CSV', 'dev-0;40;2026-01-01'),
  bad('not-json', 'NUL bytes', Buffer.alloc(64)),
  bad('not-json', 'a NUL in a text', '{"boot":"a\0b"}'),
  bad('not-json', 'half a document', '{"fillPercent":4'),
  bad('not-json', 'two documents', `${reading()}${reading()}`),
  bad('not-json', 'a comma too many', '{"fillPercent":40,}'),
  bad('not-json', 'NaN', '{"fillPercent":NaN}'),
  bad('not-json', 'Infinity', '{"fillPercent":-Infinity}'),
  bad('not-json', 'a number with a leading zero', '{"fillPercent":040}'),
  bad('not-json', 'single quotes', "{'fillPercent':40}"),
  bad('bad-encoding', 'binary', Buffer.from([0, 1, 2, 0xfe, 0xff])),
  bad('bad-encoding', 'CBOR', Buffer.from('a16b66696c6c50657263656e741828', 'hex').fill(0xff, 14)),
];

const ENCODINGS = [
  bad('bad-encoding', 'a byte order mark', `\ufeff${reading()}`),
  bad('bad-encoding', 'UTF-16 with a mark', Buffer.from(`\ufeff${reading()}`, 'utf16le')),
  bad('not-json', 'UTF-16 without a mark', Buffer.from(reading(), 'utf16le')),
  bad('bad-encoding', 'Latin-1', Buffer.from('{"boot":"å"}', 'latin1')),
  bad('bad-encoding', 'an overlong slash', Buffer.from('{"boot":"\xc0\xaf"}', 'latin1')),
  bad('bad-encoding', 'half a character', Buffer.from('{"boot":"\xf0\x9f"}', 'latin1')),
  bad('bad-encoding', 'half a surrogate pair', '{"boot":"\\ud83d"}'),
  bad('bad-encoding', 'gzip', gzipSync(reading())),
  bad('bad-encoding', 'zlib', deflateSync(reading())),
];

const TYPES = [
  ...['null', 'true', '42', '"text"', '[]', `[${reading()}]`].map((text) =>
    bad('wrong-type', `${text} as the document`, text),
  ),
  ...['"40"', 'null', 'true', '[40]', '{"value":40}', '1e999', '-1e999'].map((text) =>
    bad('wrong-type', `fillPercent ${text}`, `{"fillPercent":${text}}`),
  ),
  ...['"1"', '-1', '1.5', '1e30', 'null'].map((text) =>
    bad('wrong-type', `seq ${text}`, `{"fillPercent":40,"seq":${text}}`),
  ),
  bad('wrong-type', 'tilted "no"', reading({ tilted: 'no' })),
  bad('wrong-type', 'an unknown alarm', reading({ alarms: ['flood'] })),
  bad(
    'wrong-type',
    'too many alarms',
    reading({ alarms: Array.from({ length: 50 }, () => 'full') }),
  ),
  bad('wrong-type', 'a misspelt field', json({ filPercent: 40 })),
  bad('wrong-type', 'a prototype', '{"__proto__":{"fillPercent":40}}'),
  bad('wrong-type', 'a boot that is a line', reading({ boot: 'a\nb' })),
  bad('wrong-type', 'a boot with an escaped NUL', '{"fillPercent":40,"boot":"a\\u0000b"}'),
  bad('wrong-type', 'a boot from right to left', reading({ boot: 'a\u202eb' })),
  bad('wrong-type', 'a boot with marks upon marks', reading({ boot: 'z\u0337\u0321\u031ba' })),
  bad(
    'wrong-type',
    'a seq that no number holds exactly',
    '{"fillPercent":40,"seq":9007199254740993}',
  ),
  bad('wrong-type', 'a level of 64 KB of digits', `{"fillPercent":${'9'.repeat(65_536)}}`),
  bad('wrong-type', 'a constructor', reading({ constructor: {} })),
  bad('wrong-type', 'a time that is half a millisecond', reading({ observedAt: 1.5 })),
  bad('too-deep', '33 levels', nested(33)),
  bad('too-deep', '50,000 levels', nested(50_000)),
  bad('too-deep', '100,000 levels without an end', '['.repeat(100_000)),
  bad('too-deep', 'a level that is 60,000 levels deep', `{"fillPercent":${nested(60_000)}}`),
];

const VALUES = [
  bad('no-level', 'an empty document', '{}'),
  bad('no-level', 'a temperature alone', json({ temperatureC: 4 })),
  bad('no-scale', 'a fill that may be a ratio or a percentage', '[{"n":"fill","v":0.9}]'),
  bad('no-mapping', 'names of somebody else', json({ h: 70 }), `/json/key/${VICTIM}/attrs`),
  bad('impossible', 'fill of 1e308', '{"fillPercent":1e308}'),
  bad('impossible', 'fill below empty', '{"fillPercent":-1}'),
  bad('impossible', 'a distance of 20 km', json({ distanceMm: 20_000_000 })),
  bad('impossible', 'a temperature below the absolute zero', reading({ temperatureC: -300 })),
  bad('impossible', 'a battery of 300 %', reading({ batteryPercent: 300 })),
  bad('clock', 'a time in words', reading({ observedAt: 'yesterday' })),
  bad('clock', '30 February', reading({ observedAt: '2026-02-30T12:00:00Z' })),
  bad('clock', 'a millisecond after the end of time', reading({ observedAt: 8.64e15 + 1 })),
  bad('clock', 'a time beyond all time', reading({ observedAt: 1e300 })),
];

const IDENTITIES = [
  bad('unknown-device', 'a device nobody registered', reading(), 'bins/stranger/up'),
  bad('unknown-device', 'an id that is machinery elsewhere', reading(), 'bins/toString/up'),
  bad('bad-id', 'an id with blanks', reading(), 'bins/dev 0/up'),
  bad('bad-id', 'an id of 65 letters', reading(), `bins/${'x'.repeat(65)}/up`),
  bad('bad-id', 'an id that is a prototype', reading(), 'bins/__proto__/up'),
  bad('bad-id', 'an id that climbs', reading(), 'bins/../up'),
  bad('device-mismatch', 'another device in the document', reading({ deviceId: 'dev-1' })),
  bad('unknown-format', 'a topic that says nothing', reading(), 'odd/topic'),
  bad('unknown-format', 'an event nobody has', reading(), TTS_TOPIC.replace(/up$/, 'over')),
];

/** Documents of network servers with one thing wrong. */
function networkDocuments(): BadMessage[] {
  const tts = ttsDocument();
  const { uplink_message: frame, end_device_ids: ids } = tts;
  const ofTts = (reason: QuarantineReason, name: string, document: object): BadMessage =>
    bad(reason, `The Things Stack: ${name}`, json(document), TTS_TOPIC);
  const chirpStack = chirpStackDocument();
  const { deviceInfo } = chirpStack;
  const stranger = '24e124713c1400ff';
  const ofChirpStack = (reason: QuarantineReason, name: string, document: object): BadMessage =>
    bad(reason, `ChirpStack: ${name}`, json(document), CHIRPSTACK_TOPIC);
  const withFrame = (more: object): object => ({ ...tts, uplink_message: { ...frame, ...more } });
  return [
    ofTts('no-identity', 'no EUI', { ...tts, end_device_ids: { device_id: ids.device_id } }),
    ofTts('bad-id', 'a short EUI', { ...tts, end_device_ids: { ...ids, dev_eui: '24E1' } }),
    ofTts('unknown-device', 'a stranger', {
      ...tts,
      end_device_ids: { ...ids, dev_eui: stranger },
    }),
    ofTts('wrong-type', 'bytes that are no base64', withFrame({ frm_payload: '§§§' })),
    ofTts('undecodable', 'bytes of another sensor', withFrame({ frm_payload: 'AQID' })),
    ofTts('wrong-type', 'a port beyond a byte', withFrame({ f_port: 256 })),
    ofTts('clock', 'a time that is none', withFrame({ received_at: 'noon' })),
    bad(
      'unknown-device',
      'ChirpStack: a stranger',
      json({ ...chirpStack, deviceInfo: { ...deviceInfo, devEui: stranger } }),
      CHIRPSTACK_TOPIC.replace(CHIRPSTACK_EUI, stranger),
    ),
    ofChirpStack('device-mismatch', 'another device than the topic’s', {
      ...chirpStack,
      deviceInfo: { ...deviceInfo, devEui: '24e124713c140001' },
    }),
    ofChirpStack('wrong-type', 'bytes that are a number', { ...chirpStack, data: 7 }),
    ofChirpStack('undecodable', 'bytes of another sensor', { ...chirpStack, data: 'AQID' }),
    bad(
      'no-codec',
      'ChirpStack: a device of no known model',
      json({
        ...chirpStack,
        deviceInfo: { devEui: UNMODELLED_EUI, deviceProfileName: 'A sensor from elsewhere' },
      }),
      CHIRPSTACK_TOPIC.replace(CHIRPSTACK_EUI, UNMODELLED_EUI),
    ),
  ];
}

/** Something for every reason but `too-long`, which is longer than the MQTT door lets in. */
export function badMessages(): BadMessage[] {
  return [...GARBAGE, ...ENCODINGS, ...TYPES, ...VALUES, ...IDENTITIES, ...networkDocuments()];
}
