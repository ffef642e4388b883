import { expect, test } from 'vitest';
import { createManualClock } from '#testing/manual-clock.ts';
import { openDatabase } from '../../database/database.ts';
import { schoolMigrations } from '../migrations.ts';
import { createSchool } from '../school.ts';
import type { SchoolTables } from '../tables.ts';
import { sampleName } from './names.ts';

const open = () => openDatabase({ url: 'sqlite::memory:', migrations: schoolMigrations });

test('every copy has the same people, and an id of its own', async () => {
  const copies = await Promise.all([open(), open()]);
  const schools = await Promise.all(
    copies.map((database) => createSchool({ database, clock: createManualClock() })),
  );
  const [one, other] = await Promise.all(
    copies.map((database) => database.tables<SchoolTables>().selectFrom('enrollments').selectAll().execute()),
  );
  expect(one).toEqual(other);
  const [facts, otherFacts] = await Promise.all(schools.map((school) => school.facts()));
  expect(facts).toMatchObject({ name: 'Willow Lane School', isSample: true });
  expect(facts?.id).not.toBe(otherFacts?.id);
  for (const database of copies) await database.close();
});

test('a school with somebody in it is left as it is', async () => {
  const database = await open();
  const db = database.tables<SchoolTables>();
  const clock = createManualClock();
  await createSchool({ database, clock });
  await db.updateTable('users').set({ name: 'Somebody Else' }).where('id', '=', '11').execute();
  await createSchool({ database, clock });
  const people = await db.selectFrom('users').select('name').execute();
  expect(people.filter(({ name }) => name === 'Somebody Else')).toHaveLength(1);
  await database.close();
});

test('two starts at once fill an empty school once', async () => {
  const database = await open();
  const clock = createManualClock();
  await Promise.all([createSchool({ database, clock }), createSchool({ database, clock })]);
  const facts = await database.tables<SchoolTables>().selectFrom('schoolFacts').selectAll().execute();
  expect(facts).toHaveLength(3);
  await database.close();
});

test('no two children have the same name', () => {
  const names = Array.from({ length: 265 }, (_, n) => sampleName(n).name);
  expect(new Set(names).size).toBe(names.length);
});

test('girls and boys have the family names that go with them', () => {
  const names = Array.from({ length: 265 }, (_, n) => sampleName(n).name);
  const russian = names.filter((name) => /\p{Script=Cyrillic}/u.test(name));
  expect(russian).toContain('Дмитрий Соловьёв');
  for (const name of russian) {
    const [given = '', family = ''] = name.split(' ');
    expect([name, /[ая]$/.test(family)]).toEqual([name, /[ая]$/.test(given)]);
  }
});
