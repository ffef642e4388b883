import { afterEach, expect, test } from 'vitest';
import { assessmentsIn } from '#testing/canvas-contract/steps.ts';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import type { SchoolTables } from './tables.ts';

/* Many requests at the same moment, on PostgreSQL to two servers at once. */

const schools: SampleSchool[] = [];
afterEach(async () => {
  for (const school of schools) {
    await school.close();
    expect(school.unexpected).toEqual([]);
  }
  schools.length = 0;
});

onEachDatabase((newUrl) => {
  async function open(): Promise<SampleSchool> {
    const url = await newUrl();
    schools.push(await openSampleSchool({ url }));
    if (url.startsWith('postgres:')) schools.push(await openSampleSchool({ url }));
    return schools[0] ?? expect.fail('nothing is open');
  }

  /** Posts assessments, each time to the next server. */
  async function post(n: number, assessments: readonly unknown[]) {
    const school = schools[n % schools.length] ?? expect.fail('nothing is open');
    const token = await (schools[0] ?? school).tokenFor('teacher');
    const response = await school.send(token, '/api/v1/courses/101/live_assessments', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ assessments }),
    });
    return assessmentsIn(await readReply(response)).map(({ id }) => id);
  }

  test('200 at once who find or create one key get one assessment', async () => {
    const { database } = await open();
    const links = { outcome: '201' };
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => post(n, [{ key: 'one', title: `title ${String(n)}`, links }])),
    );
    expect(new Set(answers.flat()).size).toBe(1);
    const db = database.tables<SchoolTables>();
    expect(await db.selectFrom('liveAssessments').select('key').execute()).toEqual([{ key: 'one' }]);
    expect(await db.selectFrom('liveAlignments').selectAll().execute()).toHaveLength(1);
  });

  test('the same keys in opposite orders wait for each other without a deadlock', async () => {
    await open();
    const keys = ['a', 'b', 'c', 'd'].map((key) => ({ key, title: key }));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => post(n, n % 2 === 0 ? keys : [...keys].reverse())),
    );
    expect(new Set(answers.flat()).size).toBe(4);
  });
});
