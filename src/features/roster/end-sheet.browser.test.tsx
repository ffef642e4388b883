import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { buildMark } from '#testing/build-mark.ts';
import { buildStudent } from '#testing/build-student.ts';
import { openAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { rosterStudentOf } from './arrange-roster.ts';
import { EndSheet } from './end-sheet.tsx';
import { LessonBoard } from './lesson-board.ts';
import { rosterViewPref } from './lesson-prefs.ts';
import { useRosterUi } from './roster-ui.ts';
import './sheets.css';
import '#ui/base.css';
import '#ui/theme.css';

const students = ['Ada', 'Ben', 'Cem'].map((name) => rosterStudentOf(buildStudent(name, { name })));
const [ada, ben, cem] = students.map(({ id }) => id) as [UserId, UserId, UserId];

/** Ada has a mark, Ben is to be taught again, Cem was not seen. `disk`: whether it takes marks. */
async function showEnd(disk: { isFull: boolean }): Promise<LessonBoard> {
  let seq = 2;
  const board = new LessonBoard({
    save: (taps) =>
      disk.isFull
        ? Promise.reject(new Error('full'))
        : Promise.resolve({
            kind: 'saved',
            marks: taps.map(({ id, student, passed }) => ({
              ...buildMark({ id, student, passed, state: 'CONFIRMED' }),
              seq: ++seq,
            })),
          }),
    newId: () => `tap-${seq}` as MarkId,
    now: () => 0,
  });
  board.setRoster([ada, ben, cem]);
  board.read([
    { ...buildMark({ student: ada, state: 'CONFIRMED' }), seq: 1 },
    { ...buildMark({ student: ben, passed: false, state: 'CONFIRMED' }), seq: 2 },
  ]);
  const store = await openAccount();
  const lesson = {
    ...{ board, students, shown: students, threshold: null, courseHref: '/', nameOf: () => undefined },
    course: '1' as CourseId,
    assessmentKey: 'key' as AssessmentKey,
    record: { course: '1' as CourseId, students: [], sections: [], groups: [], former: [], readAt: 0 },
    view: rosterViewPref.fallback,
    onTap: () => undefined,
    onAway: () => Promise.resolve(),
  };
  render(
    <AccountContext value={{ store } as AccountContextValue}>
      <EndSheet lesson={lesson} onClose={() => undefined} />
    </AccountContext>,
  );
  return board;
}

beforeEach(() => useRosterUi.setState({ shield: undefined }));

const safe = () => page.getByText('All in Canvas. Safe to close.');

test('the end of a lesson never calls it safe to close over a mark that is not saved', async () => {
  const disk = { isFull: true };
  const board = await showEnd(disk);
  await expect.element(safe()).toBeVisible();
  board.tap(cem, true);
  await expect.element(page.getByText(/^1 mark is not saved\./)).toBeVisible();
  await expect.element(safe()).not.toBeInTheDocument();
  disk.isFull = false;
  await userEvent.click(page.getByRole('button', { name: 'Save again' }));
  await expect.element(safe()).toBeVisible();
});

test('while names are hidden the end of a lesson has numbers only', async () => {
  useRosterUi.setState({ shield: 'names' });
  await showEnd({ isFull: false });
  await expect.element(page.getByText('To re-teach')).toBeVisible();
  await expect.element(safe()).toBeVisible();
  for (const { name } of students) await expect.element(page.getByText(name)).not.toBeInTheDocument();
});

test('while results are hidden the end of a lesson names nobody who is to be taught again', async () => {
  useRosterUi.setState({ shield: 'results' });
  await showEnd({ isFull: false });
  await expect.element(page.getByText('Cem')).toBeVisible();
  await expect.element(page.getByText('Ben')).not.toBeInTheDocument();
});

for (const look of ['light', 'sun'] as const)
  test(`the counts stand in one column, ${look}`, async () => {
    document.documentElement.dataset['theme'] = look;
    await showEnd({ isFull: false });
    await expect.element(page.getByText('Waiting to be sent')).toBeVisible();
    const starts = page
      .getByRole('definition')
      .elements()
      .map((count) => Math.round(count.getBoundingClientRect().x));
    expect(starts.length).toBeGreaterThanOrEqual(4);
    expect(new Set(starts).size).toBe(1);
    delete document.documentElement.dataset['theme'];
  });
