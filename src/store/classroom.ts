import type { Course, Group, Section } from '#domain/course.ts';
import type { AssessmentKey, CourseId, LaneId, OutcomeId } from '#domain/ids.ts';
import { laneOf } from '#domain/mark.ts';
import type { Outcome } from '#domain/outcome.ts';
import type { Student } from '#domain/student.ts';
import { createFailing } from './failing.ts';
import { liveWatch, type Explain } from './live-watch.ts';
import type { Lane } from './records.ts';
import { asAssessment, asClass, asCourse, asOutcomes } from './classroom-rows.ts';
import { readable } from './rows.ts';
import type { AccountDatabase, AnyRow } from './schema.ts';
import type { Watch } from './watch.ts';

/** A whole class in one record: 500 students read five times as fast as from 500 (toolchain baselines). */
export interface ClassRecord {
  readonly course: CourseId;
  readonly students: readonly Student[];
  readonly sections: readonly Section[];
  readonly groups: readonly Group[];
  /** Students who were here once: their marks still need a name. */
  readonly former: readonly Student[];
  /** Device time, ms, when Canvas was read. */
  readonly readAt: number;
}

export interface OutcomesRecord {
  readonly course: CourseId;
  readonly outcomes: readonly Outcome[];
  readonly readAt: number;
}

export interface CourseRecord extends Course {
  readonly readAt: number;
  /** False once Canvas lists the course no more; what was marked in it still needs its name. */
  readonly listed: boolean;
}

/** An assessment as chosen on this device; it need not be in Canvas yet. */
export interface LocalAssessment {
  readonly lane: LaneId;
  readonly course: CourseId;
  readonly key: AssessmentKey;
  readonly title: string;
  readonly outcomeId?: OutcomeId;
  /** `YYYY-MM-DD` in the course's time zone. */
  readonly date: string;
  /** Device time, ms. */
  readonly chosenAt: number;
}

/** What Canvas told of courses and classes, and which assessments were chosen. Writes never touch marks. */
export interface Classroom {
  /** Takes the list of courses as Canvas gave it; one that is missing stays, unlisted. */
  readonly putCourses: (courses: readonly Course[], readAt: number) => Promise<void>;
  /** Takes a class as Canvas gave it, all at once; who is missing moves to `former`. */
  readonly putClass: (record: Omit<ClassRecord, 'former'>) => Promise<void>;
  readonly putOutcomes: (record: OutcomesRecord) => Promise<void>;
  /**
   * Makes an assessment exist on this device, and its lane for sending, in one transaction. Choosing it again
   * changes nothing but `chosenAt`.
   */
  readonly chooseAssessment: (assessment: Omit<LocalAssessment, 'lane'>) => Promise<LocalAssessment>;
  readonly course: (id: CourseId) => Promise<CourseRecord | undefined>;
  readonly class: (course: CourseId) => Promise<ClassRecord | undefined>;
  readonly assessment: (lane: LaneId) => Promise<LocalAssessment | undefined>;
  /** Every course ever seen here, listed or not. */
  readonly watchCourses: () => Watch<readonly CourseRecord[]>;
  /** undefined: not read on this device yet. */
  readonly watchCourse: (id: CourseId) => Watch<CourseRecord | undefined>;
  readonly watchClass: (course: CourseId) => Watch<ClassRecord | undefined>;
  readonly watchOutcomes: (course: CourseId) => Watch<OutcomesRecord | undefined>;
  readonly watchAssessment: (lane: LaneId) => Watch<LocalAssessment | undefined>;
  /** Of one course, the latest chosen first. */
  readonly watchAssessments: (course: CourseId) => Watch<readonly LocalAssessment[]>;
  /** Of all courses: the outbox names what it lists. */
  readonly watchAllAssessments: () => Watch<readonly LocalAssessment[]>;
}

/** Every call rejects, and every watch fails, with a StorageError. */
export function createClassroom(db: AccountDatabase, explain: Explain): Classroom {
  const courses = db.rows('courses');
  const classes = db.rows('classes');
  const outcomes = db.rows('outcomes');
  const assessments = db.rows('assessments');
  const allCourses = async () => readable(await courses.toArray(), asCourse);
  const latestFirst = (rows: AnyRow[]) =>
    readable(rows, asAssessment).sort((a, b) => b.chosenAt - a.chosenAt);
  const live = <T>(query: () => Promise<T>) => liveWatch(query, explain);
  const failing = createFailing(db, explain);
  const one = {
    course: async (id: CourseId) => asCourse(await courses.get(id)),
    class: async (course: CourseId) => asClass(await classes.get(course)),
    outcomes: async (course: CourseId) => asOutcomes(await outcomes.get(course)),
    assessment: async (lane: LaneId) => asAssessment(await assessments.get(lane)),
  };

  return {
    putCourses: (list, readAt) =>
      failing(() =>
        db.transaction('rw', courses, async () => {
          const listed = new Set(list.map(({ id }) => id));
          const gone = (await allCourses()).filter(({ id }) => !listed.has(id));
          await courses.bulkPut([
            ...list.map((course) => row({ ...course, readAt, listed: true })),
            ...gone.map((course) => row({ ...course, listed: false })),
          ]);
        }),
      ),
    putClass: (record) =>
      failing(() =>
        db.transaction('rw', classes, async () => {
          const before = await one.class(record.course);
          await classes.put(row({ ...record, former: formerStudents(before, record.students) }));
        }),
      ),
    putOutcomes: (record) =>
      failing(async () => {
        await outcomes.put(row(record));
      }),
    chooseAssessment: (chosen) =>
      failing(() =>
        db.transaction('rw', [assessments, db.rows('lanes')], async () => {
          const lane = laneOf(chosen.course, chosen.key);
          const before = await one.assessment(lane);
          const assessment = { ...chosen, ...before, lane, chosenAt: chosen.chosenAt };
          await assessments.put(row(assessment));
          const lanes = db.rows('lanes');
          if ((await lanes.get(lane)) === undefined) await lanes.add(row(newLane(assessment)));
          return assessment;
        }),
      ),
    course: (id) => failing(() => one.course(id)),
    class: (course) => failing(() => one.class(course)),
    assessment: (lane) => failing(() => one.assessment(lane)),
    watchCourses: () => live(allCourses),
    watchCourse: (id) => live(() => one.course(id)),
    watchClass: (course) => live(() => one.class(course)),
    watchOutcomes: (course) => live(() => one.outcomes(course)),
    watchAssessment: (lane) => live(() => one.assessment(lane)),
    watchAssessments: (course) =>
      live(async () => latestFirst(await assessments.where('course').equals(course).toArray())),
    watchAllAssessments: () => live(async () => latestFirst(await assessments.toArray())),
  };
}

function formerStudents(before: ClassRecord | undefined, students: readonly Student[]): Student[] {
  const here = new Set(students.map(({ id }) => id));
  const known = new Map(
    [...(before?.former ?? []), ...(before?.students ?? [])].map((student) => [student.id, student]),
  );
  return [...known.values()].filter(({ id }) => !here.has(id));
}

/** Closed until its assessment is found or made in Canvas (gate `unresolved`, sync protocol §7). */
function newLane({ lane, title, outcomeId }: LocalAssessment): Lane {
  return {
    id: lane,
    gate: 'unresolved',
    failures: 0,
    refusals: 0,
    accepted: false,
    batchLimit: 100,
    auditDue: [],
    title,
    ...(outcomeId === undefined ? {} : { outcomeId }),
  };
}

function row(record: object): AnyRow {
  return record as AnyRow;
}
