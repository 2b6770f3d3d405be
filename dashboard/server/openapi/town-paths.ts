import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { PageSettings, Stats } from '../../api/town.ts';
import { EventsQuery } from '../inputs.ts';
import { failures, success } from './responses.ts';

const JSON_TYPE = 'application/json';

const EVENTS_DESCRIPTION = `Server-sent events. Each \`data\` is one line of JSON; each \`id\` is the number of a change.

- \`hello\` (HelloEvent): the first of every stream.
- \`bins\` (BinsEvent): bins that changed, as they are now; at most one a second.
- \`removed\` (RemovedEvent): bins that are gone.
- \`reset\` (\`{}\`): too much was missed; load everything anew.

A client that comes back with \`Last-Event-ID\` gets what it missed as one \`bins\` event. A client that does not keep up is
cut off, so that it comes back. A comment every 15 seconds keeps the stream open.`;

/** The town as a whole, and the live stream. */
export const TOWN_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/stats': {
    get: {
      operationId: 'getStats',
      summary: 'The town in numbers',
      tags: ['Town'],
      responses: { ...success('The numbers', { [JSON_TYPE]: Stats }), ...failures() },
    },
  },
  '/api/v1/page-settings': {
    get: {
      operationId: 'getPageSettings',
      summary: 'What the page must know before it draws',
      tags: ['Town'],
      responses: { ...success('The settings', { [JSON_TYPE]: PageSettings }), ...failures() },
    },
  },
  '/api/v1/events': {
    get: {
      operationId: 'followBins',
      summary: 'Bins as they change',
      description: EVENTS_DESCRIPTION,
      tags: ['Town'],
      requestParams: {
        query: EventsQuery,
        header: z.object({
          'Last-Event-ID': z
            .string()
            .optional()
            .meta({ description: 'The `id` of the last event that the client got' }),
        }),
      },
      responses: {
        200: {
          description: 'The stream; it ends only when one side goes',
          content: {
            'text/event-stream': {
              schema: z.string().meta({ description: 'Events, as the HTML standard 9.2 has them' }),
            },
          },
        },
        ...failures(403),
      },
    },
  },
  '/api/v1/openapi.json': {
    get: {
      operationId: 'describeApi',
      summary: 'This description',
      tags: ['Town'],
      responses: {
        ...success('An OpenAPI 3.1 document', {
          [JSON_TYPE]: z.looseObject({ openapi: z.string() }),
        }),
        ...failures(),
      },
    },
  },
};
