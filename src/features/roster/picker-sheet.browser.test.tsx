import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { AssessmentKey, CourseId, UserId } from '#domain/ids.ts';
import { buildStudent } from '#testing/build-student.ts';
import { render } from '#testing/render.tsx';
import { rosterStudentOf } from './arrange-roster.ts';
import { LessonBoard } from './lesson-board.ts';
import { rosterViewPref } from './lesson-prefs.ts';
import { PickerSheet } from './picker-sheet.tsx';
import { useRosterUi } from './roster-ui.ts';
import type { AwayReason } from './tile-facts.ts';

const picture = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const ada = {
  ...rosterStudentOf(buildStudent('1', { name: 'Ada Lovelace', sortableName: 'Lovelace, Ada' })),
  picture,
};

beforeEach(() => useRosterUi.setState({ shield: undefined }));

function showPicker(shown = [ada], away: ReadonlyMap<UserId, AwayReason> = new Map()): HTMLElement {
  const board = new LessonBoard({
    save: () => Promise.reject(new Error('nothing is saved here')),
    newId: () => {
      throw new Error('nothing is marked here');
    },
    now: () => 0,
  });
  board.setRoster([ada.id]);
  board.setAway(away);
  const nothing = () => undefined;
  return render(
    <PickerSheet
      lesson={{
        board,
        course: '1' as CourseId,
        assessmentKey: 'key' as AssessmentKey,
        courseHref: '/',
        students: [ada],
        shown,
        record: { course: '1' as CourseId, students: [], sections: [], groups: [], former: [], readAt: 0 },
        view: rosterViewPref.fallback,
        threshold: null,
        onTap: nothing,
        onAway: () => Promise.resolve(),
        nameOf: nothing,
      }}
    />,
  ).container;
}

test('the picked student is shown by name and picture', async () => {
  const shown = showPicker();
  await expect.element(page.getByText('Ada Lovelace', { exact: true })).toBeVisible();
  expect(shown.querySelector('img')).not.toBeNull();
});

test('while names are hidden the picked student is initials, without a picture', async () => {
  useRosterUi.setState({ shield: 'names' });
  const shown = showPicker();
  await expect.element(page.getByText('AL', { exact: true })).toBeVisible();
  expect(shown.textContent).not.toContain('Ada');
  expect(shown.querySelector('img')).toBeNull();
});

test('where nobody can be picked it says what helps', async () => {
  showPicker([]);
  await expect.element(page.getByText(/nobody in view is counted today\. Show everybody/)).toBeVisible();
});

test('where everybody is counted out nobody is picked', async () => {
  const shown = showPicker([ada], new Map([[ada.id, 'absent']]));
  await expect.element(page.getByText(/nobody in view is counted today/)).toBeVisible();
  expect(shown.textContent).not.toContain('Ada');
});
