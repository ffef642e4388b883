import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '#testing/manual-clock.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { runCommand, UsageError } from './commands.ts';
import { schoolMigrations } from './migrations.ts';
import { createSchool } from './school.ts';

let database: Database;
const clock = createManualClock();
beforeEach(async () => {
  database = await openDatabase({ url: 'sqlite::memory:', migrations: schoolMigrations });
});
afterEach(() => database.close());

async function run(...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  await runCommand(words, { database, clock, print: (line) => lines.push(line) });
  return lines;
}

test('token LOGIN prints a token on its last line, before the server was ever started', async () => {
  const token = (await run('token', 'teacher')).at(-1) ?? '';
  const school = await createSchool({ database, clock });
  const headers = { authorization: `Bearer ${token}` };
  const answer = await school.fetch(new Request('http://school.test/api/v1/users/self', { headers }));
  expect(await answer.json()).toMatchObject({ login_id: 'teacher' });
});

test('token of nobody says who there is', async () => {
  await expect(run('token', 'nobody')).rejects.toThrow(/"nobody".*teacher, coteacher, ta, designer, student/);
});

test.each([[[]], [['nonsense']], [['token']], [['token', 'teacher', 'more']]])(
  '%j is explained',
  async (words) => {
    await expect(run(...words)).rejects.toThrow(UsageError);
  },
);
