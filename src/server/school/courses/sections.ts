import { idsFrom } from '../../database/json-rows.ts';
import { courseFor } from './course-access.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, readPage } from '../http/pages.ts';
import { textsOf } from '../http/parameters.ts';
import { wireTime } from '../http/wire-time.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import { groupBy } from '../grouping.ts';
import { presentEnrollment } from '../people/present-enrollment.ts';
import { presentUser } from '../people/present-user.ts';
import { foldForSearch, searchTerm } from '../people/search.ts';
import type { School } from '../school-parts.ts';
import { byName, compareIds, compareNames, inOrderOf } from '../sorting.ts';
import type { EnrollmentRow, SectionRow, UserRow } from '../tables.ts';
import { visibleSections } from './visible-sections.ts';

/** `GET /courses/:course_id/sections` (contract §5.4), by name. */
export function sectionEndpoints(school: School): Endpoint[] {
  const path = '/api/v1/courses/:course_id/sections';
  return [{ method: 'GET', path, handle: (call) => listSections(school, call) }];
}

async function listSections(school: School, call: Call): Promise<Response> {
  const course = await courseFor(school, call, 'read_roster', 'view_all_grades', 'manage_grades');
  const page = readPage(call.parameters);
  const term = searchTerm(call.parameters['search_term']);
  const visible = await visibleSections(school, call.caller.user, course);
  const names = await school.db
    .selectFrom('sections')
    .select(['id', 'name'])
    .where('courseId', '=', course.id)
    .execute();
  const found = names
    .filter(({ id }) => visible?.has(id) ?? true)
    .filter(({ name }) => term === undefined || foldForSearch(name).includes(term))
    .sort(byName);
  const onPage = found.slice(page.offset, page.offset + page.size);
  const ids = JSON.stringify(onPage.map(({ id }) => id));
  const include = textsOf(call.parameters['include']);
  const counts = include.includes('total_students') ? await countStudents(school, ids) : undefined;
  const students = include.includes('students') ? await studentsOf(school, ids) : undefined;
  const rows = await school.db
    .selectFrom('sections')
    .selectAll()
    .where('id', 'in', idsFrom(school.db, ids))
    .execute();
  const body = inOrderOf(onPage, rows).map((section): Json => ({
    ...presentSection(section),
    total_students: counts && (counts.get(section.id) ?? 0),
    students:
      students &&
      (students.get(section.id) ?? [])
        .slice(0, MOST_STUDENTS)
        .map((one) => presentStudent(one, include, call.url.origin)),
  }));
  return call.answerPage(body, page, countedEnd(page, found.length));
}

function presentSection(section: SectionRow) {
  return {
    id: idNumber(section.id),
    course_id: idNumber(section.courseId),
    name: section.name,
    start_at: wireTime(section.startAt),
    end_at: wireTime(section.endAt),
    created_at: wireTime(section.createdAt),
    restrict_enrollments_to_section_dates: section.restrictsToDates === 1,
    nonxlist_course_id: null,
    sis_section_id: section.sisSectionId,
    integration_id: null,
  };
}

/** Canvas names no more of a huge section (contract §5.4). */
const MOST_STUDENTS = 1000;

interface Student {
  readonly user: UserRow;
  readonly enrollment: EnrollmentRow;
}

/** Active and invited students by section, by sortable name. */
async function studentsOf(school: School, sections: string): Promise<Map<string, Student[]>> {
  const enrollments = await studying(school, sections).selectAll('enrollments').execute();
  const users = new Map((await usersOf(school, sections)).map((user) => [user.id, user]));
  const students = enrollments.flatMap((enrollment): Student[] => {
    const user = users.get(enrollment.userId);
    return user === undefined ? [] : [{ user, enrollment }];
  });
  students.sort(
    ({ user: a }, { user: b }) => compareNames(a.sortableName, b.sortableName) || compareIds(a.id, b.id),
  );
  return groupBy(students, ({ enrollment }) => enrollment.sectionId);
}

async function countStudents(school: School, sections: string): Promise<ReadonlyMap<string, number>> {
  const counts = await studying(school, sections)
    .select((eb) => ['enrollments.sectionId', eb.fn.countAll<number>().as('students')])
    .groupBy('enrollments.sectionId')
    .execute();
  return new Map(counts.map(({ sectionId, students }) => [sectionId, students]));
}

/** @param sections their ids, as JSON */
function studying({ db }: School, sections: string) {
  return db
    .selectFrom('enrollments')
    .innerJoin('users', 'users.id', 'enrollments.userId')
    .where('users.isDeleted', '=', 0)
    .where('enrollments.type', '=', 'StudentEnrollment')
    .where('enrollments.state', 'in', ['active', 'invited', 'creation_pending'])
    .where('enrollments.sectionId', 'in', idsFrom(db, sections));
}

function usersOf({ db }: School, sections: string): Promise<UserRow[]> {
  const places = db
    .selectFrom('enrollments')
    .select('userId')
    .where('sectionId', 'in', idsFrom(db, sections));
  return db.selectFrom('users').selectAll().where('isDeleted', '=', 0).where('id', 'in', places).execute();
}

function presentStudent({ user, enrollment }: Student, include: readonly string[], origin: string): Json {
  return {
    ...presentUser(user),
    avatar_url: include.includes('avatar_url') ? (user.avatarUrl ?? undefined) : undefined,
    enrollments: include.includes('enrollments') ? [presentEnrollment(enrollment, { origin })] : undefined,
  };
}
