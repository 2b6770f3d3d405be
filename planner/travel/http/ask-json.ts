import { errorText } from '../../../domain/error-text.ts';
import { TravelError } from '../travel-source.ts';

export interface AskOptions {
  /** For one request, answer included, ms. */
  readonly timeoutMs: number;
  /** A longer answer is refused, bytes. */
  readonly mostBytes: number;
}

/** A table of 250 by 250 entries, twice, is below 1 MB. */
export const ASK_DEFAULTS: AskOptions = { timeoutMs: 30_000, mostBytes: 64 << 20 };

/**
 * One request, whose answer is JSON; servers of this kind say what is wrong in JSON, too, so its status is not looked at here.
 * @throws {TravelError} when nobody answers in time, or not in JSON.
 */
export async function askJson(
  server: string,
  url: URL,
  body: unknown,
  { timeoutMs, mostBytes }: AskOptions,
): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const init: RequestInit =
    body === undefined
      ? { signal }
      : {
          ...{ signal, method: 'POST', body: JSON.stringify(body) },
          headers: { 'content-type': 'application/json' },
        };
  let text: string;
  let status: number;
  try {
    const response = await fetch(url, init);
    status = response.status;
    text = await readText(response, mostBytes);
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : causeText(error);
    throw new TravelError(`${server} at ${url.origin}: ${reason}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TravelError(`${server} at ${url.origin} answered ${status}, and not in JSON`, {
      cause: error,
    });
  }
}

async function readText(response: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new Error(`its answer is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` hides why it failed behind "fetch failed". */
function causeText(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return errorText(cause instanceof Error ? cause : error);
}
