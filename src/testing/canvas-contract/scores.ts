import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { sampleCourses, sampleOutcomes, samplePeople } from '#server/school/sample/ids.ts';
import { assessmentsPath, freshKey, makeAssessment, result, resultsPath } from './steps.ts';
import { type OpenedSubject, rejection } from './subject.ts';

const { maths } = sampleCourses;
/** Students nobody else's tests give results with these outcomes to. */
const [ann, bob, cem, dana, emil] = ['1012', '1013', '1015', '1016', '1017'];

const scoreSchema = v.object({
  outcome_results: v.array(
    v.looseObject({
      id: v.string(),
      score: v.number(),
      possible: v.number(),
      percent: v.number(),
      mastery: v.nullable(v.boolean()),
      submitted_or_assessed_at: v.string(),
      links: v.object({
        user: v.string(),
        learning_outcome: v.string(),
        alignment: v.string(),
        assignment: v.null(),
      }),
    }),
  ),
});

const rollupSchema = v.object({
  rollups: v.array(
    v.looseObject({
      scores: v.array(
        v.looseObject({ score: v.nullable(v.number()), links: v.object({ outcome: v.string() }) }),
      ),
      links: v.looseObject({ user: v.optional(v.string()), section: v.optional(v.string()) }),
    }),
  ),
});

