import type { Kysely } from 'kysely';
import { idOf } from '../http/parameters.ts';
import { missing } from '../http/refusal.ts';
import type { CourseRow, SchoolTables } from '../tables.ts';

const sisForm = 'sis_course_id:';

/**
 * The course a path names, by id or as `sis_course_id:…` (contract §1.5).
 * @throws Refusal 404 when there is none, or it was deleted
 */
export async function findCourse(db: Kysely<SchoolTables>, name: string): Promise<CourseRow> {
  const query = db.selectFrom('courses').selectAll().where('workflowState', '!=', 'deleted');
  const id = idOf(name);
  if (id !== undefined) return query.where('id', '=', id).executeTakeFirstOrThrow(missing);
  if (!name.startsWith(sisForm) || name.includes('\0')) throw missing();
  return query.where('sisCourseId', '=', name.slice(sisForm.length)).executeTakeFirstOrThrow(missing);
}
