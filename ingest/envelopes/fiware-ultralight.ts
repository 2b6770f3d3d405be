import { findFiwarePlace, readMeasures, toFiwareStatus } from './fiware-measures.ts';
import type { Measures } from './fiware-measures.ts';
import { findFiwareDevice, isFiwareTopic } from './fiware-topic.ts';
import type { EnvelopeReader, Message } from './message.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

const ENVELOPE = 'fiware-ultralight';

/** A payload that a constrained device writes; a full day in groups is a few kilobytes. */
const MAX_BYTES = 64 * 1024;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A number as JSON has it: everything else stays the text it is. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** FIWARE IoT Agent for UltraLight 2.0: `/ul/{apikey}/{device}/attrs` with `t|15|k|abc`, or `.../attrs/t` with `15`. */
export const FIWARE_ULTRALIGHT: EnvelopeReader = {
  content: 'bytes',
  ownsTopic: (levels) => isFiwareTopic(levels, 'ul'),
  findTopicDevice: ({ topic }) => findFiwareDevice(topic),
  read: readUltraLight,
};

function readUltraLight(message: Message): ReadResult {
  const found = findFiwarePlace(message.topic);
  if (!found.ok) return found;
  const { place, deviceId } = found;
  if (place.kind !== 'attrs') return toFiwareStatus(ENVELOPE, deviceId, place.kind);
  if (message.bytes.length > MAX_BYTES) {
    return refuse('too-long', `the payload is longer than ${MAX_BYTES} bytes`, deviceId);
  }
  const text = decode(message.bytes);
  if (text === undefined) return refuse('bad-encoding', 'the payload is not clean UTF-8', deviceId);
  const { attribute } = place;
  const groups = attribute === undefined ? readGroups(text) : [single(attribute, text)];
  if (typeof groups === 'string') return refuse('wrong-type', groups, deviceId);
  return readMeasures(groups, message, { envelope: ENVELOPE, deviceId });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function single(attribute: string, text: string): Measures {
  return Object.fromEntries([[attribute, toValue(text.trim())]]);
}

/** Groups of `name|value` pairs with `#` between them, each of which may begin with its time; or what is wrong. */
function readGroups(text: string): Measures[] | string {
  const groups: Measures[] = [];
  for (const part of text.trim().split('#')) {
    const fields = part.split('|');
    const time = fields.length % 2 === 1 ? fields.shift() : undefined;
    if (time !== undefined && parseRfc3339(time) === undefined) {
      return `"${part}" is not pairs of name|value, nor a time before such`;
    }
    const entries: [string, unknown][] = time === undefined ? [] : [['TimeInstant', time]];
    for (let at = 0; at < fields.length; at += 2) {
      const [name = '', value = ''] = fields.slice(at, at + 2);
      if (name === '') return `"${part}" has a value without a name`;
      if (entries.some(([other]) => other === name)) return `"${part}" has ${name} twice`;
      entries.push([name, toValue(value)]);
    }
    if (fields.length === 0) return 'a group has no values';
    groups.push(Object.fromEntries(entries));
  }
  return groups;
}

function toValue(text: string): string | number | boolean {
  if (NUMBER.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}
