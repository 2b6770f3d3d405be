export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'bad-encoding' | 'too-deep' | 'not-json' | 'too-long' };

/** A network server's document has a few kilobytes; with dozens of gateways in it, some tens. */
export const MAX_JSON_BYTES = 256 * 1024;

/** The deepest real documents (metadata of gateways in The Things Stack) nest about ten levels. */
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Keeps a byte order mark, so that `JSON.parse` would refuse it: RFC 8259, 8.1 forbids to send one. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\ufeff';

/** An escape that may be half of a surrogate pair; without one, decoded UTF-8 has no lone halves. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
/** What every such escape begins with: hardly any document has one. */
const ESCAPE = '\\u';

/**
 * Reads JSON from a stranger: clean UTF-8, not longer and not deeper than a real message, and no half
 * characters in it. Depth is measured before anything is built, so that hostile nesting costs one pass.
 */
export function parseJson(bytes: Uint8Array): JsonResult {
  if (bytes.length > MAX_JSON_BYTES) return { ok: false, reason: 'too-long' };
  const text = decodeUtf8(bytes);
  if (text === undefined || text.startsWith(BYTE_ORDER_MARK)) {
    return { ok: false, reason: 'bad-encoding' };
  }
  if (mayNestTooDeep(text) && nestsTooDeep(bytes)) return { ok: false, reason: 'too-deep' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not-json' };
  }
  if (text.includes(ESCAPE) && SURROGATE_ESCAPE.test(text) && !isWellFormed(value)) {
    return { ok: false, reason: 'bad-encoding' };
  }
  return { ok: true, value };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether there are brackets enough: most documents have so few that nobody need look where they stand. */
function mayNestTooDeep(text: string): boolean {
  let most = MAX_DEPTH;
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      most -= 1;
      if (most < 0) return true;
    }
  }
  return false;
}

/** Counts brackets outside strings. Bytes will do: no part of a longer UTF-8 character looks like one. */
function nestsTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth++;
      if (depth > MAX_DEPTH) return true;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** Recursion is safe here: the depth has been checked. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, held]) => key.isWellFormed() && isWellFormed(held));
}
