import { Hono } from 'hono';
import { api } from '../http/call.ts';
import { idOf } from '../http/parameters.ts';
import { missing, noRight } from '../http/refusal.ts';
import type { School } from '../school-parts.ts';
import { presentSelf } from './present-user.ts';

/** `GET /users/self`, or the same by one's own id (contract §5.1). Other people are seen in their courses. */
export function userRoutes(school: School): Hono {
  return new Hono().get(
    '/api/v1/users/:user',
    api(school, async (call) => {
      const name = call.path('user');
      const id = idOf(name);
      if (name === 'self' || id === call.caller.user.id) return call.answer(presentSelf(call.caller.user));
      if (id === undefined) throw missing();
      const other = school.db
        .selectFrom('users')
        .select('id')
        .where('id', '=', id)
        .where('isDeleted', '=', 0);
      await other.executeTakeFirstOrThrow(missing);
      throw noRight(school.revision);
    }),
  );
}
