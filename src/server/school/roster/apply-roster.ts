import { randomUUID } from 'node:crypto';
import { foldForSearch } from '../people/search.ts';
import type { EnrollmentState } from '../tables.ts';
import type { KnownSchool } from './known-school.ts';
import type { PlaceEntry, Roster } from './roster.ts';
import { type SaveContext, saveEntries, type Wanted } from './save-entries.ts';

export interface ApplyContext extends SaveContext {
  readonly nowMs: number;
  /** Of courses that are new. */
  readonly timeZone: string;
}

/**
 * Makes the school be what a checked roster says. Nothing is ever deleted: whoever is gone keeps name and results, and
 * has no place any more.
 */
export async function applyRoster(roster: Roster, known: KnownSchool, context: ApplyContext): Promise<void> {
  const createdAt = context.nowMs;
  const terms = await saveTerms(roster, known, context);
  const people = await savePeople(roster, known, context);
  const courseIds = await saveEntries(
    context,
    'courses',
    'courses',
    roster.courses.map(({ sisId, name, code, term, isOver, startAt, endAt }): Wanted => {
      const before = known.courses.get(sisId);
      return {
        known: before,
        words: `course ${name}`,
        values: {
          name,
          courseCode: code,
          termId: term === null ? (before?.termId ?? terms.none) : terms.ids.get(term),
          workflowState: isOver ? 'completed' : 'available',
          startAt,
          endAt,
          restrictsToDates: startAt === null && endAt === null ? 0 : 1,
        },
        birth: { sisCourseId: sisId, uuid: randomUUID(), timeZone: context.timeZone, createdAt },
      };
    }),
  );
  const courses = idsBySisId(known.courses, roster.courses, courseIds);
  const sectionIds = await saveEntries(
    context,
    'sections',
    'sections',
    roster.sections.map(({ sisId, name, course, startAt, endAt }) => ({
      known: known.sections.get(sisId),
      words: `section ${name}`,
      values: {
        name,
        courseId: courses.get(course),
        startAt,
        endAt,
        restrictsToDates: startAt === null && endAt === null ? 0 : 1,
      },
      birth: { sisSectionId: sisId, createdAt },
    })),
  );
  const sections = idsBySisId(known.sections, roster.sections, sectionIds);
  await savePlaces(roster, known, { people, sections, courses }, context);
}

async function saveTerms(roster: Roster, known: KnownSchool, context: ApplyContext) {
  const ids = await saveEntries(
    context,
    'terms',
    'terms',
    roster.terms.map(({ sisId, name, startAt, endAt }) => ({
      known: known.terms.get(sisId),
      words: `term ${name}`,
      values: { name, startAt, endAt },
      birth: { sisTermId: sisId },
    })),
  );
  const withoutDates = await context.trx
    .selectFrom('terms')
    .select('id')
    .where('sisTermId', 'is', null)
    .orderBy('id')
    .executeTakeFirst();
  let none = withoutDates?.id;
  if (none === undefined && roster.courses.some(({ term }) => term === null)) {
    const birth = { sisTermId: null, startAt: null, endAt: null };
    const own: Wanted = {
      known: undefined,
      words: 'term Default Term',
      values: { name: 'Default Term' },
      birth,
    };
    [none] = await saveEntries(context, 'terms', 'terms', [own]);
  }
  return { none, ids: idsBySisId(known.terms, roster.terms, ids) };
}

async function savePeople(roster: Roster, known: KnownSchool, context: ApplyContext) {
  const { trx, nowMs } = context;
  // Logins may change hands within one import; for a moment nobody has those that change.
  for (const { sisId, login } of roster.people) {
    const before = known.people.get(sisId);
    if (before === undefined || before.login === null || before.login === login) continue;
    await trx.updateTable('users').set({ login: null }).where('id', '=', before.id).execute();
  }
  const ids = await saveEntries(
    context,
    'users',
    'people',
    roster.people.map(({ sisId, login, name, sortableName, shortName, email, isAdmin }) => ({
      known: known.people.get(sisId),
      words: `${name} (${login ?? sisId})`,
      values: {
        login,
        name,
        sortableName,
        shortName,
        email,
        searchText: foldForSearch(`${name} ${login ?? ''} ${sisId}`),
        ...(isAdmin === undefined ? {} : { isAdmin: isAdmin ? 1 : 0 }),
      },
      birth: {
        sisUserId: sisId,
        timeZone: null,
        locale: null,
        avatarUrl: null,
        isAdmin: 0,
        isDeleted: 0,
        createdAt: nowMs,
      },
    })),
  );
  for (const { sisId, hasLeft } of roster.people) {
    const before = hasLeft ? known.people.get(sisId) : undefined;
    if (before === undefined) continue;
    await trx
      .updateTable('accessTokens')
      .set({ revokedAt: nowMs })
      .where('userId', '=', before.id)
      .where('revokedAt', 'is', null)
      .execute();
    await trx.deleteFrom('signInLinks').where('userId', '=', before.id).execute();
  }
  return idsBySisId(known.people, roster.people, ids);
}

