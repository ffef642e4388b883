import type { EnrollmentType } from '../tables.ts';
import { choose, type CsvRow, need, readRows, readTime } from './csv-rows.ts';
import type { Problems } from './problems.ts';
import type { CourseEntry, PersonEntry, PlaceEntry, Roster, SectionEntry } from './roster.ts';
import type { RosterFiles } from './roster-files.ts';

/*
 * OneRoster 1.1 and 1.2 as CSV. A class becomes a course with one section: what a teacher calls a class. Demographics
 * and everything about line items and results are not looked at.
 * https://www.imsglobal.org/spec/oneroster/v1p2/bind/csv
 */

const statuses = { '': false, active: false, tobedeleted: true, inactive: true };

/** Roles of an enrollment; nobody marks or is marked as a proctor or administrator of a class. */
const roles: Readonly<Record<string, EnrollmentType | null>> = {
  student: 'StudentEnrollment',
  teacher: 'TeacherEnrollment',
  aide: 'TaEnrollment',
  proctor: null,
  administrator: null,
};

const administrators = /^(?:administrator|(?:district|site|system)Administrator)$/i;

/** Reads the files of an OneRoster export; what is wrong is added to the problems. */
export function readOneRoster(files: RosterFiles, problems: Problems): Roster {
  const orgs = readRows(files, 'orgs.csv', ['sourcedId', 'name', 'type'], problems);
  const school = orgs.find((row) => row.text('type').toLowerCase() === 'school') ?? orgs[0];
  const courses = readRows(files, 'courses.csv', ['sourcedId', 'title'], problems);
  const titles = new Map(courses.map((row) => [row.text('sourcedId'), row.text('title')]));
  const codes = new Map(courses.map((row) => [row.text('sourcedId'), row.text('courseCode')]));
  const classes = readRows(files, 'classes.csv', ['sourcedId', 'title', 'courseSourcedId'], problems).flatMap(
    (row) => classOf(row, titles, codes, problems),
  );
  const personRows = readRows(files, 'users.csv', ['sourcedId', 'givenName', 'familyName'], problems);
  const admins = adminsAmong(files, personRows, problems);
  const people = personRows.flatMap((row) => personOf(row, admins, problems));
  const rows = readRows(
    files,
    'enrollments.csv',
    ['sourcedId', 'classSourcedId', 'userSourcedId', 'role'],
    problems,
  );
  const places = rows.flatMap((row) => placeOf(row, problems));
  const schoolName = school?.text('name');
  return {
    ...(schoolName === undefined || schoolName === '' ? {} : { schoolName }),
    terms: readTerms(files, problems),
    courses: classes.map(({ course }) => course),
    sections: classes.map(({ section }) => section),
    people,
    places: [...places, ...placesOfParents(personRows, places)],
    wholeSections: isWhole(files, problems)
      ? new Set(classes.map(({ section }) => section.sisId))
      : new Set(),
  };
}

/** Whether enrollments are told in full: the manifest says `delta` when only changes are. */
function isWhole(files: RosterFiles, problems: Problems): boolean {
  if (!files.has('enrollments.csv')) return false;
  const manifest = readRows(files, 'manifest.csv', ['propertyName', 'value'], problems);
  const mode = manifest.find((row) => row.text('propertyName').toLowerCase() === 'file.enrollments');
  return mode?.text('value').toLowerCase() !== 'delta';
}

function readTerms(files: RosterFiles, problems: Problems) {
  return readRows(files, 'academicsessions.csv', ['sourcedId', 'title'], problems).flatMap((row) => {
    const sisId = need(row, 'sourcedId', problems);
    const name = need(row, 'title', problems);
    if (sisId === undefined || name === undefined) return [];
    const startAt = readTime(row, 'startDate', 'start', problems);
    return [{ at: row, sisId, name, startAt, endAt: readTime(row, 'endDate', 'end', problems) }];
  });
}

