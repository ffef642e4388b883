import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { idOf, textsOf } from '../http/parameters.ts';
import { missing, noRight } from '../http/refusal.ts';
import type { School } from '../school-parts.ts';
import { presentSelf, uuidOf } from './present-user.ts';

/** `GET /users/self`, or the same by one's own id (contract §5.1). Other people are seen in their courses. */
export function userEndpoints(school: School): Endpoint[] {
  return [{ method: 'GET', path: '/api/v1/users/:id', handle: (call) => showUser(school, call) }];
}

async function showUser(school: School, call: Call): Promise<Response> {
  const { user } = call.caller;
  const name = call.path('id');
  const id = idOf(name);
  if (name === 'self' || id === user.id) {
    const include = textsOf(call.parameters['include']);
    const self = school.db.selectFrom('users').selectAll().where('id', '=', user.id);
    return call.answer({
      ...presentSelf(await self.executeTakeFirstOrThrow(missing)),
      uuid: include.includes('uuid') ? uuidOf(user) : undefined,
      // Nobody takes note of it here.
      last_login: include.includes('last_login') ? null : undefined,
    });
  }
  if (id === undefined) throw missing();
  const other = school.db.selectFrom('users').select('id').where('id', '=', id).where('isDeleted', '=', 0);
  await other.executeTakeFirstOrThrow(missing);
  throw noRight(school.revision);
}