interface Ids {
  readonly people: ReadonlyMap<string, string>;
  readonly sections: ReadonlyMap<string, string>;
  readonly courses: ReadonlyMap<string, string>;
}

async function savePlaces(roster: Roster, known: KnownSchool, ids: Ids, context: ApplyContext) {
  const { nowMs } = context;
  const courseOfSection = new Map<string, string>();
  for (const { sisSectionId, courseId } of known.sections.values()) {
    if (sisSectionId !== null) courseOfSection.set(sisSectionId, courseId);
  }
  for (const { sisId, course } of roster.sections) courseOfSection.set(sisId, ids.courses.get(course) ?? '');
  const before = new Map(known.places.map((row) => [placeKey(row.userId, row.sectionId, row.type), row]));
  const gone = new Set(roster.people.flatMap(({ sisId, hasLeft }) => (hasLeft ? [sisId] : [])));
  const wanted = new Map<string, Wanted>();
  for (const place of liveliestPlaces(roster.places)) {
    const [userId, sectionId] = [ids.people.get(place.person) ?? '', ids.sections.get(place.section) ?? ''];
    const key = placeKey(userId, sectionId, place.type);
    const state: EnrollmentState = gone.has(place.person) ? 'completed' : place.state;
    const row = before.get(key);
    // Somebody who was never there and is over already is not worth a row.
    if (row === undefined && state === 'completed') continue;
    wanted.set(key, {
      known: row,
      words: `${place.person} in ${place.section} (${place.type.replace('Enrollment', '').toLowerCase()})`,
      values: {
        state,
        courseId: courseOfSection.get(place.section),
        startAt: place.startAt,
        endAt: place.endAt,
        associatedUserId: place.observed === null ? null : ids.people.get(place.observed),
        limitsToSection: place.limitsToSection ? 1 : 0,
      },
      birth: { userId, sectionId, type: place.type, createdAt: nowMs, updatedAt: nowMs },
    });
  }
  for (const leaver of leavers(roster, known, ids, gone, wanted)) wanted.set(leaver.key, leaver.wanted);
  await saveEntries(context, 'enrollments', 'places', [...wanted.values()]);
}

/** Places that the roster should name and does not, and all places of those who left the school. */
function leavers(
  roster: Roster,
  known: KnownSchool,
  ids: Ids,
  gone: ReadonlySet<string>,
  named: ReadonlyMap<string, Wanted>,
): { readonly key: string; readonly wanted: Wanted }[] {
  const whole = new Set([...roster.wholeSections].map((sisId) => ids.sections.get(sisId)));
  const goneIds = new Set([...gone].map((sisId) => ids.people.get(sisId)));
  const ofRosters = new Map([...known.people.values()].map(({ id, sisUserId }) => [id, sisUserId]));
  return known.places.flatMap((row) => {
    const key = placeKey(row.userId, row.sectionId, row.type);
    const sisId = ofRosters.get(row.userId);
    const isOver = row.state === 'completed' || row.state === 'deleted' || row.state === 'rejected';
    const hasLeft = goneIds.has(row.userId) || (whole.has(row.sectionId) && !named.has(key));
    // Those whom no roster knows, such as the Test Student, no roster can miss.
    if (sisId === undefined || sisId === null || isOver || !hasLeft) return [];
    const words = `${sisId} leaves section ${row.sectionId}`;
    return [{ key, wanted: { known: row, words, values: { state: 'completed' }, birth: {} } }];
  });
}

/** A place may be told twice, over and not: then it is not. */
function liveliestPlaces(places: readonly PlaceEntry[]): Iterable<PlaceEntry> {
  const best = new Map<string, PlaceEntry>();
  for (const place of places) {
    const key = placeKey(place.person, place.section, place.type);
    const other = best.get(key);
    if (other === undefined || liveliness.indexOf(place.state) < liveliness.indexOf(other.state)) {
      best.set(key, place);
    }
  }
  return best.values();
}

const liveliness: readonly EnrollmentState[] = ['active', 'invited', 'inactive', 'completed'];

function placeKey(person: string, section: string, type: string): string {
  return JSON.stringify([person, section, type]);
}

function idsBySisId(
  known: ReadonlyMap<string, { readonly id: string }>,
  entries: readonly { readonly sisId: string }[],
  ids: readonly string[],
): ReadonlyMap<string, string> {
  const found = new Map([...known].map(([sisId, { id }]) => [sisId, id]));
  entries.forEach(({ sisId }, at) => found.set(sisId, ids[at] ?? ''));
  return found;
}
