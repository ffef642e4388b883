import type { Kysely } from 'kysely';
import type { SchoolTables } from '../tables.ts';
import type { Problems } from './problems.ts';
import type { OutcomeEntry } from './read-outcomes.ts';
import { type SaveContext, saveEntries } from './save-entries.ts';

/**
 * Files outcomes in the courses they are for. One that names no course is the school's, and linked into every course,
 * since nobody here has Canvas's pages to do that by hand.
 */
export async function applyOutcomes(
  entries: readonly OutcomeEntry[],
  problems: Problems,
  context: SaveContext,
): Promise<void> {
  const { trx } = context;
  const courses = await trx
    .selectFrom('courses')
    .select(['id', 'name', 'sisCourseId'])
    .where('workflowState', '=', 'available')
    .orderBy('id')
    .execute();
  const bySisId = new Map(courses.map((course) => [course.sisCourseId, course]));
  for (const { at, course } of entries) {
    if (course !== null && !bySisId.has(course))
      problems.add(at, 'course_id', `there is no course "${course}"`);
  }
  problems.throwIfAny();
  const outcomes = entries.filter(({ isGroup }) => !isGroup);
  const known = await byGuid(trx, 'outcomes');
  const ids = await saveEntries(
    context,
    'outcomes',
    'outcomes',
    outcomes.map((entry) => ({
      known: known.get(entry.guid),
      words: `outcome ${entry.title}`,
      values: valuesOf(entry),
      birth: {
        vendorGuid: entry.guid,
        courseId: entry.course === null ? null : bySisId.get(entry.course)?.id,
      },
    })),
  );
  const idOf = new Map(outcomes.map(({ guid }, at) => [guid, ids[at] ?? '']));
  for (const course of courses) {
    const own = entries.filter((entry) => entry.course === null || entry.course === course.sisCourseId);
    if (own.length > 0) await fileInCourse(trx, course, own, idOf);
  }
}

function valuesOf({ title, description, displayName, ratings, ...entry }: OutcomeEntry) {
  return {
    title,
    description,
    displayName,
    pointsPossible: ratings[0]?.points ?? null,
    masteryPoints: ratings.length === 0 ? null : entry.masteryPoints,
    ratings: ratings.length === 0 ? null : JSON.stringify(ratings),
    calculationMethod: entry.method,
    calculationInt: entry.methodNumber,
    isDeleted: entry.isDeleted ? 1 : 0,
  };
}

async function fileInCourse(
  trx: Kysely<SchoolTables>,
  course: { readonly id: string; readonly name: string },
  entries: readonly OutcomeEntry[],
  outcomeIds: ReadonlyMap<string, string>,
): Promise<void> {
  const groups = await trx
    .selectFrom('outcomeGroups')
    .selectAll()
    .where('courseId', '=', course.id)
    .execute();
  const links = await trx.selectFrom('outcomeLinks').selectAll().where('courseId', '=', course.id).execute();
  const root =
    groups.find(({ parentId }) => parentId === null)?.id ??
    (await newGroup(trx, { courseId: course.id, parentId: null, title: course.name, vendorGuid: null }));
  const groupIds = new Map(groups.map(({ vendorGuid, id }) => [vendorGuid, id]));
  const parentOf = ({ parents: [parent] }: OutcomeEntry) =>
    (parent === undefined ? undefined : groupIds.get(parent)) ?? root;
  for (const entry of entries.filter(({ isGroup }) => isGroup)) {
    const { guid, title, description } = entry;
    const id = groupIds.get(guid);
    if (id !== undefined) {
      await trx.updateTable('outcomeGroups').set({ title, description }).where('id', '=', id).execute();
    } else if (!entry.isDeleted) {
      const parentId = parentOf(entry);
      groupIds.set(
        guid,
        await newGroup(trx, { courseId: course.id, parentId, title, vendorGuid: guid }, description),
      );
    }
  }
  for (const entry of entries.filter(({ isGroup }) => !isGroup)) {
    const outcomeId = outcomeIds.get(entry.guid) ?? '';
    const values = {
      outcomeGroupId: parentOf(entry),
      isDeleted: entry.isDeleted ? (1 as const) : (0 as const),
    };
    const link = links.find((one) => one.outcomeId === outcomeId);
    if (link !== undefined) {
      await trx.updateTable('outcomeLinks').set(values).where('id', '=', link.id).execute();
    } else {
      const id = await nextId(trx, 'outcomeLinks');
      await trx
        .insertInto('outcomeLinks')
        .values({ id, courseId: course.id, outcomeId, ...values })
        .execute();
    }
  }
}

async function newGroup(
  trx: Kysely<SchoolTables>,
  group: { courseId: string; parentId: string | null; title: string; vendorGuid: string | null },
  description: string | null = null,
): Promise<string> {
  const id = await nextId(trx, 'outcomeGroups');
  await trx
    .insertInto('outcomeGroups')
    .values({ id, description, ...group })
    .execute();
  return id;
}

async function nextId(trx: Kysely<SchoolTables>, table: 'outcomeGroups' | 'outcomeLinks'): Promise<string> {
  const row = await trx
    .selectFrom(table)
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return String(BigInt(row?.id ?? 0) + 1n);
}

async function byGuid(trx: Kysely<SchoolTables>, table: 'outcomes') {
  const rows = await trx.selectFrom(table).selectAll().where('vendorGuid', 'is not', null).execute();
  return new Map(rows.map((row) => [row.vendorGuid ?? '', row]));
}
