import type { EnrollmentState, EnrollmentType } from '../tables.ts';
import { choose, type CsvRow, need, readRows, readTime } from './csv-rows.ts';
import type { Problems } from './problems.ts';
import type { CourseEntry, PersonEntry, PlaceEntry, Roster, SectionEntry } from './roster.ts';
import type { RosterFiles } from './roster-files.ts';

/*
 * Canvas's SIS import format: terms, users, courses, sections, enrollments and admins.
 * https://developerdocs.instructure.com/services/canvas/sis/file.sis_import_csv
 */

const liveliness = {
  '': false,
  active: false,
  suspended: true,
  deleted: true,
  completed: true,
  published: false,
};

const roles: Readonly<Record<string, EnrollmentType>> = {
  student: 'StudentEnrollment',
  studentenrollment: 'StudentEnrollment',
  teacher: 'TeacherEnrollment',
  teacherenrollment: 'TeacherEnrollment',
  ta: 'TaEnrollment',
  taenrollment: 'TaEnrollment',
  designer: 'DesignerEnrollment',
  designerenrollment: 'DesignerEnrollment',
  observer: 'ObserverEnrollment',
  observerenrollment: 'ObserverEnrollment',
};

/** Deleted ones are concluded: what somebody did in a class is never lost with their place in it. */
const states: Readonly<Record<string, EnrollmentState>> = {
  '': 'active',
  active: 'active',
  inactive: 'inactive',
  completed: 'completed',
  deleted: 'completed',
  deleted_last_completed: 'completed',
};

/** Reads what Canvas would import; what is wrong is added to the problems. */
export function readCanvasRoster(files: RosterFiles, problems: Problems): Roster {
  const admins = readRows(files, 'admins.csv', ['user_id', 'status'], problems);
  const isAdmin = new Map(
    admins.map((row) => [row.text('user_id'), row.text('status').toLowerCase() !== 'deleted']),
  );
  const people = readRows(files, 'users.csv', ['user_id', 'login_id'], problems).flatMap((row) =>
    personOf(row, isAdmin, problems),
  );
  const terms = readRows(files, 'terms.csv', ['term_id', 'name'], problems).flatMap((row) => {
    const sisId = need(row, 'term_id', problems);
    const name = need(row, 'name', problems);
    return sisId === undefined || name === undefined
      ? []
      : [{ at: row, sisId, name, ...dates(row, problems) }];
  });
  const courses = readRows(files, 'courses.csv', ['course_id', 'short_name', 'long_name'], problems).flatMap(
    (row) => courseOf(row, problems),
  );
  const named = readRows(files, 'sections.csv', ['section_id', 'course_id', 'name'], problems).flatMap(
    (row) => sectionOf(row, problems),
  );
  const rows = readRows(files, 'enrollments.csv', ['user_id', 'role'], problems);
  const unnamed = new Map<string, SectionEntry>();
  const places = rows.flatMap((row) => placeOf(row, unnamed, problems));
  const sections = [...named, ...unnamed.values()];
  const whole = rows.length === 0 ? [] : sections.map(({ sisId }) => sisId);
  return {
    terms,
    courses,
    sections,
    people,
    places,
    wholeSections: new Set(whole),
  };
}

function personOf(row: CsvRow, isAdmin: ReadonlyMap<string, boolean>, problems: Problems): PersonEntry[] {
  const sisId = need(row, 'user_id', problems);
  const login = need(row, 'login_id', problems);
  const [first, last] = [row.text('first_name'), row.text('last_name')];
  const name =
    row.text('full_name') || [first, last].filter((part) => part !== '').join(' ') || (login ?? '');
  const hasLeft = choose(row, 'status', liveliness, problems);
  if (sisId === undefined || login === undefined || hasLeft === undefined) return [];
  const admin = isAdmin.get(sisId);
  return [
    {
      at: row,
      sisId,
      login,
      name,
      sortableName:
        row.text('sortable_name') || (last === '' ? name : `${last}, ${first}`.replace(/, $/, '')),
      shortName: row.text('short_name') || name,
      email: row.text('email') || null,
      ...(admin === undefined ? {} : { isAdmin: admin }),
      hasLeft,
    },
  ];
}

function courseOf(row: CsvRow, problems: Problems): CourseEntry[] {
  const sisId = need(row, 'course_id', problems);
  const code = need(row, 'short_name', problems);
  const name = need(row, 'long_name', problems);
  const isOver = choose(row, 'status', liveliness, problems);
  if (sisId === undefined || code === undefined || name === undefined || isOver === undefined) return [];
  return [{ at: row, sisId, code, name, term: row.text('term_id') || null, isOver, ...dates(row, problems) }];
}

function sectionOf(row: CsvRow, problems: Problems): SectionEntry[] {
  const sisId = need(row, 'section_id', problems);
  const course = need(row, 'course_id', problems);
  const name = need(row, 'name', problems);
  if (sisId === undefined || course === undefined || name === undefined) return [];
  return [{ at: row, sisId, course, name, ...dates(row, problems) }];
}

/** Without a section, somebody belongs to the one that Canvas makes with every course. */
function placeOf(row: CsvRow, unnamed: Map<string, SectionEntry>, problems: Problems): PlaceEntry[] {
  const person = need(row, 'user_id', problems);
  const type = choose(row, 'role', roles, problems);
  const state = choose(row, 'status', states, problems);
  let section = row.text('section_id');
  if (section === '') {
    const course = need(row, 'course_id', problems);
    if (course === undefined) return [];
    section = `${course}/whole-course`;
    if (!unnamed.has(section)) {
      unnamed.set(section, { at: row, sisId: section, course, name: course, startAt: null, endAt: null });
    }
  }
  if (person === undefined || type === undefined || state === undefined) return [];
  return [
    {
      at: row,
      person,
      section,
      type,
      state,
      ...dates(row, problems),
      observed: row.text('associated_user_id') || null,
      limitsToSection: row.text('limit_section_privileges').toLowerCase() === 'true',
    },
  ];
}

function dates(row: CsvRow, problems: Problems) {
  return {
    startAt: readTime(row, 'start_date', 'start', problems),
    endAt: readTime(row, 'end_date', 'end', problems),
  };
}
