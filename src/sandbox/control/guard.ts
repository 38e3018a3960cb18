// Keeps the control API to the people at this machine. A web page anywhere can make a browser send requests to localhost, and a name
// that is rebound to 127.0.0.1 can even read the answers; so only loopback names, bare addresses and the names that were
// configured are served, and only pages from loopback may call across origins.

import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

export function guardControl(scope: FastifyInstance, extraHosts: readonly string[]): void {
  scope.addHook('onRequest', async (request, reply) => {
    const host = hostnameOf(`http://${request.headers.host ?? ''}`);
    if (host === undefined || !(isLoopback(host) || isAddress(host) || extraHosts.includes(host)))
      throw new Problem(
        403,
        'host-refused',
        'Open the sandbox by localhost or by its address, or add the name to its hosts.',
      );
    const { origin } = request.headers;
    if (origin === undefined) return;
    const from = hostnameOf(origin);
    const allowed = from !== undefined && (isLoopback(from) || from === host);
    if (!allowed)
      throw new Problem(
        403,
        'origin-refused',
        'Pages of other sites may not control the sandbox. Call it from localhost.',
      );
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'content-type',
      vary: 'origin',
    });
  });
  scope.options('/*', async (_request, reply) => reply.code(204).send());
}

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

// A bare address cannot be rebound.
function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}
