import type { Kysely, Transaction } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import { Refusal } from '../http/refusal.ts';
import type { SchoolTables } from '../tables.ts';
import { groupByStudent } from './read-results.ts';
import type { ResultBatch } from './result-batch.ts';
import { createResultWriter } from './result-writer.ts';

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  let db: Kysely<SchoolTables>;
  beforeEach(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
    db = sample.database.tables<SchoolTables>();
    const assessment = { courseId: '101', title: 't', createdAt: 0 };
    const two = ['one', 'other'].map((key) => ({ ...assessment, key }));
    const elsewhere = { ...assessment, courseId: '105', key: 'one' };
    await db
      .insertInto('liveAssessments')
      .values([...two, elsewhere])
      .execute();
  });
  afterEach(() => sample.close());

  const scoring = { note: () => Promise.resolve(), wake: () => undefined, idle: () => Promise.resolve() };
  const writerOn = (on: Kysely<SchoolTables>) => createResultWriter({ db: on, revision: 'B', scoring });

  function batch(users: readonly string[], rest: Partial<ResultBatch> = {}): ResultBatch {
    const elements = users.map((user, second) => ({
      passed: second % 2 === 0,
      assessed_at: `2026-09-01T08:00:0${String(second)}Z`,
      links: { user },
    }));
    const common = { courseId: '101', assessmentId: '1', assessorId: '11', timeZone: 'UTC', createdAt: 0 };
    return { ...common, groups: groupByStudent(elements), ...rest };
  }

  const stored = () => db.selectFrom('liveResults').selectAll().orderBy('id').execute();

  test('batches that come at once are stored together, and each is told of its own', async () => {
    let transactions = 0;
    const writer = writerOn(beforeEachTransaction(db, () => (transactions += 1)));
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        writer.write(
          batch(['1002', '1003', '1002'], { assessmentId: n % 2 === 0 ? '1' : '2', createdAt: n }),
        ),
      ),
    );
    expect(transactions).toBe(1);
    const rows = await stored();
    expect(rows).toHaveLength(90);
    for (const [n, answer] of answers.entries()) {
      expect(answer.map(({ userId }) => userId)).toEqual(['1002', '1002', '1003']);
      // As strings and in order of id, so that they are told apart from each other's.
      expect(rows.filter(({ createdAt }) => createdAt === n)).toMatchObject(
        answer.map(({ id, passed, assessedAt, assessmentId }) => ({ id, passed, assessedAt, assessmentId })),
      );
    }
  });

  test('one that is refused leaves the others as they are', async () => {
    const writer = writerOn(db);
    const written = await Promise.allSettled([
      writer.write(batch(['1002'])),
      writer.write(batch(['1002', '424242'])),
      writer.write(batch(['1003'])),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(written[1]).toMatchObject({ reason: expect.any(Refusal) as unknown });
    expect((await stored()).map(({ userId }) => userId)).toEqual(['1002', '1003']);
  });

  test('a member of one course is not taken for one of another', async () => {
    const writer = writerOn(db);
    const written = await Promise.allSettled([
      writer.write(batch(['1002'])),
      writer.write(batch(['1002'], { courseId: '105', assessmentId: '3' })),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(written[1]).toMatchObject({ reason: { body: { message: 'user must be in the context' } } });
  });

  test('an assessment that nobody made, or that is of another course, is refused as such', async () => {
    const writer = writerOn(db);
    const written = await Promise.allSettled([
      writer.write(batch(['1002'])),
      // There is no such student either, which is the lesser reason.
      writer.write(batch(['424242'], { assessmentId: '99' })),
      writer.write(batch(['424242'], { assessmentId: '3' })),
    ]);
    expect(written).toMatchObject([
      { status: 'fulfilled' },
      { reason: { status: 404 } },
      { reason: { status: 400, body: { message: 'assessment does not belong to the given context' } } },
    ]);
  });

  test('one that the database refuses takes none of the others with it', async () => {
    const writer = writerOn(db);
    const written = await Promise.allSettled([
      writer.write(batch(['1002'])),
      // There is nobody with this id.
      writer.write(batch(['1002', '1003'], { assessorId: '99' })),
      writer.write(batch(['1003'])),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await stored()).map(({ userId }) => userId)).toEqual(['1002', '1003']);
  });

  test('what fails in being committed is not tried again: it may be stored', async () => {
    const failing = afterEachTransaction(db, () => Promise.reject(new Error('connection lost')));
    const writer = writerOn(failing);
    const written = await Promise.allSettled([
      writer.write(batch(['1002'])),
      writer.write(batch(['1002', '424242'])),
      writer.write(batch(['1003'])),
    ]);
    expect(written.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await stored()).toHaveLength(2);
  });

  test('goes on after a failure, and stores what came meanwhile', async () => {
    const writer = writerOn(db);
    await expect(writer.write(batch(['1002'], { assessorId: '99' }))).rejects.toThrow();
    const many = Array.from({ length: 5 }, () =>
      writer.write(batch(Array.from({ length: 10 }, () => '1002'))),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([...many, writer.write(batch(['1003']))]);
    expect(await stored()).toHaveLength(51);
  });
});

type Work<T> = (trx: Transaction<SchoolTables>) => Promise<T>;

function beforeEachTransaction(db: Kysely<SchoolTables>, tell: () => void): Kysely<SchoolTables> {
  const execute = <T>(work: Work<T>) => {
    tell();
    return db.transaction().execute(work);
  };
  return { transaction: () => ({ execute }) } as unknown as Kysely<SchoolTables>;
}

/** The same database, of which nobody hears that it has committed. */
function afterEachTransaction(db: Kysely<SchoolTables>, tell: () => Promise<never>): Kysely<SchoolTables> {
  const execute = async <T>(work: Work<T>) => {
    await db.transaction().execute(work);
    return tell();
  };
  return { transaction: () => ({ execute }) } as unknown as Kysely<SchoolTables>;
}