/** What the gradebook makes of results (contract §5.7, §6). Scores come after the answer, so tests wait for them. */
export function describeScores({ as }: OpenedSubject): void {
  const teacher = as('teacher');

  const tries = (user: string, passes: number, fails: number) =>
    Array.from({ length: passes + fails }, (_, n) =>
      result(user, { passed: n < passes, assessed_at: `2026-09-01T08:00:${String(n).padStart(2, '0')}Z` }),
    );

  async function mark(assessment: string, results: readonly unknown[]): Promise<void> {
    expect((await teacher.post(resultsPath(maths, assessment), { results })).status).toBe(200);
  }

  async function scoresOf(user: string, assessment: string) {
    const path = `/api/v1/courses/${maths}/outcome_results?user_ids[]=${user}&per_page=100`;
    const { outcome_results: all } = v.parse(scoreSchema, (await teacher.get(path)).body);
    return all.filter(({ links }) => links.alignment === `live_assessments/assessment_${assessment}`);
  }

  const polledScores = (user: string, assessment: string) =>
    expect.poll(() => scoresOf(user, assessment), { timeout: 5000, interval: 10 });

  async function rollupOf(user: string, outcome: string) {
    const path = `/api/v1/courses/${maths}/outcome_rollups?user_ids[]=${user}&outcome_ids[]=${outcome}`;
    return v.parse(rollupSchema, (await teacher.get(path)).body).rollups[0]?.scores[0];
  }

  test('§6.1 five of ten on a scale of 5 with mastery 3 is 2.5 points, not mastered', async () => {
    const assessment = await makeAssessment(teacher, maths, { outcome: sampleOutcomes.fractions });
    await mark(assessment, tries(ann, 5, 5));
    await polledScores(ann, assessment).toMatchObject([
      {
        percent: 0.5,
        score: 2.5,
        possible: 5,
        mastery: false,
        hide_points: false,
        hidden: false,
        submitted_or_assessed_at: '2026-09-01T08:00:09Z',
        links: { user: ann, learning_outcome: sampleOutcomes.fractions, assignment: null },
      },
    ]);
  });

  test('§6.1 counts all results ever stored, in one row that is updated in place', async () => {
    const assessment = await makeAssessment(teacher, maths, { outcome: sampleOutcomes.fractions });
    await mark(assessment, tries(ann, 4, 1));
    await polledScores(ann, assessment).toMatchObject([{ score: 4, percent: 0.8 }]);
    const before = await scoresOf(ann, assessment);
    await mark(assessment, [result(ann, { passed: false, assessed_at: '2026-09-01T07:00:00Z' })]);
    await polledScores(ann, assessment).toMatchObject([{ percent: 0.6667, mastery: true }]);
    const after = await scoresOf(ann, assessment);
    expect(after[0]?.id).toBe(before[0]?.id);
    expect(after[0]?.score).toBeCloseTo(3.33, 2);
    // The latest time stays, whatever order results come in.
    expect(after[0]?.submitted_or_assessed_at).toBe('2026-09-01T08:00:04Z');
  });

  test('§6.1 an assessment without an outcome has no scores', async () => {
    const [without, aligned] = [
      await makeAssessment(teacher, maths),
      await makeAssessment(teacher, maths, { outcome: sampleOutcomes.fractions }),
    ];
    await mark(without, tries(bob, 1, 0));
    await mark(aligned, tries(bob, 1, 0));
    await polledScores(bob, aligned).toHaveLength(1);
    expect(await scoresOf(bob, without)).toEqual([]);
  });

  test('§6.1 scores only the students of the batch; an outcome aligned later is not filled in', async () => {
    const key = freshKey();
    const assessment = await makeAssessment(teacher, maths, { key });
    await mark(assessment, [...tries(ann, 1, 0), ...tries(bob, 1, 0)]);
    // Batches are scored in order: when a later one is done, so is this.
    const later = await makeAssessment(teacher, maths, { outcome: sampleOutcomes.fractions });
    await mark(later, tries(bob, 1, 0));
    await polledScores(bob, later).toHaveLength(1);
    await makeAssessment(teacher, maths, { key, outcome: sampleOutcomes.fractions });
    await mark(assessment, tries(ann, 0, 1));
    await polledScores(ann, assessment).toMatchObject([{ percent: 0.5 }]);
    expect(await scoresOf(bob, assessment)).toEqual([]);
  });

  test('§6.3 another outcome under the same key is added, and none leaks to its neighbour', async () => {
    const [key, plain] = [freshKey(), freshKey()];
    const { fractions, reasoning } = sampleOutcomes;
    const assessment = await makeAssessment(teacher, maths, { key, outcome: fractions });
    await teacher.post(assessmentsPath(maths), {
      assessments: [
        { key, title: 't', links: { outcome: reasoning } },
        { key: plain, title: 't' },
      ],
    });
    const other = await makeAssessment(teacher, maths, { key: plain });
    await mark(other, tries(ann, 1, 0));
    await mark(assessment, tries(ann, 1, 0));
    await expect
      .poll(async () => (await scoresOf(ann, assessment)).map(({ links }) => links.learning_outcome).sort())
      .toEqual([fractions, reasoning].sort());
    expect(await scoresOf(ann, other)).toEqual([]);
  });

  test('§6.3 an outcome without a scale of its own has Canvas’s, with a threshold of 3 in 5', async () => {
    const assessment = await makeAssessment(teacher, maths, { outcome: sampleOutcomes.equations });
    await mark(assessment, [...tries(ann, 1, 1), ...tries(bob, 3, 2)]);
    await polledScores(ann, assessment).toMatchObject([{ score: 2.5, possible: 5, mastery: false }]);
    await polledScores(bob, assessment).toMatchObject([{ score: 3, possible: 5, mastery: true }]);
  });

  test('§3.3 scores an outcome and a student with ids beyond 2^53', async () => {
    const assessment = await makeAssessment(teacher, maths, { outcome: sampleOutcomes.bigId });
    await mark(assessment, tries(samplePeople.bigId, 2, 1));
    const links = { user: samplePeople.bigId, learning_outcome: sampleOutcomes.bigId };
    await polledScores(samplePeople.bigId, assessment).toMatchObject([{ score: 2, possible: 3, links }]);
  });

  describe('§6.2 rollups', () => {
    /** Three assessments of one outcome, oldest first: 2 of 4, 4 of 4, 3 of 4. */
    async function markThrice(user: string, outcome: string): Promise<void> {
      for (const [day, [passes, fails]] of [
        [2, 2],
        [4, 0],
        [3, 1],
      ].entries()) {
        const assessment = await makeAssessment(teacher, maths, { outcome, title: `day ${String(day)}` });
        const at = { assessed_at: `2026-09-0${String(day + 1)}T08:00:00Z` };
        const results = tries(user, passes ?? 0, fails ?? 0).map((one) => ({ ...one, ...at }));
        await mark(assessment, results);
        await polledScores(user, assessment).toHaveLength(1);
      }
    }

    test.each([
      // 5 points: 2.5, 5, 3.75; 65 % of the newest and 35 % of the mean of the older.
      ['decaying_average', sampleOutcomes.fractions, 3.75],
      // 4 points, mastery 3: 4 and 3 are too few for five.
      ['n_mastery', sampleOutcomes.reasoning, null],
      // 5 points by default.
      ['highest', sampleOutcomes.equations, 5],
      ['latest', sampleOutcomes.geometry, 7.5],
      // 3 points: 1.5, 3, 2.25.
      ['average', sampleOutcomes.bigId, 2.25],
    ])('%s', async (_method, outcome, score) => {
      await markThrice(cem, outcome);
      expect(await rollupOf(cem, outcome)).toMatchObject({
        score,
        title: 'day 2',
        submitted_at: '2026-09-03T08:00:00Z',
        count: 3,
        links: { outcome },
      });
    });

    test('are paged by user, with a row a section', async () => {
      const path = `/api/v1/courses/${maths}/outcome_rollups?per_page=5`;
      const reply = await teacher.get(path);
      const { rollups } = v.parse(rollupSchema, reply.body);
      expect(rollups).toHaveLength(5);
      expect(rollups[0]?.links).toMatchObject({ section: expect.stringMatching(/^60[12]$/) as string });
      expect(reply.headers.get('link')).toMatch(/rel="next"/);
    });

    test('leave out who has none where that is asked for', async () => {
      await markThrice(dana, sampleOutcomes.equations);
      const path = `/api/v1/courses/${maths}/outcome_rollups?per_page=100`;
      const users = async (more: string) =>
        v.parse(rollupSchema, (await teacher.get(path + more)).body).rollups.map(({ links }) => links.user);
      expect(await users('')).toContain(emil);
      const withScores = await users('&exclude[]=missing_user_rollups');
      expect(withScores).toContain(dana);
      expect(withScores).not.toContain(emil);
    });

    test('of the whole course are one row', async () => {
      const path = `/api/v1/courses/${maths}/outcome_rollups?aggregate=course&outcome_ids[]=${sampleOutcomes.geometry}&user_ids[]=${cem}`;
      const { body } = await teacher.get(path);
      expect(body).toMatchObject({
        rollups: [{ scores: [{ score: 7.5 }], name: 'Mathematics 7B', links: { course: maths } }],
      });
    });
  });

  test('§5.7 links alignments, outcomes and users where they are asked for', async () => {
    const assessment = await makeAssessment(teacher, maths, {
      outcome: sampleOutcomes.fractions,
      title: 'Wednesday',
    });
    await mark(assessment, tries(emil, 1, 0));
    await polledScores(emil, assessment).toHaveLength(1);
    const include = 'include[]=alignments&include[]=outcomes&include[]=users';
    const { body } = await teacher.get(
      `/api/v1/courses/${maths}/outcome_results?user_ids[]=${emil}&outcome_ids[]=${sampleOutcomes.fractions}&${include}`,
    );
    expect(body).toMatchObject({
      linked: {
        alignments: [{ id: `live_assessments/assessment_${assessment}`, name: 'Wednesday', html_url: '' }],
        outcomes: [{ id: sampleOutcomes.fractions, mastery_points: 3 }],
        users: [{ id: emil }],
      },
      meta: { pagination: { count: 1 } },
    });
  });

  test.each(['outcome_results', 'outcome_rollups'])(
    '§5.7 %s refuses ids of elsewhere, and who may not see grades',
    async (list) => {
      const path = `/api/v1/courses/${maths}/${list}`;
      for (const query of ['user_ids[]=1222', 'user_ids[]=11', `outcome_ids[]=${sampleOutcomes.serve}`]) {
        expect((await teacher.get(`${path}?${query}`)).status).toBe(400);
      }
      expect((await teacher.get(`${path}?user_ids[]=1222`)).body).toEqual(
        rejection("can only include id's of users in the context"),
      );
      const refused = await as('student').get(path);
      expect([refused.status, refused.body]).toEqual([
        403,
        { status: 'forbidden', message: 'users not specified and no access to all grades' },
      ]);
      expect((await as('student').get(`${path}?user_ids[]=${ann}`)).status).toBe(403);
      expect((await as('student').get(`${path}?user_ids[]=${samplePeople.student}`)).status).toBe(200);
    },
  );
}
