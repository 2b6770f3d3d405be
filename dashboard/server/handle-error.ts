import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { describeProblem, HttpProblem, PROBLEM_TYPE } from './problem.ts';

/** How long a client waits before it asks again while the database is away. */
const RETRY_AFTER_SECONDS = '5';

/** Answers every failure with a problem. What the client has no business with goes to the log, under the same number. */
export function handleError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      log.error({ err: error, path: request.path }, 'An answer broke off');
      response.destroy();
      return;
    }
    if (error instanceof HttpProblem) {
      response.set(error.headers);
      const { status, message, errors } = error;
      sendProblem(response, status, { detail: message, errors });
      return;
    }
    const status = readClientFault(error);
    if (status !== undefined) {
      sendProblem(response, status);
      return;
    }
    const instance = `urn:uuid:${randomUUID()}`;
    log.error({ err: error, instance, path: request.path }, 'A request failed');
    if (isDatabaseAway(error)) {
      response.set('Retry-After', RETRY_AFTER_SECONDS);
      sendProblem(response, 503, { detail: 'The database does not answer', instance });
      return;
    }
    sendProblem(response, 500, { instance });
  };
}

function sendProblem(
  response: Response,
  status: number,
  more: Parameters<typeof describeProblem>[1] = {},
): void {
  response.set('Cache-Control', 'no-store');
  response.removeHeader('ETag');
  response
    .status(status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(describeProblem(status, more)));
}

/** Express and its file server mark the client's faults with a status; their words are about us, so only that is kept. */
function readClientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** Network errors, and PostgreSQL's classes 08 (connection), 53300 (too many) and 57P0x (shutting down). */
const DATABASE_AWAY =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|08...|53300|57P0.|SQLITE_BUSY.*)$/;

/** What pg says without a code when its connection is lost or does not come about. */
const CONNECTION_LOST = /connection terminated|timeout exceeded when trying to connect/i;

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return DATABASE_AWAY.test(error.code);
  return CONNECTION_LOST.test(error.message);
}
