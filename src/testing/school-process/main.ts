/* A school in a process of its own, to be killed: says its address. Argument: database url. */
import { systemClock } from '#lib/clock.ts';
import { openDatabase } from '#server/database/database.ts';
import { serveHttp } from '#server/http-server.ts';
import { schoolMigrations } from '#server/school/migrations.ts';
import { createSchool } from '#server/school/school.ts';

const database = await openDatabase({ url: process.argv[2] ?? '', migrations: schoolMigrations });
const school = await createSchool({ database, clock: systemClock });
const { address } = await serveHttp({ fetch: school.fetch, host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
