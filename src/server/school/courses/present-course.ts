import type { Kysely } from 'kysely';
import { groupBy } from '../grouping.ts';
import { wireTime } from '../http/wire-time.ts';
import { idNumber, type Json } from '../http/write-json.ts';
import { presentOwnEnrollment } from '../people/present-enrollment.ts';
import type { CourseRow, EnrollmentRow, SchoolTables, SectionRow, UserRow } from '../tables.ts';

export interface CourseOfCaller {
  readonly course: CourseRow;
  /** The caller's own. */
  readonly enrollments: readonly EnrollmentRow[];
}

/** Courses with what `include[]` asks for (contract §5.2), in the order given. */
export async function presentCourses(
  db: Kysely<SchoolTables>,
  courses: readonly CourseOfCaller[],
  { include, origin }: { readonly include: ReadonlySet<string>; readonly origin: string },
): Promise<Json[]> {
  const ids = courses.map(({ course }) => course.id);
  if (ids.length === 0) return [];
  const terms = include.has('term') ? await db.selectFrom('terms').selectAll().execute() : [];
  const sections = include.has('sections') ? await sectionsById(db, ids) : new Map<string, SectionRow>();
  const students = include.has('total_students') ? await countStudents(db, ids) : undefined;
  const teachers = include.has('teachers') ? await teachersOf(db, ids) : undefined;
  return courses.map(({ course, enrollments }): Json => {
    const term = terms.find(({ id }) => id === course.termId);
    return {
      ...presentCourse(course, enrollments, origin),
      term: term && {
        id: idNumber(term.id),
        name: term.name,
        start_at: wireTime(term.startAt),
        end_at: wireTime(term.endAt),
      },
      total_students: students && (students.get(course.id) ?? 0),
      sections: include.has('sections')
        ? enrollments.flatMap((one) => presentOwnSection(one, sections))
        : undefined,
      teachers: teachers && (teachers.get(course.id) ?? []).map(presentTeacher),
      concluded: include.has('concluded') ? course.workflowState === 'completed' : undefined,
      is_favorite: include.has('favorites') ? true : undefined,
      image_download_url: include.has('course_image') ? null : undefined,
    };
  });
}

function presentCourse(course: CourseRow, enrollments: readonly EnrollmentRow[], origin: string) {
  return {
    id: idNumber(course.id),
    name: course.name,
    account_id: 1,
    uuid: course.uuid,
    start_at: wireTime(course.startAt),
    grading_standard_id: null,
    is_public: false,
    created_at: wireTime(course.createdAt),
    course_code: course.courseCode,
    default_view: 'modules',
    root_account_id: 1,
    enrollment_term_id: idNumber(course.termId),
    license: 'private',
    end_at: wireTime(course.endAt),
    public_syllabus: false,
    time_zone: course.timeZone,
    blueprint: false,
    template: false,
    sis_course_id: course.sisCourseId,
    apply_assignment_group_weights: false,
    calendar: { ics: `${origin}/feeds/calendars/course_${course.uuid}.ics` },
    enrollments: enrollments.map(presentOwnEnrollment),
    hide_final_grades: false,
    workflow_state: course.workflowState,
    restrict_enrollments_to_course_dates: course.restrictsToDates === 1,
  };
}

async function sectionsById(
  db: Kysely<SchoolTables>,
  courses: readonly string[],
): Promise<Map<string, SectionRow>> {
  const rows = await db.selectFrom('sections').selectAll().where('courseId', 'in', courses).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The caller's own sections, not all of the course. */
function presentOwnSection(enrollment: EnrollmentRow, sections: ReadonlyMap<string, SectionRow>): Json[] {
  const section = sections.get(enrollment.sectionId);
  if (section === undefined) return [];
  return [
    {
      id: idNumber(section.id),
      name: section.name,
      start_at: wireTime(section.startAt),
      end_at: wireTime(section.endAt),
      enrollment_role: enrollment.type,
    },
  ];
}

/** Distinct active and invited students, the Test Student not among them. */
async function countStudents(
  db: Kysely<SchoolTables>,
  courses: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('enrollments')
    .select(['courseId', (eb) => eb.fn.count<number>('userId').distinct().as('students')])
    .where('courseId', 'in', courses)
    .where('type', '=', 'StudentEnrollment')
    .where('state', 'in', ['active', 'invited', 'creation_pending'])
    .groupBy('courseId')
    .execute();
  return new Map(rows.map((row) => [row.courseId, row.students]));
}

type Teacher = Pick<UserRow, 'id' | 'name' | 'avatarUrl'> & { readonly courseId: string };

async function teachersOf(
  db: Kysely<SchoolTables>,
  courses: readonly string[],
): Promise<Map<string, Teacher[]>> {
  const rows = await db
    .selectFrom('enrollments')
    .innerJoin('users', 'users.id', 'enrollments.userId')
    .select(['users.id', 'users.name', 'users.avatarUrl', 'enrollments.courseId'])
    .distinct()
    .where('enrollments.courseId', 'in', courses)
    .where('enrollments.type', '=', 'TeacherEnrollment')
    .where('enrollments.state', '=', 'active')
    .orderBy('users.id')
    .execute();
  return groupBy(rows, ({ courseId }) => courseId);
}

function presentTeacher({ id, name, avatarUrl }: Teacher): Json {
  return { id: idNumber(id), display_name: name, avatar_image_url: avatarUrl };
}
