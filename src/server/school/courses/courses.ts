import type { Kysely } from 'kysely';
import { idsFrom } from '../../database/json-rows.ts';
import type { CallingUser } from '../auth/access-tokens.ts';
import { isLearner, rightsIn } from '../auth/rights.ts';
import { type StandingFacts, standingOf } from '../auth/standing.ts';
import { groupBy } from '../grouping.ts';
import type { Call } from '../http/call.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { countedEnd, readPage } from '../http/pages.ts';
import { idOf, textsOf } from '../http/parameters.ts';
import { missing, noRight, Refusal } from '../http/refusal.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import { typesNamed, typesWithRole } from '../people/present-enrollment.ts';
import type { School } from '../school-parts.ts';
import { compareIds, compareNames } from '../sorting.ts';
import type { CourseRow, EnrollmentRow, EnrollmentState, SchoolTables } from '../tables.ts';
import { findCourse } from './find-course.ts';
import { presentCourses } from './present-course.ts';

/** `GET /courses` and `GET /courses/:id` (contract §5.2). */
export function courseEndpoints(school: School): Endpoint[] {
  return [
    { method: 'GET', path: '/api/v1/courses', handle: (call) => listCourses(school, call) },
    { method: 'GET', path: '/api/v1/courses/:id', handle: (call) => showCourse(school, call) },
  ];
}

interface OwnCourse {
  readonly course: CourseRow;
  readonly enrollments: readonly Place[];
}

interface Place extends EnrollmentRow {
  readonly section: StandingFacts['section'];
  readonly term: StandingFacts['term'];
}

/** The caller's courses by name; not those of the whole school, whoever asks. */
async function listCourses(school: School, call: Call): Promise<Response> {
  const page = readPage(call.parameters);
  const isWanted = readFilter(school, call);
  const own = (await ownCourses(school.db, call.caller.user)).filter(isWanted);
  const end = countedEnd(page, own.length);
  const body = await present(school, call, own.slice(page.offset, page.offset + page.size));
  return call.answerPage(body, page, end);
}

/** @param courseId this one alone; absent: all */
async function ownCourses(
  db: Kysely<SchoolTables>,
  user: CallingUser,
  courseId?: string,
): Promise<OwnCourse[]> {
  const enrollments = await db
    .selectFrom('enrollments')
    .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
    .innerJoin('courses', 'courses.id', 'enrollments.courseId')
    .innerJoin('terms', 'terms.id', 'courses.termId')
    .selectAll('enrollments')
    .select(['sections.startAt as sectionStart', 'sections.endAt as sectionEnd'])
    .select(['sections.restrictsToDates', 'terms.startAt as termStart', 'terms.endAt as termEnd'])
    .where('enrollments.userId', '=', user.id)
    .$if(courseId !== undefined, (query) => query.where('enrollments.courseId', '=', courseId ?? ''))
    .where('enrollments.state', 'not in', ['deleted', 'rejected', 'inactive'])
    .orderBy('enrollments.id')
    .execute();
  const places = enrollments.map(
    ({ sectionStart, sectionEnd, restrictsToDates, termStart, termEnd, ...enrollment }): Place => ({
      ...enrollment,
      section: { startAt: sectionStart, endAt: sectionEnd, restrictsToDates },
      term: { startAt: termStart, endAt: termEnd },
    }),
  );
  const ofCourse = groupBy(places, ({ courseId }) => courseId);
  const ids = JSON.stringify([...ofCourse.keys()]);
  const courses = await db.selectFrom('courses').selectAll().where('id', 'in', idsFrom(db, ids)).execute();
  return courses
    .flatMap((course) => {
      const own = ofCourse.get(course.id);
      return own === undefined ? [] : [{ course, enrollments: own }];
    })
    .sort((a, b) => compareNames(a.course.name, b.course.name) || compareIds(a.course.id, b.course.id));
}

const enrollmentStates: Readonly<Record<string, readonly EnrollmentState[]>> = {
  active: ['active'],
  invited_or_pending: ['invited', 'creation_pending'],
  completed: ['completed'],
};

