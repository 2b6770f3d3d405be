import compression from 'compression';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { AppParts } from './app-parts.ts';
import { handleError } from './handle-error.ts';
import { checkHost } from './host-check.ts';
import { timeRequests } from './metrics.ts';
import { HttpProblem } from './problem.ts';
import { MAX_JSON_BODY_BYTES, tooLarge } from './read-body.ts';
import { addBinRoutes } from './routes/bin-routes.ts';
import { addCommandRoutes } from './routes/command-routes.ts';
import { addDocsRoutes } from './routes/docs-routes.ts';
import { addEventRoutes } from './routes/event-routes.ts';
import { addHealthRoutes } from './routes/health-routes.ts';
import { addPageRoutes } from './routes/page-routes.ts';
import { addQuarantineRoutes } from './routes/quarantine-routes.ts';
import { addTownRoutes } from './routes/town-routes.ts';
import { addWebhookRoutes } from './routes/webhook-routes.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { MAX_WEBHOOK_BODY_BYTES } from './webhooks/webhook-limits.ts';

/** No route takes a longer body. */
const MAX_BODY_BYTES = Math.max(MAX_JSON_BODY_BYTES, MAX_WEBHOOK_BODY_BYTES);

/** The API and the page as an Express app. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', 'weak');
  app.use(timeRequests(parts.metrics.registry));
  const tileUrl = parts.settings.tiles?.url;
  app.use(setSecurityHeaders({ tileUrl, usesTls: parts.usesTls }));
  app.use(checkHost(parts.allowedHosts));
  app.use(refuseBodies());
  app.use(compression());
  app.use(['/api', '/livez', '/readyz', '/metrics'], (_request, response, next) => {
    response.set('Cache-Control', 'no-cache');
    next();
  });
  app.use(createRouter(parts));
  app.use(() => {
    throw new HttpProblem(404, { detail: 'There is nothing at this address' });
  });
  app.use(handleError(parts.log));
  return app;
}

function createRouter(parts: AppParts): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  addBinRoutes(router, parts);
  addTownRoutes(router, parts);
  addEventRoutes(router, parts);
  addQuarantineRoutes(router, parts);
  addCommandRoutes(router, parts);
  addWebhookRoutes(router, parts);
  addDocsRoutes(router);
  addHealthRoutes(router, parts);
  addPageRoutes(router, parts.pageFolder);
  return router;
}

/** Before anything else is looked at, so that a body too long for any route does not have to be read. */
function refuseBodies(): RequestHandler {
  return (request, _response, next) => {
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
    next();
  };
}
