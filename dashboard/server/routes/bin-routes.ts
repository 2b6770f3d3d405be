import type { Router } from 'express';
import { findBin } from '../../../store/bins.ts';
import { findBinDetail } from '../../../store/views/bin-detail.ts';
import { listMessages } from '../../../store/views/messages.ts';
import { readSeries } from '../../../store/views/reading-series.ts';
import { findTrace } from '../../../store/views/trace.ts';
import type { BinDetail, RawMessageList, ReadingSeries, Trace } from '../../api/bins.ts';
import type { AppParts } from '../app-parts.ts';
import { defineRoute } from '../define-route.ts';
import { BinParams, MessagesQuery, ReadingParams, resolveSpan, SeriesQuery } from '../inputs.ts';
import { NOTHING, parseInput } from '../parse-input.ts';
import { HttpProblem } from '../problem.ts';
import { toBinDetail, toRawMessage, toReadingSeries, toTrace } from '../wire.ts';

const MEDIA_TYPES = { json: 'application/json', geojson: 'application/geo+json' } as const;

/** Bins, their levels over time, and where each number came from. */
export function addBinRoutes(router: Router, parts: AppParts): void {
  const { store, now } = parts;

  defineRoute(router, '/api/v1/bins', async (request, response) => {
    parseInput(request, { params: NOTHING, query: NOTHING });
    const type = request.accepts(Object.values(MEDIA_TYPES));
    if (type === false) {
      const detail = `The bins are there as ${Object.values(MEDIA_TYPES).join(' and ')}`;
      throw new HttpProblem(406, { detail });
    }
    const format = type === MEDIA_TYPES.geojson ? 'geojson' : 'json';
    const list = await parts.bins.read();
    response.vary('Accept').set('ETag', list.etag(format)).type(MEDIA_TYPES[format]);
    // Express answers 304 by the tag.
    response.send(list.body(format));
  });

  defineRoute(router, '/api/v1/bins/:binId', async (request, response) => {
    const { params } = parseInput(request, { params: BinParams, query: NOTHING });
    const detail = await findBinDetail(store, params.binId, now());
    if (detail === undefined) throw noSuchBin();
    response.json(toBinDetail(detail) satisfies BinDetail);
  });

  defineRoute(router, '/api/v1/bins/:binId/readings', async (request, response) => {
    const { params, query } = parseInput(request, { params: BinParams, query: SeriesQuery });
    if ((await findBin(store, params.binId)) === undefined) throw noSuchBin();
    const span = resolveSpan(query, now());
    const { binId } = params;
    const question = { binId, ...span, resolutionSeconds: query.resolution };
    const series = await readSeries(store, question, {
      longMemory: parts.longMemory,
      onFailure: (error) =>
        parts.log.warn({ err: error }, 'old readings are missing: InfluxDB does not answer'),
    });
    response.json(toReadingSeries(binId, span, series) satisfies ReadingSeries);
  });

  defineRoute(router, '/api/v1/bins/:binId/messages', async (request, response) => {
    const { params, query } = parseInput(request, { params: BinParams, query: MessagesQuery });
    const messages = await listMessages(store, params.binId, query.limit);
    if (messages === undefined) throw noSuchBin();
    response.json({ messages: messages.map(toRawMessage) } satisfies RawMessageList);
  });

  defineRoute(router, '/api/v1/readings/:readingId/trace', async (request, response) => {
    const { params } = parseInput(request, { params: ReadingParams, query: NOTHING });
    const trace = await findTrace(store, params.readingId);
    if (trace === undefined) throw new HttpProblem(404, { detail: 'There is no such reading' });
    response.json(toTrace(trace) satisfies Trace);
  });
}

function noSuchBin(): HttpProblem {
  return new HttpProblem(404, { detail: 'There is no such bin' });
}
