import { compareIds } from '../sorting.ts';
import type {
  CourseRow,
  EnrollmentRow,
  EnrollmentState,
  EnrollmentType,
  GroupRow,
  SectionRow,
} from '../tables.ts';
import { sampleCourses, samplePeople } from './ids.ts';
import { childId, FOUNDED_MS } from './people.ts';

const { maths, choir, sport, lastYear, chess, deleted } = sampleCourses;
const { teacher, coteacher, ta, designer, observer } = samplePeople;

const thisYear = {
  id: '1',
  sisTermId: null,
  name: '2026/27',
  startAt: FOUNDED_MS,
  endAt: Date.parse('2027-07-09T15:00:00Z'),
};
const yearBefore = {
  id: '2',
  sisTermId: null,
  name: '2025/26',
  startAt: Date.parse('2025-08-25T07:00:00Z'),
  endAt: Date.parse('2026-07-10T15:00:00Z'),
};
export const sampleTerms = [thisYear, yearBefore];

export function sampleCourseRows(): CourseRow[] {
  const course = (id: string, name: string, courseCode: string, rest: Partial<CourseRow>): CourseRow => ({
    id,
    sisCourseId: courseCode,
    uuid: `willow-lane-course-${id}`,
    name,
    courseCode,
    workflowState: 'available',
    termId: thisYear.id,
    timeZone: 'UTC',
    startAt: null,
    endAt: null,
    // Its own dates, which are none: a sample is never over.
    restrictsToDates: 1,
    hidesSections: 0,
    createdAt: FOUNDED_MS,
    ...rest,
  });
  return [
    course(maths, 'Mathematics 7B', 'MATH-7B', { timeZone: 'Europe/Amsterdam' }),
    course(choir, 'Choir, years 7 and 8', 'CHOIR-78', { timeZone: 'UTC' }),
    course(sport, 'Physical Education, year 7', 'PE-7', { timeZone: 'America/Denver' }),
    course(lastYear, 'Mathematics 6B', 'MATH-6B', {
      timeZone: 'Europe/Amsterdam',
      workflowState: 'completed',
      termId: yearBefore.id,
    }),
    course(chess, 'Chess club', 'CHESS', { timeZone: 'Asia/Kolkata' }),
    course(deleted, 'Made by mistake', 'MISTAKE', { workflowState: 'deleted' }),
  ];
}

interface SampleSection {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
  /** Places of the children in the list of names. */
  readonly children: readonly number[];
}

/** Mathematics 7B: one child of each language, and Sofía, Sofia and Sofia. */
const class7B = [...range(0, 26), 71, 134];
/** The other seven classes of year 7. */
const restOfYear7 = range(0, 220).filter((n) => !class7B.includes(n));

const sections: readonly SampleSection[] = [
  { id: '601', courseId: maths, name: '7B, group 1', children: class7B.filter((_, at) => at % 2 === 0) },
  { id: '602', courseId: maths, name: '7B, group 2', children: class7B.filter((_, at) => at % 2 === 1) },
  { id: '611', courseId: choir, name: 'Year 7', children: range(30, 50) },
  { id: '612', courseId: choir, name: 'Year 8', children: range(220, 263) },
  ...['7A', '7B', '7C', '7D', '7E', '7F', '7G', '7H'].map((name, at) => ({
    id: String(621 + at),
    courseId: sport,
    name,
    children: name === '7B' ? class7B : restOfYear7.filter((_, n) => n % 7 === (at === 0 ? 0 : at - 1)),
  })),
  { id: '631', courseId: lastYear, name: 'Mathematics 6B', children: range(0, 12) },
  { id: '641', courseId: chess, name: 'Chess club', children: range(40, 52) },
  { id: '651', courseId: deleted, name: 'Made by mistake', children: [] },
];

export function sampleSectionRows(): SectionRow[] {
  return sections.map(({ id, courseId, name }) => ({
    id,
    courseId,
    sisSectionId: null,
    name,
    startAt: null,
    endAt: null,
    restrictsToDates: 0,
    createdAt: FOUNDED_MS,
  }));
}

