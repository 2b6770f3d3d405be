import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  AdoptRequest,
  QuarantinedMessage,
  QuarantineGroups,
  QuarantinePage,
  ReplayAnswer,
  ReplayRequest,
} from '../../api/quarantine.ts';
import { GroupsQuery, QuarantineParams, QuarantineQuery } from '../inputs.ts';
import { answer, failures, NEEDS_TOKEN, success } from './responses.ts';

const JSON_TYPE = 'application/json';
const COMMON = { tags: ['Quarantine'], security: NEEDS_TOKEN };

/** Messages that did not become readings, and what to do about them. */
export const QUARANTINE_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/quarantine': {
    get: {
      ...COMMON,
      operationId: 'listQuarantine',
      summary: 'Messages that were set aside, newest first',
      requestParams: { query: QuarantineQuery },
      responses: {
        ...success('A page of them', { [JSON_TYPE]: QuarantinePage }),
        ...failures(401, 403, 409),
      },
    },
  },
  '/api/v1/quarantine/groups': {
    get: {
      ...COMMON,
      operationId: 'groupQuarantine',
      summary: 'Open messages by what they have in common',
      description:
        'The maker is that of the registered model, else of the model that the network server names in the message.',
      requestParams: { query: GroupsQuery },
      responses: {
        ...success('The groups', { [JSON_TYPE]: QuarantineGroups }),
        ...failures(401, 403),
      },
    },
  },
  '/api/v1/quarantine/{messageId}': {
    get: {
      ...COMMON,
      operationId: 'getQuarantined',
      summary: 'A message as it came, and why it was set aside',
      requestParams: { path: QuarantineParams },
      responses: {
        ...success('The message', { [JSON_TYPE]: QuarantinedMessage }),
        ...failures(401, 403, 404),
      },
    },
  },
  '/api/v1/quarantine/replay': {
    post: {
      ...COMMON,
      operationId: 'replayQuarantine',
      summary: 'Puts messages through ingest again, once the cause is gone',
      description:
        'The oldest first, 500 at most and as many as five seconds allow; `next` says whether there are more. Messages that are not there or not open are passed over.',
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: ReplayRequest } } },
      responses: {
        ...answer('What became of them', ReplayAnswer),
        ...failures(401, 403, 409, 415),
      },
    },
  },
  '/api/v1/quarantine/adopt': {
    post: {
      ...COMMON,
      operationId: 'adoptDevice',
      summary: 'Registers an unknown device, mounts it in a bin, and replays what it sent',
      description:
        'The first 200 of its messages; where `next` says that there are more, replay those of the device from there.',
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: AdoptRequest } } },
      responses: {
        ...answer('What became of its messages', ReplayAnswer),
        ...failures(401, 403, 404, 409, 415),
      },
    },
  },
};
