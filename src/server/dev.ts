import { getRequestListener } from '@hono/node-server';
import type { ViteDevServer } from 'vite';
import { assemble } from './assemble.ts';
import { createLogger } from './log.ts';
import { readSettings } from './settings.ts';

const serverPaths = /^\/(api|tapmark|login|healthz|readyz)(\/|\?|$)/;

/**
 * Puts the server behind `vite dev`, on the same origin: Vite serves the app, everything else is as in production.
 * @throws SettingsError
 */
export async function attachServer(vite: ViteDevServer): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLogger({ level: settings.logLevel ?? 'warn' });
  const server = await assemble({ settings, log });
  const listen = getRequestListener((request) => server.gateway.fetch(request), {
    overrideGlobalObjects: false,
  });
  vite.middlewares.use((request, response, next) => {
    if (serverPaths.test(request.url ?? '')) void listen(request, response);
    else next();
  });
  vite.httpServer?.once('close', () => void server.close().catch(log.report));
}
