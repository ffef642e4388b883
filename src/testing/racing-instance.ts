/*
 * One of several processes that fight for the same attempt ids in one database: `begin` and `barIfAbsent` of every
 * id, in an order of its own. Says `ready`, waits for a word on standard input, then prints, as JSON, what it won.
 * Arguments: database url, number of ids, seed.
 */
import { once } from 'node:events';
import { systemClock } from '#lib/clock.ts';
import { openDatabase } from '#server/database/database.ts';
import { gatewayMigrations } from '#server/gateway/migrations.ts';
import { createStoredAttempts } from '#server/gateway/stored-attempts.ts';

const [url = '', count = '0', seed = '0'] = process.argv.slice(2);
const database = await openDatabase({ url, migrations: gatewayMigrations });
const attempts = createStoredAttempts(database, systemClock);
const memory = await attempts.memory();
const won: { begun: string[]; barred: string[] } = { begun: [], barred: [] };
const mine = Number(seed);

process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();

for (let n = 0; n < Number(count); n += 1) {
  const id = `attempt-${n}`;
  const steps = [
    async () => {
      const candidate = {
        id,
        account: '23',
        installation: 'tablet',
        epoch: 1,
        fingerprint: 'x',
        memory,
        atMs: n,
      };
      if ((await attempts.begin(candidate)).kind === 'begun') won.begun.push(id);
    },
    async () => {
      const bar = { id, account: '23', memory, reason: 'barred' as const, atMs: n };
      if ((await attempts.barIfAbsent(bar)).kind === 'barred') won.barred.push(id);
    },
    async () => {
      // Epochs rise in step with the ids; whoever comes second must not lower them.
      await attempts.hear({ account: '23', installation: 'other', epoch: n - mine }, n);
    },
  ];
  for (let k = 0; k < steps.length; k += 1) await steps[(k + mine + n) % steps.length]?.();
}
await database.close();
process.stdout.write(JSON.stringify(won));
