import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assemble } from './assemble.ts';
import { serveHttp } from './http-server.ts';
import { log, report } from './log.ts';
import { readSettings, SettingsError } from './settings.ts';
import { createStaticFiles } from './static-files.ts';

/** The app lies beside the server where `npm run build` puts both. */
function appFolder(): string {
  const beside = fileURLToPath(new URL('../app', import.meta.url));
  return existsSync(`${beside}/index.html`) ? beside : 'dist/app';
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const files = createStaticFiles(appFolder());
  const tapmark = await assemble({ settings, files, report });
  const http = await serveHttp({
    fetch: (request) => tapmark.gateway.fetch(request),
    host: settings.host,
    port: settings.port,
  });
  const known = settings.publicOrigin === undefined ? '' : `, as ${settings.publicOrigin} to the world`;
  process.stdout.write(`Tapmark is ready at ${http.address}${known}\n`);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void http
      .close()
      .then(() => tapmark.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          report(error);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  const words = error instanceof Error ? error.message : String(error);
  log(error instanceof SettingsError ? `These settings cannot be used:\n${words}` : words);
  process.exit(1);
});
