import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { Kept } from '../../api/webhooks.ts';
import { WebhookParams, WebhookQuery } from '../inputs.ts';
import { answer, failures, NEEDS_TOKEN } from './responses.ts';

/** The door for network servers that call. */
export const WEBHOOK_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/uplinks/{source}': {
    post: {
      operationId: 'takeUplink',
      summary: 'Takes a message of a network server',
      description:
        'For The Things Stack, ChirpStack, LORIOT, ThingPark and configured sources. Takes the token of a gateway whose prefixes allow `uplinks/{source}/#`. The answer comes when the message is on disk; whether it makes a reading shows later. Further query parameters are passed over.',
      tags: ['Network servers'],
      security: NEEDS_TOKEN,
      requestParams: { path: WebhookParams, query: WebhookQuery },
      requestBody: {
        description: 'The message as the network server has it, 128 KiB at most, not compressed',
        required: true,
        content: {
          'application/json': { schema: z.unknown() },
          'text/plain': { schema: z.string() },
        },
      },
      responses: {
        ...answer('It is on disk', Kept),
        ...failures(401, 403, 404, 415, 429),
      },
    },
  },
};
