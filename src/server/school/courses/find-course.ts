import type { Kysely } from 'kysely';
import { prepare } from '../../database/prepare.ts';
import { idOf } from '../http/parameters.ts';
import { missing } from '../http/refusal.ts';
import type { CourseRow, SchoolTables } from '../tables.ts';

const courseById = prepare((db: Kysely<SchoolTables>, { id }: { id: string }) =>
  db.selectFrom('courses').selectAll().where('workflowState', '!=', 'deleted').where('id', '=', id),
);

const sisForm = 'sis_course_id:';

/**
 * The course a path names, by id or as `sis_course_id:…` (contract §1.5).
 * @throws Refusal 404 when there is none, or it was deleted
 */
export async function findCourse(db: Kysely<SchoolTables>, name: string): Promise<CourseRow> {
  const id = idOf(name);
  if (id !== undefined) {
    const [course] = await courseById(db, { id });
    if (course === undefined) throw missing();
    return course;
  }
  if (!name.startsWith(sisForm) || name.includes('\0')) throw missing();
  return db
    .selectFrom('courses')
    .selectAll()
    .where('workflowState', '!=', 'deleted')
    .where('sisCourseId', '=', name.slice(sisForm.length))
    .executeTakeFirstOrThrow(missing);
}