/** Staff by course; they belong to its first section. */
const staff: readonly (readonly [userId: string, type: EnrollmentType, courseId: string])[] = [
  [teacher, 'TeacherEnrollment', maths],
  [teacher, 'TeacherEnrollment', choir],
  [teacher, 'TeacherEnrollment', sport],
  [teacher, 'TeacherEnrollment', lastYear],
  [teacher, 'TeacherEnrollment', deleted],
  [coteacher, 'TeacherEnrollment', maths],
  [coteacher, 'TeacherEnrollment', chess],
  [ta, 'TaEnrollment', maths],
  [ta, 'TaEnrollment', choir],
  [designer, 'DesignerEnrollment', maths],
  [designer, 'DesignerEnrollment', sport],
  [observer, 'ObserverEnrollment', maths],
];

/** Children whose enrollment is not plainly active. Invited ones belong to the class like the others. */
const states: ReadonlyMap<string, EnrollmentState> = new Map([
  [`${maths}/${childId(9)}`, 'invited'],
  [`${sport}/${childId(60)}`, 'invited'],
  [`${sport}/${childId(61)}`, 'creation_pending'],
  [`${maths}/${samplePeople.hasLeft}`, 'completed'],
  [`${maths}/${samplePeople.isInactive}`, 'inactive'],
]);

const plain = {
  startAt: null,
  endAt: null,
  associatedUserId: null,
  limitsToSection: 0,
  createdAt: FOUNDED_MS,
  updatedAt: FOUNDED_MS,
} as const;

export function sampleEnrollmentRows(): EnrollmentRow[] {
  const rows: EnrollmentRow[] = [];
  const enroll = (userId: string, type: EnrollmentType, courseId: string, sectionId: string) => {
    const state = states.get(`${courseId}/${userId}`) ?? 'active';
    const id = String(5001 + rows.length);
    rows.push({ ...plain, id, userId, courseId, sectionId, type, state });
  };
  for (const [userId, type, courseId] of staff) {
    const first = sections.find((section) => section.courseId === courseId);
    enroll(userId, type, courseId, first?.id ?? '');
  }
  for (const { id, courseId, children } of sections) {
    for (const n of children) enroll(childId(n), 'StudentEnrollment', courseId, id);
  }
  enroll(samplePeople.testStudent, 'StudentViewEnrollment', maths, '601');
  enroll(samplePeople.hasLeft, 'StudentEnrollment', maths, '601');
  enroll(samplePeople.isInactive, 'StudentEnrollment', maths, '602');
  return rows;
}

interface GroupSet {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
  readonly groups: readonly string[];
}

const groupSets: readonly GroupSet[] = [
  { id: '701', courseId: maths, name: 'Tables', groups: range(1, 8).map((n) => `Table ${String(n)}`) },
  { id: '702', courseId: choir, name: 'Voices', groups: ['Soprano', 'Alto', 'Tenor', 'Bass'] },
  { id: '703', courseId: sport, name: 'Teams', groups: range(1, 11).map((n) => `Team ${String(n)}`) },
];

/** Group sets, their groups, and who is in them: the class in order of id, dealt out like cards. */
export function sampleGroups() {
  const groups: GroupRow[] = [];
  const groupMemberships: { groupId: string; userId: string }[] = [];
  for (const set of groupSets) {
    const ids = set.groups.map((name) => {
      const id = String(711 + groups.length);
      groups.push({ id, courseId: set.courseId, categoryId: set.id, name, createdAt: FOUNDED_MS });
      return id;
    });
    const children = sections
      .filter(({ courseId }) => courseId === set.courseId)
      .flatMap((one) => one.children);
    for (const [at, userId] of children.map(childId).sort(compareIds).entries()) {
      groupMemberships.push({ groupId: ids[at % ids.length] ?? '', userId });
    }
  }
  return {
    groupCategories: groupSets.map(({ id, courseId, name }) => ({ id, courseId, name })),
    groups,
    groupMemberships,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
