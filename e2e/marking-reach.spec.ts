import type { Locator } from '@playwright/test';
import { expectAccessible } from './fixtures/axe.ts';
import { classes, lessonOn } from './fixtures/lesson.ts';
import { expect, test } from './fixtures/test.ts';

test('a whole lesson by keyboard, and what a screen reader is told', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const students = await lesson.students();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const button = (n: number, how: 'Pass' | 'Fail') =>
    page.getByRole('button', { name: `${how}, ${students[n]!}`, exact: true });
  const said = page.locator('[aria-live=polite]');

  await press('ArrowRight');
  await expect(button(0, 'Pass')).toBeFocused();
  await expect(button(0, 'Pass')).toHaveAccessibleDescription(/^not seen/);
  await press('p');
  await expect(button(0, 'Pass')).toHaveAccessibleDescription(/^pass 1 of 1 mastered saved here/);
  await expect(said.filter({ hasText: `${students[0]!}: pass, 1 of 1` })).toBeAttached();
  await expect(button(0, 'Pass')).toBeFocused();
  await press('ArrowDown', 'f');
  await expect(lesson.tile(students[6]!)).toContainText('not yet');
  await press('ArrowLeft', 'Enter');
  await expect(lesson.tile(students[5]!)).toContainText('pass');
  await press('u');
  await expect(lesson.tile(students[5]!)).toContainText('not seen');
  await press('n');
  await expect(lesson.tile(students[5]!)).toContainText('absent');
  await expect(said.filter({ hasText: `${students[5]!}: absent` })).toBeAttached();
  // A clicker: page keys and the key for a black screen.
  await press('ArrowLeft', 'PageDown', 'PageUp', 'b');
  await expect(lesson.tile(students[4]!)).toContainText('pass');

  await press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('search');
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await press('/');
  await page.keyboard.type('jose');
  await press('Escape', 'ArrowRight', 'i');
  await expect(page.getByRole('dialog')).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const end = page.getByRole('button', { name: 'End lesson' });
  await end.focus();
  await press('Enter');
  const sheet = page.getByRole('dialog', { name: 'End of lesson' });
  await expect(sheet).toBeFocused();
  // Past the way back and the names of those not seen.
  await press('Tab', 'Tab', 'Tab');
  await expect(sheet.getByRole('button', { name: 'Send what waits and end the lesson' })).toBeFocused();
  await press('Enter');
  await expect(lesson.sync).toContainText('All in Canvas');
});

test('accessible in light, dark and sun, on the grid and in its sheets, in both orientations', async ({
  page,
}) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second, third] = await lesson.students();
  await lesson.save(first!, 'Pass');
  await lesson.save(second!, 'Fail');
  const sheets = [`About ${third!}`, 'Pick a student', 'End lesson'];
  for (const [n, look] of ['sun', 'dark', 'light'].entries()) {
    await page.getByRole('button', { name: new RegExp(`Change to ${look}$`) }).tap();
    await expectAccessible(page);
    await page.getByRole('button', { name: sheets[n]! }).tap();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, '[role=dialog]');
    if (sheets[n] === 'End lesson') {
      await expect(page.getByText(third!, { exact: true })).toBeHidden();
      await page.getByText('Show the names').tap();
      await expect(page.getByText(third!, { exact: true })).toBeVisible();
    }
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.setViewportSize({ width: 768, height: 1024 });
  }
  for (const name of ['View', 'Outcomes of today']) {
    await page.getByRole('button', { name, exact: true }).tap();
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await expectAccessible(page, '[role=dialog]');
    await page.keyboard.press('Escape');
  }
});

test('bars of 56 and 64 px that cut nothing off, in both orientations', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.yearGroup);
  const [first] = await lesson.students();
  await lesson.save(first!, 'Fail');
  await page.getByRole('button', { name: /^Look: / }).tap();
  const { width, height } = page.viewportSize()!;
  for (const viewport of [
    { width, height },
    { width: height, height: width },
  ]) {
    await page.setViewportSize(viewport);
    for (const [bar, high] of [
      [page.getByRole('banner'), 56],
      [page.getByRole('contentinfo'), 64],
    ] as const) {
      await expect.poll(async () => (await bar.boundingBox())?.height).toBe(high);
      await expectUncut(bar);
    }
    await page.getByRole('button', { name: 'View', exact: true }).tap();
    await page.getByRole('button', { name: 'Choose several to mark together' }).tap();
    await expectUncut(page.getByRole('contentinfo'));
    await page.reload();
    await expect(lesson.tile(first!)).toContainText('saved here');
  }
});

