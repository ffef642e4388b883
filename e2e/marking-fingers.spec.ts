import { fingersOn, middleOf } from './fixtures/fingers.ts';
import type { Spot } from './fixtures/fingers.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

const wide = { width: 1024, height: 768 };
const tall = { width: 768, height: 1024 };

for (const viewport of [wide, tall]) {
  test(`60 taps at 10 a second with two fingers in turn are 60 marks, ${viewport.width} px wide`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    const lesson = lessonOn(page);
    await lesson.signIn('teacher');
    await lesson.open(classes.ordinary);
    const students = await lesson.students();
    const spots = new Map<string, Spot>();
    for (const student of students) {
      spots.set(student, await middleOf(lesson.tile(student).getByRole('button', { name: /^Pass, / })));
    }
    const fingers = await fingersOn(page);
    const order = Array.from({ length: 60 }, (_, n) => students[(n * 5) % students.length]!);
    for (const [n, student] of order.entries()) {
      // The other finger lifts only after this one has landed, as thumbs do.
      await fingers.down(n % 2, spots.get(student)!);
      const landedMs = Date.now();
      if (n > 0) await fingers.up((n + 1) % 2);
      // Counted from the tap before: a busy machine that made up for lost time would land two fingers at once.
      await page.waitForTimeout(Math.max(0, landedMs + 100 - Date.now()));
    }
    await fingers.upAll();

    await expect(lesson.sync).toContainText('60 saved here');
    for (const student of students) {
      const tries = order.filter((each) => each === student).length;
      await expect(lesson.tile(student)).toContainText(`${tries} of ${tries}`);
    }
  });
}

test('turning the tablet under a finger marks the student it landed on, or nobody', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const students = await lesson.students();
  const fingers = await fingersOn(page);
  for (const [n, viewport] of [tall, wide].entries()) {
    const student = students[7 + n]!;
    await fingers.down(0, await middleOf(lesson.tile(student).getByRole('button', { name: /^Fail, / })));
    await page.setViewportSize(viewport);
    await page.waitForTimeout(300);
    await fingers.upAll();
    await page.waitForTimeout(200);
    const marked = page.getByRole('group').filter({ hasText: /\b\d of \d\b/ });
    const names = await marked.evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')));
    expect(students.slice(7, 8 + n)).toEqual(expect.arrayContaining(names));
  }
  // Nothing is left pressed, and the class has found its new places.
  await lesson.save(students[0]!, 'Pass');
  await expect(lesson.tile(students.at(-1)!)).toBeInViewport({ ratio: 1 });
});

test('a palm marks nobody, and a second tap within a moment is asked about', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second, third] = await lesson.students();
  const pass = (student: string) =>
    lesson.tile(student).getByRole('button', { name: `Pass, ${student}`, exact: true });
  const fingers = await fingersOn(page);
  await fingers.downTogether([await middleOf(pass(first!)), await middleOf(pass(second!))]);
  await fingers.upAll();
  await expect(page.getByText('Several touches at once: nobody was marked')).toBeAttached();
  await expect(lesson.sync).not.toContainText('saved here');

  const spot = await middleOf(pass(third!));
  for (const id of [0, 1]) {
    await fingers.down(id, spot);
    await fingers.upAll();
  }
  await expect(lesson.tile(third!)).toContainText('again?');
  await expect(page.getByText(new RegExp(`${third!}: .*second tap held back`))).toBeAttached();
  await expect(lesson.sync).toContainText('1 saved here');
  // A bounce comes at once; a teacher who means it does not.
  await page.waitForTimeout(300);
  await pass(third!).tap();
  await expect(lesson.tile(third!)).toContainText('2 of 2');
});

test('no mouse is played after a finger that marked, and a tap on a name still opens the card', async ({
  page,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first] = await lesson.students();
  const mice = await page.evaluateHandle(() => {
    const seen: string[] = [];
    for (const kind of ['mousedown', 'click'])
      document.addEventListener(kind, () => void seen.push(kind), { capture: true });
    return seen;
  });
  await lesson
    .tile(first!)
    .getByRole('button', { name: `Pass, ${first!}`, exact: true })
    .tap();
  await expect(lesson.tile(first!)).toContainText('saved here');
  expect(await mice.jsonValue()).toEqual([]);
  await lesson
    .tile(first!)
    .getByRole('button', { name: `About ${first!}` })
    .tap();
  await expect(page.getByRole('dialog', { name: first! })).toBeVisible();
});
