import type { CSSProperties } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { buildBoard } from '#testing/build-board.ts';
import { buildMark } from '#testing/build-mark.ts';
import { buildStudent } from '#testing/build-student.ts';
import { render } from '#testing/render.tsx';
import { rosterStudentOf } from './arrange-roster.ts';
import { RosterTile } from './roster-tile.tsx';
import { RosterTopBar } from './roster-top-bar.tsx';
import { useRosterUi } from './roster-ui.ts';
import '#ui/base.css';
import '#ui/theme.css';

const ada = rosterStudentOf(buildStudent('1', { name: 'Ada Lovelace' }));
const threshold = { '--threshold': '60%' } as CSSProperties;
const nothing = () => undefined;

beforeEach(() => useRosterUi.setState({ shield: undefined, lastShield: 'results' }));
afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

describe.each(['light', 'dark', 'sun'] as const)('%s', (look) => {
  beforeEach(() => {
    document.documentElement.dataset['theme'] = look;
  });

  test('the bar under a name is not full where nothing was passed', () => {
    const board = buildBoard([ada.id]);
    board.read([{ ...buildMark({ student: ada.id, passed: false }), seq: 1 }]);
    const { container } = render(
      <div className="roster-grid" data-threshold="" style={threshold}>
        <RosterTile
          {...{ board, student: ada, threshold: 0.6, hasFaces: false, shield: undefined, onCard: nothing }}
        />
      </div>,
    );
    const bar = getComputedStyle(container.querySelector('.tile-name')!).backgroundImage;
    const layers = bar.match(/linear-gradient\(rgb\([^)]*\)/g) ?? [];
    expect(layers).toHaveLength(3);
    const [, filled, unfilled] = layers;
    expect(filled).not.toBe(unfilled);
  });

  test('the eye looks different for as long as something is hidden', async () => {
    render(
      <RosterTopBar
        {...{ courseName: 'Maths', courseHref: '/', part: undefined, chips: [], onNotSeen: nothing }}
        board={buildBoard([ada.id])}
      />,
    );
    const eye = page.getByRole('button', { name: 'Hide results' });
    const colours = () => {
      const { backgroundColor, color } = getComputedStyle(eye.element());
      return [backgroundColor, color];
    };
    const before = colours();
    await userEvent.click(eye);
    await expect.element(eye).toHaveAttribute('aria-pressed', 'true');
    await userEvent.unhover(eye);
    const [ground, ink] = colours();
    expect(ground).not.toBe(before[0]);
    expect(ink).not.toBe(before[1]);
  });
});
