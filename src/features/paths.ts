import type { AssessmentKey, CourseId } from '#domain/ids.ts';

/*
 * Addresses of the screens, written and read in one place. Assessment keys may hold anything (other clients
 * choose theirs freely), and the router unescapes some signs but not others; so `~` stands for `%` here.
 */

export const coursesPath = '/';
export const outboxPath = '/outbox';
export const settingsPath = '/settings';
export const setUpCheckPath = '/settings/check';
export const signInScreenPath = '/sign-in';

export function coursePath(course: CourseId): string {
  return `/courses/${escapePart(course)}`;
}

export function classPath(course: CourseId, key: AssessmentKey): string {
  return `${coursePath(course)}/${escapePart(key)}`;
}

/** Reads one part of an address. @returns undefined when it was not written by `escapePart` */
export function unescapePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part.replaceAll('~', '%'));
  } catch {
    return undefined;
  }
}

function escapePart(part: string): string {
  return encodeURIComponent(part).replaceAll('%2C', ',').replaceAll('~', '%7E').replaceAll('%', '~');
}