function classOf(
  row: CsvRow,
  titles: ReadonlyMap<string, string>,
  codes: ReadonlyMap<string, string>,
  problems: Problems,
): { readonly course: CourseEntry; readonly section: SectionEntry }[] {
  const sisId = need(row, 'sourcedId', problems);
  const name = need(row, 'title', problems);
  const course = row.text('courseSourcedId');
  const isOver = choose(row, 'status', statuses, problems);
  if (titles.size > 0 && !titles.has(course)) {
    problems.add(row, 'courseSourcedId', `no course "${course}" in courses.csv`);
  }
  if (sisId === undefined || name === undefined || isOver === undefined) return [];
  const common = { at: row, sisId, name, startAt: null, endAt: null };
  // A class may run over several terms: it belongs to the first that is named.
  const [term = ''] = row
    .text('termSourcedIds')
    .split(',')
    .map((one) => one.trim());
  const code = row.text('classCode') || codes.get(course) || name;
  return [
    {
      course: { ...common, code, term: term === '' ? null : term, isOver },
      section: { ...common, course: sisId },
    },
  ];
}

/** 1.1 says a person's role with the person, 1.2 in a file of its own. */
function adminsAmong(files: RosterFiles, people: readonly CsvRow[], problems: Problems): ReadonlySet<string> {
  const roleRows = readRows(files, 'roles.csv', ['userSourcedId', 'role'], problems);
  return new Set([
    ...people.filter((row) => administrators.test(row.text('role'))).map((row) => row.text('sourcedId')),
    ...roleRows
      .filter(
        (row) => administrators.test(row.text('role')) && row.text('status').toLowerCase() !== 'tobedeleted',
      )
      .map((row) => row.text('userSourcedId')),
  ]);
}

function personOf(row: CsvRow, admins: ReadonlySet<string>, problems: Problems): PersonEntry[] {
  const sisId = need(row, 'sourcedId', problems);
  const isGone = choose(row, 'status', statuses, problems);
  const given = row.text('preferredGivenName') || row.text('givenName');
  const family = row.text('preferredFamilyName') || row.text('familyName');
  const name = [given, family].filter((part) => part !== '').join(' ');
  if (name === '') problems.add(row, 'familyName', 'a person without a name');
  if (sisId === undefined || isGone === undefined || name === '') return [];
  return [
    {
      at: row,
      sisId,
      login: row.text('username') || null,
      name,
      sortableName: family === '' || given === '' ? name : `${family}, ${given}`,
      shortName: given || name,
      email: row.text('email') || null,
      isAdmin: admins.has(sisId),
      hasLeft: isGone || row.text('enabledUser').toLowerCase() === 'false',
    },
  ];
}

function placeOf(row: CsvRow, problems: Problems): PlaceEntry[] {
  const section = need(row, 'classSourcedId', problems);
  const person = need(row, 'userSourcedId', problems);
  const type = choose(row, 'role', roles, problems);
  const isOver = choose(row, 'status', statuses, problems);
  if (section === undefined || person === undefined || isOver === undefined) return [];
  if (type === undefined || type === null) return [];
  const startAt = readTime(row, 'beginDate', 'start', problems);
  const endAt = readTime(row, 'endDate', 'end', problems);
  const state = isOver ? 'completed' : 'active';
  return [{ at: row, person, section, type, state, startAt, endAt, observed: null, limitsToSection: false }];
}

/** A parent, whom a student names as an agent, observes the student wherever the student is. */
function placesOfParents(people: readonly CsvRow[], places: readonly PlaceEntry[]): PlaceEntry[] {
  const isParent = /^(?:parent|guardian|relative)$/i;
  const roleOf = new Map(people.map((row) => [row.text('sourcedId'), row.text('role')]));
  const agents = new Map(people.map((row) => [row.text('sourcedId'), row.text('agentSourcedIds')]));
  const found = new Map<string, PlaceEntry>();
  for (const place of places) {
    if (place.type !== 'StudentEnrollment') continue;
    for (const parent of (agents.get(place.person) ?? '').split(',').map((one) => one.trim())) {
      // 1.2 says no role here: whoever is known and named as an agent is taken for a parent.
      if (!roleOf.has(parent) || !(roleOf.get(parent) === '' || isParent.test(roleOf.get(parent) ?? '')))
        continue;
      const key = `${parent}/${place.section}`;
      if (found.has(key)) continue;
      found.set(key, { ...place, person: parent, type: 'ObserverEnrollment', observed: place.person });
    }
  }
  return [...found.values()];
}
