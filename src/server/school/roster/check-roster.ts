import type { KnownSchool } from './known-school.ts';
import type { Place, Problems } from './problems.ts';
import type { Roster } from './roster.ts';

/** Adds a problem for everything that is named twice, or that refers to what is neither in the files nor in the school. */
export function checkRoster(roster: Roster, known: KnownSchool, problems: Problems): void {
  const terms = names(roster.terms, 'term', problems);
  const courses = names(roster.courses, 'course', problems);
  const sections = names(roster.sections, 'section', problems);
  const people = names(roster.people, 'person', problems);
  for (const { at, term } of roster.courses) {
    if (term !== null && !terms.has(term) && !known.terms.has(term)) unknown(at, 'term', term, problems);
  }
  for (const { at, course } of roster.sections) {
    if (!courses.has(course) && !known.courses.has(course)) unknown(at, 'course', course, problems);
  }
  for (const { at, person, section, observed } of roster.places) {
    if (!people.has(person) && !known.people.has(person)) unknown(at, 'person', person, problems);
    if (!sections.has(section) && !known.sections.has(section)) unknown(at, 'section', section, problems);
    if (observed !== null && !people.has(observed) && !known.people.has(observed)) {
      unknown(at, 'person', observed, problems);
    }
  }
  checkLogins(roster, known, problems);
}

function checkLogins(roster: Roster, known: KnownSchool, problems: Problems): void {
  const inFiles = new Map<string, string>();
  const renamed = new Set(roster.people.flatMap(({ sisId }) => known.people.get(sisId)?.id ?? []));
  for (const { at, sisId, login } of roster.people) {
    if (login === null) continue;
    const first = inFiles.get(login);
    if (first !== undefined && first !== sisId)
      problems.add(at, undefined, `the login "${login}" is used twice`);
    inFiles.set(login, sisId);
    const owner = known.logins.get(login);
    // Somebody in the files who gives the login up is no obstacle.
    if (owner !== undefined && owner !== known.people.get(sisId)?.id && !renamed.has(owner)) {
      problems.add(at, undefined, `the login "${login}" belongs to somebody else in the school`);
    }
  }
}

function names(
  entries: readonly { readonly sisId: string; readonly at: Place }[],
  what: string,
  problems: Problems,
): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { sisId, at } of entries) {
    if (seen.has(sisId)) problems.add(at, undefined, `the ${what} "${sisId}" stands here a second time`);
    seen.add(sisId);
  }
  return seen;
}

function unknown(at: Place, what: string, id: string, problems: Problems): void {
  problems.add(at, undefined, `there is no ${what} "${id}", neither in the files nor in the school`);
}
