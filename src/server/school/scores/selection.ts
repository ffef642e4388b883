import { accessTo, type NamedCourse } from '../courses/course-access.ts';
import type { Call } from '../http/call.ts';
import { idOf } from '../http/parameters.ts';
import { Refusal } from '../http/refusal.ts';
import type { School } from '../school-parts.ts';
import { compareIds, compareNames } from '../sorting.ts';
import type { OutcomeRow, UserRow } from '../tables.ts';

/** Whose scores of which outcomes are asked for. */
export interface Selection {
  readonly course: NamedCourse;
  /** By sortable name. */
  readonly users: readonly UserRow[];
  /** By link. */
  readonly outcomes: readonly OutcomeRow[];
}

/**
 * Reads `user_ids[]` and `outcome_ids[]`; without them all students and all linked outcomes are meant.
 * @throws Refusal 403 for a caller without the grades who does not ask for their own, 400 for an id that is
 * not of the course (contract §5.7)
 */
export async function readSelection(school: School, call: Call): Promise<Selection> {
  const { course, rights } = await accessTo(school, call);
  const wantedUsers = readList(call.parameters['user_ids']);
  if (!rights.has('view_all_grades') && !rights.has('manage_grades')) {
    const own = call.caller.user.id;
    const isOwn = wantedUsers?.every((id) => id === own) === true && wantedUsers.length > 0;
    if (!isOwn || !rights.has('read')) throw noGrades();
  }
  return {
    course,
    users: pick(await studentsOf(school, course), wantedUsers, 'users in the context'),
    outcomes: pick(
      await outcomesOf(school, course),
      readList(call.parameters['outcome_ids']),
      'outcomes in the outcome context',
    ),
  };
}

function noGrades(): Refusal {
  const message = 'users not specified and no access to all grades';
  return new Refusal(403, { status: 'forbidden', message });
}

/** What is no id stays in the list as nothing that could be found. */
function readList(value: unknown): (string | undefined)[] | undefined {
  if (value === undefined) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => (typeof one === 'string' ? one.split(',') : [one])).map(idOf);
}

function pick<Row extends { readonly id: string }>(
  rows: readonly Row[],
  wanted: readonly (string | undefined)[] | undefined,
  what: string,
): readonly Row[] {
  if (wanted === undefined) return rows;
  const known = new Set<string | undefined>(rows.map(({ id }) => id));
  if (!wanted.every((id) => known.has(id))) {
    throw new Refusal(400, { status: 'bad_request', message: `can only include id's of ${what}` });
  }
  return rows.filter(({ id }) => wanted.includes(id));
}

async function studentsOf(school: School, course: NamedCourse): Promise<UserRow[]> {
  const rows = await school.db
    .selectFrom('users')
    .selectAll()
    .where('isDeleted', '=', 0)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('enrollments')
        .select('userId')
        .where('courseId', '=', course.id)
        .where('type', '=', 'StudentEnrollment')
        .where('state', 'in', ['active', 'invited', 'creation_pending', 'completed']),
    )
    .execute();
  return rows.sort((a, b) => compareNames(a.sortableName, b.sortableName) || compareIds(a.id, b.id));
}

function outcomesOf(school: School, course: NamedCourse): Promise<OutcomeRow[]> {
  return school.db
    .selectFrom('outcomes')
    .innerJoin('outcomeLinks', 'outcomeLinks.outcomeId', 'outcomes.id')
    .selectAll('outcomes')
    .where('outcomeLinks.courseId', '=', course.id)
    .where('outcomeLinks.isDeleted', '=', 0)
    .where('outcomes.isDeleted', '=', 0)
    .orderBy('outcomeLinks.id')
    .execute();
}
