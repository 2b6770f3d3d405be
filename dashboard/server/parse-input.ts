import type { Request } from 'express';
import { z } from 'zod';
import { HttpProblem } from './problem.ts';
import type { FieldError } from './problem.ts';

/**
 * Reads the parameters of a request's path and query by their schemas. Both are strict: a parameter nobody knows is
 * most often a misspelt one, whose silent loss would be the wrong answer.
 * @throws HttpProblem 400 that names each wrong parameter
 */
export function parseInput<Params extends z.ZodType, Query extends z.ZodType>(
  request: Request,
  schemas: { readonly params: Params; readonly query: Query },
): { readonly params: z.infer<Params>; readonly query: z.infer<Query> } {
  const params = schemas.params.safeParse(request.params);
  const query = schemas.query.safeParse({ ...request.query });
  if (params.success && query.success) return { params: params.data, query: query.data };
  const errors = [...listMistakes(params.error), ...listMistakes(query.error)];
  throw new HttpProblem(400, { detail: 'The request has mistakes in its parameters', errors });
}

/** The schema of a path or query without parameters. */
export const NOTHING = z.strictObject({});

/** A parameter's name comes from the client and is given back: this much of it is enough to recognise. */
const MAX_NAME_LENGTH = 64;

/** Each mistake that a schema has found, by the name of what is wrong. */
export function listMistakes(error: z.ZodError | undefined): FieldError[] {
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key.slice(0, MAX_NAME_LENGTH)].join('.'),
        message: 'There is no such parameter',
      }));
    }
    return [{ field: issue.path.join('.'), message: issue.message }];
  });
}
