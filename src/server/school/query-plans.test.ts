import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';

/* What a page costs must not grow with what else is stored: no query behind a list reads a whole table, or sorts one. */

/** Of the lists that grow without end, and of what every request asks, as the endpoints ask for them. */
const queries = {
  'results of an assessment':
    'select * from live_results where assessment_id = 1 order by id limit 100 offset 100',
  'how many there are': 'select count(*) from live_results where assessment_id = 1',
  'results of a student':
    'select * from live_results where assessment_id = 1 and user_id = 2 order by id limit 10',
  'assessments of a course':
    'select id, key, title from live_assessments where course_id = 1 order by id limit 10',
  'who is in a course':
    "select * from enrollments e join users u on u.id = e.user_id where e.course_id = 1 and e.user_id in (1, 2) and e.state not in ('deleted')",
  'places of a person':
    'select * from enrollments e join sections s on s.id = e.section_id join courses c on c.id = e.course_id join terms t on t.id = c.term_id where e.course_id = 1 and e.user_id = 2',
  'courses of a person':
    'select * from enrollments e join sections s on s.id = e.section_id join courses c on c.id = e.course_id where e.user_id = 2',
  'scores of students of a course':
    'select s.* from outcome_scores s join live_assessments a on a.id = s.assessment_id where a.course_id = 1 and s.user_id in (1, 2) and s.outcome_id in (3, 4)',
  'sums of students of an assessment':
    'select user_id, sum(passed), count(*) from live_results where assessment_id = 1 and user_id in (1, 2) group by user_id',
  'students of scoring jobs':
    'select distinct r.assessment_id, r.user_id from scoring_jobs j join live_results r on r.assessment_id = j.assessment_id and r.id >= j.first_result_id and r.id <= j.last_result_id where j.id in (1, 2)',
  'a token':
    "select * from access_tokens t left join users u on u.id = t.user_id and u.is_deleted = 0 where t.token_hash = 'x'",
  'sections of a course': 'select * from sections where course_id = 1',
  'students of sections': 'select * from enrollments where section_id in (1, 2)',
  'linked outcomes of a course':
    'select * from outcome_links l join outcomes o on o.id = l.outcome_id where l.course_id = 1 order by l.id limit 10',
};

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
  });
  afterAll(() => sample.close());

  /** The steps by which a query is answered, one a line. */
  async function planOf(query: string): Promise<string> {
    const db: Kysely<never> = sample.database.tables<never>();
    if (sample.database.dialect === 'sqlite') {
      const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(query)}`.execute(db);
      return rows.map(({ detail }) => detail).join('\n');
    }
    return db.transaction().execute(async (trx) => {
      // Tables of some rows are read whole whatever there is: what matters is that it need not be so.
      await sql`set local enable_seqscan = off`.execute(trx);
      await sql`set local enable_sort = off`.execute(trx);
      await sql`set local enable_hashjoin = off`.execute(trx);
      const { rows } = await sql<Record<string, string>>`explain ${sql.raw(query)}`.execute(trx);
      return rows.flatMap((row) => Object.values(row)).join('\n');
    });
  }

  test.each(Object.entries(queries))('%s: found by an index', async (_name, query) => {
    const plan = await planOf(query);
    expect(plan).toMatch(/INDEX|PRIMARY KEY|Index/);
    expect(plan).not.toMatch(/^SCAN|Seq Scan/m);
  });

  test.each(['results of an assessment', 'results of a student'] as const)(
    '%s are in order without being sorted',
    async (name) => {
      expect(await planOf(queries[name])).not.toMatch(/TEMP B-TREE|Sort/);
    },
  );
});
