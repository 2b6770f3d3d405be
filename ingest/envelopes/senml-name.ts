import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';

/** What is measured, and whose it is. */
export interface ResolvedName {
  /** What stands before {@link quantity}, such as `urn:dev:mac:0024befffe804ff1:`; may be empty. */
  readonly head: string;
  readonly quantity: string;
}

/** A device's own name (RFC 9039), and what follows it after a `_`, if anything. */
const DEVICE_NAME = /^(urn:dev:[a-z0-9]+:[^:/_]+)(?:_(.+))?$/i;

/** A base that stops before the device, as in the first examples of RFC 8428. */
const BARE_SCHEME = /^urn:dev:[a-z0-9]+:$/i;

/**
 * Takes a resolved name apart. Bases are made to end where the device ends; where there is none, and in what follows one, the
 * last `:` or `/` stands before the quantity.
 */
export function splitName(name: string, baseLength: number): ResolvedName {
  const base = name.slice(0, baseLength);
  const rest = name.slice(baseLength);
  if (base !== '' && rest !== '' && !BARE_SCHEME.test(base)) {
    const at = baseLength + lastSeparator(rest) + 1;
    return { head: name.slice(0, at), quantity: name.slice(at) };
  }
  const [, device, quantity = ''] = DEVICE_NAME.exec(name) ?? [];
  if (device !== undefined) return { head: device, quantity };
  const at = lastSeparator(name) + 1;
  return { head: name.slice(0, at), quantity: name.slice(at) };
}

/** Where the last `:` or `/` stands, or -1. */
function lastSeparator(text: string): number {
  return Math.max(text.lastIndexOf(':'), text.lastIndexOf('/'));
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
