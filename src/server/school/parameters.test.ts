import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onEachDatabase } from '#testing/each-database.ts';
import { readReply } from '#testing/canvas-contract/subject.ts';
import { openSampleSchool, type SampleSchool } from '#testing/sample-school.ts';
import { sampleCourses, sampleOutcomes, samplePeople } from './sample/ids.ts';
import type { SchoolTables } from './tables.ts';

/* The fields, parameters and includes of the neighbours that the app itself does not ask for (contract §3, §5). */

const { maths, choir, sport, lastYear, deleted } = sampleCourses;
const invited = '1009';
type Row = Readonly<Record<string, unknown>>;

onEachDatabase((newUrl) => {
  let sample: SampleSchool;
  beforeAll(async () => {
    sample = await openSampleSchool({ url: await newUrl() });
  });
  afterAll(async () => {
    await sample.close();
    expect(sample.unexpected).toEqual([]);
  });

  const db = () => sample.database.tables<SchoolTables>();

  async function read(path: string, login = 'teacher', headers: Record<string, string> = {}) {
    const accept = 'application/json+canvas-string-ids';
    const response = await sample.send(await sample.tokenFor(login), `/api/v1/${path}`, {
      headers: { accept, ...headers },
    });
    return readReply(response);
  }

  async function list(path: string, login?: string): Promise<Row[]> {
    const reply = await read(path, login);
    expect(reply.status).toBe(200);
    return reply.body as Row[];
  }

  const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);
  const users = (query: string, login?: string) =>
    list(`courses/${maths}/users?per_page=100&${query}`, login);

  describe('§3.3 and §3.5 headers', () => {
    test('a part of Accept is enough to ask for ids as strings', async () => {
      const accept = 'text/html, application/json+canvas-string-ids;q=0.5, */*';
      expect((await read('users/self', 'teacher', { accept })).body).toMatchObject({
        id: samplePeople.teacher,
      });
      expect((await read('users/self', 'teacher', { accept: 'application/json' })).body).toMatchObject({
        id: Number(samplePeople.teacher),
      });
    });

    test('a cookie is no login, whatever CSRF token comes with it, and nobody is sent to a page', async () => {
      const headers = {
        cookie: 'canvas_session=x; _csrf_token=abc',
        'x-csrf-token': 'abc',
        'content-type': 'application/json',
      };
      for (const init of [{ headers }, { method: 'POST', headers, body: '{"assessments":[]}' }]) {
        const reply = await sample.send(undefined, `/api/v1/courses/${maths}/live_assessments`, init);
        expect([reply.status, reply.headers.get('location')]).toEqual([401, null]);
        expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="canvas-lms"');
      }
    });

    test('JSON for a token begins with JSON, not with while(1)', async () => {
      expect((await read('users/self')).text).toMatch(/^\{/);
    });

    test('§3.7 every answer has a name of its own for the log', async () => {
      const names = [await read('users/self'), await read('users/self')].map(({ headers }) =>
        headers.get('x-request-context-id'),
      );
      expect(names[0]).toMatch(/^[\da-f-]{36}$/);
      expect(names[1]).not.toBe(names[0]);
    });
  });

  describe('§5.1 users/self', () => {
    test('has the listed fields', async () => {
      const { body } = await read('users/self');
      const fields = [
        'id',
        'name',
        'created_at',
        'sortable_name',
        'short_name',
        'locale',
        'effective_locale',
      ];
      expect(Object.keys(body as Row)).toEqual(
        expect.arrayContaining([
          ...fields,
          'email',
          'permissions',
          'login_id',
          'sis_user_id',
          'integration_id',
        ]),
      );
      expect((body as Row)['permissions']).toEqual({
        can_update_name: false,
        can_update_avatar: false,
        limit_parent_app_web_access: false,
      });
      for (const absent of ['pronouns', 'avatar_url', 'uuid', 'last_login']) {
        expect(body).not.toHaveProperty(absent);
      }
    });

    test('include[] adds uuid and last_login, and the uuid is the same everywhere', async () => {
      const { body } = await read('users/self?include[]=uuid&include[]=last_login');
      expect(body).toMatchObject({ last_login: null, uuid: expect.stringMatching(/^[\w-]{40}$/) as string });
      const [again] = await users(`include[]=uuid&user_ids[]=${samplePeople.teacher}`);
      expect(again?.['uuid']).toBe((body as Row)['uuid']);
      const [other] = await users(`include[]=uuid&user_ids[]=${samplePeople.ta}`);
      expect(other?.['uuid']).not.toBe((body as Row)['uuid']);
    });
  });

  describe('§5.2 courses', () => {
    test('have the listed fields', async () => {
      const course = (await list('courses?per_page=100')).find(({ id }) => id === maths);
      expect(Object.keys(course ?? {})).toEqual(
        expect.arrayContaining([
          ...['id', 'uuid', 'name', 'course_code', 'workflow_state', 'account_id', 'root_account_id'],
          ...['enrollment_term_id', 'grading_standard_id', 'created_at', 'start_at', 'end_at', 'enrollments'],
          ...['time_zone', 'calendar', 'default_view', 'apply_assignment_group_weights', 'blueprint'],
          'template',
        ]),
      );
      expect(course).toMatchObject({ workflow_state: 'available', time_zone: 'Europe/Amsterdam' });
      // Nobody has a nickname for it, and no language is set.
      expect(course).not.toHaveProperty('original_name');
      expect(course).not.toHaveProperty('locale');
      expect(course).not.toHaveProperty('term');
    });

    test.each([
      ['enrollment_role_id=4', 'teacher', [maths, choir, sport, lastYear]],
      ['enrollment_role_id=3', 'teacher', []],
      ['enrollment_role_id=x', 'teacher', []],
      ['enrollment_role_id=5', 'ta', [maths, choir]],
      ['state[]=completed', 'teacher', [lastYear]],
      ['state[]=completed&state[]=deleted', 'teacher', [lastYear, deleted]],
      ['state[]=unpublished', 'teacher', []],
      ['exclude_blueprint_courses=true', 'ta', [maths, choir]],
      ['enrollment_type=ta', 'ta', [maths, choir]],
      ['enrollment_type=designer', 'designer', [maths, sport]],
      ['enrollment_type=observer', 'observer', [maths]],
      ['enrollment_state=invited_or_pending', 'teacher', []],
    ])('%s as %s', async (query, login, expected) => {
      expect(ids(await list(`courses?per_page=100&${query}`, login)).sort()).toEqual([...expected].sort());
    });

    test('students and observers see what is published, and enrollment_state goes by dates', async () => {
      const before = await db().selectFrom('courses').selectAll().where('id', '=', maths).execute();
      const set = (values: object) =>
        db().updateTable('courses').set(values).where('id', '=', maths).execute();
      const stateOf = async (login: string) => {
        for (const state of ['active', 'invited_or_pending', 'completed']) {
          const found = ids(await list(`courses?per_page=100&enrollment_state=${state}`, login));
          if (found.includes(maths)) return state;
        }
        return undefined;
      };
      const now = sample.clock.wallMs();
      try {
        await set({ workflowState: 'unpublished' });
        expect(ids(await list('courses', 'student'))).not.toContain(maths);
        expect(ids(await list('courses', 'observer'))).not.toContain(maths);
        expect(ids(await list('courses', 'teacher'))).toContain(maths);
        await set({ workflowState: 'available', restrictsToDates: 1, startAt: now - 1, endAt: now + 1 });
        expect([await stateOf('teacher'), await stateOf('student')]).toEqual(['active', 'active']);
        await set({ endAt: now - 1 });
        expect([await stateOf('teacher'), await stateOf('student')]).toEqual(['completed', 'completed']);
        await set({ startAt: now + 1, endAt: null });
        expect([await stateOf('teacher'), await stateOf('student')]).toEqual([
          'active',
          'invited_or_pending',
        ]);
        // Dates that do not restrict leave it to the term, which is going on.
        await set({ restrictsToDates: 0, startAt: null, endAt: now - 1 });
        expect(await stateOf('teacher')).toBe('active');
      } finally {
        for (const { id, ...rest } of before) {
          await db().updateTable('courses').set(rest).where('id', '=', id).execute();
        }
      }
    });
  });

  describe('§5.3 people of a course', () => {
    test('and their enrollments have the listed fields', async () => {
      const [student] = await users(`user_ids[]=${samplePeople.student}&include[]=enrollments`);
      expect(Object.keys(student ?? {})).toEqual(
        expect.arrayContaining([
          ...['id', 'name', 'sortable_name', 'short_name', 'created_at', 'email', 'login_id', 'sis_user_id'],
          'enrollments',
        ]),
      );
      const [enrollment] = student?.['enrollments'] as Row[];
      expect(Object.keys(enrollment ?? {})).toEqual(
        expect.arrayContaining([
          ...[
            'id',
            'user_id',
            'course_id',
            'course_section_id',
            'type',
            'role',
            'role_id',
            'enrollment_state',
          ],
          ...['limit_privileges_to_course_section', 'associated_user_id', 'created_at', 'updated_at'],
          ...['start_at', 'end_at', 'root_account_id', 'html_url', 'last_activity_at', 'last_attended_at'],
          ...['total_activity_time', 'grades'],
        ]),
      );
      const [teacher] = await users(`user_ids[]=${samplePeople.teacher}&include[]=enrollments`);
      expect((teacher?.['enrollments'] as Row[])[0]).not.toHaveProperty('grades');
    });

    test('are sorted by sortable name, as people sort', async () => {
      const names = (await users('enrollment_type[]=student')).map((one) => String(one['sortable_name']));
      expect(names).toEqual([...names].sort(new Intl.Collator('en', { numeric: true }).compare));
      for (const same of ['sort=username', 'sort=last_login', 'sort=nonsense']) {
        expect((await users(`enrollment_type[]=student&${same}`)).map((one) => one['sortable_name'])).toEqual(
          names,
        );
      }
    });

    test.each([
      ['sis_id', 'sis_user_id'],
      ['email', 'email'],
    ])('sort=%s puts who has none last', async (sort, field) => {
      // What is withheld of somebody cannot be seen to be in order.
      const people = (await users(`sort=${sort}`)).filter(({ id }) => id !== invited);
      const values = people.map((one) => one[field] ?? null);
      const present = values.filter((value) => value !== null);
      expect(present.length).toBeGreaterThan(2);
      expect(values.slice(0, present.length)).toEqual([...present].sort());
      expect(new Set(values.slice(present.length))).toEqual(new Set([null]));
    });

    test('search_term finds without case and accents, and needs two characters', async () => {
      expect(ids(await users('search_term=LEA'))).toContain(samplePeople.ta);
      expect(ids(await users(`search_term=${encodeURIComponent('fontaÏne')}`))).toEqual([samplePeople.ta]);
      expect(await users('search_term=nobody+has+this+name')).toEqual([]);
      expect((await read(`courses/${maths}/users?search_term=x`)).status).toBe(400);
    });

    test.each(['%25%25', '__', 'h_ghes', '!%25', '%00%00', '%27%27', '007'])(
      'search_term=%s is a text like any other, and in nobody',
      async (term) => {
        expect(await users(`search_term=${term}`)).toEqual([]);
      },
    );

    test('search_term may be the number of somebody', async () => {
      expect(ids(await users(`search_term=${samplePeople.bigId}`))).toEqual([samplePeople.bigId]);
    });

    test('include[] of what nobody has here says that they have none', async () => {
      const asked = 'include[]=locked&include[]=bio&include[]=custom_links';
      const [student] = await users(`user_ids[]=${samplePeople.student}&${asked}`);
      expect(student).toMatchObject({ locked: false, bio: null, custom_links: [] });
      const [plain] = await users(`user_ids[]=${samplePeople.student}`);
      for (const field of ['locked', 'bio', 'custom_links']) expect(plain).not.toHaveProperty(field);
    });

    test('pages of them are the whole list in its order, cut', async () => {
      const whole = ids(await users('sort=email'));
      const pages: unknown[] = [];
      for (let page = 1; (page - 1) * 7 < whole.length; page += 1) {
        pages.push(...ids(await list(`courses/${maths}/users?sort=email&per_page=7&page=${String(page)}`)));
      }
      expect(pages).toEqual(whole);
    });

    test.each(['enrollment_type[]=nobody', 'user_ids[]=x', 'section_ids[]=x', 'section_ids[]=602424242'])(
      '%s names nobody',
      async (query) => {
        expect(await users(query)).toEqual([]);
      },
    );

    test('enrollment_state[] names one or several states, active and invited by default', async () => {
      const by = async (state: string) =>
        ids(await users(`enrollment_type[]=student&enrollment_state[]=${state}`));
      expect(await by('invited')).toEqual([invited]);
      expect(await by('completed')).toEqual([samplePeople.hasLeft]);
      expect(await by('inactive')).toEqual([samplePeople.isInactive]);
      expect(await by('rejected')).toEqual([]);
      expect(await by('active')).toHaveLength(27);
      expect(await by('active&enrollment_state[]=inactive')).toHaveLength(28);
      expect(ids(await users('enrollment_type[]=student'))).toContain(invited);
    });

    test('of somebody who is only invited, login and personal fields are withheld', async () => {
      const [one] = await users(`user_ids[]=${invited}`);
      expect(one).toMatchObject({ id: invited, name: expect.any(String) as string });
      for (const field of ['login_id', 'sis_user_id', 'email']) expect(one).not.toHaveProperty(field);
    });

    test('avatar_url comes with include[], and only where there is one', async () => {
      const url = 'https://pictures.example/15.png';
      await db()
        .updateTable('users')
        .set({ avatarUrl: url })
        .where('id', '=', samplePeople.student)
        .execute();
      const [plain] = await users(`user_ids[]=${samplePeople.student}`);
      expect(plain).not.toHaveProperty('avatar_url');
      const shown = await users(
        `user_ids[]=${samplePeople.student}&user_ids[]=${invited}&include[]=avatar_url&sort=email`,
      );
      expect(shown.map((one) => one['avatar_url'])).toEqual([url, undefined]);
    });

    test('course_section_id is withheld from students where the course hides its sections', async () => {
      const sectionsSeen = async (login: string) => {
        const [one] = await users(`user_ids[]=${samplePeople.student}&include[]=enrollments`, login);
        return (one?.['enrollments'] as Row[]).map((enrollment) => enrollment['course_section_id']);
      };
      expect(await sectionsSeen('student')).toEqual(['601']);
      await db().updateTable('courses').set({ hidesSections: 1 }).where('id', '=', maths).execute();
      expect(await sectionsSeen('student')).toEqual([undefined]);
      for (const login of ['teacher', 'ta', 'admin']) expect(await sectionsSeen(login)).toEqual(['601']);
      await db().updateTable('courses').set({ hidesSections: 0 }).where('id', '=', maths).execute();
    });

    test('somebody in two sections has an enrollment in each, by name of section', async () => {
      const place = await db()
        .selectFrom('enrollments')
        .selectAll()
        .where('userId', '=', samplePeople.student)
        .where('courseId', '=', maths)
        .executeTakeFirstOrThrow();
      const second = { ...place, id: '999998', sectionId: '602' };
      await db().insertInto('enrollments').values(second).execute();
      const [one] = await users(`user_ids[]=${samplePeople.student}&include[]=enrollments`);
      expect((one?.['enrollments'] as Row[]).map((enrollment) => enrollment['course_section_id'])).toEqual([
        '601',
        '602',
      ]);
      await db().deleteFrom('enrollments').where('id', '=', second.id).execute();
    });
  });

  describe('§5.4 sections', () => {
    const sections = (query = '') => list(`courses/${maths}/sections?per_page=100${query}`);

    test('have the listed fields', async () => {
      const [section] = await sections();
      expect(Object.keys(section ?? {})).toEqual(
        expect.arrayContaining([
          ...['id', 'name', 'course_id', 'nonxlist_course_id', 'start_at', 'end_at'],
          ...['restrict_enrollments_to_section_dates', 'sis_section_id', 'integration_id'],
        ]),
      );
      expect(section).not.toHaveProperty('students');
      expect(section).not.toHaveProperty('total_students');
    });

    test('include[]=students names them by sortable name, with enrollments where they are asked for', async () => {
      const all = await sections('&include[]=students&include[]=total_students');
      for (const { students, total_students: total } of all) {
        const names = (students as Row[]).map((one) => String(one['sortable_name']));
        expect(names).toHaveLength(14);
        expect(total).toBe(14);
        expect(names).toEqual([...names].sort(new Intl.Collator('en', { numeric: true }).compare));
        expect((students as Row[])[0]).not.toHaveProperty('enrollments');
      }
      const [first] = await sections('&include[]=students&include[]=enrollments');
      const [student] = first?.['students'] as Row[];
      expect(student?.['enrollments']).toMatchObject([
        { course_section_id: '601', type: 'StudentEnrollment' },
      ]);
      // Who has left, who is switched off and the Test Student are no students of it.
      const named = all.flatMap(({ students }) => ids(students as Row[]));
      for (const absent of [samplePeople.hasLeft, samplePeople.isInactive, samplePeople.testStudent]) {
        expect(named).not.toContain(absent);
      }
      expect(named).toContain(invited);
    });

    test('search_term finds by a part of the name, and needs two characters', async () => {
      expect(ids(await sections('&search_term=GROUP%202'))).toEqual(['602']);
      expect((await read(`courses/${maths}/sections?search_term=x`)).status).toBe(400);
    });
  });

  describe('§5.5 groups', () => {
    const groups = (query = '', login?: string) =>
      list(`courses/${maths}/groups?per_page=100${query}`, login);

    test('have the listed fields', async () => {
      const [group] = await groups();
      expect(Object.keys(group ?? {})).toEqual(
        expect.arrayContaining([
          ...['id', 'name', 'description', 'is_public', 'join_level', 'group_category_id', 'max_membership'],
          ...['members_count', 'storage_quota_mb', 'created_at', 'context_type', 'course_id', 'context_name'],
          ...['avatar_url', 'role', 'leader', 'is_full', 'has_submission', 'concluded', 'non_collaborative'],
        ]),
      );
      expect(group).toMatchObject({ members_count: 4, non_collaborative: false });
      expect(group).not.toHaveProperty('users');
    });

    test('include[]=users names the members', async () => {
      const [group] = await groups('&include[]=users');
      const members = await list(`groups/${String(group?.['id'])}/users`);
      expect(ids(group?.['users'] as Row[])).toEqual(ids(members));
    });

    test('collaboration_state leaves differentiation tags out unless they are asked for', async () => {
      expect(await groups('&collaboration_state=collaborative')).toHaveLength(7);
      expect(await groups('&collaboration_state=all')).toHaveLength(7);
      expect(await groups('&collaboration_state=non_collaborative')).toEqual([]);
    });

    test('only_own_groups gives the caller’s own', async () => {
      expect(await groups('&only_own_groups=true')).toEqual([]);
      const own = await groups('&only_own_groups=true', 'student');
      expect(own).toHaveLength(1);
      const members = await list(`groups/${String(own[0]?.['id'])}/users`);
      expect(ids(members)).toContain(samplePeople.student);
    });

    test('members are found by name, and without who takes no part where that is asked for', async () => {
      const [own] = await groups('&only_own_groups=true', 'student');
      const path = `groups/${String(own?.['id'])}/users`;
      const everybody = ids(await list(path));
      expect(ids(await list(`${path}?search_term=hughes`))).toEqual([samplePeople.student]);
      expect((await read(`${path}?search_term=h`)).status).toBe(400);
      const place = db()
        .updateTable('enrollments')
        .where('userId', '=', samplePeople.student)
        .where('courseId', '=', maths);
      await place.set({ state: 'inactive' }).execute();
      expect(ids(await list(path))).toEqual(everybody);
      expect(ids(await list(`${path}?exclude_inactive=true`))).toEqual(
        everybody.filter((id) => id !== samplePeople.student),
      );
      await place.set({ state: 'active' }).execute();
    });
  });

  describe('§5.6 outcomes', () => {
    const links = (query: string) =>
      list(`courses/${maths}/outcome_group_links?per_page=100&outcome_style=full${query}`);

    test('groups and links have the listed fields', async () => {
      const [, group] = await list(`courses/${maths}/outcome_groups`);
      expect(Object.keys(group ?? {})).toEqual(
        expect.arrayContaining([
          ...['id', 'title', 'vendor_guid', 'url', 'subgroups_url', 'outcomes_url', 'can_edit', 'import_url'],
          ...['parent_outcome_group', 'context_id', 'context_type', 'description'],
        ]),
      );
      const [link] = await links('');
      expect(Object.keys(link ?? {})).toEqual(
        expect.arrayContaining([
          ...['url', 'context_id', 'context_type', 'outcome_group', 'outcome', 'can_unlink', 'assessed'],
        ]),
      );
      expect(Object.keys(link?.['outcome'] as Row)).toEqual(
        expect.arrayContaining([
          ...['id', 'url', 'title', 'display_name', 'vendor_guid', 'context_id', 'context_type', 'can_edit'],
          ...['has_updateable_rubrics', 'description', 'friendly_description', 'points_possible'],
          ...['mastery_points', 'ratings', 'calculation_method', 'assessed'],
        ]),
      );
    });

    test('links are paged by id, with a count', async () => {
      const reply = await read(`courses/${maths}/outcome_group_links?per_page=2&page=2`);
      expect(reply.body).toMatchObject([{ outcome: { id: sampleOutcomes.equations } }, {}]);
      expect(reply.headers.get('link')).toMatch(/page=3&per_page=2>; rel="last"/);
    });

    test('calculation_int belongs to the methods that use it', async () => {
      const all = (await links('')).map(({ outcome }) => outcome as Row);
      const withNumber = all.filter((one) => one['calculation_int'] !== undefined);
      expect(withNumber.map((one) => one['calculation_method']).sort()).toEqual([
        'decaying_average',
        'n_mastery',
      ]);
      // Unset counts as highest.
      expect(all.find(({ id }) => id === sampleOutcomes.equations)).toMatchObject({
        calculation_method: 'highest',
      });
    });

    test('add_defaults=true says which rating is mastery, and gives colours', async () => {
      for (const { outcome } of await links('&add_defaults=true')) {
        const { ratings, mastery_points: mastery } = outcome as { ratings: Row[]; mastery_points: number };
        for (const rating of ratings) expect(rating['color']).toMatch(/^[\dA-F]{6}$/);
        expect(ratings.filter((rating) => rating['mastery'] === true)).toHaveLength(1);
        expect(Number(ratings.find((rating) => rating['mastery'])?.['points'])).toBeGreaterThanOrEqual(
          mastery,
        );
      }
      const [plain] = await links('');
      expect(Object.keys((plain?.['outcome'] as { ratings: Row[] }).ratings[0] ?? {})).toEqual([
        'description',
        'points',
      ]);
    });

    test('one outcome is shown to whoever may read a course it is linked into', async () => {
      const path = `outcomes/${sampleOutcomes.fractions}`;
      for (const login of ['teacher', 'student', 'observer']) {
        expect((await read(path, login)).body).toMatchObject({
          id: sampleOutcomes.fractions,
          mastery_points: 3,
        });
      }
      expect((await read(`outcomes/${sampleOutcomes.chess}`)).status).toBe(403);
      expect((await read('outcomes/424242')).status).toBe(404);
    });

    test('assessed turns true with the first result', async () => {
      const assessed = async () =>
        (await links('')).find(({ outcome }) => (outcome as Row)['id'] === sampleOutcomes.geometry)?.[
          'assessed'
        ];
      expect(await assessed()).toBe(false);
      await markOnce(sampleOutcomes.geometry, [samplePeople.student]);
      expect(await assessed()).toBe(true);
    });
  });

  describe('§5.7 what became of the marks', () => {
    test('outcome_results are paged by id, for the users and outcomes asked for', async () => {
      await markOnce(sampleOutcomes.fractions, ['1002', '1003', '1004', '1005', '1006']);
      await markOnce(sampleOutcomes.reasoning, ['1002', '1003']);
      await expect
        .poll(async () => (await results('')).length, { timeout: 5000, interval: 20 })
        .toBeGreaterThanOrEqual(7);
      const reply = await read(
        `courses/${maths}/outcome_results?per_page=2&page=2&outcome_ids[]=${sampleOutcomes.fractions}`,
      );
      expect(reply.body).toMatchObject({
        outcome_results: [{ links: { user: '1004' } }, { links: { user: '1005' } }],
        meta: { pagination: { count: 5, page: 2, page_count: 3 } },
      });
      expect(await results('&user_ids[]=1002&user_ids[]=1003')).toHaveLength(4);
      expect(await results('&user_ids=1002,1003')).toHaveLength(4);
      expect(await results('&user_ids[]=1016')).toEqual([]);
      expect((await read(`courses/${maths}/outcome_results`)).body).not.toHaveProperty('linked');
    });

    test('aggregate_stat says whether the course’s number is mean or median', async () => {
      const assessment = await makeAssessment(sampleOutcomes.equations);
      // 5 points possible: 0, 0, 5.
      const sent = ['1012', '1013', '1015'].map((user, n) => resultOf(user, n === 2));
      await post(`courses/${maths}/live_assessments/${assessment}/results`, { results: sent });
      const path = `courses/${maths}/outcome_rollups?aggregate=course&outcome_ids[]=${sampleOutcomes.equations}`;
      const score = async (stat: string) => {
        const { body } = await read(`${path}&aggregate_stat=${stat}`);
        return (body as { rollups: { scores: Row[] }[] }).rollups[0]?.scores[0]?.['score'];
      };
      await expect.poll(() => score('mean'), { timeout: 5000, interval: 20 }).toBe(1.67);
      expect(await score('median')).toBe(0);
    });

    test('rollups are sorted by name or by the score of an outcome, who has none last', async () => {
      const outcome = sampleOutcomes.bigId;
      const assessment = await makeAssessment(outcome);
      const passes = { '1012': [false, true], '1013': [true], '1015': [false] };
      const sent = Object.entries(passes).flatMap(([user, marks]) =>
        marks.map((passed) => resultOf(user, passed)),
      );
      await post(`courses/${maths}/live_assessments/${assessment}/results`, { results: sent });
      const sorted = async (query: string) => {
        const { body } = await read(`courses/${maths}/outcome_rollups?per_page=100&${query}`);
        return (body as { rollups: { links: { user: string } }[] }).rollups.map(({ links }) => links.user);
      };
      const byName = await sorted('sort_by=student');
      expect(await sorted('')).toEqual(byName);
      expect(await sorted('sort_order=desc')).toEqual(byName);
      expect(await sorted('sort_by=student&sort_order=desc')).toEqual([...byName].reverse());
      const byScore = `sort_by=outcome&sort_outcome_id=${outcome}`;
      const without = byName.filter((user) => !(user in passes));
      const options = { timeout: 5000, interval: 20 };
      await expect.poll(() => sorted(byScore), options).toEqual(['1015', '1012', '1013', ...without]);
      expect(await sorted(`${byScore}&sort_order=desc`)).toEqual([
        ...['1013', '1012', '1015'],
        ...[...without].reverse(),
      ]);
      expect(await sorted(`${byScore}&per_page=2&page=2`)).toEqual(['1013', without[0]]);
      expect(await sorted(`sort_by=outcome&sort_outcome_id=424242`)).toEqual(byName);
    });

    test.each([
      ['sort_by=name', 'invalid sort_by parameter value'],
      ['sort_by=outcome', 'missing required sort_outcome_id parameter value'],
      ['sort_by=outcome&sort_outcome_id=x', 'invalid sort_outcome_id parameter value'],
      ['sort_by=student&sort_order=up', 'invalid sort_order parameter value'],
      ['aggregate=school', 'invalid aggregate parameter value'],
      ['aggregate=course&aggregate_stat=mode', 'invalid aggregate_stat parameter value'],
    ])('outcome_rollups?%s is refused', async (query, message) => {
      const reply = await read(`courses/${maths}/outcome_rollups?${query}`);
      expect([reply.status, reply.body]).toEqual([400, { status: 'bad_request', message }]);
    });

    const results = async (query: string) => {
      const { body } = await read(`courses/${maths}/outcome_results?per_page=100${query}`);
      return (body as { outcome_results: Row[] }).outcome_results;
    };
  });

  async function post(path: string, body: unknown) {
    const response = await sample.send(await sample.tokenFor('teacher'), `/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json() as Promise<{ assessments: { id: string }[] }>;
  }

  let keys = 0;
  async function makeAssessment(outcome: string): Promise<string> {
    keys += 1;
    const assessment = { key: `key ${String(keys)}`, title: 't', links: { outcome } };
    const { assessments } = await post(`courses/${maths}/live_assessments`, { assessments: [assessment] });
    return assessments[0]?.id ?? '';
  }

  function resultOf(user: string, passed = true) {
    return { passed, assessed_at: '2026-09-01T08:00:00Z', links: { user } };
  }

  async function markOnce(outcome: string, people: readonly string[]): Promise<void> {
    const assessment = await makeAssessment(outcome);
    const path = `courses/${maths}/live_assessments/${assessment}/results`;
    await post(path, { results: people.map((user) => resultOf(user)) });
  }
});
