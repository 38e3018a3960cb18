// Every route says who may call it. One that was forgotten is found when the server starts, not when somebody calls it.

import type { FastifyInstance, RouteOptions } from 'fastify';

/** Watches the routes that are added from now on; the app does not become ready while one lacks its `access`. */
export function requireAccess(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', async () => {
    const silent = routes.filter((route) => route.config?.access === undefined);
    if (silent.length === 0) return;
    const names = silent.map((route) => `${String(route.method)} ${route.url}`).join(', ');
    throw new Error(`These routes do not say who may call them (config.access): ${names}`);
  });
}

/** Opens the routes of a plugin that knows nothing of access: for pages and files that anybody may have. */
export function openToAll(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public' };
  });
}