function readFilter(school: School, { parameters }: Call): (own: OwnCourse) => boolean {
  const type = parameters['enrollment_type'];
  const types = type === undefined ? undefined : typesNamed(textsOf(type));
  const roleId = parameters['enrollment_role_id'];
  const roles = roleId === undefined ? undefined : typesWithRole(idOf(roleId));
  const stateWord = parameters['enrollment_state'];
  const enrollmentState = typeof stateWord === 'string' ? enrollmentStates[stateWord] : undefined;
  if (stateWord !== undefined && enrollmentState === undefined) {
    throw new Refusal(400, { errors: [{ message: 'invalid enrollment_state' }] });
  }
  const courseStates = parameters['state'] === undefined ? undefined : textsOf(parameters['state']);
  const now = school.clock.wallMs();
  return ({ course, enrollments }) =>
    isVisible(course, enrollments, courseStates) &&
    (types === undefined || enrollments.some((one) => types.includes(one.type))) &&
    (roles === undefined || enrollments.some((one) => roles.includes(one.type))) &&
    (typeof stateWord !== 'string' ||
      enrollments.some(
        (one) => stateIn(course, one, now) === stateWord && (types?.includes(one.type) ?? true),
      ));
}

/** Without `state[]`, teaching staff see all but deleted courses, others what is published (contract §5.2). */
function isVisible(
  course: CourseRow,
  enrollments: readonly EnrollmentRow[],
  wanted: readonly string[] | undefined,
): boolean {
  const isLearner = enrollments.every(
    ({ type }) => type === 'StudentEnrollment' || type === 'ObserverEnrollment',
  );
  if (isLearner && course.workflowState === 'unpublished') return false;
  if (wanted !== undefined) return wanted.includes(course.workflowState);
  if (isLearner) return course.workflowState === 'available';
  return course.workflowState !== 'deleted';
}

/** The word of `enrollment_state` for one place, by the dates that hold for it (contract §5.2). */
function stateIn(course: CourseRow, place: Place, now: number): string {
  if (place.state === 'invited' || place.state === 'creation_pending') return 'invited_or_pending';
  const standing = standingOf({ enrollment: place, section: place.section, course, term: place.term }, now);
  if (standing === 'over') return 'completed';
  // Staff prepare what has yet to begin.
  return standing === 'coming' && isLearner(place.type) ? 'invited_or_pending' : 'active';
}

async function showCourse(school: School, call: Call): Promise<Response> {
  const course = await findCourse(school.db, call.path('id'));
  const rights = await rightsIn(school, call.caller.user, course);
  if (!rights.has('read')) throw noRight(school.revision);
  const [own] = await ownCourses(school.db, call.caller.user, course.id);
  const [body] = await present(school, call, [own ?? { course, enrollments: [] }]);
  if (body === undefined) throw missing();
  return call.answer(body);
}

/** A course that learners cannot enter yet shows its id and nothing else (contract §5.2). */
async function present(school: School, call: Call, own: readonly OwnCourse[]): Promise<Json[]> {
  const include = new Set(textsOf(call.parameters['include']));
  const bodies = await presentCourses(school.db, own, { include, origin: call.url.origin });
  return Promise.all(
    own.map(async (one, at): Promise<Json> =>
      (await isStillClosed(school, call, one))
        ? { id: idNumber(one.course.id), access_restricted_by_date: true }
        : bodies[at],
    ),
  );
}

async function isStillClosed(
  school: School,
  call: Call,
  { course, enrollments }: OwnCourse,
): Promise<boolean> {
  const isLearner = enrollments.every(
    ({ type }) => type === 'StudentEnrollment' || type === 'ObserverEnrollment',
  );
  const isIn = enrollments.some(({ state }) => state === 'active' || state === 'completed');
  if (!isLearner || !isIn) return false;
  return !(await rightsIn(school, call.caller.user, course)).has('read');
}
