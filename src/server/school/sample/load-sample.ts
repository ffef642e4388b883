import { randomBytes } from 'node:crypto';
import type { Insertable, Kysely, Transaction } from 'kysely';
import { holdLock } from '../../database/locks.ts';
import { chunksOf } from '../chunks.ts';
import type { SchoolTables } from '../tables.ts';
import {
  sampleCourseRows,
  sampleEnrollmentRows,
  sampleGroups,
  sampleSectionRows,
  sampleTerms,
} from './classes.ts';
import { sampleOutcomeFiling, sampleOutcomeRows } from './outcomes.ts';
import { samplePeopleRows } from './people.ts';

const ROWS_AT_ONCE = 200;

/** Fills a school without people with the sample; leaves any other as it is. Safe for two processes at once. */
export async function loadSampleIfEmpty(db: Kysely<SchoolTables>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await holdLock(trx, 'the sample school');
    const somebody = await trx.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (somebody !== undefined) return;
    await trx
      .insertInto('schoolFacts')
      .values([
        // Marks on a tablet name the school by this: another copy of the sample is another school.
        { name: 'id', value: `sample-${randomBytes(6).toString('hex')}` },
        { name: 'name', value: 'Willow Lane School' },
        { name: 'sample', value: 'yes' },
      ])
      .execute();
    await insert(trx, 'users', samplePeopleRows());
    await insert(trx, 'terms', sampleTerms);
    await insert(trx, 'courses', sampleCourseRows());
    await insert(trx, 'sections', sampleSectionRows());
    await insert(trx, 'enrollments', sampleEnrollmentRows());
    const { groupCategories, groups, groupMemberships } = sampleGroups();
    await insert(trx, 'groupCategories', groupCategories);
    await insert(trx, 'groups', groups);
    await insert(trx, 'groupMemberships', groupMemberships);
    await insert(trx, 'outcomes', sampleOutcomeRows());
    const { outcomeGroups, outcomeLinks } = sampleOutcomeFiling();
    await insert(trx, 'outcomeGroups', outcomeGroups);
    await insert(trx, 'outcomeLinks', outcomeLinks);
  });
}

async function insert<Table extends keyof SchoolTables>(
  trx: Transaction<SchoolTables>,
  table: Table,
  rows: readonly Insertable<SchoolTables[Table]>[],
): Promise<void> {
  for (const some of chunksOf(rows, ROWS_AT_ONCE)) await trx.insertInto(table).values(some).execute();
}
