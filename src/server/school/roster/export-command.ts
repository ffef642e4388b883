import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Kysely } from 'kysely';
import { type Command, type CommandContext, readWords, schoolTables } from '../admin/command.ts';
import { shortTypes } from '../people/present-enrollment.ts';
import { loadSampleIfEmpty } from '../sample/load-sample.ts';
import type { SchoolTables } from '../tables.ts';

export const exportCommand: Command = {
  synopsis: 'export FOLDER',
  purpose:
    'write everything as CSV files: people, courses, sections, places and outcomes as Canvas reads them, ' +
    'and assessments, results and scores beside them',
  run: exportAll,
};

const ROWS_AT_ONCE = 2000;

type Cells = readonly (string | number | null)[];

interface File {
  readonly name: string;
  readonly heading: readonly string[];
  readonly rows: (db: Kysely<SchoolTables>) => AsyncIterable<Cells> | Promise<Iterable<Cells>>;
  /** Whether it is meant for spreadsheets alone, where a text that looks like a formula must not become one. */
  readonly isForReading?: boolean;
}

async function exportAll(words: readonly string[], context: CommandContext): Promise<void> {
  const { positionals } = readWords(words, ['FOLDER'], {});
  const [folder = ''] = positionals;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await loadSampleIfEmpty(schoolTables(context));
  await schoolTables(context)
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      for (const { name, heading, rows, isForReading = false } of files) {
        let count = 0;
        async function* lines() {
          yield heading;
          for await (const row of await rows(trx)) {
            count += 1;
            yield row;
          }
        }
        const path = join(folder, name);
        const csv = stringify({ escape_formulas: isForReading });
        await pipeline(Readable.from(lines()), csv, createWriteStream(path, { mode: 0o600 }));
        context.print(`${path}: ${String(count)} rows`);
      }
    });
}

/** What a row is called outside: as the program it came from calls it, or else by our own id. */
const outer = (sisId: string | null, id: string) => sisId ?? id;
const time = (ms: number | null) => (ms === null ? '' : new Date(ms).toISOString());
const status = { unpublished: 'active', available: 'active', completed: 'completed', deleted: 'deleted' };

const files: readonly File[] = [
  {
    name: 'terms.csv',
    heading: ['term_id', 'name', 'status', 'start_date', 'end_date'],
    rows: async (db) =>
      (await db.selectFrom('terms').selectAll().orderBy('id').execute()).map((term) => [
        outer(term.sisTermId, term.id),
        term.name,
        'active',
        time(term.startAt),
        time(term.endAt),
      ]),
  },
  {
    name: 'users.csv',
    heading: ['user_id', 'login_id', 'full_name', 'sortable_name', 'short_name', 'email', 'status'],
    rows: async (db) =>
      (await db.selectFrom('users').selectAll().orderBy('id').execute()).map((user) => [
        outer(user.sisUserId, user.id),
        // Canvas wants one from everybody.
        user.login ?? outer(user.sisUserId, user.id),
        user.name,
        user.sortableName,
        user.shortName,
        user.email,
        user.isDeleted === 1 ? 'deleted' : 'active',
      ]),
  },
  {
    name: 'admins.csv',
    heading: ['user_id', 'account_id', 'role', 'status'],
    rows: async (db) =>
      (await db.selectFrom('users').selectAll().where('isAdmin', '=', 1).orderBy('id').execute()).map(
        (user) => [outer(user.sisUserId, user.id), '', 'AccountAdmin', 'active'],
      ),
  },
  {
    name: 'courses.csv',
    heading: ['course_id', 'short_name', 'long_name', 'term_id', 'status', 'start_date', 'end_date'],
    rows: async (db) =>
      (
        await db
          .selectFrom('courses')
          .innerJoin('terms', 'terms.id', 'courses.termId')
          .selectAll('courses')
          .select('terms.sisTermId')
          .where('workflowState', '!=', 'deleted')
          .orderBy('courses.id')
          .execute()
      ).map((course) => [
        outer(course.sisCourseId, course.id),
        course.courseCode,
        course.name,
        outer(course.sisTermId, course.termId),
        status[course.workflowState],
        time(course.startAt),
        time(course.endAt),
      ]),
  },
  {
    name: 'sections.csv',
    heading: ['section_id', 'course_id', 'name', 'status', 'start_date', 'end_date'],
    rows: async (db) =>
      (
        await db
          .selectFrom('sections')
          .innerJoin('courses', 'courses.id', 'sections.courseId')
          .selectAll('sections')
          .select('courses.sisCourseId')
          .where('courses.workflowState', '!=', 'deleted')
          .orderBy('sections.id')
          .execute()
      ).map((section) => [
        outer(section.sisSectionId, section.id),
        outer(section.sisCourseId, section.courseId),
        section.name,
        'active',
        time(section.startAt),
        time(section.endAt),
      ]),
  },
  {
    name: 'enrollments.csv',
    heading: ['course_id', 'user_id', 'role', 'section_id', 'status', 'limit_section_privileges'],
    rows: async (db) =>
      (
        await db
          .selectFrom('enrollments')
          .innerJoin('courses', 'courses.id', 'enrollments.courseId')
          .innerJoin('sections', 'sections.id', 'enrollments.sectionId')
          .innerJoin('users', 'users.id', 'enrollments.userId')
          .selectAll('enrollments')
          .select(['sisCourseId', 'sisSectionId', 'sisUserId'])
          .where('type', '!=', 'StudentViewEnrollment')
          .where('courses.workflowState', '!=', 'deleted')
          .orderBy('enrollments.id')
          .execute()
      ).map((row) => [
        outer(row.sisCourseId, row.courseId),
        outer(row.sisUserId, row.userId),
        shortTypes[row.type],
        outer(row.sisSectionId, row.sectionId),
        row.state === 'completed' || row.state === 'inactive' ? row.state : 'active',
        row.limitsToSection === 1 ? 'true' : 'false',
      ]),
  },
  {
    name: 'outcomes.csv',
    heading: [
      ...['vendor_guid', 'object_type', 'title', 'description', 'display_name', 'calculation_method'],
      ...['calculation_int', 'workflow_state', 'course_id', 'mastery_points', 'ratings'],
    ],
    rows: outcomeRows,
  },
  {
    name: 'live_assessments.csv',
    heading: ['assessment', 'course_id', 'key', 'title', 'outcome', 'threshold', 'created_at'],
    isForReading: true,
    rows: async (db) =>
      (
        await db
          .selectFrom('liveAssessments')
          .innerJoin('courses', 'courses.id', 'liveAssessments.courseId')
          .leftJoin('liveAlignments', 'liveAlignments.assessmentId', 'liveAssessments.id')
          .select(['liveAssessments.id', 'courseId', 'sisCourseId', 'key', 'title', 'outcomeId', 'threshold'])
          .select('liveAssessments.createdAt')
          .orderBy('liveAssessments.id')
          .execute()
      ).map((row) => [
        row.id,
        outer(row.sisCourseId, row.courseId),
        row.key,
        row.title,
        row.outcomeId,
        row.threshold,
        time(row.createdAt),
      ]),
  },
  {
    name: 'results.csv',
    heading: ['result', 'assessment', 'user_id', 'assessor', 'passed', 'assessed_at', 'stored_at'],
    isForReading: true,
    rows: resultRows,
  },
  {
    name: 'scores.csv',
    heading: ['assessment', 'outcome', 'user_id', 'score', 'possible', 'percent', 'mastery', 'assessed_at'],
    isForReading: true,
    rows: async (db) =>
      (
        await db
          .selectFrom('outcomeScores')
          .innerJoin('users', 'users.id', 'outcomeScores.userId')
          .selectAll('outcomeScores')
          .select('sisUserId')
          .orderBy('outcomeScores.id')
          .execute()
      ).map((row) => [
        row.assessmentId,
        row.outcomeId,
        outer(row.sisUserId, row.userId),
        row.score,
        row.possible,
        row.percent,
        row.mastery === null ? '' : row.mastery === 1 ? 'yes' : 'no',
        time(row.assessedAt),
      ]),
  },
];

