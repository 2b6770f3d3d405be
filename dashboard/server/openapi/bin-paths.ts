import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { BinDetail, BinList, RawMessageList, ReadingSeries, Trace } from '../../api/bins.ts';
import { BinFeatureCollection } from '../../api/town.ts';
import { BinParams, MessagesQuery, ReadingParams, SeriesQuery } from '../inputs.ts';
import { failures, success } from './responses.ts';

const JSON_TYPE = 'application/json';
const TAGS = ['Bins'];

/** Bins, their levels over time, and where each number came from. */
export const BIN_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/bins': {
    get: {
      operationId: 'listBins',
      summary: 'All bins with their levels',
      description:
        'Ages and states hold at the moment the answer was made, at most five seconds ago. As GeoJSON when `Accept` says so.',
      tags: TAGS,
      responses: {
        ...success('All bins, by id', {
          [JSON_TYPE]: BinList,
          'application/geo+json': BinFeatureCollection,
        }),
        ...failures(406),
      },
    },
  },
  '/api/v1/bins/{binId}': {
    get: {
      operationId: 'getBin',
      summary: 'A bin with the devices mounted in it',
      tags: TAGS,
      requestParams: { path: BinParams },
      responses: { ...success('The bin', { [JSON_TYPE]: BinDetail }), ...failures(404) },
    },
  },
  '/api/v1/bins/{binId}/readings': {
    get: {
      operationId: 'listReadings',
      summary: 'Levels of a bin over time',
      description:
        'Only believable readings: quality `suspicious` or `accepted`. At most 5,000 buckets, the newest of the span; `truncated` says when there are more.',
      tags: TAGS,
      requestParams: { path: BinParams, query: SeriesQuery },
      responses: { ...success('The levels', { [JSON_TYPE]: ReadingSeries }), ...failures(404) },
    },
  },
  '/api/v1/bins/{binId}/messages': {
    get: {
      operationId: 'listMessages',
      summary: 'Newest raw messages of the devices in a bin',
      tags: TAGS,
      requestParams: { path: BinParams, query: MessagesQuery },
      responses: { ...success('The messages', { [JSON_TYPE]: RawMessageList }), ...failures(404) },
    },
  },
  '/api/v1/readings/{readingId}/trace': {
    get: {
      operationId: 'traceReading',
      summary: 'A reading, how it was made, and the raw message it came from',
      tags: TAGS,
      requestParams: { path: ReadingParams },
      responses: { ...success('The trace', { [JSON_TYPE]: Trace }), ...failures(404) },
    },
  },
};
