import { memo, Profiler } from 'react';
import type { ComponentProps } from 'react';
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { CourseId, UserId } from '#domain/ids.ts';
import { buildBoard } from '#testing/build-board.ts';
import { render } from '#testing/render.tsx';
import { untilQuiet } from '#testing/until-quiet.ts';
import type { LessonBoard } from './lesson-board.ts';
import { RosterGrid } from './roster-grid.tsx';
import type * as TileModule from './roster-tile.tsx';
import type { TileStudent } from './roster-tile.tsx';
import { useCounters } from './use-board.ts';

/** What React drew, each time it did, by the names of the profilers around it. */
const drawn = vi.hoisted(() => [] as string[]);

// Every tile gets a profiler of its own; the grid knows nothing of it. It is a memo as the tile is: a profiler also
// reports when it was only asked, as when the grid is laid out anew.
vi.mock('./roster-tile.tsx', async (importOriginal) => {
  const real = await importOriginal<typeof TileModule>();
  const RosterTile = memo(function ProfiledTile(props: ComponentProps<typeof real.RosterTile>) {
    return (
      <Profiler id={props.student.id} onRender={(id) => drawn.push(id)}>
        <real.RosterTile {...props} />
      </Profiler>
    );
  });
  return { ...real, RosterTile };
});

function Counters({ board }: { readonly board: LessonBoard }) {
  return <output>{useCounters(board).notSeen}</output>;
}

test('a tap draws its tile and the counters, and nothing else', async () => {
  const students = Array.from({ length: 220 }, (_, n): TileStudent => ({
    id: `s${n}` as UserId,
    name: `First${n} Last${n}`,
    first: `First${n}`,
    rest: `Last${n}`,
    initials: 'FL',
  }));
  const board = buildBoard(students.map(({ id }) => id));
  const handlers = {
    onTap: ({ student, passed }: { student: UserId; passed: boolean }) => void board.tap(student, passed),
    onRefused: () => undefined,
    onCard: () => undefined,
  };
  render(
    <div className="roster">
      <Profiler id="grid" onRender={() => undefined}>
        <RosterGrid
          {...{ board, students, threshold: 0.6, hasFaces: false, shield: undefined, isList: false }}
          {...handlers}
          course={'1' as CourseId}
          classSize={students.length}
        />
      </Profiler>
      <Profiler id="counters" onRender={(id) => drawn.push(id)}>
        <Counters board={board} />
      </Profiler>
    </div>,
  );
  await expect.poll(() => drawn).toContain('counters');
  // Rows come and go where the class is scrolled; this is about a tap.
  await userEvent.hover(document.querySelector('[data-student="s5"] [data-mark="pass"]')!);
  await untilQuiet();
  drawn.length = 0;
  await userEvent.click(document.querySelector('[data-student="s5"] [data-mark="pass"]')!);
  await expect.poll(() => document.querySelector('[data-student="s5"]')?.textContent).toContain('saved here');
  // Painted as being saved, then as saved; the number of those not seen changes once.
  expect(drawn).toEqual(['s5', 'counters', 's5']);
});
