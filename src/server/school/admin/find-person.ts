import { loadSampleIfEmpty } from '../sample/load-sample.ts';
import { type CommandContext, schoolTables, UsageError } from './command.ts';

/** The most logins an error message lists. */
const MOST_NAMED = 20;

/** The person with this login, or with this id of the school's own records. @throws UsageError when there is none */
export async function findPerson(
  context: CommandContext,
  login: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const db = schoolTables(context);
  // As the server does: the command may be the first to touch a fresh database.
  await loadSampleIfEmpty(db);
  const people = () => db.selectFrom('users').where('isDeleted', '=', 0);
  const user = await people()
    .select(['id', 'name'])
    .where((eb) => eb.or([eb('login', '=', login), eb('sisUserId', '=', login)]))
    .orderBy((eb) => eb.case().when('login', '=', login).then(0).else(1).end())
    .limit(1)
    .executeTakeFirst();
  if (user !== undefined) return user;
  const known = await people()
    .select('login')
    .where('login', 'is not', null)
    .orderBy('id')
    .limit(MOST_NAMED + 1)
    .execute();
  const logins = known.slice(0, MOST_NAMED).map((one) => one.login);
  const more = known.length > MOST_NAMED ? ', and more: npm run school -- people' : '';
  throw new UsageError(`Nobody here has the login "${login}". There is: ${logins.join(', ')}${more}`);
}
