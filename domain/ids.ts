/** The one form of every id that reaches a topic, a tag, a URL or a file: letters, digits, `.`, `_`, `-`. */
const ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** EUI-64 as network servers print it, in either case. */
const EUI64_PATTERN = /^[0-9a-fA-F]{16}$/;

declare const binIdBrand: unique symbol;
declare const deviceIdBrand: unique symbol;

/** Id of a bin, the place where waste collects. Case is kept. */
export type BinId = string & { readonly [binIdBrand]: true };
/** Id of a device, a sensor or a principal. Case is kept, EUIs are lower-case hex. */
export type DeviceId = string & { readonly [deviceIdBrand]: true };

/** Names that are objects' own machinery in JavaScript or steps in a path: never an id. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype', '.', '..']);

function isId(text: string): boolean {
  return ID_PATTERN.test(text) && !RESERVED.has(text);
}

/** Returns the bin's id, or `undefined` when the text is not one. */
export function parseBinId(text: string): BinId | undefined {
  // Safe: the brand only marks that the pattern held.
  return isId(text) ? (text as BinId) : undefined;
}

/** Returns the device's id, EUIs in lower case, or `undefined` when the text is not one. */
export function parseDeviceId(text: string): DeviceId | undefined {
  if (!isId(text)) return undefined;
  // Safe: the brand only marks that the pattern held.
  return (EUI64_PATTERN.test(text) ? text.toLowerCase() : text) as DeviceId;
}

/** What an id must look like, for error messages. */
export const ID_RULE = '1 to 64 letters, digits, dots, underscores or hyphens';
