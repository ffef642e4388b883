import type { AccountId } from '#domain/ids.ts';

/*
 * Where an account was on this device, so that a start from the home screen lands in the class of this lesson.
 * An address in localStorage, nothing else; losing it costs one tap.
 */

interface RememberedRoute {
  readonly path: string;
  /** Device time, ms, of the last visit. */
  readonly at: number;
}

/** Only places of a lesson come back by themselves; settings and the outbox are visits. */
const comesBack = /^\/courses\/[^/]+(\/[^/]+)?$/;

export function rememberRoute(account: AccountId, route: RememberedRoute): void {
  if (route.path !== '/' && !comesBack.test(route.path)) return;
  try {
    localStorage.setItem(storageKey(account), JSON.stringify(route));
  } catch {
    // Refused or full: the next start begins with the list of courses.
  }
}

/** The address to begin with. @param nowMs device time */
export function routeToRestore(account: AccountId, nowMs: number): string {
  try {
    return restored(localStorage.getItem(storageKey(account)), nowMs);
  } catch {
    return '/';
  }
}

/**
 * A class of today comes back as it was. On a later day its course does, because the assessment bears the date
 * of its lesson and today's marks belong to another.
 */
export function restored(stored: string | null, nowMs: number): string {
  const route = parse(stored);
  const found = route === undefined ? null : comesBack.exec(route.path);
  if (route === undefined || found === null) return '/';
  const isToday = new Date(route.at).toDateString() === new Date(nowMs).toDateString();
  return isToday ? route.path : route.path.slice(0, route.path.length - (found[1]?.length ?? 0));
}

function parse(stored: string | null): RememberedRoute | undefined {
  if (stored === null) return undefined;
  try {
    const route: unknown = JSON.parse(stored);
    if (typeof route !== 'object' || route === null || !('path' in route) || !('at' in route))
      return undefined;
    const { path, at } = route;
    return typeof path === 'string' && typeof at === 'number' ? { path, at } : undefined;
  } catch {
    return undefined;
  }
}

function storageKey(account: AccountId): string {
  return `tapmark:route:${account}`;
}
