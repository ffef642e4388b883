import { courseFor } from './course-access.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, readPage } from '../http/pages.ts';
import { textsOf } from '../http/parameters.ts';
import { wireTime } from '../http/wire-time.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import { foldForSearch, searchTerm } from '../people/search.ts';
import type { School } from '../school-parts.ts';
import { compareIds, compareNames } from '../sorting.ts';
import type { SectionRow } from '../tables.ts';
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
  const rows = await school.db.selectFrom('sections').selectAll().where('courseId', '=', course.id).execute();
  const found = rows
    .filter(({ id }) => visible?.has(id) ?? true)
    .filter(({ name }) => term === undefined || foldForSearch(name).includes(term))
    .sort((a, b) => compareNames(a.name, b.name) || compareIds(a.id, b.id));
  const shown = found.slice(page.offset, page.offset + page.size);
  const counts = textsOf(call.parameters['include']).includes('total_students')
    ? await countStudents(school, shown)
    : undefined;
  const body = shown.map((section): Json => ({
    ...presentSection(section),
    total_students: counts && (counts.get(section.id) ?? 0),
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

async function countStudents(school: School, sections: readonly SectionRow[]): Promise<Map<string, number>> {
  if (sections.length === 0) return new Map();
  const rows = await school.db
    .selectFrom('enrollments')
    .select(['sectionId', (eb) => eb.fn.countAll<number>().as('students')])
    .where('type', '=', 'StudentEnrollment')
    .where('state', 'in', ['active', 'invited', 'creation_pending'])
    .where(
      'sectionId',
      'in',
      sections.map(({ id }) => id),
    )
    .groupBy('sectionId')
    .execute();
  return new Map(rows.map((row) => [row.sectionId, row.students]));
}
