import type { Kysely } from 'kysely';
import type { SchoolTables } from './tables.ts';

/** What the gateway tells the app of the school it is in front of. */
export interface SchoolFacts {
  /** Made with the database: data on a tablet belongs to this school and no other. */
  readonly id: string;
  readonly name: string;
  readonly isSample: boolean;
}

export async function readFacts(db: Kysely<SchoolTables>): Promise<SchoolFacts> {
  const rows = await db.selectFrom('schoolFacts').selectAll().execute();
  const facts = new Map(rows.map(({ name, value }) => [name, value]));
  return {
    id: facts.get('id') ?? '',
    name: facts.get('name') ?? 'School',
    isSample: facts.get('sample') === 'yes',
  };
}

export async function schoolName(db: Kysely<SchoolTables>): Promise<string> {
  return (await readFacts(db)).name;
}

export async function isSample(db: Kysely<SchoolTables>): Promise<boolean> {
  return (await readFacts(db)).isSample;
}
