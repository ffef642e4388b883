import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#lib/clock.ts';
import { type Database, openDatabase } from '#server/database/database.ts';
import type { CanvasSide } from '#server/gateway/gateway.ts';
import { gatewayMigrations } from '#server/gateway/migrations.ts';
import { createNetworkUpstream } from '#server/gateway/network-upstream.ts';
import { schoolMigrations } from '#server/school/migrations.ts';
import type { DeveloperKey } from '#server/school/options.ts';
import { createSchool } from '#server/school/school.ts';
import { pass, type Fault } from '../faults.ts';
import { startFaultyProxy } from '../faulty-proxy.ts';

/** A Canvas for a gateway to stand before, and a database for the gateway. */
export interface CanvasPlace {
  readonly side: CanvasSide;
  readonly database: Database;
  /** @throws when the Canvas met errors nobody foresaw */
  close(): Promise<void>;
}

const key = { clientId: '10000000000001', clientSecret: 'a developer key for tests' };
/** As the deployment page has it: no more than the scopes we ask for, and includes allowed. */
const developerKey: DeveloperKey = {
  ...key,
  name: 'Tapmark',
  redirectUris: ['http://127.0.0.1'],
  enforcesScopes: true,
  allowsIncludes: true,
};
const about = () => Promise.resolve({ host: 'school.test', schoolName: 'School', sample: true });

/** The school in the gateway's own process and database. */
export async function openEmbeddedPlace(): Promise<CanvasPlace> {
  const unexpected: unknown[] = [];
  const migrations = [...schoolMigrations, ...gatewayMigrations];
  const database = await openDatabase({ url: 'sqlite::memory:', migrations });
  const school = await createSchool({
    database,
    clock: systemClock,
    developerKeys: [{ ...developerKey, enforcesScopes: false }],
    onUnexpected: (error) => unexpected.push(error),
  });
  return {
    side: { upstream: school.fetch, key, origin: undefined, about },
    database,
    async close() {
      await school.close();
      await database.close();
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'the school met errors nobody foresaw');
    },
  };
}

/** The school in a process of its own plays a real Canvas, behind a network that now and then takes its time. */
export async function openRemotePlace(): Promise<CanvasPlace> {
  const script = fileURLToPath(new URL('../school-process/main.ts', import.meta.url));
  const words = ['--import', 'tsx', script, 'sqlite::memory:', JSON.stringify(developerKey)];
  const child = spawn(process.execPath, words);
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const proxy = await startFaultyProxy({ host: '127.0.0.1', port: Number(new URL(line.toString()).port) });
  proxy.plan(slowNowAndThen());
  const network = createNetworkUpstream(proxy.url);
  const database = await openDatabase({ url: 'sqlite::memory:', migrations: gatewayMigrations });
  return {
    side: { upstream: network.ask, read: network.read, key, origin: proxy.url, about },
    database,
    async close() {
      network.close();
      await proxy.close();
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await database.close();
      if (complaints !== '') throw new Error(`the school met errors nobody foresaw:\n${complaints}`);
    },
  };
}

function slowNowAndThen(): () => Fault {
  let n = 0;
  return () => {
    n += 1;
    return n % 10 === 0 ? { kind: 'wait', before: 10, after: 10 } : pass;
  };
}
