import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  courseSchema,
  groupSchema,
  outcomeLinkSchema,
  rosterSchema,
  sectionSchema,
  userSchema,
} from '#canvas/schemas.ts';
import { sampleCourses, sampleOutcomes, samplePeople } from '#server/school/sample/ids.ts';
import { missing, noRight, type OpenedSubject } from './subject.ts';

const { maths, choir, sport, lastYear, chess, deleted } = sampleCourses;

/** The other lists a marking client reads (contract §5). */
export function describeNeighbours({ as }: OpenedSubject): void {
  const teacher = as('teacher');

  /** Every page of a list, following `next`. */
  async function readAll<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>[]> {
    const list: v.InferOutput<S>[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const reply = await teacher.get(next);
      expect(reply.status).toBe(200);
      list.push(...v.parse(v.array(schema), reply.body));
      const url = /<([^>]*)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
      next = url === undefined ? undefined : url.replace(/^https?:\/\/[^/]+/, '');
    }
    return list;
  }

  const studentsPath = (course: string, more = '') =>
    `/api/v1/courses/${course}/users?enrollment_type[]=student&per_page=100${more}`;

  test('§5.1 users/self says who calls', async () => {
    const { body } = await teacher.get('/api/v1/users/self');
    expect(body).toMatchObject({
      id: samplePeople.teacher,
      name: 'Miriam Aalto',
      sortable_name: 'Aalto, Miriam',
      locale: null,
      effective_locale: 'en',
      permissions: { can_update_name: false },
    });
  });

  test('§5.2 lists the caller’s own courses, the one that is over too', async () => {
    const courses = await readAll('/api/v1/courses?per_page=2', courseSchema);
    expect(courses.map(({ id }) => id).sort()).toEqual([maths, choir, sport, lastYear]);
  });

  test('§5.2 restricts courses to what is taught now', async () => {
    const courses = await readAll(
      '/api/v1/courses?enrollment_state=active&enrollment_type=teacher',
      courseSchema,
    );
    expect(courses.map(({ id, time_zone }) => [id, time_zone]).sort()).toEqual([
      [maths, 'Europe/Amsterdam'],
      [choir, 'UTC'],
      [sport, 'America/Denver'],
    ]);
    const completed = await readAll('/api/v1/courses?enrollment_state=completed', courseSchema);
    expect(completed.map(({ id }) => id)).toEqual([lastYear]);
    expect(await readAll('/api/v1/courses?enrollment_type=student', courseSchema)).toEqual([]);
  });

  test('§5.2 adds what include[] asks for', async () => {
    const query =
      'include[]=term&include[]=sections&include[]=total_students&include[]=teachers&per_page=100';
    const { body } = await teacher.get(`/api/v1/courses?${query}`);
    const list = v.parse(v.array(v.looseObject({ id: v.string() })), body);
    expect(list.find(({ id }) => id === sport)).toMatchObject({
      total_students: 220,
      term: { id: '1', name: '2026/27' },
      sections: [{ name: '7A', enrollment_role: 'TeacherEnrollment' }],
      teachers: [{ id: samplePeople.teacher, display_name: 'Miriam Aalto' }],
      enrollments: [{ type: 'teacher', role: 'TeacherEnrollment', enrollment_state: 'active' }],
    });
  });

  test.each([
    [maths, 28],
    [choir, 63],
    [sport, 220],
  ])('§5.3 course %s lists its students, each once, over all pages', async (course, size) => {
    const students = (await readAll(studentsPath(course, '&per_page=50'), rosterSchema.item)).map(
      ({ id }) => id,
    );
    expect(students).toHaveLength(size);
    expect(new Set(students).size).toBe(size);
  });

  test('§5.3 leaves out who has left, who is inactive and the Test Student', async () => {
    const ids = (await readAll(studentsPath(maths), userSchema)).map(({ id }) => String(id));
    for (const absent of [samplePeople.hasLeft, samplePeople.isInactive, samplePeople.testStudent]) {
      expect(ids).not.toContain(absent);
    }
    expect(ids).toContain(samplePeople.bigId);
    const left = await readAll(studentsPath(maths, '&enrollment_state[]=completed'), userSchema);
    expect(left.map(({ id }) => id)).toEqual([samplePeople.hasLeft]);
  });

  test('§5.3 never names a last page, and cuts the page before the Test Student goes', async () => {
    const path = `/api/v1/courses/${maths}/users?enrollment_type[]=student_view&per_page=1`;
    const reply = await teacher.get(path);
    expect(reply.body).toEqual([]);
    expect(reply.headers.get('link')).not.toContain('rel="last"');
    const shown = await teacher.get(`${path}&include[]=test_student`);
    expect(shown.body).toMatchObject([{ id: samplePeople.testStudent }]);
  });

  test('§5.3 shows enrollments, one a section', async () => {
    const [student] = await readAll(
      `${studentsPath(maths, '&include[]=enrollments')}&user_ids[]=${samplePeople.student}`,
      v.looseObject({ enrollments: v.array(v.unknown()) }),
    );
    expect(student?.enrollments).toMatchObject([
      {
        user_id: samplePeople.student,
        course_id: maths,
        course_section_id: '601',
        type: 'StudentEnrollment',
        role: 'StudentEnrollment',
        enrollment_state: 'active',
        limit_privileges_to_course_section: false,
      },
    ]);
  });

  test('§5.3 finds people by section, by role and by id', async () => {
    const inSection = await readAll(
      `/api/v1/courses/${maths}/users?section_ids[]=602&per_page=100`,
      userSchema,
    );
    expect(inSection).toHaveLength(14);
    const staff = await readAll(
      `/api/v1/courses/${maths}/users?enrollment_type[]=teacher&enrollment_type[]=ta`,
      userSchema,
    );
    expect(staff.map(({ id }) => id)).toEqual([
      samplePeople.teacher,
      samplePeople.coteacher,
      samplePeople.ta,
    ]);
    expect(await readAll(studentsPath(maths, '&user_ids[]=424242'), userSchema)).toEqual([]);
  });

  test('§5.3 names come in every script, with doubles and with two-word family names', async () => {
    const students = await readAll(studentsPath(maths), userSchema);
    const names = students.map(({ name }) => name ?? '').join('\n');
    for (const script of ['Arab', 'Hebr', 'Cyrl', 'Grek', 'Hang', 'Thai', 'Deva', 'Han']) {
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    }
    expect(students.filter(({ name }) => name?.startsWith('Sofia '))).toHaveLength(2);
    expect(students.some(({ sortable_name: name }) => /^\p{L}+ \p{L}+.*,/u.test(name ?? ''))).toBe(true);
  });

  test('§5.4 lists sections by name', async () => {
    const sections = await readAll(`/api/v1/courses/${sport}/sections?per_page=3`, sectionSchema);
    expect(sections.map(({ name }) => name)).toEqual(['7A', '7B', '7C', '7D', '7E', '7F', '7G', '7H']);
  });

  test('§5.5 lists groups by name, and who is in one', async () => {
    const groups = await readAll(`/api/v1/courses/${maths}/groups`, groupSchema);
    expect(groups.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `Table ${String(n)}`));
    const members = await readAll(`/api/v1/groups/${groups[0]?.id ?? ''}/users`, userSchema);
    expect(members).toHaveLength(4);
  });

  test('§5.6 links name the outcomes that may be aligned, with their scales', async () => {
    const links = await readAll(
      `/api/v1/courses/${maths}/outcome_group_links?outcome_style=full`,
      outcomeLinkSchema,
    );
    expect(links.map(({ outcome }) => outcome.id)).toEqual([
      sampleOutcomes.fractions,
      sampleOutcomes.reasoning,
      sampleOutcomes.equations,
      sampleOutcomes.geometry,
      sampleOutcomes.bigId,
    ]);
    expect(links[0]).toMatchObject({
      outcome: {
        title: 'Adds and subtracts fractions',
        display_name: 'Fractions',
        points_possible: 5,
        mastery_points: 3,
        calculation_method: 'decaying_average',
        calculation_int: 65,
      },
      outcome_group: { title: 'Course outcomes' },
    });
    expect(links[2]?.outcome).toMatchObject({
      points_possible: 5,
      mastery_points: 3,
      calculation_method: 'highest',
    });
  });

  test('§5.6 abbreviated links leave the scale out', async () => {
    const { body } = await teacher.get(`/api/v1/courses/${maths}/outcome_group_links`);
    expect(body).toMatchObject([{ outcome: { title: 'Adds and subtracts fractions' } }, {}, {}, {}, {}]);
    expect(JSON.stringify(body)).not.toContain('mastery_points');
  });

  test('§5.6 lists outcome groups, the parent only where there is one', async () => {
    const { body } = await teacher.get(`/api/v1/courses/${maths}/outcome_groups`);
    expect(body).toMatchObject([
      { title: 'Course outcomes', context_type: 'Course' },
      { title: 'Ways of working', parent_outcome_group: { title: 'Course outcomes' } },
    ]);
  });

  test('§5.3 a classmate sees names, and neither logins nor addresses', async () => {
    const reply = await as('student').get(studentsPath(maths));
    expect(reply.status).toBe(200);
    expect(reply.text).not.toMatch(/login_id|email|sis_user_id/);
    expect((await teacher.get(studentsPath(maths))).text).toMatch(/"login_id":"student"/);
  });

  describe('who is not in a course sees nothing of it', () => {
    const lists = ['users', 'sections', 'groups', 'outcome_groups', 'outcome_group_links'];
    test.each(lists)('%s', async (list) => {
      const foreign = await teacher.get(`/api/v1/courses/${chess}/${list}`);
      expect([foreign.status, foreign.body]).toEqual([403, noRight]);
      for (const course of [deleted, '424242']) {
        const gone = await teacher.get(`/api/v1/courses/${course}/${list}`);
        expect([gone.status, gone.body]).toEqual([404, missing]);
      }
    });
  });
}
