import type { Request } from 'express';
import type { z } from 'zod';
import { listMistakes } from './parse-input.ts';
import { HttpProblem } from './problem.ts';

/** A command to the API is a few fields and lists; one this long is a mistake or an attack. */
export const MAX_JSON_BODY_BYTES = 64 * 1024;

/** Once the media type is known, only this much of what it was is told back. */
const MAX_TYPE_LENGTH = 60;

/**
 * Reads the body of a request, byte for byte as it was sent.
 * @throws HttpProblem 413 when it is longer than `maxBytes`, 415 when it is compressed, 400 when it breaks off
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const encoding = request.get('Content-Encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new HttpProblem(415, { detail: 'The body must not be compressed' });
  }
  if (Number(request.get('Content-Length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      // Safe: a request without an encoding set gives buffers.
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > maxBytes) break;
      chunks.push(bytes);
    }
  } catch (cause) {
    throw Object.assign(new HttpProblem(400, { detail: 'The body broke off' }), { cause });
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}

/** Ends the connection too, so that the rest does not have to be read. */
export function tooLarge(maxBytes: number): HttpProblem {
  const detail = `A request's body may have ${maxBytes} bytes at most`;
  return new HttpProblem(413, { detail, headers: { Connection: 'close' } });
}

/** The media type of a body, in lower case and without parameters; `''` when none is given. */
export function readMediaType(request: Request): string {
  return (request.get('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * Reads a body of JSON by its schema, which is strict: a field nobody knows is most often a misspelt one.
 * @throws HttpProblem 400 that names each wrong field, 413, 415
 */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const type = readMediaType(request);
  if (type !== 'application/json') {
    const got = type === '' ? 'none' : type.slice(0, MAX_TYPE_LENGTH);
    throw new HttpProblem(415, { detail: `Expected the type application/json, got ${got}` });
  }
  const bytes = await readBody(request, MAX_JSON_BODY_BYTES);
  const parsed = schema.safeParse(parse(bytes));
  if (parsed.success) return parsed.data;
  const errors = listMistakes(parsed.error);
  throw new HttpProblem(400, { detail: 'The body has mistakes', errors });
}

function parse(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, { detail: 'The body is not JSON in UTF-8' });
  }
}
