/*
 * A school in a process of its own, to be killed: says its address. Arguments: database url, and, if people are to sign
 * in, the one developer key as JSON. An error nobody foresaw goes to standard error.
 */
import { systemClock } from '#lib/clock.ts';
import { openDatabase } from '#server/database/database.ts';
import { serveHttp } from '#server/http-server.ts';
import { schoolMigrations } from '#server/school/migrations.ts';
import type { DeveloperKey } from '#server/school/options.ts';
import { createSchool } from '#server/school/school.ts';

const [url = '', key] = process.argv.slice(2);
const database = await openDatabase({ url, migrations: schoolMigrations });
const school = await createSchool({
  database,
  clock: systemClock,
  developerKeys: key === undefined ? [] : [JSON.parse(key) as DeveloperKey],
  onUnexpected: (error) => process.stderr.write(`${error instanceof Error ? error.stack : 'error'}\n`),
});
const { address } = await serveHttp({ fetch: school.fetch, host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
