import type { Kysely, Transaction } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock } from '#lib/clock.ts';
import { onEachDatabase } from '#testing/each-database.ts';
import { createManualClock } from '#testing/manual-clock.ts';
import { openSampleSchool } from '#testing/sample-school.ts';
import { openDatabase } from '../../database/database.ts';
import { schoolMigrations } from '../migrations.ts';
import { sampleCourses, sampleOutcomes, samplePeople } from '../sample/ids.ts';
import { createSchool } from '../school.ts';
import type { SchoolTables } from '../tables.ts';
import { createScoring } from './scoring.ts';

const { maths } = sampleCourses;

onEachDatabase((newUrl) => {
  /** A school with one aligned assessment, and results stored by hand. */
  async function openMarkedSchool() {
    const database = await openDatabase({ url: await newUrl(), migrations: schoolMigrations });
    const db = database.tables<SchoolTables>();
    const clock = createManualClock();
    const unexpected: unknown[] = [];
    const start = () => createSchool({ database, clock, onUnexpected: (error) => unexpected.push(error) });
    await (await start()).close();
    await db
      .insertInto('liveAssessments')
      .values({ courseId: maths, key: 'k', title: 'Tuesday', createdAt: 0 })
      .execute();
    await align(sampleOutcomes.fractions, 0.6);

    async function align(outcomeId: string, threshold: number) {
      await db.insertInto('liveAlignments').values({ assessmentId: '1', outcomeId, threshold }).execute();
    }
    async function store(passed: 0 | 1, assessedAt = 0) {
      const row = { assessmentId: '1', userId: samplePeople.student, assessorId: samplePeople.teacher };
      await db
        .insertInto('liveResults')
        .values({ ...row, passed, assessedAt, createdAt: 0 })
        .execute();
    }
    const scores = () => db.selectFrom('outcomeScores').selectAll().execute();
    return { database, db, start, store, scores, unexpected };
  }

  const job = { assessmentId: '1', firstResultId: '1', lastResultId: '100' };

  test('a batch noted before a crash is scored at the next start', async () => {
    const { database, db, start, store, scores } = await openMarkedSchool();
    await store(1, 5000);
    await store(0, 3000);
    await db.insertInto('scoringJobs').values(job).execute();
    await (await start()).close();
    expect(await scores()).toMatchObject([
      {
        title: 'Ben Hughes, Tuesday',
        userId: samplePeople.student,
        percent: 0.5,
        score: 2.5,
        possible: 5,
        mastery: 0,
        assessedAt: 5000,
      },
    ]);
    expect(await db.selectFrom('scoringJobs').selectAll().execute()).toEqual([]);
    await database.close();
  });

  test('§6.1 a changed scale moves the percent to the present threshold, and leaves score and mastery', async () => {
    const { database, db, start, store, scores } = await openMarkedSchool();
    for (const passed of [1, 1, 1, 0, 0] as const) await store(passed);
    await db
      .updateTable('outcomes')
      .set({ masteryPoints: 4 })
      .where('id', '=', sampleOutcomes.fractions)
      .execute();
    await db.insertInto('scoringJobs').values(job).execute();
    await (await start()).close();
    // 3 of 5 was exactly the threshold of 0.6; the threshold is 0.8 now.
    expect(await scores()).toMatchObject([{ percent: 0.8, score: 3, mastery: 1 }]);
    await database.close();
  });

  test('a batch that cannot be scored is reported and kept, and nothing else stops', async () => {
    const { database, db, start, store, scores, unexpected } = await openMarkedSchool();
    await store(1);
    await db.insertInto('scoringJobs').values(job).execute();
    await db.schema.alterTable('outcomeScores').renameTo('elsewhere').execute();
    await (await start()).close();
    expect(unexpected).toHaveLength(1);
    expect(await db.selectFrom('scoringJobs').selectAll().execute()).toHaveLength(1);
    await db.schema.alterTable('elsewhere').renameTo('outcomeScores').execute();
    await (await start()).close();
    expect(await scores()).toHaveLength(1);
    await database.close();
  });

  test('a later score takes the place of the earlier one, mastery and title too', async () => {
    const { database, db, start, store, scores } = await openMarkedSchool();
    await store(1);
    await db.insertInto('scoringJobs').values(job).execute();
    await (await start()).close();
    expect(await scores()).toMatchObject([{ percent: 1, mastery: 1, title: 'Ben Hughes, Tuesday' }]);
    await store(0);
    await db.updateTable('liveAssessments').set({ title: 'Wednesday' }).execute();
    await db.insertInto('scoringJobs').values(job).execute();
    await (await start()).close();
    expect(await scores()).toMatchObject([{ percent: 0.5, mastery: 0, title: 'Ben Hughes, Wednesday' }]);
    await database.close();
  });

  test('§6.1 the threshold is frozen when a key is aligned, and refreshed when it is again', async () => {
    const { database, send, tokenFor, close } = await openSampleSchool({ url: await newUrl() });
    const db = database.tables<SchoolTables>();
    const token = await tokenFor('teacher');
    const links = { outcome: sampleOutcomes.fractions };
    const align = () =>
      send(token, `/api/v1/courses/${maths}/live_assessments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ assessments: [{ key: 'k', title: 't', links }] }),
      });
    const thresholds = () => db.selectFrom('liveAlignments').select('threshold').execute();
    await align();
    await db
      .updateTable('outcomes')
      .set({ masteryPoints: 4 })
      .where('id', '=', sampleOutcomes.fractions)
      .execute();
    expect(await thresholds()).toEqual([{ threshold: 0.6 }]);
    await align();
    expect(await thresholds()).toEqual([{ threshold: 0.8 }]);
    await close();
  });

  test('a batch noted after the last look is not forgotten', async () => {
    const { database, db, store, scores } = await openMarkedSchool();
    await store(1);
    let isLate = true;
    const onLastLook = async () => {
      if (!isLate) return;
      isLate = false;
      await db.transaction().execute((trx) => scoring.note(trx, [{ id: '1', assessmentId: '1' }]));
      scoring.wake();
    };
    const scoring = createScoring({
      db: tellingLastLook(db, onLastLook),
      clock: systemClock,
      revision: 'B',
      onUnexpected: (error) => expect.fail(String(error)),
    });
    scoring.wake();
    await scoring.idle();
    expect(await scores()).toHaveLength(1);
    await database.close();
  });

  /** The same database, which tells when a transaction has found nothing to do, before its caller hears of it. */
  function tellingLastLook(db: Kysely<SchoolTables>, tell: () => Promise<void>): Kysely<SchoolTables> {
    const execute = async <T>(work: (trx: Transaction<SchoolTables>) => Promise<T>): Promise<T> => {
      const found = await db.transaction().execute(work);
      if (found === false) await tell();
      return found;
    };
    return { transaction: () => ({ execute }) } as unknown as Kysely<SchoolTables>;
  }

  test('a batch noted while another is scored is not forgotten', async () => {
    const { database, db, store, scores } = await openMarkedSchool();
    const scoring = createScoring({
      db,
      clock: systemClock,
      revision: 'B',
      onUnexpected: (error) => expect.fail(String(error)),
    });
    for (let n = 1; n <= 30; n += 1) {
      await store(1);
      await db.transaction().execute((trx) => scoring.note(trx, [{ id: String(n), assessmentId: '1' }]));
      scoring.wake();
      if (n % 3 === 0) await scoring.idle();
      if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await scoring.idle();
    expect(await db.selectFrom('scoringJobs').selectAll().execute()).toEqual([]);
    expect(await scores()).toMatchObject([{ percent: 1, score: 5 }]);
    await database.close();
  });
});
