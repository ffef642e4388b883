import { systemClock } from '#lib/clock.ts';
import { openDatabase, sqliteUrl } from './database/database.ts';
import { createGateway, userAgent, type CanvasSide, type Gateway } from './gateway/gateway.ts';
import { gatewayMigrations } from './gateway/migrations.ts';
import { createNetworkUpstream } from './gateway/network-upstream.ts';
import { ownOrigin } from './gateway/origin.ts';
import { createPictureFetch } from './gateway/picture-fetch.ts';
import { createVault } from './gateway/vault.ts';
import { schoolMigrations } from './school/migrations.ts';
import { createSchool } from './school/school.ts';
import type { Logger } from './log.ts';
import { keptSessionSecret } from './session-secret.ts';
import type { Settings } from './settings.ts';

export interface Assembled {
  readonly gateway: Gateway;
  /** Waits for what has begun, then closes the database. Call it when no request comes in any more. */
  close(): Promise<void>;
}

/** The embedded school's own developer key for this gateway: it never leaves the process. */
const embeddedClientId = '10000000000001';

/**
 * Puts the server together: one database, a Canvas (embedded or over the network), the gateway before it.
 * @param files serves the app; absent while Vite does
 * @throws when the database or the data directory cannot be used
 */
export async function assemble(options: {
  readonly settings: Settings;
  readonly files?: (request: Request) => Promise<Response>;
  readonly log: Logger;
}): Promise<Assembled> {
  const { settings, log } = options;
  const { report } = log;
  const clock = systemClock;
  const secret = settings.sessionSecret ?? keptSessionSecret(settings.dataDir);
  const database = await openDatabase({
    url: settings.databaseUrl ?? sqliteUrl(settings.dataDir),
    migrations: [...schoolMigrations, ...gatewayMigrations],
  });
  const canvas = settings.canvas === undefined ? await embedded() : overTheNetwork(settings.canvas);
  const gateway = createGateway({
    canvas: canvas.side,
    database,
    secret,
    own: ownOrigin(settings.publicOrigin, settings.host),
    clock,
    log,
    trustedProxies: settings.trustedProxies,
    sharedTablets: settings.sharedTablets,
    ...(options.files === undefined ? {} : { files: options.files }),
  });

  async function embedded() {
    const clientSecret = createVault(secret).seal('developer key of the embedded school');
    const hosts = ['localhost', '127.0.0.1', '[::1]', settings.host];
    const school = await createSchool({
      database,
      clock,
      developerKeys: [
        {
          clientId: embeddedClientId,
          clientSecret,
          name: 'Tapmark',
          redirectUris:
            settings.publicOrigin === undefined
              ? hosts.map((host) => `http://${host}`)
              : [settings.publicOrigin],
        },
      ],
      onUnexpected: report,
    });
    const side: CanvasSide = {
      upstream: school.fetch,
      key: { clientId: embeddedClientId, clientSecret },
      origin: undefined,
      async about() {
        const { id, name, isSample } = await school.facts();
        return { host: id, schoolName: name, sample: isSample };
      },
    };
    return { side, close: school.close };
  }

  const tidy = () => void gateway.tidy().catch(report);
  tidy();
  const tidying = setInterval(tidy, 3_600_000);
  tidying.unref();

  return {
    gateway,
    async close() {
      clearInterval(tidying);
      await gateway.idle();
      await canvas.close();
      await database.close();
    },
  };
}

function overTheNetwork(canvas: NonNullable<Settings['canvas']>) {
  const network = createNetworkUpstream(canvas.origin);
  const pictures = createPictureFetch({ canvasOrigin: canvas.origin, userAgent });
  const { host } = new URL(canvas.origin);
  const side: CanvasSide = {
    upstream: network.ask,
    read: network.read,
    pictures,
    key: { clientId: canvas.clientId, clientSecret: canvas.clientSecret },
    origin: canvas.origin,
    about: () => Promise.resolve({ host, schoolName: host, sample: false }),
  };
  const close = () => {
    network.close();
    pictures.close();
    return Promise.resolve();
  };
  return { side, close };
}
