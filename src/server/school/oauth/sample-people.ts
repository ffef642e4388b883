import type { Kysely } from 'kysely';
import { isSample } from '../school-facts.ts';
import type { SchoolTables } from '../tables.ts';
import type { SamplePerson } from './sign-in-page.ts';

const roles: Readonly<Record<string, string>> = {
  teacher: 'Teaches three classes: may do everything here',
  coteacher: 'Teaches one of them too',
  ta: 'Assistant: marks, but sets up no outcomes',
  designer: 'Designs courses: sees no grades',
  observer: 'Parent: may only look',
  student: 'Student: this is not for students',
  admin: 'Runs the school',
};

/** Those with a login, if the school is the sample; nobody may be anybody in a real one. */
export async function findSamplePeople(
  db: Kysely<SchoolTables>,
): Promise<readonly (SamplePerson & { readonly id: string })[]> {
  if (!(await isSample(db))) return [];
  const rows = await db
    .selectFrom('users')
    .select(['id', 'login', 'name'])
    .where('login', 'is not', null)
    .where('isDeleted', '=', 0)
    .orderBy('id')
    .execute();
  return rows.flatMap(({ id, login, name }) =>
    login === null ? [] : [{ id, login, name, role: roles[login] ?? '' }],
  );
}
