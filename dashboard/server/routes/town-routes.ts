import type { Router } from 'express';
import type { PageSettings, Stats } from '../../api/town.ts';
import type { AppParts } from '../app-parts.ts';
import { defineRoute } from '../define-route.ts';
import { createOpenApiDocument } from '../openapi/document.ts';
import { NOTHING, parseInput } from '../parse-input.ts';
import { describeTown } from '../town-stats.ts';

/** The town in numbers, what the page must know, and the description of the API itself. */
export function addTownRoutes(router: Router, parts: AppParts): void {
  const document = createOpenApiDocument(parts.settings.version);

  defineRoute(router, '/api/v1/stats', async (request, response) => {
    parseInput(request, { params: NOTHING, query: NOTHING });
    const { bins } = await parts.bins.read();
    response.json(describeTown(bins, await parts.numbers.read()) satisfies Stats);
  });

  defineRoute(router, '/api/v1/page-settings', (request, response) => {
    parseInput(request, { params: NOTHING, query: NOTHING });
    response.json(parts.settings satisfies PageSettings);
  });

  defineRoute(router, '/api/v1/openapi.json', (request, response) => {
    parseInput(request, { params: NOTHING, query: NOTHING });
    response.json(document);
  });
}
