import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { UserId } from '#domain/ids.ts';
import { AccountContext } from '#features/account-context.ts';
import type { AccountContextValue } from '#features/account-context.ts';
import { render } from '#testing/render.tsx';
import { useToasts } from '#ui/toast-store.ts';
import { handsPref } from './lesson-prefs.ts';
import type { Hands } from './lesson-prefs.ts';
import { useRosterUi } from './roster-ui.ts';
import { useRosterKeys } from './use-roster-keys.ts';
import type { RosterKeys } from './use-roster-keys.ts';

function Tiles({ keys }: { readonly keys: RosterKeys }) {
  useRosterKeys(keys);
  return ['here', 'absent'].map((student) => (
    <div
      key={student}
      className="tile"
      data-student={student}
      data-away={student === 'here' ? undefined : student}
    >
      <button className="tile-name">{student}</button>
    </div>
  ));
}

const nothing = () => undefined;

/** Two tiles and the keys of a teacher who has chosen `hands`. */
function showTiles(keys: Partial<RosterKeys>, hands: Partial<Hands> = {}): HTMLElement {
  const students = [{ id: 'here' as UserId }, { id: 'absent' as UserId }];
  const watch = () => ({
    subscribe: (tell: (chosen: Hands) => void) => {
      tell({ ...handsPref.fallback, ...hands });
      return nothing;
    },
  });
  const account = { store: { prefs: { watch } } } as unknown as AccountContextValue;
  return render(
    <AccountContext value={account}>
      <Tiles keys={{ students, chips: [], onTap: nothing, onUndo: nothing, onAway: nothing, ...keys }} />
    </AccountContext>,
  ).container;
}

test('a key marks who is here, and says why it marks nobody who is not counted', async () => {
  const onTap = vi.fn<RosterKeys['onTap']>();
  const container = showTiles({ onTap });
  for (const name of container.querySelectorAll('button')) {
    name.focus();
    await userEvent.keyboard('p');
    await userEvent.keyboard('f');
  }
  expect(onTap.mock.calls.map(([target]) => target)).toEqual([
    { student: 'here', passed: true },
    { student: 'here', passed: false },
  ]);
  expect(useToasts.getState().toasts.map(({ words }) => words)).toEqual([
    expect.stringContaining('Not counted today'),
    expect.stringContaining('Not counted today'),
  ]);
});

test('a key that acts anywhere needs no student with the focus', async () => {
  const onUndo = vi.fn<RosterKeys['onUndo']>();
  showTiles({ onUndo });
  await userEvent.keyboard('u');
  expect(onUndo).toHaveBeenCalledOnce();
});

test('turned off, keys that act anywhere do nothing; those of a focused student stay', async () => {
  const onUndo = vi.fn<RosterKeys['onUndo']>();
  const onTap = vi.fn<RosterKeys['onTap']>();
  const container = showTiles({ onUndo, onTap }, { singleKeys: false });
  for (const key of ['u', 'U', 'r', 'o', '/', '?', '1']) await userEvent.keyboard(key);
  expect(onUndo).not.toHaveBeenCalled();
  expect(useRosterUi.getState()).toMatchObject({ sheet: undefined, isSearching: false });
  container.querySelector('button')!.focus();
  await userEvent.keyboard('p');
  expect(onTap).toHaveBeenCalledOnce();
});
