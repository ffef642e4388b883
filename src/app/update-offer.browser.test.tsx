import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AssessmentKey, CourseId, MarkId, UserId } from '#domain/ids.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import type { Tap } from '#features/roster/tap.ts';
import { unsavedTaps } from '#features/roster/unsaved-taps.ts';
import { watchSource } from '#store/watch.ts';
import { newAccount } from '#testing/open-account.ts';
import { render } from '#testing/render.tsx';
import { subject } from './subject.ts';
import { UpdateContext, UpdateOffer } from './update-offer.tsx';
import type { UpdateState } from './updates.ts';

const useIt = page.getByRole('button', { name: 'Use it now' });
const tap: Tap = { id: 'tap' as MarkId, student: 'ada' as UserId, passed: true, tappedAt: 0 };

/** Nothing is on its way to Canvas. */
const openCounts = watchSource<unknown>();
openCounts.set({ inflight: 0 });

function setUp() {
  const id = newAccount();
  const accept = vi.fn();
  const engine = { stop: vi.fn(() => Promise.resolve()) };
  const value = {
    account: { id },
    store: { watch: { openCounts: openCounts.watch } },
    engine,
  } as unknown as AccountContextValue;
  const place = { course: '11' as CourseId, assessmentKey: 'lesson' as AssessmentKey };
  const show = () =>
    render(
      <UpdateContext value={{ state: subject<UpdateState>('ready'), accept, renew: () => undefined }}>
        <AccountContext value={value}>
          <UpdateOffer />
        </AccountContext>
      </UpdateContext>,
    );
  return { accept, engine, unsaved: unsavedTaps(id, place), show };
}

test('a new version is used when every mark is saved, once the sender has stopped', async () => {
  const { accept, engine, show } = setUp();
  show();
  await userEvent.click(useIt);
  await expect.poll(() => accept.mock.calls.length).toBe(1);
  expect(engine.stop).toHaveBeenCalledBefore(accept);
});

test('a new version waits for marks that are not saved, and leads to their lesson', async () => {
  const { accept, engine, unsaved, show } = setUp();
  unsaved.add([tap]);
  const offer = show();
  await expect.element(page.getByRole('status')).toHaveTextContent('Some marks are not saved yet');
  const save = page.getByRole('link', { name: 'Save them first' });
  await expect.element(save).toHaveAttribute('href', '/courses/11/lesson');
  await expect.element(useIt).not.toBeInTheDocument();
  offer.unmount();

  unsaved.clear();
  show();
  await expect.element(useIt).toBeVisible();
  // The last write of a lesson that was left fails while the offer is in view.
  unsaved.add([tap]);
  await userEvent.click(useIt);
  await expect.element(save).toBeVisible();
  expect(engine.stop).not.toHaveBeenCalled();
  expect(accept).not.toHaveBeenCalled();
  unsaved.clear();
});
