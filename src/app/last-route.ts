import * as v from 'valibot';
import type { AccountStore } from '#store/account-store.ts';
import type { Pref } from '#store/prefs.ts';

/*
 * Where an account was on this device, so that a start from the home screen lands in the class of this lesson.
 * It stands with the account's own choices, on the disk like a mark: after a kill the class comes back too.
 */

export interface RememberedRoute {
  readonly path: string;
  /** Device time, ms, of the last visit. */
  readonly at: number;
}

const lastRoutePref: Pref<RememberedRoute> = {
  name: 'last-route',
  schema: v.object({ path: v.string(), at: v.number() }),
  fallback: { path: '/', at: 0 },
};

/** Places of a lesson: its class comes back, the way there ends it; settings and the outbox are visits. */
const isOfLessons = /^\/(courses\/.*)?$/;
const isClass = /^\/courses\/[^/]+\/[^/]+$/;

export function rememberRoute({ prefs }: AccountStore, route: RememberedRoute): void {
  if (!isOfLessons.test(route.path)) return;
  // Full or closed: the next start begins with the list of courses.
  prefs.write('account', lastRoutePref, route).catch(() => undefined);
}

/** The address to begin with. @param nowMs device time */
export async function routeToRestore({ prefs }: AccountStore, nowMs: number): Promise<string> {
  try {
    return restored(await prefs.read('account', lastRoutePref), nowMs);
  } catch {
    return '/';
  }
}

/** A class of today comes back. One of another day does not: today's marks belong to another assessment. */
export function restored({ path, at }: RememberedRoute, nowMs: number): string {
  const isToday = new Date(at).toDateString() === new Date(nowMs).toDateString();
  return isToday && isClass.test(path) ? path : '/';
}
