import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outcomeKey } from '#domain/assessment-key.ts';
import { dayIn } from '#domain/day.ts';
import type { AssessmentId, AttemptId, CourseId, UserId } from '#domain/ids.ts';
import { parseSecond, secondOf } from '#domain/instant.ts';
import { openSampleSchool, schoolOrigin, type SampleSchool } from '#testing/sample-school.ts';
import { resultsBody } from './body.ts';
import { createCanvasClient, type CanvasClient } from './client.ts';
import { MissingError, PermissionError, RefusedError, SignedOutError } from './errors.ts';
import type { ResultsPage } from './results-api.ts';

/* The client and the embedded school come from the same contract; here they meet, without a gateway between. */

let sample: SampleSchool;
beforeAll(async () => {
  sample = await openSampleSchool();
});
afterAll(async () => {
  await sample.close();
  expect(sample.unexpected).toEqual([]);
});

async function clientOf(login: string | undefined): Promise<CanvasClient> {
  const token = login === undefined ? undefined : await sample.tokenFor(login);
  return createCanvasClient({
    fetch: (url, init) => sample.send(token, url.slice(schoolOrigin.length), init),
    clock: sample.clock,
    origin: schoolOrigin,
    identity: () => undefined,
    trust: 'form',
  });
}

async function firstCourse(client: CanvasClient): Promise<CourseId> {
  const [course] = await client.listCourses();
  if (course === undefined) throw new Error('the sample school has no course');
  return course.id;
}

const attempt = { id: 'a-1' as AttemptId };

test('reads courses, classes of 28, 63 and 220, sections, groups and outcomes', async () => {
  const teacher = await clientOf('teacher');
  const courses = await teacher.listCourses();
  const sizes = await Promise.all(courses.map(async ({ id }) => (await teacher.listStudents(id)).length));
  expect(sizes).toEqual(expect.arrayContaining([28, 63, 220]));
  for (const course of courses) {
    expect(course.roles).toEqual(['teacher']);
    expect(dayIn(sample.clock.wallMs(), course.timeZone)).toMatch(/^\d{4}-\d\d-\d\d$/);
    const students = await teacher.listStudents(course.id);
    const known = new Set((await teacher.listSections(course.id)).map(({ id }) => id));
    expect(students.flatMap(({ sections }) => sections).every((section) => known.has(section))).toBe(true);
    const ids = new Set(students.map(({ id }) => id));
    for (const group of await teacher.listGroups(course.id)) {
      const members = await teacher.listGroupMembers(group.id);
      expect(members.filter((member) => !ids.has(member))).toEqual([]);
    }
  }
  const outcomes = await teacher.listOutcomes(await firstCourse(teacher));
  expect(outcomes.length).toBeGreaterThan(0);
  expect((await teacher.readSelf()).name).not.toBe('');
});

test('makes an assessment, posts a batch and reads it back row by row', async () => {
  const teacher = await clientOf('teacher');
  const course = await firstCourse(teacher);
  const [outcome] = await teacher.listOutcomes(course);
  const students = await teacher.listStudents(course);
  if (outcome === undefined) throw new Error('the sample course has no outcome');
  const key = outcomeKey(dayIn(sample.clock.wallMs(), null), outcome.id);
  const made = await teacher.findOrCreateAssessment({ course, key, title: 'Reading', outcome: outcome.id });
  const found = await teacher.findOrCreateAssessment({ course, key, title: 'Reading', outcome: outcome.id });
  expect(found.value).toEqual(made.value);
  expect(await teacher.listAssessments(course)).toContainEqual(made.value);

  const assessment = made.value.id;
  const marks = students.flatMap(({ id }, index) =>
    [0, 1, 2, 3].map((n) => ({
      student: id,
      passed: n !== 1,
      assessedAt: secondOf(index * 60_000 + n * 1000),
    })),
  );
  const posted = await teacher.postResults({ course, assessment, body: resultsBody(marks), attempt });
  // A student's rows keep their order, and students theirs: that is what the body's order is for.
  expect(posted.value.map(({ student, passed, assessedAt }) => ({ student, passed, assessedAt }))).toEqual(
    marks,
  );

  const pages: ResultsPage[] = [];
  do {
    const page = pages.at(-1)?.next;
    const request = { course, assessment, ...(page === undefined ? {} : { page }) };
    pages.push((await teacher.readResultsPage(request)).value);
  } while (pages.at(-1)?.next !== undefined);
  expect(pages.length).toBe(Math.ceil(marks.length / 100));
  expect(pages.every(({ count }) => count === marks.length)).toBe(true);
  const rows = pages.flatMap((page) => page.rows);
  expect(rows).toHaveLength(marks.length);
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(posted.value.map(({ id }) => id)));
  expect(rows.every(({ assessedAt }) => parseSecond(assessedAt) === assessedAt)).toBe(true);

  const user = students[0]?.id ?? ('0' as UserId);
  const own = await teacher.readResultsPage({ course, assessment, user });
  expect(own.value.rows.map(({ student }) => student)).toEqual([user, user, user, user]);

  const stranger = '9007199254740993' as UserId;
  const bad = resultsBody([{ student: stranger, passed: true, assessedAt: secondOf(0) }]);
  const refused = teacher.postResults({ course, assessment, body: bad, attempt });
  await expect(refused).rejects.toBeInstanceOf(RefusedError);
  await expect(refused).rejects.toMatchObject({ reason: 'user must be in the context' });
});

describe('what is refused', () => {
  const nowhere = '9007199254740993' as CourseId;

  test('a course or an assessment that is not there', async () => {
    const teacher = await clientOf('teacher');
    await expect(teacher.listStudents(nowhere)).rejects.toBeInstanceOf(MissingError);
    const course = await firstCourse(teacher);
    const assessment = nowhere as string as AssessmentId;
    const posted = teacher.postResults({ course, assessment, body: '{"results":[]}', attempt });
    await expect(posted).rejects.toBeInstanceOf(MissingError);
  });

  test('a student, and a designer who wants to read', async () => {
    for (const login of ['student', 'designer']) {
      const client = await clientOf(login);
      const course = await firstCourse(client);
      await expect(client.listAssessments(course)).rejects.toBeInstanceOf(PermissionError);
    }
  });

  test('somebody with a token that is none', async () => {
    const client = createCanvasClient({
      fetch: (url, init) => sample.send('stale', url.slice(schoolOrigin.length), init),
      clock: sample.clock,
      origin: schoolOrigin,
      identity: () => undefined,
      trust: 'form',
    });
    await expect(client.readSelf()).rejects.toBeInstanceOf(SignedOutError);
    await expect((await clientOf(undefined)).readSelf()).rejects.toBeInstanceOf(SignedOutError);
  });
});
