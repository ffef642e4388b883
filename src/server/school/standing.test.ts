import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import type { SchoolTables } from './tables.ts';

/* Dates that restrict, courses that are over, and sections that hide (contract §1.4, §5.2–§5.4). */

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  let now: number;
  beforeEach(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
    now = sample.clock.wallMs();
  });
  afterEach(async () => {
    await sample.close();
    expect(sample.unexpected).toEqual([]);
  });

  const db = () => sample.database.tables<SchoolTables>();

  async function status(login: string, method: 'GET' | 'POST', path: string): Promise<number> {
    const init =
      method === 'GET'
        ? {}
        : {
            method,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ assessments: [{ key: 'k', title: 't' }] }),
          };
    return (await sample.send(await sample.tokenFor(login), `/api/v1/courses/101/${path}`, init)).status;
  }

  /** Of the teacher: may read, may make assessments. Of the student: may read. */
  async function what() {
    return {
      teacher: [
        await status('teacher', 'GET', 'live_assessments'),
        await status('teacher', 'POST', 'live_assessments'),
      ],
      student: await status('student', 'GET', 'users'),
    };
  }

  const goingOn = { teacher: [200, 200], student: 200 };
  const over = { teacher: [200, 403], student: 200 };
  const coming = { teacher: [200, 200], student: 403 };

  describe('a course', () => {
    const restrict = (dates: object) =>
      db().updateTable('courses').set(dates).where('id', '=', '101').execute();

    test('whose own dates restrict is closed before them to learners, and after them to changes', async () => {
      await restrict({ restrictsToDates: 1, startAt: now - 1, endAt: now + 1 });
      expect(await what()).toEqual(goingOn);
      await restrict({ startAt: now + 1 });
      expect(await what()).toEqual(coming);
      await restrict({ startAt: null, endAt: now - 1 });
      expect(await what()).toEqual(over);
    });

    test('whose own dates do not restrict goes by its term', async () => {
      await restrict({ restrictsToDates: 0, endAt: now - 1 });
      expect(await what()).toEqual(goingOn);
      await db()
        .updateTable('terms')
        .set({ endAt: now - 1 })
        .where('id', '=', '1')
        .execute();
      expect(await what()).toEqual(over);
    });

    test('§5.2 that has yet to begin shows learners its id and nothing else', async () => {
      await restrict({ restrictsToDates: 1, startAt: now + 1 });
      const listed = async (login: string) => {
        const response = await sample.send(await sample.tokenFor(login), '/api/v1/courses?per_page=100');
        return ((await response.json()) as { id: number }[]).find(({ id }) => id === 101);
      };
      expect(await listed('student')).toEqual({ id: 101, access_restricted_by_date: true });
      expect(await listed('teacher')).toMatchObject({ name: 'Mathematics 7B' });
    });

    test('that is concluded may be looked at', async () => {
      await restrict({ workflowState: 'completed' });
      expect(await what()).toEqual(over);
    });
  });

  test('dates of a section go before those of its course, and of a person before both', async () => {
    await db()
      .updateTable('courses')
      .set({ endAt: now - 1 })
      .where('id', '=', '101')
      .execute();
    expect(await what()).toEqual(over);
    const dates = { restrictsToDates: 1, endAt: now + 1 } as const;
    await db().updateTable('sections').set(dates).where('courseId', '=', '101').execute();
    expect(await what()).toEqual(goingOn);
    await db()
      .updateTable('enrollments')
      .set({ endAt: now - 1 })
      .where('userId', '=', '11')
      .execute();
    expect((await what()).teacher).toEqual([200, 403]);
  });

  describe('a teacher limited to a section', () => {
    beforeEach(async () => {
      await db().updateTable('enrollments').set({ limitsToSection: 1 }).where('userId', '=', '11').execute();
    });

    const list = async (path: string) => {
      const response = await sample.send(await sample.tokenFor('teacher'), `/api/v1/courses/101/${path}`);
      return (await response.json()) as {
        name: string;
        id: number;
        enrollments?: { course_section_id: number }[];
      }[];
    };

    test('§5.3 sees the people of that section alone', async () => {
      const people = await list('users?per_page=100&include[]=enrollments');
      expect(people.length).toBeGreaterThan(10);
      const sections = people.flatMap(({ enrollments = [] }) =>
        enrollments.map((one) => one.course_section_id),
      );
      expect(new Set(sections)).toEqual(new Set([601]));
    });

    test('§5.4 sees that section alone', async () => {
      expect((await list('sections')).map(({ id }) => id)).toEqual([601]);
    });

    test('sees all again with a second place that is not limited', async () => {
      const place = {
        ...{
          id: '999999',
          userId: '11',
          courseId: '101',
          sectionId: '602',
          type: 'TeacherEnrollment' as const,
        },
        ...{ state: 'active' as const, startAt: null, endAt: null, associatedUserId: null },
        ...{ limitsToSection: 0 as const, createdAt: 0, updatedAt: 0 },
      };
      await db().insertInto('enrollments').values(place).execute();
      expect(await list('sections')).toHaveLength(2);
    });
  });
});
