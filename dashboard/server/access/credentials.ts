import type { Request } from 'express';
import { HttpProblem } from '../problem.ts';

/** What a request says about who sends it. `Bearer` brings a token alone, `Basic` the id too. */
export type Credentials =
  | { readonly scheme: 'bearer'; readonly token: string }
  | { readonly scheme: 'basic'; readonly id: string; readonly token: string };

/** Ours have 43 characters; nobody's is longer than this. */
const MAX_TOKEN_LENGTH = 512;

/** RFC 6750 2.1. */
const BEARER = /^bearer +(?<token>[\w.~+/-]+=*) *$/i;
/** RFC 7617 2. */
const BASIC = /^basic +(?<base64>[A-Za-z0-9+/]+={0,2}) *$/i;

/**
 * Reads the header `Authorization`; `undefined` when it is absent or none of the two schemes.
 * @throws HttpProblem 400 when there are several
 */
export function readCredentials(request: Request): Credentials | undefined {
  const headers = request.headersDistinct['authorization'] ?? [];
  // Whoever is in front may have gone by the other one.
  if (headers.length > 1) throw new HttpProblem(400, { detail: 'There are two Authorizations' });
  const [header = ''] = headers;
  if (header.length > 2 * MAX_TOKEN_LENGTH) return undefined;
  const token = BEARER.exec(header)?.groups?.['token'];
  if (token !== undefined) return { scheme: 'bearer', token };
  const base64 = BASIC.exec(header)?.groups?.['base64'];
  return base64 === undefined ? undefined : readBasic(Buffer.from(base64, 'base64').toString());
}

function readBasic(pair: string): Credentials | undefined {
  const colon = pair.indexOf(':');
  if (colon === -1) return undefined;
  return { scheme: 'basic', id: pair.slice(0, colon), token: pair.slice(colon + 1) };
}
