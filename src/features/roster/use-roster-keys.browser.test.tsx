import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { UserId } from '#domain/ids.ts';
import { render } from '#testing/render.tsx';
import { useToasts } from '#ui/toast-store.ts';
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

test('a key marks who is here, and says why it marks nobody who is not counted', async () => {
  const onTap = vi.fn<RosterKeys['onTap']>();
  const nothing = () => undefined;
  const students = [{ id: 'here' as UserId }, { id: 'absent' as UserId }];
  const { container } = render(
    <Tiles keys={{ students, chips: [], onTap, onUndo: nothing, onAway: nothing }} />,
  );
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
