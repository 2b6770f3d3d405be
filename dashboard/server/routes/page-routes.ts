import { existsSync } from 'node:fs';
import path from 'node:path';
import express from 'express';
import type { Router } from 'express';
import { defineRoute } from '../define-route.ts';

const NOT_BUILT = [
  'The page has not been built yet. Run "npm run build" and load this again.',
  'The API works without it: /api/docs/',
  '',
].join('\n');

/** The built page. Files under `assets` carry a hash in their name and never change. */
export function addPageRoutes(router: Router, pageFolder: string): void {
  const root = path.resolve(pageFolder);
  const assets = path.join(root, 'assets') + path.sep;
  defineRoute(router, '/', (_request, response) => {
    response.set('Cache-Control', 'no-cache');
    if (!existsSync(path.join(root, 'index.html'))) {
      response.status(503).type('text/plain').send(NOT_BUILT);
      return;
    }
    response.sendFile('index.html', { root, cacheControl: false });
  });
  const serveFile = express.static(root, {
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders: (response, file) => {
      const isHashed = file.startsWith(assets);
      response.set('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  router.use(serveFile);
}