async function outcomeRows(db: Kysely<SchoolTables>): Promise<Cells[]> {
  const rows = await db
    .selectFrom('outcomes')
    .leftJoin('courses', 'courses.id', 'outcomes.courseId')
    .selectAll('outcomes')
    .select('sisCourseId')
    .orderBy('outcomes.id')
    .execute();
  return rows.map((row) => [
    outer(row.vendorGuid, `outcome-${row.id}`),
    'outcome',
    row.title,
    row.description,
    row.displayName,
    row.calculationMethod,
    row.calculationInt,
    row.isDeleted === 1 ? 'deleted' : 'active',
    row.courseId === null ? '' : outer(row.sisCourseId, row.courseId),
    row.masteryPoints,
    ...ratingsOf(row.ratings).flatMap(({ points, description }) => [points, description]),
  ]);
}

function ratingsOf(json: string | null): { readonly points: number; readonly description: string }[] {
  return json === null ? [] : (JSON.parse(json) as { points: number; description: string }[]);
}

async function* resultRows(db: Kysely<SchoolTables>): AsyncGenerator<Cells> {
  let last = '0';
  for (;;) {
    const rows = await db
      .selectFrom('liveResults')
      .innerJoin('users as student', 'student.id', 'liveResults.userId')
      .innerJoin('users as assessor', 'assessor.id', 'liveResults.assessorId')
      .select(['liveResults.id', 'assessmentId', 'userId', 'assessorId', 'passed', 'assessedAt'])
      .select([
        'liveResults.createdAt',
        'student.sisUserId as studentSis',
        'assessor.sisUserId as assessorSis',
      ])
      .where('liveResults.id', '>', last)
      .orderBy('liveResults.id')
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const row of rows) {
      const passed = row.passed === 1 ? 'pass' : 'fail';
      const [student, assessor] = [outer(row.studentSis, row.userId), outer(row.assessorSis, row.assessorId)];
      yield [row.id, row.assessmentId, student, assessor, passed, time(row.assessedAt), time(row.createdAt)];
    }
    last = rows.at(-1)?.id ?? last;
    if (rows.length < ROWS_AT_ONCE) return;
  }
}
