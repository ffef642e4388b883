import { foldForSearch } from '../people/search.ts';
import { shortTypes } from '../people/present-enrollment.ts';
import { compareNames } from '../sorting.ts';
import { type Command, type CommandContext, readWords, schoolTables, table } from './command.ts';

export const peopleCommand: Command = {
  synopsis: 'people [WORD]',
  purpose: 'list the people, or those with the word in their name or login, and what they are where',
  run: listPeople,
};

export const coursesCommand: Command = {
  synopsis: 'courses',
  purpose: 'list the courses, with how many teach and learn in them',
  run: listCourses,
};

async function listPeople(words: readonly string[], context: CommandContext): Promise<void> {
  const { positionals } = readWords(words, ['[WORD]'], {});
  const term = foldForSearch(positionals[0] ?? '');
  const db = schoolTables(context);
  const users = await db.selectFrom('users').selectAll().where('isDeleted', '=', 0).execute();
  const enrollments = await db
    .selectFrom('enrollments')
    .select(['userId', 'type', (eb) => eb.fn.countAll<number>().as('courses')])
    .where('state', '=', 'active')
    .groupBy(['userId', 'type'])
    .execute();
  const roles = new Map<string, string[]>();
  for (const { userId, type, courses } of enrollments) {
    const list = roles.get(userId) ?? [];
    list.push(`${shortTypes[type]} ×${String(courses)}`);
    roles.set(userId, list);
  }
  const rows = users
    .filter(({ searchText }) => searchText.includes(term))
    .sort((a, b) => compareNames(a.sortableName, b.sortableName))
    .map((user) => [
      user.id,
      user.login ?? '',
      user.sisUserId ?? '',
      user.sortableName,
      [...(user.isAdmin === 1 ? ['admin'] : []), ...(roles.get(user.id) ?? [])].join(', '),
    ]);
  for (const line of table(['Id', 'Login', 'School id', 'Name', 'Is'], rows)) context.print(line);
  context.print(`${String(rows.length)} people`);
}

async function listCourses(words: readonly string[], context: CommandContext): Promise<void> {
  readWords(words, [], {});
  const db = schoolTables(context);
  const courses = await db
    .selectFrom('courses')
    .selectAll()
    .where('workflowState', '!=', 'deleted')
    .execute();
  const counts = await db
    .selectFrom('enrollments')
    .select(['courseId', 'type', (eb) => eb.fn.count<number>('userId').distinct().as('people')])
    .where('state', 'in', ['active', 'invited', 'creation_pending'])
    .groupBy(['courseId', 'type'])
    .execute();
  const count = (courseId: string, type: string) =>
    String(counts.find((one) => one.courseId === courseId && one.type === type)?.people ?? 0);
  const rows = courses
    .sort((a, b) => compareNames(a.name, b.name))
    .map(({ id, sisCourseId, name, workflowState }) => [
      id,
      sisCourseId ?? '',
      name,
      workflowState,
      count(id, 'TeacherEnrollment'),
      count(id, 'StudentEnrollment'),
    ]);
  for (const line of table(['Id', 'School id', 'Name', 'State', 'Teachers', 'Students'], rows)) {
    context.print(line);
  }
  context.print(`${String(rows.length)} courses`);
}
