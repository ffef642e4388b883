import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import type { CourseId, MarkId, UserId } from '#domain/ids.ts';
import { buildMark } from '#testing/build-mark.ts';
import { render } from '#testing/render.tsx';
import { untilQuiet } from '#testing/until-quiet.ts';
import '#ui/theme.css';
import '#ui/base.css';
import { LessonBoard } from './lesson-board.ts';
import type { Saved } from './tap.ts';
import { focusedStudent, moveFocus } from './roster-focus.ts';
import { RosterGrid } from './roster-grid.tsx';
import { useRosterUi } from './roster-ui.ts';
import type { TileStudent } from './roster-tile.tsx';
import type { TapTarget } from './tap-gestures.ts';
import './roster-bars.css';

let board: LessonBoard;
let taps: string[];
/** Students whose tiles were drawn, each time they were. */
let drawn: string[];
/** Each test has a class of its own: in the same one the grid would stay where it was scrolled to. */
let courses = 0;

beforeEach(async () => {
  await page.viewport(1024, 768);
  taps = [];
  drawn = [];
  let seq = 0;
  let ids = 0;
  board = new LessonBoard({
    save: async (taps): Promise<Saved> =>
      Promise.resolve({
        kind: 'saved',
        marks: taps.map(({ id, student, passed }) => ({ ...buildMark({ id, student, passed }), seq: ++seq })),
      }),
    newId: () => `tap-${++ids}` as MarkId,
    now: () => 0,
  });
});

function classOf(count: number): TileStudent[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `s${n}` as UserId,
    first: `First${n}`,
    rest: `Last${n}`,
    initials: 'FL',
    get name() {
      drawn.push(`s${n}`);
      return `First${n} Last${n}`;
    },
  }));
}

const onTap = ({ student, passed }: TapTarget) => {
  taps.push(`${student} ${passed ? 'pass' : 'fail'}`);
  board.tap(student, passed);
};
const nothing = () => undefined;

/** The grid between two bars of the real height, as on the screen. */
function showClass(count: number, name = 'Ada Lovelace', isList = false): void {
  const students = classOf(count);
  students[0] = { id: 's0' as UserId, name, first: name.split(' ')[0] ?? '', rest: '', initials: '' };
  board.setRoster(students.map(({ id }) => id));
  render(
    <div className="roster">
      <header className="roster-bar roster-top" />
      <RosterGrid
        board={board}
        course={`course of test ${++courses}` as CourseId}
        students={students}
        classSize={count}
        threshold={0.6}
        hasFaces={false}
        shield={undefined}
        isList={isList}
        onTap={onTap}
        onRefused={nothing}
        onCard={nothing}
      />
      <footer className="roster-bar roster-bottom" />
    </div>,
  );
}

const button = (id: string, how: 'pass' | 'fail') =>
  document.querySelector<HTMLElement>(`[data-student="${id}"] [data-mark="${how}"]`)!;
const tile = (id: string) => document.querySelector<HTMLElement>(`[data-student="${id}"]`)!;
const room = () => document.querySelector<HTMLElement>('.roster-room')!;
const frames = (count = 2) =>
  new Promise<void>((resolve) => {
    const next = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1)));
    next(count);
  });

/** The middle of an element as the browser's own input sees it, outside the test's frame, which is scaled down. */
function middle(element: Element): { x: number; y: number } {
  const { x, y, width, height } = element.getBoundingClientRect();
  const frame = window.frameElement?.getBoundingClientRect() ?? { x: 0, y: 0, width: innerWidth };
  const scale = frame.width / innerWidth;
  return { x: frame.x + (x + width / 2) * scale, y: frame.y + (y + height / 2) * scale };
}

interface Finger {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}
const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: Finger[]) =>
  cdp().send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints.map((finger) => ({ ...finger })) });

describe('a tile', () => {
  test('is a group named after the student, with two buttons that say whom they mark', async () => {
    showClass(28);
    const group = page.getByRole('group', { name: 'Ada Lovelace', exact: true });
    await expect.element(group).toHaveTextContent('not seen');
    await userEvent.click(group.getByRole('button', { name: 'Fail, Ada Lovelace', exact: true }));
    await expect.element(group).toHaveTextContent('not yet');
    await expect.element(group).toHaveTextContent('saved here');
    await userEvent.click(group.getByRole('button', { name: 'Pass, Ada Lovelace', exact: true }));
    await expect.element(group).toHaveTextContent('1 of 2');
    expect(taps).toEqual(['s0 fail', 's0 pass']);
  });

  test('of somebody away has only the name to focus, and says there that they are', async () => {
    showClass(28);
    board.tap('s0' as UserId, true);
    board.setAway(new Map([['s0' as UserId, 'absent']]));
    const about = page.getByRole('button', { name: 'About Ada Lovelace', exact: true });
    await expect.element(about).toHaveAccessibleDescription(/^absent pass 1 of 1 .*saved here$/);
  });

  test('takes any name as text', async () => {
    const name = '<script>alert(1)</script> 🦊é';
    showClass(28, name);
    await expect.element(page.getByRole('button', { name: `Pass, ${name}`, exact: true })).toBeVisible();
  });

  test('is marked once by Enter and once by the space bar', async () => {
    showClass(28);
    button('s1', 'pass').focus();
    await userEvent.keyboard('{Enter}');
    button('s2', 'fail').focus();
    await userEvent.keyboard(' ');
    expect(taps).toEqual(['s1 pass', 's2 fail']);
  });

  test('is marked by a click that no pointer made, as voice control and switches do', () => {
    showClass(28);
    button('s3', 'pass').click();
    expect(taps).toEqual(['s3 pass']);
  });
});

