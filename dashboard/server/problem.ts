import { STATUS_CODES } from 'node:http';
import type { Problem } from '../api/town.ts';

/** Media type of problem details, RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

export interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** One mistake in a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** Thrown to answer a request with a problem; what it says is written for the client. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, options: ProblemOptions = {}) {
    super(options.detail ?? STATUS_CODES[status]);
    this.name = 'HttpProblem';
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}

/** The body of a problem whose type says no more than its status (RFC 9457 4.2.1). */
export function describeProblem(
  status: number,
  more: { detail?: string; instance?: string; errors?: readonly FieldError[] | undefined } = {},
): Problem {
  const { detail, instance, errors } = more;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(instance === undefined ? {} : { instance }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
}
