import type { BinDetail, BinList, RawMessageList, ReadingSeries, Trace } from '../../api/bins.ts';
import type { PageSettings, Stats } from '../../api/town.ts';

/** The server answered, but not with what was asked for. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, path: string) {
    super(`The server answered ${status} to ${path}`);
    this.name = 'ApiError';
    this.status = status;
  }
}

export interface ReadingSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** 0: every reading by itself. */
  readonly resolutionSeconds: number;
}

/** The questions the page asks the server. Each throws `ApiError` on another answer than 2xx, `TypeError` on none. */
export interface TownApi {
  fetchBins(signal: AbortSignal): Promise<BinList>;
  fetchBin(binId: string, signal: AbortSignal): Promise<BinDetail>;
  fetchReadings(binId: string, span: ReadingSpan, signal: AbortSignal): Promise<ReadingSeries>;
  fetchMessages(binId: string, limit: number, signal: AbortSignal): Promise<RawMessageList>;
  fetchTrace(readingId: number, signal: AbortSignal): Promise<Trace>;
  fetchStats(signal: AbortSignal): Promise<Stats>;
  fetchPageSettings(signal: AbortSignal): Promise<PageSettings>;
}

/** Makes the client of the API. @param base path of the API, such as `/api/v1` */
export function createTownApi(base: string): TownApi {
  const get = async <Body>(path: string, signal: AbortSignal): Promise<Body> => {
    const response = await fetch(`${base}${path}`, {
      signal,
      headers: { accept: 'application/json' },
    });
    if (!response.ok) throw new ApiError(response.status, path);
    // Safe: the server checks its answers against the schema this type is inferred from.
    return (await response.json()) as Body;
  };
  const binPath = (binId: string) => `/bins/${encodeURIComponent(binId)}`;
  return {
    fetchBins: (signal) => get('/bins', signal),
    fetchBin: (binId, signal) => get(binPath(binId), signal),
    fetchReadings: (binId, span, signal) => {
      const query = new URLSearchParams({
        from: new Date(span.fromMs).toISOString(),
        to: new Date(span.toMs).toISOString(),
        resolution: String(span.resolutionSeconds),
      });
      return get(`${binPath(binId)}/readings?${query}`, signal);
    },
    fetchMessages: (binId, limit, signal) =>
      get(`${binPath(binId)}/messages?limit=${limit}`, signal),
    fetchTrace: (readingId, signal) => get(`/readings/${readingId}/trace`, signal),
    fetchStats: (signal) => get('/stats', signal),
    fetchPageSettings: (signal) => get('/page-settings', signal),
  };
}
