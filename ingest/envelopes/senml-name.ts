import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';

/** What is measured, and whose it is. */
export interface ResolvedName {
  /** What stands before {@link quantity}, such as `urn:dev:mac:0024befffe804ff1:`; may be empty. */
  readonly head: string;
  readonly quantity: string;
}

/** Signs after which a base name is meant to go on. */
const SEPARATOR = /[:/_.-]$/;

/**
 * Takes a resolved name apart. Base names are made to end where the device ends; where they do not, the last `:` or `/` is taken
 * for that place.
 */
export function splitName(name: string, baseLength: number): ResolvedName {
  const base = name.slice(0, baseLength);
  const rest = name.slice(baseLength);
  if (rest !== '' && SEPARATOR.test(base)) return { head: base, quantity: rest };
  const at = Math.max(name.lastIndexOf(':'), name.lastIndexOf('/'));
  if (at >= 0) return { head: name.slice(0, at + 1), quantity: name.slice(at + 1) };
  return rest === '' ? { head: '', quantity: name } : { head: base, quantity: rest };
}

/**
 * The device in the head of a name: `urn:dev:mac:0024befffe804ff1:` (RFC 9039) is `0024befffe804ff1`, of a path it is the last
 * level.
 * @returns `undefined` when there is none, `'bad'` when what is there is no id
 */
export function deviceOfHead(head: string): DeviceId | undefined | 'bad' {
  const trimmed = head.replace(/[:/_.-]+$/, '');
  if (trimmed === '') return undefined;
  // The rest of an organisation's own scheme (RFC 9039, 4.3) may have colons in it, which ids do not.
  const text = trimmed
    .replace(/^urn:dev:[a-z0-9]+:/i, '')
    .replace(/^urn:(?:imei|uuid|esn|imei-msisdn):/i, '')
    .replace(/^.*\//, '')
    .replaceAll(':', '-');
  return parseDeviceId(text) ?? 'bad';
}
