import type { Kysely } from 'kysely';
import { idOf, type Parameters } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import type { SchoolTables } from '../tables.ts';
import type { Caller } from './access-tokens.ts';

/**
 * Whom the call counts for: `as_user_id` lets an administrator act as anybody, and results then name that
 * person as the assessor (contract §3.4).
 * @throws Refusal 401 whose `errors` is a text, when the caller may not, or there is no such person
 */
export async function actingAs(
  db: Kysely<SchoolTables>,
  caller: Caller,
  parameters: Parameters,
): Promise<Caller> {
  const wanted = parameters['as_user_id'];
  if (wanted === undefined) return caller;
  const id = wanted === 'self' ? caller.user.id : idOf(wanted);
  if (id === caller.user.id) return caller;
  if (id === undefined || caller.user.isAdmin === 0) throw invalidAsUser();
  const user = await db
    .selectFrom('users')
    .select(['id', 'isAdmin', 'timeZone'])
    .where('id', '=', id)
    .where('isDeleted', '=', 0)
    .executeTakeFirstOrThrow(invalidAsUser);
  return { ...caller, user };
}

function invalidAsUser(): Refusal {
  return new Refusal(401, { errors: 'Invalid as_user_id' });
}
