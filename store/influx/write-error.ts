import { errorText } from '../../domain/error-text.ts';

/**
 * Why a write failed:
 * - `refused`: these points will never be taken as they are, or some of them will not, however often they come;
 * - `denied`: the login or the token is not accepted, which passes when somebody has put it right;
 * - `absent`: there is no such database, bucket or organisation, likewise;
 * - `busy`: the server asks to be left alone for a while;
 * - `failed`: any other answer;
 * - `silent`: no answer in time, or no connection.
 */
export type WriteFailure = 'refused' | 'denied' | 'absent' | 'busy' | 'failed' | 'silent';

/** What a server said, or could not say. */
export interface WriteErrorParts {
  readonly failure: WriteFailure;
  readonly detail: string;
  readonly status?: number | undefined;
  /** How long the server wants to be left alone. */
  readonly retryAfterMs?: number | undefined;
  /** Points of the request that were left out, where the server says so; all others are written. */
  readonly dropped?: number | undefined;
  readonly cause?: unknown;
}

/** Keeps log lines and rows readable; a proxy may answer with a page of HTML. */
const LONGEST_DETAIL = 300;

/** Points were not written, or not all of them. */
export class InfluxWriteError extends Error {
  readonly failure: WriteFailure;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly dropped: number | undefined;

  constructor({ failure, detail, status, retryAfterMs, dropped, cause }: WriteErrorParts) {
    super(detail.slice(0, LONGEST_DETAIL), cause === undefined ? {} : { cause });
    this.name = 'InfluxWriteError';
    this.failure = failure;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.dropped = dropped;
  }

  /** The points are older than the server keeps any, so it has no place for them, which is as its owner wants it. */
  get isExpired(): boolean {
    return this.failure === 'refused' && /beyond retention policy/i.test(this.message);
  }

  /** For metrics: the HTTP status, `silent` without one, `unfit` when we did not even ask. */
  get code(): string {
    return this.status?.toString() ?? (this.failure === 'refused' ? 'unfit' : this.failure);
  }
}

/** An answer that is not a success. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The `Retry-After` header. */
  readonly retryAfter?: string | undefined;
}

/** What an answer means. The statuses are those of the documentation of InfluxDB 1.x, 2.x and 3.x. */
export function fromAnswer({ status, body, retryAfter }: Answer, nowMs: number): InfluxWriteError {
  const said = messageOf(body);
  const dropped = /dropped=(\d+)/.exec(said)?.[1];
  return new InfluxWriteError({
    failure: failureOf(status),
    status,
    detail: said === '' ? `the server answered ${status}` : said,
    retryAfterMs: readRetryAfter(retryAfter, nowMs),
    dropped: dropped === undefined ? undefined : Number(dropped),
  });
}

/** No answer at all. */
export function fromSilence(cause: unknown): InfluxWriteError {
  return new InfluxWriteError({ failure: 'silent', detail: errorText(cause), cause });
}

function failureOf(status: number): WriteFailure {
  switch (status) {
    // Bad Request, Content Too Large, Unprocessable Content: it is the points.
    case 400:
    case 413:
    case 422:
      return 'refused';
    case 401:
    case 403:
      return 'denied';
    case 404:
      return 'absent';
    case 429:
    case 503:
      return 'busy';
    default:
      return 'failed';
  }
}

/** 1.x and 3.x say `{"error": text}`, 2.x `{"message": text}`, proxies anything. */
function messageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return body;
    if ('error' in parsed && typeof parsed.error === 'string') return parsed.error;
    if ('message' in parsed && typeof parsed.message === 'string') return parsed.message;
  } catch {
    // Not JSON: then it is the text itself.
  }
  return body.trim();
}

/** Seconds or a date [RFC 9110, 10.2.3]. */
function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
