import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { failures, success } from './responses.ts';

const JSON_TYPE = 'application/json';
const TAGS = ['Operation'];

/** For whoever runs the server. */
export const HEALTH_PATHS: ZodOpenApiPathsObject = {
  '/livez': {
    get: {
      operationId: 'isAlive',
      summary: 'Whether the process answers',
      tags: TAGS,
      responses: {
        ...success('It does', { [JSON_TYPE]: z.strictObject({ status: z.literal('alive') }) }),
        ...failures(),
      },
    },
  },
  '/readyz': {
    get: {
      operationId: 'isReady',
      summary: 'Whether it can serve',
      description: 'With 503, `errors` says what is in the way: database, schema or changes.',
      tags: TAGS,
      responses: {
        ...success('It can', { [JSON_TYPE]: z.strictObject({ status: z.literal('ready') }) }),
        ...failures(),
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'getMetrics',
      summary: 'Metrics for Prometheus',
      tags: TAGS,
      responses: {
        ...success('The metrics', {
          'text/plain': z.string().meta({ description: 'Prometheus text format 0.0.4' }),
        }),
        ...failures(),
      },
    },
  },
};
