import { setTimeout as delay } from 'node:timers/promises';
import type { Router } from 'express';
import { sql } from 'kysely';
import { findPendingMigrations } from '../../../store/migrate.ts';
import type { AppParts } from '../app-parts.ts';
import { defineRoute } from '../define-route.ts';
import { HttpProblem } from '../problem.ts';
import type { FieldError } from '../problem.ts';

/** Probes give up after a few seconds; the reason must be out before. */
const ANSWER_WITHIN_MS = 2_000;

/** For whoever runs the server: does it live, can it serve, how is it doing. */
export function addHealthRoutes(router: Router, parts: AppParts): void {
  defineRoute(router, '/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });

  defineRoute(router, '/readyz', async (_request, response) => {
    const errors = await findObstacles(parts);
    if (errors.length > 0) throw new HttpProblem(503, { detail: 'Not ready to serve', errors });
    response.json({ status: 'ready' });
  });

  defineRoute(router, '/metrics', async (_request, response) => {
    const text = await parts.metrics.scrape();
    response.type(parts.metrics.registry.contentType).send(text);
  });
}

/** What keeps the dashboard from serving, each with the part it lies in. */
async function findObstacles(parts: AppParts): Promise<FieldError[]> {
  const { store, hub, log } = parts;
  try {
    await within(ANSWER_WITHIN_MS, sql`select 1`.execute(store.db));
  } catch (error) {
    log.warn({ err: error }, 'The database does not answer');
    return [{ field: 'database', message: 'The database does not answer' }];
  }
  try {
    const pending = await within(ANSWER_WITHIN_MS, findPendingMigrations(store));
    if (pending.length > 0) {
      const message = `The database lacks ${pending.join(', ')}; run "tunna migrate"`;
      return [{ field: 'schema', message }];
    }
  } catch (error) {
    log.warn({ err: error }, 'The schema is not one this version knows');
    return [{ field: 'schema', message: 'The schema cannot be read, or is of a newer version' }];
  }
  return hub.isReady ? [] : [{ field: 'changes', message: 'The changes are not followed yet' }];
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const timeout = delay(ms, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`No answer within ${ms} ms`);
  });
  // Whichever loses the race fails later, when nobody listens any more.
  timeout.catch(() => {});
  work.catch(() => {});
  return Promise.race([work, timeout]).finally(() => stop.abort());
}
