import type { Kysely } from 'kysely';
import { idsFrom } from '../../database/json-rows.ts';
import { inOrderOf } from '../sorting.ts';
import type { SchoolTables, UserRow } from '../tables.ts';

/** All that is kept of these people, in the order given. */
export async function usersInOrder(
  db: Kysely<SchoolTables>,
  people: readonly { readonly id: string }[],
): Promise<UserRow[]> {
  const ids = JSON.stringify(people.map(({ id }) => id));
  const rows = await db.selectFrom('users').selectAll().where('id', 'in', idsFrom(db, ids)).execute();
  return inOrderOf(people, rows);
}
