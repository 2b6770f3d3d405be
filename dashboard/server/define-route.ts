import type { Request, Response, Router } from 'express';
import { HttpProblem } from './problem.ts';

export type Handler = (request: Request, response: Response) => void | Promise<void>;

/** Answers GET and HEAD of a path; every other method gets 405. The path, as written here, names the route in metrics. */
export function defineRoute(router: Router, path: string, handle: Handler): void {
  router
    .route(path)
    .all((_request, response, next) => {
      response.locals['route'] = path;
      next();
    })
    .get((request, response) => handle(request, response))
    .all((request) => {
      throw new HttpProblem(405, {
        detail: `${request.method.slice(0, 20)} is not possible here`,
        headers: { Allow: 'GET, HEAD' },
      });
    });
}

/** The route that answered, for metrics; all others count as one. */
export function readRoute(response: Response): string {
  const route: unknown = response.locals['route'];
  return typeof route === 'string' ? route : 'other';
}
