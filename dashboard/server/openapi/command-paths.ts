import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { Command, CommandList, CommandOrder } from '../../api/commands.ts';
import { CommandParams, CommandsQuery, DeviceParams } from '../inputs.ts';
import { answer, failures, NEEDS_TOKEN, success } from './responses.ts';

const JSON_TYPE = 'application/json';
const COMMON = { tags: ['Commands'], security: NEEDS_TOKEN };

/** What devices are asked to do. */
export const COMMAND_PATHS: ZodOpenApiPathsObject = {
  '/api/v1/devices/{deviceId}/commands': {
    post: {
      ...COMMON,
      operationId: 'orderCommand',
      summary: 'Asks a device to do something',
      description:
        'Queued until the device can be reached. One of the same kind that still waits is given up, apart from raw bytes. 409 when the model cannot be asked this, or nobody can carry it.',
      requestParams: { path: DeviceParams },
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: CommandOrder } } },
      responses: {
        ...answer('It waits to be sent', Command, 202),
        ...failures(401, 403, 404, 409, 415),
      },
    },
  },
  '/api/v1/commands': {
    get: {
      ...COMMON,
      operationId: 'listCommands',
      summary: 'Commands, newest first',
      requestParams: { query: CommandsQuery },
      responses: {
        ...success('The commands', { [JSON_TYPE]: CommandList }),
        ...failures(401, 403),
      },
    },
  },
  '/api/v1/commands/{commandId}': {
    get: {
      ...COMMON,
      operationId: 'getCommand',
      summary: 'A command and what became of it',
      requestParams: { path: CommandParams },
      responses: {
        ...success('The command', { [JSON_TYPE]: Command }),
        ...failures(401, 403, 404),
      },
    },
  },
  '/api/v1/commands/{commandId}/cancel': {
    post: {
      ...COMMON,
      operationId: 'cancelCommand',
      summary: 'Takes back a command that has not been sent',
      requestParams: { path: CommandParams },
      responses: { ...answer('It will not be sent', Command), ...failures(401, 403, 404, 409) },
    },
  },
};
