import { systemClock } from '#lib/clock.ts';
import { openDatabase, sqliteUrl } from '../database/database.ts';
import { gatewayMigrations } from '../gateway/migrations.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { UsageError } from './admin/command.ts';
import { runCommand } from './commands.ts';
import { schoolMigrations } from './migrations.ts';

/*
 * `npm run school -- …`: administers the embedded school, also while the server is running. Settings are the
 * server's. Both parts' migrations are named, since one database holds the tables of both.
 */

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const database = await openDatabase({
    url: settings.databaseUrl ?? sqliteUrl(settings.dataDir),
    migrations: [...schoolMigrations, ...gatewayMigrations],
  });
  try {
    await runCommand(process.argv.slice(2), {
      database,
      clock: systemClock,
      origin: settings.publicOrigin ?? `http://localhost:${String(settings.port)}`,
      print: (line) => process.stdout.write(`${line}\n`),
    });
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  const isExpected = error instanceof UsageError || error instanceof SettingsError;
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${words}\n`);
  process.exitCode = isExpected ? 2 : 1;
});
