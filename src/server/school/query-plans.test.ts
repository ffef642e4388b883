import { CompiledQuery, type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { schoolOrigin } from '#testing/sample-school.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { issueToken } from './auth/access-tokens.ts';
import { schoolMigrations } from './migrations.ts';
import { sampleCourses, sampleOutcomes, samplePeople } from './sample/ids.ts';
import { createSchool, type EmbeddedSchool } from './school.ts';
import type { SchoolTables } from './tables.ts';

/*
 * What a request costs must not grow with what else is stored: none of the queries behind an endpoint, as it is really
 * asked, reads a whole table, and what grows without end is not sorted either.
 */

const course = `/api/v1/courses/${sampleCourses.maths}`;

/** Every list and look-up, with what makes it ask for more. */
const reads = {
  'one person': '/api/v1/users/self',
  'courses of a person': '/api/v1/courses?include[]=teachers&include[]=total_students&include[]=sections',
  'one course': course,
  'people of a course': `${course}/users?include[]=enrollments&enrollment_type[]=student&sort=email`,
  'people by name': `${course}/users?search_term=hughes&user_ids[]=15&section_ids[]=601`,
  sections: `${course}/sections?include[]=students&include[]=total_students`,
  groups: `${course}/groups?include[]=users&only_own_groups=true`,
  'members of a group': '/api/v1/groups/711/users?exclude_inactive=true&search_term=hughes',
  'outcome groups': `${course}/outcome_groups`,
  'outcome links': `${course}/outcome_group_links?outcome_style=full&outcome_group_style=full`,
  'one outcome': `/api/v1/outcomes/${sampleOutcomes.fractions}`,
  assessments: `${course}/live_assessments?page=2&per_page=3`,
  'results of an assessment': `${course}/live_assessments/1/results?page=2&per_page=3`,
  'results of a student': `${course}/live_assessments/1/results?user_id=${samplePeople.student}`,
  'outcome results': `${course}/outcome_results?include[]=alignments&include[]=outcomes&include[]=users`,
  rollups: `${course}/outcome_rollups?exclude[]=missing_user_rollups`,
};

/** Small whatever the school is: what waits to be scored, its terms, its few facts. */
const fewRows = ['scoring_jobs', 'terms', 'school_facts'];

onEachDatabase((newUrl) => {
  let database: Database;
  /** On a connection of its own: libsql leaves an explained insert open, and then nothing can be committed. */
  let explaining: Database;
  let school: EmbeddedSchool;
  let token: string;
  let asked: CompiledQuery[] = [];

  beforeAll(async () => {
    const url = await newUrl();
    const log = ({ query }: { query: CompiledQuery }) => void asked.push(query);
    database = await openDatabase({ url, migrations: schoolMigrations, log });
    explaining = await openDatabase({ url, migrations: schoolMigrations });
    const clock = createManualClock();
    school = await createSchool({ database, clock });
    const owner = { userId: samplePeople.teacher, clientId: null, scopes: null, purpose: null };
    ({ accessToken: token } = await issueToken(database.tables<SchoolTables>(), clock, owner));
    await post('live_assessments', {
      assessments: [{ key: 'k', title: 't', links: { outcome: sampleOutcomes.fractions } }],
    });
  });
  afterAll(async () => {
    await school.close();
    await explaining.close();
    await database.close();
  });

  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await school.fetch(new Request(schoolOrigin + path, { ...init, headers }));
    expect(answer.status).toBe(200);
  };
  const post = (path: string, body: object) =>
    send(`${course}/${path}`, { method: 'POST', body: JSON.stringify(body) });

  const postResults = (count: number) =>
    post('live_assessments/1/results', {
      results: Array.from({ length: count }, (_, second) => ({
        passed: true,
        assessed_at: `2026-09-01T08:00:0${String(second)}Z`,
        links: { user: samplePeople.student },
      })),
    });

  /** The queries that something asks, each once. */
  async function queriesOf(work: () => Promise<void>): Promise<CompiledQuery[]> {
    asked = [];
    await work();
    const bySql = new Map(asked.map((query) => [query.sql, query]));
    return [...bySql.values()].filter((query) => /^\s*(?:select|with|insert|update|delete)/i.test(query.sql));
  }

  /** The steps by which a query is answered, one a line. */
  async function planOf(query: CompiledQuery): Promise<string> {
    const db = explaining.tables<never>();
    if (explaining.dialect === 'sqlite') {
      const { rows } = await explain<{ detail: string }>(db, 'explain query plan', query);
      return rows.map(({ detail }) => detail).join('\n');
    }
    return db.transaction().execute(async (trx) => {
      // Tables of some rows are read whole whatever there is: what matters is that it need not be so.
      await sql`set local enable_seqscan = off`.execute(trx);
      await sql`set local enable_sort = off`.execute(trx);
      await sql`set local enable_hashjoin = off`.execute(trx);
      const { rows } = await explain<Record<string, string>>(trx, 'explain', query);
      return rows.flatMap((row) => Object.values(row)).join('\n');
    });
  }

  const explain = <Row>(db: Kysely<never>, word: string, query: CompiledQuery) =>
    db.executeQuery<Row>(CompiledQuery.raw(`${word} ${query.sql}`, [...query.parameters]));

  /** The tables that a plan reads from their first row to their last. */
  async function readWhole(query: CompiledQuery): Promise<string[]> {
    const plan = await planOf(query);
    const found = plan.matchAll(/(?:Seq Scan on|SCAN) (\w+)/g);
    return [...found].map(([, name = '']) => name).filter((name) => isTable(name) && !fewRows.includes(name));
  }

  let tables: string[] = [];
  beforeAll(async () => {
    tables = (await explaining.tables<never>().introspection.getTables()).map(({ name }) => snakeCase(name));
  });
  /** A part of a query has a name in a plan as well. */
  const isTable = (name: string) => tables.includes(name);

  async function expectNoneRead(work: () => Promise<void>): Promise<void> {
    const queries = await queriesOf(work);
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) expect(await readWhole(query), query.sql).toEqual([]);
  }

  describe('no table is read whole', () => {
    test.each(Object.entries(reads))('for %s', (_name, path) => expectNoneRead(() => send(path)));

    test('to store results and to score them', () =>
      expectNoneRead(async () => {
        await postResults(9);
        await school.close();
      }));

    test('to find or create an assessment', () =>
      expectNoneRead(() =>
        post('live_assessments', {
          assessments: ['k', 'new'].map((key) => ({
            key,
            title: 't',
            links: { outcome: sampleOutcomes.fractions },
          })),
        }),
      ));
  });

  test.each(['results of an assessment', 'results of a student', 'assessments'] as const)(
    'a page of %s is in order without being sorted',
    async (name) => {
      const queries = await queriesOf(() => send(reads[name]));
      const paged = queries.filter((query) => /limit/.test(query.sql));
      expect(paged).toHaveLength(1);
      for (const query of paged) expect(await planOf(query)).not.toMatch(/TEMP B-TREE|Sort/);
    },
  );

  test('a query that reads a table whole is noticed', async () => {
    const db = database.tables<SchoolTables>();
    const queries = await queriesOf(async () => {
      await db.selectFrom('users').selectAll().where('name', 'like', '%a%').execute();
    });
    expect(await Promise.all(queries.map(readWhole))).toEqual([['users']]);
  });
});

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
