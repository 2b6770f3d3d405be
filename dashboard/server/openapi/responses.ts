import type { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { Problem } from '../../api/town.ts';
import { PROBLEM_TYPE } from '../problem.ts';

function problem(id: string, description: string): ZodOpenApiResponseObject {
  return { id, description, content: { [PROBLEM_TYPE]: { schema: Problem } } };
}

const FAILURES = {
  400: problem('BadRequest', 'Something is wrong, unknown or badly encoded; `errors` names each'),
  401: problem('Unauthorized', 'There is no token, or not one that is accepted'),
  403: problem('Forbidden', 'Not for this token, or not for a page of another site'),
  404: problem('NotFound', 'There is no such thing'),
  406: problem('NotAcceptable', 'None of the types in `Accept` can be had'),
  409: problem('Conflict', 'What the request asks for does not fit what is there'),
  413: problem('ContentTooLarge', 'The body is longer than anything here takes'),
  415: problem('UnsupportedMediaType', 'The body is of another type, or compressed'),
  421: problem('MisdirectedRequest', 'The name in `Host` is none of this server’s'),
  429: problem('TooManyRequests', 'Too fast; try again after `Retry-After`'),
  500: problem('InternalServerError', 'Our fault; `instance` is in our log'),
  503: problem('ServiceUnavailable', 'Not possible now; try again after `Retry-After`'),
} as const;
type Failure = keyof typeof FAILURES;

/** Failures that any request can meet before it reaches its route, or in the database behind it. */
const EVERYWHERE: readonly Failure[] = [400, 413, 421, 500, 503];

/** The failures of a route: those given and those that can happen anywhere. */
export function failures(...statuses: readonly Failure[]): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    [...EVERYWHERE, ...statuses].map((status) => [status, FAILURES[status]]),
  );
}

const VALIDATORS = {
  ETag: {
    description: 'Stays the same as long as the body does; send it back in `If-None-Match`',
    schema: { type: 'string' as const },
  },
};

const NOT_MODIFIED: ZodOpenApiResponseObject = {
  id: 'NotModified',
  description: 'As before: `If-None-Match` has its tag',
  headers: VALIDATORS,
};

/** A body with a validator, and the answer without one to a request that has it already. */
export function success(
  description: string,
  bodies: Readonly<Record<string, z.ZodType>>,
): ZodOpenApiResponsesObject {
  const content = Object.fromEntries(
    Object.entries(bodies).map(([type, schema]) => [type, { schema }]),
  );
  return { 200: { description, headers: VALIDATORS, content }, 304: NOT_MODIFIED };
}

/** The answer to a request that changes something: nobody keeps it, so it has no validator. */
export function answer(
  description: string,
  body: z.ZodType,
  status: 200 | 202 = 200,
): ZodOpenApiResponsesObject {
  return { [status]: { description, content: { 'application/json': { schema: body } } } };
}

/** The `security` of a route that takes a token, by the names of the schemes in the document. */
export const NEEDS_TOKEN = [{ bearer: [] }, { basic: [] }];
