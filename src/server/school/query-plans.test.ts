import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';

/* What a page costs must not grow with what else is stored: no query behind a list reads a whole table, or sorts one. */

let sample: SampleSchool;
beforeAll(async () => {
  sample = await openSampleSchool();
});
afterAll(() => sample.close());

/** Of the lists that grow without end, as the endpoints ask for them. */
const queries = {
  'results of an assessment':
    'select * from live_results where assessment_id = 1 order by id limit 100 offset 100',
  'how many there are': 'select count(*) from live_results where assessment_id = 1',
  'results of a student':
    'select * from live_results where assessment_id = 1 and user_id = 2 order by id limit 10',
  'assessments of a course':
    'select id, key, title from live_assessments where course_id = 1 order by id limit 10',
  'who is in a course':
    "select * from enrollments where course_id = 1 and user_id in (1, 2) and state = 'active'",
  'scores of a course':
    'select s.* from outcome_scores s join live_assessments a on a.id = s.assessment_id where a.course_id = 1',
  'sums of students of an assessment':
    'select user_id, sum(passed), count(*) from live_results where assessment_id = 1 and user_id in (1, 2) group by user_id',
  'a token': "select * from access_tokens where token_hash = 'x'",
  'sections of a course': 'select * from sections where course_id = 1',
};

test.each(Object.entries(queries))('%s: found by an index', async (_name, query) => {
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(query)}`.execute(
    sample.database.tables<never>(),
  );
  const steps = rows.map(({ detail }) => detail);
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) expect(step).not.toMatch(/^SCAN/);
});

test('results are in order without being sorted', async () => {
  const { rows } = await sql<{
    detail: string;
  }>`explain query plan ${sql.raw(queries['results of an assessment'])}`.execute(
    sample.database.tables<never>(),
  );
  expect(rows.map(({ detail }) => detail).join()).not.toContain('TEMP B-TREE');
});
