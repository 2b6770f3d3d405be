import type { Request, Router } from 'express';
import type { AppParts } from '../app-parts.ts';
import { defineRoute } from '../define-route.ts';
import { EventsQuery } from '../inputs.ts';
import { NOTHING, parseInput } from '../parse-input.ts';
import { HttpProblem } from '../problem.ts';

/** The live stream of changed bins. */
export function addEventRoutes(router: Router, { hub }: AppParts): void {
  defineRoute(router, '/api/v1/events', async (request, response) => {
    const { query } = parseInput(request, { params: NOTHING, query: EventsQuery });
    if (request.get('Sec-Fetch-Site') === 'cross-site') {
      // It could not read the stream, but each one holds a place that a crew's screen may need.
      throw new HttpProblem(403, { detail: 'Pages of other sites cannot open this stream' });
    }
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    await hub.open(response, readLastEventId(request) ?? query.lastEventId);
  });
}

/** A number that nobody can have been given: whoever brings it starts anew. */
const NEVER_GIVEN = Number.MAX_SAFE_INTEGER;

function readLastEventId(request: Request): number | undefined {
  const header = request.get('Last-Event-ID');
  if (header === undefined || header === '') return undefined;
  return /^\d{1,15}$/.test(header) ? Number(header) : NEVER_GIVEN;
}
