import { TravelError } from '../travel-source.ts';
import { ASK_DEFAULTS } from './ask-json.ts';
import type { AskOptions } from './ask-json.ts';

export interface HttpOptions extends AskOptions {
  /** Most rows, and columns, of a table asked for at once: what the server allows. */
  readonly mostPerRequest: number;
  /** Requests at the same time. */
  readonly atOnce: number;
  /** Most positions of a whole table. */
  readonly mostPositions: number;
}

export function httpOptions(own: Partial<HttpOptions>, mostPerRequest: number): HttpOptions {
  return { ...ASK_DEFAULTS, mostPerRequest, atOnce: 2, mostPositions: 3000, ...own };
}

/** An address of a server, without what is asked of it. @throws {TravelError} */
export function parseServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TravelError(`"${text}" is no address of a server, such as http://127.0.0.1:5000`);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

export function assertFew(count: number, { mostPositions }: HttpOptions): void {
  if (count <= mostPositions) return;
  throw new TravelError(`${count} places are too many for one table: at most ${mostPositions}`);
}
