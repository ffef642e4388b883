import 'fake-indexeddb/auto';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { AssessmentKey, CourseId, GroupId, OutcomeId, SectionId } from '#domain/ids.ts';
import { buildCourse, buildStudent } from '#testing/build-student.ts';
import { collect } from '#testing/collect.ts';
import { newAccount, openAccount } from '#testing/open-account.ts';

const course = '11' as CourseId;
const section = { id: '3' as SectionId, course, name: '7B' };
const group = { id: '4' as GroupId, course, name: 'Red' };
const classOf = (...ids: string[]) => ({
  course,
  students: ids.map((id) => buildStudent(id)),
  sections: [section],
  groups: [group],
  readAt: 5,
});

describe('the classroom', () => {
  it('keeps a class whole, and replaces it whole', async () => {
    const { classroom } = await openAccount();
    expect(await classroom.class(course)).toBeUndefined();
    await classroom.putClass(classOf('101', '102', '103'));
    await classroom.putClass({ ...classOf('102', '104'), readAt: 6 });
    const kept = await classroom.class(course);
    expect(kept).toMatchObject({ sections: [section], groups: [group], readAt: 6 });
    expect(kept?.students.map(({ id }) => id)).toEqual(['102', '104']);
    expect(kept?.former.map(({ id }) => id)).toEqual(['101', '103']);
    await classroom.putClass(classOf('101'));
    expect((await classroom.class(course))?.former.map(({ id }) => id)).toEqual(['103', '102', '104']);
  });

  it('keeps ids beyond 2^53, odd names and a class of a thousand as they are', async () => {
    const { classroom } = await openAccount();
    const students = Array.from({ length: 1_000 }, (_, n) => buildStudent(`9007199254740993${n}`));
    students[0] = buildStudent('1', { name: '<script>alert("é\u0301 👩🏽‍🏫")</script>' });
    await classroom.putClass({ ...classOf(), students });
    expect((await classroom.class(course))?.students).toEqual(students);
  });

  it('keeps a class of nobody apart from a class that was not read', async () => {
    const { classroom } = await openAccount();
    const seen = collect(classroom.watchClass(course));
    await seen.until((record) => record === undefined);
    await classroom.putClass(classOf());
    await seen.until((record) => record?.students.length === 0);
  });

  it('keeps a course that Canvas lists no more, unlisted', async () => {
    const { classroom } = await openAccount();
    const seen = collect(classroom.watchCourses());
    await classroom.putCourses([buildCourse('11'), buildCourse('12')], 1);
    await classroom.putCourses([buildCourse('12', { name: 'Renamed' })], 2);
    const listed = await seen.until((list) => list.some((one) => !one.listed));
    expect(listed.map(({ id, name, listed: is, readAt }) => [id, name, is, readAt])).toEqual([
      ['11', 'Course 11', false, 1],
      ['12', 'Renamed', true, 2],
    ]);
    expect(await classroom.course(course)).toMatchObject({ name: 'Course 11' });
  });

  it('makes an assessment exist at once, with a lane to send it by, and once only', async () => {
    const store = await openAccount();
    const chosen = {
      course,
      key: '2026-11-23,outcome_5' as AssessmentKey,
      title: 'Ratios',
      outcomeId: '5' as OutcomeId,
      date: '2026-11-23',
      chosenAt: 1,
    };
    const first = await store.classroom.chooseAssessment(chosen);
    await store.sync.write(async (tx) => {
      const lane = await tx.lanes.get(first.lane);
      await tx.lanes.put({ ...lane!, gate: 'open', assessmentId: '900' as never });
    });
    const again = await store.classroom.chooseAssessment({ ...chosen, title: 'Other', chosenAt: 2 });
    expect(again).toEqual({ ...first, chosenAt: 2 });
    expect(await store.sync.read((tx) => tx.lanes.get(first.lane))).toMatchObject({
      gate: 'open',
      outcomeId: '5',
    });
    await store.classroom.chooseAssessment({
      ...chosen,
      key: '2026-11-23,title_x' as AssessmentKey,
      chosenAt: 3,
    });
    const seen = collect(store.classroom.watchAssessments(course));
    const list = await seen.until((found) => found.length === 2);
    expect(list.map(({ chosenAt }) => chosenAt)).toEqual([3, 2]);
  });

  it('keeps outcomes with the time they were read', async () => {
    const { classroom } = await openAccount();
    const seen = collect(classroom.watchOutcomes(course));
    const outcome = { id: '5' as OutcomeId, title: 'Ratios', calculationMethod: 'highest' as const };
    await classroom.putOutcomes({ course, outcomes: [outcome], readAt: 5 });
    expect(await seen.until((found) => found !== undefined)).toEqual({
      course,
      outcomes: [outcome],
      readAt: 5,
    });
  });
});

describe('choices', () => {
  const sort = {
    name: 'sort',
    schema: v.picklist(['first', 'last']),
    fallback: 'first' as const,
  };

  it('are kept apart for the account and for each course', async () => {
    const account = newAccount();
    const { prefs, close } = await openAccount({ account });
    await prefs.write('account', sort, 'last');
    expect(await prefs.read('account', sort)).toBe('last');
    expect(await prefs.read({ course }, sort)).toBe('first');
    close();
    const again = await openAccount({ account });
    expect(await again.prefs.read('account', sort)).toBe('last');
  });

  it('fall back when what was chosen is not understood any more', async () => {
    const { prefs } = await openAccount();
    const seen = collect(prefs.watch({ course }, sort));
    await seen.until((value) => value === 'first');
    await prefs.write({ course }, { ...sort, schema: v.any() }, 'shuffled');
    expect(await prefs.read({ course }, sort)).toBe('first');
    await prefs.write({ course }, sort, 'last');
    await seen.until((value) => value === 'last');
  });
});
