import { createRequire } from 'node:module';
import path from 'node:path';
import type { Router } from 'express';
import { defineRoute } from '../define-route.ts';

const require = createRequire(import.meta.url);
const OWN_FOLDER = path.join(import.meta.dirname, '../api-docs');
const VIEWER_FOLDER = path.dirname(require.resolve('swagger-ui-dist/package.json'));

/** The viewer's files; the package holds many more, among them a page with an address of somebody else's. */
const FILES: Readonly<Record<string, string>> = {
  'start-viewer.js': OWN_FOLDER,
  'swagger-ui.css': VIEWER_FOLDER,
  'swagger-ui-bundle.js': VIEWER_FOLDER,
};

/** The viewer of the API's description, served by ourselves. */
export function addDocsRoutes(router: Router): void {
  defineRoute(router, '/api/docs', (_request, response) => {
    response.redirect(308, '/api/docs/');
  });
  defineRoute(router, '/api/docs/', (_request, response) => {
    response.sendFile('index.html', { root: OWN_FOLDER });
  });
  for (const [file, root] of Object.entries(FILES)) {
    defineRoute(router, `/api/docs/${file}`, (_request, response) => {
      response.sendFile(file, { root });
    });
  }
}
