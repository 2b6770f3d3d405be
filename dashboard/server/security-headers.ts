import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 365 * 24 * 3600;

export interface SecurityHeaderOptions {
  /** Leaflet template of the raster tiles, whose origin the page may load images from. */
  readonly tileUrl: string | undefined;
  readonly usesTls: boolean;
}

/** The page runs and shows nothing but our own files, and the tiles. */
export function setSecurityHeaders(options: SecurityHeaderOptions): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      // Ours alone: helmet's own would turn http: into https:, which a town without a certificate does not serve.
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:', ...listTileOrigins(options.tileUrl)],
        'connect-src': ["'self'"],
        'worker-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        'form-action': ["'self'"],
      },
    },
    strictTransportSecurity: options.usesTls ? { maxAge: YEAR_SECONDS } : false,
    // Tile servers want to know who asks: OpenStreetMap refuses requests without a Referer.
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    xFrameOptions: { action: 'deny' },
  });
}

/** Leaflet puts these in place of `{s}` unless told otherwise. */
const LEAFLET_SUBDOMAINS = ['a', 'b', 'c'];

/** Stands for whatever name the page is reached by; no host can have it (RFC 6761 6.4). */
const OURSELVES = 'http://ourselves.invalid';

/**
 * Origins that a Leaflet template loads from, apart from ourselves.
 * @throws TypeError when the template is no http(s) address
 */
export function listTileOrigins(tileUrl: string | undefined): string[] {
  if (tileUrl === undefined) return [];
  const subdomains = tileUrl.includes('{s}') ? LEAFLET_SUBDOMAINS : [''];
  const urls = subdomains.map((name) => new URL(tileUrl.replaceAll('{s}', name), OURSELVES));
  for (const { protocol } of urls) {
    if (protocol !== 'https:' && protocol !== 'http:') {
      throw new TypeError(`Expected an http or https address for the tiles, got ${protocol}`);
    }
  }
  return [...new Set(urls.map(({ origin }) => origin))].filter((origin) => origin !== OURSELVES);
}
