import type { Kysely, Transaction } from 'kysely';
import { idsFrom, prepareDealtInsert } from '../../database/json-rows.ts';
import { prepare } from '../../database/prepare.ts';
import { groupBy } from '../grouping.ts';
import { idOf } from '../http/parameters.ts';
import { missing, Refusal, rejected } from '../http/refusal.ts';
import type { Revision } from '../options.ts';
import type { EnrollmentState, SchoolTables } from '../tables.ts';
import { type ReadResult, readResult, type StudentResults } from './read-results.ts';

/** The results of one request, for one assessment. */
export interface ResultBatch {
  readonly courseId: string;
  readonly assessmentId: string;
  readonly assessorId: string;
  readonly groups: readonly StudentResults[];
  /** For times without offset. */
  readonly timeZone: string;
  readonly createdAt: number;
}

/** One result with everything the database keeps of it. */
export interface StoredResult extends ReadResult {
  readonly id: string;
  readonly userId: string;
  readonly assessorId: string;
  readonly assessmentId: string;
}

type NewResult = Omit<StoredResult, 'id'> & { readonly createdAt: number };

const insertResults = prepareDealtInsert<SchoolTables>({
  table: 'live_results',
  columns: {
    assessment_id: 'bigint',
    user_id: 'bigint',
    assessor_id: 'bigint',
    passed: 'integer',
    assessed_at: 'bigint',
    created_at: 'bigint',
  },
});

/**
 * Stores batches within one transaction: each whole, or nothing of it.
 * @returns for each what was stored, by id, or why it was refused
 */
export async function writeBatches(
  trx: Transaction<SchoolTables>,
  batches: readonly ResultBatch[],
  revision: Revision,
): Promise<(StoredResult[] | Refusal)[]> {
  const assessments = await assessmentsOf(trx, batches);
  const members = await membersOf(trx, batches, revision);
  const read = batches.map((batch) => {
    const assessment = assessments.get(batch.assessmentId);
    return readBatch(batch, assessment, members.get(batch.courseId), revision);
  });
  const rows = read.flatMap((one) => (one instanceof Refusal ? [] : one));
  const ids = await insertResults(trx, rows.map(valuesOf));
  let at = 0;
  return read.map((one) =>
    one instanceof Refusal ? one : one.map((row) => ({ ...row, id: ids[at++] ?? '' })),
  );
}

/** In the order of the columns. */
function valuesOf({ assessmentId, userId, assessorId, passed, assessedAt, createdAt }: NewResult) {
  return [assessmentId, userId, assessorId, passed, assessedAt, createdAt];
}

/** The rows of a batch, or the first reason why it cannot be stored, in Canvas's order (contract §1.5). */
function readBatch(
  { courseId, groups, timeZone, ...rest }: ResultBatch,
  assessment: Assessment | undefined,
  members: ReadonlySet<string> | undefined,
  revision: Revision,
): NewResult[] | Refusal {
  const { assessmentId, assessorId, createdAt } = rest;
  const rows: NewResult[] = [];
  try {
    belonging(assessment, courseId);
    for (const { user, elements } of groups) {
      if (user === undefined) throw rejected('missing required key :user');
      const userId = idOf(user);
      if (userId === undefined || members?.has(userId) !== true)
        throw rejected('user must be in the context');
      for (const element of elements) {
        const { passed, assessedAt } = readResult(element, timeZone, revision);
        rows.push({ assessmentId, userId, assessorId, passed, assessedAt, createdAt });
      }
    }
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  return rows;
}

interface Assessment {
  readonly id: string;
  readonly courseId: string;
}

/** @throws Refusal 404 when there is no such assessment, 400 when it is another course's */
export function belonging(assessment: Assessment | undefined, courseId: string): Assessment {
  if (assessment === undefined) throw missing();
  if (assessment.courseId !== courseId) throw rejected('assessment does not belong to the given context');
  return assessment;
}

const assessmentsAmong = prepare((db: Kysely<SchoolTables>, { ids }: { ids: string }) =>
  db.selectFrom('liveAssessments').select(['id', 'courseId']).where('id', 'in', idsFrom(db, ids)),
);

/** Those of the assessments that there are, by id: for all batches at once, in place of a look-up a request. */
async function assessmentsOf(
  trx: Transaction<SchoolTables>,
  batches: readonly ResultBatch[],
): Promise<ReadonlyMap<string, Assessment>> {
  const ids = [...new Set(batches.map(({ assessmentId }) => assessmentId))];
  const rows = await assessmentsAmong(trx, { ids: JSON.stringify(ids) });
  return new Map(rows.map((row) => [row.id, row]));
}

/** States in which somebody is no longer, or never was, in the course (contract §1.5). */
const outside: Readonly<Record<Revision, readonly EnrollmentState[]>> = {
  A: ['rejected', 'deleted'],
  B: ['rejected', 'deleted', 'completed', 'inactive'],
};

function membersAmong(revision: Revision) {
  return prepare((db: Kysely<SchoolTables>, { courseId, ids }: { courseId: string; ids: string }) =>
    db
      .selectFrom('enrollments')
      .innerJoin('users', 'users.id', 'enrollments.userId')
      .select('enrollments.userId')
      .where('enrollments.courseId', '=', courseId)
      .where('enrollments.userId', 'in', idsFrom(db, ids))
      .where('enrollments.state', 'not in', outside[revision])
      .where('users.isDeleted', '=', 0),
  );
}

const membersIn = { A: membersAmong('A'), B: membersAmong('B') };

/** By course, those of the users in its batches who are in it, in whatever role. */
async function membersOf(
  trx: Transaction<SchoolTables>,
  batches: readonly ResultBatch[],
  revision: Revision,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const members = new Map<string, Set<string>>();
  for (const [courseId, ofCourse] of groupBy(batches, (batch) => batch.courseId)) {
    const rows = await membersIn[revision](trx, { courseId, ids: JSON.stringify(idsIn(ofCourse)) });
    members.set(courseId, new Set(rows.map(({ userId }) => userId)));
  }
  return members;
}

function idsIn(batches: readonly ResultBatch[]): string[] {
  const ids = batches.flatMap(({ groups }) => groups.map(({ user }) => idOf(user)));
  return [...new Set(ids.filter((id) => id !== undefined))];
}
