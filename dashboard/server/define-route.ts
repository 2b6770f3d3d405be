import type { Request, Response, Router } from 'express';
import { HttpProblem } from './problem.ts';

export type Handler = (request: Request, response: Response) => void | Promise<void>;

/** What a path answers. Express answers HEAD by GET. */
export interface Handlers {
  readonly get?: Handler;
  readonly post?: Handler;
}

/**
 * Answers a path: GET and HEAD where one handler is given, else the methods that are named; every other method gets 405.
 * The path, as written here, names the route in metrics.
 */
export function defineRoute(router: Router, path: string, handlers: Handler | Handlers): void {
  const { get, post } = typeof handlers === 'function' ? { get: handlers } : handlers;
  const route = router.route(path).all((_request, response, next) => {
    response.locals['route'] = path;
    next();
  });
  if (get !== undefined) route.get((request, response) => get(request, response));
  if (post !== undefined) route.post((request, response) => post(request, response));
  const allowed = [...(get ? ['GET', 'HEAD'] : []), ...(post ? ['POST'] : [])].join(', ');
  route.all((request) => {
    throw new HttpProblem(405, {
      detail: `${request.method.slice(0, 20)} is not possible here`,
      headers: { Allow: allowed },
    });
  });
}

/** The route that answered, for metrics; all others count as one. */
export function readRoute(response: Response): string {
  const route: unknown = response.locals['route'];
  return typeof route === 'string' ? route : 'other';
}
