import { fromAnswer, fromSilence } from '../write-error.ts';
import { ANSWER_MS } from './line-sender.ts';

/** Asks `/ping`, which every version has, though some want to be asked with the token. Rejects with an `InfluxWriteError`. */
export async function readVersion(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(`${url.replace(/\/$/, '')}/ping`, { headers, signal }).catch(
    (error: unknown) => {
      throw fromSilence(error instanceof Error ? (error.cause ?? error) : error);
    },
  );
  const { status } = response;
  const body = await response.text();
  if (!response.ok) throw fromAnswer({ status, body }, Date.now());
  return response.headers.get('x-influxdb-version') ?? 'of unknown version';
}