describe('the layout', () => {
  test.for([
    [36, 1024, 768],
    // A status bar took 24 px.
    [36, 1024, 744],
    [24, 768, 1024],
    [28, 768, 1024],
  ] as const)('shows %i students on %i × %i without scrolling', async ([count, width, height]) => {
    await page.viewport(width, height);
    showClass(count);
    await frames();
    expect(room().dataset['scrolls']).toBeUndefined();
    const bottom = room().getBoundingClientRect().bottom;
    for (const mark of document.querySelectorAll('.mark, .tile-name')) {
      const box = mark.getBoundingClientRect();
      expect(box.width).toBeGreaterThanOrEqual(44);
      expect(box.height).toBeGreaterThanOrEqual(44);
      expect(box.bottom).toBeLessThanOrEqual(bottom);
    }
    expect(document.querySelectorAll('.mark')).toHaveLength(2 * count);
  });

  test('has targets of 44 px where thick lines take room from them, in whole', async () => {
    document.documentElement.dataset['theme'] = 'sun';
    await page.viewport(1024, 744);
    showClass(36);
    await frames();
    const outer = tile('s5').getBoundingClientRect();
    const [name, mark] = ['.tile-name', '.mark'].map((each) => tile('s5').querySelector(each)!);
    expect(name!.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
    expect(mark!.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
    expect(mark!.getBoundingClientRect().bottom).toBeLessThanOrEqual(outer.bottom - 2);
    delete document.documentElement.dataset['theme'];
  });

  test('of a list has names and buttons of 44 px', async () => {
    showClass(28, 'Ada Lovelace', true);
    await frames();
    for (const target of document.querySelectorAll('.mark, .tile-name')) {
      expect(target.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
      expect(target.getBoundingClientRect().bottom).toBeLessThanOrEqual(
        target.closest('.tile')!.getBoundingClientRect().bottom,
      );
    }
  });

  test('fits one column at 400 % zoom, and the page scrolls as a whole', async () => {
    await page.viewport(256, 192);
    showClass(28);
    await frames();
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(256);
    expect(
      new Set([...document.querySelectorAll('.tile')].map((each) => each.getBoundingClientRect().x)).size,
    ).toBe(1);
    expect(document.documentElement.scrollHeight).toBeGreaterThan(1000);
  });

  test('mounts a class of 1,000 in part, and the rest when it is scrolled to', async () => {
    showClass(1000);
    await frames();
    expect(document.querySelectorAll('.tile').length).toBeLessThan(200);
    room().scrollTop = room().scrollHeight;
    await expect.poll(() => tile('s999')).not.toBeNull();
    await frames();
    expect(document.querySelectorAll('.tile').length).toBeLessThan(200);
    expect(tile('s999').getBoundingClientRect().bottom).toBeLessThanOrEqual(
      room().getBoundingClientRect().bottom,
    );
  });
});

test('the number that a search has found is said, once the typing has paused', async () => {
  showClass(28);
  useRosterUi.setState({ search: 'fir' });
  await expect.element(page.getByRole('status')).toHaveTextContent('28 students found');
  useRosterUi.setState({ search: '' });
  await expect.element(page.getByRole('status')).toBeEmptyDOMElement();
});

describe('the way by keys through a class that exists in part', () => {
  const students = Array.from({ length: 220 }, (_, n) => ({ id: `s${n}` as UserId }));
  const isInView = (id: string) => {
    const { top, bottom } = tile(id).getBoundingClientRect();
    const view = room().getBoundingClientRect();
    return top >= view.top && bottom <= view.bottom;
  };

  test('begins at the first student in view', async () => {
    showClass(220);
    await frames();
    room().scrollTop = room().scrollHeight;
    await expect.poll(() => tile('s219')).not.toBeNull();
    expect(tile('s0')).toBeNull();
    moveFocus(students, 1);
    await expect.poll(() => focusedStudent()).toBeDefined();
    expect(isInView(focusedStudent()!)).toBe(true);
  });

  test('goes on to a neighbour that is scrolled away', async () => {
    showClass(220);
    await untilQuiet();
    room().scrollTop = 1500;
    await expect.poll(() => tile('s110')).not.toBeNull();
    button('s110', 'fail').focus({ preventScroll: true });
    moveFocus(students, -90);
    await expect.poll(() => focusedStudent()).toBe('s20');
    expect(document.activeElement).toBe(button('s20', 'fail'));
    expect(isInView('s20')).toBe(true);
  });
});

describe('drawing', () => {
  test('a tap draws its own tile and no other', async () => {
    showClass(220);
    await untilQuiet();
    drawn = [];
    await userEvent.click(button('s5', 'pass'));
    await expect.poll(() => tile('s5').textContent).toContain('saved here');
    expect([...new Set(drawn)]).toEqual(['s5']);
  });
});

describe('fingers', () => {
  beforeEach(async () => {
    await cdp().send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
  });
  afterEach(async () => {
    await cdp().send('Emulation.setTouchEmulationEnabled', { enabled: false });
  });

  test('a landing finger paints the tile, the lift marks it, once', async () => {
    showClass(28);
    await frames();
    const at = { id: 1, ...middle(button('s4', 'pass')) };
    await touch('touchStart', at);
    await expect.poll(() => tile('s4').dataset['press']).toBe('pass');
    expect(taps).toEqual([]);
    await touch('touchEnd');
    await expect.poll(() => taps).toEqual(['s4 pass']);
    await frames(6);
    expect(taps).toEqual(['s4 pass']);
    expect(tile('s4').dataset['press']).toBeUndefined();
  });

  test('a tap that slips is still a tap where the class fits', async () => {
    showClass(28);
    await frames();
    const { x, y } = middle(button('s4', 'pass'));
    await touch('touchStart', { id: 1, x, y });
    await touch('touchMove', { id: 1, x: x + 6, y: y + 20 });
    await touch('touchEnd');
    await expect.poll(() => taps).toEqual(['s4 pass']);
  });

  test('a swipe that begins on a button scrolls a long class and marks nobody', async () => {
    showClass(220);
    await frames();
    const { x, y } = middle(button('s20', 'pass'));
    await touch('touchStart', { id: 1, x, y });
    for (let step = 1; step <= 8; step += 1) await touch('touchMove', { id: 1, x, y: y - step * 20 });
    await touch('touchEnd');
    await expect.poll(() => room().scrollTop).toBeGreaterThan(50);
    await frames(6);
    expect(taps).toEqual([]);
    expect(document.querySelectorAll('[data-press], [data-held]')).toHaveLength(0);
  });

  test('a tap in a long class marks when it lifts', async () => {
    showClass(220);
    await frames();
    await touch('touchStart', { id: 1, ...middle(button('s7', 'fail')) });
    await touch('touchEnd');
    await expect.poll(() => taps).toEqual(['s7 fail']);
  });

  test.for([36, 63])('every tap of two thumbs that overlap is a mark, in a class of %i', async (count) => {
    showClass(count);
    await frames();
    const expected: string[] = [];
    let down: Finger | undefined;
    for (let n = 0; n < 30; n += 1) {
      const student = `s${(n * 7) % 36}`;
      const how = n % 3 === 0 ? 'fail' : 'pass';
      expected.push(`${student} ${how}`);
      const next = { id: n % 2, ...middle(button(student, how)) };
      await new Promise((resolve) => setTimeout(resolve, 45));
      await touch('touchStart', ...(down === undefined ? [] : [down]), next);
      await new Promise((resolve) => setTimeout(resolve, 45));
      if (down !== undefined) await touch('touchEnd', down);
      down = next;
    }
    await touch('touchEnd');
    await expect.poll(() => taps).toHaveLength(30);
    expect(taps.toSorted()).toEqual(expected.toSorted());
    expect(new Set(taps)).toEqual(new Set(expected));
  });

  test('turning the tablet under a finger marks the student it landed on, or nobody', async () => {
    showClass(28);
    await frames();
    await touch('touchStart', { id: 1, ...middle(button('s17', 'pass')) });
    await page.viewport(768, 1024);
    await frames();
    await touch('touchEnd');
    await frames(6);
    expect(taps.filter((tap) => tap !== 's17 pass')).toEqual([]);
    await expect.poll(() => room().clientWidth).toBe(768);
  });

  test.for(['lifted', 'forgotten as the window is left'])(
    'no tile moves under a finger when the tablet is turned, until it is %s',
    async (how) => {
      showClass(28);
      await untilQuiet();
      const place = () => {
        const { x, y, width } = tile('s3').getBoundingClientRect();
        return { x, y, width };
      };
      const before = place();
      await touch('touchStart', { id: 1, ...middle(button('s0', 'pass')) });
      await expect.poll(() => tile('s0').dataset['press']).toBe('pass');
      await page.viewport(768, 1024);
      await expect.poll(() => room().clientWidth).toBe(768);
      await frames(4);
      expect(place()).toEqual(before);
      if (how !== 'lifted') window.dispatchEvent(new Event('blur'));
      else await touch('touchEnd');
      await expect
        .poll(() => document.querySelector<HTMLElement>('.roster-grid')!.dataset['columns'])
        .toBe('4');
      expect(place()).not.toEqual(before);
      expect(tile('s27').getBoundingClientRect().right).toBeLessThanOrEqual(768);
      if (how !== 'lifted') await touch('touchEnd');
    },
  );
});
