import { sql } from 'kysely';
import { tablesInOrder } from '../../database/every-table.ts';
import {
  type Command,
  CommandError,
  type CommandContext,
  readWords,
  schoolTables,
  table,
} from './command.ts';

export const checkCommand: Command = {
  synopsis: 'check',
  purpose: 'look for damage in the database, and count what is in it',
  run: check,
};

/** @throws CommandError naming what is wrong */
async function check(words: readonly string[], context: CommandContext): Promise<void> {
  readWords(words, [], {});
  const { database, print } = context;
  const db = schoolTables(context);
  const rows: string[][] = [];
  for (const name of await tablesInOrder(database)) {
    const counted = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
      db,
    );
    rows.push([name, String(counted.rows[0]?.count ?? 0)]);
  }
  for (const line of table(['Table', 'Rows'], rows)) print(line);
  const problems = [
    ...(database.dialect === 'sqlite' ? await sqliteProblems(context) : []),
    ...(await contradictions(context)),
  ];
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  print('The database is in order.');
}

async function sqliteProblems(context: CommandContext): Promise<string[]> {
  const db = schoolTables(context);
  const integrity = await sql<{ integrityCheck: string }>`pragma integrity_check`.execute(db);
  const references = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(db);
  return [
    ...integrity.rows.map((row) => row.integrityCheck).filter((line) => line !== 'ok'),
    ...references.rows.map((row) => `a row of ${row.table} belongs to nothing in ${row.parent}`),
  ];
}

/** What no database forbids and yet cannot be. */
async function contradictions(context: CommandContext): Promise<string[]> {
  const db = schoolTables(context);
  const strays = await db
    .selectFrom('enrollments')
    .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
    .whereRef('sections.courseId', '!=', 'enrollments.courseId')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const uncounted = await db
    .selectFrom('outcomeScores')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('liveResults')
            .select('liveResults.id')
            .whereRef('liveResults.assessmentId', '=', 'outcomeScores.assessmentId')
            .whereRef('liveResults.userId', '=', 'outcomeScores.userId'),
        ),
      ),
    )
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const problem = (count: number, words: string) => (count === 0 ? [] : [`${String(count)} ${words}`]);
  return [
    ...problem(strays.count, 'enrollments are in a section of another course'),
    ...problem(uncounted.count, 'scores stand for no result at all'),
  ];
}
