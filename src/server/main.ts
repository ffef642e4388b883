import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assemble } from './assemble.ts';
import { serveHttp } from './http-server.ts';
import { createLogger, tell, type Logger } from './log.ts';
import { serveMetrics } from './metrics-server.ts';
import { readSettings, SettingsError, type LogLevel } from './settings.ts';
import { createStaticFiles } from './static-files.ts';

/** The app lies beside the server where `npm run build` puts both. */
function appFolder(): string {
  const beside = fileURLToPath(new URL('../app', import.meta.url));
  return existsSync(`${beside}/index.html`) ? beside : 'dist/app';
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLogger({ level: settings.logLevel ?? usualLevel() });
  const files = createStaticFiles(appFolder());
  const tapmark = await assemble({ settings, files, log });
  const metrics = await serveMetrics(settings.metrics, tapmark.gateway.metrics, log);
  const http = await serveHttp({
    fetch: (request, peer) => tapmark.gateway.fetch(request, peer),
    direct: (general) => tapmark.gateway.direct(general),
    host: settings.host,
    port: settings.port,
  });
  const known = settings.publicOrigin === undefined ? '' : `, as ${settings.publicOrigin} to the world`;
  process.stdout.write(`Tapmark is ready at ${http.address}${known}\n`);

  stopOnSignals(log, async () => {
    tapmark.gateway.drain();
    await http.close();
    await metrics.close();
    await tapmark.close();
  });
}

/** A person at a terminal reads the address and what is wrong; a journal takes every line. */
function usualLevel(): LogLevel {
  return process.stderr.isTTY ? 'warn' : 'info';
}

/** A stop answers what has begun and ends with 0. */
function stopOnSignals(log: Logger, close: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    log.info('stopping');
    void close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.report(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  const words = error instanceof Error ? error.message : String(error);
  tell(error instanceof SettingsError ? `These settings cannot be used:\n${words}` : words);
  process.exit(1);
});