/** Every button is 44 px at least, inside the bar, and beside the others. */
async function expectUncut(bar: Locator) {
  const outer = (await bar.boundingBox())!;
  const boxes = [];
  for (const control of await bar.locator('a, button').all()) boxes.push((await control.boundingBox())!);
  boxes.sort((a, b) => a.x - b.x);
  let end = outer.x;
  for (const { x, y, width, height } of boxes) {
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    expect(x).toBeGreaterThanOrEqual(end);
    expect(y).toBeGreaterThanOrEqual(outer.y);
    expect(y + height).toBeLessThanOrEqual(outer.y + outer.height);
    end = x + width;
  }
  expect(end).toBeLessThanOrEqual(outer.x + outer.width);
}

test('400 % zoom and forced colours lose nothing', async ({ page }) => {
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const students = await lesson.students();
  await page.emulateMedia({ forcedColors: 'active' });
  await lesson.save(students[0]!, 'Pass');
  await lesson.save(students[1]!, 'Fail');
  // Signs and states are painted, and each differently.
  const pictures = new Set<string>();
  for (const student of students.slice(0, 3)) {
    for (const how of ['Pass', 'Fail']) {
      const button = lesson.tile(student).getByRole('button', { name: `${how}, ${student}`, exact: true });
      pictures.add((await button.screenshot({ animations: 'disabled' })).toString('base64'));
    }
  }
  expect(pictures.size).toBeGreaterThanOrEqual(4);

  await page.setViewportSize({ width: 256, height: 192 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await lesson.tile(students[20]!).scrollIntoViewIfNeeded();
  await lesson.save(students[20]!, 'Pass');
  for (const name of [/^Undo: /, /^Pass the rest/, 'Send now', 'End lesson', 'Search', 'View']) {
    const control = page.getByRole('button', { name });
    await control.scrollIntoViewIfNeeded();
    await expect(control).toBeInViewport({ ratio: 1 });
  }
});

test('shield, thumbs, tremor and a screen that stays awake', async ({ page }) => {
  await page.addInitScript(() => {
    const tremors: unknown[] = [];
    const held = { count: 0 };
    Object.assign(globalThis, { tremors, held });
    Object.defineProperty(navigator, 'vibrate', { value: (tremor: unknown) => tremors.push(tremor) > 0 });
    const release = () => Promise.resolve((held.count -= 1));
    const lock = { request: () => Promise.resolve((held.count += 1)).then(() => ({ release })) };
    Object.defineProperty(navigator, 'wakeLock', { value: lock });
  });
  const heard = () => page.evaluate<number[][]>('tremors');
  const held = () => page.evaluate<number>('held.count');
  const lesson = lessonOn(page);
  await lesson.signIn('teacher');
  await lesson.open(classes.ordinary);
  const [first, second, third] = await lesson.students();
  const [given = ''] = first!.split(' ');
  expect(await held()).toBe(1);
  await lesson.save(first!, 'Pass');
  await lesson.save(second!, 'Fail');
  expect(await heard()).toEqual([[18], [18, 60, 18]]);

  await page.getByRole('button', { name: 'Hide results' }).tap();
  await expect(lesson.tile(first!)).not.toContainText('pass');
  await expect(page.getByRole('button', { name: /^Undo/ })).toHaveText('Undo');
  await page.getByRole('button', { name: `About ${first!}` }).tap();
  await expect(page.getByRole('dialog')).toContainText('Results are hidden');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Hide results' }).tap();
  await expect(lesson.tile(first!)).toContainText('pass');

  await page.getByRole('button', { name: 'View', exact: true }).tap();
  const view = page.getByRole('dialog', { name: 'View' });
  await view.getByRole('checkbox', { name: /^A short vibration/ }).uncheck();
  await view.getByRole('checkbox', { name: /^A short sound/ }).check();
  await view.getByRole('checkbox', { name: /^Undo on the right/ }).check();
  await view.getByRole('radio', { name: 'Names' }).check();
  await view.getByRole('button', { name: 'Close' }).tap();
  expect((await page.getByRole('button', { name: /^Undo/ }).boundingBox())!.x).toBeGreaterThan(700);
  await lesson.save(third!, 'Pass');
  expect(await heard()).toHaveLength(2);
  await page.getByRole('button', { name: 'Hide names' }).tap();
  await expect(lesson.tile(first!)).not.toContainText(given);

  await page.getByRole('link', { name: 'Back to the course' }).tap();
  await expect.poll(held).toBe(0);
});
