import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

/** A name or address with an optional port, as in a Host header (RFC 9110 7.2). */
const HOST = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[a-z0-9._-]+))(?::\d{1,5})?$/i;

/**
 * Answers only requests for a name that is ours. A page of somebody else's, whose name is made to point here (DNS
 * rebinding), would otherwise read the API as if it were its own. Addresses cannot be pointed elsewhere, so they pass;
 * so do the loopback names.
 */
export function checkHost(allowedHosts: readonly string[]): RequestHandler {
  const allowed = new Set(['localhost', ...allowedHosts.map(normalise)]);
  return (request, _response, next) => {
    const hosts = request.headersDistinct['host'] ?? [];
    // RFC 9112 3.2: two hosts, and a proxy in front may have gone by the other one.
    if (hosts.length > 1) throw new HttpProblem(400, { detail: 'The request is for two hosts' });
    const name = readHost(hosts[0] ?? '');
    if (name !== undefined && (isIP(name) !== 0 || allowed.has(name))) {
      next();
      return;
    }
    throw new HttpProblem(421, {
      detail:
        'This server does not answer for the host name in the request; TUNNA_ALLOWED_HOSTS names those it does',
    });
  };
}

function readHost(header: string): string | undefined {
  const groups = HOST.exec(header)?.groups;
  const name = groups?.['v6'] ?? groups?.['name'];
  return name === undefined ? undefined : normalise(name);
}

/** Case and the dot of a fully qualified name make no difference. */
function normalise(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
